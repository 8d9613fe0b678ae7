//! Which blocks of a disc were read, and what became of the others.

use super::super::BlockRange;

/// What is known of a block. The characters are those of GNU ddrescue's map files; the order is that of the passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockState {
    /// `?`: nobody tried to read it.
    Untried,
    /// `*`: it is in a large piece that could not be read.
    Untrimmed,
    /// `/`: it is in half a piece that could not be read.
    Unscraped,
    /// `-`: it cannot be read.
    Bad,
    /// `+`: its bytes are in the image.
    Read,
}

impl BlockState {
    /// All of them, in their order.
    pub const ALL: [Self; 5] =
        [Self::Untried, Self::Untrimmed, Self::Unscraped, Self::Bad, Self::Read];

    /// The character in a map file.
    #[must_use]
    pub const fn as_char(self) -> char {
        match self {
            Self::Untried => '?',
            Self::Untrimmed => '*',
            Self::Unscraped => '/',
            Self::Bad => '-',
            Self::Read => '+',
        }
    }

    /// The state of a character; `None` for what is no state of a block.
    #[must_use]
    pub fn from_char(character: char) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_char() == character)
    }

    /// Of two parts of one block, the state of the block: what is missing counts, and of that what was tried least.
    pub(super) fn joined(self, other: Self) -> Self {
        self.min(other)
    }
}

/// Blocks that follow each other and are in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// First block, by its address on the disc.
    pub first: u32,
    /// One more than the last.
    pub end: u32,
    /// The state of all of them.
    pub state: BlockState,
}

impl Run {
    /// How many there are.
    #[must_use]
    pub const fn blocks(&self) -> u32 {
        self.end - self.first
    }
}

/// The state of each block of one part of a disc. It takes as much memory as the disc has damaged places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadMap {
    /// In order, without gaps; neighbours are in different states.
    runs: Vec<Run>,
    /// How many blocks are in each state, in the order of [`BlockState::ALL`].
    counts: [u32; 5],
}

impl ReadMap {
    /// The blocks from `first` up to `end`, of which none was tried.
    #[must_use]
    pub fn new(first: u32, end: u32) -> Self {
        let mut map = Self { runs: Vec::new(), counts: [0; 5] };
        map.push(Run { first, end: end.max(first), state: BlockState::Untried });
        map
    }

    /// Puts a run behind the others.
    pub(super) fn push(&mut self, run: Run) {
        if run.first == run.end {
            return;
        }
        self.counts[run.state as usize] += run.blocks();
        match self.runs.last_mut() {
            Some(last) if last.state == run.state => last.end = run.end,
            _ => self.runs.push(run),
        }
    }

    /// A map without blocks.
    pub(super) const fn empty() -> Self {
        Self { runs: Vec::new(), counts: [0; 5] }
    }

    /// The runs, in the order of the disc.
    #[must_use]
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// First block, and one more than the last.
    #[must_use]
    pub fn bounds(&self) -> (u32, u32) {
        let first = self.runs.first().map_or(0, |run| run.first);
        (first, self.runs.last().map_or(first, |run| run.end))
    }

    /// How many blocks are in a state.
    #[must_use]
    pub const fn count(&self, state: BlockState) -> u32 {
        self.counts[state as usize]
    }

    /// Blocks that could not be read so far.
    #[must_use]
    pub const fn bad(&self) -> u32 {
        self.count(BlockState::Untrimmed)
            + self.count(BlockState::Unscraped)
            + self.count(BlockState::Bad)
    }

