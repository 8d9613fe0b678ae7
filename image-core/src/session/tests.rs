use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::*;
use crate::read::{self, FileSystem, SliceSource};
use crate::tree::{Attributes, Details, HiddenIn, Special, Tree};
use crate::{
    BLOCK_SIZE, FileSystems, Options, Plan, PlanError, Segment, SessionOptions, SourceId,
    UdfOptions, UdfPartition,
};

const ISO: FileSystems = FileSystems { iso9660: true, joliet: true, rock_ridge: true, udf: false };

fn options(session: Option<SessionOptions>) -> Options {
    Options { file_systems: ISO, session, ..Options::default() }
}

/// The image of a plan whose files hold their source's number.
pub(super) fn render(plan: &Plan) -> Vec<u8> {
    let mut image = Vec::new();
    for segment in plan.segments() {
        let from = image.len();
        image.resize(from + usize::try_from(segment.len()).unwrap(), 0);
        match segment {
            Segment::Metadata { start, .. } => plan.render(start, &mut image[from..]),
            Segment::File { source, .. } => image[from..].fill(u8::try_from(source.0).unwrap()),
            Segment::Zero { .. } => {}
        }
    }
    image
}

fn tree(files: &[(&str, u32, u64)]) -> Tree {
    let mut tree = Tree::new();
    for (path, source, len) in files {
        tree.add_file(path, SourceId(*source), *len, Attributes::default()).unwrap();
    }
    tree
}

/// A disc with one session, and what a second one with `more` gives: the disc with both, the second behind the first.
fn grown(first: &[(&str, u32, u64)], more: &[(&str, u32, u64)]) -> (Vec<u8>, Plan) {
    let mut disc = render(&crate::plan(tree(first), &options(None)).unwrap());
    let start = next_start(Lba(blocks(&disc) + 5));
    let recorded = import(&mut read::open(SliceSource::new(&disc)).unwrap(), true).unwrap();
    assert_eq!(recorded.file_systems, ISO);
    let mut tree = recorded.tree;
    for (path, source, len) in more {
        tree.add_file(path, SourceId(*source), *len, Attributes::default()).unwrap();
    }
    let session = SessionOptions { start, boot_catalog: recorded.boot_catalog, udf: None };
    let plan = crate::plan(tree, &options(Some(session))).unwrap();
    disc.resize(start.0 as usize * BLOCK_SIZE, 0xee);
    disc.extend(render(&plan));
    assert_eq!(plan.size_bytes(), disc.len() as u64 - u64::from(start.0) * BLOCK_SIZE as u64);
    (disc, plan)
}

pub(super) fn blocks(disc: &[u8]) -> u32 {
    u32::try_from(disc.len() / BLOCK_SIZE).unwrap()
}

/// Writes the head over what is there.
pub(super) fn put(disc: &mut [u8], pieces: &[Piece]) {
    for Piece { start, bytes } in pieces {
        let at = start.0 as usize * BLOCK_SIZE;
        disc[at..at + bytes.len()].copy_from_slice(bytes);
    }
}

/// Path and first byte of every file, as a session has it.
fn files(disc: &[u8], session: Lba, system: FileSystem) -> Vec<(String, Option<u8>)> {
    let mut image = read::open_session(SliceSource::new(disc), session).unwrap();
    let mut walk = image.view(system).unwrap().walk();
    let mut found = Vec::new();
    while let Some(entry) = walk.next() {
        let entry = entry.unwrap();
        let len = if entry.kind == read::EntryKind::File { entry.len } else { 0 };
        let mut bytes = alloc::vec![0; usize::try_from(len).unwrap()];
        assert_eq!(walk.view().read(&entry, 0, &mut bytes).unwrap(), bytes.len());
        assert!(bytes.iter().all(|byte| *byte == bytes[0]), "{}", entry.path);
        found.push((entry.path, bytes.first().copied()));
    }
    found.sort();
    found
}

