//! Why an image was not written.

use std::{io, path::PathBuf};

use crate::source::SourceError;

/// Why an image was not written. Nothing is left under its name.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// One of the files cannot be read or is no longer what was planned.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The operating system refused to write.
    #[error("cannot write {}", path.display())]
    Output {
        /// The image, or the list of its sums.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The image does not fit where it is to be written. Free some space or write it elsewhere.
    #[error("{} takes {needed} bytes, and {}", path.display(), available_words(*available, *needed))]
    NoSpace {
        /// The image.
        path: PathBuf,
        /// Its length in bytes.
        needed: u64,
        /// Free space in bytes, where the system tells.
        available: Option<u64>,
    },
    /// A file is to share its blocks with the image, and cannot. Write the image to the file system that the files are
    /// on, if that is Btrfs or XFS, or let the bytes be copied.
    #[error("cannot share the blocks of {} with {}", from.display(), path.display())]
    Reflink {
        /// The image.
        path: PathBuf,
        /// The file.
        from: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// It was stopped.
    #[error("stopped before the image was complete")]
    Cancelled,
}

impl WriteError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Source(error) => error.hint(),
            Self::Output { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                Some("choose a folder that you may write to")
            }
            Self::Output { source, .. }
                if matches!(
                    source.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                Some("make the folder first, or choose one that is there")
            }
            Self::Output { source, .. } if source.kind() == io::ErrorKind::IsADirectory => {
                Some("name a file: a folder is there")
            }
            Self::Output { source, .. } if source.kind() == io::ErrorKind::FileTooLarge => {
                Some("that file system holds no files of this length: FAT ends at 4 GiB")
            }
            Self::Reflink { .. } => {
                Some("write the image where the files are, on Btrfs or XFS, or use --reflink auto")
            }
            Self::NoSpace { .. } => Some("free some space, or write the image to another disk"),
            Self::Output { .. } | Self::Cancelled => None,
        }
    }
}

fn available_words(available: Option<u64>, needed: u64) -> String {
    match available {
        // A quota, or a disk that is itself a file on a full one.
        Some(bytes) if bytes >= needed => {
            format!("the disk took no more, though it says that {bytes} are free")
        }
        Some(bytes) => format!("{bytes} are free there"),
        None => "the disk is full".to_owned(),
    }
}
