//! Folders that are only large: for measuring.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};

use super::{directory, noise, write};

/// `folders` folders of `files` small files each.
pub fn many_folders(path: &Path, folders: usize, files: usize) -> Result<()> {
    complete(path, |path| {
        for folder in 0..folders {
            for file in 0..files {
                let seed = (folder * files + file) as u64;
                let name = format!("folder-{folder:04}/a-small-file-{file:03}.txt");
                write(&path.join(name), &noise(seed + 1, 200 + (seed % 1400) as usize))?;
            }
        }
        Ok(())
    })
}

/// One folder of `files` files whose names are one and the same in 8.3.
pub fn colliding(path: &Path, files: usize) -> Result<()> {
    complete(path, |path| {
        directory(path)?;
        for file in 0..files {
            write(
                &path.join(format!("colliding-name-{file:06}.text")),
                &noise(file as u64 + 1, 100),
            )?;
        }
        Ok(())
    })
}

/// One file of `mebibytes` MiB without holes.
pub fn one_large(path: &Path, mebibytes: u64) -> Result<()> {
    complete(path, |path| {
        directory(path)?;
        let mut file = File::create(path.join("large.bin")).context("cannot create large.bin")?;
        let mut bytes = noise(7, 1 << 20);
        for index in 0..mebibytes {
            bytes[..8].copy_from_slice(&index.to_le_bytes());
            file.write_all(&bytes).context("cannot write large.bin")?;
        }
        Ok(())
    })
}

/// Makes the folder under another name and renames it when it is whole, so that a broken run leaves no half of it.
fn complete(path: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let part = path.with_extension("part");
    if part.exists() {
        fs::remove_dir_all(&part).with_context(|| format!("cannot remove {}", part.display()))?;
    }
    fill(&part)?;
    fs::rename(&part, path).with_context(|| format!("cannot rename {}", part.display()))
}
