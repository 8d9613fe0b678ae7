//! Clauses of OSTA UDF 1.02 to 2.60, numbered as in 2.60 where they are in it, on top of ECMA-167.

use std::collections::{BTreeMap, BTreeSet};

use image_core::{UdfMetadata, UdfPartition};

use crate::disc::Disc;
use crate::ecma::{Volume, anchor, discs, dstring, form, le64, revision, sequence, tag};
use crate::iso::{le16, le32};

fn descriptor(disc: &Disc, identifier: u16) -> Vec<u8> {
    let main = sequence(disc, &anchor(disc), 16);
    main.into_iter().find(|block| le16(block, 0) == identifier).unwrap()
}

fn integrity(disc: &Disc) -> Vec<u8> {
    disc.block(le32(&descriptor(disc, 6), 436))
}

/// The implementation use of the integrity descriptor.
fn integrity_use(disc: &Disc) -> Vec<u8> {
    let block = integrity(disc);
    let partitions = le32(&block, 72) as usize;
    assert!(le32(&block, 76) >= 46);
    block[80 + 8 * partitions..].to_vec()
}

fn map_of(disc: &Disc, identifier: &[u8]) -> Option<Vec<u8>> {
    let maps = Volume::new(disc).partition_maps();
    maps.into_iter().find(|map| map[0] == 2 && map[5..].starts_with(identifier))
}

#[test]
fn character_sets_are_osta_unicode() {
    for disc in discs() {
        let set = Volume::new(disc).file_set();
        let mut expected = [0; 64];
        expected[1..24].copy_from_slice(b"OSTA Compressed Unicode");
        let (primary, logical) = (descriptor(disc, 1), descriptor(disc, 6));
        let fields = [
            &primary[200..264],
            &primary[264..328],
            &logical[20..84],
            &set[48..112],
            &set[240..304],
        ];
        for field in fields {
            assert_eq!(field, expected);
        }
    }
}

#[test]
fn entity_identifiers_have_the_suffix_of_their_kind() {
    for disc in discs() {
        let set = Volume::new(disc).file_set();
        let logical = descriptor(disc, 6);
        for domain in [&logical[216..248], &set[416..448]] {
            assert_eq!(domain[0], 0, "flags");
            assert!(domain[1..].starts_with(b"*OSTA UDF Compliant\0"));
            assert_eq!(le16(domain, 24), revision(disc));
            assert!(domain[27..].iter().all(|byte| *byte == 0));
        }
        let info = descriptor(disc, 4);
        assert!(info[21..].starts_with(b"*UDF LV Info\0"));
        assert_eq!(le16(&info[20..], 24), revision(disc));
        for implementation in [&descriptor(disc, 1)[388..420], &logical[272..304], &info[352..384]]
        {
            assert!(implementation[1..].starts_with(b"*discwright\0"));
        }
    }
}

#[test]
fn volume_set_identifiers_begin_with_something_unique() {
    for disc in discs() {
        let set = dstring(&descriptor(disc, 1)[72..200]);
        let unique = set.get(..16).unwrap();
        assert!(unique.chars().all(|c| c.is_ascii_hexdigit()), "{set}");
    }
    let of = |name: &str| {
        let mut options = crate::disc::options();
        options.volume_id = name.to_owned();
        dstring(&descriptor(&Disc::new(crate::disc::tree(), &options), 1)[72..200])
    };
    assert_ne!(of("a")[..16], of("b")[..16]);
}

#[test]
fn sequences_have_sixteen_blocks() {
    for disc in discs() {
        let anchor = anchor(disc);
        assert_eq!((le32(&anchor, 16), le32(&anchor, 24)), (16 * 2048, 16 * 2048));
        assert!(le32(&descriptor(disc, 6), 432) >= 8192, "integrity sequence");
    }
}

#[test]
fn sequences_are_far_apart() {
    for disc in discs().filter(|disc| form(disc).partition != UdfPartition::Virtual) {
        let anchor = anchor(disc);
        assert!(le32(&anchor, 28) - le32(&anchor, 20) > disc.blocks() / 2);
    }
}

#[test]
fn implementation_use_descriptor_names_the_volume() {
    for disc in discs() {
        let info = descriptor(disc, 4);
        assert_eq!(dstring(&info[116..244]), "Conform 1");
        for at in [244, 280, 316] {
            assert_eq!(dstring(&info[at..at + 36]), "", "no information to give");
        }
    }
}

#[test]
fn integrity_counts_files_and_directories() {
    for disc in discs() {
        let volume = Volume::new(disc);
        let counted = integrity_use(disc);
        // Every name of a file counts, and the root counts.
        let (mut files, mut directories) = (0, 0);
        for (_, entry) in volume.files() {
            *(if entry.file_type() == 4 { &mut directories } else { &mut files }) += 1;
        }
        assert_eq!((le32(&counted, 32), le32(&counted, 36)), (files, directories));
    }
}

