//! System Use Sharing Protocol 1.12 and Rock Ridge Interchange Protocol 1.12.

use std::collections::{BTreeMap, BTreeSet};

use image_core::{Attributes, DeepDirectories, SourceId, Tree};

use crate::disc::{Disc, options, tree};
use crate::iso::{Record, both32, directories, primary, records};

fn disc() -> Disc {
    Disc::new(tree(), &options())
}

/// A system use entry: signature and body, with where it stands: 0 in the record, else which continuation area.
struct Use {
    bytes: Vec<u8>,
    area: usize,
}

impl Use {
    fn signature(&self) -> &[u8] {
        &self.bytes[..2]
    }
}

/// All entries of a record, over its continuation areas.
fn entries(disc: &Disc, record: &Record) -> Vec<Use> {
    let mut found = Vec::new();
    let mut area = record.0[record.system_use_at()..].to_vec();
    for number in 0.. {
        let mut next = None;
        let mut rest = area.as_slice();
        while rest.len() >= 4 {
            let len = usize::from(rest[2]);
            assert!(len >= 4 && len <= rest.len(), "an entry of {len} bytes of {}", rest.len());
            assert_eq!(rest[3], 1, "the version of every entry is 1");
            let (bytes, after) = rest.split_at(len);
            if bytes.starts_with(b"CE") {
                assert_eq!(len, 28);
                assert!(next.is_none(), "one continuation an area");
                next = Some((both32(bytes, 4), both32(bytes, 12), both32(bytes, 20)));
            }
            found.push(Use { bytes: bytes.to_vec(), area: number });
            rest = after;
        }
        assert!(rest.iter().all(|byte| *byte == 0), "what is no entry is zero");
        let Some((block, offset, len)) = next else { break };
        assert!(offset + len <= 2048, "an area within a block");
        area = disc.block(block)[offset as usize..(offset + len) as usize].to_vec();
    }
    found
}

/// Every record of the primary hierarchy with its entries.
fn all(disc: &Disc) -> Vec<(Record, Vec<Use>)> {
    let directories = directories(disc, &primary(disc));
    let records = directories.into_iter().flat_map(|directory| directory.records);
    records
        .map(|(_, record)| (entries(disc, &record), record))
        .map(|(uses, record)| (record, uses))
        .collect()
}

fn find<'a>(uses: &'a [Use], signature: &[u8; 2]) -> Vec<&'a [u8]> {
    uses.iter().filter(|one| one.signature() == signature).map(|one| one.bytes.as_slice()).collect()
}

/// The record with this name, and its entries.
fn named(disc: &Disc, wanted: &str) -> (Record, Vec<Use>) {
    let found = all(disc).into_iter().find(|(_, uses)| posix_name(uses) == wanted.as_bytes());
    found.unwrap_or_else(|| panic!("no {wanted}"))
}

/// What the NM entries make up.
fn posix_name(uses: &[Use]) -> Vec<u8> {
    find(uses, b"NM").iter().flat_map(|entry| entry[5..].to_vec()).collect()
}

fn root(disc: &Disc) -> Vec<Use> {
    let root = Record(primary(disc)[156..190].to_vec());
    entries(disc, &records(disc, root.extent(), root.len())[0].1)
}

#[test]
fn entries_are_whole_and_of_version_one() {
    // What is asserted of each is asserted where they are parsed.
    let disc = disc();
    let count: usize = all(&disc).iter().map(|(_, uses)| uses.len()).sum();
    assert!(count > 500);
}

#[test]
fn the_indicator_comes_first_in_the_root() {
    let disc = disc();
    let uses = root(&disc);
    assert_eq!(uses[0].bytes, *b"SP\x07\x01\xbe\xef\0");
    let everywhere: usize = all(&disc).iter().map(|(_, uses)| find(uses, b"SP").len()).sum();
    assert_eq!(everywhere, 1);
}

#[test]
fn the_extension_is_named_in_the_root() {
    let disc = disc();
    let uses = root(&disc);
    let [reference] = find(&uses, b"ER")[..] else { panic!("one ER entry") };
    let (id, description, source) = (reference[4], reference[5], reference[6]);
    assert_eq!(reference[7], 1, "version of the extension");
    assert_eq!(
        8 + usize::from(id) + usize::from(description) + usize::from(source),
        reference.len()
    );
    assert_eq!(&reference[8..8 + usize::from(id)], b"IEEE_P1282");
    let everywhere: usize = all(&disc).iter().map(|(_, uses)| find(uses, b"ER").len()).sum();
    assert_eq!(everywhere, 1);
}

