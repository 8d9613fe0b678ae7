//! BD-R in sequential recording mode: like DVD+R, in units of 64 KiB.

use super::{Job, Recipe, Step, dvd_plus_r};
use crate::mmc::Closing;

/// ECC block.
const UNIT: u16 = 32;

pub(super) fn recipe(job: Job<'_>) -> Recipe {
    let closing = if job.options.close { Closing::Finalize } else { Closing::Session };
    let mut steps = job.opening();
    steps.push(job.address_questions());
    steps.extend([Step::Write, Step::Flush]);
    steps.extend(dvd_plus_r::ending(closing));
    job.appending(steps, UNIT)
}
