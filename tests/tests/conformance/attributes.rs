//! Extended attributes and named streams: ECMA-167 4/14.10, UDF 3.3.4 and 3.3.5.

use image_core::tree::{Details, Special, Stream};
use image_core::{Attributes, DiscTime, SourceId, Tree, UdfRevision};

use crate::disc::Disc;
use crate::ecma::{Entry, Volume, discs, forms, le64, revision, tag, with};
use crate::iso::{le16, le32};

/// Types of attribute. ECMA-167 4/14.10.5, 4/14.10.7, 4/14.10.8.
const FILE_TIMES: u32 = 5;
const DEVICE: u32 = 12;
const IMPLEMENTATION_USE: u32 = 2048;

const COMMENT: &[u8] = b"what is said of it";
const STREAMS: [(&str, u32, u64); 3] =
    [("icon", 900, 5000), ("leer \u{e9}", 901, 0), ("z", 902, 1)];

fn named<'f>(files: &'f [(String, Entry)], path: &str) -> &'f Entry {
    &files.iter().find(|(found, _)| found == path).unwrap().1
}

/// The attributes of an entry, each with its offset; the head is held to ECMA-167 4/14.10.1 on the way.
fn attributes<'e>(disc: &Disc, entry: &'e Entry) -> Vec<(u32, &'e [u8])> {
    let start = entry.at(176, 216);
    let space = &entry.bytes[start..start + entry.lengths().0];
    if space.is_empty() {
        return Vec::new();
    }
    assert_eq!(tag(space, entry.block, revision(disc)), 262, "the head of the attributes");
    let mut found = Vec::new();
    let mut at = 24;
    while at < space.len() {
        let len = le32(space, at + 8) as usize;
        assert!(len >= 12 && at + len <= space.len(), "an attribute of {len} bytes");
        assert_eq!((space[at + 4], &space[at + 5..at + 8]), (1, &[0; 3][..]), "subtype, reserved");
        found.push((u32::try_from(at).unwrap(), &space[at..at + len]));
        at += len;
    }
    found
}

fn of_type<'e>(disc: &Disc, entry: &'e Entry, kind: u32) -> Vec<&'e [u8]> {
    let all = attributes(disc, entry);
    all.into_iter().map(|(_, bytes)| bytes).filter(|bytes| le32(bytes, 0) == kind).collect()
}

#[test]
fn file_times_have_the_creation() {
    // A second after the start of 1970, an hour and a half west of Greenwich. ECMA-167 1/7.3.
    let zone = 0x1000 | (-90_i16).cast_unsigned() & 0xfff;
    let created = [&zone.to_le_bytes()[..], &1969_u16.to_le_bytes(), &[12, 31, 22, 30, 1, 0, 0, 0]];
    let created = created.concat();
    for disc in discs() {
        let files = Volume::new(disc).files();
        for (path, entry) in &files {
            let times = of_type(disc, entry, FILE_TIMES);
            let is_first = path == "/links/first" || path == "/links/second";
            if entry.is_extended() {
                assert!(times.is_empty(), "{path}: it has a field");
                assert_eq!(entry.bytes[104..116] == created, is_first, "{path}");
                continue;
            }
            assert_eq!(times.len(), usize::from(is_first), "{path}");
            for times in times {
                assert_eq!((le32(times, 12), le32(times, 16)), (12, 1), "one time, the creation");
                assert_eq!(times[20..], created, "{path}");
            }
        }
    }
}

#[test]
fn devices_have_their_numbers() {
    for disc in discs() {
        let files = Volume::new(disc).files();
        for (path, entry) in &files {
            let numbers = match path.as_str() {
                "/special/disk" => Some((6, 8, 1)),
                "/special/null" => Some((7, 1, 3)),
                _ => None,
            };
            let devices = of_type(disc, entry, DEVICE);
            assert_eq!(devices.len(), usize::from(numbers.is_some()), "{path}");
            for (device, (kind, major, minor)) in devices.iter().zip(numbers) {
                assert_eq!(entry.file_type(), kind, "{path}");
                assert_eq!((le32(device, 16), le32(device, 20)), (major, minor), "{path}");
                assert_eq!(le32(device, 12), 32, "an entity identifier");
                assert!(device[25..].starts_with(b"*discwright\0"));
            }
        }
    }
}

/// A file, a device and a directory with attributes of the user's; where the revision has them, the file and the directory
/// have streams as well.
fn tree(revision: UdfRevision) -> Tree {
    let mut tree = Tree::new();
    let plain = Attributes::default();
    let file = tree.add_file("file", SourceId(1), 3000, plain).unwrap();
    tree.add_hard_link("also", file).unwrap();
    let device = Special::CharacterDevice { major: 4, minor: 64 };
    let device = tree.add_special("device", device, plain).unwrap();
    let folder = tree.add_directory("folder", plain).unwrap();
    let stream = |(name, source, len): (&str, u32, u64)| Stream::new(name, SourceId(source), len);
    let streams: Vec<Stream> = match revision {
        UdfRevision::V1_02 | UdfRevision::V1_50 => Vec::new(),
        _ => STREAMS.into_iter().map(stream).collect(),
    };
    let extended_attributes = vec![
        ("user.comment".to_owned(), COMMENT.to_vec()),
        ("*UDF OS/2 EA".to_owned(), vec![7; 301]),
    ];
    for (node, streams) in [(file, streams.clone()), (device, Vec::new()), (folder, streams)] {
        let created = Some(DiscTime::from_unix(1, 0, 0));
        let extended_attributes = extended_attributes.clone();
        let details = Details { streams, extended_attributes, created, ..Details::default() };
        tree.set_details(node, details);
    }
    tree
}

