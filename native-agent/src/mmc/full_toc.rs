//! READ TOC/PMA/ATIP, format 0010b: what the lead-in of every session holds. MMC-6 6.25.3.4.

use image_core::cd::{Msf, point};

use super::q_entry::{QEntry, entries};
use super::{Cdb, Command, ParseError};
use crate::scsi::opcode;

/// Header, and for each of 99 tracks its entry and five more of a session of its own.
const ANSWER_LEN: u16 = 4 + 99 * 6 * 11;
const FORMAT_FULL: u8 = 2;
const MSF: u8 = 0x02;

/// Asks for the lead-ins of all sessions.
#[must_use]
pub const fn read_full_toc() -> Command {
    let [high, low] = ANSWER_LEN.to_be_bytes();
    let cdb = Cdb::ten([opcode::READ_TOC, MSF, FORMAT_FULL, 0, 0, 0, 1, high, low, 0]);
    Command::asking(cdb, ANSWER_LEN as usize)
}

/// A track with the session it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionTrack {
    /// From 1.
    pub session: u8,
    /// From 1 for the whole disc.
    pub number: u8,
    /// CONTROL of sub-channel Q: bit 2 tells data, bit 1 that copies are permitted, bit 0 of audio its pre-emphasis.
    /// ECMA-130 22.3.1.
    pub control: u8,
    /// Where its index 1 begins.
    pub start: Msf,
}

/// The lead-ins of a disc.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FullToc {
    /// In the order of the drive.
    pub tracks: Vec<SessionTrack>,
    /// Session, and where its lead-out begins.
    pub lead_outs: Vec<(u8, Msf)>,
}

impl FullToc {
    /// Reads the answer; a last entry that is cut off is left out.
    ///
    /// # Errors
    /// [`ParseError`] if the header is incomplete.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let mut toc = Self::default();
        entries(bytes, "the header of the full table of contents")?
            .for_each(|entry| toc.add(entry));
        Ok(toc)
    }

    fn add(&mut self, entry: &QEntry) {
        const ADR_POSITION: u8 = 1;
        let start = entry.point_time();
        let (session, control) = (entry.session, entry.control());
        match entry.point {
            _ if entry.adr() != ADR_POSITION => {}
            number @ 1..=99 => {
                self.tracks.push(SessionTrack { session, number, control, start });
            }
            point::LEAD_OUT => self.lead_outs.push((session, start)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_sessions() {
        let time = |minute, second, frame| Msf { minute, second, frame };
        #[rustfmt::skip]
        let bytes = [
            0, 68, 1, 2,
            1, 0x14, 0, 0xa0, 0, 0, 0, 0, 1, 0, 0,
            1, 0x14, 0, 0xa2, 0, 0, 0, 0, 0, 15, 27,
            1, 0x14, 0, 1, 0, 0, 0, 0, 0, 2, 0,
            1, 0x54, 0, 0xb0, 2, 45, 27, 2, 13, 22, 0,
            2, 0x10, 0, 2, 0, 0, 0, 0, 2, 47, 27,
            2, 0x14, 0, 0xa2, 0, 0, 0, 0, 2, 54, 4,
        ];
        let toc = FullToc::parse(&bytes).unwrap();
        let track =
            |session, control, start| SessionTrack { session, number: session, control, start };
        assert_eq!(toc.tracks, [track(1, 4, time(0, 2, 0)), track(2, 0, time(2, 47, 27))]);
        assert_eq!(toc.lead_outs, [(1, time(0, 15, 27)), (2, time(2, 54, 4))]);
        assert_eq!(FullToc::parse(&bytes[..69]).unwrap().lead_outs.len(), 1);
        assert!(FullToc::parse(&bytes[..3]).is_err());
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            let _ = FullToc::parse(&bytes);
        }
    }
}
