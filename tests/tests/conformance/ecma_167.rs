//! Clauses of ECMA-167, third edition: in images of every revision of UDF and every form of partition.

use std::collections::{BTreeMap, BTreeSet};

use image_core::{Attributes, SourceId, Tree, UdfOptions, UdfPartition, UdfRevision};

use crate::disc::Disc;
use crate::ecma::{
    Entry, Volume, anchor, discs, dstring, form, forms, le64, revision, sequence, tag, text, with,
};
use crate::iso::{le16, le32};

fn by_identifier(disc: &Disc) -> BTreeMap<u16, Vec<u8>> {
    let main = sequence(disc, &anchor(disc), 16);
    main.into_iter().map(|block| (le16(&block, 0), block)).collect()
}

/// A timestamp: of local time with an offset in minutes, or without. ECMA-167 1/7.3.
fn check_timestamp(bytes: &[u8]) {
    let kind = le16(bytes, 0);
    assert_eq!(kind >> 12, 1, "local time");
    let offset = i32::from(kind & 0xfff) << 20 >> 20;
    assert!((-1440..=1440).contains(&offset), "{offset}");
    assert!((1..=9999).contains(&le16(bytes, 2).cast_signed()));
    assert!((1..=12).contains(&bytes[4]) && (1..=31).contains(&bytes[5]));
    assert!(bytes[6] < 24 && bytes[7] < 60 && bytes[8] < 60);
    assert!(bytes[9] < 100 && bytes[10] < 100 && bytes[11] < 100);
}

#[test]
fn recognition_sequence_is_whole() {
    for disc in discs() {
        let blocks: Vec<Vec<u8>> = (16..32).map(|lba| disc.block(lba)).collect();
        let named = |block: &&Vec<u8>| block[1..6] != [0; 5];
        let found: Vec<&[u8]> = blocks.iter().take_while(named).map(|block| &block[1..6]).collect();
        let nsr: &[u8] = if revision(disc) >= 0x0200 { b"NSR03" } else { b"NSR02" };
        let extended: &[&[u8]] = &[b"BEA01", nsr, b"TEA01"];
        let volumes = disc.plan.options().file_systems.iso9660;
        let before = if volumes { vec![&b"CD001"[..]; 3] } else { Vec::new() };
        assert_eq!(found, [before.as_slice(), extended].concat());
        for block in blocks.iter().filter(|block| block[1..6] != *b"CD001").take(3) {
            assert_eq!((block[0], block[6]), (0, 1), "type and version");
            assert!(block[7..].iter().all(|byte| *byte == 0));
        }
    }
}

#[test]
fn anchors_stand_where_they_are_looked_for() {
    for disc in discs() {
        let last = disc.blocks() - 1;
        let anchors: Vec<u32> = [256, last - 256, last]
            .into_iter()
            .filter(|lba| le16(&disc.block(*lba), 0) == 2)
            .collect();
        // The last block of a virtual volume is for the entry of its table.
        let expected = if form(disc).partition == UdfPartition::Virtual { 2 } else { 3 };
        assert_eq!(anchors.len(), expected, "{:?}", form(disc));
        for lba in anchors {
            let block = disc.block(lba);
            assert_eq!(tag(&block, lba, revision(disc)), 2);
            assert_eq!(block[16..32], anchor(disc)[16..32], "all say the same");
            assert!(block[32..512].iter().all(|byte| *byte == 0));
        }
    }
}

#[test]
fn reserve_sequence_equals_the_main_one() {
    for disc in discs() {
        let anchor = anchor(disc);
        let (main, reserve) = (sequence(disc, &anchor, 16), sequence(disc, &anchor, 24));
        assert_eq!(main.len(), reserve.len());
        for (one, other) in main.iter().zip(&reserve) {
            assert_eq!(one[16..], other[16..], "all but the tag");
        }
        assert_ne!(le32(&anchor, 20), le32(&anchor, 28));
    }
}

#[test]
fn sequence_has_one_descriptor_of_each_kind() {
    for disc in discs() {
        let main = sequence(disc, &anchor(disc), 16);
        let kinds: Vec<u16> = main.iter().map(|block| le16(block, 0)).collect();
        let set: BTreeSet<u16> = kinds.iter().copied().collect();
        assert_eq!(set, BTreeSet::from([1, 4, 5, 6, 7, 8]));
        assert_eq!(kinds.len(), set.len(), "{kinds:?}");
        assert_eq!(kinds.last(), Some(&8));
        let numbers: BTreeSet<u32> =
            main[..main.len() - 1].iter().map(|block| le32(block, 16)).collect();
        assert_eq!(numbers.len(), main.len() - 1, "sequence numbers differ");
        assert!(main[main.len() - 1][16..512].iter().all(|byte| *byte == 0), "terminating");
    }
}

