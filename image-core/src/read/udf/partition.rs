//! Partitions: from a block of one of them to the sectors of the volume. ECMA-167 3/10.7; UDF 2.2.8 to 2.2.12.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::super::blocks::Blocks;
use super::super::entry::{Extent, Place, append};
use super::super::{BlockSource, ReadError};
use super::Position;
use crate::BLOCK_SIZE;
use crate::address::Lba;
use crate::wire::udf::{DescriptorTag, LbAddr, VIRTUAL_UNUSED};

/// Which file of a metadata partition is asked. UDF 2.2.10.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Main,
    Mirror,
}

/// The partitions of a logical volume, by partition reference number.
#[derive(Clone, Debug, Default)]
pub(super) struct Space {
    /// Bytes of a logical block, which is a sector too. UDF 2.2.4.2.
    pub(super) block_size: u32,
    pub(super) partitions: Vec<Partition>,
}

#[derive(Clone, Debug)]
pub(super) struct Partition {
    /// The number by which partition maps and descriptors refer to it.
    pub(super) number: u16,
    /// First sector.
    pub(super) start: u32,
    /// Sectors.
    pub(super) blocks: u32,
    /// See [`crate::wire::udf::access_type`].
    pub(super) access_type: u32,
    pub(super) form: Form,
}

#[derive(Clone, Debug)]
pub(super) enum Form {
    Plain,
    Sparable(Spares),
    /// A virtual partition whose table is not read yet.
    VirtualUnread,
    /// Blocks of the partition with this index, by virtual block.
    Virtual {
        on: usize,
        table: Vec<u32>,
    },
    /// A metadata partition whose files are not read yet.
    MetadataUnread,
    /// The extents of the metadata file, and of its mirror when that has blocks of its own.
    Metadata {
        main: Vec<Run>,
        mirror: Vec<Run>,
    },
}

/// Packets that are elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Spares {
    /// Blocks of a packet; not 0.
    pub(super) packet: u32,
    /// From the first block of a packet in the partition to the first sector of its spare.
    pub(super) moved: BTreeMap<u32, u32>,
}

/// Blocks of a metadata file that are one after the other on the volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// The first one's number in the file.
    pub(super) first: u32,
    pub(super) sector: u32,
    pub(super) count: u32,
}

/// A block with an intact tag that belongs where it stands.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) address: LbAddr,
    pub(super) sector: u32,
    pub(super) position: Position,
    /// What the tag says it is.
    pub(super) identifier: u16,
    pub(super) bytes: Vec<u8>,
}

impl Partition {
    /// Where block `block` is, when sectors are given by the partition itself, and how many follow it there.
    fn physical(&self, block: u32) -> Result<(u32, u32), &'static str> {
        let outside = "an address within the partition (ECMA-167 4/7.1)";
        let left = self.blocks.checked_sub(block).filter(|left| *left > 0).ok_or(outside)?;
        let plain = self.start.checked_add(block).ok_or(outside)?;
        let Form::Sparable(spares) = &self.form else { return Ok((plain, left)) };
        let packet = block - block % spares.packet;
        if let Some(spare) = spares.moved.get(&packet) {
            let sector = spare.checked_add(block - packet);
            let sector = sector.ok_or("a spare packet on the volume (UDF 2.2.12)")?;
            return Ok((sector, left.min(spares.packet - (block - packet))));
        }
        let next = spares.moved.range(block..).next().map_or(u32::MAX, |(moved, _)| *moved);
        Ok((plain, left.min(next - block)))
    }

    pub(super) const fn is_physical(&self) -> bool {
        matches!(self.form, Form::Plain | Form::Sparable(_))
    }
}

/// The sector of block `block` of a metadata file, and how many follow it there.
fn in_runs(runs: &[Run], block: u32) -> Option<(u32, u32)> {
    let index = runs.partition_point(|run| run.first <= block).checked_sub(1)?;
    let run = runs.get(index)?;
    let within = block - run.first;
    let left = run.count.checked_sub(within).filter(|left| *left > 0)?;
    Some((run.sector.checked_add(within)?, left))
}

