//! `discwright start`: the agent, until it is told to stop.

use core::time::Duration;
use std::{
    io::{self, BufRead as _, IsTerminal as _, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    thread,
};

use tokio::sync::watch;

use super::{
    CliError,
    ending::{self, Request, Requests},
};
use crate::{
    drives::{Location, Registry},
    jobs::{job::Job, queue::Jobs},
    problem::chain,
    server::{
        Agent, SetupError, app,
        listen::{ListenError, Listening},
    },
    state_dir::{StateDir, StateError},
    virtual_drive::DriveOptions,
};

/// How often drives are asked for news. MMC-6 4.4.1 leaves it to the host; this is what desktops do.
const POLL_EVERY: Duration = Duration::from_secs(2);

const EXAMPLES: &str = "\
Examples:
  discwright start                                open the app in the browser
  discwright start --virtual-drive demo.vdisc     with a burner whose disc is a file
  discwright start --port 0 --no-open             on any free port, for scripts

The address is printed on standard output as `discwright is ready: http://127.0.0.1:PORT/#pair=CODE`.
The code pairs one page, within two minutes; Enter, or `discwright pair`, shows another.";

/// Start the agent and open the app in the browser
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Listen on this port and no other; 0 takes any that is free [default: 8653, else the next nine]
    #[arg(long)]
    port: Option<u16>,
    /// Add a burner whose disc is this file
    #[arg(long, value_name = "FILE.vdisc")]
    virtual_drive: Vec<PathBuf>,
    /// Have virtual drives write as slowly as real ones: at most at this many times 1x of the medium
    #[arg(long, value_name = "TIMES", requires = "virtual_drive", value_parser = times)]
    virtual_pace: Option<f64>,
    /// Do not open the browser
    #[arg(long)]
    no_open: bool,
    /// Keep state here [default: the place for it on this system]
    #[arg(long, value_name = "DIR")]
    state_dir: Option<PathBuf>,
}

/// A speed as a multiple, which a drive can keep to.
fn times(text: &str) -> Result<f64, String> {
    let times = text.trim_end_matches(['x', '×']).parse::<f64>().map_err(|e| e.to_string())?;
    if (0.1..=1000.0).contains(&times) {
        Ok(times)
    } else {
        Err("a drive writes at 0.1 to 1000 times".to_owned())
    }
}

pub(crate) fn run(args: Args) -> Result<(), CliError> {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| CliError::other(&error))?;
    let result = runtime.block_on(serve(args));
    // A thread that waits for a drive must not keep the program.
    runtime.shutdown_timeout(Duration::from_secs(1));
    result
}

async fn serve(args: Args) -> Result<(), CliError> {
    let state = StateDir::open(args.state_dir.as_deref()).map_err(|e| state_failed(&e))?;
    let _lock = state.lock().map_err(|e| state_failed(&e))?;
    let listening = Listening::bind(args.port).await.map_err(|e| listen_failed(&e))?;
    let pace = args.virtual_pace;
    let options = || DriveOptions { pace, ..DriveOptions::default() };
    let drives: Vec<_> = args.virtual_drive.into_iter().map(|file| (file, options())).collect();
    drives.iter().for_each(|(file, options)| warn_of_disc(file, options));
    let drives = Registry::new(drives);
    let agent = Agent::new(&state, listening.port(), drives.clone());
    let agent = Arc::new(agent.map_err(|e| setup_failed(&e))?);
    state.announce(&agent.rendezvous()).map_err(|e| state_failed(&e))?;

    // Whoever reads the address may ask for the end at once.
    let mut requests = Requests::listen().map_err(|e| CliError::other(&e))?;
    let address = agent.app_address().map_err(|e| CliError::other(&e))?;
    writeln!(io::stdout(), "discwright is ready: {address}").map_err(|e| CliError::other(&e))?;
    if !args.no_open {
        open_browser(&address);
    }
    if io::stdin().is_terminal() {
        eprintln!(
            "The address opens one page within two minutes. Press Enter for another, Ctrl-C to stop."
        );
        give_addresses(Arc::clone(&agent));
    }
    let housekeeping = tokio::spawn(Arc::clone(&agent).keep_house());
    let watch = drives.watch(POLL_EVERY);
    let (stop, stopped) = watch::channel(false);
    let until_stopped = async {
        stop_in_peace(agent.jobs(), &mut requests).await;
        agent.close();
        stop.send_replace(true);
    };
    tokio::join!(listening.serve(app(Arc::clone(&agent)), stopped), until_stopped);
    housekeeping.abort();
    // The thread may be waiting for a drive to answer.
    tokio::task::spawn_blocking(move || drop(watch));
    Ok(())
}

