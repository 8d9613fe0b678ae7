//! Looking for the files of a project.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use image_core::{SourceId, Stream, Tree};

use super::super::{DirectoryId, LocalFile, LocalFiles, Scan, listing};
use super::entries::Entry;
use super::{Gathered, ProjectError};

/// A project whose files are being looked for.
pub(super) struct Gathering<'a> {
    root: &'a Path,
    /// The same without links in it.
    real_root: PathBuf,
    /// What is going to be written.
    outputs: Vec<listing::Identity>,
    pub(super) done: Gathered,
    /// Folders of sources by their paths.
    folders: BTreeMap<&'a str, DirectoryId>,
}

impl<'a> Gathering<'a> {
    pub(super) fn new(root: &'a Path, outputs: &[&Path]) -> Result<Self, ProjectError> {
        let failed = |source| ProjectError::Io { path: root.to_path_buf(), source };
        let real_root = root.canonicalize().map_err(failed)?;
        let outputs = outputs.iter().filter_map(|path| listing::identity_of(path)).collect();
        let (tree, files) = (Tree::new(), LocalFiles::default());
        let scan = Scan { tree, files, notices: Vec::new(), spelt: Vec::new() };
        let done = Gathered { scan, redated: 0 };
        Ok(Self { root, real_root, outputs, done, folders: BTreeMap::new() })
    }

    /// Adds an entry of the project, and finds its file.
    pub(super) fn add(&mut self, entry: &'a Entry) -> Result<(), ProjectError> {
        let attributes = entry.attributes();
        let (path, added) = match entry {
            Entry::Directory { path, .. } => {
                (path, self.done.scan.tree.add_directory(path, attributes))
            }
            Entry::File { path, source, size, modified, .. } => {
                let file = self.find_file(path, source, *size, *modified)?;
                (path, self.done.scan.tree.add_file(path, file, *size, attributes))
            }
        };
        let node = added.map_err(|source| ProjectError::Add { path: path.to_owned(), source })?;
        let mut details = entry.details();
        for stream in entry.streams() {
            // Named as Windows names them.
            let at = format!("{path}:{}", stream.name);
            let file = self.find_file(&at, &stream.source, stream.size, stream.modified)?;
            let recorded = Stream::new(&*stream.name, file, stream.size);
            details.get_or_insert_default().streams.push(recorded);
        }
        if let Some(details) = details {
            self.done.scan.tree.set_details(node, details);
        }
        Ok(())
    }

    /// Finds the file that is `path` in the image, and sees that it is what it was.
    fn find_file(
        &mut self,
        path: &str,
        source: &'a str,
        size: u64,
        modified: i64,
    ) -> Result<SourceId, ProjectError> {
        if !stays_inside(source) {
            let source_path = source.to_owned();
            return Err(ProjectError::Outside { path: path.to_owned(), source_path });
        }
        let at = self.root.join(source);
        let looked = listing::named(&at).and_then(|found| Ok((found, at.canonicalize()?)));
        let (found, real) = match looked {
            Ok(looked) => looked,
            Err(source) => {
                return Err(ProjectError::Missing { path: path.to_owned(), at, source });
            }
        };
        // A link on the way may lead anywhere.
        if !real.starts_with(&self.real_root) {
            let source_path = source.to_owned();
            return Err(ProjectError::Outside { path: path.to_owned(), source_path });
        }
        if found.identity.is_some_and(|identity| self.outputs.contains(&identity)) {
            return Err(ProjectError::Output { path: path.to_owned(), at });
        }
        let listing::Kind::File { len } = found.kind else {
            return Err(ProjectError::NotAFile { path: path.to_owned(), at });
        };
        if len != size {
            return Err(ProjectError::Changed { at, size, found: len });
        }
        // A page knows times to the millisecond.
        self.done.redated += usize::from(found.times.modified.milliseconds() != modified);
        let too_many = || ProjectError::TooMany { path: path.to_owned() };
        let (folder, name) = source.rsplit_once('/').unwrap_or(("", source));
        // Files are opened without following links.
        let is_link = at.is_symlink();
        let (directory, name) = match (real.parent(), real.file_name()) {
            (Some(folder), Some(name)) if is_link => {
                (self.done.scan.files.add_base(folder.to_path_buf()), name)
            }
            _ => (self.folder(folder), name.as_ref()),
        };
        let directory = directory.ok_or_else(too_many)?;
        let file = LocalFile { directory, len, modified: found.times.modified };
        self.done.scan.files.add_file(name, file).ok_or_else(too_many)
    }

    /// The folder of this path; `None` when there are too many.
    fn folder(&mut self, path: &'a str) -> Option<DirectoryId> {
        if let Some(known) = self.folders.get(path) {
            return Some(*known);
        }
        let files = &mut self.done.scan.files;
        let added = if path.is_empty() {
            files.add_base(self.root.to_path_buf())?
        } else {
            let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
            let parent = self.folder(parent)?;
            self.done.scan.files.add_directory(parent, name.as_ref())?
        };
        self.folders.insert(path, added);
        Some(added)
    }
}

/// Whether a path leads to something below where it begins. On Windows names have no backslashes or colons.
fn stays_inside(path: &str) -> bool {
    let foreign = |name: &str| cfg!(windows) && name.contains(['\\', ':']);
    path.split('/').all(|name| !matches!(name, "" | "." | "..") && !foreign(name))
}
