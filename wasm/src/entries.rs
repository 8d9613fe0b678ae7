//! The list of entries, checked. One entry is one position in several parallel arrays; nothing in them is trusted.

use image_core::Special;

use crate::failure::ImageFailure;
use crate::fields::whole;

/// The farthest instant of a JavaScript date, in milliseconds either side of 1970. ECMA-262 21.4.1.1.
const FARTHEST_DATE: f64 = 8.64e15;

/// The arrays as they came over the border.
#[derive(Debug, Default)]
pub(crate) struct EntryArrays {
    /// All paths, one after the other, in UTF-8.
    pub(crate) paths: Vec<u8>,
    /// Where each path ends in `paths`; it starts where the one before ends.
    pub(crate) path_ends: Vec<u32>,
    pub(crate) kinds: Vec<u8>,
    /// Lengths of files in bytes; whatever stands at other kinds is ignored.
    pub(crate) sizes: Vec<f64>,
    /// Milliseconds since 1970, or NaN for none.
    pub(crate) modified: Vec<f64>,
    /// Targets of the symbolic and hard links, in the order in which the links appear.
    pub(crate) targets: Vec<String>,
    /// POSIX permissions, or [`NONE`]; empty where no entry has any. So are the two that follow.
    pub(crate) modes: Vec<u32>,
    pub(crate) uids: Vec<u32>,
    pub(crate) gids: Vec<u32>,
}

/// What stands for no permissions, user or group: -1 in 32 bits.
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryKind<'a> {
    File {
        len: u64,
    },
    Directory,
    Symlink {
        target: &'a str,
    },
    /// Another name of the entry at this path.
    HardLink {
        target: &'a str,
    },
    /// A special file; the numbers of a device are among the details.
    Special(Special),
}

/// An entry whose parts are sound by themselves; whether it fits its neighbours is for the tree to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    pub(crate) path: &'a str,
    pub(crate) kind: EntryKind<'a>,
    /// Milliseconds since 1970.
    pub(crate) modified: Option<i64>,
    pub(crate) mode: Option<u32>,
    pub(crate) uid: Option<u32>,
    pub(crate) gid: Option<u32>,
}

impl EntryArrays {
    /// All entries in their order, after a check of how the arrays fit together.
    pub(crate) fn entries(&self) -> Result<Entries<'_>, ImageFailure> {
        let count = self.path_ends.len();
        for (name, len) in [
            ("kinds", self.kinds.len()),
            ("sizes", self.sizes.len()),
            ("modified", self.modified.len()),
        ] {
            if len != count {
                return Err(bad_arrays(format!(
                    "{name} has {len} elements, but pathEnds has {count}"
                )));
            }
        }
        for (name, len) in
            [("modes", self.modes.len()), ("uids", self.uids.len()), ("gids", self.gids.len())]
        {
            if len != count && len != 0 {
                return Err(bad_arrays(format!(
                    "{name} has {len} elements, but pathEnds has {count}"
                )));
            }
        }
        let is_link = |kind: &&u8| matches!(**kind, SYMLINK | HARD_LINK);
        let links = self.kinds.iter().filter(is_link).count();
        if links != self.targets.len() {
            return Err(bad_arrays(format!(
                "{links} entries are links, but targets has {} elements",
                self.targets.len()
            )));
        }
        let used = self.path_ends.last().copied().unwrap_or(0) as usize;
        if used != self.paths.len() {
            return Err(bad_arrays(format!(
                "the last path ends at byte {used} of {} in paths",
                self.paths.len()
            )));
        }
        Ok(Entries { arrays: self, index: 0, path_start: 0, links: 0 })
    }
}

const FILE: u8 = 0;
const DIRECTORY: u8 = 1;
const SYMLINK: u8 = 2;
const HARD_LINK: u8 = 3;
const CHARACTER_DEVICE: u8 = 4;
const BLOCK_DEVICE: u8 = 5;
const FIFO: u8 = 6;
const SOCKET: u8 = 7;

/// Walks the arrays; an unsound entry ends the walk with an error.
#[derive(Debug)]
pub(crate) struct Entries<'a> {
    arrays: &'a EntryArrays,
    index: usize,
    path_start: usize,
    links: usize,
}

impl<'a> Iterator for Entries<'a> {
    type Item = Result<Entry<'a>, ImageFailure>;

    fn next(&mut self) -> Option<Self::Item> {
        let arrays = self.arrays;
        let end = *arrays.path_ends.get(self.index)? as usize;
        let kind = *arrays.kinds.get(self.index)?;
        let size = *arrays.sizes.get(self.index)?;
        let instant = *arrays.modified.get(self.index)?;
        let entry = self.path(end).and_then(|path| {
            Ok(Entry {
                path,
                kind: self.kind(path, kind, size)?,
                modified: modified(path, instant)?,
                mode: given(&arrays.modes, self.index),
                uid: given(&arrays.uids, self.index),
                gid: given(&arrays.gids, self.index),
            })
        });
        self.index += 1;
        self.path_start = end;
        Some(entry)
    }
}

