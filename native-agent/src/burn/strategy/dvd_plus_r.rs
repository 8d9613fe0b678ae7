//! DVD+R with one or two layers: one track per session, closed in two commands.

use super::{Job, Recipe, Step, layers};
use crate::mmc::Closing;

/// ECC block.
const UNIT: u16 = 16;

pub(super) fn recipe(job: Job<'_>) -> Recipe {
    let closing = if job.options.close { Closing::Finalize } else { Closing::Session };
    let mut steps = job.opening();
    steps.extend(layers::step(job, job.options.close));
    steps.push(job.address_questions());
    steps.extend([Step::Write, Step::Flush]);
    steps.extend(ending(closing));
    job.appending(steps, UNIT)
}

/// Track, session, and the proof. MMC-6 6.3.
pub(super) const fn ending(closing: Closing) -> [Step; 5] {
    [
        Step::CloseTrack,
        Step::Close { closing, optional: false },
        Step::ConfirmDisc,
        Step::ConfirmTrack,
        Step::Lock(false),
    ]
}
