//! The spool: images received from elsewhere, kept whole on disk before anything is burned from them.
//!
//! Each image is a data file and a record beside it. Bytes are appended in order and hashed as they come. The
//! record is written when data has reached the disk, so after a crash an upload resumes from the last byte
//! that is certain, and an image that is complete stays complete.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use core::time::Duration;

mod error;
pub mod fill;
mod image;
mod slot;
pub mod upload;

pub use self::{
    error::SpoolError,
    image::{Pin, SpooledImage},
};
use self::{
    fill::Filler,
    slot::{Record, Slot},
    upload::Appender,
};
use super::BLOCK_SIZE;
use crate::{clock, identity};

/// What an upload must leave free for the rest of the system.
const HEADROOM: u64 = 64 << 20;
/// The longest image a disc could address: 2^32 blocks of 2048 bytes.
pub const MAX_LENGTH: u64 = (u32::MAX as u64) * BLOCK_SIZE as u64;

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
            // Not ours, whoever put it here.
            if path.is_dir() {
                continue;
            }
            if path.extension().is_some_and(|extension| extension == "json") {
                if let Some(slot) = Slot::load(&path)? {
                    let id = slot.state().record.id.clone();
                    images.insert(id, Arc::new(slot));
                }
            } else if !path.with_extension("json").exists() {
                slot::remove(&path)?;
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
            filling: false,
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
        SpooledImage::open(self.pin(id)?)
    }

    /// Keeps a complete image from being deleted for as long as the pin lives.
    ///
    /// # Errors
    /// When there is no such image, or not all of it.
    pub fn pin(&self, id: &str) -> Result<Pin, SpoolError> {
        Pin::new(self.slot(id)?)
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
        let announced: u64 = images.values().map(|slot| slot.missing()).sum();
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

#[cfg(test)]
mod tests;
