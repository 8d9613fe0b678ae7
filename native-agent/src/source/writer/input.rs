//! The files of an image, opened one after the other.

use std::{
    ffi::OsStr,
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::PathBuf,
};

use image_core::SourceId;

use crate::source::{
    SourceError,
    local::{LocalFile, LocalFiles},
};

/// Opens files; the directory of the last one stays open, so that the system need not find its way to it again.
pub(super) struct Inputs<'a> {
    files: &'a LocalFiles,
    #[cfg(unix)]
    directory: Option<(crate::source::local::DirectoryId, std::os::fd::OwnedFd)>,
}

/// A file that is being read.
#[derive(Debug)]
pub(super) struct Input {
    source: SourceId,
    file: File,
    expected: LocalFile,
}

impl Input {
    pub(super) const fn file(&self) -> &File {
        &self.file
    }
}

impl<'a> Inputs<'a> {
    pub(super) const fn new(files: &'a LocalFiles) -> Self {
        Self {
            files,
            #[cfg(unix)]
            directory: None,
        }
    }

    pub(super) fn open(&mut self, source: SourceId) -> Result<Input, SourceError> {
        let Some((name, expected)) = self.files.get(source) else {
            return Err(SourceError::io(&self.path(source), io::ErrorKind::NotFound.into()));
        };
        let file = self.open_in(expected, name);
        let file = file.map_err(|error| SourceError::io(&self.path(source), error))?;
        Ok(Input { source, file, expected })
    }

    /// Opens without following links and without waiting: what was a file may have become a pipe.
    #[cfg(unix)]
    fn open_in(&mut self, file: LocalFile, name: &OsStr) -> io::Result<File> {
        use rustix::fs::{Mode, OFlags, open, openat};
        let cached = self.directory.take().filter(|(id, _)| *id == file.directory);
        let directory = match cached {
            Some((_, directory)) => directory,
            None => {
                let path = self.files.directory_path(file.directory);
                let path = if path.as_os_str().is_empty() { PathBuf::from(".") } else { path };
                open(path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?
            }
        };
        let flags =
            OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        let opened = openat(&directory, name, flags, Mode::empty());
        self.directory = Some((file.directory, directory));
        Ok(opened?.into())
    }

    #[cfg(not(unix))]
    fn open_in(&mut self, file: LocalFile, name: &OsStr) -> io::Result<File> {
        File::open(self.files.directory_path(file.directory).join(name))
    }

    /// Reads what is next, as far as it fits; 0 at the end.
    pub(super) fn read(&self, input: &mut Input, out: &mut [u8]) -> Result<usize, SourceError> {
        loop {
            match input.file.read(out) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => {
                    return read.map_err(|error| SourceError::io(&self.path(input.source), error));
                }
            }
        }
    }

    /// Whether the file is still the one that was listed.
    pub(super) fn check_unchanged(&self, input: &Input) -> Result<(), SourceError> {
        let path = self.path(input.source);
        crate::source::local::check_unchanged(&input.file, &path, input.expected)
    }

    /// The error for a file that gave `read` bytes, which is not its length.
    pub(super) fn changed(&self, input: &Input, read: u64) -> SourceError {
        let path = self.path(input.source);
        if read < input.expected.len {
            SourceError::Truncated { path, expected: input.expected.len, found: read }
        } else {
            SourceError::Changed { path }
        }
    }

    /// Where a file is.
    pub(super) fn path_of(&self, input: &Input) -> PathBuf {
        self.path(input.source)
    }

    /// Leaves out what is before this byte.
    pub(super) fn skip(&self, input: &mut Input, start: u64) -> Result<(), SourceError> {
        let sought = input.file.seek(SeekFrom::Start(start));
        sought.map(drop).map_err(|error| SourceError::io(&self.path(input.source), error))
    }

    fn path(&self, source: SourceId) -> PathBuf {
        self.files.path(source)
    }
}
