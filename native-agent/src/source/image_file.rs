//! An image file on disk.

use std::{
    fs::{File, Metadata},
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::{BLOCK_SIZE, ImageSource, SourceError, check_range};

/// Where the volume recognition area begins.
const RECOGNITION_AREA: u32 = 16;

/// An image file, read where it lies.
///
/// A file whose length is not a multiple of 2048 is padded with zeros to the next block;
/// [`ImageFile::padding`] tells by how many bytes, so that the user can be told.
#[derive(Debug)]
pub struct ImageFile {
    path: PathBuf,
    file: File,
    len: u64,
    modified: Option<SystemTime>,
    blocks: u32,
}

impl ImageFile {
    /// Opens the image at `path` and fixes its length.
    ///
    /// # Errors
    /// When the file cannot be opened, is empty, is a folder, or is larger than a disc can be.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        let file = File::open(path).map_err(|error| SourceError::io(path, error))?;
        Self::from_file(path, file)
    }

    /// Takes the image from an open file; `path` is what errors call it.
    ///
    /// # Errors
    /// As [`ImageFile::open`].
    pub fn from_file(path: &Path, file: File) -> Result<Self, SourceError> {
        let io = |error| SourceError::io(path, error);
        let metadata = file.metadata().map_err(io)?;
        if metadata.is_dir() {
            return Err(io(io::ErrorKind::IsADirectory.into()));
        }
        let len = length(&file, &metadata).map_err(io)?;
        if len == 0 {
            return Err(SourceError::Empty { path: path.to_path_buf() });
        }
        let blocks = u32::try_from(len.div_ceil(BLOCK_SIZE as u64))
            .map_err(|_| SourceError::TooLarge { path: path.to_path_buf(), bytes: len })?;
        Ok(Self { path: path.to_path_buf(), file, len, modified: modified(&metadata), blocks })
    }

    /// Zero bytes that follow the file to fill its last block.
    #[must_use]
    pub fn padding(&self) -> u64 {
        u64::from(self.blocks) * BLOCK_SIZE as u64 - self.len
    }

    /// What errors call it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes in the file itself, without padding.
    #[must_use]
    pub const fn len_bytes(&self) -> u64 {
        self.len
    }

    /// Whether the volume recognition area of ISO 9660 or UDF begins where it should. ECMA-119 6.7.1, ECMA-167 2/8.3.
    pub(crate) fn has_volume(&mut self) -> bool {
        let mut block = [0; BLOCK_SIZE];
        self.read(RECOGNITION_AREA, &mut block).is_ok()
            && [b"CD001", b"BEA01"].iter().any(|id| block[1..6] == id[..])
    }

    /// The file itself, for all of its bytes; [`ImageFile::check_unchanged`] tells whether they were those that were meant.
    pub(crate) const fn file(&self) -> &File {
        &self.file
    }

    /// Whether the file is still what it was when it was opened.
    ///
    /// # Errors
    /// When it is not, or cannot be looked at.
    pub(crate) fn check_unchanged(&self) -> Result<(), SourceError> {
        let io = |error| SourceError::io(&self.path, error);
        let metadata = self.file.metadata().map_err(io)?;
        let found = length(&self.file, &metadata).map_err(io)?;
        if found < self.len {
            let path = self.path.clone();
            return Err(SourceError::Truncated { path, expected: self.len, found });
        }
        if found != self.len || modified(&metadata) != self.modified {
            return Err(SourceError::Changed { path: self.path.clone() });
        }
        Ok(())
    }
}

impl ImageSource for ImageFile {
    fn len_blocks(&self) -> u32 {
        self.blocks
    }

    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), SourceError> {
        check_range(lba, out, self.blocks)?;
        let start = u64::from(lba) * BLOCK_SIZE as u64;
        let held = usize::try_from(self.len.saturating_sub(start)).unwrap_or(usize::MAX);
        let (bytes, padding) = out.split_at_mut(held.min(out.len()));
        let read = self.file.seek(SeekFrom::Start(start)).and_then(|_| self.file.read_exact(bytes));
        // A file that changed explains itself better than the short read it caused.
        self.check_unchanged()?;
        read.map_err(|e| SourceError::io(&self.path, e))?;
        padding.fill(0);
        Ok(())
    }
}

/// Bytes of a file, or of a device, which does not tell them otherwise.
fn length(mut file: &File, metadata: &Metadata) -> io::Result<u64> {
    if metadata.is_file() { Ok(metadata.len()) } else { file.seek(SeekFrom::End(0)) }
}

/// A device is modified by whoever writes to it under any of its names.
fn modified(metadata: &Metadata) -> Option<SystemTime> {
    metadata.modified().ok().filter(|_| metadata.is_file())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn image(bytes: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    #[test]
    fn pads_the_last_block_with_zeros() {
        let file = image(&[7; 5000]);
        let mut source = ImageFile::open(file.path()).unwrap();
        assert_eq!((source.len_blocks(), source.padding()), (3, 6144 - 5000));
        let mut out = [0xa5; 4096];
        source.read(1, &mut out).unwrap();
        assert!(out[..5000 - 2048].iter().all(|&b| b == 7));
        assert!(out[5000 - 2048..].iter().all(|&b| b == 0));
    }

    #[test]
    fn refuses_blocks_past_the_end() {
        let file = image(&[7; 4096]);
        let mut source = ImageFile::open(file.path()).unwrap();
        let error = source.read(1, &mut [0; 4096]).unwrap_err();
        assert!(matches!(error, SourceError::OutOfRange { lba: 2, blocks: 2 }), "{error}");
    }

    #[test]
    fn notices_a_file_that_was_cut_short() {
        let file = image(&[7; 8192]);
        let mut source = ImageFile::open(file.path()).unwrap();
        file.as_file().set_len(4096).unwrap();
        let error = source.read(3, &mut [0; 2048]).unwrap_err();
        assert!(
            matches!(error, SourceError::Truncated { expected: 8192, found: 4096, .. }),
            "{error}"
        );
    }

    #[test]
    fn notices_a_file_that_was_rewritten() {
        let mut file = image(&[7; 8192]);
        let mut source = ImageFile::open(file.path()).unwrap();
        file.write_all(&[8]).unwrap();
        let error = source.read(0, &mut [0; 2048]).unwrap_err();
        assert!(matches!(error, SourceError::Changed { .. }), "{error}");
    }

    #[test]
    fn refuses_an_empty_file_and_a_folder() {
        let file = image(&[]);
        assert!(matches!(ImageFile::open(file.path()), Err(SourceError::Empty { .. })));
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(ImageFile::open(folder.path()), Err(SourceError::Io { .. })));
    }
}
