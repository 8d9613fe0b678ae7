//! `cargo xtask fuzz`: builds the targets of `tests/fuzz` for libFuzzer and runs them, one after the other.
//!
//! What cargo-fuzz would do with a nightly compiler, less the address sanitizer: the code that is fuzzed has no unsafe code
//! for it to look at, and everything else works with the stable one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::process;
use crate::workspace::Workspace;

/// How the code is told to report where it has been; cargo-fuzz passes the same.
const INSTRUMENTED: &str = "--cfg fuzzing -Ccodegen-units=1 -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares";

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Which targets; all when none is named.
    targets: Vec<String>,
    /// How long each runs.
    #[arg(long, default_value_t = 5)]
    pub(crate) minutes: u32,
}

impl Options {
    /// All targets for so long.
    pub(crate) fn all(minutes: u32) -> Self {
        Self { targets: Vec::new(), minutes }
    }
}

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let folder = workspace.path("tests/fuzz");
    let known = targets(&folder)?;
    if let Some(unknown) = options.targets.iter().find(|target| !known.contains(target)) {
        bail!("there is no target {unknown}: there are {}", known.join(", "));
    }
    seeds(workspace, &folder)?;
    let programs = build(workspace, &folder)?;
    for target in known.iter().filter(|t| options.targets.is_empty() || options.targets.contains(t))
    {
        fuzz(&programs.join(target), &folder, target, options.minutes)?;
    }
    Ok(())
}

/// Each has a source of its name.
fn targets(folder: &Path) -> Result<Vec<String>> {
    let folder = folder.join("fuzz_targets");
    let listing =
        fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut names = Vec::new();
    for entry in listing {
        let path = entry?.path();
        names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

fn seeds(workspace: &Workspace, folder: &Path) -> Result<()> {
    let mut seeds = workspace.cargo("run --quiet --package tests --bin seeds --");
    process::run(seeds.arg(folder.join("seeds")))
}

/// Returns the folder of the programs.
fn build(workspace: &Workspace, folder: &Path) -> Result<PathBuf> {
    let host = process::read(Command::new("rustc").args(["--print", "host-tuple"]))?;
    let host = host.trim();
    let mut build = workspace.cargo("build --release --bins --target");
    build.arg(host).arg("--manifest-path").arg(folder.join("Cargo.toml"));
    build.arg("--target-dir").arg(folder.join("target"));
    process::run(build.env("RUSTFLAGS", INSTRUMENTED))?;
    Ok(folder.join("target").join(host).join("release"))
}

/// A finding is written to the regressions, where an ordinary test runs it again.
fn fuzz(program: &Path, folder: &Path, target: &str, minutes: u32) -> Result<()> {
    let place = |name: &str| folder.join(name).join(target);
    for name in ["corpus", "seeds", "regressions"] {
        fs::create_dir_all(place(name))
            .with_context(|| format!("cannot create {}", place(name).display()))?;
    }
    let mut command = Command::new(program);
    command.args([place("corpus"), place("seeds"), place("regressions")]);
    command.arg(format!("-artifact_prefix={}/", place("regressions").display()));
    command.arg(format!("-max_total_time={}", u64::from(minutes) * 60));
    command.args(["-timeout=20", "-rss_limit_mb=1024", "-max_len=262144", "-print_final_stats=1"]);
    process::run(&mut command).with_context(|| {
        format!("{target} has found something: see tests/fuzz/regressions/{target}")
    })
}
