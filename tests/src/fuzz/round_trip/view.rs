//! All entries of one file system.

use std::collections::BTreeMap;

use image_core::read::{Entry, EntryKind, FileSystem, Image, ReadError, SliceSource};
use image_core::{DeepDirectories, EnhancedTree, Kind, NodeId, Plan};

use super::{entry, nodes, same, udf};

/// What a view shows of an entry, with the content.
pub(super) struct Shown {
    pub(super) entry: Entry,
    pub(super) bytes: Vec<u8>,
    pub(super) more: udf::More,
}

/// By path. Of names that the rules forbid, several can show as one.
pub(super) type Found = BTreeMap<String, Vec<Shown>>;

/// Reads a file system and holds it against the tree.
pub(super) fn check(
    plan: &Plan,
    system: FileSystem,
    image: &mut Image<SliceSource<'_>>,
) -> Result<(), String> {
    let of = |error: ReadError| error.to_string();
    image.view(system).map_err(of)?.check_path_tables().map_err(of)?;
    if system == FileSystem::Udf {
        udf::check_volume(plan, image)?;
    }
    let found = read_all(system, image).map_err(of)?;
    if matches!(system, FileSystem::Iso9660 | FileSystem::Enhanced) && is_relocated(plan, system) {
        return compare_contents(plan, found);
    }
    compare(plan, system, found)
}

/// Everything that a file system shows.
pub(super) fn read_all(
    system: FileSystem,
    image: &mut Image<SliceSource<'_>>,
) -> Result<Found, ReadError> {
    let mut found = Found::new();
    let mut walk = image.view(system)?.walk();
    while let Some(entry) = walk.next() {
        let entry = entry?;
        let mut bytes = vec![0; if entry.kind == EntryKind::File { entry.len as usize } else { 0 }];
        let read = walk.view().read(&entry, 0, &mut bytes)?;
        assert_eq!(read, bytes.len(), "{}", entry.path);
        let more = udf::More::read(walk.view(), system, &entry)?;
        found.entry(entry.path.clone()).or_default().push(Shown { entry, bytes, more });
    }
    Ok(found)
}

/// Whether directories may stand somewhere else than in the tree: only Rock Ridge tells where they belong.
fn is_relocated(plan: &Plan, system: FileSystem) -> bool {
    let options = &plan.options().iso9660;
    let is_primary = system == FileSystem::Iso9660 || options.enhanced == EnhancedTree::Shared;
    is_primary && options.deep_directories == DeepDirectories::Relocate
}

/// Holds what a view shows against the tree, under the names that the plan says it has there.
fn compare(plan: &Plan, system: FileSystem, mut found: Found) -> Result<(), String> {
    for (node, path) in paths(plan, system) {
        let candidates = found.get_mut(&path);
        let Some(candidates) = candidates.filter(|candidates| !candidates.is_empty()) else {
            let (node, shown) = (plan.tree().path(node), found.keys().take(20));
            return Err(format!("no {path:?} of {node:?} among {:?}", shown.collect::<Vec<_>>()));
        };
        let compared: Vec<_> =
            candidates.iter().map(|shown| entry::compare(plan, system, node, shown)).collect();
        let Some(first) = compared.iter().position(Result::is_ok) else {
            return compared.into_iter().next().unwrap_or(Ok(()));
        };
        candidates.remove(first);
    }
    let left: Vec<_> = found.iter().filter(|(_, shown)| !shown.is_empty()).take(9).collect();
    let left: Vec<_> = left.into_iter().map(|(path, _)| path).collect();
    same(Vec::<&String>::new(), left, "entries that nobody put in")
}

/// Every node that a file system shows, parents first, with its path there as readers show it: without version numbers.
pub fn paths(plan: &Plan, system: FileSystem) -> Vec<(NodeId, String)> {
    let mut found = Vec::new();
    let mut shown = BTreeMap::from([(NodeId::ROOT, String::new())]);
    for directory in nodes(plan.tree()) {
        let Some(parent) = shown.get(&directory).cloned() else { continue };
        for node in plan.tree().children(directory) {
            let Some(name) = name_in(plan, system, node) else { continue };
            let path = if parent.is_empty() { name } else { format!("{parent}/{name}") };
            found.push((node, path.clone()));
            shown.insert(node, path);
        }
    }
    found
}

/// Holds the contents of all files against those of the tree, wherever they stand.
fn compare_contents(plan: &Plan, found: Found) -> Result<(), String> {
    let shown: Vec<Shown> = found.into_values().flatten().collect();
    for node in nodes(plan.tree()) {
        if name_in(plan, FileSystem::Iso9660, node).is_none() {
            continue;
        }
        let Kind::File { .. } = plan.tree().kind(node) else { continue };
        let is_it = |shown: &Shown| {
            shown.entry.kind == EntryKind::File && entry::compare_content(plan, node, shown).is_ok()
        };
        if !shown.iter().any(is_it) {
            return Err(format!("nothing has the content of {:?}", plan.tree().path(node)));
        }
    }
    Ok(())
}

/// What a file system calls a node, as the reader shows it: without a version number and the dot of an empty extension.
fn name_in(plan: &Plan, system: FileSystem, node: NodeId) -> Option<String> {
    let report = plan.names(node);
    match system {
        FileSystem::Udf => report.udf?.name,
        FileSystem::RockRidge => report.rock_ridge?.name,
        FileSystem::Enhanced => report.enhanced?.name,
        FileSystem::Joliet => report.joliet?.name,
        FileSystem::Iso9660 => {
            let name = report.iso9660?.name?;
            let is_directory = matches!(plan.tree().kind(node), Kind::Directory);
            Some(if is_directory { name } else { without_version(&name).to_owned() })
        }
    }
}

/// The name as it is shown. At level 4 names may look as if they had a version.
fn without_version(name: &str) -> &str {
    let is_version = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    match name.rsplit_once(';') {
        Some((bare, version)) if is_version(version) => {
            bare.strip_suffix('.').filter(|rest| !rest.is_empty()).unwrap_or(bare)
        }
        _ => name,
    }
}