fn rich() -> impl Iterator<Item = Disc> {
    let both = forms().into_iter().flat_map(|udf| [(udf.clone(), true), (udf, false)]);
    both.map(|(udf, bridged)| Disc::new(tree(udf.revision), &with(udf, bridged)))
}

#[test]
fn attributes_stand_in_the_order_of_their_kinds_with_a_sum() {
    for disc in rich() {
        let files = Volume::new(&disc).files();
        for path in ["/file", "/also", "/device", "/folder"] {
            let entry = named(&files, path);
            let all = attributes(&disc, entry);
            let start = entry.at(176, 216);
            let implementation = le32(&entry.bytes, start + 16);
            let (before, after): (Vec<_>, Vec<_>) =
                all.iter().partition(|(at, _)| *at < implementation);
            let standard = usize::from(!entry.is_extended()) + usize::from(path == "/device");
            assert_eq!(before.len(), standard, "{path}");
            assert!(before.iter().all(|(_, bytes)| le32(bytes, 0) < IMPLEMENTATION_USE));
            assert_eq!(after.len(), 2, "{path}");
            // There are none of applications: they would begin at the end, or nowhere. UDF 3.3.4.1.
            let application = le32(&entry.bytes, start + 20);
            let end = u32::try_from(entry.lengths().0).unwrap();
            assert_eq!(application, if entry.is_extended() { u32::MAX } else { end });
            for ((_, bytes), (name, value)) in after
                .iter()
                .zip([(&b"user.comment\0"[..], COMMENT), (b"*UDF OS/2 EA\0", &[7; 301])])
            {
                assert_eq!(le32(bytes, 0), IMPLEMENTATION_USE);
                let used = 2 + value.len();
                assert_eq!(le32(bytes, 12) as usize, used, "length of its use");
                assert_eq!(bytes.len(), (48 + used).next_multiple_of(4));
                assert!(bytes[48 + used..].iter().all(|byte| *byte == 0), "padding");
                assert!(bytes[17..40].starts_with(name), "{path}");
                let sum =
                    bytes[..48].iter().fold(0_u16, |sum, byte| sum.wrapping_add((*byte).into()));
                assert_eq!(le16(bytes, 48), sum, "the sum of its head");
                assert!(bytes[50..].starts_with(value), "{path}");
            }
            let udf = after[1].1;
            assert_eq!(le16(udf, 40), revision(&disc), "the suffix of UDF's own");
        }
    }
}

#[test]
fn streams_stand_in_a_directory_of_their_own() {
    for disc in rich().filter(|disc| revision(disc) >= 0x0200) {
        let volume = Volume::new(&disc);
        let files = volume.files();
        for (path, main) in &files {
            let directory = &main.bytes[152..168];
            if !["/file", "/also", "/folder"].contains(&path.as_str()) {
                assert_eq!(directory, [0; 16], "{path}: none");
                continue;
            }
            assert_eq!(le32(directory, 0), 2048);
            let directory = volume.entry(le16(directory, 8), le32(directory, 4));
            assert_eq!((directory.file_type(), directory.links()), (13, 0), "a stream directory");
            let fids = volume.identifiers(&directory);
            let (parent, streams) = fids.split_first().unwrap();
            // A parent, and therefore a directory, whatever it is. ECMA-167 4/14.4.3.
            assert_eq!(parent.characteristics(), 8 | 2);
            assert_eq!((parent.partition(), parent.block()), (main.partition, main.block));
            let names: Vec<String> = streams.iter().map(|fid| fid.name()).collect();
            assert_eq!(names, STREAMS.map(|(name, ..)| name));
            for fid in &fids {
                assert_eq!(tag(&fid.bytes, fid.location, revision(&disc)), 257);
                assert_eq!(u64::from(fid.unique_id()), main.unique_id(), "that of the file");
            }
            let mut total = main.len();
            for (fid, (name, source, len)) in streams.iter().zip(STREAMS) {
                let entry = volume.entry(fid.partition(), fid.block());
                assert_eq!((entry.file_type(), entry.links(), entry.len()), (5, 1, len), "{name}");
                assert_ne!(le16(&entry.bytes, 34) & 1 << 13, 0, "{name}: marked as a stream");
                assert_eq!(entry.bytes[152..168], [0; 16], "a stream has no streams");
                let expected: Vec<u8> =
                    tests::fuzz::round_trip::content(SourceId(source), len as usize);
                assert!(volume.content(&entry) == expected, "{name}");
                total += len;
            }
            assert_eq!(le64(&main.bytes, 64), total, "the object is the file and its streams");
        }
    }
}
