//! Which files a damaged part of an image belongs to.

use std::collections::BTreeMap;

use image_core::read::{self, BlockSource, Entry, EntryKind, Place, ReadError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{BLOCK_SIZE, ImageSource};

/// Where a file system begins to look for itself: before this block, a session is read as if it were the first.
/// ECMA-119 6.7.1, ECMA-167 3/8.4.2.1.
const RECOGNITION_END: u32 = 512;

/// Blocks of an image that follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct BlockRange {
    /// First block, counted from the start of the image.
    pub first: u32,
    /// How many.
    pub blocks: u32,
}

/// Ranges in the order of the image, with how many blocks there are before each.
struct Ranges(Vec<(BlockRange, u64)>);

impl Ranges {
    fn new(ranges: &[BlockRange]) -> Self {
        let mut ranges = ranges.to_vec();
        ranges.sort_unstable_by_key(|range| range.first);
        let mut before = 0;
        let counted = ranges.into_iter().map(|range| {
            let counted = (range, before);
            before += u64::from(range.blocks);
            counted
        });
        Self(counted.collect())
    }

    /// How many blocks of them are in front of a block.
    fn before(&self, block: u64) -> u64 {
        let after = self.0.partition_point(|(range, _)| u64::from(range.first) < block);
        let Some((range, before)) = after.checked_sub(1).and_then(|last| self.0.get(last)) else {
            return 0;
        };
        before + (block - u64::from(range.first)).min(range.blocks.into())
    }

    /// How many blocks they share with those from `from` up to `to`.
    fn shared(&self, from: u64, to: u64) -> u32 {
        u32::try_from(self.before(to) - self.before(from)).unwrap_or(u32::MAX)
    }
}

/// A file with damaged blocks in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DamagedFile {
    /// Its path in the image; that of a directory ends with `/`.
    pub path: String,
    /// How many of its blocks are damaged.
    pub blocks: u32,
}

/// The files that have blocks in `ranges`, by what the directories of the image itself say: those of its file system that
/// tells most. `start` is the block of the disc that the image begins at, from which on a later session counts.
///
/// Directories that cannot be read are left out, and so is all in them.
pub(super) fn files<S: ImageSource + ?Sized>(
    source: &mut S,
    start: u32,
    ranges: &[BlockRange],
) -> Vec<DamagedFile> {
    if ranges.is_empty() {
        return Vec::new();
    }
    let mut damaged = BTreeMap::new();
    let ranges = Ranges::new(ranges);
    walk(source, start, |entry, lba, bytes| {
        let Some(from) = u64::from(lba).checked_sub(u64::from(start)) else { return };
        let to = from + bytes.div_ceil(BLOCK_SIZE as u64);
        let blocks = ranges.shared(from, to);
        if blocks > 0 {
            let slash = if entry.kind == EntryKind::Directory { "/" } else { "" };
            let count: &mut u32 = damaged.entry(format!("{}{slash}", entry.path)).or_default();
            *count = count.saturating_add(blocks);
        }
    });
    damaged.into_iter().map(|(path, blocks)| DamagedFile { path, blocks }).collect()
}

/// The first block with bytes of a file, by the directories of an image that begins where its disc does.
pub(super) fn files_start<S: ImageSource + ?Sized>(source: &mut S) -> Option<u32> {
    let mut first = None;
    walk(source, 0, |entry, lba, _| {
        if entry.kind == EntryKind::File {
            first = Some(first.map_or(lba, |first: u32| first.min(lba)));
        }
    });
    first
}

/// Visits every extent of everything on an image: its entry, its first block on the disc, and its bytes from the start of
/// that block on.
fn walk<S: ImageSource + ?Sized>(
    source: &mut S,
    start: u32,
    mut visit: impl FnMut(&Entry, u32, u64),
) {
    let Ok(mut image) = read::open(Session { source, start }) else { return };
    let systems: Vec<_> = image.file_systems().collect();
    let Some(system) = systems.into_iter().find(|system| image.problem(*system).is_none()) else {
        return;
    };
    let Ok(view) = image.view(system) else { return };
    for entry in view.walk().flatten() {
        for extent in entry.extents.iter().filter(|extent| extent.bytes > 0) {
            if let Place::Recorded { lba, skip } = extent.place {
                visit(&entry, lba.0, u64::from(skip).saturating_add(extent.bytes));
            }
        }
    }
}

/// An image that begins at a later block of the disc, addressed as on the disc.
struct Session<'a, S: ?Sized> {
    source: &'a mut S,
    start: u32,
}

