use alloc::string::ToString as _;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::tests::{blocks, put, render};
use super::*;
use crate::read::{self, Entry, FileSystem, Image, PartitionForm, SliceSource, UdfInfo};
use crate::tree::{Attributes, Details, HiddenIn, Special, Stream, Tree};
use crate::{
    BLOCK_SIZE, DiscTime, FileSystems, Options, Plan, SessionOptions, SourceId, UdfMetadata,
    UdfOptions, UdfPartition, UdfRevision,
};

const UDF: FileSystems =
    FileSystems { iso9660: false, joliet: false, rock_ridge: false, udf: true };
const BRIDGE: FileSystems =
    FileSystems { iso9660: true, joliet: true, rock_ridge: true, udf: true };

const ONLY_UDF: FileSystems =
    FileSystems { iso9660: false, joliet: false, rock_ridge: false, udf: true };

/// Every form that a further session continues.
fn forms() -> Vec<UdfOptions> {
    let all = UdfRevision::ALL.into_iter();
    let read_only = all.clone().map(UdfOptions::of);
    let separate = UdfOptions { metadata: UdfMetadata::Separate, ..of(UdfRevision::V2_50) };
    let mixed = UdfOptions { metadata: UdfMetadata::Mixed, ..of(UdfRevision::V2_60) };
    let tables = all.skip(1).map(|revision| UdfOptions {
        partition: UdfPartition::Virtual,
        metadata: UdfMetadata::Mixed,
        ..of(revision)
    });
    read_only.chain([separate, mixed]).chain(tables).collect()
}

const fn of(revision: UdfRevision) -> UdfOptions {
    UdfOptions::of(revision)
}

fn time(seconds: i64) -> Option<DiscTime> {
    Some(DiscTime::from_unix(seconds, 120_000_000, 0))
}

/// One of everything that the revision has.
fn first(revision: UdfRevision) -> Tree {
    let mut tree = Tree::new();
    let given = Attributes { modified: time(9), mode: Some(0o4751), uid: Some(7), gid: Some(8) };
    let file = tree.add_file("folder/file", SourceId(1), 5000, given).unwrap();
    tree.add_hard_link("also", file).unwrap();
    tree.add_symlink("link", "../to/somewhere", given).unwrap();
    let device = Special::CharacterDevice { major: 4, minor: 64 };
    tree.add_special("device", device, given).unwrap();
    tree.add_file("empty", SourceId(9), 0, given).unwrap();
    let small = tree.add_file("small", SourceId(3), 100, given).unwrap();
    let content: Arc<[u8]> = [3; 100].into();
    tree.set_details(small, Details { content: Some(content), ..Details::default() });
    let streams = if revision >= UdfRevision::V2_00 {
        Vec::from([Stream::new("note", SourceId(2), 3000)])
    } else {
        Vec::new()
    };
    let attribute = ("*someone".to_string(), Vec::from([1, 2, 3, 4, 5, 6]));
    let details = Details {
        accessed: time(10),
        created: time(11),
        changed: time(12),
        hidden: true,
        real_time: revision >= UdfRevision::V2_01,
        extended_attributes: Vec::from([attribute]),
        streams,
        ..Details::default()
    };
    tree.set_details(file, details);
    tree
}

/// What a disc shows of everything: entries without their places, the bytes, the streams' names and bytes, the attributes.
type Shown = Vec<(Entry, Vec<u8>, Vec<(alloc::string::String, Vec<u8>)>, usize)>;

fn shown(image: &mut Image<SliceSource<'_>>, system: FileSystem) -> Shown {
    let mut walk = image.view(system).unwrap().walk();
    let mut found = Vec::new();
    while let Some(entry) = walk.next() {
        let entry = entry.unwrap();
        let view = walk.view();
        let mut read = |entry: &Entry| {
            let mut bytes = alloc::vec![0; usize::try_from(entry.len).unwrap()];
            assert_eq!(view.read(entry, 0, &mut bytes).unwrap(), bytes.len());
            bytes
        };
        let bytes = if entry.kind == read::EntryKind::File { read(&entry) } else { Vec::new() };
        let view = walk.view();
        let mut streams = Vec::new();
        for stream in view.streams(&entry).unwrap() {
            let mut bytes = alloc::vec![0; usize::try_from(stream.len).unwrap()];
            view.read(&stream, 0, &mut bytes).unwrap();
            streams.push((stream.path, bytes));
        }
        let attributes = view.extended_attributes(&entry).unwrap().len();
        found.push((entry.without_place(), bytes, streams, attributes));
    }
    found.sort_by(|a, b| a.0.path.cmp(&b.0.path));
    found
}

fn options(file_systems: FileSystems, udf: UdfOptions) -> Options {
    Options { file_systems, udf, ..Options::default() }
}

