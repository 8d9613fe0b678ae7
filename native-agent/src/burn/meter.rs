//! Speed and remaining time, from blocks and moments.

use core::time::Duration;
use std::{collections::VecDeque, time::Instant};

use crate::mmc::BLOCK;

/// What the present speed is taken over.
const WINDOW: Duration = Duration::from_secs(5);
/// Samples closer together than this are not kept.
const GRAIN: Duration = Duration::from_millis(100);

/// Counts blocks over time.
#[derive(Debug)]
pub(super) struct Meter {
    samples: VecDeque<(Instant, u32)>,
    total: u32,
}

impl Meter {
    pub(super) fn new(now: Instant, total: u32) -> Self {
        Self { samples: VecDeque::from([(now, 0)]), total }
    }

    /// Notes how many blocks are done.
    pub(super) fn note(&mut self, now: Instant, done: u32) {
        let newest = self.samples.back().map_or(now, |sample| sample.0);
        if now.saturating_duration_since(newest) < GRAIN && done < self.total {
            return;
        }
        self.samples.push_back((now, done));
        while self.samples.len() > 2 && now.saturating_duration_since(self.samples[1].0) >= WINDOW {
            self.samples.pop_front();
        }
    }

    /// Bytes per second over the last seconds.
    pub(super) fn bytes_per_second(&self) -> u64 {
        let (Some(&(begin, from)), Some(&(end, to))) = (self.samples.front(), self.samples.back())
        else {
            return 0;
        };
        let micros = end.saturating_duration_since(begin).as_micros();
        let bytes = u128::from(to.saturating_sub(from)) * BLOCK as u128;
        (bytes * 1_000_000).checked_div(micros).map_or(0, |rate| rate as u64)
    }

    /// Seconds until all is done at this speed; unknown until there is a speed.
    pub(super) fn seconds_left(&self, done: u32) -> Option<u64> {
        let bytes = u64::from(self.total.saturating_sub(done)) * BLOCK as u64;
        bytes.checked_div(self.bytes_per_second())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speed_is_that_of_the_last_seconds() {
        let start = Instant::now();
        let mut meter = Meter::new(start, 10_000);
        assert_eq!((meter.bytes_per_second(), meter.seconds_left(0)), (0, None));
        for second in 1..=10 {
            meter.note(start + Duration::from_secs(second), 100 * second as u32);
        }
        for second in 11..=20 {
            meter.note(start + Duration::from_secs(second), 1000 + 200 * (second as u32 - 10));
        }
        assert_eq!(meter.bytes_per_second(), 200 * 2048);
        assert_eq!(meter.seconds_left(3000), Some(35));
    }
}
