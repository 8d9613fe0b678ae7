//! A sum for every extent of file data in an image that comes as one stream of bytes.

use alloc::sync::Arc;
use alloc::vec::Vec;

use sha2::digest::{Digest, Output};

use super::md5::BLOCK;
use crate::address::{Lba, bytes_in};
use crate::plan::Plan;

/// The data of a file, or of several that share it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    pub(super) start: Lba,
    pub(super) len: u64,
}

impl Extent {
    /// The byte of the image behind its last whole block of MD5.
    pub(super) const fn whole_end(&self) -> u64 {
        bytes_in(self.start.0) + (self.len - self.len % BLOCK as u64)
    }
}

/// All extents, by address.
pub(super) fn extents(plan: &Plan) -> Arc<[Extent]> {
    let content = &plan.content;
    let extent = |item: &u32| {
        let (_, len) = content.file(*item)?;
        Some(Extent { start: content.data_of(*item), len })
    };
    content.files.iter().filter_map(extent).collect()
}

/// Makes the sums as the extents go by.
#[derive(Clone)]
pub(super) struct FileSums<D: Digest> {
    extents: Arc<[Extent]>,
    running: D,
    done: Vec<Output<D>>,
}

impl<D: Digest> FileSums<D> {
    pub(super) fn new(extents: Arc<[Extent]>) -> Self {
        let done = Vec::with_capacity(extents.len());
        Self { extents, running: D::new(), done }
    }

    /// Takes bytes of the image that begin at byte `at`.
    pub(super) fn update(&mut self, at: u64, bytes: &[u8]) {
        let mut at = at;
        let mut rest = bytes;
        while let Some(extent) = self.extents.get(self.done.len()).copied() {
            let start = bytes_in(extent.start.0);
            let skip = cut(rest.len(), start.saturating_sub(at));
            let wanted = (start + extent.len).saturating_sub(at + skip as u64);
            let take = cut(rest.len() - skip, wanted);
            let (now, later) = rest.split_at(skip + take);
            self.running.update(now.get(skip..).unwrap_or_default());
            at += now.len() as u64;
            rest = later;
            if at < start + extent.len {
                return;
            }
            let finished = core::mem::replace(&mut self.running, D::new());
            self.done.push(finished.finalize());
        }
    }

    /// The sums of the extents that are complete.
    pub(super) fn done(&self) -> &[Output<D>] {
        &self.done
    }
}

/// The lesser of the two.
fn cut(len: usize, wanted: u64) -> usize {
    usize::try_from(wanted).map_or(len, |wanted| len.min(wanted))
}
