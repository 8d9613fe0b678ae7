//! How the program is asked to end: by the user, by the system, or by a terminal that is closed.

use core::{
    convert::Infallible,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use std::{
    io::{self, BufRead as _, Write as _},
    sync::{
        Once,
        mpsc::{self, RecvTimeoutError},
    },
    thread,
};

/// How long a request goes unnoticed while the user is asked something.
const ATTENTION: Duration = Duration::from_millis(50);

/// Set by every request.
static ENDING: AtomicBool = AtomicBool::new(false);
/// Set by those that are meant for the program itself.
static STOPPING: AtomicBool = AtomicBool::new(false);
/// Whoever sets them.
static WATCH: Once = Once::new();

/// A request to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Request {
    /// Ctrl-C, or what a service manager sends, or the system when it goes down.
    Stop,
    /// The terminal was closed.
    #[cfg_attr(windows, expect(dead_code, reason = "Windows ends the program then"))]
    HangUp,
}

/// The requests since this was made, one after the other.
#[cfg(unix)]
#[derive(Debug)]
pub(super) struct Requests {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    /// None where it is ignored already, as under `nohup`.
    hang_up: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Requests {
    /// # Errors
    /// When the system does not tell of them.
    pub(super) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let hang_up = (!ignores_hang_up()).then(|| signal(SignalKind::hangup())).transpose()?;
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up,
        })
    }

    pub(super) async fn next(&mut self) -> Request {
        let hang_up = async {
            match &mut self.hang_up {
                Some(signal) => signal.recv().await,
                None => core::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => Request::Stop,
            _ = self.terminate.recv() => Request::Stop,
            _ = hang_up => Request::HangUp,
        }
    }
}

/// Whether whoever started the program had it outlive its terminal.
#[cfg(unix)]
fn ignores_hang_up() -> bool {
    use std::io::IsTerminal as _;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    match ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()) {
        Some(mask) => mask & 1 != 0,
        // Elsewhere `nohup` shows only in that it leaves no stream on the terminal.
        None => {
            let (input, output, error) = (io::stdin(), io::stdout(), io::stderr());
            !(input.is_terminal() || output.is_terminal() || error.is_terminal())
        }
    }
}

/// The requests since this was made, one after the other.
#[cfg(windows)]
#[derive(Debug)]
pub(super) struct Requests {
    interrupt: tokio::signal::windows::CtrlC,
    interruption: tokio::signal::windows::CtrlBreak,
    close: tokio::signal::windows::CtrlClose,
    log_off: tokio::signal::windows::CtrlLogoff,
    shut_down: tokio::signal::windows::CtrlShutdown,
}

#[cfg(windows)]
impl Requests {
    /// # Errors
    /// When the system does not tell of them.
    pub(super) fn listen() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};
        Ok(Self {
            interrupt: ctrl_c()?,
            interruption: ctrl_break()?,
            close: ctrl_close()?,
            log_off: ctrl_logoff()?,
            shut_down: ctrl_shutdown()?,
        })
    }

    /// Windows ends a program whose window was closed within seconds: there is no going on without it.
    pub(super) async fn next(&mut self) -> Request {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.interruption.recv() => {}
            _ = self.close.recv() => {}
            _ = self.log_off.recv() => {}
            _ = self.shut_down.recv() => {}
        }
        Request::Stop
    }
}

/// Turns true at the first request, so that the drive is left in order, and nothing half made lies around. A second one
/// changes nothing: a drive that is cut off while it writes may need to be switched off.
pub(super) fn cancel_on_request() -> &'static AtomicBool {
    watch();
    &ENDING
}

/// The same for what is done to a disc, which goes on when only the terminal was closed: given up, a write-once disc would be
/// spoiled.
pub(super) fn cancel_unless_hung_up() -> &'static AtomicBool {
    watch();
    &STOPPING
}

/// Says something to the user, who may have closed the terminal.
pub(super) fn tell(text: impl core::fmt::Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// A line that the user types; none at the end of the input.
///
/// # Errors
/// [`io::ErrorKind::Interrupted`] after a request to end.
pub(super) fn ask(question: &str) -> io::Result<Option<String>> {
    let cancelled = cancel_on_request();
    let _ = write!(io::stderr(), "{question}");
    let (answer, answered) = mpsc::channel();
    // Nothing wakes a thread that waits for a line: it ends with the program.
    thread::spawn(move || {
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line);
        let _ = answer.send(read.map(|bytes| (bytes > 0).then_some(line)));
    });
    loop {
        match answered.recv_timeout(ATTENTION) {
            Ok(line) => return line,
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) if cancelled.load(Ordering::Relaxed) => {
                return Err(io::ErrorKind::Interrupted.into());
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

fn watch() {
    WATCH.call_once(|| {
        let (ready, listening) = mpsc::channel();
        thread::spawn(move || {
            let Err(error) = attend(&ready);
            tracing::warn!("requests to end will not be noticed: {error}");
        });
        // Ended without a word if they cannot be heard.
        let _ = listening.recv();
    });
}

/// Sets the flags for as long as the program runs.
fn attend(ready: &mpsc::Sender<()>) -> io::Result<Infallible> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async {
        let mut requests = Requests::listen()?;
        let _ = ready.send(());
        loop {
            let request = requests.next().await;
            ENDING.store(true, Ordering::Relaxed);
            if request == Request::Stop && !STOPPING.swap(true, Ordering::Relaxed) {
                tell("\nstopping as soon as that leaves everything in order");
            }
        }
    })
}