#[test]
fn a_second_session_refers_to_the_first() {
    let first = [("a", 1, 5000), ("d/b", 2, 1), ("empty", 9, 0)];
    let (disc, plan) = grown(&first, &[("c", 3, 7000), ("d/e", 4, 2049)]);
    let wanted = [("a", Some(1)), ("c", Some(3)), ("d/b", Some(2)), ("d/e", Some(4))];
    for system in [FileSystem::RockRidge, FileSystem::Joliet] {
        let found: Vec<_> = files(&disc, plan.start(), system)
            .into_iter()
            .filter(|found| found.1.is_some())
            .collect();
        let wanted: Vec<_> = wanted.iter().map(|(path, byte)| (path.to_string(), *byte)).collect();
        assert_eq!(found, wanted, "{system}");
        assert!(files(&disc, Lba(0), system).iter().all(|(path, _)| path != "c"), "{system}");
    }
    let new = plan.segments().filter(|segment| matches!(segment, Segment::File { .. })).count();
    assert_eq!(new, 2, "only what is new is recorded");
}

#[test]
fn the_head_makes_it_the_one_that_is_found() {
    let (mut disc, plan) = grown(&[("a", 1, 5000)], &[("c", 3, 7000)]);
    let before = head(&mut SliceSource::new(&disc)).unwrap();
    let pieces = plan.head(&before).unwrap();
    assert_eq!(pieces.len(), 1, "there is no UDF to point to");
    put(&mut disc, &pieces);
    let found = files(&disc, Lba(0), FileSystem::RockRidge);
    assert_eq!(found, [("a".to_string(), Some(1)), ("c".to_string(), Some(3))]);
    let blocks = read::open(SliceSource::new(&disc)).unwrap().info(FileSystem::Iso9660).unwrap();
    assert_eq!(u64::from(blocks.blocks) * BLOCK_SIZE as u64, disc.len() as u64);
}

#[test]
fn the_head_takes_the_sum_of_the_descriptors_off() {
    let (disc, plan) = grown(&[("a", 1, 5000)], &[("c", 3, 7000)]);
    let mut before = head(&mut SliceSource::new(&disc)).unwrap();
    let mut put = |lba: usize, text: &str| {
        before[0].bytes[(lba - 16) * BLOCK_SIZE..][..text.len()].copy_from_slice(text.as_bytes());
    };
    put(29, "libisofs_sb_checksum_tag_v1 pos=29 range_start=0");
    put(30, "libisofs_rlsb32_checksum_tag_v1 pos=30 range_start=0");
    // A file that speaks of one.
    put(31, "libisofs_sb_checksum_tag_v1 pos=29 range_start=0");
    let after = plan.head(&before).unwrap();
    let block = |lba: usize| &after[0].bytes[(lba - 16) * BLOCK_SIZE..][..BLOCK_SIZE];
    assert!(block(29).iter().chain(block(30)).all(|byte| *byte == 0));
    assert_eq!(block(31), &before[0].bytes[15 * BLOCK_SIZE..]);
}

