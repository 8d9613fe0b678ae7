//! A burn in real time: to a paced virtual drive, from a source that stalls, while the other core has its hands full. Done by a
//! process of its own, which is this program started again.
//!
//! What the virtual drive, the source and the busy core take is not the agent's, and is left out of its processor time.

use std::env;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use native_agent::burn;
use native_agent::scsi::{Data, ScsiError, Transport};
use native_agent::source::image_file::ImageFile;
use native_agent::source::{ImageSource, SourceError};
use native_agent::virtual_drive::{self, DriveOptions, MediumKind, VirtualDrive};
use serde::{Deserialize, Serialize};
use tests::measure::{Cost, of_this, of_this_thread};
use tests::run::{command, output, tail};

/// The first argument that makes a process burn instead of measuring others.
const ARGUMENT: &str = "--burn-in-real-time";
/// BD at 16x: 71.9 MB/s.
const TIMES: f64 = 16.0;
/// About 20 seconds of it.
const BYTES: u64 = 1440 << 20;
/// The source gives nothing for so long, as often as this.
const STALL: Duration = Duration::from_secs(2);
const BETWEEN: Duration = Duration::from_secs(4);

#[derive(Serialize, Deserialize)]
struct Told {
    wall: f64,
    user: f64,
    system: f64,
    memory: u64,
    underruns: u32,
    starved: f64,
}

/// Burns in another process.
pub(crate) fn measure(scratch: &Path, limit: Duration) -> Result<(Cost, u64)> {
    let mut burning = command(env::current_exe()?);
    let done = output(burning.arg(ARGUMENT).arg(place(scratch)), limit)?;
    ensure!(done.status.success(), "burning failed with {}: {}", done.status, tail(&done.stderr));
    let told: Told = serde_json::from_slice(&done.stdout).context("no figures of burning")?;
    let gave_up = (told.underruns > 0)
        .then(|| format!("{} underruns, {:.1} s together", told.underruns, told.starved));
    let Told { wall, user, system, memory, .. } = told;
    Ok((Cost { wall, user, system, memory, ended: true, gave_up }, BYTES))
}

/// In memory where there is such a place: a disk that is busy writing is no drive.
fn place(scratch: &Path) -> &Path {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory } else { scratch }
}

/// Burns when this process was started to do that, and says whether it was.
pub(crate) fn serve() -> Result<bool> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [first, folder] = arguments.as_slice() else { return Ok(false) };
    if first != ARGUMENT {
        return Ok(false);
    }
    let folder = tempfile::Builder::new().prefix("discwright-").tempdir_in(folder)?;
    let (disc, image) = (folder.path().join("disc.vdisc"), folder.path().join("image.iso"));
    std::fs::File::create(&image)?.set_len(BYTES)?;
    virtual_drive::create(&disc, MediumKind::BdR, None)?;
    let options = DriveOptions { pace: Some(TIMES), ..DriveOptions::default() };
    let drive = VirtualDrive::open_with(&disc, &options)?;
    let control = drive.control();
    let others = Arc::new(AtomicU64::new(0));
    let mut drive = Timed { inner: drive, spent: Arc::clone(&others) };
    let source = ImageFile::open(&image)?;
    let mut source = Stalling { source, spent: Arc::clone(&others), since: Instant::now() };
    let _busy = Busy::start()?;
    let options = burn::Options { check_pace: false, ..burn::Options::default() };
    let burned =
        burn::run(&mut drive, &mut source, &options, &AtomicBool::new(false), &mut |_| {})?;
    let (user, system, memory) = of_this()?;
    // Told as of one kind: nobody asks which.
    let others = Duration::from_nanos(others.load(Ordering::Relaxed)).as_secs_f64();
    let underruns = control.underruns();
    let told = Told {
        wall: burned.write_time.as_secs_f64(),
        user: (user + system - others).max(0.0),
        system: 0.0,
        memory,
        underruns: underruns.times,
        starved: underruns.duration.as_secs_f64(),
    };
    serde_json::to_writer(std::io::stdout(), &told)?;
    Ok(true)
}

/// Adds the processor time of what it does to what others spent.
fn of_others<T>(spent: &AtomicU64, work: impl FnOnce() -> T) -> T {
    let before = of_this_thread().unwrap_or_default();
    let done = work();
    let took = of_this_thread().unwrap_or_default().saturating_sub(before);
    spent.fetch_add(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    done
}

struct Timed {
    inner: VirtualDrive,
    spent: Arc<AtomicU64>,
}

impl Transport for Timed {
    fn execute(&mut self, cdb: &[u8], data: Data<'_>, limit: Duration) -> Result<usize, ScsiError> {
        let Self { inner, spent } = self;
        of_others(spent, || inner.execute(cdb, data, limit))
    }
}

/// A source that gives nothing now and then.
struct Stalling {
    source: ImageFile,
    spent: Arc<AtomicU64>,
    since: Instant,
}

impl ImageSource for Stalling {
    fn len_blocks(&self) -> u32 {
        self.source.len_blocks()
    }

    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), SourceError> {
        if self.since.elapsed() > BETWEEN {
            thread::sleep(STALL);
            self.since = Instant::now();
        }
        let Self { source, spent, .. } = self;
        of_others(spent, || source.read(lba, out))
    }
}

/// A process that takes all of a core it can get.
struct Busy(Child);

impl Busy {
    fn start() -> Result<Self> {
        let busy = Command::new("sh").args(["-c", "while :; do :; done"]).spawn();
        busy.map(Self).context("cannot start a shell")
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        // It is in the way of nobody once it is gone.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
