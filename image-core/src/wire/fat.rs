//! The FAT file system, as far as it tells how long it is. ECMA-107 9; Microsoft FAT specification 1.03.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, byteorder::little_endian};

/// First bytes of a FAT volume. ECMA-107 9.2; the last two fields are Microsoft's, 3.1 and 3.3.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub struct BootSector {
    /// Where code begins.
    pub jump: [u8; 3],
    /// What made the volume.
    pub oem: [u8; 8],
    /// Bytes of a sector.
    pub sector_bytes: little_endian::U16,
    /// Sectors of a cluster.
    pub cluster_sectors: u8,
    /// Sectors before the first FAT.
    pub reserved_sectors: little_endian::U16,
    /// How many FATs there are.
    pub fats: u8,
    /// Entries of the root directory.
    pub root_entries: little_endian::U16,
    /// Sectors of the volume; 0 when they are in [`Self::sectors`].
    pub sectors_16: little_endian::U16,
    /// Kind of medium.
    pub media: u8,
    /// Sectors of a FAT; 0 when there are more than 16 bits hold.
    pub fat_sectors: little_endian::U16,
    /// Sectors of a track.
    pub track_sectors: little_endian::U16,
    /// Heads of a cylinder.
    pub heads: little_endian::U16,
    /// Sectors before the volume.
    pub hidden_sectors: little_endian::U32,
    /// Sectors of the volume.
    pub sectors: little_endian::U32,
}
const _: () = assert!(size_of::<BootSector>() == 36);

impl BootSector {
    /// Bytes of the volume, when this is the beginning of one.
    #[must_use]
    pub fn volume_len(&self) -> Option<u64> {
        let sector_bytes = self.sector_bytes.get();
        let sectors = match self.sectors_16.get() {
            0 => self.sectors.get(),
            sectors => sectors.into(),
        };
        let tables = u32::from(self.fats) * u32::from(self.fat_sectors.get());
        let is_volume = sector_bytes.is_power_of_two()
            && (512..=4096).contains(&sector_bytes)
            && self.cluster_sectors.is_power_of_two()
            && self.reserved_sectors.get() > 0
            && matches!(self.fats, 1 | 2)
            && matches!(self.media, 0xf0 | 0xf8..)
            && sectors > tables + u32::from(self.reserved_sectors.get());
        is_volume.then_some(u64::from(sectors) * u64::from(sector_bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_volume_knows_how_long_it_is() {
        // A diskette of 1.44 MB.
        let bytes = *b"\xeb\x3c\x90MSDOS5.0\0\x02\x01\x01\0\x02\xe0\0\x40\x0b\xf0\x09\0\x12\0\x02\0\0\0\0\0\0\0\0\0";
        let diskette: BootSector = zerocopy::transmute!(bytes);
        assert_eq!(diskette.volume_len(), Some(1_474_560));
        let long = BootSector { sectors_16: 0.into(), sectors: 0x2_0000.into(), ..diskette };
        assert_eq!(long.volume_len(), Some(64 << 20));
        for (at, value) in [(11, 1), (12, 1), (13, 3), (13, 0), (14, 0), (16, 0), (21, 0xf1)] {
            let mut bytes = bytes;
            bytes[at] = value;
            let other: BootSector = zerocopy::transmute!(bytes);
            assert_eq!(other.volume_len(), None, "{at}");
        }
        assert_eq!(BootSector { sectors_16: 19.into(), ..diskette }.volume_len(), None);
        assert_eq!(BootSector { sectors_16: 0.into(), ..diskette }.volume_len(), None);
    }
}
