//! What each kind of medium is and allows: one row per kind, rules named in the row.

use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A kind of recordable medium, named as on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum MediumKind {
    /// CD-R of 80 minutes.
    #[serde(rename = "cd-r")]
    CdR,
    /// CD-RW of 80 minutes.
    #[serde(rename = "cd-rw")]
    CdRw,
    /// DVD-R, sequential recording.
    #[serde(rename = "dvd-r")]
    DvdR,
    /// DVD-R with two layers, sequential recording.
    #[serde(rename = "dvd-r-dl")]
    DvdRDl,
    /// DVD-RW: sequential recording until it is formatted, then restricted overwrite.
    #[serde(rename = "dvd-rw")]
    DvdRw,
    /// DVD-RAM.
    #[serde(rename = "dvd-ram")]
    DvdRam,
    /// DVD+RW.
    #[serde(rename = "dvd+rw")]
    DvdPlusRw,
    /// DVD+R.
    #[serde(rename = "dvd+r")]
    DvdPlusR,
    /// DVD+R with two layers.
    #[serde(rename = "dvd+r-dl")]
    DvdPlusRDl,
    /// BD-R in sequential recording mode (SRM).
    #[serde(rename = "bd-r")]
    BdR,
    /// BD-R with two layers.
    #[serde(rename = "bd-r-dl")]
    BdRDl,
    /// BD-R XL with three layers.
    #[serde(rename = "bd-r-tl")]
    BdRTl,
    /// BD-R XL with four layers.
    #[serde(rename = "bd-r-ql")]
    BdRQl,
    /// BD-RE.
    #[serde(rename = "bd-re")]
    BdRe,
    /// BD-RE with two layers.
    #[serde(rename = "bd-re-dl")]
    BdReDl,
    /// BD-RE XL with three layers.
    #[serde(rename = "bd-re-tl")]
    BdReTl,
}

/// How blocks get onto a medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording {
    /// Only at the next writable address of a track; a recorded block stays. MMC-6 4.5.
    Sequential,
    /// At any address, as often as wanted, once formatted.
    Overwrite,
}

/// One row of the table: everything about a kind that the drive's answers depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediumType {
    /// Which kind the row describes.
    pub kind: MediumKind,
    /// The name on the command line and in the file.
    pub name: &'static str,
    /// The name printed on the box.
    pub label: &'static str,
    /// Profile number of a new disc. MMC-6 table 92.
    pub profile: u16,
    /// The profile it has once it is formatted, where that is another.
    pub formatted_profile: Option<u16>,
    /// Logical blocks of a new disc as sold, without spare areas.
    pub capacity: u32,
    /// Blocks the default format of this medium sets aside for replacing bad ones.
    pub spare: u32,
    /// The least and the most blocks that can be set aside.
    pub spare_range: [u32; 2],
    /// Blocks of one ECC block: the unit in which the medium is really written.
    pub write_unit: u32,
    /// How blocks get onto it.
    pub recording: Recording,
    /// Whether BLANK makes it new again. MMC-6 6.2.
    pub erasable: bool,
    /// Whether a new disc is sold formatted.
    pub preformatted: bool,
    /// Format types FORMAT UNIT takes. MMC-6 6.5.
    pub formats: &'static [u8],
    /// Blocks lost between two sessions to lead-out and lead-in (border or closure and intro zones).
    pub session_gap: u32,
    /// The most tracks a disc can have.
    pub max_tracks: u16,
    /// Features of [`super::features`] that are current only while this medium is in the drive.
    pub features: &'static [u16],
    /// The same once it has its [`formatted_profile`](Self::formatted_profile).
    pub formatted_features: &'static [u16],
    /// Speed 1x in 100 bytes a second; of CDs in bytes of raw sectors, as MMC counts them.
    pub base_speed: u32,
    /// Write speeds in multiples of 1x times ten, fastest first.
    pub speeds_x10: &'static [u32],
    /// Book type and part version byte of READ DISC STRUCTURE, 0 for BD. MMC-6 6.22.3.2.1.
    pub book: u8,
    /// Recording layers.
    pub layers: u8,
}

