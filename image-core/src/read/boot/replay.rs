//! The boot set-up of an image as options for another tree.

use alloc::string::String;
use alloc::vec::Vec;

use super::sectors;
use crate::names::iso9660::d_character;
use crate::options::boot::{BootEntry, BootImage, BootOptions, Emulation, Platform};
use crate::read::image::FileSystem;
use crate::tree::{Kind, NodeId, Tree};

/// The boot set-up of an image, to be used for another.
#[derive(Clone, Debug)]
pub struct Replay {
    /// Options that do the same, with all boot images unnamed.
    pub options: BootOptions,
    /// The path that each boot image has in the image, in the order of the catalog.
    pub paths: Vec<Option<String>>,
    /// The path that the boot catalog has in the image.
    pub catalog_path: Option<String>,
    /// The file system that has these paths, if any has.
    pub names: Option<FileSystem>,
}

impl Replay {
    /// The options for a tree: boot images are its files where it has files of the same path, which may be newer ones.
    ///
    /// Paths of ISO 9660 alone are in capitals, with `_` for most characters: they are those of the files that they may
    /// stand for.
    #[must_use]
    pub fn options_for(mut self, tree: &Tree) -> BootOptions {
        let Some(catalog) = &mut self.options.el_torito else { return self.options };
        let is_translated = self.names == Some(FileSystem::Iso9660);
        let spelled = |path: String| if is_translated { spelled(tree, &path) } else { path };
        for ((platform, entry), path) in catalog.entries_mut().zip(self.paths) {
            let BootImage::Unnamed(bytes) = &entry.image else { continue };
            let Some(path) = path.map(spelled) else { continue };
            let kind = tree.find(&path).map(|node| tree.kind(node));
            let Some(Kind::File { len, .. }) = kind else { continue };
            entry.sector_count = recounted(platform, entry, bytes.len() as u64, len);
            entry.image = BootImage::File(path);
        }
        catalog.catalog_path = self.catalog_path.map(spelled);
        self.options
    }
}

/// A path of ISO 9660 as the tree has it, as far as the tree has it.
fn spelled(tree: &Tree, path: &str) -> String {
    let mut at = Some(NodeId::ROOT);
    let mut names = Vec::new();
    for recorded in path.split('/') {
        at = at.and_then(|parent| {
            let same = |node: &NodeId| tree.name(*node) == recorded;
            let meant = |node: &NodeId| {
                tree.name(*node).chars().map(d_character).eq(recorded.chars().map(d_character))
            };
            tree.children(parent).find(same).or_else(|| tree.children(parent).find(meant))
        });
        names.push(at.map_or(recorded, |node| tree.name(node)));
    }
    names.join("/")
}

/// Sectors to load of an image that may be another: all of them where all were loaded before.
fn recounted(platform: Platform, entry: &BootEntry, before: u64, now: u64) -> Option<u16> {
    let count = entry.sector_count?;
    let is_whole = count > 1 && u64::from(count) >= sectors(before);
    if before == now || !is_whole || entry.emulation != Emulation::None {
        return Some(count);
    }
    (platform == Platform::BIOS).then(|| u16::try_from(sectors(now)).unwrap_or(u16::MAX))
}
