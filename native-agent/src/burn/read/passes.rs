//! The passes over what is missing: large pieces first, so that most of a disc is safe before the drive struggles with what is
//! damaged, then halves of them, then single blocks.

use core::{sync::atomic::AtomicBool, time::Duration};
use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    time::Instant,
};

use sha2::{Digest as _, Sha256};

use super::{
    super::{
        BurnError, Checked, Condition, Event, Phase, Progress, Refusal,
        blocks::{BlockReader, PIECE, check_cancelled},
        meter::Meter,
    },
    area::Area,
    map::{BlockState, ReadMap, Run},
};
use crate::{mmc::BLOCK, scsi::opcode};

/// How often progress is reported.
const REPORT_INTERVAL: Duration = Duration::from_millis(200);
/// How often the map is saved: what a crash may cost.
const SAVE_INTERVAL: Duration = Duration::from_secs(10);
/// The first leap over blocks behind one that cannot be read, and the part of the disc that a leap is at most.
const FIRST_LEAP: u32 = 32;
const LEAP_PART: u32 = 100;

/// One pass over all blocks in one state.
#[derive(Clone, Copy, Debug)]
struct Pass {
    takes: BlockState,
    /// Blocks of one READ.
    unit: u16,
    /// What becomes of those that cannot be read.
    leaves: BlockState,
    backwards: bool,
    /// Whether blocks behind those that cannot be read are left to a later pass.
    leaps: bool,
}

/// From both sides towards each damaged place, then through it in ever smaller pieces.
const PASSES: [Pass; 5] = [
    Pass {
        takes: BlockState::Untried,
        unit: PIECE,
        leaves: BlockState::Untrimmed,
        backwards: false,
        leaps: true,
    },
    Pass {
        takes: BlockState::Untried,
        unit: PIECE,
        leaves: BlockState::Untrimmed,
        backwards: true,
        leaps: true,
    },
    Pass {
        takes: BlockState::Untried,
        unit: PIECE,
        leaves: BlockState::Untrimmed,
        backwards: false,
        leaps: false,
    },
    Pass {
        takes: BlockState::Untrimmed,
        unit: PIECE / 2,
        leaves: BlockState::Unscraped,
        backwards: false,
        leaps: false,
    },
    Pass {
        takes: BlockState::Unscraped,
        unit: 1,
        leaves: BlockState::Bad,
        backwards: false,
        leaps: false,
    },
];

/// Once more over what is left: some blocks are read when the head comes from the other side.
const fn retry(number: u8) -> Pass {
    Pass {
        takes: BlockState::Bad,
        unit: 1,
        leaves: BlockState::Bad,
        backwards: number.is_multiple_of(2),
        leaps: false,
    }
}

/// A disc on its way into a file.
pub(super) struct Passes<'a, 'd> {
    pub(super) reader: BlockReader<'d>,
    pub(super) area: &'a Area,
    pub(super) file: &'a mut File,
    pub(super) map: &'a mut ReadMap,
    pub(super) save: &'a mut dyn FnMut(&File, &ReadMap, u32) -> io::Result<()>,
    pub(super) on_event: &'a mut dyn FnMut(Event),
    pub(super) meter: Meter,
    pub(super) reported: Option<Instant>,
    pub(super) saved: Instant,
    /// Digest of the image up to a block, as far as it came in order.
    pub(super) digest: Sha256,
    pub(super) digested: u32,
}

impl<'a, 'd> Passes<'a, 'd> {
    pub(super) fn new(
        reader: BlockReader<'d>,
        area: &'a Area,
        file: &'a mut File,
        map: &'a mut ReadMap,
        save: &'a mut dyn FnMut(&File, &ReadMap, u32) -> io::Result<()>,
        on_event: &'a mut dyn FnMut(Event),
    ) -> Self {
        let now = Instant::now();
        let digested = map.bounds().0;
        let meter = Meter::new(now, area.end - area.first);
        Self {
            reader,
            area,
            file,
            map,
            save,
            on_event,
            meter,
            reported: None,
            saved: now,
            digest: Sha256::new(),
            digested,
        }
    }

