use alloc::string::String;
use alloc::vec::Vec;

use crate::read::{Entry, EntryKind, FileSystem, SliceSource, open};
use crate::{
    Attributes, BLOCK_SIZE, Details, FileSystems, HiddenIn, Lba, Options, Plan, Reason, SourceId,
    Special, Tree,
};

/// What an image has by default.
const SYSTEMS: [FileSystem; 4] =
    [FileSystem::Udf, FileSystem::RockRidge, FileSystem::Joliet, FileSystem::Iso9660];

pub(super) fn render(plan: &Plan) -> Vec<u8> {
    let mut image = alloc::vec![0; plan.size_blocks() as usize * BLOCK_SIZE];
    let fill = |source: SourceId, _, out: &mut [u8]| -> Result<(), ()> {
        out.fill(u8::try_from(source.0).unwrap());
        Ok(())
    };
    plan.read_at(Lba(0), &mut image, fill).unwrap();
    image
}

pub(super) fn entries(image: &[u8], system: FileSystem) -> Vec<Entry> {
    let mut image = open(SliceSource::new(image)).unwrap();
    image.view(system).unwrap().check_path_tables().unwrap();
    image.view(system).unwrap().walk().map(Result::unwrap).collect()
}

pub(super) fn paths(image: &[u8], system: FileSystem) -> Vec<String> {
    let mut paths: Vec<_> =
        entries(image, system).into_iter().map(|entry| entry.path.to_lowercase()).collect();
    paths.sort();
    paths
}

fn hide(tree: &mut Tree, path: &str, hidden_in: HiddenIn) {
    let id = tree.find(path).unwrap();
    tree.set_details(id, Details { hidden_in, ..Details::default() });
}

#[test]
fn names_of_one_file_share_its_data() {
    let mut tree = Tree::new();
    let file = tree.add_file("a/first", SourceId(7), 3000, Attributes::default()).unwrap();
    tree.add_file("b", SourceId(8), 10, Attributes::default()).unwrap();
    let link = tree.add_hard_link("second", file).unwrap();
    let plan = crate::plan(tree, &Options::default()).unwrap();
    assert_eq!(plan.extent(file), plan.extent(link));
    let sources: Vec<_> = plan
        .segments()
        .filter_map(|segment| match segment {
            crate::Segment::File { source, .. } => Some(source.0),
            _ => None,
        })
        .collect();
    assert_eq!(sources.iter().filter(|source| **source == 7).count(), 1, "{sources:?}");
    let image = render(&plan);
    for system in SYSTEMS {
        let entries = entries(&image, system);
        let of = |name: &str| {
            let found = entries.iter().find(|entry| entry.path.eq_ignore_ascii_case(name));
            found.unwrap_or_else(|| panic!("{name} in {system}: {entries:?}")).clone()
        };
        let (first, second) = (of("a/first"), of("second"));
        assert_eq!((&first.extents, first.len), (&second.extents, 3000), "{system}");
    }
}

#[test]
fn hidden_entries_are_left_out_with_all_below_them() {
    let mut tree = Tree::new();
    for path in ["all", "no_iso/sub/x", "no_joliet", "no_udf/y", "nowhere"] {
        tree.add_file(path, SourceId(1), 5, Attributes::default()).unwrap();
    }
    hide(&mut tree, "no_iso", HiddenIn::ROCK_RIDGE);
    hide(&mut tree, "no_joliet", HiddenIn::JOLIET);
    hide(&mut tree, "no_udf", HiddenIn::UDF);
    hide(&mut tree, "nowhere", HiddenIn::all());
    let nowhere = tree.find("nowhere").unwrap();
    let inner = tree.find("no_iso/sub/x").unwrap();
    let plan = crate::plan(tree, &Options::default()).unwrap();
    assert_eq!(plan.names(inner).iso9660.unwrap().reason, Some(Reason::Hidden));
    assert_eq!(plan.names(inner).joliet.unwrap().name.as_deref(), Some("x"));
    let data = plan.segments().filter(|segment| matches!(segment, crate::Segment::File { .. }));
    assert_eq!((data.count(), plan.file_at(plan.extent(inner).unwrap().0)), (4, Some(inner)));
    assert_eq!(plan.extent(nowhere), None);
    let image = render(&plan);
    let iso = ["all", "no_joliet", "no_udf", "no_udf/y"];
    assert_eq!(paths(&image, FileSystem::Iso9660), iso);
    assert_eq!(paths(&image, FileSystem::RockRidge), iso);
    let joliet = ["all", "no_iso", "no_iso/sub", "no_iso/sub/x", "no_udf", "no_udf/y"];
    assert_eq!(paths(&image, FileSystem::Joliet), joliet);
    let udf = ["all", "no_iso", "no_iso/sub", "no_iso/sub/x", "no_joliet"];
    assert_eq!(paths(&image, FileSystem::Udf), udf);
}

