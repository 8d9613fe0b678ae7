//! What a job did over time, for a chart and a log. It is kept while the agent runs; the book of jobs has the end alone.

use core::time::Duration;
use std::time::Instant;

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    block_map::{BlockMap, JobMap},
    job::{Phase, Progress},
};
use crate::{
    burn::{Checked, Refusal},
    problem::SenseTriple,
};

/// Samples of a phase. When there are more, every second is given up, and they are taken half as often.
const MOST_SAMPLES: usize = 400;
/// Time between two samples of a phase at first.
const FIRST_STEP: Duration = Duration::from_millis(250);
/// Entries of a log. Beyond, only phases are put down.
const MOST_ENTRIES: usize = 500;

/// What a job did so far.
#[derive(Debug, Default)]
pub struct History {
    began: Option<(Instant, String)>,
    phase: Option<Phase>,
    samples: Vec<Sample>,
    /// Where the samples of this phase begin, and the time between two of them.
    phase_start: usize,
    step: Duration,
    log: Vec<LogEntry>,
    omitted: u64,
    map: BlockMap,
}

/// What a job did so far, as it is told.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobHistory {
    /// When its turn came, RFC 3339. Null while it waits, and when the agent was started anew since.
    pub began: Option<String>,
    /// How fast it was where, in the order of time; at most 401 of each phase.
    pub samples: Vec<Sample>,
    /// What happened, in the order of time.
    pub log: Vec<LogEntry>,
    /// Entries that the log had no more room for.
    pub omitted: u64,
}

/// How far and how fast a job was at one moment of writing, comparing or reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sample {
    /// Milliseconds since it began.
    pub milliseconds: u64,
    /// What it did.
    pub phase: Phase,
    /// Blocks written, read or compared.
    pub done_blocks: u64,
    /// Blocks in all.
    pub total_blocks: u64,
    /// Blocks that could not be read so far, or that differ from the image.
    pub bad_blocks: u64,
    /// Over the last seconds.
    pub bytes_per_second: u64,
    /// How full the agent's buffer was.
    pub buffer_percent: u8,
    /// How full the drive's buffer was, where it tells.
    pub drive_buffer_percent: Option<u8>,
}

/// Something that happened, once or several times in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// Milliseconds since the job began.
    pub milliseconds: u64,
    /// The same of the last time.
    pub until: u64,
    /// How often.
    pub times: u64,
    /// What it was.
    #[serde(flatten)]
    pub what: Happening,
}

/// What can happen to a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Happening {
    /// It began with something else.
    Phase {
        /// With what.
        phase: Phase,
    },
    /// The drive took a speed of writing.
    Speed {
        /// Kilobytes (1000 bytes) per second.
        kb_per_second: u32,
    },
    /// The drive did not do at once what it was told. Much of this is harmless: a buffer that is full, a command that an
    /// older drive does not know.
    Refused {
        /// What the standard calls the command.
        command: String,
        /// Block of the disc that the first of them began with, where they are about blocks.
        first_block: Option<u32>,
        /// The same of the last.
        last_block: Option<u32>,
        /// What the drive gave as the reason.
        sense: Option<SenseTriple>,
        /// The same in words.
        text: String,
    },
    /// The image reaches beyond what the disc says it holds.
    Overburn {
        /// By so many blocks.
        blocks: u32,
    },
    /// Someone asked to give the job up.
    CancelAsked,
}

impl From<&Refusal> for Happening {
    fn from(refusal: &Refusal) -> Self {
        Self::Refused {
            command: refusal.command.to_owned(),
            first_block: refusal.block,
            last_block: refusal.block,
            sense: refusal.sense.map(SenseTriple::from),
            text: refusal.text.clone(),
        }
    }
}

impl Happening {
    /// Takes up the next one, if it is the same once more.
    fn joined(&mut self, next: &Self) -> bool {
        let Self::Refused { command, last_block, sense, text, .. } = self else { return false };
        let Self::Refused { command: other, last_block: last, sense: why, text: words, .. } = next
        else {
            return false;
        };
        let same = (&*command, &*sense, &*text) == (other, why, words);
        if same {
            *last_block = *last;
        }
        same
    }
}

impl History {
    /// Its turn has come.
    pub fn begin(&mut self, now: Instant, time: String) {
        self.began = Some((now, time));
        self.enter(Phase::Preparing, now);
    }

    /// Takes up how far it is.
    pub fn progress(&mut self, phase: Phase, progress: &Progress, now: Instant) {
        self.enter(phase, now);
        let moves = matches!(phase, Phase::Writing | Phase::Verifying | Phase::Reading);
        if !moves || progress.done_blocks == 0 {
            return;
        }
        let sample = Sample {
            milliseconds: self.since(now),
            phase,
            done_blocks: progress.done_blocks,
            total_blocks: progress.total_blocks,
            bad_blocks: progress.bad_blocks,
            bytes_per_second: progress.bytes_per_second,
            buffer_percent: progress.buffer_percent,
            drive_buffer_percent: progress.drive_buffer_percent,
        };
        let is_end = progress.done_blocks == progress.total_blocks;
        let due = self.samples[self.phase_start..].last().is_none_or(|last| {
            let elapsed = Duration::from_millis(sample.milliseconds - last.milliseconds);
            elapsed >= self.step || is_end && last.done_blocks < sample.done_blocks
        });
        if due {
            self.samples.push(sample);
            self.thin();
        }
    }

