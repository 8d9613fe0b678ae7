//! Where the bytes of a disc come from.
//!
//! A source answers for any block of the image at any time, in any order: the burn engine reads ahead, a
//! verification reads again, and a second copy starts from the beginning. What it holds is fixed when it is
//! opened; a source that can no longer give those same bytes says so and never makes some up.

use std::{
    io,
    path::{Path, PathBuf},
};

use image_core::session::Piece;

mod damage;
pub mod image_file;
pub mod local;
pub mod spool;
pub mod writer;

pub use damage::{BlockRange, DamagedFile};

/// Bytes in a logical block of a data disc.
pub const BLOCK_SIZE: usize = 2048;

/// An image to burn or to compare with, in blocks of 2048 bytes.
pub trait ImageSource: Send {
    /// Blocks in the image.
    fn len_blocks(&self) -> u32;

    /// Fills `out` with the blocks from `lba` on. `out` holds a whole number of blocks.
    ///
    /// # Errors
    /// [`SourceError`] when the bytes cannot be had, or are no longer those the source was opened with.
    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), SourceError>;

    /// The files that have blocks in `ranges`, as far as the image can tell. `start` is the block of the disc that it
    /// begins at.
    fn files_in(&mut self, start: u32, ranges: &[BlockRange]) -> Vec<DamagedFile> {
        damage::files(self, start, ranges)
    }

    /// The first block that holds bytes of a file, as far as the image can tell.
    fn files_start(&mut self) -> Option<u32> {
        damage::files_start(self)
    }

    /// Which disc this is a further session of, if it is one.
    fn continuation(&self) -> Option<Continuation> {
        None
    }
}

/// What a further session of a disc goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Continuation {
    /// The block of the disc that it begins with.
    pub start: u32,
    /// What makes it the session that is found. None where it is found anyway.
    pub head: Option<Head>,
}

/// The start of a disc whose blocks can be overwritten, which tells where the last session is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// What it was when the session was laid out, by which the disc is known again.
    pub before: Vec<Piece>,
    /// What it is to be: see [`image_core::Plan::head`].
    pub after: Vec<Piece>,
}

impl Continuation {
    /// How many blocks there have to be for a session of this many: where blocks can be overwritten, all before it count.
    #[must_use]
    pub fn reach(&self, blocks: u32) -> u32 {
        if self.head.is_some() { self.start.saturating_add(blocks) } else { blocks }
    }
}

impl<T: ImageSource + ?Sized> ImageSource for Box<T> {
    fn len_blocks(&self) -> u32 {
        (**self).len_blocks()
    }

    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), SourceError> {
        (**self).read(lba, out)
    }

    fn files_in(&mut self, start: u32, ranges: &[BlockRange]) -> Vec<DamagedFile> {
        (**self).files_in(start, ranges)
    }

    fn files_start(&mut self) -> Option<u32> {
        (**self).files_start()
    }

    fn continuation(&self) -> Option<Continuation> {
        (**self).continuation()
    }
}

/// Why an image source could not give what was asked of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The operating system refused.
    #[error("cannot read {}", path.display())]
    Io {
        /// The file being read.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file ends before the bytes it held when it was opened. Add it again.
    #[error("{} was cut short: it held {expected} bytes and now holds {found}", path.display())]
    Truncated {
        /// The file being read.
        path: PathBuf,
        /// Its length when the source was opened.
        expected: u64,
        /// Its length now.
        found: u64,
    },
    /// The file is not the one the source was opened with: length or time of change differ. Add it again.
    #[error("{} changed while it was being read", path.display())]
    Changed {
        /// The file being read.
        path: PathBuf,
    },
    /// Nothing to burn.
    #[error("{} is empty", path.display())]
    Empty {
        /// The file in question.
        path: PathBuf,
    },
    /// More than 2^32 blocks of 2048 bytes, which no disc can address.
    #[error("{} is too large for any disc: {bytes} bytes", path.display())]
    TooLarge {
        /// The file in question.
        path: PathBuf,
        /// Its length.
        bytes: u64,
    },
    /// A block past the end of the image.
    #[error("block {lba} is past the end of an image of {blocks} blocks")]
    OutOfRange {
        /// The first block asked for that does not exist.
        lba: u32,
        /// Blocks in the image.
        blocks: u32,
    },
}

impl SourceError {
    /// What the user can do about it.
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Truncated { .. } | Self::Changed { .. } => {
                Some("leave the file alone until the disc is finished, then start again")
            }
            Self::Empty { .. } => Some("choose an image file, or a folder to burn"),
            Self::Io { .. } => Some("check that it is there and that you may read it"),
            Self::TooLarge { .. } => Some("check that it is the file that is meant"),
            _ => None,
        }
    }

    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io { path: path.to_path_buf(), source }
    }
}

/// Checks that `blocks` blocks from `lba` on lie within an image of `len` blocks.
pub(crate) fn check_range(lba: u32, out: &[u8], len: u32) -> Result<(), SourceError> {
    let blocks = u64::try_from(out.len() / BLOCK_SIZE).unwrap_or(u64::MAX);
    if u64::from(lba) + blocks > u64::from(len) {
        return Err(SourceError::OutOfRange { lba: lba.max(len), blocks: len });
    }
    Ok(())
}
