//! Sub-channels P and Q: where pauses are, position and kind of each sector, and in the lead-in the table of contents.
//! ECMA-130 22.

use super::{
    Msf,
    msf::{bcd, from_bcd},
};

/// Bytes of all eight sub-channels of a sector, each of its bits in a byte of its own: P is bit 7, Q is bit 6. MMC-6 7.5.4.9.
pub const SUB_CHANNELS: usize = 96;
/// Bytes of P and Q by themselves: those of Q, and P in bit 7 of the last. MMC-6 table 356.
pub const P_AND_Q: usize = 16;
/// The number that stands for the lead-out. ECMA-130 22.3.3.1.
pub const LEAD_OUT: u8 = 0xaa;

const P: u8 = 0x80;
const Q: u8 = 0x40;
const Q_BYTES: usize = 12;

/// CRC over the ten bytes before it, inverted. ECMA-130 22.3.4.
const CRC: crc::Crc<u16> = crc::Crc::<u16>::new(&crc::CRC_16_GSM);

/// P and Q of a sector. What R to W hold is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SubChannel {
    /// Whether the sector is in a pause; in a lead-out it changes by itself. ECMA-130 22.2.
    pub p: bool,
    /// Control, address, ten bytes that depend on it, CRC. ECMA-130 22.3.
    pub q: [u8; Q_BYTES],
}

impl SubChannel {
    /// Takes P and Q from among the others.
    #[must_use]
    pub fn from_interleaved(bytes: &[u8; SUB_CHANNELS]) -> Self {
        let mut q = [0; Q_BYTES];
        for (byte, bits) in q.iter_mut().zip(bytes.chunks_exact(8)) {
            *byte = bits.iter().fold(0, |byte, bits| byte << 1 | u8::from(bits & Q != 0));
        }
        // Of a bit that all symbols repeat, most are right.
        let ones = bytes.iter().filter(|bits| **bits & P != 0).count();
        Self { p: ones > SUB_CHANNELS / 2, q }
    }

    /// P and Q where they are among the others, which are zeros.
    #[must_use]
    pub fn to_interleaved(self) -> [u8; SUB_CHANNELS] {
        let mut bytes = [if self.p { P } else { 0 }; SUB_CHANNELS];
        for (symbols, byte) in bytes.chunks_exact_mut(8).zip(self.q) {
            for (place, symbol) in symbols.iter_mut().rev().enumerate() {
                *symbol |= if byte >> place & 1 != 0 { Q } else { 0 };
            }
        }
        bytes
    }

    /// Reads P and Q by themselves.
    #[must_use]
    pub fn from_p_and_q(bytes: &[u8; P_AND_Q]) -> Self {
        let [q @ .., _, _, _, last] = *bytes;
        Self { p: last & P != 0, q }
    }

    /// P and Q by themselves.
    #[must_use]
    pub fn to_p_and_q(self) -> [u8; P_AND_Q] {
        let [a, b, c, d, e, f, g, h, i, j, k, l] = self.q;
        [a, b, c, d, e, f, g, h, i, j, k, l, 0, 0, 0, if self.p { P } else { 0 }]
    }
}

/// A Q of mode 1: a position. ECMA-130 22.3.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// CONTROL: bit 2 tells data.
    pub control: u8,
    /// ADR: 1, or 5 for what multi-session discs add in the lead-in.
    pub adr: u8,
    /// Track number as on the disc, 00h in the lead-in, AAh in the lead-out.
    pub track: u8,
    /// Index, in the lead-in POINT, both as on the disc.
    pub index: u8,
    /// Time in the track, in the lead-in that of the sector; of ADR 5 of the lead-in when the next session may begin.
    pub relative: Msf,
    /// Time on the disc, in the lead-in that of POINT.
    pub absolute: Msf,
}

impl Position {
    /// Reads the bytes of Q; `None` if its CRC is wrong, or if it is no position.
    #[must_use]
    pub fn parse(q: &[u8; Q_BYTES]) -> Option<Self> {
        let [control_adr, track, index, m, s, f, _, am, as_, af, high, low] = *q;
        let covered = q.get(..10)?;
        let adr = control_adr & 0x0f;
        if CRC.checksum(covered) != u16::from_be_bytes([high, low]) || !matches!(adr, 1 | 5) {
            return None;
        }
        Some(Self {
            control: control_adr >> 4,
            adr,
            track,
            index,
            relative: Msf::from_bcd([m, s, f]),
            absolute: Msf::from_bcd([am, as_, af]),
        })
    }

