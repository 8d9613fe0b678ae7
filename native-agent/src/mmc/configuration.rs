//! GET CONFIGURATION: profiles and features. MMC-6 5 and 6.5.

use zerocopy::{
    FromBytes, Immutable, KnownLayout, Unaligned,
    big_endian::{U16, U32},
};

use super::{Cdb, Command, ParseError, Profile};
use crate::scsi::opcode;

/// Feature codes. MMC-6 table 88.
pub mod feature {
    /// Profile List: what the drive can ever be. MMC-6 5.3.1.
    pub const PROFILE_LIST: u16 = 0x0000;
    /// Random Writable. MMC-6 5.3.7.
    pub const RANDOM_WRITABLE: u16 = 0x0020;
    /// Incremental Streaming Writable. MMC-6 5.3.8.
    pub const INCREMENTAL_STREAMING: u16 = 0x0021;
    /// Formattable. MMC-6 5.3.10.
    pub const FORMATTABLE: u16 = 0x0023;
    /// DVD+RW. MMC-6 5.3.18.
    pub const DVD_PLUS_RW: u16 = 0x002a;
    /// DVD+R. MMC-6 5.3.19.
    pub const DVD_PLUS_R: u16 = 0x002b;
    /// CD Track at Once. MMC-6 5.3.21.
    pub const CD_TRACK_AT_ONCE: u16 = 0x002d;
    /// CD Mastering. MMC-6 5.3.22.
    pub const CD_MASTERING: u16 = 0x002e;
    /// DVD-R/-RW Write. MMC-6 5.3.23.
    pub const DVD_MINUS_WRITE: u16 = 0x002f;
    /// BD-R Pseudo-Overwrite. MMC-6 5.3.27.
    pub const BD_R_POW: u16 = 0x0038;
    /// BD Write. MMC-6 5.3.32.
    pub const BD_WRITE: u16 = 0x0041;
}

/// All features fit in far less on every drive known; the field is 16 bits wide.
const ANSWER_LEN: u16 = 0x8000;

/// Asks for all features. MMC-6 6.5.
#[must_use]
pub const fn get_configuration() -> Command {
    let [high, low] = ANSWER_LEN.to_be_bytes();
    let cdb = Cdb::ten([opcode::GET_CONFIGURATION, 0, 0, 0, 0, 0, 0, high, low, 0]);
    Command::asking(cdb, ANSWER_LEN as usize)
}

/// MMC-6 table 265.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned, Debug)]
#[repr(C)]
struct FeatureHeader {
    /// Bytes after this field.
    data_length: U32,
    reserved: [u8; 2],
    /// 0000h if there is no medium.
    current_profile: U16,
}

/// MMC-6 table 87.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned, Debug)]
#[repr(C)]
struct FeatureDescriptor {
    feature_code: U16,
    /// Bits 5-2 version, bit 1 persistent, bit 0 current.
    flags: u8,
    /// Bytes after this one.
    additional_length: u8,
}

const _: () = assert!(size_of::<FeatureHeader>() == 8 && size_of::<FeatureDescriptor>() == 4);

/// One feature as the drive reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// See [`feature`].
    pub code: u16,
    /// Whether it is usable with this medium, now.
    pub current: bool,
    /// The bytes after the common four.
    pub data: Vec<u8>,
}

/// What the drive can do, and what it can do now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// The profile in force; [`Profile::NONE`] without a medium.
    pub current: Profile,
    /// In the order of the drive, which is ascending.
    pub features: Vec<Feature>,
}

impl Configuration {
    /// Reads the answer; a last descriptor that is cut off is left out.
    ///
    /// # Errors
    /// [`ParseError`] if even the header is incomplete.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let (header, rest) = FeatureHeader::ref_from_prefix(bytes)
            .map_err(|_| ParseError::new(bytes.len(), "the feature header"))?;
        let said = (header.data_length.get() as usize).saturating_sub(4);
        let mut rest = rest.get(..said).unwrap_or(rest);
        let mut features = Vec::new();
        while let Ok((descriptor, after)) = FeatureDescriptor::ref_from_prefix(rest) {
            let Some((data, next)) =
                after.split_at_checked(usize::from(descriptor.additional_length))
            else {
                break;
            };
            features.push(Feature {
                code: descriptor.feature_code.get(),
                current: descriptor.flags & 1 != 0,
                data: data.to_vec(),
            });
            rest = next;
        }
        Ok(Self { current: Profile(header.current_profile.get()), features })
    }

    /// The feature with this code, current or not.
    #[must_use]
    pub fn feature(&self, code: u16) -> Option<&Feature> {
        self.features.iter().find(|feature| feature.code == code)
    }

    /// Whether the feature can be used with this medium.
    #[must_use]
    pub fn is_current(&self, code: u16) -> bool {
        self.feature(code).is_some_and(|feature| feature.current)
    }

    /// Every profile the drive can take on, from the Profile List feature. MMC-6 5.3.1.
    #[must_use]
    pub fn profiles(&self) -> Vec<Profile> {
        let data = self.feature(feature::PROFILE_LIST).map(|f| &*f.data).unwrap_or_default();
        let profile = |entry: &[u8; 4]| Profile(u16::from_be_bytes([entry[0], entry[1]]));
        data.as_chunks().0.iter().map(profile).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A DVD+R in a drive that also knows BD-RE.
    const ANSWER: [u8; 32] = [
        0, 0, 0, 28, 0, 0, 0x00, 0x1b, // header
        0x00, 0x00, 0x03, 8, 0x00, 0x43, 0, 0, 0x00, 0x1b, 1, 0, // profile list
        0x00, 0x2b, 0x05, 4, 1, 0, 0, 0, // DVD+R, current
        0x00, 0x41, 0x00, 0, // BD write, not current
    ];

    #[test]
    fn features_and_profiles() {
        let configuration = Configuration::parse(&ANSWER).unwrap();
        assert_eq!(configuration.current, Profile::DVD_PLUS_R);
        assert_eq!(configuration.profiles(), [Profile::BD_RE, Profile::DVD_PLUS_R]);
        assert!(configuration.is_current(feature::DVD_PLUS_R));
        assert!(!configuration.is_current(feature::BD_WRITE));
        assert!(configuration.feature(feature::BD_WRITE).is_some());
    }

    #[test]
    fn cut_off_descriptor_is_left_out() {
        let configuration = Configuration::parse(&ANSWER[..26]).unwrap();
        assert_eq!(configuration.features.len(), 1);
        assert_eq!(Configuration::parse(&ANSWER[..7]).unwrap_err().offset, 7);
    }

    #[test]
    fn question() {
        let bytes = get_configuration().cdb;
        assert_eq!(bytes.as_bytes(), [0x46, 0, 0, 0, 0, 0, 0, 0x80, 0, 0]);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            if let Ok(configuration) = Configuration::parse(&bytes) {
                let _ = configuration.profiles();
            }
        }
    }
}
