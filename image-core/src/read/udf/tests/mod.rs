//! Volumes of every form, whole and damaged.

mod maker;

use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;
use zerocopy::{FromZeros as _, IntoBytes as _};

use self::maker::{Kind, METADATA_ENTRIES, Maker, SEQUENCES, SPARING, START, long_ad, sealed};
use super::PartitionForm;
use crate::read::{Entry, EntryKind, FileSystem, Image, ReadError, SliceSource, View, open};
use crate::tree::Special;
use crate::wire::udf::{IcbTag, IndirectEntry, LbAddr, ad_type, file_type, tag_id};

/// A directory entry that hides nothing.
const SHOWN: u8 = 0;
const HIDDEN: u8 = 1;
const DIRECTORY: u8 = 2;
const DELETED: u8 = 4;

/// The volume that all forms record, and the content of its largest file.
fn volume(kind: Kind, block: usize) -> (Maker, Vec<u8>) {
    let mut maker = Maker::new(kind, block);
    let root = maker.node();
    let (scattered, content) = maker.scattered();
    let small = maker.embedded(file_type::REGULAR, &[b's'; 100]);
    let inner = maker.identifier("inner", SHOWN, small);
    let sub = maker.embedded(file_type::DIRECTORY, &inner);
    let target = b"\x03\0\0\0\x05\x06\0\0\x08small";
    let link = maker.embedded(file_type::SYMLINK, target);
    let music = maker.embedded(file_type::REAL_TIME, b"la");
    let device = maker.device();
    let streamed = maker.streamed();
    let icon = maker.identifier("icon", SHOWN, small);
    let system = maker.embedded(file_type::STREAM_DIRECTORY, &icon);
    let mut identifiers = [
        maker.identifier("", DIRECTORY | 8, root),
        maker.identifier("scattered", SHOWN, scattered),
        maker.identifier("small", HIDDEN, small),
        maker.identifier("gone", DELETED, scattered),
        maker.identifier("sub", DIRECTORY, sub),
        maker.identifier("link", SHOWN, link),
        maker.identifier("m\u{fc}sik \u{65e5}", SHOWN, music),
        maker.identifier("device", SHOWN, device),
        maker.identifier("streamed", SHOWN, streamed),
    ]
    .concat();
    for number in 0..30 {
        let name = std::format!("one more name of the same file {number}");
        identifiers.extend(maker.identifier(&name, SHOWN, small));
    }
    maker.directory(root, &identifiers);
    let system = long_ad(maker.size(), 0, system);
    maker.finish(root, system);
    (maker, content)
}

type Opened<'i> = Image<SliceSource<'i>>;

fn find(image: &mut Opened<'_>, path: &str) -> Entry {
    image.view(FileSystem::Udf).unwrap().find(path).unwrap().unwrap()
}

fn content(image: &mut Opened<'_>, entry: &Entry) -> Vec<u8> {
    let mut bytes = vec![0xa5; usize::try_from(entry.len).unwrap() + 1];
    let read = image.view(FileSystem::Udf).unwrap().read(entry, 0, &mut bytes).unwrap();
    bytes.truncate(read);
    bytes
}

fn content_at(image: &[u8], path: &str) -> Vec<u8> {
    let mut image = open(SliceSource::new(image)).unwrap();
    let entry = find(&mut image, path);
    content(&mut image, &entry)
}

/// Holds an image against what [`volume`] put in it.
fn check(image: &[u8], expected: &[u8]) {
    let mut image = open(SliceSource::new(image)).unwrap();
    let mut view = image.view(FileSystem::Udf).unwrap();
    let root = view.root();
    let all = view.list(&root).unwrap();
    assert_eq!(all.len(), 37, "{all:?}");
    let entry = |path: &str| all.iter().find(|entry| entry.path == path).unwrap();
    let inner = &view.list(entry("sub")).unwrap()[0];
    check_attributes(&entry, inner);
    check_beside(&mut view, &entry);
    assert!(content(&mut image, entry("scattered")) == expected);
    assert_eq!(content(&mut image, entry("small")), [b's'; 100]);
    assert_eq!(content(&mut image, inner), [b's'; 100]);
}

