//! UDF's volume structure: recognition, anchors, descriptor sequences, integrity and the file set. UDF 1.02 2.2, 2.3.2.

use alloc::format;
use alloc::vec::Vec;

use zerocopy::little_endian::U32;
use zerocopy::{FromZeros as _, Immutable, IntoBytes};

use super::put;
use crate::address::{BLOCK_BYTES, Lba};
use crate::layout::udf::{INTEGRITY_BLOCKS, SEQUENCE_BLOCKS, UdfLayout};
use crate::layout::{Region, System};
use crate::plan::Plan;
use crate::wire::udf::{
    AnchorVolumeDescriptorPointer, CharSpec, DescriptorTag, EntityId, ExtentAd, FileSetDescriptor,
    ImplementationUseVolumeDescriptor, LbAddr, LogicalVolumeDescriptor, LogicalVolumeHeader,
    LogicalVolumeIntegrity, LogicalVolumeIntegrityImplementation, LongAd, PartitionDescriptor,
    PartitionMapType1, PrimaryVolumeDescriptor, RecognitionDescriptor, Timestamp,
    UnallocatedSpaceDescriptor, access_type, cs0, tag_id,
};

/// The revision written, as identifiers and the integrity descriptor state it.
const REVISION: u16 = 0x0102;
/// Bytes of the integrity descriptor's implementation use.
const IMPLEMENTATION_USE_BYTES: u32 = 46;
const _: () =
    assert!(IMPLEMENTATION_USE_BYTES as usize == size_of::<LogicalVolumeIntegrityImplementation>());

/// Descriptor version of NSR02. ECMA-167 3/7.2.2.
pub(super) const DESCRIPTOR_VERSION: u16 = 2;
/// Least unique id of anything but the root. UDF 3.2.1.1.
pub(super) const FIRST_UNIQUE_ID: u64 = 16;

/// A descriptor for `location`, with its tag filled in.
pub(super) fn tagged(identifier: u16, location: u32, mut descriptor: Vec<u8>) -> Vec<u8> {
    if let Some((head, body)) = descriptor.split_at_mut_checked(size_of::<DescriptorTag>()) {
        let tag = DescriptorTag::new(identifier, DESCRIPTOR_VERSION, location, body);
        head.copy_from_slice(tag.as_bytes());
    }
    descriptor
}

fn bytes_of(descriptor: &(impl IntoBytes + Immutable)) -> Vec<u8> {
    descriptor.as_bytes().to_vec()
}

/// This program as an implementation. UDF 2.1.5.2.
pub(super) fn implementation() -> EntityId {
    EntityId::new(b"*discwright", [0; 8])
}

fn domain() -> EntityId {
    EntityId::new(b"*OSTA UDF Compliant", EntityId::udf_suffix(REVISION))
}

impl Plan {
    pub(super) fn udf_volume(&self, region: Region, lba: Lba, ordinal: u32, block: &mut [u8]) {
        let Some(udf) = &self.layout.udf else { return };
        let bytes = match region {
            Region::Recognition => recognition(ordinal),
            Region::VolumeSequence => self.volume_sequence(udf, lba, ordinal),
            Region::Integrity => self.integrity(udf, lba, ordinal),
            Region::Anchor => anchor(udf, lba),
            _ => self.file_set(udf, lba, ordinal),
        };
        put(block, 0, &bytes);
    }

    /// One descriptor of the main or reserve sequence. UDF 2.2.3.
    fn volume_sequence(&self, udf: &UdfLayout, lba: Lba, ordinal: u32) -> Vec<u8> {
        let (identifier, descriptor) = match ordinal {
            0 => (tag_id::PRIMARY_VOLUME, self.primary_volume()),
            1 => (tag_id::IMPLEMENTATION_USE, self.implementation_use()),
            2 => (tag_id::PARTITION, partition(udf)),
            3 => (tag_id::LOGICAL_VOLUME, self.logical_volume(udf)),
            4 => (tag_id::UNALLOCATED_SPACE, unallocated_space()),
            5 => (tag_id::TERMINATING, alloc::vec![0; 512]),
            _ => return Vec::new(),
        };
        tagged(identifier, lba.0, descriptor)
    }