#[test]
fn primary_volume_descriptor() {
    for disc in discs() {
        let block = &by_identifier(disc)[&1];
        assert_eq!(le32(block, 20), 0, "primary volume descriptor number");
        assert_eq!(dstring(&block[24..56]), "Conform 1");
        assert_eq!((le16(block, 56), le16(block, 58)), (1, 1), "volume 1 of 1");
        assert!(le16(block, 60) <= le16(block, 62), "interchange level");
        assert_eq!((le32(block, 64), le32(block, 68)), (1, 1), "character set lists");
        assert!(dstring(&block[72..200]).ends_with("Conform 1"));
        check_timestamp(&block[376..388]);
        assert!(block[490..512].iter().all(|byte| *byte == 0), "reserved");
    }
}

#[test]
fn partition_descriptor() {
    for disc in discs() {
        let block = &by_identifier(disc)[&5];
        assert_eq!((le16(block, 20), le16(block, 22)), (1, 0), "allocated, number 0");
        let contents: &[u8] = if revision(disc) >= 0x0200 { b"+NSR03" } else { b"+NSR02" };
        assert!(block[25..].starts_with(contents));
        let access = match form(disc).partition {
            UdfPartition::PseudoOverwritable => 0,
            UdfPartition::ReadOnly => 1,
            UdfPartition::Virtual => 2,
            UdfPartition::Overwritable | UdfPartition::Sparable { .. } => 4,
        };
        assert_eq!(le32(block, 184), access);
        let (start, len) = (le32(block, 188), le32(block, 192));
        assert!(start > 256 && len > 0 && start + len <= disc.blocks());
    }
}

#[test]
fn logical_volume_descriptor() {
    for disc in discs() {
        let volume = Volume::new(disc);
        let block = &volume.logical;
        assert_eq!(dstring(&block[84..212]), "Conform 1");
        assert_eq!(le32(block, 212), 2048);
        assert!(block[217..].starts_with(b"*OSTA UDF Compliant"));
        for map in volume.partition_maps() {
            let number = match (map[0], map[1]) {
                (1, 6) => [le16(&map, 2), le16(&map, 4)],
                (2, 64) => [le16(&map, 36), le16(&map, 38)],
                kind => panic!("a map of {kind:?}"),
            };
            assert_eq!(number, [1, 0], "volume and partition");
        }
    }
}

#[test]
fn unallocated_space_descriptor_names_none() {
    for disc in discs() {
        assert_eq!(le32(&by_identifier(disc)[&7], 20), 0);
    }
}

#[test]
fn integrity_sequence_says_closed() {
    for disc in discs() {
        let logical = &by_identifier(disc)[&6];
        let (len, lba) = (le32(logical, 432), le32(logical, 436));
        assert!(len >= 2048);
        let block = disc.block(lba);
        assert_eq!(tag(&block, lba, revision(disc)), 9);
        check_timestamp(&block[16..28]);
        // The table of a virtual partition takes its place, and it stays open.
        let closed = u32::from(form(disc).partition != UdfPartition::Virtual);
        assert_eq!(le32(&block, 28), closed, "type of integrity");
        assert_eq!(le32(&block, 32), 0, "no further extent");
        assert_eq!(le32(&block, 72), le32(logical, 268), "a size for each partition map");
        let next = disc.block(lba + 1);
        assert_eq!(tag(&next, lba + 1, revision(disc)), 8, "terminated");
    }
}

#[test]
fn file_set_descriptor() {
    for disc in discs() {
        let volume = Volume::new(disc);
        let set = volume.file_set();
        check_timestamp(&set[16..28]);
        assert!(le16(&set, 28) <= le16(&set, 30), "interchange level");
        assert_eq!((le32(&set, 40), le32(&set, 44)), (0, 0), "file set number");
        assert_eq!(dstring(&set[112..240]), "Conform 1");
        assert_eq!(dstring(&set[304..336]), "Conform 1");
        let root = volume.root();
        assert_eq!(root.file_type(), 4);
        assert_eq!(le32(&set, 400), 2048, "its entry is a block");
    }
}

#[test]
fn file_identifiers_are_whole() {
    for disc in discs() {
        let volume = Volume::new(disc);
        for (path, entry) in volume.files().iter().filter(|(_, entry)| entry.file_type() == 4) {
            for fid in volume.identifiers(entry) {
                assert_eq!(tag(&fid.bytes, fid.location, revision(disc)), 257, "{path}");
                assert_eq!(le16(&fid.bytes, 16), 1, "file version");
                let end = 38 + usize::from(le16(&fid.bytes, 36)) + usize::from(fid.bytes[19]);
                assert!(
                    fid.bytes[end..].iter().all(|byte| *byte == 0) && fid.bytes.len() - end < 4
                );
                assert_eq!(fid.characteristics() & 0b1111_0100, 0, "neither deleted nor metadata");
            }
        }
    }
}

