//! What the answers of Windows mean: everything here that needs no Windows to be right.

use core::time::Duration;
use std::{io, path::Path};

use crate::scsi::{
    ScsiError, Sense,
    transport::{Holder, OpenError},
};

/// Error codes of `winerror.h`.
mod win32 {
    pub(super) const FILE_NOT_FOUND: u32 = 2;
    pub(super) const PATH_NOT_FOUND: u32 = 3;
    pub(super) const ACCESS_DENIED: u32 = 5;
    pub(super) const BAD_UNIT: u32 = 20;
    pub(super) const SHARING_VIOLATION: u32 = 32;
    pub(super) const DEV_NOT_EXIST: u32 = 55;
    pub(super) const SEM_TIMEOUT: u32 = 121;
    pub(super) const BUSY: u32 = 170;
    pub(super) const NO_SUCH_DEVICE: u32 = 433;
    pub(super) const IO_DEVICE: u32 = 1117;
    pub(super) const DEVICE_NOT_CONNECTED: u32 = 1167;
    pub(super) const TIMEOUT: u32 = 1460;
    pub(super) const DEVICE_REMOVED: u32 = 1617;
}

/// SAM-5 5.3.1.
const STATUS_CHECK_CONDITION: u8 = 0x02;
const STATUS_BUSY: u8 = 0x08;

/// A page of the processors Windows runs on.
const PAGE: u32 = 4096;

/// Why no status came back from the drive.
pub(super) fn command_error(code: u32, timeout: Duration) -> ScsiError {
    let said = |kind, what: &'static str| ScsiError::Io(io::Error::new(kind, what));
    match code {
        win32::SEM_TIMEOUT | win32::TIMEOUT => ScsiError::Timeout(timeout),
        win32::DEVICE_NOT_CONNECTED
        | win32::NO_SUCH_DEVICE
        | win32::DEV_NOT_EXIST
        | win32::DEVICE_REMOVED => ScsiError::Gone,
        win32::BUSY => ScsiError::Status(STATUS_BUSY),
        win32::ACCESS_DENIED => said(
            io::ErrorKind::PermissionDenied,
            "another program has the drive for itself, or this user may not send commands to it",
        ),
        win32::IO_DEVICE => {
            said(io::ErrorKind::Other, "the adapter reports an error of the device")
        }
        other => ScsiError::Io(io::Error::from_raw_os_error(other.cast_signed())),
    }
}

/// The end of a command that the system passed on; `sense` is what came with it.
pub(super) fn outcome(status: u8, sense: &[u8]) -> Result<(), ScsiError> {
    match status & 0x3e {
        0 => Ok(()),
        STATUS_CHECK_CONDITION => Err(ScsiError::Check(Sense::parse(sense).unwrap_or_default())),
        other => Err(ScsiError::Status(other)),
    }
}

/// Why a device could not be opened.
pub(super) fn open_error(path: &Path, source: io::Error) -> OpenError {
    let path = path.to_owned();
    match source.raw_os_error().map(i32::cast_unsigned) {
        Some(win32::FILE_NOT_FOUND | win32::PATH_NOT_FOUND | win32::BAD_UNIT)
        | Some(win32::NO_SUCH_DEVICE | win32::DEVICE_NOT_CONNECTED | win32::DEV_NOT_EXIST) => {
            OpenError::NotFound(path)
        }
        Some(win32::SHARING_VIOLATION | win32::BUSY) => OpenError::InUse { path, by: Vec::new() },
        Some(win32::ACCESS_DENIED) => OpenError::Denied {
            path,
            remedy: "sign in at this computer itself: drives are for its interactive users, unless the \
                     policy \"Restrict CD-ROM access to locally logged-on user only\" is off; or run as \
                     administrator"
                .to_owned(),
        },
        _ => OpenError::Io { path, source },
    }
}

/// What a refused lock means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Someone else is in the way.
    Held,
    /// There is nothing to lock, or the driver does not know the request.
    Inapplicable,
}

/// Sorts the answers to FSCTL_LOCK_VOLUME and IOCTL_CDROM_EXCLUSIVE_ACCESS.
pub(super) const fn refusal(code: u32) -> Refusal {
    match code {
        win32::ACCESS_DENIED | win32::SHARING_VIOLATION | win32::BUSY => Refusal::Held,
        _ => Refusal::Inapplicable,
    }
}

