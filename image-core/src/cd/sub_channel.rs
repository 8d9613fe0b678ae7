//! Sub-channel Q: position and kind of each sector, and in the lead-in the table of contents. ECMA-130 22.

use super::Msf;

/// Bytes of all eight sub-channels of a sector, each of its bits in a byte of its own.
pub const SUB_CHANNELS: usize = 96;

/// CRC over the ten bytes before it, inverted. ECMA-130 22.3.4.
const CRC: crc::Crc<u16> = crc::Crc::<u16>::new(&crc::CRC_16_GSM);

/// The twelve bytes of Q among the interleaved bits of all sub-channels; Q is bit 6. ECMA-130 22.1.
#[must_use]
pub fn q_of(interleaved: &[u8; SUB_CHANNELS]) -> [u8; 12] {
    let mut q = [0; 12];
    for (byte, bits) in q.iter_mut().zip(interleaved.chunks_exact(8)) {
        *byte = bits.iter().fold(0, |byte, bits| byte << 1 | (bits >> 6 & 1));
    }
    q
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
    /// Time in the track, of ADR 5 of the lead-in when the next session may begin.
    pub relative: Msf,
    /// Time on the disc, in the lead-in that of POINT.
    pub absolute: Msf,
}

impl Position {
    /// Reads the bytes of Q; `None` if its CRC is wrong, or if it is no position.
    #[must_use]
    pub fn parse(q: &[u8; 12]) -> Option<Self> {
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
    pub fn to_q(self) -> [u8; 12] {
        let [m, s, f] = self.relative.to_bcd();
        let [am, as_, af] = self.absolute.to_bcd();
        let control_adr = self.control << 4 | self.adr;
        let covered = [control_adr, self.track, self.index, m, s, f, 0, am, as_, af];
        let [high, low] = CRC.checksum(&covered).to_be_bytes();
        [control_adr, self.track, self.index, m, s, f, 0, am, as_, af, high, low]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As DiscImageCreator showed the sector before the first of a data disc.
    #[test]
    fn the_q_of_a_real_disc() {
        let q = [0x41, 0x01, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x01, 0x74, 0xae, 0xf0];
        let position = Position::parse(&q).unwrap();
        assert_eq!((position.control, position.absolute.lba()), (4, Some(-1)));
        assert_eq!(position.to_q(), q);
    }

    #[test]
    fn bits_of_q_are_among_those_of_the_others() {
        let position = Position {
            control: 4,
            adr: 1,
            track: 1,
            index: 1,
            relative: Msf { minute: 0, second: 0, frame: 16 },
            absolute: Msf { minute: 0, second: 2, frame: 16 },
        };
        let q = position.to_q();
        let mut interleaved = [0xbf; SUB_CHANNELS];
        for (bit, slot) in interleaved.iter_mut().enumerate() {
            *slot |= (q[bit / 8] >> (7 - bit % 8) & 1) << 6;
        }
        assert_eq!(q_of(&interleaved), q);
        assert_eq!(Position::parse(&q), Some(position));
        let mut wrong = q;
        wrong[4] ^= 1;
        assert_eq!(Position::parse(&wrong), None);
    }
}