#[test]
fn directories_begin_with_their_parents() {
    for disc in discs() {
        let volume = Volume::new(disc);
        let mut above = BTreeMap::from([(volume.root().block, volume.root().block)]);
        for (_, entry) in volume.files().iter().filter(|(_, entry)| entry.file_type() == 4) {
            let identifiers = volume.identifiers(entry);
            let (parent, children) = identifiers.split_first().unwrap();
            assert_eq!(parent.characteristics() & 0b1010, 0b1010, "a directory, and the parent");
            assert!(parent.identifier().is_empty());
            assert_eq!(parent.block(), above[&entry.block]);
            let mut names = BTreeSet::new();
            for child in children {
                assert_eq!(child.characteristics() & 8, 0, "only one parent");
                assert!(names.insert(child.identifier().to_vec()), "{}", child.name());
                let target = volume.entry(child.partition(), child.block());
                assert_eq!(child.characteristics() & 2 != 0, target.file_type() == 4);
                if target.file_type() == 4 {
                    above.insert(child.block(), entry.block);
                }
            }
        }
    }
}

#[test]
fn hidden_files_have_the_existence_bit() {
    for disc in discs() {
        let volume = Volume::new(disc);
        let directories = volume.files().into_iter().filter(|(_, entry)| entry.file_type() == 4);
        let all = directories.flat_map(|(_, entry)| volume.identifiers(&entry));
        let hidden: Vec<String> =
            all.filter(|fid| fid.characteristics() & 1 != 0).map(|fid| fid.name()).collect();
        assert_eq!(hidden, ["first"]);
    }
}

#[test]
fn file_entries_are_whole() {
    for disc in discs() {
        let volume = Volume::new(disc);
        for (path, entry) in volume.files() {
            let (attributes, descriptors) = entry.lengths();
            assert!(entry.at(176, 216) + attributes + descriptors <= 2048, "{path}");
            assert!(attributes.is_multiple_of(4));
            assert_eq!(entry.bytes[50..56], [0; 6], "no record format");
            let times: &[usize] =
                if entry.is_extended() { &[80, 92, 104, 116] } else { &[72, 84, 96] };
            for at in times {
                check_timestamp(&entry.bytes[*at..at + 12]);
            }
            assert_eq!(le32(&entry.bytes, entry.at(108, 128)), 1, "checkpoint");
            assert!(entry.links() >= 1, "{path}");
            if entry.is_extended() {
                assert!(le64(&entry.bytes, 64) >= entry.len(), "object size");
            }
        }
    }
}

#[test]
fn icb_tags_are_of_strategy_4() {
    for disc in discs() {
        let volume = Volume::new(disc);
        for (path, entry) in volume.files() {
            let tag = &entry.bytes[16..36];
            assert_eq!(le32(tag, 0), 0, "no prior entries");
            assert_eq!((le16(tag, 4), le16(tag, 6), le16(tag, 8)), (4, 0, 1), "{path}");
            assert!([4, 5, 6, 7, 9, 10, 12].contains(&entry.file_type()), "{path}");
            assert!(matches!(entry.ad_type(), 0 | 1 | 3));
        }
    }
}

#[test]
fn allocation_descriptors_cover_the_content() {
    for disc in discs() {
        let volume = Volume::new(disc);
        for (path, entry) in volume.files() {
            if entry.ad_type() == 3 {
                assert_eq!(entry.descriptors().len() as u64, entry.len(), "{path}");
                continue;
            }
            check_extents(&volume, &path, &entry);
        }
    }
}

/// All but the last fill whole blocks, all are within the partition, and the blocks are counted.
fn check_extents(volume: &Volume<'_>, path: &str, entry: &Entry) {
    let extents = volume.extents(entry);
    let total: u64 = extents.iter().map(|(_, _, len)| len).sum();
    assert_eq!(total, entry.len(), "{path}");
    let blocks: u64 = extents.iter().map(|(_, _, len)| len.div_ceil(2048)).sum();
    assert_eq!(le64(&entry.bytes, entry.at(64, 72)), blocks, "{path}: blocks recorded");
    for (index, (partition, block, len)) in extents.iter().enumerate() {
        assert!(index + 1 == extents.len() || len.is_multiple_of(2048));
        let last = block + u32::try_from(len.div_ceil(2048)).unwrap() - 1;
        volume.absolute(*partition, last);
    }
}

#[test]
fn large_files_go_on_in_allocation_extents() {
    for udf in forms() {
        let mut tree = Tree::new();
        let len = (600 << 30) + 5;
        tree.add_file("large", SourceId(1), len, Attributes::default()).unwrap();
        let disc = Disc::new(tree, &with(udf, false));
        let volume = Volume::new(&disc);
        let (_, entry) = volume.files().pop().unwrap();
        assert_eq!(entry.len(), len);
        assert!(volume.extents(&entry).len() > 600);
        check_extents(&volume, "large", &entry);
    }
}