impl<S: ImageSource + ?Sized> BlockSource for Session<'_, S> {
    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), ReadError> {
        let block = match lba.checked_sub(self.start) {
            Some(block) => block,
            None if lba < RECOGNITION_END => lba,
            None => return Err(ReadError::Unreadable { lba }),
        };
        // The recognition area of the disc may lie behind the end of a short session.
        let end = block.checked_add((out.len() / BLOCK_SIZE) as u32);
        if end.is_none_or(|end| end > self.source.len_blocks()) {
            return Err(ReadError::Unreadable { lba });
        }
        self.source.read(block, out).map_err(|_| ReadError::Unreadable { lba })
    }

    fn blocks(&self) -> u32 {
        self.start.saturating_add(self.source.len_blocks())
    }
}

#[cfg(test)]
mod tests {
    use image_core::{Options, SourceId, Tree};

    use super::*;
    use crate::source::{SourceError, check_range};

    /// An image in memory that says of itself only what its directories say.
    struct Bytes(Vec<u8>);

    impl ImageSource for Bytes {
        fn len_blocks(&self) -> u32 {
            (self.0.len() / BLOCK_SIZE) as u32
        }

        fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), SourceError> {
            check_range(lba, out, self.len_blocks())?;
            let from = lba as usize * BLOCK_SIZE;
            out.copy_from_slice(&self.0[from..from + out.len()]);
            Ok(())
        }
    }

    /// Three files; where the first of all and where `b.bin` begins is told.
    fn image(udf: bool) -> (Bytes, u32, u32) {
        let mut tree = Tree::new();
        let mut options = Options::default();
        options.file_systems.udf = udf;
        for (index, (path, len)) in
            [("a.txt", 5), ("deep/down/b.bin", 9000), ("c.bin", 4096)].into_iter().enumerate()
        {
            let attributes = image_core::Attributes::default();
            tree.add_file(path, SourceId(index as u32), len, attributes).unwrap();
        }
        let plan = image_core::plan(tree, &options).unwrap();
        let node = plan.tree().find("deep/down/b.bin").unwrap();
        let (lba, blocks) = plan.extent(node).unwrap();
        assert_eq!(blocks, 5);
        let mut bytes = vec![0; plan.size_bytes() as usize];
        plan.read_at(image_core::Lba(0), &mut bytes, |_, _, out| {
            out.fill(7);
            Ok::<(), SourceError>(())
        })
        .unwrap();
        let nodes = ["a.txt", "deep/down/b.bin", "c.bin"];
        let extents = nodes.map(|path| plan.extent(plan.tree().find(path).unwrap()));
        let first = extents.iter().flatten().map(|extent| extent.0.0).min().unwrap();
        (Bytes(bytes), first, lba.0)
    }

    #[test]
    fn the_directories_of_an_image_name_its_damage() {
        for udf in [false, true] {
            let (mut image, first, lba) = image(udf);
            let range = |first, blocks| BlockRange { first, blocks };
            let hit = files(&mut image, 0, &[range(lba + 1, 2), range(lba + 4, 1)]);
            let file = DamagedFile { path: "deep/down/b.bin".to_owned(), blocks: 3 };
            assert_eq!(hit, [file]);
            assert_eq!(files(&mut image, 0, &[range(0, 1)]), []);
            assert_eq!(files_start(&mut image), Some(first));
            let all = files(&mut image, 0, &[range(0, u32::MAX)]);
            let paths: Vec<_> = all.iter().map(|file| file.path.as_str()).collect();
            assert_eq!(paths, ["a.txt", "c.bin", "deep/", "deep/down/", "deep/down/b.bin"]);
        }
    }

    #[test]
    fn shared_blocks_are_counted() {
        let range = |first, blocks| BlockRange { first, blocks };
        let ranges = Ranges::new(&[range(20, 5), range(10, 2), range(u32::MAX, 1)]);
        for ((from, to), shared) in [
            ((0, 10), 0),
            ((0, 11), 1),
            ((11, 21), 2),
            ((12, 20), 0),
            ((0, 100), 7),
            ((22, 23), 1),
            ((0, 1 << 33), 8),
        ] {
            assert_eq!(ranges.shared(from, to), shared, "{from} to {to}");
        }
    }

    #[test]
    fn what_is_no_image_has_no_files() {
        let all = [BlockRange { first: 0, blocks: 600 }];
        assert_eq!(files(&mut Bytes(vec![0x55; 600 * BLOCK_SIZE]), 0, &all), []);
        assert_eq!(files(&mut Bytes(Vec::new()), 0, &all), []);
        assert_eq!(files_start(&mut Bytes(Vec::new())), None);
        let (mut image, ..) = image(false);
        image.0[16 * BLOCK_SIZE..32 * BLOCK_SIZE].fill(0);
        assert_eq!(files(&mut image, 0, &all), []);
    }
}
