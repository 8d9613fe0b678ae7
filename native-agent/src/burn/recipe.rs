//! What has to be done to one disc, in order: made by a [strategy](super::strategy), carried out by the
//! [machine](super::Machine).

use core::time::Duration;
use std::sync::Arc;

use image_core::session::Piece;

use crate::{
    mmc::{BLOCK, Closing, Command, Profile, Quirk, Quirks, RawSession, write_of},
    source::Continuation,
};

/// Formatting with full certification of a BD takes hours.
pub(super) const FORMAT_LIMIT: Duration = Duration::from_secs(18_000);
/// libburn waits as long for a WRITE that is answered "busy".
pub(super) const WRITE_LIMIT: Duration = Duration::from_secs(200);
/// Closing a nearly empty DVD+R for players writes up to 30 mm of lead-out.
pub(super) const CLOSE_LIMIT: Duration = Duration::from_secs(3600);
/// For every other command.
pub(super) const STEP_LIMIT: Duration = Duration::from_secs(120);

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// PREVENT ALLOW MEDIUM REMOVAL, both ways; a drive may refuse.
    Lock(bool),
    /// SET STREAMING or SET CD SPEED; a drive may refuse both.
    Speed {
        /// Kilobytes (1000 bytes) per second.
        kb_per_second: u32,
        /// What the medium is for first, then the other, for drives that do not know it.
        ways: [Command; 2],
    },
    /// SEND OPC: the drive adjusts its laser to the disc. Most do so on their own and may refuse.
    Calibrate,
    /// MODE SELECT, which the drive must accept.
    Prepare(Command),
    /// RESERVE TRACK for this many blocks, which uses a write-once disc up.
    Reserve(u32),
    /// SEND DISC STRUCTURE with the blocks of layer 0.
    LayerBreak {
        /// The command.
        command: Command,
        /// Whether the drive may refuse, because it knows a place too.
        optional: bool,
    },
    /// FORMAT UNIT, and waiting for its end.
    Format(Command),
    /// BLANK, and waiting for its end.
    Blank(Command),
    /// READ TRACK INFORMATION, in this order until a drive takes one: writing must continue where the first
    /// examination said.
    ConfirmAddress(Vec<u32>),
    /// All blocks of the image.
    Write,
    /// SYNCHRONIZE CACHE, and waiting for its end.
    Flush,
    /// WRITE(10) of these blocks, once the session that they point to is on the disc.
    Head(Command),
    /// CLOSE TRACK for the track that was written, and waiting for its end. Drives that closed it on their own
    /// refuse: the confirmation tells.
    CloseTrack,
    /// CLOSE SESSION in one of its forms, and waiting for its end.
    Close {
        /// Which form.
        closing: Closing,
        /// Whether a drive may refuse because there is nothing to close.
        optional: bool,
    },
    /// READ DISC INFORMATION: the disc must show the new session.
    ConfirmDisc,
    /// READ TRACK INFORMATION: the track must hold what was written.
    ConfirmTrack,
}

impl Step {
    /// Whether the disc is another once the drive began it.
    pub(super) const fn changes_the_disc(&self) -> bool {
        matches!(
            self,
            Self::Reserve(_)
                | Self::LayerBreak { .. }
                | Self::Format(_)
                | Self::Blank(_)
                | Self::Write
                | Self::Head(_)
                | Self::CloseTrack
                | Self::Close { .. }
        )
    }

    /// Whether it goes over the whole disc, which takes long and which drives count.
    pub(super) const fn is_long(&self) -> bool {
        matches!(self, Self::Format(_) | Self::Blank(_))
    }
}

/// What the disc is to be afterwards, which it has to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// It holds an image.
    Recorded,
    /// It holds an image, in a session that stays open.
    RecordedOpen,
    /// Nothing is on it.
    Blank,
    /// It can be written as it was formatted.
    Formatted,
    /// Nothing can be added to it.
    Closed,
}

