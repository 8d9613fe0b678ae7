//! Where the structures of a UDF volume go.
//!
//! A partition spans all metadata and file data; one that tells its free space spans no more than what UDF refers to. Behind
//! it stand the reserve sequence and the anchors, so that they are far from the main ones. In a metadata partition, file
//! set, directories and file entries stand together in the metadata file, and its mirror stands behind the file data. Of a
//! virtual partition the table comes last. UDF 2.2, 2.3.

mod attributes;
mod descriptors;
mod directories;
mod form;
mod runs;
mod space;
mod streams;

use alloc::vec::Vec;

pub(crate) use attributes::attributes;
pub(crate) use descriptors::{Descriptors, EXTENT_BLOCKS};
pub(crate) use directories::{Directories, identifier_use};
pub(crate) use form::{Form, METADATA_UNIT};
pub(crate) use runs::Runs;
pub(crate) use space::FreeSpace;
pub(super) use streams::place_streams;
pub(crate) use streams::{StreamBlock, StreamBlocks, StreamExtent};

use super::catalog::number;
use super::content::Content;
use super::cursor::Cursor;
use super::{Placed, Region, System};
use crate::BLOCK_SIZE;
use crate::address::{BLOCK_BYTES, Lba};
use crate::options::UdfRevision;
use crate::plan::PlanError;
use crate::tree::{Kind, Stream};
use crate::wire::udf::{
    ANCHOR, AllocationExtentHead, FileEntry, LbAddr, PathComponent, SpaceBitmap,
    VirtualAllocationTable, VirtualAllocationTail, cs0,
};

/// Blocks of a volume descriptor sequence. UDF 2.2.3.2.
pub(crate) const SEQUENCE_BLOCKS: u32 = 16;
/// Blocks of the integrity sequence: at least 8 KiB. UDF 2.2.4.6.
pub(crate) const INTEGRITY_BLOCKS: u32 = 4;
/// Blocks of the volume recognition sequence: BEA01, NSR02 or NSR03, TEA01. ECMA-167 2/8.3.1.
pub(crate) const RECOGNITION_BLOCKS: u32 = 3;
/// Blocks behind the partition: anchor at N-256, reserve sequence, anchor at N.
pub(crate) const TAIL_BLOCKS: u32 = 257;
/// Where the reserve sequence is, from the start of the session on, when nothing but the partition goes to the end.
const RESERVE_IN_HEAD: u32 = 224;
/// Bytes of a file entry before attributes and allocation descriptors.
pub(crate) const FILE_ENTRY_HEAD: usize = size_of::<FileEntry>();
/// Bytes of a block of further allocation descriptors before them.
pub(crate) const ALLOCATION_HEAD: usize = size_of::<AllocationExtentHead>();

/// What a run of blocks of UDF holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UdfRegion {
    /// Volume recognition sequence.
    Recognition,
    /// Volume descriptor sequence, main or reserve.
    VolumeSequence,
    /// Logical volume integrity sequence.
    Integrity,
    /// Anchor volume descriptor pointer.
    Anchor,
    /// Sparing table.
    SparingTable,
    /// File set descriptor.
    FileSet,
    /// File entry of the metadata file.
    MetadataEntry,
    /// File entry of the mirror of the metadata file.
    MirrorEntry,
    /// File entry of the bitmap of the metadata file.
    BitmapEntry,
    /// Bitmap of the metadata file.
    MetadataBitmap,
    /// A second copy of the metadata file.
    Mirror,
    /// Targets of links that are too long for their file entries.
    Targets,
    /// File identifiers of all directories.
    Directories,
    /// File entries of all items.
    Entries,
    /// Further allocation descriptors of very large files.
    Descriptors,
    /// Stream directories and the file entries of streams.
    Streams,
    /// Bitmap of the partition.
    Bitmap,
    /// Virtual allocation table.
    VirtualTable,
    /// File entry of the virtual allocation table.
    VirtualEntry,
}

/// A run of blocks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Run {
    pub(crate) start: Lba,
    pub(crate) blocks: u32,
}

