//! `discwright build`: folders and files become an image file.

mod boot;
mod checksums;
mod failed;
mod given;
mod hide;
mod image;
mod iso;
mod layout;
mod needs;
mod newest;
mod onto;
mod outdated;
mod outputs;
pub(super) mod project;
mod report;
mod scan;
mod udf;
mod video;

use core::sync::atomic::AtomicBool;
use std::{
    ffi::OsString,
    fs::File,
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
};

use image_core::{Plan, checksum::Sums, media::Medium, session::Piece};

use super::{CliError, ending, progress};
use crate::source::{
    image_file::ImageFile,
    local::LocalFiles,
    writer::{self, Watch, WriteError},
};
use checksums::Checksums;
pub(crate) use image::{ImageArgs, Planned, Target};
use layout::ReflinkChoice;
pub(crate) use onto::Onto;
pub(crate) use outputs::Input;

const EXAMPLES: &str = "\
Examples:
  discwright build -o photos.iso photos/                   the contents of a folder
  discwright build -o trip.iso 2026=photos/ map.pdf        a folder as /2026, and a file
  discwright build -o - --fs udf films/ | discwright burn /dev/sr0 -
  discwright build --size --media bd backup/               will it fit, and how large is it?
  discwright build --names photos/                         what older systems will see
  discwright build --append photos.iso -o photos.iso 2027=more/    adds a folder to an image
  discwright build -o live.iso --boot bios=isolinux/isolinux.bin --boot-info-table --boot uefi=efi.img \
      --hybrid both --mbr-code isohdpfx.bin live/          starts machines, from a USB stick too
  discwright build -o trip.iso trip.discwright             what the app saves for this project, byte for byte

Without attributes of this machine (--attributes portable) and with the same --epoch, the same folder gives
the same bytes here and in the app: there, a folder FOLDER is FOLDER=FOLDER here.

Exit status: 0 done, 1 the image cannot be written, 2 wrong usage, 3 something cannot be read or
put on a disc, 4 it does not fit on the medium.";

/// Build a disc image from folders and files
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// What to put on the disc: the contents of a folder, or a file. TARGET=PATH puts the contents of a folder into TARGET;
    /// a file gets TARGET for its path, or goes into it where it ends in /. A project file of the app stands alone: it says
    /// what is on the disc and how
    #[arg(required = true, value_name = "[TARGET=]PATH|PROJECT")]
    paths: Vec<OsString>,
    /// Where the files and folders of a project are [default: where the project file is]
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// The image to write, in place of what is there; - for standard output
    #[arg(short, long, value_name = "OUT.iso|-", required_unless_present_any = ["size", "names"])]
    output: Option<PathBuf>,
    /// Add to what is in this image: OUT.iso is that image and, behind it, what is new or replaced. It may be OUT.iso itself
    #[arg(long, value_name = "IMAGE")]
    append: Option<PathBuf>,
    /// Print the exact size in bytes; without -o, write nothing
    #[arg(long)]
    size: bool,
    /// List the names that become others, with the file system, what they become there (- for nothing) and why, divided by
    /// tabs; without -o, write nothing
    #[arg(long)]
    names: bool,
    /// Print JSON and no progress
    #[arg(long)]
    json: bool,
    /// Let large files share their blocks with an image on the same Btrfs or XFS
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Layout")]
    reflink: ReflinkChoice,
    #[command(flatten)]
    image: ImageArgs,
}

pub(crate) fn run(args: &Args) -> Result<(), CliError> {
    check_standard_output(args)?;
    let to_stdout = args.writes_image_to_stdout();
    static NEVER: AtomicBool = AtomicBool::new(false);
    let cancelled = if to_stdout {
        // Nothing to clean up: an interrupt ends the program, and the reader sees the image end early.
        &NEVER
    } else {
        ending::cancel_on_request()
    };
    let Planned { plan, files, notices, base, head } = plan(args, cancelled)?;
    let list = args.output.as_ref().and_then(|_| args.image.checksums.begin_list().transpose());
    let list = list.transpose()?;
    let sums = match &args.output {
        Some(_) if to_stdout => write_to_stdout(&plan, &files, cancelled)?,
        Some(output) => {
            let onto = base.as_ref().zip(head.as_ref().map(|head| head.after.as_slice()));
            write_to_file(&plan, &files, (onto, output), args, cancelled)?
        }
        None => Sums::default(),
    };
    if let Some(list) = list {
        list.write(&plan, &sums)?;
    }
    report::print(args, &plan, &notices, &sums).map_err(|error| CliError::other(&error))
}

impl Args {
    fn writes_image_to_stdout(&self) -> bool {
        self.output.as_deref() == Some(Path::new("-"))
    }

