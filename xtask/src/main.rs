//! The project's build logic: `cargo xtask build`, `start`, `test` and `bench`.
//!
//! Nothing else knows how the parts fit together: the Rust workspace, the WebAssembly package made from it
//! (`wasm/pkg`), the page that uses the package (`web/dist`), and the agent that serves the page. Work whose inputs
//! have not changed since it last succeeded is skipped.

#![allow(clippy::print_stdout, reason = "a command line tool talks to its terminal")]

mod agent;
mod bench;
mod fuzz;
mod licences;
mod npm;
mod prerequisites;
mod process;
mod stamp;
mod steps;
mod test;
mod wasm;
mod web;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Builds, starts, tests and measures discwright.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Build everything: WebAssembly package, page and agent (release).
    Build,
    /// Build everything, then run the agent with a virtual burner.
    Start {
        /// Passed on to `discwright start`, for example `--port 9000 --no-open`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Run every check and test, stopping at the first that fails.
    Test(test::Options),
    /// Feed the parsers and the writer with made-up bytes, and keep what breaks them.
    Fuzz(fuzz::Options),
    /// Measure against genisoimage, xorriso and cp, and print a table.
    Bench {
        /// Passed on to the benchmark program.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = Workspace::find().and_then(|workspace| match arguments.task {
        Task::Build => agent::build_all(&workspace).map(drop),
        Task::Start { arguments } => agent::start(&workspace, &arguments),
        Task::Test(options) => test::run(&workspace, &options),
        Task::Fuzz(options) => fuzz::run(&workspace, &options),
        Task::Bench { arguments } => bench::run(&workspace, &arguments),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
