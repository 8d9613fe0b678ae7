//! Addresses and allocation descriptors. ECMA-167 3/7.1, 4/7.1, 4/14.14.

use zerocopy::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::DescriptorTag;

/// Most bytes one allocation descriptor may cover so that the next begins in a new block: 2^30 less one block. ECMA-167 4/14.14.1.1.
pub const SHORT_AD_MAX: u32 = (1 << 30) - 2048;

/// Kind of extent in the two most significant bits of an allocation descriptor's length. ECMA-167 4/14.14.1.1.
pub mod extent_type {
    /// Recorded and allocated.
    pub const RECORDED: u8 = 0;
    /// Allocated but not recorded.
    pub const ALLOCATED: u8 = 1;
    /// Neither: reads as zeros.
    pub const SPARSE: u8 = 2;
    /// The next extent of allocation descriptors.
    pub const NEXT_EXTENT: u8 = 3;
}

/// An extent of the volume. ECMA-167 3/7.1.
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
pub struct ExtentAd {
    /// Length in bytes.
    pub length: U32,
    /// First logical sector.
    pub location: U32,
}

/// A block of a partition. ECMA-167 4/7.1.
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
pub struct LbAddr {
    /// Block, relative to the partition.
    pub block: U32,
    /// Ordinal of the partition map.
    pub partition: U16,
}

/// Short allocation descriptor: in the partition its ICB is in. ECMA-167 4/14.14.1.
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
pub struct ShortAd {
    /// Bits 31-30 kind (see [`extent_type`]), bits 29-0 length in bytes.
    pub length_and_type: U32,
    /// First block, relative to the partition.
    pub block: U32,
}
const _: () = assert!(size_of::<ShortAd>() == 8);

/// Long allocation descriptor. ECMA-167 4/14.14.2; UDF 2.3.10.
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
pub struct LongAd {
    /// Bits 31-30 kind (see [`extent_type`]), bits 29-0 length in bytes.
    pub length_and_type: U32,
    /// First block.
    pub location: LbAddr,
    /// Flags. UDF 2.3.10.1.
    pub flags: U16,
    /// In a file identifier: the low 32 bits of the unique id. UDF 2.3.4.3.
    pub unique_id: U32,
}
const _: () = assert!(size_of::<LongAd>() == 16);

/// Extended allocation descriptor. ECMA-167 4/14.14.3.
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
pub struct ExtendedAd {
    /// Bits 31-30 kind (see [`extent_type`]), bits 29-0 length in bytes.
    pub length_and_type: U32,
    /// Bytes recorded of it.
    pub recorded_length: U32,
    /// Bytes of the file that it holds.
    pub information_length: U32,
    /// First block.
    pub location: LbAddr,
    /// Implementation use.
    pub implementation_use: [u8; 2],
}
const _: () = assert!(size_of::<ExtendedAd>() == 20);

/// Length and kind of an allocation descriptor, apart. ECMA-167 4/14.14.1.1.
const fn split(length_and_type: u32) -> (u32, u8) {
    (length_and_type & 0x3FFF_FFFF, (length_and_type >> 30) as u8)
}

impl ShortAd {
    /// Length in bytes and kind of extent.
    #[must_use]
    pub const fn length(&self) -> (u32, u8) {
        split(self.length_and_type.get())
    }
}

impl ExtendedAd {
    /// Length in bytes and kind of extent.
    #[must_use]
    pub const fn length(&self) -> (u32, u8) {
        split(self.length_and_type.get())
    }
}

impl LongAd {
    /// Length in bytes and kind of extent.
    #[must_use]
    pub const fn length(&self) -> (u32, u8) {
        split(self.length_and_type.get())
    }
}

/// Head of an extent that holds further allocation descriptors. ECMA-167 4/14.5.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct AllocationExtentHead {
    /// Tag 258.
    pub tag: DescriptorTag,
    /// Previous allocation extent, or 0.
    pub previous: U32,
    /// Length of the allocation descriptors that follow, in bytes.
    pub length: U32,
}
const _: () = assert!(size_of::<AllocationExtentHead>() == 24);