impl<'a> Entries<'a> {
    fn path(&self, end: usize) -> Result<&'a str, ImageFailure> {
        let index = self.index;
        let bytes = self.arrays.paths.get(self.path_start..end).ok_or_else(|| {
            bad_arrays(format!(
                "path {index} goes from byte {} to byte {end} of {}",
                self.path_start,
                self.arrays.paths.len()
            ))
        })?;
        core::str::from_utf8(bytes).map_err(|error| {
            let (shown, at) = (spelt(bytes), error.valid_up_to());
            let why = match half_of_a_pair(bytes.get(at..).unwrap_or_default()) {
                Some(half) => format!("it has half a UTF-16 pair, U+{half:04X}, at its byte {at}"),
                None => format!("it breaks at its byte {at}"),
            };
            ImageFailure::new("invalidPath", format!("path {index}, {shown}, is not UTF-8: {why}"))
                .at(&shown)
                .hint("rename it: no text on a disc can hold what is not Unicode")
        })
    }

    fn kind(&mut self, path: &str, kind: u8, size: f64) -> Result<EntryKind<'a>, ImageFailure> {
        match kind {
            FILE => Ok(EntryKind::File { len: length(path, size)? }),
            DIRECTORY => Ok(EntryKind::Directory),
            SYMLINK => Ok(EntryKind::Symlink { target: self.target(path)? }),
            HARD_LINK => Ok(EntryKind::HardLink { target: self.target(path)? }),
            CHARACTER_DEVICE => {
                Ok(EntryKind::Special(Special::CharacterDevice { major: 0, minor: 0 }))
            }
            BLOCK_DEVICE => Ok(EntryKind::Special(Special::BlockDevice { major: 0, minor: 0 })),
            FIFO => Ok(EntryKind::Special(Special::Fifo)),
            SOCKET => Ok(EntryKind::Special(Special::Socket)),
            other => {
                Err(bad_arrays(format!("{path} is of kind {other}, which does not exist")).at(path))
            }
        }
    }

    fn target(&mut self, path: &str) -> Result<&'a str, ImageFailure> {
        let target = self.arrays.targets.get(self.links);
        self.links += 1;
        target.map(String::as_str).ok_or_else(|| bad_arrays(format!("targets has none for {path}")))
    }
}

/// What an array that may be left out has for an entry.
fn given(array: &[u32], index: usize) -> Option<u32> {
    array.get(index).copied().filter(|value| *value != NONE)
}

/// The surrogate that begins these bytes, as generalised UTF-8 has it where UTF-16 was ill-formed.
fn half_of_a_pair(bytes: &[u8]) -> Option<u16> {
    match bytes {
        [0xED, second @ 0xA0..=0xBF, third @ 0x80..=0xBF, ..] => {
            Some(0xD000 | u16::from(second & 0x3F) << 6 | u16::from(third & 0x3F))
        }
        _ => None,
    }
}

/// A path with what is not UTF-8 in it spelt out, so that it can be told from others.
fn spelt(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02X}"));
        }
    }
    text
}

fn bad_arrays(message: String) -> ImageFailure {
    ImageFailure::new("invalidEntries", message)
}

fn length(path: &str, size: f64) -> Result<u64, ImageFailure> {
    whole(size).ok_or_else(|| {
        let message = format!("the size of {path} is not a whole number of bytes below 2^53");
        ImageFailure::new("invalidSize", message).at(path)
    })
}

/// A JavaScript instant in milliseconds since 1970; `None` for NaN.
#[expect(clippy::cast_possible_truncation, reason = "checked to be within 8.64e15 of zero")]
pub(crate) fn date(milliseconds: f64) -> Result<Option<i64>, NoDate> {
    if milliseconds.is_nan() {
        return Ok(None);
    }
    if milliseconds.abs() > FARTHEST_DATE {
        return Err(NoDate);
    }
    Ok(Some(milliseconds.floor() as i64))
}

/// An instant that no JavaScript date can be.
#[derive(Debug)]
pub(crate) struct NoDate;

