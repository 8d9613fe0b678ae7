//! An upload being received: bytes appended to an image of the spool, and hashed as they come.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    sync::Arc,
};

use sha2::{Digest, Sha256};

use super::{SpoolError, slot::Slot};
use crate::identity::hex;

/// Bytes received between two moments at which everything before is certain to be on disk.
const DURABLE_EVERY: u64 = 64 << 20;

/// The right to append to one image. Dropping it keeps what was appended, unless that is provisional.
#[derive(Debug)]
pub struct Appender {
    slot: Arc<Slot>,
    file: Option<File>,
    hasher: Sha256,
    offset: u64,
    start: u64,
    checkpoint: Option<Sha256>,
    /// What was appended counts only once [`Appender::finish`] says so.
    provisional: bool,
}

impl Appender {
    /// Takes the image for this alone, to continue at `offset`.
    pub(super) fn claim(slot: Arc<Slot>, offset: u64) -> Result<Self, SpoolError> {
        let hasher = {
            let mut state = slot.state();
            if state.appending {
                return Err(SpoolError::Busy { id: state.record.id.clone() });
            }
            if state.offset != offset {
                return Err(SpoolError::WrongOffset { expected: state.offset, given: offset });
            }
            state.appending = true;
            state.hasher.take()
        };
        let mut appender = Self {
            slot,
            file: None,
            hasher: Sha256::new(),
            offset,
            start: offset,
            checkpoint: None,
            provisional: false,
        };
        appender.ready(hasher)?;
        Ok(appender)
    }

    fn ready(&mut self, hasher: Option<Sha256>) -> Result<(), SpoolError> {
        let io = |source| SpoolError::Io { path: self.slot.path.clone(), source };
        let mut file = File::options().read(true).write(true).open(&self.slot.path).map_err(io)?;
        self.hasher = match hasher {
            Some(hasher) => hasher,
            None => hash_up_to(&mut file, self.offset).map_err(io)?,
        };
        file.seek(SeekFrom::Start(self.offset)).map_err(io)?;
        self.checkpoint = Some(self.hasher.clone());
        self.file = Some(file);
        Ok(())
    }

    /// From now on, bytes count only once [`Appender::finish`] is called: the sender's checksum comes first.
    pub fn make_provisional(&mut self) {
        self.provisional = true;
    }

    /// Where the next byte goes.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// Bytes that are still to come.
    #[must_use]
    pub fn missing(&self) -> u64 {
        self.slot.state().record.length - self.offset
    }

    /// Returns when another wants to append instead.
    pub async fn interrupted(&self) {
        self.slot.interrupt.notified().await;
    }

    /// Appends bytes. The image is complete once its last byte is here and certain.
    ///
    /// # Errors
    /// When there are more than announced, of which none is kept, or the disk refuses them.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), SpoolError> {
        let count = bytes.len() as u64;
        let (length, durable) = {
            let state = self.slot.state();
            (state.record.length, state.record.durable)
        };
        if count > length - self.offset {
            return Err(SpoolError::TooLong { length });
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        file.write_all(bytes).map_err(|source| self.slot.write_error(source, count))?;
        self.hasher.update(bytes);
        self.offset += count;
        self.slot.state().offset = self.offset;
        let is_due = self.offset == length || self.offset - durable >= DURABLE_EVERY;
        if is_due && !self.provisional { self.make_durable() } else { Ok(()) }
    }

    /// Forgets everything appended through this.
    ///
    /// # Errors
    /// When the file cannot be cut.
    pub fn discard(&mut self) -> Result<(), SpoolError> {
        if let (Some(file), Some(hasher)) = (&mut self.file, &self.checkpoint) {
            let cut =
                file.set_len(self.start).and_then(|()| file.seek(SeekFrom::Start(self.start)));
            cut.map_err(|source| SpoolError::Io { path: self.slot.path.clone(), source })?;
            self.hasher = hasher.clone();
            self.offset = self.start;
            let mut state = self.slot.state();
            state.offset = self.start;
            state.record.durable = state.record.durable.min(self.start);
        }
        self.slot.save()
    }

    /// Makes sure of what was appended.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(&mut self) -> Result<(), SpoolError> {
        self.provisional = false;
        self.start = self.offset;
        self.checkpoint = Some(self.hasher.clone());
        self.make_durable()
    }

    fn make_durable(&mut self) -> Result<(), SpoolError> {
        if let Some(file) = &self.file {
            file.sync_data().map_err(|source| self.slot.write_error(source, 0))?;
        }
        self.slot.touch();
        {
            let mut state = self.slot.state();
            state.record.durable = self.offset;
            if self.offset == state.record.length {
                state.record.sha256 = Some(hex(&self.hasher.clone().finalize()));
            }
        }
        self.slot.save()
    }
}

impl Drop for Appender {
    fn drop(&mut self) {
        if self.provisional
            && let Err(error) = self.discard()
        {
            tracing::error!("{}", crate::problem::chain(&error));
        }
        let mut state = self.slot.state();
        state.appending = false;
        state.hasher = self.file.is_some().then(|| self.hasher.clone());
    }
}

impl Slot {
    pub(super) fn write_error(&self, source: io::Error, needed: u64) -> SpoolError {
        if source.kind() == io::ErrorKind::StorageFull {
            let folder = self.path.parent().unwrap_or(&self.path).to_path_buf();
            return SpoolError::NoSpace { needed, free: 0, folder };
        }
        SpoolError::Io { path: self.path.clone(), source }
    }
}

fn hash_up_to(file: &mut File, end: u64) -> io::Result<Sha256> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut left = end;
    file.rewind()?;
    while left > 0 {
        let want = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        file.read_exact(&mut buffer[..want])?;
        hasher.update(&buffer[..want]);
        left -= want as u64;
    }
    Ok(hasher)
}
