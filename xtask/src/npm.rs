//! npm: exactly the packages of a lockfile, and the scripts of a package.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{prerequisites, process, stamp};

/// Installs what the folder's lockfile says, where that has changed since.
pub(crate) fn install(workspace: &Workspace, folder: &str) -> Result<()> {
    prerequisites::node()?;
    let package = workspace.path(folder);
    let mut inputs = stamp::Fingerprint::new();
    inputs.add(&package.join("package.json"))?;
    inputs.add(&package.join("package-lock.json"))?;
    let stamp_file = package.join("node_modules/.xtask-stamp");
    stamp::once(&stamp_file, &package.join("node_modules"), inputs, || {
        let mut npm = program(&package);
        npm.args(["ci", "--no-audit", "--no-fund"]);
        // The tests use the system's browser.
        npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        process::run(&mut npm)
    })
}

/// One of the scripts of the folder's `package.json`, to be run.
pub(crate) fn script(workspace: &Workspace, folder: &str, name: &str) -> Command {
    let mut command = program(&workspace.path(folder));
    command.args(["run", "--silent", name]);
    command
}

/// npm, which is a batch file on Windows.
pub(crate) fn program(folder: &Path) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(folder);
    command
}
