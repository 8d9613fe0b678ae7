//! The `discwright` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    native_agent::cli::main()
}
