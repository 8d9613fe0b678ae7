//! What partitions are made of: sparing tables, virtual allocation tables, bitmaps, and the entries of the metadata file.
//! UDF 2.2.11 to 2.2.13.

use alloc::vec::Vec;

use zerocopy::{FromZeros as _, IntoBytes as _};

use super::entry::{Allocation, Entry, Space};
use super::{FIRST_UNIQUE_ID, bytes_of, part, tagged, tagged_in_part, udf_identifier};
use crate::BLOCK_SIZE;
use crate::address::{BLOCK_BYTES, Lba};
use crate::layout::System;
use crate::layout::udf::{Form, METADATA_UNIT, UdfLayout, UdfRegion, bitmap_len};
use crate::plan::Plan;
use crate::wire::udf::{
    DescriptorTag, SPARING_TABLE, SpaceBitmap, SparingEntry, SparingTable,
    VIRTUAL_ALLOCATION_TABLE, VIRTUAL_UNUSED, VirtualAllocationTable, VirtualAllocationTail, cs0,
    file_type, tag_id,
};

/// There is no earlier table. UDF 2.2.11.
const NO_PREVIOUS: u32 = u32::MAX;

/// Most bytes of an extent of the metadata file: 2^30 less one of the units that its extents are made of. UDF 2.50 2.2.13.
const METADATA_AD_MAX: u32 = (1 << 30) - METADATA_UNIT * BLOCK_BYTES;

