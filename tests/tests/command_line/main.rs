//! What the commands say when something is wrong: the exit status, the error, the remedy, and nothing left behind under the
//! final name.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod append;
mod burn;
mod drives;
mod options;
mod outputs;
mod sources;

use std::fs;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;
use tests::{image, run};

const LIMIT: Duration = Duration::from_secs(120);

const INPUT: i32 = 3;
const MEDIUM: i32 = 4;
const DRIVE: i32 = 5;

/// A folder with two files, beside which everything else is made.
fn bench() -> TempDir {
    let bench = tempfile::tempdir().unwrap();
    let folder = bench.path().join("folder");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("small"), "hi").unwrap();
    fs::write(folder.join("larger"), vec![7; 3_000_000]).unwrap();
    bench
}

/// Runs discwright in a folder; returns its exit status and what it says.
fn discwright(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = image::discwright().unwrap();
    command.current_dir(folder).args(arguments);
    let done = run::output(&mut command, LIMIT).unwrap();
    (done.status.code().unwrap(), done.stderr)
}

#[track_caller]
fn refused(folder: &Path, arguments: &[&str], status: i32, error: &str) {
    let (found, said) = discwright(folder, arguments);
    assert_eq!(found, status, "{arguments:?}: {said}");
    assert!(said.starts_with("error: "), "{said}");
    assert!(said.contains(error), "{said}");
    assert!(said.contains("\nhint: "), "no remedy: {said}");
}

#[track_caller]
fn done(folder: &Path, arguments: &[&str]) {
    let (status, said) = discwright(folder, arguments);
    assert_eq!(status, 0, "{arguments:?}: {said}");
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
