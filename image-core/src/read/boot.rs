//! What starts machines from an image, and how to do the same in a new one.

mod hybrid;
mod replay;

pub use replay::Replay;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use zerocopy::FromBytes as _;

use super::blocks::Blocks;
use super::el_torito::{self, BootCatalog, CatalogEntry};
use super::entry::{EntryKind, Extent, Place};
use super::image::FileSystem;
use super::partitions::PartitionTables;
use super::{BlockSource, Image, ReadError};
use crate::BLOCK_SIZE;
use crate::address::bytes_in;
use crate::options::boot::{
    BootEntry, BootImage, BootOptions, BootSection, Bytes, ElTorito, Emulation, Platform,
};
use crate::tree::HiddenIn;
use crate::wire::eltorito::{
    GRUB2_POINTER_OFFSET, INFO_TABLE_OFFSET, InfoTable, VIRTUAL_SECTOR, grub2_pointer,
};
use crate::wire::fat::BootSector;
use crate::wire::iso9660::VOLUME_DESCRIPTORS_START;
use crate::wire::partition::{MBR_SIGNATURE, MasterBootRecord, SECTOR, partition_type};

/// Most bytes of all boot images together that are held in memory.
const MAX_IMAGES: u64 = 512 << 20;

/// What starts machines from an image.
#[derive(Clone, Debug, Default)]
pub struct BootSetup {
    /// The boot catalog, or why it cannot be read.
    pub catalog: Option<Result<BootCatalog, ReadError>>,
    /// The blocks before the volume descriptors.
    pub system_area: Vec<u8>,
    /// Partition tables in it.
    pub partitions: PartitionTables,
}

impl<S: BlockSource> Image<S> {
    /// What starts machines from the image.
    ///
    /// # Errors
    /// When the blocks that tell cannot be read.
    pub fn boot_setup(&mut self) -> Result<BootSetup, ReadError> {
        let session = self.session();
        let mut blocks = Blocks::new(self.source());
        let area = blocks.count().min(VOLUME_DESCRIPTORS_START);
        let mut system_area = alloc::vec![0; area as usize * BLOCK_SIZE];
        blocks.read(0, &mut system_area)?;
        let partitions = PartitionTables::read(&mut blocks)?;
        let catalog = el_torito::find(&mut blocks, session)?;
        let catalog = catalog.map(|lba| el_torito::catalog(&mut blocks, lba));
        Ok(BootSetup { catalog, system_area, partitions })
    }

    /// First block of the boot catalog, if there is one.
    ///
    /// # Errors
    /// When the blocks that tell cannot be read.
    pub fn boot_catalog(&mut self) -> Result<Option<u32>, ReadError> {
        let session = self.session();
        el_torito::find(&mut Blocks::new(self.source()), session)
    }

    /// The boot set-up of the image, for another one. `None` when it starts nothing.
    ///
    /// # Errors
    /// When the boot catalog, a boot image or the master boot record cannot be read, or is of a kind that is not known.
    pub fn replay_boot(&mut self) -> Result<Option<Replay>, ReadError> {
        let setup = self.boot_setup()?;
        let catalog = setup.catalog.transpose()?;
        let mut options = BootOptions::default();
        let (mut paths, mut catalog_path) = (Vec::new(), None);
        let mut files = Files::default();
        if let Some(catalog) = &catalog {
            let mut starts: Vec<u32> = catalog.entries().map(|(_, entry)| entry.lba).collect();
            starts.push(catalog.lba);
            files = self.files_at(&starts);
            let mut blocks = Blocks::new(self.source());
            let mut entries = Vec::new();
            let mut loaded = Loaded::default();
            for (platform, entry) in catalog.entries() {
                let file = files.paths.get(&entry.lba);
                let len = file.map(|(_, len)| *len);
                let len = len
                    .or_else(|| setup.partitions.len_at(entry.lba).filter(|_| cannot_count(entry)));
                entries.push(boot_entry(&mut blocks, &mut loaded, platform, entry, len)?);
                paths.push(file.map(|(path, _)| path.clone()));
            }
            options.el_torito = Some(el_torito(catalog, entries));
            catalog_path = files.paths.get(&catalog.lba).map(|(path, _)| path.clone());
        }
        let mut area = setup.system_area;
        options.hybrid =
            hybrid::hybrid(&area, &setup.partitions, catalog.as_ref(), files.others_end, &options)?;
        hybrid::clear_tables(&mut area, options.hybrid.is_some());
        if area.iter().any(|byte| *byte != 0) {
            options.system_area = Some(area.into());
        }
        let found = options != BootOptions::default();
        Ok(found.then_some(Replay { options, paths, catalog_path, names: files.names }))
    }