#[test]
fn integrity_states_the_revisions() {
    for disc in discs() {
        let counted = integrity_use(disc);
        let [read, write, most] = [40, 42, 44].map(|at| le16(&counted, at));
        assert!(
            read <= write && write <= most && most == revision(disc),
            "{read:x} {write:x} {most:x}"
        );
    }
}

#[test]
fn integrity_sizes_are_those_of_the_partitions() {
    for disc in discs() {
        let (block, volume) = (integrity(disc), Volume::new(disc));
        let partitions = le32(&block, 72) as usize;
        let size = |index: usize| le32(&block, 80 + 4 * (partitions + index));
        let free = |index: usize| le32(&block, 80 + 4 * index);
        assert_eq!(size(0), volume.blocks);
        let partition = descriptor(disc, 5);
        let (len, at) = (le32(&partition, 64), le32(&partition, 68));
        let unused: u32 = match len {
            // The drive alone knows what is free on a disc it makes look rewritable.
            0 if form(disc).partition == UdfPartition::PseudoOverwritable => u32::MAX,
            0 => 0,
            _ => {
                disc.bytes(volume.start + at, len)[24..].iter().map(|byte| byte.count_ones()).sum()
            }
        };
        assert_eq!(free(0), unused, "{:?}", form(disc));
        if form(disc).partition == UdfPartition::Virtual {
            assert_eq!((size(1), free(1)), (u32::MAX, u32::MAX), "a virtual partition has no size");
        }
    }
}

#[test]
fn unique_ids_are_unique() {
    for disc in discs() {
        let volume = Volume::new(disc);
        let mut ids: BTreeMap<u64, u32> = BTreeMap::new();
        for (path, entry) in volume.files() {
            let id = entry.unique_id();
            let before = ids.insert(id, entry.block);
            assert!(
                before.is_none_or(|block| block == entry.block),
                "{path} has the id {id} of another"
            );
            assert_eq!(id == 0, path.is_empty(), "only the root has 0");
            assert!(id == 0 || id >= 16);
        }
        let next = le64(&integrity(disc), 40);
        assert!(ids.keys().all(|id| *id < next), "the next one is free");
    }
}

#[test]
fn identifiers_repeat_the_unique_id() {
    for disc in discs() {
        let volume = Volume::new(disc);
        let (mut seen, mut own, mut entries) = (BTreeSet::new(), 0, BTreeSet::new());
        for (_, entry) in volume.files().iter().filter(|(_, entry)| entry.file_type() == 4) {
            for fid in volume.identifiers(entry) {
                let id = u64::from(fid.unique_id());
                let target = volume.entry(fid.partition(), fid.block());
                if fid.characteristics() & 8 != 0 {
                    assert_eq!(id, target.unique_id());
                    continue;
                }
                assert!(seen.insert(id), "{} has the id of another", fid.name());
                own += usize::from(id == target.unique_id());
                entries.insert(target.unique_id());
            }
        }
        assert_eq!(own, entries.len(), "one name of each file has the id of its entry");
    }
}

#[test]
fn file_entries_record_no_more_than_udf_has() {
    for disc in discs() {
        for (path, entry) in Volume::new(disc).files() {
            let flags = le16(&entry.bytes, 34);
            assert_eq!(
                flags & 0b1111_1000_0000_1000,
                0,
                "{path}: unsorted, not contiguous, {flags:b}"
            );
            assert!(entry.bytes[28..34].iter().all(|byte| *byte == 0), "no parent ICB");
            let at = entry.at(128, 168);
            assert!(entry.bytes[at + 1..].starts_with(b"*discwright\0"), "{path}");
        }
    }
}

#[test]
fn names_are_compressed_unicode() {
    for disc in discs() {
        let volume = Volume::new(disc);
        let files = volume.files();
        let paths: BTreeSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        for name in [
            "/read me.txt",
            "/names/caf\u{e9}",
            "/names/\u{65e5}\u{672c}\u{8a9e}.txt",
            "/names/a;b*c?d:e",
        ] {
            assert!(paths.contains(name), "{name}");
        }
        for (_, entry) in files.iter().filter(|(_, entry)| entry.file_type() == 4) {
            for fid in volume.identifiers(entry).iter().skip(1) {
                let narrow = fid.name().chars().all(|c| u32::from(c) < 0x100);
                assert_eq!(fid.identifier()[0], if narrow { 8 } else { 16 });
            }
        }
    }
}

