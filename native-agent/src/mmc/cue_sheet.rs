//! SEND CUE SHEET: what a session recorded at once will look like. MMC-6 6.33.

use image_core::cd::Msf;

use super::{Cdb, Command, MOVE_TIMEOUT};
use crate::scsi::opcode;

/// Blocks of the pause before the first track of a session. MMC-6 6.33.3.17.
pub const PAUSE: u32 = 150;
/// The shortest track, of four seconds. ECMA-130 20.
pub const SHORTEST_TRACK: u32 = 300;
/// ADR 1, a position, with the CONTROL of a data track that may not be copied. MMC-6 6.33.3.3, 6.33.3.4.
const DATA_POSITION: u8 = 0x41;
/// Data forms: sectors that the drive makes itself, and mode 1 of which the host sends 2048 bytes. MMC-6 6.33.3.8.
const BY_DRIVE: u8 = 0x01;
const MODE_1: u8 = 0x10;
/// Track numbers of lead-in and lead-out.
const LEAD_IN: u8 = 0;
const LEAD_OUT: u8 = 0xaa;

/// The entries of a session, complete with lead-in and lead-out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CueSheet(Vec<[u8; 8]>);

impl CueSheet {
    /// A session of one data track of mode 1, this one, whose first block is `start`; `None` if it would end behind what
    /// times can name. The host sends the pause as well, from 150 blocks before `start` on, as libburn, cdrecord and cdrdao
    /// do. The lead-in has no time of its own.
    #[must_use]
    pub fn of_data(track: u8, start: u32, blocks: u32) -> Option<Self> {
        let end = i32::try_from(start.checked_add(blocks)?).ok()?;
        let (start, pause) = (i32::try_from(start).ok()?, i32::try_from(PAUSE).ok()?);
        Some(Self(vec![
            entry(LEAD_IN, 0, BY_DRIVE, -pause)?,
            entry(track, 0, MODE_1, start - pause)?,
            entry(track, 1, MODE_1, start)?,
            entry(LEAD_OUT, 1, BY_DRIVE, end)?,
        ]))
    }
}

fn entry(track: u8, index: u8, data_form: u8, lba: i32) -> Option<[u8; 8]> {
    let Msf { minute, second, frame } = Msf::from_lba(lba)?;
    Some([DATA_POSITION, track, index, data_form, 0, minute, second, frame])
}

/// Tells the drive what the session will look like.
#[must_use]
pub fn send_cue_sheet(sheet: &CueSheet) -> Command {
    let list = sheet.0.concat();
    let [_, high, middle, low] = (list.len() as u32).to_be_bytes();
    let cdb = Cdb::ten([opcode::SEND_CUE_SHEET, 0, 0, 0, 0, 0, high, middle, low, 0]);
    Command::telling(cdb, list, MOVE_TIMEOUT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mmc::Transfer;

    #[test]
    fn one_data_track() {
        let command = send_cue_sheet(&CueSheet::of_data(1, 0, 359_847).unwrap());
        assert_eq!(command.cdb.as_bytes(), [0x5d, 0, 0, 0, 0, 0, 0, 0, 32, 0]);
        #[rustfmt::skip]
        assert_eq!(command.transfer, Transfer::Out(vec![
            0x41, 0, 0, 0x01, 0, 0, 0, 0,
            0x41, 1, 0, 0x10, 0, 0, 0, 0,
            0x41, 1, 1, 0x10, 0, 0, 2, 0,
            0x41, 0xaa, 1, 0x01, 0, 79, 59, 72,
        ]));
        assert_eq!(CueSheet::of_data(1, 0, 404_850), None);
        assert_eq!(CueSheet::of_data(1, 0, u32::MAX), None);
        assert_eq!(CueSheet::of_data(2, u32::MAX, 300), None);
    }

    #[test]
    fn a_later_session_goes_on_with_tracks_and_time() {
        let command = send_cue_sheet(&CueSheet::of_data(2, 11_700, 300).unwrap());
        #[rustfmt::skip]
        assert_eq!(command.transfer, Transfer::Out(vec![
            0x41, 0, 0, 0x01, 0, 0, 0, 0,
            0x41, 2, 0, 0x10, 0, 2, 36, 0,
            0x41, 2, 1, 0x10, 0, 2, 38, 0,
            0x41, 0xaa, 1, 0x01, 0, 2, 42, 0,
        ]));
    }
}
