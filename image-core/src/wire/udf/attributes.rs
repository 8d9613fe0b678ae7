//! Extended attributes. ECMA-167 4/14.10; UDF 3.3.4.

use zerocopy::little_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::{DescriptorTag, EntityId};

/// Types of extended attribute. ECMA-167 4/14.10.
pub mod attribute_type {
    /// Character sets.
    pub const CHARACTER_SETS: u32 = 1;
    /// Alternate permissions.
    pub const ALTERNATE_PERMISSIONS: u32 = 3;
    /// File times: creation and the like.
    pub const FILE_TIMES: u32 = 5;
    /// Information times.
    pub const INFORMATION_TIMES: u32 = 6;
    /// Device specification.
    pub const DEVICE_SPECIFICATION: u32 = 12;
    /// Implementation use.
    pub const IMPLEMENTATION_USE: u32 = 2048;
    /// Application use.
    pub const APPLICATION_USE: u32 = 65_536;
}

/// Head of a space of extended attributes. ECMA-167 4/14.10.1.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct ExtendedAttributesHead {
    /// Tag 262.
    pub tag: DescriptorTag,
    /// Where implementation use attributes begin, counted from this head; FFFFFFFFh for nowhere. UDF 3.3.4.1.
    pub implementation_attributes: U32,
    /// Where application use attributes begin, counted from this head; FFFFFFFFh for nowhere.
    pub application_attributes: U32,
}
const _: () = assert!(size_of::<ExtendedAttributesHead>() == 24);

/// Head of an extended attribute. ECMA-167 4/14.10.2.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct AttributeHead {
    /// See [`attribute_type`].
    pub attribute_type: U32,
    /// 1.
    pub subtype: u8,
    /// Zero.
    pub reserved: [u8; 3],
    /// Length of the attribute with this head, in bytes.
    pub length: U32,
}
const _: () = assert!(size_of::<AttributeHead>() == 12);

/// File times; a timestamp follows for each bit that is set, least bit first. ECMA-167 4/14.10.5.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct FileTimesAttribute {
    /// Type 5.
    pub head: AttributeHead,
    /// Length of the timestamps, in bytes.
    pub data_length: U32,
    /// Bit 0 creation, 2 deletion, 3 effective, 5 last backup.
    pub existence: U32,
}
const _: () = assert!(size_of::<FileTimesAttribute>() == 20);

/// Device specification; implementation use follows. ECMA-167 4/14.10.7.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct DeviceSpecification {
    /// Type 12.
    pub head: AttributeHead,
    /// Length of the implementation use, in bytes.
    pub implementation_use_length: U32,
    /// Major device number.
    pub major: U32,
    /// Minor device number.
    pub minor: U32,
}
const _: () = assert!(size_of::<DeviceSpecification>() == 24);

/// Implementation use or application use; the use follows. ECMA-167 4/14.10.8, 4/14.10.9; UDF 3.3.4.5, 3.3.4.6.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct UseAttribute {
    /// Type 2048 or 65536.
    pub head: AttributeHead,
    /// Length of the use, in bytes.
    pub use_length: U32,
    /// Whose it is.
    pub identifier: EntityId,
}
const _: () = assert!(size_of::<UseAttribute>() == 48);
