//! BD-R in sequential recording mode: like DVD+R, in units of 64 KiB. Formatted for pseudo-overwrite it keeps its session
//! open, so that blocks can be recorded again.

use super::{Job, Recipe, Step, dvd_plus_r};
use crate::{
    burn::recipe::Aim,
    mmc::{Closing, feature},
};

/// ECC block.
const UNIT: u16 = 32;

pub(super) fn recipe(job: Job<'_>) -> Recipe {
    let closing = if job.options.close { Closing::Finalize } else { Closing::Session };
    let stays_open = !job.options.close && job.configuration.is_current(feature::BD_R_POW);
    let mut steps = job.opening();
    steps.push(job.address_questions());
    steps.extend([Step::Write, Step::Flush]);
    steps.extend(dvd_plus_r::ending(closing));
    if stays_open {
        steps.retain(|step| !matches!(step, Step::Close { .. }));
    }
    let recipe = job.appending(steps, UNIT);
    Recipe { aim: if stays_open { Aim::RecordedOpen } else { Aim::Recorded }, ..recipe }
}
