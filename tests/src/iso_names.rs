//! The rules that names in ISO 9660 and Joliet have to keep, checked on what a reader lists.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::oracle::Listed;

/// Whether Joliet can hold the name as it is: at most 64 UCS-2 units without the characters that Joliet forbids. A final
/// dot is left out as well: it is recorded, but readers drop it.
pub fn fits_joliet(name: &str) -> bool {
    let forbidden = |c: char| c.is_control() || "*/:;?\\".contains(c) || c > '\u{ffff}';
    name.encode_utf16().count() <= 64 && !name.contains(forbidden) && !name.ends_with('.')
}

/// Everything in a listing of the plain view that ECMA-119 does not allow at interchange level `level` (1 to 3).
pub fn faults(records: &[Listed], level: u8) -> Vec<String> {
    let mut faults = Vec::new();
    let mut names = BTreeSet::new();
    let mut previous: Option<&Listed> = None;
    for record in records {
        let path = format!("{}/{}", record.directory, record.name);
        if let Some(reason) = illegal(record, level) {
            faults.push(format!("{path}: {reason}"));
        }
        let next_section = previous.is_some_and(|before| is_continued(before, record));
        if !next_section && !names.insert((record.directory.as_str(), record.name.as_str())) {
            faults.push(format!("{path}: the name is there twice"));
        }
        if let Some(before) =
            previous.filter(|before| before.directory == record.directory && !next_section)
            && order(&before.name, &record.name) != Ordering::Less
        {
            faults.push(format!("{path}: stands after {}", before.name));
        }
        previous = Some(record);
    }
    faults
}

/// Whether `record` is a further section of the file that `before` is a section of.
fn is_continued(before: &Listed, record: &Listed) -> bool {
    before.flags & 0x80 != 0 && before.directory == record.directory && before.name == record.name
}

/// ECMA-119 7.5, 7.6 and 10: characters, lengths and the parts of a name.
fn illegal(record: &Listed, level: u8) -> Option<String> {
    let legal = |text: &str| {
        text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    if record.kind == 'd' {
        let most = if level == 1 { 8 } else { 31 };
        return (!legal(&record.name) || record.name.is_empty() || record.name.len() > most)
            .then(|| "not a directory name of this level".to_owned());
    }
    let Some((name, version)) = record.name.split_once(';') else {
        return Some("no version number".to_owned());
    };
    let Some((name, extension)) = name.split_once('.') else {
        return Some("no dot".to_owned());
    };
    let fits = match level {
        1 => name.len() <= 8 && extension.len() <= 3,
        _ => name.len() + extension.len() <= 30,
    };
    let version_fits = version.parse::<u16>().is_ok_and(|version| (1..=32767).contains(&version));
    let empty = name.is_empty() && extension.is_empty();
    (!fits || !version_fits || empty || !legal(name) || !legal(extension))
        .then(|| "not a file name of this level".to_owned())
}

/// The order of directory records (ECMA-119 9.3): name, then extension, each padded with spaces; then version, descending.
fn order(left: &str, right: &str) -> Ordering {
    let parts = |text: &str| {
        let (text, version) = text.split_once(';').unwrap_or((text, "1"));
        let (name, extension) = text.split_once('.').unwrap_or((text, ""));
        (name.to_owned(), extension.to_owned(), version.parse::<u16>().unwrap_or(1))
    };
    let (left, right) = (parts(left), parts(right));
    padded(&left.0, &right.0).then_with(|| padded(&left.1, &right.1)).then(right.2.cmp(&left.2))
}

fn padded(left: &str, right: &str) -> Ordering {
    let width = left.len().max(right.len());
    let pad = |text: &str| format!("{text:width$}").into_bytes();
    pad(left).cmp(&pad(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> Listed {
        Listed {
            directory: String::new(),
            name: name.to_owned(),
            kind: '-',
            flags: 0,
            extent: 0,
            size: 0,
            target: None,
        }
    }

    #[test]
    fn legal_names_in_order_have_no_faults() {
        let records = ["A.;1", "A.B;1", "AB.;1", "B.TXT;2", "B.TXT;1"].map(file);
        assert_eq!(faults(&records, 1), Vec::<String>::new());
    }

    #[test]
    fn each_rule_has_its_fault() {
        assert_eq!(faults(&[file("LONGER_NAME.TXT;1")], 1).len(), 1);
        assert_eq!(faults(&[file("LONGER_NAME.TXT;1")], 2).len(), 0);
        assert_eq!(faults(&[file("lower.txt;1")], 2).len(), 1);
        assert_eq!(faults(&[file("NOVERSION.TXT")], 2).len(), 1);
        assert_eq!(faults(&["B.;1", "A.;1"].map(file), 1).len(), 1);
        assert_eq!(faults(&["A.;1", "A.;1"].map(file), 1).len(), 2);
    }

    #[test]
    fn joliet_holds_64_units_of_the_basic_plane() {
        assert!(fits_joliet(&"\u{65e5}".repeat(64)));
        assert!(!fits_joliet(&"x".repeat(65)));
        assert!(!fits_joliet("\u{1f600}"));
        assert!(!fits_joliet("semi;colon"));
    }
}
