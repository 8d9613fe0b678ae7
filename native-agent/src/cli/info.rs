//! `discwright info`: a drive and the disc in it, in full.

use std::io::{self, Write};

use super::CliError;
use crate::{
    drives::{Drive, DriveError, Location, Medium},
    virtual_drive::DiscFileError,
};

const EXAMPLES: &str = "\
Examples:
  discwright info /dev/sr0
  discwright info virtual:demo.vdisc --json";

/// Show a drive and the disc in it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A device such as /dev/sr0, or virtual:FILE.vdisc.
    drive: String,
    /// Print JSON as `GET /v1/drives/{id}` does.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<(), CliError> {
    let location = Location::parse(&args.drive).map_err(|error| drive_error(&error))?;
    let mut transport = location.look().map_err(|error| drive_error(&error))?;
    let id = location.id();
    let drive = Drive::ask_open(&id, &location, transport.as_mut());
    let drive = drive.map_err(|error| drive_error(&error))?;
    let mut out = io::stdout().lock();
    let printed = if args.json {
        serde_json::to_string_pretty(&drive)
            .map_err(io::Error::from)
            .and_then(|text| writeln!(out, "{text}"))
    } else {
        print_drive(&mut out, &drive)
    };
    printed.map_err(|error| CliError::other(&error))
}

fn print_drive(out: &mut impl Write, drive: &Drive) -> io::Result<()> {
    let kind = if drive.is_virtual { "virtual drive" } else { "drive" };
    writeln!(out, "{kind:<16} {}", drive.path)?;
    writeln!(out, "{:<16} {} {} {}", "model", drive.vendor, drive.product, drive.revision)?;
    match &drive.medium {
        None => writeln!(out, "{:<16} none", "disc"),
        Some(medium) => print_medium(out, medium),
    }
}

fn print_medium(out: &mut impl Write, medium: &Medium) -> io::Result<()> {
    let rewritable = if medium.rewritable { ", rewritable" } else { "" };
    let next = medium.next_writable.map_or_else(|| "-".to_owned(), |lba| format!("block {lba}"));
    let speeds = medium.write_speeds.iter().map(|speed| format!("{}x", speed.times));
    let speeds: Vec<_> = speeds.collect();
    let lines = [
        ("disc", format!("{} ({}){rewritable}", medium.label, medium.kind)),
        ("status", medium.status.clone()),
        ("capacity", blocks_in_words(medium.capacity_blocks)),
        ("free", blocks_in_words(medium.free_blocks)),
        ("sessions", format!("{}, tracks {}", medium.sessions, medium.tracks)),
        ("next writable", next),
        ("write speeds", speeds.join(" ")),
        (
            "writable",
            medium.reason.as_ref().map_or_else(|| "yes".into(), |why| format!("no: {why}")),
        ),
        ("fingerprint", medium.fingerprint.clone()),
    ];
    lines.iter().try_for_each(|(name, value)| writeln!(out, "{name:<16} {value}"))
}

/// Blocks with their size as boxes have it, in powers of ten: `12219392 blocks (25.0 GB)`.
pub(super) fn blocks_in_words(blocks: u32) -> String {
    let bytes = f64::from(blocks) * 2048.0;
    let (size, unit) = match bytes {
        b if b >= 1e9 => (b / 1e9, "GB"),
        b if b >= 1e6 => (b / 1e6, "MB"),
        b => (b / 1e3, "kB"),
    };
    format!("{blocks} blocks ({size:.1} {unit})")
}

/// Errors of drives, with exit code 3 where it is a file that is at fault and not a drive.
pub(crate) fn drive_error(error: &DriveError) -> CliError {
    let cli = match error {
        DriveError::Disc(DiscFileError::Busy(_)) => CliError::drive(error),
        DriveError::Disc(_) => CliError::input(error),
        _ => CliError::drive(error),
    };
    cli.maybe_hint(error.hint())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_as_on_the_box() {
        assert_eq!(blocks_in_words(12_219_392), "12219392 blocks (25.0 GB)");
        assert_eq!(blocks_in_words(2_295_104), "2295104 blocks (4.7 GB)");
        assert_eq!(blocks_in_words(1000), "1000 blocks (2.0 MB)");
        assert_eq!(blocks_in_words(0), "0 blocks (0.0 kB)");
    }
}
