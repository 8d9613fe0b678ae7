//! An image with its file systems, and the contents as each of them has it.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::{self, Vec};
use core::fmt;

use super::blocks::Blocks;
use super::entry::{Entry, EntryKind};
use super::iso9660::{self, Hierarchy, Names};
use super::udf::{self, ExtendedAttribute, UdfInfo};
use super::{BlockSource, ReadError, path_table, rock_ridge};
use crate::address::Lba;
use crate::options::{VolumeDates, VolumeIdentifiers};
use crate::time::DiscTime;

/// A file system that an image can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub enum FileSystem {
    /// UDF.
    Udf,
    /// ISO 9660 with the names and attributes of Rock Ridge.
    RockRidge,
    /// The hierarchy of Joliet.
    Joliet,
    /// The hierarchy of ISO 9660:1999, which an enhanced volume descriptor tells of.
    Enhanced,
    /// ISO 9660 as it is.
    Iso9660,
}

impl FileSystem {
    /// All of them, the one that tells most of a file first.
    pub const ALL: [Self; 5] =
        [Self::Udf, Self::RockRidge, Self::Joliet, Self::Enhanced, Self::Iso9660];
}

impl fmt::Display for FileSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Udf => "UDF",
            Self::RockRidge => "Rock Ridge",
            Self::Joliet => "Joliet",
            Self::Enhanced => "ISO 9660:1999",
            Self::Iso9660 => "ISO 9660",
        })
    }
}

/// What a file system says of its volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolumeInfo {
    /// Name of the volume.
    pub volume_id: String,
    /// When it was made.
    pub created: Option<DiscTime>,
    /// Blocks of the volume as its descriptors have it: of the image for ISO 9660, of the partition for UDF.
    pub blocks: u32,
    /// Revision of UDF, as in `0x0102`.
    pub udf_revision: Option<u16>,
    /// What more there is to say of a UDF volume.
    pub udf: Option<UdfInfo>,
    /// What more a volume descriptor of ISO 9660 says.
    pub descriptor: Option<DescriptorInfo>,
}

/// What a volume descriptor of ISO 9660 or Joliet says besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DescriptorInfo {
    /// Its texts, of files their names as they are recorded.
    pub identifiers: VolumeIdentifiers,
    /// How the data are recorded. ECMA-119 8.4.22.
    pub application: String,
    /// Its dates.
    pub dates: VolumeDates,
    /// Whether it has the signature of CD-ROM XA.
    pub xa: bool,
}

#[derive(Clone, Debug)]
enum Volume {
    Hierarchy(Box<Hierarchy>),
    Udf(Box<udf::Volume>),
}

/// An image whose file systems are known.
#[derive(Debug)]
pub struct Image<S> {
    source: S,
    /// The block that the session begins with.
    session: u32,
    /// In the order of [`FileSystem::ALL`].
    found: Vec<(FileSystem, Result<Volume, ReadError>)>,
}

/// Finds the file systems of an image.
///
/// # Errors
/// When the blocks that tell cannot be read. An image without any file system is no error.
pub fn open<S: BlockSource>(source: S) -> Result<Image<S>, ReadError> {
    open_session(source, Lba(0))
}

/// Finds the file systems of a further session of a disc, which begins at block `start`. What they refer to may be anywhere on
/// the disc.
///
/// # Errors
/// As [`open`].
pub fn open_session<S: BlockSource>(mut source: S, start: Lba) -> Result<Image<S>, ReadError> {
    let session = start.0;
    let mut blocks = Blocks::new(&mut source);
    let mut found = Vec::new();
    if let Some(volume) = udf::detect(&mut blocks, session)? {
        found.push((FileSystem::Udf, volume.map(|volume| Volume::Udf(Box::new(volume)))));
    }
    let hierarchies = iso9660::hierarchies(&mut blocks, session)?;
    let boxed = |hierarchy| Volume::Hierarchy(Box::new(hierarchy));
    if let Some(Ok(primary)) = &hierarchies.primary {
        let rock_ridge = match rock_ridge::detect(&mut blocks, primary) {
            Ok(None) => None,
            Ok(Some(skip)) => {
                let names = Names::RockRidge { skip };
                Some(Ok(boxed(Hierarchy { names, ..primary.clone() })))
            }
            Err(error) => Some(Err(error)),
        };
        found.extend(rock_ridge.map(|volume| (FileSystem::RockRidge, volume)));
    }
    found.extend(hierarchies.joliet.map(|found| (FileSystem::Joliet, found.map(boxed))));
    found.extend(hierarchies.enhanced.map(|found| (FileSystem::Enhanced, found.map(boxed))));
    found.extend(hierarchies.primary.map(|found| (FileSystem::Iso9660, found.map(boxed))));
    Ok(Image { source, session, found })
}

