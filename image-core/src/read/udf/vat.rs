//! The virtual allocation table, which was recorded last of all. UDF 2.2.11; UDF 1.50 2.2.10.

use alloc::string::String;
use alloc::vec::Vec;

use zerocopy::FromBytes as _;
use zerocopy::little_endian::U32;

use super::super::blocks::Blocks;
use super::super::{BlockSource, ReadError};
use super::allocation;
use super::icb::{self, Icb};
use super::partition::{Partition, Side, Space};
use crate::BLOCK_SIZE;
use crate::wire::udf::{
    DescriptorTag, LbAddr, VIRTUAL_ALLOCATION_TABLE, VirtualAllocationTable, VirtualAllocationTail,
    cs0, file_type, tag_id,
};

/// How many of the last blocks are looked at: a link, run-out and what pads an image may follow the table.
const LOOKED_AT: u32 = 352;

/// A table with what it says of the volume.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// The sector of its file entry.
    pub(super) sector: u32,
    /// Blocks of the partition, by virtual block.
    pub(super) blocks: Vec<u32>,
    /// From UDF 2.00 on.
    pub(super) head: Option<VirtualAllocationTable>,
}

impl Table {
    /// The name of the volume, which takes the place of that in the logical volume descriptor. UDF 2.2.11.
    pub(super) fn volume_id(&self) -> Option<String> {
        let name = cs0::dstring_text(&self.head.as_ref()?.logical_volume_identifier)?;
        (!name.is_empty()).then_some(name)
    }
}

/// The table of the partition with index `on`: the last one there is.
pub(super) fn find<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &Space,
    (on, partition): (u16, &Partition),
) -> Result<Table, ReadError> {
    let last = u32::try_from(sectors(blocks, space)).unwrap_or(u32::MAX).saturating_sub(1);
    let expected = "the ICB of a virtual allocation table at the end (UDF 2.2.11)";
    let mut problem = space.position(last).malformed(expected);
    let first = last.saturating_sub(LOOKED_AT).max(partition.start);
    for sector in (first..=last).rev() {
        let block = sector - partition.start;
        let address = LbAddr { block: block.into(), partition: on.into() };
        if !is_candidate(blocks, space, sector, block) {
            continue;
        }
        let icb = icb::find(blocks, space, address, space.position(sector));
        match icb.and_then(|icb| table(blocks, space, &icb)) {
            Ok(Some(table)) => return Ok(Table { sector, ..table }),
            Ok(None) => {}
            Err(ReadError::TooMuchWork) => return Err(ReadError::TooMuchWork),
            // An earlier table still shows the volume as it was then.
            Err(error) => problem = error,
        }
    }
    Err(problem)
}

/// Sectors of the image.
fn sectors<S: BlockSource + ?Sized>(blocks: &Blocks<'_, S>, space: &Space) -> u64 {
    u64::from(blocks.count()) * BLOCK_SIZE as u64 / u64::from(space.block_size.max(1))
}

/// Whether a sector looks like the ICB of a file, by its tag.
fn is_candidate<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &Space,
    sector: u32,
    block: u32,
) -> bool {
    let Ok((_, bytes)) = space.sector(blocks, sector) else { return false };
    let tag = DescriptorTag::read_from_prefix(&bytes).ok();
    tag.is_some_and(|(tag, _)| {
        let identifier = tag.identifier.get();
        matches!(identifier, tag_id::FILE_ENTRY | tag_id::EXTENDED_FILE_ENTRY)
            && tag.location.get() == block
    })
}

/// The table that a file holds; `None` when it is some other file.
fn table<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &Space,
    icb: &Icb,
) -> Result<Option<Table>, ReadError> {
    let kind = icb.tag.file_type;
    // The tables of UDF 1.50 are of no type.
    if !matches!(kind, file_type::VIRTUAL_ALLOCATION_TABLE | 0) {
        return Ok(None);
    }
    // No more virtual blocks than blocks, and what stands beside the entries.
    let most = sectors(blocks, space) * size_of::<U32>() as u64 + 2 * u64::from(u16::MAX);
    let len = usize::try_from(icb.len).ok().filter(|_| icb.len <= most);
    let len = len.ok_or_else(|| icb.position.malformed("a table for the volume (UDF 2.2.11)"))?;
    let extents = allocation::extents(blocks, space, icb, Side::Main)?;
    let mut bytes = alloc::vec![0; len];
    blocks.read_at(&extents, 0, &mut bytes)?;
    let found = if kind == 0 { old(&bytes) } else { new(&bytes).map(Some) };
    found.ok_or_else(|| icb.position.malformed("a virtual allocation table (UDF 2.2.11)"))
}

/// From UDF 2.00 on: a head, then the entries. `None` when they are not there.
fn new(bytes: &[u8]) -> Option<Table> {
    let (head, _) = VirtualAllocationTable::read_from_prefix(bytes).ok()?;
    let start = usize::from(head.header_length.get());
    let entries = bytes.get(start..).filter(|_| start >= size_of::<VirtualAllocationTable>())?;
    Some(Table { blocks: numbers(entries), head: Some(head), ..Table::default() })
}

/// UDF 1.50: the entries, then what they are. `Some(None)` when it is something else.
fn old(bytes: &[u8]) -> Option<Option<Table>> {
    let Ok((entries, tail)) = VirtualAllocationTail::read_from_suffix(bytes) else {
        return Some(None);
    };
    let is_table = tail.identifier.identifier.starts_with(VIRTUAL_ALLOCATION_TABLE);
    Some(is_table.then(|| Table { blocks: numbers(entries), ..Table::default() }))
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    let (numbers, _) = bytes.as_chunks::<{ size_of::<U32>() }>();
    numbers.iter().map(|number| u32::from_le_bytes(*number)).collect()
}
