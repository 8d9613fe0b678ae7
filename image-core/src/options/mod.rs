//! What the caller may choose about an image: here what concerns all of it, and a file for each part.

pub mod boot;
mod checksum;
mod iso9660;
mod iso_names;
mod joliet;
mod layout;
mod rock_ridge;
mod session;
mod udf;
mod video;
mod volume;

use alloc::string::String;

pub use boot::BootOptions;
pub use checksum::ChecksumOptions;
pub use iso_names::{IsoNameLength, IsoNameRules};
pub use iso9660::{DeepDirectories, EnhancedTree, Iso9660Options, IsoLevel};
pub use joliet::{JolietLength, JolietOptions};
pub use layout::LayoutOptions;
pub use rock_ridge::{RockRidgeOptions, RockRidgeVersion};
pub use session::{EarlierVolume, SessionOptions};
pub use udf::{UdfMetadata, UdfOptions, UdfPartition, UdfRevision};
pub use video::VideoProfile;
pub use volume::{VolumeDates, VolumeIdentifiers};

use crate::address::Lba;
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

/// What an image is called, which file systems it carries and what entries without attributes of their own get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Name of the volume: 1 to 126 characters. ISO 9660 keeps 32 of `A`-`Z`, `0`-`9` and `_`, Joliet 16, UDF all.
    pub volume_id: String,
    /// File systems to write.
    pub file_systems: FileSystems,
    /// How ISO 9660 is written.
    pub iso9660: Iso9660Options,
    /// How UDF is written.
    pub udf: UdfOptions,
    /// What kind of player the disc is for, if for any.
    pub video: Option<VideoProfile>,
    /// How Joliet is written.
    pub joliet: JolietOptions,
    /// How Rock Ridge is written.
    pub rock_ridge: RockRidgeOptions,
    /// Texts of the volume descriptors of ISO 9660 and Joliet.
    pub identifiers: VolumeIdentifiers,
    /// Dates of the volume descriptors of ISO 9660 and Joliet.
    pub dates: VolumeDates,
    /// What a standard forbids is refused; otherwise it is written where readers are known to take it, and
    /// [`crate::Plan::warnings`] tells of it.
    pub strict: bool,
    /// Where things go, and where the image ends.
    pub layout: LayoutOptions,
    /// Whether the image is a further session of a disc, and of which.
    pub session: Option<SessionOptions>,
    /// Which sums are made, and recorded.
    pub checksums: ChecksumOptions,
    /// How the image starts a machine.
    pub boot: BootOptions,
    /// When the volume was made; also the time of entries that have none.
    pub created: DiscTime,
    /// Permissions of files that have none.
    pub file_mode: u32,
    /// Permissions of directories that have none.
    pub directory_mode: u32,
    /// Program that asked for the image, recorded as the application of every file system.
    pub application: String,
}

impl Options {
    /// The first block of the image: 0 but for a further session.
    pub(crate) fn start(&self) -> Lba {
        self.session.map_or(Lba(0), |session| session.start)
    }

    pub(crate) fn keeps_boot_catalog(&self) -> bool {
        self.session.is_some_and(|session| session.boot_catalog.is_some())
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            volume_id: String::from("DISC"),
            file_systems: FileSystems::default(),
            iso9660: Iso9660Options::default(),
            udf: UdfOptions::default(),
            video: None,
            joliet: JolietOptions::default(),
            rock_ridge: RockRidgeOptions::default(),
            identifiers: VolumeIdentifiers::default(),
            dates: VolumeDates::default(),
            strict: false,
            layout: LayoutOptions::default(),
            session: None,
            checksums: ChecksumOptions::default(),
            boot: BootOptions::default(),
            created: DiscTime::from_unix(0, 0, 0),
            file_mode: 0o644,
            directory_mode: 0o755,
            application: String::from("discwright"),
        }
    }
}
