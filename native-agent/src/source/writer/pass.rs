//! One pass over the pieces of an image, from its first byte to its last.

use std::path::Path;

use image_core::{
    BLOCK_SIZE, Lba, Plan, Segment, SourceId, bytes_in,
    checksum::{Due, Patch, Recorder, Sums},
};

use super::{
    Reflink, Watch, WriteError,
    hashing::Hashing,
    input::{Input, Inputs},
    output::{Output, Target},
};
use crate::source::local::LocalFiles;

/// Files of this length and more are copied by the kernel where it can.
const KERNEL_COPY: u64 = 256 << 10;

pub(super) struct Pass<'a> {
    plan: &'a Plan,
    inputs: Inputs<'a>,
    output: Output<'a>,
    recorder: Recorder,
    /// Checksums from a pass before.
    known: &'a [Patch],
    /// Gets the blocks of checksums.
    kept: Option<&'a mut Vec<Patch>>,
}

impl<'a> Pass<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        files: &'a LocalFiles,
        target: Target<'a>,
        name: &'a Path,
        watch: Watch<'a>,
    ) -> Self {
        let place = (bytes_in(plan.start().0), plan.size_bytes());
        let output = Output::new(target, name, place, watch);
        let recorder = Recorder::new(plan);
        Self { plan, inputs: Inputs::new(files), output, recorder, known: &[], kept: None }
    }

    /// Puts checksums into the image that were made before.
    pub(super) fn knowing(mut self, known: &'a [Patch]) -> Self {
        self.recorder = Recorder::with_implant(self.plan);
        self.known = known;
        self
    }

    /// Makes only what is to be in the image.
    pub(super) fn for_implant(mut self) -> Self {
        self.recorder = Recorder::for_implant(self.plan);
        self
    }

    /// Gives the blocks of checksums to the caller too.
    pub(super) fn kept_in(mut self, kept: &'a mut Vec<Patch>) -> Self {
        self.kept = Some(kept);
        self
    }

    pub(super) fn run(mut self) -> Result<Sums, WriteError> {
        self.output.set_hashing(Hashing::new(core::mem::take(&mut self.recorder)));
        for segment in self.plan.segments() {
            match segment {
                Segment::Metadata { start, blocks } => self.metadata(start, blocks)?,
                Segment::Zero { len } => self.output.zeros(len)?,
                Segment::File { source, start, len } => self.copy(source, start, len)?,
            }
        }
        self.output.finish()
    }

    fn metadata(&mut self, start: Lba, blocks: u32) -> Result<(), WriteError> {
        if let Some(due) = self.output.due(start) {
            return self.checksums(due);
        }
        let (mut lba, mut left) = (start, blocks);
        while left > 0 {
            let room = self.output.room(BLOCK_SIZE)?;
            let now = left.min(u32::try_from(room.len() / BLOCK_SIZE).unwrap_or(u32::MAX));
            let bytes = now as usize * BLOCK_SIZE;
            let out = room.get_mut(..bytes).unwrap_or_default();
            self.plan.render(lba, out);
            self.known.iter().for_each(|patch| patch.apply(lba, out));
            self.output.filled(bytes);
            (lba, left) = (lba.plus(now), left - now);
        }
        Ok(())
    }

    fn checksums(&mut self, due: Due) -> Result<(), WriteError> {
        let bytes = self.output.rendered(due)?;
        for part in bytes.chunks(BLOCK_SIZE) {
            let room = self.output.room(BLOCK_SIZE)?;
            room.get_mut(..part.len()).unwrap_or_default().copy_from_slice(part);
            self.output.filled(part.len());
        }
        if let Some(kept) = &mut self.kept {
            kept.push(Patch { offset: bytes_in(due.start.0), bytes });
        }
        Ok(())
    }

    /// Takes the bytes of a file from `start` on into the image.
    fn copy(&mut self, source: SourceId, start: u64, len: u64) -> Result<(), WriteError> {
        let mut input = self.inputs.open(source)?;
        if start > 0 {
            self.inputs.skip(&mut input, start)?;
        }
        if len < KERNEL_COPY {
            let len = usize::try_from(len).unwrap_or(usize::MAX);
            self.copy_small(&mut input, start, len)?;
        } else if !self.share(&mut input, start, len)? {
            self.copy_large(&mut input, start, len)?;
        }
        // Its length alone does not tell: what was read before, for a sum or for its equals, may have been something else.
        self.inputs.check_unchanged(&input).map_err(Into::into)
    }

    /// Reads a file into the buffer, and a byte more if there is one: that tells of a file that grew.
    fn copy_small(&mut self, input: &mut Input, start: u64, len: usize) -> Result<(), WriteError> {
        let room = self.output.room(len + 1)?.get_mut(..=len).unwrap_or_default();
        let mut read = 0;
        while let Some(rest) = room.get_mut(read..).filter(|rest| !rest.is_empty()) {
            match self.inputs.read(input, rest)? {
                0 => break,
                more => read += more,
            }
            // A read that falls short by this one byte has met the end of the file.
            if read == len {
                break;
            }
        }
        if read != len {
            return Err(self.inputs.changed(input, start + read as u64).into());
        }
        self.output.filled(len);
        Ok(())
    }

    fn copy_large(&mut self, input: &mut Input, start: u64, len: u64) -> Result<(), WriteError> {
        let mut done = 0;
        while done < len {
            let copied = match self.output.copy_in_kernel(input.file(), len - done)? {
                Some(copied) => copied,
                None => self.copy_through_buffer(input, len - done)?,
            };
            if copied == 0 {
                return Err(self.inputs.changed(input, start + done).into());
            }
            done += copied;
        }
        Ok(())
    }

    fn copy_through_buffer(&mut self, input: &mut Input, limit: u64) -> Result<u64, WriteError> {
        let room = self.output.whole_buffer()?;
        let len = room.len().min(usize::try_from(limit).unwrap_or(usize::MAX));
        let read = self.inputs.read(input, room.get_mut(..len).unwrap_or_default())?;
        self.output.filled(read);
        Ok(read as u64)
    }

    /// Lets the image share the blocks of a large file; false where it has to be copied.
    fn share(&mut self, input: &mut Input, start: u64, len: u64) -> Result<bool, WriteError> {
        let shared = self.output.share(input.file(), start, len)?;
        let always = self.output.reflink() == Some(Reflink::Always);
        if always && len >= self.plan.options().layout.align_from {
            let from = || self.inputs.path_of(input);
            shared.map_err(|source| self.output.not_shared(from(), source))?;
        } else if shared.is_err() {
            return Ok(false);
        }
        if self.output.is_hashing() {
            self.hash(input, start, len)?;
        }
        Ok(true)
    }

    /// Reads what is in the image already.
    fn hash(&mut self, input: &mut Input, start: u64, len: u64) -> Result<(), WriteError> {
        let mut done = 0;
        while done < len {
            let read = self.copy_through_buffer(input, len - done)?;
            if read == 0 {
                return Err(self.inputs.changed(input, start + done).into());
            }
            self.output.is_written()?;
            done += read;
        }
        Ok(())
    }
}
