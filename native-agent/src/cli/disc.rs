//! What the commands that write and compare discs share.

use core::{cell::Cell, time::Duration};
use std::{
    env,
    ffi::OsString,
    fs::{File, Metadata},
    io::{
        self,
        ErrorKind::{QuotaExceeded, StorageFull},
        Read,
    },
    path::Path,
};

use indicatif::ProgressBar;

use super::{
    CliError,
    build::{ImageArgs, Planned, Target, project, write_failed},
    ending, progress,
};
use crate::{
    burn::{Blame, BurnError, Event, Phase, Verification},
    drives::{DriveError, Location},
    jobs::burning::in_words,
    scsi::Transport,
    source::{
        BLOCK_SIZE, BlockRange, DamagedFile, ImageSource, SourceError,
        image_file::ImageFile,
        local::{PlanSource, Project},
        writer::{self, Watch},
    },
};

/// How long a tray may take.
pub(super) const TRAY_LIMIT: Duration = Duration::from_secs(60);

/// The drive a user named.
pub(super) fn location(name: &str) -> Result<Location, CliError> {
    Location::parse(name).map_err(|error| drive_error(&error))
}

/// Opens it, for this process alone.
pub(super) fn open_drive(name: &str) -> Result<Box<dyn Transport>, CliError> {
    location(name)?.open().map_err(|error| drive_error(&error))
}

pub(super) fn drive_error(error: &DriveError) -> CliError {
    CliError::drive(error).maybe_hint(error.hint())
}

/// What to burn: an image when that is all that is named, else folders and files, or a project of the app, in an image of
/// their own. A file without a file system of discs is taken `as_is` or not at all.
pub(super) fn open_paths(
    paths: &[OsString],
    options: &ImageArgs,
    target: Target,
    as_is: bool,
) -> Result<Box<dyn ImageSource>, CliError> {
    let Some(only) = image_of(paths) else {
        return Ok(Box::new(author(paths, options, target)?));
    };
    if !options.is_default() {
        return Err(CliError::usage("an image is burned as it is, without options for another")
            .hint("leave them out, or burn the file itself as `=FILE`"));
    }
    let mut image = open(only)?;
    if !as_is && !image.has_volume() {
        return Err(CliError::usage(format!(
            "{} has no file system of discs in it",
            only.display()
        ))
        .hint(
            "a compressed image has to be unpacked first: `zcat FILE.gz | discwright burn DRIVE -`",
        )
        .hint("what is to be a file on the disc is named `=FILE`, and --as-is burns any bytes"));
    }
    Ok(Box::new(told(image)))
}

/// The image that is named, if that is all that is named: a file, a device or a pipe.
pub(super) fn image_of(paths: &[OsString]) -> Option<&Path> {
    match paths {
        [only] if only == "-" || is_image(Path::new(only)) => Some(Path::new(only)),
        _ => None,
    }
}

fn is_image(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| !found.is_dir()) && !Project::is_named(path)
}

/// Lays folders and files out; their contents are read while the disc is written, and can be as far as can be told before.
fn author(paths: &[OsString], options: &ImageArgs, target: Target) -> Result<PlanSource, CliError> {
    let cancelled = ending::cancel_on_request();
    let planned = match project::alone(paths, options)? {
        Some(_) if target.onto.is_some() => {
            return Err(CliError::usage("a project is the whole of a disc")
                .hint("leave --append out, or add its files and folders themselves"));
        }
        Some(path) => project::plan(path, None, None, options, target.written.as_ref())?,
        None => options.plan(paths, None, target, cancelled)?,
    };
    let Planned { plan, files, head, .. } = planned;
    writer::check_readable(&files, cancelled).map_err(|e| write_failed(&e))?;
    let list = options.checksums.begin_list()?;
    let watch = Watch { progress: &|_| {}, cancelled };
    let (patches, sums) = writer::checksums(&plan, &files, watch).map_err(|e| write_failed(&e))?;
    if let Some(list) = list {
        list.write(&plan, &sums)?;
    }
    Ok(PlanSource::new(plan, files).patched(patches).headed(head))
}

/// Opens an image file, or keeps what comes from a pipe in a file that goes away by itself.
pub(super) fn open_image(path: &Path) -> Result<Box<dyn ImageSource>, CliError> {
    Ok(Box::new(told(open(path)?)))
}

fn open(path: &Path) -> Result<ImageFile, CliError> {
    let failed = |error: &SourceError| CliError::input(error).maybe_hint(error.hint());
    if path.as_os_str() == "-" {
        let name = Path::new("standard input");
        return ImageFile::from_file(name, spooled(name, &mut io::stdin().lock())?)
            .map_err(|error| failed(&error));
    }
    let io = |error| failed(&SourceError::io(path, error));
    if path.metadata().is_ok_and(|found| is_pipe(&found)) {
        let mut pipe = File::open(path).map_err(io)?;
        return ImageFile::from_file(path, spooled(path, &mut pipe)?).map_err(|e| failed(&e));
    }
    ImageFile::open(path).map_err(|error| failed(&error))
}

