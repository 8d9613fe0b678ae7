//! macOS: the SCSITask plug-in of IOKit.
//!
//! A drive is claimed in three steps: Disk Arbitration unmounts its disc, unless a file on it is open, and keeps others
//! from mounting it again; then the plug-in obtains exclusive access, for which the kernel takes its own drivers for
//! discs off the drive. All of it ends when the process does.
//!
//! Without exclusive access the plug-in passes on a dozen questions only, which is enough to look. Whoever sits at the
//! Mac may do both.
//!
//! A drive without a disc has no device node, so drives are called `drive-` and their number in the registry; the BSD
//! name of a disc (`disk4`) finds the drive it is in.

mod claim;
mod codes;
mod com;
mod device;
mod hotplug;
mod registry;

use core::time::Duration;
use std::{
    path::{Path, PathBuf},
    thread,
};

use self::{
    claim::Claim,
    codes::Refusal,
    com::{Interface, Mmc, TaskDevice},
    registry::Service,
};
pub use self::{device::Device, hotplug::Hotplug};
use super::OpenError;

/// The drivers for discs need a moment to let go.
const TRIES: u32 = 30;
const PAUSE: Duration = Duration::from_millis(100);

/// The optical drives of this machine.
#[must_use]
pub fn devices() -> Vec<PathBuf> {
    let mut paths: Vec<_> = registry::services().iter().filter_map(Service::path).collect();
    paths.sort();
    paths
}

/// Opens a drive for this process alone; its disc is unmounted.
///
/// # Errors
/// [`OpenError::InUse`] if a file on the disc is open or another program holds the drive; the other variants as they
/// say.
pub fn open(path: &Path) -> Result<Device, OpenError> {
    let service = find(path)?;
    let in_use = |by| OpenError::InUse { path: path.to_owned(), by };
    let claim = service.disk().map(|disk| Claim::take(&disk).map_err(in_use)).transpose()?;
    let mmc = patiently(path, || service.mmc(path))?;
    let tasks = tasks_of(&mmc).ok_or_else(|| OpenError::NotADrive(path.to_owned()))?;
    patiently(path, || obtain(path, &tasks))?;
    Ok(Device::new(service, mmc, Some(tasks), claim))
}

/// Opens a drive beside others, to ask what it is and what is in it.
///
/// # Errors
/// [`OpenError::InUse`] if another program has the drive for itself.
pub fn look(path: &Path) -> Result<Device, OpenError> {
    let service = find(path)?;
    let mmc = patiently(path, || service.mmc(path))?;
    if tasks_of(&mmc).is_some_and(|tasks| !is_free(&tasks)) {
        return Err(OpenError::InUse { path: path.to_owned(), by: Vec::new() });
    }
    Ok(Device::new(service, mmc, None, None))
}

fn find(path: &Path) -> Result<Service, OpenError> {
    registry::find(path).ok_or_else(|| OpenError::NotFound(path.to_owned()))
}

/// The way to tasks, through the interface for questions.
fn tasks_of(mmc: &Interface<Mmc>) -> Option<Interface<TaskDevice>> {
    #[expect(unsafe_code, reason = "COM")]
    // SAFETY: the interface is held; what is returned is null or an interface with a reference for us.
    unsafe {
        Interface::from_raw((mmc.table().get_scsi_task_device_interface)(mmc.this()))
    }
}

/// Whether no program has exclusive access.
fn is_free(tasks: &Interface<TaskDevice>) -> bool {
    #[expect(unsafe_code, reason = "COM")]
    // SAFETY: the interface is held.
    let free = unsafe { (tasks.table().is_exclusive_access_available)(tasks.this()) };
    free != 0
}

fn obtain(path: &Path, tasks: &Interface<TaskDevice>) -> Result<(), Refusal> {
    #[expect(unsafe_code, reason = "COM")]
    // SAFETY: the interface is held.
    let code = unsafe { (tasks.table().obtain_exclusive_access)(tasks.this()) };
    if code == 0 { Ok(()) } else { Err(codes::refusal(path, code)) }
}

/// Tries again while the system says that it is busy.
fn patiently<T>(
    path: &Path,
    mut attempt: impl FnMut() -> Result<T, Refusal>,
) -> Result<T, OpenError> {
    for _ in 0..TRIES {
        match attempt() {
            Ok(value) => return Ok(value),
            Err(Refusal::Final(error)) => return Err(error),
            Err(Refusal::Busy) => thread::sleep(PAUSE),
        }
    }
    Err(OpenError::InUse { path: path.to_owned(), by: Vec::new() })
}