const CD_1X: u32 = 1764;
const DVD_1X: u32 = 13_850;
const BD_1X: u32 = 44_960;

/// Sold as 80 minutes: the lead-out can begin at 79:59:74.
const RECORDABLE_CD: MediumType = MediumType {
    kind: MediumKind::CdR,
    name: "cd-r",
    label: "CD-R",
    profile: 0x09,
    formatted_profile: None,
    capacity: 359_849,
    spare: 0,
    spare_range: [0, 0],
    write_unit: 1,
    recording: Recording::Sequential,
    erasable: false,
    preformatted: false,
    formats: &[],
    session_gap: 11_400,
    max_tracks: 99,
    features: &[0x10, 0x1d, 0x1e, 0x2d, 0x2e],
    formatted_features: &[],
    base_speed: CD_1X,
    speeds_x10: &[480, 400, 320, 240, 160, 80, 40],
    book: 0,
    layers: 1,
};

const SEQUENTIAL_DVD: MediumType = MediumType {
    kind: MediumKind::DvdPlusR,
    name: "dvd+r",
    label: "DVD+R",
    profile: 0x1b,
    formatted_profile: None,
    capacity: 2_295_104,
    spare: 0,
    spare_range: [0, 0],
    write_unit: 16,
    recording: Recording::Sequential,
    erasable: false,
    preformatted: false,
    formats: &[],
    session_gap: 2048,
    max_tracks: 153,
    features: &[0x10, 0x1f, 0x2b],
    formatted_features: &[],
    base_speed: DVD_1X,
    speeds_x10: &[160, 80, 40, 24],
    book: 0xa1,
    layers: 1,
};

const SEQUENTIAL_BD: MediumType = MediumType {
    kind: MediumKind::BdR,
    name: "bd-r",
    label: "BD-R",
    profile: 0x41,
    formatted_profile: None,
    capacity: 12_219_392,
    spare: 393_216,
    spare_range: [131_072, 655_360],
    write_unit: 32,
    recording: Recording::Sequential,
    erasable: false,
    preformatted: false,
    formats: &[0x00, 0x32],
    session_gap: 0,
    max_tracks: 4096,
    features: &[0x10, 0x21, 0x23, 0x40, 0x41],
    formatted_features: &[],
    base_speed: BD_1X,
    speeds_x10: &[160, 120, 80, 60, 40, 20],
    book: 0,
    layers: 1,
};

const REWRITABLE_BD: MediumType = MediumType {
    kind: MediumKind::BdRe,
    name: "bd-re",
    label: "BD-RE",
    profile: 0x43,
    recording: Recording::Overwrite,
    formats: &[0x00, 0x30, 0x31],
    max_tracks: 1,
    features: &[0x10, 0x20, 0x23, 0x24, 0x40, 0x41],
    speeds_x10: &[20],
    ..SEQUENTIAL_BD
};

