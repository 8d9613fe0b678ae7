//! What is to be recorded, and where the file data are: what every file system of an image is made from.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::catalog::number;
use super::udf::StreamExtent;
use super::{Catalog, ChecksumLayout, VideoOrder, View};
use crate::address::{Lba, SourceId};
use crate::names::NameTable;
use crate::options::Options;
use crate::options::boot::Bytes;
use crate::time::DiscTime;
use crate::tree::{Details, Kind, NodeId, Tree};
use crate::wire::rockridge::mode;

/// Tree, order and names, with the address of every file's data.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    pub(crate) tree: Arc<Tree>,
    pub(crate) options: Options,
    pub(crate) catalog: Catalog,
    pub(crate) names: NameTable,
    /// First block of each item's data; 0 for what has none.
    pub(crate) data: Vec<Lba>,
    /// Items that have data, in the order of their addresses.
    pub(crate) files: Vec<u32>,
    /// What a player expects of the order of files.
    pub(crate) video: VideoOrder,
    /// Where the bytes of named streams are, in the order of their addresses.
    pub(crate) streams: Vec<StreamExtent>,
    /// Items that share the data of one of these, in the order of their addresses.
    pub(crate) sharing: Vec<u32>,
    /// Where the sums that are recorded go, if any are.
    pub(crate) checksums: Option<ChecksumLayout>,
    /// Items that have their place already, in ascending order: their data are rendered, or stand where firmware wants them.
    pub(crate) pinned: Vec<u32>,
}

impl Content {
    pub(crate) fn node(&self, item: u32) -> NodeId {
        self.catalog.node(item)
    }

    pub(crate) fn kind(&self, item: u32) -> Kind<'_> {
        self.tree.kind(self.node(item))
    }

    pub(crate) fn original_name(&self, item: u32) -> &str {
        self.tree.name(self.node(item))
    }

    /// The path of an item in the tree.
    pub(crate) fn path(&self, item: u32) -> String {
        self.tree.path(self.node(item))
    }

    /// What a hierarchy calls an item, without the version number.
    pub(crate) fn recorded_name(&self, view: View, item: u32) -> &str {
        let original = || self.original_name(item);
        match view {
            View::Primary if self.options.iso9660.is_shared() => {
                self.names.enhanced.name(item, original())
            }
            View::Primary => self.names.iso9660.name(item),
            View::Enhanced => self.names.enhanced.name(item, original()),
            View::Joliet => self.names.joliet.name(item, original()),
        }
    }

    /// Whether files have a version number in a hierarchy.
    pub(crate) fn has_version(&self, view: View) -> bool {
        match view {
            View::Primary => !self.options.iso9660.omits_version(),
            View::Enhanced => false,
            View::Joliet => true,
        }
    }

    pub(crate) fn data_of(&self, item: u32) -> Lba {
        self.data.get(item as usize).copied().unwrap_or_default()
    }

    /// What was given for an item's name.
    pub(crate) fn details(&self, item: u32) -> &Details {
        self.tree.details(self.node(item))
    }

    /// What was given for an item's file, whichever of its names the item is.
    pub(crate) fn file_details(&self, item: u32) -> &Details {
        self.tree.details(self.tree.link_of(self.node(item)))
    }

    /// Where the bytes of a file are on the disc already.
    pub(crate) fn recorded_at(&self, item: u32) -> Option<Lba> {
        self.options.session.and_then(|_| self.file_details(item).recorded)
    }

    /// The first block that anything in UDF's partition is in by an earlier session, or was.
    pub(crate) fn first_recorded(&self) -> Option<Lba> {
        let session = self.options.session?;
        let details = self.tree.detailed().map(|(_, details)| details);
        let recorded = details.flat_map(|details| {
            let streams = details.streams.iter().filter_map(|stream| stream.recorded);
            details.recorded.into_iter().chain(streams)
        });
        recorded.chain(session.udf.map(|earlier| earlier.partition)).min()
    }

    /// Says where the data of an item are.
    pub(super) fn set_data(&mut self, item: Option<u32>, start: Lba) {
        if let Some(slot) = item.and_then(|item| self.data.get_mut(item as usize)) {
            *slot = start;
        }
    }

    /// Whether the data of an item must stay as one extent at the place they have.
    pub(crate) fn is_pinned(&self, item: u32) -> bool {
        self.pinned.binary_search(&item).is_ok()
    }

    /// The bytes of a file, where they are known.
    pub(crate) fn bytes(&self, item: u32) -> Option<Bytes> {
        self.file_details(item).content.clone().map(Bytes::from)
    }

    pub(crate) fn modified(&self, item: u32) -> DiscTime {
        self.tree.attributes(self.node(item)).modified.unwrap_or(self.options.created)
    }

    /// Where the bytes of a file come from, and how many there are.
    pub(crate) fn file(&self, item: u32) -> Option<(SourceId, u64)> {
        match self.kind(item) {
            Kind::File { source, len } => Some((source, len)),
            _ => None,
        }
    }

    /// Which extent, in the order of their addresses, a file with bytes has.
    pub(crate) fn ordinal(&self, item: u32) -> Option<usize> {
        let has_extent =
            self.is_recorded(item) && !self.is_embedded(item) && self.recorded_at(item).is_none();
        self.file(item).filter(|(_, len)| *len > 0 && has_extent)?;
        let start = self.data_of(item);
        Some(self.files.partition_point(|file| self.data_of(*file) < start))
    }

    /// Which sum of the array is a file's: 0 is that of the session, and the last is for empty files.
    pub(crate) fn checksum_index(&self, item: u32) -> Option<u32> {
        let (_, len) = self.file(item)?;
        let ordinal = if len == 0 { self.files.len() } else { self.ordinal(item)? };
        Some(number(ordinal) + 1)
    }

    /// Type and permission bits as in `st_mode`.
    pub(crate) fn posix_mode(&self, item: u32) -> u32 {
        let given = self.tree.attributes(self.node(item)).mode;
        let (kind, default) = match self.kind(item) {
            Kind::Directory => (mode::DIRECTORY, self.options.directory_mode),
            Kind::File { .. } => (mode::REGULAR, self.options.file_mode),
            Kind::Symlink { .. } => (mode::SYMLINK, 0o777),
            Kind::Special(special) => (mode::of_special(special), self.options.file_mode),
        };
        kind | given.unwrap_or(default) & mode::PERMISSIONS
    }
}