#[cfg(unix)]
fn is_pipe(found: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    found.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_pipe(_: &Metadata) -> bool {
    false
}

/// Says what is odd about an image.
fn told(mut image: ImageFile) -> ImageFile {
    if !image.has_volume() {
        let name = image.path().display();
        eprintln!("note: {name} has no file system of discs in it; it is taken as it is");
    }
    if image.padding() > 0 {
        let padding = image.padding();
        eprintln!(
            "note: the image ends within a block of {BLOCK_SIZE} bytes; {padding} zeros follow"
        );
    }
    image
}

/// A burn cannot wait for a pipe, and a comparison needs the bytes again: all of it is taken in first.
fn spooled(name: &Path, pipe: &mut dyn Read) -> Result<File, CliError> {
    let folder = env::temp_dir();
    let kept = |error: io::Error| {
        let message =
            format!("cannot keep what comes from {} in {}", name.display(), folder.display());
        CliError::failure(format!("{message}: {error}"))
            .hint("free space there, or have TMPDIR name another folder")
    };
    let mut file = tempfile::tempfile_in(&folder).map_err(kept)?;
    match io::copy(pipe, &mut file) {
        Ok(_) => Ok(file),
        Err(error) if matches!(error.kind(), StorageFull | QuotaExceeded) => Err(kept(error)),
        Err(error) => Err(CliError::input(&SourceError::io(name, error))),
    }
}

/// What went wrong, with the exit code for whose fault it is.
pub(super) fn failed(error: &BurnError) -> CliError {
    let failure = match error.blame() {
        Blame::Input => CliError::input(error),
        Blame::Medium => CliError::medium(error),
        Blame::Drive => CliError::drive(error),
        Blame::Verification => CliError::verification(error),
        Blame::Cancelled => CliError::other(error),
    };
    failure.maybe_hint(error.hint())
}

#[derive(Debug, thiserror::Error)]
#[error("{}", in_words(.0))]
struct Differs(Verification);

/// Fails when the disc does not hold the image.
pub(super) fn judge(found: &Verification) -> Result<(), CliError> {
    if found.is_good() {
        return Ok(());
    }
    let kinds = [("differ", &*found.different), ("cannot be read", &*found.unreadable)];
    for line in damage_lines(&kinds, &found.files) {
        eprintln!("{line}");
    }
    let hint = "do not rely on this disc; try another disc, or a lower speed";
    Err(CliError::verification(&Differs(found.clone())).hint(hint))
}

/// Lines that are printed for the damage of one disc.
const MOST_LINES: usize = 20;

/// Which blocks are damaged and which files they hit, a line for each; long lists are cut short.
pub(super) fn damage_lines(kinds: &[(&str, &[BlockRange])], files: &[DamagedFile]) -> Vec<String> {
    let mut lines = Vec::new();
    for (what, ranges) in kinds {
        let line = |range: &BlockRange| match range.blocks {
            1 => format!("block {} {}", range.first, what.replacen("differ", "differs", 1)),
            blocks => format!("blocks {} to {} {what}", range.first, range.first + (blocks - 1)),
        };
        cut_short(&mut lines, ranges.iter().map(line), "ranges of blocks");
    }
    let line = |file: &DamagedFile| match file.blocks {
        1 => format!("damaged: {} (1 block)", file.path),
        blocks => format!("damaged: {} ({blocks} blocks)", file.path),
    };
    cut_short(&mut lines, files.iter().map(line), "files");
    lines
}

fn cut_short(lines: &mut Vec<String>, of: impl ExactSizeIterator<Item = String>, what: &str) {
    let more = of.len().saturating_sub(MOST_LINES);
    lines.extend(of.take(MOST_LINES));
    if more > 0 {
        lines.push(format!("and {more} more {what}; --json lists all"));
    }
}

/// Shows how far a disc has come.
#[derive(Debug)]
pub(super) struct Bar {
    bar: ProgressBar,
    phase: Cell<Option<Phase>>,
}

impl Bar {
    /// A bar for an image of this many blocks; none when `quiet`.
    pub(super) fn new(blocks: u32, quiet: bool) -> Self {
        let bar = progress::bytes(u64::from(blocks) * BLOCK_SIZE as u64, quiet);
        Self { bar, phase: Cell::new(None) }
    }

    /// Shows what happened.
    pub(super) fn show(&self, event: &Event) {
        let (phase, done) = match *event {
            Event::Phase(phase) => (phase, None),
            Event::Progress(progress) => (progress.phase, Some(progress)),
            Event::Overburn(blocks) => {
                let what = "beyond what the disc says it holds; its end may be lost";
                self.bar.suspend(|| eprintln!("note: the image reaches {blocks} blocks {what}"));
                return;
            }
            Event::Speed(_) | Event::Refused(_) | Event::Blocks(_) => return,
        };
        if self.phase.replace(Some(phase)) != Some(phase) {
            self.bar.reset();
            self.bar.set_message(phase.as_str());
        }
        if let Some(progress) = done {
            if progress.bad_blocks > 0 {
                let bad = progress.bad_blocks;
                self.bar.set_message(format!("{}, {bad} bad", phase.as_str()));
            }
            self.bar.set_length(u64::from(progress.total_blocks) * BLOCK_SIZE as u64);
            self.bar.set_position(u64::from(progress.done_blocks) * BLOCK_SIZE as u64);
        }
    }

    /// Takes the bar away.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_told_in_lines_of_which_there_are_not_too_many() {
        let range = |first, blocks| BlockRange { first, blocks };
        let file = |blocks| DamagedFile { path: "a/b.txt".to_owned(), blocks };
        let kinds: [(&str, &[BlockRange]); 2] =
            [("differ", &[range(3, 1), range(5, 10)]), ("cannot be read", &[range(7, 1)])];
        assert_eq!(
            damage_lines(&kinds, &[file(1), file(2)]),
            [
                "block 3 differs",
                "blocks 5 to 14 differ",
                "block 7 cannot be read",
                "damaged: a/b.txt (1 block)",
                "damaged: a/b.txt (2 blocks)",
            ]
        );
        let many = vec![range(1, 1); 25];
        let lines = damage_lines(&[("cannot be read", &many)], &[]);
        assert_eq!(
            (lines.len(), &*lines[20]),
            (21, "and 5 more ranges of blocks; --json lists all")
        );
    }
}
