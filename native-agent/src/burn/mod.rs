//! Burning: from an image and a drive to a disc that shows what was written.
//!
//! | part | what it is |
//! | --- | --- |
//! | [`check`](mod@check) | everything that can be known to go wrong before the laser is on |
//! | [`recipe`](mod@recipe) | the steps for this medium, made by one strategy per family |
//! | [`Machine`] | carries the steps out; no IO, no clock |
//! | [`run`] | joins machine, transport and source through a ring buffer |
//! | [`verify`](mod@verify) | reads back and compares |
//! | [`read`](mod@read) | from a disc to an image |
//! | [`erase`], [`format`](fn@format), [`close`] | what is done to a disc without an image |

mod blocks;
mod check;
mod confirm;
mod disc_blocks;
mod driver;
mod error;
mod fate;
mod machine;
mod meter;
mod read;
mod recipe;
mod ring;
mod strategy;
mod stream;
#[cfg(test)]
mod tests;
mod told;
mod upkeep;
mod verify;

pub use self::{
    check::{check, check_medium},
    disc_blocks::DiscBlocks,
    driver::{Outcome, run},
    error::BurnError,
    fate::{Blame, DiscFate},
    machine::{Machine, MachineEvent, Recorded},
    read::{
        BlockState, MapError, ReadMap, ReadOptions, ReadOutcome, Reading, Run, SaveMap, Wanted,
    },
    recipe::{Aim, Recipe, Step},
    strategy::{RawRefusal, recipe},
    told::{Checked, Condition, Refusal},
    upkeep::{
        Certification, FormatKind, FormatOptions, Operation, Spare, Upkept, check_upkeep, close,
        erase, format, upkeep, upkeep_recipe,
    },
    verify::{Level, Verification, verify},
};
pub use crate::source::{BlockRange, DamagedFile};

/// How to burn.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Multiple of 1x; the fastest if none. The next lower speed that the drive offers is taken.
    pub speed: Option<f64>,
    /// Do everything with the laser off. CD-R, CD-RW, DVD-R and DVD-RW only.
    pub simulate: bool,
    /// How a CD is written.
    pub write_mode: WriteMode,
    /// Close the disc, so that nothing can be added but every player reads it. When not set, only the session is
    /// closed. Nothing is closed on media that can be overwritten.
    pub close: bool,
    /// Write more than a write-once disc says it holds. The end may be lost, and some drives refuse.
    pub overburn: bool,
    /// Write files without the drive's own check of what it wrote. BD-RE and DVD-RAM only.
    pub stream: bool,
    /// Blocks of the first layer of a DVD with two; the middle of an image that needs both if none.
    pub layer_break: Option<u32>,
    /// Record a blank DVD-R DL with layer jumps, so that another session can follow.
    pub layer_jump: bool,
    /// Fingerprint of the medium that was confirmed; another one is refused.
    pub medium: Option<String>,
    /// Bytes read ahead, for a source that stalls; if none, what is written in three seconds, and at least 64 MiB.
    pub buffer_bytes: Option<usize>,
    /// Whether a write that was faster than the medium allows is held against the drive. Off for virtual drives.
    pub check_pace: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            speed: None,
            simulate: false,
            write_mode: WriteMode::Automatic,
            close: false,
            overburn: false,
            stream: false,
            layer_break: None,
            layer_jump: false,
            medium: None,
            buffer_bytes: None,
            check_pace: true,
        }
    }
}

/// How a CD is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WriteMode {
    /// A session at once for a blank disc that is to be closed, where the drive can; else a track at once.
    #[default]
    Automatic,
    /// A track by itself, with a session around it.
    TrackAtOnce,
    /// Lead-in, track and lead-out in one go. Blank discs only.
    SessionAtOnce,
    /// The same, every sector of it made here, sub-channels included. Blank discs only, which are closed.
    Raw,
}

/// What is going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Looking at the disc, setting the drive up.
    Preparing,
    /// Formatting, which may take long.
    Formatting,
    /// Blanking, which may take long.
    Erasing,
    /// Blocks go to the drive.
    Writing,
    /// Buffer, track and session are finished.
    Closing,
    /// Blocks come back and are compared.
    Verifying,
    /// Blocks come from the disc.
    Reading,
}

impl Phase {
    /// The name in the HTTP API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Preparing => "preparing",
            Self::Formatting => "formatting",
            Self::Erasing => "erasing",
            Self::Writing => "writing",
            Self::Closing => "closing",
            Self::Verifying => "verifying",
            Self::Reading => "reading",
        }
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is counted.
    pub phase: Phase,
    /// Blocks done; while formatting, the part of the disc as a part of the image.
    pub done_blocks: u32,
    /// Blocks of the image.
    pub total_blocks: u32,
    /// Blocks that could not be read so far, or that differ from the image.
    pub bad_blocks: u32,
    /// How full the ring buffer is, 0 to 100.
    pub buffer_percent: u8,
    /// How full the buffer of the drive is, if it tells.
    pub drive_buffer_percent: Option<u8>,
    /// Over the last seconds.
    pub bytes_per_second: u64,
    /// At that speed.
    pub seconds_left: Option<u64>,
}

/// What [`run()`], [`verify()`] and [`Reading::run`] report while they work.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Something else begins.
    Phase(Phase),
    /// How far it is.
    Progress(Progress),
    /// The image reaches this many blocks beyond what the disc says it holds; it is tried nevertheless.
    Overburn(u32),
    /// The drive took this speed of writing, in kilobytes (1000 bytes) per second.
    Speed(u32),
    /// The drive did not do at once what it was told.
    Refused(Refusal),
    /// What is now known of some blocks.
    Blocks(Checked),
}
