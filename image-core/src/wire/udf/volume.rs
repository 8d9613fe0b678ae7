//! Volume structure: recognition, anchors, the volume descriptor sequence, integrity. ECMA-167 parts 2 and 3.

use zerocopy::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::{CharSpec, DescriptorTag, EntityId, ExtentAd, LogicalVolumeHeader, LongAd, Timestamp};

/// Descriptor of the volume recognition sequence: `BEA01`, `NSR02` or `NSR03`, `TEA01`. ECMA-167 2/9.1.
#[derive(Clone, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct RecognitionDescriptor {
    /// Structure type, 0.
    pub structure_type: u8,
    /// Which descriptor it is.
    pub standard_identifier: [u8; 5],
    /// Version, 1.
    pub version: u8,
    /// Zero.
    pub data: [u8; 2041],
}
const _: () = assert!(size_of::<RecognitionDescriptor>() == 2048);

/// Anchor volume descriptor pointer. ECMA-167 3/10.2.
#[derive(Clone, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct AnchorVolumeDescriptorPointer {
    /// Tag 2.
    pub tag: DescriptorTag,
    /// Main volume descriptor sequence.
    pub main: ExtentAd,
    /// Reserve volume descriptor sequence.
    pub reserve: ExtentAd,
    /// Zero.
    pub reserved: [u8; 480],
}
const _: () = assert!(size_of::<AnchorVolumeDescriptorPointer>() == 512);

/// Primary volume descriptor. ECMA-167 3/10.1; UDF 2.2.2.
#[derive(Clone, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PrimaryVolumeDescriptor {
    /// Tag 1.
    pub tag: DescriptorTag,
    /// Volume descriptor sequence number.
    pub sequence_number: U32,
    /// Primary volume descriptor number, 0.
    pub number: U32,
    /// Volume identifier, a dstring.
    pub volume_identifier: [u8; 32],
    /// Volume sequence number, 1.
    pub volume_sequence_number: U16,
    /// Maximum volume sequence number, 1.
    pub maximum_volume_sequence_number: U16,
    /// Interchange level: 2 for a single volume. UDF 2.2.2.3.
    pub interchange_level: U16,
    /// Maximum interchange level: 3. UDF 2.2.2.4.
    pub maximum_interchange_level: U16,
    /// Character set list: 1, CS0.
    pub character_set_list: U32,
    /// Maximum character set list: 1, CS0.
    pub maximum_character_set_list: U32,
    /// Volume set identifier, a dstring that begins with 16 unique characters. UDF 2.2.2.5.
    pub volume_set_identifier: [u8; 128],
    /// CS0.
    pub descriptor_character_set: CharSpec,
    /// CS0.
    pub explanatory_character_set: CharSpec,
    /// Volume abstract, none.
    pub volume_abstract: ExtentAd,
    /// Volume copyright notice, none.
    pub volume_copyright: ExtentAd,
    /// Application that asked for the volume.
    pub application_identifier: EntityId,
    /// When the volume was recorded.
    pub recorded: Timestamp,
    /// Implementation that recorded it.
    pub implementation_identifier: EntityId,
    /// Implementation use.
    pub implementation_use: [u8; 64],
    /// Predecessor volume descriptor sequence, 0.
    pub predecessor: U32,
    /// Bit 0: the volume set identifier is common to the set.
    pub flags: U16,
    /// Zero.
    pub reserved: [u8; 22],
}
const _: () = assert!(size_of::<PrimaryVolumeDescriptor>() == 512);

/// Volume descriptor pointer: where the sequence goes on. ECMA-167 3/10.3.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct VolumeDescriptorPointer {
    /// Tag 3.
    pub tag: DescriptorTag,
    /// Volume descriptor sequence number.
    pub sequence_number: U32,
    /// Next extent of the sequence.
    pub next: ExtentAd,
}
const _: () = assert!(size_of::<VolumeDescriptorPointer>() == 28);

/// Implementation use volume descriptor with UDF's logical volume information. ECMA-167 3/10.4; UDF 2.2.7.
#[derive(Clone, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct ImplementationUseVolumeDescriptor {
    /// Tag 4.
    pub tag: DescriptorTag,
    /// Volume descriptor sequence number.
    pub sequence_number: U32,
    /// `*UDF LV Info`.
    pub implementation_identifier: EntityId,
    /// CS0. UDF 2.2.7.2.1.
    pub lvi_charset: CharSpec,
    /// Logical volume identifier, a dstring.
    pub logical_volume_identifier: [u8; 128],
    /// Owner information, three dstrings. UDF 2.2.7.2.3.
    pub information: [[u8; 36]; 3],
    /// Implementation that recorded it.
    pub implementation: EntityId,
    /// Implementation use.
    pub implementation_use: [u8; 128],
}
const _: () = assert!(size_of::<ImplementationUseVolumeDescriptor>() == 512);

