//! Writes a plan over local files, strictly from its first byte to its last.
//!
//! Small files are read straight into the buffer that is written, one after the other, with four system calls each;
//! large ones are copied by the kernel where it can, or share their blocks with the image. Every file is checked to have
//! the length and the time of modification that it was planned with. Checksums are made beside the writing, by threads of
//! their own. Under its final name an image is either whole or not there: see [`draft`].

mod clone;
mod draft;
mod error;
mod hashing;
mod input;
mod output;
mod pass;

use core::sync::atomic::{AtomicBool, Ordering};
use std::{
    fs::File,
    io::{self, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use image_core::{
    Plan, SourceId, bytes_in,
    checksum::{Patch, Sums},
    session::Piece,
};

use super::{SourceError, image_file::ImageFile, local::LocalFiles};
pub(crate) use draft::Draft;
pub use error::WriteError;
use input::Inputs;
use output::Target;
use pass::Pass;

/// How a write that takes long is watched and stopped.
#[expect(missing_debug_implementations, reason = "a closure has nothing to show")]
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Called with the number of bytes written so far, every now and then.
    pub progress: &'a dyn Fn(u64),
    /// Set from elsewhere to stop; the write then fails with [`WriteError::Cancelled`].
    pub cancelled: &'a AtomicBool,
}

/// Whether large files share their blocks with an image on the same file system. Btrfs and XFS can do that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reflink {
    /// Where it is possible; the others are copied.
    #[default]
    Auto,
    /// All that the plan has aligned; one that cannot fails the image.
    Always,
    /// The image has blocks of its own.
    Never,
}

/// Whether all files can be opened, and are what they were: for what cannot be taken back once it has begun.
///
/// # Errors
/// See [`WriteError`]: the first that cannot, or that it was stopped.
pub fn check_readable(files: &LocalFiles, cancelled: &AtomicBool) -> Result<(), WriteError> {
    let mut inputs = Inputs::new(files);
    for source in 0..u32::try_from(files.len()).unwrap_or(u32::MAX) {
        if cancelled.load(Ordering::Relaxed) {
            return Err(WriteError::Cancelled);
        }
        let input = inputs.open(SourceId(source))?;
        inputs.check_unchanged(&input)?;
    }
    Ok(())
}

/// Writes the image of `plan` to a file, in place of what is there, and makes the checksums that the plan asks for.
///
/// A device or pipe at `path` is written to as it is.
///
/// # Errors
/// See [`WriteError`]; what was at `path` before is then still there.
pub fn write_file(
    plan: &Plan,
    files: &LocalFiles,
    path: &Path,
    reflink: Reflink,
    watch: Watch<'_>,
) -> Result<Sums, WriteError> {
    let failed = |source| WriteError::Output { path: path.to_path_buf(), source };
    if path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        let file = File::options().write(true).open(path).map_err(failed)?;
        return write_stream(plan, files, &file, path, watch);
    }
    let draft = Draft::create(path, plan.size_bytes())?;
    let target = Target::Draft { file: draft.file(), reflink };
    let known = if implants_first(plan) { known(plan, files, path, watch)? } else { Vec::new() };
    let mut pass = Pass::new(plan, files, target, path, watch);
    if !known.is_empty() {
        pass = pass.knowing(&known);
    }
    let mut sums = pass.run()?;
    if let Some(patch) = sums.implant.take() {
        write_at(draft.file(), patch.offset, &patch.bytes).map_err(failed)?;
    }
    draft.publish().map_err(failed)?;
    Ok(sums)
}

/// Writes the image `base` and, behind it, the further session that `plan` is, to a file in place of what is there; that may be
/// `base` itself, which must be what it was when the session was laid out. `head` goes to its start: see [`Plan::head`].
///
/// # Errors
/// See [`WriteError`]; what was at `path` before is then still there.
pub fn grow_file(
    (base, head): (&ImageFile, &[Piece]),
    plan: &Plan,
    files: &LocalFiles,
    path: &Path,
    reflink: Reflink,
    watch: Watch<'_>,
) -> Result<Sums, WriteError> {
    let failed = |source| WriteError::Output { path: path.to_path_buf(), source };
    let read = |source| WriteError::Source(SourceError::io(base.path(), source));
    let start = bytes_in(plan.start().0);
    let mut from = base.file();
    from.seek(SeekFrom::Start(0)).map_err(read)?;
    let draft = Draft::create(path, start + plan.size_bytes())?;
    let mut file = draft.file();
    io::copy(&mut from, &mut file).map_err(failed)?;
    base.check_unchanged()?;
    file.set_len(start).and_then(|()| file.seek(SeekFrom::Start(start))).map_err(failed)?;
    let target = Target::Draft { file, reflink };
    let sums = Pass::new(plan, files, target, path, watch).run()?;
    for Piece { start, bytes } in head {
        write_at(file, bytes_in(start.0), bytes).map_err(failed)?;
    }
    draft.publish().map_err(failed)?;
    Ok(sums)
}

/// Writes the image of `plan` to an open file, pipe or terminal; `name` is what errors call it. An implanted checksum
/// takes a pass over all files before the first byte is written.
///
/// # Errors
/// See [`WriteError`].
pub fn write_stream(
    plan: &Plan,
    files: &LocalFiles,
    file: &File,
    name: &Path,
    watch: Watch<'_>,
) -> Result<Sums, WriteError> {
    let pass = Pass::new(plan, files, Target::Stream(file), name, watch);
    if !plan.options().checksums.isomd5 {
        return pass.run();
    }
    let known = known(plan, files, name, watch)?;
    pass.knowing(&known).run()
}

/// What a plan leaves to be filled in: the blocks of checksums, and what is implanted; and the sums themselves. Reads all
/// files once.
///
/// # Errors
/// See [`WriteError`].
pub fn checksums(
    plan: &Plan,
    files: &LocalFiles,
    watch: Watch<'_>,
) -> Result<(Vec<Patch>, Sums), WriteError> {
    let mut patches = Vec::new();
    if !plan.options().checksums.any() {
        return Ok((patches, Sums::default()));
    }
    let pass = Pass::new(plan, files, Target::Nowhere, Path::new("the checksums"), watch);
    let mut sums = pass.kept_in(&mut patches).run()?;
    patches.extend(sums.implant.take());
    Ok((patches, sums))
}

/// Whether what is implanted has to be known before the image is written: SHA-256 is of the image with it.
const fn implants_first(plan: &Plan) -> bool {
    let wanted = plan.options().checksums;
    wanted.isomd5 && wanted.sha256
}

/// What the image is going to hold, before it is written with an implanted sum.
fn known(
    plan: &Plan,
    files: &LocalFiles,
    name: &Path,
    watch: Watch<'_>,
) -> Result<Vec<Patch>, WriteError> {
    let mut patches = Vec::new();
    let quiet = Watch { progress: &|_| {}, ..watch };
    let pass = Pass::new(plan, files, Target::Nowhere, name, quiet);
    let sums = pass.for_implant().kept_in(&mut patches).run()?;
    patches.extend(sums.implant);
    Ok(patches)
}

fn write_at(mut file: &File, offset: u64, bytes: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(bytes)
}

#[cfg(test)]
mod tests;
