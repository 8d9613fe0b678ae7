//! The benchmark program of `tests/`, in release mode.

use std::ffi::OsString;

use anyhow::Result;

use crate::process;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, arguments: &[OsString]) -> Result<()> {
    process::run(&mut workspace.cargo("build --package native-agent --release"))?;
    let mut command = workspace.cargo("run --package tests --release --bin bench --");
    command.args(arguments);
    command.env("DISCWRIGHT", workspace.program("release", "discwright"));
    process::run(&mut command)
}
