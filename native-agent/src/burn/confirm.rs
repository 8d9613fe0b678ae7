//! What the disc must show before it is written and after it was: success is never taken on trust.

use super::{
    BurnError, DiscFate,
    recipe::{Aim, Recipe},
};
use crate::mmc::{
    BackgroundFormat, DiscInformation, DiscStatus, ParseError, SessionState, TrackInformation,
};

/// Blocks before the first of a CD's track: 2 seconds. ECMA-130 20.2.
const PREGAP: u32 = 150;

/// Why an answer is not what it must be.
#[derive(Debug)]
pub(super) enum Doubt {
    Answer(ParseError),
    Moved { expected: u32, found: u32 },
    NotRecorded(String),
}

impl From<ParseError> for Doubt {
    fn from(error: ParseError) -> Self {
        Self::Answer(error)
    }
}

impl Doubt {
    pub(super) fn into_error(self, doing: &'static str, fate: DiscFate, aim: Aim) -> BurnError {
        match self {
            Self::Answer(source) => BurnError::Answer { doing, fate, source },
            Self::Moved { expected, found } => BurnError::Moved { expected, found, fate },
            Self::NotRecorded(what) => {
                // An image that cannot be relied on is none.
                let recorded = matches!(aim, Aim::Recorded | Aim::RecordedOpen);
                let spoiled = recorded && fate == DiscFate::Unclosed;
                let fate = if spoiled { DiscFate::Spoiled } else { fate };
                BurnError::NotRecorded { what, fate }
            }
        }
    }
}

/// Before writing: the track continues where the recipe begins.
pub(super) fn address(recipe: &Recipe, answer: &[u8]) -> Result<TrackInformation, Doubt> {
    let track = TrackInformation::parse(answer)?;
    let found = track.continues_at().unwrap_or(track.start);
    if found != recipe.start {
        return Err(Doubt::Moved { expected: recipe.start, found });
    }
    Ok(TrackInformation {
        track: if track.track == 0 { recipe.track } else { track.track },
        ..track
    })
}

/// Afterwards: the disc is what the recipe was to make of it.
pub(super) fn disc(recipe: &Recipe, answer: &[u8]) -> Result<DiscInformation, Doubt> {
    let disc = DiscInformation::parse(answer)?;
    let what = match recipe.aim {
        Aim::Recorded | Aim::RecordedOpen => return session(recipe, disc),
        Aim::Blank if disc.status != DiscStatus::Empty => "the disc is not blank",
        Aim::Formatted if recipe.rewritable && !is_formatted(&disc) => "the disc is not formatted",
        Aim::Closed if !is_closed(&disc) => "the disc is not closed",
        _ => return Ok(disc),
    };
    Err(Doubt::NotRecorded(what.to_owned()))
}

fn is_formatted(disc: &DiscInformation) -> bool {
    disc.status != DiscStatus::Empty || disc.background_format != BackgroundFormat::None
}

/// Rewritable discs have but one session, which is open or closed.
fn is_closed(disc: &DiscInformation) -> bool {
    match disc.status {
        DiscStatus::Finalized | DiscStatus::Other => {
            disc.background_format != BackgroundFormat::Running
        }
        DiscStatus::Empty | DiscStatus::Incomplete => false,
    }
}

/// After writing: the disc has a session, closed as far as it was to be closed.
fn session(recipe: &Recipe, disc: DiscInformation) -> Result<DiscInformation, Doubt> {
    if !recipe.sequential {
        return Ok(disc);
    }
    let open = disc.last_session == SessionState::Incomplete && recipe.aim != Aim::RecordedOpen;
    let what = match disc.status {
        DiscStatus::Empty => "the disc is still blank",
        DiscStatus::Incomplete if recipe.finalizes => "the disc is not closed",
        DiscStatus::Incomplete if open => "the session is not closed",
        DiscStatus::Incomplete if disc.last_session == SessionState::Damaged => {
            "the session is damaged"
        }
        _ => return Ok(disc),
    };
    Err(Doubt::NotRecorded(what.to_owned()))
}

/// After writing: the track holds all blocks.
pub(super) fn track(recipe: &Recipe, answer: &[u8]) -> Result<TrackInformation, Doubt> {
    let track = TrackInformation::parse(answer)?;
    if !recipe.sequential {
        return Ok(track);
    }
    // CDEmu counts the pre-gap of a CD's track to the track, of later tracks as well.
    let pregap = recipe.start.wrapping_sub(track.start);
    let what = if !matches!(pregap, 0 | PREGAP) {
        format!("its track begins at block {}, not at {}", track.start, recipe.start)
    } else if track.blank {
        "its track is still blank".to_owned()
    } else if track.size.saturating_sub(pregap) < recipe.blocks {
        format!("its track holds {} blocks of {}", track.size, recipe.blocks)
    } else if track.damaged {
        "its track is damaged".to_owned()
    } else {
        return Ok(track);
    };
    Err(Doubt::NotRecorded(what))
}
