//! Reading blocks back, in large pieces while that works and one by one where it does not.

use core::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use super::{BurnError, DiscFate};
use crate::{
    mmc::{BLOCK, PatientDrive, read_10},
    scsi::{ScsiError, Sense, Transport, sense::key},
};

/// Blocks per READ: one ECC block of a BD.
pub(super) const PIECE: u16 = 32;
/// How long a drive may take to get ready and for each READ.
const LIMIT: Duration = Duration::from_secs(60);
/// How many READs in a row may come to nothing because of the drive, or of the way to it, until it counts as lost.
const MOST_LOST: u32 = 8;

/// Some blocks of a disc.
#[derive(Debug)]
pub(super) struct Piece {
    /// Zeros where a block could not be read.
    pub(super) bytes: Vec<u8>,
    /// Addresses of the blocks that could not be read, with what the drive said of the last.
    pub(super) unreadable: Vec<u32>,
    pub(super) error: Option<ScsiError>,
    /// Why not all of them came at the first attempt.
    pub(super) refused: Option<ScsiError>,
}

/// # Errors
/// [`BurnError::Cancelled`] once that was asked for.
pub(super) fn check_cancelled(cancel: &AtomicBool) -> Result<(), BurnError> {
    if cancel.load(Ordering::Relaxed) {
        return Err(BurnError::Cancelled { fate: DiscFate::AsItWas });
    }
    Ok(())
}

/// A drive that is read from.
pub(super) struct BlockReader<'a> {
    drive: PatientDrive<'a>,
    cancel: &'a AtomicBool,
    retries: u8,
    /// READs in a row that came to nothing without a word of their blocks.
    lost: u32,
    /// Blocks the system passes on at once.
    most: u16,
}

impl<'a> BlockReader<'a> {
    /// Waits until the drive is ready, which after closing a disc may take a while.
    pub(super) fn new(
        transport: &'a mut dyn Transport,
        cancel: &'a AtomicBool,
        retries: u8,
    ) -> Result<Self, BurnError> {
        let most = transport.max_transfer().map_or(PIECE, |bytes| {
            u16::try_from(bytes as usize / BLOCK).unwrap_or(PIECE).clamp(1, PIECE)
        });
        let mut drive = PatientDrive::new(transport, LIMIT).with_cancel(cancel);
        let ready = drive.wait_until_ready();
        let reader = Self { drive, cancel, retries, lost: 0, most };
        match ready {
            Ok(()) => Ok(reader),
            Err(ScsiError::Check(sense)) if sense.asc == 0x3a => Err(BurnError::NoMedium),
            Err(source) => Err(reader.failure(0, source)),
        }
    }

