//! What is known of a drive and of the medium in it.

use crate::mmc::{
    Atip, Capabilities, Configuration, DiscInformation, FormatCapacities, LayerBoundary, Profile,
    Protection, Quirks, TrackInformation,
};
use crate::scsi::Inquiry;

/// What a drive is.
#[derive(Clone, Debug, Default)]
pub struct DriveFacts {
    /// Who made it.
    pub inquiry: Inquiry,
    /// What it can do, and what it can do with the medium that is in it.
    pub configuration: Configuration,
    /// Buffer, tray and old speed list; absent if the drive hides page 2Ah.
    pub capabilities: Option<Capabilities>,
    /// What is known of its model.
    pub quirks: Quirks,
}

/// Whether something can be written to the medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediumStatus {
    /// Nothing is recorded, or the medium is not formatted yet.
    Blank,
    /// Another session fits.
    Appendable,
    /// Full or closed.
    Complete,
    /// The last session is damaged.
    Damaged,
    /// Randomly writable: none of the others applies.
    Other,
}

impl MediumStatus {
    /// The name in the HTTP API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::Appendable => "appendable",
            Self::Complete => "complete",
            Self::Damaged => "damaged",
            Self::Other => "other",
        }
    }
}

/// A speed the drive offers for this medium.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WriteSpeed {
    /// Kilobytes (1000 bytes) per second; at the outer edge, if the speed grows.
    pub kb_per_second: u32,
    /// Constant angular velocity: the speed grows from inside to outside.
    pub cav: bool,
    /// The same as a multiple of 1x, to one decimal.
    pub times: f64,
}

/// What a medium is, and what can be done with it.
#[derive(Clone, Debug)]
pub struct MediumFacts {
    /// Its kind.
    pub profile: Profile,
    /// Whether something can be added.
    pub status: MediumStatus,
    /// Whether it can be written again.
    pub rewritable: bool,
    /// Whether it can be written without FORMAT UNIT. Always true for write-once media.
    pub formatted: bool,
    /// Blocks it holds altogether, or will once formatted.
    pub capacity_blocks: u32,
    /// Blocks that can be written now; all of them where blocks can be overwritten.
    pub free_blocks: u32,
    /// Where the next session begins, if there can be one.
    pub next_writable: Option<u32>,
    /// Sessions with something in them.
    pub sessions: u16,
    /// Tracks with something in them.
    pub tracks: u16,
    /// READ DISC INFORMATION.
    pub disc: DiscInformation,
    /// READ TRACK INFORMATION of the track that writing continues, or of the last one.
    pub track: Option<TrackInformation>,
    /// READ FORMAT CAPACITIES, where the drive answers it.
    pub formats: Option<FormatCapacities>,
    /// Fastest first.
    pub write_speeds: Vec<WriteSpeed>,
    /// The groove of a CD-R or CD-RW, where the drive tells it.
    pub atip: Option<Atip>,
    /// Maker and type as pressed into the disc.
    pub media_id: Option<String>,
    /// Whether it is protected from writing.
    pub protection: Protection,
    /// Where the first of two layers ends, on DVD+R DL and DVD-R DL.
    pub layer_boundary: Option<LayerBoundary>,
    /// Digest of all of the above that identifies this disc in this state: 32 hexadecimal digits.
    pub fingerprint: String,
    /// Why it cannot be written, if it cannot.
    pub refusal: Option<String>,
}

impl MediumFacts {
    /// Whether it can be written as it is.
    #[must_use]
    pub const fn is_writable(&self) -> bool {
        self.refusal.is_none()
    }

    /// The name in the command line and the HTTP API: `dvd+r`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.profile.kind()
    }

    /// The name on the box, with the number of layers where the profile does not tell: `BD-R DL`.
    #[must_use]
    pub fn label(&self) -> String {
        /// Blocks of one BD layer of 25 GB, and of one of BDXL. BD-R 1.0; BD-R 2.0.
        const LAYERS: [(u32, &str); 3] =
            [(48_878_592, " QL"), (24_438_784, " TL"), (12_219_392, " DL")];
        let suffix = match self.profile {
            Profile::BD_R | Profile::BD_R_RANDOM | Profile::BD_RE => {
                LAYERS.iter().find(|layer| self.capacity_blocks > layer.0).map_or("", |l| l.1)
            }
            _ => "",
        };
        format!("{}{suffix}", self.profile.label())
    }
}

/// All that is known of a drive and the medium in it.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The drive.
    pub drive: DriveFacts,
    /// The medium, if one is in it.
    pub medium: Option<MediumFacts>,
}
