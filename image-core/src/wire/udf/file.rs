//! File structure: file sets, file identifiers, ICBs, file entries. ECMA-167 part 4.

use bitflags::bitflags;
use zerocopy::little_endian::{U16, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::{CharSpec, DescriptorTag, EntityId, LbAddr, LongAd, Timestamp};

/// File set descriptor. ECMA-167 4/14.1; UDF 2.3.2.
#[derive(Clone, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct FileSetDescriptor {
    /// Tag 256.
    pub tag: DescriptorTag,
    /// When the file set was recorded.
    pub recorded: Timestamp,
    /// Interchange level, 3.
    pub interchange_level: U16,
    /// Maximum interchange level, 3.
    pub maximum_interchange_level: U16,
    /// Character set list: 1, CS0.
    pub character_set_list: U32,
    /// Maximum character set list: 1, CS0.
    pub maximum_character_set_list: U32,
    /// File set number, 0.
    pub file_set_number: U32,
    /// File set descriptor number, 0.
    pub descriptor_number: U32,
    /// CS0.
    pub logical_volume_character_set: CharSpec,
    /// Logical volume identifier, a dstring.
    pub logical_volume_identifier: [u8; 128],
    /// CS0.
    pub file_set_character_set: CharSpec,
    /// File set identifier, a dstring.
    pub file_set_identifier: [u8; 32],
    /// Copyright file identifier, a dstring.
    pub copyright_file_identifier: [u8; 32],
    /// Abstract file identifier, a dstring.
    pub abstract_file_identifier: [u8; 32],
    /// Where the ICB of the root directory is.
    pub root: LongAd,
    /// `*OSTA UDF Compliant`.
    pub domain_identifier: EntityId,
    /// Next extent of file set descriptors, none.
    pub next_extent: LongAd,
    /// System stream directory (2.00 and later), none.
    pub system_stream_directory: LongAd,
    /// Zero.
    pub reserved: [u8; 32],
}
const _: () = assert!(size_of::<FileSetDescriptor>() == 512);

bitflags! {
    /// What a file identifier names. ECMA-167 4/14.4.3.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct FileCharacteristics: u8 {
        /// Need not be made known to the user.
        const HIDDEN = 0x01;
        /// Names a directory.
        const DIRECTORY = 0x02;
        /// Deleted.
        const DELETED = 0x04;
        /// Names the parent directory; it has no name.
        const PARENT = 0x08;
        /// In a stream directory: the stream is of the implementation. UDF 2.3.4.2.
        const METADATA = 0x10;
    }
}

/// Fixed part of a file identifier descriptor; implementation use and identifier follow, padded to 4 bytes. ECMA-167 4/14.4.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct FileIdentifier {
    /// Tag 257.
    pub tag: DescriptorTag,
    /// File version number, 1.
    pub version: U16,
    /// See [`FileCharacteristics`].
    pub characteristics: u8,
    /// Length of the identifier, in bytes.
    pub identifier_length: u8,
    /// Where the ICB is.
    pub icb: LongAd,
    /// Length of the implementation use, in bytes.
    pub implementation_use_length: U16,
}
const _: () = assert!(size_of::<FileIdentifier>() == 38);

impl FileIdentifier {
    /// Bytes of a descriptor whose identifier has this length, padding included. ECMA-167 4/14.4.9.
    #[must_use]
    pub const fn padded_len(identifier_len: usize) -> usize {
        (size_of::<Self>() + identifier_len).next_multiple_of(4)
    }
}

/// What a file is. ECMA-167 4/14.6.6.
pub mod file_type {
    /// Directory.
    pub const DIRECTORY: u8 = 4;
    /// Regular file: a sequence of bytes.
    pub const REGULAR: u8 = 5;
    /// Block special device.
    pub const BLOCK_DEVICE: u8 = 6;
    /// Character special device.
    pub const CHARACTER_DEVICE: u8 = 7;
    /// Space of extended attributes.
    pub const EXTENDED_ATTRIBUTES: u8 = 8;
    /// FIFO.
    pub const FIFO: u8 = 9;
    /// Socket.
    pub const SOCKET: u8 = 10;
    /// Symbolic link.
    pub const SYMLINK: u8 = 12;
    /// Stream directory.
    pub const STREAM_DIRECTORY: u8 = 13;
    /// Virtual allocation table. UDF 2.2.11.
    pub const VIRTUAL_ALLOCATION_TABLE: u8 = 248;
    /// Metadata file. UDF 2.2.13.
    pub const METADATA: u8 = 250;
    /// Metadata mirror file. UDF 2.2.13.
    pub const METADATA_MIRROR: u8 = 251;
    /// Metadata bitmap file. UDF 2.2.13.
    pub const METADATA_BITMAP: u8 = 252;
    /// Real-time file. UDF 2.3.5.2.1.
    pub const REAL_TIME: u8 = 249;
}

