//! The partition tables of an image, to be made anew for another.

use zerocopy::FromBytes as _;

use super::super::ReadError;
use super::super::el_torito::BootCatalog;
use super::super::partitions::PartitionTables;
use crate::options::boot::{
    BootImage, BootOptions, ElTorito, Hybrid, MbrCode, PartitionTable, Platform, SystemPartition,
};
use crate::wire::partition::{
    ACTIVE, APPLE_SIGNATURE, GPT_SIGNATURE, GptEntry, GptHeader, ISOLINUX_HYBRID_OFFSET,
    ISOLINUX_HYBRID_SIGNATURE, MBR_CODE, MBR_IMAGE_POINTER, PartitionRecord, SECTOR,
    SECTORS_PER_BLOCK, partition_type, type_guid,
};

/// The partition tables as options, when there are any.
pub(super) fn hybrid(
    area: &[u8],
    partitions: &PartitionTables,
    catalog: Option<&BootCatalog>,
    files_end: u64,
    options: &BootOptions,
) -> Result<Option<Hybrid>, ReadError> {
    let Some(records) = &partitions.mbr else { return Ok(None) };
    let code = code(area, catalog, options)?;
    let knows_place = matches!(code, Some(MbrCode::Isolinux(_) | MbrCode::Grub2(_)));
    // The signature alone makes no partition table, and neither does text in the place of the records. UEFI 2.10 5.2.1.
    let is_record = |record: &PartitionRecord| record.status & !ACTIVE == 0;
    let is_table = !records.is_empty() && records.iter().all(is_record);
    if !is_table && partitions.gpt.is_none() && !knows_place {
        return Ok(None);
    }
    let others = !records.iter().all(is_protective);
    let table = match &partitions.gpt {
        Some(Ok(_)) if others => PartitionTable::Both,
        Some(_) if !others => PartitionTable::Gpt,
        // What is known of the image is enough for a new record, wherever its partition began.
        _ => PartitionTable::Mbr,
    };
    let mut hybrid = Hybrid::new(table);
    hybrid.code = code;
    if let Some(image) = records.iter().find(|record| is_image(record)) {
        hybrid.partition_type = image.partition_type;
    }
    let is_appended = match &partitions.gpt {
        Some(Ok(gpt)) if table != PartitionTable::Mbr => is_behind(&gpt.partitions, files_end),
        _ => is_next(records),
    };
    if is_appended {
        hybrid.system_partition = SystemPartition::Appended;
    }
    Ok(Some(hybrid))
}

/// Whether the EFI system partition is behind all other files: the partitions of the image around it are alike wherever it is.
fn is_behind(partitions: &[GptEntry], files_end: u64) -> bool {
    let system = partitions.iter().find(|entry| entry.type_guid == type_guid::EFI_SYSTEM);
    let is_behind = |system: &GptEntry| {
        system.first.get() >= files_end.saturating_mul(SECTORS_PER_BLOCK.into())
    };
    files_end > 0 && system.is_some_and(is_behind)
}

/// Whether the EFI system partition is behind the partition of the image.
fn is_next(records: &[PartitionRecord]) -> bool {
    let is_system = |record: &PartitionRecord| record.partition_type == partition_type::EFI_SYSTEM;
    let image = records.iter().find(|record| !is_protective(record) && !is_system(record));
    let end = image.map(|image| image.start.get().saturating_add(image.sectors.get()));
    records
        .iter()
        .any(|record| is_system(record) && end.is_some_and(|end| record.start.get() >= end))
}

fn is_protective(record: &PartitionRecord) -> bool {
    record.partition_type == partition_type::PROTECTIVE
}

/// Whether a record has the type that the partition of the image is to have: one without a type has none, and xorriso marks
/// with [`partition_type::UNUSED`] from the second sector on what no one is to touch.
fn is_image(record: &PartitionRecord) -> bool {
    match record.partition_type {
        partition_type::NONE | partition_type::PROTECTIVE | partition_type::EFI_SYSTEM => false,
        partition_type::UNUSED => record.start.get() != 1,
        _ => true,
    }
}

/// What kind of code a master boot record has: that is told by what is patched into it.
fn code(
    area: &[u8],
    catalog: Option<&BootCatalog>,
    options: &BootOptions,
) -> Result<Option<MbrCode>, ReadError> {
    let code = area.get(..MBR_CODE).unwrap_or_default();
    let len = code.len() - code.iter().rev().take_while(|byte| **byte == 0).count();
    let pointer = code.split_at_checked(MBR_IMAGE_POINTER);
    let pointer = pointer.and_then(|(before, pointer)| Some((before, pointer.first_chunk()?)));
    let Some((before, pointer)) = pointer.filter(|_| len > 0) else { return Ok(None) };
    let pointer = u64::from_le_bytes(*pointer);
    let sector = |lba: u32| u64::from(lba) * u64::from(SECTORS_PER_BLOCK);
    let behind = |lba: u32| sector(lba) + u64::from(SECTORS_PER_BLOCK);
    let entries = || catalog.into_iter().flat_map(BootCatalog::entries);
    let images = options.el_torito.iter().flat_map(ElTorito::entries);
    // Only the first of them is started.
    let first = entries().zip(images).find(|((platform, entry), _)| {
        *platform == Platform::BIOS && entry.bootable && entry.emulation == 0
    });
    if let Some(((_, entry), (_, image))) = first
        && let BootImage::Unnamed(bytes) = &image.image
    {
        let signed = bytes
            .get(ISOLINUX_HYBRID_OFFSET..)
            .is_some_and(|rest| rest.starts_with(&ISOLINUX_HYBRID_SIGNATURE));
        if pointer == sector(entry.lba) && signed {
            return Ok(Some(MbrCode::Isolinux(before.to_vec().into())));
        }
        if pointer == behind(entry.lba) {
            let mut whole = code.to_vec();
            whole.resize(SECTOR, 0);
            return Ok(Some(MbrCode::Grub2(whole.into())));
        }
    }
    // It would lead a machine to where the image was on the other disc.
    if entries().any(|(_, entry)| [sector(entry.lba), behind(entry.lba)].contains(&pointer)) {
        let what = "a master boot record that starts a boot image of an unknown kind";
        return Err(ReadError::Unsupported { what });
    }
    Ok(Some(MbrCode::Other(code.get(..len).unwrap_or_default().to_vec().into())))
}

/// Takes out of a system area what is written anew, and what would be of the other image: partition tables. `has_record` says
/// that there is a master boot record.
pub(super) fn clear_tables(area: &mut [u8], has_record: bool) {
    if has_record {
        clear(area, 0, SECTOR);
    }
    let header = area.get(SECTOR..).and_then(|rest| GptHeader::read_from_prefix(rest).ok());
    let header = header.map(|(header, _)| header);
    if let Some(header) = header.filter(|header| header.signature == GPT_SIGNATURE) {
        let entries = usize::try_from(header.entries_lba.get()).unwrap_or(usize::MAX);
        let len = (header.entries.get() as usize).saturating_mul(header.entry_size.get() as usize);
        clear(area, SECTOR, SECTOR);
        clear(area, entries.saturating_mul(SECTOR), len);
    }
    // An Apple partition map has an entry in each of its blocks, whatever they are long.
    for sector in area.chunks_exact_mut(SECTOR) {
        if sector.starts_with(&APPLE_SIGNATURE) {
            sector.fill(0);
        }
    }
}

fn clear(area: &mut [u8], start: usize, len: usize) {
    area.iter_mut().skip(start).take(len).for_each(|byte| *byte = 0);
}
