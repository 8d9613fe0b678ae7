//! The image while it is written: one buffer, and the way around it for large files.

use core::sync::atomic::Ordering;
use std::{
    fs::File,
    io::{self, Write as _},
    path::Path,
};

use super::{Watch, WriteError, draft};

/// Bytes gathered before they are written: small enough to stay in a processor's cache.
const BUFFER: usize = 512 << 10;
/// Bytes the kernel copies at a time: a moment's work, so that a stop is heeded soon.
const COPY_AT_A_TIME: u64 = 64 << 20;

pub(super) struct Output<'a> {
    file: &'a File,
    name: &'a Path,
    /// Length of the whole image.
    size: u64,
    buffer: Vec<u8>,
    filled: usize,
    written: u64,
    /// Whether the kernel has not refused yet to copy into this file.
    copies: bool,
    watch: Watch<'a>,
}

impl<'a> Output<'a> {
    pub(super) fn new(file: &'a File, name: &'a Path, size: u64, watch: Watch<'a>) -> Self {
        let buffer = vec![0; BUFFER];
        Self { file, name, size, buffer, filled: 0, written: 0, copies: true, watch }
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
        if !self.copies {
            return Ok(None);
        }
        self.flush()?;
        let limit = usize::try_from(limit.min(COPY_AT_A_TIME)).unwrap_or(usize::MAX);
        let file = self.file;
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

    pub(super) fn finish(mut self) -> Result<(), WriteError> {
        self.flush()?;
        debug_assert_eq!(self.written, self.size, "segments make up the image");
        Ok(())
    }

    fn flush(&mut self) -> Result<(), WriteError> {
        let bytes = self.buffer.get(..self.filled).unwrap_or_default();
        let mut file = self.file;
        file.write_all(bytes).map_err(|error| self.failed(error))?;
        self.written += self.filled as u64;
        self.filled = 0;
        self.report()
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
                available: draft::free_space(self.name),
            },
            _ => WriteError::Output { path, source },
        }
    }
}
