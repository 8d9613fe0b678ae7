//! Reading images that may be anything.

use image_core::BLOCK_SIZE;
use image_core::read::{self, BlockSource, Entry, FileSystem, Image, View};

use super::sparse::Sparse;

/// Most of a file that is read, and of all files together.
const PART: usize = 3 * BLOCK_SIZE + 1;
const ALL_PARTS: usize = 1 << 20;
/// Longest path; see [`Entry::path`].
const MAX_PATH: usize = 1 << 17;

pub(super) fn read_iso(data: &[u8]) {
    look(data, &[FileSystem::RockRidge, FileSystem::Joliet, FileSystem::Iso9660]);
}

pub(super) fn read_udf(data: &[u8]) {
    look(data, &[FileSystem::Udf]);
}

fn look(data: &[u8], systems: &[FileSystem]) {
    let Ok(mut image) = read::open(Sparse::parse(data)) else { return };
    let _ = image.boot_setup();
    let _ = image.replay_boot();
    let found: Vec<FileSystem> = image.file_systems().collect();
    for system in systems.iter().filter(|system| found.contains(system)) {
        let whole = image.problem(*system).is_none();
        assert_eq!(
            image.info(*system).is_some(),
            whole,
            "{system} has either a problem or a volume"
        );
        assert_eq!(image.view(*system).is_ok(), whole, "{system} has either a problem or a view");
        if whole {
            go_through(&mut image, *system);
        }
    }
}

fn go_through<S: BlockSource>(image: &mut Image<S>, system: FileSystem) {
    let most = u64::from(image.source().blocks()) * 128 + (1 << 17);
    let mut walk = image.view(system).unwrap().walk();
    let (mut steps, mut part) = (0, vec![0; PART]);
    let mut budget = ALL_PARTS;
    let mut paths = Vec::new();
    while let Some(next) = walk.next() {
        steps += 1;
        assert!(steps <= most, "{system} goes on for ever");
        let Ok(entry) = next else { continue };
        check(&entry);
        if budget > PART {
            budget -= read_some(walk.view(), &entry, &mut part);
        }
        if paths.len() < 8 {
            paths.push(entry.path);
        }
    }
    for path in paths {
        let found = image.view(system).unwrap().find(&path);
        // Of two directories of one name it looks into the first.
        let nested = path.contains('/');
        assert!(nested || !matches!(found, Ok(None)), "{path:?} was walked past and is not found");
    }
    let _ = image.view(system).unwrap().check_path_tables();
}

/// What is promised of every entry.
fn check(entry: &Entry) {
    assert!(entry.path.len() <= MAX_PATH, "a path of {} bytes", entry.path.len());
    for name in entry.path.split('/') {
        assert!(!matches!(name, "" | "." | "..") && !name.contains('\0'), "{:?}", entry.path);
    }
    let recorded: u64 = entry.extents.iter().map(|extent| extent.bytes).sum();
    assert_eq!(recorded, entry.len, "{:?}", entry.path);
}

/// Reads the beginning and the end of the content; returns how many bytes came.
fn read_some<S: BlockSource>(view: &mut View<'_, S>, entry: &Entry, part: &mut [u8]) -> usize {
    let mut done = 0;
    for offset in [0, entry.len.saturating_sub(7)] {
        let Ok(read) = view.read(entry, offset, part) else { continue };
        let there = usize::try_from(entry.len - offset).unwrap_or(usize::MAX);
        assert_eq!(read, there.min(part.len()), "{:?} from {offset} on", entry.path);
        done += read;
    }
    done
}
