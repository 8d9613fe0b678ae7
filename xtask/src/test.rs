//! `cargo xtask test`: every step, timed, up to the first that fails.
//!
//! When all run, those that wait for drives and machines most of the time go beside the others, in a process of their own
//! that runs them in turn; what it says comes when it ends.

use std::fmt::Write;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::prerequisites;
use crate::steps::{self, Place, Step};
use crate::workspace::Workspace;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Run the long tests too.
    #[arg(long)]
    pub(crate) long: bool,
    /// Run the named step alone; may be given several times.
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// List the steps and run none.
    #[arg(long)]
    list: bool,
}

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let chosen = choose(steps::all(), &options.only)?;
    if options.list {
        for step in chosen {
            println!("{:<14} {}", step.name, step.what);
        }
        return Ok(());
    }
    if !options.only.is_empty() {
        return in_turn(workspace, options, &chosen);
    }
    let started = Instant::now();
    prerequisites::install_missing()?;
    let at = |place| chosen.iter().filter(move |step| step.place == place);
    let beside = Beside::start(workspace, options, at(Place::Beside))?;
    let done = in_turn(workspace, options, at(Place::InTurn));
    beside.end()?;
    done?;
    in_turn(workspace, options, at(Place::Last))?;
    println!("all {} steps passed in {:.1} s", chosen.len(), started.elapsed().as_secs_f64());
    Ok(())
}

fn in_turn<'a>(
    workspace: &Workspace,
    options: &Options,
    steps: impl IntoIterator<Item = &'a Step, IntoIter: Clone>,
) -> Result<()> {
    let steps = steps.into_iter();
    let count = steps.clone().count();
    let mut passed: Vec<(&str, Duration)> = Vec::new();
    for (index, step) in steps.enumerate() {
        println!("\n=== {} ({} of {count}): {}", step.name, index + 1, step.what);
        let started = Instant::now();
        if let Err(error) = (step.run)(workspace, options) {
            eprintln!("error: {error:#}");
            println!("{}{} passed, 1 failed", summary(&passed), passed.len());
            bail!(
                "step {} failed; run it alone with `cargo xtask test --only {}`",
                step.name,
                step.name
            );
        }
        passed.push((step.name, started.elapsed()));
    }
    println!("{}{} passed, 0 failed", summary(&passed), passed.len());
    Ok(())
}

/// Steps that run in a process of their own.
struct Beside {
    process: Child,
    said: PathBuf,
}

impl Beside {
    fn start<'a>(
        workspace: &Workspace,
        options: &Options,
        steps: impl Iterator<Item = &'a Step>,
    ) -> Result<Self> {
        let said = workspace.path("target/xtask/beside.log");
        fs::create_dir_all(workspace.path("target/xtask"))?;
        let file =
            File::create(&said).with_context(|| format!("cannot create {}", said.display()))?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("test").args(options.long.then_some("--long"));
        command.args(steps.flat_map(|step| ["--only", step.name]));
        command.stderr(file.try_clone()?).stdout(file);
        let process = command.spawn().context("cannot run the steps that go beside the others")?;
        Ok(Self { process, said })
    }

    /// Waits for them, and shows what they said.
    fn end(mut self) -> Result<()> {
        let status = self.process.wait()?;
        print!("{}", String::from_utf8_lossy(&fs::read(&self.said)?));
        if !status.success() {
            bail!("what ran beside the others has failed: see above");
        }
        Ok(())
    }
}

fn choose(all: Vec<Step>, only: &[String]) -> Result<Vec<Step>> {
    if let Some(unknown) =
        only.iter().find(|name| !all.iter().any(|step| step.name == name.as_str()))
    {
        bail!("there is no step {unknown}: `cargo xtask test --list` names them");
    }
    Ok(all
        .into_iter()
        .filter(|step| only.is_empty() || only.iter().any(|name| name == step.name))
        .collect())
}

fn summary(passed: &[(&str, Duration)]) -> String {
    let mut text = String::from("\n");
    for (name, time) in passed {
        let _ = writeln!(text, "{name:<14} passed {:>8.1} s", time.as_secs_f64());
    }
    let total: Duration = passed.iter().map(|(_, time)| time).sum();
    let _ = writeln!(text, "{:<14}        {:>8.1} s", "together", total.as_secs_f64());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_choose_steps_and_unknown_ones_are_refused() {
        assert_eq!(choose(steps::all(), &["format".into()]).unwrap().len(), 1);
        assert_eq!(choose(steps::all(), &[]).unwrap().len(), steps::all().len());
        let error = choose(steps::all(), &["nonsense".into()]).err().unwrap().to_string();
        assert!(error.contains("nonsense"), "{error}");
    }

    #[test]
    fn step_names_are_unique() {
        let names: std::collections::BTreeSet<_> =
            steps::all().iter().map(|step| step.name).collect();
        assert_eq!(names.len(), steps::all().len());
    }
}