/// A further session with `more` files, each of them full of its source's number.
fn grow(disc: &mut Vec<u8>, session: Lba, more: &[(&str, u32, u64)]) -> Plan {
    let mut image = read::open_session(SliceSource::new(disc), session).unwrap();
    let Recorded { mut tree, file_systems, boot_catalog, udf, .. } =
        import(&mut image, true).unwrap();
    for (path, source, len) in more {
        tree.add_file(path, SourceId(*source), *len, Attributes::default()).unwrap();
    }
    let udf = udf.unwrap();
    let start = next_start(Lba(blocks(disc) + 3));
    let session = SessionOptions { start, boot_catalog, udf: Some(udf.volume) };
    let options = Options { session: Some(session), ..options(file_systems, udf.options) };
    let plan = crate::plan(tree, &options).unwrap();
    disc.resize(start.0 as usize * BLOCK_SIZE, 0xee);
    disc.extend(render(&plan));
    plan
}

fn info(disc: &[u8], session: Lba) -> UdfInfo {
    let image = read::open_session(SliceSource::new(disc), session).unwrap();
    assert_eq!(image.problem(FileSystem::Udf), None);
    image.info(FileSystem::Udf).unwrap().udf.unwrap()
}

#[test]
fn sessions_go_on_with_everything_of_every_form() {
    for form in forms() {
        for (systems, embed) in [(UDF, false), (UDF, true), (BRIDGE, false)] {
            let form = UdfOptions { embed, ..form.clone() };
            let revision = form.revision;
            let plan = crate::plan(first(revision), &options(systems, form.clone())).unwrap();
            let mut disc = render(&plan);
            let system = FileSystem::Udf;
            let before = shown(&mut read::open(SliceSource::new(&disc)).unwrap(), system);
            let from = info(&disc, Lba(0));
            let second = grow(&mut disc, Lba(0), &[("second", 20, 4097)]);
            let third = grow(&mut disc, second.start(), &[("folder/third", 21, 1)]);
            let to = info(&disc, third.start());
            assert_eq!(to.revision, from.revision);
            assert_eq!(to.is_duplicated, from.is_duplicated);
            assert_eq!(to.partitions[0].access_type, from.partitions[0].access_type);
            assert_eq!(to.partitions[0].start, from.partitions[0].start, "{form:?}");
            assert!(to.end <= blocks(&disc) && to.end > third.start().0);
            let mut image = read::open_session(SliceSource::new(&disc), third.start()).unwrap();
            let mut after = shown(&mut image, system);
            let mut new = Vec::new();
            after.retain(|found| {
                let is_new = matches!(found.0.path.as_str(), "second" | "folder/third");
                if is_new {
                    new.push((found.0.path.clone(), found.1[0], found.1.len()));
                }
                !is_new
            });
            let wanted = [("folder/third".to_string(), 21, 1), ("second".to_string(), 20, 4097)];
            assert_eq!(new, wanted, "{form:?}");
            for (after, before) in after.iter().zip(&before) {
                assert_eq!(after.0, before.0, "{form:?} {systems:?}");
                assert!(after == before, "{} {form:?} {systems:?}", before.0.path);
            }
            assert_eq!(after.len(), before.len());
            let recorded: u64 = third
                .segments()
                .filter(|segment| matches!(segment, crate::Segment::File { .. }))
                .map(|segment| segment.len())
                .sum();
            assert_eq!(recorded, 1, "only what is new is recorded");
        }
    }
}

#[test]
fn the_head_leads_to_the_last_session_and_until_then_to_the_first() {
    for systems in [UDF, BRIDGE] {
        for form in forms() {
            let has_table = form.partition == UdfPartition::Virtual;
            let plan = crate::plan(first(form.revision), &options(systems, form)).unwrap();
            let mut disc = render(&plan);
            let next = grow(&mut disc, Lba(0), &[("second", 20, 4097)]);
            let has = |disc: &[u8], system| {
                let mut image = read::open(SliceSource::new(disc)).unwrap();
                image.view(system).unwrap().find("second").unwrap().is_some()
            };
            let all = [FileSystem::Udf, FileSystem::RockRidge, FileSystem::Joliet];
            let there = if systems == UDF { &all[..1] } else { &all[..] };
            // The table at the end is the one that is found, whichever anchor leads to it.
            assert!(
                there.iter().all(|system| {
                    !has(&disc, *system) || has_table && *system == FileSystem::Udf
                })
            );
            let pieces = next.head(&head(&mut SliceSource::new(&disc)).unwrap()).unwrap();
            assert_eq!(pieces.len(), 2);
            put(&mut disc, &pieces);
            assert!(there.iter().all(|system| has(&disc, *system)));
            assert_eq!(info(&disc, Lba(0)), info(&disc, next.start()));
        }
    }
}

