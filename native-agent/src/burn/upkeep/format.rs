//! FORMAT UNIT: which of the formats that the drive offers, and how thoroughly. MMC-6 6.4.

use serde::{Deserialize, Serialize};

use super::{
    super::{
        BurnError,
        recipe::{Aim, Recipe, Step},
    },
    Job,
};
use crate::mmc::{
    Closing, Format, FormatCapacities, MediumStatus, Profile, feature, format_kind, format_unit,
    format_unit_uncertified,
};

/// What to make of a disc.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, clap::ValueEnum,
)]
#[serde(rename_all = "camelCase")]
pub enum FormatKind {
    /// As little as makes it writable
    Quick,
    /// Every block, now
    Full,
    /// BD-R only: blocks can be overwritten, each at the cost of another (pseudo-overwrite)
    Pow,
}

/// Blocks set aside to replace bad ones, on BD.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Spare {
    /// None, which makes a BD-RE faster and less safe.
    None,
    /// What the drive does by itself.
    #[default]
    Default,
    /// This many bytes, up to the next step the medium has.
    Bytes(u64),
}

/// How a BD-RE is looked over for bad blocks while it is formatted.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, clap::ValueEnum,
)]
#[serde(rename_all = "camelCase")]
pub enum Certification {
    /// Not at all
    None,
    /// In samples
    Quick,
    /// Block by block, which takes hours
    Full,
}

/// How to format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FormatOptions {
    /// What to make of it; what suits the medium if none.
    pub kind: Option<FormatKind>,
    /// Spare areas.
    pub spare: Spare,
    /// Certification; what the drive has if none, quick before full.
    pub certification: Option<Certification>,
}

/// Spare areas come in steps of 32 MiB, whatever the number of layers. MMC-6 6.4.3.4.13.
const SPARE_STEP: u64 = 32 << 20;
const BLOCK: u64 = crate::mmc::BLOCK as u64;

pub(super) fn recipe(job: Job<'_>, options: FormatOptions) -> Result<Recipe, BurnError> {
    let profile = job.facts.profile;
    let bd = matches!(profile, Profile::BD_RE | Profile::BD_R);
    if !bd && (options.spare != Spare::Default || options.certification.is_some()) {
        return Err(refused(job, "spare areas and certification are for BD"));
    }
    if options.kind == Some(FormatKind::Pow) && profile != Profile::BD_R {
        return Err(refused(job, "only a BD-R can be pseudo-overwritten"));
    }
    let full = options.kind == Some(FormatKind::Full);
    match profile {
        Profile::DVD_RW | Profile::DVD_RW_OVERWRITE => dvd_rw(job, full),
        Profile::DVD_PLUS_RW | Profile::DVD_PLUS_RW_DL => Ok(dvd_plus_rw(job)),
        Profile::DVD_RAM => dvd_ram(job, full),
        Profile::BD_RE => bd_re(job, options),
        Profile::BD_R => bd_r(job, options),
        _ => Err(refused(job, "there is no format for it")),
    }
}

fn formatting(job: Job<'_>, format: Format, sub_kind: u8) -> Recipe {
    job.recipe(Aim::Formatted, [Step::Format(format_unit(format, sub_kind, false))])
}

/// In full, or just the beginning of a session that grows as it is written. MMC-6 6.4.3.4.6, 6.4.3.4.11.
fn dvd_rw(job: Job<'_>, full: bool) -> Result<Recipe, BurnError> {
    let format = if full {
        offered(job, &[format_kind::DVD_RW_FULL, format_kind::FULL])?
    } else {
        Format { blocks: 0, ..offered(job, &[format_kind::DVD_RW_QUICK])? }
    };
    Ok(formatting(job, format, 0))
}

/// Begun, then stopped: the rest is formatted in the background of a later write. MMC-6 6.4.3.4.12, 4.4.3.
fn dvd_plus_rw(job: Job<'_>) -> Recipe {
    let whole = Format { kind: format_kind::DVD_PLUS_RW, blocks: u32::MAX, parameter: [0; 3] };
    let close = |closing| Step::Close { closing, optional: true };
    let steps = [
        Step::Format(format_unit(whole, 0, false)),
        close(Closing::StopFormat),
        close(Closing::Session),
    ];
    job.recipe(Aim::Formatted, steps)
}

/// With certification, or keeping the list of defects. MMC-6 6.4.3.4.1.
fn dvd_ram(job: Job<'_>, full: bool) -> Result<Recipe, BurnError> {
    let format = offered(job, &[format_kind::FULL])?;
    let command =
        if full { format_unit(format, 0, false) } else { format_unit_uncertified(format) };
    Ok(job.recipe(Aim::Formatted, [Step::Format(command)]))
}

