//! The drive as a host sees it: CDBs in, bytes and sense out.

use core::time::Duration;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;
use crate::scsi::Sense;

mod cd;
mod commands;
mod damage;
mod dvd_rw;
mod faults;
mod formats;
mod layer_jumps;
mod overwrite;
mod pace;
mod sequential;

/// A drive with a fresh disc, the attention of loading it already taken.
struct Bench {
    drive: VirtualDrive,
    path: PathBuf,
    _dir: TempDir,
}

impl Bench {
    fn new(kind: MediumKind, blocks: u32) -> Self {
        Self::with_options(kind, blocks, &DriveOptions::default())
    }

    fn with_options(kind: MediumKind, blocks: u32, options: &DriveOptions) -> Self {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("disc.vdisc");
        create(&path, kind, Some(blocks)).unwrap();
        let drive = VirtualDrive::open_with(&path, options).unwrap();
        let mut bench = Self { drive, path, _dir: dir };
        assert_eq!(bench.none(&[0; 6]), Err((6, 0x28, 0x00)));
        bench
    }

    fn run(&mut self, cdb: &[u8], data: Data<'_>) -> Result<usize, (u8, u8, u8)> {
        match self.drive.execute(cdb, data, Duration::from_secs(1)) {
            Ok(moved) => Ok(moved),
            Err(ScsiError::Check(Sense { key, asc, ascq, .. })) => Err((key, asc, ascq)),
            Err(other) => panic!("no sense: {other}"),
        }
    }

    fn none(&mut self, cdb: &[u8]) -> Result<usize, (u8, u8, u8)> {
        self.run(cdb, Data::None)
    }

    /// Data-in of at most 252 bytes.
    fn get(&mut self, cdb: &[u8]) -> Result<Vec<u8>, (u8, u8, u8)> {
        let mut out = vec![0xa5; 252];
        let moved = self.run(cdb, Data::In(&mut out))?;
        assert!(out[moved..].iter().all(|byte| *byte == 0xa5), "more written than reported");
        out.truncate(moved);
        Ok(out)
    }

    fn put(&mut self, cdb: &[u8], bytes: &[u8]) -> Result<usize, (u8, u8, u8)> {
        self.run(cdb, Data::Out(bytes))
    }

    /// WRITE(10) of blocks filled with one byte.
    fn write(&mut self, lba: u32, blocks: u16, fill: u8) -> Result<usize, (u8, u8, u8)> {
        let cdb = transfer_cdb(0x2a, lba, blocks);
        self.put(&cdb, &vec![fill; usize::from(blocks) * 2048])
    }

    /// READ(10); every block has to hold the fill, which is returned.
    fn read(&mut self, lba: u32, blocks: u16) -> Result<u8, (u8, u8, u8)> {
        let mut out = vec![0xa5; usize::from(blocks) * 2048];
        self.run(&transfer_cdb(0x28, lba, blocks), Data::In(&mut out))?;
        assert!(out.iter().all(|byte| *byte == out[0]));
        Ok(out[0])
    }

    fn sync(&mut self) {
        self.none(&[0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0]).unwrap();
    }

    fn close(&mut self, function: u8, number: u8) -> Result<usize, (u8, u8, u8)> {
        self.none(&[0x5b, 0, function, 0, 0, number, 0, 0, 0, 0])
    }

    /// READ DISC INFORMATION: (disc status, state of last session, sessions, last track).
    fn disc(&mut self) -> (u8, u8, u8, u8) {
        let info = self.get(&[0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0]).unwrap();
        assert_eq!(info.len(), 34);
        (info[2] & 3, info[2] >> 2 & 3, info[4], info[6])
    }

    /// READ TRACK INFORMATION of the last track: (start, next writable if any, free, size).
    fn last_track(&mut self) -> (u32, Option<u32>, u32, u32) {
        let info = self.get(&[0x52, 1, 0, 0, 0, 0xff, 0, 0, 48, 0]).unwrap();
        let word = |at: usize| u32::from_be_bytes(info[at..at + 4].try_into().unwrap());
        (word(8), (info[7] & 1 != 0).then(|| word(12)), word(16), word(24))
    }

    /// FORMAT UNIT with one descriptor and no Immed.
    fn format(&mut self, code: u8, blocks: u32) -> Result<usize, (u8, u8, u8)> {
        let mut list = vec![0, 0x00, 0, 8, 0, 0, 0, 0, code << 2, 0, 0, 0];
        list[4..8].copy_from_slice(&blocks.to_be_bytes());
        self.put(&[0x04, 0x11, 0, 0, 0, 0], &list)
    }

    /// Takes the disc out and puts it in again, through the file.
    fn reopen(&mut self) {
        self.drive.control().eject();
        self.drive.control().load().unwrap();
        assert_eq!(self.none(&[0; 6]), Err((6, 0x28, 0x00)));
    }
}

fn transfer_cdb(opcode: u8, lba: u32, blocks: u16) -> Vec<u8> {
    let mut cdb = vec![opcode, 0];
    cdb.extend_from_slice(&lba.to_be_bytes());
    cdb.push(0);
    cdb.extend_from_slice(&blocks.to_be_bytes());
    cdb.push(0);
    cdb
}
