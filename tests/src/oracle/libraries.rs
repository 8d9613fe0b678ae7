//! Libraries, asked by small programs of ours that only hand over what the library says.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use super::{Seen, View};
use crate::run::{limited, streaming, tail};
use crate::{cache, frames, packages};

const LIMIT: Duration = Duration::from_secs(1800);

pub(super) fn pycdlib(image: &Path, view: View) -> Result<Seen> {
    let python = packages::python("pycdlib")?;
    let mut command = limited(&python.to_string_lossy(), 8);
    command.arg(cache::scripts().join("walk_pycdlib.py")).arg(view.name()).arg(image);
    walk(&mut command)
}

pub(super) fn libcdio(image: &Path, view: View) -> Result<Seen> {
    let library = match view {
        View::Plain => "cdio-plain",
        View::RockRidge => "cdio-rock-ridge",
        View::Joliet => "cdio-joliet",
        View::Udf => "cdio-udf",
    };
    walk_c(library, image)
}

pub(super) fn libudfread(image: &Path, _: View) -> Result<Seen> {
    walk_c("udfread", image)
}

fn walk_c(library: &str, image: &Path) -> Result<Seen> {
    let program = packages::built("walk.c", &["udfread", "iso9660", "udf", "cdio"])?;
    let mut command = limited(&program.to_string_lossy(), 8);
    command.arg(library).arg(image);
    walk(&mut command)
}

fn walk(command: &mut Command) -> Result<Seen> {
    let ((manifest, mut complaints), status, stderr) = streaming(command, LIMIT, frames::read)?;
    match status.code() {
        Some(3) => bail!("it finds no such file system: {}", tail(&stderr)),
        Some(0) => {}
        // The frames say what failed.
        Some(1) if !complaints.is_empty() => {}
        _ => complaints.push(format!("{status}: {}", tail(&stderr))),
    }
    complaints.extend(stderr.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned));
    Ok(Seen { manifest, complaints })
}
