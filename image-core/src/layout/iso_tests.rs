use alloc::string::String;
use alloc::vec::Vec;

use super::presence_tests::{entries, paths, render};
use crate::read::{EntryKind, FileSystem, SliceSource, open};
use crate::{
    Attributes, BLOCK_SIZE, DeepDirectories, Details, DiscTime, EnhancedTree, FileSystems,
    Iso9660Options, IsoLevel, IsoNameRules, JolietLength, JolietOptions, Options, RockRidgeOptions,
    RockRidgeVersion, SourceId, Tree, VolumeDates, VolumeIdentifiers,
};

const LONG: &str = "A long Name with dots. and; others - \u{8a9e}\u{8a9e}";

fn tree(paths: &[&str]) -> Tree {
    let mut tree = Tree::new();
    for path in paths {
        tree.add_file(path, SourceId(1), 5, Attributes::default()).unwrap();
    }
    tree
}

fn options(iso9660: Iso9660Options) -> Options {
    let file_systems = FileSystems { udf: false, ..FileSystems::default() };
    Options { file_systems, iso9660, ..Options::default() }
}

fn image(tree: &Tree, options: &Options) -> Vec<u8> {
    render(&crate::plan(tree.clone(), options).unwrap())
}

/// The first volume descriptor of this type and version.
fn descriptor(image: &[u8], descriptor_type: u8, version: u8) -> &[u8] {
    let mut blocks = image.chunks(BLOCK_SIZE).skip(16).take(8);
    let is_it = |block: &&[u8]| block[0] == descriptor_type && block[6] == version;
    blocks.find(is_it).expect("a descriptor")
}

#[test]
fn level_four_has_a_hierarchy_of_long_names() {
    let long = ["x".repeat(207).as_str(), "y.txt"].join("/");
    let tree = tree(&[LONG, &long, "1/2/3/4/5/6/7/8/9/10/a;1"]);
    let iso9660 = Iso9660Options { level: IsoLevel::Four, ..Iso9660Options::default() };
    let image = image(&tree, &options(iso9660));
    let found: Vec<String> =
        entries(&image, FileSystem::Enhanced).into_iter().map(|entry| entry.path).collect();
    for path in [LONG, &long, "1/2/3/4/5/6/7/8/9/10/a;1"] {
        assert!(found.iter().any(|found| found == path), "{path}: {found:?}");
    }
    let enhanced = descriptor(&image, 2, 2);
    assert_eq!((enhanced[881], &enhanced[88..120]), (2, &[0; 32][..]));
    assert_ne!(enhanced[156..190], descriptor(&image, 1, 1)[156..190], "two hierarchies");
    let plain = paths(&image, FileSystem::Iso9660);
    assert!(plain.iter().any(|path| path.starts_with("a_long_name")), "{plain:?}");
}

/// Extent, length and flags of every section of a file of this length.
fn sections(len: u64, level: IsoLevel) -> Vec<(u32, u32, u8)> {
    let mut tree = Tree::new();
    let file = tree.add_file("a", SourceId(0), len, Attributes::default()).unwrap();
    let file_systems = FileSystems { iso9660: true, joliet: false, rock_ridge: false, udf: false };
    let iso9660 = Iso9660Options { level, ..Iso9660Options::default() };
    let plan = crate::plan(tree, &Options { file_systems, iso9660, ..Options::default() }).unwrap();
    let mut root = [0; BLOCK_SIZE];
    plan.render(plan.layout.primary.as_ref().unwrap().extent_of(0).start, &mut root);
    let start = plan.extent(file).unwrap().0.0;
    let mut rest = &root[..];
    let mut found = Vec::new();
    while rest[0] > 0 {
        let number = |at: usize| u32::from_le_bytes(*rest[at..].first_chunk().unwrap());
        found.push((number(2).wrapping_sub(start), number(10), rest[25]));
        rest = &rest[usize::from(rest[0])..];
    }
    found.split_off(2)
}

#[test]
fn a_file_has_one_section_as_long_as_one_holds_it() {
    let most = u32::MAX;
    for level in [IsoLevel::One, IsoLevel::Two, IsoLevel::Three] {
        for len in [most - 2047, most - 2046, most] {
            assert_eq!(sections(len.into(), level), [(0, len, 0)]);
        }
    }
    let level = IsoLevel::Three;
    let (whole, blocks) = (most - 2047, (most - 2047) / 2048);
    assert_eq!(sections(1 << 32, level), [(0, whole, 0x80), (blocks, 2048, 0)]);
    let len = u64::from(whole) + u64::from(most);
    assert_eq!(sections(len, level), [(0, whole, 0x80), (blocks, most, 0)]);
    let last = (2 * blocks, 2048, 0);
    assert_eq!(sections(len + 1, level), [(0, whole, 0x80), (blocks, whole, 0x80), last]);
}

