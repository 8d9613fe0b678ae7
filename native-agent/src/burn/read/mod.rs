//! From a disc to an image, also from a disc that is damaged.
//!
//! What is known of each block is kept in a [`ReadMap`], so that reading can stop at any time and go on later, with another
//! drive, or with GNU ddrescue.

mod area;
mod map;
mod mapfile;
mod passes;

use core::{sync::atomic::AtomicBool, time::Duration};
use std::{
    fs::File,
    io::{self, Seek as _},
};

use sha2::{Digest as _, Sha256};

use self::{
    area::Area,
    passes::{Passes, digest_on},
};
pub use self::{
    map::{BlockState, ReadMap, Run},
    mapfile::MapError,
};
use super::{BlockRange, BurnError, Checked, Condition, Event, Phase, blocks::BlockReader};
use crate::{
    mmc::{self, FASTEST, MediumFacts, PatientDrive},
    scsi::{ScsiError, Transport, sense::key},
};

/// How long a drive may take to answer a question about the disc.
const LIMIT: Duration = Duration::from_secs(60);

/// Which part of a disc becomes an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wanted {
    /// The image on it, without what fills the last ECC block up or follows on a rewritable disc. Of a disc with several
    /// sessions, all.
    #[default]
    Image,
    /// Every block that can be read.
    Whole,
    /// The blocks of the session with this number, from 1.
    Session(u16),
}

/// How to read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReadOptions {
    /// Which part of the disc.
    pub wanted: Wanted,
    /// How often what could not be read is tried again at the end.
    pub retries: u8,
    /// Multiple of 1x; the drive's choice if none. Damaged discs are read better slowly.
    pub speed: Option<f64>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { wanted: Wanted::Image, retries: 3, speed: None }
    }
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOutcome {
    /// Where on the disc the image begins; 0 but for a later session.
    pub first: u32,
    /// Blocks of the image.
    pub blocks: u32,
    /// SHA-256 of them.
    pub sha256: [u8; 32],
    /// Blocks of the image that could not be read, and are zeros in a new file.
    pub unreadable: Vec<BlockRange>,
}

/// Keeps the map beside the image; the last argument is the block that reading came to.
pub type SaveMap<'a> = &'a mut dyn FnMut(&File, &ReadMap, u32) -> io::Result<()>;

/// A disc that is to be read.
#[expect(missing_debug_implementations, reason = "a transport has none")]
pub struct Reading<'a> {
    transport: &'a mut dyn Transport,
    area: Area,
    options: ReadOptions,
    sessions: u16,
    speed_refused: bool,
}

impl<'a> Reading<'a> {
    /// Looks at the disc and finds the blocks that are wanted.
    ///
    /// # Errors
    /// A [`BurnError`] when there is nothing to read.
    pub fn open(transport: &'a mut dyn Transport, options: ReadOptions) -> Result<Self, BurnError> {
        let medium = mmc::probe(transport)?.medium.ok_or(BurnError::NoMedium)?;
        let mut drive = PatientDrive::new(transport, LIMIT);
        let area = Area::find(&mut drive, &medium, options.wanted)?;
        let speed_refused = match options.speed {
            Some(times) => !set_speed(&mut drive, &medium, times)?,
            None => false,
        };
        Ok(Self { transport, area, options, sessions: medium.sessions, speed_refused })
    }

    /// Where on the disc the image begins.
    #[must_use]
    pub const fn first(&self) -> u32 {
        self.area.first
    }

    /// Blocks of the image.
    #[must_use]
    pub const fn blocks(&self) -> u32 {
        self.area.end - self.area.first
    }

    /// Sessions of the disc with something in them.
    #[must_use]
    pub const fn sessions(&self) -> u16 {
        self.sessions
    }

    /// Audio tracks of the disc, in whose place the image has zeros.
    #[must_use]
    pub const fn audio_tracks(&self) -> usize {
        self.area.audio_tracks
    }

    /// Whether the drive did not take the speed that was asked for.
    #[must_use]
    pub const fn speed_refused(&self) -> bool {
        self.speed_refused
    }

