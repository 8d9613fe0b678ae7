//! Reads the image on a disc: which blocks there are, and patience with those that do not read at once.

use core::time::Duration;

use crate::{
    mmc::{
        BLOCK, Capacity, MediumFacts, PatientDrive, TrackInformation, read_10, read_capacity,
        read_track_information,
    },
    scsi::{ScsiError, Transport},
};

/// Blocks asked for at once: 64 KiB, which nearly every host adapter passes.
const CHUNK: u16 = 32;
/// How often a block is tried before it counts as lost.
const TRIES: u32 = 4;
/// How long a drive may try on its own.
const LIMIT: Duration = Duration::from_secs(60);
/// An ECC block of BD is filled up by at most one block less than this.
const MOST_PADDING: u32 = 32;
/// The primary volume descriptor of an image. ECMA-119 8.4.
const DESCRIPTOR_BLOCK: u32 = 16;

/// Why a disc could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadDiscError {
    /// Nothing is recorded.
    #[error("the disc is blank")]
    Blank,
    /// The disc does not say how much is on it.
    #[error("the size of the disc cannot be read")]
    Size(#[source] ScsiError),
    /// A block stayed unreadable.
    #[error("block {lba} cannot be read")]
    Block {
        /// Its address.
        lba: u32,
        /// What the drive said last.
        #[source]
        source: ScsiError,
    },
}

impl ReadDiscError {
    /// What a person can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Blank => Some("put in a disc with something on it"),
            Self::Block { source: ScsiError::Check(_), .. } => {
                Some("clean the disc, or try another drive: drives differ in what they can read")
            }
            Self::Size(_) | Self::Block { .. } => None,
        }
    }

    /// Whether the disc is to blame and not the drive.
    #[must_use]
    pub const fn is_of_the_medium(&self) -> bool {
        match self {
            Self::Blank => true,
            Self::Size(source) | Self::Block { source, .. } => {
                matches!(source, ScsiError::Check(_))
            }
        }
    }
}

/// The blocks of a disc, from the first to the last of its image.
#[expect(missing_debug_implementations, reason = "a transport has none")]
pub struct DiscReader<'a> {
    transport: &'a mut dyn Transport,
    blocks: u32,
    /// Recorded ranges, from and to, in ascending order; between them blocks count as zeros.
    recorded: Vec<(u32, u32)>,
}

impl<'a> DiscReader<'a> {
    /// Finds out how much of a medium is image. A rewritable medium is as large as its format, and the last ECC block
    /// of a write-once one is filled up: there the volume descriptor says where the image ends. `whole` takes every
    /// block nevertheless.
    ///
    /// # Errors
    /// [`ReadDiscError::Blank`] without anything recorded.
    pub fn open(
        transport: &'a mut dyn Transport,
        medium: &MediumFacts,
        whole: bool,
    ) -> Result<Self, ReadDiscError> {
        let mut drive = PatientDrive::new(transport, LIMIT);
        let capacity = drive.ask(&read_capacity()).map_err(ReadDiscError::Size)?;
        let readable = Capacity::parse(&capacity).map_or(0, |capacity| capacity.blocks);
        if readable <= 1 || !medium.formatted {
            return Err(ReadDiscError::Blank);
        }
        let recorded = match medium.sessions {
            0 | 1 => vec![(0, readable)],
            _ => recorded_ranges(&mut drive, medium.tracks, readable)?,
        };
        let mut reader = Self { transport, blocks: readable, recorded };
        let image = if whole { None } else { reader.image_blocks()? };
        let is_image =
            |size: &u32| *size <= readable && (medium.rewritable || readable - size < MOST_PADDING);
        reader.blocks = image.filter(is_image).unwrap_or(readable);
        Ok(reader)
    }

    /// Blocks of the image.
    #[must_use]
    pub const fn blocks(&self) -> u32 {
        self.blocks
    }

    /// Fills `out`, a whole number of blocks, from this address on.
    ///
    /// # Errors
    /// [`ReadDiscError::Block`] names the first block that is lost.
    pub fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), ReadDiscError> {
        let most = self.transport.max_transfer().map_or(usize::MAX, |bytes| bytes as usize / BLOCK);
        let step = usize::from(CHUNK).min(most).max(1);
        for (at, chunk) in (lba..).step_by(step).zip(out.chunks_mut(step * BLOCK)) {
            self.read_chunk(at, chunk)?;
        }
        Ok(())
    }

    fn read_chunk(&mut self, lba: u32, out: &mut [u8]) -> Result<(), ReadDiscError> {
        let count = (out.len() / BLOCK) as u16;
        if self.is_recorded(lba, count) && self.ask(lba, out).is_ok() {
            return Ok(());
        }
        for (at, block) in (lba..).zip(out.chunks_exact_mut(BLOCK)) {
            if self.is_recorded(at, 1) {
                self.read_patiently(at, block)?;
            } else {
                block.fill(0);
            }
        }
        Ok(())
    }

    fn is_recorded(&self, lba: u32, count: u16) -> bool {
        let end = lba.saturating_add(count.into());
        self.recorded.iter().any(|&(from, to)| from <= lba && end <= to)
    }

    /// A single block, tried again while the drive says the medium is at fault.
    fn read_patiently(&mut self, lba: u32, block: &mut [u8]) -> Result<(), ReadDiscError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.ask(lba, block) {
                Ok(()) => return Ok(()),
                Err(ScsiError::Check(_)) if tries < TRIES => {}
                Err(source) => return Err(ReadDiscError::Block { lba, source }),
            }
        }
    }

    fn ask(&mut self, lba: u32, out: &mut [u8]) -> Result<(), ScsiError> {
        let command = read_10(lba, (out.len() / BLOCK) as u16);
        let bytes = PatientDrive::new(self.transport, LIMIT).ask(&command)?;
        if bytes.len() != out.len() {
            return Err(ScsiError::Io(std::io::ErrorKind::UnexpectedEof.into()));
        }
        out.copy_from_slice(&bytes);
        Ok(())
    }

    /// The volume space size of the primary volume descriptor, if there is one. ECMA-119 8.4.8.
    fn image_blocks(&mut self) -> Result<Option<u32>, ReadDiscError> {
        let mut block = [0; BLOCK];
        if self.blocks <= DESCRIPTOR_BLOCK {
            return Ok(None);
        }
        self.read(DESCRIPTOR_BLOCK, &mut block)?;
        let size = u32::from_le_bytes([block[80], block[81], block[82], block[83]]);
        Ok(Some(size).filter(|size| block[..6] == *b"\x01CD001" && *size > DESCRIPTOR_BLOCK))
    }
}

