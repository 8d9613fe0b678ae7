//! Why what is on a disc cannot be continued.

use alloc::string::String;

use crate::read::{Encoding, ReadError};
use crate::tree::AddError;

/// Why what is on a disc cannot be continued.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// There is no file system.
    #[error("there is no file system that could be continued")]
    NoFileSystem,
    /// Whoever adds to this UDF volume writes to it in place.
    #[error("its UDF has {what}, which no further session continues")]
    InPlace {
        /// What it has.
        what: &'static str,
        /// Whether there is no other file system.
        alone: bool,
    },
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A file goes on behind the last block that there is.
    #[error("it is cut short: {path:?} goes on behind its {blocks} blocks")]
    CutShort {
        /// The file.
        path: String,
        /// How many blocks there are.
        blocks: u32,
    },
    /// A file lies in pieces, which a directory record of one extent cannot tell.
    #[error("{path:?} lies in pieces, which a further session cannot refer to")]
    InPieces {
        /// The file.
        path: String,
    },
    /// A file whose bytes are not recorded as they are: a directory record without the entry that says so would show something else.
    #[error("{path:?} is {}, which a further session cannot refer to", words(.encoding))]
    Encoded {
        /// The file.
        path: String,
        /// How it is recorded.
        encoding: Encoding,
    },
    /// An extended attribute that only its maker could record anew.
    #[error(
        "{path:?} has an extended attribute of type {attribute_type}, which cannot be recorded anew"
    )]
    Attribute {
        /// The file.
        path: String,
        /// See [`crate::read::ExtendedAttribute::attribute_type`].
        attribute_type: u32,
    },
    /// The volume has a named stream of its own, which is no file's.
    #[error("its UDF has a named stream of the volume, {name:?}, which cannot be recorded anew")]
    VolumeStream {
        /// The stream.
        name: String,
    },
    /// A name that no tree can hold.
    #[error(transparent)]
    Name(#[from] AddError),
}

const fn words(encoding: &Encoding) -> &'static str {
    match encoding {
        Encoding::Zisofs => "compressed by zisofs (a ZF entry of Rock Ridge)",
        Encoding::Sparse => "recorded as a sparse file (RRIP 4.1.7)",
    }
}

impl ImportError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::NoFileSystem => "take a blank disc, or erase this one",
            Self::InPlace { alone: true, .. } => "mount it and copy the files to it",
            Self::InPlace { alone: false, .. } => {
                "mount it and copy the files to it, or continue its other file systems alone"
            }
            Self::Read(_) => "the disc is damaged: save what can be read from it first",
            Self::CutShort { .. } => "get the whole image, or save what can be read from this one",
            Self::InPieces { .. }
            | Self::Encoded { .. }
            | Self::Attribute { .. }
            | Self::VolumeStream { .. }
            | Self::Name(_) => "copy its files, and record them anew",
        }
    }
}
