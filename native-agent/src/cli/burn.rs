//! `discwright burn`: an image, or files, straight to a disc.

pub(super) mod how;
pub(super) mod replace;

use std::{ffi::OsString, path::Path};

use how::{Changer as _, First, How, User, burn_copies};

use super::{
    CliError,
    build::{ImageArgs, Input, Onto, Target},
    copy::{self, Spooling},
    disc::{self, open_drive},
    ending,
};
use crate::{
    burn::BurnError,
    drives::Location,
    mmc::{self, MediumFacts, MediumStatus},
    source::local::Project,
};

const EXAMPLES: &str = "\
Examples:
  discwright burn /dev/sr0 image.iso                        burn, and compare every block
  discwright burn virtual:demo.vdisc image.iso --verify quick
  discwright burn sr0 - < image.iso                         from standard input
  discwright burn sr0 sr1                                   the disc in another drive, as `copy` does
  discwright burn sr0 photos/                               the contents of a folder
  discwright burn sr0 2026=photos/ map.pdf                  a folder as /2026, and a file
  discwright burn sr0 --media dvd --dedup backup/           laid out as `build` does it
  discwright burn sr0 --append 2027=more/                   added to what is on the disc
  discwright burn sr0 =map.pdf                              one file that is not an image
  discwright burn sr0 trip.discwright                       what the app saves for this project
  discwright burn sr0 image.iso --speed 4 --copies 3        asks for the next disc between copies

Exit status: 0 done, 2 wrong usage, 3 input, 4 medium, 5 drive, 6 the disc differs from the image.";

/// Burn an image, or folders and files, to a disc
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A device such as /dev/sr0, or virtual:FILE.vdisc
    drive: String,
    /// One image file, another drive, or - for standard input; else folders and files to put on the disc, or a project, as
    /// `build` takes them
    #[arg(required = true, value_name = "IMAGE|DRIVE|[TARGET=]PATH")]
    paths: Vec<OsString>,
    /// Burn a file in which there is no file system of discs, byte for byte
    #[arg(long)]
    as_is: bool,
    #[command(flatten)]
    how: How,
    #[command(flatten)]
    image: ImageArgs,
}

pub(crate) fn run(args: &Args) -> Result<(), CliError> {
    if let [only] = args.paths.as_slice()
        && let Some(only) = only.to_str()
        && Location::is_drive_name(only)
        && args.image.is_default()
    {
        return copy::copy(only, &args.drive, &args.how, &Spooling::default(), &mut User);
    }
    if args.image.checksums.tells_files() {
        return Err(CliError::usage("standard output is for what is told of the disc")
            .hint("write the list to a file with --sha256-file OUT"));
    }
    if args.how.copies > 1 {
        User.check()?;
    }
    let (target, first) = target(args)?;
    if target.onto.is_some() && args.how.copies > 1 {
        return Err(CliError::usage("what is added to a disc fits no other")
            .hint("burn one copy, or leave --append out"));
    }
    let mut image = disc::open_paths(&args.paths, &args.image, target, args.as_is)?;
    burn_copies(&args.drive, image.as_mut(), &args.how, &first, &mut User)
}

/// What folders and files are laid out for: the disc that is in the drive, and its contents if they are added to.
fn target(args: &Args) -> Result<(Target, First), CliError> {
    if disc::image_of(&args.paths).is_some() {
        return Ok((Target::default(), First::Inserted));
    }
    let location = disc::location(&args.drive)?;
    let appended = args.how.append;
    let written = Some(Input::drive(location.path()));
    let mut drive = open_drive(&args.drive)?;
    let probe = mmc::probe(drive.as_mut()).map_err(|error| disc::failed(&error.into()))?;
    let Some(found) = probe.medium else {
        return Ok((Target { written, appended, ..Target::default() }, First::Inserted));
    };
    let onto = if appended {
        let (udf, cancelled) = (args.image.wants_udf(), ending::cancel_on_request());
        Onto::disc(drive.as_mut(), &found, udf, cancelled)?
    } else {
        refuse_open(&found, &args.paths)?;
        None
    };
    // Laying out takes a while, in which discs can be changed.
    let first =
        if onto.is_some() { First::Known(found.fingerprint.clone()) } else { First::Inserted };
    let medium = Some(found.profile.medium());
    Ok((Target { onto, medium, written, appended }, first))
}

/// Folders and files are laid out for an empty disc, unless they are added to what is there. A project cannot be.
fn refuse_open(found: &MediumFacts, paths: &[OsString]) -> Result<(), CliError> {
    let start = found.next_writable.unwrap_or_default();
    let is_open = found.status == MediumStatus::Appendable && found.refusal.is_none();
    let is_project = matches!(paths, [only] if Project::is_named(Path::new(only)));
    if start == 0 || !is_open || is_project {
        return Ok(());
    }
    Err(CliError::input(&BurnError::NotForThisSession { start })
        .hint("--append adds to what is on the disc; an empty disc takes it without"))
}
