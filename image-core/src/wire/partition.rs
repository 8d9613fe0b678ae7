//! Partition tables in the system area: the master boot record, and the GUID partition table. UEFI 2.10 clause 5.
//!
//! Both count in sectors of 512 bytes, four to a block.

use zerocopy::{
    FromBytes, FromZeros, Immutable, IntoBytes, KnownLayout, Unaligned, byteorder::little_endian,
};

/// Bytes of a sector, as firmware and partition tables of a disk count.
pub const SECTOR: usize = 512;
/// Sectors in a block of 2048 bytes.
pub const SECTORS_PER_BLOCK: u32 = 4;
/// Signature at the end of a master boot record. UEFI 2.10 table 5-1.
pub const MBR_SIGNATURE: [u8; 2] = [0x55, 0xaa];
/// Bytes of a master boot record that programs may use.
pub const MBR_CODE: usize = 440;
/// Where boot code for discs wants to find the boot image, in bytes.
pub const MBR_IMAGE_POINTER: usize = 432;
/// Where an ISOLINUX image that can be started by [`ISOLINUX_HYBRID_SIGNATURE`] has that signature, in bytes.
pub const ISOLINUX_HYBRID_OFFSET: usize = 64;
/// Tells an ISOLINUX image that a master boot record can start.
pub const ISOLINUX_HYBRID_SIGNATURE: [u8; 4] = [0xfb, 0xc0, 0x78, 0x70];

/// How every entry of an Apple partition map begins.
pub const APPLE_SIGNATURE: [u8; 4] = *b"PM\0\0";

/// Types of partitions in a master boot record.
pub mod partition_type {
    /// No partition.
    pub const NONE: u8 = 0;
    /// What ISOLINUX calls its disc: a type that no system touches by itself.
    pub const HIDDEN_NTFS: u8 = 0x17;
    /// What xorriso has in a record that keeps old programs off a disk without a GUID partition table.
    pub const UNUSED: u8 = 0xcd;
    /// A disk with a GUID partition table. UEFI 2.10 5.2.3.
    pub const PROTECTIVE: u8 = 0xee;
    /// EFI system partition. UEFI 2.10 5.2.2.
    pub const EFI_SYSTEM: u8 = 0xef;
}

/// A partition that firmware may start. UEFI 2.10 table 5-2.
pub const ACTIVE: u8 = 0x80;

/// Partition record of a master boot record. UEFI 2.10 table 5-2.
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
pub struct PartitionRecord {
    /// [`ACTIVE`] or 0.
    pub status: u8,
    /// First sector by head, sector and cylinder.
    pub start_chs: [u8; 3],
    /// See [`partition_type`].
    pub partition_type: u8,
    /// Last sector by head, sector and cylinder.
    pub end_chs: [u8; 3],
    /// First sector.
    pub start: little_endian::U32,
    /// How many sectors there are.
    pub sectors: little_endian::U32,
}
const _: () = assert!(size_of::<PartitionRecord>() == 16);

/// Master boot record. UEFI 2.10 table 5-1.
#[derive(Clone, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct MasterBootRecord {
    /// What a BIOS starts.
    pub code: [u8; MBR_CODE],
    /// Tells one disk from another.
    pub disk_signature: little_endian::U32,
    /// Zero.
    pub unknown: [u8; 2],
    /// The partitions.
    pub partitions: [PartitionRecord; 4],
    /// [`MBR_SIGNATURE`].
    pub signature: [u8; 2],
}
const _: () = assert!(size_of::<MasterBootRecord>() == SECTOR);

/// How a disk pretends to be made: what sectors by head and cylinder are counted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Heads of a cylinder, at most 255.
    pub heads: u32,
    /// Sectors of a track, at most 63.
    pub sectors: u32,
}

impl Geometry {
    /// Heads and sectors that keep a disk within the 1024 cylinders there are numbers for, as far as that goes.
    #[must_use]
    pub const fn of(sectors: u64) -> Self {
        const CYLINDERS: u64 = 1024;
        match sectors {
            n if n <= CYLINDERS * 64 * 32 => Self { heads: 64, sectors: 32 },
            n if n <= CYLINDERS * 128 * 32 => Self { heads: 128, sectors: 32 },
            _ => Self { heads: 255, sectors: 63 },
        }
    }

    /// Head, sector and cylinder of a sector, as a partition record has it; the last there are numbers for when it is
    /// behind them. UEFI 2.10 table 5-2.
    #[must_use]
    pub fn chs(self, sector: u64) -> [u8; 3] {
        self.exact_chs(sector).unwrap_or([0xfe, 0xff, 0xff])
    }

    /// The same; `None` when there is no number for it.
    #[must_use]
    pub fn exact_chs(self, sector: u64) -> Option<[u8; 3]> {
        let (heads, track) = (u64::from(self.heads.max(1)), u64::from(self.sectors.max(1)));
        let cylinder = sector / (heads * track);
        let low = |value: u64| u8::try_from(value & 0xff).unwrap_or(0);
        let head = low(sector / track % heads);
        (cylinder <= 1023)
            .then(|| [head, low(sector % track + 1) | low(cylinder >> 2) & 0xc0, low(cylinder)])
    }
}

/// First bytes of a GUID partition table header. UEFI 2.10 table 5-5.
pub const GPT_SIGNATURE: [u8; 8] = *b"EFI PART";
/// Revision 1.0.
pub const GPT_REVISION: u32 = 0x0001_0000;
/// Partition entries there is room for: 16 KiB of them. UEFI 2.10 5.3.1.
pub const GPT_ENTRIES: usize = 128;
/// Sectors of the partition entries.
pub const GPT_ENTRY_SECTORS: u64 = 32;
/// Sectors at the end of a disk that hold the backup table.
pub const GPT_BACKUP_SECTORS: u64 = GPT_ENTRY_SECTORS + 1;

