//! `discwright copy`: from a disc to another disc.

use std::{
    env,
    path::{Path, PathBuf},
};

use super::{
    CliError,
    burn::{
        how::{Changer, First, How, User, burn_copies, open_tray, speed},
        replace,
    },
    disc::{self, Bar, damage_lines, drive_error, location, open_drive},
    ending,
    place::is_same,
    read, space,
};
use crate::{
    burn::{self, ReadOptions, Reading},
    drives::DriveError,
    mmc,
    scsi::Transport,
    source::{BLOCK_SIZE, ImageSource as _, image_file::ImageFile},
};

const EXAMPLES: &str = "\
Examples:
  discwright copy /dev/sr0 /dev/sr1               from drive to drive
  discwright copy sr0 sr0 --copies 3              with one drive: asks for each disc
  discwright copy virtual:a.vdisc virtual:b.vdisc

The disc is read into a file first, which goes away at the end.

Exit status: 0 done, 2 wrong usage, 4 medium, 5 drive, 6 a copy differs, 7 the disc could not be read in full.";

/// What `--append` means here, where no files are added.
const APPEND: &str = "Leave each copy open, so that more can be added to it";

/// Copy a disc to one or more others
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, mut_arg("append", |arg| arg.help(APPEND)))]
pub(crate) struct Args {
    /// Where the disc is
    source: String,
    /// Where the copies are made; the same drive will do
    target: String,
    #[command(flatten)]
    how: How,
    #[command(flatten)]
    spooling: Spooling,
}

/// How a disc is read for its copies.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Spooling {
    /// How often to try what cannot be read
    #[arg(long, value_name = "N", default_value_t = 3)]
    retries: u8,
    /// Multiple of the base speed to read at
    #[arg(long, value_name = "X", value_parser = speed)]
    read_speed: Option<f64>,
    /// Where the file between the discs is; it is as large as the disc
    #[arg(long, value_name = "FOLDER", default_value_os_t = env::temp_dir())]
    spool: PathBuf,
}

impl Default for Spooling {
    fn default() -> Self {
        Self { retries: 3, read_speed: None, spool: env::temp_dir() }
    }
}

pub(crate) fn run(args: &Args) -> Result<(), CliError> {
    copy(&args.source, &args.target, &args.how, &args.spooling, &mut User)
}

/// Copies; nothing is read or written when it is clear beforehand that it cannot work.
pub(super) fn copy(
    source: &str,
    target: &str,
    how: &How,
    spooling: &Spooling,
    changer: &mut dyn Changer,
) -> Result<(), CliError> {
    let one_drive = is_same(location(source)?.path(), location(target)?.path());
    let mut drive = open_drive(source)?;
    if one_drive || how.copies > 1 {
        changer.check()?;
    }
    let mut reading = open_reading(source, drive.as_mut(), spooling)?;
    let first = if one_drive {
        First::Missing
    } else {
        check_target(target, reading.blocks(), how, changer)?
    };
    let mut image = spool(source, &mut reading, spooling, how.json)?;
    if one_drive {
        open_tray(drive.as_mut());
    }
    drop(drive);
    burn_copies(target, &mut image, how, &first, changer)
}

/// Reads a disc into a file that goes away by itself.
pub(super) fn spooled(source: &str, quiet: bool) -> Result<ImageFile, CliError> {
    let spooling = Spooling::default();
    let mut drive = open_drive(source)?;
    let mut reading = open_reading(source, drive.as_mut(), &spooling)?;
    spool(source, &mut reading, &spooling, quiet)
}

fn open_reading<'a>(
    name: &str,
    drive: &'a mut dyn Transport,
    spooling: &Spooling,
) -> Result<Reading<'a>, CliError> {
    let probe = mmc::probe(drive)
        .map_err(|source| drive_error(&DriveError::Probe { drive: name.to_owned(), source }))?;
    let sessions = probe.medium.map_or(0, |medium| medium.sessions);
    if sessions > 1 {
        let message = format!("the disc has {sessions} sessions, and a copy would show the first");
        return Err(CliError::unsuitable(message)
            .hint(
                "`discwright read` takes all of them into an image, `discwright build --append` makes one of it that shows all \
                 files, and that can be burned",
            ));
    }
    let options = ReadOptions {
        retries: spooling.retries,
        speed: spooling.read_speed,
        ..ReadOptions::default()
    };
    Reading::open(drive, options).map_err(|error| disc::failed(&error))
}

/// Whether the disc in the other drive takes an image of so many blocks. Whoever agreed to lose what it holds is not asked
/// again, if it is still that disc.
fn check_target(
    target: &str,
    blocks: u32,
    how: &How,
    changer: &mut dyn Changer,
) -> Result<First, CliError> {
    let mut drive = open_drive(target)?;
    let probe = mmc::probe(drive.as_mut())
        .map_err(|source| drive_error(&DriveError::Probe { drive: target.to_owned(), source }))?;
    burn::check_medium(&probe, blocks, &how.options(target))
        .map_err(|error| disc::failed(&error))?;
    if how.overwrite {
        return Ok(First::Inserted);
    }
    let known = replace::agree(target, drive.as_mut(), None, changer)?;
    Ok(known.map_or(First::Inserted, First::Known))
}

fn spool(
    source: &str,
    reading: &mut Reading<'_>,
    spooling: &Spooling,
    quiet: bool,
) -> Result<ImageFile, CliError> {
    let needed = u64::from(reading.blocks()) * BLOCK_SIZE as u64;
    space::check(&spooling.spool, needed, elsewhere())?;
    let made = tempfile::tempfile_in(&spooling.spool);
    let mut file = made.map_err(|error| CliError::other(&error).hint(elsewhere()))?;
    let mut map = reading.new_map();
    let bar = Bar::new(reading.blocks(), quiet);
    let cancel = ending::cancel_on_request();
    let read = reading.run(&mut file, &mut map, &mut |_, _, _| Ok(()), cancel, &mut |event| {
        bar.show(&event);
    });
    bar.clear();
    let read = read.map_err(|error| read::failed(&error))?;
    let name = format!("the disc in {source}");
    let image = ImageFile::from_file(Path::new(&name), file);
    let mut image = image.map_err(|error| CliError::input(&error).maybe_hint(error.hint()))?;
    if read.unreadable.is_empty() {
        return Ok(image);
    }
    let files = image.files_in(read.first, &read.unreadable);
    for line in damage_lines(&[("cannot be read", &read.unreadable)], &files) {
        eprintln!("{line}");
    }
    let error = CliError::incomplete("the disc cannot be read in full, so nothing was written");
    Err(error.hint(format!("`discwright read {source}` saves what can be read, to burn it then")))
}

const fn elsewhere() -> &'static str {
    "name another folder with --spool"
}

#[cfg(test)]
mod tests;
