//! What MD5 and SHA-256 have in common, and sums that are fed piece by piece.
//!
//! Each step of such a sum waits for the one before, so that a processor has time for a second sum of the same block between
//! them: two sums take much less than twice as long as one. A sum of the whole image and one of the file that the bytes
//! belong to are such a pair.

use alloc::vec::Vec;

/// Bytes of a block of the message. RFC 1321 3.4, FIPS 180-4 5.2.1.
pub(super) const BLOCK: usize = 64;

pub(super) trait Algorithm {
    /// What has been taken in.
    type State: Copy;
    type Sum: Copy;
    const INITIAL: Self::State;

    /// Takes whole blocks into all states.
    fn compress<const N: usize>(states: &mut [Self::State; N], bytes: &[u8]);

    /// The sum of a message of `len` bytes, of which `state` has taken the whole blocks and `rest` is what is left.
    fn finish(state: Self::State, rest: &[u8], len: u64) -> Self::Sum;
}

/// What is left of a message with its padding: a one bit, zeros, and room for the length in bits that ends the last block.
/// RFC 1321 3.1, FIPS 180-4 5.1.1.
pub(super) struct Padded {
    blocks: [u8; 2 * BLOCK],
    len: usize,
}

impl Padded {
    pub(super) fn new(rest: &[u8], bits: [u8; 8]) -> Self {
        let mut blocks = [0; 2 * BLOCK];
        for (slot, byte) in blocks.iter_mut().zip(rest.iter().chain(&[0x80])) {
            *slot = *byte;
        }
        let len = if rest.len() < BLOCK - bits.len() { BLOCK } else { 2 * BLOCK };
        let mut padded = Self { blocks, len };
        if let Some(slot) = padded.blocks.get_mut(..len).and_then(<[u8]>::last_chunk_mut) {
            *slot = bits;
        }
        padded
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.blocks.get(..self.len).unwrap_or_default()
    }
}

/// The beginning of a block that is not whole yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Held(Vec<u8>);

impl Held {
    /// Adds bytes, gives away what whole blocks there are, and keeps the rest.
    pub(super) fn feed(&mut self, bytes: &[u8], mut take: impl FnMut(&[u8])) {
        let mut bytes = bytes;
        if !self.0.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK - self.0.len()));
            self.0.extend_from_slice(now);
            if self.0.len() < BLOCK {
                return;
            }
            take(&self.0);
            self.0.clear();
            bytes = later;
        }
        let (blocks, rest) = bytes.split_at(bytes.len() / BLOCK * BLOCK);
        if !blocks.is_empty() {
            take(blocks);
        }
        self.0.extend_from_slice(rest);
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// One sum on its own.
#[derive(Clone, Debug)]
pub(super) struct Running<A: Algorithm> {
    state: A::State,
    held: Held,
    len: u64,
}

impl<A: Algorithm> Running<A> {
    pub(super) fn new() -> Self {
        Self { state: A::INITIAL, held: Held::default(), len: 0 }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        let mut states = [self.state];
        self.held.feed(bytes, |blocks| A::compress(&mut states, blocks));
        [self.state] = states;
        self.len += bytes.len() as u64;
    }

    /// The sum of all bytes so far.
    pub(super) fn sum(&self) -> A::Sum {
        A::finish(self.state, self.held.bytes(), self.len)
    }
}

/// The sum of bytes at hand.
pub(super) fn sum_of<A: Algorithm>(bytes: &[u8]) -> A::Sum {
    let mut running = Running::<A>::new();
    running.update(bytes);
    running.sum()
}
