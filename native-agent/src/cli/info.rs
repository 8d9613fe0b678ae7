//! `discwright info`: a drive and the disc in it, in full.

use std::io::{self, Write};

use super::{
    CliError,
    disc::{self, drive_error},
};
use crate::drives::{
    Details, Drive, DriveInFull, FeatureFact, FormatFact, Medium, MediumDetails, Speed, TrackFact,
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
    let location = disc::location(&args.drive)?;
    let mut transport = location.look().map_err(|error| drive_error(&error))?;
    let id = location.id();
    let drive = Drive::ask_open(&id, &location, transport.as_mut());
    let drive = DriveInFull::from(drive.map_err(|error| drive_error(&error))?);
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

fn print_drive(out: &mut impl Write, full: &DriveInFull) -> io::Result<()> {
    let DriveInFull { drive, details } = full;
    let kind = if drive.is_virtual { "virtual drive" } else { "drive" };
    line(out, kind, &drive.path)?;
    line(out, "model", &format!("{} {} {}", drive.vendor, drive.product, drive.revision))?;
    if let Some(details) = details {
        print_details(out, details)?;
    }
    match &drive.medium {
        None => line(out, "disc", "none"),
        Some(medium) => {
            print_medium(out, medium)?;
            let more = details.as_ref().and_then(|details| details.medium.as_ref());
            more.map_or(Ok(()), |more| print_medium_details(out, more))
        }
    }
}

fn line(out: &mut impl Write, name: &str, value: &str) -> io::Result<()> {
    writeln!(out, "{name:<16} {value}")
}

/// A line, unless there is nothing to tell.
fn list(out: &mut impl Write, name: &str, values: &[String]) -> io::Result<()> {
    if values.is_empty() { Ok(()) } else { line(out, name, &values.join(", ")) }
}

fn print_details(out: &mut impl Write, details: &Details) -> io::Result<()> {
    let serial: Vec<String> = details.serial.iter().cloned().collect();
    list(out, "serial", &serial)?;
    list(out, "writes", &details.writes)?;
    let name = |feature: &FeatureFact| {
        let unknown = || format!("{:#06x}", feature.code);
        let name = feature.name.clone().unwrap_or_else(unknown);
        if feature.current { format!("{name}*") } else { name }
    };
    let features: Vec<String> = details.features.iter().map(name).collect();
    list(out, "features", &features)?;
    let pages: Vec<String> = details.mode_pages.iter().map(|page| format!("{page:02x}h")).collect();
    list(out, "mode pages", &pages)
}

fn print_medium(out: &mut impl Write, medium: &Medium) -> io::Result<()> {
    let rewritable = if medium.rewritable { ", rewritable" } else { "" };
    let next = medium.next_writable.map_or_else(|| "-".to_owned(), |lba| format!("block {lba}"));
    let speed = |speed: &Speed| {
        let rotation = if speed.cav { " (CAV)" } else { "" };
        format!("{}x{rotation}", speed.times)
    };
    let speeds: Vec<_> = medium.write_speeds.iter().map(speed).collect();
    let writable = medium.reason.as_ref().map_or_else(|| "yes".into(), |why| format!("no: {why}"));
    line(out, "disc", &format!("{} ({}){rewritable}", medium.label, medium.kind))?;
    line(out, "status", &medium.status)?;
    line(out, "capacity", &blocks_in_words(medium.capacity_blocks))?;
    line(out, "free", &blocks_in_words(medium.free_blocks))?;
    line(out, "sessions", &format!("{}, tracks {}", medium.sessions, medium.tracks))?;
    line(out, "next writable", &next)?;
    line(out, "write speeds", &speeds.join(" "))?;
    line(out, "writable", &writable)?;
    line(out, "fingerprint", &medium.fingerprint)
}

fn print_medium_details(out: &mut impl Write, details: &MediumDetails) -> io::Result<()> {
    let id: Vec<String> = details.media_id.iter().cloned().collect();
    list(out, "made as", &id)?;
    if let Some(empty) = details.looks_empty {
        line(out, "looks empty", if empty { "yes" } else { "no" })?;
    }
    list(out, "write modes", &details.write_modes)?;
    let format = |format: &FormatFact| {
        let unknown = || format!("{:02x}h", format.kind);
        let name = format.name.clone().unwrap_or_else(unknown);
        format!("{name}: {} blocks", format.blocks)
    };
    let formats: Vec<String> = details.formats.iter().map(format).collect();
    list(out, "formats", &formats)?;
    let structures = details.structures.iter().filter(|entry| entry.readable);
    let structures: Vec<String> = structures.filter_map(|entry| entry.name.clone()).collect();
    list(out, "structures", &structures)?;
    for track in &details.tracks {
        print_track(out, track)?;
    }
    Ok(())
}

fn print_track(out: &mut impl Write, track: &TrackFact) -> io::Result<()> {
    let kind = if track.data { "data" } else { "audio" };
    let state = match (track.damaged, track.blank, track.next_writable) {
        (true, ..) => "damaged".to_owned(),
        (_, true, _) => "blank".to_owned(),
        (.., Some(next)) => format!("open, continues at block {next}"),
        (.., None) => "complete".to_owned(),
    };
    let (session, start) = (track.session, track.start);
    let what =
        format!("session {session}, {kind}, from block {start}, {} blocks, {state}", track.blocks);
    line(out, &format!("track {}", track.number), &what)
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
