//! One running sum.

use alloc::vec::Vec;
use core::fmt;

use ::md5::{Digest as _, Md5};
use sha2::Sha256;

use super::files::{FileSums, extents};
use super::implant::Implanted;
use super::recorded::RecordedSums;
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
    Recorded(RecordedSums),
    Implant(Implanted),
    Image(Sha256),
    FilesSha256(FileSums<Sha256>),
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
    /// SHA-256 of the image.
    Image([u8; 32]),
    /// SHA-256 of every extent of file data, by address.
    Files(Vec<[u8; 32]>),
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
            Kind::Image(_) => "SHA-256 of the image",
            Kind::FilesSha256(_) => "SHA-256 of files",
        };
        write!(f, "Lane({kind} at {})", self.at)
    }
}

impl Lane {
    /// Every sum that a plan asks for and that can be made, given whether what is implanted is known.
    pub(super) fn all(plan: &Plan, implanted: bool) -> Vec<Self> {
        let wanted = plan.options().checksums;
        let mut kinds = Vec::new();
        let files = extents(plan);
        if let Some(layout) = plan.content.checksums {
            let start = bytes_in(layout.start().0);
            kinds.push(Kind::Recorded(RecordedSums::new(start, files.clone())));
        }
        let implants = wanted.isomd5 && !implanted;
        if implants {
            kinds.push(Kind::Implant(Implanted::new(plan)));
        }
        if wanted.sha256 && !implants {
            kinds.push(Kind::Image(Sha256::new()));
        }
        if wanted.sha256 {
            kinds.push(Kind::FilesSha256(FileSums::new(files)));
        }
        kinds.into_iter().map(|kind| Self { at: 0, kind }).collect()
    }

    /// Takes the next bytes of the image.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.kind {
            Kind::Recorded(sums) => sums.update(bytes),
            Kind::FilesSha256(sums) => sums.update(self.at, bytes),
            Kind::Implant(implanted) => implanted.update(bytes),
            Kind::Image(running) => running.update(bytes),
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
            Kind::Image(running) => LaneSum::Image(running.finalize().into()),
            Kind::FilesSha256(sums) => {
                LaneSum::Files(sums.done().iter().map(|sum| (*sum).into()).collect())
            }
        }
    }
}

/// The array of MD5 sums: the session, the files, an empty one, and all of these. libisofs, `doc/checksums.txt`.
pub(super) fn render_array(session: [u8; 16], files: &[[u8; 16]], count: u32, out: &mut [u8]) {
    let empty: [u8; 16] = Md5::digest([]).into();
    let sums = core::iter::once(&session).chain(files).chain(core::iter::once(&empty));
    let mut all = Md5::new();
    let (slots, _) = out.as_chunks_mut::<{ MD5_LEN as usize }>();
    let mut slots = slots.iter_mut().take(count as usize);
    for sum in sums {
        all.update(sum);
        if let Some(slot) = slots.next() {
            *slot = *sum;
        }
    }
    if let Some(slot) = slots.next() {
        *slot = all.finalize().into();
    }
}

/// SHA-256 of bytes at hand.
pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
