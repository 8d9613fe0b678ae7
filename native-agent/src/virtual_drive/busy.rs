//! What a drive is busy with while it answers nothing else.

use core::time::Duration;
use std::time::Instant;

use super::sense;
use crate::scsi::{Sense, fault::Lasting};

/// A long operation the host did not wait for. Each command meanwhile is told how far it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Busy {
    sense: Sense,
    rest: Rest,
    /// Whether a script wants it so, and nothing else makes it last longer.
    is_scripted: bool,
}

#[derive(Clone, Copy, Debug)]
enum Rest {
    /// Commands that are told so, and how many of them are left.
    Commands { all: u16, left: u16 },
    /// Until this long after it began.
    Time { since: Instant, lasts: Duration },
}

impl Busy {
    /// Over once this many commands were told.
    pub(super) const fn for_commands(sense: Sense, all: u16) -> Self {
        Self { sense, rest: Rest::Commands { all, left: all }, is_scripted: false }
    }

    /// As a script wants it.
    pub(super) fn scripted(sense: Sense, lasting: Lasting) -> Self {
        let rest = match lasting {
            Lasting::Commands(all) => Rest::Commands { all, left: all },
            Lasting::Time(lasts) => Rest::Time { since: Instant::now(), lasts },
        };
        Self { sense, rest, is_scripted: true }
    }

    /// Whether it takes no blocks because its buffer is full.
    pub(super) fn is_full(&self) -> bool {
        self.is_scripted && self.sense == sense::LONG_WRITE_IN_PROGRESS
    }

    /// Whether it lasts as long as the laser has something to write.
    pub(super) const fn waits_for_the_laser(&self) -> bool {
        !self.is_scripted
    }

    pub(super) fn is_over(&self) -> bool {
        match self.rest {
            Rest::Commands { left, .. } => left == 0,
            Rest::Time { since, lasts } => since.elapsed() >= lasts,
        }
    }

    /// Tells one command, with progress as far as that is known. SPC-4 4.5.2.4.4.
    pub(super) fn poll(&mut self) -> Sense {
        let (done, all) = match &mut self.rest {
            Rest::Commands { all, left } => {
                let done = *all - *left;
                *left = left.saturating_sub(1);
                (u128::from(done), u128::from(*all))
            }
            Rest::Time { since, lasts } => (since.elapsed().as_millis(), lasts.as_millis()),
        };
        let parts = done * 0x1_0000 / all.max(1);
        Sense { progress: Some(parts.min(0xffff) as u16), ..self.sense }
    }
}
