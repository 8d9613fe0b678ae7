//! What is written although a standard forbids it, or although some system is known not to read it.
//!
//! A new kind is a variant of [`Warning`] and a function that finds it, called by [`Plan::warnings`]. One with a
//! [`Warning::clause`] is refused by [`crate::Options::strict`]; the others are only told.

mod dates;
mod paths;
mod windows;

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::layout::{Content, MAX_SECTION, System, View};
use crate::names::Reason;
use crate::names::iso9660::Rules;
use crate::options::{JolietLength, UdfRevision};
use crate::plan::Plan;
use crate::volume;

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
    /// Rock Ridge stands behind the attributes of CD-ROM XA, where libarchive and xorriso do not look for it.
    #[error("libarchive and xorriso find no Rock Ridge behind the attributes of CD-ROM XA")]
    RockRidgeBehindXa,
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
            | Self::UnopenedPath { .. }
            | Self::NotForWindows { .. }
            | Self::NotRecorded { .. }
            | Self::SeveralExtents { .. }
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
            Self::RelaxedNames { .. } => "leave the rules for names as they are",
            Self::LongJolietName { .. } => "shorten the name, or let Joliet shorten it",
            Self::LongVolumeFile { .. } => "give the file a name of 8 and 3 characters",
            Self::DateOutOfRange { .. } | Self::UdfDateOutOfRange { .. } => {
                "give the entry another time"
            }
            Self::VolumeDateOutOfRange { .. } => "give another time",
            Self::NamesDifferInCase { .. } => "rename one of them",
            Self::RockRidgeBehindXa => "leave out one of the two",
            Self::NewUdf { .. } => "choose UDF 1.02, which everything reads",
            Self::SeveralExtents { .. } => "add UDF, which macOS prefers, or split the file",
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
            | Self::UdfDateOutOfRange { path, .. }
            | Self::DateOutOfRange { path, .. }
            | Self::NamesDifferInCase { path, .. }
            | Self::SeveralExtents { path, .. } => Some(path),
            Self::RelaxedNames { .. }
            | Self::LongVolumeFile { .. }
            | Self::VolumeDateOutOfRange { .. }
            | Self::NewUdf { .. }
            | Self::RockRidgeBehindXa => None,
        }
    }
}

fn and(more: &usize) -> String {
    if *more == 0 { String::new() } else { format!(" (and {more} more)") }
}

impl Plan {
    /// What is written although a standard forbids it, or although some system does not read it.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        let mut found = Vec::new();
        let content = &self.content;
        if let Some(primary) = &self.layout.primary {
            relaxed_names(content, &mut found);
            volume_files(content, &mut found);
            paths::of_primary(content, primary, &mut found);
            dates::iso9660(content, &mut found);
            extents(content, &mut found);
            if content.options.iso9660.xa && content.options.file_systems.rock_ridge {
                found.push(Warning::RockRidgeBehindXa);
            }
        }
        if self.layout.joliet.is_some() {
            joliet_names(content, &mut found);
            paths::joliet(content, &mut found);
        }
        if self.layout.udf.is_some() {
            udf_revision(content, &mut found);
            paths::udf(content, &mut found);
            dates::udf(content, &mut found);
        }
        dates::volume(content, &mut found);
        case(content, &mut found);
        paths::unopened(content, &mut found);
        windows::names(content, &mut found);
        not_recorded(content, &mut found);
        found
    }
}

/// The first of some entries, and how many follow it.
#[derive(Default)]
struct First {
    item: Option<u32>,
    more: usize,
}

impl First {
    fn add(&mut self, item: u32) {
        if self.item.is_some() {
            self.more += 1;
        }
        self.item.get_or_insert(item);
    }

    fn report(
        self,
        content: &Content,
        warning: impl Fn(String, usize) -> Warning,
    ) -> Option<Warning> {
        self.item.map(|item| warning(path(content, item), self.more))
    }
}

/// The path of an item; that of the root is seen.
fn path(content: &Content, item: u32) -> String {
    if item == 0 { String::from("/") } else { content.path(item) }
}

fn relaxed_names(content: &Content, found: &mut Vec<Warning>) {
    use crate::options::IsoNameLength::{OfLevel, Up37};
    let options = &content.options.iso9660;
    let names = options.names;
    let longer = names.length == Up37
        || names.length != OfLevel && options.level == crate::options::IsoLevel::One;
    let rules = [
        (options.is_shared(), "are those of the enhanced volume descriptor"),
        (names.lower_case, "keep lower case letters"),
        (names.several_dots, "keep several full stops"),
        (names.leading_dot, "keep a full stop at the start"),
        (names.all_ascii, "keep all characters of ASCII"),
        (names.untranslated, "keep # and ~"),
        (longer, "are longer than the level allows"),
        (options.omits_version(), "have no version number"),
        (names.omit_period, "have no full stop without an extension"),
    ];
    let relaxed = rules.into_iter().filter(|(relaxed, _)| *relaxed);
    found.extend(relaxed.map(|(_, rule)| Warning::RelaxedNames { rule }));
}

