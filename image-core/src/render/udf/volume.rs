//! UDF's volume structure: recognition, anchors, descriptor sequences, integrity and the file set. UDF 1.02 2.2, 2.3.2.

use alloc::format;
use alloc::vec::Vec;

use zerocopy::little_endian::U32;
use zerocopy::{FromZeros as _, IntoBytes as _};

use super::maps::maps;
use super::{FIRST_UNIQUE_ID, bytes_of, domain, implementation, long_ad, tagged, udf_identifier};
use crate::address::{BLOCK_BYTES, Lba};
use crate::layout::udf::{Form, INTEGRITY_BLOCKS, SEQUENCE_BLOCKS, UdfLayout, bitmap_len};
use crate::options::UdfPartition;
use crate::plan::Plan;
use crate::wire::udf::{
    AnchorVolumeDescriptorPointer, CharSpec, DescriptorTag, EntityId, ExtentAd, FileSetDescriptor,
    ImplementationUseVolumeDescriptor, LogicalVolumeDescriptor, LogicalVolumeHeader,
    LogicalVolumeIntegrity, LogicalVolumeIntegrityImplementation, PartitionDescriptor,
    PartitionHeader, PrimaryVolumeDescriptor, RecognitionDescriptor, ShortAd, Timestamp,
    UnallocatedSpaceDescriptor, cs0, tag_id,
};

/// Bytes of the integrity descriptor's implementation use.
const IMPLEMENTATION_USE_BYTES: u32 = 46;
const _: () =
    assert!(IMPLEMENTATION_USE_BYTES as usize == size_of::<LogicalVolumeIntegrityImplementation>());
/// Size and free space of a virtual partition, and what the drive alone knows. UDF 2.2.6.2, 2.2.6.3.
const UNKNOWN: u32 = u32::MAX;

