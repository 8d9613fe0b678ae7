//! Writes a plan over local files, strictly from its first byte to its last.
//!
//! Small files are read straight into the buffer that is written, one after the other, with three system calls each;
//! large ones are copied by the kernel where it can. Every file is checked to have the length it was planned with.
//! Under its final name an image is either whole or not there: see [`draft`].

mod draft;
mod input;
mod output;

use core::sync::atomic::AtomicBool;
use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use image_core::{BLOCK_SIZE, Lba, Plan, Segment, SourceId};

use super::{SourceError, local::LocalFiles};
use draft::Draft;
use input::{Input, Inputs};
use output::Output;

/// Files of this length and more are copied by the kernel where it can.
const KERNEL_COPY: u64 = 256 << 10;

/// How a write that takes long is watched and stopped.
#[expect(missing_debug_implementations, reason = "a closure has nothing to show")]
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Called with the number of bytes written so far, every now and then.
    pub progress: &'a dyn Fn(u64),
    /// Set from elsewhere to stop; the write then fails with [`WriteError::Cancelled`].
    pub cancelled: &'a AtomicBool,
}

/// Why an image was not written. Nothing is left under its name.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// One of the files cannot be read or is no longer what was planned.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The operating system refused to write.
    #[error("cannot write {}", path.display())]
    Output {
        /// The image.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The image does not fit where it is to be written. Free some space or write it elsewhere.
    #[error("{} takes {needed} bytes, and {}", path.display(), available_words(*available, *needed))]
    NoSpace {
        /// The image.
        path: PathBuf,
        /// Its length in bytes.
        needed: u64,
        /// Free space in bytes, where the system tells.
        available: Option<u64>,
    },
    /// It was stopped.
    #[error("stopped before the image was complete")]
    Cancelled,
}

impl WriteError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Source(error) => error.hint(),
            Self::Output { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                Some("choose a folder that you may write to")
            }
            Self::Output { source, .. } if source.kind() == io::ErrorKind::FileTooLarge => {
                Some("that file system holds no files of this length: FAT ends at 4 GiB")
            }
            Self::NoSpace { .. } => Some("free some space, or write the image to another disk"),
            Self::Output { .. } | Self::Cancelled => None,
        }
    }
}

fn available_words(available: Option<u64>, needed: u64) -> String {
    match available {
        // A quota, or a disk that is itself a file on a full one.
        Some(bytes) if bytes >= needed => {
            format!("the disk took no more, though it says that {bytes} are free")
        }
        Some(bytes) => format!("{bytes} are free there"),
        None => "the disk is full".to_owned(),
    }
}

/// Writes the image of `plan` to a file, in place of what is there.
///
/// A device or pipe at `path` is written to as it is.
///
/// # Errors
/// See [`WriteError`]; what was at `path` before is then still there.
pub fn write_file(
    plan: &Plan,
    files: &LocalFiles,
    path: &Path,
    watch: Watch<'_>,
) -> Result<(), WriteError> {
    let failed = |source| WriteError::Output { path: path.to_path_buf(), source };
    if path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        let file = File::options().write(true).open(path).map_err(failed)?;
        return write_stream(plan, files, &file, path, watch);
    }
    let draft = Draft::create(path, plan.size_bytes())?;
    write_stream(plan, files, draft.file(), path, watch)?;
    draft.publish().map_err(failed)
}

/// Writes the image of `plan` to an open file, pipe or terminal; `name` is what errors call it.
///
/// # Errors
/// See [`WriteError`].
pub fn write_stream(
    plan: &Plan,
    files: &LocalFiles,
    file: &File,
    name: &Path,
    watch: Watch<'_>,
) -> Result<(), WriteError> {
    let mut output = Output::new(file, name, plan.size_bytes(), watch);
    let mut inputs = Inputs::new(files);
    for segment in plan.segments() {
        match segment {
            Segment::Metadata { start, blocks } => metadata(plan, start, blocks, &mut output)?,
            Segment::Zero { len } => output.zeros(len)?,
            Segment::File { source, len, .. } => copy(source, len, &mut inputs, &mut output)?,
        }
    }
    output.finish()
}

fn metadata(
    plan: &Plan,
    start: Lba,
    blocks: u32,
    output: &mut Output<'_>,
) -> Result<(), WriteError> {
    let (mut lba, mut left) = (start, blocks);
    while left > 0 {
        let room = output.room(BLOCK_SIZE)?;
        let now = left.min(u32::try_from(room.len() / BLOCK_SIZE).unwrap_or(u32::MAX));
        let bytes = now as usize * BLOCK_SIZE;
        plan.render(lba, room.get_mut(..bytes).unwrap_or_default());
        output.filled(bytes);
        (lba, left) = (lba.plus(now), left - now);
    }
    Ok(())
}

fn copy(
    source: SourceId,
    len: u64,
    inputs: &mut Inputs<'_>,
    output: &mut Output<'_>,
) -> Result<(), WriteError> {
    let mut input = inputs.open(source)?;
    if len < KERNEL_COPY {
        return copy_small(&mut input, usize::try_from(len).unwrap_or(usize::MAX), inputs, output);
    }
    let mut done = 0;
    while done < len {
        let copied = match output.copy_in_kernel(input.file(), len - done)? {
            Some(copied) => copied,
            None => copy_through_buffer(&mut input, len - done, inputs, output)?,
        };
        if copied == 0 {
            return Err(inputs.changed(&input, done).into());
        }
        done += copied;
    }
    inputs.check_unchanged(&input).map_err(Into::into)
}

/// Reads a file into the buffer, and a byte more if there is one: that tells of a file that grew.
fn copy_small(
    input: &mut Input,
    len: usize,
    inputs: &Inputs<'_>,
    output: &mut Output<'_>,
) -> Result<(), WriteError> {
    let room = output.room(len + 1)?.get_mut(..=len).unwrap_or_default();
    let mut read = 0;
    while let Some(rest) = room.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match inputs.read(input, rest)? {
            0 => break,
            more => read += more,
        }
        // A read that falls short by this one byte has met the end of the file.
        if read == len {
            break;
        }
    }
    if read != len {
        return Err(inputs.changed(input, read as u64).into());
    }
    output.filled(len);
    Ok(())
}

fn copy_through_buffer(
    input: &mut Input,
    limit: u64,
    inputs: &Inputs<'_>,
    output: &mut Output<'_>,
) -> Result<u64, WriteError> {
    let room = output.whole_buffer()?;
    let len = room.len().min(usize::try_from(limit).unwrap_or(usize::MAX));
    let read = inputs.read(input, room.get_mut(..len).unwrap_or_default())?;
    output.filled(read);
    Ok(read as u64)
}

#[cfg(test)]
mod tests;
