//! `discwright virtual`: discs that are files.

use std::{
    fs, io,
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
    /// Replace a disc that is there already, with its faults.
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
    // What cannot be made takes no place.
    virtual_drive::blocks_of_blank(kind, create.capacity).map_err(|error| disc_error(&error))?;
    let beside = Faults::path_beside(&create.file);
    if create.force {
        remove_disc(&create.file)?;
        remove_script(&beside)?;
    } else if !create.file.exists() {
        refuse_other_script(&beside, faults.as_deref())?;
    }
    virtual_drive::create(&create.file, kind, create.capacity)
        .map_err(|error| disc_error(&error))?;
    let Some(script) = faults else { return Ok(()) };
    let written = fs::write(&beside, script);
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

/// The faults of the disc that was there are not those of the new one.
fn remove_script(beside: &Path) -> Result<(), CliError> {
    match fs::remove_file(beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(CliError::other(&error).hint(format!("remove {} by hand", beside.display())))
        }
        _ => Ok(()),
    }
}

/// A new disc would have the faults of one that was there, unless they are those that it shall have.
fn refuse_other_script(beside: &Path, faults: Option<&[u8]>) -> Result<(), CliError> {
    if !beside.exists()
        || faults.is_some_and(|faults| fs::read(beside).is_ok_and(|it| it == faults))
    {
        return Ok(());
    }
    let hint = "name these faults with --faults to keep them, or pass --force to remove them";
    Err(CliError::input(&DiscFileError::Exists(beside.to_owned())).hint(hint))
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
        let too_large = Create {
            media: "dvd+r".to_owned(),
            capacity: Some(1 << 31),
            faults: None,
            force: true,
            file: file.clone(),
        };
        assert!(run(&Args { command: Command::Create(too_large) }).is_err());
        let drive =
            virtual_drive::VirtualDrive::open(&file).expect("what could not be replaced is there");
        assert!(create(file.clone(), "bd-re", true).is_err(), "it is in a drive");
        drop(drive);
        fs::write(&file, "a letter").unwrap();
        assert!(create(file.clone(), "bd-re", true).is_err());
        assert_eq!(fs::read(&file).unwrap(), b"a letter");
        assert!(create(dir.path().join("b"), "vhs", false).is_err());
    }

    #[test]
    fn a_new_disc_has_no_faults_of_another() {
        let dir = tempfile::tempdir().unwrap();
        let (file, named) = (dir.path().join("a.vdisc"), dir.path().join("named"));
        let beside = Faults::path_beside(&file);
        let make = |faults: Option<&PathBuf>, force| {
            let (media, file) = ("bd-re".to_owned(), file.clone());
            let faults = faults.cloned();
            let create = Create { media, capacity: Some(3200), faults, force, file };
            run(&Args { command: Command::Create(create) })
        };
        let (stale, new) = ("read blocks 1-2: medium-error\n", "read blocks 7: medium-error\n");
        fs::write(&beside, stale).unwrap();
        fs::write(&named, new).unwrap();
        for faults in [None, Some(&named)] {
            assert!(make(faults, false).is_err());
            assert_eq!(
                (fs::read_to_string(&beside).unwrap().as_str(), file.exists()),
                (stale, false)
            );
        }
        make(Some(&beside), false).unwrap();
        assert_eq!(fs::read_to_string(&beside).unwrap(), stale);
        make(Some(&named), true).unwrap();
        assert_eq!(fs::read_to_string(&beside).unwrap(), new);
        make(None, true).unwrap();
        assert!(!beside.exists());
        make(None, true).unwrap();
    }
}
