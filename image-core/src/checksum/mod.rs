//! Checksums, made while an image is written, in one pass over its bytes.
//!
//! The plan has left room for what is recorded ([`crate::ChecksumOptions`]). A [`Recorder`] is fed the bytes of the image in
//! order; where blocks of sums come due it says so, and renders them from what it was fed:
//!
//! ```
//! use image_core::{ChecksumOptions, Options, Tree, checksum::Recorder};
//!
//! let checksums = ChecksumOptions { md5: true, ..ChecksumOptions::default() };
//! let plan = image_core::plan(Tree::new(), &Options { checksums, ..Options::default() })?;
//! let mut recorder = Recorder::new(&plan);
//! for segment in plan.segments() {
//!     let mut bytes = vec![0; segment.len() as usize];
//!     if let image_core::Segment::Metadata { start, .. } = segment {
//!         match recorder.due() {
//!             Some(due) => recorder.render(due, &mut bytes),
//!             None => plan.render(start, &mut bytes),
//!         }
//!     }
//!     recorder.update(&bytes);
//! }
//! let sums = recorder.finish();
//! # Ok::<(), image_core::PlanError>(())
//! ```
//!
//! Each sum is a [`Lane`] of its own: [`Recorder::split`] gives them away, to be fed by as many threads.

mod algorithm;
mod implant;
mod lane;
mod md5;
mod pair;
mod sha256;
mod tag;

use alloc::vec::Vec;

use crate::BLOCK_SIZE;
use crate::address::{Lba, bytes_in};
use crate::layout::{ChecksumLayout, MD5_LEN};
use crate::plan::Plan;
use crate::tree::{Kind, NodeId};
use lane::Known;
pub use lane::{Lane, LaneSum, SoFar};
use tag::Tag;
pub use tag::is_superblock_tag;

/// Blocks of sums that come next in the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The first of them.
    pub start: Lba,
    /// How many there are.
    pub blocks: u32,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Tag(Tag),
    Array,
}

/// Where in an image blocks of sums come due, and how they are rendered.
#[derive(Clone, Debug, Default)]
pub struct Schedule {
    layout: ChecksumLayout,
    due: Vec<Due>,
}

impl Schedule {
    fn new(plan: &Plan) -> Self {
        let Some(layout) = plan.content.checksums else { return Self::default() };
        let tag = |tag, start| Due { start, blocks: 1, what: What::Tag(tag) };
        let array = Due { start: layout.array, blocks: layout.array_blocks(), what: What::Array };
        let due = if layout.tags {
            alloc::vec![
                tag(Tag::Superblock, layout.superblock),
                tag(Tag::Tree, layout.tree),
                array,
                tag(Tag::Session, layout.session),
            ]
        } else {
            alloc::vec![array]
        };
        Self { layout, due }
    }

    /// The blocks of sums that begin at this byte of the image, if any do.
    #[must_use]
    pub fn at(&self, byte: u64) -> Option<Due> {
        self.due.iter().copied().find(|due| bytes_in(due.start.0) == byte)
    }

    /// Renders blocks that are due into `out`, which has room for them, from what all the lanes say, in any order.
    pub fn render(&self, due: Due, so_far: &[SoFar], out: &mut [u8]) {
        out.fill(0);
        let (session, files) = so_far.iter().find_map(SoFar::recorded).unwrap_or_default();
        match due.what {
            What::Tag(tag) => tag.render(&self.layout, session, out),
            What::Array => lane::render_array(session, files, self.layout.count(), out),
        }
    }
}

/// Bytes that go over what is in the image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// Where they go, in bytes from the start of the image.
    pub offset: u64,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Patch {
    /// Puts into `out`, which is the image from block `start` on, what of the bytes lies in it.
    pub fn apply(&self, start: Lba, out: &mut [u8]) {
        let start = bytes_in(start.0);
        let skip = usize::try_from(start.saturating_sub(self.offset)).unwrap_or(usize::MAX);
        let at = usize::try_from(self.offset.saturating_sub(start)).unwrap_or(usize::MAX);
        let slots = out.get_mut(at..).unwrap_or_default();
        for (slot, byte) in slots.iter_mut().zip(self.bytes.get(skip..).unwrap_or_default()) {
            *slot = *byte;
        }
    }
}