/// Every kind this drive takes, in the order its profile list shows them (newest first). MMC-6 5.3.1.
pub const MEDIA: &[MediumType] = &[
    REWRITABLE_BD,
    MediumType {
        kind: MediumKind::BdReDl,
        name: "bd-re-dl",
        label: "BD-RE DL",
        capacity: 24_438_784,
        spare: 786_432,
        spare_range: [262_144, 1_310_720],
        layers: 2,
        ..REWRITABLE_BD
    },
    MediumType {
        kind: MediumKind::BdReTl,
        name: "bd-re-tl",
        label: "BD-RE TL",
        capacity: 48_878_592,
        spare: 1_572_864,
        spare_range: [393_216, 2_621_440],
        layers: 3,
        ..REWRITABLE_BD
    },
    SEQUENTIAL_BD,
    MediumType {
        kind: MediumKind::BdRDl,
        name: "bd-r-dl",
        label: "BD-R DL",
        capacity: 24_438_784,
        spare: 786_432,
        spare_range: [262_144, 1_310_720],
        speeds_x10: &[80, 60, 40, 20],
        layers: 2,
        ..SEQUENTIAL_BD
    },
    MediumType {
        kind: MediumKind::BdRTl,
        name: "bd-r-tl",
        label: "BD-R TL",
        capacity: 48_878_592,
        spare: 1_572_864,
        spare_range: [393_216, 2_621_440],
        speeds_x10: &[60, 40, 20],
        layers: 3,
        ..SEQUENTIAL_BD
    },
    MediumType {
        kind: MediumKind::BdRQl,
        name: "bd-r-ql",
        label: "BD-R QL",
        capacity: 62_500_864,
        spare: 2_097_152,
        spare_range: [524_288, 3_145_728],
        speeds_x10: &[60, 40, 20],
        layers: 4,
        ..SEQUENTIAL_BD
    },
    MediumType {
        kind: MediumKind::DvdPlusRDl,
        name: "dvd+r-dl",
        label: "DVD+R DL",
        profile: 0x2b,
        capacity: 4_173_824,
        features: &[0x10, 0x1f, 0x3b],
        speeds_x10: &[80, 40, 24],
        book: 0xe1,
        layers: 2,
        ..SEQUENTIAL_DVD
    },
    SEQUENTIAL_DVD,
    MediumType {
        kind: MediumKind::DvdPlusRw,
        name: "dvd+rw",
        label: "DVD+RW",
        profile: 0x1a,
        recording: Recording::Overwrite,
        formats: &[0x26],
        max_tracks: 1,
        features: &[0x10, 0x1f, 0x20, 0x23, 0x2a],
        speeds_x10: &[80, 40, 24],
        book: 0x92,
        ..SEQUENTIAL_DVD
    },
    MediumType {
        kind: MediumKind::DvdRam,
        name: "dvd-ram",
        label: "DVD-RAM",
        profile: 0x12,
        capacity: 2_295_072,
        spare: 59_104,
        recording: Recording::Overwrite,
        preformatted: true,
        formats: &[0x00, 0x01],
        max_tracks: 1,
        features: &[0x10, 0x1f, 0x20, 0x23, 0x24],
        speeds_x10: &[50, 30, 20],
        book: 0x16,
        ..SEQUENTIAL_DVD
    },
    MediumType {
        kind: MediumKind::DvdRw,
        name: "dvd-rw",
        label: "DVD-RW",
        profile: 0x14,
        formatted_profile: Some(0x13),
        capacity: 2_297_888,
        erasable: true,
        formats: &[0x00, 0x10, 0x15],
        session_gap: 28_672,
        max_tracks: 2302,
        features: &[0x10, 0x1f, 0x21, 0x23, 0x2f],
        formatted_features: &[0x10, 0x1f, 0x23, 0x2c],
        speeds_x10: &[60, 40, 20],
        book: 0x32,
        ..SEQUENTIAL_DVD
    },
    MediumType {
        kind: MediumKind::DvdRDl,
        name: "dvd-r-dl",
        label: "DVD-R DL",
        profile: 0x15,
        capacity: 4_171_712,
        session_gap: 28_672,
        max_tracks: 2302,
        features: &[0x10, 0x1f, 0x21, 0x2f, 0x33],
        speeds_x10: &[80, 60, 40, 20],
        book: 0x26,
        layers: 2,
        ..SEQUENTIAL_DVD
    },
    MediumType {
        kind: MediumKind::DvdR,
        name: "dvd-r",
        label: "DVD-R",
        profile: 0x11,
        capacity: 2_298_496,
        session_gap: 28_672,
        max_tracks: 2302,
        features: &[0x10, 0x1f, 0x21, 0x2f],
        book: 0x25,
        ..SEQUENTIAL_DVD
    },
    MediumType {
        kind: MediumKind::CdRw,
        name: "cd-rw",
        label: "CD-RW",
        profile: 0x0a,
        erasable: true,
        features: &[0x10, 0x1d, 0x1e, 0x2d, 0x2e, 0x37],
        speeds_x10: &[240, 160, 100, 40],
        ..RECORDABLE_CD
    },
    RECORDABLE_CD,
];

