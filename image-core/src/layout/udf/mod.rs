//! Where the structures of a UDF volume go.
//!
//! A partition spans all metadata and file data; one that tells its free space spans no more than what UDF refers to. Behind
//! it stand the reserve sequence and the anchors, so that they are far from the main ones. In a metadata partition, file
//! set, directories and file entries stand together in the metadata file, and its mirror stands behind the file data. Of a
//! virtual partition the table comes last. UDF 2.2, 2.3.

mod addresses;
mod attributes;
mod check;
mod descriptors;
mod directories;
mod entries;
mod form;
mod runs;
mod space;
mod streams;

use alloc::vec::Vec;

pub(crate) use attributes::{attributes, leaves_out};
pub(crate) use descriptors::Descriptors;
pub(crate) use directories::{Directories, identifier_use};
pub(crate) use entries::{entry_room, symlink_fits, symlink_len};
pub(crate) use form::{Form, METADATA_UNIT};
pub(crate) use runs::Runs;
pub(crate) use space::FreeSpace;
pub(super) use streams::place_streams;
pub(crate) use streams::{StreamBlock, StreamBlocks, StreamExtent};

use super::catalog::number;
use super::content::Content;
use super::cursor::Cursor;
use super::{Placed, Region};
use crate::address::{BLOCK_BYTES, Lba};
use crate::plan::PlanError;
use crate::tree::Kind;
use crate::wire::udf::{ANCHOR, AllocationExtentHead, FileEntry, SpaceBitmap};

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
        self.cursor.align_end(0, multiple.into());
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
            check::check(form, content, item)?;
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
    pub(super) fn end_partition(&mut self, to: &mut Placer<'_>, multiple: u64) {
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
            let most = u64::from(so_far).saturating_add(multiple) + u64::from(so_far / 8192) + 64;
            let most = u32::try_from(most).unwrap_or(u32::MAX);
            self.bitmap = to.place(UdfRegion::Bitmap, bitmap_len(most).div_ceil(BLOCK_BYTES));
        }
        to.align(self.form.packet().unwrap_or(1));
        self.partition.blocks = to.cursor.peek().since(self.partition.start);
    }

    /// What stands behind the partition: the last block is an anchor, or the entry of the virtual allocation table. Before the
    /// anchors are as many blocks for something else as are wanted; the first of them is returned.
    pub(super) fn assign_tail(&mut self, to: &mut Placer<'_>, multiple: u64, others: u32) -> Lba {
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
