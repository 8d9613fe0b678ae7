//! `cargo xtask bench`: discwright side by side with genisoimage, xorriso, hadris and cp, in one run, on the same folders.
//!
//! Programs take turns, so that a busy moment of the machine hits all of them; the table shows medians.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tests::image::{self, Maker, Wanted};
use tests::measure::{self, Cost};
use tests::oracle::View;
use tests::run::{command, output};
use tests::{cache, corpus, packages};

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

/// One folder, and what is made of it.
struct Job {
    name: &'static str,
    folder: fn() -> Result<PathBuf>,
    programs: &'static [Program],
    goals: &'static [Goal],
}

/// What discwright has set out to reach; `None` when a program that it is held against did not run.
struct Goal {
    what: &'static str,
    met: fn(&[Row]) -> Option<bool>,
}

struct Program {
    name: &'static str,
    makes: Makes,
}

#[derive(Clone, Copy)]
enum Makes {
    Image(Maker, Wanted),
    /// An image by discwright with the checksums that `--checksums` makes.
    Checksums(Wanted),
    /// A copy of the one file that is in the folder.
    Copy,
}

struct Row {
    program: &'static str,
    cost: Cost,
    size: u64,
    runs: usize,
}

/// With 8.3 names, which every system can read and which are the dearest to find.
const LEGACY: Wanted = Wanted {
    views: &[View::Plain, View::RockRidge, View::Joliet],
    iso_level: 1,
    more: &[],
    form: None,
};
const EVERYTHING: Wanted = Wanted { views: &View::ALL, iso_level: 1, more: &[], form: None };
/// Files over 4 GiB are for level 3.
const LARGE: Wanted = Wanted { iso_level: 3, ..LEGACY };

const fn program(name: &'static str, maker: Maker, wanted: Wanted) -> Program {
    Program { name, makes: Makes::Image(maker, wanted) }
}

/// Programs that make the same image.
const PEERS: [&str; 3] = ["genisoimage", "xorriso", "hadris"];

const MODEST: Goal = Goal { what: "under 100 MB of memory", met: modest };

const JOBS: &[Job] = &[
    Job {
        name: "100,000 small files in 1,000 folders",
        folder: || ready("many", |path| corpus::many_folders(path, 1000, 100)),
        programs: &[
            program("discwright", Maker::Discwright, LEGACY),
            program("genisoimage", Maker::Genisoimage, LEGACY),
            program("xorriso", Maker::Xorriso, LEGACY),
            program("hadris", Maker::Hadris, LEGACY),
            program("discwright, UDF too", Maker::Discwright, EVERYTHING),
            program("genisoimage, UDF too", Maker::Genisoimage, EVERYTHING),
        ],
        goals: &[
            Goal { what: "at most 0.6 times the wall time of the fastest peer", met: fastest },
            Goal { what: "at most half the processor time of the cheapest peer", met: cheapest },
            MODEST,
        ],
    },
    Job {
        name: "50,000 files in one folder, one and the same name in 8.3",
        folder: || ready("colliding", |path| corpus::colliding(path, 50_000)),
        programs: &[
            program("discwright", Maker::Discwright, LEGACY),
            program("genisoimage", Maker::Genisoimage, LEGACY),
            program("xorriso", Maker::Xorriso, LEGACY),
            program("hadris", Maker::Hadris, LEGACY),
            program("discwright, UDF too", Maker::Discwright, EVERYTHING),
        ],
        goals: &[
            Goal { what: "under 1 s", met: |rows| Some(find(rows, "discwright")?.cost.wall < 1.0) },
            MODEST,
        ],
    },
    Job {
        name: "one file of 8 GiB",
        folder: || ready("large", |path| corpus::one_large(path, 8192)),
        programs: &[
            program("discwright", Maker::Discwright, LARGE),
            Program { name: "cp", makes: Makes::Copy },
            program("genisoimage", Maker::Genisoimage, LARGE),
            program("xorriso", Maker::Xorriso, LARGE),
            program("hadris", Maker::Hadris, LARGE),
        ],
        goals: &[
            Goal {
                what: "within 1.05 times cp",
                met: |rows| {
                    let cp = find(rows, "cp")?.cost.wall;
                    Some(find(rows, "discwright")?.cost.wall <= 1.05 * cp)
                },
            },
            MODEST,
        ],
    },
    Job {
        name: "checksums of 2 GiB in one file",
        folder: || ready("two", |path| corpus::one_large(path, 2048)),
        programs: &[
            program("discwright", Maker::Discwright, LARGE),
            Program { name: "discwright, checksums", makes: Makes::Checksums(LARGE) },
            Program { name: "cp", makes: Makes::Copy },
        ],
        goals: &[
            Goal { what: "checksums in at most 1.3 times the time without", met: sums_are_cheap },
            MODEST,
        ],
    },
    Job {
        name: "checksums of 100,000 small files",
        folder: || ready("many", |path| corpus::many_folders(path, 1000, 100)),
        programs: &[
            program("discwright", Maker::Discwright, EVERYTHING),
            Program { name: "discwright, checksums", makes: Makes::Checksums(EVERYTHING) },
        ],
        goals: &[
            Goal { what: "checksums in at most 1.3 times the time without", met: sums_are_cheap },
            MODEST,
        ],
    },
];

