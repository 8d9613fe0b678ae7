//! A file system as a tree whose files are where they are recorded.

use alloc::collections::BTreeMap;
use alloc::string::String;

use crate::address::{Lba, SourceId};
use crate::read::{BlockSource, Entry, EntryKind, Extent, FileSystem, Image, Place, ReadError};
use crate::tree::{AddError, Attributes, Details, NodeId, Tree};

/// The source of files that are on the disc already: nobody is asked for their bytes.
pub const RECORDED_SOURCE: SourceId = SourceId(u32::MAX - 1);

/// What is on a disc.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its files, each where it is.
    pub tree: Tree,
    /// The file system they were taken from.
    pub file_system: FileSystem,
    /// The name of the volume.
    pub volume_id: String,
    /// Where its boot catalog is.
    pub boot_catalog: Option<Lba>,
}

/// Why what is on a disc cannot be continued.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Only ISO 9660 is continued, with Rock Ridge or Joliet.
    #[error("there is no ISO 9660 file system that could be continued")]
    NoIso9660,
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A file lies in pieces, which a directory record of one extent cannot tell.
    #[error("{path:?} lies in pieces, which a further session cannot refer to")]
    InPieces {
        /// The file.
        path: String,
    },
    /// A name that no tree can hold.
    #[error(transparent)]
    Name(#[from] AddError),
}

impl ImportError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::NoIso9660 => "take a blank disc, or erase this one",
            Self::Read(_) => "the disc is damaged: save what can be read from it first",
            Self::InPieces { .. } | Self::Name(_) => "copy its files, and record them anew",
        }
    }
}

/// Takes over what an image shows: by Rock Ridge, which tells most, by Joliet, or as ISO 9660 has it.
///
/// # Errors
/// See [`ImportError`]: nothing is left out in silence.
pub fn import<S: BlockSource>(image: &mut Image<S>) -> Result<Recorded, ImportError> {
    let continued = |system: &FileSystem| *system != FileSystem::Udf;
    let file_system = image.file_systems().find(continued).ok_or(ImportError::NoIso9660)?;
    let boot_catalog = image.boot_catalog()?;
    let volume_id = image.info(file_system).map(|info| info.volume_id).unwrap_or_default();
    let view = image.view(file_system)?;
    let mut taking = Taking { tree: Tree::new(), files: BTreeMap::new() };
    taking.tree.set_attributes(NodeId::ROOT, attributes(&view.root()));
    for entry in view.walk() {
        taking.take(&entry?)?;
    }
    Ok(Recorded { tree: taking.tree, file_system, volume_id, boot_catalog: boot_catalog.map(Lba) })
}

struct Taking {
    tree: Tree,
    /// Files that say they have several names, by their number and place.
    files: BTreeMap<(u64, Option<Lba>), NodeId>,
}

impl Taking {
    fn take(&mut self, entry: &Entry) -> Result<(), ImportError> {
        let (path, attributes) = (entry.path.as_str(), attributes(entry));
        let start = match entry.kind {
            EntryKind::File => start(entry)?,
            _ => None,
        };
        let shared = entry.inode.filter(|_| entry.links.is_some_and(|links| links > 1));
        let shared = shared.filter(|_| entry.kind != EntryKind::Directory);
        if let Some(first) = shared.and_then(|number| self.files.get(&(number, start))) {
            self.tree.add_hard_link(path, *first)?;
            return Ok(());
        }
        let tree = &mut self.tree;
        let node = match (entry.kind, &entry.target, entry.special) {
            (EntryKind::Directory, ..) => tree.add_directory(path, attributes)?,
            (EntryKind::File, ..) => tree.add_file(path, RECORDED_SOURCE, entry.len, attributes)?,
            (EntryKind::Symlink, Some(target), _) => tree.add_symlink(path, target, attributes)?,
            (EntryKind::Special, _, Some(special)) => {
                tree.add_special(path, special, attributes)?
            }
            // A link to nowhere, or a device that is none: there is nothing to record of it.
            (EntryKind::Symlink | EntryKind::Special, ..) => return Ok(()),
        };
        if let Some(number) = shared {
            self.files.insert((number, start), node);
        }
        let details = Details {
            accessed: entry.accessed,
            created: entry.created,
            changed: entry.changed,
            hidden: entry.hidden,
            recorded: start,
            ..Details::default()
        };
        if details != Details::default() {
            tree.set_details(node, details);
        }
        Ok(())
    }
}

fn attributes(entry: &Entry) -> Attributes {
    Attributes { modified: entry.modified, mode: entry.mode, uid: entry.uid, gid: entry.gid }
}

/// The first block of a file; `None` for one without bytes.
fn start(entry: &Entry) -> Result<Option<Lba>, ImportError> {
    match entry.extents.as_slice() {
        [] => Ok(None),
        [Extent { place: Place::Recorded { lba, skip: 0 }, .. }] => Ok(Some(*lba)),
        _ => Err(ImportError::InPieces { path: entry.path.clone() }),
    }
}
