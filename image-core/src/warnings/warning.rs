//! The kinds, in words.

use alloc::format;
use alloc::string::String;

use crate::options::UdfRevision;

/// Something about an image that one should know before it is written. Of many entries the first is named.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Warning {
    /// A directory lies below the eighth level. Linux, Windows and macOS read it.
    #[error("the directory {path:?}{} is below the eighth level of ISO 9660", and(.more))]
    DeepDirectory {
        /// The first of them.
        path: String,
        /// How many more there are.
        more: usize,
    },
    /// A path of the primary hierarchy has more than 255 bytes.
    #[error("the path of {path:?}{} has more than 255 bytes in ISO 9660", and(.more))]
    LongPath {
        /// The first of them.
        path: String,
        /// How many more there are.
        more: usize,
    },
    /// A path of Joliet has more than 240 bytes, at two for each character.
    #[error("the path of {path:?}{} has more than 240 bytes in Joliet", and(.more))]
    LongJolietPath {
        /// The first of them.
        path: String,
        /// How many more there are.
        more: usize,
    },
    /// A path of UDF has more than 1023 bytes.
    #[error("the path of {path:?}{} has more than 1023 bytes in UDF", and(.more))]
    LongUdfPath {
        /// The first of them.
        path: String,
        /// How many more there are.
        more: usize,
    },
    /// A path is longer than the programs of a system open: what is there is seen, and not read.
    #[error("the path of {path:?}{} is longer than the {limit} that {reader} opens", and(.more))]
    UnopenedPath {
        /// The first of them.
        path: String,
        /// How many more there are.
        more: usize,
        /// The system.
        reader: &'static str,
        /// What its limit is, with the unit.
        limit: &'static str,
    },
    /// Windows has no such name: it shows another, or opens nothing under it.
    #[error("{path:?}{} has a name in {file_system} that Windows has not: {rule}", and(.more))]
    NotForWindows {
        /// The first of them.
        path: String,
        /// How many more there are.
        more: usize,
        /// The file system that has it.
        file_system: &'static str,
        /// What is the matter with the first.
        rule: &'static str,
    },
    /// An entry that none of the file systems can hold: it is not on the disc.
    #[error("{path:?}{} is in none of the file systems: {what}", and(.more))]
    NotRecorded {
        /// The first of them.
        path: String,
        /// How many more there are.
        more: usize,
        /// Why the first is not.
        what: &'static str,
    },
    /// An entry is hidden in every file system that is written: its bytes are on the disc, and nothing shows them.
    #[error("{path:?}{} is hidden in every file system: nothing shows it", and(.more))]
    HiddenEverywhere {
        /// The first of them.
        path: String,
        /// How many more there are.
        more: usize,
    },
    /// What an entry has besides its content has no place in any of the file systems: it is not on the disc.
    #[error("the {what} of {path:?}{} are in none of the file systems", and(.more))]
    NoPlaceFor {
        /// The first of the entries.
        path: String,
        /// How many more there are.
        more: usize,
        /// What is lost.
        what: &'static str,
    },
    /// An extended attribute has a name of more than 23 bytes, or more bytes than UDF has room for: Rock Ridge alone has it.
    #[error("extended attributes of {path:?}{} do not fit UDF: only Rock Ridge has them", and(.more))]
    AttributesNotInUdf {
        /// The first of the files.
        path: String,
        /// How many more there are.
        more: usize,
    },
    /// A rule for names of ISO 9660 is relaxed.
    #[error("names of ISO 9660 {rule}")]
    RelaxedNames {
        /// What names do, in words that follow "names".
        rule: &'static str,
    },
    /// A name of Joliet has more than the 64 characters of its specification.
    #[error("the name of {path:?}{} has more than 64 characters in Joliet", and(.more))]
    LongJolietName {
        /// The first of them.
        path: String,
        /// How many more there are.
        more: usize,
    },
    /// A file that the volume descriptor names has a name that is not one of 8 and 3 characters.
    #[error("the {field} file of the volume is called {name:?} there, which is not 8.3")]
    LongVolumeFile {
        /// What kind of file.
        field: &'static str,
        /// Its recorded name.
        name: String,
    },
    /// The rule for texts of the volume is relaxed.
    #[error("texts of the volume keep all characters of ASCII in ISO 9660")]
    RelaxedTexts,
    /// A text of the volume has characters that a descriptor does not take, or more than there is room for.
    #[error("the {field} of the volume is {recorded:?} in {descriptor}")]
    TextChanged {
        /// What the text is.
        field: &'static str,
        /// Which descriptor has less of it; the first of several.
        descriptor: &'static str,
        /// What it has.
        recorded: String,
    },
    /// A time is before 1900 or after 2155: the nearest that can be recorded takes its place.
    #[error("a time of {path:?}{} is outside the years 1900 to 2155 of ISO 9660", and(.more))]
    DateOutOfRange {
        /// The first entry.
        path: String,
        /// How many more there are.
        more: usize,
    },
    /// A time of UDF is before the year 1 or after 9999: the nearest that can be recorded takes its place.
    #[error("a time of {path:?}{} is outside the years 1 to 9999 of UDF", and(.more))]
    UdfDateOutOfRange {
        /// The first entry.
        path: String,
        /// How many more there are.
        more: usize,
    },
    /// A time of the volume is before the year 1 or after 9999: the nearest that can be recorded takes its place.
    #[error("the {field} time of the volume is outside the years 1 to 9999")]
    VolumeDateOutOfRange {
        /// Which time.
        field: &'static str,
    },
    /// Two names of a directory differ in case alone: Windows opens one of the files under both names.
    #[error("{path:?} and {other:?}{} differ in case alone in {file_system}", and(.more))]
    NamesDifferInCase {
        /// One of them.
        path: String,
        /// The other.
        other: String,
        /// How many more such names there are.
        more: usize,
        /// The file system that has both.
        file_system: &'static str,
    },
    /// A file is recorded in several extents: macOS reads the first one only, and some boot loaders too.
    #[error("{path:?}{} is in several extents of ISO 9660, of which macOS reads the first", and(.more))]
    SeveralExtents {
        /// The first of them.
        path: String,
        /// How many more there are.
        more: usize,
    },
    /// A link of Rock Ridge leads to more than 1023 bytes: xorriso does not read the image at all.
    #[error("xorriso reads no image with a link to more than 1023 bytes in Rock Ridge: {path:?}{}", and(.more))]
    LongLink {
        /// The first of them.
        path: String,
        /// How many more there are.
        more: usize,
    },
    /// UDF alone has a symbolic link: 7-Zip does not open the image at all.
    #[error("7-Zip opens no UDF with a symbolic link in it: {path:?}{}", and(.more))]
    UdfLink {
        /// The first of them.
        path: String,
        /// How many more there are.
        more: usize,
    },
    /// Rock Ridge stands behind the attributes of CD-ROM XA, where libarchive and xorriso do not look for it.
    #[error("libarchive and xorriso find no Rock Ridge behind the attributes of CD-ROM XA")]
    RockRidgeBehindXa,
    /// From UDF 2.50 on what a partition tells of its files is in a metadata partition.
    #[error("UDF {revision} is without a metadata partition")]
    NoMetadataPartition {
        /// The revision written.
        revision: UdfRevision,
    },
    /// A revision of UDF that some systems do not know.
    #[error("{readers} do not read UDF {revision}")]
    NewUdf {
        /// The revision written.
        revision: UdfRevision,
        /// Who does not read it.
        readers: &'static str,
    },
}

