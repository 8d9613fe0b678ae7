//! DVD-RAM: sold formatted, written anywhere, never closed.

use super::{Job, Recipe, Step};
use crate::mmc::{format_kind, format_unit};

/// ECC block.
const UNIT: u16 = 16;

pub(super) fn recipe(job: Job<'_>) -> Recipe {
    let mut steps = job.opening();
    if !job.facts.formatted {
        let formats = job.facts.formats.as_ref();
        let format = formats.and_then(|formats| formats.format(format_kind::FULL));
        steps.extend(format.map(|format| Step::Format(format_unit(format, 0, false))));
    }
    steps.extend([
        Step::Write,
        Step::Flush,
        Step::ConfirmDisc,
        Step::ConfirmTrack,
        Step::Lock(false),
    ]);
    job.overwriting(steps, UNIT)
}
