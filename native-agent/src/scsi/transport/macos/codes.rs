//! What macOS answers and how a drive is asked beside others: everything here that needs no Mac to be right.

use core::time::Duration;
use std::{io, path::Path};

use crate::scsi::{ScsiError, Sense, opcode, transport::OpenError};

/// `IOReturn.h`.
mod io_return {
    pub(super) const NO_DEVICE: u32 = 0xe000_02c0;
    pub(super) const NOT_PRIVILEGED: u32 = 0xe000_02c1;
    pub(super) const EXCLUSIVE_ACCESS: u32 = 0xe000_02c5;
    pub(super) const BUSY: u32 = 0xe000_02d5;
    pub(super) const TIMEOUT: u32 = 0xe000_02d6;
    pub(super) const NOT_ATTACHED: u32 = 0xe000_02d9;
    pub(super) const NOT_PERMITTED: u32 = 0xe000_02e2;
    /// The port of a service that is gone (`mach/message.h`).
    pub(super) const INVALID_DESTINATION: u32 = 0x1000_0003;
}

/// SCSIServiceResponse: the drive answered with a status.
const TASK_COMPLETE: u32 = 2;
/// SCSITaskStatus where the drive did not.
mod failure {
    pub(super) const TASK_TIMEOUT: u32 = 1;
    pub(super) const PROTOCOL_TIMEOUT: u32 = 2;
    pub(super) const NOT_RESPONDING: u32 = 3;
    pub(super) const NOT_PRESENT: u32 = 4;
}
/// SAM-5 5.3.1.
const STATUS_CHECK_CONDITION: u8 = 0x02;
/// ILLEGAL REQUEST, INVALID COMMAND OPERATION CODE and INVALID FIELD IN CDB. SPC-4 4.5.6.
const UNKNOWN_COMMAND: Sense = Sense::new(5, 0x20, 0);
const INVALID_FIELD: Sense = Sense::new(5, 0x24, 0);

/// Why a call did not reach the drive.
pub(super) fn call_error(code: i32, timeout: Duration) -> ScsiError {
    match code.cast_unsigned() {
        io_return::NO_DEVICE | io_return::NOT_ATTACHED | io_return::INVALID_DESTINATION => {
            ScsiError::Gone
        }
        io_return::TIMEOUT => ScsiError::Timeout(timeout),
        io_return::EXCLUSIVE_ACCESS | io_return::NOT_PERMITTED | io_return::NOT_PRIVILEGED => {
            ScsiError::Io(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "another program has the drive for itself",
            ))
        }
        other => ScsiError::Io(io::Error::other(format!("IOKit error {other:#010x}"))),
    }
}

/// The end of a task: with TASK COMPLETE the status is the drive's, else it says how the delivery failed.
pub(super) fn outcome(
    response: u32,
    status: u32,
    sense: &[u8],
    timeout: Duration,
) -> Result<(), ScsiError> {
    if response == TASK_COMPLETE {
        return match status as u8 & 0x3e {
            0 => Ok(()),
            STATUS_CHECK_CONDITION => {
                Err(ScsiError::Check(Sense::parse(sense).unwrap_or_default()))
            }
            other => Err(ScsiError::Status(other)),
        };
    }
    Err(match status {
        failure::TASK_TIMEOUT | failure::PROTOCOL_TIMEOUT | failure::NOT_RESPONDING => {
            ScsiError::Timeout(timeout)
        }
        failure::NOT_PRESENT => ScsiError::Gone,
        other => {
            ScsiError::Io(io::Error::other(format!("the task failed with status {other:#04x}")))
        }
    })
}

/// What a refused claim means.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Trying again may help.
    Busy,
    /// It will not.
    Final(OpenError),
}

/// Sorts the answers to ObtainExclusiveAccess and to opening the plug-in.
pub(super) fn refusal(path: &Path, code: i32) -> Refusal {
    let path = path.to_owned();
    Refusal::Final(match code.cast_unsigned() {
        io_return::BUSY => return Refusal::Busy,
        io_return::EXCLUSIVE_ACCESS => OpenError::InUse { path, by: Vec::new() },
        io_return::NO_DEVICE | io_return::NOT_ATTACHED => OpenError::NotFound(path),
        io_return::NOT_PRIVILEGED | io_return::NOT_PERMITTED => OpenError::Denied {
            path,
            remedy:
                "macOS keeps programs in a sandbox, and those of other users, from the drive: run \
                     discwright from Terminal as the user who sits at this Mac"
                    .to_owned(),
        },
        other => {
            let source = io::Error::other(format!("IOKit error {other:#010x}"));
            OpenError::Io { path, source }
        }
    })
}