/// The name under which the drive is locked, from the NUL-terminated `CallerName`.
pub(super) fn holder(caller: &[u8]) -> Vec<Holder> {
    let name = caller.split(|byte| *byte == 0).next().unwrap_or_default();
    let name = String::from_utf8_lossy(name).trim().to_owned();
    if name.is_empty() { Vec::new() } else { vec![Holder::Named(name)] }
}

/// TimeOutValue is in seconds; 0 would be no time at all.
pub(super) fn seconds(timeout: Duration) -> u32 {
    let whole = timeout.as_secs().saturating_add(u64::from(timeout.subsec_nanos() > 0));
    u32::try_from(whole.max(1)).unwrap_or(u32::MAX)
}

/// The most bytes the adapter moves at once. A buffer that does not begin on a page touches one page more than its
/// length needs, so one is set aside.
pub(super) fn limit(max_transfer: u32, max_pages: u32) -> Option<u32> {
    let by_pages = match max_pages {
        0 | 1 => u32::MAX,
        pages => (pages - 1).saturating_mul(PAGE),
    };
    Some(max_transfer.min(by_pages)).filter(|bytes| *bytes >= PAGE && *bytes != u32::MAX)
}

/// The strings of a REG_MULTI_SZ: each ended by a NUL, the list by an empty one.
pub(super) fn strings(list: &[u16]) -> Vec<String> {
    let texts = list.split(|unit| *unit == 0).take_while(|text| !text.is_empty());
    texts.map(String::from_utf16_lossy).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn codes_become_errors() {
        assert!(matches!(command_error(121, SECOND), ScsiError::Timeout(SECOND)));
        for code in [1167, 433, 55, 1617] {
            assert!(matches!(command_error(code, SECOND), ScsiError::Gone));
        }
        assert!(matches!(command_error(170, SECOND), ScsiError::Status(8)));
        assert!(
            matches!(command_error(5, SECOND), ScsiError::Io(e) if e.kind() == io::ErrorKind::PermissionDenied)
        );
        for code in [1117, 87] {
            assert!(matches!(command_error(code, SECOND), ScsiError::Io(_)));
        }
    }

    #[test]
    fn statuses_become_errors() {
        assert!(outcome(0, &[]).is_ok());
        let sense = [0x70, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x3a];
        let check = outcome(2, &sense);
        assert!(matches!(check, Err(ScsiError::Check(sense)) if sense == Sense::new(2, 0x3a, 0)));
        assert!(matches!(outcome(8, &[]), Err(ScsiError::Status(8))));
    }

    #[test]
    fn open_errors() {
        let of = |code| open_error(Path::new(r"\\.\D:"), io::Error::from_raw_os_error(code));
        for code in [2, 3, 20, 433] {
            assert!(matches!(of(code), OpenError::NotFound(_)));
        }
        assert!(matches!(of(32), OpenError::InUse { .. }));
        assert!(
            matches!(of(5), OpenError::Denied { remedy, .. } if remedy.contains("administrator"))
        );
        assert!(matches!(of(1117), OpenError::Io { .. }));
        assert_eq!([5, 32, 21].map(refusal), [Refusal::Held, Refusal::Held, Refusal::Inapplicable]);
    }

    #[test]
    fn texts_and_numbers() {
        let mut caller = [0; 64];
        caller[..5].copy_from_slice(b"IMAPI");
        assert_eq!(holder(&caller), [Holder::Named("IMAPI".into())]);
        assert!(holder(&[0; 64]).is_empty() && holder(&[]).is_empty());
        let list: Vec<u16> = "one\0two\0\0rest\0".encode_utf16().collect();
        assert_eq!(strings(&list), ["one", "two"]);
        assert!(strings(&[]).is_empty());
        let times = [0, 1, 1000, 1001].map(|millis| seconds(Duration::from_millis(millis)));
        assert_eq!(times, [1, 1, 1, 2]);
        assert_eq!(seconds(Duration::MAX), u32::MAX);
    }

    #[test]
    fn the_smaller_limit_counts() {
        assert_eq!(limit(1 << 20, 17), Some(64 << 10));
        assert_eq!(limit(32 << 10, 255), Some(32 << 10));
        assert_eq!(limit(128 << 10, 0), Some(128 << 10));
        assert_eq!(limit(u32::MAX, u32::MAX), None, "no limit");
        assert_eq!((limit(0, 17), limit(u32::MAX, 0)), (None, None));
    }
}
