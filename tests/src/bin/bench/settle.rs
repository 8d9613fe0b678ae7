//! What comes before every program, so that all begin alike.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use tests::run::{command, output};

/// Bytes of memory that stay free while the rest is taken.
const SPARE: usize = 1 << 30;
/// Bytes of which one is touched, so that the system has to give them all.
const PAGE: usize = 4096;

/// Nothing of the program before is on its way to the disk any more, `folder` is in memory, and the memory that is free is
/// this machine's.
pub(crate) fn settle(folder: Option<&Path>) -> Result<()> {
    output(&mut command("sync"), Duration::from_secs(600))?;
    folder.map_or(Ok(()), read_all)?;
    take_memory()
}

/// Reads every file, so that the system has what fits of them in memory.
fn read_all(folder: &Path) -> Result<()> {
    let listing =
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    for entry in listing {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            read_all(&entry.path())?;
        } else if entry.file_type()?.is_file() {
            let mut file = fs::File::open(entry.path())
                .with_context(|| format!("cannot open {}", entry.path().display()))?;
            std::io::copy(&mut file, &mut std::io::sink())?;
        }
    }
    Ok(())
}

/// Takes all free memory and gives it back.
///
/// A virtual machine returns what is free for some seconds to the one that it runs on, and has to ask for it when it is
/// needed again: that can double the time of whoever comes first.
fn take_memory() -> Result<()> {
    let free = free_memory()?.saturating_sub(SPARE);
    let mut taken = vec![0_u8; free];
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