/// A question that MMCDeviceInterface passes on without exclusive access, with the fields of its CDB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    TestUnitReady,
    Inquiry,
    /// RT, starting feature number.
    Configuration(u8, u16),
    /// LLBAA, DBD, page control, page code.
    ModeSense(u8, u8, u8, u8),
    /// MSF, format, track or session.
    Toc(u8, u8, u8),
    DiscInformation,
    /// Address or number type, address or number.
    TrackInformation(u8, u32),
    /// Address, layer, format.
    DvdStructure(u32, u8, u8),
    /// Data type, starting LBA, most descriptors, type.
    Performance(u8, u32, u16, u8),
    FormatCapacities,
    /// Media events, which are made up from what the system knows.
    MediaEvent,
}

/// Takes a CDB apart; those that only a claimed drive can be sent are refused as a drive would.
pub(super) fn question(cdb: &[u8]) -> Result<Question, ScsiError> {
    let byte = |at: usize| cdb.get(at).copied().unwrap_or(0);
    let short = |at| u16::from_be_bytes([byte(at), byte(at + 1)]);
    let long = |at| u32::from_be_bytes([byte(at), byte(at + 1), byte(at + 2), byte(at + 3)]);
    let refuse = |sense| Err(ScsiError::Check(sense));
    Ok(match byte(0) {
        opcode::TEST_UNIT_READY => Question::TestUnitReady,
        opcode::INQUIRY if byte(1) & 1 == 0 => Question::Inquiry,
        opcode::GET_CONFIGURATION => Question::Configuration(byte(1) & 3, short(2)),
        opcode::MODE_SENSE_10 => {
            Question::ModeSense(byte(1) >> 4 & 1, byte(1) >> 3 & 1, byte(2) >> 6, byte(2) & 0x3f)
        }
        opcode::READ_TOC => Question::Toc(byte(1) >> 1 & 1, byte(2) & 0x0f, byte(6)),
        opcode::READ_DISC_INFORMATION if byte(1) & 7 == 0 => Question::DiscInformation,
        opcode::READ_TRACK_INFORMATION => Question::TrackInformation(byte(1) & 3, long(2)),
        // Media type 0 is DVD; the interface has no field for the others.
        opcode::READ_DISC_STRUCTURE if byte(1) & 0x0f == 0 => {
            Question::DvdStructure(long(2), byte(6), byte(7))
        }
        opcode::GET_PERFORMANCE => {
            Question::Performance(byte(1) & 0x1f, long(2), short(8), byte(10))
        }
        opcode::READ_FORMAT_CAPACITIES => Question::FormatCapacities,
        opcode::GET_EVENT_STATUS => Question::MediaEvent,
        opcode::INQUIRY | opcode::READ_DISC_INFORMATION | opcode::READ_DISC_STRUCTURE => {
            return refuse(INVALID_FIELD);
        }
        _ => return refuse(UNKNOWN_COMMAND),
    })
}

/// How much of a zero-filled buffer is answer, by the length field in its head: the interface does not tell.
pub(super) fn answer_len(question: Question, answer: &[u8]) -> usize {
    let byte = |at: usize| usize::from(answer.get(at).copied().unwrap_or(0));
    let announced = match question {
        Question::TestUnitReady => 0,
        Question::Inquiry => byte(4) + 5,
        Question::FormatCapacities => byte(3) + 4,
        Question::Configuration(..) | Question::Performance(..) => {
            (byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3)).saturating_add(4)
        }
        _ => (byte(0) << 8 | byte(1)) + 2,
    };
    announced.min(answer.len())
}

/// The answer to GET EVENT STATUS NOTIFICATION for media: no news, and how things are. MMC-6 6.6.
pub(super) const fn media_event(present: bool, tray_open: bool) -> [u8; 8] {
    [0, 6, 0x04, 0x10, 0, (present as u8) << 1 | tray_open as u8, 0, 0]
}

/// `disk4` of `disk4s1`.
pub(super) fn whole_disk(name: &str) -> Option<&str> {
    let digits = name.strip_prefix("disk")?.find('s');
    Some(digits.map_or(name, |at| name.split_at(at + 4).0))
}

/// How a drive is named: by its disc, or by its number in the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name<'a> {
    Disk(&'a str),
    Entry(u64),
}