    fn primary_volume(&self) -> Vec<u8> {
        let options = &self.content.options;
        let mut descriptor = PrimaryVolumeDescriptor::new_zeroed();
        descriptor.volume_identifier = cs0::dstring(&options.volume_id);
        descriptor.volume_sequence_number = 1.into();
        descriptor.maximum_volume_sequence_number = 1.into();
        descriptor.interchange_level = 2.into();
        descriptor.maximum_interchange_level = 3.into();
        descriptor.character_set_list = 1.into();
        descriptor.maximum_character_set_list = 1.into();
        let set = format!("{:016X}{}", self.volume_set, options.volume_id);
        descriptor.volume_set_identifier = cs0::dstring(&set);
        descriptor.descriptor_character_set = CharSpec::OSTA;
        descriptor.explanatory_character_set = CharSpec::OSTA;
        descriptor.application_identifier =
            EntityId::new(format!("*{}", options.application).as_bytes(), [0; 8]);
        descriptor.recorded = Timestamp::new(options.created);
        descriptor.implementation_identifier = implementation();
        descriptor.flags = 1.into();
        bytes_of(&descriptor)
    }

    fn implementation_use(&self) -> Vec<u8> {
        let mut descriptor = ImplementationUseVolumeDescriptor::new_zeroed();
        descriptor.sequence_number = 1.into();
        descriptor.implementation_identifier =
            EntityId::new(b"*UDF LV Info", EntityId::udf_suffix(REVISION));
        descriptor.lvi_charset = CharSpec::OSTA;
        descriptor.logical_volume_identifier = cs0::dstring(&self.content.options.volume_id);
        descriptor.implementation = implementation();
        bytes_of(&descriptor)
    }

    fn logical_volume(&self, udf: &UdfLayout) -> Vec<u8> {
        let map = PartitionMapType1 {
            map_type: 1,
            length: 6,
            volume_sequence_number: 1.into(),
            partition_number: 0.into(),
        };
        let mut descriptor = LogicalVolumeDescriptor::new_zeroed();
        descriptor.sequence_number = 3.into();
        descriptor.descriptor_character_set = CharSpec::OSTA;
        descriptor.logical_volume_identifier = cs0::dstring(&self.content.options.volume_id);
        descriptor.logical_block_size = U32::new(BLOCK_BYTES);
        descriptor.domain_identifier = domain();
        descriptor.file_set = long_ad(udf.relative(udf.file_set), BLOCK_BYTES * 2, 0);
        descriptor.map_table_length = 6.into();
        descriptor.partition_maps = 1.into();
        descriptor.implementation_identifier = implementation();
        descriptor.integrity_sequence = extent(udf.integrity, INTEGRITY_BLOCKS);
        let mut bytes = bytes_of(&descriptor);
        bytes.extend_from_slice(map.as_bytes());
        bytes
    }

    /// The integrity descriptor, closed, and the descriptor that ends its sequence. UDF 2.2.6.
    fn integrity(&self, udf: &UdfLayout, lba: Lba, ordinal: u32) -> Vec<u8> {
        let (directories, files) = self.content.counts(System::Udf);
        let implementation_use = LogicalVolumeIntegrityImplementation {
            implementation: implementation(),
            files: files.into(),
            directories: directories.into(),
            minimum_read: REVISION.into(),
            minimum_write: REVISION.into(),
            maximum_write: REVISION.into(),
        };
        let descriptor = LogicalVolumeIntegrity {
            tag: DescriptorTag::default(),
            recorded: Timestamp::new(self.content.options.created),
            integrity_type: 1.into(),
            next: ExtentAd::default(),
            contents_use: LogicalVolumeHeader {
                unique_id: (FIRST_UNIQUE_ID + u64::from(self.content.catalog.len())).into(),
                reserved: [0; 24],
            },
            partitions: 1.into(),
            implementation_use_length: IMPLEMENTATION_USE_BYTES.into(),
        };
        match ordinal {
            0 => {
                let mut bytes = bytes_of(&descriptor);
                let (free, size) = (U32::new(0), U32::new(udf.partition_blocks));
                bytes.extend_from_slice(free.as_bytes());
                bytes.extend_from_slice(size.as_bytes());
                bytes.extend_from_slice(implementation_use.as_bytes());
                tagged(tag_id::INTEGRITY, lba.0, bytes)
            }
            1 => tagged(tag_id::TERMINATING, lba.0, alloc::vec![0; 512]),
            _ => Vec::new(),
        }
    }