#[test]
fn the_head_keeps_off_what_the_session_has() {
    let anchor = |lba: u32| {
        let mut bytes = alloc::vec![0xee; 16 * BLOCK_SIZE];
        let udf = FileSystems { udf: true, iso9660: false, joliet: false, rock_ridge: false };
        let udf = crate::plan(tree(&[]), &Options { file_systems: udf, ..Options::default() });
        udf.unwrap().render(Lba(256), &mut bytes[..BLOCK_SIZE]);
        Piece { start: Lba(lba), bytes }
    };
    let announcing = Piece { start: Lba(16), bytes: alloc::vec![0; 16 * BLOCK_SIZE] };
    // An anchor of an earlier use of the disc stands where the session has its volume descriptor sequence, or just before.
    for (start, has_room) in [(224, false), (256, true), (272, true)] {
        let session = SessionOptions { start: Lba(start), boot_catalog: None, udf: None };
        let options = Options { session: Some(session), ..Options::default() };
        let plan = crate::plan(tree(&[("a", 1, 9)]), &options).unwrap();
        let before = [announcing.clone(), anchor(256)];
        let Some(pieces) = plan.head(&before) else {
            assert!(!has_room, "{start}");
            continue;
        };
        assert!(has_room, "{start}");
        let bytes = &pieces[1].bytes;
        assert_ne!(bytes[..BLOCK_SIZE], before[1].bytes[..BLOCK_SIZE]);
        for (lba, block) in (256..).zip(bytes.chunks(BLOCK_SIZE)).skip(1) {
            let mut wanted = [0xee; BLOCK_SIZE];
            if lba >= start {
                plan.render(Lba(lba), &mut wanted);
            }
            assert_eq!(block, wanted, "{start}, {lba}");
        }
    }
}

