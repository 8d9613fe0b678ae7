//! ECMA-119 (ISO 9660) volume descriptors, directory records and path table records; Joliet's use of them.

use zerocopy::{
    FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, big_endian, little_endian,
};

use super::both::{Both16, Both32};
use crate::time::DiscTime;

/// First block of the volume descriptor set; blocks 0 to 15 are the system area. ECMA-119 6.2.1.
pub const VOLUME_DESCRIPTORS_START: u32 = 16;
/// Standard identifier of every ECMA-119 volume descriptor. ECMA-119 8.1.2.
pub const STANDARD_IDENTIFIER: [u8; 5] = *b"CD001";
/// Escape sequences of Joliet level 3 (UCS-2), in the supplementary descriptor. Joliet specification, "SVD Escape Sequences".
pub const JOLIET_ESCAPE_LEVEL_3: [u8; 3] = *b"%/E";

/// Volume descriptor types. ECMA-119 8.1.1.
pub mod descriptor_type {
    /// Boot record.
    pub const BOOT_RECORD: u8 = 0;
    /// Primary volume descriptor.
    pub const PRIMARY: u8 = 1;
    /// Supplementary (Joliet) or enhanced (ISO 9660:1999) volume descriptor.
    pub const SUPPLEMENTARY: u8 = 2;
    /// Volume descriptor set terminator.
    pub const TERMINATOR: u8 = 255;
}

/// File flags of a directory record. ECMA-119 9.1.6.
pub mod file_flags {
    /// Existence: the file need not be made known to the user (hidden).
    pub const HIDDEN: u8 = 0x01;
    /// The record identifies a directory.
    pub const DIRECTORY: u8 = 0x02;
    /// Associated file.
    pub const ASSOCIATED: u8 = 0x04;
    /// Not the final directory record of the file: further file sections follow.
    pub const MULTI_EXTENT: u8 = 0x80;
}

/// Date and time in 17 bytes, digits and an offset. ECMA-119 8.4.26.1.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub struct LongDate {
    /// Year, month, day, hour, minute, second and hundredths as the 16 digits `YYYYMMDDHHMMSScc`.
    pub digits: [u8; 16],
    /// Offset from Greenwich Mean Time in intervals of 15 minutes, -48 to +52.
    pub offset: i8,
}
const _: () = assert!(size_of::<LongDate>() == 17);

impl LongDate {
    /// "Not specified": sixteen digits zero and a zero byte.
    pub const UNSPECIFIED: Self = Self { digits: [b'0'; 16], offset: 0 };

    /// This moment in the digits form, clamped to the years 1 to 9999; in UTC where quarter hours do not give its offset.
    #[must_use]
    pub fn new(time: DiscTime) -> Self {
        let time = time.in_quarter_hours().clamped_to_years(1, 9999);
        let mut digits = [b'0'; 16];
        let fields = [
            (0, 4, u32::try_from(time.year).unwrap_or(0)),
            (4, 2, time.month.into()),
            (6, 2, time.day.into()),
            (8, 2, time.hour.into()),
            (10, 2, time.minute.into()),
            (12, 2, time.second.into()),
            (14, 2, time.nanosecond / 10_000_000),
        ];
        for (start, width, value) in fields {
            let mut rest = value;
            for digit in digits.iter_mut().skip(start).take(width).rev() {
                *digit = b'0' + u8::try_from(rest % 10).unwrap_or(0);
                rest /= 10;
            }
        }
        Self { digits, offset: time.quarter_hours() }
    }

    /// The moment meant, or `None` when unspecified or not digits.
    #[must_use]
    pub fn parse(&self) -> Option<DiscTime> {
        let number = |start: usize, width: usize| {
            self.digits.iter().skip(start).take(width).try_fold(0u32, |sum, digit| {
                digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0'))
            })
        };
        let byte = |start| number(start, 2).and_then(|value| u8::try_from(value).ok());
        let year = i32::try_from(number(0, 4)?).ok()?;
        DiscTime {
            year,
            month: byte(4)?,
            day: byte(6)?,
            hour: byte(8)?,
            minute: byte(10)?,
            second: byte(12)?,
            nanosecond: u32::from(byte(14)?) * 10_000_000,
            offset_minutes: i16::from(self.offset) * 15,
        }
        .validated()
    }
}

/// Recording date and time in 7 bytes. ECMA-119 9.1.5.
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
pub struct ShortDate {
    /// Years since 1900.
    pub year: u8,
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
    /// Offset from Greenwich Mean Time in intervals of 15 minutes.
    pub offset: i8,
}
const _: () = assert!(size_of::<ShortDate>() == 7);

