//! What the volume descriptors of ISO 9660 and Joliet say of the volume.

use alloc::string::String;

use crate::time::DiscTime;

/// Texts of the volume descriptors. All are empty by default. Where the primary descriptor does not allow a character,
/// `_` stands for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VolumeIdentifiers {
    /// System that may act on the system area: up to 32 characters. ECMA-119 8.4.5.
    pub system: String,
    /// The set this volume is of: up to 128 characters. ECMA-119 8.4.19.
    pub volume_set: String,
    /// Who published it: up to 128 characters. ECMA-119 8.4.20.
    pub publisher: String,
    /// Who prepared the data: up to 128 characters. ECMA-119 8.4.21.
    pub preparer: String,
    /// Name of a file of the root that holds a copyright statement. ECMA-119 8.4.23.
    pub copyright_file: String,
    /// Name of a file of the root that holds an abstract. ECMA-119 8.4.24.
    pub abstract_file: String,
    /// Name of a file of the root that holds bibliographic records. ECMA-119 8.4.25.
    pub bibliographic_file: String,
}

/// Dates of the volume descriptors. ECMA-119 8.4.26 to 8.4.29.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VolumeDates {
    /// When the volume was created; [`super::Options::created`] by default.
    pub creation: Option<DiscTime>,
    /// When it was last modified; as it was created by default.
    pub modification: Option<DiscTime>,
    /// When it may be regarded as obsolete.
    pub expiration: Option<DiscTime>,
    /// When it may be used.
    pub effective: Option<DiscTime>,
}
