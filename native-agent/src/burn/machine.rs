//! The write as a deterministic machine: commands are pulled, replies are pushed, time is passed in.
//!
//! The machine does no IO and reads no clock. Its driver loops: take the next command with
//! [`poll_command`](Machine::poll_command), send it, give what came back to [`handle_reply`](Machine::handle_reply);
//! when there is no command, wait until [`poll_wake`](Machine::poll_wake). Every wait has a limit, so the machine ends
//! whatever the drive says, and it ends with success only after disc and track show what was written.

mod steps;
mod trouble;
mod writing;

use core::time::Duration;
use std::{collections::VecDeque, time::Instant};

use super::{
    BurnError, DiscFate, Phase, Progress, confirm,
    meter::Meter,
    recipe::{Aim, CLOSE_LIMIT, FORMAT_LIMIT, Recipe, STEP_LIMIT, Step, WRITE_LIMIT},
};
use crate::{
    mmc::{BufferCapacity, Command, DiscInformation, TrackInformation, Waiting},
    scsi::ScsiError,
    source::SourceError,
};

/// How often the buffer of the drive is asked for, and how long after the first WRITE.
const LEVEL_INTERVAL: Duration = Duration::from_secs(1);
/// How often progress is reported.
const REPORT_INTERVAL: Duration = Duration::from_millis(200);
/// How often a drive is told again how to write, because it restarted.
const MAX_RESTARTS: u8 = 3;
/// How often a question is put again when the answer was lost to a recovered error.
const MAX_LOST_ANSWERS: u8 = 3;

/// What the machine has to say while it works.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MachineEvent {
    /// Something else begins.
    Phase(Phase),
    /// How far it is.
    Progress(Progress),
    /// The drive took this speed of writing, in kilobytes (1000 bytes) per second.
    Speed(u32),
}

/// What is on the disc after a success.
#[derive(Clone, Copy, Debug)]
pub struct Recorded {
    /// First block written.
    pub start: u32,
    /// Blocks of the image.
    pub blocks: u32,
    /// The disc as it shows itself now; absent after a simulation.
    pub disc: Option<DiscInformation>,
    /// The track that was written; absent after a simulation, and from drives that do not tell.
    pub track: Option<TrackInformation>,
    /// From the first WRITE to the end of the flush.
    pub write_time: Duration,
}

/// What the next command is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    /// The step itself. Some steps have a second way, if the drive does not know the first.
    Act { way: usize },
    /// Waiting for the end of what the step began.
    Settle,
    /// Asking how far it is, because the refusals do not tell.
    Progress,
    /// Looking at the buffer of the drive between two writes.
    Level,
    /// Asking, after a reset, whether writing still continues where it stopped.
    Recheck,
    /// Telling once more how to write, before the step goes on: what this earlier step told is forgotten.
    Remind { at: usize },
}

/// The write of one image to one disc.
#[derive(Debug)]
pub struct Machine {
    recipe: Recipe,
    step: usize,
    doing: Doing,
    in_flight: bool,
    waiting: Waiting,
    wake: Option<Instant>,
    lost_answers: u8,
    restarts: u8,
    /// Blocks before the image that the drive took.
    paused: u32,
    /// Blocks of the image, zeros at the end included, that the drive took.
    written: u32,
    /// Blocks behind the image that the drive took.
    led_out: u32,
    /// Whether the flush is through.
    flushed: bool,
    /// Whether the drive may have changed anything on the disc.
    touched: bool,
    /// Whether the head may have been written.
    pointed: bool,
    began_writing: Option<Instant>,
    write_time: Duration,
    meter: Meter,
    next_level: Option<Instant>,
    /// Whether the drive said once that its buffer takes no more.
    was_full: bool,
    next_report: Option<Instant>,
    drive_level: Option<u8>,
    phase: Option<Phase>,
    events: VecDeque<MachineEvent>,
    disc: Option<DiscInformation>,
    track: Option<TrackInformation>,
    /// Why it ends early; the rest of the steps only leave the drive in order.
    failure: Option<BurnError>,
    result: Option<Result<Recorded, BurnError>>,
    over: bool,
}

impl Machine {
    /// Ready to carry out a recipe.
    #[must_use]
    pub fn new(recipe: Recipe, now: Instant) -> Self {
        let meter = Meter::new(now, recipe.blocks);
        let mut machine = Self {
            recipe,
            step: 0,
            doing: Doing::Act { way: 0 },
            in_flight: false,
            waiting: Waiting::for_others(STEP_LIMIT),
            wake: None,
            lost_answers: 0,
            restarts: 0,
            paused: 0,
            written: 0,
            led_out: 0,
            flushed: false,
            touched: false,
            pointed: false,
            began_writing: None,
            write_time: Duration::ZERO,
            meter,
            next_level: None,
            was_full: false,
            next_report: None,
            drive_level: None,
            phase: None,
            events: VecDeque::new(),
            disc: None,
            track: None,
            failure: None,
            result: None,
            over: false,
        };
        machine.enter_step(0, now);
        machine
    }

