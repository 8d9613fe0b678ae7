//! SHA-256 of several messages that run side by side over the same bytes. FIPS 180-4 6.2.

use sha2::block_api::compress256;

use super::algorithm::{Algorithm, BLOCK, Padded};

#[derive(Clone, Debug)]
pub(super) enum Sha256 {}

impl Algorithm for Sha256 {
    /// The eight words of the hash value.
    type State = [u32; 8];
    type Sum = [u8; 32];
    /// FIPS 180-4 5.3.3.
    const INITIAL: Self::State = [
        0x6a09_e667,
        0xbb67_ae85,
        0x3c6e_f372,
        0xa54f_f53a,
        0x510e_527f,
        0x9b05_688c,
        0x1f83_d9ab,
        0x5be0_cd19,
    ];

    /// Block by block in turn: a processor that works ahead then has two of them in hand.
    fn compress<const N: usize>(states: &mut [Self::State; N], bytes: &[u8]) {
        let (blocks, _) = bytes.as_chunks::<BLOCK>();
        if let [state] = states.as_mut_slice() {
            return compress256(state, blocks);
        }
        for block in blocks {
            for state in states.iter_mut() {
                compress256(state, core::slice::from_ref(block));
            }
        }
    }

    fn finish(state: Self::State, rest: &[u8], len: u64) -> Self::Sum {
        let mut states = [state];
        Self::compress(&mut states, Padded::new(rest, len.wrapping_mul(8).to_be_bytes()).bytes());
        let mut sum = [0; 32];
        for (slot, word) in sum.as_chunks_mut::<4>().0.iter_mut().zip(states.as_flattened()) {
            *slot = word.to_be_bytes();
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use sha2::Digest as _;

    use super::super::algorithm::sum_of;
    use super::*;

    #[test]
    fn sums_are_those_of_everyone() {
        let bytes: Vec<u8> = (0..1000_u32).map(|at| (at * at / 7).to_le_bytes()[0]).collect();
        for len in (0..200).chain(900..1000) {
            let expected: [u8; 32] = sha2::Sha256::digest(&bytes[..len]).into();
            assert_eq!(sum_of::<Sha256>(&bytes[..len]), expected, "{len}");
            let (whole, rest) = bytes[..len].split_at(len / BLOCK * BLOCK);
            let mut pair = [Sha256::INITIAL, [1, 2, 3, 4, 5, 6, 7, 8]];
            Sha256::compress(&mut pair, whole);
            assert_eq!(Sha256::finish(pair[0], rest, len as u64), expected, "{len}");
            let mut other = [[1, 2, 3, 4, 5, 6, 7, 8]];
            Sha256::compress(&mut other, whole);
            assert_eq!(pair[1], other[0]);
        }
    }
}
