//! Profiles: what kind of medium a drive sees. MMC-6 5.3.1 and table 89.

use core::fmt;

use image_core::media::Medium;

use super::{format_kind, structure_format};

/// A profile number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Profile(pub u16);

/// How this program writes a medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteMethod {
    /// At any address, as often as wanted; the medium has one session and one track.
    Overwrite,
    /// Forward only, in sessions that are closed.
    Sequential,
}

/// (number, name in the command line and the HTTP API, name for people)
const NAMES: [(Profile, &str, &str); 23] = [
    (Profile::CD_ROM, "cd-rom", "CD-ROM"),
    (Profile::CD_R, "cd-r", "CD-R"),
    (Profile::CD_RW, "cd-rw", "CD-RW"),
    (Profile::DVD_ROM, "dvd-rom", "DVD-ROM"),
    (Profile::DVD_R, "dvd-r", "DVD-R"),
    (Profile::DVD_RAM, "dvd-ram", "DVD-RAM"),
    (Profile::DVD_RW_OVERWRITE, "dvd-rw", "DVD-RW"),
    (Profile::DVD_RW, "dvd-rw", "DVD-RW"),
    (Profile::DVD_R_DL, "dvd-r-dl", "DVD-R DL"),
    (Profile::DVD_R_DL_JUMP, "dvd-r-dl", "DVD-R DL"),
    (Profile::DVD_RW_DL, "dvd-rw-dl", "DVD-RW DL"),
    (Profile::DVD_PLUS_RW, "dvd+rw", "DVD+RW"),
    (Profile::DVD_PLUS_R, "dvd+r", "DVD+R"),
    (Profile::DVD_PLUS_RW_DL, "dvd+rw-dl", "DVD+RW DL"),
    (Profile::DVD_PLUS_R_DL, "dvd+r-dl", "DVD+R DL"),
    (Profile::BD_ROM, "bd-rom", "BD-ROM"),
    (Profile::BD_R, "bd-r", "BD-R"),
    (Profile::BD_R_RANDOM, "bd-r", "BD-R"),
    (Profile::BD_RE, "bd-re", "BD-RE"),
    (Profile::HD_DVD_ROM, "hd-dvd-rom", "HD DVD-ROM"),
    (Profile::HD_DVD_R, "hd-dvd-r", "HD DVD-R"),
    (Profile::HD_DVD_RAM, "hd-dvd-ram", "HD DVD-RAM"),
    (Profile::REMOVABLE_DISK, "disk", "removable disk"),
];

impl Profile {
    /// No medium, or one that fits no profile.
    pub const NONE: Self = Self(0x0000);
    /// Re-writable, with defect management, capable of changing behaviour.
    pub const REMOVABLE_DISK: Self = Self(0x0002);
    /// Read-only CD.
    pub const CD_ROM: Self = Self(0x0008);
    /// Write-once CD.
    pub const CD_R: Self = Self(0x0009);
    /// Rewritable CD.
    pub const CD_RW: Self = Self(0x000a);
    /// Read-only DVD.
    pub const DVD_ROM: Self = Self(0x0010);
    /// DVD-R, sequential recording.
    pub const DVD_R: Self = Self(0x0011);
    /// DVD-RAM.
    pub const DVD_RAM: Self = Self(0x0012);
    /// DVD-RW in restricted overwrite mode.
    pub const DVD_RW_OVERWRITE: Self = Self(0x0013);
    /// DVD-RW, sequential recording.
    pub const DVD_RW: Self = Self(0x0014);
    /// DVD-R dual layer, sequential recording.
    pub const DVD_R_DL: Self = Self(0x0015);
    /// DVD-R dual layer, layer jump recording.
    pub const DVD_R_DL_JUMP: Self = Self(0x0016);
    /// DVD-RW dual layer.
    pub const DVD_RW_DL: Self = Self(0x0017);
    /// DVD+RW.
    pub const DVD_PLUS_RW: Self = Self(0x001a);
    /// DVD+R.
    pub const DVD_PLUS_R: Self = Self(0x001b);
    /// DVD+RW dual layer.
    pub const DVD_PLUS_RW_DL: Self = Self(0x002a);
    /// DVD+R dual layer.
    pub const DVD_PLUS_R_DL: Self = Self(0x002b);
    /// Read-only BD.
    pub const BD_ROM: Self = Self(0x0040);
    /// BD-R, sequential recording mode.
    pub const BD_R: Self = Self(0x0041);
    /// BD-R, random recording mode.
    pub const BD_R_RANDOM: Self = Self(0x0042);
    /// BD-RE.
    pub const BD_RE: Self = Self(0x0043);
    /// Read-only HD DVD.
    pub const HD_DVD_ROM: Self = Self(0x0050);
    /// Write-once HD DVD.
    pub const HD_DVD_R: Self = Self(0x0051);
    /// HD DVD-RAM.
    pub const HD_DVD_RAM: Self = Self(0x0052);

