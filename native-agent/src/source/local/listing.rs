//! What a directory holds, in the little that an image needs of it.

use std::{
    ffi::{OsStr, OsString},
    fs::{self, Metadata},
    io,
    path::Path,
};

use image_core::Special;

use super::{Moment, ScanError};

/// An entry of a directory.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    /// As text: what is not, is spelt out.
    pub(super) name: String,
    /// As this machine has it, where that is no text.
    pub(super) odd_name: Option<OsString>,
    pub(super) kind: Kind,
    pub(super) times: Times,
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
        /// As text: what is not, is spelt out.
        target: String,
        /// Whether it is no text on this machine.
        is_odd: bool,
    },
    /// `None` where this machine has kinds of files that no disc has.
    Special(Option<Special>),
}

/// When what happened to an entry, as far as this machine knows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) modified: Moment,
    pub(super) accessed: Option<Moment>,
    pub(super) created: Option<Moment>,
    /// Of its attributes.
    pub(super) changed: Option<Moment>,
}

impl Listed {
    /// The name as this machine has it.
    pub(super) fn real_name(&self) -> &OsStr {
        self.odd_name.as_deref().unwrap_or_else(|| self.name.as_ref())
    }
}

/// Device and inode: equal for one file under several names.
pub(super) type Identity = (u64, u64);

/// The entries of a directory, in no order. Symbolic links are not followed.
pub(super) fn list(folder: &Path) -> Result<Vec<Listed>, ScanError> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(ScanError::io(folder))? {
        let entry = entry.map_err(ScanError::io(folder))?;
        let metadata =
            entry.metadata().map_err(|source| ScanError::Io { path: entry.path(), source })?;
        let target =
            if metadata.is_symlink() { link_target(&entry.path())? } else { OsString::new() };
        let (name, odd_name) = match entry.file_name().into_string() {
            Ok(name) => (name, None),
            Err(odd) => (spelt(&odd), Some(odd)),
        };
        entries.push(Listed { odd_name, ..listed(name, &metadata, target) });
    }
    entries.shrink_to_fit();
    Ok(entries)
}

/// What the user named, links followed; its name stays empty.
pub(super) fn named(path: &Path) -> io::Result<Listed> {
    Ok(listed(String::new(), &fs::metadata(path)?, OsString::new()))
}

/// Which file is at this path, if there is one.
pub(super) fn identity_of(path: &Path) -> Option<Identity> {
    identity(&fs::metadata(path).ok()?)
}

/// When a file was last modified.
pub(super) fn modified(metadata: &Metadata) -> Moment {
    metadata.modified().map(Moment::from).unwrap_or_default()
}

fn times(metadata: &Metadata) -> Times {
    Times {
        modified: modified(metadata),
        accessed: metadata.accessed().map(Moment::from).ok(),
        created: metadata.created().map(Moment::from).ok(),
        changed: changed(metadata),
    }
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> Option<Moment> {
    use std::os::unix::fs::MetadataExt as _;
    let nanosecond = u32::try_from(metadata.ctime_nsec()).ok()?;
    Some(Moment { seconds: metadata.ctime(), nanosecond })
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> Option<Moment> {
    None
}

/// A name or target with `%XX` for the bytes that are not UTF-8: on Windows those of half a UTF-16 pair.
pub(super) fn spelt(text: &OsStr) -> String {
    let mut spelt = String::new();
    for chunk in text.as_encoded_bytes().utf8_chunks() {
        spelt.push_str(chunk.valid());
        for byte in chunk.invalid() {
            spelt.push_str(&format!("%{byte:02X}"));
        }
    }
    spelt
}

fn link_target(path: &Path) -> Result<OsString, ScanError> {
    let target = fs::read_link(path).map_err(ScanError::io(path))?;
    Ok(target.into_os_string())
}

fn listed(name: String, metadata: &Metadata, target: OsString) -> Listed {
    let kind = match metadata.file_type() {
        kind if kind.is_dir() => Kind::Directory,
        kind if kind.is_file() => Kind::File { len: metadata.len() },
        kind if kind.is_symlink() => match target.into_string() {
            Ok(target) => Kind::Symlink { target, is_odd: false },
            Err(odd) => Kind::Symlink { target: spelt(&odd), is_odd: true },
        },
        kind => Kind::Special(special(kind, metadata)),
    };
    let (mode, uid, gid) = posix(metadata);
    let (times, identity) = (times(metadata), identity(metadata));
    let linked = is_linked(metadata);
    Listed { name, odd_name: None, kind, times, mode, uid, gid, identity, linked }
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
