//! From a disc to an image.

use core::{sync::atomic::AtomicBool, time::Duration};
use std::{io::Write, time::Instant};

use sha2::{Digest, Sha256};

use super::{
    BlockRange, BurnError, Event, Phase, Progress,
    blocks::{BlockReader, PIECE},
    meter::Meter,
};
use crate::{
    mmc::{BLOCK, Capacity, read_10, read_capacity},
    scsi::Transport,
};

/// How often progress is reported.
const REPORT_INTERVAL: Duration = Duration::from_millis(200);
/// Volume space size in the primary volume descriptor. ECMA-119 8.4.8.
const DESCRIPTOR_BLOCK: u32 = 16;
const VOLUME_SPACE_SIZE: usize = 80;

/// How to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// Blocks to read; all of them if none.
    pub blocks: Option<u32>,
    /// How often a block that cannot be read is tried again.
    pub retries: u8,
    /// Put zeros where a block cannot be read, instead of giving up.
    pub salvage: bool,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { blocks: None, retries: 3, salvage: false }
    }
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOutcome {
    /// Blocks written to the sink.
    pub blocks: u32,
    /// SHA-256 of them.
    pub sha256: [u8; 32],
    /// Blocks that hold zeros because they could not be read.
    pub unreadable: Vec<BlockRange>,
}

/// Reads a disc from its first block on into a sink.
///
/// # Errors
/// A [`BurnError`]; what the sink got until then is no complete image.
pub fn read(
    transport: &mut dyn Transport,
    sink: &mut dyn Write,
    options: &ReadOptions,
    cancel: &AtomicBool,
    on_event: &mut dyn FnMut(Event),
) -> Result<ReadOutcome, BurnError> {
    on_event(Event::Phase(Phase::Reading));
    let mut reader = BlockReader::new(transport, cancel, options.retries)?;
    let total = match options.blocks {
        Some(blocks) => blocks,
        None => capacity(&mut reader)?,
    };
    let mut digest = Sha256::new();
    let mut unreadable: Vec<BlockRange> = Vec::new();
    let mut meter = Meter::new(Instant::now(), total);
    let mut reported: Option<Instant> = None;
    let mut lba = 0;
    while lba < total {
        let blocks = PIECE.min(u16::try_from(total - lba).unwrap_or(PIECE));
        let piece = reader.read(lba, blocks)?;
        if let (Some(source), false) = (piece.error, options.salvage) {
            let lba = piece.unreadable.first().copied().unwrap_or(lba);
            return Err(BurnError::Read { lba, source });
        }
        piece.unreadable.into_iter().for_each(|block| super::verify::add(&mut unreadable, block));
        digest.update(&piece.bytes);
        sink.write_all(&piece.bytes).map_err(BurnError::Sink)?;
        lba += u32::from(blocks);
        let now = Instant::now();
        meter.note(now, lba);
        if lba == total || reported.is_none_or(|then| now.duration_since(then) >= REPORT_INTERVAL) {
            reported = Some(now);
            on_event(Event::Progress(progress(&meter, lba, total)));
        }
    }
    sink.flush().map_err(BurnError::Sink)?;
    Ok(ReadOutcome { blocks: total, sha256: digest.finalize().into(), unreadable })
}

fn progress(meter: &Meter, done: u32, total: u32) -> Progress {
    Progress {
        phase: Phase::Reading,
        done_blocks: done,
        total_blocks: total,
        buffer_percent: 0,
        drive_buffer_percent: None,
        bytes_per_second: meter.bytes_per_second(),
        seconds_left: meter.seconds_left(done),
    }
}

/// All blocks that can be read.
fn capacity(reader: &mut BlockReader<'_>) -> Result<u32, BurnError> {
    let failed = |source| BurnError::Read { lba: 0, source };
    let answer = reader.drive().ask(&read_capacity()).map_err(failed)?;
    let capacity = Capacity::parse(&answer).map_err(|source| BurnError::Answer {
        doing: "asking for the capacity",
        fate: super::DiscFate::AsItWas,
        source,
    })?;
    Ok(capacity.blocks)
}

/// How many blocks the ISO 9660 volume on the disc says it has, which on a rewritable disc is less than all.
///
/// # Errors
/// [`BurnError::Read`] if the drive does not answer; a disc without such a volume is `None`.
pub fn volume_blocks(
    transport: &mut dyn Transport,
    cancel: &AtomicBool,
) -> Result<Option<u32>, BurnError> {
    let mut reader = BlockReader::new(transport, cancel, 0)?;
    let question = read_10(DESCRIPTOR_BLOCK, 1);
    let block = reader
        .drive()
        .ask_optional(&question)
        .map_err(|source| BurnError::Read { lba: DESCRIPTOR_BLOCK, source })?;
    Ok(block.filter(|block| block.len() == BLOCK && &block[1..6] == b"CD001").and_then(|block| {
        block[VOLUME_SPACE_SIZE..].first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
    }))
}
