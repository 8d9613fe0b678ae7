//! ISO 9660 names: d-characters, a dot and an extension. ECMA-119 7.5, 7.6, clause 10.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Candidate, Entry, Reason, make_unique};
use crate::options::IsoLevel;

/// Longest extension that is kept whole when a name must be cut at level 2 and 3.
const KEPT_EXTENSION: usize = 8;

/// Identifiers of all items, without version numbers, in one run of bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct IsoNames {
    bytes: String,
    /// Where the identifier of each item ends.
    ends: Vec<u32>,
    collided: BTreeSet<u32>,
}

impl IsoNames {
    /// The identifier of an item: `NAME.EXT` for files, with the dot even when nothing follows, `NAME` for directories.
    pub(crate) fn name(&self, item: u32) -> &str {
        let item = item as usize;
        let end = self.ends.get(item).copied().unwrap_or_default() as usize;
        let start = item.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        self.bytes.get(start.unwrap_or_default() as usize..end).unwrap_or("")
    }

    /// Appends the names of the next items: a directory's children in order; `included` says which are in this file system.
    pub(crate) fn push_directory(
        &mut self,
        entries: &[Entry<'_>],
        level: IsoLevel,
        included: impl Fn(u32) -> bool,
    ) {
        let there: Vec<_> = entries.iter().filter(|entry| included(entry.item)).collect();
        let candidates: Vec<_> = there.iter().map(|entry| candidate(entry, level)).collect();
        let mut names = there.iter().zip(make_unique(&candidates, BTreeSet::new())).peekable();
        for entry in entries {
            if let Some((_, (name, collided))) = names.next_if(|(next, _)| next.item == entry.item)
            {
                self.bytes.push_str(&name);
                if !entry.is_directory && !name.contains('.') {
                    self.bytes.push('.');
                }
                if collided {
                    self.collided.insert(entry.item);
                }
            }
            self.push_end();
        }
    }

    /// Appends an item without a name: the root.
    pub(crate) fn push_end(&mut self) {
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
    }

    /// Why an item's identifier differs from what the user called it.
    pub(crate) fn reason(&self, item: u32, original: &str) -> Option<Reason> {
        let name = self.name(item);
        if self.collided.contains(&item) {
            Some(Reason::Collision)
        } else if name == original || name.strip_suffix('.') == Some(original) {
            None
        } else if name.trim_end_matches('.').len() < original.chars().count() {
            Some(Reason::Length)
        } else {
            Some(Reason::Characters)
        }
    }
}

fn candidate(entry: &Entry<'_>, level: IsoLevel) -> Candidate {
    let (base_room, extension_room) = match level {
        IsoLevel::One => (8, 3),
        IsoLevel::Two | IsoLevel::Three => (30, KEPT_EXTENSION),
    };
    if entry.is_directory {
        let room = if level == IsoLevel::One { 8 } else { 31 };
        let base = entry.name.chars().map(d_character).take(room).collect();
        return Candidate { base, extension: String::new(), room, unit: |_| 1, mark: "" };
    }
    let split = entry.name.rfind('.').filter(|dot| *dot > 0);
    let (base, extension) = entry.name.split_at(split.unwrap_or(entry.name.len()));
    let mut extension: String = extension.chars().skip(1).map(d_character).collect();
    let base: String = base.chars().map(d_character).collect();
    let too_long = base.len() > base_room || base.len() + extension.len() > 30;
    if level == IsoLevel::One || too_long {
        extension.truncate(extension_room);
    }
    let room = if level == IsoLevel::One { 8 } else { 30 - extension.len() };
    let base = base.get(..room).unwrap_or(&base).into();
    if !extension.is_empty() {
        extension.insert(0, '.');
    }
    Candidate { base, extension, room, unit: |_| 1, mark: "" }
}

/// The d-character that stands for this one: upper case letters, digits, and `_` for all else. ECMA-119 7.4.1.
pub(crate) const fn d_character(c: char) -> char {
    match c {
        'a'..='z' => c.to_ascii_uppercase(),
        'A'..='Z' | '0'..='9' => c,
        _ => '_',
    }
}

#[cfg(test)]
mod tests {
    use std::format;
    use std::vec;

    use super::*;

    fn map(names: &[(&str, bool)], level: IsoLevel) -> Vec<String> {
        let entries: Vec<_> = (0..)
            .zip(names)
            .map(|(item, (name, is_directory))| Entry { item, name, is_directory: *is_directory })
            .collect();
        let mut mapped = IsoNames::default();
        mapped.push_directory(&entries, level, |_| true);
        entries.iter().map(|entry| String::from(mapped.name(entry.item))).collect()
    }

    #[test]
    fn level_one() {
        let names = [
            ("readme.txt", false),
            ("Makefile", false),
            (".bashrc", false),
            ("archive.tar.gz", false),
            ("directory.with.dots", true),
            ("日本語.html", false),
        ];
        let mapped = ["README.TXT", "MAKEFILE.", "_BASHRC.", "ARCHIVE_.GZ", "DIRECTOR", "___.HTM"];
        assert_eq!(map(&names, IsoLevel::One), mapped);
    }

    #[test]
    fn level_three_fills_thirty_characters() {
        let long = "a".repeat(200);
        let names = [(long.as_str(), false), ("x.extension_of_length_24", false), (&long, true)];
        let mapped = map(&names[..2], IsoLevel::Three);
        assert_eq!(mapped, [format!("{}.", "A".repeat(30)), "X.EXTENSION_OF_LENGTH_24".into()]);
        assert_eq!(map(&names[2..], IsoLevel::Three), ["A".repeat(31)]);
        let name = format!("{long}.extension");
        assert_eq!(
            map(&[(&name, false)], IsoLevel::Three),
            [format!("{}.EXTENSIO", "A".repeat(22))]
        );
    }

    #[test]
    fn case_only_differences_and_a_directory_of_the_same_name() {
        let names = [("a", true), ("A", false), ("a.", false), ("a.x", false)];
        let mapped = map(&names, IsoLevel::Two);
        assert_eq!(mapped, vec!["A000", "A001.", "A002.", "A.X"]);
    }
}
