//! The `.vdisc` file: two copies of a checksummed header, then the blocks of the disc as a sparse area.
//!
//! The header is never changed in place. Each update goes to the copy that is not current, with a
//! higher generation, so that a crash leaves the one before it. Layout, integers little-endian:
//!
//! ```text
//! 0        magic "DISCWRT\x1a"      8        version u32          12 length of the text u32
//! 16       generation u64           24       SHA-256 of bytes 0..24 and the text
//! 56       the disc as JSON text
//! 524288   the second copy          1048576  block 0 of the disc
//! ```
//!
//! A CD has sectors of 2448 bytes there, sub-channels behind the rest, from the pause of 150 sectors before block 0 on.

use core::ops::Range;
use std::{
    fs::{File, OpenOptions},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{cd::PREGAP, disc::Disc, media::MediumKind};
use crate::scsi::fault::ScriptError;

const MAGIC: [u8; 8] = *b"DISCWRT\x1a";
const VERSION: u32 = 1;
const SLOT_LEN: u64 = 512 * 1024;
const PREFIX_LEN: usize = 24;
const HEADER_LEN: usize = 56;
const DATA_START: u64 = 2 * SLOT_LEN;
const BLOCK: u64 = 2048;
/// Bytes of a CD sector: 2352, and 96 of sub-channels.
pub(super) const SECTOR: usize = image_core::cd::RAW_SECTOR + 96;

/// Why a `.vdisc` file could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiscFileError {
    /// There is a file of that name already.
    #[error("`{}` exists already", .0.display())]
    Exists(PathBuf),
    /// Another program, or another job of this one, has the disc.
    #[error("`{}` is in use", .0.display())]
    Busy(PathBuf),
    /// The file does not begin as a virtual disc does.
    #[error("`{}` is not a virtual disc", .0.display())]
    Foreign(PathBuf),
    /// Both copies of the header fail their checksum or contradict themselves.
    #[error("the header of virtual disc `{}` is damaged", .0.display())]
    Damaged(PathBuf),
    /// A later version of this program wrote the file.
    #[error("virtual disc `{}` has format version {version}", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// The version it says.
        version: u32,
    },
    /// The capacity asked for is none the medium can have.
    #[error(
        "{blocks} blocks is no capacity for {kind}: it has to be a multiple of {unit}, up to {most}"
    )]
    Capacity {
        /// The medium.
        kind: MediumKind,
        /// What was asked for.
        blocks: u32,
        /// The write unit of the medium in blocks.
        unit: u32,
        /// The capacity of the medium as sold.
        most: u32,
    },
    /// The script of faults beside the disc is not understood.
    #[error("`{}` cannot be followed", path.display())]
    Faults {
        /// The script.
        path: PathBuf,
        /// The line, and what is wrong with it.
        #[source]
        source: ScriptError,
    },
    /// The operating system refused.
    #[error("`{}` could not be accessed", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        #[source]
        source: io::Error,
    },
}

impl DiscFileError {
    /// What to do about it, where there is something.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Exists(_) => Some("choose another name, or pass --force to replace it"),
            Self::Busy(_) => Some("wait for the other job, or stop the program that uses it"),
            Self::Foreign(_) => Some("make one with `discwright virtual create`"),
            Self::Io { source, .. } if source.kind() == ErrorKind::NotFound => {
                Some("make one with `discwright virtual create`")
            }
            Self::Damaged(_) => {
                Some("the recorded blocks are still in the file, from byte 1048576 on")
            }
            Self::Version { .. } => {
                Some("use the version of discwright that made it, or a later one")
            }
            Self::Faults { source, .. } => Some(source.hint()),
            Self::Capacity { .. } | Self::Io { .. } => None,
        }
    }
}

/// An open, locked `.vdisc` file.
#[derive(Debug)]
pub(super) struct DiscFile {
    path: PathBuf,
    file: File,
    generation: u64,
    /// The header as last written.
    stored: Disc,
}

