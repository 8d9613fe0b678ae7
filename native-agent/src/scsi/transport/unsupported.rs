//! Systems without a pass-through here: the program builds, and says so when asked for a drive.

use core::{convert::Infallible, time::Duration};
use std::path::{Path, PathBuf};

use super::{DeviceEvent, OpenError};
use crate::scsi::{Data, ScsiError, Transport};

/// A drive that cannot exist here.
#[derive(Debug)]
pub struct Device(Infallible);

/// Refuses.
///
/// # Errors
/// Always [`OpenError::Unsupported`].
pub fn open(path: &Path) -> Result<Device, OpenError> {
    Err(OpenError::Unsupported(path.to_owned()))
}

/// Refuses.
///
/// # Errors
/// Always [`OpenError::Unsupported`].
pub fn look(path: &Path) -> Result<Device, OpenError> {
    open(path)
}

/// None.
#[must_use]
pub const fn devices() -> Vec<PathBuf> {
    Vec::new()
}

/// Never exists.
#[derive(Debug)]
pub struct Hotplug(Infallible);

impl Hotplug {
    /// Nothing tells.
    #[must_use]
    pub fn start(_tell: impl Fn(DeviceEvent) + Send + Sync + 'static) -> Option<Self> {
        None
    }
}

impl Transport for Device {
    fn execute(
        &mut self,
        _cdb: &[u8],
        _data: Data<'_>,
        _timeout: Duration,
    ) -> Result<usize, ScsiError> {
        match self.0 {}
    }
}
