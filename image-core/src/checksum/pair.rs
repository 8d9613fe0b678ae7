//! Sums of the session and of every file, made together, because the bytes of a file are bytes of the session too.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::algorithm::{Algorithm, BLOCK, Held};
use crate::address::{Lba, bytes_in};
use crate::plan::Plan;

/// The data of a file, or of several that share it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    start: Lba,
    len: u64,
}

impl Extent {
    /// The byte of the disc behind its last whole block of the sum.
    const fn whole_end(&self) -> u64 {
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

#[derive(Clone)]
pub(super) struct PairSums<A: Algorithm> {
    held: Held,
    pair: Pair<A>,
}

#[derive(Clone)]
struct Pair<A: Algorithm> {
    /// The next byte of the disc, but for those that are held.
    at: u64,
    /// First byte of the session.
    start: u64,
    session: A::State,
    file: A::State,
    extents: Arc<[Extent]>,
    done: Vec<A::Sum>,
}

impl<A: Algorithm> PairSums<A> {
    /// Sums of what begins at byte `start`, and of the files, of an image whose first byte is `at`.
    pub(super) fn new(at: u64, start: u64, extents: Arc<[Extent]>) -> Self {
        let done = Vec::with_capacity(extents.len());
        let pair = Pair { at, start, session: A::INITIAL, file: A::INITIAL, extents, done };
        Self { held: Held::default(), pair }
    }

    /// Takes the next bytes of the image.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        let pair = &mut self.pair;
        self.held.feed(bytes, |blocks| pair.whole_blocks(blocks));
    }

    /// The sum of the session up to here.
    pub(super) fn session(&self) -> A::Sum {
        let held = self.held.bytes();
        let len = self.pair.at.saturating_sub(self.pair.start) + held.len() as u64;
        A::finish(self.pair.session, held, len)
    }

    /// The sums of the files that are complete.
    pub(super) fn files(&self) -> &[A::Sum] {
        &self.pair.done
    }

    pub(super) fn into_files(self) -> Vec<A::Sum> {
        self.pair.done
    }
}

impl<A: Algorithm> Pair<A> {
    /// Blocks of the sum begin where blocks of the image do, hence those of a file where those of the session do.
    fn whole_blocks(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            // The end of a file may not have been there when its whole blocks were.
            self.end_file(rest);
            let (take, in_file) = self.next_run(rest.len());
            let (now, later) = rest.split_at(take);
            if in_file {
                let mut pair = [self.session, self.file];
                A::compress(&mut pair, now);
                [self.session, self.file] = pair;
            } else {
                self.outside(now);
            }
            self.at += now.len() as u64;
            rest = later;
        }
        self.end_file(rest);
    }

    /// How many of the next bytes, at most `limit`, are of one kind, and whether they are whole blocks of a file.
    fn next_run(&self, limit: usize) -> (usize, bool) {
        let until = |end: u64| usize::try_from(end - self.at).map_or(limit, |len| len.min(limit));
        let Some(extent) = self.extents.get(self.done.len()) else { return (limit, false) };
        let start = bytes_in(extent.start.0);
        if self.at < start { (until(start), false) } else { (until(extent.whole_end()), true) }
    }

    fn outside(&mut self, bytes: &[u8]) {
        let skip = usize::try_from(self.start.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let mut session = [self.session];
        A::compress(&mut session, bytes.get(skip..).unwrap_or_default());
        [self.session] = session;
    }

    /// Ends the sum of a file whose whole blocks are behind; `next` begins with what is left of it.
    fn end_file(&mut self, next: &[u8]) {
        let Some(extent) = self.extents.get(self.done.len()).copied() else { return };
        let rest = usize::try_from(extent.len % BLOCK as u64).unwrap_or_default();
        let Some(rest) = next.get(..rest).filter(|_| self.at == extent.whole_end()) else { return };
        self.done.push(A::finish(self.file, rest, extent.len));
        self.file = A::INITIAL;
    }
}
