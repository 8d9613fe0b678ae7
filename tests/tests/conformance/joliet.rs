//! The Joliet specification of 1995, by its section titles, on top of ECMA-119.

use std::collections::{BTreeMap, BTreeSet};

use crate::disc::{Disc, options, tree};
use crate::iso::{
    Record, both16, both32, descriptors, directories, le32, path_table, primary, supplementary,
};

fn disc() -> Disc {
    Disc::new(tree(), &options())
}

/// UCS-2 as recorded, most significant byte first.
fn units(id: &[u8]) -> Vec<u16> {
    assert!(id.len().is_multiple_of(2), "{id:?} is no UCS-2");
    id.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
}

/// Every record but those of directories for themselves and their parents.
fn children(disc: &Disc) -> Vec<Record> {
    let all = directories(disc, &supplementary(disc));
    all.iter().flat_map(|directory| directory.children().cloned().collect::<Vec<_>>()).collect()
}

/// The name without the version number.
fn name(record: &Record) -> String {
    let text = String::from_utf16(&units(record.id())).unwrap();
    text.strip_suffix(";1").unwrap_or(&text).to_owned()
}

#[test]
fn the_descriptor_is_supplementary_and_says_ucs_2() {
    let disc = disc();
    let block = supplementary(&disc);
    assert_eq!(block[7], 0, "every escape sequence is registered in the sense of ISO 2375");
    assert_eq!(&block[88..91], b"%/E", "level 3");
    assert!(block[91..120].iter().all(|byte| *byte == 0));
    let kinds: Vec<u8> = descriptors(&disc).iter().map(|block| block[0]).collect();
    assert_eq!(kinds, [1, 2, 255], "behind the primary one");
}

#[test]
fn the_descriptor_agrees_with_the_primary_one() {
    let disc = disc();
    let (first, second) = (primary(&disc), supplementary(&disc));
    for range in [80..88, 120..132, 813..882] {
        assert_eq!(first[range.clone()], second[range.clone()], "{range:?}");
    }
    for range in [72..80, 882..883, 1395..2048] {
        assert!(second[range.clone()].iter().all(|byte| *byte == 0), "{range:?}");
    }
}

#[test]
fn volume_identifiers_are_ucs_2_padded_with_spaces() {
    let block = supplementary(&disc());
    let text = |from: usize, to: usize| String::from_utf16(&units(&block[from..to])).unwrap();
    assert_eq!(text(40, 72), format!("{:16}", "Conform 1"));
    assert_eq!(text(574, 702), format!("{:64}", "discwright"));
    for (from, to) in [(8, 40), (190, 318), (318, 446), (446, 574)] {
        assert!(text(from, to).chars().all(|c| c == ' '));
    }
    // 37 bytes: 18 characters and a byte that belongs to none.
    for at in [702, 739, 776] {
        assert!(text(at, at + 36).chars().all(|c| c == ' '));
        assert_eq!(block[at + 36], 0);
    }
}

#[test]
fn names_are_of_allowed_characters() {
    for record in children(&disc()) {
        let forbidden =
            |unit: &u16| *unit < 0x20 || u8::try_from(*unit).is_ok_and(|c| b"*/:;?\\".contains(&c));
        let name: Vec<u16> = name(&record).encode_utf16().collect();
        assert!(!name.iter().any(forbidden), "{name:?}");
    }
}

#[test]
fn names_are_at_most_64_characters() {
    let disc = disc();
    let lengths: Vec<usize> =
        children(&disc).iter().map(|record| name(record).encode_utf16().count()).collect();
    assert!(lengths.iter().all(|len| (1..=64).contains(len)));
    assert!(lengths.contains(&64), "the long name is cut no shorter");
}

#[test]
fn files_have_a_version_and_directories_none() {
    for record in children(&disc()) {
        let id = units(record.id());
        let version = id.ends_with(&[u16::from(b';'), u16::from(b'1')]);
        assert_eq!(version, !record.is_directory());
    }
}

#[test]
fn names_keep_case_spaces_and_unicode() {
    let disc = disc();
    let names: BTreeSet<String> = children(&disc).iter().map(name).collect();
    for kept in
        ["read me.txt", "Read Me.txt", "\u{65e5}\u{672c}\u{8a9e}.txt", "caf\u{e9}", ".hidden"]
    {
        assert!(names.contains(kept), "{kept:?}");
    }
}

