//! Why nothing can be written to a medium.

use super::{DriveFacts, MediumFacts, MediumStatus};
use crate::mmc::{Configuration, Profile, SessionState, WriteMethod, feature};

/// Why a CD-RW or DVD-RW with nothing left on it cannot be written.
pub(crate) const ERASE_FIRST: &str = "the disc is full: it has to be erased first";

/// Why a disc cannot be written whose last session has something in it and is open: an image behind that would not be found.
pub(crate) const OPEN_SESSION: &str = "its last session was begun and not closed";

/// Why nothing can be written, for people.
pub(super) fn refusal(facts: &MediumFacts, drive: &DriveFacts) -> Option<String> {
    let label = facts.label();
    let Some(method) = facts.profile.write_method() else {
        return Some(if facts.profile.is_read_only() {
            format!("{label} can only be read")
        } else {
            format!("writing {label} is not supported")
        });
    };
    if !drive_can_write(facts.profile, &drive.configuration) {
        return Some(format!("this drive cannot write {label}"));
    }
    if let Some(reason) = facts.protection.reasons().next() {
        return Some(format!("the disc is write-protected {reason}"));
    }
    if method == WriteMethod::Overwrite {
        return None;
    }
    match facts.status {
        MediumStatus::Damaged => Some("the last session on the disc is damaged".to_owned()),
        MediumStatus::Complete if facts.rewritable => Some(ERASE_FIRST.to_owned()),
        MediumStatus::Complete => Some("the disc is closed: nothing can be added".to_owned()),
        MediumStatus::Appendable if has_open_session(facts, drive) => Some(OPEN_SESSION.to_owned()),
        _ if facts.next_writable.is_none() => {
            Some("the drive does not say where writing can continue".to_owned())
        }
        _ => None,
    }
}

/// BD-R for pseudo-overwrite keep their session open on purpose.
fn has_open_session(facts: &MediumFacts, drive: &DriveFacts) -> bool {
    facts.disc.last_session == SessionState::Incomplete
        && !drive.configuration.is_current(feature::BD_R_POW)
}

/// Drives that only read show the profile of a medium too; the feature for writing is then missing or not current.
fn drive_can_write(profile: Profile, configuration: &Configuration) -> bool {
    let write_bit = |code| {
        let feature = configuration.feature(code).filter(|feature| feature.current);
        feature.is_some_and(|feature| feature.data.first().is_some_and(|bits| bits & 1 != 0))
    };
    match profile {
        Profile::CD_R | Profile::CD_RW => {
            configuration.is_current(feature::CD_TRACK_AT_ONCE)
                || configuration.is_current(feature::CD_MASTERING)
        }
        Profile::DVD_R_DL_JUMP => configuration.is_current(feature::LAYER_JUMP),
        Profile::DVD_PLUS_R => write_bit(feature::DVD_PLUS_R),
        Profile::DVD_PLUS_RW => write_bit(feature::DVD_PLUS_RW),
        Profile::BD_R | Profile::BD_RE => configuration.is_current(feature::BD_WRITE),
        _ => true,
    }
}
