//! READ TOC/PMA/ATIP, format 0100b: what the groove of a recordable CD tells before anything is recorded. MMC-6 6.25.3.6.

use image_core::cd::Msf;
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned, big_endian::U16};

use super::{Cdb, Command, ParseError};
use crate::scsi::opcode;

/// Everything up to the optional fields of high-speed discs.
const LEN: usize = size_of::<AtipDescriptor>();
const FORMAT_ATIP: u8 = 4;
/// MSF: times, not block addresses.
const MSF: u8 = 0x02;
/// Where the lead-in ends: at 00:00:00. MMC-6 4.2.3.
const PROGRAM_AREA: i32 = -150;
/// Sectors of a minute. Orange Book II, MMC-6 4.2.3.3.
const SHORTEST_LEAD_IN: i32 = 4500;

/// Asks for the absolute time in the pregroove.
#[must_use]
pub const fn read_atip() -> Command {
    let cdb = [opcode::READ_TOC, MSF, FORMAT_ATIP, 0, 0, 0, 0, 0, LEN as u8, 0];
    Command::asking(Cdb::ten(cdb), LEN)
}

/// MMC-6 table 475, up to the last possible start of the lead-out.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned, Debug)]
#[repr(C)]
struct AtipDescriptor {
    /// Bytes after this field.
    data_length: U16,
    reserved_2: [u8; 2],
    /// Bits 6-4 indicative target writing power, bit 3 DDCD, bits 2-0 reference speed.
    power: u8,
    /// Bit 6 URU.
    unrestricted: u8,
    /// Bit 6 rewritable, bits 5-3 sub-type, bits 2-0 which of the optional fields are valid.
    disc_type: u8,
    reserved_7: u8,
    lead_in_start: [u8; 3],
    reserved_11: u8,
    last_lead_out_start: [u8; 3],
    reserved_15: u8,
}

const _: () = assert!(size_of::<AtipDescriptor>() == 16);

/// The groove of a recordable CD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Atip {
    /// CD-RW.
    pub rewritable: bool,
    /// Where the lead-in begins; the time is one of those that were given to makers of discs.
    pub lead_in_start: Msf,
    /// Where the lead-out has to begin at the latest.
    pub last_lead_out_start: Msf,
}

impl Atip {
    /// Reads the answer.
    ///
    /// # Errors
    /// [`ParseError`] if it ends before the last possible lead-out.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let (atip, _) = AtipDescriptor::ref_from_prefix(bytes)
            .map_err(|_| ParseError::new(bytes.len(), "the time in the pregroove"))?;
        let time = |[minute, second, frame]: [u8; 3]| Msf { minute, second, frame };
        Ok(Self {
            rewritable: atip.disc_type & 0x40 != 0,
            lead_in_start: time(atip.lead_in_start),
            last_lead_out_start: time(atip.last_lead_out_start),
        })
    }

    /// The maker's time as other programs write it, `97m26s66f`; `None` for what cannot be in a lead-in.
    #[must_use]
    pub fn media_id(&self) -> Option<String> {
        let Msf { minute, second, frame } = self.lead_in_start;
        let named = self.lead_in_start.lba().is_some_and(|lba| lba < PROGRAM_AREA);
        named.then(|| format!("{minute:02}m{second:02}s{frame:02}f"))
    }

    /// Where the lead-in begins; `None` where that would not be a minute before the program area at least, as some drives
    /// have it (Pioneer BDR-205, LITE-ON LTR-48125S).
    #[must_use]
    pub fn lead_in(&self) -> Option<Msf> {
        let starts = |lba: i32| lba <= PROGRAM_AREA - SHORTEST_LEAD_IN;
        self.lead_in_start.lba().is_some_and(starts).then_some(self.lead_in_start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cd_rw() {
        let bytes = [0, 26, 0, 0, 0xd4, 0, 0xc8, 0, 97, 26, 66, 0, 79, 59, 74, 0];
        let atip = Atip::parse(&bytes).unwrap();
        assert!(atip.rewritable);
        assert_eq!(atip.last_lead_out_start.lba(), Some(359_849));
        assert_eq!(atip.media_id().as_deref(), Some("97m26s66f"));
        assert_eq!(Atip::parse(&bytes[..15]).unwrap_err().offset, 15);
        assert_eq!(atip.lead_in(), Some(atip.lead_in_start));
        let late = Atip { lead_in_start: Msf { minute: 99, second: 0, frame: 1 }, ..atip };
        assert_eq!((late.lead_in(), late.media_id().is_some()), (None, true));
        let nonsense = Atip { lead_in_start: Msf { minute: 12, second: 0, frame: 0 }, ..atip };
        assert_eq!((nonsense.media_id(), nonsense.lead_in()), (None, None));
        assert_eq!(read_atip().cdb.as_bytes(), [0x43, 2, 4, 0, 0, 0, 0, 0, 16, 0]);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            if let Ok(atip) = Atip::parse(&bytes) {
                let _ = (atip.media_id(), atip.lead_in(), atip.last_lead_out_start.lba());
            }
        }
    }
}
