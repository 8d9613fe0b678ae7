//! Jobs done on drives.

use std::sync::{Arc, atomic::Ordering};

use super::{
    job::{Failure, Kind, Order, Outcome},
    queue::{Duty, Worker},
    reading,
};
use crate::{
    drives::{DriveError, OpenDrive, Registry},
    problem::Problem,
    scsi::ScsiError,
    source::spool::{Spool, SpoolError},
};

/// Burns, reads and verifies on the drives of a registry, with the images of a spool.
#[derive(Debug)]
pub struct DriveWorker {
    drives: Registry,
    spool: Arc<Spool>,
}

/// A drive that a job has for itself, given back when the job ends.
pub(super) struct Tenure<'a> {
    drives: &'a Registry,
    id: &'a str,
    lease: String,
}

impl DriveWorker {
    /// A worker for these drives and images.
    #[must_use]
    pub const fn new(drives: Registry, spool: Arc<Spool>) -> Self {
        Self { drives, spool }
    }
}

impl Worker for DriveWorker {
    fn work(&self, order: &Order, duty: &Duty) -> Result<Outcome, Failure> {
        let tenure = Tenure::begin(&self.drives, order, duty)?;
        let mut drive = tenure.open()?;
        match order.kind {
            Kind::Read => reading::read(&mut drive, &self.spool, duty),
            Kind::Burn | Kind::Verify => {
                let detail = "this agent was built without the burn engine";
                Err(Problem::new(501, "notAvailable", detail).into())
            }
        }
    }
}

impl<'a> Tenure<'a> {
    /// Takes over the lease of whoever asked for the job, or takes the drive if it is free.
    fn begin(drives: &'a Registry, order: &'a Order, duty: &Duty) -> Result<Self, DriveError> {
        let holder = format!("job {}", duty.job());
        let lease = drives.acquire(&order.drive, order.lease.as_deref(), &holder)?;
        Ok(Self { drives, id: &order.drive, lease })
    }

    /// Opens the drive. Its lease lasts as long as it is open: a job gives no other sign of life.
    fn open(&self) -> Result<OpenDrive, DriveError> {
        let drive = self.drives.open(self.id, Some(&self.lease))?;
        drive.set_writing(true);
        Ok(drive)
    }
}

impl Drop for Tenure<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.drives.release(self.id, &self.lease) {
            tracing::warn!("{}", crate::problem::chain(&error));
        }
    }
}

impl From<DriveError> for Failure {
    fn from(error: DriveError) -> Self {
        error.problem().into()
    }
}

impl From<SpoolError> for Failure {
    fn from(error: SpoolError) -> Self {
        Problem::from(error).into()
    }
}

/// What a drive said to a command, for the book.
pub(super) fn drive_failed(duty: &Duty, what: &str, error: &ScsiError) -> Failure {
    if duty.cancel().load(Ordering::Relaxed) {
        return Failure::Cancelled;
    }
    let sense = if let ScsiError::Check(sense) = error { Some(*sense) } else { None };
    let hint = sense.as_ref().and_then(crate::scsi::Sense::hint);
    let detail = format!("{what}: {}", crate::problem::chain(error));
    Problem::new(502, "driveFailed", detail).hint(hint).sense(sense).into()
}
