//! How an image starts a machine: El Torito for discs, partition tables for the same image on a disk.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;

use crate::tree::HiddenIn;

/// Bytes that are shared, not copied.
#[derive(Clone, PartialEq, Eq)]
pub struct Bytes(Arc<[u8]>);

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl From<Arc<[u8]>> for Bytes {
    fn from(bytes: Arc<[u8]>) -> Self {
        Self(bytes)
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// How an image starts a machine. Nothing of it is there by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BootOptions {
    /// Boot catalog for machines that start from a disc. It needs ISO 9660.
    pub el_torito: Option<ElTorito>,
    /// Content of the first 16 blocks, which belong to no file system: at most 32 KiB. What `hybrid` asks for is written over it.
    /// ECMA-119 6.2.1.
    pub system_area: Option<Bytes>,
    /// Partition tables for machines that take the image for a disk: a USB stick.
    pub hybrid: Option<Hybrid>,
}

/// A boot catalog. El Torito 1.0, 2.0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElTorito {
    /// Platform of the initial entry.
    pub platform: Platform,
    /// Who made the disc: at most 24 characters of ASCII. El Torito 1.0, 2.1.
    pub id: String,
    /// What is started when nobody chooses.
    pub initial: BootEntry,
    /// What else there is.
    pub sections: Vec<BootSection>,
    /// Path of the catalog as a file of the image, in place of a file that is there. Without one it has blocks, but no name.
    pub catalog_path: Option<String>,
    /// File systems in which that file does not show.
    pub catalog_hidden_in: HiddenIn,
}

impl ElTorito {
    /// A catalog of one entry, which belongs to no file.
    #[must_use]
    pub const fn new(platform: Platform, initial: BootEntry) -> Self {
        Self {
            platform,
            id: String::new(),
            initial,
            sections: Vec::new(),
            catalog_path: None,
            catalog_hidden_in: HiddenIn::empty(),
        }
    }

    /// All entries with their platforms, in the order of the catalog.
    pub fn entries(&self) -> impl Iterator<Item = (Platform, &BootEntry)> {
        let others = self
            .sections
            .iter()
            .flat_map(|section| section.entries.iter().map(move |entry| (section.platform, entry)));
        core::iter::once((self.platform, &self.initial)).chain(others)
    }

    /// The same, to be changed.
    pub fn entries_mut(&mut self) -> impl Iterator<Item = (Platform, &mut BootEntry)> {
        let others = self.sections.iter_mut().flat_map(|section| {
            let platform = section.platform;
            section.entries.iter_mut().map(move |entry| (platform, entry))
        });
        core::iter::once((self.platform, &mut self.initial)).chain(others)
    }
}

/// Entries of a catalog for one platform. El Torito 1.0, 2.3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootSection {
    /// For which machines they are.
    pub platform: Platform,
    /// What the section is called: at most 28 characters of ASCII.
    pub id: String,
    /// The entries, at least one.
    pub entries: Vec<BootEntry>,
}

impl BootSection {
    /// A section of one entry without a name, as most tools write it.
    #[must_use]
    pub fn of(platform: Platform, entry: BootEntry) -> Self {
        Self { platform, id: String::new(), entries: alloc::vec![entry] }
    }
}

/// For which machines an entry is. El Torito 1.0, 2.1; UEFI 2.10 13.3.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Platform(pub u8);

impl Platform {
    /// A BIOS.
    pub const BIOS: Self = Self(0);
    /// PowerPC.
    pub const POWER_PC: Self = Self(1);
    /// Macintosh.
    pub const MAC: Self = Self(2);
    /// UEFI.
    pub const UEFI: Self = Self(0xef);
}

/// Something that can be started. El Torito 1.0, 2.2 and 2.4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootEntry {
    /// What is loaded.
    pub image: BootImage,
    /// Whether firmware may start it.
    pub bootable: bool,
    /// What the image pretends to be.
    pub emulation: Emulation,
    /// Segment that a BIOS loads it to; 0 stands for 0x7C0.
    pub load_segment: u16,
    /// Sectors of 512 bytes that are loaded. `None` for what the platform expects: 4 without emulation by a BIOS, 1 with it,
    /// and the whole image for any other. An image too long to be counted has 0, which stands for all there is in UEFI 2.10
    /// 13.3.2.1.
    pub sector_count: Option<u16>,
    /// Which machine it is for; the initial entry has none.
    pub criteria: Option<SelectionCriteria>,
    /// Patch the table into the image that mkisofs's `-boot-info-table` is known for: ISOLINUX needs it.
    pub info_table: bool,
    /// Patch a pointer to itself into the image, as GRUB 2 needs it.
    pub grub2_pointer: bool,
}

