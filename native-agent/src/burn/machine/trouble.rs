//! What the machine does when a command does not end with GOOD: waits, takes another way, or gives up in order.

use std::time::Instant;

use super::{Doing, MAX_LOST_ANSWERS, MAX_RESTARTS, Machine, MachineEvent, REPORT_INTERVAL};
use crate::{
    burn::{
        BurnError, Phase, Progress,
        recipe::{FORMAT_LIMIT, Step},
    },
    mmc::{Command, Reaction, TrackInformation, without_underrun_protection},
    scsi::{ScsiError, Sense, opcode, sense::key},
};

impl Machine {
    pub(super) fn handle_error(&mut self, error: ScsiError, now: Instant) {
        // A tray that stays locked does not undo a disc that is good.
        if self.failure.is_some() || matches!(self.current(), Some(Step::Lock(false))) {
            return self.handle_error_while_leaving(&error, now);
        }
        if self.handle_error_of_side_question(&error, now) {
            return;
        }
        if self.doing == Doing::Progress {
            self.doing = Doing::Settle;
            if matches!(error, ScsiError::Check(_)) {
                return;
            }
        }
        let changes = self.current().is_some_and(Step::changes_the_disc);
        let changed = changes && !is_refusal(&error);
        self.touched |= changed;
        self.pointed |= changed && matches!(self.current(), Some(Step::Head(_)));
        self.was_full |= self.is_writing() && is_full_buffer(&error);
        let Some(error) = self.handle_disruption(error, now) else { return };
        if self.take_other_way(&error, now) {
            return;
        }
        if matches!(self.doing, Doing::Settle) {
            self.report_settling(&error, now);
        }
        match self.waiting.react(&error, now) {
            Reaction::Again(wait) => {
                self.wake = Some(now + wait);
                self.ask_for_progress(&error);
            }
            Reaction::Accept if self.is_question() => self.ask_again(error, now),
            Reaction::Accept => self.handle_answer(&[], now),
            Reaction::Fail => self.fail(error, now),
        }
    }

    /// The end is known already: only waiting makes sense, everything else is taken as it is.
    fn handle_error_while_leaving(&mut self, error: &ScsiError, now: Instant) {
        if matches!(error, ScsiError::Gone) {
            return self.end();
        }
        match self.waiting.react(error, now) {
            Reaction::Again(wait) => self.wake = Some(now + wait),
            Reaction::Accept if !self.is_question() => self.handle_answer(&[], now),
            Reaction::Accept | Reaction::Fail => self.enter_step(self.step + 1, now),
        }
    }

    /// The level of the buffer is not worth a failure: a drive that refuses is not asked again.
    fn handle_error_of_side_question(&mut self, error: &ScsiError, now: Instant) -> bool {
        let ScsiError::Check(sense) = error else { return false };
        let harmless = matches!(sense.key, key::ILLEGAL_REQUEST | key::RECOVERED)
            || matches!((sense.key, sense.asc), (key::NOT_READY, 0x04));
        if self.doing != Doing::Level || !harmless || sense.deferred {
            return false;
        }
        self.doing = Doing::Act { way: 0 };
        let refused = sense.key == key::ILLEGAL_REQUEST;
        // A moment that does not come; or one after the next WRITE.
        self.next_level = refused.then(|| now + FORMAT_LIMIT);
        true
    }

