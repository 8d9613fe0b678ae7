//! Where a drive is: a device of the system, or the file of a virtual one. Names on the command line are resolved here.

use std::path::{Path, PathBuf};

use super::DriveError;
use crate::{
    scsi::{Transport, transport},
    virtual_drive::{DriveOptions, VirtualDrive},
};

/// What precedes the file in the name of a virtual drive.
const VIRTUAL: &str = "virtual:";

/// A drive that can be opened.
#[derive(Clone, Debug)]
pub enum Location {
    /// A device node.
    Device(PathBuf),
    /// A `.vdisc` file and how its drive behaves.
    Virtual(PathBuf, DriveOptions),
}

impl Location {
    /// Resolves what a user calls a drive: `/dev/sr0`, `sr0` or `virtual:FILE.vdisc`.
    ///
    /// # Errors
    /// [`DriveError::NotFound`] for a name that is none of these. Whether the drive exists shows when it is opened.
    pub fn parse(name: &str) -> Result<Self, DriveError> {
        if let Some(file) = name.strip_prefix(VIRTUAL).filter(|file| !file.is_empty()) {
            return Ok(Self::Virtual(PathBuf::from(file), DriveOptions::default()));
        }
        if name.contains(['/', '\\']) {
            return Ok(Self::Device(PathBuf::from(name)));
        }
        if is_device_name(name) {
            return Ok(Self::Device(Path::new("/dev").join(name)));
        }
        Err(DriveError::NotFound(name.to_owned()))
    }

    /// Whether a name is one that only a drive can have, for commands that take a drive or an image.
    #[must_use]
    pub fn is_drive_name(name: &str) -> bool {
        let device = name.strip_prefix("/dev/").unwrap_or(name);
        name.starts_with(VIRTUAL) || is_device_name(device)
    }

    /// Opens it for this process alone.
    ///
    /// # Errors
    /// [`DriveError::Device`] or [`DriveError::Disc`].
    pub fn open(&self) -> Result<Box<dyn Transport>, DriveError> {
        match self {
            Self::Device(path) => Ok(Box::new(transport::open(path)?)),
            Self::Virtual(path, options) => Ok(Box::new(VirtualDrive::open_with(path, options)?)),
        }
    }

    /// The device node or the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Device(path) | Self::Virtual(path, _) => path,
        }
    }

    /// Whether it is a virtual drive.
    #[must_use]
    pub const fn is_virtual(&self) -> bool {
        matches!(self, Self::Virtual(..))
    }

    /// A stable id: `sr0` for `/dev/sr0`, `virtual-demo` for `demo.vdisc`.
    #[must_use]
    pub fn id(&self) -> String {
        let name = |name: Option<&std::ffi::OsStr>| {
            name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
        };
        match self {
            Self::Device(path) => plain(&name(path.file_name())),
            Self::Virtual(path, _) => format!("virtual-{}", plain(&name(path.file_stem()))),
        }
    }
}

/// `sr` or `scd` and a number, as Linux calls optical drives.
pub(super) fn is_device_name(name: &str) -> bool {
    let number = name.strip_prefix("sr").or_else(|| name.strip_prefix("scd"));
    number.is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Letters and digits in lower case, all else as `-`, so that an id needs no escaping in a URL.
fn plain(name: &str) -> String {
    let keep = |letter: char| {
        if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' }
    };
    name.chars().map(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_places_and_ids() {
        let cases = [
            ("/dev/sr0", "/dev/sr0", "sr0"),
            ("sr12", "/dev/sr12", "sr12"),
            ("scd0", "/dev/scd0", "scd0"),
            ("virtual:a/My Disc.vdisc", "a/My Disc.vdisc", "virtual-my-disc"),
        ];
        for (name, path, id) in cases {
            let location = Location::parse(name).unwrap();
            assert_eq!((location.path(), location.id().as_str()), (Path::new(path), id));
            assert!(Location::is_drive_name(name));
        }
        for name in ["", "sr", "srx", "virtual:", "image.iso"] {
            assert!(matches!(Location::parse(name), Err(DriveError::NotFound(_))), "{name}");
        }
        assert!(!Location::is_drive_name("/home/sr0.iso"));
    }

    #[test]
    fn what_cannot_be_opened_says_why() {
        let missing = Location::parse("virtual:/no/such.vdisc").unwrap().open().err().unwrap();
        assert!(matches!(missing, DriveError::Disc(_)));
        let device = Location::parse("/dev/sr99").unwrap().open().err().unwrap();
        assert_eq!(device.problem().status, 404);
        assert!(device.hint().is_some());
    }
}