impl MediumKind {
    /// The row describing this kind.
    #[must_use]
    pub fn describe(self) -> &'static MediumType {
        MEDIA.iter().find(|row| row.kind == self).unwrap_or(&MEDIA[0])
    }
}

impl MediumType {
    /// Whether recorded blocks can be recorded again.
    #[must_use]
    pub fn rewritable(&self) -> bool {
        self.recording == Recording::Overwrite || self.erasable
    }

    /// Whether the medium belongs to the Blu-ray family.
    #[must_use]
    pub const fn is_bd(&self) -> bool {
        self.profile >= 0x40
    }

    /// Whether the medium is a CD, whose blocks are sectors with sub-channels and signed addresses.
    #[must_use]
    pub const fn is_cd(&self) -> bool {
        matches!(self.profile, 0x08..=0x0a)
    }

    /// Spare blocks of the default format for a disc of this many blocks (smaller discs keep the proportion).
    #[must_use]
    pub fn spare_for(&self, capacity: u32) -> u32 {
        self.share(capacity, self.spare)
    }

    /// The least and the most spare blocks for a disc of this many blocks.
    #[must_use]
    pub fn spare_range_for(&self, capacity: u32) -> [u32; 2] {
        self.spare_range.map(|spare| self.share(capacity, spare))
    }

    fn share(&self, capacity: u32, spare: u32) -> u32 {
        let share = u64::from(capacity) * u64::from(spare) / u64::from(self.capacity);
        let spare = u32::try_from(share).unwrap_or(0);
        spare - spare % self.write_unit
    }

    /// Write speeds in 1000 bytes a second, fastest first.
    pub fn write_speeds(&self) -> impl Iterator<Item = u32> + '_ {
        self.speeds_x10.iter().map(|tenths| (self.base_speed * tenths + 50) / 100)
    }
}

impl fmt::Display for MediumKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.describe().name)
    }
}

/// The name is no medium this drive takes.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{name}` is not a kind of medium")]
pub struct UnknownMedium {
    name: String,
}

impl UnknownMedium {
    /// The kinds there are.
    #[must_use]
    pub fn hint(&self) -> String {
        let names: Vec<_> = MEDIA.iter().map(|row| row.name).collect();
        format!("one of {}", names.join(", "))
    }
}

impl FromStr for MediumKind {
    type Err = UnknownMedium;

    fn from_str(name: &str) -> Result<Self, UnknownMedium> {
        let row = MEDIA.iter().find(|row| row.name.eq_ignore_ascii_case(name));
        row.map(|row| row.kind).ok_or_else(|| UnknownMedium { name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_row() {
        for row in MEDIA {
            assert_eq!(row.kind.describe(), row);
            assert_eq!(row.name.parse(), Ok(row.kind));
            assert_eq!(serde_json::to_value(row.kind).unwrap(), row.name);
            assert_eq!(row.capacity % row.write_unit, 0, "{}", row.name);
            assert!(row.features.is_sorted(), "{}", row.name);
            assert!(row.formatted_features.is_sorted(), "{}", row.name);
            assert_eq!(row.formatted_features.is_empty(), row.formatted_profile.is_none());
        }
    }

    #[test]
    fn bd_re_keeps_its_published_default_size() {
        let row = MediumKind::BdRe.describe();
        assert_eq!(row.capacity - row.spare_for(row.capacity), 11_826_176);
        assert_eq!(row.spare_for(3200) % 32, 0);
    }
}