#[test]
fn links_count_the_names() {
    for disc in discs() {
        let volume = Volume::new(disc);
        let files = volume.files();
        let mut names: BTreeMap<u32, u16> = BTreeMap::new();
        for (_, entry) in &files {
            *names.entry(entry.block).or_default() += 1;
        }
        for (path, entry) in files.iter().filter(|(_, entry)| entry.file_type() != 4) {
            assert_eq!(entry.links(), names[&entry.block], "{path}");
        }
        assert_eq!(names.values().filter(|count| **count == 2).count(), 1, "one hard link");
        for (path, entry) in files.iter().filter(|(_, entry)| entry.file_type() == 4) {
            let below = volume.identifiers(entry);
            let directories =
                below.iter().skip(1).filter(|fid| fid.characteristics() & 2 != 0).count();
            assert_eq!(usize::from(entry.links()), 1 + directories, "{path}");
        }
    }
}

#[test]
fn permissions_and_owners_are_those_of_the_tree() {
    for disc in discs() {
        let volume = Volume::new(disc);
        let (_, readme) = volume.files().into_iter().find(|(path, _)| path == "/README").unwrap();
        assert_eq!((le32(&readme.bytes, 36), le32(&readme.bytes, 40)), (1001, 100));
        // 0641, five bits for each: read is bit 2, write bit 1, execute bit 0.
        let permissions = le32(&readme.bytes, 44);
        let bits = [permissions >> 10 & 7, permissions >> 5 & 7, permissions & 7];
        assert_eq!(bits, [0b110, 0b100, 0b001]);
    }
}

#[test]
fn links_are_path_components() {
    for disc in discs() {
        let volume = Volume::new(disc);
        let mut targets = BTreeMap::new();
        for (path, entry) in volume.files().into_iter().filter(|(_, entry)| entry.file_type() == 12)
        {
            let bytes = volume.content(&entry);
            let (mut rest, mut target) = (bytes.as_slice(), Vec::new());
            while let [kind, len, version @ 0, version_high @ 0, after @ ..] = rest {
                let (name, after) = after.split_at(usize::from(*len));
                assert_eq!((*version, *version_high), (0, 0));
                target.push(match kind {
                    2 => String::new(),
                    3 => "..".to_owned(),
                    4 => ".".to_owned(),
                    5 => text(name),
                    other => panic!("component {other}"),
                });
                rest = after;
            }
            assert!(rest.is_empty());
            targets.insert(path, target.join("/"));
        }
        assert_eq!(targets["/links/relative"], "../names/./.hidden");
        assert_eq!(targets["/links/absolute"], "/usr/share");
        assert_eq!(targets["/links/long"], "component/".repeat(90).trim_end_matches('/'));
    }
}

#[test]
fn special_files_have_their_types() {
    for disc in discs() {
        let files: BTreeMap<String, u8> = Volume::new(disc)
            .files()
            .iter()
            .map(|(path, entry)| (path.clone(), entry.file_type()))
            .collect();
        let types = ["disk", "null", "pipe"].map(|name| files[&format!("/special/{name}")]);
        assert_eq!(types, [6, 7, 9], "block device, character device, FIFO");
    }
}

#[test]
fn space_bitmaps_have_a_bit_for_each_block() {
    for disc in discs() {
        let volume = Volume::new(disc);
        let partition = &by_identifier(disc)[&5];
        // The third pair of the header is the table of free blocks as a bitmap; the others are not used.
        let (len, block) = (le32(partition, 64), le32(partition, 68));
        let rewritable = matches!(
            form(disc).partition,
            UdfPartition::Overwritable | UdfPartition::Sparable { .. }
        );
        assert_eq!(len > 0, rewritable, "{:?}", form(disc));
        for at in [56, 72, 80, 88] {
            assert_eq!(le32(partition, at), 0);
        }
        if rewritable {
            let bytes = disc.bytes(volume.start + block, len);
            assert_eq!(tag(&bytes, block, revision(disc)), 264);
            let bits = le32(&bytes, 16);
            assert_eq!(bits, volume.blocks);
            assert_eq!(le32(&bytes, 20), bits.div_ceil(8));
            assert!(len >= 24 + bits.div_ceil(8));
        }
    }
}

#[test]
fn forms_before_their_revision_are_refused() {
    let old =
        |partition| UdfOptions { revision: UdfRevision::V1_02, partition, ..UdfOptions::default() };
    for partition in [UdfPartition::Virtual, UdfPartition::Sparable { packet_blocks: 32 }] {
        let refused = image_core::plan(Tree::new(), &with(old(partition), false));
        assert!(refused.is_err_and(|error| error.to_string().contains("UDF")));
    }
}
