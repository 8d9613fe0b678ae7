//! DVD-RW in restricted overwrite mode: written anywhere in units of 32 KiB, grown first if it was formatted quickly.

use super::{Job, Recipe, Step};
use crate::mmc::{Closing, Format, format_kind, format_unit};

/// Packets have this length and cannot be split. MMC-6 4.4.2.
const UNIT: u16 = 16;

pub(super) fn recipe(job: Job<'_>) -> Recipe {
    let formats = job.facts.formats.as_ref();
    let grow = formats.and_then(|formats| formats.format(format_kind::DVD_RW_QUICK_GROW));
    let mut steps = job.opening();
    if let Some(offered) = grow {
        // Size 0: the border-in only; the session grows as it is written.
        let format = Format { blocks: 0, ..offered };
        steps.push(Step::Format(format_unit(format, 0, false)));
    }
    steps.extend([Step::Write, Step::Flush]);
    if grow.is_some() {
        steps.push(Step::Close { closing: Closing::Session, optional: true });
    }
    steps.extend([Step::ConfirmDisc, Step::ConfirmTrack, Step::Lock(false)]);
    job.overwriting(steps, UNIT)
}
