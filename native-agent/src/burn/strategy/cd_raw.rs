//! CD-R and CD-RW raw: all of the disc from its lead-in to its lead-out comes from here, each sector with its sub-channels. The
//! disc is complete with that; nothing is closed, and nothing can be added.

use core::fmt;
use std::sync::Arc;

use image_core::cd::Msf;

use super::{Job, Recipe, Step, cd};
use crate::{
    burn::BurnError,
    mmc::{
        CdWriteMode, MediumStatus, RAW_LEAD_OUT, RawSession, SHORTEST_TRACK, SubChannels, WriteType,
    },
};

/// As many blocks as 32 KiB hold, which every adapter passes on.
const UNIT: u16 = 13;

/// Why a disc cannot be written raw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RawRefusal {
    /// Something is on it.
    NotBlank,
    /// It was to stay open.
    StaysOpen,
    /// The laser was to stay off. MMC-6 7.5.4.3.
    Simulated,
    /// Feature 002Eh says so.
    NotOffered,
    /// The drive does not tell where the lead-in begins, or where it cannot.
    NoLeadIn,
    /// The lead-out would be where no time leads.
    TooLong,
}

impl fmt::Display for RawRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotBlank => "only an empty CD can be",
            Self::StaysOpen => "it would be closed, and was to stay open",
            Self::Simulated => "there is no simulation of that",
            Self::NotOffered => "this drive does not do that",
            Self::NoLeadIn => "the drive does not tell where its lead-in begins",
            Self::TooLong => "its lead-out would be behind 89 minutes and 59 seconds",
        })
    }
}

impl RawRefusal {
    /// What a person can do about it.
    #[must_use]
    pub const fn hint(self) -> &'static str {
        match self {
            Self::NotBlank => "insert an empty disc, or erase it if it is a CD-RW",
            Self::StaysOpen => "have it closed, or write it track at once",
            Self::Simulated => "rehearse a session at once, or burn without simulation",
            Self::NotOffered | Self::NoLeadIn => {
                "leave the write mode out, or write the session at once"
            }
            Self::TooLong => "leave something out",
        }
    }
}

pub(super) fn recipe(job: Job<'_>) -> Result<Recipe, BurnError> {
    let refused = |reason| BurnError::CannotWriteRaw { label: job.facts.label(), reason };
    let lead_in = check(job).map_err(refused)?;
    let blocks = job.blocks.max(SHORTEST_TRACK);
    let write = |sub_channels| {
        let session = RawSession::of_data(lead_in, blocks, sub_channels);
        session.map(|session| writing(job, session, sub_channels))
    };
    let too_long = || refused(RawRefusal::TooLong);
    // Which blocks the drive takes shows when it is asked to: cdrecord prefers these as well.
    let fallback = write(SubChannels::PAndQ).map(Box::new);
    Ok(Recipe { fallback, ..write(SubChannels::PToW).ok_or_else(too_long)? })
}

/// Where the lead-in begins, of a disc that can be written so.
fn check(job: Job<'_>) -> Result<Msf, RawRefusal> {
    let begins = job.facts.next_writable.unwrap_or(0) == 0;
    if job.facts.status != MediumStatus::Blank || !begins {
        return Err(RawRefusal::NotBlank);
    }
    if job.options.simulate {
        return Err(RawRefusal::Simulated);
    }
    if !job.options.close {
        return Err(RawRefusal::StaysOpen);
    }
    // CDEmu hides the feature: it shows when the drive is set so.
    if CdWriteMode::Raw.offered(job.configuration) == Some(false) {
        return Err(RawRefusal::NotOffered);
    }
    job.facts.atip.and_then(|atip| atip.lead_in()).ok_or(RawRefusal::NoLeadIn)
}

fn writing(job: Job<'_>, session: RawSession, sub_channels: SubChannels) -> Recipe {
    let mut steps = job.opening();
    steps.extend([
        cd::prepare(job, WriteType::Raw, sub_channels.block_type()),
        Step::Write,
        Step::Flush,
        Step::ConfirmDisc,
        Step::ConfirmTrack,
        Step::Lock(false),
    ]);
    Recipe {
        rewritable: job.facts.rewritable,
        pause: session.lead_in().unsigned_abs(),
        least: SHORTEST_TRACK,
        lead_out: RAW_LEAD_OUT,
        raw: Some(Arc::new(session)),
        ..job.appending(steps, UNIT)
    }
}
