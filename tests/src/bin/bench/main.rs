//! `cargo xtask bench`: discwright side by side with genisoimage, xorriso, hadris and cp, in one run, on the same folders; its
//! checksums beside programs that make nothing else; its planning in memory, and in WebAssembly.
//!
//! Programs take turns, so that a busy moment of the machine hits all of them; the table shows medians.

mod burning;
mod goals;
mod jobs;
mod listing;
mod planning;
mod program;
mod settle;
mod table;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tests::measure::{self, Cost};
use tests::{cache, packages};

use jobs::{JOBS, Job};
use program::{Makes, Program};
use settle::settle;
use table::Row;

const HELP: &str = "\
Usage: bench [--repeat N] [--limit SECONDS] [--only WORD]...

  --repeat N        how often each program runs (default 3); medians are shown
  --limit SECONDS   when a program is stopped and shown as slower than that (default 60)
  --only WORD       only the jobs whose names contain WORD
";

struct Options {
    repeat: usize,
    limit: Duration,
    only: Vec<String>,
}

impl Options {
    fn wants(&self, job: &Job) -> bool {
        self.only.is_empty() || self.only.iter().any(|word| job.name.contains(word))
    }
}

fn main() -> Result<()> {
    if measure::serve()? || planning::serve()? || burning::serve()? || settle::serve()? {
        return Ok(());
    }
    let Some(options) = parse(std::env::args().skip(1))? else { return say(HELP) };
    packages::debian()?;
    let mut missed = 0;
    for job in JOBS.iter().filter(|job| options.wants(job)) {
        let rows = run(job, &options)?;
        say(&table::table(job.name, &rows))?;
        for goal in job.goals {
            missed += usize::from(goal.is_missed(&rows));
            say(&format!("  wanted: {}\n", goal.verdict(&rows)))?;
        }
    }
    say(&format!("\n{missed} of the wanted results missed\n"))
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Option<Options>> {
    let mut options = Options { repeat: 3, limit: Duration::from_secs(60), only: Vec::new() };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().with_context(|| format!("{argument} wants a value"));
        match argument.as_str() {
            "--repeat" => options.repeat = value()?.parse().context("--repeat wants a number")?,
            "--limit" => {
                options.limit =
                    Duration::from_secs(value()?.parse().context("--limit wants seconds")?)
            }
            "--only" => options.only.push(value()?),
            "--help" | "-h" => return Ok(None),
            other => bail!("unknown argument {other}; --help shows what there is"),
        }
    }
    ensure!(options.repeat > 0, "--repeat wants at least 1");
    Ok(Some(options))
}

fn run(job: &Job, options: &Options) -> Result<Vec<Row>> {
    let folder = (job.folder)()?;
    let scratch = cache::scratch()?;
    let mut runs: Vec<Vec<(Cost, u64)>> = job.programs.iter().map(|_| Vec::new()).collect();
    for round in 0..options.repeat {
        let mut turn: Vec<_> = job.programs.iter().zip(&mut runs).collect();
        // What comes before a program has some effect on it: every other time that is what comes behind it.
        if round % 2 == 1 {
            turn.reverse();
        }
        for (program, runs) in turn {
            // One that is stopped at the limit would be stopped again.
            if runs.last().is_none_or(|(cost, _)| cost.ended) {
                settle(program.reads_the_folder().then_some(&*folder))?;
                runs.push(
                    once(program, &folder, scratch.path(), options.limit)
                        .with_context(|| program.name.to_owned())?,
                );
            }
        }
    }
    Ok(job.programs.iter().zip(runs).map(|(program, runs)| Row::of(program.name, &runs)).collect())
}

/// What it cost, and the bytes that it made.
fn once(program: &Program, folder: &Path, scratch: &Path, limit: Duration) -> Result<(Cost, u64)> {
    if let Makes::Plan(how, files) = program.makes {
        return planning::measure(how, files, scratch, limit);
    }
    if matches!(program.makes, Makes::Burn) {
        return burning::measure(scratch, limit);
    }
    let out = scratch.join("out.iso");
    let cost = measure::cost(&program.command(folder, &out)?, limit)?;
    if let (Some(words), false) = (&cost.gave_up, program.is_peer()) {
        bail!("{words}");
    }
    let made = cost.ended && program.makes_a_file();
    let size = if made { fs::metadata(&out).context("it made no image")?.len() } else { 0 };
    if out.exists() {
        fs::remove_file(&out).context("cannot remove the image")?;
    }
    Ok((cost, size))
}

fn say(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush().context("cannot print")
}
