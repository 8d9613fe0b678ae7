//! Makes the names of one directory unique in n log n, however many of them collide.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// A name as the rules of a file system made it, before it is known to be alone.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// What stands before the extension.
    pub(crate) base: String,
    /// The extension with its dot, or nothing.
    pub(crate) extension: String,
    /// Units the base may take when a number is put behind it, as `unit` counts them.
    pub(crate) room: usize,
    /// How many units a character takes in this file system.
    pub(crate) unit: fn(char) -> usize,
    /// What stands between the base and the number.
    pub(crate) mark: &'static str,
}

impl Candidate {
    fn plain(&self) -> String {
        format!("{}{}", self.base, self.extension)
    }

    /// The longest start of the base that leaves room for the mark and this many digits.
    fn stem(&self, digits: usize) -> &str {
        let room = self.room.saturating_sub(self.mark.len() + digits);
        let mut used = 0;
        let fits = |c: &char| {
            used += (self.unit)(*c);
            used <= room
        };
        let len = self.base.chars().take_while(fits).map(char::len_utf8).sum();
        self.base.get(..len).unwrap_or("")
    }

    fn numbered(&self, number: usize, digits: usize) -> String {
        format!("{}{}{number:0digits$}{}", self.stem(digits), self.mark, self.extension)
    }
}

/// Unique names for the candidates, in their order, and whether each had to be numbered. None is in `taken`.
///
/// Of several equal candidates all are numbered, so that none passes for the one that kept its name.
pub(crate) fn make_unique(
    candidates: &[Candidate],
    mut taken: BTreeSet<Vec<u8>>,
) -> Vec<(String, bool)> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (position, candidate) in candidates.iter().enumerate() {
        groups.entry(candidate.plain()).or_default().push(position);
    }
    let mut names: Vec<(String, bool)> =
        candidates.iter().map(|_| (String::new(), false)).collect();
    groups.retain(|name, positions| {
        let [position] = positions.as_slice() else { return true };
        let alone = taken.insert(name.as_bytes().to_vec());
        if let (true, Some(slot)) = (alone, names.get_mut(*position)) {
            *slot = (name.clone(), false);
        }
        !alone
    });
    // Groups whose stems are the same once cut share a counter, or each would try the others' numbers again.
    let mut next: BTreeMap<(String, String, usize), usize> = BTreeMap::new();
    for positions in groups.values() {
        let digits = decimal_digits(positions.len());
        for position in positions {
            let Some(candidate) = candidates.get(*position) else { continue };
            let name = number(candidate, digits, &mut next, &mut taken);
            if let Some(slot) = names.get_mut(*position) {
                *slot = (name, true);
            }
        }
    }
    names
}

fn number(
    candidate: &Candidate,
    digits: usize,
    next: &mut BTreeMap<(String, String, usize), usize>,
    taken: &mut BTreeSet<Vec<u8>>,
) -> String {
    let mut digits = digits;
    loop {
        let key = (String::from(candidate.stem(digits)), candidate.extension.clone(), digits);
        let counter = next.entry(key).or_insert(0);
        while *counter < 10usize.saturating_pow(u32::try_from(digits).unwrap_or(u32::MAX)) {
            let name = candidate.numbered(*counter, digits);
            *counter += 1;
            if taken.insert(name.as_bytes().to_vec()) {
                return name;
            }
        }
        digits += 1;
    }
}

/// Digits that number this many names from 0, at least three so that later additions rarely change them.
fn decimal_digits(count: usize) -> usize {
    let needed = count.saturating_sub(1).checked_ilog10().map_or(1, |log| log as usize + 1);
    needed.max(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(base: &str, extension: &str) -> Candidate {
        Candidate { base: base.into(), extension: extension.into(), room: 8, unit: |_| 1, mark: "" }
    }

    #[test]
    fn single_names_stay() {
        let names = make_unique(&[candidate("A", ".B"), candidate("C", "")], BTreeSet::new());
        assert_eq!(names, [("A.B".into(), false), ("C".into(), false)]);
    }

    #[test]
    fn equal_names_are_numbered_around_those_that_exist() {
        let input = [
            candidate("LONGNAME", ".TXT"),
            candidate("LONGNAME", ".TXT"),
            candidate("LONGN000", ".TXT"),
        ];
        let names: Vec<String> =
            make_unique(&input, BTreeSet::new()).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["LONGN001.TXT", "LONGN002.TXT", "LONGN000.TXT"]);
    }

    #[test]
    fn fifty_thousand_collisions() {
        let input: Vec<_> = (0..50_000).map(|_| candidate("COLLIDES", ".DAT")).collect();
        let names = make_unique(&input, BTreeSet::new());
        let unique: BTreeSet<_> = names.iter().map(|(name, _)| name).collect();
        assert_eq!(unique.len(), 50_000);
        assert!(names.iter().all(|(name, numbered)| *numbered && name.len() == 12));
        assert_eq!(names[49_999].0, "COL49999.DAT");
    }
}
