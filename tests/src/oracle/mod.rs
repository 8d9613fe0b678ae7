//! Every reader at hand, what it can read, and where it is known to fall short.
//!
//! A difference that a [`Limit`] does not explain is a fault of the image.

mod archives;
mod grub;
mod isoinfo;
mod libraries;
mod linux;
mod udf_tools;
mod xorriso;

use std::fmt;
use std::path::Path;

use anyhow::Result;

use crate::compare;
use crate::iso_names;
use crate::manifest::{Entry, Manifest};

pub use isoinfo::{Listed, listing};
pub use linux::{Linux, mount_all};
pub use udf_tools::check_headers;

/// One of the trees that an image can hold side by side.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum View {
    Plain,
    RockRidge,
    Joliet,
    Udf,
}

impl View {
    pub const ALL: [Self; 4] = [Self::Plain, Self::RockRidge, Self::Joliet, Self::Udf];

    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::RockRidge => "rock-ridge",
            Self::Joliet => "joliet",
            Self::Udf => "udf",
        }
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What one reader made of one view.
#[derive(Debug, Default)]
pub struct Seen {
    pub manifest: Manifest,
    /// Warnings, errors, and exit statuses that say so. Any of them fails the test.
    pub complaints: Vec<String>,
}

/// Something a reader is known not to do, though the image is right.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limit {
    /// Files larger than this are left out.
    FilesUpTo(u64, &'static str),
    /// Links are left out, however they come.
    Links(View, &'static str),
    /// Links with absolute targets are left out.
    AbsoluteLinks(View, &'static str),
    /// Names with characters beyond U+00FF are matched by content.
    Latin1Names(View, &'static str),
    /// Names with characters beyond U+007F are matched by content.
    AsciiNames(View, &'static str),
    /// Names that end with a dot are matched by content.
    FinalDots(View, &'static str),
    /// Complaints that contain this are not about the image.
    Complaint(&'static str, &'static str),
}

/// A program that reads images, or a library with the little program around it.
pub struct Reader {
    pub name: &'static str,
    /// Whether it can be made to read `view` of an image that has the views `has`.
    pub reads: fn(view: View, has: &[View]) -> bool,
    pub limits: &'static [Limit],
    read: fn(image: &Path, view: View) -> Result<Seen>,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("name", &self.name).finish_non_exhaustive()
    }
}

const ISO: [View; 3] = [View::Plain, View::RockRidge, View::Joliet];

/// Readers that choose by themselves take the first of these that is there.
fn first_of(order: &[View], view: View, has: &[View]) -> bool {
    order.iter().find(|candidate| has.contains(candidate)) == Some(&view)
}

const MIB_4096: u64 = (1 << 32) - 1;

/// All of them, Linux apart: that reads every view in one go ([`mount_all`]).
pub const READERS: &[Reader] = &[
    Reader {
        name: "isoinfo",
        reads: |view, _| ISO.contains(&view),
        limits: &[Limit::Latin1Names(
            View::Joliet,
            "its Joliet output knows 8-bit character sets only",
        )],
        read: isoinfo::read,
    },
    Reader {
        name: "xorriso",
        reads: |view, _| ISO.contains(&view),
        limits: &[],
        read: xorriso::read,
    },
    Reader {
        name: "bsdtar",
        reads: |view, _| ISO.contains(&view),
        limits: &[],
        read: archives::bsdtar,
    },
    Reader {
        name: "pycdlib",
        // It needs an ISO 9660 descriptor to open anything.
        reads: |view, has| has.contains(&View::Plain) && has.contains(&view),
        limits: &[Limit::Links(View::Udf, "it takes UDF links for files")],
        read: libraries::pycdlib,
    },
    Reader {
        name: "libcdio",
        // It uses the Rock Ridge names whenever it finds them.
        reads: |view, has| view != View::Plain || !has.contains(&View::RockRidge),
        limits: &[
            Limit::FilesUpTo(MIB_4096, "sizes of 32 bits, one extent"),
            Limit::AsciiNames(
                View::Udf,
                "it hands out 8-bit OSTA names as they are, which is Latin-1",
            ),
            Limit::Links(View::Udf, "it takes UDF links for files"),
        ],
        read: libraries::libcdio,
    },
    Reader {
        name: "libudfread",
        reads: |view, _| view == View::Udf,
        limits: &[Limit::Links(View::Udf, "it takes links for files")],
        read: libraries::libudfread,
    },
    Reader {
        name: "7-Zip",
        reads: |view, has| {
            view == View::Udf || first_of(&[View::Joliet, View::RockRidge, View::Plain], view, has)
        },
        limits: &[
            Limit::Links(View::Udf, "it does not make links of UDF"),
            Limit::AbsoluteLinks(
                View::RockRidge,
                "it makes absolute targets start at the folder it extracts to",
            ),
        ],
        read: archives::seven_zip,
    },
    Reader {
        name: "udfclient",
        reads: |view, _| view == View::Udf,
        limits: &[
            Limit::AsciiNames(View::Udf, "it prints other names as OSTA CRC names"),
            Limit::Links(View::Udf, "it does not extract links"),
        ],
        read: udf_tools::udfclient,
    },
    Reader {
        name: "grub",
        reads: |view, has| {
            first_of(&[View::Udf, View::RockRidge, View::Joliet, View::Plain], view, has)
        },
        limits: &[
            Limit::Links(View::Udf, "it follows links"),
            Limit::Links(View::RockRidge, "it follows links"),
        ],
        read: grub::read,
    },
];

/// Which views have names that must come back as they were, and which of them.
pub fn keeps(view: View, name: &str) -> bool {
    match view {
        View::RockRidge | View::Udf => true,
        View::Joliet => iso_names::fits_joliet(name),
        View::Plain => false,
    }
}

/// Has `reader` read `view` of `image` and compares with what was put in: an empty list is agreement.
pub fn check(
    reader: &Reader,
    image: &Path,
    view: View,
    source: &Manifest,
    limits: &[Limit],
) -> Result<Vec<String>> {
    let seen = (reader.read)(image, view)?;
    Ok(judge(seen, view, source, limits))
}

/// The same for what Linux saw, which reads large files in parts: they have been compared, here the length counts.
pub fn judge_linux(mut seen: Seen, view: View, source: &Manifest, limits: &[Limit]) -> Vec<String> {
    let mut source = source.clone();
    for entry in source.entries.values_mut().chain(seen.manifest.entries.values_mut()) {
        match entry {
            Entry::File { size, .. } if *size > linux::WHOLE_UP_TO => {
                *entry = Entry::Unread { size: *size }
            }
            _ => {}
        }
    }
    judge(seen, view, &source, limits)
}

/// Compares what was seen with what was put in, less what the reader is known not to do.
pub fn judge(mut seen: Seen, view: View, source: &Manifest, limits: &[Limit]) -> Vec<String> {
    let mut source = source.clone();
    for limit in limits {
        apply(*limit, view, &mut source, &mut seen);
    }
    let keeps =
        |name: &str| keeps(view, name) && !limits.iter().any(|limit| frees(*limit, view, name));
    let mut found = seen.complaints;
    let candidates = expectations(view, &source);
    let differences =
        candidates.iter().map(|expected| compare::differences(expected, &seen.manifest, keeps));
    found.extend(differences.min_by_key(Vec::len).unwrap_or_default());
    found
}

/// What may stand in the view. Plain ISO 9660 and Joliet have no links: one may be left out there, or be the empty file
/// that a Rock Ridge link is without Rock Ridge.
fn expectations(view: View, source: &Manifest) -> Vec<Manifest> {
    let is_link = |entry: &Entry| matches!(entry, Entry::Link { .. });
    if matches!(view, View::RockRidge | View::Udf) || !source.entries.values().any(is_link) {
        return vec![source.clone()];
    }
    let mut without = source.clone();
    without.entries.retain(|_, entry| !is_link(entry));
    let mut empty = source.clone();
    for entry in empty.entries.values_mut().filter(|entry| is_link(entry)) {
        *entry = crate::manifest::Hasher::default().finish();
    }
    vec![without, empty]
}

fn apply(limit: Limit, view: View, source: &mut Manifest, seen: &mut Seen) {
    match limit {
        Limit::FilesUpTo(most, _) => {
            let too_large =
                |entry: &Entry| matches!(entry, Entry::File { size, .. } if *size > most);
            leave_out(source, &mut seen.manifest, too_large);
        }
        Limit::Links(at, _) if at == view => {
            leave_out(source, &mut seen.manifest, |entry| matches!(entry, Entry::Link { .. }));
        }
        Limit::AbsoluteLinks(at, _) if at == view => {
            let absolute =
                |entry: &Entry| matches!(entry, Entry::Link { target } if target.starts_with('/'));
            leave_out(source, &mut seen.manifest, absolute);
        }
        Limit::Complaint(text, _) => seen.complaints.retain(|complaint| !complaint.contains(text)),
        _ => {}
    }
}

/// Takes entries of the source out of both sides; those of them with names that fit 8.3 are found in the plain view too.
fn leave_out(source: &mut Manifest, seen: &mut Manifest, which: impl Fn(&Entry) -> bool) {
    let paths: Vec<String> =
        source.entries.iter().filter(|(_, e)| which(e)).map(|(path, _)| path.clone()).collect();
    for path in paths {
        source.entries.remove(&path);
        seen.entries.retain(|other, _| !other.eq_ignore_ascii_case(&path));
        seen.repeated.retain(|other| *other != path);
    }
}

/// Whether the reader is excused from giving back this name.
fn frees(limit: Limit, view: View, name: &str) -> bool {
    match limit {
        Limit::Latin1Names(at, _) => at == view && name.chars().any(|c| c > '\u{ff}'),
        Limit::AsciiNames(at, _) => at == view && !name.is_ascii(),
        Limit::FinalDots(at, _) => at == view && name.ends_with('.'),
        _ => false,
    }
}
