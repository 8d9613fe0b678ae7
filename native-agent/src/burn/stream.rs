//! Stream recording: writing without the drive's own check of what it wrote, twice as fast.

use super::{BurnError, Recipe};
use crate::{
    mmc::{MediumFacts, Profile, Quirk, Quirks},
    source::ImageSource,
};

/// Blocks of one WRITE: 64 KiB. In smaller ones some drives write rubbish on BD (LG GGW-H20L).
const UNIT: u16 = 32;
/// Where streaming begins when the image does not tell where its files do: 16 MiB.
const USUAL_START: u32 = 8192;

/// Has the files of an image written as a stream. What is before them, its directories, keeps the drive's own check and
/// its management of defects.
///
/// # Errors
/// [`BurnError::CannotStream`] on media that know no streaming, with drives that are known not to, and where the system
/// passes too little at once.
pub(super) fn stream(
    recipe: Recipe,
    facts: &MediumFacts,
    quirks: &Quirks,
    max_transfer: Option<u32>,
    source: &mut dyn ImageSource,
) -> Result<Recipe, BurnError> {
    let refused = |reason| Err(BurnError::CannotStream { label: facts.label(), reason });
    if !matches!(facts.profile, Profile::BD_RE | Profile::DVD_RAM) {
        return refused("only BD-RE and DVD-RAM know it");
    }
    if quirks.has(Quirk::NoStreaming) {
        return refused("this drive is known not to do it");
    }
    let least = u32::from(UNIT) * crate::mmc::BLOCK as u32;
    if max_transfer.is_some_and(|most| most < least) {
        return refused("the system passes less than 64 KiB at once to this drive");
    }
    let files = source.files_start().unwrap_or(USUAL_START);
    let start = files.checked_next_multiple_of(UNIT.into()).unwrap_or(u32::MAX);
    Ok(Recipe { unit: UNIT, stream_from: Some(start), ..recipe })
}
