//! The commands of a document, run one after the other in a folder of their own.
//!
//! A `sh` block has to succeed. In a `console` block `$ ` begins a command, and what it prints is compared line by line: `…`
//! stands for any text in a line, and for any lines where it stands alone. A command fails if it prints a line that begins with
//! `error:`, and only then.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::{Block, Document};
use crate::{cache, image, run};

/// The time that all commands of a document have, and a little more.
const WITHIN: Duration = Duration::from_secs(600);
const LIMIT: Duration = Duration::from_secs(630);
/// Stands for what is not the same every time.
const ANY: &str = "…";

/// A command of a console block, and what it should print.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    line: usize,
    command: String,
    prints: String,
}

/// Runs all commands of a document in `folder`, which has what [`prepare`] put there; returns how many blocks were run.
pub fn run(document: &Document, folder: &Path) -> Result<usize> {
    let blocks: Vec<&Block> = document.blocks.iter().filter(|block| is_run(block)).collect();
    if blocks.is_empty() {
        return Ok(0);
    }
    let work = folder.join(".work");
    fs::create_dir(&work)?;
    let mut script = String::from("set -eu\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n");
    let mut steps = Vec::new();
    for block in &blocks {
        writeln!(script, "echo {} >.work/at", block.line)?;
        if block.language == "sh" {
            script += &block.text;
            continue;
        }
        for step in steps_of(document, block)? {
            let Step { line, command, .. } = &step;
            writeln!(
                script,
                "{{ {command}\n}} >.work/{line} 2>&1 && echo 0 >.work/{line}.status || echo $? >.work/{line}.status"
            )?;
            steps.push(step);
        }
    }
    fs::write(work.join("script"), script)?;
    // It ends what runs in the background as well.
    let mut shell = run::command("timeout");
    shell.args([&WITHIN.as_secs().to_string(), "sh", ".work/script"]).current_dir(folder);
    shell.env("PATH", path(&work)?).env("HOME", folder).env("XDG_STATE_HOME", work.join("state"));
    let done = run::output(&mut shell, LIMIT)?;
    let at = fs::read_to_string(work.join("at")).unwrap_or_default();
    ensure!(
        done.status.success(),
        "{}:{}: the block failed with {}: {}",
        document.name,
        at.trim(),
        done.status,
        run::tail(&done.stderr)
    );
    for step in &steps {
        judge(step, &work).with_context(|| format!("{}:{}", document.name, step.line))?;
    }
    Ok(blocks.len())
}

fn is_run(block: &Block) -> bool {
    matches!(block.language.as_str(), "sh" | "console") && block.reason_not_to_run().is_none()
}

/// Where commands are found: the program under test before all others.
fn path(work: &Path) -> Result<String> {
    let program = image::discwright()?.get_program().to_owned();
    let bin = work.join("bin");
    fs::create_dir(&bin)?;
    #[cfg(unix)]
    std::os::unix::fs::symlink(program, bin.join("discwright"))?;
    #[cfg(not(unix))]
    bail!("{program:?} cannot be given a place in the path of a shell here");
    Ok(format!("{}:{}", bin.display(), env::var("PATH").unwrap_or_default()))
}

fn steps_of(document: &Document, block: &Block) -> Result<Vec<Step>> {
    let mut steps: Vec<Step> = Vec::new();
    for (line, text) in (block.line..).zip(block.text.lines()) {
        if let Some(command) = text.strip_prefix("$ ") {
            steps.push(Step { line, command: command.to_owned(), prints: String::new() });
            continue;
        }
        let Some(step) = steps.last_mut() else {
            bail!("{}:{line}: a console block begins with `$ ` and a command", document.name)
        };
        if step.command.ends_with('\\') {
            step.command.push('\n');
            step.command.push_str(text);
        } else {
            step.prints.push_str(text);
            step.prints.push('\n');
        }
    }
    Ok(steps)
}

fn judge(step: &Step, work: &Path) -> Result<()> {
    let printed = fs::read(work.join(step.line.to_string())).context("the command did not run")?;
    let printed = String::from_utf8_lossy(&printed);
    let status = fs::read_to_string(work.join(format!("{}.status", step.line)))?;
    let fails = step.prints.lines().any(|line| line.starts_with("error:"));
    ensure!(
        (status.trim() != "0") == fails,
        "`{}` ended with {}: {printed}",
        step.command,
        status.trim()
    );
    let (expected, found): (Vec<&str>, Vec<&str>) =
        (step.prints.lines().collect(), printed.lines().collect());
    ensure!(are_like(&expected, &found), "`{}` prints\n{printed}", step.command);
    Ok(())
}