fn modified(path: &str, milliseconds: f64) -> Result<Option<i64>, ImageFailure> {
    date(milliseconds).map_err(|NoDate| {
        let message = format!("the time at which {path} was modified is no date");
        ImageFailure::new("invalidDate", message).at(path)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrays(entries: &[(&str, u8, f64, f64)], targets: &[&str]) -> EntryArrays {
        let mut arrays = EntryArrays::default();
        for (path, kind, size, modified) in entries {
            arrays.paths.extend_from_slice(path.as_bytes());
            arrays.path_ends.push(arrays.paths.len() as u32);
            arrays.kinds.push(*kind);
            arrays.sizes.push(*size);
            arrays.modified.push(*modified);
        }
        arrays.targets = targets.iter().map(|target| (*target).to_owned()).collect();
        arrays
    }

    fn failure(arrays: &EntryArrays) -> ImageFailure {
        arrays.entries().and_then(|entries| entries.collect::<Result<Vec<_>, _>>()).unwrap_err()
    }

    #[test]
    fn entries_come_back_as_they_were_given() {
        let given = arrays(
            &[
                ("docs", DIRECTORY, 4096.0, 1000.0),
                ("docs/é.txt", FILE, 9_007_199_254_740_991.0, -1500.5),
                ("a", SYMLINK, 0.0, f64::NAN),
                ("b", SYMLINK, f64::NAN, 0.0),
            ],
            &["docs", "../é"],
        );
        let entries: Vec<_> = given.entries().unwrap().map(Result::unwrap).collect();
        let expected = [
            ("docs", EntryKind::Directory, Some(1000)),
            ("docs/é.txt", EntryKind::File { len: 9_007_199_254_740_991 }, Some(-1501)),
            ("a", EntryKind::Symlink { target: "docs" }, None),
            ("b", EntryKind::Symlink { target: "../é" }, Some(0)),
        ];
        let (mode, uid, gid) = (None, None, None);
        assert_eq!(
            entries,
            expected.map(|(path, kind, modified)| Entry { path, kind, modified, mode, uid, gid })
        );
    }

    #[test]
    fn an_empty_list_is_sound() {
        assert_eq!(EntryArrays::default().entries().unwrap().count(), 0);
    }

    #[test]
    fn arrays_that_do_not_fit_together_are_refused() {
        let sound = || arrays(&[("a", FILE, 1.0, 0.0), ("b", SYMLINK, 0.0, 0.0)], &["a"]);
        let broken: [fn(&mut EntryArrays); 9] = [
            |arrays| arrays.kinds.truncate(1),
            |arrays| arrays.sizes.push(1.0),
            |arrays| arrays.modified.truncate(1),
            |arrays| arrays.path_ends.truncate(1),
            |arrays| arrays.paths.push(b'c'),
            |arrays| arrays.path_ends[1] = 9,
            |arrays| arrays.path_ends = vec![u32::MAX, 2],
            |arrays| arrays.targets.clear(),
            |arrays| arrays.kinds[0] = 3,
        ];
        for (case, breaking) in broken.iter().enumerate() {
            let mut arrays = sound();
            breaking(&mut arrays);
            assert_eq!(failure(&arrays).kind, "invalidEntries", "case {case}");
        }
    }

    #[test]
    fn path_ends_that_go_backwards_are_refused() {
        let mut backwards = arrays(&[("abc", FILE, 1.0, 0.0), ("def", FILE, 1.0, 0.0)], &[]);
        backwards.path_ends = vec![4, 3, 6];
        backwards.kinds = vec![FILE; 3];
        backwards.sizes = vec![1.0; 3];
        backwards.modified = vec![0.0; 3];
        assert_eq!(failure(&backwards).kind, "invalidEntries");
    }

    #[test]
    fn text_that_is_not_utf_8_is_refused() {
        let mut arrays = arrays(&[("abc", FILE, 1.0, 0.0)], &[]);
        arrays.paths = vec![b'a', 0xff, b'c'];
        let failure = failure(&arrays);
        assert_eq!(
            (failure.kind.as_str(), failure.path.as_deref()),
            ("invalidPath", Some("a\\xFFc"))
        );
    }

    #[test]
    fn half_a_utf_16_pair_is_named() {
        for (bytes, half) in [([0xED, 0xA0, 0x80], "U+D800"), ([0xED, 0xBF, 0xBF], "U+DFFF")] {
            let mut arrays = arrays(&[("d/abc", FILE, 1.0, 0.0)], &[]);
            arrays.paths = [b"d/".as_slice(), &bytes].concat();
            let failure = failure(&arrays);
            assert_eq!(failure.kind, "invalidPath");
            assert!(failure.message.contains(half), "{}", failure.message);
            assert!(failure.message.contains("d/\\xED"), "{}", failure.message);
            assert!(!failure.message.contains('\u{fffd}') && failure.hint.is_some());
        }
    }

    #[test]
    fn a_path_cut_inside_a_character_is_refused() {
        let mut cut = arrays(&[("é", FILE, 1.0, 0.0), ("b", FILE, 1.0, 0.0)], &[]);
        cut.path_ends[0] = 1;
        assert_eq!(failure(&cut).kind, "invalidPath");
    }

    #[test]
    fn sizes_that_are_no_byte_count_are_refused() {
        for size in [-1.0, 0.5, f64::NAN, f64::INFINITY, 9_007_199_254_740_992.0, 1e300] {
            let failure = failure(&arrays(&[("a", FILE, size, 0.0)], &[]));
            assert_eq!(
                (failure.kind.as_str(), failure.path.as_deref()),
                ("invalidSize", Some("a")),
                "{size}"
            );
        }
    }

    #[test]
    fn instants_outside_the_calendar_are_refused() {
        for instant in [f64::INFINITY, f64::NEG_INFINITY, 8.65e15, -1e300] {
            assert_eq!(
                failure(&arrays(&[("a", FILE, 1.0, instant)], &[])).kind,
                "invalidDate",
                "{instant}"
            );
        }
        let edge = arrays(&[("a", FILE, 1.0, FARTHEST_DATE)], &[]);
        assert!(edge.entries().unwrap().all(|entry| entry.is_ok()));
    }
}
