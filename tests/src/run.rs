//! Running programs of others: with a time limit, an address-space limit, and their complaints kept.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// What a program left behind when it ended by itself.
#[derive(Debug)]
pub struct Output {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Output {
    /// Standard output as text; bytes that are not UTF-8 become U+FFFD.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

/// A command with English messages in UTF-8, times in UTC and nothing on standard input.
pub fn command(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    command.env("LC_ALL", "C.UTF-8").env("TZ", "UTC").stdin(Stdio::null());
    command
}

/// Runs `command` to its end and collects what it prints.
pub fn output(command: &mut Command, limit: Duration) -> Result<Output> {
    streaming(command, limit, |stdout| {
        let mut all = Vec::new();
        stdout.read_to_end(&mut all)?;
        Ok(all)
    })
    .map(|(all, status, stderr)| Output { status, stdout: all, stderr })
}

/// Runs `command`, handing its standard output to `consume` as it comes. The time limit ends the program, which ends the
/// stream; that is an error of its own.
pub fn streaming<T>(
    command: &mut Command,
    limit: Duration,
    consume: impl FnOnce(&mut dyn Read) -> Result<T>,
) -> Result<(T, ExitStatus, String)> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot start {name}"))?;
    let stdout = child.stdout.take();
    let stderr = child.stderr.take();
    thread::scope(|scope| {
        let errors = scope.spawn(move || {
            let mut text = Vec::new();
            // A reader that fails to report is judged by its exit status.
            let _ = stderr.map(|mut pipe| pipe.read_to_end(&mut text));
            String::from_utf8_lossy(&text).into_owned()
        });
        let waiting = scope.spawn(move || wait(&mut child, limit));
        let consumed = match stdout {
            Some(mut pipe) => {
                let result = consume(&mut pipe);
                drop(pipe);
                result
            }
            None => bail!("{name} has no standard output"),
        };
        let errors = errors.join().unwrap_or_default();
        let status = waiting.join().map_err(|_| anyhow::anyhow!("waiting for {name} failed"))??;
        let Some(status) = status else { bail!("{name} ran longer than {} s", limit.as_secs()) };
        consumed
            .map(|value| (value, status, errors.clone()))
            .with_context(|| format!("{name}: {}", tail(&errors)))
    })
}

/// Waits for the end of `child`, and ends it after `limit`: then there is no status.
fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let end = Instant::now() + limit;
    let mut pause = Duration::from_millis(1);
    while Instant::now() < end {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

/// The last lines of a program's complaints, for a message.
pub fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(4)..].join(" | ")
}

/// The same command line with its address space limited, for readers that run away on what they do not understand.
pub fn limited(program: &str, gibibytes: u32) -> Command {
    let mut shell = command("sh");
    let kibibytes = u64::from(gibibytes) << 20;
    shell.arg("-c").arg(format!("ulimit -v {kibibytes} && exec \"$0\" \"$@\"")).arg(program);
    shell
}
