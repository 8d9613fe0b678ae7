//! An image of the spool that is written in any order, as blocks of a damaged disc come.

use std::{fs::File, sync::Arc};

use super::{SpoolError, slot::Slot};

/// The right to write one image. Dropping it leaves the image incomplete, unless [`Filler::finish`] was called.
#[derive(Debug)]
pub struct Filler {
    slot: Arc<Slot>,
    file: File,
}

impl Filler {
    pub(super) fn claim(slot: Arc<Slot>) -> Result<Self, SpoolError> {
        let mut state = slot.state();
        if state.appending {
            return Err(SpoolError::Busy { id: state.record.id.clone() });
        }
        if state.offset != 0 {
            return Err(SpoolError::WrongOffset { expected: state.offset, given: 0 });
        }
        let opened = File::options().read(true).write(true).open(&slot.path);
        let file = opened.map_err(|source| slot.write_error(source, 0))?;
        state.appending = true;
        state.record.filling = true;
        drop(state);
        let filler = Self { slot, file };
        filler.slot.save()?;
        Ok(filler)
    }

    /// Where the bytes go.
    pub const fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Makes sure of the bytes, whose SHA-256 this is; the image is complete.
    ///
    /// # Errors
    /// When the disk refuses, or the file has not the length that was announced.
    pub fn finish(self, sha256: &str) -> Result<(), SpoolError> {
        let failed = |source| self.slot.write_error(source, 0);
        self.file.sync_data().map_err(failed)?;
        let len = self.file.metadata().map_err(failed)?.len();
        self.slot.touch();
        {
            let mut state = self.slot.state();
            if len != state.record.length {
                let length = state.record.length;
                let id = state.record.id.clone();
                return Err(SpoolError::Incomplete { id, offset: len, length });
            }
            state.offset = len;
            state.record.durable = len;
            state.record.sha256 = Some(sha256.to_owned());
            state.record.filling = false;
        }
        self.slot.save()
    }
}

impl Drop for Filler {
    fn drop(&mut self) {
        self.slot.state().appending = false;
    }
}
