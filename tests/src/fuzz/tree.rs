//! Bytes made a tree and options, the tree an image, and the image read back.

use std::borrow::Cow;

use image_core::tree::{Details, HiddenIn, Special};
use image_core::{Attributes, DiscTime, Kind, NodeId, SourceId, Stream, Tree};

use super::boot_choice::BootChoice;
use super::bytes::Bytes;
use super::{options, round_trip};

/// Most entries of a tree, and most bytes of its files together.
const ENTRIES: u32 = 200;
const CONTENT: u64 = 1 << 18;
/// First source of a named stream.
const STREAMS: u32 = 1 << 20;

/// Names that meet in 8.3, in upper case, once cut, or once characters are replaced; some that are none; and those that
/// players look for.
const NAMES: [&str; 32] = [
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
    "VIDEO_TS",
    "VIDEO_TS.IFO",
    "VIDEO_TS.BUP",
    "VTS_01_0.IFO",
    "VTS_01_0.VOB",
    "VTS_01_1.VOB",
    "VTS_01_0.BUP",
    "BDMV",
    "STREAM",
    "00001.m2ts",
    "BACKUP",
    "CERTIFICATE",
    ".rr_moved",
    "a\u{1}b\u{7f}",
    "same start of a name 1.with an extension of some length",
    "Z~1",
];

pub(super) fn tree_to_image_to_tree(data: &[u8]) {
    let mut bytes = Bytes::new(data);
    let mut options = options::options(&mut bytes);
    let boot = BootChoice::new(&mut bytes);
    let tree = tree(&mut bytes);
    options.boot = boot.options(&tree);
    let Ok(plan) = image_core::plan(tree, &options) else { return };
    let blocks = plan.size_blocks();
    assert!(options.layout.max_blocks.is_none_or(|most| blocks <= most), "{blocks} blocks");
    let (image, sums) = round_trip::written(&plan);
    if !options.checksums.md5 && !options.checksums.isomd5 {
        assert!(image == round_trip::read_at(&plan, 0, blocks), "segments are another image");
    }
    let checked = round_trip::check(&plan, &image)
        .and_then(|()| round_trip::check_sums(&plan, &image, &sums));
    if let Err(difference) = checked {
        panic!("{difference}\n{options:?}");
    }
}

/// Any second of some thousand years before and after now, in any zone.
pub(super) fn time(bytes: &mut Bytes<'_>) -> DiscTime {
    let seconds = bytes.number(5) as i64 - (1 << 39);
    DiscTime::from_unix(seconds / 8, 0, bytes.number(2) as i16 % 1440)
}

pub(super) fn tree(bytes: &mut Bytes<'_>) -> Tree {
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
            6 => drop(some(&tree, bytes).map(|node| {
                let details = details(&tree, node, bytes, &mut room);
                tree.set_details(node, details);
            })),
            7 => points.push(tree.change_point()),
            8 => drop(points.pop().map(|point| tree.roll_back(point))),
            // The same bytes again, as often as it is asked for.
            9 => {
                let (source, len) = repeated(&tree, bytes).unwrap_or((SourceId(source), 0));
                let len = len.min(room);
                room -= len;
                drop(tree.add_file(&path, source, len, attributes));
            }
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

/// Source and length of a file that is in the tree.
fn repeated(tree: &Tree, bytes: &mut Bytes<'_>) -> Option<(SourceId, u64)> {
    match tree.kind(some(tree, bytes)?) {
        Kind::File { source, len } => Some((source, len)),
        _ => None,
    }
}

fn details(tree: &Tree, node: NodeId, bytes: &mut Bytes<'_>, room: &mut u64) -> Details {
    let (hidden, bits) = (bytes.byte(), bytes.byte());
    let mut details = Details {
        accessed: (bits & 1 != 0).then(|| time(bytes)),
        created: (bits & 2 != 0).then(|| time(bytes)),
        changed: (bits & 4 != 0).then(|| time(bytes)),
        hidden_in: HiddenIn::from_bits_truncate(hidden),
        hidden: bits & 8 != 0,
        weight: bytes.number(1) as i32 - 128,
        real_time: bits & 16 != 0,
        ..Details::default()
    };
    let known = hidden >> 4;
    if let Kind::File { source, len } = tree.kind(node) {
        let content = || round_trip::content(source, len as usize).into();
        details.content = (known & 1 != 0).then(content);
        details.digest = (known & 2 != 0).then(|| digest(source, len));
    }
    if bits & 32 != 0 {
        details.streams = streams(bytes, room);
    }
    if bits & 64 != 0 {
        let count = bytes.byte() % 4;
        let attribute = |_| (bytes.text().into_owned(), bytes.text().into_owned().into_bytes());
        details.extended_attributes = (0..count).map(attribute).collect();
    }
    details
}

/// Stands for the sum of the bytes: equal where they are, and nowhere else.
fn digest(source: SourceId, len: u64) -> [u8; 32] {
    let mut digest = [0; 32];
    digest[..4].copy_from_slice(&source.0.to_le_bytes());
    digest[4..12].copy_from_slice(&len.to_le_bytes());
    digest
}

fn streams(bytes: &mut Bytes<'_>, room: &mut u64) -> Vec<Stream> {
    let how = bytes.byte();
    let (count, known) = (u32::from(how % 8), how & 128 != 0);
    let stream = |number| {
        let len = bytes.number(2).min(*room);
        *room -= len;
        let source = SourceId(STREAMS + number);
        let content = known.then(|| round_trip::content(source, len as usize).into());
        Stream { content, ..Stream::new(name(bytes), source, len) }
    };
    (0..count).map(stream).collect()
}

/// A path of up to eight parts below the root.
pub(super) fn path(bytes: &mut Bytes<'_>, parts: u8) -> String {
    let parts: Vec<Cow<'_, str>> = (0..=parts).map(|_| name(bytes)).collect();
    parts.join("/")
}

fn name<'a>(bytes: &mut Bytes<'a>) -> Cow<'a, str> {
    match bytes.byte() {
        choice @ 0..=127 => Cow::Borrowed(NAMES[usize::from(choice % 32)]),
        128..=191 => bytes.text(),
        repeated => Cow::Owned(NAMES[usize::from(repeated % 32)].repeat(bytes.byte().into())),
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
