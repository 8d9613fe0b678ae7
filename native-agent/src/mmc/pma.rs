//! READ TOC/PMA/ATIP, format 0011b: what the program memory area keeps of tracks before their session is closed.
//! MMC-6 6.25.3.5, Orange Book II.

use image_core::cd::Msf;

use super::q_entry::{QEntry, entries};
use super::{Cdb, Command, ParseError};
use crate::scsi::opcode;

/// Header, an entry for each of 99 tracks, and the number of the disc.
const ANSWER_LEN: u16 = 4 + 100 * 11;
const FORMAT_PMA: u8 = 3;
const MSF: u8 = 0x02;
/// ADR: where a track lies, and the number of the disc. Orange Book II.
const ADR_TRACK: u8 = 1;
const ADR_DISC: u8 = 2;

/// Asks for the program memory area.
#[must_use]
pub const fn read_pma() -> Command {
    let [high, low] = ANSWER_LEN.to_be_bytes();
    let cdb = Cdb::ten([opcode::READ_TOC, MSF, FORMAT_PMA, 0, 0, 0, 0, high, low, 0]);
    Command::asking(cdb, ANSWER_LEN as usize)
}

/// A track that is recorded or reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PmaTrack {
    /// From 1.
    pub number: u8,
    /// CONTROL of sub-channel Q. ECMA-130 22.3.1.
    pub control: u8,
    /// Where its index 1 begins.
    pub start: Msf,
    /// Where it ends.
    pub end: Msf,
}

/// The program memory area.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pma {
    /// In the order of the drive.
    pub tracks: Vec<PmaTrack>,
    /// The six digits that the first recorder gave the disc, if it did.
    pub disc_id: Option<[u8; 3]>,
}

impl Pma {
    /// Reads the answer; a last entry that is cut off is left out.
    ///
    /// # Errors
    /// [`ParseError`] if the header is incomplete.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let mut pma = Self::default();
        entries(bytes, "the header of the program memory area")?.for_each(|entry| pma.add(entry));
        Ok(pma)
    }

    fn add(&mut self, entry: &QEntry) {
        match (entry.adr(), entry.point) {
            // TIME is where the track ends.
            (ADR_TRACK, number @ 1..=99) => self.tracks.push(PmaTrack {
                number,
                control: entry.control(),
                start: entry.point_time(),
                end: entry.time(),
            }),
            (ADR_DISC, _) => self.disc_id = Some(entry.time),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tracks_and_number() {
        let time = |minute, second, frame| Msf { minute, second, frame };
        #[rustfmt::skip]
        let bytes = [
            0, 35, 0, 0,
            0, 0x14, 0, 1, 0, 15, 27, 0, 0, 2, 0,
            0, 0x20, 0, 0, 12, 34, 56, 0, 0, 0, 0,
            0, 0x10, 0, 2, 2, 54, 4, 0, 2, 47, 27,
        ];
        let pma = Pma::parse(&bytes).unwrap();
        assert_eq!(
            pma.tracks,
            [
                PmaTrack { number: 1, control: 4, start: time(0, 2, 0), end: time(0, 15, 27) },
                PmaTrack { number: 2, control: 0, start: time(2, 47, 27), end: time(2, 54, 4) },
            ]
        );
        assert_eq!(pma.disc_id, Some([12, 34, 56]));
        assert_eq!(Pma::parse(&bytes[..36]).unwrap().tracks.len(), 1);
        assert!(Pma::parse(&bytes[..3]).is_err());
        assert_eq!(read_pma().cdb.as_bytes(), [0x43, 2, 3, 0, 0, 0, 0, 4, 0x50, 0]);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            let _ = Pma::parse(&bytes);
        }
    }
}