fn check_attributes<'e>(entry: &impl Fn(&str) -> &'e Entry, inner: &Entry) {
    assert_eq!(inner.path, "sub/inner");
    assert_eq!(inner.inode, entry("small").inode);
    assert_ne!(entry("scattered").inode, entry("small").inode);
    assert!(entry("small").hidden && !inner.hidden);
    assert_eq!(entry("link").target.as_deref(), Some("../small"));
    assert!(entry("m\u{fc}sik \u{65e5}").real_time && !entry("link").real_time);
    let device = entry("device");
    assert_eq!(device.special, Some(Special::BlockDevice { major: 8, minor: 17 }));
    assert_eq!((device.uid, device.gid, device.links), (Some(7), None, Some(1)));
}

/// Holds what stands beside the files against what [`volume`] put there.
fn check_beside<'e>(view: &mut View<'_, SliceSource<'_>>, entry: &impl Fn(&str) -> &'e Entry) {
    let attributes = view.extended_attributes(entry("device")).unwrap();
    assert_eq!(attributes.len(), 2);
    assert_eq!(attributes[1].identifier.as_deref(), Some("*Somebody"));
    assert_eq!(attributes[1].value, b"mine");
    let [colour] = &view.streams(entry("streamed")).unwrap()[..] else { panic!("one stream") };
    let mut bytes = [0; 16];
    assert_eq!(view.read(colour, 0, &mut bytes), Ok(6));
    assert_eq!((colour.path.as_str(), &bytes[..6]), ("colour", &b"beside"[..]));
    let system = view.system_streams().unwrap();
    assert_eq!(system.iter().map(|e| e.path.as_str()).collect::<Vec<_>>(), ["icon"]);
}

#[test]
fn every_form_is_read_with_blocks_of_every_size() {
    for kind in Kind::ALL {
        for block in [512, 1024, 2048, 4096, 8192] {
            let (maker, content) = volume(kind, block);
            check(&maker.image, &content);
        }
    }
}

#[test]
fn the_volume_says_what_it_is() {
    for kind in Kind::ALL {
        let (maker, _) = volume(kind, 2048);
        let info = open(SliceSource::new(&maker.image)).unwrap().info(FileSystem::Udf).unwrap();
        let udf = info.udf.unwrap();
        let forms: Vec<PartitionForm> = udf.partitions.iter().map(|part| part.form).collect();
        let (expected, name, files): (&[PartitionForm], _, _) = match kind {
            Kind::Plain => (&[PartitionForm::Plain], "by hand", 8),
            Kind::Sparable => (&[PartitionForm::Sparable], "by hand", 8),
            Kind::OldVirtual => (&[PartitionForm::Plain, PartitionForm::Virtual], "by hand", 8),
            Kind::Virtual => (&[PartitionForm::Plain, PartitionForm::Virtual], "renamed", 77),
            Kind::Metadata => (&[PartitionForm::Plain, PartitionForm::Metadata], "by hand", 8),
        };
        assert_eq!(forms, expected);
        assert_eq!(info.volume_id, name);
        assert_eq!((udf.revision, udf.block_size), (0x0250, 2048));
        assert_eq!(udf.partitions[0].start, START);
        let integrity = udf.integrity.unwrap();
        assert!(integrity.closed);
        assert_eq!((integrity.files, integrity.directories), (Some(files), Some(2)));
    }
}

#[test]
fn short_and_extended_descriptors_are_followed() {
    for kind in [Kind::Plain, Kind::Sparable] {
        for ads in [ad_type::SHORT, ad_type::EXTENDED] {
            let mut maker = Maker::new(kind, 2048);
            maker.ads = ads;
            let root = maker.node();
            let (scattered, expected) = maker.scattered();
            let identifiers = maker.identifier("file", SHOWN, scattered);
            maker.directory(root, &identifiers);
            maker.finish(root, long_ad(0, 0, root));
            assert!(content_at(&maker.image, "file") == expected, "{kind:?} {ads}");
        }
    }
}

#[test]
fn damage_to_what_is_recorded_twice_does_no_harm() {
    for kind in Kind::ALL {
        let (whole, content) = volume(kind, 2048);
        let descriptors = SEQUENCES.iter().flat_map(|first| *first..first + 3);
        // A volume that ends in a virtual allocation table has one anchor.
        let has_two_anchors = !matches!(kind, Kind::OldVirtual | Kind::Virtual);
        for sector in descriptors.chain(has_two_anchors.then_some(256)) {
            let mut maker = whole.clone();
            maker.put(sector, &[0xff; 2048]);
            check(&maker.image, &content);
        }
    }
    // What one sequence lacks, the other has.
    let (mut maker, content) = volume(Kind::Plain, 2048);
    maker.put(SEQUENCES[0], &[0; 2048]);
    maker.put(SEQUENCES[0] + 1, &[0; 2048]);
    maker.put(SEQUENCES[1] + 2, &[0; 2048]);
    check(&maker.image, &content);
}

