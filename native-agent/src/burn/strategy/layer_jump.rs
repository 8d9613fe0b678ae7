//! DVD-R DL with layer jumps: the session is recorded in layer 0, and what lies opposite to it in layer 1 is filled up when it
//! is closed, so that another session can follow. MMC-6 4.3.7, 5.3.25.
//!
//! A jump in the middle of an image would tear it apart: behind block `J` of layer 0 comes block `2M - 1 - J`, where `M` is the
//! first of layer 1. At the end of layer 0, where `J` is `M - 1`, that is the next block. So the drive is told to jump there and
//! nowhere else, and an image that needs both layers lies in one piece as well. It is the last that the disc takes.

use super::{Job, Recipe, Step, dvd_minus_r, dvd_plus_r};
use crate::{
    burn::BurnError,
    mmc::{
        Closing, MediumStatus, Profile, WriteType, feature, mode_select_write_parameters,
        send_layer_jump,
    },
};

pub(super) fn recipe(job: Job<'_>) -> Result<Recipe, BurnError> {
    let first_layer = check(job).map_err(|reason| {
        let label = job.facts.label();
        BurnError::NoLayerJump { label, reason }
    })?;
    let parameters = dvd_minus_r::parameters(job, WriteType::LayerJump, !job.options.close);
    let mut steps = job.opening();
    steps.extend([
        Step::Prepare(mode_select_write_parameters(parameters)),
        Step::Prepare(send_layer_jump(first_layer - 1)),
        Step::ConfirmAddress(vec![u32::from(job.track())]),
        Step::Write,
        Step::Flush,
    ]);
    steps.extend(dvd_plus_r::ending(Closing::Session));
    Ok(dvd_minus_r::rehearsed(job, steps))
}

/// Blocks of layer 0, if the drive can jump from there on this disc.
fn check(job: Job<'_>) -> Result<u32, &'static str> {
    let (facts, begun) = (job.facts, job.facts.profile == Profile::DVD_R_DL_JUMP);
    if !begun && facts.profile != Profile::DVD_R_DL {
        return Err("only a DVD-R DL can");
    }
    if !begun && facts.status != MediumStatus::Blank {
        return Err("it is recorded otherwise");
    }
    if job.configuration.feature(feature::LAYER_JUMP).is_none() {
        return Err("the drive does not know how");
    }
    if job.options.layer_break.is_some() {
        return Err("where its first layer ends is for the drive to say");
    }
    let first_layer = facts.layer_boundary.map(|boundary| boundary.blocks);
    first_layer
        .filter(|blocks| *blocks > 0)
        .ok_or("the drive does not say where its first layer ends")
}
