//! Why a disc was not burned, and what became of it.

use core::fmt;

use super::{Blame, DiscFate, RawRefusal};
use crate::{
    mmc::{ERASE_FIRST, OPEN_SESSION, ParseError, ProbeError},
    scsi::{ScsiError, Sense},
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
        "the disc continues at block {found}, not at block {expected} as the drive said before"
    )]
    Moved {
        /// Address of the first examination.
        expected: u32,
        /// Address now.
        found: u32,
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

impl BurnError {
    /// A stable name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Probe(_) => "driveNotReady",
            Self::NoMedium => "noMedium",
            Self::NotWritable { .. } => "mediumNotWritable",
            Self::NotErasable { .. } => "mediumNotErasable",
            Self::NotFormattable { .. } => "mediumNotFormattable",
            Self::NothingToClose { .. } => "nothingToClose",
            Self::BadLayerBreak { .. } => "badLayerBreak",
            Self::NoLayerJump { .. } => "noLayerJump",
            Self::WrongMedium => "mediumChanged",
            Self::Blank => "mediumBlank",
            Self::OnlyAudio => "onlyAudio",
            Self::NoSession { .. } => "noSession",
            Self::MapDoesNotFit { .. } | Self::OtherDisc { .. } => "mediumChanged",
            Self::EmptyImage => "imageEmpty",
            Self::DoesNotFit { .. } => "imageTooLarge",
            Self::NotForThisSession { .. } => "imageNotForSession",
            Self::CannotSimulate { .. } => "cannotSimulate",
            Self::CannotStream { .. } => "cannotStream",
            Self::CannotWriteRaw { .. } => "cannotWriteRaw",
            Self::NoWriteMode { .. } => "noWriteMode",
            Self::Moved { .. } | Self::NotRecorded { .. } => "notRecorded",
            Self::Step { .. } | Self::Answer { .. } => "driveRefused",
            Self::Write { .. } => "writeFailed",
            Self::MediumRemoved { .. } => "mediumRemoved",
            Self::DriveGone { .. } => "driveGone",
            Self::DriveReset { .. } => "driveReset",
            Self::Source { .. } => "sourceFailed",
            Self::Read { .. } => "readFailed",
            Self::Sink(_) => "storeFailed",
            Self::Cancelled { .. } => "cancelled",
        }
    }

    /// What a person can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Probe(error) => error.hint(),
            Self::NoMedium => Some("insert a disc"),
            Self::NotWritable { reason, .. } if reason == ERASE_FIRST => {
                Some("erase it, as `discwright erase` does, or insert another disc")
            }
            Self::NotWritable { reason, .. } if reason == OPEN_SESSION => Some(
                "`discwright close` ends it, and `discwright erase` makes a rewritable disc blank",
            ),
            Self::NotWritable { .. } => Some("insert a disc that the drive can write"),
            Self::NotErasable { .. } => Some("insert a CD-RW or DVD-RW"),
            Self::NotFormattable { .. } => {
                Some("leave the options out to have what suits the medium")
            }
            Self::BadLayerBreak { .. } => {
                Some("leave it out to have it in the middle of the image")
            }
            Self::NoLayerJump { .. } => Some("burn it without"),
            Self::NothingToClose { .. } => Some("insert a disc that a session can be added to"),
            Self::WrongMedium => Some("look at the disc again, then confirm it again"),
            Self::Blank => Some("put in a disc with something on it"),
            Self::OnlyAudio => Some("read it with a program for audio"),
            Self::NoSession { .. } => Some("`discwright info` tells how many sessions there are"),
            Self::MapDoesNotFit { .. } | Self::OtherDisc { .. } => {
                Some("put in the disc that the image was begun with, or begin another image")
            }
            Self::Read { source: ScsiError::Check(_), .. } => {
                Some("clean the disc, or try another drive: drives differ in what they can read")
            }
            Self::EmptyImage => Some("choose an image, or files, to burn"),
            Self::DoesNotFit { .. } => Some("use a larger disc, or leave something out"),
            Self::NotForThisSession { .. } => {
                Some("insert an empty disc, or build the image as a further session of this one")
            }
            Self::CannotSimulate { .. } => Some("burn without simulation, or try with a DVD-R"),
            Self::CannotStream { .. } => Some("burn without streaming"),
            Self::CannotWriteRaw { reason, .. } => Some(reason.hint()),
            Self::NoWriteMode { .. } => Some("leave the write mode out"),
            Self::Source { source, .. } => source.hint(),
            Self::DriveGone { .. } => Some("check cable and power of the drive"),
            Self::NotRecorded { .. } => Some("do not rely on this disc; try another drive or disc"),
            Self::Moved { .. } => Some("look at the disc again, then retry"),
            _ => self.sense().and_then(|sense| sense.hint()),
        }
    }

    /// What became of the disc. Errors found before the first write leave it untouched.
    #[must_use]
    pub const fn fate(&self) -> DiscFate {
        match self {
            Self::Step { fate, .. }
            | Self::Write { fate, .. }
            | Self::Answer { fate, .. }
            | Self::MediumRemoved { fate, .. }
            | Self::DriveGone { fate, .. }
            | Self::DriveReset { fate, .. }
            | Self::Source { fate, .. }
            | Self::NotRecorded { fate, .. }
            | Self::Cancelled { fate } => *fate,
            Self::Read { .. }
            | Self::Sink(_)
            | Self::Blank
            | Self::OnlyAudio
            | Self::NoSession { .. }
            | Self::MapDoesNotFit { .. }
            | Self::OtherDisc { .. } => DiscFate::AsItWas,
            _ => DiscFate::Untouched,
        }
    }

    /// The sense triple, where the drive said no.
    #[must_use]
    pub const fn sense(&self) -> Option<Sense> {
        match self {
            Self::Probe(ProbeError::Scsi { source: ScsiError::Check(sense), .. })
            | Self::Step { source: ScsiError::Check(sense), .. }
            | Self::Write { source: ScsiError::Check(sense), .. }
            | Self::MediumRemoved { source: ScsiError::Check(sense), .. }
            | Self::DriveReset { source: ScsiError::Check(sense), .. }
            | Self::Read { source: ScsiError::Check(sense), .. } => Some(*sense),
            _ => None,
        }
    }

    /// Whose fault it is.
    #[must_use]
    pub fn blame(&self) -> Blame {
        match self {
            Self::CannotWriteRaw {
                reason: RawRefusal::NotOffered | RawRefusal::NoLeadIn, ..
            } => Blame::Drive,
            Self::EmptyImage
            | Self::Source { .. }
            | Self::NotForThisSession { .. }
            | Self::Sink(_) => Blame::Input,
            Self::NoMedium
            | Self::Blank
            | Self::OnlyAudio
            | Self::NoSession { .. }
            | Self::MapDoesNotFit { .. }
            | Self::OtherDisc { .. }
            | Self::NotWritable { .. }
            | Self::NotErasable { .. }
            | Self::NotFormattable { .. }
            | Self::NothingToClose { .. }
            | Self::BadLayerBreak { .. }
            | Self::NoLayerJump { .. }
            | Self::WrongMedium
            | Self::DoesNotFit { .. }
            | Self::CannotSimulate { .. }
            | Self::CannotStream { .. }
            | Self::CannotWriteRaw { .. }
            | Self::NoWriteMode { .. }
            | Self::MediumRemoved { .. } => Blame::Medium,
            Self::NotRecorded { .. } => Blame::Verification,
            Self::Cancelled { .. } => Blame::Cancelled,
            _ if self.sense().is_some_and(is_medium_fault) => Blame::Medium,
            _ => Blame::Drive,
        }
    }
}

/// Sense keys MEDIUM ERROR, DATA PROTECT and BLANK CHECK, and an incompatible medium.
const fn is_medium_fault(sense: Sense) -> bool {
    matches!((sense.key, sense.asc), (3 | 7 | 8, _) | (_, 0x30 | 0x3a))
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

    #[test]
    fn sense_decides_blame() {
        let write = |key, asc| BurnError::Write {
            lba: 5,
            fate: DiscFate::Spoiled,
            source: ScsiError::Check(Sense::new(key, asc, 0)),
        };
        assert_eq!(write(3, 0x0c).blame(), Blame::Medium);
        assert_eq!(write(4, 0x44).blame(), Blame::Drive);
        assert_eq!(write(4, 0x44).sense(), Some(Sense::new(4, 0x44, 0)));
    }
}
