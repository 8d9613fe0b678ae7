//! How ISO 9660 is written.

use super::IsoNameRules;

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
    /// Level 3, and a hierarchy of ISO 9660:1999 besides, with names of up to 207 bytes as they are, to any depth.
    Four,
}

impl From<IsoLevel> for u8 {
    fn from(level: IsoLevel) -> Self {
        match level {
            IsoLevel::One => 1,
            IsoLevel::Two => 2,
            IsoLevel::Three => 3,
            IsoLevel::Four => 4,
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
            4 => Ok(Self::Four),
            _ => Err("the interchange level is 1, 2, 3 or 4"),
        }
    }
}

/// What the primary volume descriptor shows at level 4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EnhancedTree {
    /// A hierarchy of its own that keeps the rules of ECMA-119; the enhanced descriptor has another.
    #[default]
    Own,
    /// The hierarchy of the enhanced descriptor, as mkisofs does: systems that know no enhanced descriptor see the long
    /// names too, against the rules of ECMA-119 7.5 and 7.6.
    Shared,
}

/// What becomes of directories below the eighth level. ECMA-119 6.8.2.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeepDirectories {
    /// They stay where they are: systems in use read them, though the standard forbids them.
    #[default]
    Leave,
    /// They move to the directory `RR_MOVED`, and readers of Rock Ridge put them back. RRIP 4.1.5.
    Relocate,
}

/// How ISO 9660 is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Iso9660Options {
    /// Rules for names and lengths. Change it to `One` for DOS and firmware that know only 8.3 names.
    pub level: IsoLevel,
    /// Rules for names that are relaxed.
    pub names: IsoNameRules,
    /// What the primary volume descriptor shows at level 4.
    pub enhanced: EnhancedTree,
    /// What becomes of directories below the eighth level.
    pub deep_directories: DeepDirectories,
    /// Every directory record has the attributes of CD-ROM XA, and the descriptor its signature.
    pub xa: bool,
}

impl Iso9660Options {
    /// Whether primary and enhanced descriptor have one hierarchy.
    pub(crate) fn is_shared(&self) -> bool {
        self.level == IsoLevel::Four && self.enhanced == EnhancedTree::Shared
    }

    /// Whether files of the primary hierarchy are recorded without a version number.
    pub(crate) fn omits_version(&self) -> bool {
        self.is_shared()
            || self.names.omit_version
            || self.names.length == super::IsoNameLength::Up37
    }
}
