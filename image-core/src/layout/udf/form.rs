//! What follows from the revision and the form of the partition, and which of them go together.

use super::{ALLOCATION_HEAD, FILE_ENTRY_HEAD};
use crate::BLOCK_SIZE;
use crate::options::{Options, UdfMetadata, UdfOptions, UdfPartition, UdfRevision};
use crate::plan::PlanError;
use crate::wire::udf::{
    ExtendedFileEntry, LongAd, MetadataPartitionMap, PartitionMapType1, ShortAd,
    SparablePartitionMap, VirtualPartitionMap, access_type,
};

/// Blocks that a metadata partition is allotted in, and that its extents are aligned to: a cluster of a BD, two ECC blocks
/// of a DVD, and never less than 32. UDF 2.50 2.2.10.
pub(crate) const METADATA_UNIT: u32 = 32;
/// Blocks of the spare area of a sparable partition, as the formatting programs make it.
const SPARE_BLOCKS: u32 = 1024;

/// The facts of a form.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Form {
    pub(crate) revision: UdfRevision,
    pub(crate) partition: UdfPartition,
    metadata: UdfMetadata,
    /// Whether what is small stands in its file entry.
    embeds: bool,
}

impl Form {
    pub(crate) const fn new(options: &Options) -> Self {
        let UdfOptions { revision, partition, metadata, embed } = &options.udf;
        let embeds = *embed && !options.file_systems.iso9660;
        Self { revision: *revision, partition: *partition, metadata: *metadata, embeds }
    }

    /// Refuses what a revision does not have.
    pub(crate) fn check(self) -> Result<(), PlanError> {
        let needs = |what, since: UdfRevision, clause| {
            let error = PlanError::UdfForm { what, since, clause, revision: self.revision };
            (self.revision >= since).then_some(()).ok_or(error)
        };
        match self.partition {
            UdfPartition::ReadOnly | UdfPartition::Overwritable => {}
            UdfPartition::Virtual => needs("a virtual partition", UdfRevision::V1_50, "2.2.8")?,
            UdfPartition::Sparable { packet_blocks } => {
                needs("a sparable partition", UdfRevision::V1_50, "2.2.9")?;
                if !matches!(packet_blocks, 16 | 32) {
                    return Err(PlanError::UdfPacket { packet_blocks });
                }
            }
            UdfPartition::PseudoOverwritable => {
                needs("a pseudo-overwritable partition", UdfRevision::V2_60, "2.2.14.2")?;
            }
        }
        if self.has_metadata() {
            needs("a metadata partition", UdfRevision::V2_50, "2.2.10")?;
        }
        match (self.partition, self.has_metadata()) {
            (UdfPartition::Virtual, true) => Err(PlanError::UdfVirtualMetadata),
            (UdfPartition::PseudoOverwritable, false) => Err(PlanError::UdfPseudoOverwritable),
            _ => Ok(()),
        }
    }

    /// Whether so many bytes stand in a file entry that keeps `room` for them.
    pub(crate) const fn embeds(self, len: u64, room: usize) -> bool {
        self.embeds && len <= room as u64
    }

    pub(crate) fn has_metadata(self) -> bool {
        self.metadata != UdfMetadata::Mixed
    }

    pub(crate) fn is_duplicated(self) -> bool {
        self.metadata == UdfMetadata::Duplicated
    }

    pub(crate) fn is_virtual(self) -> bool {
        self.partition == UdfPartition::Virtual
    }

    /// Blocks of a packet of a sparable partition.
    pub(crate) const fn packet(self) -> Option<u32> {
        match self.partition {
            UdfPartition::Sparable { packet_blocks } => Some(packet_blocks as u32),
            _ => None,
        }
    }

    /// How many packets of a sparable partition can be replaced.
    pub(crate) fn spare_packets(self) -> u32 {
        self.packet().map_or(0, |packet| SPARE_BLOCKS / packet.max(1))
    }

    /// Whether a bitmap tells which blocks are free. UDF 2.3.3.
    pub(crate) const fn has_bitmap(self) -> bool {
        matches!(self.partition, UdfPartition::Overwritable | UdfPartition::Sparable { .. })
    }

    /// What the partition begins on a multiple of; its length is one of packets alone. UDF 2.2.14.3, 2.2.14.4.
    pub(crate) fn partition_unit(self) -> u32 {
        let since = if self.revision >= UdfRevision::V2_50 { METADATA_UNIT } else { 1 };
        self.packet().unwrap_or(1).max(since)
    }

