//! What starts machines.

use std::collections::BTreeSet;

use image_core::boot::{
    BootEntry, BootImage, ElTorito, Emulation, PartitionTable, Platform, SelectionCriteria,
};
use image_core::read::{BootCatalog, BootSetup, CatalogEntry, Image, ReadError, SliceSource};
use image_core::{BLOCK_SIZE, CATALOG_SOURCE, Kind, NodeId, Plan};

use super::{content, same};

/// Where a boot info table and the pointer of GRUB 2 go, in bytes.
const PATCHES: [core::ops::Range<usize>; 2] = [8..64, 2548..2556];
/// Bytes before the volume descriptors. ECMA-119 6.2.1.
const SYSTEM_AREA: usize = 16 * BLOCK_SIZE;

/// Whether a file is a boot image that something is patched into.
pub fn is_patched(plan: &Plan, node: NodeId) -> bool {
    let tree = plan.tree();
    let entries = plan.options().boot.el_torito.iter().flat_map(ElTorito::entries);
    entries.into_iter().any(|(_, entry)| {
        let BootImage::File(path) = &entry.image else { return false };
        let is_it = tree.find(path).is_some_and(|found| tree.link_of(found) == tree.link_of(node));
        is_it && (entry.info_table || entry.grub2_pointer)
    })
}

/// Takes out what may be patched.
pub(super) fn blot(bytes: &mut [u8]) {
    let len = bytes.len();
    for patch in PATCHES {
        bytes[patch.start.min(len)..patch.end.min(len)].fill(0);
    }
}

pub(super) fn check(plan: &Plan, image: &mut Image<SliceSource<'_>>) -> Result<(), String> {
    let wanted = &plan.options().boot;
    let setup = image.boot_setup().map_err(|error| error.to_string())?;
    match (&wanted.el_torito, &setup.catalog) {
        (None, None) => {}
        (Some(wanted), Some(Ok(found))) => catalog(plan, wanted, found, image)?,
        (wanted, found) => return Err(format!("boot catalog: {wanted:?} became {found:?}")),
    }
    tables(plan, &setup)?;
    let counted = |entry: &BootEntry| entry.sector_count.is_none();
    if wanted.el_torito.iter().flat_map(ElTorito::entries).all(|(_, entry)| counted(entry)) {
        let replay = match image.replay_boot() {
            // Its one sector stands for all there is. UEFI 2.10 13.3.2.1.
            Err(ReadError::EndlessBootImage { lba }) if is_a_sector(&setup, lba) => return Ok(()),
            replay => replay.map_err(|error| format!("replay: {error}"))?,
        };
        let count = |options: &Option<ElTorito>| options.as_ref().map(|all| all.entries().count());
        let replayed = replay.map(|replay| replay.options).unwrap_or_default();
        same(count(&wanted.el_torito), count(&replayed.el_torito), "replayed entries")?;
        let table = wanted.hybrid.as_ref().map(|hybrid| hybrid.table);
        let found = replayed.hybrid.map(|hybrid| hybrid.table);
        // Any bytes may be a partition table.
        if wanted.system_area.is_none() {
            same(table, found, "replayed partition tables")?;
        }
    }
    Ok(())
}

/// Whether a boot image for UEFI is too short to be told from one without a length.
fn is_a_sector(setup: &BootSetup, lba: u32) -> bool {
    let entries = setup.catalog.iter().flatten().flat_map(BootCatalog::entries);
    entries.into_iter().any(|(platform, entry)| {
        platform == Platform::UEFI && (entry.lba, entry.sector_count) == (lba, 1)
    })
}

