//! Images in few bytes: only blocks with something in them, and only up to the last byte that is not zero.
//!
//! Four bytes say how many blocks there are; then each block is its number (4 bytes), how many bytes follow (2), and those.
//! All numbers are little-endian. What is cut short at the end counts as far as it goes.

use std::collections::BTreeMap;

use image_core::BLOCK_SIZE;
use image_core::read::{BlockSource, ReadError};

use super::bytes::Bytes;

/// Most blocks an image is taken to have: how much work reading may be goes by the size.
const MAX_BLOCKS: u32 = 2048;

/// An image with few blocks that are not zero.
#[derive(Debug)]
pub struct Sparse<'a> {
    count: u32,
    blocks: BTreeMap<u32, &'a [u8]>,
}

impl<'a> Sparse<'a> {
    /// Reads the form above; any bytes are an image in it.
    pub fn parse(data: &'a [u8]) -> Self {
        let mut bytes = Bytes::new(data);
        let count = (bytes.number(4) as u32).min(MAX_BLOCKS);
        let mut blocks = BTreeMap::new();
        while !bytes.is_empty() {
            let lba = bytes.number(4) as u32;
            let len = bytes.number(2) as usize;
            blocks.insert(lba, bytes.take(len.min(BLOCK_SIZE)));
        }
        Self { count, blocks }
    }

    /// All its blocks, but no more than so many.
    pub fn whole(&self, most: u32) -> Vec<u8> {
        let count = self.count.min(most);
        let mut image = vec![0; count as usize * BLOCK_SIZE];
        for (lba, bytes) in self.blocks.range(..count) {
            let at = *lba as usize * BLOCK_SIZE;
            image[at..at + bytes.len()].copy_from_slice(bytes);
        }
        image
    }
}

impl BlockSource for Sparse<'_> {
    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), ReadError> {
        for (lba, block) in (lba..).zip(out.chunks_mut(BLOCK_SIZE)) {
            if lba >= self.count {
                return Err(ReadError::Unreadable { lba });
            }
            let recorded = self.blocks.get(&lba).copied().unwrap_or_default();
            let (head, tail) = block.split_at_mut(recorded.len());
            head.copy_from_slice(recorded);
            tail.fill(0);
        }
        Ok(())
    }

    fn blocks(&self) -> u32 {
        self.count
    }
}

/// An image in the form above.
pub fn sparse(image: &[u8]) -> Vec<u8> {
    let count = u32::try_from(image.len() / BLOCK_SIZE).expect("a small image");
    let mut out = count.to_le_bytes().to_vec();
    for (lba, block) in (0_u32..).zip(image.chunks(BLOCK_SIZE)) {
        let Some(last) = block.iter().rposition(|byte| *byte != 0) else { continue };
        out.extend(lba.to_le_bytes());
        out.extend((last as u16 + 1).to_le_bytes());
        out.extend(&block[..=last]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_comes_back() {
        let mut image = vec![0; 5 * BLOCK_SIZE];
        image[BLOCK_SIZE + 7] = 1;
        image[5 * BLOCK_SIZE - 1] = 2;
        let packed = sparse(&image);
        assert_eq!(packed.len(), 4 + 6 + 8 + 6 + 2048);
        let mut source = Sparse::parse(&packed);
        let mut out = vec![0xa5; 5 * BLOCK_SIZE];
        source.read(0, &mut out).unwrap();
        assert!(out == image);
        assert!(source.read(5, &mut out[..BLOCK_SIZE]).is_err());
        Sparse::parse(&packed[..packed.len() - 1]);
    }
}