impl ShortDate {
    /// This moment, clamped to the years 1900 to 2155 that the form can hold; in UTC where quarter hours do not give its
    /// offset.
    #[must_use]
    pub fn new(time: DiscTime) -> Self {
        let time = time.in_quarter_hours().clamped_to_years(1900, 2155);
        Self {
            year: u8::try_from(time.year - 1900).unwrap_or(u8::MAX),
            month: time.month,
            day: time.day,
            hour: time.hour,
            minute: time.minute,
            second: time.second,
            offset: time.quarter_hours(),
        }
    }

    /// The moment meant, or `None` when all zero (not specified) or out of range.
    #[must_use]
    pub fn parse(&self) -> Option<DiscTime> {
        DiscTime {
            year: 1900 + i32::from(self.year),
            month: self.month,
            day: self.day,
            hour: self.hour,
            minute: self.minute,
            second: self.second,
            nanosecond: 0,
            offset_minutes: i16::from(self.offset) * 15,
        }
        .validated()
    }
}

/// Primary or supplementary volume descriptor. ECMA-119 8.4, 8.5.
///
/// The two differ only in fields that are reserved in the primary one: volume flags and escape sequences.
#[derive(Clone, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct VolumeDescriptor {
    /// Volume descriptor type: 1 primary, 2 supplementary. 8.4.1.
    pub descriptor_type: u8,
    /// Standard identifier, `CD001`. 8.4.2.
    pub standard_identifier: [u8; 5],
    /// Volume descriptor version: 1, or 2 for an enhanced descriptor. 8.4.3.
    pub version: u8,
    /// Volume flags of a supplementary descriptor; zero in a primary one. 8.5.3.
    pub volume_flags: u8,
    /// System that may act on the system area. 8.4.5.
    pub system_identifier: [u8; 32],
    /// Name of the volume. 8.4.6.
    pub volume_identifier: [u8; 32],
    /// Zero.
    pub unused_73: [u8; 8],
    /// Number of logical blocks of the volume. 8.4.8.
    pub volume_space_size: Both32,
    /// Escape sequences of a supplementary descriptor; zero in a primary one. 8.5.6.
    pub escape_sequences: [u8; 32],
    /// Number of volumes of the set. 8.4.10.
    pub volume_set_size: Both16,
    /// Ordinal of the volume in its set. 8.4.11.
    pub volume_sequence_number: Both16,
    /// Bytes in a logical block, 2048. 8.4.12.
    pub logical_block_size: Both16,
    /// Length of a path table, in bytes. 8.4.13.
    pub path_table_size: Both32,
    /// Location of the L path table, in logical blocks. 8.4.14.
    pub l_path_table: little_endian::U32,
    /// Location of the optional L path table, or 0. 8.4.15.
    pub optional_l_path_table: little_endian::U32,
    /// Location of the M path table, in logical blocks. 8.4.16.
    pub m_path_table: big_endian::U32,
    /// Location of the optional M path table, or 0. 8.4.17.
    pub optional_m_path_table: big_endian::U32,
    /// Directory record of the root, with its one-byte identifier. 8.4.18.
    pub root: DirectoryRecord,
    /// Identifier of the root: a zero byte.
    pub root_identifier: u8,
    /// Name of the volume set. 8.4.19.
    pub volume_set_identifier: [u8; 128],
    /// Who published it. 8.4.20.
    pub publisher_identifier: [u8; 128],
    /// Who prepared the data. 8.4.21.
    pub data_preparer_identifier: [u8; 128],
    /// How the data are recorded. 8.4.22.
    pub application_identifier: [u8; 128],
    /// File in the root that holds a copyright statement. 8.4.23.
    pub copyright_file_identifier: [u8; 37],
    /// File in the root that holds an abstract. 8.4.24.
    pub abstract_file_identifier: [u8; 37],
    /// File in the root that holds bibliographic records. 8.4.25.
    pub bibliographic_file_identifier: [u8; 37],
    /// When the volume was created. 8.4.26.
    pub creation: LongDate,
    /// When it was last modified. 8.4.27.
    pub modification: LongDate,
    /// When it may be regarded as obsolete. 8.4.28.
    pub expiration: LongDate,
    /// When it may be used. 8.4.29.
    pub effective: LongDate,
    /// File structure version: 1, or 2 for an enhanced descriptor. 8.4.30.
    pub file_structure_version: u8,
    /// Zero.
    pub reserved_883: u8,
    /// For the application's use. 8.4.32.
    pub application_use: [u8; 512],
    /// Zero.
    pub reserved_1396: [u8; 653],
}
const _: () = assert!(size_of::<VolumeDescriptor>() == 2048);
const _: () = assert!(core::mem::offset_of!(VolumeDescriptor, root) == 156);
const _: () = assert!(core::mem::offset_of!(VolumeDescriptor, creation) == 813);