    /// All passes. What was read until then is saved, however it ends.
    pub(super) fn run(&mut self, retries: u8) -> Result<[u8; 32], BurnError> {
        let done = self.all(retries);
        let saved = self.save(self.area.first);
        done?;
        saved?;
        self.finish_digest()
    }

    fn all(&mut self, retries: u8) -> Result<(), BurnError> {
        for pass in PASSES.into_iter().chain((0..retries).map(retry)) {
            self.sweep(pass)?;
        }
        self.report(true);
        Ok(())
    }

    fn sweep(&mut self, pass: Pass) -> Result<(), BurnError> {
        let (first, end) = self.map.bounds();
        let mut at = if pass.backwards { end } else { first };
        let mut leap = FIRST_LEAP;
        while let Some(piece) = self.piece(pass, at) {
            let was_read = self.take(piece, pass)?;
            let skipped = if pass.leaps && !was_read { leap } else { 0 };
            at = if pass.backwards {
                piece.first.saturating_sub(skipped)
            } else {
                piece.end.saturating_add(skipped)
            };
            let most = ((end - first) / LEAP_PART).max(FIRST_LEAP);
            leap = if was_read { FIRST_LEAP } else { leap.saturating_mul(2).min(most) };
        }
        Ok(())
    }

    /// The next blocks for one READ, which does not reach over the border of a unit: damage comes in ECC blocks.
    fn piece(&self, pass: Pass, at: u32) -> Option<Run> {
        let unit = u32::from(pass.unit);
        if pass.backwards {
            let run = self.map.previous(pass.takes, at)?;
            let border = (run.end - 1) / unit * unit;
            return Some(Run { first: run.first.max(border), ..run });
        }
        let run = self.map.next(pass.takes, at)?;
        let border = (run.first / unit + 1).saturating_mul(unit);
        Some(Run { end: run.end.min(border), ..run })
    }

    /// Reads one piece into the image, or notes that it cannot be read; tells which.
    fn take(&mut self, piece: Run, pass: Pass) -> Result<bool, BurnError> {
        let blocks = u16::try_from(piece.blocks()).unwrap_or(PIECE);
        let attempt = self.reader.read_once(piece.first, blocks);
        // A drive that gave up here begins elsewhere when it is tried again.
        let was_read = matches!(attempt, Ok(Ok(_)));
        if !matches!(attempt, Err(BurnError::Cancelled { .. })) {
            let state = if was_read { BlockState::Read } else { pass.leaves };
            if let Ok(Ok(bytes)) = &attempt {
                self.store(piece.first, bytes).map_err(BurnError::Sink)?;
            }
            self.map.set(piece.first, piece.end, state);
            self.tell(Run { state, ..piece }, pass);
        }
        if let Err(error) = attempt? {
            let refusal = Refusal::new(opcode::READ_10, Some(piece.first), &error);
            (self.on_event)(Event::Refused(refusal));
        }
        self.report(false);
        if self.saved.elapsed() >= SAVE_INTERVAL {
            self.save(piece.end)?;
        }
        Ok(was_read)
    }

    /// Tells what became of a piece.
    fn tell(&mut self, piece: Run, pass: Pass) {
        let condition = match piece.state {
            BlockState::Read if pass.takes == BlockState::Untried => Condition::Good,
            BlockState::Read => Condition::Weak,
            BlockState::Bad => Condition::Unreadable,
            BlockState::Untried | BlockState::Untrimmed | BlockState::Unscraped => {
                Condition::Failing
            }
        };
        let first = piece.first - self.area.first;
        (self.on_event)(Event::Blocks(Checked { first, blocks: piece.blocks(), condition }));
    }

