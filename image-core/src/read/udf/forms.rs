//! Partition maps, and what has to be read before their partitions can be used. ECMA-167 3/10.7; UDF 2.2.8 to 2.2.13.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use zerocopy::FromBytes as _;

use super::super::blocks::Blocks;
use super::super::entry::{Extent, Place};
use super::super::{BlockSource, ReadError};
use super::Position;
use super::partition::{Form, Partition, Run, Side, Space, Spares};
use super::vat::{self, Table};
use super::{allocation, icb};
use crate::BLOCK_SIZE;
use crate::wire::udf::{
    DescriptorTag, LbAddr, METADATA_PARTITION, MetadataPartitionMap, PartitionDescriptor,
    PartitionMapType1, PartitionMapType2, SPARABLE_PARTITION, SPARING_TABLE, SparablePartitionMap,
    SparingEntry, SparingTable, VIRTUAL_PARTITION, VirtualPartitionMap, file_type,
};

/// Most partition maps; UDF needs two at most. UDF 2.2.4.8.
const MAX_MAPS: u32 = 16;

/// A partition map with what its form needs. ECMA-167 3/10.7.
enum Map {
    Plain(PartitionMapType1),
    Virtual(VirtualPartitionMap),
    Sparable(SparablePartitionMap),
    Metadata(MetadataPartitionMap),
}

/// Makes the partitions of a volume ready. `at` is where the maps stand. Returns the virtual allocation table, if any.
pub(super) fn prepare<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &mut Space,
    (maps, count): (&[u8], u32),
    descriptors: &[PartitionDescriptor],
    at: Position,
) -> Result<Option<Table>, ReadError> {
    let maps = parse(maps, count, at)?;
    for map in &maps {
        let partition = partition(blocks, space, map, descriptors, at)?;
        space.partitions.push(partition);
    }
    let mut table = None;
    for (index, map) in maps.iter().enumerate() {
        let form = match map {
            Map::Plain(_) | Map::Sparable(_) => continue,
            Map::Virtual(map) => {
                let on = beneath(space, map.head, at)?;
                let partition = space.partitions.get(usize::from(on));
                let partition = partition.ok_or_else(|| at.malformed("a partition"))?;
                let found = vat::find(blocks, space, (on, partition))?;
                let form = Form::Virtual { on: on.into(), table: found.blocks.clone() };
                table = Some(found);
                form
            }
            Map::Metadata(map) => {
                let on = beneath(space, map.head, at)?;
                metadata(blocks, space, map, (on, at))?
            }
        };
        if let Some(partition) = space.partitions.get_mut(index) {
            partition.form = form;
        }
    }
    Ok(table)
}

fn parse(maps: &[u8], count: u32, at: Position) -> Result<Vec<Map>, ReadError> {
    let malformed = || at.malformed("a partition map (ECMA-167 3/10.7)");
    if count > MAX_MAPS {
        return Err(ReadError::Unsupported { what: "a volume with more than 16 partition maps" });
    }
    let mut rest = maps;
    let mut found = Vec::new();
    for _ in 0..count {
        let len = usize::from(rest.get(1).copied().unwrap_or(0));
        let (map, after) = rest.split_at_checked(len).filter(|_| len >= 2).ok_or_else(malformed)?;
        found.push(one(map).ok_or_else(malformed)??);
        rest = after;
    }
    Ok(found)
}

/// The map in these bytes; `None` when they are too few.
fn one(map: &[u8]) -> Option<Result<Map, ReadError>> {
    if map.first() == Some(&1) {
        return Some(Ok(Map::Plain(PartitionMapType1::read_from_prefix(map).ok()?.0)));
    }
    let (head, _) = PartitionMapType2::read_from_prefix(map).ok()?;
    let is = |name| head.map_type == 2 && head.identifier.identifier.starts_with(name);
    let found = if is(VIRTUAL_PARTITION) {
        Map::Virtual(VirtualPartitionMap::read_from_prefix(map).ok()?.0)
    } else if is(SPARABLE_PARTITION) {
        Map::Sparable(SparablePartitionMap::read_from_prefix(map).ok()?.0)
    } else if is(METADATA_PARTITION) {
        Map::Metadata(MetadataPartitionMap::read_from_prefix(map).ok()?.0)
    } else {
        return Some(Err(ReadError::Unsupported { what: "a partition of unknown kind" }));
    };
    Some(Ok(found))
}

/// The partition of a map as far as it can be told without looking into other partitions.
fn partition<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &Space,
    map: &Map,
    descriptors: &[PartitionDescriptor],
    at: Position,
) -> Result<Partition, ReadError> {
    let (number, form) = match map {
        Map::Plain(map) => (map.partition_number, Form::Plain),
        Map::Virtual(map) => (map.head.partition_number, Form::VirtualUnread),
        Map::Metadata(map) => (map.head.partition_number, Form::MetadataUnread),
        Map::Sparable(map) => {
            (map.head.partition_number, Form::Sparable(spares(blocks, space, map, at)?))
        }
    };
    let descriptor = descriptors.iter().find(|descriptor| descriptor.number == number);
    let descriptor = descriptor
        .ok_or_else(|| at.malformed("a partition that is described (ECMA-167 3/10.5)"))?;
    Ok(Partition {
        number: number.get(),
        start: descriptor.start.get(),
        blocks: descriptor.length.get(),
        access_type: descriptor.access_type.get(),
        form,
    })
}

