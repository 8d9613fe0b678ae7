//! Blocks of a source within bounds: of the image, and of how much work it is worth.

use alloc::boxed::Box;

use super::entry::{Extent, Place};
use super::{BlockSource, ReadError};
use crate::BLOCK_SIZE;

/// Blocks read and records looked at for each block of the image. A full directory block has some 60 records.
const WORK_PER_BLOCK: u64 = 128;
/// Work that every image is worth.
const WORK_AT_LEAST: u64 = 1 << 16;
/// The parts in which work is counted.
const PARTS: u64 = 8;

/// An image in memory.
#[derive(Clone, Copy, Debug)]
pub struct SliceSource<'a> {
    bytes: &'a [u8],
}

impl<'a> SliceSource<'a> {
    /// The whole blocks of `bytes`; a last one that is not whole is left out.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }
}

impl BlockSource for SliceSource<'_> {
    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), ReadError> {
        let start = (lba as usize).checked_mul(BLOCK_SIZE);
        let bytes = start.and_then(|start| self.bytes.get(start..)?.get(..out.len()));
        out.copy_from_slice(bytes.ok_or(ReadError::Unreadable { lba })?);
        Ok(())
    }

    fn blocks(&self) -> u32 {
        u32::try_from(self.bytes.len() / BLOCK_SIZE).unwrap_or(u32::MAX)
    }
}

/// A source with a limit to the work that is done on it.
#[derive(Debug)]
pub(super) struct Blocks<'s, S: ?Sized> {
    source: &'s mut S,
    /// In [`PARTS`].
    work_left: u64,
    cached: Option<u32>,
    block: Box<[u8; BLOCK_SIZE]>,
}

impl<'s, S: BlockSource + ?Sized> Blocks<'s, S> {
    pub(super) fn new(source: &'s mut S) -> Self {
        let mut blocks =
            Self { source, work_left: 0, cached: None, block: Box::new([0; BLOCK_SIZE]) };
        blocks.refill();
        blocks
    }

    /// Grants the work the image is worth once more. Returns what was left of the last grant.
    pub(super) fn refill(&mut self) -> u64 {
        let grant = (u64::from(self.source.blocks()) * WORK_PER_BLOCK + WORK_AT_LEAST) * PARTS;
        core::mem::replace(&mut self.work_left, grant)
    }

    pub(super) const fn limit(&mut self, work: u64) {
        self.work_left = work;
    }

    pub(super) fn count(&self) -> u32 {
        self.source.blocks()
    }

    pub(super) fn spend(&mut self, work: u64) -> Result<(), ReadError> {
        self.spend_parts(work.saturating_mul(PARTS))
    }

    /// Counts what is much less work than to read a block, in parts of that.
    pub(super) fn spend_parts(&mut self, parts: u64) -> Result<(), ReadError> {
        self.work_left = self.work_left.checked_sub(parts).ok_or(ReadError::TooMuchWork)?;
        Ok(())
    }

    /// One block, from memory when it is the one asked for last.
    pub(super) fn block(&mut self, lba: u32) -> Result<&[u8; BLOCK_SIZE], ReadError> {
        if self.cached != Some(lba) {
            self.cached = None;
            let mut block = core::mem::replace(&mut self.block, Box::new([0; BLOCK_SIZE]));
            let read = self.read(lba, block.as_mut_slice());
            self.block = block;
            read?;
            self.cached = Some(lba);
        }
        Ok(&self.block)
    }

    /// Whole blocks.
    pub(super) fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), ReadError> {
        let blocks = u32::try_from(out.len() / BLOCK_SIZE).unwrap_or(u32::MAX);
        let end = lba.checked_add(blocks);
        if end.is_none_or(|end| end > self.source.blocks()) {
            let lba = lba.max(self.source.blocks());
            return Err(ReadError::OutOfRange { lba, blocks: self.source.blocks() });
        }
        self.spend(blocks.into())?;
        self.source.read(lba, out)
    }

    /// Content from byte `offset` on, as far as there is some; returns how much there was.
    pub(super) fn read_at(
        &mut self,
        extents: &[Extent],
        offset: u64,
        out: &mut [u8],
    ) -> Result<usize, ReadError> {
        let (mut before, mut done) = (0u64, 0);
        for extent in extents {
            let end = before.saturating_add(extent.bytes);
            while let Some(rest) = out.get_mut(done..).filter(|rest| !rest.is_empty()) {
                let at = offset.saturating_add(done as u64);
                if at >= end {
                    break;
                }
                let len = rest.len().min(usize::try_from(end - at).unwrap_or(usize::MAX));
                let rest = rest.get_mut(..len).unwrap_or_default();
                done += match extent.place {
                    Place::Zeros => {
                        rest.fill(0);
                        len
                    }
                    Place::Recorded { lba, skip } => {
                        self.read_bytes(lba.0, at - before + u64::from(skip), rest)?
                    }
                };
            }
            before = end;
        }
        Ok(done)
    }

    /// Bytes from byte `byte` of the image on: all that `out` takes.
    pub(super) fn read_whole(&mut self, byte: u64, out: &mut [u8]) -> Result<(), ReadError> {
        let mut done = 0;
        while let Some(rest) = out.get_mut(done..).filter(|rest| !rest.is_empty()) {
            done += self.read_bytes(0, byte.saturating_add(done as u64), rest)?;
        }
        Ok(())
    }

    /// Some of the bytes from byte `offset` of the blocks from `lba` on: whole blocks at once, or a part of one.
    fn read_bytes(&mut self, lba: u32, offset: u64, out: &mut [u8]) -> Result<usize, ReadError> {
        let lba = u64::from(lba) + offset / BLOCK_SIZE as u64;
        let blocks = self.source.blocks();
        let lba =
            u32::try_from(lba).map_err(|_| ReadError::OutOfRange { lba: u32::MAX, blocks })?;
        let within = usize::try_from(offset % BLOCK_SIZE as u64).unwrap_or_default();
        let whole = out.len() / BLOCK_SIZE * BLOCK_SIZE;
        if within == 0 && whole > 0 {
            self.read(lba, out.get_mut(..whole).unwrap_or_default())?;
            return Ok(whole);
        }
        let block = self.block(lba)?.get(within..).unwrap_or_default();
        let len = block.len().min(out.len());
        for (to, from) in out.iter_mut().zip(block) {
            *to = *from;
        }
        Ok(len)
    }
}
