//! A tree made an image in memory, and read back: what every file system shows is held against what was put in.

use std::collections::BTreeMap;
use std::convert::Infallible;

use image_core::read::{self, Entry, EntryKind, FileSystem, SliceSource};
use image_core::{BLOCK_SIZE, Kind, Lba, NodeId, Plan, SourceId, Tree};

/// What a view shows, by path, with the content.
type Found = BTreeMap<String, (Entry, Vec<u8>)>;

/// Fills `out` with the bytes of a source from `offset` on: each 8 of them are a hash of where they are.
pub fn fill(source: SourceId, offset: u64, out: &mut [u8]) {
    for (at, byte) in (offset..).zip(out) {
        let mixed = (at / 8 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ u64::from(source.0).wrapping_mul(0xd1b5_4a32_d192_ed03);
        *byte = mixed.rotate_left(29).wrapping_mul(0x2545_f491_4f6c_dd1d).to_le_bytes()
            [(at % 8) as usize];
    }
}

/// The first bytes of a source.
pub fn content(source: SourceId, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    fill(source, 0, &mut bytes);
    bytes
}

/// Blocks of the image of a plan.
pub fn read_at(plan: &Plan, first: u32, blocks: u32) -> Vec<u8> {
    let mut out = vec![0xa5; blocks as usize * BLOCK_SIZE];
    let read = |source, start, out: &mut [u8]| -> Result<(), Infallible> {
        fill(source, start, out);
        Ok(())
    };
    plan.read_at(Lba(first), &mut out, read).expect("reading cannot fail");
    out
}

/// Every node, parents before children.
pub fn nodes(tree: &Tree) -> Vec<NodeId> {
    let mut found = vec![NodeId::ROOT];
    let mut next = 0;
    while let Some(node) = found.get(next).copied() {
        found.extend(tree.children(node));
        next += 1;
    }
    found
}

/// Reads every file system of an image and holds it against the plan it was made from.
///
/// # Errors
/// The first difference, in words.
pub fn check(plan: &Plan, image: &[u8]) -> Result<(), String> {
    let mut image = read::open(SliceSource::new(image)).map_err(|error| error.to_string())?;
    let systems: Vec<FileSystem> = image.file_systems().collect();
    let wanted = plan.options().file_systems;
    let wanted = [wanted.iso9660, wanted.joliet, wanted.rock_ridge, wanted.udf];
    same(wanted.iter().filter(|wanted| **wanted).count(), systems.len(), "file systems")?;
    for system in systems {
        let of = |error: read::ReadError| format!("{system}: {error}");
        image.view(system).map_err(of)?.check_path_tables().map_err(of)?;
        let mut found = Found::new();
        let mut walk = image.view(system).map_err(of)?.walk();
        while let Some(entry) = walk.next() {
            let entry = entry.map_err(of)?;
            let mut bytes =
                vec![0; if entry.kind == EntryKind::File { entry.len as usize } else { 0 }];
            same(walk.view().read(&entry, 0, &mut bytes).map_err(of)?, bytes.len(), &entry.path)?;
            found.insert(entry.path.clone(), (entry, bytes));
        }
        compare(plan, system, &found).map_err(|difference| format!("{system}: {difference}"))?;
    }
    Ok(())
}

/// Holds what a view shows against the tree, under the names that the plan says it has there.
fn compare(plan: &Plan, system: FileSystem, found: &Found) -> Result<(), String> {
    let mut paths = BTreeMap::from([(NodeId::ROOT, String::new())]);
    let mut expected = 0;
    for directory in nodes(plan.tree()) {
        for node in plan.tree().children(directory) {
            let Some(name) = name_in(plan, system, node) else { continue };
            let Some(parent) = paths.get(&directory) else { continue };
            let path = if parent.is_empty() { name } else { format!("{parent}/{name}") };
            let (entry, bytes) = found.get(&path).ok_or_else(|| {
                format!("no {path:?} among {:?}", found.keys().take(20).collect::<Vec<_>>())
            })?;
            compare_entry(plan, system, node, entry, bytes)?;
            expected += 1;
            paths.insert(node, path);
        }
    }
    same(expected, found.len(), "entries")
}

fn compare_entry(
    plan: &Plan,
    system: FileSystem,
    node: NodeId,
    entry: &Entry,
    bytes: &[u8],
) -> Result<(), String> {
    let path = &entry.path;
    let plain = matches!(system, FileSystem::Iso9660 | FileSystem::Joliet);
    match plan.tree().kind(node) {
        Kind::Directory => same(EntryKind::Directory, entry.kind, path)?,
        Kind::File { source, len } => {
            same(EntryKind::File, entry.kind, path)?;
            same(len, entry.len, path)?;
            if bytes != content(source, len as usize) {
                return Err(format!("{path:?} has other content"));
            }
        }
        Kind::Special(_) if plain => same(EntryKind::File, entry.kind, path)?,
        Kind::Special(_) => same(EntryKind::Special, entry.kind, path)?,
        Kind::Symlink { .. } if plain => same(EntryKind::File, entry.kind, path)?,
        Kind::Symlink { target } => {
            same(EntryKind::Symlink, entry.kind, path)?;
            same(Some(components(target)), entry.target.clone(), path)?;
        }
    }
    compare_attributes(plan, system, node, entry)
}

/// A target as components can say it: without empty ones. RRIP 4.1.3, ECMA-167 4/14.16.
fn components(target: &str) -> String {
    let names: Vec<&str> = target.split('/').filter(|name| !name.is_empty()).collect();
    let root = if target.starts_with('/') { "/" } else { "" };
    format!("{root}{}", names.join("/"))
}

fn compare_attributes(
    plan: &Plan,
    system: FileSystem,
    node: NodeId,
    entry: &Entry,
) -> Result<(), String> {
    let attributes = plan.tree().attributes(node);
    let is_link = matches!(plan.tree().kind(node), Kind::Symlink { .. });
    if system == FileSystem::RockRidge && !is_link {
        let default = match plan.tree().kind(node) {
            Kind::Directory => plan.options().directory_mode,
            _ => plan.options().file_mode,
        };
        same(Some(attributes.mode.unwrap_or(default)), entry.mode, &entry.path)?;
        same(Some(attributes.uid.unwrap_or(0)), entry.uid, &entry.path)?;
        same(Some(attributes.gid.unwrap_or(0)), entry.gid, &entry.path)?;
    }
    Ok(())
}

/// What a file system calls a node, as the reader shows it: without a version number and the dot of an empty extension.
fn name_in(plan: &Plan, system: FileSystem, node: NodeId) -> Option<String> {
    let report = plan.names(node);
    match system {
        FileSystem::Udf => report.udf?.name,
        FileSystem::RockRidge => report.rock_ridge?.name,
        FileSystem::Joliet => report.joliet?.name,
        FileSystem::Enhanced => report.enhanced?.name,
        FileSystem::Iso9660 => {
            let name = report.iso9660?.name?;
            let name = name.strip_suffix(";1").unwrap_or(&name);
            Some(name.strip_suffix('.').unwrap_or(name).to_owned())
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "what is compared is made for it")]
fn same<T: PartialEq + std::fmt::Debug>(expected: T, found: T, what: &str) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("{what:?}: {expected:?} became {found:?}")) }
}
