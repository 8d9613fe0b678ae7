//! A tree made an image in memory, and read back: what every file system shows is held against what was put in.

mod boot;
mod entry;
mod udf;
mod view;

use std::collections::BTreeMap;
use std::convert::Infallible;

use image_core::checksum::{Recorder, Sums};
use image_core::read::{self, EntryKind, FileSystem, ReadError, SliceSource};
use image_core::{
    BLOCK_SIZE, CATALOG_SOURCE, IsoLevel, Kind, Lba, NodeId, Plan, Segment, SourceId, Tree,
};
use sha2::{Digest as _, Sha256};

pub use boot::is_patched;
pub use view::paths;

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
        assert_ne!(source, CATALOG_SOURCE, "nobody has the bytes of the boot catalog");
        fill(source, start, out);
        Ok(())
    };
    plan.read_at(Lba(first), &mut out, read).expect("reading cannot fail");
    out
}

/// The image of a plan from its segments, with all sums in it, as it is written to a file.
pub fn written(plan: &Plan) -> (Vec<u8>, Sums) {
    let (mut image, mut recorder) = (Vec::new(), Recorder::new(plan));
    for segment in plan.segments() {
        let from = image.len();
        image.resize(from + usize::try_from(segment.len()).expect("a small image"), 0);
        let out = &mut image[from..];
        match segment {
            Segment::Metadata { start, .. } => match recorder.due() {
                Some(due) => recorder.render(due, out),
                None => plan.render(start, out),
            },
            Segment::File { source, start, .. } => {
                assert_ne!(source, CATALOG_SOURCE, "nobody has the bytes of the boot catalog");
                fill(source, start, out);
            }
            Segment::Zero { .. } => {}
        }
        recorder.update(out);
    }
    let sums = recorder.finish();
    if let Some(implant) = &sums.implant {
        implant.apply(Lba(0), &mut image);
    }
    (image, sums)
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

/// Reads everything there is on an image and holds it against the plan it was made from.
///
/// # Errors
/// The first difference, in words.
pub fn check(plan: &Plan, image: &[u8]) -> Result<(), String> {
    let mut image = read::open(SliceSource::new(image)).map_err(|error| error.to_string())?;
    let systems: Vec<FileSystem> = image.file_systems().collect();
    let options = plan.options();
    let wanted = options.file_systems;
    let enhanced = wanted.iso9660 && options.iso9660.level == IsoLevel::Four;
    let wanted = [wanted.iso9660, enhanced, wanted.joliet, wanted.rock_ridge, wanted.udf];
    same(wanted.iter().filter(|wanted| **wanted).count(), systems.len(), "file systems")?;
    for system in systems {
        view::check(plan, system, &mut image).map_err(|error| format!("{system}: {error}"))?;
    }
    boot::check(plan, &mut image)
}

/// The bytes of every file of the last session, and its named streams with theirs, by file system and path; of paths that stand
/// for one file alone.
///
/// # Errors
/// Why it cannot be read, in words.
pub fn contents(disc: &[u8], session: Lba) -> Result<Contents, String> {
    let of = |error: ReadError| error.to_string();
    let mut image = read::open_session(SliceSource::new(disc), session).map_err(of)?;
    let mut all = Contents::new();
    for system in image.file_systems().collect::<Vec<_>>() {
        for (path, shown) in view::read_all(system, &mut image).map_err(of)? {
            if let [only] = shown.as_slice()
                && only.entry.kind == EntryKind::File
            {
                let streams = only.more.streams().clone();
                all.insert((system, path), (only.bytes.clone(), streams));
            }
        }
    }
    Ok(all)
}

/// Bytes, and named streams, by file system and path.
pub type Contents = BTreeMap<(FileSystem, String), (Vec<u8>, BTreeMap<String, Vec<u8>>)>;

/// Holds the sums against the bytes that they are of.
///
/// # Errors
/// The first sum that is wrong, in words.
pub fn check_sums(plan: &Plan, image: &[u8], sums: &Sums) -> Result<(), String> {
    let wanted = plan.options().checksums;
    same(wanted.isomd5, sums.implant.is_some(), "implanted sum")?;
    if !wanted.sha256 {
        same(None, sums.image_sha256, "sum of the image")?;
    } else if !wanted.isomd5 {
        same(Some(Sha256::digest(image).into()), sums.image_sha256, "sum of the image")?;
    }
    for node in nodes(plan.tree()) {
        let Kind::File { source, len } = plan.tree().kind(node) else { continue };
        let sum = sums.file_sha256(plan, node);
        if source == CATALOG_SOURCE || is_patched(plan, node) || is_nowhere(plan, node) {
            continue;
        }
        let digest = || Sha256::digest(content(source, len as usize)).into();
        same(wanted.sha256_files.then(digest), sum, &plan.tree().path(node))?;
    }
    Ok(())
}

/// Whether a file is in no file system under any of its names: then it is not recorded.
fn is_nowhere(plan: &Plan, node: NodeId) -> bool {
    let tree = plan.tree();
    let file = tree.link_of(node);
    let is_hidden = |node: NodeId| {
        let report = plan.names(node);
        let all =
            [report.iso9660, report.joliet, report.udf].map(|name| name.and_then(|name| name.name));
        all.iter().all(Option::is_none)
    };
    nodes(tree).into_iter().filter(|other| tree.link_of(*other) == file).all(is_hidden)
}

#[expect(clippy::needless_pass_by_value, reason = "what is compared is made for it")]
fn same<T: PartialEq + std::fmt::Debug>(expected: T, found: T, what: &str) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("{what:?}: {expected:?} became {found:?}")) }
}
