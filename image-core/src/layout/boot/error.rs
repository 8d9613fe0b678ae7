//! Why an image cannot start machines as it is asked to.

use alloc::string::String;

use crate::tree::AddError;

/// Why an image cannot start machines as it is asked to. Images without a path are called `(unnamed)`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BootError {
    /// The tree has no such file.
    #[error("the boot image {path:?} is not a file of the image")]
    NotAFile {
        /// The path given.
        path: String,
    },
    /// The boot catalog would be loaded: it stands in place of the file.
    #[error("the boot image {path:?} would be the boot catalog itself")]
    IsCatalog {
        /// The path given to both.
        path: String,
    },
    /// There is nothing to load.
    #[error("the boot image {path:?} is empty")]
    Empty {
        /// The image.
        path: String,
    },
    /// A diskette of another size than the one that is emulated. El Torito 1.0, figure 3.
    #[error(
        "the boot image {path:?} has {len} bytes, and the diskette it stands for has {expected} (El Torito 1.0, figure 3)"
    )]
    FloppySize {
        /// The image.
        path: String,
        /// Its length in bytes.
        len: u64,
        /// Bytes of the diskette.
        expected: u64,
    },
    /// An image that is not that of a hard disk. El Torito 1.0, figure 3.
    #[error(
        "the boot image {path:?} has no master boot record with its signature in the first 512 bytes, as a hard disk has \
         (El Torito 1.0, figure 3)"
    )]
    NoMasterBootRecord {
        /// The image.
        path: String,
    },
    /// A hard disk with more or fewer than one partition. El Torito 1.0, 2.2.
    #[error(
        "the boot image {path:?} has {partitions} partitions, and a hard disk that is emulated has one (El Torito 1.0, 2.2)"
    )]
    Partitions {
        /// The image.
        path: String,
        /// How many it has.
        partitions: usize,
    },
    /// An image that must be looked into or patched, whose bytes were not given.
    #[error("the boot image {path:?} needs its bytes to be given: {what}")]
    ContentNeeded {
        /// The image.
        path: String,
        /// What they are for.
        what: &'static str,
    },
    /// The bytes given are not as many as the file has.
    #[error("the boot image {path:?} has {len} bytes, and {given} were given")]
    ContentDiffers {
        /// The image.
        path: String,
        /// Length of the file.
        len: u64,
        /// Bytes given.
        given: u64,
    },
    /// An image that ends before what is to be patched into it.
    #[error(
        "the boot image {path:?} has {len} bytes, too few for {what}, which ends at byte {end}"
    )]
    TooShort {
        /// The image.
        path: String,
        /// Its length in bytes.
        len: u64,
        /// What is to be patched.
        what: &'static str,
        /// Where that ends.
        end: u64,
    },
    /// Several entries want different things patched into one image.
    #[error("the boot image {path:?} is to be patched by one entry and not by another")]
    PatchedDifferently {
        /// The image.
        path: String,
    },
    /// An identification that is too long, or has characters beyond ASCII. El Torito 1.0, 2.1 and 2.3.
    #[error("{id:?} cannot be an identification in the boot catalog (El Torito 1.0, {clause})")]
    Identification {
        /// The text given.
        id: String,
        /// Where its length is said.
        clause: &'static str,
    },
    /// Selection criteria of the initial entry, which has none. El Torito 1.0, 2.2.
    #[error("the initial entry of a boot catalog has no selection criteria (El Torito 1.0, 2.2)")]
    InitialCriteria,
    /// A section without entries, or with more than 16 bits count. El Torito 1.0, 2.3.
    #[error("a section of the boot catalog has {entries} entries (El Torito 1.0, 2.3)")]
    SectionEntries {
        /// How many it has.
        entries: usize,
    },
    /// The boot catalog cannot be at its path.
    #[error("the boot catalog cannot be there")]
    CatalogPath(#[source] AddError),
    /// The system area has 16 blocks. ECMA-119 6.2.1.
    #[error("{len} bytes are too many for the system area, which has 32768 (ECMA-119 6.2.1)")]
    SystemAreaSize {
        /// How many were given.
        len: usize,
    },
    /// Code of a length that a master boot record of its kind has not.
    #[error("{len} bytes are no {kind}, which has {expected}")]
    MbrCodeSize {
        /// How many were given.
        len: usize,
        /// What they should be.
        kind: &'static str,
        /// How many it has.
        expected: &'static str,
    },
    /// A partition of a type that stands for none, or for those of the GUID partition table. UEFI 2.10 table 5-2, 5.2.3.
    #[error("{partition_type:#04x} is no type of a partition that holds the image (UEFI 2.10 5.2)")]
    PartitionType {
        /// The type asked for.
        partition_type: u8,
    },
    /// Code that starts a boot image, without one for a BIOS.
    #[error("the code of the master boot record needs a boot image for a BIOS without emulation")]
    NothingForBios,
    /// ISOLINUX's code for an image that is not ISOLINUX.
    #[error("the boot image {path:?} is no ISOLINUX that a master boot record can start")]
    NotIsolinux {
        /// The image.
        path: String,
    },
    /// The backup of a GUID partition table and a virtual allocation table both end the image. UDF 2.60 2.2.11, UEFI 2.10 5.3.1.
    #[error(
        "a GUID partition table ends the image, and so does a virtual partition's table (UDF 2.60, 2.2.11; UEFI 2.10, 5.3.1)"
    )]
    VirtualPartition,
    /// A partition that begins or ends where 32 bits do not reach. UEFI 2.10 table 5-2.
    #[error(
        "a master boot record reaches 2 TiB, and the image has {bytes} bytes (UEFI 2.10, table 5-2)"
    )]
    TooLargeForMbr {
        /// Bytes of the image.
        bytes: u64,
    },
}

