//! UDF volumes of every form that Linux writes, filled by it.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::linux::READER;
use crate::cache;
use crate::guest::{Guest, answered};

/// Drives that one guest takes, the one with the archive among them.
const DRIVES: usize = 20;

/// Has Linux put what is in `folder` into empty volumes, each with blocks of the size given. For each volume an error is
/// why it would not.
pub fn fill(folder: &Path, volumes: &[(PathBuf, u32)]) -> Result<Vec<Result<(), String>>> {
    ensure!(volumes.len() < DRIVES, "too many volumes for one guest");
    let guest = Guest::prepare(&READER)?;
    let scratch = cache::scratch()?;
    let (answer, archive) = (scratch.path().join("answer"), scratch.path().join("archive"));
    let mut tar = tar::Builder::new(File::create(&archive)?);
    tar.follow_symlinks(false);
    tar.append_dir_all(".", folder).with_context(|| format!("cannot pack {}", folder.display()))?;
    tar.into_inner()?.sync_all()?;
    let sizes: Vec<String> = volumes.iter().map(|(_, size)| size.to_string()).collect();
    let mut qemu = guest.machine(&format!("fill={}", sizes.join(",")), &answer)?;
    let images = volumes.iter().map(|(image, _)| image);
    for image in [&archive].into_iter().chain(images) {
        qemu.arg("-drive").arg(format!("if=virtio,file={},format=raw", image.display()));
    }
    let text = answered(&mut qemu, &answer)?;
    let outcome = |line: &str| match line.strip_prefix("refused ") {
        Some(why) => Some(Err(why.to_owned())),
        None => line.starts_with("filled").then_some(Ok(())),
    };
    let outcomes: Vec<_> = text.lines().filter_map(outcome).collect();
    ensure!(outcomes.len() == volumes.len(), "the guest did not try every volume: {text}");
    Ok(outcomes)
}