    /// A map of which nothing was tried yet. What is not recorded, between sessions, counts as read.
    #[must_use]
    pub fn new_map(&self) -> ReadMap {
        let mut map = ReadMap::new(self.area.first, self.area.end);
        map.set(self.area.first, self.area.end, BlockState::Read);
        for &(from, to) in &self.area.recorded {
            map.set(from, to, BlockState::Untried);
        }
        map
    }

    /// Takes the blocks of a map for those that are wanted.
    ///
    /// # Errors
    /// [`BurnError::MapDoesNotFit`] for a map of blocks that the disc has not, or of others than a session has.
    pub fn take_bounds(&mut self, map: &ReadMap) -> Result<(), BurnError> {
        let (first, end) = map.bounds();
        let is_session = matches!(self.options.wanted, Wanted::Session(_));
        let fits = if is_session {
            (first, end) == (self.area.first, self.area.end)
        } else {
            let last = self.area.recorded.last().map_or(self.area.end, |part| part.1);
            first >= self.area.first && end <= last.max(self.area.end)
        };
        if !fits {
            return Err(BurnError::MapDoesNotFit { first, end });
        }
        (self.area.first, self.area.end) = (first, end);
        Ok(())
    }

    /// Reads all that is missing into `file`, whose first block is the first of the map, and keeps the map up to date.
    /// `save` is called now and then, and at the end however that comes.
    ///
    /// # Errors
    /// A [`BurnError`] if the disc or the drive is gone, if it was cancelled, or if the file cannot be written. Blocks that
    /// cannot be read are no error, but a [part of the outcome](ReadOutcome::unreadable).
    pub fn run(
        &mut self,
        file: &mut File,
        map: &mut ReadMap,
        save: SaveMap<'_>,
        cancel: &AtomicBool,
        on_event: &mut dyn FnMut(Event),
    ) -> Result<ReadOutcome, BurnError> {
        on_event(Event::Phase(Phase::Reading));
        for run in map.runs().iter().filter(|run| run.state == BlockState::Read) {
            let (first, blocks) = (run.first - self.area.first, run.blocks());
            on_event(Event::Blocks(Checked { first, blocks, condition: Condition::Good }));
        }
        // What has bytes may be another's, until the disc is known to be the same.
        let is_new = file.metadata().map_err(BurnError::Sink)?.len() == 0;
        if is_new {
            self.area.set_len(file)?;
        }
        let reader = BlockReader::new(self.transport, cancel, 0)?;
        let mut passes = Passes::new(reader, &self.area, file, map, save, on_event);
        passes.check_same_disc()?;
        if !is_new {
            self.area.set_len(passes.file)?;
        }
        let sha256 = passes.run(self.options.retries)?;
        let (first, blocks) = (self.area.first, self.blocks());
        Ok(ReadOutcome { first, blocks, sha256, unreadable: map.missing() })
    }

    /// What came of the image as it is, after [`Reading::run`] has failed: for those who keep what was read until then.
    ///
    /// # Errors
    /// If it was cancelled, or if the file cannot be read.
    pub fn give_up(
        &self,
        file: &mut File,
        map: &ReadMap,
        cancel: &AtomicBool,
    ) -> Result<ReadOutcome, BurnError> {
        file.rewind().map_err(BurnError::Sink)?;
        let (first, blocks) = (self.area.first, self.blocks());
        let sha256 = digest_on(Sha256::new(), file, blocks, cancel)?;
        Ok(ReadOutcome { first, blocks, sha256, unreadable: map.missing() })
    }
}

/// Sets the speed of reading; false if the drive does not take it.
fn set_speed(
    drive: &mut PatientDrive<'_>,
    medium: &MediumFacts,
    times: f64,
) -> Result<bool, BurnError> {
    let kb = (times * medium.profile.single_speed()).round() as u32;
    for command in mmc::set_speed(medium, kb, FASTEST) {
        match drive.ask(&command) {
            Ok(_) => return Ok(true),
            Err(ScsiError::Check(sense)) if sense.key == key::ILLEGAL_REQUEST => {}
            Err(source) => return Err(BurnError::Read { lba: 0, source }),
        }
    }
    Ok(false)
}
