//! BD-RE: formatted once, then written anywhere. The drive verifies what it writes. Nothing is closed.

use super::{Job, Recipe, Step};
use crate::mmc::{Configuration, feature, format_kind, format_unit};

/// ECC block.
const UNIT: u16 = 32;

pub(super) fn recipe(job: Job<'_>) -> Recipe {
    let mut steps = job.opening();
    steps.extend(format_step(job));
    steps.extend([
        Step::Write,
        Step::Flush,
        Step::ConfirmDisc,
        Step::ConfirmTrack,
        Step::Lock(false),
    ]);
    job.overwriting(steps, UNIT)
}

/// FORMAT UNIT with spare areas, or without where the drive offers nothing else. MMC-6 6.4.3.4.13, 6.4.3.4.14.
fn format_step(job: Job<'_>) -> Option<Step> {
    if job.facts.formatted {
        return None;
    }
    let formats = job.facts.formats.as_ref()?;
    let format = formats
        .format(format_kind::BD_RE_SPARE)
        .or_else(|| formats.format(format_kind::BD_RE_NO_SPARE))?;
    let sub_kind =
        if format.kind == format_kind::BD_RE_SPARE { certification(job.configuration) } else { 0 };
    Some(Step::Format(format_unit(format, sub_kind, false)))
}

/// Quick certification if the drive has it, else full, else none: bits 1 and 0 of byte 4 of the Formattable feature.
/// MMC-6 5.3.10.
fn certification(configuration: &Configuration) -> u8 {
    const QUICK: u8 = 0b11;
    const FULL: u8 = 0b10;
    let bits = configuration
        .feature(feature::FORMATTABLE)
        .and_then(|feature| feature.data.first().copied())
        .unwrap_or(0);
    match bits & 0b11 {
        0b10 | 0b11 => QUICK,
        0b01 => FULL,
        _ => 0,
    }
}
