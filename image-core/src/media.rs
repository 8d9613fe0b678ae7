//! Media people can buy, and how much fits on them.

/// A kind of blank medium, by capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum Medium {
    /// CD-R or CD-RW of 80 minutes.
    Cd,
    /// DVD-R, DVD+R or a rewritable one of a single layer.
    Dvd,
    /// DVD of two layers.
    DvdDl,
    /// BD-R or BD-RE of one layer.
    Bd,
    /// BD of two layers.
    BdDl,
    /// BDXL of three layers.
    BdTl,
    /// BDXL of four layers.
    BdQl,
}

impl Medium {
    /// Every kind, smallest first.
    pub const ALL: [Self; 7] =
        [Self::Cd, Self::Dvd, Self::DvdDl, Self::Bd, Self::BdDl, Self::BdTl, Self::BdQl];

    /// Name on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Cd => "cd",
            Self::Dvd => "dvd",
            Self::DvdDl => "dvd-dl",
            Self::Bd => "bd",
            Self::BdDl => "bd-dl",
            Self::BdTl => "bd-tl",
            Self::BdQl => "bd-ql",
        }
    }

    /// Name for people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Cd => "CD (700 MB)",
            Self::Dvd => "DVD (4.7 GB)",
            Self::DvdDl => "DVD DL (8.5 GB)",
            Self::Bd => "BD (25 GB)",
            Self::BdDl => "BD DL (50 GB)",
            Self::BdTl => "BDXL TL (100 GB)",
            Self::BdQl => "BDXL QL (128 GB)",
        }
    }

    /// The kind with this name on the command line.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|medium| medium.id() == id)
    }

    /// Blocks of 2048 bytes that fit: the least that media of this kind hold, so that what fits here fits on any brand.
    ///
    /// CD: 80 minutes less the pause of a track. DVD: DVD+R of 2,295,104 blocks, smaller than DVD-R (2,298,496), and DVD-R
    /// DL of 4,171,712, smaller than DVD+R DL (4,173,824). BD: with the default spare areas of BD-RE.
    #[must_use]
    pub const fn capacity_blocks(self) -> u32 {
        match self {
            Self::Cd => 359_847,
            Self::Dvd => 2_295_104,
            Self::DvdDl => 4_171_712,
            Self::Bd => 11_826_176,
            Self::BdDl => 23_652_352,
            Self::BdTl => 47_305_728,
            Self::BdQl => 60_403_712,
        }
    }

    /// Blocks that are written in one piece: what a write should begin and end on.
    #[must_use]
    pub const fn write_unit_blocks(self) -> u32 {
        match self {
            Self::Cd => 1,
            Self::Dvd | Self::DvdDl => 16,
            Self::Bd | Self::BdDl | Self::BdTl | Self::BdQl => 32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_named_and_in_order() {
        for pair in Medium::ALL.windows(2) {
            assert!(pair[0].capacity_blocks() < pair[1].capacity_blocks());
        }
        for medium in Medium::ALL {
            assert_eq!(Medium::from_id(medium.id()), Some(medium));
        }
        assert_eq!(Medium::from_id("floppy"), None);
    }
}
