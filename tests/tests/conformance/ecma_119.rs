//! Clauses of ECMA-119, second edition, which is ISO 9660.

use std::collections::{BTreeMap, BTreeSet};

use image_core::{Attributes, DeepDirectories, IsoLevel, PlanError, SourceId, Tree};

use crate::disc::{Disc, options, tree, with_level};
use crate::iso::{
    self, Directory, Record, both16, both32, descriptors, directories, le32, path_table, primary,
    records,
};

const LEVELS: [IsoLevel; 3] = [IsoLevel::One, IsoLevel::Two, IsoLevel::Three];

fn disc() -> Disc {
    Disc::new(tree(), &options())
}

/// Every record of the primary hierarchy.
fn all_records(disc: &Disc) -> Vec<Record> {
    let all = directories(disc, &primary(disc)).into_iter();
    all.flat_map(|directory| directory.records).map(|(_, record)| record).collect()
}

fn is_d(text: &[u8]) -> bool {
    text.iter().all(|c| matches!(c, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
}

fn is_a(text: &[u8]) -> bool {
    text.iter().all(|c| is_d(&[*c]) || b" !\"%&'()*+,-./:;<=>?".contains(c))
}

#[test]
fn system_area_is_not_used() {
    let disc = disc();
    for lba in 0..16 {
        assert!(disc.block(lba).iter().all(|byte| *byte == 0), "block {lba}");
    }
}

#[test]
fn descriptor_set_is_in_order() {
    let disc = disc();
    let found = descriptors(&disc);
    let kinds: Vec<u8> = found.iter().map(|block| block[0]).collect();
    assert_eq!(kinds, [1, 2, 255]);
    for block in &found {
        assert_eq!(&block[1..6], b"CD001");
        assert_eq!(block[6], 1);
    }
    assert!(found[2][7..].iter().all(|byte| *byte == 0), "the rest of the terminator is reserved");
}

#[test]
fn unused_and_reserved_fields_are_zero() {
    let block = primary(&disc());
    for range in [7..8, 72..80, 88..120, 882..883, 1395..2048] {
        assert!(block[range.clone()].iter().all(|byte| *byte == 0), "{range:?}");
    }
}

#[test]
fn sizes_are_recorded_in_both_orders() {
    let disc = disc();
    let block = primary(&disc);
    assert_eq!(both32(&block, 80), disc.blocks(), "volume space size");
    assert_eq!(both16(&block, 120), 1, "volume set size");
    assert_eq!(both16(&block, 124), 1, "volume sequence number");
    assert_eq!(both16(&block, 128), 2048, "logical block size");
    assert!(both32(&block, 132) >= 10, "path table size");
}

#[test]
fn identifiers_are_of_their_characters_and_padded() {
    let block = primary(&disc());
    let text = |range: std::ops::Range<usize>| {
        let text = &block[range];
        let end = text.iter().rposition(|c| *c != b' ').map_or(0, |last| last + 1);
        text[..end].to_vec()
    };
    assert_eq!(text(40..72), b"CONFORM_1");
    assert_eq!(text(574..702), b"DISCWRIGHT");
    for range in [40..72, 190..318, 702..739, 739..776, 776..813] {
        assert!(is_d(&text(range.clone())), "{range:?} has d-characters only");
    }
    for range in [8..40, 318..446, 446..574, 574..702] {
        assert!(is_a(&text(range.clone())), "{range:?} has a-characters only");
    }
}

#[test]
fn volume_dates_are_digits_or_not_specified() {
    let block = primary(&disc());
    // 2021-03-04 05:06:07 UTC is an hour later at this offset, of four quarters.
    assert_eq!(&block[813..829], b"2021030406060700");
    assert_eq!(block[829], 4);
    assert_eq!(block[830..847], block[813..830], "modified when made");
    for at in [847, 864] {
        assert_eq!(&block[at..at + 16], b"0000000000000000");
        assert_eq!(block[at + 16], 0);
    }
}

#[test]
fn file_structure_version_is_one() {
    assert_eq!(primary(&disc())[881], 1);
}

#[test]
fn root_record_is_that_of_the_root() {
    let disc = disc();
    let block = primary(&disc);
    let root = Record(block[156..190].to_vec());
    assert_eq!((root.0[0], root.id()), (34, [0].as_slice()));
    let own = &records(&disc, root.extent(), root.len())[0].1;
    assert_eq!(
        own.0[1..33],
        root.0[1..33],
        "all but the length, which counts the system use field"
    );
}

#[test]
fn records_end_in_the_sector_they_begin_in() {
    let disc = disc();
    let all = directories(&disc, &primary(&disc));
    assert!(all.iter().any(|directory| directory.len > 2048), "some directory has several sectors");
    for directory in &all {
        for (at, record) in &directory.records {
            assert_eq!(at / 2048, (at + record.0.len() - 1) / 2048, "at {at}");
        }
        gaps_are_zero(&disc, directory);
    }
}

fn gaps_are_zero(disc: &Disc, directory: &Directory) {
    let mut bytes = disc.bytes(directory.extent, directory.len);
    for (at, record) in &directory.records {
        bytes[*at..at + record.0.len()].fill(0);
    }
    assert!(bytes.iter().all(|byte| *byte == 0), "behind the last record of a sector");
}

#[test]
fn directories_are_whole_sectors() {
    let disc = disc();
    for directory in directories(&disc, &primary(&disc)) {
        assert!(directory.len > 0 && directory.len.is_multiple_of(2048));
        let last = directory.records.last().unwrap();
        assert_eq!(last.0 / 2048, directory.len as usize / 2048 - 1, "no sector without a record");
    }
}

#[test]
fn directories_begin_with_themselves_and_their_parents() {
    let disc = disc();
    let all = directories(&disc, &primary(&disc));
    for directory in &all {
        let [(_, own), (_, parent), ..] = directory.records.as_slice() else {
            panic!("no records")
        };
        assert_eq!((own.id(), parent.id()), ([0].as_slice(), [1].as_slice()));
        assert_eq!((own.extent(), own.len()), (directory.extent, directory.len));
        let above = &all[directory.parent];
        assert_eq!((parent.extent(), parent.len()), (above.extent, above.len));
        assert!(own.is_directory() && parent.is_directory());
        assert!(directory.records[2..].iter().all(|(_, record)| !record.is_dots()));
    }
}

#[test]
fn depth_is_at_most_eight() {
    let disc = disc();
    let deepest = directories(&disc, &primary(&disc)).iter().map(|found| found.path.len()).max();
    assert_eq!(deepest, Some(7), "seven below the root make eight levels");
}

#[test]
fn paths_are_at_most_255_bytes() {
    let disc = disc();
    for directory in directories(&disc, &primary(&disc)) {
        let above: usize = directory.path.iter().map(|name| name.len() + 1).sum();
        for child in directory.children() {
            assert!(above + child.id().len() <= 255);
        }
    }
}

#[test]
fn record_fields_are_as_recorded_here() {
    let disc = disc();
    for record in all_records(&disc) {
        let bytes = &record.0;
        assert!(bytes.len().is_multiple_of(2) && bytes.len() <= 254, "the length is even");
        assert_eq!(bytes[1], 0, "no extended attribute record");
        assert_eq!((bytes[26], bytes[27]), (0, 0), "not interleaved");
        assert_eq!(both16(bytes, 28), 1, "on this volume");
        assert_eq!(
            record.flags() & 0b0111_1100,
            0,
            "no reserved bit, no record format, no protection"
        );
        if bytes[32].is_multiple_of(2) {
            assert_eq!(bytes[record.system_use_at() - 1], 0, "padding");
        }
    }
}

#[test]
fn hidden_entries_have_the_existence_bit() {
    let disc = disc();
    let hidden = all_records(&disc).iter().filter(|record| record.flags() & 1 != 0).count();
    // One of the two names of that file was hidden.
    assert_eq!(hidden, 1);
}

#[test]
fn record_dates_are_dates() {
    let disc = disc();
    for record in all_records(&disc) {
        let [year, month, day, hour, minute, second, offset] = *record.date() else { panic!() };
        assert!(year >= 70 && (1..=12).contains(&month) && (1..=31).contains(&day));
        assert!(hour < 24 && minute < 60 && second < 60);
        assert!((-48..=52).contains(&offset.cast_signed()));
    }
    let readme = all_records(&disc).into_iter().find(|record| record.id() == b"README.;1");
    // 1,500,086,413 is 2017-07-15 02:40:13 UTC; a quarter of an hour ahead.
    assert_eq!(readme.unwrap().date(), [117, 7, 15, 2, 55, 13, 1]);
}

#[test]
fn records_are_in_order() {
    for level in LEVELS {
        let disc = Disc::new(tree(), &with_level(level));
        for directory in directories(&disc, &primary(&disc)) {
            let keys: Vec<_> = directory.children().map(sort_key).collect();
            assert!(keys.is_sorted(), "{:?}", directory.path);
        }
    }
}

/// Name and extension are padded with spaces to equal lengths, and versions fall. ECMA-119 9.3.
fn sort_key(record: &Record) -> (Vec<u8>, Vec<u8>) {
    let id = record.id();
    let without = id.strip_suffix(b";1").unwrap_or(id);
    let dot = without.iter().position(|c| *c == b'.').unwrap_or(without.len());
    let (name, extension) = without.split_at(dot);
    let padded = |text: &[u8]| [text, &[b' '; 40][text.len().min(40)..]].concat();
    (padded(name), padded(extension.get(1..).unwrap_or_default()))
}

#[test]
fn identifiers_are_well_formed() {
    for level in LEVELS {
        let disc = Disc::new(tree(), &with_level(level));
        for directory in directories(&disc, &primary(&disc)) {
            for child in directory.children() {
                if child.is_directory() {
                    assert!(is_d(child.id()) && (1..=31).contains(&child.id().len()));
                    continue;
                }
                let (name, extension) = parts(child.id());
                assert!(is_d(name) && is_d(extension) && name.len() + extension.len() >= 1);
                assert!(name.len() + extension.len() <= 30);
            }
        }
    }
}

/// Name and extension of a file identifier that has both separators and version 1.
fn parts(id: &[u8]) -> (&[u8], &[u8]) {
    let text = id.strip_suffix(b";1").expect("separator 2 and the version");
    let dot = text.iter().position(|c| *c == b'.').expect("separator 1");
    (&text[..dot], &text[dot + 1..])
}

#[test]
fn level_one_has_names_of_eight_and_three() {
    let disc = Disc::new(tree(), &with_level(IsoLevel::One));
    for directory in directories(&disc, &primary(&disc)) {
        for child in directory.children() {
            if child.is_directory() {
                assert!(child.id().len() <= 8);
            } else {
                let (name, extension) = parts(child.id());
                assert!(name.len() <= 8 && extension.len() <= 3);
            }
        }
    }
}

#[test]
fn identifiers_are_unique_in_their_directory() {
    for level in LEVELS {
        let disc = Disc::new(tree(), &with_level(level));
        for directory in directories(&disc, &primary(&disc)) {
            let ids: BTreeSet<_> = directory.children().map(|child| child.id().to_vec()).collect();
            assert_eq!(ids.len(), directory.children().count());
        }
    }
}

/// A file of 9 GiB takes three extents.
fn large() -> Tree {
    let mut tree = Tree::new();
    tree.add_file("large", SourceId(1), (9 << 30) + 5, Attributes::default()).unwrap();
    tree.add_file("other", SourceId(2), 5, Attributes::default()).unwrap();
    tree
}

#[test]
fn files_of_several_sections_are_marked() {
    let disc = Disc::new(large(), &with_level(IsoLevel::Three));
    let all = directories(&disc, &primary(&disc));
    let sections: Vec<&Record> =
        all[0].children().filter(|record| record.id().starts_with(b"LARGE")).collect();
    assert_eq!(sections.len(), 3);
    let total: u64 = sections.iter().map(|record| u64::from(record.len())).sum();
    assert_eq!(total, (9 << 30) + 5);
    for (section, next) in sections.iter().zip(&sections[1..]) {
        assert_eq!(section.flags(), 0x80, "not the last");
        assert!(section.len().is_multiple_of(2048), "only the last ends within a block");
        assert_eq!(section.extent() + section.len() / 2048, next.extent());
        assert_eq!((section.id(), section.date()), (next.id(), next.date()));
    }
    assert_eq!(sections[2].flags(), 0);
}

#[test]
fn one_section_is_all_that_levels_one_and_two_have() {
    for level in [IsoLevel::One, IsoLevel::Two] {
        let refused = image_core::plan(large(), &with_level(level));
        assert!(matches!(refused, Err(PlanError::FileTooLarge { .. })), "{level:?}");
        let mut tree = tree();
        let most = u32::MAX.into();
        tree.add_file("most", SourceId(800), most, Attributes::default()).unwrap();
        let disc = Disc::new(tree, &with_level(level));
        let records = all_records(&disc);
        assert!(records.iter().any(|record| record.len() == u32::MAX));
        assert!(records.iter().all(|record| record.flags() & 0x80 == 0));
    }
}

#[test]
fn extents_are_in_the_data_area_and_apart() {
    let disc = disc();
    let mut taken = BTreeMap::new();
    for directory in directories(&disc, &primary(&disc)) {
        taken.insert(directory.extent, directory.len);
        for child in directory.children().filter(|child| !child.is_directory() && child.len() > 0) {
            // Two names of one file share its extent.
            let before = taken.insert(child.extent(), child.len());
            assert!(before.is_none_or(|len| len == child.len()));
        }
    }
    let mut end = 16;
    for (start, len) in taken {
        assert!(start >= end, "{start} is before {end}");
        end = start + len.div_ceil(2048);
    }
    assert!(end <= disc.blocks());
}

#[test]
fn path_tables_are_the_same_in_both_orders() {
    let disc = disc();
    let block = primary(&disc);
    let rows = path_table(&disc, &block, false);
    assert_eq!(rows, path_table(&disc, &block, true));
    assert_eq!((le32(&block, 144), le32(&block, 152)), (0, 0), "no optional tables");
}

#[test]
fn path_tables_are_in_order() {
    let disc = disc();
    let rows = path_table(&disc, &primary(&disc), false);
    let mut levels = vec![1];
    for row in &rows[1..] {
        levels.push(levels[usize::from(row.parent) - 1] + 1);
    }
    let keys: Vec<_> =
        rows.iter().zip(levels).map(|(row, level)| (level, row.parent, row.id.clone())).collect();
    assert!(keys.is_sorted(), "by level, then by the parent's number, then by identifier");
}

#[test]
fn path_tables_name_every_directory() {
    let disc = disc();
    let rows = path_table(&disc, &primary(&disc), false);
    assert_eq!((rows[0].parent, rows[0].id.as_slice()), (1, [0].as_slice()), "the root first");
    let mut of: BTreeMap<u32, Vec<Vec<u8>>> = BTreeMap::new();
    for row in &rows {
        let mut path =
            of.get(&rows[usize::from(row.parent) - 1].extent).cloned().unwrap_or_default();
        if row.id != [0] {
            path.push(row.id.clone());
        }
        of.insert(row.extent, path);
    }
    let found: BTreeMap<u32, Vec<Vec<u8>>> = directories(&disc, &primary(&disc))
        .into_iter()
        .map(|directory| (directory.extent, directory.path))
        .collect();
    assert_eq!(of, found);
}

#[test]
fn path_tables_number_65535_directories() {
    let mut tree = Tree::new();
    for index in 0..65535 {
        tree.add_directory(&format!("{index}"), Attributes::default()).unwrap();
    }
    let refused = image_core::plan(tree, &options());
    assert!(matches!(refused, Err(PlanError::TooManyDirectories { .. })));
}

#[test]
fn unused_parts_of_last_blocks_are_zero() {
    let disc = disc();
    let child = all_records(&disc).into_iter().find(|record| record.len() == 1).unwrap();
    assert!(disc.block(child.extent())[1..].iter().all(|byte| *byte == 0));
    let (size, at) = (both32(&primary(&disc), 132), le32(&primary(&disc), 140));
    let table = disc.bytes(at, size.next_multiple_of(2048));
    assert!(table[size as usize..].iter().all(|byte| *byte == 0));
    assert!(iso::le16(&table, 0) > 0);
}

/// Level 4, with names longer than the lower levels have.
fn enhanced() -> Disc {
    Disc::new(tree(), &with_level(IsoLevel::Four))
}

fn enhanced_descriptor(disc: &Disc) -> Vec<u8> {
    descriptors(disc).into_iter().find(|block| block[0] == 2 && block[6] == 2).unwrap()
}

#[test]
fn enhanced_descriptor_is_of_version_two() {
    let disc = enhanced();
    let block = enhanced_descriptor(&disc);
    assert_eq!(block[881], 2, "file structure version");
    assert_eq!(both32(&block, 80), disc.blocks());
    assert!(block[88..120].iter().all(|byte| *byte == 0), "no escape sequences");
    assert_eq!(path_table(&disc, &block, false), path_table(&disc, &block, true));
}

#[test]
fn enhanced_names_have_up_to_207_bytes() {
    let disc = enhanced();
    let mut longest = 0;
    for directory in directories(&disc, &enhanced_descriptor(&disc)) {
        let ids: BTreeSet<_> = directory.children().map(|child| child.id().to_vec()).collect();
        assert_eq!(ids.len(), directory.children().count());
        longest = longest.max(ids.iter().map(Vec::len).max().unwrap_or_default());
        assert!(directory.children().all(|child| !child.id().ends_with(b";1")), "no versions");
    }
    assert!((200..=207).contains(&longest), "{longest}");
}

#[test]
fn deep_directories_can_be_kept_within_eight_levels() {
    let mut tree = Tree::new();
    let path = ["d"; 14].join("/");
    tree.add_file(&format!("{path}/deep"), SourceId(1), 3, Attributes::default()).unwrap();
    let mut options = options();
    options.iso9660.deep_directories = DeepDirectories::Relocate;
    let disc = Disc::new(tree, &options);
    let deepest = directories(&disc, &primary(&disc)).iter().map(|found| found.path.len()).max();
    assert!(deepest.is_some_and(|deepest| deepest <= 7), "{deepest:?}");
}
