//! A file that has no name before it is whole.
//!
//! On Linux a draft is a file without any name, which the kernel itself removes when this program ends, however it ends.
//! Elsewhere, and on file systems that cannot do that, it has a name of its own in the same directory, and goes when it
//! is dropped.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::WriteError;

/// An image, or a list that goes with it, that is not whole yet.
#[derive(Debug)]
pub(crate) struct Draft {
    /// Where it will be: a link at the path the user named is followed.
    path: PathBuf,
    content: Content,
}

#[derive(Debug)]
enum Content {
    #[cfg(target_os = "linux")]
    Nameless(File),
    Named(NamedTempFile),
}

impl Draft {
    /// A file of `size` bytes to come, that is going to be at `path`.
    ///
    /// # Errors
    /// See [`WriteError`]: when it is clear already that there is no place for it.
    pub(crate) fn create(path: &Path, size: u64) -> Result<Self, WriteError> {
        let failed = |source| WriteError::Output { path: path.to_path_buf(), source };
        if path.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        let target = target_of(path);
        if target.metadata().is_ok_and(|found| found.permissions().readonly()) {
            return Err(failed(io::ErrorKind::PermissionDenied.into()));
        }
        let directory = directory_of(&target);
        if !directory.metadata().map_err(failed)?.is_dir() {
            return Err(failed(io::ErrorKind::NotADirectory.into()));
        }
        if let Some(available) = free_space(&target).filter(|available| *available < size) {
            let (path, available) = (path.to_path_buf(), Some(available));
            return Err(WriteError::NoSpace { path, needed: size, available });
        }
        let content = create_in(directory).map_err(failed)?;
        Ok(Self { path: target, content })
    }

    /// What is written to.
    pub(crate) fn file(&self) -> &File {
        match &self.content {
            #[cfg(target_os = "linux")]
            Content::Nameless(file) => file,
            Content::Named(file) => file.as_file(),
        }
    }

    /// Gives the file its name, in place of what has it. Its permissions stay, and it goes when the other is on the disk.
    ///
    /// # Errors
    /// What the system said.
    pub(crate) fn publish(self) -> io::Result<()> {
        if let Ok(replaced) = self.path.metadata() {
            self.file().set_permissions(replaced.permissions())?;
            self.file().sync_data()?;
        }
        match self.content {
            #[cfg(target_os = "linux")]
            Content::Nameless(file) => name_it(&file, &self.path),
            Content::Named(file) => {
                file.persist(&self.path).map(drop).map_err(|failed| failed.error)
            }
        }
    }
}

/// Where a path leads to, over links, also where nothing is there yet.
fn target_of(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    let target = path.read_link().map(|link| directory_of(path).join(link));
    match target {
        // A ring of links has no end.
        Ok(target) if !target.is_symlink() => target,
        _ => path.to_path_buf(),
    }
}

#[cfg(target_os = "linux")]
fn create_in(directory: &Path) -> io::Result<Content> {
    use rustix::fs::{Mode, OFlags, open};
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    match open(directory, flags, Mode::from_raw_mode(0o666)) {
        Ok(file) if Path::new(&descriptor_path(&file)).exists() => {
            Ok(Content::Nameless(file.into()))
        }
        _ => named(directory),
    }
}

#[cfg(not(target_os = "linux"))]
fn create_in(directory: &Path) -> io::Result<Content> {
    named(directory)
}

fn named(directory: &Path) -> io::Result<Content> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".discwright-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    // The name of a draft says nothing to anybody.
    let made = builder.tempfile_in(directory).map_err(|error| error.kind().into());
    made.map(Content::Named)
}

/// Where the kernel shows an open file. See open(2), `O_TMPFILE`.
#[cfg(target_os = "linux")]
fn descriptor_path(file: &impl std::os::fd::AsRawFd) -> String {
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

#[cfg(target_os = "linux")]
fn name_it(file: &File, path: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    use rustix::io::Errno;
    let link = |to: &Path| linkat(CWD, descriptor_path(file), CWD, to, AtFlags::SYMLINK_FOLLOW);
    match link(path) {
        Err(Errno::EXIST) => {}
        linked => return linked.map_err(Into::into),
    }
    // A link cannot take the place of a file, a rename can.
    let between = tempfile::Builder::new()
        .prefix(".discwright-")
        .make_in(directory_of(path), |name| link(name).map_err(Into::into))?;
    between.persist(path).map(drop).map_err(|failed| failed.error)
}

fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

/// Bytes that this process can still write where `path` is.
#[cfg(unix)]
pub(super) fn free_space(path: &Path) -> Option<u64> {
    let space = rustix::fs::statvfs(directory_of(path)).ok()?;
    let blocks = if may_use_reserve() { space.f_bfree } else { space.f_bavail };
    blocks.checked_mul(space.f_frsize)
}

/// Whether what a file system keeps back is open to this process. Root in a container often may not. See capabilities(7).
#[cfg(target_os = "linux")]
fn may_use_reserve() -> bool {
    use rustix::thread::{CapabilitySet, capabilities};
    capabilities(None).is_ok_and(|sets| sets.effective.contains(CapabilitySet::SYS_RESOURCE))
}

#[cfg(all(unix, not(target_os = "linux")))]
fn may_use_reserve() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
pub(super) fn free_space(_: &Path) -> Option<u64> {
    None
}