/// How one disc is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// In order; nothing is written before [`Step::Write`].
    pub steps: Vec<Step>,
    /// What the disc is to be afterwards.
    pub aim: Aim,
    /// First block to write.
    pub start: u32,
    /// Blocks of the image; without one, blocks of the disc, in which progress is counted.
    pub blocks: u32,
    /// Blocks per WRITE.
    pub unit: u16,
    /// The last WRITE is filled up with zeros to a multiple of this many blocks.
    pub pad: u16,
    /// First block that is written as a stream.
    pub stream_from: Option<u32>,
    /// Whether the buffer of the drive may be asked about before it was full.
    pub early_levels: bool,
    /// Blocks of zeros before the first block, at the addresses before its own: the pause of a CD session at once, of a raw one
    /// also its lead-in.
    pub pause: u32,
    /// So many blocks are written at least, filled up with zeros.
    pub least: u32,
    /// Blocks of zeros behind all that: the lead-out of a raw CD session.
    pub lead_out: u32,
    /// What the blocks are put into, zeros included, where the host makes whole sectors of them.
    pub raw: Option<Arc<RawSession>>,
    /// How else to write, for a drive that refuses a [`Step::Prepare`] of this way before anything is written.
    pub fallback: Option<Box<Self>>,
    /// Whether blocks can be written again, which decides what a failure costs.
    pub rewritable: bool,
    /// Whether what is on the disc stays until the head is written.
    pub grows: bool,
    /// Whether this is a session of its own, which shows in disc and track information.
    pub sequential: bool,
    /// Whether nothing more can be added afterwards.
    pub finalizes: bool,
    /// Whether the laser stays off.
    pub simulated: bool,
    /// Track number, as far as it is known beforehand.
    pub track: u16,
}

impl Recipe {
    /// The same for a drive that differs from the standard.
    #[must_use]
    pub fn with_quirks(mut self, quirks: &Quirks, profile: Profile) -> Self {
        for step in &mut self.steps {
            if let Step::Close { closing, .. } = step
                && profile == Profile::DVD_PLUS_R_DL
            {
                *closing = quirks.closing(*closing);
            }
        }
        self.early_levels = !quirks.has(Quirk::LateBufferQuestions);
        self.fallback = self.fallback.map(|other| Box::new(other.with_quirks(quirks, profile)));
        self
    }

    /// Shortens each WRITE to what the system passes on at once, and keeps it a part of the unit of the medium.
    #[must_use]
    pub fn within(mut self, max_transfer: Option<u32>) -> Self {
        let block = self.raw.as_ref().map_or(BLOCK, |session| session.block_len());
        let most = max_transfer.map_or(u32::MAX, |bytes| bytes / block as u32).max(1);
        while u32::from(self.unit) > most {
            self.unit = self.unit.div_ceil(2);
        }
        self.fallback = self.fallback.map(|other| Box::new(other.within(max_transfer)));
        self
    }

    /// Writes a further session to a disc whose blocks can be overwritten: behind what is there, which stays to be seen until
    /// the head points to what is new. Other discs need no head, and have one place for a session.
    ///
    /// The recipe must be one for all [blocks up to its end](Continuation::reach).
    #[must_use]
    pub fn continuing(mut self, continuation: Option<Continuation>) -> Self {
        let Some(Continuation { start, head: Some(head) }) = continuation else { return self };
        self.start = start;
        self.blocks -= start.min(self.blocks);
        self.grows = true;
        let flush = self.steps.iter().position(|step| *step == Step::Flush);
        let behind = flush.map_or(self.steps.len(), |flush| flush + 1);
        let write = |piece: Piece| Step::Head(write_of(piece.start.0, piece.bytes));
        let head: Vec<Step> = head.after.into_iter().map(write).chain([Step::Flush]).collect();
        self.steps.splice(behind..behind, head);
        self
    }

    /// Blocks written, zeros at the end included.
    #[must_use]
    pub fn padded_blocks(&self) -> u32 {
        let pad = u32::from(self.pad.max(1));
        self.blocks.checked_next_multiple_of(pad).unwrap_or(self.blocks).max(self.least)
    }
}
