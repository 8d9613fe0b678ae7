//! The way back: what is on an image, whoever made it.
//!
//! Anything that gives blocks is a [`BlockSource`]: an image file, a drive, a plan. [`open`] finds the file systems, and
//! a [`View`] shows the contents as one of them has it. Images are taken for hostile: nothing here panics, follows a
//! loop, or does more work than the size of the image warrants; what is wrong becomes a [`ReadError`] that says where.
//!
//! ```
//! use image_core::read::{self, SliceSource};
//!
//! let blank = vec![0; 1 << 20];
//! let image = read::open(SliceSource::new(&blank))?;
//! assert_eq!(image.file_systems().count(), 0);
//! # Ok::<(), read::ReadError>(())
//! ```

mod blocks;
mod boot;
#[cfg(test)]
mod boot_tests;
mod el_torito;
mod entry;
mod image;
mod iso9660;
mod joliet;
mod partitions;
mod path_table;
mod rock_ridge;
#[cfg(test)]
mod tests;
mod udf;

pub use blocks::SliceSource;
pub use boot::{BootSetup, Replay};
pub use el_torito::{BootCatalog, CatalogEntry, CatalogSection};
pub use entry::{Encoding, Entry, EntryKind, Extent, Place};
pub use image::{DescriptorInfo, FileSystem, Image, View, VolumeInfo, Walk, open, open_session};
pub use partitions::{GuidPartitionTable, PartitionTables};
pub use udf::{ExtendedAttribute, Integrity, PartitionForm, PartitionInfo, UdfInfo};

/// Anything that gives blocks of 2048 bytes.
pub trait BlockSource {
    /// Fills `out`, a whole number of blocks, with the blocks from `lba` on.
    ///
    /// # Errors
    /// [`ReadError::Unreadable`] when a block cannot be had. A source keeps its own account of why.
    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), ReadError>;

    /// How many blocks there are.
    fn blocks(&self) -> u32;
}

impl<S: BlockSource + ?Sized> BlockSource for &mut S {
    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), ReadError> {
        (**self).read(lba, out)
    }

    fn blocks(&self) -> u32 {
        (**self).blocks()
    }
}

/// Why something on an image cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The source could not give a block: a scratch on the disc, a file that is gone.
    #[error("block {lba} cannot be read")]
    Unreadable {
        /// The block.
        lba: u32,
    },
    /// Something points behind the end of the image, which is damaged or not complete.
    #[error("block {lba} is behind the end of the image, which has {blocks} blocks")]
    OutOfRange {
        /// The block pointed to.
        lba: u32,
        /// Blocks of the image.
        blocks: u32,
    },
    /// A structure is not what its standard says.
    #[error("block {lba}, byte {offset}: expected {expected}")]
    Malformed {
        /// The block it is in, or begins in.
        lba: u32,
        /// Offset in the block, in bytes.
        offset: u32,
        /// What should be there, in UDF with the clause that asks for it.
        expected: &'static str,
    },
    /// A directory that is met a second time: its parents and children form a loop, or two names share it.
    #[error("the directory at block {lba} is met a second time")]
    Loop {
        /// Where the directory is.
        lba: u32,
    },
    /// A structure that is right, but that this library does not read.
    #[error("{what} cannot be read")]
    Unsupported {
        /// What it is.
        what: &'static str,
    },
    /// A boot image that is to be loaded up to the end of the disc, and that says itself nothing of its length. UEFI 2.10 13.3.2.1.
    #[error(
        "the boot image at block {lba} has no length: it is no file, no partition and no FAT, and is loaded up to the end of \
         the disc (UEFI 2.10 13.3.2.1)"
    )]
    EndlessBootImage {
        /// Where the image is.
        lba: u32,
    },
    /// The structures of the image refer to each other so often that reading them would take for ever.
    #[error("the image takes more work to read than its size warrants")]
    TooMuchWork,
    /// The image has no such file system.
    #[error("the image has no {0}")]
    NoFileSystem(FileSystem),
    /// What is listed is not a directory.
    #[error("it is not a directory")]
    NotADirectory,
}

impl ReadError {
    pub(crate) fn malformed(lba: u32, offset: usize, expected: &'static str) -> Self {
        Self::Malformed { lba, offset: u32::try_from(offset).unwrap_or(u32::MAX), expected }
    }
}
