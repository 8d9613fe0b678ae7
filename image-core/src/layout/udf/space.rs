//! Which blocks of a partition are free: the gaps that alignment leaves. UDF 2.3.3, 2.3.8.

use alloc::vec::Vec;

use super::super::content::Content;
use super::super::{Placed, Region};
use super::{Run, UdfLayout, UdfRegion};
use crate::address::{Lba, blocks_for};

/// Free blocks in the order of their addresses.
#[derive(Clone, Debug, Default)]
pub(crate) struct FreeSpace {
    runs: Vec<Run>,
    pub(crate) blocks: u32,
}

impl FreeSpace {
    /// Those of a partition, when everything has its place.
    pub(in super::super) fn new(udf: &UdfLayout, regions: &[Placed], content: &Content) -> Self {
        let mut found = Self::default();
        let mut used: Vec<Run> = regions.iter().map(|placed| used_by(udf, placed)).collect();
        used.extend(content.files.iter().filter_map(|item| {
            let (_, len) = content.file(*item)?;
            Some(Run { start: content.data_of(*item), blocks: blocks_for(len)? })
        }));
        used.extend(content.streams.iter().filter_map(|extent| {
            let stream = content.stream(*extent)?;
            Some(Run { start: extent.start, blocks: blocks_for(stream.len)? })
        }));
        used.sort_unstable_by_key(|run| run.start);
        let mut at = udf.partition.start;
        let end = at.plus(udf.partition.blocks);
        for run in used {
            found.push(at, run.start.min(end));
            if udf.metadata.is_none() && udf.entries.start == run.start {
                found.extend_blank(udf);
            }
            at = at.max(run.start.plus(run.blocks));
        }
        found.push(at, end);
        found
    }

    fn push(&mut self, from: Lba, to: Lba) {
        let blocks = to.since(from);
        if blocks > 0 {
            self.runs.push(Run { start: from, blocks });
            self.blocks += blocks;
        }
    }

    /// Places of file entries that no entry is in.
    fn extend_blank(&mut self, udf: &UdfLayout) {
        for item in &udf.blank {
            let start = udf.entries.start.plus(*item);
            self.push(start, start.plus(1));
        }
    }

    /// Marks what is free of the blocks from `first` on, a bit each, least significant first.
    pub(crate) fn mark(&self, first: Lba, bits: &mut [u8]) {
        let skipped = self.runs.partition_point(|run| run.start.plus(run.blocks) <= first);
        for run in self.runs.iter().skip(skipped) {
            let from = run.start.since(first) as usize;
            let to = run.start.plus(run.blocks).since(first) as usize;
            if from >= bits.len() * 8 {
                return;
            }
            for bit in from..to {
                let Some(byte) = bits.get_mut(bit / 8) else { return };
                *byte |= 1 << (bit % 8);
            }
        }
    }
}

/// The blocks that a region keeps: the metadata file keeps what it is allotted.
fn used_by(udf: &UdfLayout, placed: &Placed) -> Run {
    match (placed.region, udf.metadata) {
        (Region::Udf(UdfRegion::FileSet), Some(metadata)) => metadata.content,
        _ => Run { start: placed.start, blocks: placed.blocks },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_of_free_blocks_are_set_wherever_one_begins_to_look() {
        let mut space = FreeSpace::default();
        space.push(Lba(10), Lba(12));
        space.push(Lba(17), Lba(300));
        assert_eq!(space.blocks, 285);
        for first in 0..320 {
            let mut bits = [0; 4];
            space.mark(Lba(first), &mut bits);
            for bit in 0..32 {
                let block = first + bit;
                let is_free = (10..12).contains(&block) || (17..300).contains(&block);
                let is_set = bits[bit as usize / 8] >> (bit % 8) & 1 == 1;
                assert_eq!(is_set, is_free, "{block} from {first}");
            }
        }
    }
}