/// Kind of allocation descriptors, bits 0-2 of the ICB flags. ECMA-167 4/14.6.8.
pub mod ad_type {
    /// Short allocation descriptors.
    pub const SHORT: u16 = 0;
    /// Long allocation descriptors.
    pub const LONG: u16 = 1;
    /// Extended allocation descriptors.
    pub const EXTENDED: u16 = 2;
    /// The data stand in place of the descriptors.
    pub const EMBEDDED: u16 = 3;
}

/// Other ICB flags. ECMA-167 4/14.6.8.
pub mod icb_flags {
    /// Must not be relocated.
    pub const NON_RELOCATABLE: u16 = 1 << 4;
    /// Archive.
    pub const ARCHIVE: u16 = 1 << 5;
    /// Set user id.
    pub const SET_UID: u16 = 1 << 6;
    /// Set group id.
    pub const SET_GID: u16 = 1 << 7;
    /// Sticky.
    pub const STICKY: u16 = 1 << 8;
    /// Its extents are contiguous.
    pub const CONTIGUOUS: u16 = 1 << 9;
    /// Stream.
    pub const STREAM: u16 = 1 << 13;
}

/// ICB tag. ECMA-167 4/14.6; UDF 2.3.5.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct IcbTag {
    /// Prior recorded number of direct entries, 0.
    pub prior_entries: U32,
    /// Strategy type, 4. UDF 2.3.5.1.
    pub strategy_type: U16,
    /// Strategy parameter, 0.
    pub strategy_parameter: U16,
    /// Maximum number of entries, 1.
    pub maximum_entries: U16,
    /// Zero.
    pub reserved: u8,
    /// See [`file_type`].
    pub file_type: u8,
    /// Parent ICB, not used.
    pub parent_icb: LbAddr,
    /// Kind of allocation descriptors and flags: see [`ad_type`] and [`icb_flags`].
    pub flags: U16,
}
const _: () = assert!(size_of::<IcbTag>() == 20);

/// Indirect entry: where the next ICB is. ECMA-167 4/14.7.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct IndirectEntry {
    /// Tag 259.
    pub tag: DescriptorTag,
    /// File type 3.
    pub icb_tag: IcbTag,
    /// The next ICB.
    pub icb: LongAd,
}
const _: () = assert!(size_of::<IndirectEntry>() == 52);

/// Permissions of a file entry, 5 bits each for others, group and owner. ECMA-167 4/14.9.5; UDF 2.3.6.3.
pub mod permissions {
    /// May execute a file, or search a directory.
    pub const EXECUTE: u32 = 1;
    /// May write.
    pub const WRITE: u32 = 1 << 1;
    /// May read.
    pub const READ: u32 = 1 << 2;
    /// May change attributes.
    pub const CHANGE_ATTRIBUTES: u32 = 1 << 3;
    /// May delete.
    pub const DELETE: u32 = 1 << 4;

    /// POSIX permission bits (`rwxrwxrwx`) in ECMA-167's form; who may write may change attributes and delete. UDF 3.3.3.3.
    #[must_use]
    pub const fn from_mode(mode: u32) -> u32 {
        let (others, group, owner) = (class(mode), class(mode >> 3), class(mode >> 6));
        others | group << 5 | owner << 10
    }

    /// The POSIX permission bits in these.
    #[must_use]
    pub const fn to_mode(permissions: u32) -> u32 {
        permissions & 7 | (permissions >> 5 & 7) << 3 | (permissions >> 10 & 7) << 6
    }

    const fn class(bits: u32) -> u32 {
        let bits = bits & 7;
        if bits & WRITE != 0 { bits | CHANGE_ATTRIBUTES | DELETE } else { bits }
    }
}

