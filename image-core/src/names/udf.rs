//! UDF names: up to 255 bytes of OSTA CS0. UDF 2.3.4.2.

use alloc::string::String;

use super::{Candidate, Entry, Overrides, Reason, override_some};
use crate::wire::udf::cs0;

/// Longest identifier in bytes, compression id included.
const MAX_BYTES: usize = 255;

pub(crate) fn map_directory(entries: &[Entry<'_>], overrides: &mut Overrides) {
    override_some(entries, keeps, rewrite, overrides);
}

fn keeps(name: &str) -> bool {
    cs0::encoded_len(name) <= MAX_BYTES && cs0::allowed(name) == name
}

fn rewrite(entry: &Entry<'_>) -> (Candidate, Reason) {
    let name = &*cs0::allowed(entry.name);
    let is_narrow = name.chars().all(|c| u32::from(c) < 0x100);
    let (room, unit): (usize, fn(char) -> usize) =
        if is_narrow { (MAX_BYTES - 1, |_| 1) } else { ((MAX_BYTES - 1) / 2, char::len_utf16) };
    let reason =
        if cs0::encoded_len(name) > MAX_BYTES { Reason::Length } else { Reason::Characters };
    (shortened(name, room, unit), reason)
}

/// The name cut to this many units, its extension kept when that is at most a quarter of it.
pub(super) fn shortened(name: &str, max: usize, unit: fn(char) -> usize) -> Candidate {
    let units = |text: &str| text.chars().map(unit).sum::<usize>();
    let split = name.rfind('.').filter(|dot| *dot > 0);
    let (base, extension) = name.split_at(split.unwrap_or(name.len()));
    let (base, extension) =
        if units(extension) <= max / 4 { (base, extension) } else { (name, "") };
    let room = max - units(extension);
    let mut used = 0;
    let fits = |c: &char| {
        used += unit(*c);
        used <= room
    };
    let mut name: String = base.chars().take_while(fits).collect();
    let base_len = name.len();
    name.push_str(extension);
    Candidate { name, base_len, room, unit, mark: "~" }
}

#[cfg(test)]
mod tests {
    use std::format;

    use super::*;

    fn map(name: &str) -> String {
        let mut overrides = Overrides::default();
        map_directory(&[Entry { item: 0, name, is_directory: false }], &mut overrides);
        overrides.name(0, name).into()
    }

    /// UDF 2.1.1.
    #[test]
    fn byte_order_marks_are_no_characters() {
        assert_eq!((map("x\u{feff}y"), map("x\u{fffe}語")), ("x_y".into(), "x_語".into()));
        let mut overrides = Overrides::default();
        let names = ["x\u{feff}", "x_"];
        let entries = [0, 1].map(|item| {
            let name = names[item as usize];
            Entry { item, name, is_directory: false }
        });
        map_directory(&entries, &mut overrides);
        assert_eq!((overrides.name(0, names[0]), overrides.name(1, names[1])), ("x_~000", "x_"));
    }

    #[test]
    fn names_are_cut_at_255_bytes() {
        assert_eq!(map(&"n".repeat(254)), "n".repeat(254));
        assert_eq!(map(&format!("{}.jpeg", "n".repeat(260))), format!("{}.jpeg", "n".repeat(249)));
        assert_eq!(map(&"語".repeat(127)), "語".repeat(127));
        assert_eq!(map(&"語".repeat(128)), "語".repeat(127));
    }
}