impl Program {
    /// Whether it may fail without failing the measurement.
    fn is_peer(&self) -> bool {
        matches!(self.makes, Makes::Image(Maker::Genisoimage | Maker::Xorriso | Maker::Hadris, _))
    }

    fn command(&self, folder: &Path, out: &Path) -> Result<Command> {
        match self.makes {
            Makes::Image(maker, wanted) => image::making(maker, folder, out, wanted),
            Makes::Checksums(wanted) => {
                let mut build = image::making(Maker::Discwright, folder, out, wanted)?;
                build.arg("--checksums");
                Ok(build)
            }
            Makes::Copy => {
                let mut cp = command("cp");
                cp.arg(folder.join("large.bin")).arg(out);
                Ok(cp)
            }
        }
    }
}

fn fastest(rows: &[Row]) -> Option<bool> {
    Some(find(rows, "discwright")?.cost.wall <= 0.6 * least(rows, |cost| cost.wall)?)
}

fn cheapest(rows: &[Row]) -> Option<bool> {
    Some(find(rows, "discwright")?.cost.processor() <= 0.5 * least(rows, Cost::processor)?)
}

fn sums_are_cheap(rows: &[Row]) -> Option<bool> {
    let plain = find(rows, "discwright")?.cost.wall;
    Some(find(rows, "discwright, checksums")?.cost.wall <= 1.3 * plain)
}

/// The least of what the peers took for the same image, of those that came to an end.
fn least(rows: &[Row], value: fn(&Cost) -> f64) -> Option<f64> {
    let peers = rows.iter().filter(|row| PEERS.contains(&row.program) && row.cost.ended);
    peers
        .filter(|row| row.cost.gave_up.is_none())
        .map(|row| value(&row.cost))
        .min_by(f64::total_cmp)
}

fn find<'a>(rows: &'a [Row], program: &str) -> Option<&'a Row> {
    rows.iter().find(|row| row.program == program)
}

fn modest(rows: &[Row]) -> Option<bool> {
    let mut ours = rows.iter().filter(|row| row.program.starts_with("discwright")).peekable();
    ours.peek()?;
    Some(ours.all(|row| row.cost.memory < 100_000_000))
}

fn ready(name: &str, make: fn(&Path) -> Result<()>) -> Result<PathBuf> {
    let path = cache::folder("bench")?.join(name);
    if !path.exists() {
        say(&format!("making the folder {} ...\n", path.display()))?;
        make(&path)?;
    }
    Ok(path)
}

fn say(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush().context("cannot print")
}

