//! `discwright drives`: which drives there are and what is in them.

use std::io::{self, Write};

use super::{CliError, info::blocks_in_words};
use crate::drives::{Drive, DriveState, Registry};

const EXAMPLES: &str = "\
Examples:
  discwright drives           a line for each drive
  discwright drives --json    the same for programs

Virtual drives are files and not listed: name one as virtual:FILE.vdisc.";

/// List the optical drives of this machine.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Print JSON as `GET /v1/drives` does.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args) -> Result<(), CliError> {
    let registry = Registry::new(Vec::new());
    registry.poll();
    let drives = registry.drives();
    let mut out = io::stdout().lock();
    let printed = if args.json {
        let text = serde_json::json!({ "drives": drives });
        writeln!(out, "{text:#}")
    } else {
        print_table(&mut out, &drives)
    };
    if drives.is_empty() && !args.json {
        eprintln!("no optical drive found");
        eprintln!("hint: `discwright virtual create --media bd-re demo.vdisc` makes one to try");
    }
    printed.map_err(|error| CliError::other(&error))
}

fn print_table(out: &mut impl Write, drives: &[Drive]) -> io::Result<()> {
    for drive in drives {
        let model = format!("{} {}", drive.vendor, drive.product);
        writeln!(out, "{:<12} {:<26} {}", drive.path, model.trim(), state_in_words(drive))?;
    }
    Ok(())
}

/// What is in the drive, or why nothing can be said.
pub(super) fn state_in_words(drive: &Drive) -> String {
    match (drive.state, &drive.medium, &drive.problem) {
        (DriveState::Ready, Some(medium), _) => format!(
            "{}, {}, {} free",
            medium.label,
            medium.status,
            blocks_in_words(medium.free_blocks)
        ),
        (DriveState::NoMedium, ..) => "no disc".to_owned(),
        (_, _, Some(problem)) => problem.detail.clone(),
        (DriveState::Busy, ..) => "in use".to_owned(),
        _ => "unknown".to_owned(),
    }
}
