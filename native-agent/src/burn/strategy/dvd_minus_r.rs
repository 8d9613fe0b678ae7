//! DVD-R, and DVD-RW while it is sequential: incremental recording where the medium allows it, else disc at once. A
//! DVD-R DL takes a single session, unless it is recorded with [layer jumps](super::layer_jump).

use super::{Job, Recipe, Step, dvd_plus_r, layers};
use crate::mmc::{
    BlockType, Closing, Profile, WriteParameters, WriteType, feature, mode_select_write_parameters,
};

/// ECC block, and length of a packet.
const UNIT: u16 = 16;
/// Data, recorded incrementally. MMC-6 7.5.4.9.
const TRACK_MODE_DATA: u8 = 5;
/// What every drive links with. MMC-6 5.3.8.
const LINK_BLOCKS: u8 = 16;

pub(super) fn recipe(job: Job<'_>) -> Recipe {
    let mut steps = job.opening();
    // A DVD-RW that was blanked quickly lost the feature, and can be written at once only.
    let incremental = job.configuration.is_current(feature::INCREMENTAL_STREAMING);
    let closes = closes(job) || !incremental;
    steps.extend(layers::step(job, closes));
    let ending = if incremental {
        let parameters = parameters(job, WriteType::Incremental, !closes);
        steps.push(Step::Prepare(mode_select_write_parameters(parameters)));
        steps.push(Step::ConfirmAddress(vec![u32::from(job.track())]));
        dvd_plus_r::ending(Closing::Session).to_vec()
    } else {
        steps.push(Step::Prepare(mode_select_write_parameters(at_once_parameters(job))));
        steps.push(Step::Reserve(padded(job.blocks)));
        vec![Step::ConfirmDisc, Step::ConfirmTrack, Step::Lock(false)]
    };
    steps.extend([Step::Write, Step::Flush]);
    steps.extend(ending);
    Recipe { finalizes: closes, ..rehearsed(job, steps) }
}

/// With the laser off there is nothing to see afterwards.
pub(super) fn rehearsed(job: Job<'_>, mut steps: Vec<Step>) -> Recipe {
    if job.options.simulate {
        steps.retain(|step| !matches!(step, Step::ConfirmDisc | Step::ConfirmTrack));
    }
    let recipe = job.appending(steps, UNIT);
    Recipe { pad: UNIT, rewritable: job.facts.rewritable, ..recipe }
}

/// Whether the end of the session is that of the disc. MMC-6 4.4.1, 7.5.4.5.
fn closes(job: Job<'_>) -> bool {
    job.options.close || job.facts.profile == Profile::DVD_R_DL
}

fn padded(blocks: u32) -> u32 {
    blocks.checked_next_multiple_of(u32::from(UNIT)).unwrap_or(blocks)
}

/// Of recording in packets, one behind the other.
pub(super) fn parameters(
    job: Job<'_>,
    write_type: WriteType,
    multi_session: bool,
) -> WriteParameters {
    WriteParameters {
        write_type,
        block_type: BlockType::Mode1,
        multi_session,
        test_write: job.options.simulate,
        link_size: Some(link_size(job)),
        packet_blocks: Some(u32::from(UNIT)),
        track_mode: TRACK_MODE_DATA,
    }
}

fn at_once_parameters(job: Job<'_>) -> WriteParameters {
    WriteParameters {
        write_type: WriteType::SessionAtOnce,
        block_type: BlockType::Mode1,
        multi_session: false,
        test_write: job.options.simulate,
        link_size: None,
        packet_blocks: None,
        track_mode: TRACK_MODE_DATA,
    }
}

/// The first link size of the feature: byte 7 counts them, byte 8 is the first. MMC-6 5.3.8.
fn link_size(job: Job<'_>) -> u8 {
    let feature = job.configuration.feature(feature::INCREMENTAL_STREAMING);
    match feature.map(|feature| &*feature.data) {
        Some([_, _, _, count, first, ..]) if *count > 0 => *first,
        _ => LINK_BLOCKS,
    }
}
