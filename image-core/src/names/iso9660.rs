//! ISO 9660 names: d-characters, a dot and an extension. ECMA-119 7.5, 7.6, clause 10.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::{Candidate, Entry, Reason, end_in_underscore, make_unique};
use crate::options::{Iso9660Options, IsoLevel, IsoNameLength, IsoNameRules};

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
        rules: Rules,
        included: impl Fn(u32) -> bool,
    ) {
        let there: Vec<_> = entries.iter().filter(|entry| included(entry.item)).copied().collect();
        let unique = rules.unique(&there, BTreeSet::new());
        let mut names = there.iter().zip(unique).peekable();
        for entry in entries {
            if let Some((_, (name, collided))) = names.next_if(|(next, _)| next.item == entry.item)
            {
                self.bytes.push_str(&name);
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
        } else if name.trim_end_matches('.').len() < original.trim_end_matches('.').chars().count()
        {
            Some(Reason::Length)
        } else {
            Some(Reason::Characters)
        }
    }
}

/// What names of the primary hierarchy may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    level: IsoLevel,
    relaxed: IsoNameRules,
}

impl Rules {
    pub(crate) const fn new(options: &Iso9660Options) -> Self {
        Self { level: options.level, relaxed: options.names }
    }

    /// Unique identifiers of the entries of a directory, none of them in `taken`, and whether each had to be numbered.
    pub(crate) fn unique(
        self,
        entries: &[Entry<'_>],
        taken: BTreeSet<Vec<u8>>,
    ) -> Vec<(String, bool)> {
        let candidates = entries.iter().map(|entry| self.candidate(entry)).collect();
        let mut names = make_unique(candidates, taken);
        for (entry, (name, _)) in entries.iter().zip(&mut names) {
            if !entry.is_directory && !self.relaxed.omit_period && !name.contains('.') {
                name.push('.');
            }
        }
        names
    }

    /// Whether names sort by their bytes as they do by name and extension: no character comes before the full stop.
    pub(crate) const fn sort_by_bytes(self) -> bool {
        let relaxed = self.relaxed;
        !relaxed.all_ascii && !relaxed.untranslated && !relaxed.several_dots && !relaxed.leading_dot
    }

    /// Whether no name keeps lower case letters.
    pub(crate) const fn is_upper_case(self) -> bool {
        !self.relaxed.lower_case
    }

    fn candidate(self, entry: &Entry<'_>) -> Candidate {
        let (base_room, extension_room, total) = match (self.relaxed.length, self.level) {
            (IsoNameLength::Up37, _) => (36, KEPT_EXTENSION, 36),
            (IsoNameLength::OfLevel, IsoLevel::One) => (8, 3, 11),
            _ => (30, KEPT_EXTENSION, 30),
        };
        let candidate =
            |name, base_len, room| Candidate { name, base_len, room, unit: |_| 1, mark: "" };
        // With room for the dot that may come at the end of it.
        let mut name = String::with_capacity(entry.name.len() + 1);
        if entry.is_directory {
            let room = if total == 11 { 8 } else { total + 1 };
            self.text(entry.name, true, &mut name);
            name.truncate(room);
            end_in_underscore(&mut name);
            let base_len = name.len();
            return candidate(name, base_len, room);
        }
        let split = entry.name.rfind('.').filter(|dot| *dot > 0);
        let (base, extension) = entry.name.split_at(split.unwrap_or(entry.name.len()));
        self.text(base, false, &mut name);
        let mut base_len = name.len();
        name.push('.');
        self.text(extension.get(1..).unwrap_or(""), false, &mut name);
        let mut extension_len = name.len() - base_len - 1;
        if total == 11 || base_len > base_room || base_len + extension_len > total {
            extension_len = extension_len.min(extension_room);
            name.truncate(base_len + 1 + extension_len);
        }
        let room = if total == 11 { 8 } else { total - extension_len };
        if base_len > room {
            name.replace_range(room..base_len, "");
            base_len = room;
        }
        if extension_len == 0 {
            name.truncate(base_len);
            end_in_underscore(&mut name);
        }
        candidate(name, base_len, room)
    }

    /// What is recorded of a part of a name: ASCII only.
    fn text(self, part: &str, is_directory: bool, to: &mut String) {
        let relaxed = self.relaxed;
        let mapped = |at: usize, c: char| match c {
            '.' if at == 0 && !is_directory && relaxed.leading_dot => c,
            '.' if relaxed.several_dots && (at > 0 || relaxed.leading_dot) => c,
            '.' | '/' | ';' => '_',
            '#' | '~' if relaxed.untranslated => c,
            'a'..='z' if relaxed.lower_case => c,
            'a'..='z' => c.to_ascii_uppercase(),
            ' '..='\x7E' if relaxed.all_ascii => c,
            _ => d_character(c),
        };
        for (at, c) in part.char_indices() {
            to.push(mapped(at, c));
        }
    }
}

/// Name and extension; the identifier of a directory has none. ECMA-119 7.5.1, 7.6.1.
pub(crate) fn parts(name: &str, is_directory: bool) -> (&str, &str) {
    let split = if is_directory { None } else { name.rsplit_once('.') };
    split.unwrap_or((name, ""))
}

/// Record order of names with characters before the full stop: name and extension, each as if padded with spaces.
/// ECMA-119 9.3.
pub(crate) fn compare(a: (&str, &str), b: (&str, &str)) -> Ordering {
    let padded = |a: &str, b: &str| {
        let len = a.len().max(b.len());
        let bytes = |text: &str| -> Vec<u8> {
            text.bytes().chain(core::iter::repeat(b' ')).take(len).collect()
        };
        bytes(a).cmp(&bytes(b))
    };
    padded(a.0, b.0).then_with(|| padded(a.1, b.1))
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
        relaxed(names, level, IsoNameRules::default())
    }