/// Addresses of the metadata file and what belongs to it. UDF 2.50 2.2.13.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MetadataFile {
    pub(crate) entry: Lba,
    pub(crate) content: Run,
    pub(crate) mirror_entry: Lba,
    /// The content again, or for the second time.
    pub(crate) mirror: Lba,
    /// How many blocks of the content are in use.
    pub(crate) used: u32,
    /// File entry and content of the bitmap.
    pub(crate) bitmap: Option<(Lba, Run)>,
}

/// Addresses of what replaces bad packets. UDF 2.2.9, 2.2.12.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sparing {
    pub(crate) tables: [Lba; 2],
    pub(crate) spare: Lba,
}

/// Addresses of a UDF volume.
#[derive(Clone, Debug, Default)]
pub(crate) struct UdfLayout {
    pub(crate) form: Form,
    pub(crate) main: Lba,
    pub(crate) integrity: Lba,
    pub(crate) reserve: Lba,
    pub(crate) partition: Run,
    pub(crate) file_set: Lba,
    /// File entry of item 0; the others follow, one block each.
    entries: Run,
    pub(crate) directories: Directories,
    pub(crate) descriptors: Runs,
    pub(crate) targets: Runs,
    pub(crate) streams: Runs,
    pub(crate) metadata: Option<MetadataFile>,
    pub(crate) sparing: Option<Sparing>,
    pub(crate) bitmap: Run,
    /// What the bitmap says is free.
    pub(crate) free: FreeSpace,
    /// Items that have no file entry, where that has to be told.
    pub(crate) blank: Vec<u32>,
    pub(crate) virtual_table: Run,
    pub(crate) virtual_entry: Lba,
    /// The file entry of the table of the session before.
    pub(crate) previous_entry: Option<Lba>,
}

/// Hands out addresses and notes what is there.
pub(super) struct Placer<'a> {
    pub(super) cursor: &'a mut Cursor,
    pub(super) regions: &'a mut Vec<Placed>,
}

impl Placer<'_> {
    fn place(&mut self, region: UdfRegion, blocks: u32) -> Run {
        let run = Run { start: self.cursor.take(blocks.into()), blocks };
        self.note(region, run);
        run
    }

    fn note(&mut self, region: UdfRegion, Run { start, blocks }: Run) {
        if blocks > 0 {
            self.regions.push(Placed { region: Region::Udf(region), start, blocks });
        }
    }

    fn align(&mut self, multiple: u32) {
        self.cursor.align_end(0, multiple);
    }
}

impl UdfLayout {
    /// Measures what there is. Addresses come with the `assign_` functions, in the order they stand here.
    pub(super) fn new(content: &Content) -> Result<Self, PlanError> {
        let form = Form::new(&content.options);
        let mut layout =
            Self { form, directories: Directories::new(form, content), ..Self::default() };
        layout.entries.blocks = content.catalog.len();
        if form.has_bitmap() {
            layout.blank =
                (0..content.catalog.len()).filter(|item| !content.has_udf_entry(*item)).collect();
        }
        for item in 0..content.catalog.len() {
            if !content.has_udf_entry(item) {
                continue;
            }
            check(form, content, item)?;
            let streams = &content.file_details(item).streams;
            if !streams.is_empty() {
                layout.streams.push(item, StreamBlocks::new(streams).blocks());
            }
            match content.kind(item) {
                Kind::File { len, .. } => {
                    let descriptors = Descriptors::new(form, len, entry_room(form, content, item));
                    layout.descriptors.push(item, descriptors.blocks());
                }
                Kind::Symlink { target }
                    if symlink_len(target) > entry_room(form, content, item) =>
                {
                    let len = number(symlink_len(target));
                    layout.targets.push(item, len.div_ceil(BLOCK_BYTES));
                }
                _ => {}
            }
        }
        Ok(layout)
    }

    /// What tells that there is a UDF volume.
    pub(super) fn assign_recognition(&self, to: &mut Placer<'_>) {
        to.place(UdfRegion::Recognition, RECOGNITION_BLOCKS);
    }