#[test]
fn a_shared_hierarchy_leaves_room_for_what_stands_behind_a_name() {
    let name = "n".repeat(250);
    for (xa, rock_ridge, len) in
        [(false, false, 207), (false, true, 193), (true, true, 179), (true, false, 207)]
    {
        let iso9660 = Iso9660Options {
            level: IsoLevel::Four,
            enhanced: EnhancedTree::Shared,
            xa,
            ..Iso9660Options::default()
        };
        let mut options = options(iso9660);
        options.file_systems.rock_ridge = rock_ridge;
        let image = image(&tree(&[&name]), &options);
        let shown = entries(&image, FileSystem::Enhanced);
        assert_eq!(shown[0].path.len(), len, "{xa} {rock_ridge}");
        assert_eq!(shown, entries(&image, FileSystem::Iso9660));
        assert_eq!(descriptor(&image, 2, 2)[156..190], descriptor(&image, 1, 1)[156..190]);
        if rock_ridge {
            assert_eq!(entries(&image, FileSystem::RockRidge)[0].path, name);
        }
    }
}

#[test]
fn relocated_directories_are_read_where_they_belong() {
    let deep = ["1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/deep", "1/2/3/4/5/6/7/8/x/y"];
    let tree = tree(&[deep[0], deep[1], "1/2/3/4/5/6/z/8/9/file", "a", "S"]);
    let iso9660 =
        Iso9660Options { deep_directories: DeepDirectories::Relocate, ..Iso9660Options::default() };
    let mut options = options(iso9660);
    options.file_systems.udf = true;
    let image = image(&tree, &options);
    let mut rock_ridge = paths(&image, FileSystem::RockRidge);
    let plain = paths(&image, FileSystem::Iso9660);
    for path in &plain {
        assert!(path.split('/').count() <= 8, "{path}");
    }
    assert!(plain.iter().any(|path| path == "rr_moved/8000/9/10/11/12/13"), "{plain:?}");
    let home = rock_ridge.iter().position(|path| path == "rr_moved").unwrap();
    rock_ridge.remove(home);
    assert_eq!(rock_ridge, paths(&image, FileSystem::Joliet));
    assert_eq!(rock_ridge, paths(&image, FileSystem::Udf));
}

#[test]
fn rock_ridge_behind_xa_and_in_its_older_version() {
    let mut tree = tree(&["a name"]);
    let time = DiscTime::from_unix(-9_000_000_000, 250_000_000, 0);
    let attributes =
        Attributes { modified: Some(time), mode: Some(0o751), ..Attributes::default() };
    let old = tree.add_file("old", SourceId(0), 0, attributes).unwrap();
    tree.set_details(old, Details { created: Some(time), ..Details::default() });
    let iso9660 = Iso9660Options { xa: true, ..Iso9660Options::default() };
    let rock_ridge = RockRidgeOptions { version: RockRidgeVersion::V1_10, long_times: true };
    let image = image(&tree, &Options { rock_ridge, ..options(iso9660) });
    let found = entries(&image, FileSystem::RockRidge);
    assert_eq!((&*found[0].path, &*found[1].path), ("a name", "old"));
    assert_eq!((found[1].modified, found[1].mode), (Some(time), Some(0o751)));
    assert!(image.windows(10).any(|bytes| bytes == b"RRIP_1991A"));
    assert!(!image.windows(10).any(|bytes| bytes == b"IEEE_P1282"));
    assert_eq!(&descriptor(&image, 1, 1)[1024..1032], b"CD-XA001");
    // Owner reads and executes, group reads, all may enter: bits 0, 2, 4 and 10, with form 1.
    assert!(image.windows(4).any(|bytes| bytes == [0x0C, 0x55, b'X', b'A']));
}

#[test]
fn relaxed_names_are_recorded_without_version_and_in_order() {
    let tree = tree(&["a", "A-b.txt", "A.txt", "Makefile", ".x"]);
    let names = IsoNameRules::UNTRANSLATED;
    let image = image(&tree, &options(Iso9660Options { names, ..Iso9660Options::default() }));
    let found: Vec<String> =
        entries(&image, FileSystem::Iso9660).into_iter().map(|entry| entry.path).collect();
    assert_eq!(found, [".x", "A.txt", "A-b.txt", "Makefile", "a"]);
}

#[test]
fn joliet_holds_103_characters() {
    let name = ["\u{8a9e}".repeat(99).as_str(), ".txt"].concat();
    let joliet = JolietOptions { length: JolietLength::Up103 };
    let image = image(&tree(&[&name]), &Options { joliet, ..options(Iso9660Options::default()) });
    assert_eq!(entries(&image, FileSystem::Joliet)[0].path, name);
}