#[test]
fn a_damaged_sparing_table_is_replaced_by_the_other() {
    let (mut maker, _) = volume(Kind::Sparable, 2048);
    // The newer one gone, the older has only the first packet: the structures are there, the content is not.
    maker.put(SPARING[1], &[0xff; 16]);
    assert_eq!(content_at(&maker.image, "small"), [b's'; 100]);
    let (mut maker, content) = volume(Kind::Sparable, 2048);
    maker.put(SPARING[0], &[0xff; 16]);
    check(&maker.image, &content);
    maker.put(SPARING[1], &[0xff; 16]);
    let problem = open(SliceSource::new(&maker.image)).unwrap().problem(FileSystem::Udf);
    let expected = "an intact sparing table (UDF 2.2.12)";
    assert_eq!(problem, Some(ReadError::Malformed { lba: SPARING[1], offset: 0, expected }));
}

#[test]
fn the_metadata_mirror_stands_in_for_every_block() {
    let (whole, content) = volume(Kind::Metadata, 2048);
    for block in 0..48 {
        let mut maker = whole.clone();
        let node = LbAddr { block: block.into(), partition: 1.into() };
        let [main, mirror] = whole.sectors(node)[..] else { panic!("two places") };
        maker.put(main, &[0xee; 2048]);
        // What stands in a file entry is read from where the entry was found.
        check(&maker.image, &content);
        maker.put(mirror, &[0xee; 2048]);
        let used = whole.image[main as usize * 2048..][..2048].iter().any(|byte| *byte != 0);
        assert_eq!(exhaust(&maker.image).1 > 0, used, "block {block}");
    }
    for entry in METADATA_ENTRIES {
        let mut maker = whole.clone();
        maker.put(START + entry, &[0xee; 2048]);
        check(&maker.image, &content);
    }
}

#[test]
fn an_earlier_virtual_table_is_better_than_none() {
    let (mut maker, content) = volume(Kind::Virtual, 2048);
    let start = maker.image.len() - 3 * 2048;
    let table = maker.image[start..][..2048].to_vec();
    let last = u32::try_from(start / 2048).unwrap();
    let earlier = last - 5;
    let again = sealed(table, tag_id::EXTENDED_FILE_ENTRY, earlier - START);
    maker.put(earlier, &again);
    maker.put(last, &[0xee; 100]);
    check(&maker.image, &content);
    maker.put(earlier, &[0; 2048]);
    let problem = open(SliceSource::new(&maker.image)).unwrap().problem(FileSystem::Udf).unwrap();
    assert!(std::format!("{problem}").contains("UDF 2.2.11"), "{problem}");
}

/// An ICB of strategy 4096: a direct entry, and the indirect entry behind it.
fn versions(maker: &mut Maker, contents: &[&[u8]], last: Option<LbAddr>) -> LbAddr {
    let nodes: Vec<LbAddr> = contents.iter().flat_map(|_| [maker.node(), maker.node()]).collect();
    let free = maker.node();
    for (index, content) in contents.iter().enumerate() {
        let (node, behind) = (nodes[2 * index], nodes[2 * index + 1]);
        let mut entry =
            maker.entry(file_type::REGULAR, content.len() as u64, ad_type::EMBEDDED, content);
        entry[16 + 4..16 + 6].copy_from_slice(&4096u16.to_le_bytes());
        maker.record_entry(node, entry);
        let next = nodes.get(2 * index + 2).copied().unwrap_or_else(|| last.unwrap_or(free));
        let indirect = IndirectEntry {
            icb: long_ad(2048, 0, next),
            icb_tag: IcbTag { strategy_type: 4096.into(), ..IcbTag::new_zeroed() },
            ..IndirectEntry::new_zeroed()
        };
        maker.record(behind, tag_id::INDIRECT_ENTRY, indirect.as_bytes().to_vec());
    }
    nodes[0]
}

