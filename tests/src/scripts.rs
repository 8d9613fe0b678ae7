//! Scripts for a guest, and what came of them.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::cache;
use crate::guest::{Guest, answered};

/// One command of a script: what it was called, how it ended, and what it and the drive said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// The exit status; 124 when it took too long.
    pub status: i32,
    /// Its lines, of both outputs.
    pub said: Vec<String>,
}

/// What came of a script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// In order.
    pub steps: Vec<Step>,
    /// SHA-256 of drives that were read, in order.
    pub hashes: Vec<String>,
    /// What the kernel said of the drives.
    pub kernel: Vec<String>,
}

impl Report {
    /// The step of this name.
    pub fn step(&self, name: &str) -> Result<&Step> {
        self.steps.iter().find(|step| step.name == name).with_context(|| format!("no step {name}"))
    }
}

impl Step {
    /// An error with what it said, unless it ended well.
    pub fn succeeded(&self) -> Result<()> {
        ensure!(self.status == 0, "{}: status {}: {}", self.name, self.status, self.text());
        Ok(())
    }

    /// What it said.
    pub fn text(&self) -> String {
        self.said.join("\n")
    }
}

/// Has a guest carry out a script of `sh` with `files` as `/dev/vdb` and so on, after `attach` has added to the machine.
///
/// The script has what `oracles/script-init.sh` defines: `step NAME SECONDS COMMAND...`, `drive N`, `anew N`, `reload DRIVE`,
/// `hash DRIVE BLOCKS [START]`; and [`side_by_side`].
pub fn run(
    guest: &Guest,
    script: &str,
    files: &[&Path],
    attach: impl FnOnce(&mut Command),
) -> Result<Report> {
    let scratch = cache::scratch()?;
    let (answer, job) = (scratch.path().join("answer"), scratch.path().join("script"));
    fs::write(&job, whole_sectors(script)).context("cannot write the script")?;
    let mut qemu = guest.machine("", &answer)?;
    for file in [job.as_path()].iter().chain(files) {
        let options = "if=virtio,format=raw,readonly=on,file.locking=off";
        qemu.arg("-drive").arg(format!("{options},file={}", file.display()));
    }
    attach(&mut qemu);
    read_report(&answered(&mut qemu, &answer)?)
}

/// A script of tasks that go on several at a time: most of the time, a program waits for its drive. What they tell comes in
/// their order.
pub fn side_by_side(tasks: &[String]) -> String {
    /// At a time.
    const LANES: usize = 6;
    let Some(last) = tasks.len().checked_sub(1) else { return String::new() };
    let tasks = tasks.iter().enumerate();
    let mut script: String =
        tasks.map(|(number, task)| format!("task_{number}() {{\n{task}}}\n")).collect();
    script += &format!("lanes {LANES} {last}\n");
    script
}

/// A disk has whole sectors; line ends fill the last.
fn whole_sectors(script: &str) -> Vec<u8> {
    let mut bytes = script.as_bytes().to_vec();
    bytes.resize(bytes.len().next_multiple_of(512), b'\n');
    bytes
}

fn read_report(text: &str) -> Result<Report> {
    let mut report = Report::default();
    for line in text.lines() {
        let (kind, rest) = line.split_once(' ').unwrap_or((line, ""));
        match kind {
            "kernel" | "end" => {}
            "step" => {
                let (status, name) = rest.split_once(' ').context("a step without a name")?;
                let status = status.parse().context("a step without a status")?;
                report.steps.push(Step { name: name.to_owned(), status, said: Vec::new() });
            }
            "said" => {
                let step = report.steps.last_mut().context("words before the first step")?;
                step.said.push(rest.to_owned());
            }
            "hash" => report.hashes.extend(rest.split(' ').next().map(str::to_owned)),
            "kernel-said" => report.kernel.push(rest.to_owned()),
            _ => bail!("the guest says {line:?}"),
        }
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read() {
        let text =
            "kernel 6.1\nstep 0 burn\nsaid a b\nsaid \nhash 00ff /dev/sr0\nstep 5 close\nend\n";
        let report = read_report(text).unwrap();
        assert_eq!(report.hashes, ["00ff"]);
        assert_eq!(report.step("burn").unwrap().said, ["a b", ""]);
        assert!(report.step("close").unwrap().succeeded().is_err());
        assert!(read_report("what\n").is_err());
    }
}