#[test]
fn virtual_allocation_tables_end_the_volume() {
    for disc in discs().filter(|disc| form(disc).partition == UdfPartition::Virtual) {
        let map = map_of(disc, b"*UDF Virtual Partition\0").expect("a virtual map");
        assert_eq!(le16(&map[4..], 24), revision(disc));
        let volume = Volume::new(disc);
        let last = disc.block(disc.blocks() - 1);
        tag(&last, disc.blocks() - 1 - volume.start, revision(disc));
        assert_eq!(last[27], if revision(disc) >= 0x0200 { 248 } else { 0 }, "type of the entry");
        let entry = volume.entry(0, disc.blocks() - 1 - volume.start);
        let table = volume.content(&entry);
        if revision(disc) >= 0x0200 {
            assert_eq!(le16(&table, 0), 152, "header");
            assert_eq!(dstring(&table[4..132]), "Conform 1");
            assert_eq!(le32(&table, 132), u32::MAX, "no previous table");
            assert_eq!(le32(&table, 136), le32(&integrity_use(disc), 32), "files");
        } else {
            let tail = &table[table.len() - 36..];
            assert!(tail[1..].starts_with(b"*UDF Virtual Alloc Tbl\0"));
            assert_eq!(le32(tail, 32), u32::MAX, "no previous table");
        }
    }
}

#[test]
fn sparing_tables_are_recorded_twice() {
    for disc in discs() {
        let UdfPartition::Sparable { packet_blocks } = form(disc).partition else { continue };
        let map = map_of(disc, b"*UDF Sparable Partition").expect("a sparable map");
        assert_eq!((le16(&map, 40), map[42]), (packet_blocks, 2), "packet length, tables");
        let (first, second) = (le32(&map, 48), le32(&map, 52));
        assert_ne!(first, second);
        for lba in [first, second] {
            let table = disc.block(lba);
            assert_eq!(tag(&table, lba, revision(disc)), 0);
            assert!(table[17..].starts_with(b"*UDF Sparing Table\0"));
            assert!(lba.is_multiple_of(packet_blocks.into()), "a packet of its own");
            for entry in table[56..56 + 8 * usize::from(le16(&table, 48))].chunks(8) {
                assert_eq!(le32(entry, 0), u32::MAX, "available");
                assert!(le32(entry, 4).is_multiple_of(packet_blocks.into()));
            }
        }
        let volume = Volume::new(disc);
        assert!(volume.start.is_multiple_of(packet_blocks.into()));
        assert!(volume.blocks.is_multiple_of(packet_blocks.into()));
    }
}

#[test]
fn metadata_files_are_recorded_as_their_map_says() {
    for disc in discs().filter(|disc| form(disc).metadata != UdfMetadata::Mixed) {
        let map = map_of(disc, b"*UDF Metadata Partition").expect("a metadata map");
        let volume = Volume::new(disc);
        let [main, mirror, bitmap, unit] = [40, 44, 48, 52].map(|at| le32(&map, at));
        let alignment = u32::from(le16(&map, 56));
        assert!(unit >= 32 && unit.is_multiple_of(32), "allocation unit");
        let duplicated = form(disc).metadata == UdfMetadata::Duplicated;
        assert_eq!(map[58] & 1 != 0, duplicated);
        let entries = [(main, 250), (mirror, 251)].map(|(block, kind)| {
            let entry = volume.entry(0, block);
            assert_eq!(entry.file_type(), kind);
            assert_eq!(entry.ad_type(), 0, "short descriptors");
            entry
        });
        let [own, copy] = entries.map(|entry| volume.extents(&entry));
        assert_eq!(own == copy, !duplicated);
        for (_, block, len) in own.iter().chain(&copy) {
            assert!((volume.start + block).is_multiple_of(alignment));
            assert!(len.is_multiple_of(u64::from(unit) * 2048));
        }
        if duplicated {
            let bytes = |extents: &[(u16, u32, u64)]| -> Vec<u8> {
                let read = |(_, block, len): &(u16, u32, u64)| {
                    disc.bytes(volume.start + block, *len as u32)
                };
                extents.iter().flat_map(read).collect()
            };
            assert!(bytes(&own) == bytes(&copy), "the mirror is a mirror");
        }
        if bitmap != u32::MAX {
            assert_eq!(volume.entry(0, bitmap).file_type(), 252);
        }
    }
}

#[test]
fn revisions_from_2_50_on_begin_partitions_on_an_ecc_block() {
    for disc in discs().filter(|disc| revision(disc) >= 0x0250) {
        assert!(Volume::new(disc).start.is_multiple_of(32));
    }
}

#[test]
fn files_in_another_partition_have_long_descriptors() {
    for disc in discs() {
        let volume = Volume::new(disc);
        let separate = volume.partition_maps().len() == 2;
        let readme = volume.files().into_iter().find(|(path, _)| path == "/read me.txt").unwrap().1;
        assert_eq!(readme.ad_type(), u16::from(separate), "{:?}", form(disc));
        assert_eq!(readme.partition, u16::from(separate));
        assert!(volume.extents(&readme).iter().all(|(partition, ..)| *partition == 0));
    }
}