    /// Whether blocks of other file systems stand outside the partition: its bitmap would call them used, and nothing in UDF
    /// says by what. A list of such blocks is for media without defect management alone, and from 2.00 on. UDF 2.00 3.3.7.2.
    pub(super) const fn stands_apart(&self) -> bool {
        self.form.has_bitmap()
    }

    /// The other structures before the partition; their places go by the start of the session. UDF 6.10.3.
    pub(super) fn assign_head(&mut self, to: &mut Placer<'_>, session: Lba) {
        to.align(SEQUENCE_BLOCKS);
        self.main = to.place(UdfRegion::VolumeSequence, SEQUENCE_BLOCKS).start;
        self.integrity = to.place(UdfRegion::Integrity, INTEGRITY_BLOCKS).start;
        if self.form.is_virtual() {
            to.cursor.skip_to(session.plus(RESERVE_IN_HEAD));
            self.reserve = to.place(UdfRegion::VolumeSequence, SEQUENCE_BLOCKS).start;
        }
        to.cursor.skip_to(session.plus(ANCHOR));
        to.place(UdfRegion::Anchor, 1);
        if let Some(packet) = self.form.packet() {
            to.align(packet);
            let table = to.place(UdfRegion::SparingTable, 1).start;
            to.align(packet);
            let spare = to.cursor.take(u64::from(self.form.spare_packets()) * u64::from(packet));
            self.sparing = Some(Sparing { tables: [table, table], spare });
        }
    }

    /// What the partition begins with, but for what earlier sessions recorded: that is in it too, and with it whatever lies
    /// between, which nothing in it refers to.
    pub(super) fn begin_partition(&mut self, to: &mut Placer<'_>, content: &Content) {
        let unit = self.form.partition_unit();
        to.align(unit);
        let here = to.cursor.peek();
        let first = content.first_recorded().unwrap_or(here);
        self.partition.start = here.min(Lba(first.0 - first.0 % unit));
        let earlier = content.options.session.and_then(|session| session.udf);
        // What that table says is counted from the start of its own partition.
        let earlier = earlier.filter(|earlier| earlier.partition == self.partition.start);
        self.previous_entry = earlier.and_then(|earlier| earlier.virtual_table);
        if self.form.has_metadata() {
            self.metadata = Some(self.metadata_entries(to));
        } else {
            self.file_set = to.place(UdfRegion::FileSet, self.form.file_set_blocks()).start;
        }
    }

    /// The file entry of the metadata file, and its bitmap where one is recorded.
    fn metadata_entries(&self, to: &mut Placer<'_>) -> MetadataFile {
        let entry = to.place(UdfRegion::MetadataEntry, 1).start;
        let bitmap = self.form.has_bitmap().then(|| {
            let entry = to.place(UdfRegion::BitmapEntry, 1).start;
            let blocks = bitmap_len(self.metadata_blocks()).div_ceil(BLOCK_BYTES);
            (entry, to.place(UdfRegion::MetadataBitmap, blocks))
        });
        MetadataFile { entry, bitmap, ..MetadataFile::default() }
    }

    /// Blocks that the metadata file is allotted.
    fn metadata_blocks(&self) -> u32 {
        let directories = self.directories.blocks();
        let used = u64::from(self.form.file_set_blocks())
            + directories
            + u64::from(self.entries.blocks)
            + u64::from(self.descriptors.blocks)
            + u64::from(self.streams.blocks);
        u32::try_from(used.next_multiple_of(METADATA_UNIT.into())).unwrap_or(u32::MAX)
    }