    /// The disc or the drive went away, or the drive restarted. Gives the error back if it is none of these, or
    /// harmless here.
    fn handle_disruption(&mut self, error: ScsiError, now: Instant) -> Option<ScsiError> {
        let (doing, fate) = (self.doing(), self.fate());
        let asc = match &error {
            ScsiError::Gone => {
                self.abandon(BurnError::DriveGone { doing, fate }, now);
                return None;
            }
            ScsiError::Check(sense)
                if matches!(sense.key, key::NOT_READY | key::UNIT_ATTENTION) =>
            {
                sense.asc
            }
            _ => return Some(error),
        };
        match asc {
            0x3a => self.abandon(BurnError::MediumRemoved { doing, fate, source: error }, now),
            0x28 if self.change_matters() => {
                self.abandon(BurnError::MediumRemoved { doing, fate, source: error }, now);
            }
            0x29 | 0x2a if self.forgets_how_to_write() => self.tell_again(error, now),
            0x29 | 0x2a if self.continues(asc) => {
                if self.waiting.react(&error, now) == Reaction::Fail {
                    return Some(error);
                }
                // Is all that the drive took on the disc, or was it lost with the buffer?
                self.doing = if self.is_writing() { Doing::Recheck } else { self.reminding(0) };
                self.wake = Some(now);
            }
            0x29 if self.loses_data() => {
                self.abandon(BurnError::DriveReset { doing, fate, source: error }, now);
            }
            _ => return Some(error),
        }
        None
    }

    /// Some drives report a new medium after formatting and closing; at any other time it is another disc.
    fn change_matters(&self) -> bool {
        match self.current() {
            Some(Step::Format(_) | Step::Blank(_) | Step::CloseTrack | Step::Close { .. }) => {
                !matches!(self.doing, Doing::Settle)
            }
            Some(Step::ConfirmDisc | Step::ConfirmTrack | Step::Lock(false)) => false,
            _ => true,
        }
    }

    /// Whether a drive that starts anew, or whose settings another program changed, would write otherwise than it was told.
    fn forgets_how_to_write(&self) -> bool {
        let ahead = self.recipe.steps.get(self.step..).unwrap_or_default();
        let nothing_written = self.written + self.paused == 0;
        // What is left of a rehearsal would be done in earnest.
        let rehearses = self.recipe.simulated && ahead.iter().any(Step::changes_the_disc);
        self.told(0).next().is_some() && (nothing_written || rehearses)
    }

    /// The steps from `at` on, up to the current one, that told the drive how to write.
    fn told(&self, at: usize) -> impl Iterator<Item = (usize, &Command)> {
        let steps = self.recipe.steps.iter().enumerate().take(self.step).skip(at);
        steps.filter_map(|(at, step)| match step {
            Step::Prepare(command) => Some((at, command)),
            _ => None,
        })
    }

    /// Whether a drive that starts anew, or whose settings another program changed, can go on with what it is doing once it
    /// is told again how to write.
    fn continues(&self, asc: u8) -> bool {
        let is_told = self.told(0).next().is_some();
        match self.current() {
            Some(Step::Write) => {
                // A session at once goes by its cue sheet, which is not told in the middle.
                let by_sheet = |(_, command): (usize, &Command)| {
                    command.cdb.opcode() == opcode::SEND_CUE_SHEET
                };
                self.has_written()
                    && self.recipe.sequential
                    && (asc == 0x29 || is_told)
                    && !self.told(0).any(by_sheet)
            }
            Some(Step::CloseTrack | Step::Close { .. }) => {
                is_told && !matches!(self.doing, Doing::Settle | Doing::Progress)
            }
            _ => false,
        }
    }

    /// What is to be done next to tell the drive again how to write: the steps from `at` on, then what it was at.
    pub(super) fn reminding(&self, at: usize) -> Doing {
        self.told(at).next().map_or(Doing::Act { way: 0 }, |(at, _)| Doing::Remind { at })
    }

    /// Before the first block all that was told can be told again; what was done to the disc is done.
    fn tell_again(&mut self, source: ScsiError, now: Instant) {
        self.restarts += 1;
        if self.restarts > MAX_RESTARTS || self.written + self.paused > 0 {
            let (doing, fate) = (self.doing(), self.fate());
            return self.abandon(BurnError::DriveReset { doing, fate, source }, now);
        }
        let ahead = self.recipe.steps.split_off(self.step);
        self.recipe.steps.retain(|step| !step.changes_the_disc());
        self.recipe.steps.extend(ahead);
        self.enter_step(0, now);
    }

