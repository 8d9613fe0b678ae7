//! What is done to a disc without an image: erasing, formatting and closing it.
//!
//! Like burning: everything that can be known to go wrong is checked first, the [machine](super::Machine) carries the
//! steps out, and success is claimed once the disc shows it.

use core::sync::atomic::AtomicBool;

use serde::{Deserialize, Serialize};

mod close;
mod erase;
mod format;

pub use self::format::{Certification, FormatKind, FormatOptions, Spare};
use super::{
    BurnError, Event, Phase, driver,
    recipe::{Aim, Recipe, Step},
};
use crate::{
    mmc::{self, Configuration, MediumFacts, Probe},
    scsi::Transport,
};

/// What is to be done to a disc.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Operation {
    /// Everything is taken off it.
    Erase {
        /// Every block, not just what makes it look blank.
        full: bool,
    },
    /// It is made writable, or writable in another way.
    Format(FormatOptions),
    /// Nothing can be added to it any more.
    Close,
}

/// A disc that was erased, formatted or closed.
#[derive(Clone, Debug)]
pub struct Upkept {
    /// The medium as it was.
    pub before: MediumFacts,
    /// The medium as it is; absent if the drive does not say.
    pub after: Option<MediumFacts>,
}

/// What a recipe may look at.
#[derive(Clone, Copy, Debug)]
struct Job<'a> {
    facts: &'a MediumFacts,
    configuration: &'a Configuration,
}

/// Erases a CD-RW or DVD-RW, every block of it or just what makes it look blank. A DVD-RW that only looks blank is
/// written at once, in a single session. `medium` is the fingerprint that was confirmed, if one was.
///
/// # Errors
/// A [`BurnError`] that says why, and [what became of the disc](BurnError::fate).
pub fn erase(
    transport: &mut dyn Transport,
    full: bool,
    medium: Option<&str>,
    cancel: &AtomicBool,
    on_event: &mut dyn FnMut(Event),
) -> Result<Upkept, BurnError> {
    upkeep(transport, Operation::Erase { full }, medium, cancel, on_event)
}

/// Formats a disc, which takes everything off it.
///
/// # Errors
/// A [`BurnError`] that says why, and [what became of the disc](BurnError::fate).
pub fn format(
    transport: &mut dyn Transport,
    options: FormatOptions,
    medium: Option<&str>,
    cancel: &AtomicBool,
    on_event: &mut dyn FnMut(Event),
) -> Result<Upkept, BurnError> {
    upkeep(transport, Operation::Format(options), medium, cancel, on_event)
}

/// Closes a disc that a session could be added to, so that every player reads it.
///
/// # Errors
/// A [`BurnError`] that says why, and [what became of the disc](BurnError::fate).
pub fn close(
    transport: &mut dyn Transport,
    medium: Option<&str>,
    cancel: &AtomicBool,
    on_event: &mut dyn FnMut(Event),
) -> Result<Upkept, BurnError> {
    upkeep(transport, Operation::Close, medium, cancel, on_event)
}

/// Examines drive and medium, checks that it can be done, does it, and looks at the result.
///
/// Cancelling leaves the drive to finish by itself what it is doing, which it cannot be told to stop.
///
/// # Errors
/// A [`BurnError`] that says why, and [what became of the disc](BurnError::fate).
pub fn upkeep(
    transport: &mut dyn Transport,
    operation: Operation,
    medium: Option<&str>,
    cancel: &AtomicBool,
    on_event: &mut dyn FnMut(Event),
) -> Result<Upkept, BurnError> {
    on_event(Event::Phase(Phase::Preparing));
    let probe = mmc::probe(transport)?;
    let facts = check_upkeep(&probe, medium)?;
    let recipe = upkeep_recipe(facts, &probe.drive.configuration, operation)?
        .with_quirks(&probe.drive.quirks, facts.profile);
    driver::carry_out(transport, recipe, cancel, on_event)?;
    let after = mmc::probe(transport).ok().and_then(|probe| probe.medium);
    Ok(Upkept { before: facts.clone(), after })
}

/// Checks that there is a medium, and that it is the one that was confirmed.
///
/// # Errors
/// [`BurnError::NoMedium`] or [`BurnError::WrongMedium`].
pub fn check_upkeep<'a>(
    probe: &'a Probe,
    medium: Option<&str>,
) -> Result<&'a MediumFacts, BurnError> {
    let facts = probe.medium.as_ref().ok_or(BurnError::NoMedium)?;
    if medium.is_some_and(|medium| medium != facts.fingerprint) {
        return Err(BurnError::WrongMedium);
    }
    Ok(facts)
}

/// The steps for this medium.
///
/// # Errors
/// Why it cannot be done to it; the disc is untouched.
pub fn upkeep_recipe(
    facts: &MediumFacts,
    configuration: &Configuration,
    operation: Operation,
) -> Result<Recipe, BurnError> {
    let job = Job { facts, configuration };
    match operation {
        Operation::Erase { full } => erase::recipe(job, full),
        Operation::Format(options) => format::recipe(job, options),
        Operation::Close => close::recipe(job),
    }
}

impl Job<'_> {
    /// These steps, between locking the tray and the look at the disc.
    fn recipe(&self, aim: Aim, steps: impl IntoIterator<Item = Step>) -> Recipe {
        let mut all = vec![Step::Lock(true)];
        all.extend(steps);
        all.extend([Step::ConfirmDisc, Step::Lock(false)]);
        let open = self.facts.track.map_or(self.facts.disc.last_track, |track| track.track);
        Recipe {
            steps: all,
            aim,
            start: 0,
            blocks: self.facts.capacity_blocks,
            unit: 1,
            pad: 1,
            rewritable: self.facts.rewritable,
            sequential: false,
            finalizes: aim == Aim::Closed,
            simulated: false,
            track: open.max(1),
            stream_from: None,
            early_levels: true,
            least: 0,
            lead_out: 0,
            raw: None,
            pause: 0,
            fallback: None,
            grows: false,
        }
    }
}