#[test]
fn the_table_tells_of_the_one_before() {
    for revision in [UdfRevision::V1_50, UdfRevision::V2_01] {
        let form = UdfOptions { partition: UdfPartition::Virtual, ..of(revision) };
        let mut disc = render(&crate::plan(first(revision), &options(UDF, form)).unwrap());
        let before = info(&disc, Lba(0));
        let table = before.virtual_table.unwrap();
        assert_eq!(table, blocks(&disc) - 1);
        assert!(before.partitions.iter().any(|found| found.form == PartitionForm::Virtual));
        let next = grow(&mut disc, Lba(0), &[("second", 20, 1)]);
        let udf = next.layout.udf.as_ref().unwrap();
        assert_eq!(udf.previous_entry, Some(Lba(table)));
        let block = (table - before.partitions[0].start).to_le_bytes();
        let start = udf.virtual_table.start.0 as usize * BLOCK_SIZE;
        let bytes = &disc[start..][..usize::try_from(udf.virtual_table_len()).unwrap()];
        let at = if revision == UdfRevision::V1_50 { bytes.len() - 4 } else { 132 };
        assert_eq!(bytes[at..at + 4], block);
    }
}

#[test]
fn what_one_file_system_hides_stays_hidden() {
    let mut tree = Tree::new();
    for (path, source, hidden_in) in
        [("both", 1, HiddenIn::empty()), ("iso", 2, HiddenIn::UDF), ("udf", 3, HiddenIn::ISO9660)]
    {
        let node = tree.add_file(path, SourceId(source), 10, Attributes::default()).unwrap();
        tree.set_details(node, Details { hidden_in, ..Details::default() });
    }
    let systems = FileSystems { joliet: false, ..BRIDGE };
    let mut disc = render(&crate::plan(tree, &options(systems, of(UdfRevision::V1_02))).unwrap());
    let next = grow(&mut disc, Lba(0), &[("new", 4, 10)]);
    let mut image = read::open_session(SliceSource::new(&disc), next.start()).unwrap();
    let mut names = |system| {
        let shown = shown(&mut image, system);
        shown.into_iter().map(|found| (found.0.path, found.1[0])).collect::<Vec<_>>()
    };
    let named = |all: &[(&str, u8)]| -> Vec<_> {
        all.iter().map(|(path, byte)| (path.to_string(), *byte)).collect()
    };
    assert_eq!(names(FileSystem::Udf), named(&[("both", 1), ("new", 4), ("udf", 3)]));
    assert_eq!(names(FileSystem::RockRidge), named(&[("both", 1), ("iso", 2), ("new", 4)]));
}

#[test]
fn udf_comes_to_a_disc_that_has_none_where_there_is_room() {
    let systems = FileSystems { udf: false, ..BRIDGE };
    for (small, fits) in [(true, true), (false, false)] {
        let mut tree = Tree::new();
        let len = if small { 10_000 } else { 2_000_000 };
        tree.add_file("old", SourceId(1), len, Attributes::default()).unwrap();
        let plan = crate::plan(tree, &options(systems, of(UdfRevision::V2_50))).unwrap();
        let mut disc = render(&plan);
        disc.resize(disc.len().max(300 * BLOCK_SIZE), 0);
        let mut image = read::open(SliceSource::new(&disc)).unwrap();
        let recorded = import(&mut image, true).unwrap();
        assert_eq!((recorded.file_systems, recorded.udf), (systems, None));
        let start = next_start(Lba(blocks(&disc)));
        let session = Some(SessionOptions { start, boot_catalog: None, udf: None });
        let all = Options { session, ..options(BRIDGE, of(UdfRevision::V2_50)) };
        let plan = crate::plan(recorded.tree, &all).unwrap();
        disc.resize(start.0 as usize * BLOCK_SIZE, 0);
        disc.extend(render(&plan));
        let mut image = read::open_session(SliceSource::new(&disc), start).unwrap();
        let found = shown(&mut image, FileSystem::Udf);
        assert!(found[0].0.path == "old" && found[0].1.iter().all(|byte| *byte == 1));
        let pieces = plan.head(&head(&mut SliceSource::new(&disc)).unwrap());
        assert_eq!(pieces.is_some(), fits, "block 256 is a part of a file or it is not");
        if let Some(pieces) = pieces {
            put(&mut disc, &pieces);
            assert_eq!(info(&disc, Lba(0)), info(&disc, start));
        }
    }
}

#[test]
fn what_is_written_in_place_is_not_continued() {
    for partition in [UdfPartition::Overwritable, UdfPartition::Sparable { packet_blocks: 32 }] {
        let form = UdfOptions { partition, ..of(UdfRevision::V2_01) };
        let disc =
            render(&crate::plan(first(form.revision), &options(BRIDGE, form.clone())).unwrap());
        let mut image = read::open(SliceSource::new(&disc)).unwrap();
        let refused = import(&mut image, true).unwrap_err();
        assert!(matches!(refused, ImportError::InPlace { alone: false, .. }), "{refused}");
        assert!(refused.hint().contains("its other file systems"));
        let others = import(&mut image, false).unwrap();
        assert!(!others.file_systems.udf && others.file_systems.rock_ridge);

        let disc = render(&crate::plan(first(form.revision), &options(ONLY_UDF, form)).unwrap());
        let mut image = read::open(SliceSource::new(&disc)).unwrap();
        let refused = import(&mut image, false).unwrap_err();
        assert!(matches!(refused, ImportError::InPlace { alone: true, .. }), "{refused}");
        assert!(!refused.hint().contains("other file systems"));
    }
}