#[test]
fn continuation_areas_lie_within_a_block_and_apart() {
    let disc = disc();
    let mut areas = BTreeSet::new();
    for (_, uses) in all(&disc) {
        for entry in find(&uses, b"CE") {
            let [block, offset, len] = [4, 12, 20].map(|at| both32(entry, at));
            areas.insert((u64::from(block) * 2048 + u64::from(offset), len));
        }
    }
    assert!(areas.len() > 1, "some names and links are long");
    let mut end = 0;
    for (start, len) in areas {
        assert!(start >= end, "two areas share bytes");
        end = start + u64::from(len);
    }
}

#[test]
fn every_record_has_attributes_of_posix() {
    let disc = disc();
    for (record, uses) in all(&disc) {
        let [entry] = find(&uses, b"PX")[..] else { panic!("one PX entry") };
        assert_eq!(entry.len(), 44, "with a serial number");
        let mode = both32(entry, 4);
        let kind = mode & 0o170_000;
        assert_eq!(kind == 0o040_000, record.is_directory());
        assert!([0o040_000, 0o100_000, 0o120_000, 0o020_000, 0o060_000, 0o010_000].contains(&kind));
        assert!(both32(entry, 12) >= 1, "links");
    }
    let (_, uses) = named(&disc, "README");
    let [entry] = find(&uses, b"PX")[..] else { panic!() };
    assert_eq!([4, 12, 20, 28].map(|at| both32(entry, at)), [0o100_641, 1, 1001, 100]);
}

#[test]
fn serial_numbers_tell_files_apart() {
    let disc = disc();
    let mut serials: BTreeMap<u32, Vec<Vec<u8>>> = BTreeMap::new();
    for (record, uses) in all(&disc).iter().filter(|(record, _)| !record.is_dots()) {
        let serial = both32(find(uses, b"PX")[0], 36);
        serials.entry(serial).or_default().push(record.id().to_vec());
    }
    let shared: Vec<_> = serials.values().filter(|names| names.len() > 1).collect();
    assert_eq!(shared, [&vec![b"FIRST.;1".to_vec(), b"SECOND.;1".to_vec()]], "names of one file");
    let (_, first) = named(&disc, "first");
    assert_eq!(both32(find(&first, b"PX")[0], 12), 2, "it counts both");
}

#[test]
fn every_child_has_its_name() {
    let disc = disc();
    for (record, uses) in all(&disc) {
        let parts = find(&uses, b"NM");
        if record.is_dots() {
            assert!(parts.is_empty());
            continue;
        }
        for (index, part) in parts.iter().enumerate() {
            let continues = u8::from(index + 1 < parts.len());
            assert_eq!(part[4], continues, "only the last does not continue");
        }
        let name = posix_name(&uses);
        assert!((1..=255).contains(&name.len()) && !name.contains(&b'/') && !name.contains(&0));
    }
    let long = "long ".repeat(48) + ".text";
    assert_eq!(posix_name(&named(&disc, &long).1).len(), 245);
}

#[test]
fn links_are_components() {
    let disc = disc();
    for (name, expected) in [
        ("relative", &b"\x04\0\0\x05names\x02\0\0\x07.hidden"[..]),
        ("absolute", b"\x08\0\0\x03usr\0\x05share"),
    ] {
        let (record, uses) = named(&disc, name);
        let [entry] = find(&uses, b"SL")[..] else { panic!("one SL entry") };
        assert_eq!(entry[4], 0, "it does not continue");
        assert_eq!(&entry[5..], expected, "{name}");
        assert_eq!(record.len(), 0, "a link has no extent");
        assert_eq!(both32(find(&uses, b"PX")[0], 4) & 0o170_000, 0o120_000);
    }
}

#[test]
fn long_links_continue() {
    let disc = disc();
    let (_, uses) = named(&disc, "long");
    let parts = find(&uses, b"SL");
    assert!(parts.len() > 1);
    let mut target = String::new();
    for (index, part) in parts.iter().enumerate() {
        assert_eq!(part[4], u8::from(index + 1 < parts.len()));
        let mut rest = &part[5..];
        while let [flags, len, after @ ..] = rest {
            let (text, after) = after.split_at(usize::from(*len));
            assert!(*flags <= 1, "a name, whole or to be continued");
            target.push_str(std::str::from_utf8(text).unwrap());
            target.push_str(if *flags == 0 { "/" } else { "" });
            rest = after;
        }
    }
    assert_eq!(target, "component/".repeat(90));
    assert!(uses.iter().any(|one| one.area > 0));
}

