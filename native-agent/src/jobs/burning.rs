//! Burning an image of the spool, and comparing a disc with one.

use super::{
    history::Happening,
    job::{BurnOrder, Damage, Failure, Outcome, Phase, Progress, VerifyLevel, WriteMode},
    queue::Duty,
};
use crate::{
    burn::{self, Blame, BlockRange, BurnError, DiscFate, Event, Level, Options, Verification},
    identity::hex,
    problem::Problem,
    scsi::Transport,
    source::{ImageSource, spool::SpooledImage},
};

/// Burns, and reads back as much as the order asks for.
///
/// `is_real` says that the drive turns a disc: it can then be caught writing faster than discs turn.
pub(super) fn burn(
    drive: &mut dyn Transport,
    image: &mut SpooledImage,
    order: &BurnOrder,
    is_real: bool,
    duty: &Duty,
) -> Result<Outcome, Failure> {
    let options = Options {
        speed: order.speed,
        simulate: order.simulate,
        write_mode: match order.write_mode {
            WriteMode::Auto => burn::WriteMode::Automatic,
            WriteMode::Tao => burn::WriteMode::TrackAtOnce,
            WriteMode::Sao => burn::WriteMode::SessionAtOnce,
            WriteMode::Raw => burn::WriteMode::Raw,
        },
        close: order.close,
        overburn: order.overburn,
        layer_break: order.layer_break,
        layer_jump: order.layer_jump,
        stream: order.stream,
        medium: Some(order.medium.clone()),
        check_pace: is_real,
        ..Options::default()
    };
    let blocks = image.len_blocks();
    let tell = &mut |event| pass_on(duty, &event, blocks);
    let burned = burn::run(drive, image, &options, duty.cancel(), tell).map_err(failed)?;
    if image.padding() == 0 && hex(&burned.sha256) != image.sha256() {
        let detail = "the image changed in the spool; what is on the disc is not what was sent";
        return Err(Problem::new(500, "imageChanged", detail).into());
    }
    let level = burned.level(order.verify.into(), order.simulate);
    let found =
        burn::verify(drive, image, burned.start, level, Some(burned.sha256), duty.cancel(), tell);
    let found = found.map_err(|error| not_verified(&error))?;
    let state = |is_final| if is_final { "complete" } else { "appendable" };
    let outcome = Outcome {
        sha256: Some(hex(&burned.sha256)),
        verified: Some(level != Level::None),
        disc_state: burned.finalized.map(|is_final| state(is_final).to_owned()),
        suspect: burned.suspect,
        ..Outcome::default()
    };
    judge(found, outcome)
}

/// Compares every block of a disc, from `start` on, with an image.
pub(super) fn verify(
    drive: &mut dyn Transport,
    image: &mut SpooledImage,
    start: u32,
    duty: &Duty,
) -> Result<Outcome, Failure> {
    let blocks = image.len_blocks();
    let tell = &mut |event| pass_on(duty, &event, blocks);
    let found = burn::verify(drive, image, start, Level::Full, None, duty.cancel(), tell)
        .map_err(failed)?;
    let sha256 = found.sha256.map(|sum| hex(&sum));
    judge(found, Outcome { sha256, verified: Some(true), ..Outcome::default() })
}

impl From<VerifyLevel> for Level {
    fn from(level: VerifyLevel) -> Self {
        match level {
            VerifyLevel::None => Self::None,
            VerifyLevel::Quick => Self::Quick,
            VerifyLevel::Full => Self::Full,
        }
    }
}

/// The outcome, as a failure if the disc does not hold the image.
fn judge(found: Verification, outcome: Outcome) -> Result<Outcome, Failure> {
    if found.is_good() {
        return Ok(outcome);
    }
    let problem = Problem::new(502, "verificationFailed", in_words(&found))
        .hint(Some("do not rely on this disc; try another disc, or a lower speed"));
    let Verification { bad_blocks, unreadable, different, files, .. } = found;
    let damage = Some(Damage::new(bad_blocks.into(), unreadable, different, files));
    let outcome = Outcome { verified: Some(false), damage, ..outcome };
    Err(Failure::Faulty(Box::new(problem), Box::new(outcome)))
}

