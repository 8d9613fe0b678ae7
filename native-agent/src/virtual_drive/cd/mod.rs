//! What compact discs do differently: sectors with signed addresses, tracks with run-out and pregap, sessions with lead-in and
//! lead-out, cue sheets, and tables of contents in minutes and seconds.
//!
//! Of a sector of mode 1 or of mode 2 form 1 only the user data are kept; the drive makes the rest when it is read raw. What a
//! host sent raw is kept as it was sent.

use serde::{Deserialize, Serialize};

mod cue;
mod raw;
mod rules;
mod sectors;
mod sub_channels;
pub(super) mod toc;
mod transfer;

pub(super) use cue::{Cue, MOST_BYTES as MOST_CUE_BYTES};
pub(super) use raw::{PQ_BLOCKS, PW_BLOCKS, Raw};

/// Blocks between a track and what follows it, from where data may begin: a pause of two seconds. MMC-6 4.2.3.5.
pub(super) const PREGAP: u32 = 150;
/// Blocks that end a track written by itself, which nobody can read. MMC-6 4.2.3.5.
const RUN_OUT: u32 = 2;
/// The shortest track, of four seconds. ECMA-130 20.
const SHORTEST_TRACK: u32 = 300;
/// Blocks of a lead-in, without the pause behind it. Orange Book II, MMC-6 4.2.3.3.
const LEAD_IN: u32 = 4500;
/// From the lead-out of the first session to where data of the second may begin: lead-out, lead-in and pause.
const FIRST_GAP: u32 = 6750 + LEAD_IN + PREGAP;
/// The same behind every further session.
const FURTHER_GAP: u32 = 2250 + LEAD_IN + PREGAP;
/// The most tracks of a disc. ECMA-130 22.3.3.1.
const MOST_TRACKS: usize = 99;

/// CONTROL of sub-channel Q, bit 2: a data track. ECMA-130 22.3.1.
const DATA_TRACK: u8 = 4;

/// What a CD keeps of a track besides its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CdTrack {
    /// CONTROL of sub-channel Q. ECMA-130 22.3.1.
    pub(super) control: u8,
    pub(super) form: Form,
    /// Recorded with its whole session by a cue sheet.
    pub(super) at_once: bool,
    /// What the drive puts before user data of mode 2.
    #[serde(default)]
    pub(super) sub_header: [u8; 4],
}

impl CdTrack {
    pub(super) const fn is_data(self) -> bool {
        self.control & DATA_TRACK != 0
    }

    pub(super) const fn is_mode_2(self) -> bool {
        matches!(self.form, Form::Mode2Form1)
    }
}

/// What a host sends of each sector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Form {
    /// User data of mode 1.
    Mode1,
    /// User data of mode 2 form 1, of CD-ROM XA.
    Mode2Form1,
    /// All of it: audio, or data with everything around them.
    Raw,
}

impl Form {
    /// Bytes of a block of a WRITE.
    const fn block(self) -> usize {
        match self {
            Self::Mode1 | Self::Mode2Form1 => 2048,
            Self::Raw => image_core::cd::RAW_SECTOR,
        }
    }

    /// Where these bytes begin in the sector.
    const fn offset(self) -> usize {
        match self {
            Self::Mode1 => 16,
            Self::Mode2Form1 => 24,
            Self::Raw => 0,
        }
    }
}

/// The sector as the file counts them: from the pause before the first track on.
fn index(lba: i32) -> Option<u32> {
    lba.checked_add_unsigned(PREGAP).and_then(|index| u32::try_from(index).ok())
}