#[test]
fn devices_have_their_numbers() {
    let disc = disc();
    for (name, kind, numbers) in [("disk", 0o060_000, (8, 1)), ("null", 0o020_000, (1, 3))] {
        let (_, uses) = named(&disc, name);
        let [entry] = find(&uses, b"PN")[..] else { panic!("one PN entry") };
        assert_eq!((entry.len(), both32(find(&uses, b"PX")[0], 4) & 0o170_000), (20, kind));
        // Split as Linux splits a number of 32 bits: the high word is 0 for these.
        let (high, low) = (both32(entry, 4), both32(entry, 12));
        let device = if high == 0 { (low >> 8, low & 0xff) } else { (high, low) };
        assert_eq!(device, numbers, "{name}");
    }
    let pipes = all(&disc).iter().filter(|(_, uses)| !find(uses, b"PN").is_empty()).count();
    assert_eq!(pipes, 2, "only devices have numbers");
}

#[test]
fn times_are_as_their_flags_say() {
    let disc = disc();
    for (record, uses) in all(&disc) {
        let [entry] = find(&uses, b"TF")[..] else { panic!("one TF entry") };
        assert_eq!(entry[4] & 0xf0, 0, "short times of four kinds at most");
        assert_eq!(entry.len(), 5 + 7 * entry[4].count_ones() as usize);
        for time in entry[5..].chunks(7) {
            assert!((1..=12).contains(&time[1]) && (1..=31).contains(&time[2]) && time[3] < 24);
        }
        // Modification comes behind creation, where that is there.
        let modified = 5 + 7 * usize::from(entry[4] & 1);
        assert_eq!(&entry[modified..modified + 7], record.date());
    }
    let (_, first) = named(&disc, "first");
    let entry = find(&first, b"TF")[0];
    assert_eq!(entry[4], 0b1111);
    // 1970-01-01 00:00:01 UTC and a second later, an hour and a half behind: the day before.
    assert_eq!(entry[5..12], [69, 12, 31, 22, 30, 1, (-6_i8).cast_unsigned()]);
    assert_eq!(entry[19..26], [69, 12, 31, 22, 30, 2, (-6_i8).cast_unsigned()]);
}

#[test]
fn the_name_is_in_the_record() {
    let disc = disc();
    for (record, uses) in all(&disc).iter().filter(|(record, _)| !record.is_dots()) {
        let first = &uses[0];
        assert!(first.area > 0 || matches!(first.signature(), b"NM" | b"CE"), "{:?}", record.id());
    }
}

#[test]
fn moved_directories_leave_links() {
    let mut tree = Tree::new();
    let path = ["d"; 10].join("/");
    tree.add_file(&format!("{path}/deep"), SourceId(1), 3, Attributes::default()).unwrap();
    let mut options = options();
    options.iso9660.deep_directories = DeepDirectories::Relocate;
    let disc = Disc::new(tree, &options);
    let all = all(&disc);
    let with = |signature| -> Vec<&(Record, Vec<Use>)> {
        all.iter().filter(|(_, uses)| !find(uses, signature).is_empty()).collect()
    };
    let (placeholders, moved) = (with(b"CL"), with(b"RE"));
    assert!(!placeholders.is_empty());
    assert_eq!(placeholders.len(), moved.len());
    for ((placeholder, uses), (record, _)) in placeholders.iter().zip(&moved) {
        assert!(!placeholder.is_directory() && record.is_directory());
        let to = both32(find(uses, b"CL")[0], 4);
        assert!(moved.iter().any(|(record, _)| record.extent() == to), "{to} was moved");
        let [_, (_, parent), ..] = &records(&disc, to, 2048)[..] else { panic!("no parent") };
        let of_parent = entries(&disc, parent);
        let back = both32(find(&of_parent, b"PL")[0], 4);
        let in_parent = records(&disc, back, 2048);
        assert!(in_parent.iter().any(|(_, record)| record.0 == placeholder.0), "PL leads back");
    }
}
