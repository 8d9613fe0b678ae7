//! Whether what a reader saw is what was put in, where some names may have become others.
//!
//! A name that the file system can hold has to come back as it was. What is left over in a directory, on both sides, has to
//! be the same things under other names: the same multiset of contents, whole sub-trees included.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::manifest::{Entry, Hash, Manifest};

/// At most this many differences are worth reading.
const SHOWN: usize = 12;

/// Compares two trees. `keeps` says which names have to be equal in both; the others are matched by their content.
pub fn differences(
    expected: &Manifest,
    seen: &Manifest,
    keeps: impl Fn(&str) -> bool,
) -> Vec<String> {
    let mut found: Vec<String> =
        seen.repeated.iter().map(|path| format!("{path}: listed twice")).collect();
    directory("", &tree(expected), &tree(seen), &keeps, &mut found);
    found.iter_mut().for_each(|line| *line = shortened(line));
    let more = found.len().saturating_sub(SHOWN);
    if more > 0 {
        found.truncate(SHOWN);
        found.push(format!("... and {more} more"));
    }
    found
}

/// A line with the middle of overlong words and paths left out.
fn shortened(line: &str) -> String {
    let characters: Vec<char> = line.chars().collect();
    if characters.len() <= 400 {
        return line.to_owned();
    }
    let (start, end) = (&characters[..250], &characters[characters.len() - 130..]);
    format!("{} [...] {}", start.iter().collect::<String>(), end.iter().collect::<String>())
}

type Children<'m> = BTreeMap<&'m str, Node<'m>>;

/// A directory when there is no leaf.
#[derive(Default)]
struct Node<'m> {
    leaf: Option<&'m Entry>,
    children: Children<'m>,
}

fn tree(manifest: &Manifest) -> Node<'_> {
    let mut root = Node::default();
    for (path, entry) in &manifest.entries {
        let node = path.split('/').fold(&mut root, |at, part| at.children.entry(part).or_default());
        node.leaf = (*entry != Entry::Directory).then_some(entry);
    }
    root
}

fn directory(
    path: &str,
    expected: &Node<'_>,
    seen: &Node<'_>,
    keeps: &impl Fn(&str) -> bool,
    found: &mut Vec<String>,
) {
    let (expected, seen) = (&expected.children, &seen.children);
    let below =
        |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
    for (name, node) in expected.iter().filter(|(name, _)| keeps(name)) {
        match seen.get(name) {
            Some(other) => same_name(&below(name), node, other, keeps, found),
            None => found.push(format!("{}: missing ({})", below(name), describe(node))),
        }
    }
    let kept = |name: &str| expected.contains_key(name) && keeps(name);
    let mut left: BTreeMap<Hash, Vec<(&str, &Node<'_>)>> = BTreeMap::new();
    for (name, node) in seen.iter().filter(|(name, _)| !kept(name)) {
        left.entry(content(node)).or_default().push((name, node));
    }
    for (name, node) in expected.iter().filter(|(name, _)| !keeps(name)) {
        if left.get_mut(&content(node)).and_then(Vec::pop).is_none() {
            found.push(format!(
                "{}: nothing here has its content ({})",
                below(name),
                describe(node)
            ));
        }
    }
    for (name, node) in left.into_values().flatten() {
        // Where relocated directories are recorded, some readers show the directory they were taken from.
        if path.is_empty() && name == "rr_moved" && node.leaf.is_none() && node.children.is_empty()
        {
            continue;
        }
        found.push(format!("{}: not in the source ({})", below(name), describe(node)));
    }
}

fn same_name(
    path: &str,
    expected: &Node<'_>,
    seen: &Node<'_>,
    keeps: &impl Fn(&str) -> bool,
    found: &mut Vec<String>,
) {
    match (expected.leaf, seen.leaf) {
        (None, None) => directory(path, expected, seen, keeps, found),
        (Some(before), Some(after)) if same(before, after) => {}
        _ => found.push(format!("{path}: {} became {}", describe(expected), describe(seen))),
    }
}

/// Equal as far as both sides know: a file that was not read has its size only.
fn same(expected: &Entry, seen: &Entry) -> bool {
    match (expected, seen) {
        (Entry::Unread { size }, Entry::File { size: other, .. })
        | (Entry::File { size, .. }, Entry::Unread { size: other }) => size == other,
        (expected, seen) => expected == seen,
    }
}

fn describe(node: &Node<'_>) -> String {
    node.leaf.map_or_else(|| format!("directory of {}", node.children.len()), Entry::to_string)
}

/// A hash of what is there without its name and without the names inside.
fn content(node: &Node<'_>) -> Hash {
    let mut hasher = Sha256::new();
    match node.leaf {
        None => {
            let mut inside: Vec<Hash> = node.children.values().map(content).collect();
            inside.sort_unstable();
            hasher.update(b"directory");
            inside.iter().for_each(|hash| hasher.update(hash));
        }
        Some(Entry::File { size, sha256 }) => {
            hasher.update(size.to_le_bytes());
            hasher.update(sha256);
        }
        Some(entry) => hasher.update(entry.to_string()),
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(entries: &[(&str, u8)]) -> Manifest {
        let mut manifest = Manifest::default();
        for (path, fill) in entries {
            let entry = if *fill == 0 {
                Entry::Directory
            } else {
                Entry::File { size: 9, sha256: [*fill; 32] }
            };
            manifest.add(*path, entry);
        }
        manifest
    }

    #[test]
    fn equal_trees_have_no_difference() {
        let tree = manifest(&[("a", 0), ("a/b", 1), ("c", 2)]);
        assert_eq!(differences(&tree, &tree, |_| true), Vec::<String>::new());
    }

    #[test]
    fn names_that_may_change_are_matched_by_content() {
        let source = manifest(&[("long directory", 0), ("long directory/x", 1), ("long file", 2)]);
        let seen = manifest(&[("LONG_D", 0), ("LONG_D/X", 1), ("LONG_F", 2)]);
        assert_eq!(differences(&source, &seen, |_| false), Vec::<String>::new());
        assert_eq!(differences(&source, &seen, |_| true).len(), 4);
    }

    #[test]
    fn two_files_that_changed_places_are_found() {
        let source = manifest(&[("a", 1), ("b", 2)]);
        let seen = manifest(&[("a", 2), ("b", 1)]);
        assert_eq!(differences(&source, &seen, |_| true).len(), 2);
    }

    #[test]
    fn a_file_in_another_directory_is_found_though_names_may_change() {
        let source = manifest(&[("d", 0), ("d/x", 1), ("e", 0)]);
        let seen = manifest(&[("D", 0), ("E", 0), ("X", 1)]);
        assert!(!differences(&source, &seen, |_| false).is_empty());
    }
}
