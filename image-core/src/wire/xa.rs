//! CD-ROM XA (System Description CD-ROM XA, II.3): attributes in the system use area of directory records, and a
//! signature in the primary volume descriptor.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, big_endian};

/// Attributes of a file: the first 14 bytes of the system use area.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct XaAttributes {
    /// Owner's group.
    pub group: big_endian::U16,
    /// Owner.
    pub user: big_endian::U16,
    /// See [`attributes`].
    pub attributes: big_endian::U16,
    /// `XA`.
    pub signature: [u8; 2],
    /// File number of the subheaders; 0 when not interleaved.
    pub file_number: u8,
    /// Zero.
    pub reserved: [u8; 5],
}
const _: () = assert!(size_of::<XaAttributes>() == 14);

/// Bits of the attributes.
pub mod attributes {
    /// Readable for the owner; the group's bit is 4 higher, everyone's 8.
    pub const OWNER_READ: u16 = 0x0001;
    /// Executable for the owner; the group's bit is 4 higher, everyone's 8.
    pub const OWNER_EXECUTE: u16 = 0x0004;
    /// In sectors of form 1.
    pub const FORM_1: u16 = 0x0800;
    /// A directory.
    pub const DIRECTORY: u16 = 0x8000;
}

/// Signature of the extension, in the primary volume descriptor.
pub const SIGNATURE: &[u8; 8] = b"CD-XA001";
/// Where the signature stands in the descriptor, in bytes.
pub const SIGNATURE_OFFSET: usize = 1024;
