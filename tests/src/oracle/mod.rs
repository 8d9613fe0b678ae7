//! Every reader at hand, what it can read, and where it is known to fall short.
//!
//! A difference that a [`Limit`] does not explain is a fault of the image.

mod archives;
mod fill;
mod grub;
mod isoinfo;
mod libraries;
mod linux;
mod readers;
mod refusals;
mod udf_tools;
mod xorriso;

use std::fmt;
use std::path::Path;

use anyhow::Result;

use crate::compare;
use crate::iso_names;
use crate::manifest::{Entry, Manifest};

pub use fill::fill;
pub use isoinfo::{Listed, listing};
pub use linux::{Linux, mount_all};
pub use readers::READERS;
pub use refusals::{
    is_known_warning, refusal, refusal_of_hidden, refusal_of_name, refusal_of_options,
};
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

/// Something a reader is known not to do in a view, though the image is right.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Where; everywhere when `None`.
    pub view: Option<View>,
    pub what: What,
    pub reason: &'static str,
}

/// What is left out, or let go.
#[derive(Clone, Copy, Debug)]
pub enum What {
    /// Files larger than this are left out.
    FilesUpTo(u64),
    /// Links are left out, however they come.
    Links,
    /// Links to absolute targets are left out.
    AbsoluteLinks,
    /// Links with longer targets, in bytes, are left out.
    LinksUpTo(usize),
    /// An image with a link cannot be read at all.
    NoLinks,
    /// Entries with such names, and what is below them, are left out.
    Lost(fn(&str) -> bool),
    /// Names with such characters are matched by content.
    Names(fn(&str) -> bool),
    /// Complaints that contain this are not about the image.
    Complaint(&'static str),
}

/// A program that reads images, or a library with the little program around it.
pub struct Reader {
    pub name: &'static str,
    /// Whether it can be made to read `view` of an image that has the views `has`.
    reads: fn(view: View, has: &[View]) -> bool,
    pub limits: &'static [Limit],
    read: fn(image: &Path, view: View) -> Result<Seen>,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Reader {
    /// Whether it can be asked for `view` of an image that has the views `has` and, perhaps, links.
    pub fn can_read(&self, view: View, has: &[View], links: bool) -> bool {
        let refuses =
            |limit: &Limit| limit.view == Some(view) && matches!(limit.what, What::NoLinks);
        has.contains(&view)
            && (self.reads)(view, has)
            && !(links && self.limits.iter().any(refuses))
    }
}

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

/// Whether the reader takes some links for something else, or leaves them out, which cannot be told from other faults where it shows
/// names of links or of their directories as others.
pub fn confuses_links<'p>(
    reader: &Reader,
    view: View,
    mut paths: impl Iterator<Item = &'p str>,
) -> bool {
    let here = |limit: &&Limit| limit.view.is_none_or(|at| at == view);
    let limits = reader.limits.iter().filter(here);
    limits.clone().any(|limit| matches!(limit.what, What::Links | What::LinksUpTo(_)))
        && paths.any(|path| {
            path.split('/').any(|name| {
                limits.clone().any(|limit| matches!(limit.what, What::Names(which) if which(name)))
            })
        })
}

/// The same for a tree under the names that it has in the view: all of them have to come back, but those a limit frees.
pub fn check_named(
    reader: &Reader,
    image: &Path,
    view: View,
    expected: &Manifest,
) -> Result<Vec<String>> {
    let mut seen = (reader.read)(image, view)?;
    let mut expected = expected.clone();
    let limits = reader.limits.iter().filter(|limit| limit.view.is_none_or(|at| at == view));
    for limit in limits.clone() {
        apply(limit.what, &mut expected, &mut seen);
    }
    let frees = |name: &str| {
        limits.clone().any(|limit| matches!(limit.what, What::Names(which) if which(name)))
    };
    let mut found = seen.complaints;
    found.extend(compare::differences(&expected, &seen.manifest, |name| !frees(name)));
    Ok(found)
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
    let limits = limits.iter().filter(|limit| limit.view.is_none_or(|at| at == view));
    for limit in limits.clone() {
        apply(limit.what, &mut source, &mut seen);
    }
    let frees = |name: &str| {
        limits.clone().any(|limit| matches!(limit.what, What::Names(which) if which(name)))
    };
    let keeps = |name: &str| keeps(view, name) && !frees(name);
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

fn apply(what: What, source: &mut Manifest, seen: &mut Seen) {
    let seen_tree = &mut seen.manifest;
    match what {
        What::FilesUpTo(most) => {
            leave_out(
                source,
                seen_tree,
                |entry| matches!(entry, Entry::File { size, .. } if *size > most),
            );
        }
        What::Links => leave_out(source, seen_tree, |entry| matches!(entry, Entry::Link { .. })),
        What::AbsoluteLinks => {
            leave_out(
                source,
                seen_tree,
                |entry| matches!(entry, Entry::Link { target } if target.starts_with('/')),
            );
        }
        What::LinksUpTo(most) => {
            leave_out(
                source,
                seen_tree,
                |entry| matches!(entry, Entry::Link { target } if target.len() > most),
            );
        }
        What::Lost(which) => {
            let lost = |path: &str| path.split('/').any(which);
            source.entries.retain(|path, _| !lost(path));
            seen_tree.entries.retain(|path, _| !lost(path));
        }
        What::Complaint(text) => seen.complaints.retain(|complaint| !complaint.contains(text)),
        What::NoLinks | What::Names(_) => {}
    }
}

/// Takes entries of the source out of both sides; those of them with names that fit 8.3 are found in the plain view too.
fn leave_out(source: &mut Manifest, seen: &mut Manifest, which: impl Fn(&Entry) -> bool) {
    let paths: Vec<String> =
        source.entries.iter().filter(|(_, e)| which(e)).map(|(path, _)| path.clone()).collect();
    // A link that a reader shows under another name has lost its target too.
    let is_lost = |entry: &Entry| matches!(entry, Entry::Link { target } if target.is_empty());
    seen.entries.retain(|_, entry| !is_lost(entry));
    for path in paths {
        source.entries.remove(&path);
        seen.entries.retain(|other, _| !other.eq_ignore_ascii_case(&path));
        seen.repeated.retain(|other| *other != path);
    }
}
