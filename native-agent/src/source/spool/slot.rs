//! One image on disk: its data file, the record beside it, and who is using it.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use core::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::Sha256;
use tokio::sync::Notify;

use super::{ImageInfo, SpoolError};
use crate::{
    clock,
    state_dir::{self, StateError},
};

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
    pub(super) pins: usize,
}

/// What is written down beside the data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) length: u64,
    pub(super) metadata: Option<String>,
    /// Bytes certain to be on disk.
    pub(super) durable: u64,
    /// Unix time of the last use, in milliseconds.
    pub(super) used: u64,
    pub(super) sha256: Option<String>,
    /// Whether a job writes it, in any order: without that job nobody completes it.
    #[serde(default)]
    pub(super) filling: bool,
}

impl Slot {
    pub(super) const fn new(path: PathBuf, record: Record, offset: u64) -> Self {
        let state = SlotState { record, offset, hasher: None, appending: false, pins: 0 };
        Self { path, state: Mutex::new(state), interrupt: Notify::const_new() }
    }

    /// Takes up an image from its record. What is not certain to be on disk is cut off.
    pub(super) fn load(record_path: &Path) -> Result<Option<Self>, SpoolError> {
        let path = record_path.with_extension("image");
        let record = match state_dir::load_json::<Record>(record_path) {
            Ok(Some(record)) => record,
            Ok(None) => return Ok(None),
            // One image that is lost must not cost the others.
            Err(error @ StateError::Damaged { .. }) => {
                tracing::warn!("an image is dropped: {}", crate::problem::chain(&error));
                delete(&path)?;
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        if record.filling {
            delete(&path)?;
            return Ok(None);
        }
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

    pub(super) fn info(&self, lifetime: Duration) -> ImageInfo {
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

    pub(super) fn delete(&self) -> Result<(), SpoolError> {
        delete(&self.path)
    }

    /// Bytes that have no room on the disk yet.
    pub(super) fn missing(&self) -> u64 {
        let state = self.state();
        let (length, offset) = (state.record.length, state.offset);
        drop(state);
        // What is filled in any order has no end that grows.
        length - offset.max(held(&self.path)).min(length)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, SlotState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Deletes the image with this data file. The record goes first: data without a record is swept away at the next start.
fn delete(path: &Path) -> Result<(), SpoolError> {
    remove(&path.with_extension("json"))?;
    remove(path)
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> Result<(), SpoolError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(SpoolError::Io { path: path.to_path_buf(), source })
        }
        _ => Ok(()),
    }
}

/// Bytes that a file takes on the disk.
fn held(path: &Path) -> u64 {
    let Ok(metadata) = fs::metadata(path) else { return 0 };
    #[cfg(unix)]
    let held = std::os::unix::fs::MetadataExt::blocks(&metadata) * 512;
    #[cfg(not(unix))]
    let held = metadata.len();
    held
}
