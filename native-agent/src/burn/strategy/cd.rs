//! CD-R and CD-RW: a track at once in a session of its own, the whole session at once, or [raw](super::cd_raw).
//!
//! A track written by itself ends with two blocks that nobody can read, which the blocks after its last one show as errors. A
//! session at once has none, so a disc that is to be closed is written so where the drive can.

use super::{Job, Recipe, Step, cd_raw};
use crate::{
    burn::{BurnError, WriteMode},
    mmc::{
        BlockType, CdWriteMode, Closing, CueSheet, MediumStatus, PAUSE, SHORTEST_TRACK,
        SessionState, WriteParameters, WriteType, mode_select_write_parameters, send_cue_sheet,
    },
};

/// 32 KiB, which every adapter passes on.
const UNIT: u16 = 16;
/// Data, uninterrupted. MMC-6 7.5.4.8.
const TRACK_MODE_DATA: u8 = 4;

pub(super) fn recipe(job: Job<'_>) -> Result<Recipe, BurnError> {
    let sheet = cue_sheet(job);
    match (job.options.write_mode, sheet) {
        (WriteMode::SessionAtOnce, Some(sheet)) => Ok(session_at_once(job, &sheet)),
        (WriteMode::SessionAtOnce, None) => {
            let reason = "a session at once begins where none is open, and ends before 90 minutes";
            Err(BurnError::NotWritable { label: job.facts.label(), reason: reason.to_owned() })
        }
        (WriteMode::Automatic, Some(sheet))
            if is_blank(job) && job.options.close && may_be_at_once(job) =>
        {
            // A drive that refuses what it promised, before anything is written, is told another way.
            let fallback = Some(Box::new(track_at_once(job)));
            Ok(Recipe { fallback, ..session_at_once(job, &sheet) })
        }
        (WriteMode::Automatic | WriteMode::TrackAtOnce, _) => Ok(track_at_once(job)),
        (WriteMode::Raw, _) => cd_raw::recipe(job),
    }
}

fn is_blank(job: Job<'_>) -> bool {
    job.facts.status == MediumStatus::Blank && job.facts.next_writable.unwrap_or(0) == 0
}

/// What the session will look like; `None` if one is open, which a session at once cannot go on with, or if it would end
/// behind what times can name.
///
/// The next writable address is that of the first block, behind the pause, whichever session it is. cdrdao writes later
/// sessions so; libburn writes the first only.
fn cue_sheet(job: Job<'_>) -> Option<CueSheet> {
    let between = job.facts.disc.last_session == SessionState::Empty;
    if !is_blank(job) && !between {
        return None;
    }
    let start = job.facts.next_writable.unwrap_or(0);
    CueSheet::of_data(u8::try_from(job.track()).ok()?, start, job.blocks.max(SHORTEST_TRACK))
}

/// Whether the drive offers sessions at once, or hides the feature that tells, as CDEmu does: then it shows when it is asked to
/// write so.
fn may_be_at_once(job: Job<'_>) -> bool {
    CdWriteMode::SessionAtOnce.offered(job.configuration) != Some(false)
}

/// The pause, the track and the lead-out that the cue sheet tells of; the drive closes by itself.
fn session_at_once(job: Job<'_>, sheet: &CueSheet) -> Recipe {
    let mut steps = job.opening();
    steps.extend([
        prepare(job, WriteType::SessionAtOnce, BlockType::Mode1),
        Step::Prepare(send_cue_sheet(sheet)),
        Step::Write,
        Step::Flush,
        Step::ConfirmDisc,
        Step::ConfirmTrack,
        Step::Lock(false),
    ]);
    Recipe { pause: PAUSE, ..rehearsed(job, steps) }
}

/// The flush ends the track; a CLOSE TRACK beside it is an error of some drives (LG GH22LS30).
fn track_at_once(job: Job<'_>) -> Recipe {
    let mut steps = job.opening();
    // The LG GSA-4082B tells the right address only after the page.
    let page = prepare(job, WriteType::TrackAtOnce, BlockType::Mode1);
    steps.extend([page, job.address_questions()]);
    steps.extend([
        Step::Write,
        Step::Flush,
        Step::Close { closing: Closing::Session, optional: false },
        Step::ConfirmDisc,
        Step::ConfirmTrack,
        Step::Lock(false),
    ]);
    rehearsed(job, steps)
}

pub(super) fn prepare(job: Job<'_>, write_type: WriteType, block_type: BlockType) -> Step {
    Step::Prepare(mode_select_write_parameters(WriteParameters {
        write_type,
        block_type,
        multi_session: !job.options.close,
        test_write: job.options.simulate,
        link_size: None,
        packet_blocks: None,
        track_mode: TRACK_MODE_DATA,
    }))
}

/// With the laser off there is nothing to close and nothing to see.
fn rehearsed(job: Job<'_>, mut steps: Vec<Step>) -> Recipe {
    if job.options.simulate {
        steps.retain(|step| {
            !matches!(step, Step::Close { .. } | Step::ConfirmDisc | Step::ConfirmTrack)
        });
    }
    Recipe { rewritable: job.facts.rewritable, least: SHORTEST_TRACK, ..job.appending(steps, UNIT) }
}