    /// The file set descriptor and the descriptor that ends its sequence. UDF 2.3.2.
    fn file_set(&self, udf: &UdfLayout, lba: Lba, ordinal: u32) -> Vec<u8> {
        let location = udf.relative(lba);
        if ordinal > 0 {
            return tagged(tag_id::TERMINATING, location, alloc::vec![0; 512]);
        }
        let options = &self.content.options;
        let mut descriptor = FileSetDescriptor::new_zeroed();
        descriptor.recorded = Timestamp::new(options.created);
        descriptor.interchange_level = 3.into();
        descriptor.maximum_interchange_level = 3.into();
        descriptor.character_set_list = 1.into();
        descriptor.maximum_character_set_list = 1.into();
        descriptor.logical_volume_character_set = CharSpec::OSTA;
        descriptor.logical_volume_identifier = cs0::dstring(&options.volume_id);
        descriptor.file_set_character_set = CharSpec::OSTA;
        descriptor.file_set_identifier = cs0::dstring(&options.volume_id);
        descriptor.root = long_ad(udf.entry_of(0), BLOCK_BYTES, 0);
        descriptor.domain_identifier = domain();
        tagged(tag_id::FILE_SET, location, bytes_of(&descriptor))
    }
}

/// An extent of the partition, with the unique id of what it holds.
pub(super) fn long_ad(block: u32, len: u32, unique_id: u32) -> LongAd {
    LongAd {
        length_and_type: len.into(),
        location: LbAddr { block: block.into(), partition: 0.into() },
        flags: 0.into(),
        unique_id: unique_id.into(),
    }
}

fn extent(start: Lba, blocks: u32) -> ExtentAd {
    ExtentAd { length: (blocks * BLOCK_BYTES).into(), location: start.0.into() }
}

fn recognition(ordinal: u32) -> Vec<u8> {
    let mut descriptor = RecognitionDescriptor::new_zeroed();
    descriptor.standard_identifier = match ordinal {
        0 => *b"BEA01",
        1 => *b"NSR02",
        _ => *b"TEA01",
    };
    descriptor.version = 1;
    bytes_of(&descriptor)
}

fn anchor(udf: &UdfLayout, lba: Lba) -> Vec<u8> {
    let mut descriptor = AnchorVolumeDescriptorPointer::new_zeroed();
    descriptor.main = extent(udf.main, SEQUENCE_BLOCKS);
    descriptor.reserve = extent(udf.reserve, SEQUENCE_BLOCKS);
    tagged(tag_id::ANCHOR, lba.0, bytes_of(&descriptor))
}

fn partition(udf: &UdfLayout) -> Vec<u8> {
    let mut descriptor = PartitionDescriptor::new_zeroed();
    descriptor.sequence_number = 2.into();
    descriptor.flags = 1.into();
    descriptor.contents = EntityId::new(b"+NSR02", [0; 8]);
    descriptor.access_type = access_type::READ_ONLY.into();
    descriptor.start = udf.partition.0.into();
    descriptor.length = udf.partition_blocks.into();
    descriptor.implementation_identifier = implementation();
    bytes_of(&descriptor)
}

fn unallocated_space() -> Vec<u8> {
    bytes_of(&UnallocatedSpaceDescriptor {
        tag: DescriptorTag::default(),
        sequence_number: 4.into(),
        extents: 0.into(),
    })
}
