//! START STOP UNIT and PREVENT ALLOW MEDIUM REMOVAL: the tray and its lock. MMC-6 6.42, 6.14.

use super::{ASK_TIMEOUT, Cdb, Command, LOAD_TIMEOUT, PatientDrive};
use crate::scsi::{ScsiError, opcode};

/// Bits 1-0 of byte 4: LoEj and Start. MMC-6 table 602.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrayAction {
    /// 00b: stop the disc.
    Stop,
    /// 01b: spin the disc up.
    Start,
    /// 10b: open the tray.
    Eject,
    /// 11b: close the tray.
    Load,
}

/// Moves the tray or the spindle, and waits for it.
#[must_use]
pub const fn start_stop(action: TrayAction) -> Command {
    let bits = match action {
        TrayAction::Stop => 0,
        TrayAction::Start => 1,
        TrayAction::Eject => 2,
        TrayAction::Load => 3,
    };
    Command::plain(Cdb::six([opcode::START_STOP_UNIT, 0, 0, 0, bits, 0]), LOAD_TIMEOUT)
}

/// Locks the tray, or frees it.
#[must_use]
pub const fn prevent_removal(prevent: bool) -> Command {
    let cdb = Cdb::six([opcode::PREVENT_ALLOW, 0, 0, 0, prevent as u8, 0]);
    Command::plain(cdb, ASK_TIMEOUT)
}

/// Moves the tray of a drive that is ours. It is freed before it opens: a program that died may have left it locked.
///
/// # Errors
/// What the drive says to moving it.
pub fn move_tray(drive: &mut PatientDrive<'_>, action: TrayAction) -> Result<(), ScsiError> {
    if action == TrayAction::Eject {
        // A drive without a lock need not know of one.
        let _ = drive.ask(&prevent_removal(false));
    }
    drive.ask(&start_stop(action)).map(drop)
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;
    use crate::virtual_drive::{self, MediumKind, VirtualDrive};

    #[test]
    fn a_tray_that_was_left_locked_opens() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.vdisc");
        virtual_drive::create(&path, MediumKind::DvdPlusR, Some(1600)).unwrap();
        let mut drive = VirtualDrive::open(&path).unwrap();
        let mut patient = PatientDrive::new(&mut drive, Duration::from_secs(1));
        patient.ask(&prevent_removal(true)).unwrap();
        patient.ask(&start_stop(TrayAction::Eject)).unwrap_err();
        move_tray(&mut patient, TrayAction::Eject).unwrap();
    }

    #[test]
    fn bytes() {
        assert_eq!(start_stop(TrayAction::Eject).cdb.as_bytes(), [0x1b, 0, 0, 0, 2, 0]);
        assert_eq!(start_stop(TrayAction::Load).cdb.as_bytes(), [0x1b, 0, 0, 0, 3, 0]);
        assert_eq!(prevent_removal(true).cdb.as_bytes(), [0x1e, 0, 0, 0, 1, 0]);
    }
}
