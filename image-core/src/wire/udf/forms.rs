//! What UDF adds to partitions: type 2 maps, the virtual allocation table, sparing tables. UDF 2.2.8 to 2.2.12.

use zerocopy::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::{DescriptorTag, EntityId, ShortAd};

/// Identifier of the map of a virtual partition. UDF 2.2.8.
pub const VIRTUAL_PARTITION: &[u8] = b"*UDF Virtual Partition";
/// Identifier of the map of a sparable partition. UDF 2.2.9.
pub const SPARABLE_PARTITION: &[u8] = b"*UDF Sparable Partition";
/// Identifier of the map of a metadata partition. UDF 2.2.10.
pub const METADATA_PARTITION: &[u8] = b"*UDF Metadata Partition";
/// Identifier behind the entries of a virtual allocation table of UDF 1.50. UDF 1.50 2.2.10.
pub const VIRTUAL_ALLOCATION_TABLE: &[u8] = b"*UDF Virtual Alloc Tbl";
/// Identifier of a sparing table. UDF 2.2.12.
pub const SPARING_TABLE: &[u8] = b"*UDF Sparing Table";

/// An entry of a virtual allocation table that is not in use. UDF 2.2.11.
pub const VIRTUAL_UNUSED: u32 = u32::MAX;

/// Head of every type 2 partition map. ECMA-167 3/10.7.3; UDF 2.2.8 to 2.2.10.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PartitionMapType2 {
    /// 2.
    pub map_type: u8,
    /// 64.
    pub length: u8,
    /// Zero.
    pub reserved: [u8; 2],
    /// Which form it is.
    pub identifier: EntityId,
    /// Volume sequence number, 1.
    pub volume_sequence_number: U16,
    /// Number of the partition.
    pub partition_number: U16,
}
const _: () = assert!(size_of::<PartitionMapType2>() == 40);

/// Partition map of a virtual partition. UDF 2.2.8.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct VirtualPartitionMap {
    /// With [`VIRTUAL_PARTITION`].
    pub head: PartitionMapType2,
    /// Zero.
    pub reserved: [u8; 24],
}
const _: () = assert!(size_of::<VirtualPartitionMap>() == 64);

/// Partition map of a sparable partition. UDF 2.2.9.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct SparablePartitionMap {
    /// With [`SPARABLE_PARTITION`].
    pub head: PartitionMapType2,
    /// Blocks of a packet: 32, or 16 on DVD.
    pub packet_length: U16,
    /// Number of sparing tables, 1 to 4.
    pub tables: u8,
    /// Zero.
    pub reserved: u8,
    /// Size of each sparing table, in bytes.
    pub table_size: U32,
    /// First sector of each sparing table.
    pub locations: [U32; 4],
}
const _: () = assert!(size_of::<SparablePartitionMap>() == 64);

/// Partition map of a metadata partition. UDF 2.2.10.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct MetadataPartitionMap {
    /// With [`METADATA_PARTITION`].
    pub head: PartitionMapType2,
    /// Where the file entry of the metadata file is in the partition.
    pub main: U32,
    /// Where that of its mirror is.
    pub mirror: U32,
    /// Where that of the bitmap is, or FFFFFFFFh.
    pub bitmap: U32,
    /// Blocks of an allocation unit.
    pub allocation_unit: U32,
    /// Blocks to which allocation units are aligned.
    pub alignment_unit: U16,
    /// Bit 0: the mirror has blocks of its own.
    pub flags: u8,
    /// Zero.
    pub reserved: [u8; 5],
}
const _: () = assert!(size_of::<MetadataPartitionMap>() == 64);

impl MetadataPartitionMap {
    /// Flag: the mirror has blocks of its own.
    pub const DUPLICATED: u8 = 1;
}

/// Head of a virtual allocation table from UDF 2.00 on; implementation use and the entries follow. UDF 2.2.11.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct VirtualAllocationTable {
    /// Length of this head with its implementation use, in bytes.
    pub header_length: U16,
    /// Length of the implementation use, in bytes.
    pub implementation_use_length: U16,
    /// Logical volume identifier, a dstring; it takes the place of that in the logical volume descriptor.
    pub logical_volume_identifier: [u8; 128],
    /// Block of the ICB of the previous table, or FFFFFFFFh.
    pub previous: U32,
    /// Number of files.
    pub files: U32,
    /// Number of directories, the root included.
    pub directories: U32,
    /// Least UDF revision that can read.
    pub minimum_read: U16,
    /// Least UDF revision that can write.
    pub minimum_write: U16,
    /// Greatest UDF revision that has written.
    pub maximum_write: U16,
    /// Zero.
    pub reserved: U16,
}
const _: () = assert!(size_of::<VirtualAllocationTable>() == 152);

/// What follows the entries of a virtual allocation table of UDF 1.50. UDF 1.50 2.2.10.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct VirtualAllocationTail {
    /// [`VIRTUAL_ALLOCATION_TABLE`].
    pub identifier: EntityId,
    /// Block of the ICB of the previous table, or FFFFFFFFh.
    pub previous: U32,
}
const _: () = assert!(size_of::<VirtualAllocationTail>() == 36);

/// Head of a sparing table; its [`SparingEntry`]s follow. UDF 2.2.12.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct SparingTable {
    /// Tag 0.
    pub tag: DescriptorTag,
    /// [`SPARING_TABLE`].
    pub identifier: EntityId,
    /// Number of entries.
    pub entries: U16,
    /// Zero.
    pub reserved: U16,
    /// Greater by one each time the table is written.
    pub sequence_number: U32,
}
const _: () = assert!(size_of::<SparingTable>() == 56);

/// Where a packet is instead. UDF 2.2.12.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct SparingEntry {
    /// First block of the packet in the partition; see [`Self::AVAILABLE`] and [`Self::DEFECTIVE`].
    pub original: U32,
    /// First sector of the packet that takes its place.
    pub mapped: U32,
}
const _: () = assert!(size_of::<SparingEntry>() == 8);

impl SparingEntry {
    /// The spare packet is free.
    pub const AVAILABLE: u32 = 0xFFFF_FFFF;
    /// The spare packet is bad itself.
    pub const DEFECTIVE: u32 = 0xFFFF_FFF0;
}

/// Head of a space bitmap; a bit for each block follows, least significant first, 1 for free. ECMA-167 4/14.12.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct SpaceBitmap {
    /// Tag 264.
    pub tag: DescriptorTag,
    /// Number of bits.
    pub bits: U32,
    /// Number of bytes that hold them.
    pub bytes: U32,
}
const _: () = assert!(size_of::<SpaceBitmap>() == 24);

/// Where the space of a partition is recorded: the contents use of its descriptor. ECMA-167 4/14.3; UDF 2.3.3.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PartitionHeader {
    /// Unallocated space table, none.
    pub unallocated_table: ShortAd,
    /// Unallocated space bitmap.
    pub unallocated_bitmap: ShortAd,
    /// Partition integrity table, none.
    pub integrity_table: ShortAd,
    /// Freed space table, none.
    pub freed_table: ShortAd,
    /// Freed space bitmap, none.
    pub freed_bitmap: ShortAd,
    /// Zero.
    pub reserved: [u8; 88],
}
const _: () = assert!(size_of::<PartitionHeader>() == 128);