/// Says why a virtual drive cannot be used. It is shown all the same, and works once that is mended.
fn warn_of_disc(file: &Path, options: &DriveOptions) {
    if let Err(error) = Location::Virtual(file.to_owned(), options.clone()).look() {
        eprintln!("warning: {}", chain(&error));
        if let Some(hint) = error.hint() {
            eprintln!("hint: {hint}");
        }
    }
}

/// Prints a fresh address whenever the user presses Enter. The thread waits for a line that mostly never comes, and ends
/// with the program.
fn give_addresses(agent: Arc<Agent>) {
    thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            let Ok(address) = line.and_then(|_| agent.app_address().map_err(io::Error::other))
            else {
                return;
            };
            if writeln!(io::stdout(), "{address}").is_err() {
                return;
            }
        }
    });
}

/// Returns when the agent may end: told to, and with no disc half written unless the user insists.
async fn stop_in_peace(jobs: &Jobs, requests: &mut Requests) {
    requests.next().await;
    let at_risk = jobs.stop();
    if !at_risk.is_empty() {
        warn(&at_risk);
        tokio::select! {
            () = all_ended(jobs) => return,
            () = insists(requests) => {}
        }
        ending::tell("giving up; the disc may be spoilt");
        for job in at_risk {
            let _ = jobs.cancel(&job.id);
        }
    }
    tokio::select! {
        () = all_ended(jobs) => {}
        () = insists(requests) => ending::tell("the drive did not let go in time"),
    }
}

fn warn(at_risk: &[Job]) {
    for job in at_risk {
        let (drive, id) = (&job.drive, &job.id);
        ending::tell(format_args!(
            "drive {drive} is writing a disc (job {id}): waiting for it to finish"
        ));
    }
    ending::tell("press Ctrl-C again to stop all the same; a write-once disc would be spoilt");
}

async fn all_ended(jobs: &Jobs) {
    let jobs = jobs.clone();
    let _ = tokio::task::spawn_blocking(move || jobs.wait()).await;
}

/// Returns when someone insists, which a terminal that is closed meanwhile does not.
async fn insists(requests: &mut Requests) {
    while requests.next().await != Request::Stop {}
}

/// Opens the page where there is a screen. It is no failure if there is none: the address was printed.
fn open_browser(address: &str) {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        let mut command = Command::new("rundll32");
        command.arg("url.dll,FileProtocolHandler");
        command
    } else if set("DISPLAY") || set("WAYLAND_DISPLAY") {
        Command::new("xdg-open")
    } else {
        return;
    };
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match quiet.arg(address).spawn() {
        Ok(mut child) => drop(thread::spawn(move || child.wait())),
        Err(error) => {
            eprintln!("hint: the browser could not be opened ({error}); open the address")
        }
    }
}

fn state_failed(error: &StateError) -> CliError {
    CliError::other(error).maybe_hint(error.hint())
}

fn listen_failed(error: &ListenError) -> CliError {
    let taken = matches!(error, ListenError::Taken { .. });
    CliError::other(error).maybe_hint(taken.then_some("choose another with --port"))
}

fn setup_failed(error: &SetupError) -> CliError {
    match error {
        SetupError::State(error) => state_failed(error),
        _ => CliError::other(error),
    }
}
