//! The image while it is written: one buffer, and the way around it for large files.

use core::sync::atomic::Ordering;
use std::{
    fs::File,
    io::{self, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use image_core::{
    Lba, bytes_in,
    checksum::{Due, Sums},
};

use super::{Reflink, Watch, WriteError, clone, draft, hashing::Hashing};

/// Bytes gathered before they are written: small enough to stay in a processor's cache.
const BUFFER: usize = 512 << 10;
/// Bytes the kernel copies at a time: a moment's work, so that a stop is heeded soon.
#[cfg(target_os = "linux")]
const COPY_AT_A_TIME: u64 = 64 << 20;

/// What an image is written to.
#[derive(Clone, Copy)]
pub(super) enum Target<'a> {
    /// A file that is going to be the image.
    Draft { file: &'a File, reflink: Reflink },
    /// A device or a pipe.
    Stream(&'a File),
    /// Only checksums are wanted.
    Nowhere,
}

impl<'a> Target<'a> {
    const fn file(self) -> Option<&'a File> {
        match self {
            Self::Draft { file, .. } | Self::Stream(file) => Some(file),
            Self::Nowhere => None,
        }
    }
}

pub(super) struct Output<'a> {
    target: Target<'a>,
    name: &'a Path,
    /// Where the image begins in its file.
    start: u64,
    /// Length of the whole image.
    size: u64,
    buffer: Vec<u8>,
    filled: usize,
    written: u64,
    /// Whether what is in the buffer is in the image already.
    present: bool,
    hashing: Option<Hashing>,
    /// Whether the kernel has not refused yet to copy into this file.
    copies: bool,
    /// Whether the file system has not refused yet to share blocks.
    shares: bool,
    watch: Watch<'a>,
}

impl<'a> Output<'a> {
    pub(super) fn new(
        target: Target<'a>,
        name: &'a Path,
        (start, size): (u64, u64),
        watch: Watch<'a>,
    ) -> Self {
        let reflink = match target {
            Target::Draft { reflink, .. } => Some(reflink),
            _ => None,
        };
        Self {
            target,
            name,
            start,
            size,
            buffer: vec![0; BUFFER],
            filled: 0,
            written: 0,
            present: false,
            hashing: None,
            // The kernel copies by sharing where it can.
            copies: target.file().is_some() && reflink != Some(Reflink::Never),
            shares: reflink.is_some_and(|reflink| reflink != Reflink::Never),
            watch,
        }
    }

    pub(super) fn set_hashing(&mut self, hashing: Option<Hashing>) {
        self.hashing = hashing;
    }

    pub(super) const fn is_hashing(&self) -> bool {
        self.hashing.is_some()
    }

    pub(super) const fn reflink(&self) -> Option<Reflink> {
        match self.target {
            Target::Draft { reflink, .. } => Some(reflink),
            _ => None,
        }
    }

    /// The blocks of checksums that begin here, if any do.
    pub(super) fn due(&self, start: Lba) -> Option<Due> {
        self.hashing.as_ref()?.due(bytes_in(start.0))
    }

    /// Blocks of checksums over all that was filled so far.
    pub(super) fn rendered(&mut self, due: Due) -> Result<Vec<u8>, WriteError> {
        self.flush()?;
        Ok(self.hashing.as_ref().map(|hashing| hashing.render(due)).unwrap_or_default())
    }

    /// What is free of the buffer, at least `least` bytes of it (and at most the buffer has).
    pub(super) fn room(&mut self, least: usize) -> Result<&mut [u8], WriteError> {
        if self.buffer.len() - self.filled < least {
            self.flush()?;
        }
        Ok(self.buffer.get_mut(self.filled..).unwrap_or_default())
    }

    /// The buffer with nothing in it.
    pub(super) fn whole_buffer(&mut self) -> Result<&mut [u8], WriteError> {
        self.room(BUFFER)
    }

    /// Takes the first `bytes` of what [`Self::room`] gave into the image.
    pub(super) fn filled(&mut self, bytes: usize) {
        self.filled += bytes;
    }

    pub(super) fn zeros(&mut self, len: u64) -> Result<(), WriteError> {
        let mut left = len;
        while left > 0 {
            let room = self.room(1)?;
            let now = room.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            room.get_mut(..now).unwrap_or_default().fill(0);
            self.filled(now);
            left -= now as u64;
        }
        Ok(())
    }

    /// Lets the kernel copy the next bytes of `input`, at most `limit`; `None` when it cannot.
    #[cfg(target_os = "linux")]
    pub(super) fn copy_in_kernel(
        &mut self,
        input: &File,
        limit: u64,
    ) -> Result<Option<u64>, WriteError> {
        use rustix::io::Errno;
        let Some(file) = self.target.file().filter(|_| self.copies && self.hashing.is_none())
        else {
            return Ok(None);
        };
        self.flush()?;
        let limit = usize::try_from(limit.min(COPY_AT_A_TIME)).unwrap_or(usize::MAX);
        let copied = rustix::io::retry_on_intr(|| {
            rustix::fs::copy_file_range(input, None, file, None, limit)
        });
        match copied {
            // Not every file system can, and some say so by copying nothing.
            Ok(0)
            | Err(
                Errno::XDEV
                | Errno::INVAL
                | Errno::BADF
                | Errno::NOSYS
                | Errno::OPNOTSUPP
                | Errno::PERM
                | Errno::TXTBSY
                | Errno::ISDIR,
            ) => {
                self.copies = false;
                Ok(None)
            }
            Ok(copied) => {
                self.written += copied as u64;
                self.report()?;
                Ok(Some(copied as u64))
            }
            Err(error) => Err(self.failed(error.into())),
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn copy_in_kernel(&mut self, _: &File, _: u64) -> Result<Option<u64>, WriteError> {
        self.copies = false;
        Ok(None)
    }

    /// Lets the image share the next `len` bytes with `input`, where they begin at `start`. The inner error says why it
    /// cannot; nothing has happened then.
    pub(super) fn share(
        &mut self,
        input: &File,
        start: u64,
        len: u64,
    ) -> Result<io::Result<()>, WriteError> {
        let Some(mut file) = self.target.file().filter(|_| self.shares) else {
            return Ok(Err(io::ErrorKind::Unsupported.into()));
        };
        self.flush()?;
        let at = self.start + self.written;
        let shared = clone::share(input, start, len, file, at)
            .and_then(|()| file.seek(SeekFrom::Start(at + len)).map(drop));
        match &shared {
            Ok(()) if self.hashing.is_some() => {}
            Ok(()) => {
                self.written += len;
                self.report()?;
            }
            // One file may lie badly; what else is refused is refused to all.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {}
            Err(_) => self.shares = self.reflink() == Some(Reflink::Always),
        }
        Ok(shared)
    }

    /// Passes on what is in the buffer; it was in the image before.
    pub(super) fn is_written(&mut self) -> Result<(), WriteError> {
        self.present = true;
        let flushed = self.flush();
        self.present = false;
        flushed
    }

    pub(super) fn not_shared(&self, from: PathBuf, source: io::Error) -> WriteError {
        WriteError::Reflink { path: self.name.to_path_buf(), from, source }
    }

    pub(super) fn finish(mut self) -> Result<Sums, WriteError> {
        self.flush()?;
        debug_assert_eq!(self.written, self.size, "segments make up the image");
        Ok(self.hashing.map(Hashing::finish).unwrap_or_default())
    }

    fn flush(&mut self) -> Result<(), WriteError> {
        if self.filled == 0 {
            return Ok(());
        }
        match self.hashing.take() {
            Some(mut hashing) => {
                let buffer = Arc::new(core::mem::take(&mut self.buffer));
                hashing.pass(&buffer, self.filled);
                let written = self.write(&buffer);
                self.buffer = hashing.exchange(buffer);
                self.hashing = Some(hashing);
                written?;
            }
            None => self.write(&self.buffer)?,
        }
        self.written += self.filled as u64;
        self.filled = 0;
        self.report()
    }

    fn write(&self, buffer: &[u8]) -> Result<(), WriteError> {
        let Some(mut file) = self.target.file().filter(|_| !self.present) else { return Ok(()) };
        let bytes = buffer.get(..self.filled).unwrap_or_default();
        file.write_all(bytes).map_err(|error| self.failed(error))
    }

    fn report(&mut self) -> Result<(), WriteError> {
        (self.watch.progress)(self.written);
        if self.watch.cancelled.load(Ordering::Relaxed) {
            return Err(WriteError::Cancelled);
        }
        Ok(())
    }

    fn failed(&self, source: io::Error) -> WriteError {
        let path = self.name.to_path_buf();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => WriteError::NoSpace {
                path,
                needed: self.size,
                available: match self.target {
                    Target::Draft { .. } => draft::free_space(self.name),
                    // What is behind standard output is not known.
                    Target::Stream(_) | Target::Nowhere => None,
                },
            },
            _ => WriteError::Output { path, source },
        }
    }
}
