//! What readers have to find, by the names of the plan.

use std::collections::BTreeMap;

use image_core::read::FileSystem;
use image_core::{BLOCK_SIZE, CATALOG_SOURCE, DeepDirectories, Kind, NodeId, Plan};
use nix::sys::stat::SFlag;

use crate::attributes::{Attributes, Inodes};
use crate::fuzz::round_trip;
use crate::manifest::{Entry, Hasher, Manifest};
use crate::oracle::View;

/// Where relocated directories are recorded, by its name in Rock Ridge.
const RELOCATED: &str = "rr_moved";

pub(super) const fn system(view: View) -> FileSystem {
    match view {
        View::Plain => FileSystem::Iso9660,
        View::RockRidge => FileSystem::RockRidge,
        View::Joliet => FileSystem::Joliet,
        View::Udf => FileSystem::Udf,
    }
}

/// The tree of a view. What is patched while the image is written is taken from the image; [`round_trip::check`] looks at it.
pub(super) fn manifest(plan: &Plan, view: View, image: &[u8]) -> Manifest {
    let has_links = matches!(view, View::RockRidge | View::Udf);
    let mut manifest = Manifest::default();
    let relocates = plan.options().iso9660.deep_directories == DeepDirectories::Relocate;
    for (node, path) in round_trip::paths(plan, system(view)) {
        // Readers that put relocated directories back need not show where they were taken from.
        if relocates && view == View::RockRidge && path == RELOCATED {
            continue;
        }
        let entry = match plan.tree().kind(node) {
            Kind::Directory => Entry::Directory,
            Kind::Symlink { target } if has_links => Entry::Link { target: target.to_owned() },
            Kind::File { .. } => file(plan, node, image),
            Kind::Symlink { .. } | Kind::Special(_) => Hasher::default().finish(),
        };
        // Without a version number it may end in the full stop before an extension that is not there.
        let is_file = entry != Entry::Directory;
        let path = match path.strip_suffix('.') {
            Some(bare) if view == View::Plain && is_file => bare.to_owned(),
            _ => path,
        };
        manifest.add(path, entry);
    }
    manifest
}

fn file(plan: &Plan, node: NodeId, image: &[u8]) -> Entry {
    let mut hasher = Hasher::default();
    let Kind::File { source, len } = plan.tree().kind(node) else { return hasher.finish() };
    let len = len as usize;
    let extent = plan.extent(node).map(|(start, _)| start.0 as usize * BLOCK_SIZE);
    let recorded = extent.and_then(|start| image.get(start..start + len));
    let is_changed = source == CATALOG_SOURCE || round_trip::is_patched(plan, node);
    match recorded {
        Some(recorded) if is_changed => hasher.update(recorded),
        _ => hasher.update(&round_trip::content(source, len)),
    }
    hasher.finish()
}

/// Paths of files without bytes in Rock Ridge.
pub(super) fn empty_files(plan: &Plan) -> Vec<String> {
    let is_empty =
        |(node, _): &(NodeId, String)| matches!(plan.tree().kind(*node), Kind::File { len: 0, .. });
    round_trip::paths(plan, FileSystem::RockRidge)
        .into_iter()
        .filter(is_empty)
        .map(|(_, path)| path)
        .collect()
}

/// What Rock Ridge tells of everything in it.
pub(super) fn inodes(plan: &Plan) -> Inodes {
    let (tree, options) = (plan.tree(), plan.options());
    let shown = round_trip::paths(plan, FileSystem::RockRidge);
    let mut links: BTreeMap<NodeId, u64> = BTreeMap::new();
    for (node, _) in &shown {
        *links.entry(tree.link_of(*node)).or_default() += 1;
    }
    let relocates = options.iso9660.deep_directories == DeepDirectories::Relocate;
    let inode = |(node, path): (NodeId, String)| {
        let given = tree.attributes(node);
        let (kind, mode) = match tree.kind(node) {
            Kind::Directory => (SFlag::S_IFDIR, options.directory_mode),
            Kind::Symlink { .. } => (SFlag::S_IFLNK, 0o777),
            _ => (SFlag::S_IFREG, options.file_mode),
        };
        let mode = given.mode.unwrap_or(mode) | kind.bits();
        let count = links.get(&tree.link_of(node)).copied().unwrap_or(1);
        let modified = given.modified.unwrap_or(options.created).to_unix();
        let modified = if options.rock_ridge.long_times { 0 } else { modified };
        let (owner, group) = (given.uid.unwrap_or(0), given.gid.unwrap_or(0));
        (path, Attributes::new(mode, count, owner, group, modified))
    };
    let is_shown = |(_, path): &(NodeId, String)| !(relocates && path == RELOCATED);
    shown.into_iter().filter(is_shown).map(inode).collect()
}
