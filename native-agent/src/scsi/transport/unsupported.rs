//! Systems whose pass-through is not written yet: the program builds, and says so when asked for a drive.

use core::{convert::Infallible, time::Duration};
use std::path::Path;

use super::OpenError;
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
