//! One running sum.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::algorithm::{Running, sum_of};
use super::implant::Implanted;
use super::md5::Md5;
use super::pair::{PairSums, extents};
use super::sha256::Sha256;
use super::{Due, Patch, What};
use crate::address::bytes_in;
use crate::layout::MD5_LEN;
use crate::plan::Plan;

/// One of the sums that a [`super::Recorder`] makes, fed on its own.
#[derive(Clone)]
pub struct Lane {
    at: u64,
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    /// MD5 of the session and of the files.
    Recorded(PairSums<Md5>),
    Implant(Implanted),
    /// SHA-256 of the files, and of the image where it is wanted and what is implanted is known.
    Sha256 {
        sums: PairSums<Sha256>,
        of_image: bool,
    },
}

/// Whether what is implanted in the image is known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    No,
    Yes,
}

/// What a lane has to say about blocks that are due.
#[derive(Clone, Debug)]
pub struct SoFar(State);

#[derive(Clone, Debug)]
enum State {
    Recorded { session: [u8; 16], files: Vec<[u8; 16]> },
    Nothing,
}

impl SoFar {
    /// The sum of the session, and those of the files where they are due.
    pub(super) fn recorded(&self) -> Option<([u8; 16], &[[u8; 16]])> {
        match &self.0 {
            State::Recorded { session, files } => Some((*session, files)),
            State::Nothing => None,
        }
    }
}

/// What a lane has found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum LaneSum {
    /// SHA-256 of what was wanted and could be made.
    Sha256 {
        /// Of the image.
        image: Option<[u8; 32]>,
        /// Of every extent of file data, by address.
        files: Vec<[u8; 32]>,
    },
    /// What goes into the volume descriptor.
    Implant(Patch),
    /// All it had to say is in the image.
    Recorded,
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Recorded(_) => "MD5 of session and files",
            Kind::Implant(_) => "implanted MD5",
            Kind::Sha256 { .. } => "SHA-256 of image and files",
        };
        write!(f, "Lane({kind} at {})", self.at)
    }
}

impl Lane {
    /// What is to be recorded in the image.
    pub(super) fn recorded(plan: &Plan) -> impl Iterator<Item = Self> {
        let recorded = plan.content.checksums.map(|layout| {
            let start = bytes_in(layout.start().0);
            Self::new(Kind::Recorded(PairSums::new(first_byte(plan), start, extents(plan))))
        });
        let implants = plan.options().checksums.isomd5;
        let implant = implants.then(|| Self::new(Kind::Implant(Implanted::new(plan))));
        recorded.into_iter().chain(implant)
    }

    /// What is only told.
    pub(super) fn told(plan: &Plan, implanted: Known) -> impl Iterator<Item = Self> {
        let wanted = plan.options().checksums;
        let of_image = wanted.sha256 && implanted == Known::Yes;
        let files = if wanted.sha256_files { extents(plan) } else { Arc::default() };
        let first = first_byte(plan);
        let lane =
            || Self::new(Kind::Sha256 { sums: PairSums::new(first, first, files), of_image });
        (of_image || wanted.sha256_files).then(lane).into_iter()
    }

    const fn new(kind: Kind) -> Self {
        Self { at: 0, kind }
    }

    /// Takes the next bytes of the image.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.kind {
            Kind::Recorded(sums) => sums.update(bytes),
            Kind::Implant(implanted) => implanted.update(bytes),
            Kind::Sha256 { sums, .. } => sums.update(bytes),
        }
        self.at += bytes.len() as u64;
    }

    /// What it has to say about blocks that are due, having been fed all that is before them.
    #[must_use]
    pub fn so_far(&self, due: Due) -> SoFar {
        SoFar(match &self.kind {
            Kind::Recorded(sums) => {
                let files = if due.what == What::Array { sums.files() } else { &[] };
                State::Recorded { session: sums.session(), files: files.to_vec() }
            }
            _ => State::Nothing,
        })
    }

    /// What it has found, having been fed the whole image.
    #[must_use]
    pub fn finish(self) -> LaneSum {
        match self.kind {
            Kind::Recorded(_) => LaneSum::Recorded,
            Kind::Implant(implanted) => LaneSum::Implant(implanted.finish()),
            Kind::Sha256 { sums, of_image } => LaneSum::Sha256 {
                image: of_image.then(|| sums.session()),
                files: sums.into_files(),
            },
        }
    }
}

/// Where the image begins on the disc, which addresses count from: 0, but for a further session.
fn first_byte(plan: &Plan) -> u64 {
    bytes_in(plan.start().0)
}

/// The array of MD5 sums: the session, the files, an empty one, and all of these. libisofs, `doc/checksums.txt`.
pub(super) fn render_array(session: [u8; 16], files: &[[u8; 16]], count: u32, out: &mut [u8]) {
    let empty = sum_of::<Md5>(&[]);
    let sums = core::iter::once(&session).chain(files).chain(core::iter::once(&empty));
    let mut all = Running::<Md5>::new();
    let (slots, _) = out.as_chunks_mut::<{ MD5_LEN as usize }>();
    let mut slots = slots.iter_mut().take(count as usize);
    for sum in sums {
        all.update(sum);
        if let Some(slot) = slots.next() {
            *slot = *sum;
        }
    }
    if let Some(slot) = slots.next() {
        *slot = all.sum();
    }
}

/// SHA-256 of bytes at hand.
pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    sum_of::<Sha256>(bytes)
}
