//! Where things live that are made once and used by every run: unpacked packages, built readers, large inputs.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folder `name` under the cache, created when missing.
///
/// `DISCWRIGHT_CACHE` overrides the place; otherwise it is `discwright` under the user's cache folder.
pub fn folder(name: &str) -> Result<PathBuf> {
    let path = root().join(name);
    fs::create_dir_all(&path)
        .with_context(|| format!("cannot create the cache folder {}", path.display()))?;
    Ok(path)
}

fn root() -> PathBuf {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("DISCWRIGHT_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("discwright")))
        .or_else(|| set("HOME").map(|home| home.join(".cache/discwright")))
        .unwrap_or_else(|| env::temp_dir().join("discwright"))
}

/// Held by one at a time, of all threads of all test programs: what is made once is not made twice at once.
pub fn alone(name: &str) -> Result<File> {
    let path = folder("locks")?.join(name);
    let file = File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
    file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    Ok(file)
}

/// Whether `made` has to be made again because one of the files it is made from is younger, or it is missing.
pub fn is_stale(made: &Path, from: &[&Path]) -> bool {
    let time = |path: &Path| fs::metadata(path).and_then(|meta| meta.modified()).ok();
    let Some(made) = time(made) else { return true };
    from.iter().any(|path| time(path).is_none_or(|source| source > made))
}

/// A scratch folder that is removed with its content when dropped; on the disk of the cache, since images are large.
pub fn scratch() -> Result<tempfile::TempDir> {
    let parent = folder("scratch")?;
    tempfile::Builder::new()
        .prefix("run-")
        .tempdir_in(&parent)
        .context("cannot create a scratch folder")
}

/// The folder of the scripts and sources that the readers are driven with.
pub fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("oracles")
}

/// The root of the workspace.
pub fn workspace() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_path_buf()
}
