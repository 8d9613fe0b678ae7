//! Memory for transfers, aligned so that the kernel can hand it to the adapter without copying.

use core::ops::{Deref, DerefMut};

use zerocopy::{FromBytes, FromZeros, Immutable, IntoBytes};

/// What is moved by one READ or WRITE: the ECC block of a BD (32 blocks), two of a DVD.
pub const TRANSFER_LEN: usize = 64 * 1024;

/// One page, the strictest alignment an adapter asks for.
#[derive(Clone, FromBytes, IntoBytes, Immutable)]
#[repr(C, align(4096))]
struct Page([u8; 4096]);

/// A zero-filled byte buffer on page boundaries.
pub struct AlignedBuffer {
    pages: Vec<Page>,
    len: usize,
}

impl AlignedBuffer {
    /// Room for `len` bytes, all zero.
    #[must_use]
    pub fn new(len: usize) -> Self {
        let pages = (0..len.div_ceil(size_of::<Page>())).map(|_| Page::new_zeroed()).collect();
        Self { pages, len }
    }
}

impl core::fmt::Debug for AlignedBuffer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("AlignedBuffer").field("len", &self.len).finish_non_exhaustive()
    }
}

impl Deref for AlignedBuffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.pages.as_bytes()[..self.len]
    }
}

impl DerefMut for AlignedBuffer {
    fn deref_mut(&mut self) -> &mut [u8] {
        &mut self.pages.as_mut_bytes()[..self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_begin_on_a_page() {
        let mut buffer = AlignedBuffer::new(5000);
        assert_eq!(buffer.as_ptr().align_offset(4096), 0);
        buffer.fill(0xa5);
        assert_eq!(buffer.iter().filter(|&&byte| byte == 0xa5).count(), 5000);
    }
}
