//! Decisions made a tree.

use std::sync::Arc;

use image_core::tree::{Details, HiddenIn};
use image_core::{Attributes, DiscTime, Kind, NodeId, SourceId, Tree};
use sha2::{Digest as _, Sha256};

use super::names;
use crate::corpus::BEYOND_UCS_2;
use crate::fuzz::bytes::Bytes;
use crate::fuzz::round_trip;

/// Lengths around those of the block, and of what a directory or a file entry holds.
const LENGTHS: [u64; 14] =
    [0, 0, 1, 17, 100, 1500, 1800, 2047, 2048, 2049, 4095, 4096, 4097, 65_537];

/// Names of links, and what readers that extract take for an attack: see the limits of 7-Zip.
const TO_PARENT: &str = "to parent";

struct Growing {
    tree: Tree,
    directories: Vec<String>,
    files: Vec<NodeId>,
    hides: bool,
}

pub(super) fn tree(bytes: &mut Bytes<'_>) -> Tree {
    let mut growing = Growing {
        tree: Tree::new(),
        directories: vec![String::new()],
        files: Vec::new(),
        hides: bytes.byte().is_multiple_of(4),
    };
    let count = 20 + bytes.number(1) as u32 % 41;
    let links = bytes.byte().is_multiple_of(2);
    for number in 0..count {
        // What the tree refuses is not there.
        match bytes.byte() % 16 {
            0..=3 => growing.directory(bytes),
            4 | 5 if links => growing.link(number, bytes),
            6 => growing.hard_link(bytes),
            7 => growing.chain(bytes),
            _ => growing.file(number, bytes),
        }
    }
    growing.tree
}

impl Growing {
    /// A path in some directory, which is the one made last in every second case, so that trees grow deep.
    fn path(&mut self, bytes: &mut Bytes<'_>) -> String {
        let chosen = bytes.number(2) as usize;
        let last = self.directories.len() - 1;
        let at = if chosen & 1 == 0 { last } else { (chosen >> 1) % (last + 1) };
        let mut directory = self.directories[at].clone();
        let beyond = bytes.byte().is_multiple_of(16);
        if beyond && directory.rsplit('/').next() != Some(BEYOND_UCS_2) {
            directory = below(&directory, BEYOND_UCS_2);
        }
        let mut name = names::name(bytes, beyond);
        if bytes.byte().is_multiple_of(8) {
            let siblings =
                self.tree.find(&directory).into_iter().flat_map(|at| self.tree.children(at));
            let siblings: Vec<NodeId> = siblings.collect();
            // Links lose their pairs with them where a reader has no links.
            let siblings: Vec<NodeId> = siblings
                .into_iter()
                .filter(|node| !matches!(self.tree.kind(*node), Kind::Symlink { .. }))
                .collect();
            if !siblings.is_empty() {
                let sibling = siblings[bytes.number(1) as usize % siblings.len()];
                let pair = names::other_case(self.tree.name(sibling));
                // The directory by whose name some limits go keeps it, and what needs it stays in it.
                if !pair.eq_ignore_ascii_case(BEYOND_UCS_2) {
                    name = pair;
                }
            }
        }
        below(&directory, &name)
    }

    fn directory(&mut self, bytes: &mut Bytes<'_>) {
        let path = self.path(bytes);
        self.add_directory(path, bytes);
    }

    fn add_directory(&mut self, path: String, bytes: &mut Bytes<'_>) {
        let attributes = attributes(bytes, true);
        if let Ok(node) = self.tree.add_directory(&path, attributes) {
            self.directories.push(path);
            self.details(node, bytes, Details::default());
        }
    }

    /// Several directories, one in another: the eighth level is passed.
    fn chain(&mut self, bytes: &mut Bytes<'_>) {
        for level in 0..3 + bytes.byte() % 5 {
            let deepest = self.directories.last().map_or("", String::as_str);
            let path = below(deepest, &format!("level {level}"));
            self.add_directory(path, bytes);
        }
    }

    fn file(&mut self, number: u32, bytes: &mut Bytes<'_>) {
        let path = self.path(bytes);
        let again = (bytes.byte().is_multiple_of(8)).then(|| self.some_file(bytes)).flatten();
        let (source, len) = again.map_or_else(
            || {
                let choice = usize::from(bytes.byte());
                let len = LENGTHS.get(choice % 20).copied();
                (SourceId(number), len.unwrap_or_else(|| bytes.number(2) % 30_000))
            },
            |node| match self.tree.kind(node) {
                Kind::File { source, len } => (source, len),
                _ => (SourceId(number), 0),
            },
        );
        let attributes = attributes(bytes, false);
        let Ok(node) = self.tree.add_file(&path, source, len, attributes) else { return };
        let content = round_trip::content(source, len as usize);
        let digest = Some(Sha256::digest(&content).into());
        let content = Some(Arc::from(content));
        self.files.push(node);
        self.details(node, bytes, Details { digest, content, ..Details::default() });
    }

