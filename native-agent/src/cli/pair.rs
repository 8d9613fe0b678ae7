//! `discwright pair`: a code from the agent that is running.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use super::CliError;
use crate::{
    server::{CodeForPage, LocalError},
    state_dir::{Rendezvous, StateDir, StateError},
};

const EXAMPLES: &str = "\
Examples:
  discwright pair                              a code for whichever page it is typed into
  discwright pair https://discwright.example   a code that only this site can use";

/// Show a code that pairs a page with the running agent
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The only site that may use the code, as `https://example.org`
    origin: Option<String>,
    /// Where the agent keeps its state
    #[arg(long, value_name = "DIR")]
    state_dir: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: Args) -> Result<(), CliError> {
    let state = StateDir::open(args.state_dir.as_deref()).map_err(|e| state_failed(&e))?;
    let rendezvous = state.rendezvous().map_err(|e| state_failed(&e))?.ok_or_else(not_running)?;
    let code = CodeForPage::request(&rendezvous, args.origin).map_err(|e| local_failed(&e))?;
    tell(&code, &rendezvous, args.json).map_err(|error| CliError::other(&error))
}

fn tell(code: &CodeForPage, rendezvous: &Rendezvous, json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        return writeln!(out, "{}", serde_json::to_string(code)?);
    }
    let (left, right) = code.code.split_at(code.code.len() / 2);
    writeln!(out, "code: {left}-{right} (good for {} seconds, once)", code.seconds)?;
    writeln!(out, "app:  http://127.0.0.1:{}/#pair={}", rendezvous.port, code.code)
}

fn not_running() -> CliError {
    CliError::failure("no agent is running").hint("start it with `discwright start`")
}

fn state_failed(error: &StateError) -> CliError {
    CliError::other(error).maybe_hint(error.hint())
}

fn local_failed(error: &LocalError) -> CliError {
    match error {
        LocalError::Refused(problem) => {
            CliError::usage(&problem.detail).maybe_hint(problem.hint.clone())
        }
        _ => CliError::other(error).hint("start it with `discwright start`"),
    }
}
