//! The spool: images received from elsewhere, kept whole on disk before anything is burned from them.
//!
//! Each image is a data file and a record beside it. Bytes are appended in order and hashed as they come. The
//! record is written when data has reached the disk, so after a crash an upload resumes from the last byte
//! that is certain, and an image that is complete stays complete.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use core::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::Sha256;
use tokio::sync::Notify;

use super::{
    BLOCK_SIZE, ImageSource, SourceError, fill::Filler, image_file::ImageFile, upload::Appender,
};
use crate::{
    clock,
    identity::{self, NoRandomness},
    state_dir::{self, StateError},
};

/// What an upload must leave free for the rest of the system.
const HEADROOM: u64 = 64 << 20;
/// The longest image a disc could address: 2^32 blocks of 2048 bytes.
pub const MAX_LENGTH: u64 = (u32::MAX as u64) * BLOCK_SIZE as u64;

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

/// What is known of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageInfo {
    /// Its name in the spool.
    pub id: String,
    /// What its sender calls it.
    pub name: String,
    /// Bytes announced.
    pub length: u64,
    /// Bytes received.
    pub offset: u64,
    /// SHA-256 over all bytes, once the image is complete.
    pub sha256: Option<String>,
    /// What the sender wants to be told back.
    pub metadata: Option<String>,
    /// When it is deleted unless it is used again.
    pub expires: SystemTime,
}

impl ImageInfo {
    /// Whether every byte is here.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.sha256.is_some()
    }
}

/// All images received, and those being received.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    lifetime: Duration,
    images: Mutex<BTreeMap<String, Arc<Slot>>>,
}

/// One image: its data file, and what is known of it.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) path: PathBuf,
    state: Mutex<SlotState>,
    /// Asks the connection that is sending to make room for another.
    pub(super) interrupt: Notify,
}

#[derive(Debug)]
pub(super) struct SlotState {
    pub(super) record: Record,
    pub(super) offset: u64,
    /// Absent while someone appends, and before anyone has.
    pub(super) hasher: Option<Sha256>,
    pub(super) appending: bool,
    pins: usize,
}

/// What is written down beside the data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) id: String,
    name: String,
    pub(super) length: u64,
    metadata: Option<String>,
    /// Bytes certain to be on disk.
    pub(super) durable: u64,
    /// Unix time of the last use, in milliseconds.
    used: u64,
    pub(super) sha256: Option<String>,
}