/// Makes all sums that a plan asks for.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    schedule: Schedule,
    lanes: Vec<Lane>,
    at: u64,
}

impl Recorder {
    /// A recorder at the first byte of the image.
    ///
    /// With an implanted sum, which is known last, SHA-256 of the image is not: see [`Self::with_implant`].
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let implanted = if plan.options().checksums.isomd5 { Known::No } else { Known::Yes };
        Self::over(plan, Lane::recorded(plan).chain(Lane::told(plan, implanted)))
    }

    /// A recorder for what is to be in the image and nothing else, before an image is written that has it all.
    #[must_use]
    pub fn for_implant(plan: &Plan) -> Self {
        Self::over(plan, Lane::recorded(plan))
    }

    /// A recorder for an image that is fed with [`Sums::implant`] and the blocks of sums in their places, known from a pass
    /// before: these do not come due again.
    #[must_use]
    pub fn with_implant(plan: &Plan) -> Self {
        Self { lanes: Lane::told(plan, Known::Yes).collect(), ..Self::default() }
    }

    fn over(plan: &Plan, lanes: impl Iterator<Item = Lane>) -> Self {
        Self { schedule: Schedule::new(plan), lanes: lanes.collect(), at: 0 }
    }

    /// Whether any sum is made.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.lanes.is_empty()
    }

    /// Takes the next bytes of the image.
    pub fn update(&mut self, bytes: &[u8]) {
        for lane in &mut self.lanes {
            lane.update(bytes);
        }
        self.at += bytes.len() as u64;
    }

    /// The blocks of sums that come next, if they do: [`Self::render`] them and feed them in turn.
    #[must_use]
    pub fn due(&self) -> Option<Due> {
        self.schedule.at(self.at)
    }

    /// Renders blocks that are due into `out`, which has room for them.
    pub fn render(&self, due: Due, out: &mut [u8]) {
        let so_far: Vec<SoFar> = self.lanes.iter().map(|lane| lane.so_far(due)).collect();
        self.schedule.render(due, &so_far, out);
    }

    /// Where sums come due, and each sum on its own: all lanes are fed the whole image.
    #[must_use]
    pub fn split(self) -> (Schedule, Vec<Lane>) {
        (self.schedule, self.lanes)
    }

    /// The sums, once the whole image was fed.
    #[must_use]
    pub fn finish(self) -> Sums {
        Sums::collect(self.lanes.into_iter().map(Lane::finish))
    }
}

/// What is known when the image is complete.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// SHA-256 of the image as it was fed.
    pub image_sha256: Option<[u8; 32]>,
    /// What has to be written into the volume descriptor now.
    pub implant: Option<Patch>,
    /// By the order of addresses.
    files_sha256: Vec<[u8; 32]>,
}

impl Sums {
    /// Puts together what the lanes have found.
    pub fn collect(lanes: impl IntoIterator<Item = LaneSum>) -> Self {
        let mut sums = Self::default();
        for lane in lanes {
            match lane {
                LaneSum::Sha256 { image, files } => {
                    (sums.image_sha256, sums.files_sha256) = (image, files);
                }
                LaneSum::Implant(implant) => sums.implant = Some(implant),
                LaneSum::Recorded => {}
            }
        }
        sums
    }

    /// SHA-256 of a file's bytes as they were fed; `None` for what is no file, for a file that an earlier session has and this
    /// one refers to, or when the plan did not ask for it.
    #[must_use]
    pub fn file_sha256(&self, plan: &Plan, node: NodeId) -> Option<[u8; 32]> {
        if !plan.options().checksums.sha256_files {
            return None;
        }
        match plan.tree().kind(node) {
            Kind::File { len: 0, .. } => Some(lane::sha256(&[])),
            Kind::File { .. } => {
                let item = plan.content.catalog.item_of(node)?;
                if plan.content.is_embedded(item) {
                    return plan.content.bytes(item).map(|bytes| lane::sha256(&bytes));
                }
                self.files_sha256.get(plan.content.ordinal(item)?).copied()
            }
            _ => None,
        }
    }
}

const _: () = assert!(BLOCK_SIZE.is_multiple_of(MD5_LEN as usize));

#[cfg(test)]
mod tests;
