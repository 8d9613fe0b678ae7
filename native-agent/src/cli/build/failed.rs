//! What the library says of an image, in the words of the command line: where a remedy is an option, it is named.

use image_core::{BootError, PlanError, Warning, bytes_in};

use super::{CliError, ImageArgs};
use crate::{problem::chain, source::local::PatternError};

/// Larger than `--max-size`, which need not be whole blocks.
#[derive(Debug, thiserror::Error)]
#[error(
    "the image takes {needed} bytes, {} more than the {allowed} allowed",
    needed.saturating_sub(*allowed)
)]
struct OverBudget {
    needed: u64,
    allowed: u64,
}

/// An image of folders and files that cannot be.
pub(super) fn plan_failed(error: &PlanError, image: &ImageArgs) -> CliError {
    told(error, image).hint(hint(error))
}

/// A pattern of an option that matches nothing that there can be.
pub(super) fn pattern_failed(error: &PatternError) -> CliError {
    CliError::usage(chain(error))
        .hint("write a name (*.tmp) or a path in the image (docs/*.tmp), or leave the option out")
}

/// An image of a project that cannot be. Its options are those of the app.
pub(super) fn project_failed(error: &PlanError, image: &ImageArgs) -> CliError {
    let hint = match error {
        PlanError::OverBudget { .. } => hint(error),
        _ => error.hint(),
    };
    told(error, image).hint(hint)
}

fn told(error: &PlanError, image: &ImageArgs) -> CliError {
    let of_options = matches!(
        error,
        PlanError::InvalidVolumeName { .. }
            | PlanError::NoFileSystem
            | PlanError::NeedsIso9660 { .. }
            | PlanError::IdentifierTooLong { .. }
            | PlanError::InvalidVolumeTime { .. }
            | PlanError::NotInRoot { .. }
            | PlanError::RelocationNeedsRockRidge
            | PlanError::UdfForm { .. }
            | PlanError::UdfPacket { .. }
            | PlanError::UdfVirtualMetadata
            | PlanError::UdfPseudoOverwritable
            | PlanError::ChecksumsNeed { .. }
            | PlanError::NotInSession { .. }
    );
    match (error, image.layout.max_size()) {
        (PlanError::OverBudget { blocks, .. }, Some(allowed)) => {
            CliError::medium(&OverBudget { needed: bytes_in(*blocks), allowed })
        }
        (PlanError::OverBudget { .. }, None) => CliError::medium(error),
        _ if of_options => CliError::usage(error.to_string()),
        _ => CliError::input(error),
    }
}

const fn hint(error: &PlanError) -> &'static str {
    match error {
        PlanError::InvalidVolumeName { .. } => {
            "give --volume 1 to 126 characters, none of them a control character"
        }
        PlanError::NoFileSystem => "name iso or udf, or both, with --fs",
        PlanError::NeedsIso9660 { .. } => "add iso to --fs, or leave the extension out",
        PlanError::ChecksumsNeed { .. } => "add it to --fs, or leave these out of --checksums",
        PlanError::FileTooLarge { .. } => {
            "use --iso-level 3 for files of 4 GiB and more, or split the file"
        }
        PlanError::LinkTooLong { .. } => "shorten the link, or leave udf out of --fs",
        PlanError::UdfForm { .. } => {
            "take that revision with --udf, or leave --udf-partition and --udf-metadata out"
        }
        PlanError::UdfAttributeName { .. } => {
            "give it 1 to 23 bytes, none of them NUL, or add rockridge to --fs, which has room for it"
        }
        PlanError::UdfAttributes { .. } => {
            "leave some out, or shorten them, or add rockridge to --fs, which has room for them"
        }
        PlanError::Video { .. } => {
            "mend that, or leave --video out; name VIDEO_TS or BDMV, or the folder that it is in"
        }
        PlanError::UdfPacket { .. } => "take --udf-packet 32 for CD-RW, 16 for DVD-RW",
        PlanError::UdfVirtualMetadata => {
            "leave --udf-metadata out, or take another --udf-partition"
        }
        PlanError::UdfPseudoOverwritable => "take --udf-metadata separate, or duplicated",
        PlanError::TooManyDirectories { .. } => {
            "use UDF alone with --fs udf, or spread the folders over several discs"
        }
        PlanError::RelocationNeedsRockRidge => {
            "add rockridge to --fs, or leave --deep relocate out"
        }
        PlanError::OverBudget { .. } => "leave files out, or allow more with --max-size",
        PlanError::Forbidden(warning) => warning_hint(warning),
        PlanError::Boot(error) => boot_hint(error),
        _ => error.hint(),
    }
}

const fn boot_hint(error: &BootError) -> &'static str {
    match error {
        BootError::FloppySize { .. } => {
            "pad the image to the size of a diskette, or leave --boot-emulation out"
        }
        BootError::NoMasterBootRecord { .. } | BootError::Partitions { .. } => {
            "use an image of a disk with one partition, or leave --boot-emulation out"
        }
        BootError::TooShort { .. } => {
            "leave --boot-info-table and --boot-grub2-info out: the image is made for no such thing"
        }
        BootError::IsCatalog { .. } => "give --boot-catalog another path",
        BootError::NothingForBios => "add --boot bios=IMG, or leave --mbr-code out",
        BootError::VirtualPartition => "use --hybrid mbr, or another --udf-partition",
        BootError::TooLargeForMbr { .. } => "use --hybrid gpt",
        _ => error.hint(),
    }
}

/// What to do about a warning.
pub(super) const fn warning_hint(warning: &Warning) -> &'static str {
    match warning {
        Warning::DeepDirectory { .. } => {
            "relocate deep directories with --deep relocate, or use UDF alone with --fs udf"
        }
        Warning::LongPath { .. } => {
            "shorten the names of its directories, or use UDF alone with --fs udf"
        }
        Warning::NotRecorded { .. } => "add rockridge or udf to --fs, or leave it out",
        Warning::NoPlaceFor { .. } => "add udf to --fs, or leave them out",
        Warning::RelaxedNames { .. } | Warning::RelaxedTexts => {
            "leave --iso-names out, or some of it"
        }
        Warning::NoMetadataPartition { .. } => "leave --udf-metadata out, or choose --udf 2.01",
        Warning::TextChanged { .. } => {
            "shorten it, or keep its ASCII as it is with --iso-names volume-texts, as mkisofs does"
        }
        Warning::LongJolietName { .. } => {
            "shorten the name, or leave --joliet-long out, and Joliet shortens it"
        }
        Warning::LongLink { .. } => "shorten what it leads to, or leave rockridge out of --fs",
        Warning::UdfLink { .. } => "add iso to --fs, or leave it out",
        Warning::RockRidgeBehindXa => "leave --xa out, or rockridge out of --fs",
        Warning::NewUdf { .. } => "choose --udf 1.02, which everything reads",
        Warning::SeveralExtents { .. } => {
            "have it in UDF, which macOS prefers, with udf in --fs, or split the file"
        }
        _ => warning.hint(),
    }
}
