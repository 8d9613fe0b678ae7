//! A virtual drive: any commands on any disc, and any file for a disc.

use core::time::Duration;
use std::fs;
use std::path::{Path, PathBuf};

use native_agent::mmc;
use native_agent::scsi::{Data, ScsiError, Transport};
use native_agent::virtual_drive::{self, MEDIA, VirtualDrive};
use sha2::{Digest as _, Sha256};

use super::bytes::Bytes;

/// Most blocks of a disc, and most bytes of one transfer.
const BLOCKS: u32 = 2048;
const TRANSFER: usize = 128 << 10;
/// Operation codes that are not reserved for other devices, most of them known to the drive.
const OPCODES: [u8; 37] = [
    0x00, 0x03, 0x04, 0x12, 0x1b, 0x1e, 0x23, 0x25, 0x28, 0x2a, 0x2b, 0x2e, 0x2f, 0x35, 0x43, 0x46,
    0x4a, 0x51, 0x52, 0x53, 0x54, 0x55, 0x5a, 0x5b, 0x5c, 0x5d, 0xa0, 0xa1, 0xa8, 0xaa, 0xac, 0xad,
    0xb6, 0xb9, 0xbb, 0xbd, 0xbe,
];
/// Where the file has its two headers and the first block of the disc.
const SECOND: usize = 512 << 10;
const DATA: u64 = 1 << 20;

/// A disc out of the box, and commands.
pub(super) fn virtual_drive(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let row = &MEDIA[usize::from(bytes.byte()) % MEDIA.len()];
    let units = bytes.number(2) as u32 % (BLOCKS / row.write_unit) + 1;
    let place = Place::new();
    let file = place.file();
    virtual_drive::create(&file, row.kind, Some(units * row.write_unit)).expect("a new disc");
    command(&file, &mut bytes);
    // Whatever was done to it, it is still a disc.
    let mut drive = VirtualDrive::open(&file).expect("the disc as it was left");
    let probe = mmc::probe(&mut drive).expect("a drive that can be examined");
    assert!(probe.medium.is_some());
}

/// A file, and commands to what is on it.
pub(super) fn disc_file(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let place = Place::new();
    let file = place.file();
    write_file(&file, &mut bytes);
    match VirtualDrive::open(&file) {
        Ok(drive) => drop(drive),
        Err(error) => {
            let _ = (error.to_string(), error.hint());
            return;
        }
    }
    command(&file, &mut bytes);
    VirtualDrive::open(&file).expect("the disc as it was left");
}

/// A file with headers whose sums are right, or just bytes.
fn write_file(file: &Path, bytes: &mut Bytes<'_>) {
    let what = bytes.byte();
    if what == 0xff {
        let len = bytes.number(2) as usize;
        fs::write(file, bytes.take(len)).unwrap();
        return;
    }
    let mut content = Vec::new();
    for (at, bit) in [(0, 1), (SECOND, 2)] {
        if what & bit == 0 {
            content.resize(at, 0);
            content.extend(header(bytes));
        }
    }
    fs::write(file, content).unwrap();
    // Enough for the blocks that small discs have, or just short of it.
    let len = DATA + bytes.number(3);
    fs::OpenOptions::new().write(true).open(file).unwrap().set_len(len).unwrap();
}

fn header(bytes: &mut Bytes<'_>) -> Vec<u8> {
    let version = u32::from(bytes.byte());
    let generation = u64::from(bytes.byte());
    let len = bytes.number(2) as usize;
    let text = bytes.take(len);
    let mut header = b"DISCWRT\x1a".to_vec();
    header.extend(version.to_le_bytes());
    header.extend((text.len() as u32).to_le_bytes());
    header.extend(generation.to_le_bytes());
    let sum = Sha256::new().chain_update(&header).chain_update(text).finalize();
    header.extend(sum);
    header.extend(text);
    header
}

/// Sends commands until there are no more, the tray opened and closed between some of them.
fn command(file: &Path, bytes: &mut Bytes<'_>) {
    let Ok(mut drive) = VirtualDrive::open(file) else { return };
    let mut out = vec![0xa5; TRANSFER];
    while !bytes.is_empty() {
        let what = bytes.byte();
        if what == 0xff {
            drive.control().eject();
            let _ = drive.control().load();
            continue;
        }
        let cdb = cdb(what, bytes);
        let len = (bytes.byte() as usize) << (what % 10);
        let reply = match what % 3 {
            0 => drive.execute(&cdb, Data::None, Duration::ZERO),
            1 => {
                out[..len].fill(0xa5);
                let reply = drive.execute(&cdb, Data::In(&mut out[..len]), Duration::ZERO);
                let moved = *reply.as_ref().unwrap_or(&len);
                assert!(moved <= len, "{moved} bytes of {len}");
                assert!(out[moved..len].iter().all(|byte| *byte == 0xa5), "more than reported");
                reply
            }
            _ => {
                let given = bytes.take(64);
                out[..len].fill(what);
                let there = given.len().min(len);
                out[..there].copy_from_slice(&given[..there]);
                drive.execute(&cdb, Data::Out(&out[..len]), Duration::ZERO)
            }
        };
        assert!(
            matches!(reply, Ok(_) | Err(ScsiError::Check(_))),
            "{cdb:02x?} is answered with {reply:?}"
        );
    }
}

/// A known operation code and any fields, or any bytes.
fn cdb(what: u8, bytes: &mut Bytes<'_>) -> Vec<u8> {
    if what >= 0xf0 {
        let len = bytes.byte() % 18;
        return bytes.take(len.into()).to_vec();
    }
    let opcode = OPCODES[usize::from(bytes.byte()) % OPCODES.len()];
    let len = match opcode >> 5 {
        0 => 6,
        1 | 2 => 10,
        _ => 12,
    };
    let mut cdb = vec![opcode];
    cdb.extend(bytes.take(len - 1));
    cdb.resize(len, 0);
    cdb
}

/// A folder that goes with it, in memory where there is such a place.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            tempfile::TempDir::new_in(memory)
        } else {
            tempfile::TempDir::new()
        };
        Self { folder: folder.expect("a folder") }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("disc.vdisc")
    }
}
