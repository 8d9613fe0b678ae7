//! BLANK over the whole disc. MMC-6 6.2.

use super::{
    super::{
        BurnError,
        recipe::{Aim, Recipe, Step},
    },
    Job,
};
use crate::mmc::{BlankKind, Profile, blank};

pub(super) fn recipe(job: Job<'_>, full: bool) -> Result<Recipe, BurnError> {
    let facts = job.facts;
    let refused = |reason| BurnError::NotErasable { label: facts.label(), reason };
    match facts.profile {
        Profile::CD_RW | Profile::DVD_RW | Profile::DVD_RW_OVERWRITE => {}
        _ if facts.rewritable => return Err(refused("it is overwritten, or formatted anew")),
        _ => return Err(refused("what is written to it stays")),
    }
    let kind = if full { BlankKind::Disc } else { BlankKind::Minimal };
    Ok(job.recipe(Aim::Blank, [Step::Blank(blank(kind))]))
}