    /// Puts down something that happened.
    pub fn happened(&mut self, what: Happening, now: Instant) {
        let milliseconds = self.since(now);
        if self.log.len() >= MOST_ENTRIES && !matches!(what, Happening::Phase { .. }) {
            self.omitted += 1;
            return;
        }
        if let Some(last) = self.log.last_mut()
            && last.what.joined(&what)
        {
            last.times += 1;
            last.until = milliseconds;
            return;
        }
        self.log.push(LogEntry { milliseconds, until: milliseconds, times: 1, what });
    }

    /// So many blocks are going to be read.
    pub fn begin_map(&mut self, blocks: u32) {
        self.map = BlockMap::new(blocks);
    }

    /// Puts down what is known of some blocks.
    pub fn blocks(&mut self, checked: Checked) {
        self.map.set(checked);
    }

    /// All of it, but the map.
    #[must_use]
    pub fn told(&self) -> JobHistory {
        JobHistory {
            began: self.began.as_ref().map(|(_, time)| time.clone()),
            samples: self.samples.clone(),
            log: self.log.clone(),
            omitted: self.omitted,
        }
    }

    /// The map of what was read.
    #[must_use]
    pub fn map(&self) -> JobMap {
        self.map.told()
    }

    fn enter(&mut self, phase: Phase, now: Instant) {
        if self.phase == Some(phase) {
            return;
        }
        self.phase = Some(phase);
        self.phase_start = self.samples.len();
        self.step = FIRST_STEP;
        self.happened(Happening::Phase { phase }, now);
    }

    fn since(&self, now: Instant) -> u64 {
        let began = self.began.as_ref().map_or(now, |(began, _)| *began);
        u64::try_from(now.saturating_duration_since(began).as_millis()).unwrap_or(u64::MAX)
    }

    /// Gives up every second sample of this phase where there are too many. The last one stays.
    fn thin(&mut self) {
        if self.samples.len() - self.phase_start <= MOST_SAMPLES {
            return;
        }
        let mut at = 0;
        let start = self.phase_start;
        self.samples.retain(|_| {
            at += 1;
            at <= start || (at - start) % 2 == 1
        });
        self.step *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(begin: Instant, milliseconds: u64) -> Instant {
        begin + Duration::from_millis(milliseconds)
    }

    fn done(done_blocks: u64, total_blocks: u64) -> Progress {
        Progress { done_blocks, total_blocks, bytes_per_second: 1000, ..Progress::default() }
    }

    fn refused(block: u32, asc: u8) -> Happening {
        Happening::Refused {
            command: "READ(10)".to_owned(),
            first_block: Some(block),
            last_block: Some(block),
            sense: Some(SenseTriple { key: 3, asc, ascq: 0 }),
            text: String::new(),
        }
    }

    #[test]
    fn a_long_job_keeps_few_samples_from_all_of_it() {
        let begin = Instant::now();
        let mut history = History::default();
        history.begin(begin, "now".to_owned());
        let total = 40_000;
        for step in 1..=total {
            history.progress(Phase::Writing, &done(step, total), at(begin, step * 250));
        }
        for step in 1..=100 {
            let now = at(begin, total * 250 + step * 250);
            history.progress(Phase::Verifying, &done(step, 100), now);
        }
        let samples = history.told().samples;
        let writing: Vec<_> = samples.iter().filter(|it| it.phase == Phase::Writing).collect();
        assert!(writing.len() > 200 && writing.len() <= 401, "{}", writing.len());
        assert_eq!((writing[0].done_blocks, writing.last().unwrap().done_blocks), (1, total));
        let gaps = writing.windows(2).map(|pair| pair[1].done_blocks - pair[0].done_blocks);
        assert!(gaps.clone().max().unwrap() <= 512, "{:?}", gaps.max());
        assert_eq!(samples.len() - writing.len(), 100, "another phase begins anew");
    }

    #[test]
    fn what_happens_again_and_again_is_one_entry() {
        let begin = Instant::now();
        let mut history = History::default();
        history.begin(begin, "now".to_owned());
        history.happened(refused(100, 0x11), at(begin, 10));
        history.happened(refused(140, 0x11), at(begin, 20));
        history.happened(refused(140, 0x02), at(begin, 30));
        let log = history.told().log;
        assert_eq!(log.len(), 3);
        assert_eq!(log[0].what, Happening::Phase { phase: Phase::Preparing });
        assert_eq!((log[1].milliseconds, log[1].until, log[1].times), (10, 20, 2));
        let Happening::Refused { first_block, last_block, .. } = log[1].what else { panic!() };
        assert_eq!((first_block, last_block), (Some(100), Some(140)));
    }

    #[test]
    fn a_log_that_is_full_says_so_and_still_tells_phases() {
        let begin = Instant::now();
        let mut history = History::default();
        history.begin(begin, "now".to_owned());
        for block in 0..600 {
            history.happened(refused(block, (block % 2) as u8), begin);
        }
        history.progress(Phase::Closing, &done(0, 1), begin);
        let told = history.told();
        assert_eq!((told.log.len(), told.omitted), (MOST_ENTRIES + 1, 101));
    }
}
