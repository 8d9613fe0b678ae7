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
    /// memory, and the least that file systems share between files. 16 are an ECC block of a DVD, 32 a cluster of a BD.
    pub alignment: u32,
    /// The shortest file that [`Self::alignment`] is worth the blocks left out before it.
    pub align_from: u64,
    /// Record files of equal length and equal [`crate::tree::Details::digest`] once.
    pub deduplicate: bool,
    /// The most blocks that the image may take; a plan that takes more is refused.
    pub max_blocks: Option<u32>,
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
