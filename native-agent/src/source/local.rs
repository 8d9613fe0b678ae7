//! Folders and files of this machine as the contents of an image.
//!
//! [`scan`] lists what is there, without opening a file: names, lengths and times go into a [`Tree`], and [`LocalFiles`]
//! remembers where each file is, in some forty bytes and its name. Entries of a directory are taken in the order of
//! their names, so that equal folders give equal images and equal errors.

mod duplicates;
mod exclude;
mod extended;
mod files;
mod listing;
mod plan_source;

use core::sync::atomic::{AtomicBool, Ordering};
use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    str::FromStr,
};

use image_core::{AddError, Attributes, Details, DiscTime, NodeId, Tree};

pub use duplicates::find_duplicates;
pub use exclude::{Exclude, PatternError};
pub use files::{DirectoryId, LocalFile, LocalFiles};
use listing::{Kind, Listed};
pub use plan_source::PlanSource;
pub(crate) use plan_source::check_unchanged;

/// Something to put on the disc, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graft {
    /// Path in the image. A directory's contents go into it; a file gets it as its path, or goes into it when it ends
    /// in `/`. Empty for the root.
    pub target: String,
    /// Where it is on this machine.
    pub path: PathBuf,
}

impl FromStr for Graft {
    type Err = core::convert::Infallible;

    /// `PATH`, or `TARGET=PATH`. What exists under the whole text is a `PATH` even with an equals sign in it; `=PATH`
    /// is for any other.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.split_once('=') {
            Some((target, path)) if !Path::new(text).exists() => {
                Self { target: target.to_owned(), path: path.into() }
            }
            _ => Self { target: String::new(), path: text.into() },
        })
    }
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
    /// The image that is going to be written: it is left out when it lies in one of the folders.
    pub output: Option<PathBuf>,
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
    /// It is the image being written.
    Output,
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
            Self::Output => "the image itself",
            Self::OddName => "its name is not UTF-8",
            Self::OddTarget => "a link whose target is not UTF-8",
        }
    }
}

/// Why folders cannot become an image.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// A file or folder that is not there or may not be read.
    #[error("cannot read {}", path.display())]
    Io {
        /// What was being read.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A name or link target that is no text: bytes that are not UTF-8, which no file system on the disc can hold.
    #[error(
        "the {what} of {path}{and} is not UTF-8: Joliet and UDF hold Unicode alone (UDF 2.1.1)",
        what = if *link { "target" } else { "name" },
        and = if *more == 0 { String::new() } else { format!(" (and {more} more)") }
    )]
    NotUtf8 {
        /// The path, odd bytes as `\xNN`.
        path: String,
        /// Whether it is the target of a link.
        link: bool,
        /// How many more there are.
        more: usize,
    },
    /// Extended attributes that are no text, or cannot be read.
    #[error("cannot read the extended attributes of {}", path.display())]
    ExtendedAttributes {
        /// Where the entry is on this machine.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A name that cannot be on the disc, or a place that is taken.
    #[error("cannot add {}", path.display())]
    Add {
        /// Where the entry is on this machine.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: AddError,
    },
    /// More files or longer names than 32-bit numbers reach.
    #[error("{} is one file too many", path.display())]
    TooMany {
        /// The file that found no room.
        path: PathBuf,
    },
    /// It was stopped.
    #[error("stopped before all folders were listed")]
    Cancelled,
}

