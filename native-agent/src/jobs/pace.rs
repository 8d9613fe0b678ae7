//! How fast it goes, and how long it will take.

use core::time::Duration;
use std::{collections::VecDeque, time::Instant};

use super::job::Progress;

/// The time over which the rate is taken.
const WINDOW: Duration = Duration::from_secs(5);
const BLOCK: u64 = 2048;

/// The pace of one phase.
#[derive(Debug)]
pub(super) struct Pace {
    total: u64,
    marks: VecDeque<(Instant, u64)>,
}

impl Pace {
    /// A phase of `total` blocks that begins now.
    pub(super) fn start(total: u64, now: Instant) -> Self {
        Self { total, marks: VecDeque::from([(now, 0)]) }
    }

    /// The progress when `done` blocks are done.
    pub(super) fn at(&mut self, done: u64, now: Instant) -> Progress {
        // One mark for each tenth of the window is enough, and keeps the list short.
        let is_due = self.marks.back().is_none_or(|(at, _)| now.duration_since(*at) >= WINDOW / 10);
        while self.marks.len() > 1
            && self.marks.front().is_some_and(|(at, _)| now.duration_since(*at) > WINDOW)
        {
            self.marks.pop_front();
        }
        let bytes_per_second = self.marks.front().map_or(0, |(at, before)| {
            let elapsed = now.duration_since(*at).as_millis().max(1);
            let bytes = u128::from(done.saturating_sub(*before) * BLOCK);
            u64::try_from(bytes * 1000 / elapsed).unwrap_or(u64::MAX)
        });
        if is_due {
            self.marks.push_back((now, done));
        }
        let left = self.total.saturating_sub(done) * BLOCK;
        Progress {
            done_blocks: done,
            total_blocks: self.total,
            bytes_per_second,
            seconds_left: left.checked_div(bytes_per_second),
            ..Progress::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_the_last_seconds() {
        let start = Instant::now();
        let mut pace = Pace::start(10_000, start);
        let at = |seconds| start + Duration::from_secs(seconds);
        // 100 blocks a second for ten seconds, then 200.
        for second in 1..=10 {
            let progress = pace.at(second * 100, at(second));
            assert_eq!(progress.bytes_per_second, 100 * 2048);
            assert_eq!(progress.seconds_left, Some((10_000 - second * 100) / 100));
        }
        let mut last = Progress::default();
        for second in 1..=10 {
            last = pace.at(1000 + second * 200, at(10 + second));
        }
        assert_eq!(last.bytes_per_second, 200 * 2048);
        assert_eq!((last.done_blocks, last.total_blocks), (3000, 10_000));
    }

    #[test]
    fn a_standstill_has_no_end() {
        let start = Instant::now();
        let mut pace = Pace::start(10, start);
        assert_eq!(pace.at(0, start + Duration::from_secs(1)).seconds_left, None);
    }
}
