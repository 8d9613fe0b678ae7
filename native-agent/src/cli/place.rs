//! Whether two names lead to one file.

use std::path::{Path, PathBuf};

/// Whether two paths lead to one file, which may not be there yet.
pub(super) fn is_same(a: &Path, b: &Path) -> bool {
    a == b || real(a).is_some_and(|a| Some(a) == real(b))
}

/// A path without links in it, also where nothing is there yet.
fn real(path: &Path) -> Option<PathBuf> {
    let folder = || match path.parent()? {
        empty if empty.as_os_str().is_empty() => Path::new(".").canonicalize().ok(),
        folder => folder.canonicalize().ok(),
    };
    path.canonicalize().ok().or_else(|| Some(folder()?.join(path.file_name()?)))
}