    /// The files that begin at these blocks, as the file system has them that tells most.
    fn files_at(&mut self, starts: &[u32]) -> Files {
        let mut found = Files::default();
        let systems: Vec<_> = self.file_systems().collect();
        for system in systems {
            let Ok(view) = self.view(system) else { continue };
            for entry in view.walk().map_while(Result::ok) {
                if entry.kind != EntryKind::File {
                    continue;
                }
                let Some(first) = entry.extents.first() else { continue };
                if let Place::Recorded { lba, skip: 0 } = first.place
                    && starts.contains(&lba.0)
                {
                    found.paths.entry(lba.0).or_insert((entry.path, entry.len));
                    found.names = Some(system);
                } else {
                    found.others_end = found.others_end.max(end(&entry.extents));
                }
            }
            if !found.paths.is_empty() {
                break;
            }
        }
        found
    }
}

/// The files of an image that begin at some blocks.
#[derive(Default)]
struct Files {
    /// Path and length by block.
    paths: BTreeMap<u32, (String, u64)>,
    /// The file system that has these paths.
    names: Option<FileSystem>,
    /// The block behind all other files.
    others_end: u64,
}

/// The block behind all of these.
fn end(extents: &[Extent]) -> u64 {
    let ends = extents.iter().map(|extent| match extent.place {
        Place::Recorded { lba, .. } => u64::from(lba.0) + extent.bytes.div_ceil(BLOCK_SIZE as u64),
        Place::Zeros => 0,
    });
    ends.max().unwrap_or_default()
}

fn el_torito(catalog: &BootCatalog, entries: Vec<BootEntry>) -> ElTorito {
    let mut entries = entries.into_iter();
    let initial = entries.next();
    let unnamed = || BootEntry::new(BootImage::Unnamed(Vec::new().into()));
    let sections = catalog.sections.iter().map(|section| BootSection {
        platform: section.platform,
        id: ascii(&section.id),
        entries: entries.by_ref().take(section.entries.len()).collect(),
    });
    let sections = sections.filter(|section| !section.entries.is_empty()).collect();
    ElTorito {
        platform: catalog.platform,
        id: ascii(&catalog.id),
        initial: initial.unwrap_or_else(unnamed),
        sections,
        catalog_path: None,
        catalog_hidden_in: HiddenIn::empty(),
    }
}

/// Sectors that hold so many bytes of an image.
fn sectors(len: u64) -> u64 {
    len.div_ceil(VIRTUAL_SECTOR.into())
}

/// What an identification can be made of.
fn ascii(id: &str) -> String {
    id.chars().filter(char::is_ascii).collect()
}

/// Whether the length of an image does not fit its entry, or is not said there.
const fn cannot_count(entry: &CatalogEntry) -> bool {
    matches!(entry.sector_count, 0 | 1 | u16::MAX)
}

/// An entry with the bytes of its image; `len` is the length of the file or partition it is, if it is one.
fn boot_entry<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    loaded: &mut Loaded,
    platform: Platform,
    entry: &CatalogEntry,
    len: Option<u64>,
) -> Result<BootEntry, ReadError> {
    let emulation = Emulation::from_code(entry.emulation)
        .ok_or(ReadError::Unsupported { what: "a boot image of an unknown kind" })?;
    let first = *blocks.block(entry.lba)?;
    let table = info_table(&first, entry.lba);
    let len = emulation
        .floppy_len()
        .or_else(|| (emulation == Emulation::HardDisk).then(|| disk_len(&first))?)
        .or(len)
        .or_else(|| table.map(|table| table.len.get().into()));
    let len = len.map_or_else(|| loaded_len(blocks.count(), platform, entry, &first), Ok)?;
    let bytes = loaded.content(blocks, entry.lba, len)?;
    let (info_table, grub2_pointer) = (table.is_some(), has_grub2_pointer(&bytes, entry.lba));
    // What the new image would have anyway need not be said: it may be another one.
    let expected = match (emulation, platform) {
        (Emulation::None, Platform::BIOS) => 4,
        (Emulation::None, _) => u16::try_from(sectors(len)).unwrap_or_default(),
        _ => 1,
    };
    Ok(BootEntry {
        image: BootImage::Unnamed(bytes),
        bootable: entry.bootable,
        emulation,
        load_segment: entry.load_segment,
        sector_count: Some(entry.sector_count).filter(|count| *count != expected),
        criteria: entry.criteria.clone(),
        info_table,
        grub2_pointer,
    })
}