/// Takes `/dev/disk4`, `/dev/rdisk4` and `drive-HEX` apart.
pub(super) fn name(path: &Path) -> Option<Name<'_>> {
    let name = path.file_name()?.to_str()?;
    if let Some(entry) = name.strip_prefix("drive-") {
        return u64::from_str_radix(entry, 16).ok().map(Name::Entry);
    }
    let disk = name.strip_prefix('r').unwrap_or(name);
    whole_disk(disk).map(Name::Disk)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn tasks_end_as_drives_and_adapters_say() {
        assert!(outcome(2, 0, &[], SECOND).is_ok());
        let sense = [0x70, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x3a];
        let check = outcome(2, 2, &sense, SECOND);
        assert!(matches!(check, Err(ScsiError::Check(sense)) if sense == Sense::new(2, 0x3a, 0)));
        assert!(matches!(outcome(2, 8, &[], SECOND), Err(ScsiError::Status(8))));
        for status in [1, 2, 3] {
            assert!(matches!(outcome(1, status, &sense, SECOND), Err(ScsiError::Timeout(_))));
        }
        assert!(matches!(outcome(1, 4, &[], SECOND), Err(ScsiError::Gone)));
        assert!(matches!(outcome(1, 5, &[], SECOND), Err(ScsiError::Io(_))));
    }

    #[test]
    fn codes_become_errors() {
        let of = |code: u32| call_error(code.cast_signed(), SECOND);
        for code in [0xe000_02c0, 0xe000_02d9, 0x1000_0003] {
            assert!(matches!(of(code), ScsiError::Gone));
        }
        assert!(matches!(of(0xe000_02d6), ScsiError::Timeout(_)));
        assert!(
            matches!(of(0xe000_02c5), ScsiError::Io(e) if e.kind() == io::ErrorKind::PermissionDenied)
        );
        assert!(matches!(of(0xe000_02bc), ScsiError::Io(_)));
        let refused = |code: u32| refusal(Path::new("/dev/disk4"), code.cast_signed());
        assert!(matches!(refused(0xe000_02d5), Refusal::Busy));
        assert!(matches!(refused(0xe000_02c5), Refusal::Final(OpenError::InUse { .. })));
        assert!(matches!(refused(0xe000_02c1), Refusal::Final(OpenError::Denied { .. })));
        assert!(matches!(refused(0xe000_02c0), Refusal::Final(OpenError::NotFound(_))));
        assert!(matches!(refused(0xe000_02bc), Refusal::Final(OpenError::Io { .. })));
    }

    #[test]
    fn questions_are_taken_apart() {
        let cases: [(&[u8], Question); 8] = [
            (&[0; 6], Question::TestUnitReady),
            (&[0x12, 0, 0, 0, 36, 0], Question::Inquiry),
            (&[0x46, 2, 0x01, 0x0d, 0, 0, 0, 0, 8, 0], Question::Configuration(2, 0x010d)),
            (&[0x5a, 0x18, 0x6a, 0, 0, 0, 0, 0, 8, 0], Question::ModeSense(1, 1, 1, 0x2a)),
            (&[0x43, 2, 4, 0, 0, 0, 9, 0, 8, 0], Question::Toc(1, 4, 9)),
            (&[0x52, 1, 0, 0, 0, 0xff, 0, 0, 8, 0], Question::TrackInformation(1, 0xff)),
            (&[0xad, 0, 0, 0, 0, 1, 1, 4, 0, 8, 0, 0], Question::DvdStructure(1, 1, 4)),
            (&[0xac, 0x10, 0, 0, 0, 2, 0, 0, 0, 5, 3, 0], Question::Performance(0x10, 2, 5, 3)),
        ];
        for (cdb, expected) in cases {
            assert_eq!(question(cdb).unwrap(), expected);
        }
        let refused = |cdb: &[u8]| match question(cdb) {
            Err(ScsiError::Check(sense)) => (sense.key, sense.asc),
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(&[0x2a, 0, 0, 0, 0, 0, 0, 0, 1, 0]), (5, 0x20));
        assert_eq!(refused(&[0xad, 1, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0]), (5, 0x24));
        assert_eq!(refused(&[0x12, 1, 0x80, 0, 36, 0]), (5, 0x24));
    }

    #[test]
    fn answers_end_where_they_say() {
        let mut answer = [0; 64];
        answer[..5].copy_from_slice(&[0, 0x20, 0, 8, 31]);
        assert_eq!(answer_len(Question::DiscInformation, &answer), 34);
        assert_eq!(answer_len(Question::Inquiry, &answer), 36);
        assert_eq!(answer_len(Question::FormatCapacities, &answer), 12);
        assert_eq!(
            answer_len(Question::Configuration(0, 0), &answer),
            64,
            "never beyond the buffer"
        );
        assert_eq!(answer_len(Question::TestUnitReady, &[]), 0);
        assert_eq!(answer_len(Question::Inquiry, &[]), 0);
    }

    #[test]
    fn the_made_up_event_is_one() {
        let event = crate::mmc::MediaEvent::parse(&media_event(true, false)).unwrap().unwrap();
        assert!(event.present && !event.tray_open);
        assert_eq!(event.change, crate::mmc::MediaChange::None);
    }

    #[test]
    fn names() {
        assert_eq!(name(Path::new("/dev/rdisk4s1")), Some(Name::Disk("disk4")));
        assert_eq!(name(Path::new("disk12")), Some(Name::Disk("disk12")));
        assert_eq!(name(Path::new("drive-1a2")), Some(Name::Entry(0x1a2)));
        assert_eq!(name(Path::new("/dev/sr0")), None);
        assert_eq!(name(Path::new("drive-x")), None);
    }
}
