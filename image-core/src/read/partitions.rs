//! Partition tables in the system area, and the backup at the end. UEFI 2.10 clause 5.

use alloc::vec::Vec;

use zerocopy::FromBytes as _;

use super::blocks::Blocks;
use super::{BlockSource, ReadError};
use crate::BLOCK_SIZE;
use crate::wire::partition::{
    GPT_SIGNATURE, GptEntry, GptHeader, MBR_SIGNATURE, MasterBootRecord, PartitionRecord, SECTOR,
    SECTORS_PER_BLOCK, crc32, partition_type,
};

/// Most partition entries that are read, as a bound to the memory a hostile image can claim.
const MAX_ENTRIES: u32 = 1024;
/// Sector of the header of a GUID partition table.
const HEADER_SECTOR: u64 = 1;

/// The partition tables of an image, in sectors of 512 bytes.
#[derive(Clone, Debug, Default)]
pub struct PartitionTables {
    /// Partitions of the master boot record, if there is one. What has no type is left out where it is not all of the image.
    pub mbr: Option<Vec<PartitionRecord>>,
    /// The GUID partition table, or why it cannot be trusted.
    pub gpt: Option<Result<GuidPartitionTable, ReadError>>,
}

/// A GUID partition table whose checksums are right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuidPartitionTable {
    /// Its header.
    pub header: GptHeader,
    /// Partitions that are used.
    pub partitions: Vec<GptEntry>,
}

impl PartitionTables {
    /// Bytes of the partition that begins with a block, if one does.
    pub(super) fn len_at(&self, lba: u32) -> Option<u64> {
        let start = u64::from(lba) * u64::from(SECTORS_PER_BLOCK);
        let gpt = self.gpt.iter().flatten().flat_map(|gpt| &gpt.partitions);
        let gpt = gpt.map(|entry| (entry.first.get(), entry.last.get().saturating_add(1)));
        let mbr = self.mbr.iter().flatten().map(|record| {
            let first = u64::from(record.start.get());
            (first, first + u64::from(record.sectors.get()))
        });
        let (first, end) = gpt.chain(mbr).find(|(first, end)| *first == start && end > first)?;
        (end - first).checked_mul(SECTOR as u64)
    }

    pub(super) fn read<S: BlockSource + ?Sized>(
        blocks: &mut Blocks<'_, S>,
    ) -> Result<Self, ReadError> {
        if blocks.count() == 0 {
            return Ok(Self::default());
        }
        let mbr = MasterBootRecord::read_from_prefix(blocks.block(0)?.as_slice());
        let mbr = mbr.ok().map(|(mbr, _)| mbr).filter(|mbr| mbr.signature == MBR_SIGNATURE);
        // Without a type it is none, but for the one that xorriso makes of the image for GRUB and Windows to pass over.
        let used = |record: &PartitionRecord| {
            record.partition_type != partition_type::NONE
                || record.start.get() == 0 && record.sectors.get() > 0
        };
        let mbr = mbr.map(|mbr| mbr.partitions.into_iter().filter(used).collect());
        let gpt = match gpt(blocks, HEADER_SECTOR) {
            Ok(None) => None,
            Ok(Some(table)) => Some(check_backup(blocks, &table).map(|()| table)),
            Err(error) => Some(Err(error)),
        };
        Ok(Self { mbr, gpt })
    }
}

/// Block and offset of a sector.
fn place(sector: u64) -> Option<(u32, usize)> {
    let block = u32::try_from(sector / u64::from(SECTORS_PER_BLOCK)).ok()?;
    let within = usize::try_from(sector % u64::from(SECTORS_PER_BLOCK)).ok()?;
    Some((block, within * SECTOR))
}

/// The table whose header is in a sector; `None` when there is no header.
fn gpt<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    sector: u64,
) -> Result<Option<GuidPartitionTable>, ReadError> {
    let count = blocks.count();
    let (lba, offset) =
        place(sector).ok_or(ReadError::OutOfRange { lba: u32::MAX, blocks: count })?;
    let bytes = blocks.block(lba)?.get(offset..).unwrap_or_default();
    let Ok((header, _)) = GptHeader::read_from_prefix(bytes) else { return Ok(None) };
    if header.signature != GPT_SIGNATURE {
        return Ok(None);
    }
    let wrong = |field, expected| ReadError::malformed(lba, offset + field, expected);
    if !header.is_valid() || header.header_size.get() as usize != size_of::<GptHeader>() {
        return Err(wrong(16, "the checksum of the partition table's header"));
    }
    if header.my_lba.get() != sector {
        return Err(wrong(24, "the sector that the header is in"));
    }
    if header.entry_size.get() as usize != size_of::<GptEntry>()
        || header.entries.get() > MAX_ENTRIES
    {
        return Err(wrong(80, "at most 1024 partition entries of 128 bytes"));
    }
    let bytes = entries(blocks, &header)?;
    if crc32(&bytes) != header.entries_crc.get() {
        return Err(wrong(88, "the checksum of the partition entries"));
    }
    let (chunks, _) = bytes.as_chunks::<{ size_of::<GptEntry>() }>();
    let partitions = chunks
        .iter()
        .map(|chunk| -> GptEntry { zerocopy::transmute!(*chunk) })
        .filter(|entry| entry.type_guid != [0; 16])
        .collect();
    Ok(Some(GuidPartitionTable { header, partitions }))
}

/// The bytes of the partition entries, which may begin within a block.
fn entries<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    header: &GptHeader,
) -> Result<Vec<u8>, ReadError> {
    let out_of_range = ReadError::OutOfRange { lba: u32::MAX, blocks: blocks.count() };
    let (lba, offset) = place(header.entries_lba.get()).ok_or(out_of_range)?;
    let len = header.entries.get() as usize * size_of::<GptEntry>();
    let mut bytes = alloc::vec![0; (offset + len).next_multiple_of(BLOCK_SIZE)];
    blocks.read(lba, &mut bytes)?;
    Ok(bytes.get(offset..offset + len).unwrap_or_default().to_vec())
}

/// Holds the backup against the table. UEFI 2.10 5.3.2.
fn check_backup<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    table: &GuidPartitionTable,
) -> Result<(), ReadError> {
    let sector = table.header.alternate_lba.get();
    let lba = place(sector).map_or(u32::MAX, |(lba, _)| lba);
    let missing = ReadError::malformed(lba, 0, "the backup of the partition table");
    let backup = gpt(blocks, sector)?.ok_or(missing)?;
    let (ours, theirs) = (&table.header, &backup.header);
    let same = backup.partitions == table.partitions
        && theirs.disk_guid == ours.disk_guid
        && theirs.alternate_lba.get() == HEADER_SECTOR
        && (theirs.first_usable, theirs.last_usable) == (ours.first_usable, ours.last_usable);
    same.then_some(()).ok_or(missing)
}
