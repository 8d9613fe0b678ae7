//! The immutable answer: the exact size, every address, every name. All that can fail has failed by now.

mod error;

use alloc::string::ToString as _;
use alloc::sync::Arc;

use crate::address::{Lba, SourceId, blocks_for, bytes_in};
use crate::layout::boot;
use crate::layout::{
    Catalog, ChecksumLayout, Content, Layout, VideoOrder, limits, relocation, video,
};
use crate::names::{NameReport, NameTable};
use crate::options::{DeepDirectories, Options};
use crate::tree::{NodeId, Tree};
use crate::volume;
use crate::wire::udf::cs0;

pub use error::PlanError;

/// Plans the image of a tree.
///
/// Equal trees and options give equal plans, in whatever order the tree was filled.
///
/// # Errors
/// See [`PlanError`].
pub fn plan(tree: impl Into<Arc<Tree>>, options: &Options) -> Result<Plan, PlanError> {
    check(options)?;
    let tree = boot::with_catalog(tree.into(), options)?;
    let tree = video::prepare(tree, options);
    let tree = relocation::prepare(tree, options);
    let mut catalog = Catalog::new(&tree);
    catalog.relocate(&tree, options);
    let names = NameTable::new(&tree, &catalog, options);
    let sums = options.checksums;
    let mut content = Content {
        tree,
        options: options.clone(),
        catalog,
        names,
        data: alloc::vec::Vec::new(),
        files: alloc::vec::Vec::new(),
        streams: alloc::vec::Vec::new(),
        video: VideoOrder::default(),
        sharing: alloc::vec::Vec::new(),
        checksums: sums.md5.then(|| ChecksumLayout::new(!sums.isomd5)),
        pinned: alloc::vec::Vec::new(),
    };
    volume::check_files(&content)?;
    limits::check_times(&content)?;
    let mut layout = Layout::new(&mut content)?;
    let volume_set = volume_set_identifier(&content);
    layout.boot.finish(&content, layout.blocks, volume_set)?;
    let plan = Plan { content, layout, volume_set };
    if options.strict
        && let Some(found) = plan.warnings().into_iter().find(|found| found.clause().is_some())
    {
        return Err(PlanError::Forbidden(found));
    }
    Ok(plan)
}

fn check(options: &Options) -> Result<(), PlanError> {
    let name = options.volume_id.as_str();
    if name.is_empty() || name.contains(char::is_control) || cs0::encoded_len(name) > 127 {
        return Err(PlanError::InvalidVolumeName { name: name.to_string() });
    }
    volume::check(options)?;
    let systems = options.file_systems;
    if options.iso9660.deep_directories == DeepDirectories::Relocate && !systems.rock_ridge {
        return Err(PlanError::RelocationNeedsRockRidge);
    }
    if !systems.iso9660 && !systems.udf && !systems.joliet && !systems.rock_ridge {
        return Err(PlanError::NoFileSystem);
    }
    let extensions = [
        (systems.joliet, "Joliet"),
        (systems.rock_ridge, "Rock Ridge"),
        (options.boot.el_torito.is_some(), "El Torito"),
        (options.keeps_boot_catalog(), "the boot catalog of the disc"),
    ];
    for (wanted, extension) in extensions {
        if wanted && !systems.iso9660 {
            return Err(PlanError::NeedsIso9660 { extension });
        }
    }
    let sums = options.checksums;
    for (wanted, has, checksums, needs) in [
        (sums.md5, systems.rock_ridge, "the MD5 sums of libisofs", "Rock Ridge"),
        (sums.isomd5, systems.iso9660, "implanted MD5 sums", "ISO 9660"),
        (sums.isomd5, !options.iso9660.xa, "implanted MD5 sums", "a volume without CD-ROM XA"),
    ] {
        if wanted && !has {
            return Err(PlanError::ChecksumsNeed { checksums, needs });
        }
    }
    Ok(())
}

/// An image that is not there yet: everything about it is known but the bytes of the files.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) content: Content,
    pub(crate) layout: Layout,
    /// Tells this volume from others of the same name. UDF 2.2.2.5.
    pub(crate) volume_set: u64,
}

impl Plan {
    /// The address of the first block of the image: 0, but for a further session.
    #[must_use]
    pub fn start(&self) -> Lba {
        self.content.options.start()
    }

    /// Blocks of the image.
    #[must_use]
    pub fn size_blocks(&self) -> u32 {
        Lba(self.layout.blocks).since(self.start())
    }

