//! The scrambler: data sectors look like noise on the disc, so that no regular pattern upsets the tracking. ECMA-130 annex B.

use super::RAW_SECTOR;

/// Sync is not scrambled.
const FIRST: usize = 12;

/// What is added to the bytes from there on: fifteen bits, fed back by x^15 + x + 1; bit 0 goes out first.
#[expect(clippy::indexing_slicing, reason = "done by the compiler, which tells if it goes wrong")]
const SEQUENCE: [u8; RAW_SECTOR - FIRST] = {
    let mut sequence = [0; RAW_SECTOR - FIRST];
    let (mut register, mut bit): (u16, usize) = (1, 0);
    while bit < 8 * sequence.len() {
        if register & 1 != 0 {
            sequence[bit / 8] |= 1 << (bit % 8);
        }
        let fed_back = (register ^ register >> 1) & 1;
        register = register >> 1 | fed_back << 14;
        bit += 1;
    }
    sequence
};

/// Scrambles a sector, or takes the scrambling off again.
pub fn scramble(sector: &mut [u8; RAW_SECTOR]) {
    for (byte, mask) in sector.iter_mut().skip(FIRST).zip(SEQUENCE) {
        *byte ^= mask;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ECMA-130 annex B begins so.
    #[test]
    fn begins_as_the_standard_says() {
        let mut sector = [0; RAW_SECTOR];
        scramble(&mut sector);
        assert_eq!(sector[..12], [0; 12]);
        assert_eq!(
            sector[12..28],
            [1, 0x80, 0, 0x60, 0, 0x28, 0, 0x1e, 0x80, 8, 0x60, 6, 0xa8, 2, 0xfe, 0x81]
        );
        scramble(&mut sector);
        assert_eq!(sector, [0; RAW_SECTOR]);
    }
}
