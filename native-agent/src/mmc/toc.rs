//! READ TOC/PMA/ATIP, format 0000b: the tracks that can be read. MMC-6 6.25.

use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned, big_endian::U16, big_endian::U32};

use super::{Cdb, Command, ParseError};
use crate::scsi::opcode;

/// Header and a descriptor for each of 99 tracks and the lead-out.
const ANSWER_LEN: u16 = 4 + 100 * 8;
/// Track number of the lead-out.
const LEAD_OUT: u8 = 0xaa;

/// Asks for all tracks, with block addresses. MMC-6 6.25.2.
#[must_use]
pub const fn read_toc() -> Command {
    let [high, low] = ANSWER_LEN.to_be_bytes();
    let cdb = Cdb::ten([opcode::READ_TOC, 0, 0, 0, 0, 0, 0, high, low, 0]);
    Command::asking(cdb, ANSWER_LEN as usize)
}

/// Asks where the last complete session begins (format 0001b): the answer has its first track alone. MMC-6 6.25.3.
#[must_use]
pub const fn read_last_session() -> Command {
    const LEN: u8 = 12;
    let cdb = Cdb::ten([opcode::READ_TOC, 0, 1, 0, 0, 0, 0, 0, LEN, 0]);
    Command::asking(cdb, LEN as usize)
}

/// MMC-6 table 459.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned, Debug)]
#[repr(C)]
struct TocHeader {
    /// Bytes after this field.
    toc_data_length: U16,
    first_track: u8,
    last_track: u8,
}

/// MMC-6 table 459.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned, Debug)]
#[repr(C)]
struct TocTrackDescriptor {
    reserved_0: u8,
    /// Bits 7-4 ADR, bits 3-0 CONTROL.
    adr_control: u8,
    track_number: u8,
    reserved_3: u8,
    track_start_address: U32,
}

const _: () = assert!(size_of::<TocHeader>() == 4 && size_of::<TocTrackDescriptor>() == 8);

/// One entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TocTrack {
    /// From 1.
    pub number: u8,
    /// First block.
    pub start: u32,
    /// Control bit 2: data, not audio.
    pub data: bool,
}

/// The table of contents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Toc {
    /// In the order of the drive.
    pub tracks: Vec<TocTrack>,
    /// First block after the last track, if the drive says.
    pub lead_out: Option<u32>,
}

impl Toc {
    /// Reads the answer; a last descriptor that is cut off is left out.
    ///
    /// # Errors
    /// [`ParseError`] if the header is incomplete.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let (header, rest) = TocHeader::ref_from_prefix(bytes)
            .map_err(|_| ParseError::new(bytes.len(), "the header of the table of contents"))?;
        let said = usize::from(header.toc_data_length.get()).saturating_sub(2);
        let mut rest = rest.get(..said).unwrap_or(rest);
        let mut toc = Self::default();
        while let Ok((entry, next)) = TocTrackDescriptor::ref_from_prefix(rest) {
            let start = entry.track_start_address.get();
            if entry.track_number == LEAD_OUT {
                toc.lead_out = Some(start);
            } else {
                let data = entry.adr_control & 0x04 != 0;
                toc.tracks.push(TocTrack { number: entry.track_number, start, data });
            }
            rest = next;
        }
        Ok(toc)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_data_track() {
        let bytes =
            [0, 18, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0, 0, 0x14, 0xaa, 0, 0, 0, 0x10, 0, 0xa5, 0xa5];
        let toc = Toc::parse(&bytes).unwrap();
        assert_eq!(toc.tracks, [TocTrack { number: 1, start: 0, data: true }]);
        assert_eq!(toc.lead_out, Some(0x1000));
        assert_eq!(Toc::parse(&bytes[..19]).unwrap().lead_out, None);
        assert!(Toc::parse(&bytes[..3]).is_err());
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            let _ = Toc::parse(&bytes);
        }
    }
}
