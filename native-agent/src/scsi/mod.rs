//! SCSI: one command at a time to one drive, and what the drive says of it.
//!
//! [`Transport`] is the seam. A real drive, a [virtual one](crate::virtual_drive) and every wrapper
//! (recording, tracing, faults) stand behind it; everything above builds CDBs and reads replies.

pub mod buffer;
pub mod fault;
pub mod inquiry;
pub mod opcode;
pub mod passthrough;
mod recording;
pub mod sense;
mod tracing;
pub mod transport;

use core::{fmt, time::Duration};
use std::io;

pub use self::{buffer::AlignedBuffer, inquiry::Inquiry, recording::Recording, tracing::Tracing};

/// The data phase of one command.
#[derive(Debug)]
pub enum Data<'a> {
    /// No data phase.
    None,
    /// Data from the drive to the host, at most this many bytes.
    In(&'a mut [u8]),
    /// Data from the host to the drive.
    Out(&'a [u8]),
}

/// A way to reach one drive.
///
/// Commands are not queued: the next is sent when the reply to the last is in.
pub trait Transport: Send {
    /// Sends one CDB (6 to 16 bytes) and waits for its status.
    ///
    /// Returns how many bytes the data phase moved; a drive may return fewer than the buffer holds.
    ///
    /// # Errors
    /// [`ScsiError::Check`] carries what the drive said; the other variants mean that no status came back.
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError>;

    /// The most bytes one data phase may move, where the system has such a limit.
    fn max_transfer(&self) -> Option<u32> {
        None
    }
}

impl<T: Transport + ?Sized> Transport for &mut T {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        (**self).execute(cdb, data, timeout)
    }

    fn max_transfer(&self) -> Option<u32> {
        (**self).max_transfer()
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        (**self).execute(cdb, data, timeout)
    }

    fn max_transfer(&self) -> Option<u32> {
        (**self).max_transfer()
    }
}

/// Why a command did not end with GOOD status.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScsiError {
    /// CHECK CONDITION: the drive refused, or reports a state. SPC-4 4.5.
    #[error("{} ({})", .0.text(), .0)]
    Check(Sense),
    /// Any other status than GOOD and CHECK CONDITION (BUSY 08h, RESERVATION CONFLICT 18h). SAM-5 5.3.1.
    #[error("the drive answered with status {0:#04x}")]
    Status(u8),
    /// No answer within the time allowed.
    #[error("the drive did not answer within {} s", .0.as_secs())]
    Timeout(Duration),
    /// The drive is no longer there (unplugged, or its file is gone).
    #[error("the drive is gone")]
    Gone,
    /// The operating system could not pass the command on.
    #[error("the command could not be sent")]
    Io(#[source] io::Error),
}

/// How many bytes a command moved, of which `wanted` were to come to the host. A drive that only had to help itself did what
/// it was told if all of them are here.
pub(crate) fn moved_by(
    ended: Result<(), ScsiError>,
    moved: usize,
    wanted: usize,
) -> Result<usize, ScsiError> {
    match ended {
        Err(ScsiError::Check(Sense { key: sense::key::RECOVERED, deferred: false, .. }))
            if wanted > 0 && moved == wanted =>
        {
            Ok(moved)
        }
        ended => ended.map(|()| moved),
    }
}

/// Sense data: why a command ended with CHECK CONDITION. SPC-4 4.5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sense {
    /// Sense key: 0h no sense, 1h recovered, 2h not ready, 3h medium error, 5h illegal request, 6h unit attention.
    pub key: u8,
    /// Additional sense code.
    pub asc: u8,
    /// Additional sense code qualifier.
    pub ascq: u8,
    /// The INFORMATION field where it is valid: for medium errors the logical block address.
    pub information: Option<u32>,
    /// Progress of a long operation as a fraction of 65536, from the sense-key specific bytes of NOT READY.
    pub progress: Option<u16>,
    /// Whether an earlier command is meant (response codes 71h and 73h).
    pub deferred: bool,
}

impl Sense {
    /// Sense with this key, code and qualifier and nothing else.
    #[must_use]
    pub const fn new(key: u8, asc: u8, ascq: u8) -> Self {
        Self { key, asc, ascq, information: None, progress: None, deferred: false }
    }
}

impl fmt::Display for Sense {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sense {:X}/{:02X}/{:02X}", self.key, self.asc, self.ascq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_drive_recovered_is_read_if_all_of_it_is_here() {
        let check =
            |key, deferred| ScsiError::Check(Sense { deferred, ..Sense::new(key, 0x17, 1) });
        assert!(matches!(moved_by(Ok(()), 5, 8), Ok(5)));
        assert!(matches!(moved_by(Err(check(1, false)), 8, 8), Ok(8)));
        for (error, moved, wanted) in [
            (check(1, false), 7, 8),
            (check(1, true), 8, 8),
            (check(3, false), 8, 8),
            // Nothing came to the host: what was written is for the caller to judge.
            (check(1, false), 0, 0),
        ] {
            assert!(moved_by(Err(error), moved, wanted).is_err());
        }
    }
}