impl BootError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::NotAFile { .. } => "add the file, or correct its path",
            Self::IsCatalog { .. } => "give the boot catalog another path",
            Self::Empty { .. } => "use another image",
            Self::FloppySize { .. } => {
                "pad the image to the size of a diskette, or choose no emulation"
            }
            Self::NoMasterBootRecord { .. } | Self::Partitions { .. } => {
                "use an image of a disk with one partition, or choose no emulation"
            }
            Self::ContentNeeded { .. } | Self::ContentDiffers { .. } => {
                "give the content of the file with it"
            }
            Self::TooShort { .. } => "leave the patch out: the image is made for no such thing",
            Self::PatchedDifferently { .. } => {
                "ask for the same patches in all entries of the image"
            }
            Self::Identification { .. } => {
                "use ASCII: at most 24 characters for a disc, 28 for a section"
            }
            Self::InitialCriteria => "move the entry into a section",
            Self::SectionEntries { .. } => "give each section 1 to 65535 entries",
            Self::CatalogPath(error) => error.hint(),
            Self::SystemAreaSize { .. } => "cut it to 32768 bytes",
            Self::MbrCodeSize { .. } => {
                "use isohdpfx.bin of ISOLINUX, boot_hybrid.img of GRUB, or code of at most 440 bytes"
            }
            Self::PartitionType { .. } => "use 0x17, or another type that systems leave alone",
            Self::NothingForBios => "add a boot image for a BIOS, or leave the code out",
            Self::NotIsolinux { .. } => {
                "use isolinux.bin of version 4 or later, or the code of its own loader"
            }
            Self::VirtualPartition => "use a master boot record, or another UDF partition",
            Self::TooLargeForMbr { .. } => "use a GUID partition table",
        }
    }

    /// The path that is meant, if one is.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::NotAFile { path }
            | Self::IsCatalog { path }
            | Self::Empty { path }
            | Self::FloppySize { path, .. }
            | Self::NoMasterBootRecord { path }
            | Self::Partitions { path, .. }
            | Self::ContentNeeded { path, .. }
            | Self::ContentDiffers { path, .. }
            | Self::TooShort { path, .. }
            | Self::PatchedDifferently { path }
            | Self::NotIsolinux { path } => Some(path),
            _ => None,
        }
    }
}
