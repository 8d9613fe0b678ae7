//! What each file system calls every entry, and why that differs from what the user called it.
//!
//! Names are mapped a directory at a time. A name that a file system can hold as it is stays; the others are rewritten by
//! its rules and made unique by [`unique`]. The result depends only on the set of names in the directory, not on the
//! order they were added in.

pub(crate) mod enhanced;
pub(crate) mod iso9660;
pub(crate) mod joliet;
pub(crate) mod rockridge;
mod table;
pub(crate) mod udf;
mod unique;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use crate::order;

pub(crate) use table::NameTable;
pub(crate) use unique::{Candidate, make_unique};

/// Why a name is not the one the user gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub enum Reason {
    /// It has characters that the file system does not allow, lower case for ISO 9660 among them.
    Characters,
    /// It is longer than the file system allows.
    Length,
    /// Another name in the directory became the same.
    Collision,
    /// The file system has no symbolic links: the entry is not in it.
    NoSymlinks,
    /// The file system has no devices, FIFOs and sockets: the entry is not in it.
    NoSpecialFiles,
    /// The entry, or a directory above it, is hidden in the file system: it is not in it.
    Hidden,
}

/// What became of one name in one file system.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct MappedName {
    /// The name there; `None` when the entry is not in this file system.
    pub name: Option<String>,
    /// Why it differs from the user's; `None` when it does not.
    pub reason: Option<Reason>,
}

/// What became of one entry's name everywhere. A file system that is not written is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct NameReport {
    /// In plain ISO 9660, with the version number.
    pub iso9660: Option<MappedName>,
    /// In the hierarchy of ISO 9660:1999, at level 4.
    pub enhanced: Option<MappedName>,
    /// In Joliet.
    pub joliet: Option<MappedName>,
    /// In Rock Ridge.
    pub rock_ridge: Option<MappedName>,
    /// In UDF.
    pub udf: Option<MappedName>,
}

/// Names that stay as they are, but for a few.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overrides {
    changed: BTreeMap<u32, (String, Reason)>,
}

impl Overrides {
    pub(crate) fn insert(&mut self, item: u32, name: String, reason: Reason) {
        self.changed.insert(item, (name, reason));
    }

    /// The name of an item that the user called `original`.
    pub(crate) fn name<'a>(&'a self, item: u32, original: &'a str) -> &'a str {
        self.changed.get(&item).map_or(original, |(name, _)| name)
    }

    pub(crate) fn reason(&self, item: u32) -> Option<Reason> {
        self.changed.get(&item).map(|(_, reason)| *reason)
    }
}

/// One entry of a directory while its names are mapped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) item: u32,
    pub(crate) name: &'a str,
    pub(crate) is_directory: bool,
}

/// Replaces a full stop at the end, and tells whether there was one: readers take it for the mark of an empty extension, which
/// they drop.
fn end_in_underscore(name: &mut String) -> bool {
    let ends = name.ends_with('.');
    if ends {
        name.pop();
        name.push('_');
    }
    ends
}

/// Maps the names of one directory where most can stay: `keeps` says which, `rewrite` gives the others' candidates.
pub(crate) fn override_some(
    entries: &[Entry<'_>],
    keeps: impl Fn(&str) -> bool,
    rewrite: impl Fn(&Entry<'_>) -> (Candidate, Reason),
    overrides: &mut Overrides,
) {
    let (mut rewritten, mut candidates) = (Vec::new(), Vec::new());
    for entry in entries.iter().filter(|entry| !keeps(entry.name)) {
        let (candidate, reason) = rewrite(entry);
        rewritten.push((entry.item, reason));
        candidates.push(candidate);
    }
    if rewritten.is_empty() {
        return;
    }
    let taken = entries.iter().map(|entry| entry.name).filter(|name| keeps(name));
    let taken = order::set(taken.map(|name| name.as_bytes().to_vec()));
    for ((item, reason), (name, collided)) in
        rewritten.into_iter().zip(make_unique(candidates, taken))
    {
        overrides.insert(item, name, if collided { Reason::Collision } else { reason });
    }
}
