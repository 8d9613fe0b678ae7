//! DVD+RW: formatted in the background while it is written; ending that makes it readable elsewhere.

use super::{Job, Recipe, Step};
use crate::mmc::{BackgroundFormat, Closing, Format, format_kind, format_unit};

/// ECC block.
const UNIT: u16 = 16;

pub(super) fn recipe(job: Job<'_>) -> Recipe {
    let state = job.facts.disc.background_format;
    let mut steps = job.opening();
    steps.extend(format_step(job, state));
    steps.extend([Step::Write, Step::Flush]);
    if state != BackgroundFormat::Complete {
        // First the formatting is stopped ("de-icing"), then the session ends. MMC-6 4.4.3.
        let close = |closing| Step::Close { closing, optional: true };
        steps.extend([close(Closing::StopFormat), close(Closing::Session)]);
    }
    steps.extend([Step::ConfirmDisc, Step::ConfirmTrack, Step::Lock(false)]);
    job.overwriting(steps, UNIT)
}

/// FORMAT UNIT type 26h over the whole disc, continued where it was stopped. MMC-6 6.4.3.4.12.
fn format_step(job: Job<'_>, state: BackgroundFormat) -> Option<Step> {
    let restart = state == BackgroundFormat::Stopped;
    if job.facts.formatted && !restart {
        return None;
    }
    let whole = Format { kind: format_kind::DVD_PLUS_RW, blocks: u32::MAX, parameter: [0; 3] };
    Some(Step::Format(format_unit(whole, 0, restart)))
}
