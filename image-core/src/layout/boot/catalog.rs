//! The boot catalog: validation entry, initial entry, sections and extensions. El Torito 1.0, 2.0 to 2.5.

use alloc::vec::Vec;

use zerocopy::IntoBytes as _;

use super::BootError;
use super::images::{Image, sector_count};
use crate::BLOCK_SIZE;
use crate::options::boot::{
    BootEntry, BootSection, ElTorito, Emulation, Platform, SelectionCriteria,
};
use crate::wire::eltorito::{
    ENTRY_LEN, ExtensionEntry, ImageEntry, SectionHeader, ValidationEntry, indicator, media,
};

/// Bytes of selection criteria in an entry, and in each of its extensions. El Torito 1.0, 2.4 and 2.5.
const IN_ENTRY: usize = 19;
const IN_EXTENSION: usize = 30;

pub(super) fn check(catalog: &ElTorito) -> Result<(), BootError> {
    check_id(&catalog.id, 24, "2.1")?;
    if catalog.initial.criteria.is_some() {
        return Err(BootError::InitialCriteria);
    }
    for section in &catalog.sections {
        check_id(&section.id, 28, "2.3")?;
        let entries = section.entries.len();
        if entries == 0 || entries > u16::MAX.into() {
            return Err(BootError::SectionEntries { entries });
        }
    }
    Ok(())
}

fn check_id(id: &str, limit: usize, clause: &'static str) -> Result<(), BootError> {
    if id.is_ascii() && !id.contains('\0') && id.len() <= limit {
        return Ok(());
    }
    Err(BootError::Identification { id: id.into(), clause })
}

/// Blocks of the catalog, the entry of zeros that ends it included.
pub(crate) fn blocks(catalog: &ElTorito) -> u32 {
    let section = |section: &BootSection| {
        1 + section.entries.iter().map(|entry| 1 + extensions(entry)).sum::<usize>()
    };
    let entries = 3 + catalog.sections.iter().map(section).sum::<usize>();
    u32::try_from((entries * ENTRY_LEN).div_ceil(BLOCK_SIZE)).unwrap_or(u32::MAX)
}

fn extensions(entry: &BootEntry) -> usize {
    let criteria = entry.criteria.as_ref().map_or(0, |criteria| criteria.bytes.len());
    criteria.saturating_sub(IN_ENTRY).div_ceil(IN_EXTENSION)
}

/// The bytes of the catalog. `of_entry` says which image belongs to which entry.
pub(super) fn render(catalog: &ElTorito, images: &[Image], of_entry: &[usize]) -> Vec<u8> {
    let mut positions = of_entry.iter();
    let mut image = || positions.next().and_then(|position| images.get(*position));
    let mut out = Vec::new();
    out.extend_from_slice(ValidationEntry::new(catalog.platform.0, padded(&catalog.id)).as_bytes());
    out.extend_from_slice(entry(catalog.platform, &catalog.initial, image()).as_bytes());
    let last = catalog.sections.len().saturating_sub(1);
    for (position, section) in catalog.sections.iter().enumerate() {
        let more = if position == last { indicator::FINAL_SECTION } else { indicator::SECTION };
        let entries = u16::try_from(section.entries.len()).unwrap_or(u16::MAX);
        let header = SectionHeader {
            indicator: more,
            platform: section.platform.0,
            entries: entries.into(),
            id: padded(&section.id),
        };
        out.extend_from_slice(header.as_bytes());
        for of_section in &section.entries {
            out.extend_from_slice(entry(section.platform, of_section, image()).as_bytes());
            extend(&mut out, of_section.criteria.as_ref());
        }
    }
    out
}

fn entry(platform: Platform, entry: &BootEntry, image: Option<&Image>) -> ImageEntry {
    let mut record = ImageEntry::default();
    let Some(image) = image else { return record };
    record.indicator = if entry.bootable { indicator::BOOTABLE } else { indicator::NOT_BOOTABLE };
    record.media = entry.emulation.code();
    record.load_segment = entry.load_segment.into();
    if entry.emulation == Emulation::HardDisk {
        // It has been found once already.
        record.system_type = image.partition_type(entry).unwrap_or_default();
    }
    record.sector_count = sector_count(platform, entry, image).into();
    record.load_rba = image.start.0.into();
    if let Some(criteria) = &entry.criteria {
        record.criteria_type = criteria.kind;
        for (to, from) in record.criteria.iter_mut().zip(&criteria.bytes) {
            *to = *from;
        }
        if extensions(entry) > 0 {
            record.media |= media::CONTINUED;
        }
    }
    record
}

/// Appends the extensions of an entry.
fn extend(out: &mut Vec<u8>, criteria: Option<&SelectionCriteria>) {
    let rest = criteria.and_then(|criteria| criteria.bytes.get(IN_ENTRY..)).unwrap_or_default();
    let mut chunks = rest.chunks(IN_EXTENSION).peekable();
    while let Some(chunk) = chunks.next() {
        let flags = if chunks.peek().is_some() { media::CONTINUED } else { 0 };
        let mut extension =
            ExtensionEntry { indicator: indicator::EXTENSION, flags, criteria: [0; 30] };
        for (to, from) in extension.criteria.iter_mut().zip(chunk) {
            *to = *from;
        }
        out.extend_from_slice(extension.as_bytes());
    }
}

/// Text filled up with zeros.
fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut field = [0; N];
    for (to, from) in field.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    field
}
