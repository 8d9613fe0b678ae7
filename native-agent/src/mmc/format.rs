//! FORMAT UNIT and BLANK: making a disc writable, or writable again. MMC-6 6.4, 6.2.

use super::{Cdb, Command, Format, MOVE_TIMEOUT};
use crate::scsi::opcode;

/// Format types. MMC-6 table 250.
pub mod format_kind {
    /// DVD-RAM, and full format of others.
    pub const FULL: u8 = 0x00;
    /// DVD-RW, quick grow.
    pub const DVD_RW_QUICK_GROW: u8 = 0x13;
    /// DVD-RW, quick.
    pub const DVD_RW_QUICK: u8 = 0x15;
    /// DVD+RW.
    pub const DVD_PLUS_RW: u8 = 0x26;
    /// BD-RE with spare areas.
    pub const BD_RE_SPARE: u8 = 0x30;
    /// BD-RE without spare areas.
    pub const BD_RE_NO_SPARE: u8 = 0x31;
    /// BD-R with spare areas or pseudo-overwrite.
    pub const BD_R_SPARE: u8 = 0x32;
}

/// FOV: the bits beside it are meant. MMC-6 6.4.3.2.
const FOV: u8 = 0x80;
/// Immed: answer before the end, which shows in TEST UNIT READY.
const IMMED: u8 = 0x02;
/// FmtData with format code 001b, the only one for optical media. MMC-6 6.4.2.
const FORMAT_DATA: u8 = 0x11;

/// Formats as one of the descriptors of READ FORMAT CAPACITIES says. `sub_kind` goes into bits 1-0 beside the format
/// type: 10b full and 11b quick certification for BD-RE. `restart` continues a DVD+RW format that was stopped.
/// MMC-6 6.4.3.
#[must_use]
pub fn format_unit(format: Format, sub_kind: u8, restart: bool) -> Command {
    let cdb = Cdb::six([opcode::FORMAT_UNIT, FORMAT_DATA, 0, 0, 0, 0]);
    let mut list = vec![0, FOV | IMMED, 0, 8];
    list.extend(format.blocks.to_be_bytes());
    list.push(format.kind << 2 | sub_kind & 3);
    list.extend(format.parameter);
    if restart {
        // Bit 0 of the last parameter byte: Restart. MMC-6 6.4.3.4.12.
        list[11] |= 1;
    }
    Command::telling(cdb, list, MOVE_TIMEOUT)
}

/// Bits 2-0 of byte 1 of BLANK. MMC-6 table 236.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlankKind {
    /// 000b: every block.
    Full,
    /// 001b: just what makes the disc look blank. A DVD-RW blanked so loses incremental recording.
    Minimal,
}

/// Erases a CD-RW or DVD-RW, at once answering (Immed). MMC-6 6.2.
#[must_use]
pub const fn blank(kind: BlankKind) -> Command {
    let kind = match kind {
        BlankKind::Full => 0,
        BlankKind::Minimal => 1,
    };
    let cdb = Cdb::twelve([opcode::BLANK, 0x10 | kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    Command::plain(cdb, MOVE_TIMEOUT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mmc::Transfer;

    #[test]
    fn bytes() {
        let bd = Format { kind: 0x30, blocks: 0x00b0_0000, parameter: [0, 0x10, 0] };
        let command = format_unit(bd, 3, false);
        assert_eq!(command.cdb.as_bytes(), [0x04, 0x11, 0, 0, 0, 0]);
        let list = vec![0, 0x82, 0, 8, 0, 0xb0, 0, 0, 0xc3, 0, 0x10, 0];
        assert_eq!(command.transfer, Transfer::Out(list));

        let plus = Format { kind: 0x26, blocks: u32::MAX, parameter: [0; 3] };
        let list = vec![0, 0x82, 0, 8, 0xff, 0xff, 0xff, 0xff, 0x98, 0, 0, 1];
        assert_eq!(format_unit(plus, 0, true).transfer, Transfer::Out(list));
        assert_eq!(blank(BlankKind::Minimal).cdb.as_bytes()[..2], [0xa1, 0x11]);
    }
}
