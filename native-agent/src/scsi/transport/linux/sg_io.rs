//! The SG_IO call (`include/scsi/sg.h`, `Documentation/scsi/scsi-generic.rst` of the kernel).

use core::{ffi::c_void, mem::offset_of, ptr, time::Duration};
use std::{fs::File, io, path::PathBuf, thread, time::Instant};

use rustix::{io::Errno, ioctl};

use super::node::Node;
use crate::scsi::{Data, ScsiError, Sense, Transport, moved_by, sense::SENSE_LEN};

/// `SG_IO` of `<scsi/sg.h>`: predates the `_IO` macros.
const SG_IO: ioctl::Opcode = 0x2285;
/// `interface_id` of the version 3 header.
const INTERFACE: i32 = b'S' as i32;
const SG_DXFER_NONE: i32 = -1;
const SG_DXFER_TO_DEV: i32 = -2;
const SG_DXFER_FROM_DEV: i32 = -3;

/// SAM-5 5.3.1.
const STATUS_GOOD: u8 = 0x00;
const STATUS_CHECK_CONDITION: u8 = 0x02;

/// Host status: what the kernel's adapter driver says. `include/scsi/scsi_status.h`.
mod host {
    pub(super) const OK: u16 = 0x00;
    pub(super) const NO_CONNECT: u16 = 0x01;
    pub(super) const TIME_OUT: u16 = 0x03;
    pub(super) const BAD_TARGET: u16 = 0x04;
}
/// `DRIVER_TIMEOUT`, low nibble of the driver status.
const DRIVER_TIMEOUT: u16 = 0x06;

/// How long it may take until a drive that was unplugged is known to be gone.
const UNPLUGGED: Duration = Duration::from_secs(1);

/// `struct sg_io_hdr`, version 3.
#[derive(Debug)]
#[repr(C)]
struct SgIoHdr {
    /// `'S'`.
    interface_id: i32,
    /// One of the `SG_DXFER_*` values.
    dxfer_direction: i32,
    cmd_len: u8,
    /// Room for sense data.
    mx_sb_len: u8,
    /// 0: `dxferp` is one flat buffer.
    iovec_count: u16,
    dxfer_len: u32,
    dxferp: *mut c_void,
    cmdp: *const u8,
    sbp: *mut u8,
    /// Milliseconds.
    timeout: u32,
    flags: u32,
    pack_id: i32,
    usr_ptr: *mut c_void,
    /// SCSI status byte.
    status: u8,
    masked_status: u8,
    msg_status: u8,
    /// Sense bytes written.
    sb_len_wr: u8,
    host_status: u16,
    driver_status: u16,
    /// Bytes asked for and not moved.
    resid: i32,
    duration: u32,
    info: u32,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<SgIoHdr>() == 88 && offset_of!(SgIoHdr, status) == 64);
#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<SgIoHdr>() == 64 && offset_of!(SgIoHdr, status) == 44);

/// An optical drive. How exclusively it is held depends on how its files were opened.
#[derive(Debug)]
pub struct Device {
    file: File,
    max_transfer: Option<u32>,
    /// Its folder in sysfs, which goes with it; none where sysfs says nothing.
    sysfs: Option<PathBuf>,
    /// Keeps others off where `file` alone does not.
    _guard: Option<File>,
}

impl Device {
    pub(super) fn new(file: File, guard: Option<File>, node: &Node) -> Self {
        let max_transfer = node.max_transfer();
        let sysfs = Some(node.sysfs().to_owned()).filter(|folder| folder.exists());
        Self { file, max_transfer, sysfs, _guard: guard }
    }

    /// The command during which a drive was unplugged ends with whatever its adapter makes of that, some moments before or
    /// after the drive is known to be gone.
    fn unless_gone(&self, error: ScsiError) -> ScsiError {
        let Some(sysfs) = &self.sysfs else { return error };
        let since = Instant::now();
        while matches!(error, ScsiError::Io(_)) && since.elapsed() < UNPLUGGED {
            if !sysfs.exists() {
                return ScsiError::Gone;
            }
            thread::sleep(UNPLUGGED / 20);
        }
        error
    }
}

impl Transport for Device {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        let mut sense = [0; SENSE_LEN];
        let (direction, pointer, asked) = match data {
            Data::None => (SG_DXFER_NONE, ptr::null_mut(), 0),
            Data::In(buffer) => {
                (SG_DXFER_FROM_DEV, buffer.as_mut_ptr().cast::<c_void>(), buffer.len())
            }
            Data::Out(buffer) => {
                (SG_DXFER_TO_DEV, buffer.as_ptr().cast_mut().cast::<c_void>(), buffer.len())
            }
        };
        let mut header = SgIoHdr {
            interface_id: INTERFACE,
            dxfer_direction: direction,
            cmd_len: u8::try_from(cdb.len()).map_err(|_| invalid("the CDB is too long"))?,
            mx_sb_len: SENSE_LEN as u8,
            iovec_count: 0,
            dxfer_len: u32::try_from(asked).map_err(|_| invalid("the transfer is too long"))?,
            dxferp: pointer,
            cmdp: cdb.as_ptr(),
            sbp: sense.as_mut_ptr(),
            timeout: u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX),
            flags: 0,
            pack_id: 0,
            usr_ptr: ptr::null_mut(),
            status: 0,
            masked_status: 0,
            msg_status: 0,
            sb_len_wr: 0,
            host_status: 0,
            driver_status: 0,
            resid: 0,
            duration: 0,
            info: 0,
        };
        self.pass(&mut header).map_err(from_errno)?;
        let sense = &sense[..SENSE_LEN.min(usize::from(header.sb_len_wr))];
        let ended = outcome(&header, sense, timeout).map_err(|error| self.unless_gone(error));
        let moved = asked.saturating_sub(usize::try_from(header.resid).unwrap_or(0));
        moved_by(ended, moved, if direction == SG_DXFER_FROM_DEV { asked } else { 0 })
    }

    fn max_transfer(&self) -> Option<u32> {
        self.max_transfer
    }
}

