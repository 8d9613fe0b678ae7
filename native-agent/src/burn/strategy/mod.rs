//! How each family of media is written: one file per family, each a list of steps that reads like the
//! model sequence of the medium in MMC-6 and in libburn's cookbook.

use super::{
    BurnError, Options, WriteMode,
    recipe::{Aim, Recipe, Step},
};
use crate::mmc::{Configuration, FASTEST, INVISIBLE_TRACK, MediumFacts, Profile, set_speed};

mod bd_r;
mod bd_re;
mod cd;
mod cd_raw;
mod dvd_minus_r;
mod dvd_plus_r;
mod dvd_plus_rw;
mod dvd_ram;
mod dvd_rw_overwrite;
mod layer_jump;
pub(super) mod layers;

pub use cd_raw::RawRefusal;

/// What a strategy may look at.
#[derive(Clone, Copy, Debug)]
struct Job<'a> {
    facts: &'a MediumFacts,
    configuration: &'a Configuration,
    options: &'a Options,
    blocks: u32,
}

/// The recipe for a medium that passed the [checks](mod@super::check).
///
/// # Errors
/// [`BurnError::NotWritable`] for a medium without a strategy, [`BurnError::CannotSimulate`] where the laser cannot be
/// left off, [`BurnError::NoWriteMode`] where there is no choice of write modes, [`BurnError::CannotWriteRaw`].
pub fn recipe(
    facts: &MediumFacts,
    configuration: &Configuration,
    options: &Options,
    blocks: u32,
) -> Result<Recipe, BurnError> {
    let job = Job { facts, configuration, options, blocks };
    let minus = is_minus(facts.profile);
    if options.simulate && !minus && !facts.profile.is_cd() {
        return Err(BurnError::CannotSimulate { label: facts.label() });
    }
    if options.write_mode != WriteMode::Automatic && !facts.profile.is_cd() {
        return Err(BurnError::NoWriteMode { label: facts.label() });
    }
    let recipe = match facts.profile {
        _ if options.layer_jump => layer_jump::recipe(job),
        Profile::BD_RE => Ok(bd_re::recipe(job)),
        Profile::BD_R => Ok(bd_r::recipe(job)),
        Profile::DVD_PLUS_R | Profile::DVD_PLUS_R_DL => Ok(dvd_plus_r::recipe(job)),
        Profile::DVD_PLUS_RW => Ok(dvd_plus_rw::recipe(job)),
        Profile::DVD_RAM => Ok(dvd_ram::recipe(job)),
        Profile::DVD_RW_OVERWRITE => Ok(dvd_rw_overwrite::recipe(job)),
        Profile::DVD_R_DL_JUMP => layer_jump::recipe(job),
        Profile::DVD_R | Profile::DVD_R_DL | Profile::DVD_RW => Ok(dvd_minus_r::recipe(job)),
        Profile::CD_R | Profile::CD_RW => cd::recipe(job),
        other => Err(BurnError::NotWritable {
            label: facts.label(),
            reason: format!("there is no way to write {other} yet"),
        }),
    };
    recipe.map(|recipe| calibrated(recipe, facts.profile))
}

/// DVD-R and DVD-RW while they are sequential.
const fn is_minus(profile: Profile) -> bool {
    matches!(profile, Profile::DVD_R | Profile::DVD_R_DL | Profile::DVD_R_DL_JUMP | Profile::DVD_RW)
}

/// With SEND OPC before the first command that prepares a track, on media that cdrecord and growisofs send it for.
fn calibrated(mut recipe: Recipe, profile: Profile) -> Recipe {
    let wants = profile.is_cd() || is_minus(profile);
    if wants && !recipe.simulated {
        let opening = |step: &&Step| matches!(step, Step::Lock(true) | Step::Speed { .. });
        let at = recipe.steps.iter().take_while(opening).count();
        recipe.steps.insert(at, Step::Calibrate);
    }
    recipe
}

impl Job<'_> {
    /// Steps before anything else: the tray is locked and the speed is set.
    fn opening(&self) -> Vec<Step> {
        let mut steps = vec![Step::Lock(true)];
        if let Some(kb_per_second) = self.speed() {
            let ways = set_speed(self.facts, FASTEST, kb_per_second);
            steps.push(Step::Speed { kb_per_second, ways });
        }
        steps
    }

    /// The fastest offered speed that is not above the wanted one; the slowest if all are.
    fn speed(&self) -> Option<u32> {
        let offered = &self.facts.write_speeds;
        let fastest = offered.first().map(|speed| speed.kb_per_second);
        let Some(times) = self.options.speed else { return fastest };
        // Speed names are rounded: 2.4x is 3324 kB/s in one drive and 3328 in another.
        let wanted = offered.iter().find(|speed| speed.times <= times + 0.05);
        wanted.or_else(|| offered.last()).map(|speed| speed.kb_per_second)
    }

    /// A recipe for media where blocks can be overwritten, which are written from block 0.
    fn overwriting(&self, steps: Vec<Step>, unit: u16) -> Recipe {
        let fits = |pad: u16| {
            let padded = self.blocks.checked_next_multiple_of(u32::from(pad));
            padded.is_some_and(|padded| padded <= self.facts.free_blocks)
        };
        Recipe {
            steps,
            aim: Aim::Recorded,
            start: 0,
            blocks: self.blocks,
            unit,
            pad: if fits(unit) { unit } else { 1 },
            stream_from: None,
            early_levels: true,
            pause: 0,
            least: 0,
            lead_out: 0,
            raw: None,
            fallback: None,
            rewritable: true,
            grows: false,
            sequential: false,
            finalizes: false,
            simulated: false,
            track: 1,
        }
    }

    /// A recipe for media that are written at the next writable address.
    fn appending(&self, steps: Vec<Step>, unit: u16) -> Recipe {
        Recipe {
            steps,
            aim: Aim::Recorded,
            start: self.facts.next_writable.unwrap_or(0),
            blocks: self.blocks,
            unit,
            pad: 1,
            stream_from: None,
            early_levels: true,
            pause: 0,
            least: 0,
            lead_out: 0,
            raw: None,
            fallback: None,
            rewritable: false,
            grows: false,
            sequential: true,
            finalizes: self.options.close,
            simulated: self.options.simulate,
            track: self.track(),
        }
    }

    /// The number of the track to be written.
    fn track(&self) -> u16 {
        self.facts.track.map_or(self.facts.disc.last_track, |track| track.track).max(1)
    }

    /// Questions for the next writable address: FFh, then the number.
    fn address_questions(&self) -> Step {
        Step::ConfirmAddress(vec![INVISIBLE_TRACK, u32::from(self.track())])
    }
}