/// The ranges of all tracks: between the sessions of a disc nothing can be read.
fn recorded_ranges(
    drive: &mut PatientDrive<'_>,
    tracks: u16,
    readable: u32,
) -> Result<Vec<(u32, u32)>, ReadDiscError> {
    let mut ranges = Vec::new();
    let mut before = None;
    for number in 1..=u32::from(tracks) {
        let answer = drive.ask(&read_track_information(number)).map_err(ReadDiscError::Size)?;
        let track = TrackInformation::parse(&answer).ok();
        // Each begins behind the one before, else the drive may go on telling of tracks for ever. MMC-6 4.5.
        let ascends = |track: &TrackInformation| before.is_none_or(|before| track.start > before);
        let track = track.filter(ascends).ok_or_else(|| {
            ReadDiscError::Size(ScsiError::Io(std::io::ErrorKind::InvalidData.into()))
        })?;
        before = Some(track.start);
        if !track.blank {
            let end = track.start.saturating_add(track.size);
            let end = track.last_recorded.map_or(end, |last| last.saturating_add(1));
            ranges.push((track.start, end.min(readable)));
        }
    }
    Ok(ranges)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::{
        mmc::probe,
        scsi::{Data, Sense},
        virtual_drive::{self, MediumKind, VirtualDrive},
    };

    /// A drive in which reading some blocks fails a number of times.
    struct Scratched {
        drive: VirtualDrive,
        failures: HashMap<u32, u32>,
    }

    impl Transport for Scratched {
        fn execute(
            &mut self,
            cdb: &[u8],
            data: Data<'_>,
            timeout: Duration,
        ) -> Result<usize, ScsiError> {
            if cdb[0] == 0x28 {
                let lba = u32::from_be_bytes([cdb[2], cdb[3], cdb[4], cdb[5]]);
                let count = u32::from(u16::from_be_bytes([cdb[7], cdb[8]]));
                for at in lba..lba + count {
                    if let Some(left) = self.failures.get_mut(&at).filter(|left| **left > 0) {
                        *left -= 1;
                        return Err(ScsiError::Check(Sense::new(3, 0x11, 0)));
                    }
                }
            }
            self.drive.execute(cdb, data, timeout)
        }
    }

    /// A DVD+R with two sessions of 64 blocks, filled with 1 and 2.
    fn two_sessions(failures: &[(u32, u32)]) -> (tempfile::TempDir, Scratched) {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.vdisc");
        virtual_drive::create(&file, MediumKind::DvdPlusR, Some(4096)).unwrap();
        let mut drive = VirtualDrive::open(&file).unwrap();
        let mut send = |cdb: &[u8], data: Data<'_>| drive.execute(cdb, data, Duration::ZERO);
        assert!(send(&[0; 6], Data::None).is_err());
        for (lba, fill) in [(0u32, 1), (64 + 2048, 2)] {
            let [a, b, c, d] = lba.to_be_bytes();
            send(&[0x2a, 0, a, b, c, d, 0, 0, 64, 0], Data::Out(&[fill; 64 * BLOCK])).unwrap();
            send(&[0x5b, 0, 2, 0, 0, 0, 0, 0, 0, 0], Data::None).unwrap();
        }
        (dir, Scratched { drive, failures: failures.iter().copied().collect() })
    }

    fn read_all(drive: &mut Scratched) -> Result<Vec<u8>, ReadDiscError> {
        let medium = probe(drive).unwrap().medium.unwrap();
        let mut reader = DiscReader::open(drive, &medium, false)?;
        let mut out = vec![0xa5; reader.blocks() as usize * BLOCK];
        reader.read(0, &mut out)?;
        Ok(out)
    }

    #[test]
    fn between_sessions_are_zeros() {
        let (_dir, mut drive) = two_sessions(&[]);
        let read = read_all(&mut drive).unwrap();
        let expected = [(64, 1), (2048, 0), (64, 2)];
        let expected: Vec<u8> =
            expected.iter().flat_map(|&(blocks, fill)| vec![fill; blocks * BLOCK]).collect();
        assert!(read == expected);
    }

    #[test]
    fn a_block_is_given_up_after_some_tries() {
        // One failure goes to the chunk, the others to the block alone.
        let (_dir, mut drive) = two_sessions(&[(40, TRIES)]);
        assert!(read_all(&mut drive).is_ok());
        let (_dir, mut drive) = two_sessions(&[(40, TRIES + 1)]);
        let error = read_all(&mut drive).unwrap_err();
        assert!(matches!(error, ReadDiscError::Block { lba: 40, .. }));
        assert!(error.is_of_the_medium() && error.hint().is_some());
    }
}
