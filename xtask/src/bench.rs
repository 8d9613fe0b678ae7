//! The benchmark program of `tests/`, in release mode, and all that it measures.

use std::ffi::OsString;

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{process, wasm};

pub(crate) fn run(workspace: &Workspace, arguments: &[OsString]) -> Result<()> {
    process::run(&mut workspace.cargo("build --package native-agent --release"))?;
    wasm::build(workspace)?;
    let mut command = workspace.cargo("run --package tests --release --bin bench --");
    command.args(arguments);
    command.env("DISCWRIGHT", workspace.program("release", "discwright"));
    process::run(&mut command)
}
