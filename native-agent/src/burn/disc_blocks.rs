//! A disc as the readers of file systems want it.

use core::sync::atomic::AtomicBool;

use image_core::read::{BlockSource, ReadError};

use super::{
    BurnError,
    blocks::{BlockReader, PIECE},
};
use crate::{
    mmc::{BLOCK, Capacity, MediumFacts, Toc, WriteMethod, read_capacity, read_last_session},
    scsi::{ScsiError, Transport},
};

/// How often a block is tried again before it counts as lost.
const RETRIES: u8 = 3;

/// The blocks of a disc, in any order.
#[expect(missing_debug_implementations, reason = "a transport has none")]
pub struct DiscBlocks<'a> {
    reader: BlockReader<'a>,
    blocks: u32,
    session: u32,
    /// The piece that was read last, and its first block.
    piece: (u32, Vec<u8>),
    /// Why the last block could not be read.
    problem: Option<BurnError>,
}

impl<'a> DiscBlocks<'a> {
    /// Finds out how many blocks there are and where the last session begins.
    ///
    /// # Errors
    /// [`BurnError::Blank`] without anything recorded.
    pub fn open(
        transport: &'a mut dyn Transport,
        medium: &MediumFacts,
        cancel: &'a AtomicBool,
    ) -> Result<Self, BurnError> {
        let overwrites = medium.profile.write_method() == Some(WriteMethod::Overwrite);
        if !medium.formatted || !overwrites && medium.sessions == 0 {
            return Err(BurnError::Blank);
        }
        let mut reader = BlockReader::new(transport, cancel, RETRIES)?;
        let failed = |source| BurnError::Read { lba: 0, source };
        let capacity = reader.drive().ask(&read_capacity()).map_err(failed)?;
        let blocks = Capacity::parse(&capacity).map_or(0, |capacity| capacity.blocks);
        if blocks <= 1 {
            return Err(BurnError::Blank);
        }
        let session = if overwrites {
            0
        } else {
            let answer = reader.drive().ask(&read_last_session()).map_err(failed)?;
            let broken = |_| failed(ScsiError::Io(std::io::ErrorKind::InvalidData.into()));
            let toc = Toc::parse(&answer).map_err(broken)?;
            toc.tracks.first().map_or(0, |track| track.start)
        };
        Ok(Self { reader, blocks, session, piece: (0, Vec::new()), problem: None })
    }

    /// The first block of the last session; 0 where blocks can be overwritten.
    #[must_use]
    pub const fn session(&self) -> u32 {
        self.session
    }

    /// Why a block could not be read, if one could not.
    pub fn problem(&mut self) -> Option<BurnError> {
        self.problem.take()
    }

    /// A block, from the piece it is in.
    fn block(&mut self, lba: u32) -> Result<&[u8], BurnError> {
        let (first, bytes) = &self.piece;
        let known = lba >= *first && ((lba - first) as usize + 1) * BLOCK <= bytes.len();
        if !known {
            let count = u32::from(PIECE).min(self.blocks - lba);
            let piece = self.reader.read(lba, count as u16)?;
            let whole = match (piece.unreadable.first(), piece.error) {
                (Some(lost), Some(source)) if *lost == lba => {
                    return Err(BurnError::Read { lba, source });
                }
                (Some(lost), _) => (lost - lba) as usize * BLOCK,
                (None, _) => piece.bytes.len(),
            };
            let mut bytes = piece.bytes;
            bytes.truncate(whole);
            self.piece = (lba, bytes);
        }
        let at = (lba - self.piece.0) as usize * BLOCK;
        Ok(self.piece.1.get(at..at + BLOCK).unwrap_or_default())
    }
}

impl BlockSource for DiscBlocks<'_> {
    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), ReadError> {
        for (lba, block) in (lba..self.blocks).zip(out.chunks_exact_mut(BLOCK)) {
            match self.block(lba) {
                Ok(bytes) if bytes.len() == BLOCK => block.copy_from_slice(bytes),
                Ok(_) => return Err(ReadError::Unreadable { lba }),
                Err(error) => {
                    self.problem = Some(error);
                    return Err(ReadError::Unreadable { lba });
                }
            }
        }
        Ok(())
    }

    fn blocks(&self) -> u32 {
        self.blocks
    }
}