impl DiscFile {
    /// Makes a new file holding a blank disc, and refuses to replace one.
    pub(super) fn create(path: &Path, disc: &Disc) -> Result<Self, DiscFileError> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(path);
        let file = file.map_err(|source| match source.kind() {
            ErrorKind::AlreadyExists => DiscFileError::Exists(path.to_owned()),
            _ => io_error(path, source),
        })?;
        lock(&file, path)?;
        let length = DATA_START + data_length(disc);
        file.set_len(length).map_err(|source| io_error(path, source))?;
        let mut made = Self { path: path.to_owned(), file, generation: 0, stored: disc.clone() };
        made.write_header(disc).map_err(|source| io_error(path, source))?;
        Ok(made)
    }

    /// Opens and locks a file.
    pub(super) fn open(path: &Path) -> Result<(Self, Disc), DiscFileError> {
        let file = OpenOptions::new().read(true).write(true).open(path);
        let file = file.map_err(|source| io_error(path, source))?;
        lock(&file, path)?;
        let (generation, disc) = read_newest(&file, path)?;
        let length = file.metadata().map_err(|source| io_error(path, source))?.len();
        if length < DATA_START + data_length(&disc) {
            return Err(DiscFileError::Damaged(path.to_owned()));
        }
        Ok((Self { path: path.to_owned(), file, generation, stored: disc.clone() }, disc))
    }

    /// Where the file lies.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the header durable if it differs from the stored one; the blocks it speaks of go first.
    pub(super) fn store(&mut self, disc: &Disc) -> io::Result<()> {
        if *disc == self.stored {
            return Ok(());
        }
        self.write_header(disc)?;
        self.stored = disc.clone();
        Ok(())
    }

    fn write_header(&mut self, disc: &Disc) -> io::Result<()> {
        self.file.sync_data()?;
        let generation = self.generation + 1;
        let bytes = encode(generation, disc)?;
        write_at(&self.file, &bytes, (generation % 2) * SLOT_LEN)?;
        self.file.sync_data()?;
        self.generation = generation;
        Ok(())
    }

    /// Reads whole blocks.
    pub(super) fn read_blocks(&self, lba: u32, out: &mut [u8]) -> io::Result<()> {
        read_at(&self.file, out, block_offset(lba))
    }

    /// Writes whole blocks.
    pub(super) fn write_blocks(&self, lba: u32, bytes: &[u8]) -> io::Result<()> {
        write_at(&self.file, bytes, block_offset(lba))
    }

    /// Reads bytes of one CD sector, the sectors counted from the first in the file.
    pub(super) fn read_sector(&self, index: u32, offset: usize, out: &mut [u8]) -> io::Result<()> {
        read_at(&self.file, out, sector_offset(index) + offset as u64)
    }

    /// Writes whole CD sectors.
    pub(super) fn write_sectors(&self, index: u32, bytes: &[u8]) -> io::Result<()> {
        write_at(&self.file, bytes, sector_offset(index))
    }

    /// Turns every block from this one on into zeros and gives the space back.
    pub(super) fn clear_from(&self, lba: u32) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        self.file.set_len(block_offset(lba))?;
        self.file.set_len(length)
    }

    /// Turns these blocks into zeros.
    pub(super) fn clear(&self, blocks: Range<u32>) -> io::Result<()> {
        /// Blocks written at once.
        const PIECE: u32 = 512;
        let zeros = vec![0; (PIECE * BLOCK as u32) as usize];
        for lba in blocks.clone().step_by(PIECE as usize) {
            let count = PIECE.min(blocks.end - lba);
            self.write_blocks(lba, &zeros[..count as usize * BLOCK as usize])?;
        }
        Ok(())
    }
}

/// Bytes of all blocks.
fn data_length(disc: &Disc) -> u64 {
    if disc.medium().is_cd() {
        u64::from(disc.capacity + PREGAP) * SECTOR as u64
    } else {
        u64::from(disc.capacity) * BLOCK
    }
}

fn sector_offset(index: u32) -> u64 {
    DATA_START + u64::from(index) * SECTOR as u64
}

