//! ECMA-167 structures as OSTA UDF uses them. Everything is little-endian. ECMA-167 1/7.1.

mod allocation;
mod attributes;
pub mod cs0;
mod file;
mod forms;
mod tag;
mod volume;

pub use allocation::{
    AllocationExtentHead, ExtendedAd, ExtentAd, LbAddr, LongAd, SHORT_AD_MAX, ShortAd, extent_type,
};
pub use attributes::{
    AttributeHead, DeviceSpecification, ExtendedAttributesHead, FileTimesAttribute, UseAttribute,
    attribute_type,
};
pub use file::{
    ExtendedFileEntry, FileCharacteristics, FileEntry, FileIdentifier, FileSetDescriptor, IcbTag,
    IndirectEntry, PathComponent, ad_type, component_type, file_type, icb_flags, permissions,
};
pub use forms::{
    METADATA_PARTITION, MetadataPartitionMap, PartitionHeader, PartitionMapType2,
    SPARABLE_PARTITION, SPARING_TABLE, SpaceBitmap, SparablePartitionMap, SparingEntry,
    SparingTable, VIRTUAL_ALLOCATION_TABLE, VIRTUAL_PARTITION, VIRTUAL_UNUSED,
    VirtualAllocationTable, VirtualAllocationTail, VirtualPartitionMap,
};
pub use tag::{DescriptorTag, TAG_CHECKSUM_OFFSET, crc, tag_id};
pub use volume::{
    AnchorVolumeDescriptorPointer, ImplementationUseVolumeDescriptor, LogicalVolumeDescriptor,
    LogicalVolumeIntegrity, LogicalVolumeIntegrityImplementation, PartitionDescriptor,
    PartitionMapType1, PrimaryVolumeDescriptor, RecognitionDescriptor, UnallocatedSpaceDescriptor,
    VolumeDescriptorPointer, access_type,
};

use zerocopy::little_endian::{U16, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::time::DiscTime;

/// Location of the first anchor. ECMA-167 3/8.4.2.1.
pub const ANCHOR: u32 = 256;

/// Character set specification. ECMA-167 1/7.2.1; UDF 2.1.2.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct CharSpec {
    /// 0: CS0.
    pub set_type: u8,
    /// `OSTA Compressed Unicode`.
    pub information: [u8; 63],
}

impl CharSpec {
    /// OSTA CS0. UDF 2.1.2.
    pub const OSTA: Self = {
        let mut information = [0; 63];
        let text = b"OSTA Compressed Unicode";
        let mut i = 0;
        while i < text.len() {
            #[expect(clippy::indexing_slicing, reason = "both bounds are known when compiled")]
            {
                information[i] = text[i];
            }
            i += 1;
        }
        Self { set_type: 0, information }
    };
}

/// Entity identifier. ECMA-167 1/7.4; UDF 2.1.5.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub struct EntityId {
    /// Bit 0 dirty, bit 1 protected.
    pub flags: u8,
    /// Who or what: `*OSTA UDF Compliant`, `*UDF LV Info`, an implementation's own.
    pub identifier: [u8; 23],
    /// Revision, operating system and the like, by the kind of identifier. UDF 2.1.5.3.
    pub suffix: [u8; 8],
}
const _: () = assert!(size_of::<EntityId>() == 32);

impl EntityId {
    /// All zero: not specified.
    pub const NONE: Self = Self { flags: 0, identifier: [0; 23], suffix: [0; 8] };

    /// The identifier, padded with zeros; longer text is cut.
    #[must_use]
    pub fn new(identifier: &[u8], suffix: [u8; 8]) -> Self {
        let mut padded = [0; 23];
        for (to, from) in padded.iter_mut().zip(identifier) {
            *to = *from;
        }
        Self { flags: 0, identifier: padded, suffix }
    }

    /// Suffix of domain and UDF identifiers: revision as in `0x0102`, and domain flags zero. UDF 2.1.5.3.
    #[must_use]
    pub fn udf_suffix(revision: u16) -> [u8; 8] {
        let [low, high] = revision.to_le_bytes();
        [low, high, 0, 0, 0, 0, 0, 0]
    }
}

/// Timestamp. ECMA-167 1/7.3; UDF 2.1.4.
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
pub struct Timestamp {
    /// Bits 15-12 type (1: local time), bits 11-0 offset in minutes, two's complement, -2047 not specified.
    pub type_and_zone: U16,
    /// Year, 1 to 9999.
    pub year: U16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, 1 to 31.
    pub day: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59.
    pub second: u8,
    /// Hundredths of a second.
    pub centiseconds: u8,
    /// Hundreds of microseconds.
    pub hundreds_of_microseconds: u8,
    /// Microseconds.
    pub microseconds: u8,
}
const _: () = assert!(size_of::<Timestamp>() == 12);

impl Timestamp {
    /// This moment, clamped to the years 1 to 9999.
    #[must_use]
    pub fn new(time: DiscTime) -> Self {
        const LOCAL_TIME: u16 = 1 << 12;
        let time = time.clamped_to_years(1, 9999);
        let zone = time.offset_minutes.clamp(-1440, 1440).cast_unsigned() & 0x0FFF;
        let part = |divisor: u32| u8::try_from(time.nanosecond / divisor % 100).unwrap_or(0);
        Self {
            type_and_zone: (LOCAL_TIME | zone).into(),
            year: u16::try_from(time.year).unwrap_or(1).into(),
            month: time.month,
            day: time.day,
            hour: time.hour,
            minute: time.minute,
            second: time.second,
            centiseconds: part(10_000_000),
            hundreds_of_microseconds: part(100_000),
            microseconds: part(1_000),
        }
    }

    /// The moment meant, or `None` when out of range. An unspecified zone counts as UTC, and so does every type but 1:
    /// only local time has a zone. ECMA-167 1/7.3.1.
    #[must_use]
    pub fn parse(&self) -> Option<DiscTime> {
        let is_local = self.type_and_zone.get() >> 12 == 1;
        let zone = (self.type_and_zone.get() << 4).cast_signed() >> 4;
        let nanosecond = u32::from(self.centiseconds) * 10_000_000
            + u32::from(self.hundreds_of_microseconds) * 100_000
            + u32::from(self.microseconds) * 1_000;
        DiscTime {
            year: self.year.get().into(),
            month: self.month,
            day: self.day,
            hour: self.hour,
            minute: self.minute,
            second: self.second,
            nanosecond,
            offset_minutes: if is_local && zone.abs() <= 1440 { zone } else { 0 },
        }
        .validated()
    }
}

/// A logical volume header: the next unique id. ECMA-167 4/14.15.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct LogicalVolumeHeader {
    /// Greater than every unique id in use, and at least 16. UDF 3.2.1.
    pub unique_id: U64,
    /// Zero.
    pub reserved: [u8; 24],
}
const _: () = assert!(size_of::<LogicalVolumeHeader>() == 32);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_keep_microseconds_and_zone() {
        let time = DiscTime::from_unix(1_700_000_000, 123_456_000, -480);
        assert_eq!(Timestamp::new(time).parse(), Some(time));
        assert_eq!(Timestamp::default().parse(), None);
    }

    #[test]
    fn identifiers_are_padded() {
        let id = EntityId::new(b"*OSTA UDF Compliant", EntityId::udf_suffix(0x0102));
        assert_eq!(id.identifier.len(), 23);
        assert_eq!(id.suffix[..2], [0x02, 0x01]);
        assert_eq!(&CharSpec::OSTA.information[..23], b"OSTA Compressed Unicode");
    }
}
