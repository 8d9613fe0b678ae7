//! Where things go, and where the image ends.

/// Where things go, and where the image ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutOptions {
    /// Zero blocks at the end of an image without UDF, so that reading ahead on a CD written track-at-once finds no
    /// run-out blocks. An image with UDF ends in 257 blocks of its own that serve the same purpose.
    pub padding_blocks: u32,
    /// Make the length of the image a multiple of this many blocks: 32 is a BD cluster, and covers every other medium.
    pub length_multiple: u32,
}

impl Default for LayoutOptions {
    fn default() -> Self {
        Self { padding_blocks: 150, length_multiple: 32 }
    }
}
