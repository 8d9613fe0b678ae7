//! What our discs have besides files, in the eyes of the programs that it is recorded for.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod attributes;
mod checksums;
mod grown;
mod several;
mod video;

use std::path::Path;
use std::time::Duration;

use tests::{image, run};

const LIMIT: Duration = Duration::from_secs(300);

fn build(folder: &Path, image: &Path, arguments: &[&str]) -> String {
    let mut command = image::discwright().unwrap();
    command.arg("build").args(arguments).arg("-o").arg(image).arg(folder);
    let done = run::output(&mut command, LIMIT).unwrap();
    assert!(done.status.success(), "{}", done.stderr);
    done.text()
}

fn says(program: &str, arguments: &[&str]) -> String {
    let done = run::output(run::command(program).args(arguments), LIMIT).unwrap();
    format!("{}{}", done.text(), done.stderr)
}