fn block_offset(lba: u32) -> u64 {
    DATA_START + u64::from(lba) * BLOCK
}

pub(super) fn io_error(path: &Path, source: io::Error) -> DiscFileError {
    DiscFileError::Io { path: path.to_owned(), source }
}

fn lock(file: &File, path: &Path) -> Result<(), DiscFileError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(std::fs::TryLockError::WouldBlock) => Err(DiscFileError::Busy(path.to_owned())),
        Err(std::fs::TryLockError::Error(source)) => Err(io_error(path, source)),
    }
}

fn encode(generation: u64, disc: &Disc) -> io::Result<Vec<u8>> {
    let text = serde_json::to_vec(disc).map_err(io::Error::other)?;
    let length = u32::try_from(text.len()).map_err(io::Error::other)?;
    if text.len() as u64 > SLOT_LEN - HEADER_LEN as u64 {
        return Err(io::Error::other("the disc has too many tracks for its header"));
    }
    let mut bytes = Vec::with_capacity(HEADER_LEN + text.len());
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&generation.to_le_bytes());
    let digest = checksum(&bytes, &text);
    bytes.extend_from_slice(&digest);
    bytes.extend_from_slice(&text);
    Ok(bytes)
}

fn checksum(prefix: &[u8], text: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(prefix).chain_update(text).finalize().into()
}

/// The valid copy with the highest generation.
fn read_newest(file: &File, path: &Path) -> Result<(u64, Disc), DiscFileError> {
    let mut newest: Option<(u64, Disc)> = None;
    let mut failure = DiscFileError::Foreign(path.to_owned());
    for slot in [0, SLOT_LEN] {
        match read_slot(file, path, slot) {
            Ok(found) if newest.as_ref().is_none_or(|best| best.0 < found.0) => {
                newest = Some(found)
            }
            Ok(_) => {}
            Err(error) if matches!(failure, DiscFileError::Foreign(_)) => failure = error,
            Err(_) => {}
        }
    }
    newest.ok_or(failure)
}

fn read_slot(file: &File, path: &Path, at: u64) -> Result<(u64, Disc), DiscFileError> {
    let mut header = [0; HEADER_LEN];
    read_at(file, &mut header, at).map_err(|source| match source.kind() {
        ErrorKind::UnexpectedEof => DiscFileError::Foreign(path.to_owned()),
        _ => io_error(path, source),
    })?;
    let word =
        |i: usize| u32::from_le_bytes([header[i], header[i + 1], header[i + 2], header[i + 3]]);
    if header[..8] != MAGIC {
        return Err(DiscFileError::Foreign(path.to_owned()));
    }
    if word(8) > VERSION {
        return Err(DiscFileError::Version { path: path.to_owned(), version: word(8) });
    }
    let damaged = || DiscFileError::Damaged(path.to_owned());
    let length = word(12);
    if u64::from(length) > SLOT_LEN - HEADER_LEN as u64 {
        return Err(damaged());
    }
    let mut text = vec![0; length as usize];
    read_at(file, &mut text, at + HEADER_LEN as u64).map_err(|_| damaged())?;
    if checksum(&header[..PREFIX_LEN], &text) != header[PREFIX_LEN..] {
        return Err(damaged());
    }
    let disc: Disc = serde_json::from_slice(&text).map_err(|_| damaged())?;
    let generation = u64::from(word(16)) | u64::from(word(20)) << 32;
    if disc.is_consistent() { Ok((generation, disc)) } else { Err(damaged()) }
}

#[cfg(unix)]
fn read_at(file: &File, out: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, out, offset)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_at(file: &File, mut out: &mut [u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !out.is_empty() {
        match file.seek_read(out, offset)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            read => (out, offset) = (&mut out[read..], offset + read as u64),
        }
    }
    Ok(())
}

#[cfg(windows)]
fn write_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        match file.seek_write(bytes, offset)? {
            0 => return Err(ErrorKind::WriteZero.into()),
            written => (bytes, offset) = (&bytes[written..], offset + written as u64),
        }
    }
    Ok(())
}
