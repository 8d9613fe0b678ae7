//! READ, WRITE, SYNCHRONIZE CACHE, RESERVE TRACK and CLOSE TRACK/SESSION: moving blocks and ending what was moved.

use super::{ASK_TIMEOUT, BLOCK, Cdb, Command, MOVE_TIMEOUT, Transfer};
use crate::scsi::opcode;

/// READ(10). MMC-6 6.15.
#[must_use]
pub const fn read_10(lba: u32, blocks: u16) -> Command {
    let cdb = ten(opcode::READ_10, lba, blocks);
    Command { cdb, transfer: Transfer::In(blocks as usize * BLOCK), timeout: MOVE_TIMEOUT }
}

/// READ(12). MMC-6 6.15.
#[must_use]
pub const fn read_12(lba: u32, blocks: u32) -> Command {
    let cdb = twelve(opcode::READ_12, lba, blocks, 0);
    Command { cdb, transfer: Transfer::In(blocks as usize * BLOCK), timeout: MOVE_TIMEOUT }
}

/// WRITE(10) of blocks of the image. MMC-6 6.44.
#[must_use]
pub const fn write_10(lba: u32, blocks: u16) -> Command {
    let cdb = ten(opcode::WRITE_10, lba, blocks);
    Command { cdb, transfer: Transfer::Image(blocks as u32), timeout: MOVE_TIMEOUT }
}

/// WRITE(10) of zeros; on a CD addresses below zero are in the pause before the first track. MMC-6 6.44.
#[must_use]
pub fn write_zeros(lba: i32, blocks: u16) -> Command {
    let cdb = ten(opcode::WRITE_10, lba.cast_unsigned(), blocks);
    Command::telling(cdb, vec![0; usize::from(blocks) * BLOCK], MOVE_TIMEOUT)
}

/// WRITE(10) of blocks that are not those of the image. MMC-6 6.44.
#[must_use]
pub fn write_of(lba: u32, bytes: Vec<u8>) -> Command {
    let blocks = u16::try_from(bytes.len() / BLOCK).unwrap_or(u16::MAX);
    Command::telling(ten(opcode::WRITE_10, lba, blocks), bytes, MOVE_TIMEOUT)
}

/// WRITE(12) of blocks of the image. `streaming` waives the verification after writing that BD-RE and DVD-RAM drives
/// do on their own. MMC-6 6.45.
#[must_use]
pub const fn write_12(lba: u32, blocks: u32, streaming: bool) -> Command {
    let cdb = twelve(opcode::WRITE_12, lba, blocks, if streaming { 0x80 } else { 0 });
    Command { cdb, transfer: Transfer::Image(blocks), timeout: MOVE_TIMEOUT }
}

const fn ten(opcode: u8, lba: u32, blocks: u16) -> Cdb {
    let [a, b, c, d] = lba.to_be_bytes();
    let [high, low] = blocks.to_be_bytes();
    Cdb::ten([opcode, 0, a, b, c, d, 0, high, low, 0])
}

const fn twelve(opcode: u8, lba: u32, blocks: u32, byte_10: u8) -> Cdb {
    let [a, b, c, d] = lba.to_be_bytes();
    let [e, f, g, h] = blocks.to_be_bytes();
    Cdb::twelve([opcode, 0, a, b, c, d, e, f, g, h, byte_10, 0])
}

/// Makes the drive write what it still holds, at once answering (Immed): the end shows in TEST UNIT READY. MMC-6 6.41.
#[must_use]
pub const fn synchronize_cache() -> Command {
    let cdb = Cdb::ten([opcode::SYNCHRONIZE_CACHE, 0x02, 0, 0, 0, 0, 0, 0, 0, 0]);
    Command::plain(cdb, MOVE_TIMEOUT)
}

/// Sets blocks aside for the next track. MMC-6 6.31.
#[must_use]
pub const fn reserve_track(blocks: u32) -> Command {
    let [a, b, c, d] = blocks.to_be_bytes();
    let cdb = Cdb::ten([opcode::RESERVE_TRACK, 0, 0, 0, 0, a, b, c, d, 0]);
    Command::plain(cdb, ASK_TIMEOUT)
}

/// Has the drive adjust its laser to the disc (DoOpc). MMC-6 6.35.
#[must_use]
pub const fn send_opc() -> Command {
    let cdb = Cdb::ten([opcode::SEND_OPC, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    Command::plain(cdb, MOVE_TIMEOUT)
}

/// Close function, bits 2-0 of byte 2. MMC-6 table 254.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Closing {
    /// 000b: stops background formatting of DVD+RW.
    StopFormat,
    /// 001b: closes the track with this number.
    Track(u16),
    /// 010b: closes the last session; also ends background formatting of DVD+RW.
    Session,
    /// 101b: closes the session and finalizes a DVD+R, with a lead-out that reaches at least 30 mm.
    FinalizeMinimum,
    /// 110b: closes the session and finalizes a DVD+R or BD-R.
    Finalize,
}

/// Closes, at once answering (Immed): the end shows in TEST UNIT READY. MMC-6 6.3.
#[must_use]
pub const fn close_track_session(closing: Closing) -> Command {
    let (function, track) = match closing {
        Closing::StopFormat => (0, 0),
        Closing::Track(track) => (1, track),
        Closing::Session => (2, 0),
        Closing::FinalizeMinimum => (5, 0),
        Closing::Finalize => (6, 0),
    };
    let [high, low] = track.to_be_bytes();
    let cdb = Cdb::ten([opcode::CLOSE_TRACK_SESSION, 1, function, 0, high, low, 0, 0, 0, 0]);
    Command::plain(cdb, MOVE_TIMEOUT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes() {
        let write = write_10(0x0012_3456, 16);
        assert_eq!(write.cdb.as_bytes(), [0x2a, 0, 0x00, 0x12, 0x34, 0x56, 0, 0, 16, 0]);
        assert_eq!(write.transfer, Transfer::Image(16));
        let write = write_12(1, 32, true);
        assert_eq!(write.cdb.as_bytes(), [0xaa, 0, 0, 0, 0, 1, 0, 0, 0, 32, 0x80, 0]);
        assert_eq!(read_10(16, 1).transfer, Transfer::In(2048));
        let reserve = reserve_track(0x0001_0020).cdb;
        assert_eq!(reserve.as_bytes(), [0x53, 0, 0, 0, 0, 0, 1, 0, 0x20, 0]);
        let close = close_track_session(Closing::Track(3)).cdb;
        assert_eq!(close.as_bytes(), [0x5b, 1, 1, 0, 0, 3, 0, 0, 0, 0]);
        assert_eq!(close_track_session(Closing::Finalize).cdb.as_bytes()[2], 6);
        assert_eq!(synchronize_cache().cdb.as_bytes(), [0x35, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
}
