//! Through folders, in the order of names.

use core::sync::atomic::{AtomicBool, Ordering};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use image_core::{AddError, Attributes, Details, DiscTime, NodeId, Tree};

use super::listing::{self, Kind, Listed};
use super::{
    DirectoryId, Graft, LeftOut, LocalFile, LocalFiles, Moment, Notice, OddNames, Recorded,
    RecordedTimes, Scan, ScanError, ScanOptions, extended, with_odd_bytes,
};

pub(super) struct Walk<'a> {
    options: &'a ScanOptions,
    cancelled: &'a AtomicBool,
    /// What is going to be written.
    outputs: Vec<listing::Identity>,
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

impl<'a> Walk<'a> {
    pub(super) fn new(options: &'a ScanOptions, cancelled: &'a AtomicBool) -> Self {
        Self {
            options,
            cancelled,
            outputs: options.outputs.iter().filter_map(|path| listing::identity_of(path)).collect(),
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
        }
    }

    /// What was found, unless something was that cannot be on a disc.
    pub(super) fn finish(self) -> Result<Scan, ScanError> {
        match self.refused {
            Some((path, link, more)) => Err(ScanError::NotUtf8 { path, link, more }),
            None => Ok(self.scan),
        }
    }

    /// Adds what the user named; a symbolic link named on the command line stands for what it points to.
    pub(super) fn graft(&mut self, graft: &Graft) -> Result<(), ScanError> {
        let listed = listing::named(&graft.path).map_err(ScanError::io(&graft.path))?;
        if matches!(listed.kind, Kind::Directory) {
            let directory = self.scan.files.add_base(graft.path.clone());
            let directory = directory.ok_or_else(|| too_many(&graft.path))?;
            let node = self.add_directory(graft.target.trim_matches('/'), &listed, &graft.path)?;
            self.record_details(node, &graft.path, &listed)?;
            self.pending.push((directory, node));
            return self.drain();
        }
        let is_recorded = self.options.recorded == Recorded::Full && self.options.special_files;
        match listed.kind {
            Kind::File { .. } if self.is_output(&listed) => {
                return Err(ScanError::Output { path: graft.path.clone() });
            }
            Kind::Special(special) if special.is_none() || !is_recorded => {
                return Err(ScanError::Special { path: graft.path.clone() });
            }
            _ => {}
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
        if self.options.exclude.matches(&self.path) {
            let (path, reason) = (graft.path.clone(), LeftOut::Excluded);
            self.scan.notices.push(Notice { path, reason });
            return Ok(());
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

    fn is_output(&self, entry: &Listed) -> bool {
        entry.identity.is_some_and(|identity| self.outputs.contains(&identity))
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
            Kind::File { .. } if self.is_output(entry) => {
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
            let time = |time: Option<Moment>| time.map(|time| self.recorded_time(time));
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

    /// A time, no later than the latest. It is in UTC, so that the place of the machine does not show.
    fn recorded_time(&self, Moment { seconds, nanosecond }: Moment) -> DiscTime {
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