impl BootEntry {
    /// An entry without emulation, with what its platform expects.
    #[must_use]
    pub const fn new(image: BootImage) -> Self {
        Self {
            image,
            bootable: true,
            emulation: Emulation::None,
            load_segment: 0,
            sector_count: None,
            criteria: None,
            info_table: false,
            grub2_pointer: false,
        }
    }
}

/// Content of a boot image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BootImage {
    /// A file of the tree, by its path. What must be looked into or patched needs its bytes in [`crate::tree::Details::content`].
    File(String),
    /// Bytes that have no name in any file system of the image.
    Unnamed(Bytes),
}

/// What a boot image pretends to be. El Torito 1.0, figure 3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Emulation {
    /// Nothing: the loader knows discs.
    #[default]
    None,
    /// A diskette of 1.2 MB.
    Floppy1200,
    /// A diskette of 1.44 MB.
    Floppy1440,
    /// A diskette of 2.88 MB.
    Floppy2880,
    /// A hard disk with one partition.
    HardDisk,
}

impl Emulation {
    /// The number for it in an entry.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Floppy1200 => 1,
            Self::Floppy1440 => 2,
            Self::Floppy2880 => 3,
            Self::HardDisk => 4,
        }
    }

    /// What a number in an entry stands for.
    #[must_use]
    pub const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::None,
            1 => Self::Floppy1200,
            2 => Self::Floppy1440,
            3 => Self::Floppy2880,
            4 => Self::HardDisk,
            _ => return None,
        })
    }

    /// Bytes of the diskette, if it is one.
    #[must_use]
    pub const fn floppy_len(self) -> Option<u64> {
        match self {
            Self::Floppy1200 => Some(80 * 2 * 15 * 512),
            Self::Floppy1440 => Some(80 * 2 * 18 * 512),
            Self::Floppy2880 => Some(80 * 2 * 36 * 512),
            Self::None | Self::HardDisk => None,
        }
    }
}

/// Which machine an entry is for. El Torito 1.0, 2.4 and 2.5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectionCriteria {
    /// 1 for language and version as IBM has them; others are for vendors.
    pub kind: u8,
    /// The criteria. What does not fit the 19 bytes of the entry goes into extensions of 30 bytes each.
    pub bytes: Vec<u8>,
}

/// Partition tables in an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hybrid {
    /// Which tables.
    pub table: PartitionTable,
    /// What a BIOS starts from the disk.
    pub code: Option<MbrCode>,
    /// Where the EFI system partition is.
    pub system_partition: SystemPartition,
    /// Type of the partition that holds the image, in a master boot record that has one.
    pub partition_type: u8,
}

impl Hybrid {
    /// These tables without code.
    #[must_use]
    pub const fn new(table: PartitionTable) -> Self {
        Self {
            table,
            code: None,
            system_partition: SystemPartition::InPlace,
            partition_type: crate::wire::partition::partition_type::HIDDEN_NTFS,
        }
    }
}

/// Which partition tables an image has. The EFI system partition is the first El Torito image for UEFI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartitionTable {
    /// A master boot record: the image as a partition that starts with it, and the EFI system partition.
    Mbr,
    /// A GUID partition table, behind a protective master boot record. UEFI 2.10 5.2.3.
    Gpt,
    /// A GUID partition table, and the same partitions in the master boot record, one of them active.
    Both,
}

/// Where the EFI system partition is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SystemPartition {
    /// Where its image is: within the partition of a master boot record that holds the whole image.
    #[default]
    InPlace,
    /// Behind all other files, so that partitions do not overlap.
    Appended,
}

/// Code in the master boot record, made for a boot loader that it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MbrCode {
    /// ISOLINUX's `isohdpfx.bin` and its kin: 432 bytes, followed by a pointer to the image for a BIOS.
    Isolinux(Bytes),
    /// GRUB 2's `boot_hybrid.img`: 512 bytes, of which those before the partitions count, with a pointer in them.
    Grub2(Bytes),
    /// Any other, at most 440 bytes, taken as it is.
    Other(Bytes),
}