fn volume_files(content: &Content, found: &mut Vec<Warning>) {
    for (field, name) in volume::files(&content.options) {
        let name = volume::file_identifier(content, View::Primary, name);
        let bare = name.split(';').next().unwrap_or_default();
        let (base, extension) = bare.split_once('.').unwrap_or((bare, ""));
        if base.len() > 8 || extension.len() > 3 {
            found.push(Warning::LongVolumeFile { field, name });
        }
    }
}

fn extents(content: &Content, found: &mut Vec<Warning>) {
    let mut first = First::default();
    for item in content.files.iter().copied() {
        let len = content.file(item).map_or(0, |(_, len)| len);
        if len > MAX_SECTION && content.is_in(item, System::Iso9660) {
            first.add(item);
        }
    }
    found.extend(first.report(content, |path, more| Warning::SeveralExtents { path, more }));
}

fn joliet_names(content: &Content, found: &mut Vec<Warning>) {
    let mut first = First::default();
    for item in 1..content.catalog.len() {
        let name = content.recorded_name(View::Joliet, item);
        let is_long = name.len() > JolietLength::Up64.units()
            && name.encode_utf16().count() > JolietLength::Up64.units();
        if is_long && content.is_in(item, System::Joliet) {
            first.add(item);
        }
    }
    found.extend(first.report(content, |path, more| Warning::LongJolietName { path, more }));
}

fn udf_revision(content: &Content, found: &mut Vec<Warning>) {
    let revision = content.options.udf.revision;
    let known =
        [(UdfRevision::V1_02, "set-top players"), (UdfRevision::V2_01, "Windows XP and earlier")];
    let lost = known.into_iter().filter(|(last, _)| revision > *last);
    found.extend(lost.map(|(_, readers)| Warning::NewUdf { revision, readers }));
}

/// Names that Windows takes for one, in the file systems that keep case.
fn case(content: &Content, found: &mut Vec<Warning>) {
    let systems = content.options.file_systems;
    let original = |item| content.original_name(item);
    let joliet = |item| content.recorded_name(View::Joliet, item);
    let udf = |item| content.names.udf.name(item, original(item));
    let primary = |item| content.recorded_name(View::Primary, item);
    let keeps_case = content.options.iso9660.is_shared()
        || !Rules::new(&content.options.iso9660).is_upper_case();
    if systems.iso9660 && keeps_case {
        found.extend(case_in(content, System::Iso9660, "ISO 9660", primary));
    }
    if systems.joliet {
        found.extend(case_in(content, System::Joliet, "Joliet", joliet));
    }
    if systems.udf {
        found.extend(case_in(content, System::Udf, "UDF", udf));
    }
}

fn case_in<'c>(
    content: &'c Content,
    system: System,
    file_system: &'static str,
    name: impl Fn(u32) -> &'c str,
) -> Option<Warning> {
    let mut pair = None;
    let mut more = 0;
    for directory in content.catalog.directories() {
        let mut seen = BTreeMap::new();
        for item in directory.children.clone().filter(|item| content.is_in(*item, system)) {
            if let Some(other) = seen.insert(name(item).to_lowercase(), item) {
                more += usize::from(pair.is_some());
                pair.get_or_insert((other, item));
            }
        }
    }
    let (first, second) = pair?;
    let (path, other) = (path(content, first), path(content, second));
    Some(Warning::NamesDifferInCase { path, other, more, file_system })
}

/// What is lost: hidden entries are left out as they are asked to be.
fn not_recorded(content: &Content, found: &mut Vec<Warning>) {
    if content.catalog.is_plain() {
        return;
    }
    let systems = content.options.file_systems;
    let written = [
        (systems.iso9660, System::Iso9660),
        (systems.joliet, System::Joliet),
        (systems.udf, System::Udf),
    ];
    let absence =
        |item, system| content.catalog.absence(&content.tree, item, system, systems.rock_ridge);
    let (mut first, mut what) = (First::default(), "");
    for item in 1..content.catalog.len() {
        let reasons = written.iter().filter(|(written, _)| *written);
        let reasons: Option<Vec<Reason>> =
            reasons.map(|(_, system)| absence(item, *system)).collect();
        let lost = match reasons.into_iter().flatten().find(|reason| *reason != Reason::Hidden) {
            Some(Reason::NoSymlinks) => "they have no symbolic links",
            Some(_) => "they have no devices, pipes and sockets",
            None => continue,
        };
        if first.item.is_none() {
            what = lost;
        }
        first.add(item);
    }
    found.extend(first.report(content, |path, more| Warning::NotRecorded { path, more, what }));
}

#[cfg(test)]
mod tests;