fn bd_re(job: Job<'_>, options: FormatOptions) -> Result<Recipe, BurnError> {
    if let (Some(_), Some(_)) = (options.kind, options.certification) {
        return Err(refused(job, "how it is certified says how full the format is"));
    }
    let format = match options.spare {
        Spare::None => offered(job, &[format_kind::BD_RE_NO_SPARE])?,
        spare => with_spare(job, format_kind::BD_RE_SPARE, spare)?,
    };
    let wanted = options.certification.or(match options.kind {
        Some(FormatKind::Full) => Some(Certification::Full),
        _ => None,
    });
    Ok(formatting(job, format, certification(job, format.kind, wanted)?))
}

/// The format sub-type. Without a wish, what the drive has, quick before full: bits 1 and 0 of byte 4 of the Formattable
/// feature. MMC-6 5.3.10, 6.4.3.4.13.1.
fn certification(job: Job<'_>, kind: u8, wanted: Option<Certification>) -> Result<u8, BurnError> {
    const NONE: u8 = 0b01;
    const FULL: u8 = 0b10;
    const QUICK: u8 = 0b11;
    let feature = job.configuration.feature(feature::FORMATTABLE);
    let bits = feature.and_then(|feature| feature.data.first().copied()).unwrap_or(0);
    let (quick, full) = (bits & 0b10 != 0, bits & 0b01 != 0);
    let without_spare = kind == format_kind::BD_RE_NO_SPARE;
    match wanted {
        Some(Certification::None) if without_spare => Ok(NONE),
        Some(Certification::None) => Ok(0),
        None if without_spare => Ok(0),
        Some(Certification::Quick) | None if quick => Ok(QUICK),
        Some(Certification::Full) | None if full => Ok(FULL),
        None => Ok(0),
        Some(_) => Err(refused(job, "the drive does not have this certification")),
    }
}

/// A BD-R is formatted for spare areas or for pseudo-overwrite, once and while it is blank. MMC-6 6.4.3.4.15.
fn bd_r(job: Job<'_>, options: FormatOptions) -> Result<Recipe, BurnError> {
    const POW: u8 = 0;
    const SRM: u8 = 1;
    if job.facts.status != MediumStatus::Blank {
        return Err(refused(job, "something is on it"));
    }
    if options.certification.is_some() {
        return Err(refused(job, "it cannot be certified"));
    }
    if options.spare == Spare::None {
        return Err(refused(job, "without spare areas it needs no format"));
    }
    let pow = options.kind == Some(FormatKind::Pow);
    if pow && job.configuration.feature(feature::BD_R_POW).is_none() {
        return Err(refused(job, "the drive cannot pseudo-overwrite"));
    }
    let format = with_spare(job, format_kind::BD_R_SPARE, options.spare)?;
    Ok(formatting(job, format, if pow { POW } else { SRM }))
}

/// The format of this type with so much set aside, which is what a disc without spare areas has more.
fn with_spare(job: Job<'_>, kind: u8, spare: Spare) -> Result<Format, BurnError> {
    let default = offered(job, &[kind])?;
    let Spare::Bytes(bytes) = spare else { return Ok(default) };
    let formats = formats(job)?;
    let of_kind = || formats.formats.iter().filter(|f| f.kind == kind).map(|f| f.blocks);
    let (least, most) = (of_kind().min().unwrap_or(0), of_kind().max().unwrap_or(0));
    let whole = formats.format(format_kind::BD_RE_NO_SPARE).map_or(formats.blocks, |f| f.blocks);
    let set_aside = bytes.div_ceil(SPARE_STEP).saturating_mul(SPARE_STEP / BLOCK);
    let blocks = u64::from(whole).checked_sub(set_aside).and_then(|left| u32::try_from(left).ok());
    blocks
        .filter(|blocks| (least..=most).contains(blocks))
        .map(|blocks| Format { blocks, parameter: [0; 3], ..default })
        .ok_or_else(|| {
            let mebibytes = |blocks: u32| (u64::from(whole.saturating_sub(blocks)) * BLOCK) >> 20;
            let (from, to) = (mebibytes(most), mebibytes(least));
            refused(job, format!("its spare areas can have {from} to {to} MiB"))
        })
}

fn formats<'a>(job: Job<'a>) -> Result<&'a FormatCapacities, BurnError> {
    let absent = || refused(job, "the drive does not say what it can be");
    job.facts.formats.as_ref().ok_or_else(absent)
}

/// The first of these types that the drive offers.
fn offered(job: Job<'_>, kinds: &[u8]) -> Result<Format, BurnError> {
    let formats = formats(job)?;
    let found = kinds.iter().find_map(|kind| formats.format(*kind));
    found.ok_or_else(|| refused(job, "the drive does not offer it"))
}

fn refused(job: Job<'_>, reason: impl Into<String>) -> BurnError {
    BurnError::NotFormattable { label: job.facts.label(), reason: reason.into() }
}
