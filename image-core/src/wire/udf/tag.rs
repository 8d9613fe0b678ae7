//! The descriptor tag that heads every ECMA-167 descriptor. ECMA-167 3/7.2.

use zerocopy::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// Tag identifiers. ECMA-167 3/7.2.1 and 4/7.2.1.
pub mod tag_id {
    /// Primary volume descriptor.
    pub const PRIMARY_VOLUME: u16 = 1;
    /// Anchor volume descriptor pointer.
    pub const ANCHOR: u16 = 2;
    /// Volume descriptor pointer.
    pub const VOLUME_POINTER: u16 = 3;
    /// Implementation use volume descriptor.
    pub const IMPLEMENTATION_USE: u16 = 4;
    /// Partition descriptor.
    pub const PARTITION: u16 = 5;
    /// Logical volume descriptor.
    pub const LOGICAL_VOLUME: u16 = 6;
    /// Unallocated space descriptor.
    pub const UNALLOCATED_SPACE: u16 = 7;
    /// Terminating descriptor.
    pub const TERMINATING: u16 = 8;
    /// Logical volume integrity descriptor.
    pub const INTEGRITY: u16 = 9;
    /// File set descriptor.
    pub const FILE_SET: u16 = 256;
    /// File identifier descriptor.
    pub const FILE_IDENTIFIER: u16 = 257;
    /// Allocation extent descriptor.
    pub const ALLOCATION_EXTENT: u16 = 258;
    /// Indirect entry.
    pub const INDIRECT_ENTRY: u16 = 259;
    /// Terminal entry.
    pub const TERMINAL_ENTRY: u16 = 260;
    /// File entry.
    pub const FILE_ENTRY: u16 = 261;
    /// Extended attribute header descriptor.
    pub const EXTENDED_ATTRIBUTE_HEADER: u16 = 262;
    /// Space bitmap descriptor.
    pub const SPACE_BITMAP: u16 = 264;
    /// Extended file entry.
    pub const EXTENDED_FILE_ENTRY: u16 = 266;
}

/// Offset of the tag checksum in the tag.
pub const TAG_CHECKSUM_OFFSET: usize = 4;

/// Descriptor tag. ECMA-167 3/7.2.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    FromBytes,
    IntoBytes,
    Immutable,
    KnownLayout,
    Unaligned,
)]
#[repr(C)]
pub struct DescriptorTag {
    /// See [`tag_id`]. 7.2.1.
    pub identifier: U16,
    /// Descriptor version: 2 for NSR02, 3 for NSR03. 7.2.2; UDF 2.2.1.1.
    pub version: U16,
    /// Sum modulo 256 of bytes 0-3 and 5-15 of the tag. 7.2.3.
    pub checksum: u8,
    /// Zero.
    pub reserved: u8,
    /// Serial number, 1. 7.2.5; UDF 2.2.1.2.
    pub serial_number: U16,
    /// CRC of the descriptor behind the tag. 7.2.6.
    pub crc: U16,
    /// How many bytes behind the tag the CRC covers. 7.2.7.
    pub crc_length: U16,
    /// The block the descriptor is in: of the volume, or of the partition for descriptors of part 4. 7.2.8.
    pub location: U32,
}
const _: () = assert!(size_of::<DescriptorTag>() == 16);

/// CRC of ECMA-167 3/7.2.6: x^16 + x^12 + x^5 + 1, initial value 0.
#[must_use]
pub fn crc(bytes: &[u8]) -> u16 {
    const CRC: crc::Crc<u16, crc::Table<16>> =
        crc::Crc::<u16, crc::Table<16>>::new(&crc::CRC_16_XMODEM);
    CRC.checksum(bytes)
}

impl DescriptorTag {
    /// The tag for a descriptor whose bytes behind the tag are `body`.
    #[must_use]
    pub fn new(identifier: u16, version: u16, location: u32, body: &[u8]) -> Self {
        let mut tag = Self {
            identifier: identifier.into(),
            version: version.into(),
            checksum: 0,
            reserved: 0,
            serial_number: 1.into(),
            crc: crc(body).into(),
            crc_length: u16::try_from(body.len()).unwrap_or(u16::MAX).into(),
            location: location.into(),
        };
        tag.checksum = tag.sum();
        tag
    }

    /// The checksum these bytes should have.
    #[must_use]
    pub fn sum(&self) -> u8 {
        let all = self.as_bytes().iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
        all.wrapping_sub(self.checksum)
    }

    /// Whether `descriptor` begins with an intact tag: checksum right, CRC right over the length it states.
    #[must_use]
    pub fn intact(descriptor: &[u8]) -> Option<Self> {
        let (tag, body) = Self::read_from_prefix(descriptor).ok()?;
        if tag.checksum != tag.sum() {
            return None;
        }
        let covered = body.get(..tag.crc_length.get().into())?;
        (cfg!(fuzzing) || tag.crc.get() == crc(covered)).then_some(tag)
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    #[test]
    fn crc_of_the_standard() {
        // The check value ECMA-167 3/7.2.6 gives for the bytes 70 6A 77.
        assert_eq!(crc(&[0x70, 0x6A, 0x77]), 0x3299);
    }

    #[test]
    fn intact_tags_only() {
        let mut bytes = vec![0xa5; 40];
        let tag = DescriptorTag::new(tag_id::ANCHOR, 2, 256, &bytes[16..]);
        bytes[..16].copy_from_slice(tag.as_bytes());
        assert_eq!(DescriptorTag::intact(&bytes), Some(tag));
        assert_eq!(DescriptorTag::intact(&bytes[..39]), None);
        bytes[20] ^= 1;
        assert_eq!(DescriptorTag::intact(&bytes), None);
        bytes[20] ^= 1;
        bytes[12] ^= 1;
        assert_eq!(DescriptorTag::intact(&bytes), None);
    }
}
