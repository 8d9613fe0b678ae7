//! READ DISC INFORMATION: is the disc blank, appendable or complete. MMC-6 6.21.

use image_core::cd::Msf;
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned, big_endian::U16, big_endian::U32};

use super::{Cdb, Command, ParseError};
use crate::scsi::opcode;

const LEN: usize = size_of::<StandardDiscInformation>();

/// Asks for standard disc information (data type 000b). MMC-6 6.21.2.
#[must_use]
pub const fn read_disc_information() -> Command {
    let cdb = Cdb::ten([opcode::READ_DISC_INFORMATION, 0, 0, 0, 0, 0, 0, 0, LEN as u8, 0]);
    Command::asking(cdb, LEN)
}

/// Standard disc information up to the number of OPC tables. MMC-6 table 375.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned, Debug)]
#[repr(C)]
struct StandardDiscInformation {
    /// Bytes after this field.
    disc_information_length: U16,
    /// Bits 7-5 data type, bit 4 erasable, bits 3-2 state of last session, bits 1-0 disc status.
    status: u8,
    first_track: u8,
    sessions_low: u8,
    first_track_in_last_session_low: u8,
    last_track_in_last_session_low: u8,
    /// Bit 7 DID_V, bit 6 DBC_V, bit 5 URU, bit 4 DAC_V, bit 2 D-bit, bits 1-0 BG format status.
    flags: u8,
    /// 00h CD-DA or CD-ROM (and everything that is not a CD), 10h CD-I, 20h CD-ROM XA, FFh undefined.
    disc_type: u8,
    sessions_high: u8,
    first_track_in_last_session_high: u8,
    last_track_in_last_session_high: u8,
    disc_identification: U32,
    last_session_lead_in_start: U32,
    last_possible_lead_out_start: [u8; 4],
    disc_bar_code: [u8; 8],
    disc_application_code: u8,
    opc_tables: u8,
}

const _: () = assert!(size_of::<StandardDiscInformation>() == 34);
/// Everything that this program relies on: drives may leave out the rest.
const NEEDED: usize = 12;

/// Bits 1-0 of byte 2. MMC-6 6.21.3.1.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DiscStatus {
    /// 00b: nothing is recorded.
    Empty,
    /// 01b: another session can be added.
    Incomplete,
    /// 10b: nothing can be added.
    Finalized,
    /// 11b: neither, as on randomly writable media.
    Other,
}

/// Bits 3-2 of byte 2. MMC-6 6.21.3.1.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionState {
    /// 00b: nothing in it yet.
    Empty,
    /// 01b: open, with something in it.
    Incomplete,
    /// 10b: damaged, or reserved by the drive.
    Damaged,
    /// 11b: closed.
    Complete,
}

/// Bits 1-0 of byte 7. MMC-6 6.21.3.1.13.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BackgroundFormat {
    /// 00b: not formatted, or no such thing on this medium.
    None,
    /// 01b: begun and stopped.
    Stopped,
    /// 10b: going on.
    Running,
    /// 11b: done.
    Complete,
}

/// The state of the disc.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DiscInformation {
    /// Whether the disc can be erased or overwritten.
    pub erasable: bool,
    /// The whole of it.
    pub status: DiscStatus,
    /// The last session, which is the one being filled if the disc is not finalized.
    pub last_session: SessionState,
    /// DVD+RW and MRW.
    pub background_format: BackgroundFormat,
    /// Counting the one that is open or empty.
    pub sessions: u16,
    /// First track of the last session.
    pub first_track: u16,
    /// Last track of the last session: where a sequential disc continues.
    pub last_track: u16,
    /// Identity, if the disc has one.
    pub identification: Option<u32>,
    /// Where the lead-out of a CD has to begin at the latest, if another session can be added.
    pub last_lead_out_start: Option<Msf>,
}

impl DiscInformation {
    /// Reads the answer; fields after byte 11 count as zero if they are missing.
    ///
    /// # Errors
    /// [`ParseError`] if the fields up to byte 11 are incomplete.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let said =
            bytes.first_chunk().map_or(0, |length| usize::from(u16::from_be_bytes(*length)) + 2);
        let bytes = bytes.get(..said).unwrap_or(bytes);
        if bytes.len() < NEEDED {
            return Err(ParseError::new(bytes.len(), "disc information"));
        }
        let mut whole = [0; LEN];
        let len = bytes.len().min(LEN);
        whole[..len].copy_from_slice(&bytes[..len]);
        let info: &StandardDiscInformation = zerocopy::transmute_ref!(&whole);
        Ok(Self {
            erasable: info.status & 0x10 != 0,
            status: [
                DiscStatus::Empty,
                DiscStatus::Incomplete,
                DiscStatus::Finalized,
                DiscStatus::Other,
            ][usize::from(info.status & 3)],
            last_session: [
                SessionState::Empty,
                SessionState::Incomplete,
                SessionState::Damaged,
                SessionState::Complete,
            ][usize::from(info.status >> 2 & 3)],
            background_format: [
                BackgroundFormat::None,
                BackgroundFormat::Stopped,
                BackgroundFormat::Running,
                BackgroundFormat::Complete,
            ][usize::from(info.flags & 3)],
            sessions: u16::from_be_bytes([info.sessions_high, info.sessions_low]),
            first_track: u16::from_be_bytes([
                info.first_track_in_last_session_high,
                info.first_track_in_last_session_low,
            ]),
            last_track: u16::from_be_bytes([
                info.last_track_in_last_session_high,
                info.last_track_in_last_session_low,
            ]),
            identification: (info.flags & 0x80 != 0).then(|| info.disc_identification.get()),
            last_lead_out_start: lead_out_time(info.last_possible_lead_out_start),
        })
    }
}

/// Hour, minute, second and frame; all ones, or zero, where there is none. MMC-6 6.21.3.1.15.
fn lead_out_time([_, minute, second, frame]: [u8; 4]) -> Option<Msf> {
    let time = Msf { minute, second, frame };
    time.lba().filter(|lba| *lba > 0).map(|_| time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appendable_disc_with_two_sessions() {
        let mut bytes = [0xa5; LEN];
        bytes[..12].copy_from_slice(&[0, 32, 0x01, 1, 2, 2, 2, 0x80, 0, 0, 0, 0]);
        let info = DiscInformation::parse(&bytes).unwrap();
        assert_eq!(info.status, DiscStatus::Incomplete);
        assert_eq!(info.last_session, SessionState::Empty);
        assert_eq!((info.sessions, info.first_track, info.last_track), (2, 2, 2));
        assert_eq!(info.identification, Some(0xa5a5_a5a5));
        assert!(!info.erasable);
        assert_eq!(info.last_lead_out_start, None);
        bytes[20..24].copy_from_slice(&[0, 79, 59, 74]);
        let time = DiscInformation::parse(&bytes).unwrap().last_lead_out_start.unwrap();
        assert_eq!(time.lba(), Some(359_849));
    }

    #[test]
    fn short_answers() {
        let bytes = [0, 10, 0x1f, 1, 1, 1, 1, 0x83, 0, 0, 0, 0];
        let info = DiscInformation::parse(&bytes).unwrap();
        assert_eq!(info.identification, Some(0));
        assert_eq!(info.background_format, BackgroundFormat::Complete);
        assert_eq!(DiscInformation::parse(&bytes[..11]).unwrap_err().offset, 11);
        assert!(DiscInformation::parse(&[0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).is_err());
    }

    #[test]
    fn question() {
        let cdb = read_disc_information().cdb;
        assert_eq!(cdb.as_bytes(), [0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0]);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            let _ = DiscInformation::parse(&bytes);
        }
    }
}
