//! What an error means for the disc, the program and the person.

use super::BurnError;
use crate::burn::{Blame, DiscFate, RawRefusal};
use crate::mmc::{ERASE_FIRST, OPEN_SESSION, ProbeError};
use crate::scsi::{ScsiError, Sense};

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
            Self::WrongMedium | Self::NotContinued { .. } => "mediumChanged",
            Self::Blank => "mediumBlank",
            Self::OnlyAudio => "onlyAudio",
            Self::NoSession { .. } => "noSession",
            Self::MapDoesNotFit { .. } | Self::OtherDisc { .. } => "mediumChanged",
            Self::EmptyImage => "imageEmpty",
            Self::DoesNotFit { .. } => "imageTooLarge",
            Self::NotForThisSession { .. } | Self::LaterSession { .. } => "imageNotForSession",
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
            Self::NotContinued { .. } => {
                Some("put in the disc that is added to, or add to this one anew")
            }
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
            Self::LaterSession { .. } => Some(
                "read the disc without --session: `build --append` makes an image of that which shows all files",
            ),
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
            | Self::Moved { fate, .. }
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
            | Self::LaterSession { .. }
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
            | Self::NotContinued { .. }
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

#[cfg(test)]
mod tests {
    use super::*;

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
