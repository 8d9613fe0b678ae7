//! Running other programs.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

/// Runs to the end on this terminal. An unsuccessful end is an error that names the command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = describe(command);
    println!("$ {line}");
    std::io::stdout().flush()?;
    let status = command.status().with_context(|| format!("cannot run `{line}`"))?;
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(())
}

/// Runs all at once, for those that keep one core busy each; what they write comes when they end.
pub(crate) fn run_beside(commands: Vec<Command>) -> Result<()> {
    let running: Vec<_> = commands
        .into_iter()
        .map(|mut command| thread::spawn(move || quietly(&mut command)))
        .collect();
    let ends: Vec<_> = running
        .into_iter()
        .map(|thread| thread.join().unwrap_or_else(|_| bail!("a command was lost")))
        .collect();
    ends.into_iter().collect()
}

fn quietly(command: &mut Command) -> Result<()> {
    let line = describe(command);
    let output = command.output().with_context(|| format!("cannot run `{line}`"))?;
    let mut terminal = std::io::stdout().lock();
    writeln!(terminal, "$ {line}")?;
    terminal.write_all(&output.stdout)?;
    terminal.write_all(&output.stderr)?;
    if !output.status.success() {
        bail!("`{line}` ended with {}", output.status);
    }
    Ok(())
}

/// What the program writes to its standard output; its standard error goes to this terminal.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let line = describe(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot run `{line}`"))?;
    if !output.status.success() {
        bail!("`{line}` ended with {}", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` did not answer in UTF-8"))
}

/// Whether the program exists and ends well; it prints nothing.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut line =
        program.file_stem().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}