/// The index of the partition that a virtual or metadata partition is a part of. UDF 2.2.8, 2.2.10.
fn beneath(space: &Space, head: PartitionMapType2, at: Position) -> Result<u16, ReadError> {
    let number = head.partition_number.get();
    let found = space
        .partitions
        .iter()
        .position(|partition| partition.number == number && partition.is_physical());
    found
        .and_then(|index| u16::try_from(index).ok())
        .ok_or_else(|| at.malformed("the map of the partition beneath (UDF 2.2.8, 2.2.10)"))
}

/// The newest sparing table that is whole. UDF 2.2.9, 2.2.12.
fn spares<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &Space,
    map: &SparablePartitionMap,
    at: Position,
) -> Result<Spares, ReadError> {
    let packet = u32::from(map.packet_length.get());
    if packet == 0 {
        return Err(at.malformed("a packet length (UDF 2.2.9)"));
    }
    let mut problem = at.malformed("a sparing table (UDF 2.2.9)");
    let mut newest: Option<(u32, BTreeMap<u32, u32>)> = None;
    for location in map.locations.iter().take(map.tables.into()) {
        match sparing_table(blocks, space, location.get(), map.table_size.get()) {
            Ok((sequence, moved)) => {
                if newest.as_ref().is_none_or(|(newest, _)| *newest < sequence) {
                    newest = Some((sequence, moved));
                }
            }
            Err(error) => problem = error,
        }
    }
    newest.map(|(_, moved)| Spares { packet, moved }).ok_or(problem)
}

/// The sequence number and the entries in use of the sparing table at a sector.
fn sparing_table<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &Space,
    sector: u32,
    size: u32,
) -> Result<(u32, BTreeMap<u32, u32>), ReadError> {
    const LARGEST: usize =
        size_of::<SparingTable>() + u16::MAX as usize * size_of::<SparingEntry>();
    let position = space.position(sector);
    let malformed = || position.malformed("an intact sparing table (UDF 2.2.12)");
    let room = u64::from(blocks.count()) * BLOCK_SIZE as u64;
    let room = room.checked_sub(position.0).ok_or_else(malformed)?;
    let size = usize::try_from(room.min(size.into())).unwrap_or(LARGEST).min(LARGEST);
    let mut bytes = alloc::vec![0; size];
    blocks.read_whole(position.0, &mut bytes)?;
    let tag = DescriptorTag::intact(&bytes).filter(|tag| tag.location.get() == sector);
    tag.filter(|tag| tag.identifier.get() == 0).ok_or_else(malformed)?;
    let (head, entries) = SparingTable::read_from_prefix(&bytes).map_err(|_| malformed())?;
    let is_table = head.identifier.identifier.starts_with(SPARING_TABLE);
    let len = usize::from(head.entries.get()) * size_of::<SparingEntry>();
    let entries = entries.get(..len).filter(|_| is_table).ok_or_else(malformed)?;
    let (entries, _) = entries.as_chunks::<{ size_of::<SparingEntry>() }>();
    let entries = entries.iter().filter_map(|entry| SparingEntry::read_from_bytes(entry).ok());
    // What is available or defective stands above every packet there can be.
    let in_use = entries.filter(|entry| entry.original.get() < SparingEntry::DEFECTIVE);
    let moved = in_use.map(|entry| (entry.original.get(), entry.mapped.get())).collect();
    Ok((head.sequence_number.get(), moved))
}

/// The extents of the metadata file; of the mirror file when the main one is damaged. UDF 2.2.10, 2.2.13.
fn metadata<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &Space,
    map: &MetadataPartitionMap,
    (on, at): (u16, Position),
) -> Result<Form, ReadError> {
    let address = |block| LbAddr { block, partition: on.into() };
    let main = runs(blocks, space, (address(map.main), file_type::METADATA), at);
    let mirror = runs(blocks, space, (address(map.mirror), file_type::METADATA_MIRROR), at);
    Ok(match (main, mirror) {
        (Ok(main), Ok(mirror)) if main != mirror => Form::Metadata { main, mirror },
        (Ok(main), _) | (Err(_), Ok(main)) => Form::Metadata { main, mirror: Vec::new() },
        (Err(error), Err(_)) => return Err(error),
    })
}

fn runs<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &Space,
    (address, kind): (LbAddr, u8),
    at: Position,
) -> Result<Vec<Run>, ReadError> {
    let icb = icb::find(blocks, space, address, at)?;
    if icb.tag.file_type != kind {
        return Err(icb.position.malformed("the file entry of a metadata file (UDF 2.2.13)"));
    }
    let extents = allocation::extents(blocks, space, &icb, Side::Main)?;
    let size = u64::from(space.block_size.max(1));
    let mut first = 0u64;
    let mut runs = Vec::new();
    for Extent { place, bytes } in extents {
        let count = bytes / size;
        if let Place::Recorded { lba, skip } = place {
            let sector = (u64::from(lba.0) * BLOCK_SIZE as u64 + u64::from(skip)) / size;
            let run = |number: u64| u32::try_from(number).ok();
            let run = run(first).zip(run(sector)).zip(run(count));
            let expected = "a metadata file within the volume (UDF 2.2.13)";
            let ((first, sector), count) = run.ok_or_else(|| icb.position.malformed(expected))?;
            runs.push(Run { first, sector, count });
        }
        first = first.saturating_add(count);
    }
    Ok(runs)
}
