//! Faults by script in the drive itself, where all that it tells afterwards fits what happened.
//!
//! The script of a disc lies beside it, as `disc.vdisc.faults`; `docs/virtual-drives.md` describes it.

use core::time::Duration;
use std::{
    fs::File,
    io::{self, ErrorKind, Read as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    burner::Burner,
    busy::Busy,
    command::Command,
    disc::Disc,
    file::{DiscFileError, io_error},
};
use crate::scsi::{
    Data, ScsiError, Sense,
    fault::{Effect, Script, Strike},
    sense::key,
};

/// What the name of a script ends with, behind that of the disc.
const SUFFIX: &str = ".faults";
/// More than a script may have.
const MOST_BYTES: u64 = 1 << 20;

/// The faults of one drive. Clones are of the same drive: how far the script has got, and that the drive is gone, lasts from
/// one opening to the next.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Followed>>);

#[derive(Debug, Default)]
struct Followed {
    script: Script,
    /// Where the script comes from a file, what that said.
    text: Vec<u8>,
}

impl From<Script> for Faults {
    fn from(script: Script) -> Self {
        Self(Arc::new(Mutex::new(Followed { script, text: Vec::new() })))
    }
}

impl Faults {
    /// Where the script for a disc lies.
    #[must_use]
    pub fn path_beside(disc: &Path) -> PathBuf {
        let mut name = disc.as_os_str().to_owned();
        name.push(SUFFIX);
        name.into()
    }

    /// How many commands were hit so far.
    #[must_use]
    pub fn struck(&self) -> u32 {
        self.followed().script.struck()
    }

    /// Begins the script beside a disc, unless it is that which is followed already.
    pub(super) fn read_beside(&self, disc: &Path) -> Result<(), DiscFileError> {
        let path = Self::path_beside(disc);
        let text = read(&path).map_err(|source| io_error(&path, source))?;
        let mut followed = self.followed();
        if text != followed.text {
            let script = Script::parse(&text);
            let script = script.map_err(|source| DiscFileError::Faults { path, source })?;
            *followed = Followed { script, text };
        }
        Ok(())
    }

    /// Follows another script from now on.
    pub(super) fn follow(&self, script: Script) {
        *self.followed() = Followed { script, text: Vec::new() };
    }

    fn followed(&self) -> MutexGuard<'_, Followed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file that is not there says nothing.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(MOST_BYTES).read_to_end(&mut text).map(|_| text),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(text),
        Err(error) => Err(error),
    }
}

impl Burner {
    /// Executes one CDB, unless the script has something to say to it.
    pub(super) fn answer(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        let strike = self.faults.followed().script.strike(cdb);
        let Some(Strike { effect, block }) = strike else { return self.carry_out(cdb, data) };
        match effect {
            Effect::Refuse(sense) => Err(self.end(sense, cdb, &data, block)),
            Effect::Report(sense) => {
                self.carry_out(cdb, data)?;
                Err(self.end(sense, cdb, &Data::None, None))
            }
            Effect::Defer(sense) if self.modes.caches_writes() => {
                let taken = if let Data::Out(bytes) = &data { bytes.len() } else { 0 };
                let sense = self.bear(sense, cdb, &data, block);
                self.deferred = Some(Sense { deferred: true, ..sense });
                Ok(taken)
            }
            Effect::Defer(sense) => {
                Err(self.end(Sense { deferred: false, ..sense }, cdb, &data, block))
            }
            Effect::Busy(sense, lasting) => {
                self.busy = Some(Busy::scripted(sense, lasting));
                let report = self.poll_busy().unwrap_or(sense);
                Err(self.tell(report))
            }
            Effect::Status(status) => Err(ScsiError::Status(status)),
            Effect::Timeout => Err(ScsiError::Timeout(timeout)),
            Effect::Gone => Err(ScsiError::Gone),
            Effect::Broken => Err(ScsiError::Io(io::Error::other("a fault of the script"))),
        }
    }

    fn carry_out(&mut self, cdb: &[u8], data: Data<'_>) -> Result<usize, ScsiError> {
        let moved = self.execute(cdb, data).map_err(ScsiError::Check)?;
        self.faults.followed().script.moved(cdb, moved);
        Ok(moved)
    }

    fn end(&mut self, sense: Sense, cdb: &[u8], data: &Data<'_>, block: Option<u32>) -> ScsiError {
        let sense = self.bear(sense, cdb, data, block);
        self.tell(sense)
    }

    /// Sense that REQUEST SENSE tells once more.
    fn tell(&mut self, sense: Sense) -> ScsiError {
        self.last_sense = sense;
        ScsiError::Check(sense)
    }

    /// What becomes of drive and disc when a command ends so. Gives the sense with the block that it is about.
    fn bear(&mut self, sense: Sense, cdb: &[u8], data: &Data<'_>, block: Option<u32>) -> Sense {
        match (sense.key, sense.asc) {
            (key::NOT_READY, 0x3a) => self.remove(),
            (key::UNIT_ATTENTION, 0x28) => self.medium_may_have_changed(),
            (key::UNIT_ATTENTION, 0x29) => self.reset(),
            // The laser could not be adjusted: it was never on.
            (_, 0x73) => {}
            (key::MEDIUM_ERROR | key::HARDWARE_ERROR, _) | (_, 0x0c) => {
                self.break_off(cdb, data, block);
            }
            _ => {}
        }
        let of_blocks = sense.key == key::MEDIUM_ERROR && sense.asc != 0x73;
        Sense { information: sense.information.or_else(|| block.filter(|_| of_blocks)), ..sense }
    }

    /// A write that fails in the middle: the blocks before are on the disc, and the track ends there, damaged.
    fn break_off(&mut self, cdb: &[u8], data: &Data<'_>, block: Option<u32>) {
        match Command::parse(cdb) {
            Ok(Command::Write { lba, blocks, verify }) => {
                let good = block.map_or(0, |block| block.saturating_sub(lba)).min(blocks);
                if self.start_rehearsal().is_err()
                    || !self.write_part(lba, good, blocks, verify, data)
                {
                    return;
                }
                self.begin_session_at_once();
                self.alter(|disc| disc.damage_at(lba.saturating_add(good)));
            }
            // What waited is lost.
            Ok(Command::SynchronizeCache { .. }) => self.alter(Disc::damage_open_tracks),
            _ => return,
        }
        self.store();
    }

    /// CD: a session at once begins with its lead-in, before the first block that the host sends.
    fn begin_session_at_once(&mut self) {
        let Some(loaded) = &mut self.loaded else { return };
        loaded.raw = None;
        if let Some(cue) = loaded.cue.take()
            && !loaded.seen().has_broken_session()
        {
            self.alter(|disc| disc.begin_session(&cue));
        }
    }

    /// The first blocks of a WRITE; what the drive refuses anyway it does not break off.
    fn write_part(
        &mut self,
        lba: u32,
        good: u32,
        blocks: u32,
        verify: bool,
        data: &Data<'_>,
    ) -> bool {
        if good == 0 {
            return self.loaded.is_some();
        }
        let Data::Out(bytes) = data else { return false };
        let part = bytes.len() / blocks.max(1) as usize * good as usize;
        let write = Command::Write { lba, blocks: good, verify };
        self.perform(write, Data::Out(&bytes[..part])).is_ok()
    }
}
