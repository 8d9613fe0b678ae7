//! The agent, built for use and started with a virtual burner.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow};

use crate::workspace::Workspace;
use crate::{process, wasm, web};

/// Builds everything there is; answers where the agent is.
pub(crate) fn build_all(workspace: &Workspace) -> Result<PathBuf> {
    wasm::build(workspace)?;
    web::build(workspace)?;
    process::run(&mut workspace.cargo("build --package native-agent --release"))?;
    let program = workspace.program("release", "discwright");
    println!("built {}", program.display());
    Ok(program)
}

/// Builds everything and becomes the agent. All of it works with no drive attached, thanks to a virtual one.
pub(crate) fn start(workspace: &Workspace, arguments: &[OsString]) -> Result<()> {
    let program = build_all(workspace)?;
    let disc = demo_disc(&program)?;
    let mut agent = Command::new(program);
    agent.arg("start").arg("--virtual-drive").arg(disc).args(arguments);
    become_program(&mut agent)
}

/// The disc in the virtual drive: kept between runs, so that a burn can be looked at the next day.
fn demo_disc(program: &Path) -> Result<PathBuf> {
    let folder = state_folder()?;
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let disc = folder.join("demo.vdisc");
    if !disc.exists() {
        process::run(
            Command::new(program).args(["virtual", "create", "--media", "bd-re"]).arg(&disc),
        )?;
    }
    Ok(disc)
}

/// Where programs of this system keep what should outlive a run.
fn state_folder() -> Result<PathBuf> {
    state_folder_in(env::consts::OS, |name| env::var_os(name).filter(|value| !value.is_empty()))
        .ok_or_else(|| anyhow!("no home folder is known: set HOME"))
}

fn state_folder_in(system: &str, variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let under = |base: &OsStr, rest: &str| Path::new(base).join(rest);
    match system {
        "windows" => variable("LOCALAPPDATA").map(|base| under(&base, "discwright")),
        "macos" => {
            variable("HOME").map(|home| under(&home, "Library/Application Support/discwright"))
        }
        _ => variable("XDG_STATE_HOME")
            .map(|base| under(&base, "discwright"))
            .or_else(|| variable("HOME").map(|home| under(&home, ".local/state/discwright"))),
    }
}

/// On Unix the agent takes this process's place, so that signals reach it and nothing stands between.
#[cfg(unix)]
fn become_program(program: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    let error = program.exec();
    Err(error).with_context(|| format!("cannot run {}", program.get_program().to_string_lossy()))
}

#[cfg(not(unix))]
fn become_program(program: &mut Command) -> Result<()> {
    process::run(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_lives_where_each_system_keeps_it() {
        let both = |name: &str| match name {
            "HOME" => Some("/home/a".into()),
            "XDG_STATE_HOME" => Some("/state".into()),
            _ => None,
        };
        let home = |name: &str| (name == "HOME").then(|| "/home/a".into());
        assert_eq!(state_folder_in("linux", both), Some("/state/discwright".into()));
        assert_eq!(state_folder_in("linux", home), Some("/home/a/.local/state/discwright".into()));
        assert_eq!(
            state_folder_in("macos", both),
            Some("/home/a/Library/Application Support/discwright".into())
        );
        assert_eq!(state_folder_in("windows", both), None);
    }
}