fn catalog(
    plan: &Plan,
    wanted: &ElTorito,
    found: &BootCatalog,
    image: &mut Image<SliceSource<'_>>,
) -> Result<(), String> {
    same(wanted.platform, found.platform, "platform")?;
    same(wanted.id.trim_end_matches(' '), found.id.as_str(), "who made the disc")?;
    same(wanted.entries().count(), found.entries().count(), "boot entries")?;
    // Thousands of entries may share an image.
    let mut compared = BTreeSet::new();
    for ((platform, wanted), (found_platform, found)) in wanted.entries().zip(found.entries()) {
        same(platform, found_platform, "platform")?;
        same(wanted.bootable, found.bootable, "bootable")?;
        same(wanted.emulation.code(), found.emulation, "emulation")?;
        same(wanted.load_segment, found.load_segment, "load segment")?;
        if let Some(count) = wanted.sector_count {
            same(count, found.sector_count, "sectors")?;
        }
        let kind = |criteria: &Option<SelectionCriteria>| {
            criteria.as_ref().map(|criteria| criteria.kind).filter(|kind| *kind != 0)
        };
        same(kind(&wanted.criteria), kind(&found.criteria), "criteria")?;
        let bytes = match &wanted.image {
            BootImage::Unnamed(bytes) => Some(bytes.as_ptr()),
            BootImage::File(_) => None,
        };
        let patches = (wanted.info_table, wanted.grub2_pointer);
        if bytes.is_none() || compared.insert((bytes, found.lba, patches)) {
            boot_image(plan, wanted, found, image)?;
        }
    }
    Ok(())
}

/// The bytes at the address that an entry has are those of its image.
fn boot_image(
    plan: &Plan,
    wanted: &BootEntry,
    found: &CatalogEntry,
    image: &mut Image<SliceSource<'_>>,
) -> Result<(), String> {
    use image_core::read::BlockSource as _;
    let mut expected = match &wanted.image {
        BootImage::Unnamed(bytes) => bytes.to_vec(),
        BootImage::File(path) => {
            let node = plan.tree().find(path).ok_or("no boot image")?;
            match plan.tree().kind(node) {
                Kind::File { source, .. } if source == CATALOG_SOURCE => return Ok(()),
                Kind::File { source, len } => content(source, len as usize),
                _ => return Err(format!("{path:?} is no file")),
            }
        }
    };
    let mut bytes = vec![0; expected.len().next_multiple_of(BLOCK_SIZE)];
    image.source().read(found.lba, &mut bytes).map_err(|error| error.to_string())?;
    bytes.truncate(expected.len());
    let word = |at: usize| {
        bytes.get(at..).and_then(|rest| rest.first_chunk()).map(|word| u32::from_le_bytes(*word))
    };
    if wanted.info_table {
        same([Some(16), Some(found.lba)], [word(8), word(12)], "boot info table")?;
        same(Some(expected.len() as u32), word(16), "length in the boot info table")?;
    }
    if wanted.grub2_pointer {
        same(Some(found.lba.wrapping_mul(4).wrapping_add(5)), word(2548), "pointer of GRUB")?;
    }
    if wanted.info_table || wanted.grub2_pointer {
        blot(&mut expected);
        blot(&mut bytes);
    }
    let is_disk = wanted.emulation == Emulation::HardDisk;
    if bytes == expected { Ok(()) } else { Err(format!("another boot image (disk: {is_disk})")) }
}

fn tables(plan: &Plan, setup: &BootSetup) -> Result<(), String> {
    let wanted = &plan.options().boot;
    let table = wanted.hybrid.as_ref().map(|hybrid| hybrid.table);
    match (table, &wanted.system_area) {
        (None, Some(area)) => {
            let mut expected = area.to_vec();
            expected.resize(SYSTEM_AREA, 0);
            let is_it = setup.system_area == expected;
            return if is_it { Ok(()) } else { Err("another system area".to_owned()) };
        }
        (None, None) => {
            let is_empty = setup.system_area.iter().all(|byte| *byte == 0);
            return if is_empty { Ok(()) } else { Err("a system area".to_owned()) };
        }
        _ => {}
    }
    let has_gpt = matches!(table, Some(PartitionTable::Gpt | PartitionTable::Both));
    same(true, setup.partitions.mbr.is_some(), "master boot record")?;
    // What the caller has in the system area may look like one.
    if has_gpt || wanted.system_area.is_none() {
        let found = setup.partitions.gpt.as_ref().map(Result::is_ok);
        same(has_gpt.then_some(true), found, "GUID partition table")?;
    }
    Ok(())
}
