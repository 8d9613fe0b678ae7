//! What starts machines, on images that may be anything; and what can be made again from it.

use image_core::read::{self, SliceSource};
use image_core::wire::eltorito::{BOOT_RECORD_BLOCK, ENTRY_LEN};
use image_core::wire::partition::{SECTOR, crc32};
use image_core::{BLOCK_SIZE, BootOptions, Options, Tree};

use super::round_trip;
use super::sparse::Sparse;

/// Most blocks of an image, so that all of it is in memory.
const MAX_BLOCKS: u32 = 700;

/// The first byte says which sums are put right before.
pub(super) fn boot(data: &[u8]) {
    let Some((mend, data)) = data.split_first() else { return };
    let mut image = Sparse::parse(data).whole(MAX_BLOCKS);
    if mend & 1 != 0 {
        mend_validation(&mut image);
    }
    if mend & 2 != 0 {
        mend_table(&mut image, SECTOR);
    }
    let last = image.len().saturating_sub(SECTOR);
    if mend & 4 != 0 {
        mend_table(&mut image, last);
    }
    let Ok(mut image) = read::open(SliceSource::new(&image)) else { return };
    let Ok(setup) = image.boot_setup() else { return };
    let Ok(Some(replay)) = image.replay_boot() else { return };
    let entries = setup.catalog.and_then(Result::ok).map_or(0, |found| found.entries().count());
    let replayed = replay.options.el_torito.as_ref().map_or(0, |found| found.entries().count());
    assert_eq!(replayed, entries, "entries");
    assert_eq!(replay.paths.len(), entries, "paths");
    again(replay.options_for(&Tree::new()));
}

/// Another image with the same, which is held against what it was to be.
fn again(boot: BootOptions) {
    let options = Options { boot, ..Options::default() };
    let Ok(plan) = image_core::plan(Tree::new(), &options) else { return };
    if plan.size_blocks() > 4 * MAX_BLOCKS {
        return;
    }
    let (image, _) = round_trip::written(&plan);
    if let Err(difference) = round_trip::check(&plan, &image) {
        panic!("{difference}\n{:?}", options.boot);
    }
}

/// The sum of the validation entry that the boot record leads to. El Torito 1.0, 2.1.
fn mend_validation(image: &mut [u8]) {
    /// Where the entry has its sum.
    const SUM: usize = 28;
    let pointer = BOOT_RECORD_BLOCK as usize * BLOCK_SIZE + 0x47;
    let Some(lba) = number(image, pointer) else { return };
    let entry = image.get_mut(lba as usize * BLOCK_SIZE..).and_then(|at| at.get_mut(..ENTRY_LEN));
    let Some(entry) = entry else { return };
    entry[SUM..SUM + 2].fill(0);
    let words = entry.chunks_exact(2).map(|word| u16::from_le_bytes([word[0], word[1]]));
    let sum = words.fold(0, u16::wrapping_add);
    entry[SUM..SUM + 2].copy_from_slice(&sum.wrapping_neg().to_le_bytes());
}

/// The sums of the GUID partition table whose header is there. UEFI 2.10 table 5-5.
fn mend_table(image: &mut [u8], at: usize) {
    const HEADER: usize = 92;
    let (Some(lba), Some(count)) = (number(image, at + 72), number(image, at + 80)) else { return };
    let start = lba as usize * SECTOR;
    if let Some(entries) = image.get(start..).and_then(|at| at.get(..count as usize * 128)) {
        let sum = crc32(entries);
        image[at + 88..at + HEADER].copy_from_slice(&sum.to_le_bytes());
    }
    let Some(header) = image.get_mut(at..at + HEADER) else { return };
    header[16..20].fill(0);
    let sum = crc32(header);
    header[16..20].copy_from_slice(&sum.to_le_bytes());
}

fn number(image: &[u8], at: usize) -> Option<u32> {
    image.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}
