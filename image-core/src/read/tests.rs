//! Images of our own, whole and damaged. That they are right is for programs of others to say.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use std::format;

use proptest::prelude::*;

use super::{EntryKind, FileSystem, ReadError, SliceSource, open};
use crate::{
    Attributes, BLOCK_SIZE, DiscTime, FileSystems, LayoutOptions, Lba, Options, SourceId, Tree,
};

const MODIFIED: i64 = 1_700_000_000;

fn image() -> Vec<u8> {
    let mut tree = Tree::new();
    let attributes = Attributes {
        modified: Some(DiscTime::from_unix(MODIFIED, 0, 0)),
        mode: Some(0o640),
        uid: Some(1000),
        gid: Some(100),
    };
    for i in 0..120 {
        tree.add_file(&format!("folder/a long name {i}.text"), SourceId(i), 10, attributes)
            .unwrap();
    }
    tree.add_file("deep/er/empty", SourceId(0), 0, attributes).unwrap();
    tree.add_symlink("link", "../\u{65e5}\u{672c}/x", attributes).unwrap();
    let plan = crate::plan(
        tree,
        &Options {
            layout: LayoutOptions { padding_blocks: 0, ..LayoutOptions::default() },
            ..Options::default()
        },
    )
    .unwrap();
    let mut image = alloc::vec![0; plan.size_blocks() as usize * BLOCK_SIZE];
    let fill = |source: SourceId, _, out: &mut [u8]| -> Result<(), ()> {
        out.fill(u8::try_from(source.0).unwrap());
        Ok(())
    };
    plan.read_at(Lba(0), &mut image, fill).unwrap();
    image
}

#[test]
fn every_view_shows_every_file() {
    let image = image();
    let mut image = open(SliceSource::new(&image)).unwrap();
    let systems: Vec<_> = image.file_systems().collect();
    let written = FileSystem::ALL.into_iter().filter(|system| *system != FileSystem::Enhanced);
    assert_eq!(systems, written.collect::<Vec<_>>());
    for system in systems {
        assert_eq!(image.problem(system), None);
        image.view(system).unwrap().check_path_tables().unwrap();
        let mut walk = image.view(system).unwrap().walk();
        let mut files = 0;
        while let Some(entry) = walk.next() {
            let entry = entry.unwrap();
            assert!(entry.modified.map(DiscTime::to_unix).is_some());
            if entry.kind != EntryKind::File || entry.len == 0 {
                continue;
            }
            files += 1;
            let mut content = [0xa5; 16];
            assert_eq!(walk.view().read(&entry, 0, &mut content), Ok(10));
            assert!(content[..10].iter().all(|byte| *byte == content[0]));
            assert_eq!(content[10..], [0xa5; 6]);
        }
        assert_eq!(files, 120, "{system:?}");
    }
}

#[test]
fn posix_attributes_and_links_come_back() {
    let image = image();
    let mut image = open(SliceSource::new(&image)).unwrap();
    for system in [FileSystem::RockRidge, FileSystem::Udf] {
        let mut view = image.view(system).unwrap();
        let file = view.find("folder/a long name 7.text").unwrap().unwrap();
        assert_eq!((file.mode, file.uid, file.gid), (Some(0o640), Some(1000), Some(100)));
        assert_eq!(file.modified.map(DiscTime::to_unix), Some(MODIFIED));
        let link = view.find("link").unwrap().unwrap();
        assert_eq!(link.kind, EntryKind::Symlink);
        assert_eq!(link.target.as_deref(), Some("../\u{65e5}\u{672c}/x"));
    }
    let names =
        |entries: Vec<super::Entry>| entries.into_iter().map(|e| e.path).collect::<Vec<_>>();
    let mut view = image.view(FileSystem::Joliet).unwrap();
    let root = view.root();
    assert_eq!(names(view.list(&root).unwrap()), ["deep", "folder"].map(|n| n.to_string()));
}

#[test]
fn an_image_cut_short_says_so() {
    let whole = image();
    let blocks = whole.len() / BLOCK_SIZE;
    for kept in [0, 1, 17, 19, 40, 257, 300, blocks - 300] {
        let cut = &whole[..kept * BLOCK_SIZE];
        let Ok(mut image) = open(SliceSource::new(cut)) else { continue };
        let systems: Vec<_> = image.file_systems().collect();
        for system in systems {
            let Ok(view) = image.view(system) else { continue };
            let wrong = view.walk().find_map(Result::err);
            let is_range = matches!(wrong, None | Some(ReadError::OutOfRange { .. }));
            assert!(is_range, "{kept} {system:?}: {wrong:?}");
        }
    }
}

