//! Trees and options made up at random, the image of each read by every reader that can, and held against the plan.
//!
//! `DISCWRIGHT_LONG=1` tries many more seeds; `DISCWRIGHT_SEEDS=FIRST..END` those, and `--list` tells what they stand for.

use std::env;
use std::ops::Range;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use libtest_mimic::Arguments;
use tests::any::Any;
use tests::{cache, matrix};

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::from_args();
    let images = Arc::new(cache::scratch()?);
    let mut trials = Vec::new();
    if matrix::ready()? {
        for seed in seeds()? {
            let any = Any::new(seed)?;
            if env::var_os("DISCWRIGHT_SEEDS").is_some() && arguments.list {
                eprintln!("seed {seed}:\n{}", any.describe());
            }
            trials.extend(any.trials(&images));
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    drop(images);
    Ok(conclusion.exit_code())
}

fn seeds() -> anyhow::Result<Range<u64>> {
    match env::var("DISCWRIGHT_SEEDS") {
        Ok(wanted) => {
            let (first, end) = wanted.split_once("..").context("seeds are FIRST..END")?;
            Ok(first.parse()?..end.parse()?)
        }
        Err(_) => Ok(0..if matrix::long() { 400 } else { 24 }),
    }
}