/// How a partition may be written. ECMA-167 3/10.5.7.
pub mod access_type {
    /// Pseudo-overwritable, from 2.60 on. UDF 2.2.14.2.
    pub const PSEUDO_OVERWRITABLE: u32 = 0;
    /// Read only.
    pub const READ_ONLY: u32 = 1;
    /// Write once.
    pub const WRITE_ONCE: u32 = 2;
    /// Rewritable.
    pub const REWRITABLE: u32 = 3;
    /// Overwritable.
    pub const OVERWRITABLE: u32 = 4;
}

/// Partition descriptor. ECMA-167 3/10.5; UDF 2.2.14.
#[derive(Clone, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PartitionDescriptor {
    /// Tag 5.
    pub tag: DescriptorTag,
    /// Volume descriptor sequence number.
    pub sequence_number: U32,
    /// Bit 0: space is allocated.
    pub flags: U16,
    /// Partition number.
    pub number: U16,
    /// `+NSR02` or `+NSR03`.
    pub contents: EntityId,
    /// Partition header: space tables, all zero for read-only.
    pub contents_use: [u8; 128],
    /// See [`access_type`].
    pub access_type: U32,
    /// First block of the partition.
    pub start: U32,
    /// Blocks of the partition.
    pub length: U32,
    /// Implementation that recorded it.
    pub implementation_identifier: EntityId,
    /// Implementation use.
    pub implementation_use: [u8; 128],
    /// Zero.
    pub reserved: [u8; 156],
}
const _: () = assert!(size_of::<PartitionDescriptor>() == 512);

/// Logical volume descriptor, its partition maps follow. ECMA-167 3/10.6; UDF 2.2.4.
#[derive(Clone, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct LogicalVolumeDescriptor {
    /// Tag 6.
    pub tag: DescriptorTag,
    /// Volume descriptor sequence number.
    pub sequence_number: U32,
    /// CS0.
    pub descriptor_character_set: CharSpec,
    /// Logical volume identifier, a dstring: the name people see.
    pub logical_volume_identifier: [u8; 128],
    /// Logical block size, 2048.
    pub logical_block_size: U32,
    /// `*OSTA UDF Compliant`.
    pub domain_identifier: EntityId,
    /// Where the file set descriptor is.
    pub file_set: LongAd,
    /// Length of the partition maps, in bytes.
    pub map_table_length: U32,
    /// Number of partition maps.
    pub partition_maps: U32,
    /// Implementation that recorded it.
    pub implementation_identifier: EntityId,
    /// Implementation use.
    pub implementation_use: [u8; 128],
    /// Where the integrity sequence is.
    pub integrity_sequence: ExtentAd,
}
const _: () = assert!(size_of::<LogicalVolumeDescriptor>() == 440);

/// Type 1 partition map. ECMA-167 3/10.7.2.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PartitionMapType1 {
    /// 1.
    pub map_type: u8,
    /// 6.
    pub length: u8,
    /// Volume sequence number, 1.
    pub volume_sequence_number: U16,
    /// Number of the partition.
    pub partition_number: U16,
}
const _: () = assert!(size_of::<PartitionMapType1>() == 6);

/// Unallocated space descriptor, here without any extents; also the shape of a terminating descriptor's head. ECMA-167 3/10.8.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct UnallocatedSpaceDescriptor {
    /// Tag 7.
    pub tag: DescriptorTag,
    /// Volume descriptor sequence number.
    pub sequence_number: U32,
    /// Number of extents that follow.
    pub extents: U32,
}
const _: () = assert!(size_of::<UnallocatedSpaceDescriptor>() == 24);

/// Logical volume integrity descriptor; free space and size tables and implementation use follow. ECMA-167 3/10.10; UDF 2.2.6.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct LogicalVolumeIntegrity {
    /// Tag 9.
    pub tag: DescriptorTag,
    /// When it was recorded.
    pub recorded: Timestamp,
    /// 0 open, 1 closed.
    pub integrity_type: U32,
    /// Next integrity extent, none.
    pub next: ExtentAd,
    /// Logical volume header: the next unique id.
    pub contents_use: LogicalVolumeHeader,
    /// Number of partitions.
    pub partitions: U32,
    /// Length of the implementation use behind the tables, in bytes.
    pub implementation_use_length: U32,
}
const _: () = assert!(size_of::<LogicalVolumeIntegrity>() == 80);

/// Implementation use of the integrity descriptor: what a file system check would count. UDF 2.2.6.4.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct LogicalVolumeIntegrityImplementation {
    /// Implementation that recorded it.
    pub implementation: EntityId,
    /// Number of files: of their names, so that hard links count.
    pub files: U32,
    /// Number of directories, the root included.
    pub directories: U32,
    /// Least UDF revision that can read, as `0x0102`.
    pub minimum_read: U16,
    /// Least UDF revision that can write.
    pub minimum_write: U16,
    /// Greatest UDF revision that has written.
    pub maximum_write: U16,
}
const _: () = assert!(size_of::<LogicalVolumeIntegrityImplementation>() == 46);