    /// Directories, file entries and what they refer to.
    pub(super) fn assign_files(&mut self, to: &mut Placer<'_>) {
        self.targets.assign(to.cursor);
        to.note(UdfRegion::Targets, Run { start: self.targets.start, blocks: self.targets.blocks });
        if self.metadata.is_some() {
            to.align(METADATA_UNIT);
            self.file_set = to.place(UdfRegion::FileSet, self.form.file_set_blocks()).start;
        }
        let start = to.cursor.peek();
        self.directories.assign(to.cursor);
        to.note(UdfRegion::Directories, Run { start, blocks: to.cursor.peek().since(start) });
        self.entries = to.place(UdfRegion::Entries, self.entries.blocks);
        self.descriptors.assign(to.cursor);
        let descriptors = Run { start: self.descriptors.start, blocks: self.descriptors.blocks };
        to.note(UdfRegion::Descriptors, descriptors);
        self.streams.assign(to.cursor);
        to.note(UdfRegion::Streams, Run { start: self.streams.start, blocks: self.streams.blocks });
        if let Some(metadata) = &mut self.metadata {
            let start = self.file_set;
            metadata.used = to.cursor.peek().since(start);
            to.align(METADATA_UNIT);
            metadata.content = Run { start, blocks: to.cursor.peek().since(start) };
            metadata.mirror = start;
        }
        if self.form.is_virtual() {
            let blocks = self.virtual_table_len().div_ceil(BLOCK_BYTES.into());
            let blocks = u32::try_from(blocks).unwrap_or(u32::MAX);
            self.virtual_table = to.place(UdfRegion::VirtualTable, blocks);
        }
    }

    /// What stands behind the file data in the partition. The length of the image will be a multiple of `multiple`.
    pub(super) fn end_partition(&mut self, to: &mut Placer<'_>, multiple: u32) {
        if let Some(metadata) = &mut self.metadata {
            if self.form.is_duplicated() {
                to.align(METADATA_UNIT);
                metadata.mirror = to.place(UdfRegion::Mirror, metadata.content.blocks).start;
            }
            metadata.mirror_entry = to.place(UdfRegion::MirrorEntry, 1).start;
        }
        if self.form.has_bitmap() {
            // Enough for what alignment may still add.
            let so_far = to.cursor.peek().since(self.partition.start);
            let most =
                so_far.saturating_add(multiple).saturating_add(so_far / 8192).saturating_add(64);
            self.bitmap = to.place(UdfRegion::Bitmap, bitmap_len(most).div_ceil(BLOCK_BYTES));
        }
        to.align(self.form.packet().unwrap_or(1));
        self.partition.blocks = to.cursor.peek().since(self.partition.start);
    }

    /// What stands behind the partition: the last block is an anchor, or the entry of the virtual allocation table. Before the
    /// anchors are as many blocks for something else as are wanted; the first of them is returned.
    pub(super) fn assign_tail(&mut self, to: &mut Placer<'_>, multiple: u32, others: u32) -> Lba {
        let follows = to.cursor.peek() == self.partition.start.plus(self.partition.blocks);
        to.cursor.align_end((TAIL_BLOCKS + others).into(), multiple);
        if follows {
            let blocks = to.cursor.peek().since(self.partition.start);
            self.partition.blocks = blocks - blocks % self.form.packet().unwrap_or(1);
        }
        let first = to.cursor.take(others.into());
        if others > 0 {
            to.regions.push(Placed { region: Region::BackupTable, start: first, blocks: others });
        }
        to.place(UdfRegion::Anchor, 1);
        let end = to.cursor.peek().plus(TAIL_BLOCKS - 2);
        if self.form.is_virtual() {
            to.cursor.skip_to(end);
            self.virtual_entry = to.place(UdfRegion::VirtualEntry, 1).start;
            self.partition.blocks = to.cursor.peek().since(self.partition.start);
            return first;
        }
        self.reserve = to.place(UdfRegion::VolumeSequence, SEQUENCE_BLOCKS).start;
        if let (Some(packet), Some(sparing)) = (self.form.packet(), &mut self.sparing) {
            to.align(packet);
            let table = to.place(UdfRegion::SparingTable, 1).start;
            let [_, second] = &mut sparing.tables;
            *second = table;
        }
        to.cursor.skip_to(end);
        to.place(UdfRegion::Anchor, 1);
        first
    }

