//! isoinfo lists names, sizes and extents; the bytes are taken from where it says they are.
//!
//! Its own extraction starts the program anew for every file, which takes hours on tens of thousands of them. A few files
//! are extracted by it all the same, and have to be equal to the bytes at the extents.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::{Seen, View};
use crate::manifest::{Entry, Hasher, Manifest};
use crate::run::{command, output, tail};

/// How many files of a view isoinfo extracts itself.
const EXTRACTED: usize = 25;
/// The "multi-extent" bit of a directory record's flags: more of the file follows in the next record (ECMA-119 9.1.6).
const MULTI_EXTENT: u8 = 0x80;
/// How isoinfo shows flags with that bit.
const SIGNED_FLAGS: &str = " FFFF ";

/// One directory record as isoinfo shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// The directory, without a slash at either end; empty for the root.
    pub directory: String,
    /// The name as recorded: with its version number in the plain view.
    pub name: String,
    pub kind: char,
    pub flags: u8,
    pub extent: u64,
    pub size: u64,
    pub target: Option<String>,
}

pub(super) fn read(image: &Path, view: View) -> Result<Seen> {
    let (records, mut complaints) = listing(image, view)?;
    let mut bytes =
        File::open(image).with_context(|| format!("cannot open {}", image.display()))?;
    let mut manifest = Manifest::default();
    let mut file: Option<Hasher> = None;
    let files = records.iter().filter(|record| record.kind == '-').count();
    let step = files / EXTRACTED + 1;
    for (index, record) in records.iter().enumerate() {
        let path = shown_path(record, view);
        match (record.kind, &record.target) {
            ('d', _) => manifest.add(path, Entry::Directory),
            ('l', Some(target)) => manifest.add(path, Entry::Link { target: target.clone() }),
            _ => {
                let hasher = file.get_or_insert_default();
                extent(&mut bytes, record, hasher)
                    .with_context(|| format!("cannot read the extent of {path}"))?;
                if record.flags & MULTI_EXTENT != 0 {
                    continue;
                }
                let entry = file.take().unwrap_or_default().finish();
                if index % step == 0 {
                    complaints.extend(extract(image, view, record, &entry)?);
                }
                add_file(&mut manifest, view, path, record, entry);
            }
        }
    }
    Ok(Seen { manifest, complaints })
}

/// Names that isoinfo cannot print come out equal; the extent keeps them apart.
fn add_file(manifest: &mut Manifest, view: View, path: String, record: &Listed, entry: Entry) {
    if view == View::Joliet && manifest.entries.contains_key(&path) {
        manifest.add(format!("{path} at {}", record.extent), entry);
    } else {
        manifest.add(path, entry);
    }
}

/// All directory records in the order of the disc, without "." and "..", and what isoinfo complained of.
pub fn listing(image: &Path, view: View) -> Result<(Vec<Listed>, Vec<String>)> {
    let mut isoinfo = command("isoinfo");
    isoinfo.arg("-l").args(switches(view)).arg("-i").arg(image);
    let done = output(&mut isoinfo, Duration::from_secs(900))?;
    ensure!(done.status.success(), "isoinfo: {}", tail(&done.stderr));
    let mut records = Vec::new();
    let mut directory = String::new();
    for line in done.stdout.split(|byte| *byte == b'\n') {
        let line = decode(line, view);
        if let Some(path) = line.strip_prefix("Directory listing of /") {
            directory = path.trim_end_matches('/').to_owned();
        } else if let Some(record) = record(&line, &directory) {
            records.push(record);
        }
    }
    Ok((records, done.stderr.lines().map(str::to_owned).collect()))
}

fn switches(view: View) -> &'static [&'static str] {
    match view {
        View::RockRidge => &["-R"],
        View::Joliet => &["-J", "-j", "iso8859-1"],
        _ => &[],
    }
}

fn decode(line: &[u8], view: View) -> String {
    match view {
        View::Joliet => line.iter().copied().map(char::from).collect(),
        _ => String::from_utf8_lossy(line).into_owned(),
    }
}

