//! CD-R and CD-RW: track at once, session at once, several sessions, and what comes back.

use image_core::cd::Msf;

use super::*;

mod abuse;
mod at_once;
mod drive;
mod raw;
mod tracks;

const TAO: u8 = 1;
const SAO: u8 = 2;
const RAW_MODE: u8 = 3;
const MODE_1: u8 = 8;
const RAW: u8 = 0;
const XA: u8 = 10;

impl Bench {
    fn cd(kind: MediumKind) -> Self {
        Self::new(kind, 60_000)
    }

    /// MODE SELECT of page 05h: write type with test write, multi-session with track mode, data block type.
    fn page(&mut self, write: u8, track: u8, block: u8) -> Result<usize, (u8, u8, u8)> {
        let mut list = [0; 60];
        list[8..13].copy_from_slice(&[0x05, 0x32, 0x40 | write, track, block]);
        list[23] = 150;
        self.put(&[0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0], &list)
    }

    /// WRITE(10) of blocks of another length than 2048, and of addresses below zero.
    fn write_sectors(
        &mut self,
        lba: i32,
        blocks: u16,
        block: usize,
        fill: u8,
    ) -> Result<usize, (u8, u8, u8)> {
        let cdb = transfer_cdb(0x2a, lba.cast_unsigned(), blocks);
        self.put(&cdb, &vec![fill; usize::from(blocks) * block])
    }

    fn cue(&mut self, entries: &[[u8; 8]]) -> Result<usize, (u8, u8, u8)> {
        let list = entries.concat();
        let [high, low] = u16::try_from(list.len()).unwrap().to_be_bytes();
        self.put(&[0x5d, 0, 0, 0, 0, 0, 0, high, low, 0], &list)
    }

    /// READ TOC/PMA/ATIP of a format.
    fn toc(&mut self, format: u8, msf: bool) -> Result<Vec<u8>, (u8, u8, u8)> {
        self.get(&[0x43, u8::from(msf) << 1, format, 0, 0, 0, 0, 0, 252, 0])
    }

    /// READ CD of one sector: any type, these parts.
    fn read_cd(&mut self, lba: u32, expected: u8, parts: u8) -> Result<Vec<u8>, (u8, u8, u8)> {
        let [a, b, c, d] = lba.to_be_bytes();
        let mut out = vec![0xa5; 2352];
        let cdb = [0xbe, expected << 2, a, b, c, d, 0, 0, 1, parts, 0, 0];
        let moved = self.run(&cdb, Data::In(&mut out))?;
        out.truncate(moved);
        Ok(out)
    }

    /// One track at once, of one fill.
    fn track_at_once(&mut self, lba: u32, blocks: u16, fill: u8) {
        self.write(lba, blocks, fill).unwrap();
        self.sync();
    }
}

/// Entry of a cue sheet at a block address.
fn at(control_adr: u8, track: u8, index: u8, form: u8, lba: i32) -> [u8; 8] {
    let Msf { minute, second, frame } = Msf::from_lba(lba).unwrap();
    [control_adr, track, index, form, 0, minute, second, frame]
}

/// A session of one data track of this many blocks, as libburn tells it.
fn data_session(track: u8, start: i32, blocks: i32) -> Vec<[u8; 8]> {
    vec![
        at(0x41, 0, 0, 0x01, -150),
        at(0x41, track, 0, 0x10, start - 150),
        at(0x41, track, 1, 0x10, start),
        at(0x41, 0xaa, 1, 0x01, start + blocks),
    ]
}
