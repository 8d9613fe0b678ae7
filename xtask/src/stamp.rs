//! Skipping work whose inputs have not changed.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Folders that hold what a build makes or installs, never what it reads.
const OUTPUTS: [&str; 5] =
    ["node_modules", "dist", "coverage", "test-results", "playwright-report"];

/// A digest over files and folders, by name and content.
pub(crate) struct Fingerprint(Sha256);

impl Fingerprint {
    pub(crate) fn new() -> Self {
        Self(Sha256::new())
    }

    /// Adds a file, or all files of a folder in the order of their names. A path that is not there counts as such.
    pub(crate) fn add(&mut self, path: &Path) -> Result<()> {
        let context = || format!("cannot read {}", path.display());
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.add_folder(path),
            Ok(_) => {
                let bytes = fs::read(path).with_context(context)?;
                self.text(&path.to_string_lossy());
                self.0.update((bytes.len() as u64).to_le_bytes());
                self.0.update(bytes);
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.text(&path.to_string_lossy());
                self.text("absent");
                Ok(())
            }
            Err(error) => Err(error).with_context(context),
        }
    }

    fn add_folder(&mut self, folder: &Path) -> Result<()> {
        let mut children = fs::read_dir(folder)
            .and_then(|entries| {
                entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>, _>>()
            })
            .with_context(|| format!("cannot read {}", folder.display()))?;
        children.sort();
        for child in children {
            let name = child
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            if !OUTPUTS.contains(&name.as_str()) {
                self.add(&child)?;
            }
        }
        Ok(())
    }

    /// Adds a setting that the result depends on.
    pub(crate) fn text(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text);
    }

    fn finish(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Does `work` unless it has succeeded on the same inputs before and its product is still there.
pub(crate) fn once(
    stamp: &Path,
    product: &Path,
    inputs: Fingerprint,
    work: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let digest = inputs.finish();
    if product.exists() && fs::read_to_string(stamp).is_ok_and(|recorded| recorded == digest) {
        println!("{} is up to date", product.display());
        return Ok(());
    }
    work()?;
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(stamp, digest).with_context(|| format!("cannot write {}", stamp.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(path: &Path) -> String {
        let mut fingerprint = Fingerprint::new();
        fingerprint.add(path).unwrap();
        fingerprint.finish()
    }

    #[test]
    fn content_and_names_count_and_outputs_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.txt");
        fs::write(&file, "one").unwrap();
        let first = digest(folder.path());
        fs::create_dir(folder.path().join("node_modules")).unwrap();
        fs::write(folder.path().join("node_modules/b.txt"), "made").unwrap();
        assert_eq!(digest(folder.path()), first);
        fs::write(&file, "two").unwrap();
        let second = digest(folder.path());
        assert_ne!(second, first);
        fs::rename(&file, folder.path().join("b.txt")).unwrap();
        assert_ne!(digest(folder.path()), second);
    }

    #[test]
    fn work_is_repeated_when_inputs_change_or_it_failed_or_its_product_went() {
        let folder = tempfile::tempdir().unwrap();
        let (stamp, product) = (folder.path().join("stamp"), folder.path().join("product"));
        let attempt = |input: &str, succeed: bool| {
            let mut worked = false;
            let mut inputs = Fingerprint::new();
            inputs.text(input);
            let outcome = once(&stamp, &product, inputs, || {
                worked = true;
                fs::write(&product, input)?;
                if succeed { Ok(()) } else { anyhow::bail!("refused") }
            });
            assert_eq!(outcome.is_ok(), succeed);
            worked
        };
        assert!(attempt("a", true));
        assert!(!attempt("a", true));
        assert!(attempt("b", false));
        assert!(attempt("b", true));
        fs::remove_file(&product).unwrap();
        assert!(attempt("b", true));
    }
}
