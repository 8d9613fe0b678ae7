//! Why a disc was not burned, and what became of it.

mod consequence;

use core::fmt;

use super::{DiscFate, RawRefusal};
use crate::{
    mmc::{ParseError, ProbeError},
    scsi::ScsiError,
    source::SourceError,
};

/// Why a disc was not burned, verified or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BurnError {
    /// The drive could not be asked what is in it.
    #[error("the drive cannot be examined")]
    Probe(#[from] ProbeError),
    /// Insert a disc.
    #[error("there is no disc in the drive")]
    NoMedium,
    /// Insert another disc, or erase this one.
    #[error("the {label} cannot be written: {reason}")]
    NotWritable {
        /// Kind of medium.
        label: String,
        /// Why, for people.
        reason: String,
    },
    /// BLANK is for CD-RW and DVD-RW.
    #[error("the {label} cannot be erased: {reason}")]
    NotErasable {
        /// Kind of medium.
        label: String,
        /// Why, for people.
        reason: &'static str,
    },
    /// The medium, or the drive, does not know this format.
    #[error("the {label} cannot be formatted like this: {reason}")]
    NotFormattable {
        /// Kind of medium.
        label: String,
        /// Why, for people.
        reason: String,
    },
    /// The first layer cannot end there.
    #[error("the first layer cannot end at block {block}: {reason}")]
    BadLayerBreak {
        /// The block that was asked for.
        block: u32,
        /// Why, for people.
        reason: String,
    },
    /// Only a blank DVD-R DL is recorded with layer jumps, in drives that can.
    #[error("the {label} cannot be recorded with layer jumps: {reason}")]
    NoLayerJump {
        /// Kind of medium.
        label: String,
        /// Why, for people.
        reason: &'static str,
    },
    /// Only a disc with something on it that is still open can be closed.
    #[error("the {label} cannot be closed: {reason}")]
    NothingToClose {
        /// Kind of medium.
        label: String,
        /// Why, for people.
        reason: &'static str,
    },
    /// The disc is not the one that was confirmed: look again, then confirm again.
    #[error("the disc in the drive is not the one that was confirmed")]
    WrongMedium,
    /// Put in the disc that the session was laid out for.
    #[error("block {lba} is not what it was when the session was laid out: the disc is another")]
    NotContinued {
        /// The first block of the disc that differs.
        lba: u32,
    },
    /// Put in a disc with something on it.
    #[error("the disc is blank")]
    Blank,
    /// Audio is read as tracks, not as blocks.
    #[error("the disc has audio tracks only, which make no image of blocks")]
    OnlyAudio,
    /// `discwright info` tells how many sessions there are.
    #[error("the disc has no session {number}: it has {sessions}")]
    NoSession {
        /// The session asked for.
        number: u16,
        /// How many have something in them.
        sessions: u16,
    },
    /// The map is of another disc, or of another part of this one.
    #[error("the map is of blocks {first} to {end}, which are not those of the disc in the drive")]
    MapDoesNotFit {
        /// First block of the map.
        first: u32,
        /// One more than its last.
        end: u32,
    },
    /// Put the disc in that the image was begun with.
    #[error("block {lba} of the disc is not the one that was read before: it is another disc")]
    OtherDisc {
        /// The first block that was compared and differs.
        lba: u32,
    },
    /// There is nothing to burn.
    #[error("the image is empty")]
    EmptyImage,
    /// Use a larger disc, or leave something out.
    #[error(
        "the image does not fit: it has {needed} blocks ({}), the {label} has room for {free} ({})",
        Megabytes(*needed),
        Megabytes(*free)
    )]
    DoesNotFit {
        /// Kind of medium.
        label: String,
        /// Blocks of the image.
        needed: u32,
        /// Blocks that are free.
        free: u32,
    },
    /// An image for an empty disc would be unreadable behind an existing session.
    #[error("the image is laid out for an empty disc, but this disc continues at block {start}")]
    NotForThisSession {
        /// Where the new session would begin.
        start: u32,
    },
    /// What was read of a later session counts its blocks from the start of the disc it was on.
    #[error(
        "the image is a later session of a disc, laid out for block {start}, and nothing finds its files elsewhere"
    )]
    LaterSession {
        /// Where the session was on its disc.
        start: u32,
    },
    /// Only CD-R, CD-RW, DVD-R and DVD-RW can be written with the laser off.
    #[error("a {label} cannot be written in simulation")]
    CannotSimulate {
        /// Kind of medium.
        label: String,
    },
    /// Write without streaming, or to another disc.
    #[error("a {label} cannot be written as a stream: {reason}")]
    CannotStream {
        /// Kind of medium.
        label: String,
        /// Why, for people.
        reason: &'static str,
    },
    /// Write in another mode, or another disc.
    #[error("the {label} cannot be written raw: {reason}")]
    CannotWriteRaw {
        /// Kind of medium.
        label: String,
        /// Why.
        reason: RawRefusal,
    },
    /// Only CD-R and CD-RW are written track at once, session at once or raw.
    #[error("a {label} has no choice of write modes")]
    NoWriteMode {
        /// Kind of medium.
        label: String,
    },
    /// The drive continues elsewhere than it said a moment ago.
    #[error(
        "the disc continues at block {found}, not at block {expected} as the drive said before; {fate}"
    )]
    Moved {
        /// Address of the first examination.
        expected: u32,
        /// Address now.
        found: u32,
        /// The disc now.
        fate: DiscFate,
    },
    /// The drive refused a step that is not a write.
    #[error("{doing} failed; {fate}")]
    Step {
        /// What was going on.
        doing: &'static str,
        /// The disc now.
        fate: DiscFate,
        /// What the drive said.
        #[source]
        source: ScsiError,
    },
    /// The drive refused a write.
    #[error("writing block {lba} failed; {fate}")]
    Write {
        /// First block of the command.
        lba: u32,
        /// The disc now.
        fate: DiscFate,
        /// What the drive said.
        #[source]
        source: ScsiError,
    },
    /// An answer that cannot be understood.
    #[error("{doing} failed; {fate}")]
    Answer {
        /// What was going on.
        doing: &'static str,
        /// The disc now.
        fate: DiscFate,
        /// What is missing.
        #[source]
        source: ParseError,
    },
    /// The disc was taken out, or exchanged.
    #[error("the disc was taken out or exchanged while {doing}; {fate}")]
    MediumRemoved {
        /// What was going on.
        doing: &'static str,
        /// The disc now.
        fate: DiscFate,
        /// What the drive said.
        #[source]
        source: ScsiError,
    },
    /// The drive was unplugged or switched off.
    #[error("the drive went away while {doing}; {fate}")]
    DriveGone {
        /// What was going on.
        doing: &'static str,
        /// The disc now.
        fate: DiscFate,
    },
    /// The drive restarted and lost what it held in its buffer.
    #[error("the drive was reset while {doing}; {fate}")]
    DriveReset {
        /// What was going on.
        doing: &'static str,
        /// The disc now.
        fate: DiscFate,
        /// What the drive said.
        #[source]
        source: ScsiError,
    },
    /// The image could not be read to its end.
    #[error("the image cannot be read at block {block}; {fate}")]
    Source {
        /// Block of the image.
        block: u32,
        /// The disc now.
        fate: DiscFate,
        /// Why.
        #[source]
        source: SourceError,
    },
    /// The drive reported success, but the disc does not show it.
    #[error("the drive reported success, but {what}")]
    NotRecorded {
        /// What is wrong, for people.
        what: String,
        /// The disc now.
        fate: DiscFate,
    },
    /// The disc, or what is being read from it, ends early.
    #[error("block {lba} cannot be read")]
    Read {
        /// The block.
        lba: u32,
        /// What the drive said.
        #[source]
        source: ScsiError,
    },
    /// What was read could not be stored.
    #[error("what was read from the disc cannot be stored")]
    Sink(#[source] std::io::Error),
    /// Someone asked to stop.
    #[error("cancelled; {fate}")]
    Cancelled {
        /// The disc now.
        fate: DiscFate,
    },
}

/// Blocks as a size for people, in the decimal unit discs are sold by.
struct Megabytes(u32);

impl fmt::Display for Megabytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} MB", f64::from(self.0) * 2048.0 / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::burn::Blame;

    #[test]
    fn too_small_names_both_sizes() {
        let error =
            BurnError::DoesNotFit { label: "DVD+R".to_owned(), needed: 2_300_000, free: 2_295_104 };
        assert_eq!(
            error.to_string(),
            "the image does not fit: it has 2300000 blocks (4710.4 MB), the DVD+R has room for \
             2295104 (4700.4 MB)"
        );
        assert!(error.hint().is_some());
        assert_eq!((error.blame(), error.fate()), (Blame::Medium, DiscFate::Untouched));
    }
}