/// Whether lines are as the document has them.
fn are_like(expected: &[&str], found: &[&str]) -> bool {
    match (expected, found) {
        ([], []) => true,
        ([ANY, rest @ ..], _) => (0..=found.len()).any(|skipped| are_like(rest, &found[skipped..])),
        ([line, rest @ ..], [first, others @ ..]) => is_like(line, first) && are_like(rest, others),
        _ => false,
    }
}

fn is_like(expected: &str, found: &str) -> bool {
    let parts: Vec<&str> = expected.trim_end().split(ANY).collect();
    let [first, middle @ .., last] = parts.as_slice() else {
        return expected.trim_end() == found.trim_end();
    };
    let Some(mut rest) = found.trim_end().strip_prefix(first) else { return false };
    for part in middle {
        let Some((_, behind)) = rest.split_once(part) else { return false };
        rest = behind;
    }
    rest.ends_with(last)
}

/// A project as the app saves it.
const PROJECT: &str = r#"{
    "format": "discwright-project", "version": 1, "kind": "data", "name": "Trip", "volumeId": "TRIP",
    "created": 1790000000000, "medium": null,
    "fileSystems": { "iso9660": true, "joliet": true, "rockRidge": true, "udf": true },
    "options": { "isoLevel": 3 },
    "entries": [
        { "kind": "file", "path": "beach.jpg", "source": "photos/beach.jpg", "size": 400000, "modified": 1789990000123 }
    ]
}"#;

/// What the documents take for given: folders with files in them, and what starts machines.
pub fn prepare(folder: &Path) -> Result<()> {
    let noise = |seed: u32, len: u32| -> Vec<u8> {
        (0..len).map(|n| ((n ^ seed).wrapping_mul(2_654_435_761) >> 13) as u8).collect()
    };
    let files: [(&str, u32); 14] = [
        ("photos/beach.jpg", 400_000),
        ("photos/Grandma's 80th birthday.jpg", 300_000),
        ("photos/2026/summer/lake.jpg", 200_000),
        ("more/winter.jpg", 150_000),
        ("films/holiday.mp4", 3_000_000),
        ("backup/accounts.ods", 80_000),
        ("backup/letters/letter.txt", 1200),
        ("backup/letters/draft.tmp", 900),
        ("monday/accounts.ods", 81_000),
        ("map.pdf", 60_000),
        ("live/isolinux/isolinux.bin", 24_576),
        ("live/boot/grub/efi.img", 1_474_560),
        ("live/live/filesystem.squashfs", 500_000),
        ("isohdpfx.bin", 432),
    ];
    for (seed, (name, len)) in (1..).zip(files) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().context("it is in no folder")?)?;
        fs::write(path, noise(seed << 20, len))?;
    }
    fs::write(folder.join("trip.discwright"), PROJECT)?;
    let crate_of_repository = cache::workspace().join("native-agent/openapi.json");
    fs::copy(crate_of_repository, folder.join("openapi.json"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_may_differ_where_dots_are() {
        let like = |expected: &str, found: &str| {
            let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
            let (expected, found) = (lines(expected), lines(found));
            let borrow =
                |lines: &[String]| lines.iter().map(|l| l.clone().leak() as &str).collect();
            let (expected, found): (Vec<&str>, Vec<&str>) = (borrow(&expected), borrow(&found));
            are_like(&expected, &found)
        };
        assert!(like("a\nb", "a\nb") && like("a … c", "a b c") && like("…\nz", "x\ny\nz"));
        assert!(like("burned … blocks at … MB/s", "burned 3 blocks at 1.2 MB/s") && like("…", ""));
        assert!(
            !like("a", "a\nb") && !like("a …", "b c") && !like("a\nb", "a") && !like("a", "ab")
        );
    }

    #[test]
    fn console_blocks_have_commands_and_what_they_print() {
        let text = "```console\n$ ls \\\n  -a\nx\ny\n$ true\n```\n";
        let document = Document::parse("a.md", text).unwrap();
        let steps = steps_of(&document, &document.blocks[0]).unwrap();
        assert_eq!(steps[0].command, "ls \\\n  -a");
        assert_eq!((steps[0].prints.as_str(), steps[1].line), ("x\ny\n", 6));
        let bad = Document::parse("a.md", "```console\nx\n```\n").unwrap();
        assert!(steps_of(&bad, &bad.blocks[0]).is_err());
    }
}
