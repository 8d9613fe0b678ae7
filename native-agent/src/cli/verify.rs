//! `discwright verify`: is this image on this disc?

use std::{
    io::{self, Write},
    path::PathBuf,
};

use serde_json::json;

use super::{
    CliError,
    burn::how::Verify,
    copy,
    disc::{self, Bar, open_drive},
    ending,
};
use crate::{
    burn::{self, Level, Verification},
    drives::Location,
    identity::hex,
    mmc::{Capacity, PatientDrive, read_capacity},
    scsi::Transport,
};

const EXAMPLES: &str = "\
Examples:
  discwright verify /dev/sr0 image.iso                   compare every block
  discwright verify virtual:demo.vdisc image.iso --level quick
  discwright verify sr0 sr1                              the disc in another drive

Exit status: 0 equal, 6 the disc differs from the image.";

/// Compare a disc with an image
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A device such as /dev/sr0, or virtual:FILE.vdisc
    drive: String,
    /// An image file, another drive, or - for standard input
    image: PathBuf,
    /// What to compare
    #[arg(long, value_enum, default_value_t = Verify::Full)]
    level: Verify,
    /// Block of the disc at which the image begins
    #[arg(long, value_name = "BLOCK", default_value_t = 0)]
    start: u32,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<(), CliError> {
    let level = Level::from(args.level);
    if level == Level::None {
        return Err(CliError::usage("there is nothing to compare").hint("choose quick or full"));
    }
    let mut image = match args.image.to_str() {
        Some(name) if Location::is_drive_name(name) => Box::new(copy::spooled(name, args.json)?),
        _ => disc::open_image(&args.image)?,
    };
    let mut drive = open_drive(&args.drive)?;
    check_start(drive.as_mut(), args.start)?;
    let cancel = ending::cancel_on_request();
    let bar = Bar::new(image.len_blocks(), args.json);
    let tell = &mut |event| bar.show(&event);
    let (drive, image) = (drive.as_mut(), image.as_mut());
    let found = burn::verify(drive, image, args.start, level, None, cancel, tell)
        .map_err(|error| disc::failed(&error))?;
    bar.clear();
    report(&found, args.json).map_err(|error| CliError::other(&error))?;
    disc::judge(&found)
}

/// Where the disc does not reach, nothing is wrong with it. What it does not tell, comparing will.
fn check_start(drive: &mut dyn Transport, start: u32) -> Result<(), CliError> {
    let mut drive = PatientDrive::new(drive, disc::TRAY_LIMIT);
    let capacity = (start > 0).then(|| drive.ask(&read_capacity()).ok()).flatten();
    let capacity = capacity.and_then(|answer| Capacity::parse(&answer).ok());
    // A blank disc has no block, or one.
    let blocks = capacity.map_or(0, |capacity| capacity.blocks);
    if blocks > 1 && start >= blocks {
        let message = format!("block {start} is not on the disc, which has {blocks} blocks");
        return Err(CliError::usage(message)
            .hint("`discwright info` tells at which blocks its tracks begin"));
    }
    Ok(())
}

fn report(found: &Verification, json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        let done = json!({
            "equal": found.is_good(), "checkedBlocks": found.checked_blocks,
            "different": found.different, "unreadable": found.unreadable, "files": found.files,
            "fault": found.fault, "sha256": found.sha256.map(|sum| hex(&sum)),
        });
        return writeln!(out, "{done}");
    }
    if found.is_good() {
        writeln!(out, "compared {} blocks: they are equal", found.checked_blocks)?;
    }
    Ok(())
}