#[test]
fn the_last_version_of_a_write_once_file_prevails() {
    let mut maker = Maker::new(Kind::Plain, 2048);
    let root = maker.node();
    let file = versions(&mut maker, &[b"first", b"second", b"third"], None);
    let looped = maker.node();
    let endless = versions(&mut maker, &[b"again"], Some(looped));
    let indirect = IndirectEntry { icb: long_ad(2048, 0, endless), ..IndirectEntry::new_zeroed() };
    maker.record(looped, tag_id::INDIRECT_ENTRY, indirect.as_bytes().to_vec());
    let identifiers = maker.identifier("file", SHOWN, file);
    maker.directory(root, &identifiers);
    let other = maker.node();
    let identifiers = maker.identifier("endless", SHOWN, endless);
    maker.directory(other, &identifiers);
    maker.finish(root, long_ad(2048, 0, other));
    assert_eq!(content_at(&maker.image, "file"), b"third");
    let mut image = open(SliceSource::new(&maker.image)).unwrap();
    let mut view = image.view(FileSystem::Udf).unwrap();
    // The root of a volume is a directory; the loop is met as a system stream.
    let problem = view.system_streams().unwrap_err();
    assert!(std::format!("{problem}").contains("4/14"), "{problem}");
}

#[test]
fn a_loop_of_allocation_extents_is_noticed() {
    let mut maker = Maker::new(Kind::Plain, 2048);
    let (root, file, further) = (maker.node(), maker.node(), maker.node());
    let ad = maker.ad(2048, 3, further);
    let mut extent = vec![0; 24];
    extent[20] = 16;
    extent.extend(&ad);
    maker.record(further, tag_id::ALLOCATION_EXTENT, extent);
    let entry = maker.entry(file_type::REGULAR, 1 << 50, ad_type::LONG, &ad);
    maker.record_entry(file, entry);
    let identifiers = maker.identifier("file", SHOWN, file);
    maker.directory(root, &identifiers);
    maker.finish(root, long_ad(0, 0, root));
    let problem =
        open(SliceSource::new(&maker.image)).unwrap().view(FileSystem::Udf).unwrap().find("file");
    let expected = "allocation extents that end (ECMA-167 4/14.5)";
    let lba = START + further.block.get();
    assert_eq!(problem, Err(ReadError::Malformed { lba, offset: 0, expected }));
}

/// Goes through all there is, as far as it goes: how many entries, and how many of them in error.
fn exhaust(image: &[u8]) -> (usize, usize) {
    let Ok(mut image) = open(SliceSource::new(image)) else { return (0, 1) };
    let Ok(mut view) = image.view(FileSystem::Udf) else { return (0, 1) };
    let (mut seen, mut wrong) = (0, usize::from(view.system_streams().is_err()));
    let mut walk = view.walk();
    let mut content = [0; 64];
    while let Some(entry) = walk.next() {
        seen += 1;
        let Ok(entry) = entry else {
            wrong += 1;
            continue;
        };
        let view = walk.view();
        wrong += usize::from(view.streams(&entry).is_err());
        wrong += usize::from(view.extended_attributes(&entry).is_err());
        if entry.kind == EntryKind::File {
            let start = entry.len.saturating_sub(64);
            wrong += usize::from(view.read(&entry, start, &mut content).is_err());
        }
    }
    (seen, wrong)
}

/// Makes the tags around a damaged byte right again, so that what is behind them is looked at.
fn reseal(image: &mut [u8], at: usize) {
    let block = at / 2048 * 2048;
    let bytes = &image[block..block + 2048];
    let word = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let (identifier, length) = (word(0), usize::from(word(10)));
    let location = u32::from_le_bytes([bytes[12], bytes[13], bytes[14], bytes[15]]);
    if length > 0 && length <= 2032 && (1..=266).contains(&identifier) {
        let whole = sealed(bytes[..16 + length].to_vec(), identifier, location);
        image[block..block + whole.len()].copy_from_slice(&whole);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn damage_never_panics_and_always_ends(
        kind in prop::sample::select(&Kind::ALL[..]),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 1..24),
        kept in any::<Option<prop::sample::Index>>(),
    ) {
        let (maker, _) = volume(kind, 2048);
        let mut image = maker.image;
        let used: Vec<usize> = (0..image.len()).filter(|at| image[*at] != 0).collect();
        for (at, value, is_resealed) in damage {
            let at = *at.get(&used);
            image[at] = value;
            if is_resealed {
                reseal(&mut image, at);
            }
        }
        if let Some(kept) = kept {
            image.truncate(kept.index(image.len()));
        }
        let (seen, _) = exhaust(&image);
        prop_assert!(seen < 1000);
    }
}
