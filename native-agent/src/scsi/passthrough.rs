//! Commands of the caller's own making, for programs that use this library: those that ask, read, or set what is lost when the
//! drive is switched off. None of them is reachable over HTTP.
//!
//! ```
//! use native_agent::scsi::{Data, passthrough};
//! # use native_agent::virtual_drive::{DriveOptions, VirtualDrive};
//! # let mut drive = VirtualDrive::empty(&DriveOptions::default());
//!
//! let mut answer = [0; 36];
//! let inquiry = [0x12, 0, 0, 0, 36, 0];
//! let done = passthrough::send(&mut drive, &inquiry, Data::In(&mut answer), core::time::Duration::from_secs(10))?;
//! assert_eq!((done.moved, done.sense), (36, None));
//! assert!(passthrough::send(&mut drive, &[0x04; 6], Data::None, core::time::Duration::from_secs(10)).is_err());
//! # Ok::<(), passthrough::PassthroughError>(())
//! ```

use core::time::Duration;

use super::{Data, ScsiError, Sense, Transport, opcode};

/// Which way the data of a command go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    None,
    In,
    Out,
}

/// The commands that are let through.
const ALLOWED: [(u8, Direction); 25] = [
    (opcode::TEST_UNIT_READY, Direction::None),
    (opcode::REQUEST_SENSE, Direction::In),
    (opcode::INQUIRY, Direction::In),
    (opcode::START_STOP_UNIT, Direction::None),
    (opcode::PREVENT_ALLOW, Direction::None),
    (opcode::READ_FORMAT_CAPACITIES, Direction::In),
    (opcode::READ_CAPACITY, Direction::In),
    (opcode::READ_10, Direction::In),
    (opcode::SEEK_10, Direction::None),
    (opcode::READ_TOC, Direction::In),
    (opcode::GET_CONFIGURATION, Direction::In),
    (opcode::GET_EVENT_STATUS, Direction::In),
    (opcode::READ_DISC_INFORMATION, Direction::In),
    (opcode::READ_TRACK_INFORMATION, Direction::In),
    (opcode::MODE_SELECT_10, Direction::Out),
    (opcode::MODE_SENSE_10, Direction::In),
    (opcode::READ_BUFFER_CAPACITY, Direction::In),
    (opcode::READ_12, Direction::In),
    (opcode::GET_PERFORMANCE, Direction::In),
    (opcode::READ_DISC_STRUCTURE, Direction::In),
    (opcode::SET_STREAMING, Direction::Out),
    (opcode::READ_CD_MSF, Direction::In),
    (opcode::SET_CD_SPEED, Direction::None),
    (opcode::MECHANISM_STATUS, Direction::In),
    (opcode::READ_CD, Direction::In),
];

/// How a command ended that the drive got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// Bytes that the data phase moved.
    pub moved: usize,
    /// What the drive said, if it did not simply carry it out.
    pub sense: Option<Sense>,
}

