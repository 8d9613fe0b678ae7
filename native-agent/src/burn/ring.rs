//! The bounded buffer between the source of an image and the drive: a thread reads ahead, the burn takes.
//!
//! A fixed number of chunks goes round, so the memory in use is what was asked for and nothing is allocated while the
//! laser is on.

use core::time::Duration;
use std::{
    collections::VecDeque,
    io,
    path::Path,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use crate::{
    mmc::BLOCK,
    scsi::AlignedBuffer,
    source::{ImageSource, SourceError},
};

/// What [`Ring::take`] found.
#[derive(Debug)]
pub(super) enum Taken {
    /// The next chunk, in order.
    Chunk(AlignedBuffer),
    /// None came within the time allowed.
    Pending,
    /// The source failed; what it gave before was taken.
    Failed(SourceError),
    /// Everything was taken.
    End,
}

#[derive(Debug)]
struct State {
    filled: VecDeque<AlignedBuffer>,
    free: Vec<AlignedBuffer>,
    end: Option<Result<(), SourceError>>,
    closed: bool,
}

/// Chunks between a reader and a writer.
#[derive(Debug)]
pub(super) struct Ring {
    state: Mutex<State>,
    changed: Condvar,
    chunks: usize,
    chunk_blocks: u16,
    total: u32,
    padded: u32,
}

impl Ring {
    /// Room for about `bytes`, but not more than an image of `total` blocks, filled up with zeros to `padded`, needs, and
    /// at least two chunks.
    pub(super) fn new(bytes: usize, chunk_blocks: u16, total: u32, padded: u32) -> Self {
        let chunk_len = usize::from(chunk_blocks) * BLOCK;
        let needed = padded.div_ceil(u32::from(chunk_blocks)) as usize;
        let chunks = (bytes / chunk_len).min(needed).max(2);
        let free = (0..chunks).map(|_| AlignedBuffer::new(chunk_len)).collect();
        let state =
            State { filled: VecDeque::with_capacity(chunks), free, end: None, closed: false };
        Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
            chunks,
            chunk_blocks,
            total,
            padded,
        }
    }

    /// Reads the source from start to end into the ring; returns when all is read, the source fails, or the ring is
    /// closed. What follows the image is zeros.
    pub(super) fn fill_from(&self, source: &mut dyn ImageSource) {
        let _ending = Ending(self);
        let mut lba = 0;
        while lba < self.padded {
            let Some(mut chunk) = self.take_free() else { return };
            let blocks = u32::from(self.chunk_blocks).min(self.padded - lba);
            let of_image = blocks.min(self.total.saturating_sub(lba));
            let (image, rest) = chunk.split_at_mut(of_image as usize * BLOCK);
            rest.fill(0);
            if !image.is_empty()
                && let Err(error) = source.read(lba, image)
            {
                return self.finish(Err(error));
            }
            lba += blocks;
            self.lock().filled.push_back(chunk);
            self.changed.notify_all();
        }
        self.finish(Ok(()));
    }

    /// Waits for the next chunk, at most this long.
    pub(super) fn take(&self, patience: Duration) -> Taken {
        let state = self.lock();
        let waits = |state: &mut State| state.filled.is_empty() && state.end.is_none();
        let (mut state, _) = self
            .changed
            .wait_timeout_while(state, patience, waits)
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(chunk) = state.filled.pop_front() {
            return Taken::Chunk(chunk);
        }
        match state.end.take() {
            None => Taken::Pending,
            Some(Err(error)) => Taken::Failed(error),
            Some(Ok(())) => {
                state.end = Some(Ok(()));
                Taken::End
            }
        }
    }

    /// Gives a chunk back to be filled again.
    pub(super) fn give_back(&self, chunk: AlignedBuffer) {
        self.lock().free.push(chunk);
        self.changed.notify_all();
    }

    /// Whether writing may begin: the ring is full, or there is no more to come.
    pub(super) fn is_primed(&self) -> bool {
        let state = self.lock();
        state.end.is_some() || state.filled.len() == self.chunks
    }

    /// How full it is, 0 to 100; full once everything is read.
    pub(super) fn percent(&self) -> u8 {
        let state = self.lock();
        if matches!(state.end, Some(Ok(()))) {
            return 100;
        }
        (state.filled.len() * 100 / self.chunks) as u8
    }

    /// Makes the reader stop, at the latest when what is returned goes away.
    pub(super) const fn closing(&self) -> Closing<'_> {
        Closing(self)
    }

    fn take_free(&self) -> Option<AlignedBuffer> {
        let waits = |state: &mut State| state.free.is_empty() && !state.closed;
        let mut state =
            self.changed.wait_while(self.lock(), waits).unwrap_or_else(PoisonError::into_inner);
        if state.closed { None } else { state.free.pop() }
    }

    fn finish(&self, end: Result<(), SourceError>) {
        self.lock().end = Some(end);
        self.changed.notify_all();
    }

    /// A reader that panicked leaves the state whole: it changes by single pushes and pops.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the reader stop, whatever becomes of whoever takes what it reads.
#[derive(Debug)]
pub(super) struct Closing<'a>(&'a Ring);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.changed.notify_all();
    }
}

/// Tells whoever waits for more that a reader that panicked gives none.
struct Ending<'a>(&'a Ring);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let what = io::Error::other("reading it ended in a way that nobody foresaw");
            self.0.finish(Err(SourceError::io(Path::new("the image"), what)));
        }
    }
}
