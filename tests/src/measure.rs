//! What a program costs: time, processor, memory.
//!
//! The kernel keeps the peak memory of ended children as one maximum, so every program is measured by a process of its own,
//! which is this one started again ([`serve`]).

use std::env;
use std::fs::File;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::run::{output, tail};

/// The first argument that makes a process measure instead of doing what it is for.
const ARGUMENT: &str = "--measure-one-program";

/// What one run of a program cost.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct Cost {
    /// Seconds from start to end; at the time limit when `ended` is false.
    pub wall: f64,
    /// Seconds of processor in user mode and in the kernel.
    pub user: f64,
    pub system: f64,
    /// Bytes of memory at the peak.
    pub memory: u64,
    /// Whether it came to its end within the limit, and did what it should.
    pub ended: bool,
    /// What it said when it gave up.
    pub gave_up: Option<String>,
}

impl Cost {
    pub fn processor(&self) -> f64 {
        self.user + self.system
    }
}

/// Runs the program and measures it. What it prints is thrown away, unless it fails.
pub fn cost(command: &Command, limit: Duration) -> Result<Cost> {
    let this = env::current_exe().context("cannot find the place of this program")?;
    let mut server = Command::new(this);
    server
        .arg(ARGUMENT)
        .arg(limit.as_secs().to_string())
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => server.env(name, value),
            None => server.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        server.current_dir(folder);
    }
    let done = output(&mut server, limit + Duration::from_secs(60))?;
    let name = command.get_program().to_string_lossy();
    ensure!(done.status.success(), "{name}: {}", tail(&done.stderr));
    serde_json::from_slice(&done.stdout).with_context(|| format!("no measurement of {name}"))
}

/// Measures when this process was started to do that, and says whether it was.
pub fn serve() -> Result<bool> {
    let mut arguments = env::args_os().skip(1);
    if arguments.next().is_none_or(|first| first != ARGUMENT) {
        return Ok(false);
    }
    let limit =
        arguments.next().and_then(|limit| limit.to_str()?.parse().ok()).context("no time limit")?;
    let mut command = Command::new(arguments.next().context("no program")?);
    let cost = measure(command.args(arguments), Duration::from_secs(limit))?;
    serde_json::to_writer(std::io::stdout(), &cost)?;
    Ok(true)
}

fn measure(command: &mut Command, limit: Duration) -> Result<Cost> {
    let errors = tempfile::NamedTempFile::new().context("cannot create a temporary file")?;
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::options().write(true).open(errors.path())?);
    let start = Instant::now();
    let mut child = command.spawn().context("cannot start it")?;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            break None;
        }
        thread::sleep(Duration::from_millis(2));
    };
    let wall = start.elapsed().as_secs_f64();
    let gave_up = status.filter(|status| !status.success()).map(|status| {
        let text = std::fs::read_to_string(errors.path()).unwrap_or_default();
        format!("{status}: {}", tail(&text))
    });
    let (user, system, memory) = of_children()?;
    let ended = status.is_some() && gave_up.is_none();
    Ok(Cost { wall, user, system, memory, ended, gave_up })
}

#[cfg(unix)]
fn of_children() -> Result<(f64, f64, u64)> {
    usage(nix::sys::resource::UsageWho::RUSAGE_CHILDREN)
}

/// What this process has cost so far: seconds in user mode and in the kernel, and bytes of memory at the peak.
#[cfg(unix)]
pub fn of_this() -> Result<(f64, f64, u64)> {
    usage(nix::sys::resource::UsageWho::RUSAGE_SELF)
}

/// Processor time of this thread.
#[cfg(target_os = "linux")]
pub fn of_this_thread() -> Result<Duration> {
    let now = nix::time::clock_gettime(nix::time::ClockId::CLOCK_THREAD_CPUTIME_ID)
        .context("cannot read the clock of the thread")?;
    Ok(now.into())
}

/// Processor time of this thread.
#[cfg(not(target_os = "linux"))]
pub fn of_this_thread() -> Result<Duration> {
    anyhow::bail!("the clock of a thread is read on Linux only")
}

#[cfg(unix)]
fn usage(who: nix::sys::resource::UsageWho) -> Result<(f64, f64, u64)> {
    use nix::sys::time::TimeVal;

    let usage = nix::sys::resource::getrusage(who).context("cannot read the use of resources")?;
    let seconds = |time: TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    // Linux counts kibibytes, macOS bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    let memory = u64::try_from(usage.max_rss()).unwrap_or_default() * unit;
    Ok((seconds(usage.user_time()), seconds(usage.system_time()), memory))
}

#[cfg(not(unix))]
fn of_children() -> Result<(f64, f64, u64)> {
    anyhow::bail!("measuring needs getrusage, which this system has not")
}

/// What this process has cost so far.
#[cfg(not(unix))]
pub fn of_this() -> Result<(f64, f64, u64)> {
    of_children()
}
