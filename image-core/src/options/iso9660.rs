//! How ISO 9660 is written.

/// Interchange level of ISO 9660 names and files. ECMA-119 clause 10.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(into = "u8", try_from = "u8"))]
pub enum IsoLevel {
    /// Names of 8 and 3 characters; files in one extent, below 4 GiB. ECMA-119 10.1.
    One,
    /// Names of up to 31 characters; files in one extent, below 4 GiB. ECMA-119 10.2.
    Two,
    /// Names of up to 31 characters; files of any size, in several extents where needed. ECMA-119 10.3.
    #[default]
    Three,
}

impl From<IsoLevel> for u8 {
    fn from(level: IsoLevel) -> Self {
        match level {
            IsoLevel::One => 1,
            IsoLevel::Two => 2,
            IsoLevel::Three => 3,
        }
    }
}

impl TryFrom<u8> for IsoLevel {
    type Error = &'static str;

    fn try_from(level: u8) -> Result<Self, Self::Error> {
        match level {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            3 => Ok(Self::Three),
            _ => Err("the interchange level is 1, 2 or 3"),
        }
    }
}

/// How ISO 9660 is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Iso9660Options {
    /// Rules for names and lengths. Change it to `One` for DOS and firmware that know only 8.3 names.
    pub level: IsoLevel,
}