    /// ECMA-167 3/10.5.7; UDF 2.2.14.2.
    pub(crate) const fn access_type(self) -> u32 {
        match self.partition {
            UdfPartition::ReadOnly => access_type::READ_ONLY,
            UdfPartition::Virtual => access_type::WRITE_ONCE,
            UdfPartition::Overwritable | UdfPartition::Sparable { .. } => access_type::OVERWRITABLE,
            UdfPartition::PseudoOverwritable => access_type::PSEUDO_OVERWRITABLE,
        }
    }

    /// The file set descriptor and, where it may be followed by one, its terminating descriptor. UDF 2.3.10.
    pub(crate) fn file_set_blocks(self) -> u32 {
        if self.is_virtual() { 1 } else { 2 }
    }

    /// Descriptor version of NSR02 or NSR03. ECMA-167 3/7.2.2.
    pub(crate) fn descriptor_version(self) -> u16 {
        if self.has_extended_entries() { 3 } else { 2 }
    }

    /// Partition maps, and their length together.
    pub(crate) fn maps(self) -> (u32, usize) {
        let first = match self.partition {
            UdfPartition::Sparable { .. } => size_of::<SparablePartitionMap>(),
            _ => size_of::<PartitionMapType1>(),
        };
        match (self.has_metadata(), self.is_virtual()) {
            (true, _) => (2, first + size_of::<MetadataPartitionMap>()),
            (_, true) => (2, first + size_of::<VirtualPartitionMap>()),
            _ => (1, first),
        }
    }

    /// Reference number of the partition that file entries are addressed in: that of the last map.
    pub(crate) fn entry_partition(self) -> u16 {
        u16::from(self.maps().0 == 2)
    }

    /// From 2.00 on, file entries are extended ones.
    pub(crate) fn has_extended_entries(self) -> bool {
        self.revision >= UdfRevision::V2_00
    }

    /// Bytes that a file entry leaves for attributes, and allocation descriptors or embedded data.
    pub(crate) fn entry_room(self) -> usize {
        if self.has_extended_entries() {
            BLOCK_SIZE - size_of::<ExtendedFileEntry>()
        } else {
            BLOCK_SIZE - FILE_ENTRY_HEAD
        }
    }

    /// Whether the data of files are in another partition than their entries, so that allocation descriptors have to say so.
    pub(crate) fn has_long_descriptors(self) -> bool {
        self.entry_partition() != 0
    }

    /// Bytes of an allocation descriptor of a file.
    pub(crate) fn descriptor_len(self) -> usize {
        if self.has_long_descriptors() { size_of::<LongAd>() } else { size_of::<ShortAd>() }
    }

    /// Allocation descriptors that fit in a block of further ones.
    pub(crate) fn descriptors_per_block(self) -> u64 {
        ((BLOCK_SIZE - ALLOCATION_HEAD) / self.descriptor_len()) as u64
    }

    /// Least revision that can read the volume: what 2.60 adds does not concern readers. UDF 2.2.6.4.
    pub(crate) const fn minimum_read(self) -> u16 {
        match self.revision {
            UdfRevision::V2_60 => UdfRevision::V2_50.number(),
            revision => revision.number(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(revision: UdfRevision, partition: UdfPartition, metadata: UdfMetadata) -> bool {
        Form { revision, partition, metadata, embeds: false }.check().is_ok()
    }

    #[test]
    fn revisions_have_what_they_define() {
        use UdfMetadata::{Duplicated, Mixed, Separate};
        use UdfPartition::{Overwritable, PseudoOverwritable, ReadOnly, Sparable, Virtual};
        let since = |partition, metadata| {
            UdfRevision::ALL.into_iter().find(|revision| check(*revision, partition, metadata))
        };
        assert_eq!(since(ReadOnly, Mixed), Some(UdfRevision::V1_02));
        assert_eq!(since(Overwritable, Mixed), Some(UdfRevision::V1_02));
        assert_eq!(since(Virtual, Mixed), Some(UdfRevision::V1_50));
        assert_eq!(since(Sparable { packet_blocks: 16 }, Mixed), Some(UdfRevision::V1_50));
        assert_eq!(since(Sparable { packet_blocks: 64 }, Mixed), None);
        assert_eq!(since(ReadOnly, Separate), Some(UdfRevision::V2_50));
        assert_eq!(since(Sparable { packet_blocks: 32 }, Duplicated), Some(UdfRevision::V2_50));
        assert_eq!(since(PseudoOverwritable, Duplicated), Some(UdfRevision::V2_60));
        assert_eq!(since(PseudoOverwritable, Mixed), None);
        assert_eq!(since(Virtual, Duplicated), None);
    }
}