    /// Whether standard output is for what is written, and not for what is told.
    fn fills_stdout(&self) -> bool {
        self.writes_image_to_stdout() || self.image.checksums.tells_files()
    }
}

/// Refuses what makes no sense on standard output, or is not the only thing there.
fn check_standard_output(args: &Args) -> Result<(), CliError> {
    let (image, list) = (args.writes_image_to_stdout(), args.image.checksums.tells_files());
    if image && args.append.is_some() {
        return Err(CliError::usage("an image that is added to is written to a file")
            .hint("write it with -o OUT.iso"));
    }
    let tells = args.json || args.size || args.names;
    if image && (tells || list) {
        return Err(CliError::usage("standard output is taken by the image")
            .hint("write the image to a file with -o OUT.iso"));
    }
    if list && tells {
        return Err(CliError::usage("standard output is taken by the list of sums")
            .hint("write the list to a file with --sha256-file OUT"));
    }
    if image && io::stdout().is_terminal() {
        return Err(CliError::usage("an image makes no sense on a terminal")
            .hint("write it to a file with -o OUT.iso, or into a pipe"));
    }
    Ok(())
}

fn plan(args: &Args, cancelled: &AtomicBool) -> Result<Planned, CliError> {
    // A file may be called `-`, which is not written.
    let output = args.output.as_deref().filter(|_| !args.writes_image_to_stdout());
    if let Some(path) = project::named(args)? {
        return project::plan(path, args.root.as_deref(), output, &args.image, None);
    }
    let append = args.append.as_deref();
    let onto = append.map(|path| Onto::file(path, args.image.wants_udf())).transpose()?;
    let written = append.map(Input::continued);
    let target = Target { onto, medium: None, written, appended: append.is_some() };
    args.image.plan(&args.paths, output, target, cancelled)
}

/// An image that is larger than the disc it is meant for.
#[derive(Debug, thiserror::Error)]
#[error("the image takes {needed} bytes, and a {} holds {holds}", medium.label())]
struct DoesNotFit {
    needed: u64,
    medium: Medium,
    holds: u64,
}

/// Blocks of an image with what it is added to.
fn blocks_with(plan: &Plan) -> u32 {
    plan.start().0.saturating_add(plan.size_blocks())
}

fn check_fits(plan: &Plan, medium: Medium) -> Result<(), CliError> {
    let needed = blocks_with(plan);
    if needed <= medium.capacity_blocks() {
        return Ok(());
    }
    let holds = image_core::bytes_in(medium.capacity_blocks());
    let error = DoesNotFit { needed: image_core::bytes_in(needed), medium, holds };
    let larger = Medium::ALL.into_iter().find(|other| needed <= other.capacity_blocks());
    Err(CliError::medium(&error).hint(match larger {
        Some(larger) => format!("it fits on a {}: --media {}", larger.label(), larger.id()),
        None => "no disc holds that much: spread it over several".to_owned(),
    }))
}

fn write_to_stdout(
    plan: &Plan,
    files: &LocalFiles,
    cancelled: &AtomicBool,
) -> Result<Sums, CliError> {
    let stdout = stdout_file().map_err(|error| CliError::other(&error))?;
    let watch = Watch { progress: &|_| {}, cancelled };
    // What is in a pipe cannot be taken back, and may be on a disc already.
    writer::check_readable(files, cancelled).map_err(|error| write_failed(&error))?;
    writer::write_stream(plan, files, &stdout, Path::new("standard output"), watch)
        .map_err(|error| write_failed(&error))
}

#[cfg(unix)]
fn stdout_file() -> io::Result<File> {
    use std::os::fd::AsFd as _;
    Ok(io::stdout().as_fd().try_clone_to_owned()?.into())
}

#[cfg(windows)]
fn stdout_file() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;
    Ok(io::stdout().as_handle().try_clone_to_owned()?.into())
}

fn write_to_file(
    plan: &Plan,
    files: &LocalFiles,
    (onto, output): (Option<(&ImageFile, &[Piece])>, &Path),
    args: &Args,
    cancelled: &AtomicBool,
) -> Result<Sums, CliError> {
    let bar = progress::bytes(plan.size_bytes(), args.json);
    bar.set_message("writing");
    let watch = Watch { progress: &|done| bar.set_position(done), cancelled };
    let reflink = args.reflink.into();
    let written = match onto {
        Some(onto) => writer::grow_file(onto, plan, files, output, reflink, watch),
        None => writer::write_file(plan, files, output, reflink, watch),
    };
    bar.finish_and_clear();
    written.map_err(|error| write_failed(&error))
}

pub(super) fn write_failed(error: &WriteError) -> CliError {
    let cli = match error {
        WriteError::Source(source) => CliError::input(source),
        _ => CliError::other(error),
    };
    cli.maybe_hint(error.hint())
}

#[cfg(test)]
mod tests;
