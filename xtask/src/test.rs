//! `cargo xtask test`: every step in order, timed, up to the first that fails.

use std::fmt::Write;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;

use crate::steps::{self, Step};
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
    let mut passed: Vec<(&str, Duration)> = Vec::new();
    for (index, step) in chosen.iter().enumerate() {
        println!("\n=== {} ({} of {}): {}", step.name, index + 1, chosen.len(), step.what);
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