/// `-rw-r--r--   1    0    0          17 Nov 24 2026 [    278 00]  NAME `
fn record(line: &str, directory: &str) -> Option<Listed> {
    let kind = line.chars().next().filter(|kind| "-dl".contains(*kind))?;
    let (before, after) = line.split_once('[')?;
    // It shows the flags as a signed number, cut: the highest bit leaves no room for what is behind them.
    let (place, name, flags) = match after.split_once(SIGNED_FLAGS) {
        Some((place, name)) if !place.contains(']') => (place, name, Some(MULTI_EXTENT)),
        _ => after.split_once("]  ").map(|(place, name)| (place, name, None))?,
    };
    let mut place = place.split_whitespace();
    // A space follows a name, but no target.
    let (name, target) = match (kind, name.split_once(" -> ")) {
        ('l', Some((name, target))) => (name, Some(target.to_owned())),
        _ => (name.strip_suffix(' ').unwrap_or(name), None),
    };
    let record = Listed {
        directory: directory.to_owned(),
        name: name.to_owned(),
        kind,
        extent: place.next()?.parse().ok()?,
        flags: flags.or_else(|| u8::from_str_radix(place.next()?, 16).ok())?,
        // Before month, day and year: large numbers of owners leave no room between theirs and others.
        size: before.split_whitespace().rev().nth(3)?.parse().ok()?,
        target,
    };
    (record.name != "." && record.name != "..").then_some(record)
}

/// The path as other programs show it: without version number, and without the dot that stands for no extension.
fn shown_path(record: &Listed, view: View) -> String {
    let raw = raw_path(record);
    if view == View::RockRidge {
        return raw;
    }
    let shown = |part: &str| {
        let part = part.rsplit_once(';').map_or(part, |(name, _)| name);
        part.strip_suffix('.').unwrap_or(part).to_owned()
    };
    let parts: Vec<String> = raw.split('/').map(shown).collect();
    parts.join("/")
}

fn raw_path(record: &Listed) -> String {
    let separator = if record.directory.is_empty() { "" } else { "/" };
    format!("{}{separator}{}", record.directory, record.name)
}

fn extent(image: &mut File, record: &Listed, hasher: &mut Hasher) -> io::Result<()> {
    image.seek(SeekFrom::Start(record.extent * 2048))?;
    let mut buffer = vec![0; 1 << 18];
    let mut left = record.size;
    while left > 0 {
        let part = left.min(buffer.len() as u64) as usize;
        image.read_exact(&mut buffer[..part])?;
        hasher.update(&buffer[..part]);
        left -= part as u64;
    }
    Ok(())
}

/// Has isoinfo extract the file, and says so when it does not give the bytes at the extent.
fn extract(image: &Path, view: View, record: &Listed, expected: &Entry) -> Result<Option<String>> {
    let path = raw_path(record);
    if view == View::Joliet && !path.is_ascii() || record.size > 1 << 24 {
        return Ok(None);
    }
    let mut isoinfo = command("isoinfo");
    isoinfo.args(switches(view)).arg("-i").arg(image).arg("-x").arg(format!("/{path}"));
    let done = output(&mut isoinfo, Duration::from_secs(120))?;
    let mut hasher = Hasher::default();
    hasher.update(&done.stdout);
    let got = hasher.finish();
    Ok((got != *expected)
        .then(|| format!("{path}: isoinfo -x gives a {got}, its extent holds a {expected}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_listing_is_taken_apart() {
        let line =
            "lrwxrwxrwx   1    0    0               0 Nov 24 2026 [1234567 00]   a b -> ../c ";
        let record = record(line, "d/e").expect("a record");
        assert_eq!((record.name.as_str(), record.target.as_deref()), (" a b", Some("../c ")));
        assert_eq!(
            (record.extent, record.kind, raw_path(&record).as_str()),
            (1_234_567, 'l', "d/e/ a b")
        );
    }

    #[test]
    fn flags_with_the_highest_bit_are_known_by_their_sign() {
        let line = "----------   0    0    0      4294965248 Nov 24 2026 [    272 FFFF BIG.BIN;1 ";
        let record = record(line, "").expect("a record");
        assert_eq!((record.name.as_str(), record.extent), ("BIG.BIN;1", 272));
        assert_eq!((record.flags, record.size), (MULTI_EXTENT, 4_294_965_248));
    }

    #[test]
    fn versions_and_lone_dots_are_not_shown() {
        let line = "----------   0    0    0               3 Nov 24 2026 [    278 80]  NAME.;1 ";
        let record = record(line, "DIR").expect("a record");
        assert_eq!(
            (shown_path(&record, View::Plain).as_str(), record.flags),
            ("DIR/NAME", MULTI_EXTENT)
        );
    }
}