/// Why a command was not sent, or got no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PassthroughError {
    /// It could change the disc, or is not known. Use what this library has for that.
    #[error("{name} ({0:#04x}) is not a command that is passed on", name = opcode::name(*.0))]
    NotAllowed(u8),
    /// The length of a CDB follows from its first byte. SPC-4 4.3.4.2.
    #[error("a CDB that begins with {opcode:#04x} has {expected} bytes, not {found}")]
    Length {
        /// The first byte.
        opcode: u8,
        /// How many there should be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// The data of this command go the other way, or there are none.
    #[error("the data of {} go the other way", opcode::name(*.0))]
    Direction(u8),
    /// No status came back.
    #[error("the drive gave no answer")]
    Transport(#[source] ScsiError),
}

/// Sends a command, if it is one of those that are let through. A CHECK CONDITION is no error: the sense is part of what
/// came of it.
///
/// # Errors
/// [`PassthroughError`] for a command that was not sent, or got no status.
pub fn send(
    transport: &mut dyn Transport,
    cdb: &[u8],
    data: Data<'_>,
    timeout: Duration,
) -> Result<Done, PassthroughError> {
    let opcode = cdb.first().copied().unwrap_or_default();
    let allowed = ALLOWED.iter().find(|allowed| allowed.0 == opcode);
    let &(_, direction) = allowed.ok_or(PassthroughError::NotAllowed(opcode))?;
    let expected = length(opcode);
    if cdb.len() != expected {
        return Err(PassthroughError::Length { opcode, expected, found: cdb.len() });
    }
    let fits = match &data {
        Data::None => true,
        Data::In(_) => direction == Direction::In,
        Data::Out(_) => direction == Direction::Out,
    };
    if !fits {
        return Err(PassthroughError::Direction(opcode));
    }
    match transport.execute(cdb, data, timeout) {
        Ok(moved) => Ok(Done { moved, sense: None }),
        Err(ScsiError::Check(sense)) => Ok(Done { moved: 0, sense: Some(sense) }),
        Err(error) => Err(PassthroughError::Transport(error)),
    }
}

/// By the group code in the first three bits; of the groups with commands that are let through.
const fn length(opcode: u8) -> usize {
    match opcode >> 5 {
        0 => 6,
        1 | 2 => 10,
        _ => 12,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers with what it was told to, and counts.
    struct Drive(u32, Option<ScsiError>);

    impl Transport for Drive {
        fn execute(&mut self, _: &[u8], data: Data<'_>, _: Duration) -> Result<usize, ScsiError> {
            self.0 += 1;
            let len = if let Data::In(buffer) = &data { buffer.len() } else { 0 };
            self.1.take().map_or(Ok(len), Err)
        }
    }

    #[test]
    fn nothing_that_changes_a_disc_gets_through() {
        let mut drive = Drive(0, None);
        let refused =
            [0x04, 0x2a, 0x2e, 0x35, 0x53, 0x54, 0x5b, 0x5d, 0xa1, 0xaa, 0xbf, 0x3b, 0xff];
        for opcode in refused {
            let error = send(&mut drive, &[opcode; 12], Data::None, Duration::ZERO).unwrap_err();
            assert!(matches!(error, PassthroughError::NotAllowed(code) if code == opcode));
        }
        assert!(send(&mut drive, &[], Data::None, Duration::ZERO).is_err());
        assert_eq!(drive.0, 0);
    }

    #[test]
    fn lengths_and_directions_are_held_to() {
        let mut drive = Drive(0, None);
        for (opcode, direction) in ALLOWED {
            let cdb = vec![opcode; length(opcode)];
            let mut buffer = [0; 8];
            for wrong in [&cdb[1..], &[opcode; 16]] {
                let sent = send(&mut drive, wrong, Data::None, Duration::ZERO);
                assert!(sent.is_err(), "{opcode:#04x}");
            }
            let (within, without) = (Data::In(&mut buffer), Data::Out(&[0; 8]));
            let sent = [
                send(&mut drive, &cdb, within, Duration::ZERO).is_ok(),
                send(&mut drive, &cdb, without, Duration::ZERO).is_ok(),
            ];
            let expected = [direction == Direction::In, direction == Direction::Out];
            assert_eq!(sent, expected, "{opcode:#04x}");
        }
    }

    #[test]
    fn what_the_drive_says_is_no_error() {
        let sense = Sense::new(2, 0x3a, 0);
        let mut drive = Drive(0, Some(ScsiError::Check(sense)));
        let done = send(&mut drive, &[0; 6], Data::None, Duration::ZERO).unwrap();
        assert_eq!(done, Done { moved: 0, sense: Some(sense) });
        let mut drive = Drive(0, Some(ScsiError::Gone));
        let gone = send(&mut drive, &[0; 6], Data::None, Duration::ZERO);
        assert!(matches!(gone, Err(PassthroughError::Transport(ScsiError::Gone))));
    }
}
