//! What the volume says of itself. ECMA-167 3/10.10; UDF 2.2.6.

use alloc::vec::Vec;

use zerocopy::FromBytes as _;

use super::super::blocks::Blocks;
use super::super::{BlockSource, ReadError};
use super::chain::Chain;
use super::partition::{Form, Partition, Space};
use super::vat::Table;
use crate::time::DiscTime;
use crate::wire::udf::{
    DescriptorTag, ExtentAd, LogicalVolumeIntegrity, LogicalVolumeIntegrityImplementation, tag_id,
};

/// Most sectors of an extent of integrity descriptors that are looked at.
const MAX_EXTENT: u32 = 4096;

/// A UDF volume.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UdfInfo {
    /// Revision of UDF, as in `0x0102`.
    pub revision: u16,
    /// Bytes of a logical block.
    pub block_size: u32,
    /// The partitions, by partition reference number.
    pub partitions: Vec<PartitionInfo>,
    /// Metadata are recorded twice. UDF 2.50 2.2.10.
    pub is_duplicated: bool,
    /// The block of the image that the file entry of the virtual allocation table is in. UDF 2.2.11.
    pub virtual_table: Option<u32>,
    /// The block of the image behind the last one that its descriptors tell of: of partitions and descriptor sequences.
    pub end: u32,
    /// The state it was left in; `None` when no integrity descriptor is whole.
    pub integrity: Option<Integrity>,
}

/// A partition of a UDF volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartitionInfo {
    /// How its blocks are found.
    pub form: PartitionForm,
    /// First sector of it, or of the partition beneath.
    pub start: u32,
    /// Blocks of it, or of the partition beneath.
    pub blocks: u32,
    /// 0 pseudo-overwritable, 1 read only, 2 write once, 3 rewritable, 4 overwritable. ECMA-167 3/10.5.7; UDF 2.2.14.2.
    pub access_type: u32,
}

/// How the blocks of a partition are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PartitionForm {
    /// One after the other. ECMA-167 3/10.7.2.
    Plain,
    /// One after the other, but for bad packets. UDF 2.2.9.
    Sparable,
    /// By a virtual allocation table. UDF 2.2.8.
    Virtual,
    /// In a metadata file. UDF 2.2.10.
    Metadata,
}

/// The state a UDF volume was left in. On write-once volumes of UDF 2.00 and later the virtual allocation table has the
/// last word on the counts and revisions. UDF 2.2.6, 2.2.11.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Integrity {
    /// Nobody was writing. ECMA-167 3/10.10.2.
    pub closed: bool,
    /// When it was recorded.
    pub recorded: Option<DiscTime>,
    /// Greater than every unique id in use.
    pub next_unique_id: u64,
    /// Number of files, as whoever wrote it counts hard links: here, each of them.
    pub files: Option<u32>,
    /// Number of directories, the root included.
    pub directories: Option<u32>,
    /// Least UDF revision that can read.
    pub minimum_read: Option<u16>,
    /// Least UDF revision that can write.
    pub minimum_write: Option<u16>,
    /// Greatest UDF revision that has written.
    pub maximum_write: Option<u16>,
}

impl From<&Partition> for PartitionInfo {
    fn from(partition: &Partition) -> Self {
        let form = match partition.form {
            Form::Plain => PartitionForm::Plain,
            Form::Sparable(_) => PartitionForm::Sparable,
            Form::Virtual { .. } | Form::VirtualUnread => PartitionForm::Virtual,
            Form::Metadata { .. } | Form::MetadataUnread => PartitionForm::Metadata,
        };
        let Partition { start, blocks, access_type, .. } = *partition;
        Self { form, start, blocks, access_type }
    }
}

/// The last integrity descriptor of a sequence; `None` when none is whole. ECMA-167 3/8.8.2.
pub(super) fn integrity<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &Space,
    extent: ExtentAd,
) -> Result<Option<Integrity>, ReadError> {
    let mut chain = Chain::new(extent);
    let mut next = Some(extent);
    let mut last = None;
    while let Some(extent) = next.take() {
        let count = (extent.length.get() / space.block_size.max(1)).min(MAX_EXTENT);
        for index in 0..count {
            let sector = extent.location.get().saturating_add(index);
            let found = match descriptor(blocks, space, sector) {
                Err(ReadError::TooMuchWork) => return Err(ReadError::TooMuchWork),
                found => found.ok().flatten(),
            };
            let Some((found, follows)) = found else { break };
            last = Some(found);
            next = Some(follows).filter(|follows| follows.length.get() > 0);
        }
        // What a chain that bites its tail said before still counts.
        next = next.filter(|next| chain.step(*next));
    }
    Ok(last)
}

/// The integrity descriptor in a sector, and where the sequence goes on.
fn descriptor<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &Space,
    sector: u32,
) -> Result<Option<(Integrity, ExtentAd)>, ReadError> {
    let (_, bytes) = space.sector(blocks, sector)?;
    let tag = DescriptorTag::intact(&bytes).filter(|tag| tag.location.get() == sector);
    if tag.is_none_or(|tag| tag.identifier.get() != tag_id::INTEGRITY) {
        return Ok(None);
    }
    let Ok((fixed, rest)) = LogicalVolumeIntegrity::read_from_prefix(&bytes) else {
        return Ok(None);
    };
    // Free space and size, a number each for every partition.
    let tables = usize::try_from(fixed.partitions.get()).unwrap_or(usize::MAX).saturating_mul(8);
    let implementation = rest.get(tables..).and_then(|rest| {
        LogicalVolumeIntegrityImplementation::read_from_prefix(rest).ok().map(|(found, _)| found)
    });
    let implementation = implementation.as_ref().filter(|_| {
        let len = usize::try_from(fixed.implementation_use_length.get()).unwrap_or(usize::MAX);
        len >= size_of::<LogicalVolumeIntegrityImplementation>()
    });
    let integrity = Integrity {
        closed: fixed.integrity_type.get() == 1,
        recorded: fixed.recorded.parse(),
        next_unique_id: fixed.contents_use.unique_id.get(),
        files: implementation.map(|found| found.files.get()),
        directories: implementation.map(|found| found.directories.get()),
        minimum_read: implementation.map(|found| found.minimum_read.get()),
        minimum_write: implementation.map(|found| found.minimum_write.get()),
        maximum_write: implementation.map(|found| found.maximum_write.get()),
    };
    Ok(Some((integrity, fixed.next)))
}

impl Integrity {
    /// What a virtual allocation table says takes the place of what the integrity descriptor says. UDF 2.2.11.
    pub(super) fn corrected(self, table: &Table) -> Self {
        let Some(head) = &table.head else { return self };
        Self {
            files: Some(head.files.get()),
            directories: Some(head.directories.get()),
            minimum_read: Some(head.minimum_read.get()),
            minimum_write: Some(head.minimum_write.get()),
            maximum_write: Some(head.maximum_write.get()),
            ..self
        }
    }
}