    fn store(&mut self, lba: u32, bytes: &[u8]) -> io::Result<()> {
        self.seek(lba)?;
        self.file.write_all(bytes)?;
        if lba == self.digested {
            self.digest.update(bytes);
            self.digested += (bytes.len() / BLOCK) as u32;
        }
        Ok(())
    }

    fn seek(&mut self, lba: u32) -> io::Result<()> {
        let from = u64::from(lba - self.area.first) * BLOCK as u64;
        self.file.seek(SeekFrom::Start(from)).map(drop)
    }

    fn save(&mut self, position: u32) -> Result<(), BurnError> {
        self.saved = Instant::now();
        (self.save)(self.file, self.map, position).map_err(BurnError::Sink)
    }

    fn report(&mut self, always: bool) {
        let now = Instant::now();
        let done = self.map.count(BlockState::Read);
        self.meter.note(now, done);
        let recent = self.reported.is_some_and(|then| now.duration_since(then) < REPORT_INTERVAL);
        if recent && !always {
            return;
        }
        self.reported = Some(now);
        (self.on_event)(Event::Progress(Progress {
            phase: Phase::Reading,
            done_blocks: done,
            total_blocks: self.area.end - self.area.first,
            bad_blocks: self.map.bad(),
            buffer_percent: 0,
            drive_buffer_percent: None,
            bytes_per_second: self.meter.bytes_per_second(),
            seconds_left: self.meter.seconds_left(done),
        }));
    }

    /// Adds what did not come in order, from the file.
    fn finish_digest(&mut self) -> Result<[u8; 32], BurnError> {
        self.seek(self.digested).map_err(BurnError::Sink)?;
        let digest = core::mem::take(&mut self.digest);
        digest_on(digest, self.file, self.area.end - self.digested, self.reader.cancel())
    }

    /// Compares some of what an earlier attempt read with the disc: a map of another disc must not spoil both.
    pub(super) fn check_same_disc(&mut self) -> Result<(), BurnError> {
        /// Places that are compared.
        const PLACES: usize = 4;
        let known: Vec<Run> = self
            .map
            .runs()
            .iter()
            .filter(|run| run.state == BlockState::Read)
            .flat_map(|run| self.area.recorded.iter().filter_map(|part| within(*run, *part)))
            .collect();
        let step = known.len().div_ceil(PLACES).max(1);
        for run in known.iter().step_by(step).chain(known.last()) {
            let end = run.end.min(run.first.saturating_add(u32::from(PIECE)));
            let blocks = u16::try_from(end - run.first).unwrap_or(PIECE);
            let Ok(bytes) = self.reader.read_once(run.first, blocks)? else { continue };
            let mut kept = vec![0; bytes.len()];
            self.seek(run.first).map_err(BurnError::Sink)?;
            match self.file.read_exact(&mut kept) {
                Ok(()) if kept == bytes => {}
                Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
                    return Err(BurnError::Sink(error));
                }
                _ => return Err(BurnError::OtherDisc { lba: run.first }),
            }
        }
        Ok(())
    }
}

/// The part of a run that is in a part of the disc.
fn within(run: Run, (from, to): (u32, u32)) -> Option<Run> {
    let part = Run { first: run.first.max(from), end: run.end.min(to), ..run };
    (part.first < part.end).then_some(part)
}

/// Adds so many blocks of a file to a digest, from where the file stands.
pub(super) fn digest_on(
    mut digest: Sha256,
    file: &mut File,
    blocks: u32,
    cancel: &AtomicBool,
) -> Result<[u8; 32], BurnError> {
    let mut left = u64::from(blocks) * BLOCK as u64;
    let mut buffer = vec![0; 1 << 20];
    while left > 0 {
        check_cancelled(cancel)?;
        let len = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        file.read_exact(&mut buffer[..len]).map_err(BurnError::Sink)?;
        digest.update(&buffer[..len]);
        left -= len as u64;
    }
    Ok(digest.finalize().into())
}
