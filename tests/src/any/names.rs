//! Names of all sorts that readers can be expected to take.

use std::iter;

use crate::fuzz::bytes::Bytes;

/// What names are put together from, in the basic plane.
const PARTS: [&str; 40] = [
    "a",
    "B",
    "readme",
    "Photo",
    "file 1",
    "x",
    "IMG_0042",
    "data",
    ".txt",
    ".TXT",
    ".tar.gz",
    ".jpeg",
    ".",
    "..",
    " ",
    "  ",
    "-",
    "_",
    "~1",
    "#",
    "+",
    "&",
    "'",
    "%41",
    ",",
    "=",
    "(1)",
    "[x]",
    "!",
    ";1",
    "; ",
    "\u{e9}",
    "na\u{ef}ve",
    "\u{df}",
    "\u{416}\u{443}\u{43a}",
    "\u{65e5}\u{672c}\u{8a9e}",
    "\u{d55c}\u{ad6d}",
    "\u{20ac}",
    "e\u{301}",
    "\u{5e9}\u{5dc}",
];

/// What is beyond it: readers of UCS-2 cannot list a folder with such a name, so these have one of their own.
const BEYOND: [&str; 4] = ["\u{1f600}", "\u{1f4bf}\u{fe0f}", "\u{20000}", "\u{10ffff}"];

/// A name of 1 to 255 bytes in UTF-8.
pub(super) fn name(bytes: &mut Bytes<'_>, beyond: bool) -> String {
    let how = bytes.byte();
    let part = |bytes: &mut Bytes<'_>| PARTS[usize::from(bytes.byte()) % PARTS.len()];
    let mut name: String = (0..how % 4 + 1).map(|_| part(bytes)).collect();
    if how >= 0xe0 {
        let unit = part(bytes);
        let most = 1 + bytes.number(1) as usize;
        name.extend(iter::repeat_n(unit, most));
    }
    if beyond {
        name.insert_str(0, BEYOND[usize::from(bytes.byte()) % BEYOND.len()]);
    }
    cut(&mut name);
    if matches!(name.as_str(), "." | "..") {
        name.push('x');
    }
    name
}

/// The same name with its letters of the other case.
pub(super) fn other_case(name: &str) -> String {
    let other = |c: char| {
        if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
    };
    name.chars().map(other).collect()
}

/// Cuts a name to 255 bytes, the most that a folder of Linux holds.
pub(super) fn cut(name: &mut String) {
    let fits = name.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= 255);
    let end = fits.last().unwrap_or_default();
    name.truncate(end);
}