impl ScanError {
    /// What the user can do about it.
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Io { .. } => {
                Some("check the path and its permissions, or leave it out with --exclude")
            }
            Self::NotUtf8 { link: false, .. } => {
                Some("rename it (convmv converts whole folders), or see --odd-names")
            }
            Self::NotUtf8 { link: true, .. } => Some("mend the link, or see --odd-names"),
            Self::ExtendedAttributes { .. } => Some("leave --xattr out"),
            Self::Add { source, .. } => Some(source.hint()),
            Self::TooMany { .. } => Some("spread the files over several discs"),
            Self::Cancelled => None,
        }
    }

    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::Io { path: path.to_path_buf(), source }
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
    let mut walk = Walk {
        options,
        cancelled,
        output: options.output.as_deref().and_then(listing::identity_of),
        scan: Scan {
            tree: Tree::new(),
            files: LocalFiles::default(),
            notices: Vec::new(),
            spelt: Vec::new(),
        },
        refused: None,
        pending: Vec::new(),
        path: String::new(),
        linked: BTreeMap::new(),
    };
    for graft in grafts {
        walk.graft(graft)?;
    }
    match walk.refused {
        Some((path, link, more)) => Err(ScanError::NotUtf8 { path, link, more }),
        None => Ok(walk.scan),
    }
}

struct Walk<'a> {
    options: &'a ScanOptions,
    cancelled: &'a AtomicBool,
    output: Option<listing::Identity>,
    scan: Scan,
    /// The first name or target that is no text and is not to be, whether it is a target, and how many follow.
    refused: Option<(String, bool, usize)>,
    /// Directories in the tree whose contents are still to be listed.
    pending: Vec<(DirectoryId, NodeId)>,
    /// Path in the image of what is being added.
    path: String,
    /// The first name of each file that has several.
    linked: BTreeMap<listing::Identity, NodeId>,
}