    /// The drive, for other questions.
    pub(super) const fn drive(&mut self) -> &mut PatientDrive<'a> {
        &mut self.drive
    }

    /// Reads up to 32 blocks.
    ///
    /// # Errors
    /// [`BurnError::Read`] if the disc or the drive is gone, [`BurnError::Cancelled`]. Blocks that cannot be read are
    /// no error here.
    pub(super) fn read(&mut self, lba: u32, blocks: u16) -> Result<Piece, BurnError> {
        self.check_cancelled()?;
        match self.attempt(lba, blocks) {
            Ok(bytes) => Ok(Piece { bytes, unreadable: Vec::new(), error: None, refused: None }),
            Err(source) if !self.is_about_blocks(&source) => Err(self.failure(lba, source)),
            Err(refused) => {
                let piece = self.read_singly(lba, blocks)?;
                Ok(Piece { refused: Some(refused), ..piece })
            }
        }
    }

    /// Reads up to 32 blocks and does not try again: what the drive said where they cannot be read.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(super) fn read_once(
        &mut self,
        lba: u32,
        blocks: u16,
    ) -> Result<Result<Vec<u8>, ScsiError>, BurnError> {
        self.check_cancelled()?;
        match self.attempt(lba, blocks) {
            Ok(bytes) => Ok(Ok(bytes)),
            Err(source) if !self.is_about_blocks(&source) => Err(self.failure(lba, source)),
            Err(source) => Ok(Err(source)),
        }
    }

    fn read_singly(&mut self, lba: u32, blocks: u16) -> Result<Piece, BurnError> {
        let bytes = Vec::with_capacity(usize::from(blocks) * BLOCK);
        let mut piece = Piece { bytes, unreadable: Vec::new(), error: None, refused: None };
        for lba in lba..lba + u32::from(blocks) {
            match self.read_one(lba)? {
                Ok(bytes) => piece.bytes.extend(bytes),
                Err(error) => {
                    piece.bytes.resize(piece.bytes.len() + BLOCK, 0);
                    piece.unreadable.push(lba);
                    piece.error = Some(error);
                }
            }
        }
        Ok(piece)
    }

    fn read_one(&mut self, lba: u32) -> Result<Result<Vec<u8>, ScsiError>, BurnError> {
        let mut tries = 0;
        loop {
            self.check_cancelled()?;
            match self.attempt(lba, 1) {
                Ok(bytes) => return Ok(Ok(bytes)),
                Err(source) if !self.is_about_blocks(&source) => {
                    return Err(self.failure(lba, source));
                }
                Err(error) if tries >= self.retries => return Ok(Err(error)),
                Err(_) => tries += 1,
            }
        }
    }

    /// A drive that said nothing may be at it still, or begin anew: then it is waited for.
    fn attempt(&mut self, lba: u32, blocks: u16) -> Result<Vec<u8>, ScsiError> {
        let attempt = self.attempt_in_parts(lba, blocks);
        match &attempt {
            Err(ScsiError::Timeout(_) | ScsiError::Io(_)) => {
                self.lost += 1;
                // The next READ tells what is left of it.
                let _ = self.drive.wait_until_ready();
            }
            Ok(_) => self.lost = 0,
            Err(_) => {}
        }
        attempt
    }

    fn attempt_in_parts(&mut self, lba: u32, blocks: u16) -> Result<Vec<u8>, ScsiError> {
        if blocks <= self.most {
            return self.attempt_at_once(lba, blocks);
        }
        let mut bytes = Vec::with_capacity(usize::from(blocks) * BLOCK);
        for done in (0..blocks).step_by(self.most.into()) {
            let count = self.most.min(blocks - done);
            bytes.extend(self.attempt_at_once(lba + u32::from(done), count)?);
        }
        Ok(bytes)
    }

    fn attempt_at_once(&mut self, lba: u32, blocks: u16) -> Result<Vec<u8>, ScsiError> {
        let bytes = self.drive.ask(&read_10(lba, blocks))?;
        if bytes.len() == usize::from(blocks) * BLOCK {
            return Ok(bytes);
        }
        let what = format!("{} bytes came back for {blocks} blocks", bytes.len());
        Err(ScsiError::Io(std::io::Error::other(what)))
    }

    /// A wait that was cut short by cancelling ends with the last refusal, which is not the reason.
    fn failure(&self, lba: u32, source: ScsiError) -> BurnError {
        let (doing, fate) = ("it was read", DiscFate::AsItWas);
        match (self.check_cancelled(), source) {
            (Err(cancelled), _) => cancelled,
            (Ok(()), ScsiError::Gone) => BurnError::DriveGone { doing, fate },
            (Ok(()), source @ ScsiError::Check(Sense { key: key::NOT_READY, asc: 0x3a, .. })) => {
                BurnError::MediumRemoved { doing, fate, source }
            }
            (Ok(()), source) => BurnError::Read { lba, source },
        }
    }

    /// Set once reading is to be given up.
    pub(super) const fn cancel(&self) -> &'a AtomicBool {
        self.cancel
    }

    /// # Errors
    /// As [`check_cancelled`].
    pub(super) fn check_cancelled(&self) -> Result<(), BurnError> {
        check_cancelled(self.cancel)
    }

    /// Whether an error concerns these blocks only, so that others may still be readable. A drive that gives up on a damaged
    /// place may do so in silence, or reset the bus.
    const fn is_about_blocks(&self, error: &ScsiError) -> bool {
        match error {
            ScsiError::Check(sense) => matches!(
                sense.key,
                key::RECOVERED
                    | key::MEDIUM_ERROR
                    | key::HARDWARE_ERROR
                    | key::ILLEGAL_REQUEST
                    | key::BLANK_CHECK
                    | key::ABORTED
            ),
            ScsiError::Timeout(_) | ScsiError::Io(_) => self.lost < MOST_LOST,
            ScsiError::Status(_) | ScsiError::Gone => false,
        }
    }
}