#[test]
fn names_are_unique() {
    let disc = disc();
    for directory in directories(&disc, &supplementary(&disc)) {
        let ids: BTreeSet<_> = directory.children().map(|child| child.id().to_vec()).collect();
        assert_eq!(ids.len(), directory.children().count());
    }
}

#[test]
fn records_are_in_order_of_ucs_2() {
    let disc = disc();
    for directory in directories(&disc, &supplementary(&disc)) {
        let ids: Vec<Vec<u16>> = directory.children().map(|child| sort_key(child.id())).collect();
        assert!(ids.is_sorted(), "{:?}", directory.path);
    }
}

/// As ECMA-119 9.3 has it, with zero for the filler: name, then extension. Joliet leaves the filler byte open.
fn sort_key(id: &[u8]) -> Vec<u16> {
    let mut key = units(id);
    if key.ends_with(&[u16::from(b';'), u16::from(b'1')]) {
        key.truncate(key.len() - 2);
    }
    key
}

#[test]
fn own_and_parent_identifiers_are_one_byte() {
    let disc = disc();
    for directory in directories(&disc, &supplementary(&disc)) {
        let ids: Vec<&[u8]> =
            directory.records.iter().take(2).map(|(_, record)| record.id()).collect();
        assert_eq!(ids, [&[0_u8][..], &[1]]);
    }
}

#[test]
fn records_have_no_system_use_field() {
    for record in children(&disc()) {
        assert_eq!(record.0.len(), record.system_use_at().next_multiple_of(2));
    }
}

#[test]
fn records_end_in_the_sector_they_begin_in() {
    let disc = disc();
    let all = directories(&disc, &supplementary(&disc));
    assert!(all.iter().any(|directory| directory.len > 2048));
    for directory in all {
        for (at, record) in directory.records {
            assert_eq!(at / 2048, (at + record.0.len() - 1) / 2048);
            assert_eq!(both16(&record.0, 28), 1);
        }
    }
}

#[test]
fn path_tables_are_its_own() {
    let disc = disc();
    let (first, second) = (primary(&disc), supplementary(&disc));
    assert_ne!(le32(&first, 140), le32(&second, 140));
    let rows = path_table(&disc, &second, false);
    assert_eq!(rows, path_table(&disc, &second, true));
    assert_eq!((le32(&second, 144), le32(&second, 152)), (0, 0));
    let found: BTreeMap<u32, usize> = directories(&disc, &second)
        .iter()
        .map(|directory| (directory.extent, directory.path.len()))
        .collect();
    assert_eq!(rows.len(), found.len());
    for row in &rows[1..] {
        assert!(units(&row.id).len() <= 64 && found.contains_key(&row.extent));
    }
    let keys: Vec<_> =
        rows.iter().map(|row| (found[&row.extent], row.parent, row.id.clone())).collect();
    assert!(keys.is_sorted());
}

#[test]
fn file_data_are_shared() {
    let disc = disc();
    let extents = |descriptor: &[u8]| -> BTreeSet<(u32, u32)> {
        let all = directories(&disc, descriptor);
        let children = all.iter().flat_map(|directory| directory.children());
        let files = children.filter(|child| !child.is_directory() && child.len() > 0);
        files.map(|child| (child.extent(), child.len())).collect()
    };
    assert_eq!(extents(&primary(&disc)), extents(&supplementary(&disc)));
    let roots = [primary(&disc), supplementary(&disc)].map(|block| both32(&block, 158));
    assert_ne!(roots[0], roots[1], "but not the directories");
}

#[test]
fn records_of_xa_discs_have_its_attributes() {
    let mut options = options();
    options.iso9660.xa = true;
    let disc = Disc::new(tree(), &options);
    assert_eq!(&primary(&disc)[1024..1032], b"CD-XA001");
    for directory in directories(&disc, &primary(&disc)) {
        for (_, record) in &directory.records {
            let attributes = &record.0[record.system_use_at()..][..14];
            assert_eq!(&attributes[6..8], b"XA");
        }
    }
}
