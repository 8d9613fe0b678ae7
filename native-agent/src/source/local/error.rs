//! Why folders cannot become an image.

use std::io;
use std::path::{Path, PathBuf};

use image_core::AddError;

/// Why folders cannot become an image.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// A file or folder that is not there or may not be read.
    #[error("cannot read {}", path.display())]
    Io {
        /// What was being read.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A name or link target that is no text: bytes that are not UTF-8, which no file system on the disc can hold.
    #[error(
        "the {what} of {path}{and} is not UTF-8: Joliet and UDF hold Unicode alone (UDF 2.1.1)",
        what = if *link { "target" } else { "name" },
        and = if *more == 0 { String::new() } else { format!(" (and {more} more)") }
    )]
    NotUtf8 {
        /// The path, odd bytes as `\xNN`.
        path: String,
        /// Whether it is the target of a link.
        link: bool,
        /// How many more there are.
        more: usize,
    },
    /// A file was named that is going to be written.
    #[error("{} is to be on the disc, and would be replaced by what is written", path.display())]
    Output {
        /// The file.
        path: PathBuf,
    },
    /// A device, socket or pipe was named, which is not recorded.
    #[error("{} is no file, but a device, socket or pipe", path.display())]
    Special {
        /// What was named.
        path: PathBuf,
    },
    /// Extended attributes that are no text, or cannot be read.
    #[error("cannot read the extended attributes of {}", path.display())]
    ExtendedAttributes {
        /// Where the entry is on this machine.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A name that cannot be on the disc, or a place that is taken.
    #[error("cannot add {}", path.display())]
    Add {
        /// Where the entry is on this machine.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: AddError,
    },
    /// More files or longer names than 32-bit numbers reach.
    #[error("{} is one file too many", path.display())]
    TooMany {
        /// The file that found no room.
        path: PathBuf,
    },
    /// It was stopped.
    #[error("stopped before all folders were listed")]
    Cancelled,
}

impl ScanError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                Some("check how the path is spelt, and where it begins")
            }
            Self::Io { .. } => {
                Some("check the path and its permissions, or leave it out with --exclude")
            }
            Self::NotUtf8 { link: false, .. } => {
                Some("rename it (convmv converts whole folders), or see --odd-names")
            }
            Self::NotUtf8 { link: true, .. } => Some("mend the link, or see --odd-names"),
            Self::Output { .. } => Some("write to another file"),
            Self::Special { .. } => Some(
                "devices and pipes are recorded as such with --fs and rockridge in it; for what a pipe brings, \
                 take a file",
            ),
            Self::ExtendedAttributes { .. } => Some("leave --xattr out"),
            Self::Add { source, .. } => Some(source.hint()),
            Self::TooMany { .. } => Some("spread the files over several discs"),
            Self::Cancelled => None,
        }
    }

    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_path_buf(), source }
    }
}
