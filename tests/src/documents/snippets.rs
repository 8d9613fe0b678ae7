//! Rust in documents: blocks are compiled and run, paths in the text are resolved. rustdoc does both.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::{Document, Found};
use crate::{cache, run};

const LIMIT: Duration = Duration::from_secs(1800);
/// What documents speak of.
const CRATES: [&str; 2] = ["image_core", "native_agent"];

/// The libraries that this test was built with.
#[derive(Debug)]
pub struct Libraries {
    found: Vec<(&'static str, PathBuf)>,
}

impl Libraries {
    /// Asks cargo where they are; they are built already, as this program needs them.
    pub fn find() -> Result<Self> {
        let this = env::current_exe().context("cannot find the place of this program")?;
        let is_release = this.ancestors().any(|folder| folder.ends_with("release"));
        let profile: &[&str] = if is_release { &["--release"] } else { &[] };
        let mut cargo = run::command(env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
        cargo.current_dir(cache::workspace());
        cargo.args(["test", "--quiet", "--no-run", "--workspace", "--test", "documents"]);
        cargo.args(["--message-format", "json"]).args(profile);
        let done = run::output(&mut cargo, LIMIT)?;
        ensure!(done.status.success(), "cannot build the libraries: {}", run::tail(&done.stderr));
        let mut found = Vec::new();
        for line in done.text().lines() {
            let message: Value = serde_json::from_str(line)?;
            let name = CRATES.into_iter().find(|name| message["target"]["name"] == *name);
            let files = message["filenames"].as_array();
            let is_library = |file: &&str| file.ends_with(".rlib");
            let file = files.into_iter().flatten().filter_map(Value::as_str).find(is_library);
            found.extend(name.zip(file.map(PathBuf::from)));
        }
        ensure!(CRATES.iter().all(|name| found.iter().any(|(other, _)| other == name)));
        Ok(Self { found })
    }

    fn rustdoc(&self) -> Result<Command> {
        let mut command = run::command(env::var("RUSTDOC").unwrap_or_else(|_| "rustdoc".into()));
        command.current_dir(cache::workspace()).args(["--edition", "2024"]);
        for (name, file) in &self.found {
            let folder = file.parent().context("a library is in no folder")?;
            command.arg("--extern").arg(format!("{name}={}", file.display()));
            command.arg("-L").arg(format!("dependency={}", folder.join("deps").display()));
            command.arg("-L").arg(format!("dependency={}", folder.display()));
        }
        Ok(command)
    }
}

/// Compiles and runs the Rust blocks of a document; returns how many there are.
pub fn run(document: &Document, libraries: &Libraries) -> Result<usize> {
    let blocks = document.blocks.iter().filter(|block| block.language == "rust").count();
    if blocks == 0 {
        return Ok(0);
    }
    let mut rustdoc = libraries.rustdoc()?;
    rustdoc.arg("--test").arg(cache::workspace().join(&document.name));
    let done = run::output(&mut rustdoc, LIMIT)?;
    ensure!(done.status.success(), "{}: {}{}", document.name, done.text(), done.stderr);
    let passed = format!("{blocks} passed");
    ensure!(done.text().contains(&passed), "not all blocks were run: {}", done.text());
    Ok(blocks)
}

/// Paths of items that a document names; those in a column `image_core` go without that.
pub fn paths(document: &Document) -> Vec<Found> {
    let mut found: Vec<Found> = document.spans();
    found.retain(|span| CRATES.iter().any(|name| span.text.starts_with(&format!("{name}::"))));
    for row in document.rows() {
        let cell = row.cell("`image_core`").unwrap_or_default();
        for mut span in super::spans_in(row.line, cell) {
            if !CRATES.iter().any(|name| span.text.starts_with(&format!("{name}::"))) {
                span.text.insert_str(0, "image_core::");
                found.push(span);
            }
        }
    }
    found
}

/// Resolves all paths that documents name; returns how many there are.
pub fn resolve(documents: &[Document], libraries: &Libraries, scratch: &Path) -> Result<usize> {
    let mut source = String::from("#![deny(rustdoc::broken_intra_doc_links)]\n");
    for name in CRATES {
        writeln!(source, "extern crate {name};")?;
    }
    let mut places = Vec::new();
    for document in documents {
        for Found { line, text } in paths(document) {
            writeln!(source, "/// [`{text}`]\npub const _{}: () = ();", places.len())?;
            places.push(format!("{}:{line}", document.name));
        }
    }
    let file = scratch.join("named.rs");
    fs::write(&file, source)?;
    let mut rustdoc = libraries.rustdoc()?;
    rustdoc.arg(&file).args(["--crate-type", "lib", "--crate-name", "named", "--output"]);
    let done = run::output(rustdoc.arg(scratch.join("html")), LIMIT)?;
    if done.status.success() {
        return Ok(places.len());
    }
    // named.rs:LINE:COLUMN, with two lines for each path behind those at the start.
    let first = CRATES.len() + 2;
    let lines = done.stderr.lines().filter_map(|line| {
        let number: usize = line.split("named.rs:").nth(1)?.split(':').next()?.parse().ok()?;
        places.get(number.checked_sub(first)? / 2)
    });
    let lines: Vec<&String> = lines.collect();
    bail!("{lines:?} name what is not there:\n{}", done.stderr)
}
