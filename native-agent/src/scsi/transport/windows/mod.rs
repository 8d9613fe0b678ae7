//! Windows: SCSI_PASS_THROUGH_DIRECT on `\\.\D:` or `\\.\CdRomN` (`ntddscsi.h`).
//!
//! A drive is claimed as IMAPI does it: the volume is locked, which fails while a file on it is open, and dismounted;
//! then IOCTL_CDROM_EXCLUSIVE_ACCESS keeps every other handle, and the file systems, off the drive. Where a driver does
//! not know that request the volume lock has to do. Windows undoes all of it when the handle is closed, however the
//! process ends, and tells Explorer to look again.
//!
//! The users who sit at the computer may do this without being administrators.

mod codes;
mod device;
mod hotplug;
mod ioctl;
mod list;

use core::time::Duration;
use std::{fs::File, path::Path, thread};

use windows_sys::Win32::{
    Devices::Cdrom::{
        CDROM_EXCLUSIVE_ACCESS, CDROM_EXCLUSIVE_LOCK, CDROM_EXCLUSIVE_LOCK_STATE,
        CDROM_LOCK_IGNORE_VOLUME, ExclusiveAccessLockDevice, ExclusiveAccessQueryState,
        ExclusiveAccessUnlockDevice, IOCTL_CDROM_EXCLUSIVE_ACCESS,
    },
    System::Ioctl::{FSCTL_DISMOUNT_VOLUME, FSCTL_LOCK_VOLUME, FSCTL_UNLOCK_VOLUME},
};

use self::codes::Refusal;
pub use self::{device::Device, hotplug::Hotplug, list::devices};
use super::OpenError;

/// What others are told; letters, digits and a little punctuation only.
const CALLER: &[u8] = b"discwright";
/// The indexing service and virus scanners open what appears for moments only.
const TRIES: u32 = 15;
const PAUSE: Duration = Duration::from_millis(100);

/// Opens a drive for this process alone; its volume is dismounted.
///
/// # Errors
/// [`OpenError::InUse`] if a file on the disc is open or another program holds the drive; the other variants as they
/// say.
pub fn open(path: &Path) -> Result<Device, OpenError> {
    let file = open_drive(path)?;
    let claim = Claim::take(path, &file)?;
    Ok(Device::new(file, Some(claim)))
}

/// Opens a drive beside others, to ask what it is and what is in it.
///
/// # Errors
/// [`OpenError::InUse`] if another program has the drive for itself.
pub fn look(path: &Path) -> Result<Device, OpenError> {
    let file = open_drive(path)?;
    match owner(&file) {
        Some(by) => Err(OpenError::InUse { path: path.to_owned(), by }),
        None => Ok(Device::new(file, None)),
    }
}

fn open_drive(path: &Path) -> Result<File, OpenError> {
    // The pass-through wants both kinds of access.
    let opened = ioctl::open(path, true).map_err(|source| codes::open_error(path, source))?;
    match ioctl::device_number(&opened) {
        Ok(number) if number.is_cd_rom() => Ok(opened),
        _ => Err(OpenError::NotADrive(path.to_owned())),
    }
}

/// What keeps others off the drive.
#[derive(Debug)]
struct Claim {
    volume: bool,
    device: bool,
}

impl Claim {
    fn take(path: &Path, file: &File) -> Result<Self, OpenError> {
        let in_use = |by| OpenError::InUse { path: path.to_owned(), by };
        if let Some(by) = owner(file) {
            return Err(in_use(by));
        }
        let mut claim =
            Self { volume: lock_volume(file).map_err(|()| in_use(Vec::new()))?, device: false };
        match lock_device(file) {
            Ok(()) => claim.device = true,
            Err(code) if codes::refusal(code) == Refusal::Held => {
                claim.release(file);
                return Err(in_use(owner(file).unwrap_or_default()));
            }
            Err(code) => tracing::debug!("no exclusive access to {}: error {code}", path.display()),
        }
        Ok(claim)
    }

    /// Gives the drive back. Without CDROM_NO_MEDIA_NOTIFICATIONS the system takes the disc for a new one, which after
    /// a burn it is.
    fn release(&self, file: &File) {
        if self.device {
            let request =
                CDROM_EXCLUSIVE_ACCESS { RequestType: ExclusiveAccessUnlockDevice, Flags: 0 };
            let _ = ioctl::tell(file, IOCTL_CDROM_EXCLUSIVE_ACCESS, &request);
        }
        if self.volume {
            let _ = ioctl::order(file, FSCTL_UNLOCK_VOLUME);
        }
    }
}

/// Locks and dismounts the volume; false if there is none, and an error if something on it is open.
fn lock_volume(file: &File) -> Result<bool, ()> {
    for _ in 0..TRIES {
        match ioctl::order(file, FSCTL_LOCK_VOLUME) {
            Ok(()) => {
                if let Err(code) = ioctl::order(file, FSCTL_DISMOUNT_VOLUME) {
                    tracing::debug!("the volume was not dismounted: error {code}");
                }
                return Ok(true);
            }
            Err(code) if codes::refusal(code) == Refusal::Inapplicable => return Ok(false),
            Err(_) => thread::sleep(PAUSE),
        }
    }
    Err(())
}

/// The volume is ignored: it is locked and dismounted by now, or there is none.
fn lock_device(file: &File) -> Result<(), u32> {
    let access = CDROM_EXCLUSIVE_ACCESS {
        RequestType: ExclusiveAccessLockDevice,
        Flags: CDROM_LOCK_IGNORE_VOLUME,
    };
    let mut request = CDROM_EXCLUSIVE_LOCK { Access: access, CallerName: [0; 64] };
    for (to, from) in request.CallerName.iter_mut().zip(CALLER) {
        *to = *from;
    }
    ioctl::tell(file, IOCTL_CDROM_EXCLUSIVE_ACCESS, &request)
}

/// Who holds the drive exclusively, if someone does.
fn owner(file: &File) -> Option<Vec<super::Holder>> {
    let request = CDROM_EXCLUSIVE_ACCESS { RequestType: ExclusiveAccessQueryState, Flags: 0 };
    let state: LockState = ioctl::ask(file, IOCTL_CDROM_EXCLUSIVE_ACCESS, &request).ok()?;
    (state.locked != 0).then(|| codes::holder(&state.caller))
}

/// CDROM_EXCLUSIVE_LOCK_STATE, with the BOOLEAN as the byte it is: any value may come.
#[derive(Clone, Copy, zerocopy::FromBytes, zerocopy::IntoBytes)]
#[repr(C)]
struct LockState {
    locked: u8,
    caller: [u8; 64],
}

const _: () = assert!(size_of::<LockState>() == size_of::<CDROM_EXCLUSIVE_LOCK_STATE>());
const _: () = assert!(size_of::<CDROM_EXCLUSIVE_LOCK>() == 72);
