//! `discwright virtual`: discs that are files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::CliError;
use crate::{
    scsi::fault::Script,
    virtual_drive::{self, DiscFileError, Faults, MediumKind},
};

const EXAMPLES: &str = "\
Examples:
  discwright virtual create --media bd-re demo.vdisc
  discwright virtual create --media dvd+r --capacity 32000 small.vdisc
  discwright virtual create --media dvd-r --faults worn.faults worn.vdisc
  discwright burn virtual:demo.vdisc image.iso

A blank disc takes no space, however large it is. A script of faults makes the drive fail where it says; it is kept
beside the disc, as worn.vdisc.faults, and docs/virtual-drives.md describes it.";

/// Make discs that are files.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Create(Create),
}

/// Make a blank disc.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
struct Create {
    /// The kind of disc: cd-r, cd-rw, dvd-r, dvd-r-dl, dvd-rw, dvd+r, dvd+r-dl, dvd+rw, dvd-ram, bd-r, bd-re and more.
    #[arg(long, value_name = "KIND")]
    media: String,
    /// Blocks of 2048 bytes, for a disc smaller than it is sold.
    #[arg(long, value_name = "BLOCKS")]
    capacity: Option<u32>,
    /// A script of what goes wrong in the drive that has this disc.
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
    /// Replace a file that is there already.
    #[arg(long)]
    force: bool,
    /// The file to make.
    #[arg(value_name = "FILE.vdisc")]
    file: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<(), CliError> {
    let Command::Create(create) = &args.command;
    let kind: MediumKind =
        create.media.parse().map_err(|error: virtual_drive::UnknownMedium| {
            CliError::usage(error.to_string()).hint(error.hint())
        })?;
    let faults = create.faults.as_deref().map(read_script).transpose()?;
    if create.force {
        remove_disc(&create.file)?;
    }
    virtual_drive::create(&create.file, kind, create.capacity)
        .map_err(|error| disc_error(&error))?;
    let Some(script) = faults else { return Ok(()) };
    let written = fs::write(Faults::path_beside(&create.file), script);
    written.map_err(|error| {
        // A disc without its faults is not what was asked for.
        let _ = fs::remove_file(&create.file);
        CliError::other(&error)
    })
}

/// A script that can be followed.
fn read_script(path: &Path) -> Result<Vec<u8>, CliError> {
    let script = fs::read(path).map_err(|source| {
        let path = path.to_owned();
        CliError::input(&DiscFileError::Io { path, source })
    })?;
    Script::parse(&script).map_err(|source| {
        let path = path.to_owned();
        disc_error(&DiscFileError::Faults { path, source })
    })?;
    Ok(script)
}

/// Only a virtual disc that is not in use makes room for another.
fn remove_disc(file: &PathBuf) -> Result<(), CliError> {
    if !file.exists() {
        return Ok(());
    }
    match virtual_drive::VirtualDrive::open(file) {
        // A damaged disc can be replaced too; a file that never was one cannot.
        Ok(_) | Err(DiscFileError::Damaged(_) | DiscFileError::Version { .. }) => {
            fs::remove_file(file).map_err(|error| CliError::other(&error))
        }
        Err(error) => Err(disc_error(&error)),
    }
}

fn disc_error(error: &DiscFileError) -> CliError {
    let cli = match error {
        DiscFileError::Capacity { .. } => CliError::usage(error.to_string()),
        DiscFileError::Busy(_) => CliError::drive(error),
        _ => CliError::input(error),
    };
    cli.maybe_hint(error.hint())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn create(file: PathBuf, media: &str, force: bool) -> Result<(), CliError> {
        let create =
            Create { media: media.to_owned(), capacity: Some(3200), faults: None, force, file };
        run(&Args { command: Command::Create(create) })
    }

    #[test]
    fn only_discs_are_replaced_and_only_by_force() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.vdisc");
        create(file.clone(), "bd-re", false).unwrap();
        assert!(create(file.clone(), "dvd+r", false).is_err());
        create(file.clone(), "dvd+r", true).unwrap();
        let drive = virtual_drive::VirtualDrive::open(&file).unwrap();
        assert!(create(file.clone(), "bd-re", true).is_err(), "it is in a drive");
        drop(drive);
        fs::write(&file, "a letter").unwrap();
        assert!(create(file.clone(), "bd-re", true).is_err());
        assert_eq!(fs::read(&file).unwrap(), b"a letter");
        assert!(create(dir.path().join("b"), "vhs", false).is_err());
    }
}