    /// Whether blocks that the drive took may still be in its buffer only.
    fn loses_data(&self) -> bool {
        let writes = matches!(self.current(), Some(Step::Write | Step::Head(_) | Step::Flush));
        self.has_written() && writes
    }

    /// The answer after a reset in the middle of sequential writing.
    pub(super) fn rechecked(&mut self, answer: &[u8], now: Instant) {
        let expected = self.next_lba();
        let found = TrackInformation::parse(answer).ok().and_then(|track| track.next_writable);
        if found == Some(expected) {
            self.doing = self.reminding(0);
            return;
        }
        let source = ScsiError::Check(Sense::new(key::UNIT_ATTENTION, 0x29, 0));
        let error = BurnError::DriveReset { doing: self.doing(), fate: self.fate(), source };
        self.abandon(error, now);
    }

    /// A drive that does not know a command, or finds nothing to do, where that is foreseen.
    fn take_other_way(&mut self, error: &ScsiError, now: Instant) -> bool {
        let ScsiError::Check(sense) = error else { return false };
        let Doing::Act { way } = self.doing else { return false };
        if matches!(self.current(), Some(Step::Calibrate)) && is_harmless_to_calibration(*sense) {
            self.enter_step(self.step + 1, now);
            return true;
        }
        if sense.deferred || sense.key != key::ILLEGAL_REQUEST {
            return false;
        }
        if let Some(Step::Prepare(command)) = self.current()
            && (way, sense.asc) == (0, 0x26)
            && let Some(plainer) = without_underrun_protection(command)
        {
            self.recipe.steps[self.step] = Step::Prepare(plainer);
            self.doing = Doing::Act { way: 1 };
            return true;
        }
        if matches!(self.current(), Some(Step::Prepare(_)))
            && let Some(other) = self.recipe.fallback.take_if(|_| !self.touched)
        {
            self.recipe = *other;
            self.enter_step(0, now);
            return true;
        }
        match self.current() {
            // The rest with the drive's own check, which every drive knows.
            Some(Step::Write) if self.streams() => self.recipe.stream_from = None,
            Some(Step::Speed { .. }) if way == 0 => self.doing = Doing::Act { way: 1 },
            Some(Step::ConfirmAddress(tracks)) if way + 1 < tracks.len() => {
                self.doing = Doing::Act { way: way + 1 };
            }
            Some(
                Step::Lock(_)
                | Step::Speed { .. }
                | Step::Close { optional: true, .. }
                | Step::LayerBreak { optional: true, .. },
            ) => {
                self.enter_step(self.step + 1, now);
            }
            // The confirmation that follows decides.
            Some(Step::CloseTrack) => self.enter_step(self.step + 1, now),
            // BD-R: harmless in practice, libburn says.
            Some(Step::Close { .. }) if (sense.asc, sense.ascq) == (0x72, 0x03) => {
                self.settle(now);
            }
            Some(Step::ConfirmTrack) if !self.recipe.sequential => {
                self.enter_step(self.step + 1, now);
            }
            _ => return false,
        }
        true
    }

    const fn is_question(&self) -> bool {
        matches!(self.doing, Doing::Level | Doing::Recheck)
            || matches!(self.doing, Doing::Act { .. }) && self.step_is_question()
    }

    const fn step_is_question(&self) -> bool {
        let steps = self.recipe.steps.as_slice();
        self.step < steps.len()
            && matches!(
                steps[self.step],
                Step::ConfirmAddress(_) | Step::ConfirmDisc | Step::ConfirmTrack
            )
    }

    /// The command succeeded, but what it answered got lost.
    fn ask_again(&mut self, error: ScsiError, now: Instant) {
        self.lost_answers += 1;
        if self.lost_answers > MAX_LOST_ANSWERS {
            self.fail(error, now);
        }
    }

