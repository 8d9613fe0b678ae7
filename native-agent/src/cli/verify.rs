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
