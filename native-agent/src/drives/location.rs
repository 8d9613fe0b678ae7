//! Where a drive is: a device of the system, or the file of a virtual one. Names on the command line are resolved here.

use std::path::{Path, PathBuf};

use super::{DriveError, names};
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
    /// Resolves what a user calls a drive: `/dev/sr0` or `sr0`, `D:`, `disk4`, by the system, or `virtual:FILE.vdisc`.
    ///
    /// # Errors
    /// [`DriveError::IsFile`] for the name of a file, [`DriveError::NotFound`] for one that is none of these. Whether the
    /// drive exists shows when it is opened.
    pub fn parse(name: &str) -> Result<Self, DriveError> {
        if let Some(file) = name.strip_prefix(VIRTUAL).filter(|file| !file.is_empty()) {
            return Ok(Self::Virtual(PathBuf::from(file), DriveOptions::default()));
        }
        if let Some(device) = names::device(name) {
            return Ok(Self::Device(device));
        }
        if Path::new(name).is_file() {
            return Err(DriveError::IsFile(name.to_owned()));
        }
        if name.contains(['/', '\\']) {
            return Ok(Self::Device(PathBuf::from(name)));
        }
        Err(DriveError::NotFound(name.to_owned()))
    }

    /// Whether a name is one that only a drive can have, for commands that take a drive or an image.
    #[must_use]
    pub fn is_drive_name(name: &str) -> bool {
        name.starts_with(VIRTUAL) || names::device(name).is_some()
    }

    /// Opens it for this process alone, after unmounting its disc.
    ///
    /// # Errors
    /// [`DriveError::Device`] or [`DriveError::Disc`].
    pub fn open(&self) -> Result<Box<dyn Transport>, DriveError> {
        match self {
            Self::Device(path) => Ok(Box::new(transport::open(path)?)),
            Self::Virtual(path, options) => Ok(Box::new(VirtualDrive::open_with(path, options)?)),
        }
    }

    /// Opens it to ask what it is and holds. Others may use its disc meanwhile; it is left alone while another program
    /// has it for itself.
    ///
    /// # Errors
    /// [`DriveError::Device`] or [`DriveError::Disc`].
    pub fn look(&self) -> Result<Box<dyn Transport>, DriveError> {
        match self {
            Self::Device(path) => Ok(Box::new(transport::look(path)?)),
            Self::Virtual(..) => self.open(),
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
        match self {
            Self::Device(path) => plain(names::last_part(&path.to_string_lossy())),
            Self::Virtual(path, _) => {
                let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
                format!("virtual-{}", plain(&stem.unwrap_or_default()))
            }
        }
    }
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
        #[cfg(target_os = "linux")]
        let devices = [
            ("/dev/sr0", "/dev/sr0", "sr0"),
            ("sr12", "/dev/sr12", "sr12"),
            ("sg3", "/dev/sg3", "sg3"),
        ];
        #[cfg(windows)]
        let devices = [("d:", r"\\.\D:", "d"), ("CdRom0", r"\\.\CdRom0", "cdrom0")];
        #[cfg(target_os = "macos")]
        let devices = [("disk4", "/dev/disk4", "disk4"), ("drive-1a2", "drive-1a2", "drive-1a2")];
        let file = ("virtual:a/My Disc.vdisc", "a/My Disc.vdisc", "virtual-my-disc");
        for (name, path, id) in devices.into_iter().chain([file]) {
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
    fn files_in_the_place_of_drives_are_told_from_what_is_not_there() {
        let dir = tempfile::tempdir().unwrap();
        for (file, words) in [("a.vdisc", "is `virtual:"), ("a.iso", "first")] {
            let path = dir.path().join(file);
            let name = path.to_str().unwrap();
            assert!(!matches!(Location::parse(name), Err(DriveError::IsFile(_))));
            std::fs::write(&path, "").unwrap();
            let error = Location::parse(name).unwrap_err();
            assert!(matches!(error, DriveError::IsFile(_)), "{error}");
            let hint = error.hint().unwrap();
            assert!(hint.contains(words) && hint.contains(name), "{hint}");
        }
    }

    #[test]
    fn what_cannot_be_opened_says_why() {
        let missing = Location::parse("virtual:/no/such.vdisc").unwrap().open().err().unwrap();
        assert!(matches!(missing, DriveError::Disc(_)));
        let device = Location::parse("/dev/sr99").unwrap();
        for error in [device.open().err().unwrap(), device.look().err().unwrap()] {
            assert_eq!(error.problem().status, 404);
            assert!(error.hint().is_some());
        }
    }
}