    /// The sense of a drive that formats counts how far it is. SPC-4 4.5.2.4.4.
    fn report_settling(&mut self, error: &ScsiError, now: Instant) {
        if let ScsiError::Check(Sense { progress: Some(progress), .. }) = error {
            self.report_part(*progress, now);
        }
    }

    /// Where a refusal does not count, REQUEST SENSE may. SPC-4 6.39.
    fn ask_for_progress(&mut self, error: &ScsiError) {
        let silent = matches!(error, ScsiError::Check(sense) if sense.asc == 0x04 && sense.progress.is_none());
        let settling = self.doing == Doing::Settle;
        if silent && settling && self.current().is_some_and(Step::is_long) {
            self.doing = Doing::Progress;
        }
    }

    pub(super) fn told_progress(&mut self, answer: &[u8], now: Instant) {
        self.doing = Doing::Settle;
        if let Some(progress) = Sense::parse(answer).and_then(|sense| sense.progress) {
            self.report_part(progress, now);
        }
    }

    /// Parts of 65536 that are done.
    fn report_part(&mut self, progress: u16, now: Instant) {
        if self.next_report.is_some_and(|due| due > now) {
            return;
        }
        self.next_report = Some(now + REPORT_INTERVAL);
        let total = self.recipe.blocks;
        let part = u64::from(total) * u64::from(progress) / 65536;
        self.events.push_back(MachineEvent::Progress(Progress {
            phase: self.phase.unwrap_or(Phase::Preparing),
            done_blocks: part as u32,
            total_blocks: total,
            bad_blocks: 0,
            buffer_percent: 0,
            drive_buffer_percent: None,
            bytes_per_second: 0,
            seconds_left: None,
        }));
    }

    fn fail(&mut self, source: ScsiError, now: Instant) {
        let (doing, fate) = (self.doing(), self.fate());
        let error = if matches!(self.doing, Doing::Remind { .. }) {
            BurnError::DriveReset { doing, fate, source }
        } else if self.is_writing() && matches!(self.doing, Doing::Act { .. }) {
            let lba = self.recipe.start + self.written;
            BurnError::Write { lba, fate, source }
        } else {
            BurnError::Step { doing, fate, source }
        };
        self.abandon(error, now);
    }
}

/// 2/04/08 at a WRITE: the buffer takes no more for now.
const fn is_full_buffer(error: &ScsiError) -> bool {
    matches!(error, ScsiError::Check(Sense { key: key::NOT_READY, asc: 0x04, ascq: 0x08, .. }))
}

/// What SEND OPC may end with and the disc still be written: the drive adjusts its laser on its own then. Those of
/// cdrecord and growisofs.
const fn is_harmless_to_calibration(sense: Sense) -> bool {
    !sense.deferred
        && matches!(
            (sense.key, sense.asc, sense.ascq),
            (key::ILLEGAL_REQUEST, 0x20 | 0x24 | 0x27 | 0x2c, _)
                | (key::ILLEGAL_REQUEST, 0x30, 0x02)
                | (key::UNIT_ATTENTION, 0x5a, 0x03)
                | (_, 0x73, 0x01)
        )
}

/// Whether the drive turned the command down without beginning it. After any other error it may have begun.
const fn is_refusal(error: &ScsiError) -> bool {
    match error {
        ScsiError::Check(sense) if sense.deferred => false,
        ScsiError::Check(sense) => match (sense.key, sense.asc) {
            // A laser that could not be adjusted was never on.
            (_, 0x73) => true,
            // Writing broke off, whatever key tells it.
            (_, 0x0c) => false,
            (key, _) => matches!(
                key,
                key::NOT_READY | key::ILLEGAL_REQUEST | key::UNIT_ATTENTION | key::DATA_PROTECT
            ),
        },
        ScsiError::Status(_) => true,
        ScsiError::Timeout(_) | ScsiError::Gone | ScsiError::Io(_) => false,
    }
}
