//! What is known of the blocks of an image while a disc is read.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::burn::{Checked, Condition};

/// Cells that a map is told in.
const CELLS: u32 = 1000;

/// The blocks of an image by their condition. It takes as much memory as the disc has damaged places.
#[derive(Debug, Default)]
pub struct BlockMap {
    blocks: u32,
    /// Runs of blocks in one condition by their first block; neighbours are in different ones.
    runs: BTreeMap<u32, Condition>,
}

/// A map of the blocks of an image, in cells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobMap {
    /// Blocks of the image; none before anything is read.
    pub blocks: u32,
    /// One character for each cell, which has an equal share of the blocks, in their order: the worst of what is known of one of
    /// them. `?` not read yet, `+` read and as it should be, `~` the same but not at once, `*` not read so far, `#` not
    /// what the image has, `-` not to be read.
    pub cells: String,
}

impl BlockMap {
    /// A map of so many blocks, at none of which anybody looked.
    #[must_use]
    pub fn new(blocks: u32) -> Self {
        Self { blocks, runs: BTreeMap::from([(0, Condition::Unread)]) }
    }

    /// Notes the condition of some blocks, as far as they are in the map.
    pub fn set(&mut self, checked: Checked) {
        let Checked { first, condition, .. } = checked;
        let end = first.saturating_add(checked.blocks).min(self.blocks);
        if first >= end {
            return;
        }
        let behind = self.at(end);
        let before = first.checked_sub(1).map(|block| self.at(block));
        let covered: Vec<u32> = self.runs.range(first..=end).map(|(start, _)| *start).collect();
        for start in covered {
            self.runs.remove(&start);
        }
        if before != Some(condition) {
            self.runs.insert(first, condition);
        }
        if end < self.blocks && behind != condition {
            self.runs.insert(end, behind);
        }
    }

    /// The map as it is told.
    #[must_use]
    pub fn told(&self) -> JobMap {
        let count = CELLS.min(self.blocks);
        let cell = |block: u32| {
            let cell = u64::from(block) * u64::from(count) / u64::from(self.blocks.max(1));
            usize::try_from(cell).unwrap_or(0)
        };
        let mut worst = vec![Condition::Unread; count as usize];
        let ends = self.runs.keys().skip(1).copied().chain([self.blocks]);
        for ((first, condition), end) in self.runs.iter().zip(ends) {
            let Some(last) = end.checked_sub(1) else { continue };
            for each in &mut worst[cell(*first)..=cell(last)] {
                *each = (*each).max(*condition);
            }
        }
        JobMap { blocks: self.blocks, cells: worst.into_iter().map(letter).collect() }
    }

    fn at(&self, block: u32) -> Condition {
        self.runs.range(..=block).next_back().map_or(Condition::Unread, |(_, condition)| *condition)
    }
}

const fn letter(condition: Condition) -> char {
    match condition {
        Condition::Unread => '?',
        Condition::Good => '+',
        Condition::Weak => '~',
        Condition::Failing => '*',
        Condition::Different => '#',
        Condition::Unreadable => '-',
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Condition; 6] = [
        Condition::Unread,
        Condition::Good,
        Condition::Weak,
        Condition::Failing,
        Condition::Different,
        Condition::Unreadable,
    ];

    #[test]
    fn the_worst_block_of_a_cell_counts() {
        let mut map = BlockMap::new(10_000);
        assert_eq!(map.told().cells, "?".repeat(1000));
        map.set(Checked { first: 0, blocks: 10_000, condition: Condition::Good });
        map.set(Checked { first: 25, blocks: 1, condition: Condition::Unreadable });
        map.set(Checked { first: 9_999, blocks: 5, condition: Condition::Different });
        let cells = map.told().cells;
        assert_eq!((&cells[..4], &cells[998..]), ("++-+", "+#"));
        assert_eq!(BlockMap::default().told(), JobMap { blocks: 0, cells: String::new() });
    }

    proptest! {
        #[test]
        fn a_small_map_has_a_cell_for_each_block(
            changes in prop::collection::vec((0u32..50, 0u32..50, 0usize..6), 0..40),
        ) {
            let mut map = BlockMap::new(40);
            let mut plain = [Condition::Unread; 40];
            for (first, blocks, condition) in changes {
                let condition = ALL[condition];
                map.set(Checked { first, blocks, condition });
                plain.iter_mut().skip(first as usize).take(blocks as usize).for_each(|each| *each = condition);
                let cells: String = plain.iter().copied().map(letter).collect();
                prop_assert_eq!(map.told().cells, cells);
                let runs: Vec<Condition> = map.runs.values().copied().collect();
                prop_assert!(runs.windows(2).all(|pair| pair[0] != pair[1]));
            }
        }
    }
}