#[test]
fn texts_and_dates_of_the_volume_are_recorded() {
    let date = |seconds| Some(DiscTime::from_unix(seconds, 0, 120));
    let identifiers = VolumeIdentifiers {
        system: "linux".into(),
        volume_set: "set 1".into(),
        publisher: "Me & you".into(),
        preparer: "caf\u{e9}".into(),
        copyright_file: "copy.txt".into(),
        abstract_file: String::new(),
        bibliographic_file: "Biblio".into(),
    };
    let dates = VolumeDates {
        creation: date(0),
        modification: date(1_000_000_000),
        expiration: date(2_000_000_000),
        effective: date(-1),
    };
    let options = Options { identifiers, dates, ..options(Iso9660Options::default()) };
    let image = image(&tree(&["copy.txt", "Biblio"]), &options);
    let primary = descriptor(&image, 1, 1);
    let text = |at: usize, len: usize| {
        String::from_utf8(primary[at..at + len].to_vec()).unwrap().trim_end().to_lowercase()
    };
    assert_eq!(
        [text(8, 32), text(190, 128), text(318, 128), text(446, 128), text(574, 128)],
        ["linux", "set_1", "me & you", "caf_", "discwright"]
    );
    assert_eq!([text(702, 37), text(739, 37), text(776, 37)], ["copy.txt;1", "", "biblio.;1"]);
    let dates = [813, 830, 847, 864].map(|at| text(at, 16));
    assert_eq!(
        dates,
        ["1970010102000000", "2001090903464000", "2033051805332000", "1970010101595900"]
    );
    let joliet = descriptor(&image, 2, 1);
    assert_eq!(&joliet[318..326], b"\0M\0e\0 \0&");
    assert_eq!(&joliet[702..710], b"\0c\0o\0p\0y");
}

#[test]
fn hard_links_count_and_share_their_serial_number() {
    let mut tree = tree(&["a", "b"]);
    let file = tree.find("a").unwrap();
    tree.add_hard_link("sub/c", file).unwrap();
    let image = image(&tree, &options(Iso9660Options::default()));
    let px = |name: &[u8]| {
        let name = [&b"NM"[..], &[5 + u8::try_from(name.len()).unwrap(), 1, 0], name].concat();
        let at = image.windows(name.len()).position(|bytes| bytes == name).unwrap();
        let px = &image[at + name.len()..];
        assert_eq!(&px[..4], b"PX\x2c\x01");
        (px[12], px[36])
    };
    let (a, b, c) = (px(b"a"), px(b"b"), px(b"c"));
    assert_eq!((a.0, b.0, c.0), (2, 1, 2));
    assert_eq!(a.1, c.1);
    assert_ne!(a.1, b.1);
}

#[test]
fn damaged_relocations_are_errors_and_no_more() {
    let tree = tree(&["1/2/3/4/5/6/7/8/9/file"]);
    let iso9660 =
        Iso9660Options { deep_directories: DeepDirectories::Relocate, ..Iso9660Options::default() };
    let whole = image(&tree, &options(iso9660));
    let at = whole.windows(4).position(|bytes| bytes == b"CL\x0c\x01").unwrap();
    for block in [0, 16, 21, 0xFFFF_FFFF_u32] {
        let mut image = whole.clone();
        image[at + 4..at + 8].copy_from_slice(&block.to_le_bytes());
        let mut image = open(SliceSource::new(&image)).unwrap();
        let walk = image.view(FileSystem::RockRidge).unwrap().walk();
        let (found, errors): (Vec<_>, Vec<_>) = walk.partition(Result::is_ok);
        assert!(!errors.is_empty() && found.len() >= 7, "{block}");
        let directories = found.into_iter().map(Result::unwrap);
        assert!(directories.filter(|entry| entry.kind == EntryKind::Directory).count() >= 7);
    }
}

#[test]
fn names_of_forbidden_characters_alone_get_names() {
    let names = ["???", "***", "\u{1}", "\u{1}\u{1}", "...", ";1", "\u{fffd}", "con", "a.", "a"];
    let tree = tree(&names);
    let iso9660 = Iso9660Options { level: IsoLevel::Four, ..Iso9660Options::default() };
    let options = Options { file_systems: FileSystems::default(), ..options(iso9660) };
    let plan = crate::plan(tree, &options).unwrap();
    for (_, report) in plan.all_names() {
        let iso = report.iso9660.unwrap().name.unwrap();
        assert!(iso.len() > 3 && iso.ends_with(";1"), "{iso}");
        let joliet = report.joliet.unwrap().name.unwrap();
        assert!(!joliet.contains(['?', '*', ';', '\u{1}']), "{joliet}");
    }
    let image = render(&plan);
    for system in FileSystem::ALL {
        let mut found = paths(&image, system);
        found.dedup();
        assert_eq!(found.len(), names.len(), "{system}: {found:?}");
    }
}