/// Header of a GUID partition table. UEFI 2.10 table 5-5.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub struct GptHeader {
    /// [`GPT_SIGNATURE`].
    pub signature: [u8; 8],
    /// [`GPT_REVISION`].
    pub revision: little_endian::U32,
    /// Bytes of this header.
    pub header_size: little_endian::U32,
    /// CRC-32 of this header with zero in this field.
    pub header_crc: little_endian::U32,
    /// Zero.
    pub reserved: little_endian::U32,
    /// Sector this header is in.
    pub my_lba: little_endian::U64,
    /// Sector the other header is in.
    pub alternate_lba: little_endian::U64,
    /// First sector that partitions may use.
    pub first_usable: little_endian::U64,
    /// Last sector that partitions may use.
    pub last_usable: little_endian::U64,
    /// Tells one disk from another.
    pub disk_guid: [u8; 16],
    /// First sector of the partition entries.
    pub entries_lba: little_endian::U64,
    /// How many partition entries there are.
    pub entries: little_endian::U32,
    /// Bytes of an entry.
    pub entry_size: little_endian::U32,
    /// CRC-32 of the entries.
    pub entries_crc: little_endian::U32,
}
const _: () = assert!(size_of::<GptHeader>() == 92);

impl GptHeader {
    /// The header with its own checksum in place.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        self.header_crc = little_endian::U32::ZERO;
        self.header_crc = crc32(self.as_bytes()).into();
        self
    }

    /// Whether signature and checksum are right.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.signature == GPT_SIGNATURE && self.sealed().header_crc == self.header_crc
    }
}

/// Partition entry. UEFI 2.10 table 5-6.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub struct GptEntry {
    /// What the partition is for; all zero for an entry that is not used.
    pub type_guid: [u8; 16],
    /// Tells one partition from another.
    pub unique_guid: [u8; 16],
    /// First sector.
    pub first: little_endian::U64,
    /// Last sector.
    pub last: little_endian::U64,
    /// See [`gpt_attributes`].
    pub attributes: little_endian::U64,
    /// Name in UTF-16.
    pub name: [little_endian::U16; 36],
}
const _: () = assert!(size_of::<GptEntry>() == 128);

/// Attributes of a partition. UEFI 2.10 table 5-8; from bit 48 on as Microsoft's basic data partition has them.
pub mod gpt_attributes {
    /// Firmware and systems must not remove it.
    pub const REQUIRED: u64 = 1;
    /// Not to be written to.
    pub const READ_ONLY: u64 = 1 << 60;
    /// Not shown.
    pub const HIDDEN: u64 = 1 << 62;
    /// Gets no drive letter, so that nobody is asked to format it.
    pub const NO_DRIVE_LETTER: u64 = 1 << 63;
}

/// Types of partitions, as they are recorded: the first three parts least significant byte first. UEFI 2.10 appendix A.
pub mod type_guid {
    /// EFI system partition, C12A7328-F81F-11D2-BA4B-00A0C93EC93B. UEFI 2.10 table 5-7.
    pub const EFI_SYSTEM: [u8; 16] = [
        0x28, 0x73, 0x2a, 0xc1, 0x1f, 0xf8, 0xd2, 0x11, 0xba, 0x4b, 0x00, 0xa0, 0xc9, 0x3e, 0xc9,
        0x3b,
    ];
    /// Microsoft's basic data partition, EBD0A0A2-B9E5-4433-87C0-68B6B72699C7.
    pub const BASIC_DATA: [u8; 16] = [
        0xa2, 0xa0, 0xd0, 0xeb, 0xe5, 0xb9, 0x33, 0x44, 0x87, 0xc0, 0x68, 0xb6, 0xb7, 0x26, 0x99,
        0xc7,
    ];
}

impl GptEntry {
    /// An entry with a name; what is longer than 36 units of UTF-16 is cut.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let mut entry = Self::new_zeroed();
        for (to, from) in entry.name.iter_mut().zip(name.encode_utf16()) {
            *to = from.into();
        }
        entry
    }
}

/// CRC-32 as GUID partition tables have it. UEFI 2.10 5.3.2.
#[must_use]
pub fn crc32(bytes: &[u8]) -> u32 {
    const CRC: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
    CRC.checksum(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sectors_by_head_and_cylinder() {
        let geometry = Geometry::of(1024 * 64 * 32);
        assert_eq!(geometry, Geometry { heads: 64, sectors: 32 });
        assert_eq!(geometry.chs(0), [0, 1, 0]);
        assert_eq!(geometry.chs(63), [1, 32, 0]);
        assert_eq!(geometry.chs(1024 * 64 * 32 - 1), [63, 0xe0, 0xff]);
        assert_eq!(geometry.chs(1024 * 64 * 32), [0xfe, 0xff, 0xff]);
        assert_eq!(Geometry::of(1 << 30), Geometry { heads: 255, sectors: 63 });
    }

    #[test]
    fn a_header_knows_whether_it_is_right() {
        let mut header = GptHeader::new_zeroed();
        assert!(!header.is_valid());
        header.signature = GPT_SIGNATURE;
        let header = header.sealed();
        assert!(header.is_valid());
        assert!(!GptHeader { my_lba: 1.into(), ..header }.is_valid());
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
