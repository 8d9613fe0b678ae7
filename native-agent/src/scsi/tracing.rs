//! Reports every command to the log.

use core::time::Duration;

use super::{
    Data, ScsiError, Transport,
    recording::{describe_cdb, describe_result, describe_transfer},
};

/// A transport that logs each command at trace level, and each refusal at debug level.
#[derive(Debug)]
pub struct Tracing<T> {
    inner: T,
    drive: String,
}

impl<T> Tracing<T> {
    /// Logs under the name of a drive.
    pub const fn new(inner: T, drive: String) -> Self {
        Self { inner, drive }
    }

    /// Gives the transport beneath back.
    pub fn into_inner(self) -> T {
        self.inner
    }
}

impl<T: Transport> Transport for Tracing<T> {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        let transfer = describe_transfer(&data);
        let result = self.inner.execute(cdb, data, timeout);
        let drive = &self.drive;
        let end = || describe_result(&result);
        if result.is_ok() {
            tracing::trace!(target: "scsi", drive, "{}{transfer}: {}", describe_cdb(cdb), end());
        } else {
            tracing::debug!(target: "scsi", drive, "{}{transfer}: {}", describe_cdb(cdb), end());
        }
        result
    }

    fn max_transfer(&self) -> Option<u32> {
        self.inner.max_transfer()
    }
}