impl Plan {
    /// One descriptor of the main or reserve sequence. UDF 2.2.3.
    pub(super) fn volume_sequence(&self, udf: &UdfLayout, lba: Lba, ordinal: u32) -> Vec<u8> {
        let (identifier, descriptor) = match ordinal {
            0 => (tag_id::PRIMARY_VOLUME, self.primary_volume()),
            1 => (tag_id::IMPLEMENTATION_USE, self.implementation_use(udf.form)),
            2 => (tag_id::PARTITION, partition(udf)),
            3 => (tag_id::LOGICAL_VOLUME, self.logical_volume(udf)),
            4 => (tag_id::UNALLOCATED_SPACE, unallocated_space()),
            5 => (tag_id::TERMINATING, alloc::vec![0; 512]),
            _ => return Vec::new(),
        };
        tagged(udf.form, identifier, lba.0, descriptor)
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

    fn implementation_use(&self, form: Form) -> Vec<u8> {
        let mut descriptor = ImplementationUseVolumeDescriptor::new_zeroed();
        descriptor.sequence_number = 1.into();
        descriptor.implementation_identifier = udf_identifier(form, b"*UDF LV Info");
        descriptor.lvi_charset = CharSpec::OSTA;
        descriptor.logical_volume_identifier = cs0::dstring(&self.content.options.volume_id);
        descriptor.implementation = implementation();
        bytes_of(&descriptor)
    }

    fn logical_volume(&self, udf: &UdfLayout) -> Vec<u8> {
        let (partition_maps, map_len) = udf.form.maps();
        let mut descriptor = LogicalVolumeDescriptor::new_zeroed();
        descriptor.sequence_number = 3.into();
        descriptor.descriptor_character_set = CharSpec::OSTA;
        descriptor.logical_volume_identifier = cs0::dstring(&self.content.options.volume_id);
        descriptor.logical_block_size = U32::new(BLOCK_BYTES);
        descriptor.domain_identifier = domain(udf.form);
        descriptor.file_set =
            long_ad(udf.file_set_address(), BLOCK_BYTES * udf.form.file_set_blocks(), 0);
        descriptor.map_table_length = u32::try_from(map_len).unwrap_or_default().into();
        descriptor.partition_maps = partition_maps.into();
        descriptor.implementation_identifier = implementation();
        descriptor.integrity_sequence = extent(udf.integrity, INTEGRITY_BLOCKS);
        let mut bytes = bytes_of(&descriptor);
        bytes.extend(maps(udf));
        bytes
    }

    /// The integrity descriptor and the descriptor that ends its sequence. It is closed, unless a virtual allocation table
    /// speaks in its place. UDF 2.2.6, 6.10.1.1.
    pub(super) fn integrity(&self, udf: &UdfLayout, lba: Lba, ordinal: u32) -> Vec<u8> {
        match ordinal {
            0 => {
                let tables = space_tables(udf);
                let mut bytes = bytes_of(&self.integrity_head(udf, tables.len()));
                bytes.extend(tables.iter().flat_map(|(free, _)| free.to_le_bytes()));
                bytes.extend(tables.iter().flat_map(|(_, size)| size.to_le_bytes()));
                bytes.extend_from_slice(self.integrity_use(udf.form).as_bytes());
                tagged(udf.form, tag_id::INTEGRITY, lba.0, bytes)
            }
            1 => tagged(udf.form, tag_id::TERMINATING, lba.0, alloc::vec![0; 512]),
            _ => Vec::new(),
        }
    }

    fn integrity_head(&self, udf: &UdfLayout, partitions: usize) -> LogicalVolumeIntegrity {
        // The virtual allocation table has a unique id of its own.
        let next = u64::from(self.content.catalog.len()) + u64::from(udf.form.is_virtual());
        LogicalVolumeIntegrity {
            tag: DescriptorTag::default(),
            recorded: Timestamp::new(self.content.options.created),
            integrity_type: u32::from(!udf.form.is_virtual()).into(),
            next: ExtentAd::default(),
            contents_use: LogicalVolumeHeader {
                unique_id: (FIRST_UNIQUE_ID + next).into(),
                reserved: [0; 24],
            },
            partitions: u32::try_from(partitions).unwrap_or_default().into(),
            implementation_use_length: IMPLEMENTATION_USE_BYTES.into(),
        }
    }

    /// UDF 2.2.6.4.
    fn integrity_use(&self, form: Form) -> LogicalVolumeIntegrityImplementation {
        let (files, directories) = self.udf_counts();
        LogicalVolumeIntegrityImplementation {
            implementation: implementation(),
            files: files.into(),
            directories: directories.into(),
            minimum_read: form.minimum_read().into(),
            minimum_write: form.revision.number().into(),
            maximum_write: form.revision.number().into(),
        }
    }

    /// The file set descriptor and the descriptor that ends its sequence. UDF 2.3.2.
    pub(super) fn file_set(&self, udf: &UdfLayout, ordinal: u32) -> Vec<u8> {
        let location = udf.file_set_address().block.get() + ordinal;
        if ordinal > 0 {
            return tagged(udf.form, tag_id::TERMINATING, location, alloc::vec![0; 512]);
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
        descriptor.domain_identifier = domain(udf.form);
        tagged(udf.form, tag_id::FILE_SET, location, bytes_of(&descriptor))
    }
}

/// Free blocks and size of each partition, in the order of the maps. UDF 2.2.6.2, 2.2.6.3.
fn space_tables(udf: &UdfLayout) -> Vec<(u32, u32)> {
    let is_pseudo = udf.form.partition == UdfPartition::PseudoOverwritable;
    let free = |blocks| if is_pseudo { UNKNOWN } else { blocks };
    let mut tables = alloc::vec![(free(udf.free.blocks), udf.partition.blocks)];
    if udf.form.is_virtual() {
        tables.push((UNKNOWN, UNKNOWN));
    }
    if let Some(metadata) = udf.metadata {
        let unused = metadata.bitmap.map_or(0, |_| metadata.free(&udf.blank));
        tables.push((free(unused), metadata.content.blocks));
    }
    tables
}

fn extent(start: Lba, blocks: u32) -> ExtentAd {
    ExtentAd { length: (blocks * BLOCK_BYTES).into(), location: start.0.into() }
}

pub(super) fn recognition(form: Form, ordinal: u32) -> Vec<u8> {
    let mut descriptor = RecognitionDescriptor::new_zeroed();
    descriptor.standard_identifier = match ordinal {
        0 => *b"BEA01",
        1 if form.descriptor_version() == 2 => *b"NSR02",
        1 => *b"NSR03",
        _ => *b"TEA01",
    };
    descriptor.version = 1;
    bytes_of(&descriptor)
}

pub(super) fn anchor(udf: &UdfLayout, lba: Lba) -> Vec<u8> {
    let mut descriptor = AnchorVolumeDescriptorPointer::new_zeroed();
    descriptor.main = extent(udf.main, SEQUENCE_BLOCKS);
    descriptor.reserve = extent(udf.reserve, SEQUENCE_BLOCKS);
    tagged(udf.form, tag_id::ANCHOR, lba.0, bytes_of(&descriptor))
}

fn partition(udf: &UdfLayout) -> Vec<u8> {
    let mut descriptor = PartitionDescriptor::new_zeroed();
    descriptor.sequence_number = 2.into();
    descriptor.flags = 1.into();
    let contents = if udf.form.descriptor_version() == 2 { b"+NSR02" } else { b"+NSR03" };
    descriptor.contents = EntityId::new(contents, [0; 8]);
    if udf.bitmap.blocks > 0 {
        let mut header = PartitionHeader::new_zeroed();
        header.unallocated_bitmap = ShortAd {
            length_and_type: (bitmap_len(udf.partition.blocks).div_ceil(BLOCK_BYTES) * BLOCK_BYTES)
                .into(),
            block: udf.relative(udf.bitmap.start).into(),
        };
        descriptor.contents_use.copy_from_slice(header.as_bytes());
    }
    descriptor.access_type = udf.form.access_type().into();
    descriptor.start = udf.partition.start.0.into();
    descriptor.length = udf.partition.blocks.into();
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
