//! Whether the disc holds what was sent.

use core::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::{
    BurnError, Checked, Condition, DiscFate, Event, Phase, Progress, Refusal,
    blocks::{BlockReader, PIECE},
    meter::Meter,
};
use crate::{
    mmc::{
        BLOCK, DiscInformation, DiscStatus, TrackInformation, read_disc_information,
        read_track_information,
    },
    scsi::{Transport, opcode},
    source::{BlockRange, DamagedFile, ImageSource},
};

/// Pieces that a quick verification looks at, first and last among them.
const SAMPLES: u32 = 16;
/// Ranges that are listed; a disc with more is listed no further.
const MAX_RANGES: usize = 1000;
/// How often progress is reported.
const REPORT_INTERVAL: Duration = Duration::from_millis(200);

/// How much is read back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Level {
    /// Nothing.
    None,
    /// Disc and track information, and samples from start to end.
    #[default]
    Quick,
    /// Every block.
    Full,
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// How much was read back.
    pub level: Level,
    /// Blocks that were read back.
    pub checked_blocks: u32,
    /// Blocks that differ or cannot be read, listed below or not.
    pub bad_blocks: u32,
    /// Blocks that are on the disc, but are not those of the image.
    pub different: Vec<BlockRange>,
    /// Blocks that could not be read.
    pub unreadable: Vec<BlockRange>,
    /// Files of the image that have such blocks, as far as the image tells.
    pub files: Vec<DamagedFile>,
    /// SHA-256 of the disc, after a full verification in which every block could be read.
    pub sha256: Option<[u8; 32]>,
    /// What is wrong with the disc as a whole.
    pub fault: Option<String>,
}

impl Verification {
    /// Whether the disc holds what was sent, as far as was looked.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        self.different.is_empty() && self.unreadable.is_empty() && self.fault.is_none()
    }
}

/// Reads a disc back from block `start` on and compares it with the image.
///
/// `sent` is the digest that [`run`](super::run) gave: in a full verification the digest of the disc is compared with
/// it as well, which notices a source that changed since.
///
/// # Errors
/// A [`BurnError`] if the comparison could not be made. A disc that is not good is no error but a [`Verification`].
pub fn verify(
    transport: &mut dyn Transport,
    source: &mut dyn ImageSource,
    start: u32,
    level: Level,
    sent: Option<[u8; 32]>,
    cancel: &AtomicBool,
    on_event: &mut dyn FnMut(Event),
) -> Result<Verification, BurnError> {
    if level == Level::None {
        return Ok(Verification { level, ..Verification::default() });
    }
    on_event(Event::Phase(Phase::Verifying));
    let mut reader = BlockReader::new(transport, cancel, 1)?;
    let mut fault = structure_fault(&mut reader)?;
    let mut pieces = pieces(source.len_blocks(), level);
    if start.checked_add(source.len_blocks()).is_none() {
        fault = Some("the image would reach behind the last address of a disc".to_owned());
        pieces.clear();
    }
    let total = pieces.iter().map(|piece| u32::from(piece.1)).sum();
    let mut comparison = Comparison {
        found: Verification { level, fault, ..Verification::default() },
        digest: Sha256::new(),
        meter: Meter::new(Instant::now(), total),
        total,
        reported: None,
    };
    for (block, blocks) in pieces {
        let lba = start + block;
        let mut wanted = vec![0; usize::from(blocks) * BLOCK];
        source.read(block, &mut wanted).map_err(|source| BurnError::Source {
            block,
            fate: DiscFate::AsItWas,
            source,
        })?;
        let piece = reader.read(lba, blocks)?;
        if let Some(error) = &piece.refused {
            on_event(Event::Refused(Refusal::new(opcode::READ_10, Some(lba), error)));
        }
        let unreadable = |block: u32| piece.unreadable.contains(&(start + block));
        let read = if piece.refused.is_some() { Condition::Weak } else { Condition::Good };
        for checked in comparison.compare((block, read), &piece.bytes, &wanted, unreadable) {
            on_event(Event::Blocks(checked));
        }
        comparison.report(on_event);
    }
    let mut found = comparison.finish(sent);
    let bad = [found.different.as_slice(), found.unreadable.as_slice()].concat();
    found.files = source.files_in(start, &bad);
    Ok(found)
}

/// First block and number of blocks of everything that is read.
fn pieces(blocks: u32, level: Level) -> Vec<(u32, u16)> {
    let count = blocks.div_ceil(u32::from(PIECE));
    let step = if level == Level::Full { 1 } else { count.div_ceil(SAMPLES).max(1) };
    let last = count.saturating_sub(1);
    let mut chosen: Vec<u32> = (0..count).step_by(step as usize).collect();
    if chosen.last().is_some_and(|&chosen| chosen != last) {
        chosen.push(last);
    }
    let piece = |index: u32| {
        let first = index * u32::from(PIECE);
        (first, PIECE.min(u16::try_from(blocks - first).unwrap_or(PIECE)))
    };
    chosen.into_iter().map(piece).collect()
}

