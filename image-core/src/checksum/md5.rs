//! MD5 of several messages that run side by side over the same bytes. RFC 1321.

use super::algorithm::{Algorithm, BLOCK, Padded};

/// The four words of the buffer. RFC 1321 3.3.
type State = [u32; 4];

/// Rotations of the steps of each round. RFC 1321 3.4.
const ROTATIONS: [[u32; 4]; 4] =
    [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

/// The integer part of 2^32 times the absolute sine of the number of the step. RFC 1321 3.4.
#[rustfmt::skip]
const SINES: [u32; 64] = [
    0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613, 0xfd46_9501,
    0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821,
    0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8,
    0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed, 0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a,
    0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70,
    0x289b_7ec6, 0xeaa1_27fa, 0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665,
    0xf429_2244, 0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1,
    0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1, 0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391,
];

#[derive(Clone, Debug)]
pub(super) enum Md5 {}

impl Algorithm for Md5 {
    type State = State;
    type Sum = [u8; 16];
    const INITIAL: State = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476];

    fn compress<const N: usize>(states: &mut [State; N], bytes: &[u8]) {
        // A constant that the compiler knows would be added last, where the next step waits for it; a number from memory is
        // added first.
        let sines = core::hint::black_box(&SINES);
        let mut now = *states;
        for block in bytes.as_chunks::<BLOCK>().0 {
            let mut words = [0; 16];
            for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0) {
                *word = u32::from_le_bytes(*bytes);
            }
            let before = now;
            round::<N, 0>(&mut now, &words, sines);
            round::<N, 1>(&mut now, &words, sines);
            round::<N, 2>(&mut now, &words, sines);
            round::<N, 3>(&mut now, &words, sines);
            for (word, before) in now.as_flattened_mut().iter_mut().zip(before.as_flattened()) {
                *word = word.wrapping_add(*before);
            }
        }
        *states = now;
    }

    /// RFC 1321 3.1, 3.2, 3.5.
    fn finish(state: State, rest: &[u8], len: u64) -> [u8; 16] {
        let mut states = [state];
        Self::compress(&mut states, Padded::new(rest, len.wrapping_mul(8).to_le_bytes()).bytes());
        let mut sum = [0; 16];
        for (slot, word) in sum.as_chunks_mut::<4>().0.iter_mut().zip(states.as_flattened()) {
            *slot = word.to_le_bytes();
        }
        sum
    }
}

/// One of the four rounds of sixteen steps. RFC 1321 3.4.
///
/// Written out, since a loop would look up places and rotations, and move the words of the buffer around.
#[inline(always)]
fn round<const N: usize, const ROUND: usize>(
    states: &mut [State; N],
    words: &[u32; 16],
    sines: &[u32; 64],
) {
    macro_rules! steps {
        ($($step:literal)*) => { $( step::<N, ROUND, $step>(states, words, sines); )* };
    }
    steps!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
}

#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "a place among 16 words, a step among 64")]
fn step<const N: usize, const ROUND: usize, const STEP: usize>(
    states: &mut [State; N],
    words: &[u32; 16],
    sines: &[u32; 64],
) {
    let place = match ROUND {
        0 => STEP,
        1 => (5 * STEP + 1) % 16,
        2 => (3 * STEP + 5) % 16,
        _ => (7 * STEP) % 16,
    };
    let word = words[place].wrapping_add(sines[16 * ROUND + STEP]);
    let rotation = ROTATIONS[ROUND][STEP % 4];
    for state in states.iter_mut() {
        let [a, b, c, d] = *state;
        let sum = a.wrapping_add(word);
        // What does not wait for `b`, which is the newest, comes first.
        let sum = match ROUND {
            0 => sum.wrapping_add(d ^ (b & (c ^ d))),
            1 => sum.wrapping_add(c & !d).wrapping_add(b & d),
            2 => sum.wrapping_add(b ^ (c ^ d)),
            _ => sum.wrapping_add(c ^ (b | !d)),
        };
        *state = [d, sum.rotate_left(rotation).wrapping_add(b), b, c];
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use ::md5::Digest as _;

    use super::super::algorithm::sum_of;
    use super::*;

    #[test]
    fn sums_are_those_of_everyone() {
        let bytes: Vec<u8> = (0..1000_u32).map(|at| (at * at / 7).to_le_bytes()[0]).collect();
        for len in (0..200).chain(900..1000) {
            let (whole, rest) = bytes[..len].split_at(len / BLOCK * BLOCK);
            let mut states = [Md5::INITIAL; 3];
            states[1] = [1, 2, 3, 4];
            Md5::compress(&mut states, whole);
            let expected: [u8; 16] = ::md5::Md5::digest(&bytes[..len]).into();
            assert_eq!(sum_of::<Md5>(&bytes[..len]), expected, "{len}");
            for state in [states[0], states[2]] {
                assert_eq!(Md5::finish(state, rest, len as u64), expected, "{len}");
            }
            assert!(whole.is_empty() || states[1] != states[0]);
        }
    }
}
