//! What the disc must show before it is written and after it was: success is never taken on trust.

use super::{BurnError, DiscFate, recipe::Recipe};
use crate::mmc::{DiscInformation, DiscStatus, ParseError, SessionState, TrackInformation};

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
    pub(super) fn into_error(self, doing: &'static str, fate: DiscFate) -> BurnError {
        match self {
            Self::Answer(source) => BurnError::Answer { doing, fate, source },
            Self::Moved { expected, found } => BurnError::Moved { expected, found },
            Self::NotRecorded(what) => {
                let again = fate == DiscFate::Rewritable;
                BurnError::NotRecorded { what, fate: if again { fate } else { DiscFate::Spoiled } }
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

/// After writing: the disc has a session, closed as far as it was to be closed.
pub(super) fn disc(recipe: &Recipe, answer: &[u8]) -> Result<DiscInformation, Doubt> {
    let disc = DiscInformation::parse(answer)?;
    if !recipe.sequential {
        return Ok(disc);
    }
    let open = disc.last_session == SessionState::Incomplete;
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
    let what = if track.start != recipe.start {
        format!("its track begins at block {}, not at {}", track.start, recipe.start)
    } else if track.blank {
        "its track is still blank".to_owned()
    } else if track.size < recipe.blocks {
        format!("its track holds {} blocks of {}", track.size, recipe.blocks)
    } else if track.damaged {
        "its track is damaged".to_owned()
    } else {
        return Ok(track);
    };
    Err(Doubt::NotRecorded(what))
}
