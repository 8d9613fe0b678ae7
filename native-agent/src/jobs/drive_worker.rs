//! Jobs done on drives.

use std::sync::Arc;

use super::{
    burning,
    job::{Failure, Kind, Order, Outcome},
    queue::{Duty, Worker},
    reading, upkeep,
};
use crate::{
    drives::{DriveError, OpenDrive, Registry},
    problem::Problem,
    source::spool::{Spool, SpoolError, SpooledImage},
};

/// Does what there is to do on the drives of a registry, with the images of a spool.
#[derive(Debug)]
pub struct DriveWorker {
    drives: Registry,
    spool: Arc<Spool>,
}

/// A drive that a job has for itself, given back when the job ends.
struct Tenure<'a> {
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

    fn image(&self, order: &Order) -> Result<SpooledImage, Failure> {
        let missing = || Problem::new(400, "badBody", "an image is needed");
        Ok(self.spool.read(order.image.as_deref().ok_or_else(missing)?)?)
    }
}

impl Worker for DriveWorker {
    fn work(&self, order: &Order, duty: &Duty) -> Result<Outcome, Failure> {
        let is_virtual = self.drives.drive(&order.drive)?.is_virtual;
        let tenure = Tenure::begin(&self.drives, order, duty)?;
        let mut drive = tenure.open()?;
        let done = match (order.kind, &order.burn, &order.upkeep) {
            (Kind::Read, ..) => reading::read(&mut drive, &self.spool, order.read, duty),
            (Kind::Verify, ..) => {
                burning::verify(&mut drive, &mut self.image(order)?, order.start, duty)
            }
            (Kind::Burn, Some(burn), _) => {
                let image = &mut self.image(order)?;
                burning::burn(&mut drive, image, burn, !is_virtual, duty)
            }
            (Kind::Erase | Kind::Format | Kind::Close, _, Some(order)) => {
                upkeep::upkeep(&mut drive, order, duty)
            }
            (Kind::Burn | Kind::Erase | Kind::Format | Kind::Close, ..) => {
                Err(Problem::new(400, "badBody", "it does not say how to do that").into())
            }
        };
        drop(drive);
        if done.is_ok() && order.burn.as_ref().is_some_and(|burn| burn.eject) {
            tenure.eject();
        }
        done
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

    /// A tray that stays shut does not undo a disc that is good.
    fn eject(&self) {
        if let Err(error) = self.drives.eject(self.id, Some(&self.lease)) {
            tracing::warn!("{}", crate::problem::chain(&error));
        }
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
