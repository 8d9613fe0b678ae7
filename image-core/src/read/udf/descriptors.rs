//! Volume descriptor sequences: of each kind the descriptor that prevails. ECMA-167 3/8.4.

use alloc::vec::Vec;

use zerocopy::FromBytes;

use super::super::blocks::Blocks;
use super::super::{BlockSource, ReadError};
use super::Position;
use super::chain::Chain;
use super::partition::Space;
use crate::wire::udf::{
    AnchorVolumeDescriptorPointer, DescriptorTag, ExtentAd, LogicalVolumeDescriptor,
    PartitionDescriptor, VolumeDescriptorPointer, tag_id,
};

/// Most sectors of an extent of a volume descriptor sequence that are looked at; 16 is usual.
const MAX_EXTENT: u32 = 256;
/// Most partition descriptors; UDF has two at most. UDF 2.2.14.
const MAX_PARTITIONS: usize = 64;

/// The prevailing descriptors of one or more sequences.
#[derive(Clone, Debug, Default)]
pub(super) struct Sequence {
    pub(super) logical: Option<Logical>,
    pub(super) partitions: Vec<PartitionDescriptor>,
}

/// A logical volume descriptor with its maps.
#[derive(Clone, Debug)]
pub(super) struct Logical {
    pub(super) position: Position,
    pub(super) descriptor: LogicalVolumeDescriptor,
    pub(super) maps: Vec<u8>,
}

/// The anchor in a sector; `None` when there is none. ECMA-167 3/10.2.
pub(super) fn anchor<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &Space,
    sector: u32,
) -> Option<AnchorVolumeDescriptorPointer> {
    let (_, bytes) = space.sector(blocks, sector).ok()?;
    let tag = DescriptorTag::intact(&bytes)?;
    let fits = tag.identifier.get() == tag_id::ANCHOR && tag.location.get() == sector;
    let (anchor, _) = fits.then(|| FromBytes::read_from_prefix(&bytes).ok())??;
    Some(anchor)
}

impl Sequence {
    /// Takes in the sequence that begins in an extent, up to its end. ECMA-167 3/8.4.2.
    pub(super) fn read<S: BlockSource + ?Sized>(
        &mut self,
        blocks: &mut Blocks<'_, S>,
        space: &Space,
        extent: ExtentAd,
    ) -> Result<(), ReadError> {
        let mut chain = Chain::new(extent);
        let mut extent = extent;
        while let Some((next, at)) = self.read_extent(blocks, space, extent)? {
            if !chain.step(next) {
                return Err(at.malformed("a descriptor sequence that ends (ECMA-167 3/10.3)"));
            }
            extent = next;
        }
        Ok(())
    }

    /// Takes in one extent; returns where the sequence goes on, and where that is said.
    fn read_extent<S: BlockSource + ?Sized>(
        &mut self,
        blocks: &mut Blocks<'_, S>,
        space: &Space,
        extent: ExtentAd,
    ) -> Result<Option<(ExtentAd, Position)>, ReadError> {
        let count = (extent.length.get() / space.block_size.max(1)).min(MAX_EXTENT);
        for index in 0..count {
            let sector = extent.location.get().saturating_add(index);
            let (position, bytes) = space.sector(blocks, sector)?;
            // What is damaged is passed over: the other sequence may have it.
            let tag = DescriptorTag::intact(&bytes).filter(|tag| tag.location.get() == sector);
            match tag.map(|tag| tag.identifier.get()) {
                Some(tag_id::TERMINATING) => break,
                Some(tag_id::PARTITION) => self.take_partition(&bytes),
                Some(tag_id::LOGICAL_VOLUME) => self.take_logical(position, &bytes),
                Some(tag_id::VOLUME_POINTER) => {
                    let pointer = VolumeDescriptorPointer::read_from_prefix(&bytes).ok();
                    let next = pointer.map(|(pointer, _)| pointer.next);
                    let next = next.filter(|next| next.length.get() > 0);
                    return Ok(next.map(|next| (next, position)));
                }
                _ => {}
            }
        }
        Ok(None)
    }

    fn take_partition(&mut self, bytes: &[u8]) {
        let Ok((new, _)) = PartitionDescriptor::read_from_prefix(bytes) else { return };
        let has_room = self.partitions.len() < MAX_PARTITIONS;
        let same = self.partitions.iter_mut().find(|old| old.number == new.number);
        match same {
            Some(old) if old.sequence_number.get() <= new.sequence_number.get() => *old = new,
            None if has_room => self.partitions.push(new),
            _ => {}
        }
    }

    fn take_logical(&mut self, position: Position, bytes: &[u8]) {
        let Ok((new, rest)) = LogicalVolumeDescriptor::read_from_prefix(bytes) else { return };
        let sequence = new.sequence_number.get();
        let old = self.logical.as_ref().map(|old| old.descriptor.sequence_number.get());
        if old.is_none_or(|old| old <= sequence) {
            let len = usize::try_from(new.map_table_length.get()).unwrap_or(usize::MAX);
            let maps = rest.get(..len).unwrap_or(rest).to_vec();
            self.logical = Some(Logical { position, descriptor: new, maps });
        }
    }
}
