//! What a directory holds, in the little that an image needs of it.

use std::{
    fs::{self, Metadata},
    io,
    path::Path,
    time::UNIX_EPOCH,
};

use image_core::Special;

use super::{ScanError, not_utf8};

/// An entry of a directory.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Nanoseconds since 1970.
    pub(super) modified: i64,
    /// Permission bits, set-id and sticky bits included.
    pub(super) mode: Option<u32>,
    pub(super) uid: Option<u32>,
    pub(super) gid: Option<u32>,
    pub(super) identity: Option<Identity>,
    /// Whether it has several names.
    pub(super) linked: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Directory,
    File {
        len: u64,
    },
    Symlink {
        target: String,
    },
    /// `None` where this machine has kinds of files that no disc has.
    Special(Option<Special>),
}

/// Device and inode: equal for one file under several names.
pub(super) type Identity = (u64, u64);

/// The entries of a directory, in no order. Symbolic links are not followed.
pub(super) fn list(folder: &Path) -> Result<Vec<Listed>, ScanError> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(ScanError::io(folder))? {
        let entry = entry.map_err(ScanError::io(folder))?;
        let name = entry.file_name();
        let Ok(name) = name.into_string() else {
            return Err(not_utf8(&entry.path(), false));
        };
        let metadata =
            entry.metadata().map_err(|source| ScanError::Io { path: entry.path(), source })?;
        let target =
            if metadata.is_symlink() { link_target(&entry.path())? } else { String::new() };
        entries.push(listed(name, &metadata, target));
    }
    entries.shrink_to_fit();
    Ok(entries)
}

/// What the user named, links followed; its name stays empty.
pub(super) fn named(path: &Path) -> io::Result<Listed> {
    Ok(listed(String::new(), &fs::metadata(path)?, String::new()))
}

/// Which file is at this path, if there is one.
pub(super) fn identity_of(path: &Path) -> Option<Identity> {
    identity(&fs::metadata(path).ok()?)
}

/// When a file was last modified, in nanoseconds since 1970.
pub(super) fn modified(metadata: &Metadata) -> i64 {
    let Ok(time) = metadata.modified() else { return 0 };
    let nanoseconds = |duration: core::time::Duration| i64::try_from(duration.as_nanos());
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => nanoseconds(after).unwrap_or(i64::MAX),
        Err(before) => nanoseconds(before.duration()).map_or(i64::MIN, i64::saturating_neg),
    }
}

fn link_target(path: &Path) -> Result<String, ScanError> {
    let target = fs::read_link(path).map_err(ScanError::io(path))?;
    target.into_os_string().into_string().map_err(|_| not_utf8(path, true))
}

fn listed(name: String, metadata: &Metadata, target: String) -> Listed {
    let kind = match metadata.file_type() {
        kind if kind.is_dir() => Kind::Directory,
        kind if kind.is_file() => Kind::File { len: metadata.len() },
        kind if kind.is_symlink() => Kind::Symlink { target },
        kind => Kind::Special(special(kind, metadata)),
    };
    let (mode, uid, gid) = posix(metadata);
    let (modified, identity) = (modified(metadata), identity(metadata));
    Listed { name, kind, modified, mode, uid, gid, identity, linked: is_linked(metadata) }
}

#[cfg(unix)]
fn special(kind: fs::FileType, metadata: &Metadata) -> Option<Special> {
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
    let device = metadata.rdev();
    #[allow(
        trivial_numeric_casts,
        clippy::unnecessary_cast,
        reason = "32 bits on macOS, 64 on Linux"
    )]
    let device = device as rustix::fs::Dev;
    let (major, minor) = (rustix::fs::major(device), rustix::fs::minor(device));
    if kind.is_fifo() {
        Some(Special::Fifo)
    } else if kind.is_socket() {
        Some(Special::Socket)
    } else if kind.is_char_device() {
        Some(Special::CharacterDevice { major, minor })
    } else if kind.is_block_device() {
        Some(Special::BlockDevice { major, minor })
    } else {
        None
    }
}

#[cfg(not(unix))]
fn special(_: fs::FileType, _: &Metadata) -> Option<Special> {
    None
}

#[cfg(unix)]
fn is_linked(metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    metadata.nlink() > 1 && !metadata.is_dir()
}

#[cfg(not(unix))]
fn is_linked(_: &Metadata) -> bool {
    false
}

#[cfg(unix)]
fn posix(metadata: &Metadata) -> (Option<u32>, Option<u32>, Option<u32>) {
    use std::os::unix::fs::MetadataExt as _;
    (Some(metadata.mode() & 0o7777), Some(metadata.uid()), Some(metadata.gid()))
}

#[cfg(not(unix))]
fn posix(_: &Metadata) -> (Option<u32>, Option<u32>, Option<u32>) {
    (None, None, None)
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems cannot tell")]
fn identity(metadata: &Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Option<Identity> {
    None
}