    /// The name used on the command line and in the HTTP API: `dvd+r`, `bd-re`; `unknown` for what has none.
    #[must_use]
    pub fn kind(self) -> &'static str {
        NAMES.iter().find(|entry| entry.0 == self).map_or("unknown", |entry| entry.1)
    }

    /// The name printed on the box: `DVD+R`, `BD-RE`.
    #[must_use]
    pub fn label(self) -> &'static str {
        NAMES.iter().find(|entry| entry.0 == self).map_or("unknown medium", |entry| entry.2)
    }

    /// How this program writes it, if it does.
    #[must_use]
    pub const fn write_method(self) -> Option<WriteMethod> {
        match self {
            Self::BD_RE | Self::DVD_RAM | Self::DVD_PLUS_RW | Self::DVD_RW_OVERWRITE => {
                Some(WriteMethod::Overwrite)
            }
            Self::CD_R
            | Self::CD_RW
            | Self::DVD_PLUS_R
            | Self::DVD_PLUS_R_DL
            | Self::BD_R
            | Self::DVD_R
            | Self::DVD_R_DL
            | Self::DVD_R_DL_JUMP
            | Self::DVD_RW => Some(WriteMethod::Sequential),
            _ => None,
        }
    }

    /// The format type that makes it writable, where that is needed before the first write. MMC-6 table 250.
    #[must_use]
    pub const fn format_kind(self) -> Option<u8> {
        match self {
            Self::BD_RE => Some(format_kind::BD_RE_SPARE),
            Self::DVD_PLUS_RW => Some(format_kind::DVD_PLUS_RW),
            Self::DVD_RAM => Some(format_kind::FULL),
            Self::DVD_RW_OVERWRITE => Some(format_kind::DVD_RW_QUICK_GROW),
            _ => None,
        }
    }

    /// The structure in which the host sets where the first layer ends. MMC-6 6.22.3.2.16.
    #[must_use]
    pub const fn layer_boundary_format(self) -> Option<u8> {
        match self {
            Self::DVD_PLUS_R_DL => Some(structure_format::LAYER_BOUNDARY),
            Self::DVD_R_DL | Self::DVD_R_DL_JUMP => Some(structure_format::SHIFTED_MIDDLE_AREA),
            _ => None,
        }
    }

    /// Whether it can be written again.
    #[must_use]
    pub const fn is_rewritable(self) -> bool {
        matches!(
            self,
            Self::CD_RW
                | Self::DVD_RAM
                | Self::DVD_RW_OVERWRITE
                | Self::DVD_RW
                | Self::DVD_RW_DL
                | Self::DVD_PLUS_RW
                | Self::DVD_PLUS_RW_DL
                | Self::BD_RE
                | Self::HD_DVD_RAM
                | Self::REMOVABLE_DISK
        )
    }

    /// Whether nothing but reading is possible.
    #[must_use]
    pub const fn is_read_only(self) -> bool {
        matches!(self, Self::CD_ROM | Self::DVD_ROM | Self::BD_ROM | Self::HD_DVD_ROM)
    }

    /// 1x in kilobytes (1000 bytes) per second as MMC counts them: of CDs all bytes of a sector, not only the user data that
    /// the 150 KiB on boxes are.
    #[must_use]
    pub const fn single_speed(self) -> f64 {
        match self.0 {
            0x0008..=0x000a => 176.4,
            0x0040..=0x0043 => 4496.0,
            _ => 1385.0,
        }
    }

    /// Whether it is a CD, whose tracks, sessions and addresses differ from those of all others.
    #[must_use]
    pub const fn is_cd(self) -> bool {
        matches!(self, Self::CD_ROM | Self::CD_R | Self::CD_RW)
    }

    /// The kind of medium whose defaults suit an image for it.
    #[must_use]
    pub const fn medium(self) -> Medium {
        match self.0 {
            0x0008..=0x000a => Medium::Cd,
            0x0040..=0x0043 => Medium::Bd,
            _ => Medium::Dvd,
        }
    }

    /// Blocks per ECC block, the smallest piece a drive writes without reading first. MMC-6 4.3, 4.5.
    #[must_use]
    pub const fn ecc_blocks(self) -> u32 {
        match self.0 {
            0x0008..=0x000a => 1,
            0x0040..=0x0043 => 32,
            _ => 16,
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!((Profile(0x2b).kind(), Profile(0x2b).label()), ("dvd+r-dl", "DVD+R DL"));
        assert_eq!(
            (Profile(0x43).kind(), Profile(0x43).to_string()),
            ("bd-re", "BD-RE".to_owned())
        );
        assert_eq!(Profile(0x1234).kind(), "unknown");
    }

    #[test]
    fn what_can_be_overwritten_is_rewritable() {
        for number in 0..=0xff {
            let profile = Profile(number);
            if profile.write_method() == Some(WriteMethod::Overwrite) {
                assert!(profile.is_rewritable(), "{profile}");
            }
            assert!(!(profile.is_read_only() && profile.write_method().is_some()), "{profile}");
        }
    }
}
