//! Where the structures of a UDF volume go: one plain partition that spans all metadata and file data. UDF 1.02 2.2, 2.3.

use alloc::vec::Vec;

use super::catalog::number;
use super::content::Content;
use super::cursor::Cursor;
use super::presence::System;
use crate::BLOCK_SIZE;
use crate::address::{BLOCK_BYTES, Lba};
use crate::wire::udf::{ANCHOR, FileIdentifier, PathComponent, SHORT_AD_MAX, ShortAd, cs0};

/// Blocks of a volume descriptor sequence. UDF 2.2.3.2.
pub(crate) const SEQUENCE_BLOCKS: u32 = 16;
/// Blocks of the integrity sequence: at least 8 KiB. UDF 2.2.4.6.
pub(crate) const INTEGRITY_BLOCKS: u32 = 4;
/// Blocks of the volume recognition sequence: BEA01, NSR02, TEA01. ECMA-167 2/8.3.1.
pub(crate) const RECOGNITION_BLOCKS: u32 = 3;
/// The file set descriptor and its terminating descriptor.
pub(crate) const FILE_SET_BLOCKS: u32 = 2;
/// Blocks behind the partition: anchor at N-256, reserve sequence, anchor at N.
pub(crate) const TAIL_BLOCKS: u32 = 257;
/// Bytes behind the fixed part of a file entry, for allocation descriptors or embedded data.
pub(crate) const FILE_ENTRY_ROOM: usize = BLOCK_SIZE - size_of::<crate::wire::udf::FileEntry>();
/// Longest file whose allocation descriptors fit into its file entry.
pub(crate) const MAX_FILE: u64 =
    (FILE_ENTRY_ROOM / size_of::<ShortAd>()) as u64 * SHORT_AD_MAX as u64;

/// Where the file identifiers of a directory are.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct UdfDirectory {
    pub(crate) start: Lba,
    /// Length of the file identifiers, in bytes.
    pub(crate) len: u32,
    /// Where the positions of its blocks begin in [`UdfLayout::positions`].
    index: u32,
}

impl UdfDirectory {
    pub(crate) const fn blocks(&self) -> u32 {
        self.len.div_ceil(BLOCK_BYTES)
    }
}

/// What a block of file identifiers begins with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IdentifierPosition {
    /// 0 is the parent, then come the children.
    pub(crate) ordinal: u32,
    /// Where its identifier begins in the directory, in bytes; at or before the start of the block.
    pub(crate) offset: u32,
}

/// Addresses of a UDF volume.
#[derive(Clone, Debug, Default)]
pub(crate) struct UdfLayout {
    pub(crate) recognition: Lba,
    pub(crate) main: Lba,
    pub(crate) integrity: Lba,
    /// First block of the partition.
    pub(crate) partition: Lba,
    pub(crate) partition_blocks: u32,
    pub(crate) file_set: Lba,
    /// File entry of item 0; the others follow, one block each.
    pub(crate) entries: Lba,
    pub(crate) reserve: Lba,
    pub(crate) anchors: [Lba; 3],
    /// In canonical order, hence by address.
    pub(crate) directories: Vec<UdfDirectory>,
    positions: Vec<IdentifierPosition>,
    pub(crate) directory_blocks: u64,
}

impl UdfLayout {
    /// Measures the directories. Addresses come with the `assign_` functions, in the order they stand here.
    pub(super) fn new(content: &Content) -> Self {
        let mut layout = Self::default();
        for directory in content.catalog.directories() {
            let index = number(layout.positions.len());
            // What is not there keeps its ordinal.
            let children = (1..).zip(directory.children.clone());
            let there = children.filter(|(_, item)| content.is_in(*item, System::Udf));
            let named = there.map(|(ordinal, item)| (ordinal, identifier_len(content, item)));
            let mut end = 0u32;
            for (ordinal, len) in core::iter::once((0, 0)).chain(named) {
                let offset = end;
                end = end.saturating_add(number(FileIdentifier::padded_len(len)));
                let covered =
                    |layout: &Self| (layout.positions.len() - index as usize) * BLOCK_SIZE;
                while covered(&layout) < end as usize {
                    layout.positions.push(IdentifierPosition { ordinal, offset });
                }
            }
            let directory = UdfDirectory { start: Lba::default(), len: end, index };
            layout.directory_blocks += u64::from(directory.blocks());
            layout.directories.push(directory);
        }
        layout
    }

    /// Main sequence and integrity, all before the anchor at 256 where the partition begins.
    pub(super) fn assign_head(&mut self, cursor: &mut Cursor) {
        cursor.skip_to(Lba(cursor.peek().0.next_multiple_of(SEQUENCE_BLOCKS)));
        self.main = cursor.take(SEQUENCE_BLOCKS.into());
        self.integrity = cursor.take(INTEGRITY_BLOCKS.into());
        cursor.skip_to(Lba(ANCHOR));
        let [first, ..] = &mut self.anchors;
        *first = cursor.take(1);
        self.partition = cursor.peek();
        self.file_set = cursor.take(FILE_SET_BLOCKS.into());
    }

    /// Directories and file entries.
    pub(super) fn assign_files(&mut self, content: &Content, cursor: &mut Cursor) {
        for directory in &mut self.directories {
            directory.start = cursor.take(directory.blocks().into());
        }
        self.entries = cursor.take(content.catalog.len().into());
    }

    /// What stands behind the partition, so that the last block is an anchor.
    pub(super) fn assign_tail(&mut self, cursor: &mut Cursor) {
        self.partition_blocks = cursor.peek().since(self.partition);
        let [_, second, third] = &mut self.anchors;
        *second = cursor.take(1);
        self.reserve = cursor.take(SEQUENCE_BLOCKS.into());
        let between = TAIL_BLOCKS - 2 - SEQUENCE_BLOCKS;
        cursor.take(between.into());
        *third = cursor.take(1);
    }

    /// Block relative to the partition.
    pub(crate) const fn relative(&self, lba: Lba) -> u32 {
        lba.since(self.partition)
    }

    /// The file entry of an item, relative to the partition.
    pub(crate) const fn entry_of(&self, item: u32) -> u32 {
        self.relative(self.entries).saturating_add(item)
    }

    /// The directory whose identifiers are in this block, as its position in the catalog, which of its blocks that is, and
    /// what the block begins with.
    pub(crate) fn directory_at(&self, lba: Lba) -> Option<(u32, u32, IdentifierPosition)> {
        let after = self.directories.partition_point(|directory| directory.start <= lba);
        let position = after.checked_sub(1)?;
        let directory = self.directories.get(position)?;
        let ordinal = lba.since(directory.start);
        let from = self.positions.get((directory.index + ordinal) as usize)?;
        Some((number(position), ordinal, *from))
    }
}

/// Length of the identifier of an item, in bytes.
fn identifier_len(content: &Content, item: u32) -> usize {
    cs0::encoded_len(content.names.udf.name(item, content.original_name(item)))
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

/// Whether a link can be recorded in its file entry.
pub(crate) fn symlink_fits(target: &str) -> bool {
    let fits = |part: &str| cs0::encoded_len(part) <= usize::from(u8::MAX);
    symlink_len(target) <= FILE_ENTRY_ROOM && target.split('/').all(fits)
}
