//! Addresses and lengths, so that no bare number crosses a module.

use core::fmt;

use crate::BLOCK_SIZE;

/// [`BLOCK_SIZE`] as the 32-bit number that structures record.
pub(crate) const BLOCK_BYTES: u32 = 2048;
const _: () = assert!(BLOCK_BYTES as usize == BLOCK_SIZE);

/// Logical block address on the volume, in blocks of 2048 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Lba(pub u32);

impl Lba {
    /// The block this many further on; the last address there is when that lies beyond it.
    #[must_use]
    pub const fn plus(self, blocks: u32) -> Self {
        Self(self.0.saturating_add(blocks))
    }

    /// How many blocks this one lies behind `start`; 0 when before it.
    #[must_use]
    pub const fn since(self, start: Self) -> u32 {
        self.0.saturating_sub(start.0)
    }
}

impl fmt::Display for Lba {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The caller's number for where the bytes of a file come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SourceId(pub u32);

/// Blocks that hold this many bytes, or `None` when there are more than addresses for them.
#[must_use]
pub fn blocks_for(bytes: u64) -> Option<u32> {
    u32::try_from(bytes.div_ceil(BLOCK_SIZE as u64)).ok()
}

/// Bytes in this many blocks.
#[must_use]
pub const fn bytes_in(blocks: u32) -> u64 {
    blocks as u64 * BLOCK_SIZE as u64
}