/// Fixed part of a file entry; extended attributes and allocation descriptors follow. ECMA-167 4/14.9; UDF 2.3.6.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct FileEntry {
    /// Tag 261.
    pub tag: DescriptorTag,
    /// What the file is and how its allocation descriptors look.
    pub icb_tag: IcbTag,
    /// User, or FFFFFFFFh.
    pub uid: U32,
    /// Group, or FFFFFFFFh.
    pub gid: U32,
    /// See [`permissions`].
    pub permissions: U32,
    /// Number of file identifiers that name this ICB.
    pub link_count: U16,
    /// Record format, 0.
    pub record_format: u8,
    /// Record display attributes, 0.
    pub record_display_attributes: u8,
    /// Record length, 0.
    pub record_length: U32,
    /// Length of the file, in bytes.
    pub information_length: U64,
    /// Blocks recorded for it.
    pub blocks_recorded: U64,
    /// Last access.
    pub accessed: Timestamp,
    /// Last modification.
    pub modified: Timestamp,
    /// Last change of attributes.
    pub attributes_changed: Timestamp,
    /// Checkpoint, 1.
    pub checkpoint: U32,
    /// Where extended attributes are, when not here.
    pub extended_attribute_icb: LongAd,
    /// Implementation that recorded it.
    pub implementation_identifier: EntityId,
    /// Unique id; 0 for the root. UDF 3.2.1.1.
    pub unique_id: U64,
    /// Length of the extended attributes that follow, in bytes.
    pub extended_attributes_length: U32,
    /// Length of the allocation descriptors that follow, in bytes.
    pub allocation_descriptors_length: U32,
}
const _: () = assert!(size_of::<FileEntry>() == 176);

/// Fixed part of an extended file entry (2.00 and later). ECMA-167 4/14.17.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct ExtendedFileEntry {
    /// Tag 266.
    pub tag: DescriptorTag,
    /// What the file is and how its allocation descriptors look.
    pub icb_tag: IcbTag,
    /// User, or FFFFFFFFh.
    pub uid: U32,
    /// Group, or FFFFFFFFh.
    pub gid: U32,
    /// See [`permissions`].
    pub permissions: U32,
    /// Number of file identifiers that name this ICB.
    pub link_count: U16,
    /// Record format, 0.
    pub record_format: u8,
    /// Record display attributes, 0.
    pub record_display_attributes: u8,
    /// Record length, 0.
    pub record_length: U32,
    /// Length of the file, in bytes.
    pub information_length: U64,
    /// Length of the file and its named streams, in bytes.
    pub object_size: U64,
    /// Blocks recorded for it.
    pub blocks_recorded: U64,
    /// Last access.
    pub accessed: Timestamp,
    /// Last modification.
    pub modified: Timestamp,
    /// Creation.
    pub created: Timestamp,
    /// Last change of attributes.
    pub attributes_changed: Timestamp,
    /// Checkpoint, 1.
    pub checkpoint: U32,
    /// Zero.
    pub reserved: U32,
    /// Where extended attributes are, when not here.
    pub extended_attribute_icb: LongAd,
    /// Where the stream directory is.
    pub stream_directory_icb: LongAd,
    /// Implementation that recorded it.
    pub implementation_identifier: EntityId,
    /// Unique id; 0 for the root.
    pub unique_id: U64,
    /// Length of the extended attributes that follow, in bytes.
    pub extended_attributes_length: U32,
    /// Length of the allocation descriptors that follow, in bytes.
    pub allocation_descriptors_length: U32,
}
const _: () = assert!(size_of::<ExtendedFileEntry>() == 216);

/// Kinds of path component of a symbolic link. ECMA-167 4/14.16.1.1.
pub mod component_type {
    /// The root of the file set, when it stands first.
    pub const ROOT: u8 = 2;
    /// The parent directory.
    pub const PARENT: u8 = 3;
    /// The current directory.
    pub const CURRENT: u8 = 4;
    /// A name.
    pub const NAME: u8 = 5;
}

/// Head of a path component; the identifier follows. ECMA-167 4/14.16.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PathComponent {
    /// See [`component_type`].
    pub component_type: u8,
    /// Length of the identifier, in bytes.
    pub identifier_length: u8,
    /// Component file version number, 0.
    pub version: U16,
}
const _: () = assert!(size_of::<PathComponent>() == 4);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_round_trip() {
        for mode in [0o777, 0o644, 0o750, 0o000, 0o421] {
            assert_eq!(permissions::to_mode(permissions::from_mode(mode)), mode);
        }
        assert_eq!(
            permissions::from_mode(0o002),
            permissions::WRITE | permissions::CHANGE_ATTRIBUTES | permissions::DELETE
        );
    }

    #[test]
    fn identifiers_are_padded_to_four() {
        assert_eq!(FileIdentifier::padded_len(0), 40);
        assert_eq!(FileIdentifier::padded_len(2), 40);
        assert_eq!(FileIdentifier::padded_len(3), 44);
    }
}