/// Goes through all there is, as far as it goes.
fn exhaust(image: &[u8]) -> usize {
    let Ok(mut image) = open(SliceSource::new(image)) else { return 0 };
    let mut seen = 0;
    for system in FileSystem::ALL {
        let Ok(view) = image.view(system) else { continue };
        let mut walk = view.walk();
        let mut content = [0; 64];
        while let Some(entry) = walk.next() {
            seen += 1;
            if let Ok(entry) = entry {
                let _ = walk.view().read(&entry, 0, &mut content);
            }
        }
        if let Ok(view) = image.view(system) {
            let _ = view.check_path_tables();
        }
    }
    seen
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn damage_never_panics_and_always_ends(
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
    ) {
        let mut image = image();
        // Metadata only: what the files hold is not looked at.
        let metadata: Vec<usize> = (0..image.len()).filter(|at| image[*at] != 0).collect();
        for (at, value) in damage {
            image[*at.get(&metadata)] = value;
        }
        prop_assert!(exhaust(&image) < 10_000);
    }

    #[test]
    fn any_bytes_are_no_image_or_a_damaged_one(bytes in proptest::collection::vec(any::<u8>(), 0..4096)) {
        let mut image = image();
        for (block, byte) in bytes.iter().enumerate() {
            let at = (16 * BLOCK_SIZE + block * 97) % image.len();
            image[at] = *byte;
        }
        exhaust(&image);
        exhaust(&bytes);
    }
}

#[test]
fn names_stay_apart() {
    let image = image();
    let mut image = open(SliceSource::new(&image)).unwrap();
    let view = image.view(FileSystem::Iso9660).unwrap();
    let mut paths: Vec<String> = view.walk().map(|entry| entry.unwrap().path).collect();
    let count = paths.len();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), count);
}

/// A directory record of ISO 9660.
fn record(identifier: &[u8], lba: u32, len: u32, flags: u8) -> Vec<u8> {
    let mut record = alloc::vec![0; (33 + identifier.len()).next_multiple_of(2)];
    record[0] = u8::try_from(record.len()).unwrap();
    record[2..6].copy_from_slice(&lba.to_le_bytes());
    record[10..14].copy_from_slice(&len.to_le_bytes());
    record[25] = flags;
    record[32] = u8::try_from(identifier.len()).unwrap();
    record[33..33 + identifier.len()].copy_from_slice(identifier);
    record
}

#[test]
fn what_is_held_is_bound_to_the_size_of_the_image() {
    const FOLDERS: u32 = 290;
    const FULL: u32 = 100;
    const BLOCK: u32 = 2048;
    let mut image = alloc::vec![0; ((20 + FOLDERS + FULL) * BLOCK) as usize];
    let mut put = |lba: u32, records: &[u8]| {
        let at = lba as usize * BLOCK_SIZE;
        image[at..at + records.len()].copy_from_slice(records);
    };
    let plain = crate::plan(Tree::new(), &Options::default()).unwrap();
    let mut descriptors = alloc::vec![0; 4 * BLOCK_SIZE];
    plain.render(Lba(16), &mut descriptors);
    // Nothing but the first volume descriptor, with this root.
    descriptors[156..190].copy_from_slice(&record(b"\0", 20, BLOCK, 2));
    put(16, &descriptors[..BLOCK_SIZE]);
    // Folders in each other, whose path is as long as may be, and in the last of them as many names as there is room for.
    for folder in 0..FOLDERS {
        let blocks = if folder + 2 == FOLDERS { FULL } else { 1 };
        put(20 + folder, &record(&[b'x'; 220], 21 + folder, blocks * BLOCK, 2));
    }
    for block in 0..FULL {
        put(19 + FOLDERS + block, &record(b"A", 0, 0, 0).repeat(60));
    }
    let mut read = open(SliceSource::new(&image)).unwrap();
    let walk = read.view(FileSystem::Iso9660).unwrap().walk();
    let wrong: Vec<_> = walk.filter_map(Result::err).collect();
    assert_eq!(wrong, [ReadError::TooMuchWork]);
}

#[test]
fn names_of_one_file_far_down_are_work_in_udf_too() {
    let mut tree = Tree::new();
    let folder = ["x".repeat(220).as_str(); 290].join("/");
    let file = tree.add_file(&format!("{folder}/0"), SourceId(0), 0, Attributes::default());
    for name in 1..2000 {
        tree.add_hard_link(&format!("{folder}/{name}"), *file.as_ref().unwrap()).unwrap();
    }
    let file_systems = FileSystems { iso9660: false, joliet: false, rock_ridge: false, udf: true };
    let plan = crate::plan(tree, &Options { file_systems, ..Options::default() }).unwrap();
    let mut image = alloc::vec![0; plan.size_blocks() as usize * BLOCK_SIZE];
    plan.read_at(Lba(0), &mut image, |_, _, _| Ok::<_, ()>(())).unwrap();
    let mut read = open(SliceSource::new(&image)).unwrap();
    let walk = read.view(FileSystem::Udf).unwrap().walk();
    assert_eq!(walk.filter_map(Result::err).collect::<Vec<_>>(), [ReadError::TooMuchWork]);
}
