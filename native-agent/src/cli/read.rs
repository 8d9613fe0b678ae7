//! `discwright read`: a disc becomes an image file.

mod files;

use std::{
    fs::File,
    io::{
        self,
        ErrorKind::{QuotaExceeded, StorageFull},
        Write,
    },
    path::PathBuf,
};

use serde_json::json;

use self::files::Files;
use super::{
    CliError,
    disc::{self, Bar, damage_lines, location, open_drive},
    ending,
};
use crate::{
    burn::{BurnError, ReadOptions, ReadOutcome, Reading, Wanted},
    identity::hex,
    source::{BLOCK_SIZE, BlockRange, DamagedFile, ImageSource as _, image_file::ImageFile},
};

const EXAMPLES: &str = "\
Examples:
  discwright read /dev/sr0 -o disc.iso
  discwright read /dev/sr0 -o disc.iso            once more: goes on with what is missing
  discwright read sr0 -o disc.iso --retries 20 --speed 4
  discwright read virtual:demo.vdisc -o first.iso --session 1

What is read is in disc.iso.part until the end of the disc was reached. As long as blocks are
missing, disc.iso.map tells which, as GNU ddrescue does. `ddrescue -b 2048 /dev/sr0 disc.iso
disc.iso.map` goes on with it then, and discwright goes on with what ddrescue left.

Of a disc with several sessions, programs see the first in the image. `discwright build --append disc.iso -o all.iso FOLDER`
goes on with the last, and all.iso shows the files of all sessions.

Exit status: 0 done, 2 wrong usage, 3 input, 4 medium, 5 drive, 7 some blocks could not be read.";

/// Read a disc into an image file
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A device such as /dev/sr0, or virtual:FILE.vdisc
    drive: String,
    /// The image to make; it gets its name when the end of the disc was reached
    #[arg(short, long, value_name = "OUT.iso")]
    output: PathBuf,
    /// Read every block, also those after the end of the image
    #[arg(long)]
    whole: bool,
    /// Read one session only, counted from 1. A later one refers to blocks of the disc before it: no program opens it alone
    #[arg(long, value_name = "N", conflicts_with = "whole", value_parser = clap::value_parser!(u16).range(1..))]
    session: Option<u16>,
    /// How often to try what cannot be read
    #[arg(long, value_name = "N", default_value_t = 3)]
    retries: u8,
    /// Multiple of the base speed to read at; damaged discs like it slow
    #[arg(long, value_name = "X", value_parser = super::burn::how::speed)]
    speed: Option<f64>,
    /// Keep the map of what is missing here, also when nothing is; otherwise beside the image
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Begin anew, and replace a file that is there already
    #[arg(long)]
    force: bool,
    /// Print JSON and no progress
    #[arg(long)]
    json: bool,
}

impl Args {
    fn options(&self) -> ReadOptions {
        let wanted = match self.session {
            Some(number) => Wanted::Session(number),
            None if self.whole => Wanted::Whole,
            None => Wanted::Image,
        };
        ReadOptions { wanted, retries: self.retries, speed: self.speed }
    }
}

pub(crate) fn run(args: &Args) -> Result<(), CliError> {
    let (read, files) = read_disc(args)?;
    report(args, &read, &files, &mut io::stdout().lock())
        .map_err(|error| CliError::other(&error))?;
    judge(args, &read, &files)
}

/// What went wrong while reading, with the exit code for whose fault it is: a file that cannot be written is no input.
pub(super) fn failed(error: &BurnError) -> CliError {
    let BurnError::Sink(source) = error else { return disc::failed(error) };
    let full = matches!(source.kind(), StorageFull | QuotaExceeded);
    CliError::other(error).maybe_hint(full.then_some("make room on the disk"))
}

