//! Joliet names: up to 64 UTF-16 units, or 103 where that is asked for. Joliet specification, "Allowed Character Set".

use alloc::string::String;

use super::{Candidate, Entry, Overrides, Reason, end_in_underscore, override_some};
use crate::options::JolietLength;

impl JolietLength {
    /// Longest name, in UTF-16 units; the version number comes on top.
    pub(crate) const fn units(self) -> usize {
        match self {
            Self::Up64 => 64,
            Self::Up103 => 103,
        }
    }
}

pub(crate) fn map_directory(
    entries: &[Entry<'_>],
    length: JolietLength,
    overrides: &mut Overrides,
) {
    let max = length.units();
    override_some(entries, |name| keeps(name, max), |entry| rewrite(entry, max), overrides);
}

/// Whether a name is recorded as it is.
pub(crate) fn keeps(name: &str, max: usize) -> bool {
    // UTF-8 has no fewer units.
    let is_short = name.len() <= max || name.encode_utf16().count() <= max;
    is_short && name.bytes().all(|byte| is_allowed(byte.into())) && !name.ends_with('.')
}

fn rewrite(entry: &Entry<'_>, max: usize) -> (Candidate, Reason) {
    let mut name = allowed(entry.name);
    let mut reason = if name == entry.name { Reason::Length } else { Reason::Characters };
    if end_in_underscore(&mut name) {
        reason = Reason::Characters;
    }
    let mut candidate = super::udf::shortened(&name, max, char::len_utf16);
    end_in_underscore(&mut candidate.name);
    (candidate, reason)
}

/// Text with `_` for what is not allowed.
pub(crate) fn allowed(text: &str) -> String {
    text.chars().map(|c| if is_allowed(c) { c } else { '_' }).collect()
}

const fn is_allowed(c: char) -> bool {
    !matches!(c, '\0'..='\x1F' | '*' | '/' | ':' | ';' | '?' | '\\')
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn long_and_forbidden_names_are_rewritten() {
        let long = "x".repeat(70);
        let emoji = "\u{1F600}".repeat(33);
        let names = [long.as_str(), &emoji, "a:b", "a_b", "fine \u{1F600}.txt"];
        let entries = [70, 132, 3, 4, 5].into_iter().zip(names).map(|(item, name)| Entry {
            item,
            name,
            is_directory: false,
        });
        let mut overrides = Overrides::default();
        map_directory(&entries.collect::<Vec<_>>(), JolietLength::Up64, &mut overrides);
        assert_eq!(overrides.name(70, &long), "x".repeat(64));
        assert_eq!(overrides.reason(70), Some(Reason::Length));
        assert_eq!(overrides.name(132, &emoji), "\u{1F600}".repeat(32));
        assert_eq!(overrides.name(3, "a:b"), "a_b~000");
        assert_eq!(overrides.reason(3), Some(Reason::Collision));
    }

    #[test]
    fn no_name_ends_in_a_full_stop() {
        let cut = ["x".repeat(63).as_str(), "."].concat() + "a long rest";
        let entries = [(0, "name."), (1, "name"), (2, &cut)].map(|(item, name)| Entry {
            item,
            name,
            is_directory: false,
        });
        let mut overrides = Overrides::default();
        map_directory(&entries, JolietLength::Up64, &mut overrides);
        assert_eq!(overrides.name(0, "name."), "name_");
        assert!(!overrides.name(2, &cut).ends_with('.'));
    }

    #[test]
    fn names_of_103_units() {
        let long = "\u{65e5}".repeat(120);
        let entries = [Entry { item: 0, name: &long, is_directory: false }];
        let mut overrides = Overrides::default();
        map_directory(&entries, JolietLength::Up103, &mut overrides);
        assert_eq!(overrides.name(0, &long), "\u{65e5}".repeat(103));
    }
}
