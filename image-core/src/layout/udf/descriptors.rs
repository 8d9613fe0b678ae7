//! How many allocation descriptors a file needs, and where they stand. ECMA-167 4/12, 4/14.5.

use super::form::Form;
use crate::wire::udf::SHORT_AD_MAX;

/// The allocation descriptors of a file: in its entry, and in the blocks of further ones.
///
/// Where they do not all fit, the last place of the entry and of each block but the last says where the next block is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Descriptors {
    /// How many the data need.
    pub(crate) count: u64,
    /// Places in the file entry.
    entry_places: u64,
    /// Places in a block of further ones.
    block_places: u64,
}

impl Descriptors {
    /// Those of a file of `len` bytes, whose entry keeps `room` bytes for them.
    pub(crate) fn new(form: Form, len: u64, room: usize) -> Self {
        Self {
            count: len.div_ceil(SHORT_AD_MAX.into()),
            entry_places: ((room / form.descriptor_len()) as u64).max(1),
            block_places: form.descriptors_per_block(),
        }
    }

    /// Blocks of further ones.
    pub(crate) fn blocks(&self) -> u32 {
        if self.count <= self.entry_places {
            return 0;
        }
        let rest = self.count - self.in_entry();
        // All but the last block give up a place.
        let blocks = rest.saturating_sub(1).div_ceil(self.block_places - 1).max(1);
        u32::try_from(blocks).unwrap_or(u32::MAX)
    }

    /// How many stand in the entry, the pointer to the first block not counted.
    pub(crate) fn in_entry(&self) -> u64 {
        if self.count <= self.entry_places { self.count } else { self.entry_places - 1 }
    }

    /// Which of them stand in a block of further ones, and whether another block follows it.
    pub(crate) fn in_block(&self, ordinal: u32) -> (core::ops::Range<u64>, bool) {
        let start = self.in_entry() + u64::from(ordinal) * (self.block_places - 1);
        let goes_on = ordinal + 1 < self.blocks();
        let end = if goes_on { start + self.block_places - 1 } else { self.count };
        (start..end, goes_on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_descriptor_stands_somewhere_once() {
        for (entry_places, block_places) in [(234, 253), (114, 126), (1, 2), (3, 3)] {
            for count in (0..700).chain([5000, 8191]) {
                let found = Descriptors { count, entry_places, block_places };
                let mut next = found.in_entry();
                for ordinal in 0..found.blocks() {
                    let (range, goes_on) = found.in_block(ordinal);
                    let places = range.end - range.start + u64::from(goes_on);
                    assert_eq!(range.start, next, "{found:?}");
                    assert!((1..=block_places).contains(&places), "{found:?} {range:?}");
                    next = range.end;
                }
                assert_eq!(next, count, "{found:?}");
            }
        }
    }
}