impl Warning {
    /// The clause of the standard that forbids it, if one does.
    #[must_use]
    pub const fn clause(&self) -> Option<&'static str> {
        match self {
            Self::DeepDirectory { .. } | Self::LongPath { .. } => Some("ECMA-119 6.8.2.1"),
            Self::RelaxedNames { .. } => Some("ECMA-119 7.5, 7.6"),
            Self::NoMetadataPartition { .. } => Some("UDF 2.50 2.2.10"),
            Self::RelaxedTexts => Some("ECMA-119 8.4.5, 8.4.6, 8.4.19 to 8.4.22"),
            Self::LongJolietName { .. } => Some("Joliet specification, \"Allowed Character Set\""),
            Self::LongJolietPath { .. } => {
                Some("Joliet specification, \"Relaxation of ISO 9660 Restrictions\"")
            }
            Self::LongUdfPath { .. } => Some("UDF 2, \"Basic Restrictions & Requirements\""),
            Self::UdfDateOutOfRange { .. } => Some("ECMA-167 1/7.3"),
            Self::VolumeDateOutOfRange { .. } => Some("ECMA-119 8.4.26.1, ECMA-167 1/7.3"),
            Self::LongVolumeFile { .. } => Some("ECMA-119 8.4.23 to 8.4.25"),
            Self::DateOutOfRange { .. } => Some("ECMA-119 9.1.5"),
            Self::NamesDifferInCase { .. }
            | Self::TextChanged { .. }
            | Self::UnopenedPath { .. }
            | Self::NotForWindows { .. }
            | Self::NotRecorded { .. }
            | Self::HiddenEverywhere { .. }
            | Self::NoPlaceFor { .. }
            | Self::AttributesNotInUdf { .. }
            | Self::SeveralExtents { .. }
            | Self::LongLink { .. }
            | Self::UdfLink { .. }
            | Self::NewUdf { .. }
            | Self::RockRidgeBehindXa => None,
        }
    }

    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::DeepDirectory { .. } => "relocate deep directories, or use UDF alone",
            Self::LongPath { .. } => "shorten the names of its directories, or use UDF alone",
            Self::LongJolietPath { .. } => {
                "shorten the names of its directories, or leave Joliet out"
            }
            Self::LongUdfPath { .. } | Self::UnopenedPath { .. } => {
                "shorten the names of its directories"
            }
            Self::NotForWindows { .. } => "rename it, if Windows is to open it",
            Self::NotRecorded { .. } => "add Rock Ridge or UDF, or leave it out",
            Self::HiddenEverywhere { .. } => "leave it out, or show it in one of them",
            Self::NoPlaceFor { .. } => "add UDF, or leave them out",
            Self::AttributesNotInUdf { .. } => "read them where Rock Ridge is read",
            Self::RelaxedNames { .. } => "leave the rules for names as they are",
            Self::NoMetadataPartition { .. } => "have metadata by themselves, or choose UDF 2.01",
            Self::RelaxedTexts => "leave the rule for texts as it is",
            Self::LongJolietName { .. } => "shorten the name, or let Joliet shorten it",
            Self::LongVolumeFile { .. } => "give the file a name of 8 and 3 characters",
            Self::TextChanged { .. } => {
                "write it in capitals, digits and _ and shorter, or relax the rule for texts"
            }
            Self::DateOutOfRange { .. } | Self::UdfDateOutOfRange { .. } => {
                "give the entry another time"
            }
            Self::VolumeDateOutOfRange { .. } => "give another time",
            Self::NamesDifferInCase { .. } => "rename one of them",
            Self::LongLink { .. } => "shorten what it leads to, or leave Rock Ridge out",
            Self::UdfLink { .. } => "add ISO 9660, or leave it out",
            Self::RockRidgeBehindXa => "leave out one of the two",
            Self::NewUdf { .. } => "choose UDF 1.02, which everything reads",
            Self::SeveralExtents { .. } => {
                "have it in UDF too, which macOS prefers, or split the file"
            }
        }
    }

    /// What programs call it: in camel case, and the same in later versions.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::DeepDirectory { .. } => "deepDirectory",
            Self::LongPath { .. } => "longPath",
            Self::LongJolietPath { .. } => "longJolietPath",
            Self::LongUdfPath { .. } => "longUdfPath",
            Self::UnopenedPath { .. } => "unopenedPath",
            Self::NotForWindows { .. } => "notForWindows",
            Self::NotRecorded { .. } => "notRecorded",
            Self::HiddenEverywhere { .. } => "hiddenEverywhere",
            Self::NoPlaceFor { .. } => "noPlaceFor",
            Self::AttributesNotInUdf { .. } => "attributesNotInUdf",
            Self::RelaxedNames { .. } => "relaxedNames",
            Self::RelaxedTexts => "relaxedTexts",
            Self::NoMetadataPartition { .. } => "noMetadataPartition",
            Self::LongJolietName { .. } => "longJolietName",
            Self::LongVolumeFile { .. } => "longVolumeFile",
            Self::TextChanged { .. } => "textChanged",
            Self::DateOutOfRange { .. } => "dateOutOfRange",
            Self::UdfDateOutOfRange { .. } => "udfDateOutOfRange",
            Self::VolumeDateOutOfRange { .. } => "volumeDateOutOfRange",
            Self::NamesDifferInCase { .. } => "namesDifferInCase",
            Self::SeveralExtents { .. } => "severalExtents",
            Self::LongLink { .. } => "longLink",
            Self::UdfLink { .. } => "udfLink",
            Self::RockRidgeBehindXa => "rockRidgeBehindXa",
            Self::NewUdf { .. } => "newUdf",
        }
    }

    /// Who does not read it, where it is some readers and not a standard that minds.
    #[must_use]
    pub const fn reader(&self) -> Option<&'static str> {
        match self {
            Self::UnopenedPath { reader, .. } => Some(reader),
            Self::NotForWindows { .. } | Self::NamesDifferInCase { .. } => Some("Windows"),
            Self::SeveralExtents { .. } => Some("macOS"),
            Self::LongLink { .. } => Some("xorriso"),
            Self::UdfLink { .. } => Some("7-Zip"),
            Self::RockRidgeBehindXa => Some("libarchive and xorriso"),
            Self::NewUdf { readers, .. } => Some(readers),
            _ => None,
        }
    }

    /// The path that is meant, if one is.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::DeepDirectory { path, .. }
            | Self::LongPath { path, .. }
            | Self::LongJolietName { path, .. }
            | Self::LongJolietPath { path, .. }
            | Self::LongUdfPath { path, .. }
            | Self::UnopenedPath { path, .. }
            | Self::NotForWindows { path, .. }
            | Self::NotRecorded { path, .. }
            | Self::HiddenEverywhere { path, .. }
            | Self::NoPlaceFor { path, .. }
            | Self::AttributesNotInUdf { path, .. }
            | Self::UdfDateOutOfRange { path, .. }
            | Self::DateOutOfRange { path, .. }
            | Self::NamesDifferInCase { path, .. }
            | Self::LongLink { path, .. }
            | Self::UdfLink { path, .. }
            | Self::SeveralExtents { path, .. } => Some(path),
            Self::RelaxedNames { .. }
            | Self::LongVolumeFile { .. }
            | Self::TextChanged { .. }
            | Self::VolumeDateOutOfRange { .. }
            | Self::NewUdf { .. }
            | Self::RelaxedTexts
            | Self::NoMetadataPartition { .. }
            | Self::RockRidgeBehindXa => None,
        }
    }
}

fn and(more: &usize) -> String {
    if *more == 0 { String::new() } else { format!(" (and {more} more)") }
}
