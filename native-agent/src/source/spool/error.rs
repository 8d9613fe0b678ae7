//! Why the spool could not do what was asked.

use std::{io, path::PathBuf};

use crate::{identity::NoRandomness, source::SourceError, state_dir::StateError};

/// Why the spool could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpoolError {
    /// No image of this name, or no longer.
    #[error("there is no image {id}")]
    Unknown {
        /// The name asked for.
        id: String,
    },
    /// Another connection is sending this image.
    #[error("image {id} is being received on another connection")]
    Busy {
        /// The image in question.
        id: String,
    },
    /// A job is using the image.
    #[error("image {id} is in use by a job")]
    InUse {
        /// The image in question.
        id: String,
    },
    /// Not all of the image is here yet.
    #[error("image {id} is not complete: {offset} of {length} bytes were received")]
    Incomplete {
        /// The image in question.
        id: String,
        /// Bytes received.
        offset: u64,
        /// Bytes announced.
        length: u64,
    },
    /// The bytes sent do not continue where the image ends.
    #[error("the image continues at byte {expected}, not at byte {given}")]
    WrongOffset {
        /// Where it continues.
        expected: u64,
        /// What was said.
        given: u64,
    },
    /// More bytes than were announced.
    #[error("more was sent than the {length} bytes that were announced")]
    TooLong {
        /// Bytes announced.
        length: u64,
    },
    /// An image of no bytes, or of more than any disc holds.
    #[error("an image cannot be {length} bytes long")]
    BadLength {
        /// Bytes announced.
        length: u64,
    },
    /// The disk cannot take the image.
    #[error("{needed} bytes are needed and {free} are free in {}", folder.display())]
    NoSpace {
        /// Bytes of the image, and of those announced before it.
        needed: u64,
        /// Bytes that may be used.
        free: u64,
        /// Where the spool is.
        folder: PathBuf,
    },
    /// The system refused.
    #[error("cannot write {}", path.display())]
    Io {
        /// The file in question.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The record could not be written or read.
    #[error(transparent)]
    State(#[from] StateError),
    /// The image could not be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// No name could be made.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}