/// What is wrong with a disc, for people.
pub(crate) fn in_words(found: &Verification) -> String {
    let count =
        |ranges: &[BlockRange]| ranges.iter().map(|range| u64::from(range.blocks)).sum::<u64>();
    let first = |ranges: &[BlockRange]| ranges.first().map_or(0, |range| range.first);
    let mut faults = Vec::new();
    if let Some(fault) = &found.fault {
        faults.push(fault.clone());
    }
    let listed = count(&found.different) + count(&found.unreadable);
    let least = if listed < found.bad_blocks.into() { "at least " } else { "" };
    for (ranges, what) in [(&found.different, "differ"), (&found.unreadable, "cannot be read")] {
        if !ranges.is_empty() {
            let (count, first) = (count(ranges), first(ranges));
            faults.push(format!(
                "{least}{count} blocks {what}, the first is block {first} of the image"
            ));
        }
    }
    format!("the disc does not hold the image: {}", faults.join("; "))
}

/// Once a disc is written, giving up the comparison costs the certainty and not the disc.
fn not_verified(error: &BurnError) -> Failure {
    if error.blame() == Blame::Cancelled {
        let detail = "the disc was written, but comparing it was given up";
        let problem = Problem::new(409, error.code(), detail);
        return Failure::Cancelled(Some(Box::new(problem)));
    }
    let problem = problem(error);
    let detail = format!("the disc was written, but not compared: {}", problem.detail);
    Problem { detail, ..problem }.into()
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
pub(super) fn failed(error: BurnError) -> Failure {
    if error.blame() != Blame::Cancelled {
        return problem(&error).into();
    }
    let costs = !matches!(error.fate(), DiscFate::Untouched | DiscFate::AsItWas);
    Failure::Cancelled(costs.then(|| Box::new(problem(&error))))
}

pub(super) fn problem(error: &BurnError) -> Problem {
    let status = match error.blame() {
        Blame::Input => 422,
        Blame::Medium | Blame::Cancelled => 409,
        Blame::Drive | Blame::Verification => 502,
    };
    Problem::from_error(status, error.code(), error).hint(error.hint()).sense(error.sense())
}

pub(super) fn pass_on(duty: &Duty, event: &Event, total_blocks: u32) {
    match event {
        Event::Phase(phase) => {
            if matches!(phase, burn::Phase::Verifying | burn::Phase::Reading) {
                duty.note(|history| history.begin_map(total_blocks));
            }
            let total_blocks = u64::from(total_blocks);
            duty.tell((*phase).into(), Progress { total_blocks, ..Progress::default() });
        }
        Event::Progress(progress) => duty.tell(progress.phase.into(), (*progress).into()),
        Event::Overburn(blocks) => {
            tracing::warn!("the image reaches {blocks} blocks beyond what the disc says it holds");
            duty.happened(Happening::Overburn { blocks: *blocks });
        }
        Event::Speed(speed) => duty.happened(Happening::Speed { kb_per_second: *speed }),
        Event::Refused(refusal) => duty.happened(refusal.into()),
        Event::Blocks(checked) => duty.note(|history| history.blocks(*checked)),
    }
}

impl From<burn::Phase> for Phase {
    fn from(phase: burn::Phase) -> Self {
        match phase {
            burn::Phase::Preparing => Self::Preparing,
            burn::Phase::Formatting => Self::Formatting,
            burn::Phase::Erasing => Self::Erasing,
            burn::Phase::Writing => Self::Writing,
            burn::Phase::Closing => Self::Closing,
            burn::Phase::Verifying => Self::Verifying,
            burn::Phase::Reading => Self::Reading,
        }
    }
}

impl From<burn::Progress> for Progress {
    fn from(progress: burn::Progress) -> Self {
        Self {
            done_blocks: progress.done_blocks.into(),
            total_blocks: progress.total_blocks.into(),
            bad_blocks: progress.bad_blocks.into(),
            buffer_percent: progress.buffer_percent,
            drive_buffer_percent: progress.drive_buffer_percent,
            bytes_per_second: progress.bytes_per_second,
            seconds_left: progress.seconds_left,
        }
    }
}