/// Bytes of an image of which nothing else tells how long it is: those that are loaded, or the file system that it is.
///
/// To UEFI a count of 0 or 1 means all up to the end of the disc, and discs of Windows have it in front of images that are no
/// files. UEFI 2.10 13.3.2.1.
fn loaded_len(
    blocks: u32,
    platform: Platform,
    entry: &CatalogEntry,
    first: &[u8; BLOCK_SIZE],
) -> Result<u64, ReadError> {
    let counted = u64::from(entry.sector_count) * u64::from(VIRTUAL_SECTOR);
    if platform != Platform::UEFI {
        return Ok(counted);
    }
    let volume = BootSector::read_from_prefix(first.as_slice()).ok();
    let volume = volume.and_then(|(fat, _)| fat.volume_len());
    let rest = bytes_in(blocks.saturating_sub(entry.lba));
    match volume {
        // What reaches behind the end is refused when it is read.
        Some(len) if cannot_count(entry) => Ok(len),
        None if cannot_count(entry) => Err(ReadError::EndlessBootImage { lba: entry.lba }),
        Some(len) if len <= rest => Ok(len.max(counted)),
        _ => Ok(counted),
    }
}

/// The boot info table of an image, when it has one that speaks of the image itself.
fn info_table(first: &[u8; BLOCK_SIZE], lba: u32) -> Option<InfoTable> {
    let (table, _) = InfoTable::read_from_prefix(first.get(INFO_TABLE_OFFSET..)?).ok()?;
    let is_it = table.volume_descriptor.get() == VOLUME_DESCRIPTORS_START
        && table.image.get() == lba
        && table.len.get() != 0;
    is_it.then_some(table)
}

fn has_grub2_pointer(content: &[u8], lba: u32) -> bool {
    content
        .get(GRUB2_POINTER_OFFSET..)
        .is_some_and(|rest| rest.starts_with(&grub2_pointer(lba).to_le_bytes()))
}

/// Bytes of a hard disk up to the end of its last partition.
fn disk_len(first: &[u8; BLOCK_SIZE]) -> Option<u64> {
    let (mbr, _) = MasterBootRecord::read_from_prefix(first.as_slice()).ok()?;
    let ends = mbr.partitions.iter().filter(|record| record.partition_type != partition_type::NONE);
    let ends = ends.map(|record| u64::from(record.start.get()) + u64::from(record.sectors.get()));
    let end = ends.max().filter(|_| mbr.signature == MBR_SIGNATURE)?;
    Some(end * SECTOR as u64)
}

/// Boot images by first block and length, each once: a hostile catalog has thousands of entries for the same.
#[derive(Default)]
struct Loaded {
    images: BTreeMap<(u32, u64), Bytes>,
    bytes: u64,
}

impl Loaded {
    fn content<S: BlockSource + ?Sized>(
        &mut self,
        blocks: &mut Blocks<'_, S>,
        lba: u32,
        len: u64,
    ) -> Result<Bytes, ReadError> {
        if let Some(known) = self.images.get(&(lba, len)) {
            return Ok(known.clone());
        }
        self.bytes = self.bytes.saturating_add(len);
        if self.bytes > MAX_IMAGES {
            return Err(ReadError::Unsupported { what: "boot images of more than 512 MiB" });
        }
        let bytes = Bytes::from(content(blocks, lba, len)?);
        self.images.insert((lba, len), bytes.clone());
        Ok(bytes)
    }
}

/// Bytes from a block on. What would reach behind the end of the image is refused.
fn content<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    lba: u32,
    len: u64,
) -> Result<Vec<u8>, ReadError> {
    if len == 0 {
        return Err(ReadError::malformed(lba, 0, "a boot image whose length can be known"));
    }
    let count = blocks.count();
    let rest = bytes_in(count.saturating_sub(lba));
    let len = usize::try_from(len).ok().filter(|len| *len as u64 <= rest);
    let len = len.ok_or(ReadError::OutOfRange { lba: count, blocks: count })?;
    let mut bytes = alloc::vec![0; len.next_multiple_of(BLOCK_SIZE)];
    blocks.refill();
    blocks.read(lba, &mut bytes)?;
    bytes.truncate(len);
    Ok(bytes)
}