    /// Finds what is free where a bitmap tells it.
    pub(super) fn find_free(&mut self, regions: &[Placed], content: &Content) {
        if self.form.has_bitmap() {
            self.free = FreeSpace::new(self, regions, content);
        }
    }

    /// Block relative to the partition that files are in.
    pub(crate) const fn relative(&self, lba: Lba) -> u32 {
        lba.since(self.partition.start)
    }

    /// Block relative to the space that directories and allocation descriptors are addressed in.
    pub(crate) fn in_entry_space(&self, lba: Lba) -> u32 {
        let start = self.metadata.map_or(self.partition.start, |metadata| metadata.content.start);
        lba.since(start)
    }

    /// Where a block of the file set descriptor or a file entry is found: a virtual address in a virtual partition.
    fn address(&self, lba: Lba) -> LbAddr {
        let block = if !self.form.is_virtual() {
            self.in_entry_space(lba)
        } else if lba < self.entries.start {
            lba.since(self.file_set)
        } else {
            self.form.file_set_blocks().saturating_add(lba.since(self.entries.start))
        };
        LbAddr { block: block.into(), partition: self.form.entry_partition().into() }
    }

    /// The file set descriptor.
    pub(crate) fn file_set_address(&self) -> LbAddr {
        self.address(self.file_set)
    }

    /// Where the file entry of an item is.
    pub(crate) const fn entry_lba(&self, item: u32) -> Lba {
        self.entries.start.plus(item)
    }

    /// The item whose file entry this block is, in the metadata file or in its mirror.
    pub(crate) fn entry_item_at(&self, lba: Lba) -> Option<u32> {
        let mirrored = self
            .metadata
            .filter(|metadata| metadata.mirror > metadata.content.start && lba >= metadata.mirror);
        let lba = mirrored
            .map_or(lba, |metadata| metadata.content.start.plus(lba.since(metadata.mirror)));
        let item = lba.0.checked_sub(self.entries.start.0)?;
        (item < self.entries.blocks).then_some(item)
    }

    /// A block of further descriptors or of streams: never virtual.
    pub(crate) fn real_address(&self, lba: Lba) -> LbAddr {
        let partition = u16::from(self.metadata.is_some());
        LbAddr { block: self.in_entry_space(lba).into(), partition: partition.into() }
    }

    /// The file entry of an item.
    pub(crate) fn entry_of(&self, item: u32) -> LbAddr {
        self.address(self.entry_lba(item))
    }

    /// Item whose entry a virtual block is.
    pub(crate) fn virtual_item(&self, virtual_block: u32) -> Option<u32> {
        virtual_block.checked_sub(self.form.file_set_blocks())
    }

    /// Block of the partition that a virtual block is. UDF 2.2.11.
    pub(crate) fn real_block(&self, virtual_block: u32) -> u32 {
        match virtual_block.checked_sub(self.form.file_set_blocks()) {
            Some(entry) => self.relative(self.entries.start).saturating_add(entry),
            None => self.relative(self.file_set).saturating_add(virtual_block),
        }
    }

    /// How many virtual blocks there are.
    pub(crate) fn virtual_blocks(&self) -> u32 {
        self.form.file_set_blocks().saturating_add(self.entries.blocks)
    }

    /// Bytes of the virtual allocation table.
    pub(crate) fn virtual_table_len(&self) -> u64 {
        let fixed = if self.form.has_extended_entries() {
            size_of::<VirtualAllocationTable>()
        } else {
            size_of::<VirtualAllocationTail>()
        };
        u64::from(self.virtual_blocks()) * 4 + fixed as u64
    }
}

impl MetadataFile {
    /// Blocks of the content that nothing is in.
    pub(crate) fn free(&self, blank: &[u32]) -> u32 {
        (self.content.blocks - self.used).saturating_add(number(blank.len()))
    }
}

/// Bytes of a bitmap of this many blocks.
pub(crate) fn bitmap_len(blocks: u32) -> u32 {
    number(size_of::<SpaceBitmap>()) + blocks.div_ceil(8)
}

