//! What comes before every program, so that all begin alike.

use std::path::Path;
use std::time::Duration;
use std::{env, fs};

use anyhow::{Context, Result, ensure};
use tests::run::{command, output};

/// What this program is started with to take memory: a process of its own does, as the peak of the one that starts a program
/// counts as that program's.
const ARGUMENT: &str = "--take-memory";
/// Bytes of memory that stay free, and that a program may need beside those of its image.
const SPARE: usize = 1 << 30;
/// Bytes of which one is touched, so that the system has to give them all.
const PAGE: usize = 4096;

/// Nothing of the program before is on its way to the disk any more, `folder` is in memory, and the memory that is free is
/// this machine's.
pub(crate) fn settle(folder: Option<&Path>) -> Result<()> {
    output(&mut command("sync"), Duration::from_secs(600))?;
    let read = folder.map_or(Ok(0), read_all)?;
    let mut taking = command(env::current_exe()?);
    let taken = output(taking.args([ARGUMENT, &read.to_string()]), Duration::from_secs(600))?;
    ensure!(taken.status.success(), "no memory could be taken: {}", taken.stderr);
    Ok(())
}

/// Takes memory when this process was started to do that, and says whether it was.
pub(crate) fn serve() -> Result<bool> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [first, bytes] = arguments.as_slice() else { return Ok(false) };
    if first != ARGUMENT {
        return Ok(false);
    }
    take_memory(bytes.parse().context("no number of bytes")?)?;
    Ok(true)
}

/// Reads every file, so that the system has what fits of them in memory; returns how many bytes they have.
fn read_all(folder: &Path) -> Result<u64> {
    let mut read = 0;
    let listing =
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    for entry in listing {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            read += read_all(&entry.path())?;
        } else if entry.file_type()?.is_file() {
            let mut file = fs::File::open(entry.path())
                .with_context(|| format!("cannot open {}", entry.path().display()))?;
            read += std::io::copy(&mut file, &mut std::io::sink())?;
        }
    }
    Ok(read)
}

/// Takes the memory that an image of so many bytes will need, and gives it back.
///
/// A virtual machine returns what is free for some seconds to the one that it runs on, and has to ask for it when it is
/// needed again: that can double the time of whoever comes first. To give back much more would disturb the program, too.
fn take_memory(bytes: u64) -> Result<()> {
    let needed = usize::try_from(bytes).unwrap_or(usize::MAX).saturating_add(SPARE);
    let mut taken = vec![0_u8; needed.min(free_memory()?.saturating_sub(SPARE))];
    for byte in taken.iter_mut().step_by(PAGE) {
        *byte = 1;
    }
    std::hint::black_box(&taken);
    Ok(())
}

/// Bytes of memory that hold nothing.
fn free_memory() -> Result<usize> {
    let text = fs::read_to_string("/proc/meminfo").context("cannot ask how much memory is free")?;
    let free = text.lines().find_map(|line| line.strip_prefix("MemFree:"));
    let kib = free.and_then(|free| free.trim().strip_suffix("kB"));
    let kib: usize = kib.context("it is not said how much memory is free")?.trim().parse()?;
    Ok(kib << 10)
}