impl Spool {
    /// Opens the spool in `folder` and takes up what an earlier agent left there.
    ///
    /// Images are kept for `lifetime` after their last use.
    ///
    /// # Errors
    /// When the folder or a record in it cannot be read.
    pub fn open(folder: PathBuf, lifetime: Duration) -> Result<Self, SpoolError> {
        let mut images = BTreeMap::new();
        let io = |path: &Path, source| SpoolError::Io { path: path.to_path_buf(), source };
        for entry in fs::read_dir(&folder).map_err(|e| io(&folder, e))? {
            let path = entry.map_err(|e| io(&folder, e))?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                if let Some(slot) = Slot::load(&path)? {
                    let id = slot.state().record.id.clone();
                    images.insert(id, Arc::new(slot));
                }
            } else if !path.with_extension("json").exists() {
                fs::remove_file(&path).map_err(|e| io(&path, e))?;
            }
        }
        Ok(Self { folder, lifetime, images: Mutex::new(images) })
    }

    /// Makes room for an image of `length` bytes, which will be appended.
    ///
    /// # Errors
    /// [`SpoolError::NoSpace`] when the disk could not hold it beside all others announced so far.
    pub fn create(
        &self,
        name: &str,
        length: u64,
        metadata: Option<&str>,
    ) -> Result<ImageInfo, SpoolError> {
        if length == 0 || length > MAX_LENGTH {
            return Err(SpoolError::BadLength { length });
        }
        let mut images = self.images();
        self.check_space(&images, length)?;
        let id = identity::random_id()?;
        let path = self.folder.join(&id).with_extension("image");
        File::create_new(&path).map_err(|e| SpoolError::Io { path: path.clone(), source: e })?;
        let record = Record {
            id: id.clone(),
            name: name.to_owned(),
            length,
            metadata: metadata.map(str::to_owned),
            durable: 0,
            used: clock::unix_millis(clock::now()),
            sha256: None,
        };
        let slot = Slot::new(path, record, 0);
        slot.save()?;
        let info = slot.info(self.lifetime);
        images.insert(id, Arc::new(slot));
        Ok(info)
    }

    /// What is known of an image.
    ///
    /// # Errors
    /// When there is no such image.
    pub fn info(&self, id: &str) -> Result<ImageInfo, SpoolError> {
        Ok(self.slot(id)?.info(self.lifetime))
    }

    /// Every image.
    #[must_use]
    pub fn all(&self) -> Vec<ImageInfo> {
        self.images().values().map(|slot| slot.info(self.lifetime)).collect()
    }

    /// Starts appending at `offset`. One may append at a time.
    ///
    /// After a restart this reads what is there, to take up the hash again; it may take a while.
    ///
    /// # Errors
    /// When another is appending, or `offset` is not where the image ends.
    pub fn append(&self, id: &str, offset: u64) -> Result<Appender, SpoolError> {
        Appender::claim(self.slot(id)?, offset)
    }

    /// Takes an image of which nothing is there yet, to be written in any order.
    ///
    /// # Errors
    /// When another is appending, or something is there already.
    pub fn fill(&self, id: &str) -> Result<Filler, SpoolError> {
        Filler::claim(self.slot(id)?)
    }

    /// Calls an image by another name.
    ///
    /// # Errors
    /// When there is no such image, or its record cannot be written.
    pub fn rename(&self, id: &str, name: &str) -> Result<(), SpoolError> {
        let slot = self.slot(id)?;
        name.clone_into(&mut slot.state().record.name);
        slot.save()
    }

    /// Asks whoever is appending to an image to stop.
    ///
    /// # Errors
    /// When there is no such image.
    pub fn interrupt(&self, id: &str) -> Result<(), SpoolError> {
        self.slot(id)?.interrupt.notify_waiters();
        Ok(())
    }

    /// Whether someone is appending.
    ///
    /// # Errors
    /// When there is no such image.
    pub fn is_appending(&self, id: &str) -> Result<bool, SpoolError> {
        Ok(self.slot(id)?.state().appending)
    }

    /// A complete image, to burn or to compare with. It cannot be deleted while it is open.
    ///
    /// # Errors
    /// When there is no such image, or not all of it.
    pub fn read(&self, id: &str) -> Result<SpooledImage, SpoolError> {
        let pin = self.pin(id)?;
        Ok(SpooledImage {
            file: ImageFile::open(&pin.slot.path)?,
            sha256: pin.sha256.clone(),
            _pin: pin,
        })
    }

    /// Keeps a complete image from being deleted for as long as the pin lives.
    ///
    /// # Errors
    /// When there is no such image, or not all of it.
    pub fn pin(&self, id: &str) -> Result<Pin, SpoolError> {
        let slot = self.slot(id)?;
        let mut state = slot.state();
        let Some(sha256) = state.record.sha256.clone() else {
            let (offset, length) = (state.offset, state.record.length);
            return Err(SpoolError::Incomplete { id: id.to_owned(), offset, length });
        };
        state.pins += 1;
        drop(state);
        Ok(Pin { slot, sha256 })
    }

    /// Deletes an image.
    ///
    /// # Errors
    /// When there is no such image, or a job or a connection is using it.
    pub fn remove(&self, id: &str) -> Result<(), SpoolError> {
        let mut images = self.images();
        let slot = images.get(id).ok_or_else(|| SpoolError::Unknown { id: id.to_owned() })?;
        let state = slot.state();
        if state.pins > 0 {
            return Err(SpoolError::InUse { id: id.to_owned() });
        }
        if state.appending {
            return Err(SpoolError::Busy { id: id.to_owned() });
        }
        drop(state);
        slot.delete()?;
        images.remove(id);
        Ok(())
    }

    /// Deletes every image that nobody used for its lifetime, and tells which.
    pub fn sweep(&self, now: SystemTime) -> Vec<String> {
        let expired = self.all().into_iter().filter(|image| image.expires <= now);
        expired.map(|image| image.id).filter(|id| self.remove(id).is_ok()).collect()
    }

    fn check_space(
        &self,
        images: &BTreeMap<String, Arc<Slot>>,
        length: u64,
    ) -> Result<(), SpoolError> {
        let announced: u64 = images
            .values()
            .map(|slot| slot.state())
            .map(|state| state.record.length - state.offset)
            .sum();
        let free = fs4::available_space(&self.folder)
            .map_err(|source| SpoolError::Io { path: self.folder.clone(), source })?
            .saturating_sub(HEADROOM);
        let needed = length.saturating_add(announced);
        if needed > free {
            return Err(SpoolError::NoSpace { needed, free, folder: self.folder.clone() });
        }
        Ok(())
    }

    fn slot(&self, id: &str) -> Result<Arc<Slot>, SpoolError> {
        let unknown = || SpoolError::Unknown { id: id.to_owned() };
        self.images().get(id).cloned().ok_or_else(unknown)
    }

    fn images(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Slot>>> {
        self.images.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    const fn new(path: PathBuf, record: Record, offset: u64) -> Self {
        let state = SlotState { record, offset, hasher: None, appending: false, pins: 0 };
        Self { path, state: Mutex::new(state), interrupt: Notify::const_new() }
    }

    /// Takes up an image from its record. What is not certain to be on disk is cut off.
    fn load(record_path: &Path) -> Result<Option<Self>, SpoolError> {
        let Some(record) = state_dir::load_json::<Record>(record_path)? else { return Ok(None) };
        let path = record_path.with_extension("image");
        let held = fs::metadata(&path).map_or(0, |metadata| metadata.len());
        let certain = if record.sha256.is_some() { record.length } else { record.durable };
        if held < certain {
            tracing::warn!("image {} lost its data and is dropped", record.id);
            let slot = Self::new(path, record, 0);
            slot.delete()?;
            return Ok(None);
        }
        if held > certain {
            let cut =
                File::options().write(true).open(&path).and_then(|file| file.set_len(certain));
            cut.map_err(|source| SpoolError::Io { path: path.clone(), source })?;
        }
        Ok(Some(Self::new(path, record, certain)))
    }

    fn info(&self, lifetime: Duration) -> ImageInfo {
        let state = self.state();
        let used = SystemTime::UNIX_EPOCH + Duration::from_millis(state.record.used);
        ImageInfo {
            id: state.record.id.clone(),
            name: state.record.name.clone(),
            length: state.record.length,
            offset: state.offset,
            sha256: state.record.sha256.clone(),
            metadata: state.record.metadata.clone(),
            expires: used + lifetime,
        }
    }

    pub(super) fn touch(&self) {
        self.state().record.used = clock::unix_millis(clock::now());
    }

    pub(super) fn save(&self) -> Result<(), SpoolError> {
        let record = self.state().record.clone();
        Ok(state_dir::save_json(&self.path.with_extension("json"), &record)?)
    }

    /// The record goes first: data without a record is swept away at the next start.
    fn delete(&self) -> Result<(), SpoolError> {
        for path in [&self.path.with_extension("json"), &self.path] {
            match fs::remove_file(path) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(SpoolError::Io { path: path.clone(), source });
                }
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) fn state(&self) -> MutexGuard<'_, SlotState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps an image in the spool.
#[derive(Debug)]
pub struct Pin {
    slot: Arc<Slot>,
    sha256: String,
}

impl Pin {
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
    sha256: String,
    _pin: Pin,
}

impl SpooledImage {
    /// SHA-256 over its bytes, without padding.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
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

#[cfg(test)]
#[path = "spool_tests.rs"]
mod tests;