    /// Whether every block was read.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.bad() == 0 && self.count(BlockState::Untried) == 0
    }

    /// What is missing, counted from the first block of the map.
    #[must_use]
    pub fn missing(&self) -> Vec<BlockRange> {
        let (start, _) = self.bounds();
        let mut ranges: Vec<BlockRange> = Vec::new();
        for run in self.runs.iter().filter(|run| run.state != BlockState::Read) {
            let first = run.first - start;
            match ranges.last_mut() {
                Some(last) if last.first + last.blocks == first => last.blocks += run.blocks(),
                _ => ranges.push(BlockRange { first, blocks: run.blocks() }),
            }
        }
        ranges
    }

    /// The first blocks in this state at or behind `at`, as far as they follow each other.
    pub(super) fn next(&self, state: BlockState, at: u32) -> Option<Run> {
        let from = self.runs.partition_point(|run| run.end <= at);
        let run = self.runs[from..].iter().find(|run| run.state == state)?;
        Some(Run { first: run.first.max(at), ..*run })
    }

    /// The last blocks in this state before `at`.
    pub(super) fn previous(&self, state: BlockState, at: u32) -> Option<Run> {
        let upto = self.runs.partition_point(|run| run.first < at);
        let run = self.runs[..upto].iter().rfind(|run| run.state == state)?;
        Some(Run { end: run.end.min(at), ..*run })
    }

    /// Changes the state of the blocks from `first` up to `end`, as far as they are in the map.
    pub fn set(&mut self, first: u32, end: u32, state: BlockState) {
        let (start, stop) = self.bounds();
        let (first, end) = (first.max(start), end.min(stop));
        if first >= end {
            return;
        }
        // One neighbour on each side, so that equal ones grow together.
        let from = self.runs.partition_point(|run| run.end < first);
        let upto = self.runs.partition_point(|run| run.first <= end);
        let mut around = Self::empty();
        for &run in &self.runs[from..upto] {
            around.push(Run { end: run.end.min(first).max(run.first), ..run });
            if run.first <= first && first < run.end {
                around.push(Run { first, end, state });
            }
            around.push(Run { first: run.first.max(end).min(run.end), ..run });
        }
        for run in &self.runs[from..upto] {
            self.counts[run.state as usize] -= run.blocks();
        }
        for (count, added) in self.counts.iter_mut().zip(around.counts) {
            *count += added;
        }
        self.runs.splice(from..upto, around.runs);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn states(map: &ReadMap) -> Vec<BlockState> {
        let all = map.runs().iter();
        all.flat_map(|run| core::iter::repeat_n(run.state, run.blocks() as usize)).collect()
    }

    #[test]
    fn what_is_missing_is_counted_from_the_start_of_the_image() {
        let mut map = ReadMap::new(100, 200);
        map.set(100, 150, BlockState::Read);
        map.set(150, 151, BlockState::Bad);
        map.set(151, 152, BlockState::Unscraped);
        map.set(160, 200, BlockState::Read);
        assert_eq!(map.missing(), [BlockRange { first: 50, blocks: 10 }]);
        assert_eq!((map.bad(), map.count(BlockState::Untried)), (2, 8));
        assert_eq!((map.bounds(), map.is_complete()), ((100, 200), false));
        map.set(0, 1000, BlockState::Read);
        assert!(map.is_complete() && map.runs().len() == 1);
    }

    #[test]
    fn runs_are_found_in_both_directions() {
        let mut map = ReadMap::new(0, 100);
        map.set(20, 30, BlockState::Bad);
        map.set(50, 60, BlockState::Bad);
        let run = |first, end| Some(Run { first, end, state: BlockState::Bad });
        assert_eq!(map.next(BlockState::Bad, 0), run(20, 30));
        assert_eq!(map.next(BlockState::Bad, 25), run(25, 30));
        assert_eq!(map.next(BlockState::Bad, 30), run(50, 60));
        assert_eq!(map.next(BlockState::Bad, 60), None);
        assert_eq!(map.previous(BlockState::Bad, 100), run(50, 60));
        assert_eq!(map.previous(BlockState::Bad, 55), run(50, 55));
        assert_eq!(map.previous(BlockState::Bad, 50), run(20, 30));
        assert_eq!(map.previous(BlockState::Bad, 20), None);
    }

    proptest! {
        #[test]
        fn a_map_is_a_list_of_states(changes in prop::collection::vec((0u32..70, 0u32..70, 0usize..5), 0..40)) {
            let mut map = ReadMap::new(5, 60);
            let mut plain = vec![BlockState::Untried; 55];
            for (first, end, state) in changes {
                let state = BlockState::ALL[state];
                map.set(first, end, state);
                for at in first.max(5)..end.min(60) {
                    plain[at as usize - 5] = state;
                }
                prop_assert_eq!(&states(&map), &plain);
                prop_assert!(map.runs().windows(2).all(|pair| pair[0].end == pair[1].first && pair[0].state != pair[1].state));
                for state in BlockState::ALL {
                    let count = plain.iter().filter(|other| **other == state).count();
                    prop_assert_eq!(map.count(state) as usize, count);
                }
            }
        }
    }
}
