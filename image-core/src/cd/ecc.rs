//! The Reed-Solomon product code of a sector: P and Q parities. ECMA-130 14.5, 14.6, annex A.
//!
//! The bytes from the header on are 1118 words of two bytes, and the low bytes and the high bytes are coded alike. As a
//! matrix of 26 rows of 43 words, its columns have P parities in the last two rows; its diagonals, parities included, have Q
//! parities behind the matrix.

use super::RAW_SECTOR;

/// Where the first word of the code lies: the header. ECMA-130 A.1.
const FIRST: usize = 12;
/// Words of a row, and so P vectors.
const COLUMNS: usize = 43;
/// Rows of data, above the two of P parities.
const DATA_ROWS: usize = 24;
/// Diagonals, which are Q vectors, and so rows with the two of P parities.
const DIAGONALS: usize = 26;
/// Words before the P and the Q parities.
const P_START: usize = DATA_ROWS * COLUMNS;
const Q_START: usize = DIAGONALS * COLUMNS;

/// The product with the primitive element. The field is made by x^8 + x^4 + x^3 + x^2 + 1. ECMA-130 A.3.
const fn times_alpha(value: u8) -> u8 {
    value << 1 ^ if value & 0x80 != 0 { 0x1d } else { 0 }
}

const fn product(mut left: u8, mut right: u8) -> u8 {
    let mut sum = 0;
    while right != 0 {
        if right & 1 != 0 {
            sum ^= left;
        }
        left = times_alpha(left);
        right >>= 1;
    }
    sum
}

/// What divides by the primitive element plus one.
const INVERSE: u8 = 0xf4;
const _: () = assert!(product(INVERSE, 3) == 1);

/// The two parities of a vector: with them the sum of all bytes, and the sum of all bytes each times the primitive element to
/// the power of its distance from the end, are zero. ECMA-130 A.4.
fn parities(vector: impl Iterator<Item = u8>) -> [u8; 2] {
    let (sum, weighted) =
        vector.fold((0, 0), |(sum, weighted), byte| (sum ^ byte, times_alpha(weighted) ^ byte));
    // Two places further from the end once the parities are there.
    let weighted = times_alpha(times_alpha(weighted));
    let first = product(weighted ^ sum, INVERSE);
    [first, first ^ sum]
}

/// Fills in both parities of a sector that is complete up to them.
pub(super) fn add_parities(sector: &mut [u8; RAW_SECTOR]) {
    for half in 0..2 {
        let at = |word: usize| FIRST + 2 * word + half;
        for column in 0..COLUMNS {
            let words = (0..DATA_ROWS).map(|row| row * COLUMNS + column);
            let pair = parities(words.map(|word| byte(sector, at(word))));
            put(sector, at(P_START + column), pair[0]);
            put(sector, at(P_START + COLUMNS + column), pair[1]);
        }
        for diagonal in 0..DIAGONALS {
            // One row down and one column to the right each time, from the last row to the first.
            let words =
                (0..COLUMNS).map(|step| (diagonal * COLUMNS + step * (COLUMNS + 1)) % Q_START);
            let pair = parities(words.map(|word| byte(sector, at(word))));
            put(sector, at(Q_START + diagonal), pair[0]);
            put(sector, at(Q_START + DIAGONALS + diagonal), pair[1]);
        }
    }
}

fn byte(sector: &[u8; RAW_SECTOR], at: usize) -> u8 {
    sector.get(at).copied().unwrap_or(0)
}

fn put(sector: &mut [u8; RAW_SECTOR], at: usize, value: u8) {
    if let Some(slot) = sector.get_mut(at) {
        *slot = value;
    }
}
