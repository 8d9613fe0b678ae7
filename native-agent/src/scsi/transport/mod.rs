//! The way to real drives, one file per operating system.
//!
//! Each sibling has the same two items: `open(path) -> Result<Device, OpenError>` and a `Device` that is a
//! [`Transport`](super::Transport). Nothing outside this folder is `unsafe`, but for the
//! call that lets an image share blocks with a file.

use std::{io, path::PathBuf};

#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod imp;
#[cfg(not(target_os = "linux"))]
#[path = "unsupported.rs"]
mod imp;

pub use imp::{Device, open};

/// Why a drive cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another program holds the drive, or its disc is mounted.
    #[error("{} is in use or mounted", .0.display())]
    InUse(PathBuf),
    /// No such device.
    #[error("there is no drive {}", .0.display())]
    NotFound(PathBuf),
    /// The user may not open the device.
    #[error("no permission to use {}", .0.display())]
    Denied(PathBuf),
    /// The path is something other than a drive.
    #[error("{} is not an optical drive", .0.display())]
    NotADrive(PathBuf),
    /// Real drives cannot be reached on this operating system.
    #[error("{}: real drives are not available on this system", .0.display())]
    Unsupported(PathBuf),
    /// Anything else the system says.
    #[error("{} cannot be opened", .path.display())]
    Io {
        /// The device.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

impl OpenError {
    /// What a person can do about it.
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::InUse(_) => "unmount the disc and end the program that uses the drive",
            Self::NotFound(_) => "`discwright drives` lists the drives there are",
            Self::Denied(_) => "add your user to the group `cdrom`, then log in again",
            Self::NotADrive(_) => "name a device such as /dev/sr0",
            Self::Unsupported(_) => "a virtual drive works here: `discwright virtual create`",
            Self::Io { .. } => return None,
        })
    }
}
