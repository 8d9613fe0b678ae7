//! READ CD: sectors of a CD with more than their user data, and what is beside them. MMC-6 6.19.

use image_core::cd::SubChannel;

use super::{Cdb, Command, MOVE_TIMEOUT, SubChannels, Transfer};
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

/// What is told of bytes that the second code of the disc could not correct, a bit for each of 2352. MMC-6 6.19.2.6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorFlags {
    /// The bits.
    C2,
    /// The bits behind two bytes, of which the first is all of them ORed.
    BlockAndC2,
}

impl ErrorFlags {
    /// Bytes of a sector.
    #[must_use]
    pub const fn len(self) -> usize {
        let bits = image_core::cd::RAW_SECTOR / 8;
        match self {
            Self::C2 => bits,
            Self::BlockAndC2 => bits + 2,
        }
    }

    /// Never: there are always bits.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        false
    }

    /// Bits 2-1 of byte 9.
    const fn bits(self) -> u8 {
        match self {
            Self::C2 => 0x02,
            Self::BlockAndC2 => 0x04,
        }
    }
}

/// All that is asked for, in the order in which it comes of each sector. MMC-6 6.19.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SectorSelection {
    /// The sector itself.
    pub parts: SectorParts,
    /// Errors in it.
    pub errors: Option<ErrorFlags>,
    /// Sub-channels beside it.
    pub sub_channels: Option<SubChannels>,
}

impl From<SectorParts> for SectorSelection {
    fn from(parts: SectorParts) -> Self {
        Self { parts, errors: None, sub_channels: None }
    }
}

impl SectorSelection {
    /// Bytes of a sector.
    #[must_use]
    pub fn len(self) -> usize {
        self.parts.len()
            + self.errors.map_or(0, ErrorFlags::len)
            + self.sub_channels.map_or(0, SubChannels::len)
    }

    /// Never: every selection has bytes.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        false
    }

    /// P and Q of one sector of the answer; `None` if they were not asked for, or are not there.
    #[must_use]
    pub fn sub_channel(self, sector: &[u8]) -> Option<SubChannel> {
        let form = self.sub_channels?;
        let bytes = sector.get(self.len() - form.len()..self.len())?;
        match form {
            SubChannels::PAndQ => bytes.first_chunk().map(SubChannel::from_p_and_q),
            SubChannels::PToW => bytes.first_chunk().map(SubChannel::from_interleaved),
        }
    }
}

/// Reads sectors; addresses below zero are in the pause before the first track.
#[must_use]
pub fn read_cd(lba: i32, sectors: u16, selection: impl Into<SectorSelection>) -> Command {
    let selection = selection.into();
    let (expected, main) = selection.parts.bits();
    let main = main | selection.errors.map_or(0, ErrorFlags::bits);
    // Sub-channel selection, bits 2-0 of byte 10. MMC-6 table 355.
    let beside = match selection.sub_channels {
        None => 0,
        Some(SubChannels::PToW) => 1,
        Some(SubChannels::PAndQ) => 2,
    };
    let [a, b, c, d] = lba.to_be_bytes();
    let [high, low] = sectors.to_be_bytes();
    let cdb = [opcode::READ_CD, expected, a, b, c, d, 0, high, low, main, beside, 0];
    let transfer = Transfer::In(usize::from(sectors) * selection.len());
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
        let beside = |errors, sub_channels| SectorSelection {
            errors,
            sub_channels,
            ..SectorParts::Whole.into()
        };
        for (errors, sub_channels, main, selection, len) in [
            (None, Some(SubChannels::PToW), 0xf8, 1, 2448),
            (None, Some(SubChannels::PAndQ), 0xf8, 2, 2368),
            (Some(ErrorFlags::C2), None, 0xfa, 0, 2646),
            (Some(ErrorFlags::BlockAndC2), Some(SubChannels::PToW), 0xfc, 1, 2744),
        ] {
            let command = read_cd(0, 1, beside(errors, sub_channels));
            let cdb = [0xbe, 0, 0, 0, 0, 0, 0, 0, 1, main, selection, 0];
            assert_eq!(command.cdb.as_bytes(), cdb);
            assert_eq!(command.transfer, Transfer::In(len));
        }
    }

    #[test]
    fn sub_channels_are_last() {
        let told = SubChannel { p: true, q: [0x5a; 12] };
        for sub_channels in [SubChannels::PAndQ, SubChannels::PToW] {
            let selection = SectorSelection {
                errors: Some(ErrorFlags::C2),
                sub_channels: Some(sub_channels),
                ..SectorParts::Whole.into()
            };
            let mut sector = vec![0xa5; 2352 + 294];
            sub_channels.append(told, &mut sector);
            assert_eq!(selection.sub_channel(&sector), Some(told));
            sector.pop();
            assert_eq!(selection.sub_channel(&sector), None);
        }
        assert_eq!(SectorSelection::from(SectorParts::Whole).sub_channel(&[0; 2352]), None);
    }
}