impl Device {
    /// Hands the header to the kernel and waits.
    #[expect(unsafe_code, reason = "SG_IO is the only way to a drive, and it takes raw pointers")]
    fn pass(&self, header: &mut SgIoHdr) -> Result<(), Errno> {
        // SAFETY: SG_IO reads and writes one `sg_io_hdr`, whose layout `SgIoHdr` mirrors (size and an offset asserted
        // above). `cmdp`, `dxferp` and `sbp` were made in `execute` from slices that live until this call returns, with
        // the lengths given beside them; the kernel writes through `dxferp` only for FROM_DEV, where it came from a
        // `&mut [u8]`, and never keeps a pointer after the call, because the call waits for the command to end.
        unsafe { ioctl::ioctl(&self.file, ioctl::Updater::<SG_IO, SgIoHdr>::new(header)) }
    }
}

/// What came of a command that the kernel passed on.
fn outcome(header: &SgIoHdr, sense: &[u8], timeout: Duration) -> Result<(), ScsiError> {
    match header.host_status {
        host::OK => {}
        host::NO_CONNECT | host::BAD_TARGET => return Err(ScsiError::Gone),
        host::TIME_OUT => return Err(ScsiError::Timeout(timeout)),
        other => {
            return Err(ScsiError::Io(io::Error::other(format!(
                "host adapter status {other:#04x}"
            ))));
        }
    }
    if header.driver_status & 0x0f == DRIVER_TIMEOUT {
        return Err(ScsiError::Timeout(timeout));
    }
    match header.status & 0x3e {
        STATUS_GOOD => Ok(()),
        STATUS_CHECK_CONDITION => Err(ScsiError::Check(Sense::parse(sense).unwrap_or_default())),
        other => Err(ScsiError::Status(other)),
    }
}

/// Errors of the call itself; a drive that was unplugged says `ENODEV` or `ENXIO`.
fn from_errno(errno: Errno) -> ScsiError {
    match errno {
        Errno::NODEV | Errno::NXIO => ScsiError::Gone,
        Errno::PERM => ScsiError::Io(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "the kernel passes this command on for root only, or wants the drive opened for writing",
        )),
        other => ScsiError::Io(other.into()),
    }
}

fn invalid(what: &'static str) -> ScsiError {
    ScsiError::Io(io::Error::new(io::ErrorKind::InvalidInput, what))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> SgIoHdr {
        SgIoHdr {
            interface_id: INTERFACE,
            dxfer_direction: SG_DXFER_NONE,
            cmd_len: 6,
            mx_sb_len: 0,
            iovec_count: 0,
            dxfer_len: 0,
            dxferp: ptr::null_mut(),
            cmdp: ptr::null(),
            sbp: ptr::null_mut(),
            timeout: 0,
            flags: 0,
            pack_id: 0,
            usr_ptr: ptr::null_mut(),
            status: 0,
            masked_status: 0,
            msg_status: 0,
            sb_len_wr: 0,
            host_status: 0,
            driver_status: 0,
            resid: 0,
            duration: 0,
            info: 0,
        }
    }

    #[test]
    fn statuses_become_errors() {
        let second = Duration::from_secs(1);
        let of = |header: &SgIoHdr| {
            outcome(header, &[0x70, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x3a], second)
        };
        assert!(of(&header()).is_ok());
        let check = of(&SgIoHdr { status: 2, driver_status: 8, ..header() });
        assert!(matches!(check, Err(ScsiError::Check(sense)) if sense == Sense::new(2, 0x3a, 0)));
        assert!(matches!(of(&SgIoHdr { status: 8, ..header() }), Err(ScsiError::Status(8))));
        assert!(matches!(of(&SgIoHdr { host_status: 1, ..header() }), Err(ScsiError::Gone)));
        assert!(matches!(of(&SgIoHdr { host_status: 3, ..header() }), Err(ScsiError::Timeout(_))));
        assert!(matches!(of(&SgIoHdr { host_status: 7, ..header() }), Err(ScsiError::Io(_))));
        assert!(matches!(
            of(&SgIoHdr { driver_status: 6, ..header() }),
            Err(ScsiError::Timeout(_))
        ));
    }

    #[test]
    fn failures_of_the_call_are_told_apart() {
        assert!(matches!(from_errno(Errno::NODEV), ScsiError::Gone));
        assert!(
            matches!(from_errno(Errno::PERM), ScsiError::Io(e) if e.to_string().contains("root"))
        );
        assert!(matches!(from_errno(Errno::INVAL), ScsiError::Io(_)));
    }
}
