//! El Torito 1.0: the boot record that points to a boot catalog, and the entries of that catalog; UEFI 2.10 13.3.2 adds a
//! platform. Also what boot loaders want patched into their images.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, byteorder::little_endian};

/// Block of the boot record volume descriptor. El Torito 1.0, 2.0.
pub const BOOT_RECORD_BLOCK: u32 = 17;
/// Boot system identifier of an El Torito boot record, zero-filled. El Torito 1.0, figure 7.
pub const BOOT_SYSTEM_IDENTIFIER: [u8; 23] = *b"EL TORITO SPECIFICATION";
/// Bytes of every entry of a boot catalog. El Torito 1.0, 2.0.
pub const ENTRY_LEN: usize = 32;
/// Bytes of the virtual sectors that a sector count counts. El Torito 1.0, 2.2.
pub const VIRTUAL_SECTOR: u32 = 512;

/// What the first byte of an entry says. El Torito 1.0, figures 2 to 6.
pub mod indicator {
    /// Header of the validation entry.
    pub const VALIDATION: u8 = 0x01;
    /// An entry that can be booted.
    pub const BOOTABLE: u8 = 0x88;
    /// An entry that cannot.
    pub const NOT_BOOTABLE: u8 = 0x00;
    /// A section header that others follow.
    pub const SECTION: u8 = 0x90;
    /// The last section header.
    pub const FINAL_SECTION: u8 = 0x91;
    /// An extension of the section entry before.
    pub const EXTENSION: u8 = 0x44;
}

/// Bits of the boot media type. El Torito 1.0, figures 3 and 5.
pub mod media {
    /// Bits that hold the kind of emulation.
    pub const EMULATION: u8 = 0x0f;
    /// A section entry that an extension follows.
    pub const CONTINUED: u8 = 0x20;
    /// The image has an ATAPI driver in it.
    pub const ATAPI_DRIVER: u8 = 0x40;
    /// The image has SCSI drivers in it.
    pub const SCSI_DRIVERS: u8 = 0x80;
}

/// Boot record volume descriptor. ECMA-119 8.2, El Torito 1.0 figure 7.
#[derive(Clone, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct BootRecord {
    /// Volume descriptor type, 0.
    pub descriptor_type: u8,
    /// Standard identifier, `CD001`.
    pub standard_identifier: [u8; 5],
    /// Version, 1.
    pub version: u8,
    /// System that can act on it: [`BOOT_SYSTEM_IDENTIFIER`].
    pub boot_system_identifier: [u8; 32],
    /// Zero.
    pub boot_identifier: [u8; 32],
    /// First block of the boot catalog.
    pub catalog: little_endian::U32,
    /// Zero.
    pub unused: [u8; 1973],
}
const _: () = assert!(size_of::<BootRecord>() == 2048);
const _: () = assert!(core::mem::offset_of!(BootRecord, catalog) == 0x47);

/// Validation entry, the first of a boot catalog. El Torito 1.0, 2.1.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub struct ValidationEntry {
    /// Header identification, [`indicator::VALIDATION`].
    pub header: u8,
    /// Platform of the initial entry.
    pub platform: u8,
    /// Zero.
    pub reserved: little_endian::U16,
    /// Who made the disc.
    pub id: [u8; 24],
    /// Makes the sum of all words of the entry zero.
    pub checksum: little_endian::U16,
    /// 0x55 and 0xAA.
    pub key: [u8; 2],
}
const _: () = assert!(size_of::<ValidationEntry>() == ENTRY_LEN);

impl ValidationEntry {
    /// An entry with its checksum.
    #[must_use]
    pub fn new(platform: u8, id: [u8; 24]) -> Self {
        let mut entry = Self {
            header: indicator::VALIDATION,
            platform,
            reserved: little_endian::U16::ZERO,
            id,
            checksum: little_endian::U16::ZERO,
            key: [0x55, 0xaa],
        };
        entry.checksum = little_endian::U16::new(entry.sum().wrapping_neg());
        entry
    }

    /// The sum of all its words: 0 when it is right.
    #[must_use]
    pub fn sum(&self) -> u16 {
        let (words, _) = self.as_bytes().as_chunks::<2>();
        words.iter().fold(0, |sum, word| sum.wrapping_add(u16::from_le_bytes(*word)))
    }
}

