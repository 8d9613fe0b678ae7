//! `discwright erase`: everything off a CD-RW or DVD-RW.

use super::{
    CliError,
    upkeep::{self, On},
};
use crate::burn::Operation;

const EXAMPLES: &str = "\
Examples:
  discwright erase /dev/sr0             within a minute or two
  discwright erase /dev/sr0 --full      every block, which takes as long as writing the disc
  discwright erase virtual:demo.vdisc

A DVD-RW that was not erased in full takes a single session, whose size has to be known beforehand.

Exit status: 0 done, 2 wrong usage, 4 medium, 5 drive, 6 the disc is not blank afterwards.";

/// Erase a CD-RW or DVD-RW
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    on: On,
    /// Erase every block, not just what makes the disc look blank
    #[arg(long)]
    full: bool,
}

pub(crate) fn run(args: &Args) -> Result<(), CliError> {
    upkeep::run(&args.on, Operation::Erase { full: args.full })
}
