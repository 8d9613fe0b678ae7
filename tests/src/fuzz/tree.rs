//! Bytes made a tree and options, the tree an image, and the image read back.

use std::borrow::Cow;

use image_core::tree::{Details, HiddenIn, Special};
use image_core::{Attributes, DiscTime, FileSystems, IsoLevel, NodeId, Options, SourceId, Tree};

use super::bytes::Bytes;
use super::round_trip;

/// Most entries of a tree, and most bytes of its files together.
const ENTRIES: u32 = 200;
const CONTENT: u64 = 1 << 18;

/// Names that meet in 8.3, in upper case, once cut, or once characters are replaced; and some that are none.
const NAMES: [&str; 16] = [
    "a",
    "A",
    "a.txt",
    "A.TXT;1",
    "same start of a name 1",
    "same start of a name 2",
    "..a",
    "a.",
    " ",
    ";*?",
    "\u{65e5}\u{672c}",
    "\u{1f600}",
    "e\u{301}",
    "rr_moved",
    "\\",
    "..",
];

pub(super) fn tree_to_image_to_tree(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let options = options(&mut bytes);
    let tree = tree(&mut bytes);
    let Ok(plan) = image_core::plan(tree, &options) else { return };
    let image = round_trip::read_at(&plan, 0, plan.size_blocks());
    if let Err(difference) = round_trip::check(&plan, &image) {
        panic!("{difference}\n{options:?}");
    }
}

fn options(bytes: &mut Bytes<'_>) -> Options {
    let systems = bytes.byte();
    let iso9660 = systems & 1 == 0;
    let file_systems = FileSystems {
        iso9660,
        joliet: iso9660 && systems & 2 == 0,
        rock_ridge: iso9660 && systems & 4 == 0,
        udf: !iso9660 || systems & 8 == 0,
    };
    let level = [IsoLevel::One, IsoLevel::Two, IsoLevel::Three][usize::from(bytes.byte() % 3)];
    let layout = bytes.byte();
    let mut options = Options {
        volume_id: format!("V{}", bytes.text()),
        file_systems,
        created: time(bytes),
        ..Options::default()
    };
    options.iso9660.level = level;
    options.layout.length_multiple = u32::from(layout % 32) + 1;
    options.layout.padding_blocks = u32::from(layout >> 5);
    options
}

/// Any second of some thousand years before and after now, in any zone.
fn time(bytes: &mut Bytes<'_>) -> DiscTime {
    let seconds = bytes.number(5) as i64 - (1 << 39);
    DiscTime::from_unix(seconds / 8, 0, bytes.number(2) as i16 % 1440)
}

fn tree(bytes: &mut Bytes<'_>) -> Tree {
    let mut tree = Tree::new();
    let mut room = CONTENT;
    let mut points = Vec::new();
    for source in 0..ENTRIES {
        if bytes.is_empty() {
            break;
        }
        let what = bytes.byte();
        let attributes = if what & 16 == 0 { Attributes::default() } else { attributes(bytes) };
        let path = path(bytes, what >> 5);
        // What the tree refuses is not there.
        match what & 15 {
            0 => drop(tree.add_directory(&path, attributes)),
            1 => drop(tree.add_symlink(&path, &bytes.text(), attributes)),
            2 => drop(tree.add_special(&path, special(bytes), attributes)),
            3 => drop(some(&tree, bytes).map(|node| tree.add_hard_link(&path, node))),
            4 => drop(tree.remove(&path)),
            5 => drop(tree.rename(&path, &self::path(bytes, what >> 6))),
            6 => drop(some(&tree, bytes).map(|node| tree.set_details(node, details(bytes)))),
            7 => points.push(tree.change_point()),
            8 => drop(points.pop().map(|point| tree.roll_back(point))),
            _ => {
                let len = bytes.number(2).min(room);
                room -= len;
                drop(tree.add_file(&path, SourceId(source), len, attributes));
            }
        }
    }
    tree
}

/// A node that is in the tree, the root too.
fn some(tree: &Tree, bytes: &mut Bytes<'_>) -> Option<NodeId> {
    let nodes = round_trip::nodes(tree);
    nodes.get(bytes.number(2) as usize % nodes.len()).copied()
}

fn special(bytes: &mut Bytes<'_>) -> Special {
    let kind = bytes.byte();
    let (major, minor) = (bytes.number(4) as u32, bytes.number(4) as u32);
    match kind % 4 {
        0 => Special::CharacterDevice { major, minor },
        1 => Special::BlockDevice { major, minor },
        2 => Special::Fifo,
        _ => Special::Socket,
    }
}

fn details(bytes: &mut Bytes<'_>) -> Details {
    let (hidden, bits) = (bytes.byte(), bytes.byte());
    Details {
        accessed: (bits & 1 != 0).then(|| time(bytes)),
        created: (bits & 2 != 0).then(|| time(bytes)),
        changed: (bits & 4 != 0).then(|| time(bytes)),
        hidden_in: HiddenIn::from_bits_truncate(hidden),
        hidden: bits & 8 != 0,
        weight: bytes.number(1) as i32 - 128,
        ..Details::default()
    }
}

/// A path of up to eight parts below the root.
fn path(bytes: &mut Bytes<'_>, parts: u8) -> String {
    let parts: Vec<Cow<'_, str>> = (0..=parts).map(|_| name(bytes)).collect();
    parts.join("/")
}

fn name<'a>(bytes: &mut Bytes<'a>) -> Cow<'a, str> {
    match bytes.byte() {
        choice @ 0..=127 => Cow::Borrowed(NAMES[usize::from(choice % 16)]),
        128..=191 => bytes.text(),
        repeated => Cow::Owned(NAMES[usize::from(repeated % 16)].repeat(bytes.byte().into())),
    }
}

fn attributes(bytes: &mut Bytes<'_>) -> Attributes {
    Attributes {
        mode: Some(bytes.number(2) as u32 & 0o7777),
        uid: Some(bytes.number(4) as u32),
        gid: Some(bytes.number(4) as u32),
        modified: Some(time(bytes)),
    }
}