fn main() -> Result<()> {
    if measure::serve()? {
        return Ok(());
    }
    let Some(options) = parse(std::env::args().skip(1))? else { return say(HELP) };
    packages::debian()?;
    let mut missed = 0;
    for job in JOBS
        .iter()
        .filter(|job| options.only.is_empty() || options.only.iter().any(|w| job.name.contains(w)))
    {
        let rows = run(job, &options)?;
        say(&table(job, &rows))?;
        for goal in job.goals {
            let met = (goal.met)(&rows);
            missed += usize::from(met == Some(false));
            let word = match met {
                Some(true) => "yes",
                Some(false) => "NO",
                None => "not measured",
            };
            say(&format!("  wanted: {}: {word}\n", goal.what))?;
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
    let out = scratch.path().join("out.iso");
    let mut runs: Vec<Vec<(Cost, u64)>> = job.programs.iter().map(|_| Vec::new()).collect();
    for _ in 0..options.repeat {
        for (program, runs) in job.programs.iter().zip(&mut runs) {
            // One that is stopped at the limit would be stopped again.
            if runs.last().is_none_or(|(cost, _)| cost.ended) {
                runs.push(
                    once(program, &folder, &out, options.limit)
                        .with_context(|| program.name.to_owned())?,
                );
            }
        }
    }
    Ok(job.programs.iter().zip(runs).map(|(program, runs)| median(program.name, &runs)).collect())
}

fn once(program: &Program, folder: &Path, out: &Path, limit: Duration) -> Result<(Cost, u64)> {
    // What the program before has left to be written must not be written now.
    output(&mut command("sync"), Duration::from_secs(600))?;
    let cost = measure::cost(&program.command(folder, out)?, limit)?;
    if let (Some(words), false) = (&cost.gave_up, program.is_peer()) {
        bail!("{words}");
    }
    let size = if cost.ended { fs::metadata(out).context("it made no image")?.len() } else { 0 };
    if out.exists() {
        fs::remove_file(out).context("cannot remove the image")?;
    }
    Ok((cost, size))
}

/// The median of every column on its own.
fn median(program: &'static str, runs: &[(Cost, u64)]) -> Row {
    let middle = |value: fn(&Cost) -> f64| {
        let mut values: Vec<f64> = runs.iter().map(|(cost, _)| value(cost)).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    let cost = Cost {
        wall: middle(|cost| cost.wall),
        user: middle(|cost| cost.user),
        system: middle(|cost| cost.system),
        memory: middle(|cost| cost.memory as f64) as u64,
        ended: runs.iter().all(|(cost, _)| cost.ended),
        gave_up: runs.iter().find_map(|(cost, _)| cost.gave_up.clone()),
    };
    Row { program, cost, size: runs.last().map_or(0, |(_, size)| *size), runs: runs.len() }
}

fn table(job: &Job, rows: &[Row]) -> String {
    let ours = find(rows, "discwright");
    let mut text = format!(
        "\n{}\n  {:<22}{:>10}{:>10}{:>10}{:>12}{:>14}{:>9}{:>9}\n",
        job.name, "", "wall", "user", "system", "memory", "image", "wall x", "CPU x"
    );
    for row in rows {
        let cost = &row.cost;
        let more = if cost.ended { "" } else { "> " };
        let ratio = |value: fn(&Cost) -> f64| {
            ours.map_or_else(String::new, |ours| {
                format!("{more}{:.1}", value(cost) / value(&ours.cost).max(1e-3))
            })
        };
        let size =
            if cost.ended { format!("{:.1} MB", row.size as f64 / 1e6) } else { "-".to_owned() };
        let _ = writeln!(
            text,
            "  {:<22}{:>10}{:>10}{:>10}{:>12}{:>14}{:>9}{:>9}",
            row.program,
            format!("{more}{:.2} s", cost.wall),
            format!("{more}{:.2} s", cost.user),
            format!("{more}{:.2} s", cost.system),
            format!("{:.1} MB", cost.memory as f64 / 1e6),
            size,
            ratio(|cost| cost.wall),
            ratio(Cost::processor),
        );
    }
    for row in rows {
        if let Some(words) = &row.cost.gave_up {
            let _ = writeln!(text, "  {} gave up: {words}", row.program);
        }
    }
    let runs: Vec<String> = rows.iter().map(|row| row.runs.to_string()).collect();
    let _ = writeln!(
        text,
        "  medians of {} runs; x is how many times what discwright takes",
        runs.join("/")
    );
    text
}
