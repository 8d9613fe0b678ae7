//! Partition maps: how the logical volume is made of the partition. UDF 2.2.8 to 2.2.10.

use alloc::vec::Vec;

use super::{bytes_of, udf_identifier};
use crate::address::Lba;
use crate::layout::udf::{Form, METADATA_UNIT, UdfLayout};
use crate::wire::udf::{
    METADATA_PARTITION, MetadataPartitionMap, PartitionMapType1, PartitionMapType2,
    SPARABLE_PARTITION, SparablePartitionMap, VIRTUAL_PARTITION, VirtualPartitionMap,
};

/// No bitmap is recorded. UDF 2.2.10.
const NONE: u32 = u32::MAX;

/// The maps in the order of their reference numbers: first of the partition itself, then of what is laid over it.
pub(super) fn maps(udf: &UdfLayout) -> Vec<u8> {
    let mut maps = match udf.form.packet() {
        Some(packet) => bytes_of(&sparable(udf, packet)),
        None => bytes_of(&PartitionMapType1 {
            map_type: 1,
            length: 6,
            volume_sequence_number: 1.into(),
            partition_number: 0.into(),
        }),
    };
    if udf.form.is_virtual() {
        let map =
            VirtualPartitionMap { head: head(udf.form, VIRTUAL_PARTITION), reserved: [0; 24] };
        maps.extend(bytes_of(&map));
    }
    if udf.metadata.is_some() {
        maps.extend(bytes_of(&metadata(udf)));
    }
    maps
}

fn head(form: Form, identifier: &[u8]) -> PartitionMapType2 {
    PartitionMapType2 {
        map_type: 2,
        length: 64,
        reserved: [0; 2],
        identifier: udf_identifier(form, identifier),
        volume_sequence_number: 1.into(),
        partition_number: 0.into(),
    }
}

fn sparable(udf: &UdfLayout, packet: u32) -> SparablePartitionMap {
    let [first, second] = udf.sparing.unwrap_or_default().tables;
    SparablePartitionMap {
        head: head(udf.form, SPARABLE_PARTITION),
        packet_length: u16::try_from(packet).unwrap_or_default().into(),
        tables: 2,
        reserved: 0,
        table_size: super::tables::sparing_len(udf.form).into(),
        locations: [first.0.into(), second.0.into(), 0.into(), 0.into()],
    }
}

fn metadata(udf: &UdfLayout) -> MetadataPartitionMap {
    let metadata = udf.metadata.unwrap_or_default();
    let block = |lba: Lba| udf.relative(lba).into();
    MetadataPartitionMap {
        head: head(udf.form, METADATA_PARTITION),
        main: block(metadata.entry),
        mirror: block(metadata.mirror_entry),
        bitmap: metadata.bitmap.map_or_else(|| NONE.into(), |(entry, _)| block(entry)),
        allocation_unit: METADATA_UNIT.into(),
        alignment_unit: u16::try_from(METADATA_UNIT).unwrap_or_default().into(),
        flags: if udf.form.is_duplicated() { MetadataPartitionMap::DUPLICATED } else { 0 },
        reserved: [0; 5],
    }
}
