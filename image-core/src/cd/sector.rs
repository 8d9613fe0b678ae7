//! Raw sectors: sync, header, user data, error detection and error correction. ECMA-130 14.

use super::{Msf, ecc};

/// Bytes of a sector without its sub-channel. ECMA-130 14.
pub const RAW_SECTOR: usize = 2352;

/// Ten bytes of ones between two of zeros. ECMA-130 14.1.
const SYNC: [u8; 12] = [0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0];
/// Where header and user data of mode 1 begin.
const HEADER: usize = 12;
const USER_DATA: usize = 16;
const MODE_1: u8 = 1;
const MODE_2: u8 = 2;
/// What the EDC field is computed over: sync, header and user data. ECMA-130 14.3.
const BEFORE_EDC: usize = 16 + 2048;

const EDC: crc::Crc<u32, crc::Table<16>> =
    crc::Crc::<u32, crc::Table<16>>::new(&crc::CRC_32_CD_ROM_EDC);

/// Error detection code of these bytes, lowest bit first. ECMA-130 14.3.
#[must_use]
pub fn edc(bytes: &[u8]) -> u32 {
    EDC.checksum(bytes)
}

/// The sector of mode 1 around 2048 bytes of user data. ECMA-130 14.2 to 14.6.
#[must_use]
pub fn mode_1_sector(address: Msf, user: &[u8; 2048]) -> [u8; RAW_SECTOR] {
    let mut sector = [0; RAW_SECTOR];
    put(&mut sector, 0, &SYNC);
    put(&mut sector, HEADER, &header(address, MODE_1));
    put(&mut sector, USER_DATA, user);
    let sum = edc(sector.get(..BEFORE_EDC).unwrap_or_default());
    put(&mut sector, BEFORE_EDC, &sum.to_le_bytes());
    // The eight bytes between EDC and parities are zeros. ECMA-130 14.4.
    ecc::add_parities(&mut sector);
    sector
}

/// The sector of mode 2 form 1 around a sub-header, which is there twice, and 2048 bytes of user data. Its parities do not
/// depend on the address. CD-ROM XA 2.4, ECMA-130 annex A.
#[must_use]
pub fn mode_2_form_1_sector(
    address: Msf,
    sub_header: [u8; 4],
    user: &[u8; 2048],
) -> [u8; RAW_SECTOR] {
    /// Where the EDC lies, which is over sub-headers and user data.
    const EDC_AT: usize = USER_DATA + 8 + 2048;
    let mut sector = [0; RAW_SECTOR];
    put(&mut sector, USER_DATA, &sub_header);
    put(&mut sector, USER_DATA + 4, &sub_header);
    put(&mut sector, USER_DATA + 8, user);
    let sum = edc(sector.get(USER_DATA..EDC_AT).unwrap_or_default());
    put(&mut sector, EDC_AT, &sum.to_le_bytes());
    ecc::add_parities(&mut sector);
    put(&mut sector, 0, &SYNC);
    put(&mut sector, HEADER, &header(address, MODE_2));
    sector
}

/// Address and mode. ECMA-130 14.2.
fn header(address: Msf, mode: u8) -> [u8; 4] {
    let [minute, second, frame] = address.to_bcd();
    [minute, second, frame, mode]
}

fn put(sector: &mut [u8; RAW_SECTOR], at: usize, bytes: &[u8]) {
    for (slot, byte) in sector.iter_mut().skip(at).zip(bytes) {
        *slot = *byte;
    }
}

#[cfg(test)]
mod tests {
    use sha2::Digest as _;

    use super::*;

    /// Block 16.
    const ADDRESS: Msf = Msf { minute: 0, second: 2, frame: 16 };

    fn user_data() -> [u8; 2048] {
        core::array::from_fn(|index| ((index * 7 + (index >> 8)) & 0xff).try_into().unwrap())
    }

    fn sha256(sector: &[u8]) -> [u8; 32] {
        sha2::Sha256::digest(sector).into()
    }

    /// What the ecm of Neill Corlett makes of the same user data.
    #[test]
    fn sectors_are_those_of_another_program() {
        let sector = mode_1_sector(ADDRESS, &user_data());
        assert_eq!(sector[12..16], [0x00, 0x02, 0x16, 0x01]);
        assert_eq!(sector[2064..2068], [0xdb, 0xce, 0x5e, 0x98]);
        assert_eq!(sector[2068..2076], [0; 8]);
        assert_eq!(sector[2076..2084], [0xd2, 0x24, 0x22, 0x3b, 0xdd, 0xb9, 0x4a, 0x90]);
        assert_eq!(sector[2248..2256], [0x59, 0x71, 0x7c, 0xf6, 0x4f, 0x24, 0xdd, 0xdd]);
        assert_eq!(sector[2344..], [0x62, 0xea, 0xb6, 0x97, 0x20, 0xe5, 0x8b, 0x44]);
        #[rustfmt::skip]
        assert_eq!(sha256(&sector), [
            0x6c, 0x59, 0x33, 0xa6, 0xf9, 0x32, 0x91, 0xe0, 0xbe, 0x2d, 0x49, 0xd7, 0xae, 0x19, 0xc6, 0xd7,
            0xd4, 0xb0, 0xa0, 0x83, 0x6a, 0xe1, 0x1b, 0xf0, 0xfb, 0x1e, 0x0b, 0x80, 0x40, 0xfe, 0x9f, 0x6c,
        ]);
        let sector = mode_2_form_1_sector(ADDRESS, [0, 0, 8, 0], &user_data());
        assert_eq!(sector[12..24], [0x00, 0x02, 0x16, 0x02, 0, 0, 8, 0, 0, 0, 8, 0]);
        assert_eq!(sector[2072..2076], [0x6c, 0x51, 0xdf, 0x53]);
        #[rustfmt::skip]
        assert_eq!(sha256(&sector), [
            0xe2, 0xad, 0x08, 0x34, 0x10, 0x58, 0xf4, 0x14, 0x59, 0xbc, 0x7c, 0x55, 0xab, 0xa9, 0xb4, 0xaa,
            0x1b, 0x6a, 0x1a, 0xa0, 0x6c, 0x2b, 0xf3, 0x0b, 0xc6, 0x42, 0x76, 0x47, 0xf1, 0xa9, 0x5d, 0x1c,
        ]);
    }

    /// The code is what ECMA-130 14.3 says: a sum with its own EDC behind it is zero.
    #[test]
    fn a_sector_with_its_edc_has_none_left() {
        let sector = mode_1_sector(ADDRESS, &user_data());
        assert_eq!(edc(&sector[..2068]), 0);
        assert_eq!(edc(&[]), 0);
    }
}
