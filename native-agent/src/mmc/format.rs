//! FORMAT UNIT and BLANK: making a disc writable, or writable again. MMC-6 6.4, 6.2.

use super::{Cdb, Command, Format, MOVE_TIMEOUT};
use crate::scsi::opcode;

/// Format types. MMC-6 table 250.
pub mod format_kind {
    /// What a format type is for, where this program knows.
    #[must_use]
    pub const fn name(kind: u8) -> Option<&'static str> {
        Some(match kind {
            0x00 => "full",
            0x01 => "with spare areas",
            0x04 => "zones",
            0x05 => "zones, again",
            0x10 => "full, in packets",
            0x11 => "grow the session",
            0x12 => "add a session",
            0x13 => "quick, grows as it is written",
            0x14 => "add a session, quick",
            0x15 => "quick",
            0x20 => "full, with a given sparing unit",
            0x24 => "Mount Rainier",
            0x26 => "in the background",
            0x30 => "with spare areas of a given size",
            0x31 => "without spare areas",
            0x32 => "sequential, or with pseudo-overwrite",
            _ => return None,
        })
    }

    /// DVD-RAM, and full format of others.
    pub const FULL: u8 = 0x00;
    /// DVD-RW, the whole disc.
    pub const DVD_RW_FULL: u8 = 0x10;
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
/// The same in BLANK, in byte 1. MMC-6 6.2.2.
const IMMED_BLANK: u8 = 0x10;
/// FmtData with format code 001b, the only one for optical media. MMC-6 6.4.2.
const FORMAT_DATA: u8 = 0x11;

/// Formats as one of the descriptors of READ FORMAT CAPACITIES says. `sub_kind` goes into bits 1-0 beside the format
/// type: 10b full and 11b quick certification for BD-RE. `restart` continues a DVD+RW format that was stopped.
/// MMC-6 6.4.3.
#[must_use]
pub fn format_unit(format: Format, sub_kind: u8, restart: bool) -> Command {
    let cdb = Cdb::six([opcode::FORMAT_UNIT, FORMAT_DATA, 0, 0, 0, 0]);
    let mut list = parameter_list(format, sub_kind, 0);
    if restart {
        // Bit 0 of the last parameter byte: Restart. MMC-6 6.4.3.4.12.
        list[11] |= 1;
    }
    Command::telling(cdb, list, MOVE_TIMEOUT)
}

/// Formats a DVD-RAM without certification, keeping the list of its defects: DCRT, with CmpLst so that the size may
/// change. MMC-6 6.4.2, 6.4.3.2.
#[must_use]
pub fn format_unit_uncertified(format: Format) -> Command {
    const COMPLETE_LIST: u8 = 0x08;
    const DISABLE_CERTIFICATION: u8 = 0x20;
    let cdb = Cdb::six([opcode::FORMAT_UNIT, FORMAT_DATA | COMPLETE_LIST, 0, 0, 0, 0]);
    let list = parameter_list(format, 0, DISABLE_CERTIFICATION);
    Command::telling(cdb, list, MOVE_TIMEOUT)
}

fn parameter_list(format: Format, sub_kind: u8, flags: u8) -> Vec<u8> {
    let mut list = vec![0, FOV | IMMED | flags, 0, 8];
    list.extend(format.blocks.to_be_bytes());
    list.push(format.kind << 2 | sub_kind & 3);
    list.extend(format.parameter);
    list
}

/// What BLANK takes away: bits 2-0 of byte 1, with the address or number in bytes 2 to 5. MMC-6 table 236.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlankKind {
    /// 000b: every block.
    Disc,
    /// 001b: just what makes the disc look blank. A DVD-RW blanked so loses incremental recording.
    Minimal,
    /// 010b: the track of this number, in the open session. CD-RW only.
    Track(u16),
    /// 011b: the reservation of the track of this number, the last of the open session.
    Reservation(u16),
    /// 100b: from this block to the end of its track, in the open session.
    TrackTail(u32),
    /// 101b: the end of the last session, which is open again.
    SessionEnd,
    /// 110b: the last session that has something in it.
    Session,
}

impl BlankKind {
    const fn fields(self) -> (u8, u32) {
        match self {
            Self::Disc => (0, 0),
            Self::Minimal => (1, 0),
            Self::Track(number) => (2, number as u32),
            Self::Reservation(number) => (3, number as u32),
            Self::TrackTail(lba) => (4, lba),
            Self::SessionEnd => (5, 0),
            Self::Session => (6, 0),
        }
    }
}

/// Erases a CD-RW or DVD-RW, or a part of it, at once answering (Immed). MMC-6 6.2.
#[must_use]
pub const fn blank(kind: BlankKind) -> Command {
    let (kind, address) = kind.fields();
    let [a, b, c, d] = address.to_be_bytes();
    let cdb = Cdb::twelve([opcode::BLANK, IMMED_BLANK | kind, a, b, c, d, 0, 0, 0, 0, 0, 0]);
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
        let ram = Format { kind: 0, blocks: 0x0022_2ee0, parameter: [0, 8, 0] };
        let command = format_unit_uncertified(ram);
        assert_eq!(command.cdb.as_bytes()[..2], [0x04, 0x19]);
        let list = vec![0, 0xa2, 0, 8, 0, 0x22, 0x2e, 0xe0, 0, 0, 8, 0];
        assert_eq!(command.transfer, Transfer::Out(list));
        assert_eq!(blank(BlankKind::Minimal).cdb.as_bytes()[..2], [0xa1, 0x11]);
        for (kind, fields) in [
            (BlankKind::Disc, [0x10, 0, 0, 0, 0]),
            (BlankKind::Track(2), [0x12, 0, 0, 0, 2]),
            (BlankKind::Reservation(0x102), [0x13, 0, 0, 1, 2]),
            (BlankKind::TrackTail(0x0001_0203), [0x14, 0, 1, 2, 3]),
            (BlankKind::SessionEnd, [0x15, 0, 0, 0, 0]),
            (BlankKind::Session, [0x16, 0, 0, 0, 0]),
        ] {
            assert_eq!(blank(kind).cdb.as_bytes()[1..6], fields, "{kind:?}");
        }
    }
}