    /// Bytes of the image.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        bytes_in(self.size_blocks())
    }

    /// The tree that was planned.
    #[must_use]
    pub fn tree(&self) -> &Tree {
        &self.content.tree
    }

    /// The options it was planned with.
    #[must_use]
    pub const fn options(&self) -> &Options {
        &self.content.options
    }

    /// What every file system calls a node, and why that differs from its name in the tree.
    #[must_use]
    pub fn names(&self, node: NodeId) -> NameReport {
        let Some(item) = self.content.catalog.item_of(node) else { return NameReport::default() };
        self.report(item)
    }

    /// The same for all nodes but the root, directory by directory.
    pub fn all_names(&self) -> impl Iterator<Item = (NodeId, NameReport)> + '_ {
        (1..self.content.catalog.len()).map(|item| (self.content.node(item), self.report(item)))
    }

    fn report(&self, item: u32) -> NameReport {
        let content = &self.content;
        content.names.report(&content.tree, &content.catalog, item, &content.options)
    }

    /// The first block of a file's data and how many there are; `None` for what has none.
    #[must_use]
    pub fn extent(&self, node: NodeId) -> Option<(Lba, u32)> {
        let item = self.content.catalog.item_of(node)?;
        let (_, len) = self.content.file(item).filter(|(_, len)| *len > 0)?;
        if !self.content.is_recorded(item) || self.content.is_embedded(item) {
            return None;
        }
        Some((self.content.data_of(item), blocks_for(len)?))
    }

    /// The blocks that hold the bytes of a node: its extent or, where they stand in its file entry, that. `None` for what
    /// has no bytes.
    #[must_use]
    pub fn blocks_of(&self, node: NodeId) -> Option<(Lba, u32)> {
        let embedded = || {
            let item = self.content.catalog.entry_item(self.content.catalog.item_of(node)?);
            let udf = self.layout.udf.as_ref()?;
            let holds = self.content.is_embedded(item) && self.content.has_udf_entry(item);
            holds.then(|| (udf.entry_lba(item), 1))
        };
        self.extent(node).or_else(embedded)
    }

    /// The file whose data this block holds; of several that share it, the one that is read.
    #[must_use]
    pub fn file_at(&self, lba: Lba) -> Option<NodeId> {
        self.data_at(lba).map(|file| self.content.node(file.item))
    }

    /// Which part of which file is to be read for a block.
    pub(crate) fn file_block(&self, lba: Lba) -> Option<FileBlock> {
        let found = self.data_at(lba).or_else(|| self.stream_at(lba));
        found.filter(|_| self.placed_at(lba).is_none())
    }

    /// All files whose bytes this block holds, in a data extent, a named stream or a file entry: several are names of one
    /// file, or were found to be equal.
    pub fn files_at(&self, lba: Lba) -> impl Iterator<Item = NodeId> + '_ {
        let found = self.data_at(lba).map(|file| self.content.sharers(file.item));
        let named = |item| self.content.catalog.names_of(item);
        let other = match found {
            Some(_) => None,
            None => self.stream_at(lba).map(|file| file.item).or_else(|| self.embedded_at(lba)),
        };
        let other = other.map(named).into_iter().flatten();
        found.into_iter().flatten().chain(other).map(|item| self.content.node(item))
    }

    /// The item whose bytes stand in the file entry that is in this block, or in its mirror.
    fn embedded_at(&self, lba: Lba) -> Option<u32> {
        let item = self.layout.udf.as_ref()?.entry_item_at(lba)?;
        let content = &self.content;
        (content.is_embedded(item) && content.has_udf_entry(item)).then_some(item)
    }

    /// Which part of which named stream a block holds.
    fn stream_at(&self, lba: Lba) -> Option<FileBlock> {
        let streams = &self.content.streams;
        let after = streams.partition_point(|extent| extent.start <= lba);
        let extent = *streams.get(after.checked_sub(1)?)?;
        let stream = self.content.stream(extent)?;
        let start = bytes_in(lba.since(extent.start));
        let rest = stream.len.checked_sub(start).filter(|rest| *rest > 0)?;
        Some(FileBlock { item: extent.item, source: stream.source, start, rest })
    }

    /// Which part of which file a block holds.
    fn data_at(&self, lba: Lba) -> Option<FileBlock> {
        let files = &self.content.files;
        let after = files.partition_point(|item| self.content.data_of(*item) <= lba);
        let item = *files.get(after.checked_sub(1)?)?;
        let (source, len) = self.content.file(item)?;
        let start = bytes_in(lba.since(self.content.data_of(item)));
        let rest = len.checked_sub(start).filter(|rest| *rest > 0)?;
        Some(FileBlock { item, source, start, rest })
    }
}

/// The part of a file that begins with some block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileBlock {
    pub(crate) item: u32,
    pub(crate) source: SourceId,
    /// First byte of the file in the block.
    pub(crate) start: u64,
    /// Bytes of the file from there on.
    pub(crate) rest: u64,
}

/// A number made from everything that is recorded but the bytes of the files: FNV-1a over names, lengths and times.
fn volume_set_identifier(content: &Content) -> u64 {
    let mut hash = 0xCBF2_9CE4_8422_2325u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
        }
    };
    add(content.options.volume_id.as_bytes());
    add(&content.options.created.to_unix().to_le_bytes());
    for item in 0..content.catalog.len() {
        add(content.original_name(item).as_bytes());
        add(&content.file(item).map_or(u64::MAX, |(_, len)| len).to_le_bytes());
        add(&content.modified(item).to_unix().to_le_bytes());
    }
    hash ^ hash >> 32
}
