//! xorriso, which extracts to disk; everything it reports from WARNING up is a finding.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};

use super::{Seen, View};
use crate::cache;
use crate::manifest::Manifest;
use crate::run::{command, output, tail};

/// The severities of its messages that mean that something is wrong.
const SEVERE: [&str; 6] = ["WARNING", "HINT", "SORRY", "MISHAP", "FAILURE", "FATAL"];

pub(super) fn read(image: &Path, view: View) -> Result<Seen> {
    let scratch = cache::scratch()?;
    let mut xorriso = command("xorriso");
    xorriso.args([
        "-no_rc",
        "-report_about",
        "WARNING",
        "-return_with",
        "WARNING",
        "32",
        "-abort_on",
        "NEVER",
    ]);
    // Without this, one entry that it dislikes costs the whole tree.
    xorriso.args(["-error_behavior", "image_loading", "best_effort"]);
    xorriso.args(match view {
        View::Plain => ["-ecma119_map", "stripped", "-read_fs", "ecma119"].as_slice(),
        View::RockRidge => &["-read_fs", "nojoliet"],
        View::Joliet => &["-read_fs", "norock"],
        View::Udf => bail!("xorriso does not read UDF"),
    });
    xorriso.args(["-osirrox", "on", "-indev"]).arg(format!("stdio:{}", image.display()));
    xorriso.args(["-extract", "/"]).arg(scratch.path());
    let done = output(&mut xorriso, Duration::from_secs(1800))?;
    let mut complaints: Vec<String> =
        done.stderr.lines().filter(|line| is_severe(line)).map(str::to_owned).collect();
    // Its status says that it complained; a complaint without a line is one too.
    if !done.status.success() && complaints.is_empty() {
        complaints.push(format!("{}: {}", done.status, tail(&done.stderr)));
    }
    make_writable(scratch.path());
    Ok(Seen { manifest: Manifest::of_folder(scratch.path())?, complaints })
}

fn is_severe(line: &str) -> bool {
    SEVERE.iter().any(|severity| line.contains(&format!(": {severity} : ")))
}

/// Extracted directories keep their modes, which may forbid to list or to remove them.
pub(super) fn make_writable(folder: &Path) {
    // Without effect when it fails: then the listing fails and says why.
    let _ = output(command("chmod").args(["-R", "u+rwX"]).arg(folder), Duration::from_secs(300));
}