/// Reads, goes on where an earlier attempt stopped, and gives the image its name once its end was reached.
fn read_disc(args: &Args) -> Result<(ReadOutcome, Vec<DamagedFile>), CliError> {
    let disc = location(&args.drive)?;
    let files = Files::choose(disc.path(), &args.output, args.map.as_deref(), args.force)?;
    let mut drive = open_drive(&args.drive)?;
    let mut reading =
        Reading::open(drive.as_mut(), args.options()).map_err(|error| failed(&error))?;
    let mut map = match files.earlier_map()? {
        Some(map) => {
            reading.take_bounds(&map).map_err(|error| failed(&error).hint(files.begin_anew()))?;
            map
        }
        None => reading.new_map(),
    };
    if reading.speed_refused() {
        eprintln!("note: the drive does not let its speed be chosen");
    }
    if reading.audio_tracks() > 0 {
        let count = reading.audio_tracks();
        eprintln!("note: {count} audio tracks are left out: the image has zeros in their place");
    }
    if let Some(note) = of_sessions(args, &reading) {
        eprintln!("note: {note}");
    }
    files.check_space(&map)?;
    let mut image = files.open(&map)?;
    let cancel = ending::cancel_on_request();
    let bar = Bar::new(reading.blocks(), args.json);
    let save = &mut |image: &File, map: &_, position| files.save(image, map, position);
    let read = reading.run(&mut image, &mut map, save, cancel, &mut |event| bar.show(&event));
    bar.clear();
    let read = read.map_err(|error| failed(&error).hint(files.go_on()))?;
    drop(image);
    files.finish(&map)?;
    let damaged = damaged_files(args, &read)?;
    Ok((read, damaged))
}

/// What programs will not see in the image. Where a session of audio comes first there is nothing to see.
fn of_sessions(args: &Args, reading: &Reading<'_>) -> Option<String> {
    let (first, sessions) = (reading.first(), reading.sessions());
    if first > 0 {
        return Some(format!(
            "this session counts its blocks from the start of the disc, where {first} are before it: no program opens it alone, and \
             no other disc takes it. Without --session all of the disc is read"
        ));
    }
    let is_all = args.session.is_none() && reading.audio_tracks() == 0;
    (is_all && sessions > 1).then(|| {
        format!(
            "the disc has {sessions} sessions. All are read, but of an image programs see the first: `discwright build --append {} \
             -o all.iso FOLDER` goes on with the last, and all.iso shows the files of all",
            args.output.display()
        )
    })
}

fn damaged_files(args: &Args, read: &ReadOutcome) -> Result<Vec<DamagedFile>, CliError> {
    if read.unreadable.is_empty() {
        return Ok(Vec::new());
    }
    let image = ImageFile::open(&args.output);
    let mut image = image.map_err(|error| CliError::input(&error).maybe_hint(error.hint()))?;
    Ok(image.files_in(read.first, &read.unreadable))
}

fn report(
    args: &Args,
    read: &ReadOutcome,
    files: &[DamagedFile],
    out: &mut impl Write,
) -> io::Result<()> {
    // The sum of what is there would pass for that of the disc.
    let sha256 = read.unreadable.is_empty().then(|| hex(&read.sha256));
    if !args.json {
        return sha256.map_or(Ok(()), |sum| writeln!(out, "{sum}  {}", args.output.display()));
    }
    let bytes = u64::from(read.blocks) * BLOCK_SIZE as u64;
    let done = json!({
        "firstBlock": read.first, "blocks": read.blocks, "bytes": bytes, "sha256": sha256,
        "unreadableBlocks": count(&read.unreadable), "unreadable": read.unreadable, "files": files,
    });
    writeln!(out, "{done}")
}

fn count(ranges: &[BlockRange]) -> u64 {
    ranges.iter().map(|range| u64::from(range.blocks)).sum()
}

/// Fails, after all that could be read was, when blocks are missing.
fn judge(args: &Args, read: &ReadOutcome, files: &[DamagedFile]) -> Result<(), CliError> {
    if read.unreadable.is_empty() {
        return Ok(());
    }
    for line in damage_lines(&[("cannot be read", &read.unreadable)], files) {
        eprintln!("{line}");
    }
    let (count, name) = (count(&read.unreadable), args.output.display());
    let error =
        CliError::incomplete(format!("{count} blocks could not be read; {name} lacks them"));
    let again =
        if args.force { "the same command without --force" } else { "the same command again" };
    Err(error.hint(format!("clean the disc and run {again}: it goes on with these blocks")))
}

#[cfg(test)]
mod tests;
