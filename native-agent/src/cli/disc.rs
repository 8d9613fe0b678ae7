//! What the commands that write and compare discs share.

use core::{cell::Cell, time::Duration};
use std::{io, path::Path};

use indicatif::ProgressBar;

use super::{
    CliError,
    build::{ImageArgs, Planned, Target, write_failed},
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
        local::PlanSource,
        writer::{self, Watch},
    },
};

/// How long a tray may take.
pub(super) const TRAY_LIMIT: Duration = Duration::from_secs(60);

/// Where the volume recognition area begins.
const RECOGNITION_AREA: u32 = 16;

/// Opens the drive a user named, for this process alone.
pub(super) fn open_drive(name: &str) -> Result<Box<dyn Transport>, CliError> {
    let location = Location::parse(name).map_err(|error| drive_failed(&error))?;
    location.open().map_err(|error| drive_failed(&error))
}

fn drive_failed(error: &DriveError) -> CliError {
    CliError::drive(error).maybe_hint(error.hint())
}

/// What to burn: an image when that is all that is named, else folders and files in an image of their own.
pub(super) fn open_paths(
    paths: &[String],
    options: &ImageArgs,
    target: Target,
) -> Result<Box<dyn ImageSource>, CliError> {
    if let Some(only) = image_of(paths) {
        if !options.is_default() {
            return Err(CliError::usage(
                "an image is burned as it is, without options for another",
            )
            .hint("leave them out, or burn the file itself as `=FILE`"));
        }
        return open_image(Path::new(only));
    }
    Ok(Box::new(author(paths, options, target)?))
}

/// The image that is named, if that is all that is named.
pub(super) fn image_of(paths: &[String]) -> Option<&str> {
    match paths {
        [only] if only == "-" || Path::new(only).is_file() => Some(only),
        _ => None,
    }
}

/// Lays folders and files out; their contents are read while the disc is written.
fn author(paths: &[String], options: &ImageArgs, target: Target) -> Result<PlanSource, CliError> {
    let cancelled = ending::cancel_on_request();
    let Planned { plan, files, head, .. } = options.plan(paths, None, target, cancelled)?;
    let watch = Watch { progress: &|_| {}, cancelled };
    let (patches, sums) = writer::checksums(&plan, &files, watch).map_err(|e| write_failed(&e))?;
    options.write_sums(&plan, &sums)?;
    Ok(PlanSource::new(plan, files).patched(patches).headed(head))
}

/// Opens an image file, or keeps what comes from standard input in a file that goes away by itself.
pub(super) fn open_image(path: &Path) -> Result<Box<dyn ImageSource>, CliError> {
    let opened = if path.as_os_str() == "-" { from_stdin() } else { ImageFile::open(path) };
    let mut image = opened.map_err(|error| CliError::input(&error).maybe_hint(error.hint()))?;
    if !has_volume(&mut image) {
        let name = path.display();
        eprintln!("note: {name} has no file system of discs in it; it is taken as it is");
    }
    if image.padding() > 0 {
        let padding = image.padding();
        eprintln!(
            "note: the image ends within a block of {BLOCK_SIZE} bytes; {padding} zeros follow"
        );
    }
    Ok(Box::new(image))
}

/// Whether the volume recognition area of ISO 9660 or UDF begins where it should. ECMA-119 6.7.1, ECMA-167 2/8.3.
fn has_volume(image: &mut ImageFile) -> bool {
    let mut block = [0; BLOCK_SIZE];
    image.read(RECOGNITION_AREA, &mut block).is_ok()
        && [b"CD001", b"BEA01"].iter().any(|id| block[1..6] == id[..])
}

/// A burn cannot wait for a pipe, and a comparison needs the bytes again: all of it is taken in first.
fn from_stdin() -> Result<ImageFile, SourceError> {
    let name = Path::new("standard input");
    let io = |error| SourceError::io(name, error);
    let mut file = tempfile::tempfile().map_err(io)?;
    io::copy(&mut io::stdin().lock(), &mut file).map_err(io)?;
    ImageFile::from_file(name, file)
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