impl<S: BlockSource> Image<S> {
    /// The file systems there are, those with a [`Self::problem`] too; the one that tells most of a file first.
    pub fn file_systems(&self) -> impl Iterator<Item = FileSystem> + '_ {
        self.found.iter().map(|(system, _)| *system)
    }

    /// Why a file system that is there cannot be read.
    #[must_use]
    pub fn problem(&self, system: FileSystem) -> Option<ReadError> {
        self.volume(system)?.as_ref().err().copied()
    }

    /// What a file system says of its volume; `None` when there is no such file system, or it cannot be read.
    #[must_use]
    pub fn info(&self, system: FileSystem) -> Option<VolumeInfo> {
        Some(match self.volume(system)?.as_ref().ok()? {
            Volume::Hierarchy(hierarchy) => VolumeInfo {
                volume_id: hierarchy.volume_id.clone(),
                created: hierarchy.created,
                blocks: hierarchy.blocks,
                udf_revision: None,
                udf: None,
                descriptor: Some(hierarchy.descriptor.clone()),
            },
            Volume::Udf(volume) => VolumeInfo {
                volume_id: volume.volume_id.clone(),
                created: volume.created,
                blocks: volume.blocks(),
                udf_revision: Some(volume.info.revision),
                udf: Some(volume.info.clone()),
                descriptor: None,
            },
        })
    }

    /// The contents as a file system has it.
    ///
    /// # Errors
    /// When there is no such file system, or its volume structures are damaged.
    pub fn view(&mut self, system: FileSystem) -> Result<View<'_, S>, ReadError> {
        let found = self.found.iter().find(|(found, _)| *found == system);
        let (_, volume) = found.ok_or(ReadError::NoFileSystem(system))?;
        let volume = volume.as_ref().map_err(|error| *error)?;
        Ok(View { blocks: Blocks::new(&mut self.source), volume })
    }

    /// The source, to read blocks from.
    pub const fn source(&mut self) -> &mut S {
        &mut self.source
    }

    /// The block that the session begins with.
    pub(super) const fn session(&self) -> u32 {
        self.session
    }

    /// Gives the source back.
    pub fn into_source(self) -> S {
        self.source
    }

    fn volume(&self, system: FileSystem) -> Option<&Result<Volume, ReadError>> {
        self.found.iter().find(|(found, _)| *found == system).map(|(_, volume)| volume)
    }
}

/// The contents of an image as one of its file systems has it.
#[derive(Debug)]
pub struct View<'i, S> {
    blocks: Blocks<'i, S>,
    volume: &'i Volume,
}

impl<'i, S: BlockSource> View<'i, S> {
    /// The root directory.
    #[must_use]
    pub fn root(&self) -> Entry {
        match self.volume {
            Volume::Hierarchy(hierarchy) => hierarchy.root.clone(),
            Volume::Udf(volume) => volume.root.clone(),
        }
    }

    /// The entries of a directory, in the order they are recorded.
    ///
    /// # Errors
    /// When it is no directory, or damaged.
    pub fn list(&mut self, directory: &Entry) -> Result<Vec<Entry>, ReadError> {
        self.blocks.refill();
        self.list_on(directory)
    }

    /// The same, as a part of some larger work.
    fn list_on(&mut self, directory: &Entry) -> Result<Vec<Entry>, ReadError> {
        if directory.kind != EntryKind::Directory {
            return Err(ReadError::NotADirectory);
        }
        match self.volume {
            Volume::Hierarchy(found) => iso9660::list(&mut self.blocks, found.names, directory),
            Volume::Udf(volume) => udf::list(&mut self.blocks, volume, directory),
        }
    }

    /// The entry with this path; `None` when there is none.
    ///
    /// # Errors
    /// When a directory on the way is damaged.
    pub fn find(&mut self, path: &str) -> Result<Option<Entry>, ReadError> {
        self.blocks.refill();
        let mut at = self.root();
        for name in path.split('/').filter(|name| !name.is_empty()) {
            if at.kind != EntryKind::Directory {
                return Ok(None);
            }
            let is_it = |entry: &Entry| entry.path.rsplit('/').next() == Some(name);
            match self.list_on(&at)?.into_iter().find(is_it) {
                Some(entry) => at = entry,
                None => return Ok(None),
            }
        }
        Ok(Some(at))
    }