/// Whether the disc shows itself as something that can be read.
fn structure_fault(reader: &mut BlockReader<'_>) -> Result<Option<String>, BurnError> {
    let answer = reader
        .drive()
        .ask(&read_disc_information())
        .map_err(|source| BurnError::Read { lba: 0, source })?;
    let Ok(disc) = DiscInformation::parse(&answer) else {
        return Ok(Some("the drive does not understand the disc".to_owned()));
    };
    if disc.status == DiscStatus::Empty {
        return Ok(Some("the disc is blank".to_owned()));
    }
    for track in disc.first_track.max(1)..=disc.last_track {
        reader.check_cancelled()?;
        let question = read_track_information(u32::from(track));
        let answer = reader
            .drive()
            .ask_optional(&question)
            .map_err(|source| BurnError::Read { lba: 0, source })?;
        let track_info = answer.and_then(|answer| TrackInformation::parse(&answer).ok());
        if track_info.is_some_and(|info| info.damaged) {
            return Ok(Some(format!("track {track} is damaged")));
        }
    }
    Ok(None)
}

struct Comparison {
    found: Verification,
    digest: Sha256,
    meter: Meter,
    total: u32,
    reported: Option<Instant>,
}

impl Comparison {
    /// Compares a piece, whose blocks are in condition `read` where they agree.
    fn compare(
        &mut self,
        (first, read): (u32, Condition),
        disc: &[u8],
        wanted: &[u8],
        unreadable: impl Fn(u32) -> bool,
    ) -> Vec<Checked> {
        let mut conditions = Vec::new();
        let pairs = disc.chunks_exact(BLOCK).zip(wanted.chunks_exact(BLOCK));
        for (block, (found, wanted)) in (first..).zip(pairs) {
            let condition = if unreadable(block) {
                add(&mut self.found.unreadable, block);
                Condition::Unreadable
            } else if found != wanted {
                add(&mut self.found.different, block);
                Condition::Different
            } else {
                read
            };
            Checked::add(&mut conditions, block, condition);
            self.found.bad_blocks += u32::from(condition != read);
            self.found.checked_blocks += 1;
        }
        self.digest.update(disc);
        conditions
    }

    fn report(&mut self, on_event: &mut dyn FnMut(Event)) {
        let now = Instant::now();
        let done = self.found.checked_blocks;
        self.meter.note(now, done);
        let recent = self.reported.is_some_and(|then| now.duration_since(then) < REPORT_INTERVAL);
        if recent && done < self.total {
            return;
        }
        self.reported = Some(now);
        on_event(Event::Progress(Progress {
            phase: Phase::Verifying,
            done_blocks: done,
            total_blocks: self.total,
            bad_blocks: self.found.bad_blocks,
            buffer_percent: 0,
            drive_buffer_percent: None,
            bytes_per_second: self.meter.bytes_per_second(),
            seconds_left: self.meter.seconds_left(done),
        }));
    }

    fn finish(mut self, sent: Option<[u8; 32]>) -> Verification {
        if self.found.level == Level::Full && self.found.unreadable.is_empty() {
            let disc: [u8; 32] = self.digest.finalize().into();
            self.found.sha256 = Some(disc);
            if self.found.is_good() && sent.is_some_and(|sent| sent != disc) {
                let what = "the disc agrees with the source, but not with what was sent";
                self.found.fault = Some(what.to_owned());
            }
        }
        self.found
    }
}

/// Adds a block behind those that are listed.
fn add(ranges: &mut Vec<BlockRange>, block: u32) {
    let has_room = ranges.len() < MAX_RANGES;
    match ranges.last_mut() {
        Some(range) if range.first + range.blocks == block => range.blocks += 1,
        _ if has_room => ranges.push(BlockRange { first: block, blocks: 1 }),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_begin_and_end_with_the_image() {
        assert_eq!(pieces(70, Level::Full), [(0, 32), (32, 32), (64, 6)]);
        let quick = pieces(100_000, Level::Quick);
        assert!(quick.len() <= SAMPLES as usize + 1);
        assert_eq!((quick[0], *quick.last().unwrap()), ((0, 32), (99_968, 32)));
        assert_eq!(pieces(1, Level::Quick), [(0, 1)]);
        assert_eq!(pieces(0, Level::Full), []);
    }

    #[test]
    fn ranges_grow() {
        let mut ranges = Vec::new();
        [3, 4, 9].into_iter().for_each(|block| add(&mut ranges, block));
        let range = |first, blocks| BlockRange { first, blocks };
        assert_eq!(ranges, [range(3, 2), range(9, 1)]);
    }
}