impl Space {
    pub(super) fn position(&self, sector: u32) -> Position {
        Position(u64::from(sector) * u64::from(self.block_size))
    }

    /// The block of the image behind these sectors.
    pub(super) fn end(&self, sector: u32, count: u32) -> u32 {
        let end = (u64::from(sector) + u64::from(count)) * u64::from(self.block_size);
        u32::try_from(end.div_ceil(BLOCK_SIZE as u64)).unwrap_or(u32::MAX)
    }

    /// Whether some structure may be had a second time when the first is damaged.
    pub(super) fn is_mirrored(&self) -> bool {
        let has_mirror =
            |form: &Form| matches!(form, Form::Metadata { mirror, .. } if !mirror.is_empty());
        self.partitions.iter().any(|partition| has_mirror(&partition.form))
    }

    /// The sector of a block, and how many blocks from it on are one after the other on the volume.
    fn locate(&self, partition: u16, block: u32, side: Side) -> Result<(u32, u32), &'static str> {
        let found = self.partitions.get(usize::from(partition));
        let found = found.ok_or("the number of a partition map (ECMA-167 4/7.1)")?;
        match &found.form {
            Form::Plain | Form::Sparable(_) => found.physical(block),
            Form::Virtual { on, table } => {
                let real = usize::try_from(block).ok().and_then(|block| table.get(block));
                let real = real.copied().filter(|real| *real != VIRTUAL_UNUSED);
                let real = real.ok_or("a virtual address in use (UDF 2.2.11)")?;
                let on = self.partitions.get(*on);
                let (sector, _) = on.ok_or("the partition of a virtual one")?.physical(real)?;
                Ok((sector, 1))
            }
            Form::Metadata { main, mirror } => {
                let runs = if side == Side::Main { main } else { mirror };
                in_runs(runs, block).ok_or("an address within the metadata file (UDF 2.2.13)")
            }
            Form::VirtualUnread => Err("an address outside the virtual partition (UDF 2.2.11)"),
            Form::MetadataUnread => Err("an address outside the metadata partition (UDF 2.2.13)"),
        }
    }

    /// Where `bytes` bytes from a block on are. `at` is where the address stands.
    pub(super) fn extents<S: BlockSource + ?Sized>(
        &self,
        blocks: &mut Blocks<'_, S>,
        address: LbAddr,
        bytes: u64,
        (side, at): (Side, Position),
        out: &mut Vec<Extent>,
    ) -> Result<(), ReadError> {
        let (mut block, partition) = (address.block.get(), address.partition.get());
        let mut left = bytes;
        while left > 0 {
            blocks.spend_parts(1)?;
            let (sector, count) =
                self.locate(partition, block, side).map_err(|expected| at.malformed(expected))?;
            let here = left.min(u64::from(count) * u64::from(self.block_size));
            append(out, self.recorded(blocks, sector, here)?);
            left -= here;
            block = block.saturating_add(count);
        }
        Ok(())
    }

    /// An extent of the image, of which `bytes` bytes from a sector on are taken.
    fn recorded<S: BlockSource + ?Sized>(
        &self,
        blocks: &Blocks<'_, S>,
        sector: u32,
        bytes: u64,
    ) -> Result<Extent, ReadError> {
        let byte = self.position(sector).0;
        let outside = ReadError::OutOfRange { lba: u32::MAX, blocks: blocks.count() };
        let lba = u32::try_from(byte / BLOCK_SIZE as u64).map_err(|_| outside)?;
        let skip = u16::try_from(byte % BLOCK_SIZE as u64).unwrap_or_default();
        Ok(Extent { place: Place::Recorded { lba: Lba(lba), skip }, bytes })
    }

    /// A block with an intact tag; from the mirror when the main one is damaged. ECMA-167 3/7.2.
    pub(super) fn block<S: BlockSource + ?Sized>(
        &self,
        blocks: &mut Blocks<'_, S>,
        address: LbAddr,
        at: Position,
    ) -> Result<Block, ReadError> {
        let found = self.block_on(blocks, address, Side::Main, at);
        match found {
            Err(error) if error != ReadError::TooMuchWork && self.is_mirrored() => {
                self.block_on(blocks, address, Side::Mirror, at).map_err(|_| error)
            }
            found => found,
        }
    }

    fn block_on<S: BlockSource + ?Sized>(
        &self,
        blocks: &mut Blocks<'_, S>,
        address: LbAddr,
        side: Side,
        at: Position,
    ) -> Result<Block, ReadError> {
        let located = self.locate(address.partition.get(), address.block.get(), side);
        let (sector, _) = located.map_err(|expected| at.malformed(expected))?;
        let (position, bytes) = self.sector(blocks, sector)?;
        let tag = DescriptorTag::intact(&bytes)
            .filter(|tag| tag.location == address.block)
            .ok_or_else(|| position.malformed("an intact descriptor tag (ECMA-167 4/7.2)"))?;
        Ok(Block { address, sector, position, identifier: tag.identifier.get(), bytes })
    }

    /// Whether nothing was ever recorded in a block: it cannot be read, or holds zeros.
    pub(super) fn is_unrecorded<S: BlockSource + ?Sized>(
        &self,
        blocks: &mut Blocks<'_, S>,
        address: LbAddr,
    ) -> bool {
        let located = self.locate(address.partition.get(), address.block.get(), Side::Main);
        let Ok((sector, _)) = located else { return false };
        match self.sector(blocks, sector) {
            Ok((_, bytes)) => bytes.iter().all(|byte| *byte == 0),
            Err(error) => matches!(error, ReadError::Unreadable { .. }),
        }
    }

    /// The bytes of a sector.
    pub(super) fn sector<S: BlockSource + ?Sized>(
        &self,
        blocks: &mut Blocks<'_, S>,
        sector: u32,
    ) -> Result<(Position, Vec<u8>), ReadError> {
        let position = self.position(sector);
        let mut bytes = alloc::vec![0; usize::try_from(self.block_size).unwrap_or_default()];
        blocks.read_whole(position.0, &mut bytes)?;
        Ok((position, bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partition(form: Form) -> Partition {
        Partition { number: 0, start: 300, blocks: 100, access_type: 4, form }
    }

    #[test]
    fn spare_packets_are_used_and_end_a_run() {
        let moved = BTreeMap::from([(32, 5000), (96, 6000)]);
        let sparable = partition(Form::Sparable(Spares { packet: 32, moved }));
        assert_eq!(sparable.physical(0), Ok((300, 32)));
        assert_eq!(sparable.physical(40), Ok((5008, 24)));
        assert_eq!(sparable.physical(64), Ok((364, 32)));
        assert_eq!(sparable.physical(99), Ok((6003, 1)));
        assert!(sparable.physical(100).is_err());
    }

    #[test]
    fn virtual_and_metadata_addresses_go_through_their_tables() {
        let runs = |sector| {
            Vec::from([
                Run { first: 0, sector, count: 2 },
                Run { first: 10, sector: 900, count: 1 },
            ])
        };
        let forms = [
            Form::Plain,
            Form::Virtual { on: 0, table: Vec::from([7, VIRTUAL_UNUSED, 100]) },
            Form::Metadata { main: runs(310), mirror: runs(320) },
        ];
        let space = Space { block_size: 2048, partitions: forms.map(partition).into() };
        assert_eq!(space.locate(1, 0, Side::Main), Ok((307, 1)));
        for unused in 1..4 {
            assert!(space.locate(1, unused, Side::Main).is_err());
        }
        assert_eq!(space.locate(2, 1, Side::Main), Ok((311, 1)));
        assert_eq!(space.locate(2, 0, Side::Mirror), Ok((320, 2)));
        assert_eq!(space.locate(2, 10, Side::Main), Ok((900, 1)));
        for outside in [2, 9, 11, u32::MAX] {
            assert!(space.locate(2, outside, Side::Main).is_err());
        }
        assert!(space.locate(3, 0, Side::Main).is_err());
    }
}
