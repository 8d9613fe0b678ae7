//! Boot catalogs. El Torito 1.0, 2.0 to 2.5.

use alloc::string::String;
use alloc::vec::Vec;

use zerocopy::FromBytes as _;

use super::blocks::Blocks;
use super::entry::text;
use super::{BlockSource, ReadError};
use crate::BLOCK_SIZE;
use crate::options::boot::{Platform, SelectionCriteria};
use crate::wire::eltorito::{
    BOOT_SYSTEM_IDENTIFIER, BootRecord, ENTRY_LEN, ExtensionEntry, ImageEntry, SectionHeader,
    ValidationEntry, indicator, media,
};
use crate::wire::iso9660::{STANDARD_IDENTIFIER, VOLUME_DESCRIPTORS_START, descriptor_type};

/// Most volume descriptors that are looked at.
const MAX_DESCRIPTORS: usize = 64;
/// Most entries of a catalog that are looked at, as a bound to the memory a hostile image can claim.
const MAX_ENTRIES: u32 = 1 << 16;

/// A boot catalog as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootCatalog {
    /// Its first block.
    pub lba: u32,
    /// Platform of the initial entry.
    pub platform: Platform,
    /// Who made the disc.
    pub id: String,
    /// What is started when nobody chooses.
    pub initial: CatalogEntry,
    /// What else there is.
    pub sections: Vec<CatalogSection>,
}

impl BootCatalog {
    /// All entries with their platforms, in the order of the catalog.
    pub fn entries(&self) -> impl Iterator<Item = (Platform, &CatalogEntry)> {
        let others = self
            .sections
            .iter()
            .flat_map(|section| section.entries.iter().map(move |entry| (section.platform, entry)));
        core::iter::once((self.platform, &self.initial)).chain(others)
    }
}

/// A section of a boot catalog as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogSection {
    /// For which machines its entries are.
    pub platform: Platform,
    /// What it is called.
    pub id: String,
    /// Its entries.
    pub entries: Vec<CatalogEntry>,
}

/// An entry of a boot catalog as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogEntry {
    /// Whether firmware may start it.
    pub bootable: bool,
    /// Kind of emulation, in the four bits that hold it.
    pub emulation: u8,
    /// Segment that a BIOS loads it to.
    pub load_segment: u16,
    /// Type of the partition of a hard disk.
    pub system_type: u8,
    /// Sectors of 512 bytes that are loaded.
    pub sector_count: u16,
    /// First block of the image.
    pub lba: u32,
    /// Which machine it is for.
    pub criteria: Option<SelectionCriteria>,
}

/// First block of the boot catalog, if the session that begins at block `session` has one.
pub(super) fn find<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    session: u32,
) -> Result<Option<u32>, ReadError> {
    let first = session.saturating_add(VOLUME_DESCRIPTORS_START);
    for lba in (first..blocks.count()).take(MAX_DESCRIPTORS) {
        let Ok(record) = BootRecord::read_from_bytes(blocks.block(lba)?) else { break };
        if record.standard_identifier != STANDARD_IDENTIFIER
            || record.descriptor_type == descriptor_type::TERMINATOR
        {
            break;
        }
        if record.descriptor_type == descriptor_type::BOOT_RECORD
            && record.boot_system_identifier.starts_with(&BOOT_SYSTEM_IDENTIFIER)
        {
            return Ok(Some(record.catalog.get()));
        }
    }
    Ok(None)
}

/// Entries of a catalog, one after the other.
struct Entries<'b, 's, S: ?Sized> {
    blocks: &'b mut Blocks<'s, S>,
    start: u32,
    next: u32,
}

impl<S: BlockSource + ?Sized> Entries<'_, '_, S> {
    /// Where an entry stands: block and offset.
    fn place(&self, number: u32) -> (u32, usize) {
        let offset = number as usize * ENTRY_LEN;
        let block = u32::try_from(offset / BLOCK_SIZE).unwrap_or(u32::MAX);
        (self.start.saturating_add(block), offset % BLOCK_SIZE)
    }

