//! Where the files of an image are, in little memory: a directory's name is kept once, and a path is put together when asked for.

use std::{
    ffi::{OsStr, OsString},
    fs::{File, OpenOptions},
    io,
    path::PathBuf,
};

use image_core::SourceId;

use super::Moment;
use crate::source::SourceError;

/// A directory of [`LocalFiles`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DirectoryId(u32);

/// What a file was when it was listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalFile {
    /// The directory it is in.
    pub directory: DirectoryId,
    /// Its length in bytes.
    pub len: u64,
    /// When it was last modified.
    pub modified: Moment,
}

#[derive(Clone, Copy, Debug)]
enum Directory {
    /// One of the bases.
    Base(u32),
    Child {
        parent: DirectoryId,
        name: Text,
    },
}

/// A name.
#[derive(Clone, Copy, Debug)]
enum Text {
    /// A range of the text that holds nearly all names.
    Range { start: u32, len: u32 },
    /// One of those that are no text.
    Odd(u32),
}

/// Every file of an image, by its [`SourceId`].
#[derive(Clone, Debug, Default)]
pub struct LocalFiles {
    bases: Vec<PathBuf>,
    directories: Vec<Directory>,
    files: Vec<(Text, LocalFile)>,
    names: String,
    odd: Vec<OsString>,
}

impl LocalFiles {
    /// Adds a directory by its path; `None` when there are too many.
    pub(super) fn add_base(&mut self, path: PathBuf) -> Option<DirectoryId> {
        let base = u32::try_from(self.bases.len()).ok()?;
        self.bases.push(path);
        self.push_directory(Directory::Base(base))
    }

    /// Adds a directory in another; `None` when there are too many.
    pub(super) fn add_directory(
        &mut self,
        parent: DirectoryId,
        name: &OsStr,
    ) -> Option<DirectoryId> {
        let name = self.store(name)?;
        self.push_directory(Directory::Child { parent, name })
    }

    /// Adds a file; `None` when there are too many.
    pub(super) fn add_file(&mut self, name: &OsStr, file: LocalFile) -> Option<SourceId> {
        let source = u32::try_from(self.files.len()).ok()?;
        let name = self.store(name)?;
        self.files.push((name, file));
        Some(SourceId(source))
    }

    /// How many files there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// A file with its name; `None` for a number that was not given out.
    #[must_use]
    pub fn get(&self, source: SourceId) -> Option<(&OsStr, LocalFile)> {
        let (name, file) = self.files.get(usize::try_from(source.0).ok()?)?;
        Some((self.text(*name), *file))
    }

    /// Opens a file, and tells what it was when it was listed. Links are not followed and nothing is waited for: what was a
    /// file may have become a pipe.
    ///
    /// # Errors
    /// [`SourceError`] when it cannot be opened.
    pub(crate) fn open(&self, source: SourceId) -> Result<(File, LocalFile), SourceError> {
        let path = self.path(source);
        let failed = |error| SourceError::io(&path, error);
        let (_, listed) = self.get(source).ok_or_else(|| failed(io::ErrorKind::NotFound.into()))?;
        let file = reading().open(&path).map_err(failed)?;
        Ok((file, listed))
    }

    /// Where a file is.
    #[must_use]
    pub fn path(&self, source: SourceId) -> PathBuf {
        self.get(source)
            .map(|(name, file)| self.directory_path(file.directory).join(name))
            .unwrap_or_default()
    }

    /// Where a directory is.
    #[must_use]
    pub fn directory_path(&self, id: DirectoryId) -> PathBuf {
        let mut names = Vec::new();
        let mut at = id;
        loop {
            match self.directories.get(at.0 as usize) {
                Some(Directory::Child { parent, name }) => {
                    names.push(self.text(*name));
                    at = *parent;
                }
                Some(Directory::Base(base)) => {
                    let mut path = self.bases.get(*base as usize).cloned().unwrap_or_default();
                    path.extend(names.iter().rev());
                    return path;
                }
                None => return PathBuf::new(),
            }
        }
    }

    fn push_directory(&mut self, directory: Directory) -> Option<DirectoryId> {
        let id = u32::try_from(self.directories.len()).ok()?;
        self.directories.push(directory);
        Some(DirectoryId(id))
    }

    fn store(&mut self, name: &OsStr) -> Option<Text> {
        let Some(text) = name.to_str() else {
            let odd = u32::try_from(self.odd.len()).ok()?;
            self.odd.push(name.to_owned());
            return Some(Text::Odd(odd));
        };
        let start = u32::try_from(self.names.len()).ok()?;
        let len = u32::try_from(text.len()).ok()?;
        self.names.push_str(text);
        Some(Text::Range { start, len })
    }

    fn text(&self, text: Text) -> &OsStr {
        match text {
            Text::Range { start, len } => {
                let range = start as usize..start as usize + len as usize;
                self.names.get(range).unwrap_or_default().as_ref()
            }
            Text::Odd(odd) => self.odd.get(odd as usize).map(AsRef::as_ref).unwrap_or_default(),
        }
    }
}

/// How what was listed is opened.
#[cfg(unix)]
fn reading() -> OpenOptions {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(flags.bits().cast_signed());
    options
}

#[cfg(not(unix))]
fn reading() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_put_together() {
        let mut files = LocalFiles::default();
        let base = files.add_base("/home/me".into()).unwrap();
        let photos = files.add_directory(base, "photos".as_ref()).unwrap();
        let file = LocalFile { directory: photos, len: 3, modified: Moment::default() };
        let source = files.add_file("a.jpg".as_ref(), file).unwrap();
        assert_eq!(files.path(source), PathBuf::from("/home/me/photos/a.jpg"));
        assert_eq!(files.get(source), Some((OsStr::new("a.jpg"), file)));
        assert_eq!(files.get(SourceId(1)), None);
        assert_eq!(files.path(SourceId(1)), PathBuf::new());
    }
}