    fn hard_link(&mut self, bytes: &mut Bytes<'_>) {
        let path = self.path(bytes);
        let Some(target) = self.some_file(bytes) else { return };
        if let Ok(node) = self.tree.add_hard_link(&path, target) {
            self.files.push(node);
        }
    }

    fn link(&mut self, number: u32, bytes: &mut Bytes<'_>) {
        let path = self.path(bytes);
        let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory).to_owned();
        let name = format!("{} link {number}", path.rsplit('/').next().unwrap_or_default());
        let depth = directory.split('/').filter(|part| !part.is_empty()).count();
        let up = "../".repeat(bytes.byte() as usize % (depth + 1));
        // The longest that UDF has is in one of the targets: ECMA-167 4/14.16.1.2.
        let component: String = names::name(bytes, false).chars().take(60).collect();
        let (name, target) = match bytes.byte() % 10 {
            0 => (TO_PARENT.to_owned(), "..".to_owned()),
            1 => (name, format!("/{component}")),
            2 => (name, format!("{up}./{component}/./x")),
            3 => (
                name,
                vec!["a component of some length"; usize::from(bytes.byte() % 30) + 1].join("/"),
            ),
            4 => (
                name,
                format!("{up}{}/{component}", "n".repeat(usize::from(bytes.byte() % 250) + 1)),
            ),
            _ => (name, format!("{up}{component}")),
        };
        let mut name = name;
        if name.len() > 255 {
            name = format!("link {number}");
        }
        let attributes = Attributes { mode: None, ..attributes(bytes, false) };
        let _ = self.tree.add_symlink(&below(&directory, &name), &target, attributes);
    }

    fn some_file(&self, bytes: &mut Bytes<'_>) -> Option<NodeId> {
        let chosen = bytes.number(2) as usize;
        self.files.get(chosen % self.files.len().max(1)).copied()
    }

    /// What is recorded of a node beyond its attributes.
    fn details(&mut self, node: NodeId, bytes: &mut Bytes<'_>, mut details: Details) {
        let (bits, hidden, weight) = (bytes.byte(), bytes.byte(), bytes.byte());
        if bits & 0x0f == 1 {
            details.hidden_in = HiddenIn::from_bits_truncate(hidden);
        }
        details.hidden = self.hides && bits & 0xf0 == 0x10;
        if bits & 0x0c == 4 {
            details.weight = i32::from(weight) - 128;
        }
        if bits & 0x0c == 8 {
            (details.accessed, details.created, details.changed) =
                (Some(time(bytes)), Some(time(bytes)), Some(time(bytes)));
        }
        if bits & 0xe1 == 0x21 {
            let value = round_trip::content(SourceId(u32::from(hidden)), usize::from(weight));
            details.extended_attributes = vec![("user.made up".to_owned(), value)];
        }
        self.tree.set_details(node, details);
    }
}

fn below(directory: &str, name: &str) -> String {
    if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") }
}

/// A second of 1970 to 2106 in a zone of ISO 9660, but for the last in either direction, which libarchive does not know. ECMA-119
/// 9.1.5.
pub(super) fn time(bytes: &mut Bytes<'_>) -> DiscTime {
    let quarters = bytes.byte() % 99;
    DiscTime::from_unix(bytes.number(4) as i64, 0, (i16::from(quarters) - 47) * 15)
}

fn attributes(bytes: &mut Bytes<'_>, is_directory: bool) -> Attributes {
    let given = bytes.byte();
    let has = |bit: u8| given & bit != 0;
    // What is extracted has to be listed: a directory that its owner may not enter is a matter of the reader's user.
    let least = if is_directory { 0o700 } else { 0 };
    Attributes {
        mode: has(1).then(|| bytes.number(2) as u32 & 0o7777 | least),
        uid: has(2).then(|| bytes.number(if has(16) { 4 } else { 1 }) as u32 & 0x7fff_ffff),
        gid: has(4).then(|| bytes.number(if has(32) { 4 } else { 1 }) as u32 & 0x7fff_ffff),
        modified: has(8).then(|| time(bytes)),
    }
}
