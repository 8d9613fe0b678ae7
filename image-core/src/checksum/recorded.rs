//! The MD5 sums that libisofs records, of the session and of every file: made together, because the bytes of a file are bytes
//! of the session too.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::files::Extent;
use super::md5::{BLOCK, INITIAL, State, compress, finish};
use crate::address::bytes_in;

#[derive(Clone)]
pub(super) struct RecordedSums {
    /// The next byte of the image, but for those in `held`.
    at: u64,
    /// The beginning of a block of MD5 that is not whole yet.
    held: Vec<u8>,
    /// First byte of the session.
    start: u64,
    session: State,
    file: State,
    extents: Arc<[Extent]>,
    done: Vec<[u8; 16]>,
}

impl RecordedSums {
    pub(super) fn new(start: u64, extents: Arc<[Extent]>) -> Self {
        let done = Vec::with_capacity(extents.len());
        let held = Vec::with_capacity(BLOCK);
        Self { at: 0, held, start, session: INITIAL, file: INITIAL, extents, done }
    }

    /// Takes the next bytes of the image.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        let mut bytes = bytes;
        if !self.held.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK - self.held.len()));
            self.held.extend_from_slice(now);
            if self.held.len() < BLOCK {
                return;
            }
            let held = core::mem::take(&mut self.held);
            self.whole_blocks(&held);
            bytes = later;
        }
        let (blocks, rest) = bytes.split_at(bytes.len() / BLOCK * BLOCK);
        self.whole_blocks(blocks);
        self.held.extend_from_slice(rest);
    }

    /// Blocks of MD5 begin where blocks of the image do, hence those of a file where those of the session do.
    fn whole_blocks(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            // The end of a file may not have been there when its whole blocks were.
            self.end_file(rest);
            let (take, in_file) = self.next_run(rest.len());
            let (now, later) = rest.split_at(take);
            if in_file {
                let mut pair = [self.session, self.file];
                compress(&mut pair, now);
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
        compress(&mut session, bytes.get(skip..).unwrap_or_default());
        [self.session] = session;
    }

    /// Ends the sum of a file whose whole blocks are behind; `next` begins with what is left of it.
    fn end_file(&mut self, next: &[u8]) {
        let Some(extent) = self.extents.get(self.done.len()).copied() else { return };
        let rest = usize::try_from(extent.len % BLOCK as u64).unwrap_or_default();
        let Some(rest) = next.get(..rest).filter(|_| self.at == extent.whole_end()) else { return };
        self.done.push(finish(self.file, rest, extent.len));
        self.file = INITIAL;
    }

    /// The sum of the session up to here.
    pub(super) fn session(&self) -> [u8; 16] {
        let len = self.at.saturating_sub(self.start) + self.held.len() as u64;
        finish(self.session, &self.held, len)
    }

    /// The sums of the files that are complete.
    pub(super) fn files(&self) -> &[[u8; 16]] {
        &self.done
    }
}
