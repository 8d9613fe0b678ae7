//! Why a drive cannot be used, and what to do about it.

use std::{borrow::Cow, path::Path};

use crate::{
    mmc::ProbeError,
    problem::Problem,
    scsi::{ScsiError, transport::OpenError},
    virtual_drive::DiscFileError,
};

/// Why a drive cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DriveError {
    /// No drive has this name.
    #[error("there is no drive `{0}`")]
    NotFound(String),
    /// A file was named, which is no drive but may be the disc of a virtual one.
    #[error("there is no drive `{0}`: that is a file")]
    IsFile(String),
    /// Someone else holds the lease.
    #[error("drive `{drive}` is taken by {holder}")]
    Taken {
        /// The drive.
        drive: String,
        /// Who has it.
        holder: String,
    },
    /// The lease named is not in force any more.
    #[error("the lease of drive `{0}` has ended")]
    LeaseLost(String),
    /// A job of this program uses the drive.
    #[error("drive `{0}` is taken by another job")]
    Busy(String),
    /// A real drive cannot be opened.
    #[error(transparent)]
    Device(#[from] OpenError),
    /// The file of a virtual drive cannot be opened.
    #[error(transparent)]
    Disc(#[from] DiscFileError),
    /// The drive opened, but it does not say what it is or holds.
    #[error("drive `{drive}` cannot be probed")]
    Probe {
        /// The drive.
        drive: String,
        /// What went wrong.
        #[source]
        source: ProbeError,
    },
    /// The drive refused to do something to its tray.
    #[error("drive `{drive}` did not {action}")]
    Tray {
        /// The drive.
        drive: String,
        /// What was asked: "open" or "close".
        action: &'static str,
        /// What the drive said.
        #[source]
        source: ScsiError,
    },
    /// The system has no random numbers, so that no lease can be made.
    #[error(transparent)]
    NoRandomness(#[from] crate::identity::NoRandomness),
}

impl DriveError {
    /// What a person can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<Cow<'static, str>> {
        let hint = match self {
            Self::NotFound(_) => Some("`discwright drives` lists the drives there are"),
            Self::Taken { .. } | Self::Busy(_) => {
                Some("wait until it is free, or end the other job")
            }
            Self::LeaseLost(_) => Some("acquire the drive again"),
            Self::IsFile(name) => return Some(Cow::Owned(file_hint(name))),
            Self::Device(error) => return error.hint(),
            Self::Disc(error) => error.hint(),
            Self::Probe { source, .. } => source.hint(),
            Self::Tray { source: ScsiError::Check(sense), .. } => sense.hint(),
            Self::Tray { .. } | Self::NoRandomness(_) => None,
        };
        hint.map(Cow::Borrowed)
    }

    /// Whether someone else is using the drive, so that trying later helps.
    #[must_use]
    pub const fn is_busy(&self) -> bool {
        matches!(
            self,
            Self::Taken { .. }
                | Self::Busy(_)
                | Self::Device(OpenError::InUse { .. })
                | Self::Disc(DiscFileError::Busy(_))
        )
    }

    /// The same for programs.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let (status, code) = match self {
            Self::NotFound(_) | Self::IsFile(_) | Self::Device(OpenError::NotFound(_)) => {
                (404, "driveNotFound")
            }
            _ if self.is_busy() => (409, "driveTaken"),
            Self::LeaseLost(_) => (409, "leaseLost"),
            Self::Device(OpenError::Denied { .. }) => (403, "driveForbidden"),
            Self::Disc(_) => (409, "discUnusable"),
            Self::Probe { .. } | Self::Tray { .. } => (502, "driveFailed"),
            Self::NoRandomness(_) => (500, "internal"),
            _ => (409, "driveUnavailable"),
        };
        let sense = match self {
            Self::Probe {
                source: ProbeError::Scsi { source: ScsiError::Check(sense), .. },
                ..
            }
            | Self::Tray { source: ScsiError::Check(sense), .. } => Some(*sense),
            _ => None,
        };
        Problem::from_error(status, code, self).hint(self.hint()).sense(sense)
    }
}

/// What the file was named for: its disc, or as an image in the place of the drive.
fn file_hint(name: &str) -> String {
    let is_disc = Path::new(name).extension().is_some_and(|end| end.eq_ignore_ascii_case("vdisc"));
    if is_disc {
        format!("the drive with this disc in it is `virtual:{name}`")
    } else {
        format!("name the drive first and then the image; a virtual disc is named `virtual:{name}`")
    }
}
