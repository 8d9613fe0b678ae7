//! READ CD: sectors of a CD with more than their user data. MMC-6 6.19.

use super::{Cdb, Command, MOVE_TIMEOUT, Transfer};
use crate::scsi::opcode;

/// What of each sector is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SectorParts {
    /// The 2048 bytes of user data of a sector of mode 1, and no other sectors.
    Mode1UserData,
    /// All 2352 bytes of any sector.
    Whole,
}

impl SectorParts {
    /// Bytes of a sector.
    #[must_use]
    pub const fn len(self) -> usize {
        match self {
            Self::Mode1UserData => super::BLOCK,
            Self::Whole => image_core::cd::RAW_SECTOR,
        }
    }

    /// Never: every selection has bytes.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        false
    }

    /// Expected sector type in bits 4-2 of byte 1, and main channel selection in byte 9. MMC-6 6.19.2.
    const fn bits(self) -> (u8, u8) {
        match self {
            Self::Mode1UserData => (2 << 2, 0x10),
            Self::Whole => (0, 0xf8),
        }
    }
}

/// Reads sectors; addresses below zero are in the pause before the first track.
#[must_use]
pub const fn read_cd(lba: i32, sectors: u16, parts: SectorParts) -> Command {
    let (expected, selection) = parts.bits();
    let [a, b, c, d] = lba.to_be_bytes();
    let [high, low] = sectors.to_be_bytes();
    let cdb = [opcode::READ_CD, expected, a, b, c, d, 0, high, low, selection, 0, 0];
    let transfer = Transfer::In(sectors as usize * parts.len());
    Command { cdb: Cdb::twelve(cdb), transfer, timeout: MOVE_TIMEOUT }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes() {
        let whole = read_cd(-150, 2, SectorParts::Whole);
        assert_eq!(whole.transfer, Transfer::In(4704));
        let cdb = [0xbe, 0, 0xff, 0xff, 0xff, 0x6a, 0, 0, 2, 0xf8, 0, 0];
        assert_eq!(whole.cdb.as_bytes(), cdb);
        let cooked = read_cd(16, 1, SectorParts::Mode1UserData);
        assert_eq!(cooked.cdb.as_bytes(), [0xbe, 8, 0, 0, 0, 16, 0, 0, 1, 0x10, 0, 0]);
    }
}
