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
/// Bytes of a row.
const ROW: usize = 2 * COLUMNS;
/// Rows of data, above the two of P parities.
const DATA_ROWS: usize = 24;
/// Diagonals, which are Q vectors, and so rows with the two of P parities.
const DIAGONALS: usize = 26;

/// The product with the primitive element. The field is made by x^8 + x^4 + x^3 + x^2 + 1. ECMA-130 A.3.
const fn times_alpha(value: u8) -> u8 {
    (value << 1) ^ (0x1d * (value >> 7))
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

/// Of many vectors side by side the sum of all bytes so far, and the sum of all bytes each times the primitive element to the
/// power of its distance from the last.
struct Sums<const VECTORS: usize> {
    plain: [u8; VECTORS],
    weighted: [u8; VECTORS],
}

impl<const VECTORS: usize> Sums<VECTORS> {
    const fn new() -> Self {
        Self { plain: [0; VECTORS], weighted: [0; VECTORS] }
    }

    /// Takes the next byte of each vector.
    fn add<'a>(&mut self, bytes: impl Iterator<Item = &'a u8>) {
        for ((plain, weighted), byte) in self.plain.iter_mut().zip(&mut self.weighted).zip(bytes) {
            *plain ^= byte;
            *weighted = times_alpha(*weighted) ^ byte;
        }
    }

    /// The two parities of each vector: with them both sums are zero. ECMA-130 A.4.
    fn parities(&self) -> impl Iterator<Item = [u8; 2]> {
        self.plain.iter().zip(&self.weighted).map(|(plain, weighted)| {
            // Two places further from the end once the parities are there.
            let weighted = times_alpha(times_alpha(*weighted));
            let first = product(weighted ^ plain, INVERSE);
            [first, first ^ plain]
        })
    }
}

/// Fills in both parities of a sector that is complete up to them.
pub(super) fn add_parities(sector: &mut [u8; RAW_SECTOR]) {
    let mut columns = Sums::<ROW>::new();
    for row in sector.get(FIRST..).unwrap_or_default().chunks_exact(ROW).take(DATA_ROWS) {
        columns.add(row.iter());
    }
    for (at, [first, second]) in (FIRST + DATA_ROWS * ROW..).zip(columns.parities()) {
        put(sector, at, first);
        put(sector, at + ROW, second);
    }
    for half in 0..2 {
        let diagonals = diagonals(sector, half);
        let words = (FIRST + DIAGONALS * ROW + half..).step_by(2);
        for (at, [first, second]) in words.zip(diagonals.parities()) {
            put(sector, at, first);
            put(sector, at + 2 * DIAGONALS, second);
        }
    }
}

/// One row down and one column to the right each time, from the last row to the first.
fn diagonals(sector: &[u8; RAW_SECTOR], half: usize) -> Sums<DIAGONALS> {
    let mut sums = Sums::new();
    for step in 0..COLUMNS {
        let mut column = [0; DIAGONALS];
        let from = FIRST + 2 * step + half;
        for (slot, byte) in column.iter_mut().zip(sector.iter().skip(from).step_by(ROW)) {
            *slot = *byte;
        }
        column.rotate_left(step % DIAGONALS);
        sums.add(column.iter());
    }
    sums
}

fn put(sector: &mut [u8; RAW_SECTOR], at: usize, value: u8) {
    if let Some(slot) = sector.get_mut(at) {
        *slot = value;
    }
}
