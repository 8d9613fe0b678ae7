//! The entries of a project: what is on the disc, and what the user said of it.

use image_core::{Attributes, Details, HiddenIn};
use serde::Deserialize;

use super::{ProjectError, disc_time};

/// The farthest instants of a date, in milliseconds either side of 1970. ECMA-262 21.4.1.1.
pub(super) const DATES: (i64, i64) = (-8_640_000_000_000_000, 8_640_000_000_000_000);
/// POSIX permissions.
const MODES: (i64, i64) = (0, 0o7777);
/// POSIX users and groups: -1 is none.
const OWNERS: (i64, i64) = (0, 4_294_967_294);
/// What a page can record: 32 bits with a sign, as many below 0 as above.
const WEIGHTS: (i64, i64) = (-2_147_483_647, 2_147_483_647);

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(super) enum Entry {
    Directory {
        /// In the image.
        path: String,
        details: Option<Box<EntryDetails>>,
    },
    File {
        path: String,
        /// From the folder that holds what was added to the project.
        source: String,
        size: u64,
        /// Milliseconds since 1970.
        modified: i64,
        details: Option<Box<EntryDetails>>,
    },
}

/// What the user said of an entry. Anything else that is said would make another image, and is refused.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub(super) struct EntryDetails {
    /// When it was modified as the disc has it, in milliseconds since 1970.
    modified: Option<i64>,
    /// When it was made, in milliseconds since 1970.
    created: Option<i64>,
    /// File systems that do not list it, nor anything below it.
    hidden_in: Vec<HidingFileSystem>,
    /// Recorded as hidden.
    hidden: bool,
    /// POSIX permissions, user and group.
    mode: Option<i64>,
    uid: Option<i64>,
    gid: Option<i64>,
    /// Files of more weight come earlier on the disc.
    weight: i64,
    /// Files that are recorded as its named streams.
    streams: Vec<StreamEntry>,
}

/// A named stream. UDF 2.00 and later record it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StreamEntry {
    /// Among the streams of its entry.
    pub(super) name: String,
    /// As of a file.
    pub(super) source: String,
    pub(super) size: u64,
    /// Milliseconds since 1970.
    pub(super) modified: i64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum HidingFileSystem {
    Iso9660,
    Joliet,
    Udf,
}

impl Entry {
    /// Refuses numbers that are out of their range; `number` is that of the entry, which the error names.
    pub(super) fn check(&self, number: usize) -> Result<(), ProjectError> {
        if let Self::File { modified, .. } = self {
            within(|| format!("entries[{number}].modified"), Some(*modified), DATES)?;
        }
        let Some(said) = self.said() else { return Ok(()) };
        for (name, value, range) in [
            ("modified", said.modified, DATES),
            ("created", said.created, DATES),
            ("mode", said.mode, MODES),
            ("uid", said.uid, OWNERS),
            ("gid", said.gid, OWNERS),
            ("weight", Some(said.weight), WEIGHTS),
        ] {
            within(|| format!("entries[{number}].details.{name}"), value, range)?;
        }
        for (position, stream) in said.streams.iter().enumerate() {
            let at = || format!("entries[{number}].details.streams[{position}].modified");
            within(at, Some(stream.modified), DATES)?;
        }
        Ok(())
    }

    /// Where it is in the image.
    pub(super) fn path(&self) -> &str {
        let (Self::Directory { path, .. } | Self::File { path, .. }) = self;
        path
    }

    /// Its named streams, most often none.
    pub(super) fn streams(&self) -> &[StreamEntry] {
        self.said().map_or(&[], |said| &said.streams)
    }

    /// What the user said of it, if anything.
    fn said(&self) -> Option<&EntryDetails> {
        let (Self::Directory { details, .. } | Self::File { details, .. }) = self;
        details.as_deref()
    }

    /// What is recorded of every entry.
    pub(super) fn attributes(&self) -> Attributes {
        let own = match self {
            Self::Directory { .. } => None,
            Self::File { modified, .. } => Some(*modified),
        };
        let Some(said) = self.said() else {
            return Attributes { modified: own.map(disc_time), ..Attributes::default() };
        };
        let number = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok());
        Attributes {
            modified: said.modified.or(own).map(disc_time),
            mode: number(said.mode),
            uid: number(said.uid),
            gid: number(said.gid),
        }
    }

    /// What is recorded of few entries, but for their streams; `None` where it is nothing.
    pub(super) fn details(&self) -> Option<Details> {
        let said = self.said()?;
        let details = Details {
            created: said.created.map(disc_time),
            hidden_in: said.hidden_in.iter().map(|system| HiddenIn::from(*system)).collect(),
            hidden: said.hidden,
            weight: i32::try_from(said.weight).unwrap_or_default(),
            ..Details::default()
        };
        (details != Details::default()).then_some(details)
    }
}

impl From<HidingFileSystem> for HiddenIn {
    fn from(system: HidingFileSystem) -> Self {
        match system {
            HidingFileSystem::Iso9660 => Self::ISO9660,
            HidingFileSystem::Joliet => Self::JOLIET,
            HidingFileSystem::Udf => Self::UDF,
        }
    }
}

/// Refuses a number outside of a range; `at` tells where it stands.
pub(super) fn within(
    at: impl FnOnce() -> String,
    value: Option<i64>,
    (least, most): (i64, i64),
) -> Result<(), ProjectError> {
    match value {
        Some(value) if !(least..=most).contains(&value) => {
            Err(ProjectError::OutOfRange { at: at(), value, least, most })
        }
        _ => Ok(()),
    }
}
