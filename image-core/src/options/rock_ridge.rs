//! How Rock Ridge is written.

/// Version of the Rock Ridge Interchange Protocol.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RockRidgeVersion {
    /// 1.10, as old systems know it: no serial numbers.
    V1_10,
    /// 1.12, with serial numbers that tell the names of one file.
    #[default]
    V1_12,
}

/// How Rock Ridge is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RockRidgeOptions {
    /// Version of the protocol.
    pub version: RockRidgeVersion,
    /// Times are recorded in 17 bytes, to the hundredth of a second and for years other than 1900 to 2155. RRIP 4.1.6.
    pub long_times: bool,
}
