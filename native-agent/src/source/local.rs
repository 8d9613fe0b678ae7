//! Folders and files of this machine as the contents of an image.
//!
//! [`scan`] lists what is there, without opening a file: names, lengths and times go into a [`Tree`], and [`LocalFiles`]
//! remembers where each file is, in some forty bytes and its name. Entries of a directory are taken in the order of
//! their names, so that equal folders give equal images and equal errors.

pub(crate) mod content;
mod duplicates;
mod error;
mod exclude;
mod extended;
mod files;
mod listing;
mod moment;
mod plan_source;
mod project;
mod walk;

use core::sync::atomic::AtomicBool;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use image_core::Tree;

pub use duplicates::find_duplicates;
pub use error::ScanError;
pub use exclude::{Exclude, PatternError};
pub use files::{DirectoryId, LocalFile, LocalFiles};
pub use moment::Moment;
pub use plan_source::PlanSource;
pub(crate) use plan_source::check_unchanged;
pub use project::{Gathered, Project, ProjectError};
use walk::Walk;

/// Something to put on the disc, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graft {
    /// Path in the image. A directory's contents go into it; a file gets it as its path, or goes into it when it ends
    /// in `/`. Empty for the root.
    pub target: String,
    /// Where it is on this machine.
    pub path: PathBuf,
}

impl Graft {
    /// `PATH`, or `TARGET=PATH`. What exists under the whole text is a `PATH` even with an equals sign in it; `=PATH`
    /// is for any other. A path need not be UTF-8, a target is.
    pub fn named(text: &OsStr) -> Self {
        match target_and_path(text) {
            Some((target, path)) if !Path::new(text).exists() => {
                Self { target: target.to_owned(), path: path.into() }
            }
            _ => Self { target: String::new(), path: text.into() },
        }
    }
}

#[cfg(unix)]
fn target_and_path(text: &OsStr) -> Option<(&str, &OsStr)> {
    use std::os::unix::ffi::OsStrExt as _;
    let bytes = text.as_bytes();
    let (target, path) = bytes.split_at(bytes.iter().position(|byte| *byte == b'=')?);
    Some((str::from_utf8(target).ok()?, OsStr::from_bytes(path.get(1..)?)))
}

#[cfg(not(unix))]
fn target_and_path(text: &OsStr) -> Option<(&str, &OsStr)> {
    text.to_str()?.split_once('=').map(|(target, path)| (target, path.as_ref()))
}

/// How much of what this machine knows about an entry goes on the disc.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Recorded {
    /// Times, permissions, owners, symbolic links and what has several names.
    #[default]
    Full,
    /// What a browser can see of a file: its name, length and time of change to the millisecond. Symbolic links are
    /// left out, directories get the time of the image. The same folder gives the same image there and here.
    Portable,
}

/// Which times of an entry are recorded, where all is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecordedTimes {
    /// When it was modified. The others change without the content, and the image with them.
    #[default]
    Modified,
    /// Also when it was made, last read, and when its attributes changed.
    All,
}

/// What becomes of names, and of targets of links, that are no text: bytes that are not UTF-8, or halves of UTF-16 pairs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OddNames {
    /// There is no image.
    #[default]
    Refuse,
    /// The entries are left out, with a notice for each.
    LeaveOut,
    /// What is no text is spelt out as `%XX`, with a notice for each.
    Spell,
}

/// What to take of the folders.
#[derive(Clone, Debug, Default)]
pub struct ScanOptions {
    /// Names and paths to leave out.
    pub exclude: Exclude,
    /// What is recorded of an entry.
    pub recorded: Recorded,
    /// Devices, FIFOs and sockets are recorded too, where all is recorded.
    pub special_files: bool,
    /// Which times are recorded.
    pub times: RecordedTimes,
    /// Later times, in seconds since 1970, are recorded as this one.
    pub latest: Option<i64>,
    /// Extended attributes that users gave are recorded, where all is. UDF alone holds them.
    pub extended_attributes: bool,
    /// What becomes of names that are no text.
    pub odd_names: OddNames,
    /// The files that are going to be written: they are left out where they lie in one of the folders.
    pub outputs: Vec<PathBuf>,
}

/// What was found.
#[derive(Debug)]
pub struct Scan {
    /// The contents of the disc.
    pub tree: Tree,
    /// Where the files of the tree are.
    pub files: LocalFiles,
    /// What was left out without being asked to.
    pub notices: Vec<Notice>,
    /// What has another name in the image, by its path there, because its own is no text.
    pub spelt: Vec<String>,
}

/// An entry that is not on the disc.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Where it is on this machine.
    pub path: PathBuf,
    /// Why.
    pub reason: LeftOut,
}

/// Why an entry is not on the disc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// A device, socket or pipe has no contents to record.
    Special,
    /// Portable images have no symbolic links.
    Symlink,
    /// It is going to be written.
    Output,
    /// It was named itself, and a pattern excludes it.
    Excluded,
    /// Its name is no text.
    OddName,
    /// Its target is no text.
    OddTarget,
}

impl LeftOut {
    /// The reason in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Special => "a device, socket or pipe",
            Self::Symlink => "a symbolic link",
            Self::Output => "it is what is being written",
            Self::Excluded => "a pattern excludes it",
            Self::OddName => "its name is not UTF-8",
            Self::OddTarget => "a link whose target is not UTF-8",
        }
    }
}

/// Lists what is to go on the disc.
///
/// # Errors
/// See [`ScanError`]. A folder that cannot be read fails the whole scan: a disc that silently lacks files is worse.
pub fn scan(grafts: &[Graft], options: &ScanOptions) -> Result<Scan, ScanError> {
    scan_until(grafts, options, &AtomicBool::new(false))
}

/// The same, until it is cancelled.
///
/// # Errors
/// See [`ScanError`].
pub fn scan_until(
    grafts: &[Graft],
    options: &ScanOptions,
    cancelled: &AtomicBool,
) -> Result<Scan, ScanError> {
    let mut walk = Walk::new(options, cancelled);
    for graft in grafts {
        walk.graft(graft)?;
    }
    walk.finish()
}

/// A path with its bytes that are not UTF-8 written so that they can be seen.
pub(crate) fn with_odd_bytes(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

#[cfg(test)]
mod tests;
