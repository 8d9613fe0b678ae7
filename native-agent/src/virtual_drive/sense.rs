//! The sense codes this drive reports. MMC-6 annex F, SPC-4 annex D.

use crate::scsi::Sense;

pub(super) const FORMAT_IN_PROGRESS: Sense = Sense::new(2, 0x04, 0x04);
pub(super) const OPERATION_IN_PROGRESS: Sense = Sense::new(2, 0x04, 0x07);
pub(super) const LONG_WRITE_IN_PROGRESS: Sense = Sense::new(2, 0x04, 0x08);
pub(super) const INCOMPATIBLE_MEDIUM: Sense = Sense::new(2, 0x30, 0x00);
pub(super) const NO_MEDIUM: Sense = Sense::new(2, 0x3a, 0x01);
pub(super) const NO_MEDIUM_TRAY_OPEN: Sense = Sense::new(2, 0x3a, 0x02);
pub(super) const WRITE_ERROR: Sense = Sense::new(3, 0x0c, 0x00);
pub(super) const UNRECOVERED_READ_ERROR: Sense = Sense::new(3, 0x11, 0x00);
pub(super) const PARAMETER_LIST_LENGTH: Sense = Sense::new(5, 0x1a, 0x00);
pub(super) const INVALID_OPERATION_CODE: Sense = Sense::new(5, 0x20, 0x00);
pub(super) const LBA_OUT_OF_RANGE: Sense = Sense::new(5, 0x21, 0x00);
pub(super) const INVALID_ADDRESS_FOR_WRITE: Sense = Sense::new(5, 0x21, 0x02);
pub(super) const INVALID_FIELD_IN_CDB: Sense = Sense::new(5, 0x24, 0x00);
pub(super) const INVALID_FIELD_IN_PARAMETER_LIST: Sense = Sense::new(5, 0x26, 0x00);
pub(super) const COMMAND_SEQUENCE: Sense = Sense::new(5, 0x2c, 0x00);
pub(super) const CANNOT_READ_MEDIUM: Sense = Sense::new(5, 0x30, 0x02);
pub(super) const CANNOT_WRITE_MEDIUM: Sense = Sense::new(5, 0x30, 0x05);
pub(super) const CANNOT_FORMAT_MEDIUM: Sense = Sense::new(5, 0x30, 0x06);
pub(super) const SAVING_NOT_SUPPORTED: Sense = Sense::new(5, 0x39, 0x00);
pub(super) const REMOVAL_PREVENTED: Sense = Sense::new(5, 0x53, 0x02);
pub(super) const END_OF_TRACK: Sense = Sense::new(5, 0x63, 0x00);
pub(super) const ILLEGAL_MODE_FOR_TRACK: Sense = Sense::new(5, 0x64, 0x00);
pub(super) const SESSION_FIXATION: Sense = Sense::new(5, 0x72, 0x00);
pub(super) const INCOMPLETE_TRACK_IN_SESSION: Sense = Sense::new(5, 0x72, 0x03);
pub(super) const EMPTY_RESERVED_TRACK: Sense = Sense::new(5, 0x72, 0x04);
pub(super) const NO_MORE_RESERVATIONS: Sense = Sense::new(5, 0x72, 0x05);
pub(super) const MEDIUM_MAY_HAVE_CHANGED: Sense = Sense::new(6, 0x28, 0x00);
pub(super) const WRITE_PROTECTED: Sense = Sense::new(7, 0x27, 0x00);
pub(super) const DATA_PHASE_ERROR: Sense = Sense::new(0x0b, 0x4b, 0x00);
pub(super) const MISCOMPARE: Sense = Sense::new(0x0e, 0x1d, 0x00);

/// The same sense naming the block it is about.
pub(super) const fn at(mut sense: Sense, lba: u32) -> Sense {
    sense.information = Some(lba);
    sense
}
