//! Closing without writing: CLOSE TRACK where one is open, then the form of CLOSE SESSION that ends the disc. MMC-6 6.3.

use super::{
    super::{
        BurnError,
        recipe::{Aim, Recipe, Step},
    },
    Job,
};
use crate::mmc::{
    BackgroundFormat, BlockType, Closing, DiscStatus, Formatting, Profile, SessionState,
    WriteParameters, WriteType, mode_select_write_parameters,
};

/// Write type incremental, multi-session 00b: the end of the session is that of the disc. MMC-6 7.5.4.5.
const LAST_SESSION: WriteParameters = WriteParameters {
    write_type: WriteType::Incremental,
    block_type: BlockType::Mode1,
    multi_session: false,
    test_write: false,
    link_size: Some(16),
    packet_blocks: Some(16),
    track_mode: 5,
};

/// The same on a CD, where a track at once is what can be open. MMC-6 7.5.4.
const LAST_CD_SESSION: WriteParameters = WriteParameters {
    write_type: WriteType::TrackAtOnce,
    link_size: None,
    packet_blocks: None,
    track_mode: 4,
    ..LAST_SESSION
};

pub(super) fn recipe(job: Job<'_>) -> Result<Recipe, BurnError> {
    let facts = job.facts;
    let close = |closing| Step::Close { closing, optional: false };
    let steps = match facts.profile {
        Profile::DVD_PLUS_R | Profile::DVD_PLUS_R_DL | Profile::BD_R => {
            check_open(job)?;
            let mut steps = open_track(job);
            steps.push(close(Closing::Finalize));
            steps
        }
        Profile::DVD_R | Profile::DVD_R_DL | Profile::DVD_R_DL_JUMP | Profile::DVD_RW => {
            check_open(job)?;
            let mut steps = vec![Step::Prepare(mode_select_write_parameters(LAST_SESSION))];
            steps.extend(open_track(job));
            steps.push(close(Closing::Session));
            steps
        }
        Profile::CD_R | Profile::CD_RW => {
            check_open(job)?;
            // A lead-out needs a track before it.
            if facts.disc.last_session != SessionState::Incomplete {
                return Err(nothing(job, "no session of it is open"));
            }
            // The flush ends a track that is open.
            let page = Step::Prepare(mode_select_write_parameters(LAST_CD_SESSION));
            vec![page, Step::Flush, close(Closing::Session)]
        }
        Profile::DVD_PLUS_RW if facts.disc.background_format == BackgroundFormat::Running => {
            let stop = Step::Close { closing: Closing::StopFormat, optional: true };
            vec![stop, close(Closing::Session)]
        }
        Profile::DVD_RW_OVERWRITE if is_intermediate(job) => vec![close(Closing::Session)],
        _ if facts.rewritable => return Err(nothing(job, "nothing of it is open")),
        _ => return Err(nothing(job, "there is no way to do that")),
    };
    Ok(job.recipe(Aim::Closed, steps))
}

fn check_open(job: Job<'_>) -> Result<(), BurnError> {
    match job.facts.disc.status {
        DiscStatus::Incomplete => Ok(()),
        DiscStatus::Empty => Err(nothing(job, "there is nothing on it")),
        DiscStatus::Finalized | DiscStatus::Other => Err(nothing(job, "it is closed already")),
    }
}

/// CLOSE TRACK where blocks were written to a track that is still open.
fn open_track(job: Job<'_>) -> Vec<Step> {
    let begun = job.facts.track.is_some_and(|track| !track.blank);
    // A track that broke off is mended by closing it, as far as that goes.
    let session = job.facts.disc.last_session;
    let open = matches!(session, SessionState::Incomplete | SessionState::Damaged) && begun;
    if open { vec![Step::CloseTrack] } else { Vec::new() }
}

/// The session of a DVD-RW that was formatted quickly and not closed since. MMC-6 6.23.3.2.
fn is_intermediate(job: Job<'_>) -> bool {
    job.facts.formats.as_ref().is_some_and(|formats| formats.formatting == Formatting::Unknown)
}

fn nothing(job: Job<'_>, reason: &'static str) -> BurnError {
    BurnError::NothingToClose { label: job.facts.label(), reason }
}
