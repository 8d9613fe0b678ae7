//! `discwright close`: a disc that a session could be added to, for good.

use super::{
    CliError,
    upkeep::{self, On},
};
use crate::burn::Operation;

const EXAMPLES: &str = "\
Examples:
  discwright burn sr0 image.iso --append      leave the disc open
  discwright close sr0                        and close it later

Exit status: 0 done, 2 wrong usage, 4 medium, 5 drive, 6 the disc is not closed afterwards.";

/// Close a disc, so that nothing can be added and every player reads it
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    on: On,
}

pub(crate) fn run(args: &Args) -> Result<(), CliError> {
    upkeep::run(&args.on, Operation::Close)
}