    fn relaxed(names: &[(&str, bool)], level: IsoLevel, relaxed: IsoNameRules) -> Vec<String> {
        let entries: Vec<_> = (0..)
            .zip(names)
            .map(|(item, (name, is_directory))| Entry { item, name, is_directory: *is_directory })
            .collect();
        let mut mapped = IsoNames::default();
        mapped.push_directory(&entries, Rules { level, relaxed }, |_| true);
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

    /// The order of two names, each with whether it is that of a directory.
    fn order(a: (&str, bool), b: (&str, bool)) -> Ordering {
        compare(parts(a.0, a.1), parts(b.0, b.1))
    }

    #[test]
    fn directories_have_no_extension_to_sort_by() {
        assert_eq!(order(("d d", true), ("d.d", true)), Ordering::Less);
        assert_eq!(order(("d d", false), ("d.d", false)), Ordering::Greater);
        assert_eq!(order(("d.d", false), ("d.d", true)), Ordering::Less);
    }

    #[test]
    fn full_stops_at_the_end_are_characters_and_no_length() {
        for (name, recorded) in [("dot.", "DOT."), ("...", "__."), ("a", "A."), ("a.", "A.")] {
            let entries = [Entry { item: 0, name, is_directory: false }];
            let mut names = IsoNames::default();
            let rules = Rules { level: IsoLevel::Two, relaxed: IsoNameRules::default() };
            names.push_directory(&entries, rules, |_| true);
            assert_eq!(names.name(0), recorded);
            assert_eq!(names.reason(0, name), Some(Reason::Characters), "{name}");
        }
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

    #[test]
    fn each_rule_is_relaxed_by_itself() {
        let names = [
            ("read#me~ +1.tar.gz", false),
            (".profile", false),
            ("Makefile", false),
            ("conf.d", true),
            ("a;b.txt", false),
        ];
        let with = |rules| relaxed(&names, IsoLevel::Two, rules);
        let none = IsoNameRules::default();
        let all = ["READ_ME___1_TAR.GZ", "_PROFILE.", "MAKEFILE.", "CONF_D", "A_B.TXT"];
        assert_eq!(with(none), all);
        let changed = |rules, position: usize, name: &str| {
            let mut expected = all;
            expected[position] = name;
            assert_eq!(with(rules), expected, "{rules:?}");
        };
        let lower = with(IsoNameRules { lower_case: true, ..none });
        assert_eq!(lower[..2], ["read_me___1_tar.gz", "_profile."]);
        changed(IsoNameRules { all_ascii: true, ..none }, 0, "READ#ME~ +1_TAR.GZ");
        changed(IsoNameRules { untranslated: true, ..none }, 0, "READ#ME~__1_TAR.GZ");
        changed(IsoNameRules { leading_dot: true, ..none }, 1, ".PROFILE");
        let no_period = with(IsoNameRules { omit_period: true, ..none });
        assert_eq!(no_period[1..3], ["_PROFILE", "MAKEFILE"]);
        let dots = with(IsoNameRules { several_dots: true, ..none });
        assert_eq!((&*dots[0], &*dots[3]), ("READ_ME___1.TAR.GZ", "CONF.D"));
        assert_eq!(
            with(IsoNameRules::UNTRANSLATED),
            ["read#me~ +1.tar.gz", ".profile", "Makefile", "conf.d", "a_b.txt"]
        );
    }

    #[test]
    fn no_name_ends_in_a_full_stop_of_its_own() {
        let names = [("a.", true), ("a", false), ("b..", false), ("b", false)];
        let rules = IsoNameRules { several_dots: true, ..IsoNameRules::default() };
        assert_eq!(relaxed(&names, IsoLevel::Two, rules), ["A_", "A.", "B_.", "B."]);
    }

    #[test]
    fn lengths_of_31_and_37() {
        let long = "n".repeat(60);
        let names = [(long.as_str(), false), (&long, true)];
        let with = |level, length| {
            let rules = IsoNameRules { length, ..IsoNameRules::default() };
            relaxed(&names, level, rules).iter().map(String::len).collect::<Vec<_>>()
        };
        assert_eq!(with(IsoLevel::One, IsoNameLength::OfLevel), [9, 8]);
        assert_eq!(with(IsoLevel::One, IsoNameLength::Up31), [31, 31]);
        assert_eq!(with(IsoLevel::Three, IsoNameLength::Up37), [37, 37]);
    }

    #[test]
    fn order_is_by_name_and_then_by_extension() {
        assert_eq!(order(("A.TXT", false), ("A-B.TXT", false)), Ordering::Less);
        assert_eq!(order(("A", false), ("A.B", false)), Ordering::Less);
        assert_eq!(order(("A!.", false), ("A.", false)), Ordering::Greater);
        assert_eq!(order(("A.B", false), ("A.B", false)), Ordering::Equal);
    }
}
