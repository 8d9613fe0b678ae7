//! Where things go, and where the image ends.

/// Where things go, and where the image ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutOptions {
    /// Zero blocks at the end of an image without UDF, so that reading ahead on a CD written track-at-once finds no
    /// run-out blocks. An image with UDF ends in 257 blocks of its own that serve the same purpose.
    pub padding_blocks: u32,
    /// Make the length of the image a multiple of this many blocks: 32 is a BD cluster, and covers every other medium.
    pub length_multiple: u32,
    /// Files of [`Self::align_from`] bytes and more begin on a multiple of this many blocks. 2 are 4 KiB: a page of
    /// memory, and the least that file systems share between files. 16 are an ECC block of a DVD, 32 a cluster of a BD. Files
    /// of [`Self::LARGE`] bytes begin on 64 KiB where that is such a multiple: others are copied a third slower.
    pub alignment: u32,
    /// The shortest file that [`Self::alignment`] is worth the blocks left out before it.
    pub align_from: u64,
    /// Record files of equal length and equal [`crate::tree::Details::digest`] once; not where UDF has a partition that is
    /// written in place: writing to one would change the others, and only hard links tell that they are one. ECMA-167 4/14.12.
    pub deduplicate: bool,
    /// The most blocks that the image may take, with the sessions before it; a plan that takes more is refused.
    pub max_blocks: Option<u32>,
}

impl LayoutOptions {
    /// What 64 KiB are not too much to leave out before: at most 0.4 % of it.
    pub const LARGE: u64 = 16 << 20;
    /// Blocks of 64 KiB, which systems keep in memory in one piece: a copy from one place of a piece to another is slow.
    const PIECE: u32 = 32;

    /// The multiple that a file of `len` bytes begins on.
    pub(crate) const fn alignment_of(&self, len: u64) -> u32 {
        match self.alignment {
            _ if len < self.align_from => 1,
            multiple @ 2.. if len >= Self::LARGE && Self::PIECE.is_multiple_of(multiple) => {
                Self::PIECE
            }
            multiple => multiple,
        }
    }
}

impl Default for LayoutOptions {
    fn default() -> Self {
        Self {
            padding_blocks: 150,
            length_multiple: 32,
            alignment: 2,
            align_from: 1 << 20,
            deduplicate: false,
            max_blocks: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_files_begin_on_pieces_of_memory() {
        let with = |alignment, len| {
            LayoutOptions { alignment, ..LayoutOptions::default() }.alignment_of(len)
        };
        let (short, long, large) = (1 << 19, 1 << 20, LayoutOptions::LARGE);
        assert_eq!([short, long, large].map(|len| with(2, len)), [1, 2, 32]);
        assert_eq!([short, long, large].map(|len| with(16, len)), [1, 16, 32]);
        assert_eq!([0, 1, 24, 64].map(|alignment| with(alignment, large)), [0, 1, 24, 64]);
    }
}