    /// The bytes of Q that say so.
    #[must_use]
    pub fn to_q(self) -> [u8; Q_BYTES] {
        let [m, s, f] = self.relative.to_bcd();
        let [am, as_, af] = self.absolute.to_bcd();
        let control_adr = self.control << 4 | self.adr;
        let covered = [control_adr, self.track, self.index, m, s, f, 0, am, as_, af];
        let [high, low] = CRC.checksum(&covered).to_be_bytes();
        [control_adr, self.track, self.index, m, s, f, 0, am, as_, af, high, low]
    }
}

/// A number of 1 to 99 as tracks, indexes and POINTs have it on the disc. ECMA-130 22.3.3.
#[must_use]
pub(super) const fn number_on_disc(number: u8) -> u8 {
    bcd(number)
}

/// What [`number_on_disc`] gives back as a plain number; `None` for what numbers no track.
#[must_use]
pub(super) fn number_of(on_disc: u8) -> Option<u8> {
    from_bcd(on_disc).filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As DiscImageCreator showed the sector before the first of a data disc.
    #[test]
    fn the_q_of_a_real_disc() {
        let q = [0x41, 0x01, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x01, 0x74, 0xae, 0xf0];
        let position = Position::parse(&q).unwrap();
        assert_eq!((position.control, position.absolute.lba()), (4, Some(-1)));
        assert_eq!(position.to_q(), q);
    }

    /// The polynomial x^16 + x^12 + x^5 + 1, bit by bit. ECMA-130 22.3.4.
    fn crc_by_hand(bytes: &[u8]) -> u16 {
        let mut sum = 0u16;
        for bit in bytes.iter().flat_map(|byte| (0..8).rev().map(move |place| byte >> place & 1)) {
            let carry = sum >> 15 ^ u16::from(bit);
            sum = sum << 1 ^ if carry != 0 { 0x1021 } else { 0 };
        }
        !sum
    }

    fn any_position() -> impl Strategy<Value = Position> {
        let time = || {
            (0u8..100, 0u8..60, 0u8..75).prop_map(|(minute, second, frame)| Msf {
                minute,
                second,
                frame,
            })
        };
        let adr = prop::sample::select(std::vec![1u8, 5]);
        (0u8..16, adr, any::<u8>(), any::<u8>(), time(), time()).prop_map(
            |(control, adr, track, index, relative, absolute)| Position {
                control,
                adr,
                track,
                index,
                relative,
                absolute,
            },
        )
    }

    proptest! {
        #[test]
        fn positions_come_back(position in any_position(), p: bool, bit in 0usize..96) {
            let q = position.to_q();
            prop_assert_eq!(u16::from_be_bytes([q[10], q[11]]), crc_by_hand(&q[..10]));
            prop_assert_eq!(Position::parse(&q), Some(position));
            let both = SubChannel { p, q };
            prop_assert_eq!(SubChannel::from_interleaved(&both.to_interleaved()), both);
            prop_assert_eq!(SubChannel::from_p_and_q(&both.to_p_and_q()), both);
            let mut wrong = q;
            wrong[bit / 8] ^= 0x80 >> (bit % 8);
            prop_assert_eq!(Position::parse(&wrong), None);
        }

        #[test]
        fn bits_of_others_are_left_alone(bytes: [u8; 32]) {
            let mut all = [0; SUB_CHANNELS];
            for (slot, byte) in all.iter_mut().zip(bytes.iter().cycle()) {
                *slot = *byte;
            }
            let others: std::vec::Vec<u8> = all.iter().map(|byte| byte & 0x3f).collect();
            let mut both = SubChannel::from_interleaved(&all).to_interleaved();
            for (slot, other) in both.iter_mut().zip(others) {
                *slot |= other;
            }
            let q = |bytes: &[u8; SUB_CHANNELS]| bytes.map(|byte| byte & 0x7f);
            prop_assert_eq!(q(&both), q(&all));
        }
    }

    #[test]
    fn numbers_are_digits() {
        assert_eq!((number_on_disc(1), number_on_disc(99)), (0x01, 0x99));
        assert_eq!((number_of(0x10), number_of(0x99)), (Some(10), Some(99)));
        for none in [0x00, 0x0a, 0xa0, LEAD_OUT] {
            assert_eq!(number_of(none), None, "{none:#x}");
        }
    }
}