    /// The next command to send, if there is one to send now.
    ///
    /// After `None`, call again at [`Self::poll_wake`], or once the reply to the last command is in. A command with
    /// [blocks of the image](crate::mmc::Transfer::image_blocks) carries those from [`Self::position`] on.
    pub fn poll_command(&mut self, now: Instant) -> Option<Command> {
        if self.over || self.in_flight || self.wake.is_some_and(|wake| wake > now) {
            return None;
        }
        self.wake = None;
        if self.doing == (Doing::Act { way: 0 }) && self.is_writing() {
            self.began_writing.get_or_insert(now);
            if self.next_level.is_some_and(|due| due <= now) {
                self.doing = Doing::Level;
            }
        }
        let command = self.command()?;
        self.in_flight = true;
        Some(command)
    }

    /// When to call [`Self::poll_command`] again, if it has to wait.
    #[must_use]
    pub const fn poll_wake(&self) -> Option<Instant> {
        if self.in_flight || self.over { None } else { self.wake }
    }

    /// The next thing to tell, in order.
    pub fn poll_event(&mut self) -> Option<MachineEvent> {
        self.events.pop_front()
    }

    /// The end, once: what is on the disc, or why not.
    pub fn poll_result(&mut self) -> Option<Result<Recorded, BurnError>> {
        self.result.take()
    }

    /// The block of the image that the next WRITE begins with.
    #[must_use]
    pub const fn position(&self) -> u32 {
        self.written
    }

    /// The block of the disc that the next WRITE begins with, below zero in the pause of a CD.
    pub(super) fn next_block(&self) -> u32 {
        self.next_lba()
    }

    /// Stops as soon as the drive can be left in order. Once all blocks are written this does nothing: the disc is
    /// closed, which takes less harm than leaving it open.
    pub fn cancel(&mut self, now: Instant) {
        if !self.all_written() {
            let fate = self.fate();
            self.abandon(BurnError::Cancelled { fate }, now);
        }
    }

    /// Stops because the image cannot be read.
    pub fn fail_source(&mut self, source: SourceError, now: Instant) {
        let error = BurnError::Source { block: self.written, fate: self.fate(), source };
        self.abandon(error, now);
    }

    /// Takes what came back for the last command.
    pub fn handle_reply(&mut self, now: Instant, reply: Result<&[u8], ScsiError>) {
        if !core::mem::take(&mut self.in_flight) || self.over {
            return;
        }
        match reply {
            Ok(answer) => self.handle_answer(answer, now),
            Err(error) => self.handle_error(error, now),
        }
    }

    fn current(&self) -> Option<&Step> {
        self.recipe.steps.get(self.step)
    }

    const fn all_written(&self) -> bool {
        self.written >= self.recipe.blocks
    }

    /// What has become of the disc so far.
    const fn fate(&self) -> DiscFate {
        if self.recipe.simulated || !self.touched {
            DiscFate::Untouched
        } else if self.recipe.grows && !self.pointed {
            DiscFate::Kept
        } else if matches!(self.recipe.aim, Aim::Closed) {
            DiscFate::Unclosed
        } else if matches!(self.recipe.aim, Aim::Formatted) && !self.recipe.rewritable {
            DiscFate::HalfFormatted
        } else if self.flushed && !self.recipe.rewritable {
            DiscFate::Unclosed
        } else if self.recipe.rewritable {
            DiscFate::Rewritable
        } else {
            DiscFate::Spoiled
        }
    }

    fn handle_answer(&mut self, answer: &[u8], now: Instant) {
        // An answered side question does not make the step itself any luckier.
        if matches!(self.doing, Doing::Act { .. } | Doing::Settle) {
            self.waiting.reset();
        }
        match self.doing {
            Doing::Settle => return self.settled(now),
            Doing::Progress => return self.told_progress(answer, now),
            Doing::Level => {
                self.drive_level = BufferCapacity::parse(answer).ok().map(|level| level.percent());
                // The next WRITE comes first, however late it is.
                self.next_level = None;
                self.doing = Doing::Act { way: 0 };
                return;
            }
            Doing::Recheck => return self.rechecked(answer, now),
            Doing::Remind { at } => {
                self.doing = self.reminding(at + 1);
                return;
            }
            Doing::Act { .. } => {}
        }
        match self.current() {
            Some(Step::Write) => self.wrote(now),
            Some(
                Step::Format(_)
                | Step::Blank(_)
                | Step::Flush
                | Step::CloseTrack
                | Step::Close { .. },
            ) => self.settle(now),
            Some(Step::ConfirmAddress(_)) => {
                let confirmed = confirm::address(&self.recipe, answer);
                self.confirmed(confirmed, now, |machine, track| machine.recipe.track = track.track);
            }
            Some(Step::ConfirmDisc) => {
                let confirmed = confirm::disc(&self.recipe, answer);
                self.confirmed(confirmed, now, |machine, disc| machine.disc = Some(disc));
            }
            Some(Step::ConfirmTrack) => {
                let confirmed = confirm::track(&self.recipe, answer);
                self.confirmed(confirmed, now, |machine, track| machine.track = Some(track));
            }
            Some(Step::Head(_)) => {
                self.pointed = true;
                self.enter_step(self.step + 1, now);
            }
            Some(
                step @ (Step::Lock(_)
                | Step::Speed { .. }
                | Step::Calibrate
                | Step::Prepare(_)
                | Step::Reserve(_)
                | Step::LayerBreak { .. }),
            ) => {
                let changes = step.changes_the_disc();
                if let Step::Speed { kb_per_second, .. } = *step {
                    self.events.push_back(MachineEvent::Speed(kb_per_second));
                }
                self.touched |= changes;
                self.enter_step(self.step + 1, now);
            }
            None => self.enter_step(self.step + 1, now),
        }
    }