/// Bytes of a sparing table.
pub(super) fn sparing_len(form: Form) -> u32 {
    let len = size_of::<SparingTable>() + form.spare_packets() as usize * size_of::<SparingEntry>();
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// A sparing table: no packet is bad yet. UDF 2.2.12.
pub(super) fn sparing(udf: &UdfLayout, lba: Lba) -> Vec<u8> {
    let (packet, packets) = (udf.form.packet().unwrap_or_default(), udf.form.spare_packets());
    let spare = udf.sparing.unwrap_or_default().spare;
    let mut bytes = bytes_of(&SparingTable {
        tag: DescriptorTag::default(),
        identifier: udf_identifier(udf.form, SPARING_TABLE),
        entries: u16::try_from(packets).unwrap_or_default().into(),
        reserved: 0.into(),
        sequence_number: 1.into(),
    });
    for ordinal in 0..packets {
        let entry = SparingEntry {
            original: SparingEntry::AVAILABLE.into(),
            mapped: spare.plus(ordinal * packet).0.into(),
        };
        bytes.extend_from_slice(entry.as_bytes());
    }
    tagged(udf.form, 0, lba.0, bytes)
}

/// A block of the bitmap of the partition. ECMA-167 4/14.12; UDF 2.3.8.
pub(super) fn bitmap(udf: &UdfLayout, ordinal: u32) -> Vec<u8> {
    let location = udf.relative(udf.bitmap.start);
    bitmap_block(udf.form, udf.partition.blocks, location, ordinal, |first, bits| {
        udf.free.mark(udf.partition.start.plus(first), bits);
    })
}

/// A block of the bitmap of the metadata file: what it has more than is used is free. UDF 2.50 2.2.13.
pub(super) fn metadata_bitmap(udf: &UdfLayout, ordinal: u32) -> Vec<u8> {
    let metadata = udf.metadata.unwrap_or_default();
    let Some((_, content)) = metadata.bitmap else { return Vec::new() };
    let entries = udf.in_entry_space(udf.entry_lba(0));
    let blank = |block: u32| {
        let item = block.checked_sub(entries);
        item.is_some_and(|item| udf.blank.binary_search(&item).is_ok())
    };
    let is_free = |block: u32| block >= metadata.used || blank(block);
    let blocks = metadata.content.blocks;
    bitmap_block(udf.form, blocks, udf.relative(content.start), ordinal, |first, bits| {
        for (bit, block) in (0..bits.len() * 8).zip(first..blocks) {
            if let Some(byte) = bits.get_mut(bit / 8).filter(|_| is_free(block)) {
                *byte |= 1 << (bit % 8);
            }
        }
    })
}

/// A block of a bitmap that begins at `location`; `mark` sets the bits of the blocks from one on. It has no
/// CRC, which need not be kept, and is not to be for metadata. UDF 2.3.8.1; 2.50 2.2.13.
fn bitmap_block(
    form: Form,
    bits: u32,
    location: u32,
    ordinal: u32,
    mark: impl Fn(u32, &mut [u8]),
) -> Vec<u8> {
    let head = SpaceBitmap {
        tag: DescriptorTag::default(),
        bits: bits.into(),
        bytes: bits.div_ceil(8).into(),
    };
    let mut block = alloc::vec![0; BLOCK_SIZE];
    let (head_bytes, bitmap) = block.split_at_mut(size_of::<SpaceBitmap>());
    if ordinal == 0 {
        head_bytes.copy_from_slice(&tagged_in_part(
            form,
            tag_id::SPACE_BITMAP,
            location,
            bytes_of(&head),
            0,
        ));
        mark(0, bitmap);
    } else {
        let before = ordinal as usize * BLOCK_SIZE - size_of::<SpaceBitmap>();
        mark(u32::try_from(before * 8).unwrap_or(u32::MAX), &mut block);
    }
    block
}

impl Plan {
    /// The entry of the metadata file, its mirror or its bitmap. UDF 2.50 2.2.13.1.
    pub(super) fn metadata_entry(&self, udf: &UdfLayout, region: UdfRegion, lba: Lba) -> Vec<u8> {
        let metadata = udf.metadata.unwrap_or_default();
        let bytes = |blocks| crate::address::bytes_in(blocks);
        let (file_type, start, len) = match (region, metadata.bitmap) {
            (UdfRegion::MirrorEntry, _) => {
                (file_type::METADATA_MIRROR, metadata.mirror, bytes(metadata.content.blocks))
            }
            (UdfRegion::BitmapEntry, Some((_, content))) => {
                let len = bitmap_len(metadata.content.blocks).into();
                (file_type::METADATA_BITMAP, content.start, len)
            }
            _ => (file_type::METADATA, metadata.content.start, bytes(metadata.content.blocks)),
        };
        let allocation = Allocation::metadata(udf.relative(start), len);
        let entry = Entry::system(file_type, self.content.options.created, allocation);
        entry.render(udf.form, udf.relative(lba))
    }

    /// A block of the virtual allocation table. UDF 2.2.11.
    pub(super) fn virtual_table(&self, udf: &UdfLayout, ordinal: u32) -> Vec<u8> {
        let (head, tail) = self.virtual_table_ends(udf);
        let entries = udf.virtual_blocks() as usize;
        let start = (ordinal as usize * BLOCK_SIZE).saturating_sub(head.len()) / 4;
        let mut bytes = if ordinal == 0 { head } else { Vec::new() };
        for entry in start..entries.min(start + BLOCK_SIZE / 4) {
            let entry = u32::try_from(entry).unwrap_or(u32::MAX);
            let is_used =
                udf.virtual_item(entry).is_none_or(|item| self.content.has_udf_entry(item));
            let block = if is_used { udf.real_block(entry) } else { VIRTUAL_UNUSED };
            bytes.extend_from_slice(&block.to_le_bytes());
        }
        if bytes.len() < BLOCK_SIZE {
            // What the table ends with may have begun in the block before.
            let begun = start.saturating_sub(entries) * 4;
            bytes.extend_from_slice(tail.get(begun..).unwrap_or_default());
        }
        part(&bytes, 0)
    }

    /// What stands before and behind the entries of the table.
    fn virtual_table_ends(&self, udf: &UdfLayout) -> (Vec<u8>, Vec<u8>) {
        let previous = udf.previous_entry.map_or(NO_PREVIOUS, |entry| udf.relative(entry));
        if !udf.form.has_extended_entries() {
            let tail = VirtualAllocationTail {
                identifier: udf_identifier(udf.form, VIRTUAL_ALLOCATION_TABLE),
                previous: previous.into(),
            };
            return (Vec::new(), bytes_of(&tail));
        }
        let (files, directories) = self.udf_counts();
        let mut head = VirtualAllocationTable::new_zeroed();
        head.header_length = 152.into();
        head.logical_volume_identifier = cs0::dstring(&self.content.options.volume_id);
        head.previous = previous.into();
        head.files = files.into();
        head.directories = directories.into();
        head.minimum_read = udf.form.minimum_read().into();
        head.minimum_write = udf.form.revision.number().into();
        head.maximum_write = udf.form.revision.number().into();
        (bytes_of(&head), Vec::new())
    }

    /// The entry of the virtual allocation table: the last block. UDF 2.2.11.
    pub(super) fn virtual_entry(&self, udf: &UdfLayout, lba: Lba) -> Vec<u8> {
        let file_type =
            if udf.form.has_extended_entries() { file_type::VIRTUAL_ALLOCATION_TABLE } else { 0 };
        let start = udf.relative(udf.virtual_table.start);
        let allocation = Allocation::short(start, udf.virtual_table_len());
        let mut entry = Entry::system(file_type, self.content.options.created, allocation);
        entry.unique_id = FIRST_UNIQUE_ID + u64::from(self.content.catalog.len());
        entry.render(udf.form, udf.relative(lba))
    }

    /// How many files and directories the volume has. UDF 2.2.6.4.
    pub(super) fn udf_counts(&self) -> (u32, u32) {
        let (directories, files) = self.content.counts(System::Udf);
        (files, directories)
    }
}

impl Allocation {
    /// Consecutive blocks of the partition that the entry itself is in.
    fn short(start: u32, len: u64) -> Self {
        Self::extents(Space::Own, start, len)
    }

    /// The same of the metadata file: all extents are whole allocation units. UDF 2.50 2.2.10, 2.2.13.
    fn metadata(start: u32, len: u64) -> Self {
        let count = len.div_ceil(METADATA_AD_MAX.into());
        let bytes = Space::Own.descriptors_of(METADATA_AD_MAX, start, len, 0..count);
        Self::described(Space::Own, len, bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::udf::ShortAd;

    #[test]
    fn extents_of_the_metadata_file_are_whole_units() {
        let len = 3 << 30;
        let allocation = Allocation::metadata(64, len);
        let (descriptors, rest) = allocation.bytes.as_chunks::<{ size_of::<ShortAd>() }>();
        assert!(rest.is_empty());
        let (mut block, mut covered) = (64, 0);
        for descriptor in descriptors {
            let descriptor: ShortAd = zerocopy::transmute!(*descriptor);
            let (bytes, kind) = descriptor.length();
            assert_eq!((descriptor.block.get(), kind), (block, 0));
            assert_eq!(bytes % (METADATA_UNIT * BLOCK_BYTES), 0);
            block += bytes / BLOCK_BYTES;
            covered += u64::from(bytes);
        }
        assert_eq!((covered, descriptors.len()), (len, 4));
    }
}
