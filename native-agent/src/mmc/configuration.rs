//! GET CONFIGURATION: profiles and features. MMC-6 5 and 6.5.

use zerocopy::{
    FromBytes, Immutable, KnownLayout, Unaligned,
    big_endian::{U16, U32},
};

use super::{Cdb, Command, ParseError, Profile};
use crate::scsi::opcode;

/// Feature codes. MMC-6 table 88.
pub mod feature {
    /// What MMC-6 calls a feature.
    #[must_use]
    pub const fn name(code: u16) -> Option<&'static str> {
        Some(match code {
            PROFILE_LIST => "Profile List",
            0x0001 => "Core",
            0x0002 => "Morphing",
            0x0003 => "Removable Medium",
            WRITE_PROTECT => "Write Protect",
            0x0010 => "Random Readable",
            0x001d => "Multi-Read",
            0x001e => "CD Read",
            0x001f => "DVD Read",
            RANDOM_WRITABLE => "Random Writable",
            INCREMENTAL_STREAMING => "Incremental Streaming Writable",
            0x0022 => "Sector Erasable",
            FORMATTABLE => "Formattable",
            0x0024 => "Hardware Defect Management",
            0x0025 => "Write Once",
            0x0026 => "Restricted Overwrite",
            0x0027 => "CD-RW CAV Write",
            0x0028 => "MRW",
            0x0029 => "Enhanced Defect Reporting",
            DVD_PLUS_RW => "DVD+RW",
            DVD_PLUS_R => "DVD+R",
            0x002c => "Rigid Restricted Overwrite",
            CD_TRACK_AT_ONCE => "CD Track at Once",
            CD_MASTERING => "CD Mastering",
            DVD_MINUS_WRITE => "DVD-R/-RW Write",
            0x0033 => "Layer Jump Recording",
            0x0034 => "Layer Jump Rigid Restricted Overwrite",
            0x0035 => "Stop Long Operation",
            0x0037 => "CD-RW Media Write Support",
            BD_R_POW => "BD-R Pseudo-Overwrite",
            0x003a => "DVD+RW Dual Layer",
            0x003b => "DVD+R Dual Layer",
            0x0040 => "BD Read",
            BD_WRITE => "BD Write",
            0x0042 => "TSR",
            0x0050 => "HD DVD Read",
            0x0051 => "HD DVD Write",
            0x0080 => "Hybrid Disc",
            0x0100 => "Power Management",
            0x0101 => "SMART",
            0x0102 => "Embedded Changer",
            0x0103 => "CD Audio External Play",
            0x0104 => "Microcode Upgrade",
            0x0105 => "Timeout",
            0x0106 => "DVD CSS",
            0x0107 => "Real Time Streaming",
            SERIAL_NUMBER => "Drive Serial Number",
            0x0109 => "Media Serial Number",
            0x010a => "Disc Control Blocks",
            0x010b => "DVD CPRM",
            0x010c => "Firmware Information",
            0x010d => "AACS",
            0x0110 => "VCPS",
            _ => return None,
        })
    }

    /// Write Protect.
    pub const WRITE_PROTECT: u16 = 0x0004;
    /// Drive Serial Number..
    pub const SERIAL_NUMBER: u16 = 0x0108;
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
    /// Layer Jump Recording: DVD-R DL. MMC-6 5.3.25.
    pub const LAYER_JUMP: u16 = 0x0033;
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

    /// The serial number of the drive, from its feature.
    #[must_use]
    pub fn serial(&self) -> Option<String> {
        let bytes = &self.feature(feature::SERIAL_NUMBER)?.data;
        let text: String = bytes
            .iter()
            .filter(|byte| byte.is_ascii_graphic())
            .map(|byte| char::from(*byte))
            .collect();
        (!text.is_empty()).then_some(text)
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