/// Fixed part of a directory record; the file identifier, a pad byte when its length is even, and the system use area follow. ECMA-119 9.1.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct DirectoryRecord {
    /// Length of the record, in bytes; always even. 9.1.1.
    pub length: u8,
    /// Length of the extended attribute record, in blocks. 9.1.2.
    pub extended_attribute_length: u8,
    /// First logical block of the file section. 9.1.3.
    pub extent: Both32,
    /// Length of the file section, in bytes. 9.1.4.
    pub data_length: Both32,
    /// Recording date and time. 9.1.5.
    pub recorded: ShortDate,
    /// See [`file_flags`]. 9.1.6.
    pub flags: u8,
    /// Zero: not interleaved. 9.1.7.
    pub file_unit_size: u8,
    /// Zero: not interleaved. 9.1.8.
    pub interleave_gap_size: u8,
    /// Volume of the set that holds the extent. 9.1.9.
    pub volume_sequence_number: Both16,
    /// Length of the file identifier, in bytes. 9.1.10.
    pub identifier_length: u8,
}
const _: () = assert!(size_of::<DirectoryRecord>() == 33);

impl DirectoryRecord {
    /// Bytes of a record with an identifier of this length, without a system use area: the fixed part, the identifier and the pad to an even length. 9.1.12.
    #[must_use]
    pub const fn base_len(identifier_len: usize) -> usize {
        (size_of::<Self>() + identifier_len).next_multiple_of(2)
    }
}

/// Longest directory record: its length is one byte and even.
pub const MAX_DIRECTORY_RECORD: usize = 254;

/// Fixed part of a path table record of the L table; the directory identifier and a pad byte when its length is odd follow. ECMA-119 9.4.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PathTableRecordL {
    /// Length of the directory identifier, in bytes. 9.4.1.
    pub identifier_length: u8,
    /// Length of the extended attribute record, in blocks. 9.4.2.
    pub extended_attribute_length: u8,
    /// First logical block of the directory. 9.4.3.
    pub extent: little_endian::U32,
    /// Record number of the parent directory, from 1. 9.4.4.
    pub parent: little_endian::U16,
}
const _: () = assert!(size_of::<PathTableRecordL>() == 8);

/// The same of the M table, most significant byte first. ECMA-119 9.4.
#[derive(Clone, Copy, Debug, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct PathTableRecordM {
    /// Length of the directory identifier, in bytes. 9.4.1.
    pub identifier_length: u8,
    /// Length of the extended attribute record, in blocks. 9.4.2.
    pub extended_attribute_length: u8,
    /// First logical block of the directory. 9.4.3.
    pub extent: big_endian::U32,
    /// Record number of the parent directory, from 1. 9.4.4.
    pub parent: big_endian::U16,
}
const _: () = assert!(size_of::<PathTableRecordM>() == 8);

/// Volume descriptor set terminator; also the shape of every descriptor's head. ECMA-119 8.3.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct DescriptorHead {
    /// Volume descriptor type. 8.1.1.
    pub descriptor_type: u8,
    /// Standard identifier. 8.1.2.
    pub standard_identifier: [u8; 5],
    /// Version, 1. 8.1.3.
    pub version: u8,
}
const _: () = assert!(size_of::<DescriptorHead>() == 7);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_date_digits() {
        let time = DiscTime::from_unix(1_000_000_000, 230_000_000, 120);
        let date = LongDate::new(time);
        assert_eq!(&date.digits, b"2001090903464023");
        assert_eq!(date.offset, 8);
        assert_eq!(date.parse(), Some(time));
        assert_eq!(LongDate::UNSPECIFIED.parse(), None);
    }

    #[test]
    fn short_date_is_clamped() {
        let early = DiscTime { year: 1601, ..DiscTime::from_unix(0, 0, 0) };
        assert_eq!(ShortDate::new(early).year, 0);
        assert_eq!(ShortDate::default().parse(), None);
        let time = DiscTime::from_unix(1_700_000_000, 0, -300);
        assert_eq!(ShortDate::new(time).parse(), Some(time));
    }

    #[test]
    fn record_lengths_are_even() {
        assert_eq!(DirectoryRecord::base_len(1), 34);
        assert_eq!(DirectoryRecord::base_len(12), 46);
        assert_eq!(DirectoryRecord::base_len(13), 46);
    }
}