impl Walk<'_> {
    /// Adds what the user named; a symbolic link named on the command line stands for what it points to.
    fn graft(&mut self, graft: &Graft) -> Result<(), ScanError> {
        let listed = listing::named(&graft.path).map_err(ScanError::io(&graft.path))?;
        if matches!(listed.kind, Kind::Directory) {
            let directory = self.scan.files.add_base(graft.path.clone());
            let directory = directory.ok_or_else(|| too_many(&graft.path))?;
            let node = self.add_directory(graft.target.trim_matches('/'), &listed, &graft.path)?;
            self.record_details(node, &graft.path, &listed)?;
            self.pending.push((directory, node));
            return self.drain();
        }
        // A link is resolved once, so that files are opened without following any.
        let path = graft.path.canonicalize().map_err(ScanError::io(&graft.path))?;
        let name = graft.path.file_name().or_else(|| path.file_name()).unwrap_or_default();
        self.path.clear();
        self.path.push_str(graft.target.trim_start_matches('/'));
        let takes_name = self.path.is_empty() || self.path.ends_with('/');
        if takes_name {
            self.path.push_str(&listing::spelt(name));
        }
        let parent = path.parent().unwrap_or(&path).to_path_buf();
        let directory = self.scan.files.add_base(parent).ok_or_else(|| too_many(&path))?;
        let real = path.file_name().unwrap_or_default();
        let entry =
            Listed { name: listing::spelt(real), odd_name: Some(real.to_owned()), ..listed };
        if takes_name && name.to_str().is_none() && !self.takes_odd(directory, &entry) {
            return Ok(());
        }
        self.add(directory, &entry)
    }

    fn drain(&mut self) -> Result<(), ScanError> {
        while let Some((directory, node)) = self.pending.pop() {
            if self.cancelled.load(Ordering::Relaxed) {
                return Err(ScanError::Cancelled);
            }
            let folder = self.scan.files.directory_path(directory);
            let mut entries = listing::list(&folder)?;
            // Folders last: what they hold must not come between the files of this one.
            entries.sort_unstable_by(|a, b| {
                let rank = |entry: &Listed| matches!(entry.kind, Kind::Directory);
                rank(a).cmp(&rank(b)).then_with(|| a.name.cmp(&b.name))
            });
            self.path = self.scan.tree.path(node);
            if !self.path.is_empty() {
                self.path.push('/');
            }
            let folder_len = self.path.len();
            let first_new = self.pending.len();
            for entry in entries {
                self.path.truncate(folder_len);
                self.path.push_str(&entry.name);
                let is_text = entry.odd_name.is_none();
                if !self.options.exclude.matches(&self.path)
                    && (is_text || self.takes_odd(directory, &entry))
                {
                    self.add(directory, &entry)?;
                }
            }
            // The stack gives back the last first.
            if let Some(new) = self.pending.get_mut(first_new..) {
                new.reverse();
            }
        }
        Ok(())
    }

    /// Whether an entry whose name is no text is recorded under `self.path`, which spells it out.
    fn takes_odd(&mut self, directory: DirectoryId, entry: &Listed) -> bool {
        match self.options.odd_names {
            OddNames::Refuse => self.refuse(directory, entry, false),
            OddNames::LeaveOut => self.leave_out(directory, entry, LeftOut::OddName),
            OddNames::Spell => self.scan.spelt.push(self.path.clone()),
        }
        self.options.odd_names == OddNames::Spell
    }

    /// Remembers what is wrong; the rest is still looked at, so that all of it is told at once.
    fn refuse(&mut self, directory: DirectoryId, entry: &Listed, link: bool) {
        if let Some((_, _, more)) = &mut self.refused {
            *more += 1;
            return;
        }
        let path = self.local_path(directory, entry);
        self.refused = Some((with_odd_bytes(&path), link, 0));
    }

    fn local_path(&self, directory: DirectoryId, entry: &Listed) -> PathBuf {
        self.scan.files.directory_path(directory).join(entry.real_name())
    }

    /// Adds an entry of `directory` under `self.path`.
    fn add(&mut self, directory: DirectoryId, entry: &Listed) -> Result<(), ScanError> {
        let is_full = self.options.recorded == Recorded::Full;
        match &entry.kind {
            Kind::Directory => {
                let path = self.local_path(directory, entry);
                let image_path = core::mem::take(&mut self.path);
                let node = self.add_directory(&image_path, entry, &path)?;
                self.path = image_path;
                self.record_details(node, &path, entry)?;
                let child = self.scan.files.add_directory(directory, entry.real_name());
                self.pending.push((child.ok_or_else(|| too_many(&path))?, node));
            }
            Kind::File { .. } if self.output.is_some() && entry.identity == self.output => {
                self.leave_out(directory, entry, LeftOut::Output);
            }
            _ if is_full && let Some(first) = self.first_name(entry) => {
                let added = self.scan.tree.add_hard_link(&self.path, first);
                added.map_err(|source| self.refused(directory, entry, source))?;
            }
            Kind::File { len } => {
                let node = self.add_file(directory, entry, *len)?;
                self.remember(directory, entry, node)?;
            }
            Kind::Symlink { .. } if !is_full => {
                self.leave_out(directory, entry, LeftOut::Symlink);
            }
            Kind::Symlink { is_odd: true, .. } if self.options.odd_names == OddNames::LeaveOut => {
                self.leave_out(directory, entry, LeftOut::OddTarget);
            }
            Kind::Symlink { target, is_odd } => {
                match self.options.odd_names {
                    OddNames::Spell if *is_odd => self.scan.spelt.push(self.path.clone()),
                    _ if *is_odd => self.refuse(directory, entry, true),
                    _ => {}
                }
                let attributes = self.attributes(entry);
                let added = self.scan.tree.add_symlink(&self.path, target, attributes);
                let node = added.map_err(|source| self.refused(directory, entry, source))?;
                self.remember(directory, entry, node)?;
            }
            Kind::Special(Some(special)) if is_full && self.options.special_files => {
                let attributes = self.attributes(entry);
                let added = self.scan.tree.add_special(&self.path, *special, attributes);
                let node = added.map_err(|source| self.refused(directory, entry, source))?;
                self.remember(directory, entry, node)?;
            }
            Kind::Special(_) => self.leave_out(directory, entry, LeftOut::Special),
        }
        Ok(())
    }

    /// The node of a file that was found under another name before.
    fn first_name(&self, entry: &Listed) -> Option<NodeId> {
        self.linked.get(&entry.identity.filter(|_| entry.linked)?).copied()
    }

    /// Notes what else is recorded of a new node, and that it may have other names.
    fn remember(
        &mut self,
        directory: DirectoryId,
        entry: &Listed,
        node: NodeId,
    ) -> Result<(), ScanError> {
        if let Some(identity) = entry.identity.filter(|_| entry.linked) {
            self.linked.insert(identity, node);
        }
        if self.options.times == RecordedTimes::Modified && !self.options.extended_attributes {
            return Ok(());
        }
        let path = self.local_path(directory, entry);
        self.record_details(node, &path, entry)
    }

    /// The other times, and extended attributes, where they are asked for.
    fn record_details(
        &mut self,
        node: NodeId,
        path: &Path,
        entry: &Listed,
    ) -> Result<(), ScanError> {
        if self.options.recorded == Recorded::Portable {
            return Ok(());
        }
        let mut details = Details::default();
        if self.options.times == RecordedTimes::All {
            let time = |time: Option<i64>| time.map(|time| self.recorded_time(time));
            details.accessed = time(entry.times.accessed);
            details.created = time(entry.times.created);
            details.changed = time(entry.times.changed);
        }
        if self.options.extended_attributes {
            let failed =
                |source| ScanError::ExtendedAttributes { path: path.to_path_buf(), source };
            details.extended_attributes = extended::of(path).map_err(failed)?;
        }
        if details != Details::default() {
            self.scan.tree.set_details(node, details);
        }
        Ok(())
    }

    /// A time in nanoseconds since 1970, no later than the latest. It is in UTC, so that the place of the machine does not
    /// show.
    fn recorded_time(&self, nanoseconds: i64) -> DiscTime {
        const SECOND: i64 = 1_000_000_000;
        let seconds = nanoseconds.div_euclid(SECOND);
        let nanosecond = u32::try_from(nanoseconds.rem_euclid(SECOND)).unwrap_or_default();
        match self.options.latest {
            Some(latest) if seconds >= latest => DiscTime::from_unix(latest, 0, 0),
            _ => DiscTime::from_unix(seconds, nanosecond, 0),
        }
    }

    fn add_file(
        &mut self,
        directory: DirectoryId,
        entry: &Listed,
        len: u64,
    ) -> Result<NodeId, ScanError> {
        let file = LocalFile { directory, len, modified: entry.times.modified };
        let Some(source) = self.scan.files.add_file(entry.real_name(), file) else {
            return Err(too_many(&self.local_path(directory, entry)));
        };
        let attributes = self.attributes(entry);
        let added = self.scan.tree.add_file(&self.path, source, len, attributes);
        added.map_err(|source| self.refused(directory, entry, source))
    }

    fn add_directory(
        &mut self,
        image_path: &str,
        entry: &Listed,
        path: &Path,
    ) -> Result<NodeId, ScanError> {
        let attributes = match self.options.recorded {
            Recorded::Full => self.attributes(entry),
            Recorded::Portable => Attributes::default(),
        };
        let added = self.scan.tree.add_directory(image_path, attributes);
        added.map_err(|source| ScanError::Add { path: path.to_path_buf(), source })
    }

    /// What is recorded of an entry.
    fn attributes(&self, entry: &Listed) -> Attributes {
        let modified = self.recorded_time(entry.times.modified);
        match self.options.recorded {
            Recorded::Full => Attributes {
                modified: Some(modified),
                mode: entry.mode,
                uid: entry.uid,
                gid: entry.gid,
            },
            Recorded::Portable => {
                let nanosecond = modified.nanosecond / 1_000_000 * 1_000_000;
                let modified = Some(DiscTime { nanosecond, ..modified });
                Attributes { modified, ..Attributes::default() }
            }
        }
    }

    fn leave_out(&mut self, directory: DirectoryId, entry: &Listed, reason: LeftOut) {
        let path = self.local_path(directory, entry);
        self.scan.notices.push(Notice { path, reason });
    }

    fn refused(&self, directory: DirectoryId, entry: &Listed, source: AddError) -> ScanError {
        let path = self.local_path(directory, entry);
        ScanError::Add { path, source }
    }
}

fn too_many(path: &Path) -> ScanError {
    ScanError::TooMany { path: path.to_path_buf() }
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