    /// Reads the content of an entry from byte `offset` on, as far as there is some and it fits; returns how much.
    ///
    /// # Errors
    /// When a block cannot be read or is behind the end of the image.
    pub fn read(&mut self, entry: &Entry, offset: u64, out: &mut [u8]) -> Result<usize, ReadError> {
        // What a caller asks for is its own affair: it does not count against the structures of the image.
        let left = self.blocks.refill();
        let read = self.blocks.read_at(&entry.extents, offset, out);
        self.blocks.limit(left);
        read
    }

    /// The named streams of an entry, in the order they are recorded; only UDF 2.00 and later has them. A stream is read as
    /// a file is.
    ///
    /// # Errors
    /// When the stream directory is damaged.
    pub fn streams(&mut self, entry: &Entry) -> Result<Vec<Entry>, ReadError> {
        self.blocks.refill();
        match self.volume {
            Volume::Hierarchy(_) => Ok(Vec::new()),
            Volume::Udf(volume) => udf::streams(&mut self.blocks, volume, entry),
        }
    }

    /// The named streams of the volume itself; only UDF 2.00 and later has them.
    ///
    /// # Errors
    /// When the system stream directory is damaged.
    pub fn system_streams(&mut self) -> Result<Vec<Entry>, ReadError> {
        self.blocks.refill();
        match self.volume {
            Volume::Hierarchy(_) => Ok(Vec::new()),
            Volume::Udf(volume) => udf::system_streams(&mut self.blocks, volume),
        }
    }

    /// The extended attributes of an entry, in the order they are recorded; only UDF has them.
    ///
    /// # Errors
    /// When they are damaged.
    pub fn extended_attributes(
        &mut self,
        entry: &Entry,
    ) -> Result<Vec<ExtendedAttribute>, ReadError> {
        self.blocks.refill();
        match self.volume {
            Volume::Hierarchy(_) => Ok(Vec::new()),
            Volume::Udf(volume) => udf::extended_attributes(&mut self.blocks, volume, entry),
        }
    }

    /// The block where a directory is.
    fn lba_of(&self, directory: &Entry) -> u32 {
        match self.volume {
            Volume::Hierarchy(_) => directory.id,
            Volume::Udf(volume) => volume.lba_of(directory.id),
        }
    }

    /// Goes through everything below the root: a directory, then all that is in it.
    #[must_use]
    pub fn walk(self) -> Walk<'i, S> {
        let root = self.root();
        let visited = BTreeSet::from([root.id]);
        Walk { view: self, levels: Vec::new(), next: Some(root), visited }
    }

    /// Checks the path tables against each other and against the directories; a UDF volume has none.
    ///
    /// # Errors
    /// Where they differ, or what cannot be read.
    pub fn check_path_tables(self) -> Result<(), ReadError> {
        let Volume::Hierarchy(hierarchy) = self.volume else { return Ok(()) };
        let mut walk = self.walk();
        for entry in walk.by_ref() {
            entry?;
        }
        let directories = core::mem::take(&mut walk.visited);
        path_table::check(&mut walk.view.blocks, hierarchy, directories)
    }
}

/// Everything below a root, one by one. After an error it goes on with what is left.
#[derive(Debug)]
pub struct Walk<'i, S> {
    view: View<'i, S>,
    levels: Vec<vec::IntoIter<Entry>>,
    /// A directory that was handed out last and is to be listed.
    next: Option<Entry>,
    visited: BTreeSet<u32>,
}

impl<'i, S> Walk<'i, S> {
    /// The view that is walked, to read content on the way.
    pub const fn view(&mut self) -> &mut View<'i, S> {
        &mut self.view
    }
}

impl<S: BlockSource> Iterator for Walk<'_, S> {
    type Item = Result<Entry, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(directory) = self.next.take() {
            match self.view.list_on(&directory) {
                Ok(entries) => self.levels.push(entries.into_iter()),
                Err(error) => return Some(Err(error)),
            }
        }
        loop {
            let Some(entry) = self.levels.last_mut()?.next() else {
                self.levels.pop();
                continue;
            };
            if entry.kind == EntryKind::Directory {
                if !self.visited.insert(entry.id) {
                    return Some(Err(ReadError::Loop { lba: self.view.lba_of(&entry) }));
                }
                self.next = Some(entry.clone());
            }
            return Some(Ok(entry));
        }
    }
}
