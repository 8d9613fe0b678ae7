//! A complete image of the spool, to burn or to compare with.

use std::{path::Path, sync::Arc};

use super::{SpoolError, slot::Slot};
use crate::source::{ImageSource, SourceError, image_file::ImageFile};

/// Keeps an image in the spool.
#[derive(Debug)]
pub struct Pin {
    slot: Arc<Slot>,
    sha256: String,
}

impl Pin {
    pub(super) fn new(slot: Arc<Slot>) -> Result<Self, SpoolError> {
        let mut state = slot.state();
        let Some(sha256) = state.record.sha256.clone() else {
            let (id, offset) = (state.record.id.clone(), state.offset);
            return Err(SpoolError::Incomplete { id, offset, length: state.record.length });
        };
        state.pins += 1;
        drop(state);
        Ok(Self { slot, sha256 })
    }

    /// Where its data lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.slot.path
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        self.slot.touch();
        self.slot.state().pins -= 1;
    }
}

/// A complete image of the spool as a source.
#[derive(Debug)]
pub struct SpooledImage {
    file: ImageFile,
    pin: Pin,
}

impl SpooledImage {
    pub(super) fn open(pin: Pin) -> Result<Self, SpoolError> {
        Ok(Self { file: ImageFile::open(pin.path())?, pin })
    }

    /// SHA-256 over its bytes, without padding.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.pin.sha256
    }

    /// Zero bytes that follow to fill the last block.
    #[must_use]
    pub fn padding(&self) -> u64 {
        self.file.padding()
    }
}

impl ImageSource for SpooledImage {
    fn len_blocks(&self) -> u32 {
        self.file.len_blocks()
    }

    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), SourceError> {
        self.file.read(lba, out)
    }
}