    fn peek(&mut self) -> Result<[u8; ENTRY_LEN], ReadError> {
        let (lba, offset) = self.place(self.next);
        if self.next >= MAX_ENTRIES {
            return Err(ReadError::TooMuchWork);
        }
        self.blocks.spend(1)?;
        let bytes = self.blocks.block(lba)?.get(offset..).unwrap_or_default();
        bytes.first_chunk().copied().ok_or_else(|| ReadError::malformed(lba, offset, "an entry"))
    }

    fn next(&mut self) -> Result<[u8; ENTRY_LEN], ReadError> {
        let entry = self.peek()?;
        self.next += 1;
        Ok(entry)
    }

    /// The error for the entry that was read last.
    fn malformed(&self, offset: usize, expected: &'static str) -> ReadError {
        let (lba, start) = self.place(self.next.saturating_sub(1));
        ReadError::malformed(lba, start + offset, expected)
    }
}

/// Reads the catalog that begins at a block.
pub(super) fn catalog<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    lba: u32,
) -> Result<BootCatalog, ReadError> {
    let mut entries = Entries { blocks, start: lba, next: 0 };
    let validation: ValidationEntry = zerocopy::transmute!(entries.next()?);
    if validation.header != indicator::VALIDATION {
        return Err(entries.malformed(0, "a validation entry"));
    }
    if validation.key != [0x55, 0xaa] {
        return Err(entries.malformed(30, "0x55 and 0xAA"));
    }
    if validation.sum() != 0 {
        return Err(entries.malformed(28, "the checksum of the validation entry"));
    }
    let platform = Platform(validation.platform);
    let initial: ImageEntry = zerocopy::transmute!(entries.next()?);
    let initial = CatalogEntry { criteria: None, ..entry(&entries, &initial)? };
    let mut sections = Vec::new();
    loop {
        let header: SectionHeader = zerocopy::transmute!(entries.peek()?);
        if !matches!(header.indicator, indicator::SECTION | indicator::FINAL_SECTION) {
            break;
        }
        entries.next()?;
        sections.push(section(&mut entries, &header)?);
        if header.indicator == indicator::FINAL_SECTION {
            break;
        }
    }
    Ok(BootCatalog { lba, platform, id: id_text(&validation.id), initial, sections })
}

fn section<S: BlockSource + ?Sized>(
    entries: &mut Entries<'_, '_, S>,
    header: &SectionHeader,
) -> Result<CatalogSection, ReadError> {
    let mut found = Vec::new();
    for _ in 0..header.entries.get() {
        let record: ImageEntry = zerocopy::transmute!(entries.next()?);
        let mut with = entry(entries, &record)?;
        let mut continued = record.media & media::CONTINUED != 0;
        while continued {
            let extension: ExtensionEntry = zerocopy::transmute!(entries.peek()?);
            // Tools of old set the bit without an extension behind the entry.
            if extension.indicator != indicator::EXTENSION {
                break;
            }
            entries.next()?;
            let criteria = with.criteria.get_or_insert_with(|| SelectionCriteria {
                kind: record.criteria_type,
                bytes: record.criteria.to_vec(),
            });
            criteria.bytes.extend_from_slice(&extension.criteria);
            continued = extension.flags & media::CONTINUED != 0;
        }
        found.push(with);
    }
    Ok(CatalogSection {
        platform: Platform(header.platform),
        id: id_text(&header.id),
        entries: found,
    })
}

fn entry<S: BlockSource + ?Sized>(
    entries: &Entries<'_, '_, S>,
    record: &ImageEntry,
) -> Result<CatalogEntry, ReadError> {
    if !matches!(record.indicator, indicator::BOOTABLE | indicator::NOT_BOOTABLE) {
        return Err(entries.malformed(0, "0x88 or 0"));
    }
    let criteria = (record.criteria_type != 0)
        .then(|| SelectionCriteria { kind: record.criteria_type, bytes: record.criteria.to_vec() });
    Ok(CatalogEntry {
        bootable: record.indicator == indicator::BOOTABLE,
        emulation: record.media & media::EMULATION,
        load_segment: record.load_segment.get(),
        system_type: record.system_type,
        sector_count: record.sector_count.get(),
        lba: record.load_rba.get(),
        criteria,
    })
}

/// Text of an identification, without the zeros and spaces behind it.
fn id_text(bytes: &[u8]) -> String {
    text(bytes).trim_end_matches(['\0', ' ']).into()
}
