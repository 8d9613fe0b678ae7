//! `discwright build`: folders and files become an image file.

mod boot;
mod checksums;
mod hide;
mod iso;
mod layout;
mod report;
mod udf;

use core::sync::atomic::{AtomicBool, Ordering};
use std::{
    fs::File,
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use clap::ValueEnum;
use image_core::{DiscTime, FileSystems, Options, Plan, PlanError, checksum::Sums, media::Medium};

use super::{CliError, progress};
use crate::{
    clock,
    source::{
        local::{self, Exclude, Graft, Recorded, Scan, ScanOptions},
        writer::{self, Watch, WriteError},
    },
};
use checksums::Checksums;

const EXAMPLES: &str = "\
Examples:
  discwright build -o photos.iso photos/                   the contents of a folder
  discwright build -o trip.iso 2026=photos/ map.pdf        a folder as /2026, and a file
  discwright build -o - --fs udf films/ | discwright burn /dev/sr0 -
  discwright build --size --media bd backup/               will it fit, and how large is it?
  discwright build --names photos/                         what older systems will see
  discwright build -o live.iso --boot bios=isolinux/isolinux.bin --boot-info-table --boot uefi=efi.img \
      --hybrid both --mbr-code isohdpfx.bin live/          starts machines, from a USB stick too

Without attributes of this machine (--attributes portable) and with the same --epoch, the same folder gives
the same bytes here and in the app: there, a folder FOLDER is FOLDER=FOLDER here.

Exit status: 0 done, 1 the image cannot be written, 2 wrong usage, 3 something cannot be read or
put on a disc, 4 it does not fit on the medium.";

/// Build a disc image from folders and files
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// What to put on the disc: the contents of a folder, or a file. TARGET=PATH puts it under TARGET
    #[arg(required = true, value_name = "[TARGET=]PATH")]
    paths: Vec<String>,
    /// The image to write, in place of what is there; - for standard output
    #[arg(short, long, value_name = "OUT.iso|-", required_unless_present_any = ["size", "names"])]
    output: Option<PathBuf>,
    /// File systems to write; they share one copy of the files. Joliet and Rock Ridge extend ISO 9660 [default: the
    /// medium's, or iso,joliet,rockridge,udf]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    fs: Vec<FileSystem>,
    /// Name of the volume [default: the folder's name, or DISC]
    #[arg(long, value_name = "NAME")]
    volume: Option<String>,
    /// Take the defaults of this medium, and fail when the image does not fit on it
    #[arg(long, value_name = "MEDIUM", value_parser = medium)]
    media: Option<Medium>,
    /// Leave out what has a matching name (*.tmp) or path in the image (docs/*.tmp); may be repeated
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    /// What is recorded of each entry besides its content
    #[arg(long, value_name = "WHICH", default_value = "full")]
    attributes: AttributeChoice,
    /// When the volume was made, in seconds since 1970, for images that are the same every time [default: now]
    #[arg(long, value_name = "SECONDS", env = "SOURCE_DATE_EPOCH", allow_negative_numbers = true)]
    epoch: Option<i64>,
    /// Print the exact size in bytes; without -o, write nothing
    #[arg(long)]
    size: bool,
    /// List the names that become others, and what they become; without -o, write nothing
    #[arg(long)]
    names: bool,
    /// Print JSON and no progress
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    iso: iso::IsoArgs,
    #[command(flatten)]
    udf: udf::UdfArgs,
    #[command(flatten)]
    hide: hide::HideArgs,
    #[command(flatten)]
    layout: layout::LayoutArgs,
    #[command(flatten)]
    checksums: Checksums,
    #[command(flatten)]
    boot: boot::BootArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FileSystem {
    Iso,
    Joliet,
    Rockridge,
    Udf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum AttributeChoice {
    /// Times, permissions, owners, links, and devices, pipes and sockets with Rock Ridge
    Full,
    /// Only what a browser sees: times of files to the millisecond; symbolic links are left out
    Portable,
}

fn medium(id: &str) -> Result<Medium, String> {
    Medium::from_id(id).ok_or_else(|| {
        let known: Vec<_> = Medium::ALL.iter().map(|medium| medium.id()).collect();
        format!("choose one of {}", known.join(", "))
    })
}

pub(crate) fn run(args: &Args) -> Result<(), CliError> {
    let to_stdout = args.output.as_deref() == Some(Path::new("-"));
    if to_stdout && (args.json || args.size || args.names) {
        return Err(CliError::usage("standard output is taken by the image")
            .hint("write the image to a file with -o OUT.iso"));
    }
    if to_stdout && io::stdout().is_terminal() {
        return Err(CliError::usage("an image makes no sense on a terminal")
            .hint("write it to a file with -o OUT.iso, or into a pipe"));
    }
    let mut scan = scan(args)?;
    args.udf.read_small(&mut scan)?;
    args.udf.read_information(&mut scan)?;
    let options = Options { boot: boot::options(&args.boot, &mut scan)?, ..options(args)? };
    for notice in &scan.notices {
        eprintln!("note: left out {}: {}", notice.path.display(), notice.reason.words());
    }
    args.hide.apply(&mut scan.tree).map_err(|e| CliError::usage(crate::problem::chain(&e)))?;
    args.layout.arrange(&mut scan.tree, &scan.files)?;
    let Scan { tree, files, notices } = scan;
    let plan = image_core::plan(Arc::new(tree), &options).map_err(|e| plan_failed(&e))?;
    if args.iso.warnings {
        for warning in plan.warnings() {
            eprintln!("warning: {}", report::in_words(&warning));
        }
    }
    if let Some(medium) = args.media {
        check_fits(&plan, medium)?;
    }
    let sums = match &args.output {
        Some(_) if to_stdout => write_to_stdout(&plan, &files)?,
        Some(output) => write_to_file(&plan, &files, output, args)?,
        None => Sums::default(),
    };
    if args.output.is_some() {
        args.checksums.write_file(&plan, &sums).map_err(|error| CliError::other(&error))?;
    }
    report::print(args, &plan, &notices, &sums).map_err(|error| CliError::other(&error))
}

fn scan(args: &Args) -> Result<Scan, CliError> {
    let exclude = Exclude::new(&args.exclude);
    let exclude = exclude.map_err(|error| CliError::usage(crate::problem::chain(&error)))?;
    let Ok(grafts) = args.paths.iter().map(|path| path.parse()).collect::<Result<Vec<Graft>, _>>();
    let recorded = match args.attributes {
        AttributeChoice::Full => Recorded::Full,
        AttributeChoice::Portable => Recorded::Portable,
    };
    let special_files = args.fs.contains(&FileSystem::Rockridge);
    let options = ScanOptions { exclude, recorded, special_files, output: args.output.clone() };
    local::scan(&grafts, &options).map_err(|error| CliError::input(&error).maybe_hint(error.hint()))
}

fn options(args: &Args) -> Result<Options, CliError> {
    let defaults = args.media.map(Medium::options).unwrap_or_default();
    let has = |wanted| args.fs.contains(&wanted);
    let chosen = FileSystems {
        iso9660: has(FileSystem::Iso),
        joliet: has(FileSystem::Joliet),
        rock_ridge: has(FileSystem::Rockridge),
        udf: has(FileSystem::Udf),
    };
    let file_systems = if args.fs.is_empty() { defaults.file_systems } else { chosen };
    let volume_id = args.volume.clone().unwrap_or_else(|| default_volume(&args.paths));
    let created = args.epoch.unwrap_or_else(|| {
        i64::try_from(clock::unix_millis(clock::now()) / 1000).unwrap_or_default()
    });
    let created = DiscTime::from_unix(created, 0, 0);
    let options = Options {
        volume_id,
        file_systems,
        checksums: args.checksums.options(),
        layout: args.layout.options(&defaults.layout),
        udf: args.udf.options(defaults.udf.revision),
        video: args.udf.video(),
        created,
        ..Options::default()
    };
    args.iso.apply(options).map_err(CliError::usage)
}

/// The name of the folder, when there is nothing else on the disc.
pub(super) fn default_volume(paths: &[String]) -> String {
    let name = || {
        let [only] = paths else { return None };
        let Ok(graft) = only.parse::<Graft>();
        let folder = graft.path.canonicalize().ok().filter(|path| path.is_dir())?;
        let name = folder.file_name()?.to_str()?.to_owned();
        (name.len() <= 60 && !name.contains(char::is_control)).then_some(name)
    };
    name().unwrap_or_else(|| Options::default().volume_id)
}

pub(super) fn plan_failed(error: &PlanError) -> CliError {
    let of_options = matches!(
        error,
        PlanError::InvalidVolumeName { .. }
            | PlanError::NoFileSystem
            | PlanError::NeedsIso9660 { .. }
            | PlanError::IdentifierTooLong { .. }
            | PlanError::NotInRoot { .. }
            | PlanError::RelocationNeedsRockRidge
            | PlanError::UdfForm { .. }
            | PlanError::UdfPacket { .. }
            | PlanError::UdfVirtualMetadata
            | PlanError::UdfPseudoOverwritable
            | PlanError::ChecksumsNeed { .. }
    );
    let message = error.to_string();
    let cli = match error {
        PlanError::OverBudget { .. } => CliError::medium(error),
        _ if of_options => CliError::usage(message),
        _ => CliError::input(error),
    };
    cli.hint(error.hint())
}

/// An image that is larger than the disc it is meant for.
#[derive(Debug, thiserror::Error)]
#[error("the image takes {needed} bytes, and a {} holds {holds}", medium.label())]
struct DoesNotFit {
    needed: u64,
    medium: Medium,
    holds: u64,
}

fn check_fits(plan: &Plan, medium: Medium) -> Result<(), CliError> {
    if plan.size_blocks() <= medium.capacity_blocks() {
        return Ok(());
    }
    let holds = image_core::bytes_in(medium.capacity_blocks());
    let error = DoesNotFit { needed: plan.size_bytes(), medium, holds };
    let larger =
        Medium::ALL.into_iter().find(|other| plan.size_blocks() <= other.capacity_blocks());
    Err(CliError::medium(&error).hint(match larger {
        Some(larger) => format!("it fits on a {}: --media {}", larger.label(), larger.id()),
        None => "no disc holds that much: spread it over several".to_owned(),
    }))
}

fn write_to_stdout(plan: &Plan, files: &local::LocalFiles) -> Result<Sums, CliError> {
    let stdout = stdout_file().map_err(|error| CliError::other(&error))?;
    // Nothing to clean up: an interrupt ends the program, and the reader sees the image end early.
    let watch = Watch { progress: &|_| {}, cancelled: &AtomicBool::new(false) };
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
    files: &local::LocalFiles,
    output: &Path,
    args: &Args,
) -> Result<Sums, CliError> {
    let cancelled = cancelled_by_signal().map_err(|error| CliError::other(&error))?;
    let bar = progress::bytes(plan.size_bytes(), args.json);
    bar.set_message("writing");
    let watch = Watch { progress: &|done| bar.set_position(done), cancelled: &cancelled };
    let written = writer::write_file(plan, files, output, args.layout.reflink(), watch);
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

/// A flag that an interrupt (Ctrl-C) or a request to end sets, so that the image is cleared away.
fn cancelled_by_signal() -> io::Result<Arc<AtomicBool>> {
    let cancelled = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&cancelled);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let (ready, started) = std::sync::mpsc::channel();
    // The thread waits for a signal that mostly never comes, and ends with the program.
    thread::spawn(move || {
        runtime.block_on(async {
            let signal = wait_for_signal(&ready).await;
            flag.store(signal.is_ok(), Ordering::Relaxed);
        });
    });
    let _ = started.recv();
    Ok(cancelled)
}

#[cfg(unix)]
async fn wait_for_signal(ready: &std::sync::mpsc::Sender<()>) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let _ = ready.send(());
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn wait_for_signal(ready: &std::sync::mpsc::Sender<()>) -> io::Result<()> {
    let interrupt = tokio::signal::ctrl_c();
    let _ = ready.send(());
    interrupt.await
}

#[cfg(test)]
mod tests;
