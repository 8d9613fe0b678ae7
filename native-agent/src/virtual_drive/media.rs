//! What each kind of medium is and allows: one row per kind, rules named in the row.

mod table;

use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

pub use table::MEDIA;

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
