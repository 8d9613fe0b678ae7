//! Planning alone, from names in memory to a plan: by image-core in a process of its own, which is this program started
//! again, and by the package of `wasm/` under Node. Both plan the same [`Listing`], and measure themselves, since
//! neither names made up nor a module loaded are planning.

use std::env;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use image_core::{Attributes, DiscTime, SourceId, Tree};
use serde::{Deserialize, Serialize};
use tests::image::Wanted;
use tests::measure::{Cost, of_this};
use tests::oracle::View;
use tests::run::{command, output, tail};
use tests::{cache, planned};

use crate::listing::Listing;

/// The first argument that makes a process plan instead of measuring others.
const ARGUMENT: &str = "--plan-in-memory";
/// Plans in a row, of which the median is taken.
const ROUNDS: usize = 5;
/// As the script has it.
const WANTED: Wanted = Wanted { views: &View::ALL, iso_level: 1, more: &[], form: None };

/// Who plans, and how often.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    Once,
    Native,
    /// As it runs once the engine has compiled all of it with care.
    Node,
    NodeOnce,
}

/// What a process tells of its planning.
#[derive(Serialize, Deserialize)]
struct Told {
    rounds: Vec<Round>,
    /// Bytes of memory at the peak, without what was there before the first round.
    memory: u64,
    /// Bytes of the planned image.
    size: u64,
}

/// Seconds that one plan took.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Round {
    wall: f64,
    user: f64,
    system: f64,
}

/// Plans in another process. Gives the cost and the bytes of the image.
pub(crate) fn measure(
    how: How,
    files: u32,
    scratch: &Path,
    limit: Duration,
) -> Result<(Cost, u64)> {
    let mut planning = match how {
        How::Once | How::Native => command(env::current_exe()?),
        How::Node | How::NodeOnce => node(files, scratch)?,
    };
    let rounds = if matches!(how, How::Once | How::NodeOnce) { 1 } else { ROUNDS };
    planning.args([ARGUMENT, &files.to_string(), &rounds.to_string()]);
    let done = output(&mut planning, limit)?;
    ensure!(done.status.success(), "planning failed with {}: {}", done.status, tail(&done.stderr));
    let told: Told = serde_json::from_slice(&done.stdout).context("no figures of planning")?;
    let middle = |value: fn(&Round) -> f64| {
        let mut values: Vec<f64> = told.rounds.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().context("nothing was planned")
    };
    let cost = Cost {
        wall: middle(|round| round.wall)?,
        user: middle(|round| round.user)?,
        system: middle(|round| round.system)?,
        memory: told.memory,
        ended: true,
        gave_up: None,
    };
    Ok((cost, told.size))
}

/// Node with the script that loads the listing and the package.
fn node(files: u32, scratch: &Path) -> Result<Command> {
    let package = cache::workspace().join("wasm");
    ensure!(
        package.join("pkg/image_wasm_bg.wasm").exists(),
        "{} has no package yet: `cargo xtask bench` builds it",
        package.display()
    );
    let listing = scratch.join("listing");
    Listing::new(files).save(&listing)?;
    let mut node = command("node");
    node.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin/bench/plan.mjs"));
    node.arg(package.join("lib/node.js")).arg(listing);
    Ok(node)
}

/// Plans when this process was started to do that, and says whether it was.
pub(crate) fn serve() -> Result<bool> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [first, files, rounds] = arguments.as_slice() else { return Ok(false) };
    if first != ARGUMENT {
        return Ok(false);
    }
    let listing = Listing::new(files.parse().context("no number of files")?);
    let rounds: usize = rounds.parse().context("no number of rounds")?;
    let (_, _, before) = of_this()?;
    let mut told = Told { rounds: Vec::new(), memory: 0, size: 0 };
    for _ in 0..rounds {
        let (user, system, _) = of_this()?;
        let start = Instant::now();
        let plan = black_box(image_core::plan(tree(&listing)?, &planned::options(WANTED)?)?);
        let wall = start.elapsed().as_secs_f64();
        let (user_after, system_after, _) = of_this()?;
        told.rounds.push(Round { wall, user: user_after - user, system: system_after - system });
        told.size = plan.size_bytes();
    }
    let (_, _, after) = of_this()?;
    told.memory = after - before;
    ensure!(told.memory > 0, "the peak of memory was there before anything was planned");
    serde_json::to_writer(std::io::stdout(), &told)?;
    Ok(true)
}

fn tree(listing: &Listing) -> Result<Tree> {
    let mut tree = Tree::with_capacity(listing.len());
    for (source, file) in (0..).zip(listing.files()) {
        let modified = Some(DiscTime::from_unix(file.modified, 0, 0));
        let attributes = Attributes { modified, ..Attributes::default() };
        if let Err(error) = tree.add_file(file.path, SourceId(source), file.size, attributes) {
            bail!("{}: {error}", file.path);
        }
    }
    Ok(tree)
}
