//! Makes the names of one directory unique in n log n, however many of them collide.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::order;

/// Most bytes of a mark.
const MARK_LEN: usize = 1;

/// A name as the rules of a file system made it, before it is known to be alone.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// The base and the extension with its dot.
    pub(crate) name: String,
    /// Where the base ends.
    pub(crate) base_len: usize,
    /// Units the base may take when a number is put behind it, as `unit` counts them.
    pub(crate) room: usize,
    /// How many units a character takes in this file system.
    pub(crate) unit: fn(char) -> usize,
    /// What stands between the base and the number.
    pub(crate) mark: &'static str,
}

impl Candidate {
    fn parts(&self) -> (&str, &str) {
        self.name.split_at_checked(self.base_len).unwrap_or((&self.name, ""))
    }

    /// The longest start of the base that leaves room for the mark and this many digits.
    fn stem(&self, digits: usize) -> &str {
        let (base, _) = self.parts();
        let room = self.room.saturating_sub(self.mark.len() + digits);
        let mut used = 0;
        let fits = |c: &char| {
            used += (self.unit)(*c);
            used <= room
        };
        let len = base.chars().take_while(fits).map(char::len_utf8).sum();
        base.get(..len).unwrap_or("")
    }

    /// The name with a number of at least so many digits behind its base.
    fn numbered(&self, number: usize, digits: usize) -> String {
        let ((_, extension), stem) = (self.parts(), self.stem(digits));
        let mut name = String::with_capacity(stem.len() + digits + extension.len() + MARK_LEN);
        name.push_str(stem);
        name.push_str(self.mark);
        for place in (0..u32::try_from(digits).unwrap_or(u32::MAX)).rev() {
            let digit = number / 10usize.saturating_pow(place) % 10;
            name.extend(char::from_digit(u32::try_from(digit).unwrap_or_default(), 10));
        }
        name.push_str(extension);
        name
    }
}

/// Unique names for the candidates, in their order, and whether each had to be numbered. None is in `taken`.
///
/// Of several equal candidates all are numbered, so that none passes for the one that kept its name.
pub(crate) fn make_unique(
    mut candidates: Vec<Candidate>,
    mut taken: BTreeSet<Vec<u8>>,
) -> Vec<(String, bool)> {
    let mut numbered: Vec<Option<String>> = vec![None; candidates.len()];
    let crowds = crowds(&candidates, &taken);
    if !crowds.is_empty() {
        let mut is_alone = vec![true; candidates.len()];
        for position in crowds.iter().flatten() {
            if let Some(slot) = is_alone.get_mut(*position as usize) {
                *slot = false;
            }
        }
        let alone = candidates.iter().zip(is_alone).filter(|(_, is_alone)| *is_alone);
        taken.extend(alone.map(|(candidate, _)| candidate.name.as_bytes().to_vec()));
    }
    let mut next = Counters::new();
    for crowd in &crowds {
        let digits = decimal_digits(crowd.len());
        for position in crowd.iter().map(|position| *position as usize) {
            let Some(candidate) = candidates.get(position) else { continue };
            let name = number(candidate, digits, &mut next, &mut taken);
            if let Some(slot) = numbered.get_mut(position) {
                *slot = Some(name);
            }
        }
    }
    let name = |(candidate, numbered): (&mut Candidate, Option<String>)| match numbered {
        Some(name) => (name, true),
        None => (core::mem::take(&mut candidate.name), false),
    };
    candidates.iter_mut().zip(numbered).map(name).collect()
}

/// The positions of candidates that are not alone with their name, by name.
fn crowds(candidates: &[Candidate], taken: &BTreeSet<Vec<u8>>) -> Vec<Vec<u32>> {
    let name = |position: u32| candidates.get(position as usize).map_or("", |found| &found.name);
    let mut positions: Vec<u32> = (0..).take(candidates.len()).collect();
    order::sort_by_key(&mut positions, name);
    let is_crowd = |group: &&[u32]| match group {
        [only] => !taken.is_empty() && taken.contains(name(*only).as_bytes()),
        _ => true,
    };
    positions.chunk_by(|a, b| name(*a) == name(*b)).filter(is_crowd).map(Vec::from).collect()
}

/// The next number of each stem, extension and number of digits. Names whose stems are the same once cut share a counter, or
/// each would try the others' numbers again.
type Counters<'a> = BTreeMap<(&'a str, &'a str, usize), usize>;

fn number<'a>(
    candidate: &'a Candidate,
    digits: usize,
    next: &mut Counters<'a>,
    taken: &mut BTreeSet<Vec<u8>>,
) -> String {
    let (_, extension) = candidate.parts();
    let mut digits = digits;
    loop {
        let counter = next.entry((candidate.stem(digits), extension, digits)).or_insert(0);
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
    use std::format;

    use super::*;

    fn candidate(base: &str, extension: &str) -> Candidate {
        let name = format!("{base}{extension}");
        Candidate { name, base_len: base.len(), room: 8, unit: |_| 1, mark: "" }
    }

    #[test]
    fn single_names_stay() {
        let names = make_unique(vec![candidate("A", ".B"), candidate("C", "")], BTreeSet::new());
        assert_eq!(names, [("A.B".into(), false), ("C".into(), false)]);
    }

    #[test]
    fn equal_names_are_numbered_around_those_that_exist() {
        let input = vec![
            candidate("LONGNAME", ".TXT"),
            candidate("LONGNAME", ".TXT"),
            candidate("LONGN000", ".TXT"),
        ];
        let names: Vec<String> =
            make_unique(input, BTreeSet::new()).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["LONGN001.TXT", "LONGN002.TXT", "LONGN000.TXT"]);
    }

    #[test]
    fn fifty_thousand_collisions() {
        let input: Vec<_> = (0..50_000).map(|_| candidate("COLLIDES", ".DAT")).collect();
        let names = make_unique(input, BTreeSet::new());
        let unique: BTreeSet<_> = names.iter().map(|(name, _)| name).collect();
        assert_eq!(unique.len(), 50_000);
        assert!(names.iter().all(|(name, numbered)| *numbered && name.len() == 12));
        assert_eq!(names[49_999].0, "COL49999.DAT");
    }
}