/// Bytes of the path components of a symbolic link. ECMA-167 4/14.16.
pub(crate) fn symlink_len(target: &str) -> usize {
    let root = if target.starts_with('/') { size_of::<PathComponent>() } else { 0 };
    let components = target.split('/').filter(|part| !part.is_empty());
    let len = |part: &str| match part {
        "." | ".." => 0,
        _ => cs0::encoded_len(part),
    };
    root + components.map(|part| size_of::<PathComponent>() + len(part)).sum::<usize>()
}

/// Whether the components of a link can be recorded: each has a length of one byte. ECMA-167 4/14.16.1.2.
pub(crate) fn symlink_fits(target: &str) -> bool {
    target.split('/').all(|part| cs0::encoded_len(part) <= usize::from(u8::MAX))
}

/// Bytes that the file entry of an item leaves for allocation descriptors or embedded data.
pub(crate) fn entry_room(form: Form, content: &Content, item: u32) -> usize {
    form.entry_room().saturating_sub(attributes(form, content, item).len())
}

/// Refuses what the revision does not have, or has no room for.
fn check(form: Form, content: &Content, item: u32) -> Result<(), PlanError> {
    let details = content.file_details(item);
    let path = || content.tree.path(content.node(item));
    if !details.streams.is_empty() && !form.has_extended_entries() {
        return Err(PlanError::UdfStreams { path: path(), revision: form.revision });
    }
    if details.real_time && form.revision < UdfRevision::V2_01 {
        return Err(PlanError::UdfRealTime { path: path(), revision: form.revision });
    }
    // Zeros fill up what a name leaves of its field.
    let fits =
        |name: &str| (1..=attributes::MAX_NAME).contains(&name.len()) && !name.contains('\0');
    if let Some((name, _)) = details.extended_attributes.iter().find(|(name, _)| !fits(name)) {
        return Err(PlanError::UdfAttributeName { path: path(), name: name.clone() });
    }
    let names = details.streams.iter().map(|stream| stream.name.as_str());
    for (position, name) in names.clone().enumerate() {
        let fits = !matches!(name, "" | "." | "..")
            && !name.contains(['/', '\0'])
            && cs0::encoded_len(name) <= usize::from(u8::MAX);
        if !fits || names.clone().skip(position + 1).any(|other| other == name) {
            return Err(PlanError::UdfStreamName { path: path(), name: name.into() });
        }
    }
    if content.links(item, System::Udf) > u16::MAX.into() {
        return Err(PlanError::UdfLinks { path: path() });
    }
    let len = attributes(form, content, item).len();
    // Room for the descriptors of a file and the pointer to further ones has to stay.
    let limit = form.entry_room() - 4 * form.descriptor_len();
    if len > limit {
        return Err(PlanError::UdfAttributes { path: path(), len, limit });
    }
    Ok(())
}

impl Content {
    /// Whether the bytes of a file stand in its file entry and nowhere else.
    pub(crate) fn is_embedded(&self, item: u32) -> bool {
        let form = Form::new(&self.options);
        let Some((_, len)) = self.file(item).filter(|(_, len)| form.embeds(*len, BLOCK_SIZE))
        else {
            return false;
        };
        let known = self.file_details(item).content.as_ref().map(|bytes| bytes.len() as u64);
        known == Some(len) && form.embeds(len, entry_room(form, self, item))
    }

    /// The source and length of a stream's bytes.
    pub(crate) fn stream(&self, extent: StreamExtent) -> Option<&Stream> {
        self.file_details(extent.item).streams.get(extent.stream as usize)
    }

    /// Whether UDF has a name for an item's file, if it is of one.
    pub(crate) fn is_named_in_udf(&self, item: Option<u32>) -> bool {
        item.is_some_and(|item| self.links(item, System::Udf) > 0)
    }

    /// Whether an item has a file entry of its own: the first name of what has any name in UDF.
    pub(crate) fn has_udf_entry(&self, item: u32) -> bool {
        self.catalog.entry_item(item) == item && self.links(item, System::Udf) > 0
    }
}
