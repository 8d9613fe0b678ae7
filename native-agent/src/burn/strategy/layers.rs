//! Where a disc with two layers goes over from one to the other: in the middle of the image, so that a player that needs
//! both sees the change once and no layer is filled up with nothing. MMC-6 6.36.3.

use super::{super::BurnError, Job, Step};
use crate::mmc::{MediumFacts, MediumStatus, Profile, send_layer_boundary};

/// ECC block of a DVD.
const UNIT: u32 = 16;

/// SEND DISC STRUCTURE where the host chose the place, or where the image needs both layers and the disc is closed behind
/// it. A drive that knows the place already refuses, which is borne unless the host chose it.
pub(super) fn step(job: Job<'_>, closes: bool) -> Option<Step> {
    let format = job.facts.profile.layer_boundary_format()?;
    let boundary = job.facts.layer_boundary.filter(|boundary| !boundary.fixed)?;
    let chosen = job.options.layer_break;
    // A rehearsal must not use the disc up.
    if job.options.simulate {
        return None;
    }
    let automatic = (closes && job.blocks > boundary.blocks).then(|| middle(job.blocks));
    let blocks = chosen.or(automatic)?;
    let command = send_layer_boundary(format, blocks);
    Some(Step::LayerBreak { command, optional: chosen.is_none() })
}

/// Half of the image, filled up to whole ECC blocks.
fn middle(blocks: u32) -> u32 {
    blocks.div_ceil(UNIT).div_ceil(2) * UNIT
}

/// Whether the place that the host chose can be had.
///
/// # Errors
/// [`BurnError::BadLayerBreak`].
pub(in crate::burn) fn check(
    facts: &MediumFacts,
    needed: u32,
    chosen: Option<u32>,
) -> Result<(), BurnError> {
    let Some(chosen) = chosen else { return Ok(()) };
    let refused = |reason: String| Err(BurnError::BadLayerBreak { block: chosen, reason });
    let takes_one = facts.profile != Profile::DVD_R_DL_JUMP;
    if facts.profile.layer_boundary_format().is_none() || !takes_one {
        return refused(format!("a {} takes none", facts.label()));
    }
    let most = match facts.layer_boundary {
        Some(boundary) if !boundary.fixed && facts.status == MediumStatus::Blank => boundary.blocks,
        _ => return refused("that of the disc is fixed already".to_owned()),
    };
    if chosen == 0 || !chosen.is_multiple_of(UNIT) {
        return refused(format!("it has to be a multiple of {UNIT}"));
    }
    let least = needed.div_ceil(2);
    if !(least..=most).contains(&chosen) {
        return refused(format!("for this image it has to be from {least} to {most}"));
    }
    Ok(())
}
