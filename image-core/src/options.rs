//! What the caller may choose about an image.

use alloc::string::String;

use crate::time::DiscTime;

/// Which file systems an image carries. They share one copy of the file data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase", default))]
pub struct FileSystems {
    /// ISO 9660 with upper-case names.
    pub iso9660: bool,
    /// Joliet: Unicode names of up to 64 characters, for Windows. Needs `iso9660`.
    pub joliet: bool,
    /// Rock Ridge: POSIX names, permissions and links, for Unix. Needs `iso9660`.
    pub rock_ridge: bool,
    /// UDF: long Unicode names and large files, for every system since about 2000.
    pub udf: bool,
}

impl Default for FileSystems {
    /// All four, so that every system finds what it knows best.
    fn default() -> Self {
        Self { iso9660: true, joliet: true, rock_ridge: true, udf: true }
    }
}

/// Interchange level of ISO 9660 names and files. ECMA-119 clause 10.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(into = "u8", try_from = "u8"))]
pub enum IsoLevel {
    /// Names of 8 and 3 characters; files in one extent, below 4 GiB. ECMA-119 10.1.
    One,
    /// Names of up to 31 characters; files in one extent, below 4 GiB. ECMA-119 10.2.
    Two,
    /// Names of up to 31 characters; files of any size, in several extents where needed. ECMA-119 10.3.
    #[default]
    Three,
}

impl From<IsoLevel> for u8 {
    fn from(level: IsoLevel) -> Self {
        match level {
            IsoLevel::One => 1,
            IsoLevel::Two => 2,
            IsoLevel::Three => 3,
        }
    }
}

impl TryFrom<u8> for IsoLevel {
    type Error = &'static str;

    fn try_from(level: u8) -> Result<Self, Self::Error> {
        match level {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            3 => Ok(Self::Three),
            _ => Err("the interchange level is 1, 2 or 3"),
        }
    }
}

/// What an image is called, which file systems it carries and what entries without attributes of their own get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Name of the volume: 1 to 126 characters. ISO 9660 keeps 32 of `A`-`Z`, `0`-`9` and `_`, Joliet 16, UDF all.
    pub volume_id: String,
    /// File systems to write.
    pub file_systems: FileSystems,
    /// Rules for the ISO 9660 names. Change it to `One` for DOS and firmware that know only 8.3 names.
    pub iso_level: IsoLevel,
    /// When the volume was made; also the time of entries that have none.
    pub created: DiscTime,
    /// Permissions of files that have none.
    pub file_mode: u32,
    /// Permissions of directories that have none.
    pub directory_mode: u32,
    /// Zero blocks at the end of an image without UDF, so that reading ahead on a CD written track-at-once finds no
    /// run-out blocks. An image with UDF ends in 257 blocks of its own that serve the same purpose.
    pub padding_blocks: u32,
    /// Make the length of the image a multiple of this many blocks: 32 is a BD cluster, and covers every other medium.
    pub length_multiple: u32,
    /// Program that asked for the image, recorded as the application of every file system.
    pub application: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            volume_id: String::from("DISC"),
            file_systems: FileSystems::default(),
            iso_level: IsoLevel::default(),
            created: DiscTime::from_unix(0, 0, 0),
            file_mode: 0o644,
            directory_mode: 0o755,
            padding_blocks: 150,
            length_multiple: 32,
            application: String::from("discwright"),
        }
    }
}
