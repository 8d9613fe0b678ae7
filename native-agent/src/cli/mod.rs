//! The command line: one file for each subcommand, and what they share.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod build;
mod burn;
mod close;
mod copy;
mod disc;
mod drives;
mod ending;
mod erase;
mod error;
mod format;
mod info;
mod pair;
mod place;
pub(crate) mod progress;
mod read;
mod space;
mod start;
mod upkeep;
mod verify;
mod virtual_;

pub(crate) use error::CliError;

const EXAMPLES: &str = "\
Examples:
  discwright start                            open the app in the browser
  discwright drives                           list the drives
  discwright burn /dev/sr0 image.iso          burn an image and compare it with the disc
  discwright burn virtual:demo.vdisc photos/  burn a folder to a disc that is a file

Exit status: 0 done, 2 wrong usage, 3 input, 4 medium, 5 drive, 6 the disc differs from the image, 7 not all could be read.";

/// Author, burn, read and check optical discs
#[derive(Debug, Parser)]
#[command(name = "discwright", version, about, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Start(start::Args),
    Pair(pair::Args),
    Build(Box<build::Args>),
    Drives(drives::Args),
    Info(info::Args),
    Read(read::Args),
    Virtual(virtual_::Args),
    Burn(Box<burn::Args>),
    Copy(Box<copy::Args>),
    Verify(verify::Args),
    Erase(erase::Args),
    Format(format::Args),
    Close(close::Args),
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    start_logging();
    match dispatch(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => error.report(),
    }
}

fn dispatch(command: Command) -> Result<(), CliError> {
    match command {
        Command::Start(args) => start::run(args),
        Command::Pair(args) => pair::run(args),
        Command::Build(args) => build::run(&args),
        Command::Drives(args) => drives::run(&args),
        Command::Info(args) => info::run(&args),
        Command::Read(args) => read::run(&args),
        Command::Virtual(args) => virtual_::run(&args),
        Command::Burn(args) => burn::run(&args),
        Command::Copy(args) => copy::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Erase(args) => erase::run(&args),
        Command::Format(args) => format::run(&args),
        Command::Close(args) => close::run(&args),
    }
}

/// Logs go to standard error; `RUST_LOG` chooses what is told.
fn start_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    // Whoever closed the terminal is told of nothing, and the program goes on.
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .log_internal_errors(false)
        .init();
}
