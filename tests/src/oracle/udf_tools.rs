//! The tools made for UDF: udfclient, which reads trees, and udfinfo, which reads the volume structures.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::xorriso::make_writable;
use super::{Seen, View};
use crate::cache;
use crate::manifest::Manifest;
use crate::run::{command, limited, output, tail};

/// Its shell takes commands from standard input; `get` copies a file or a whole directory into the current folder.
pub(super) fn udfclient(image: &Path, _: View) -> Result<Seen> {
    let scratch = cache::scratch()?;
    let sets = names_listed(&shell(image, scratch.path(), &["ls"])?);
    let set = sets.first().context("udfclient finds no file set")?;
    let enter = format!("cd \"{set}\"");
    let names = names_listed(&shell(image, scratch.path(), &[&enter, "ls"])?);
    let gets: Vec<String> =
        names.iter().filter(|name| *name != set).map(|name| format!("get \"{name}\"")).collect();
    let mut commands = vec![enter.as_str()];
    commands.extend(gets.iter().map(String::as_str));
    let log = shell(image, scratch.path(), &commands)?;
    let complaints = log.lines().filter(|line| is_complaint(line)).map(str::to_owned).collect();
    make_writable(scratch.path());
    Ok(Seen { manifest: Manifest::of_folder(scratch.path())?, complaints })
}

/// It has no form for its complaints, so words tell. A line of progress ends in a name, which may have such a word in it.
fn is_complaint(line: &str) -> bool {
    let is_progress = line.contains(" bytes (") && line.contains(" ETA ");
    !is_progress && ["rror", "not found", "nable", "ailed"].iter().any(|word| line.contains(word))
}

fn shell(image: &Path, folder: &Path, commands: &[&str]) -> Result<String> {
    let script = cache::scratch()?;
    let script = script.path().join("commands");
    let mut file = std::fs::File::create(&script)?;
    for line in commands.iter().chain(&["quit"]) {
        writeln!(file, "{line}")?;
    }
    let mut client = limited("udfclient", 8);
    client
        .current_dir(folder)
        .args(["-b", "2048"])
        .arg(image)
        .stdin(Stdio::from(std::fs::File::open(&script)?));
    let done = output(&mut client, Duration::from_secs(1800))?;
    ensure!(done.status.success(), "udfclient: {}", tail(&done.stderr));
    Ok(format!("{}\n{}", done.text(), done.stderr))
}

/// `drwxrwxrwx     -1     -1         192  name`: in the last listing, since the first one is that of the root.
fn names_listed(log: &str) -> Vec<String> {
    let start = log.rfind("Directory listing of").unwrap_or(0);
    let is_mode = |word: &str| word.len() == 10 && word.starts_with(['-', 'd', 'l']);
    let name = |line: &str| {
        let mut words = line.split_whitespace();
        is_mode(words.next()?).then_some(())?;
        let size = words.nth(2)?;
        size.parse::<i64>().ok()?;
        let (_, name) = line.get(11..)?.split_once(&format!(" {size}  "))?;
        (name != "." && name != "..").then(|| name.to_owned())
    };
    log[start..].lines().filter_map(name).collect()
}

/// Every warning of udfinfo on the image. It reads descriptors only, no directories, and does not check conformance.
pub fn check_headers(image: &Path) -> Result<Vec<String>> {
    let done = output(command("udfinfo").arg(image), Duration::from_secs(60))?;
    if !done.status.success() {
        bail!("udfinfo: {}: {}", done.status, tail(&done.stderr));
    }
    Ok(done.stderr.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn progress_is_no_complaint_whatever_the_file_is_called() {
        let progress = "...alloc/struct.AllocError.html       37165 /      37165 bytes (100%) 952948 KB/s (952948 KB/s) ETA --- finished";
        assert!(!super::is_complaint(progress));
        assert!(super::is_complaint("Error while retrieving file: Input/output error"));
    }

    #[test]
    fn names_are_taken_from_the_last_listing() {
        let log = "Directory listing of /\ndrwxrwxrwx     -1     -1         192  a:b\nUDF> Directory listing of \n\
                   -r-xr-xr-x      0      0        3000  two words\ndr-xr-xr-x      0      0         192  .\n";
        assert_eq!(super::names_listed(log), ["two words"]);
    }
}