#[test]
fn special_files_are_where_posix_names_are() {
    let specials = [
        ("char", Special::CharacterDevice { major: 5, minor: 1 }),
        ("block", Special::BlockDevice { major: 259, minor: 70_000 }),
        ("fifo", Special::Fifo),
        ("socket", Special::Socket),
    ];
    let mut tree = Tree::new();
    for (name, special) in specials {
        tree.add_special(name, special, Attributes::default()).unwrap();
    }
    let fifo = tree.find("fifo").unwrap();
    let plan = crate::plan(tree.clone(), &Options::default()).unwrap();
    assert_eq!(plan.names(fifo).joliet.unwrap().reason, Some(Reason::NoSpecialFiles));
    let image = render(&plan);
    for system in [FileSystem::RockRidge, FileSystem::Udf] {
        let found = entries(&image, system);
        assert_eq!(found.len(), 4, "{system}");
        assert!(found.iter().all(|entry| entry.kind == EntryKind::Special && entry.len == 0));
    }
    assert!(paths(&image, FileSystem::Joliet).is_empty());
    let plain = FileSystems { rock_ridge: false, ..FileSystems::default() };
    let plan = crate::plan(tree, &Options { file_systems: plain, ..Options::default() }).unwrap();
    assert_eq!(plan.names(fifo).iso9660.unwrap().name, None);
    assert!(paths(&render(&plan), FileSystem::Iso9660).is_empty());
}

#[test]
fn a_tree_that_was_edited_is_planned_as_if_it_had_always_been_so() {
    let mut edited = Tree::new();
    for path in ["gone/1", "gone/2", "kept/old name", "z"] {
        edited.add_file(path, SourceId(1), 5, Attributes::default()).unwrap();
    }
    edited.remove("gone").unwrap();
    edited.rename("kept/old name", "kept/new name").unwrap();
    let mut fresh = Tree::new();
    for path in ["z", "kept/new name"] {
        fresh.add_file(path, SourceId(1), 5, Attributes::default()).unwrap();
    }
    let images =
        [edited, fresh].map(|tree| render(&crate::plan(tree, &Options::default()).unwrap()));
    assert!(images[0] == images[1]);
}

#[test]
fn the_hidden_bit_is_recorded_and_the_entry_stays() {
    let mut tree = Tree::new();
    let file = tree.add_file("secret", SourceId(1), 5, Attributes::default()).unwrap();
    tree.set_details(file, Details { hidden: true, ..Details::default() });
    let image = render(&crate::plan(tree, &Options::default()).unwrap());
    for system in SYSTEMS {
        assert!(entries(&image, system).iter().all(|entry| entry.hidden), "{system}");
    }
}

#[test]
fn a_link_too_long_for_udf_may_be_hidden_from_it() {
    let mut tree = Tree::new();
    tree.add_symlink("link", &"x".repeat(255), Attributes::default()).unwrap();
    let error = crate::plan(tree.clone(), &Options::default()).unwrap_err();
    assert!(matches!(error, crate::PlanError::LinkTooLong { .. }), "{error}");
    hide(&mut tree, "link", HiddenIn::UDF);
    crate::plan(tree, &Options::default()).unwrap();
}