/// Initial or section entry. El Torito 1.0, 2.2 and 2.4; an initial entry has no selection criteria.
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
pub struct ImageEntry {
    /// Whether it can be booted: [`indicator::BOOTABLE`] or [`indicator::NOT_BOOTABLE`].
    pub indicator: u8,
    /// Kind of emulation, and the bits of [`media`].
    pub media: u8,
    /// Segment that the image is loaded to; 0 stands for 0x7C0.
    pub load_segment: little_endian::U16,
    /// Type of the partition of a hard disk image.
    pub system_type: u8,
    /// Zero.
    pub unused: u8,
    /// Virtual sectors that are loaded.
    pub sector_count: little_endian::U16,
    /// First block of the image.
    pub load_rba: little_endian::U32,
    /// Kind of the selection criteria; 0 for none, 1 for language and version.
    pub criteria_type: u8,
    /// Selection criteria, as their kind has them.
    pub criteria: [u8; 19],
}
const _: () = assert!(size_of::<ImageEntry>() == ENTRY_LEN);

/// Section header. El Torito 1.0, 2.3.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub struct SectionHeader {
    /// [`indicator::SECTION`] or [`indicator::FINAL_SECTION`].
    pub indicator: u8,
    /// Platform of the entries.
    pub platform: u8,
    /// How many section entries follow, extensions not counted.
    pub entries: little_endian::U16,
    /// What the section is called.
    pub id: [u8; 28],
}
const _: () = assert!(size_of::<SectionHeader>() == ENTRY_LEN);

/// Extension of a section entry: more selection criteria. El Torito 1.0, 2.5.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub struct ExtensionEntry {
    /// [`indicator::EXTENSION`].
    pub indicator: u8,
    /// [`media::CONTINUED`] when another one follows.
    pub flags: u8,
    /// More of the selection criteria.
    pub criteria: [u8; 30],
}
const _: () = assert!(size_of::<ExtensionEntry>() == ENTRY_LEN);

/// Where [`InfoTable`] stands in a boot image, in bytes.
pub const INFO_TABLE_OFFSET: usize = 8;
/// First byte of a boot image that its [`InfoTable`] sums up.
pub const INFO_TABLE_SUMMED_FROM: usize = 64;
/// Where GRUB 2 wants a pointer to itself in its boot image, in bytes: the first block list entry of the second block.
pub const GRUB2_POINTER_OFFSET: usize = 2548;

/// What mkisofs writes into a boot image with `-boot-info-table`, for loaders such as ISOLINUX.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub struct InfoTable {
    /// Block of the primary volume descriptor.
    pub volume_descriptor: little_endian::U32,
    /// First block of the image itself.
    pub image: little_endian::U32,
    /// Length of the image, in bytes.
    pub len: little_endian::U32,
    /// Sum of the words of 32 bits from [`INFO_TABLE_SUMMED_FROM`] on.
    pub checksum: little_endian::U32,
    /// Zero.
    pub reserved: [u8; 40],
}
const _: () = assert!(INFO_TABLE_OFFSET + size_of::<InfoTable>() == INFO_TABLE_SUMMED_FROM);

impl InfoTable {
    /// The table for an image that stands at a block.
    #[must_use]
    pub fn new(volume_descriptor: u32, image: u32, content: &[u8]) -> Self {
        Self {
            volume_descriptor: volume_descriptor.into(),
            image: image.into(),
            len: u32::try_from(content.len()).unwrap_or(u32::MAX).into(),
            checksum: Self::sum(content).into(),
            reserved: [0; 40],
        }
    }

    /// The sum that goes into the table; a last word that is not whole is filled with zeros.
    #[must_use]
    pub fn sum(content: &[u8]) -> u32 {
        let (words, rest) =
            content.get(INFO_TABLE_SUMMED_FROM..).unwrap_or_default().as_chunks::<4>();
        let mut last = [0; 4];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        let words = words.iter().chain(core::iter::once(&last));
        words.fold(0, |sum, word| sum.wrapping_add(u32::from_le_bytes(*word)))
    }
}

/// What GRUB 2 wants at [`GRUB2_POINTER_OFFSET`]: the fifth sector of 512 bytes of its image, from the start of the disc.
#[must_use]
pub const fn grub2_pointer(image: u32) -> u64 {
    image as u64 * 4 + 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_validation_entry_sums_up_to_zero() {
        for platform in [0, 1, 2, 0xef] {
            let entry = ValidationEntry::new(platform, *b"somebody made this disc ");
            assert_eq!(entry.sum(), 0);
        }
        // As genisoimage writes it for an empty identification.
        assert_eq!(ValidationEntry::new(0, [0; 24]).checksum.get(), 0x55aa);
    }

    #[test]
    fn the_sum_of_an_image_takes_its_odd_end() {
        let mut image = [0xa5; 70];
        image[64..].copy_from_slice(&[1, 0, 0, 0, 2, 1]);
        assert_eq!(InfoTable::sum(&image), 1 + 0x0102);
        assert_eq!(InfoTable::sum(&image[..64]), 0);
        assert_eq!(InfoTable::sum(&image[..10]), 0);
        assert_eq!(InfoTable::new(16, 99, &image).len.get(), 70);
    }
}
