//! The blocks of a burn in their order: what comes before the image, the image, what comes behind it.

use std::time::Instant;

use super::{Doing, LEVEL_INTERVAL, Machine, MachineEvent, REPORT_INTERVAL};
use crate::{
    burn::{Phase, Progress, recipe::Step},
    mmc::{Command, write_10, write_12, write_raw, write_raw_zeros, write_zeros},
};

/// What the next WRITE is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Pause, and of a raw session its lead-in: zeros at the addresses before those of the image.
    Before,
    /// Blocks of the image, and the zeros it is filled up with.
    Image,
    /// The lead-out of a raw session.
    Behind,
}

impl Machine {
    fn part(&self) -> Part {
        if self.paused < self.recipe.pause {
            Part::Before
        } else if self.written < self.padded() {
            Part::Image
        } else {
            Part::Behind
        }
    }

    fn padded(&self) -> u32 {
        self.recipe.padded_blocks()
    }

    /// Blocks of this part that are still to be written.
    fn left(&self) -> u32 {
        match self.part() {
            Part::Before => self.recipe.pause - self.paused,
            Part::Image => self.padded() - self.written,
            Part::Behind => self.recipe.lead_out.saturating_sub(self.led_out),
        }
    }

    fn next_blocks(&self) -> u16 {
        self.recipe.unit.min(u16::try_from(self.left()).unwrap_or(u16::MAX))
    }

    /// Where the next WRITE goes; below zero in the pause of a CD.
    pub(super) fn next_lba(&self) -> u32 {
        let pause = self.recipe.pause - self.paused;
        self.recipe.start.wrapping_sub(pause) + self.written + self.led_out
    }

    /// Whether the drive took anything.
    pub(super) const fn has_written(&self) -> bool {
        self.paused > 0 || self.written > 0
    }

    /// Whether the next WRITE is one of a stream.
    pub(super) fn streams(&self) -> bool {
        self.is_writing() && self.recipe.stream_from.is_some_and(|from| self.written >= from)
    }

    pub(super) fn is_writing(&self) -> bool {
        matches!(self.current(), Some(Step::Write))
    }

    /// Whether the next command will be a WRITE, so that its blocks are wanted.
    #[must_use]
    pub fn wants_blocks(&self) -> bool {
        !self.over
            && !self.in_flight
            && self.is_writing()
            && self.doing == (Doing::Act { way: 0 })
            && self.part() != Part::Behind
    }

    pub(super) fn write_command(&self) -> Command {
        let (lba, blocks, part) = (self.next_lba(), self.next_blocks(), self.part());
        match &self.recipe.raw {
            Some(session) if part == Part::Image => write_raw(session, lba.cast_signed(), blocks),
            Some(session) => write_raw_zeros(session, lba.cast_signed(), blocks),
            None if part != Part::Image => write_zeros(lba.cast_signed(), blocks),
            None if self.streams() => write_12(lba, blocks.into(), true),
            None => write_10(lba, blocks),
        }
    }

    pub(super) fn wrote(&mut self, now: Instant) {
        self.touched = true;
        let blocks = u32::from(self.next_blocks());
        match self.part() {
            Part::Before => {
                self.paused += blocks;
                return;
            }
            Part::Image => self.written += blocks,
            Part::Behind => self.led_out += blocks,
        }
        if self.recipe.early_levels || self.was_full {
            self.next_level.get_or_insert(now + LEVEL_INTERVAL);
        }
        self.meter.note(now, self.done());
        let finished = self.left() == 0;
        if finished || self.next_report.is_none_or(|due| due <= now) {
            self.report(now);
        }
        if finished {
            self.enter_step(self.step + 1, now);
        }
    }

    /// Blocks of the image the drive took, without the zeros.
    fn done(&self) -> u32 {
        self.written.min(self.recipe.blocks)
    }

    fn report(&mut self, now: Instant) {
        self.next_report = Some(now + REPORT_INTERVAL);
        let done = self.done();
        self.events.push_back(MachineEvent::Progress(Progress {
            phase: self.phase.unwrap_or(Phase::Preparing),
            done_blocks: done,
            total_blocks: self.recipe.blocks,
            bad_blocks: 0,
            buffer_percent: 0,
            drive_buffer_percent: self.drive_level,
            bytes_per_second: self.meter.bytes_per_second(),
            seconds_left: self.meter.seconds_left(done),
        }));
    }
}
