//! What `discwright build` tells about the image.

use std::io::{self, BufWriter, Write};

use image_core::{MappedName, NameReport, Plan, Reason, Warning, bytes_in, checksum::Sums};
use serde::Serialize;

use super::{Args, blocks_with, checksums};
use crate::{identity::hex, source::local::Notice};

/// The answer of `--json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'a> {
    output: Option<String>,
    size_bytes: u64,
    size_blocks: u32,
    volume: &'a str,
    file_systems: image_core::FileSystems,
    files: u32,
    directories: u32,
    left_out: Vec<LeftOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    volume_names: Option<NameReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    names: Option<Vec<Named>>,
    /// With `--warnings`.
    #[serde(skip_serializing_if = "Option::is_none")]
    warnings: Option<Vec<Warned>>,
    /// Of the whole image.
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}

#[derive(Debug, Serialize)]
struct LeftOut {
    path: String,
    reason: &'static str,
}

#[derive(Debug, Serialize)]
struct Named {
    path: String,
    names: NameReport,
}

/// A warning as the npm package has it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Warned {
    kind: &'static str,
    message: String,
    hint: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reader: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<&'static str>,
}

impl From<Warning> for Warned {
    fn from(warning: Warning) -> Self {
        Self {
            kind: warning.kind(),
            message: warning.to_string(),
            hint: warning.hint(),
            path: warning.path().map(Into::into),
            reader: warning.reader(),
            clause: warning.clause(),
        }
    }
}

/// Tells what a standard forbids and what some systems do not read: all of it, or that there is something to ask for. What is
/// lost is told in any case. `hint` says what to do about it.
pub(super) fn warn(plan: &Plan, all: bool, hint: fn(&Warning) -> &'static str) {
    let warnings = plan.warnings();
    // What readers a whole image has is chosen with the options; the rest concerns something in it.
    let concerns = |found: &Warning| found.path().is_some() || found.reader().is_none();
    let (told, kept): (Vec<_>, Vec<_>) = warnings
        .into_iter()
        .filter(|found| all || concerns(found))
        .partition(|found| all || matches!(found, Warning::NotRecorded { .. }));
    for warning in &told {
        eprintln!("warning: {}; {}", in_words(warning), hint(warning));
    }
    if let [first, others @ ..] = kept.as_slice() {
        let more = match others.len() {
            0 => String::new(),
            more => format!("; {more} more"),
        };
        eprintln!("note: {first}{more} (--warnings tells what to do about it)");
    }
}

/// A warning with its clause.
fn in_words(warning: &Warning) -> String {
    let clause = warning.clause().map_or_else(String::new, |clause| format!(" ({clause})"));
    format!("{warning}{clause}")
}

/// Prints what was asked for on standard output.
pub(super) fn print(args: &Args, plan: &Plan, notices: &[Notice], sums: &Sums) -> io::Result<()> {
    if args.fills_stdout() {
        return tell_image(&mut io::stderr().lock(), args, sums);
    }
    let mut out = BufWriter::new(io::stdout().lock());
    if args.json {
        serde_json::to_writer_pretty(&mut out, &summary(args, plan, notices, sums))?;
        writeln!(out)?;
    } else {
        if args.size {
            writeln!(out, "{}", bytes_in(blocks_with(plan)))?;
        }
        if args.names {
            print_names(&mut out, "/", &plan.volume_names())?;
            for (node, report) in plan.all_names() {
                print_names(&mut out, &plan.tree().path(node), &report)?;
            }
        }
        tell_image(&mut out, args, sums)?;
    }
    out.flush()
}

fn tell_image(out: &mut impl Write, args: &Args, sums: &Sums) -> io::Result<()> {
    match &args.output {
        Some(output) if args.image.checksums.tells_image() => {
            checksums::print_image(out, sums.image_sha256, output)
        }
        _ => Ok(()),
    }
}

fn summary<'a>(args: &Args, plan: &'a Plan, notices: &[Notice], sums: &Sums) -> Summary<'a> {
    let (tree, options) = (plan.tree(), plan.options());
    let names = || {
        let named = |(node, names)| Named { path: tree.path(node), names };
        plan.all_names().map(named).collect()
    };
    let warnings = || plan.warnings().into_iter().map(Warned::from).collect();
    let left_out = |notice: &Notice| LeftOut {
        path: notice.path.display().to_string(),
        reason: notice.reason.words(),
    };
    Summary {
        output: args.output.as_ref().map(|path| path.display().to_string()),
        size_bytes: bytes_in(blocks_with(plan)),
        size_blocks: blocks_with(plan),
        volume: &options.volume_id,
        file_systems: options.file_systems,
        files: tree.file_count(),
        directories: tree.directory_count(),
        left_out: notices.iter().map(left_out).collect(),
        volume_names: args.names.then(|| plan.volume_names()),
        names: args.names.then(names),
        warnings: args.image.iso.warnings.then(warnings),
        sha256: sums.image_sha256.map(|sum| hex(&sum)),
    }
}

/// One line for each file system that calls an entry something else; `/` is the volume.
fn print_names(out: &mut impl Write, path: &str, report: &NameReport) -> io::Result<()> {
    let path = shown(path);
    let systems = [
        ("ISO 9660", &report.iso9660),
        ("ISO 9660:1999", &report.enhanced),
        ("Joliet", &report.joliet),
        ("Rock Ridge", &report.rock_ridge),
        ("UDF", &report.udf),
    ];
    for (system, mapped) in systems {
        if let Some(MappedName { name, reason: Some(reason) }) = mapped {
            let name = name.as_deref().map_or_else(|| "-".to_owned(), shown);
            writeln!(out, "{path}\t{system}\t{name}\t{}", words(*reason))?;
        }
    }
    Ok(())
}

/// A name on one line: line ends, other control characters and backslashes as in a string of Rust.
fn shown(name: &str) -> String {
    let mut shown = String::new();
    for c in name.chars() {
        match c {
            c if c.is_control() || c == '\\' => shown.extend(c.escape_default()),
            c => shown.push(c),
        }
    }
    shown
}

const fn words(reason: Reason) -> &'static str {
    match reason {
        Reason::Characters => "characters that are not allowed there",
        Reason::Length => "longer than is allowed there",
        Reason::Collision => "another name became the same there",
        Reason::NoSymlinks => "not there: no symbolic links",
        Reason::NoSpecialFiles => "not there: no devices, pipes and sockets",
        Reason::Hidden => "not there: hidden",
    }
}
