//! DVD-RW in restricted overwrite mode: written anywhere in units of 32 KiB, grown first if it was formatted quickly.

use super::{Job, Recipe, Step};
use crate::mmc::{Closing, Format, Formatting, format_kind, format_unit};

/// Packets have this length and cannot be split. MMC-6 4.4.2.
const UNIT: u16 = 16;

pub(super) fn recipe(job: Job<'_>) -> Recipe {
    let grow = grow_step(job);
    // In the intermediate state the session grows as it is written, and has to be closed afterwards.
    let grows = grow.is_some() || formatting(job) == Some(Formatting::Unknown);
    let mut steps = job.opening();
    steps.extend(grow);
    steps.extend([Step::Write, Step::Flush]);
    if grows {
        steps.push(Step::Close { closing: Closing::Session, optional: true });
    }
    steps.extend([Step::ConfirmDisc, Step::ConfirmTrack, Step::Lock(false)]);
    Recipe { pad: UNIT, ..job.overwriting(steps, UNIT) }
}

fn formatting(job: Job<'_>) -> Option<Formatting> {
    job.facts.formats.as_ref().map(|formats| formats.formatting)
}

/// FORMAT UNIT type 13h where the image is longer than what is formatted and the drive can add to that. MMC-6 6.4.3.4.9.
fn grow_step(job: Job<'_>) -> Option<Step> {
    let formats = job.facts.formats.as_ref()?;
    let fits = formats.formatting == Formatting::Formatted && job.blocks <= formats.blocks;
    let offered = formats.format(format_kind::DVD_RW_QUICK_GROW)?;
    // Size 0: the border-in only; the session grows as it is written.
    let format = Format { blocks: 0, ..offered };
    (!fits && offered.blocks > 0).then(|| Step::Format(format_unit(format, 0, false)))
}