/// What a session shows, but for where it is.
fn shown(disc: &[u8], session: Lba, system: FileSystem) -> Vec<read::Entry> {
    let mut image = read::open_session(SliceSource::new(disc), session).unwrap();
    let walk = image.view(system).unwrap().walk();
    let mut found: Vec<_> = walk.map(|entry| entry.unwrap().without_place()).collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// A disc of a tree, and what a further session that adds nothing makes of it.
fn continued(tree: Tree) -> (Vec<u8>, Plan) {
    let disc = render(&crate::plan(tree, &options(None)).unwrap());
    let recorded = import(&mut read::open(SliceSource::new(&disc)).unwrap(), true).unwrap();
    assert_eq!(recorded.left_out, [""; 0]);
    let start = next_start(Lba(blocks(&disc)));
    let session = SessionOptions { start, boot_catalog: None, udf: None };
    let plan = crate::plan(recorded.tree, &options(Some(session))).unwrap();
    let mut both = disc;
    both.resize(start.0 as usize * BLOCK_SIZE, 0);
    both.extend(render(&plan));
    (both, plan)
}

#[test]
fn all_that_rock_ridge_has_is_taken_over() {
    let time = |seconds| Some(crate::DiscTime::from_unix(seconds, 0, 0));
    let given = Attributes { modified: time(9), mode: Some(0o640), uid: Some(7), gid: Some(8) };
    let mut tree = tree(&[]);
    let file = tree.add_file("d/file", SourceId(1), 5000, given).unwrap();
    let (accessed, created, changed) = (time(10), time(11), time(12));
    tree.set_details(file, Details { accessed, created, changed, ..Details::default() });
    tree.add_hard_link("also", file).unwrap();
    tree.add_symlink("link", "d/file", given).unwrap();
    for (path, special) in [
        ("null", Special::CharacterDevice { major: 1, minor: 3 }),
        ("disk", Special::BlockDevice { major: 259, minor: 70_000 }),
        ("pipe", Special::Fifo),
        ("socket", Special::Socket),
    ] {
        tree.add_special(path, special, given).unwrap();
    }
    let (disc, plan) = continued(tree);
    let before = shown(&disc, Lba(0), FileSystem::RockRidge);
    assert_eq!(before.len(), 8);
    assert_eq!(shown(&disc, plan.start(), FileSystem::RockRidge), before);
    let node = |path| plan.tree().find(path).unwrap();
    assert_eq!(plan.tree().link_of(node("d/file")), plan.tree().link_of(node("also")));
}

#[test]
fn names_of_one_file_stay_its_names_without_its_number() {
    let mut tree = tree(&[("file", 1, 5000), ("other", 2, 5000)]);
    let file = tree.find("file").unwrap();
    tree.add_hard_link("also", file).unwrap();
    let version = crate::RockRidgeVersion::V1_10;
    let rock_ridge = crate::RockRidgeOptions { version, ..crate::RockRidgeOptions::default() };
    let options = Options { rock_ridge, ..options(None) };
    let disc = render(&crate::plan(tree, &options).unwrap());
    let recorded = import(&mut read::open(SliceSource::new(&disc)).unwrap(), true).unwrap().tree;
    let link_of = |path| recorded.link_of(recorded.find(path).unwrap());
    assert_eq!(link_of("also"), link_of("file"));
    assert_ne!(link_of("other"), link_of("file"));
}

#[test]
fn an_image_that_ends_before_its_files_do_is_not_continued() {
    let disc =
        render(&crate::plan(tree(&[("a", 1, 9000), ("b", 2, 9000)]), &options(None)).unwrap());
    let mut image = read::open(SliceSource::new(&disc)).unwrap();
    let node = image.view(FileSystem::RockRidge).unwrap().find("b").unwrap().unwrap();
    let read::Place::Recorded { lba, .. } = node.extents[0].place else { panic!("no place") };
    let cut = &disc[..(lba.0 as usize + 4) * BLOCK_SIZE];
    let refused = import(&mut read::open(SliceSource::new(cut)).unwrap(), true).unwrap_err();
    assert_eq!(refused, ImportError::CutShort { path: "b".into(), blocks: blocks(cut) });
    let whole = &disc[..(lba.0 as usize + 5) * BLOCK_SIZE];
    assert!(import(&mut read::open(SliceSource::new(whole)).unwrap(), true).is_ok());
}

#[test]
fn what_joliet_alone_shows_or_does_not_stays_so() {
    let long = |letter: char| letter.to_string().repeat(80);
    let (folder, file) = (long('f'), [long('g').as_str(), "h"].join("/"));
    let mut tree = tree(&[
        ("both", 1, 5000),
        ("d/joliet", 2, 5000),
        ("d/rock", 3, 5000),
        ("empty/joliet", 0, 0),
        ("empty/rock", 0, 0),
        ("folder/joliet/x", 4, 10),
        ("folder/rock/x", 5, 10),
        (&file, 6, 5000),
    ]);
    tree.add_directory(&folder, Attributes::default()).unwrap();
    for (path, hidden_in) in [
        ("d/joliet", HiddenIn::ISO9660),
        ("d/rock", HiddenIn::JOLIET),
        ("empty/joliet", HiddenIn::ISO9660),
        ("empty/rock", HiddenIn::JOLIET),
        ("folder/joliet", HiddenIn::ISO9660),
        ("folder/rock", HiddenIn::JOLIET),
    ] {
        let node = tree.find(path).unwrap();
        tree.set_details(node, Details { hidden_in, ..Details::default() });
    }
    let (disc, plan) = continued(tree);
    for system in [FileSystem::RockRidge, FileSystem::Joliet] {
        let before = files(&disc, Lba(0), system);
        assert_eq!(before.len(), 11, "{before:?}");
        assert_eq!(files(&disc, plan.start(), system), before, "{system}");
    }
}

#[test]
fn what_no_tree_holds_is_told() {
    let mut tree = tree(&[("a", 1, 9)]);
    tree.add_symlink("link", "x", Attributes::default()).unwrap();
    let null = Special::CharacterDevice { major: 1, minor: 3 };
    tree.add_special("null", null, Attributes::default()).unwrap();
    let mut disc = render(&crate::plan(tree, &options(None)).unwrap());
    for (entry, at, byte) in [(&b"SL\x08\x01\0\0\x01x"[..], 6, 0), (b"PN\x14\x01", 0, b'X')] {
        let places = disc.windows(entry.len()).enumerate();
        let places: Vec<_> =
            places.filter(|(_, bytes)| *bytes == entry).map(|(at, _)| at).collect();
        assert_eq!(places.len(), 1);
        disc[places[0] + at] = byte;
    }
    let recorded = import(&mut read::open(SliceSource::new(&disc)).unwrap(), true).unwrap();
    assert_eq!(recorded.left_out, ["link", "null"]);
    assert!(recorded.tree.find("a").is_some());
}

#[test]
fn what_was_taken_away_is_not_there_and_what_was_replaced_is_new() {
    let disc = render(&crate::plan(tree(&[("a", 1, 9), ("b", 2, 9)]), &options(None)).unwrap());
    let mut recorded =
        import(&mut read::open(SliceSource::new(&disc)).unwrap(), true).unwrap().tree;
    recorded.remove("a").unwrap();
    recorded.remove("b").unwrap();
    recorded.add_file("b", SourceId(7), 20, Attributes::default()).unwrap();
    let start = next_start(Lba(blocks(&disc)));
    let session = SessionOptions { start, boot_catalog: None, udf: None };
    let plan = crate::plan(recorded, &options(Some(session))).unwrap();
    let mut both = disc;
    both.resize(start.0 as usize * BLOCK_SIZE, 0);
    both.extend(render(&plan));
    assert_eq!(files(&both, start, FileSystem::Joliet), [("b".to_string(), Some(7))]);
}

#[test]
fn what_a_session_cannot_have_is_refused() {
    let session = Some(SessionOptions { start: Lba(320), boot_catalog: None, udf: None });
    let with = |options: Options| crate::plan(tree(&[("a", 1, 9)]), &options).unwrap_err();
    let udf = UdfOptions { partition: UdfPartition::Overwritable, ..UdfOptions::default() };
    let refused = with(Options { session, udf, ..Options::default() });
    let what = "a UDF partition that is written in place";
    assert_eq!(refused, PlanError::NotInSession { what });
    let boots = session.map(|session| SessionOptions { boot_catalog: Some(Lba(40)), ..session });
    let file_systems = FileSystems { iso9660: false, joliet: false, rock_ridge: false, udf: true };
    let refused = with(Options { session: boots, file_systems, ..Options::default() });
    assert_eq!(refused, PlanError::NeedsIso9660 { extension: "the boot catalog of the disc" });
    let mut recorded = tree(&[]);
    let node = recorded.add_file("a", RECORDED_SOURCE, 4096, Attributes::default()).unwrap();
    for (at, session) in [(Lba(319), session), (Lba(10), None)] {
        recorded.set_details(node, Details { recorded: Some(at), ..Details::default() });
        let refused = crate::plan(recorded.clone(), &options(session)).unwrap_err();
        assert_eq!(refused, PlanError::NotOnDisc { path: "a".to_string() });
    }
    recorded.set_details(node, Details { recorded: Some(Lba(318)), ..Details::default() });
    assert!(crate::plan(recorded, &options(session)).is_ok());
}

#[test]
fn files_that_are_not_recorded_as_they_are_are_refused() {
    use crate::read::Encoding;
    let options = |udf| Options { file_systems: FileSystems { udf, ..ISO }, ..Options::default() };
    for (signature, encoding) in [(b"ZF", Encoding::Zisofs), (b"SF", Encoding::Sparse)] {
        for udf in [false, true] {
            let plan = crate::plan(tree(&[("folder/file", 1, 3000)]), &options(udf)).unwrap();
            let mut disc = render(&plan);
            // The entry of its times is made another.
            let name = disc.windows(9).position(|bytes| bytes == b"NM\x09\x01\0file").unwrap();
            let record = &disc[name - 300..name + 300];
            let times = record.windows(2).enumerate().filter(|(_, bytes)| bytes == b"TF");
            let nearest = times.min_by_key(|(at, _)| at.abs_diff(300)).unwrap().0;
            disc[name - 300 + nearest..][..2].copy_from_slice(signature);
            let error =
                import(&mut read::open(SliceSource::new(&disc)).unwrap(), true).unwrap_err();
            let path = "folder/file".to_string();
            assert_eq!(error, ImportError::Encoded { path, encoding });
        }
    }
}
