//! Names of ISO 9660:1999: up to 207 bytes, to the writer's liking but for control characters. ISO 9660:1999 7.5, 7.6.
//!
//! The standard leaves the characters to an agreement of writer and reader; text is recorded in UTF-8.

use alloc::string::String;

use super::{Candidate, Entry, Overrides, Reason, override_some};

/// Longest identifier, in bytes: a record with it is as long as one can be with room for a system use area of 14 bytes.
pub(crate) const MAX_BYTES: usize = 207;

/// Maps the names of one directory to at most `max` bytes.
pub(crate) fn map_directory(entries: &[Entry<'_>], max: usize, overrides: &mut Overrides) {
    let keeps = |name: &str| name.len() <= max && !name.contains(char::is_control);
    override_some(entries, keeps, |entry| rewrite(entry, max), overrides);
}

fn rewrite(entry: &Entry<'_>, max: usize) -> (Candidate, Reason) {
    let shown = |c: char| if c.is_control() { '_' } else { c };
    let name: String = entry.name.chars().map(shown).collect();
    let reason = if name == entry.name { Reason::Length } else { Reason::Characters };
    (super::udf::shortened(&name, max, char::len_utf8), reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_at_a_character_and_never_look_like_a_dot_record() {
        let long = "\u{8a9e}".repeat(70);
        let names = ["\u{1}", long.as_str(), "as it is; really?"];
        let entries: alloc::vec::Vec<_> = (0..)
            .zip(names)
            .map(|(item, name)| Entry { item, name, is_directory: false })
            .collect();
        let mut overrides = Overrides::default();
        map_directory(&entries, MAX_BYTES, &mut overrides);
        assert_eq!(overrides.name(0, names[0]), "_");
        assert_eq!(overrides.name(1, &long), "\u{8a9e}".repeat(69));
        assert_eq!(overrides.reason(1), Some(Reason::Length));
        assert_eq!(overrides.name(2, names[2]), names[2]);
    }
}