    fn confirmed<T>(
        &mut self,
        confirmed: Result<T, confirm::Doubt>,
        now: Instant,
        take: impl FnOnce(&mut Self, T),
    ) {
        match confirmed {
            Ok(facts) => {
                take(self, facts);
                self.enter_step(self.step + 1, now);
            }
            Err(doubt) => {
                let error = doubt.into_error(self.doing(), self.fate(), self.recipe.aim);
                self.abandon(error, now);
            }
        }
    }

    /// After an Immed command: ask until the drive is ready again.
    fn settle(&mut self, now: Instant) {
        let long = self.current().is_some_and(Step::is_long);
        let limit = if long { FORMAT_LIMIT } else { CLOSE_LIMIT };
        self.touched |= self.current().is_some_and(Step::changes_the_disc);
        self.waiting = Waiting::for_readiness(limit);
        self.doing = Doing::Settle;
        self.wake = Some(now);
    }

    fn settled(&mut self, now: Instant) {
        if matches!(self.current(), Some(Step::Flush)) && !self.flushed {
            self.flushed = true;
            let began = self.began_writing.unwrap_or(now);
            self.write_time = now.saturating_duration_since(began);
        }
        self.enter_step(self.step + 1, now);
    }

    /// Begins a step, or ends if there is none.
    fn enter_step(&mut self, step: usize, now: Instant) {
        self.step = step;
        self.doing = Doing::Act { way: 0 };
        self.wake = None;
        self.lost_answers = 0;
        self.waiting = match self.current() {
            Some(Step::Write | Step::Head(_)) => Waiting::for_write(WRITE_LIMIT),
            _ => Waiting::for_others(STEP_LIMIT),
        };
        let phase = match self.current() {
            None => return self.end(),
            Some(Step::Lock(_)) => self.phase.unwrap_or(Phase::Preparing),
            Some(
                Step::Speed { .. }
                | Step::Calibrate
                | Step::Prepare(_)
                | Step::Reserve(_)
                | Step::LayerBreak { .. }
                | Step::ConfirmAddress(_),
            ) => Phase::Preparing,
            Some(Step::Format(_)) => Phase::Formatting,
            Some(Step::Blank(_)) => Phase::Erasing,
            Some(Step::Write) => Phase::Writing,
            Some(Step::Head(_) | Step::Flush | Step::CloseTrack | Step::Close { .. }) => {
                Phase::Closing
            }
            Some(Step::ConfirmDisc | Step::ConfirmTrack) => Phase::Closing,
        };
        if matches!(self.current(), Some(Step::Write)) {
            self.meter = Meter::new(now, self.recipe.blocks);
        }
        if self.phase != Some(phase) {
            self.phase = Some(phase);
            self.events.push_back(MachineEvent::Phase(phase));
        }
    }

    fn end(&mut self) {
        self.over = true;
        self.result = Some(match self.failure.take() {
            Some(error) => Err(error),
            None => Ok(Recorded {
                start: self.recipe.start,
                blocks: self.recipe.blocks,
                disc: self.disc,
                track: self.track,
                write_time: self.write_time,
            }),
        });
    }

    /// Ends early: what is in the buffer of the drive is flushed if anything was written, and the tray is freed.
    fn abandon(&mut self, error: BurnError, now: Instant) {
        if self.over || self.failure.is_some() {
            return;
        }
        self.in_flight = false;
        let gone = matches!(error, BurnError::DriveGone { .. });
        let flush = self.is_writing()
            && self.written > 0
            && matches!(error, BurnError::Cancelled { .. } | BurnError::Source { .. });
        self.failure = Some(error);
        self.recipe.steps = match (gone, flush) {
            (true, _) => Vec::new(),
            (false, true) => vec![Step::Flush, Step::Lock(false)],
            (false, false) => vec![Step::Lock(false)],
        };
        self.enter_step(0, now);
    }
}
