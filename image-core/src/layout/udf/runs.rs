//! Blocks that few items need: further allocation descriptors, targets of long links.

use alloc::vec::Vec;

use super::super::cursor::Cursor;
use crate::address::Lba;

/// The blocks of one item.
#[derive(Clone, Copy, Debug)]
struct Run {
    item: u32,
    /// The first, counted from the start of all runs.
    offset: u32,
    blocks: u32,
}

/// Runs of blocks in the order of their items, one behind the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Runs {
    pub(crate) start: Lba,
    pub(crate) blocks: u32,
    runs: Vec<Run>,
}

impl Runs {
    /// Notes that an item, greater than all before, needs some blocks.
    pub(super) fn push(&mut self, item: u32, blocks: u32) {
        if blocks > 0 {
            self.runs.push(Run { item, offset: self.blocks, blocks });
            self.blocks = self.blocks.saturating_add(blocks);
        }
    }

    pub(super) fn assign(&mut self, cursor: &mut Cursor) {
        self.start = cursor.take(self.blocks.into());
    }

    /// The first block of an item's run, if it has one.
    pub(crate) fn of(&self, item: u32) -> Option<Lba> {
        let index = self.runs.binary_search_by_key(&item, |run| run.item).ok()?;
        self.runs.get(index).map(|run| self.start.plus(run.offset))
    }

    /// The item whose run this block is in, and which block of the run it is.
    pub(crate) fn at(&self, lba: Lba) -> Option<(u32, u32)> {
        let offset = lba.since(self.start);
        let after = self.runs.partition_point(|run| run.offset <= offset);
        let run = self.runs.get(after.checked_sub(1)?)?;
        (offset - run.offset < run.blocks).then_some((run.item, offset - run.offset))
    }
}
