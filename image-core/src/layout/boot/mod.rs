//! Where that which starts machines goes: system area, boot record, boot catalog, boot images and the backup of the
//! partition table.
//!
//! Boot images are placed first among the file data, and rendered where they are patched or are no files at all; an
//! appended EFI system partition is placed last.

mod catalog;
mod error;
mod images;
mod tables;

use alloc::sync::Arc;
use alloc::vec::Vec;

pub use error::BootError;
use images::{Image, overlay};
use tables::{BACKUP_BLOCKS, CYLINDER_BLOCKS, Disk, PARTITION_ALIGNMENT};

use super::cursor::Cursor;
use super::{Content, Placed, Region, Side};
use crate::address::{BLOCK_BYTES, Lba, SourceId};
use crate::options::boot::{Hybrid, PartitionTable, SystemPartition};
use crate::options::{Options, UdfPartition};
use crate::tree::{Attributes, Details, Kind, Tree};
use crate::wire::iso9660::VOLUME_DESCRIPTORS_START;
use crate::wire::partition::SECTOR;
use crate::{BLOCK_SIZE, order};

/// Bytes of the system area. ECMA-119 6.2.1.
const SYSTEM_AREA_BYTES: usize = VOLUME_DESCRIPTORS_START as usize * BLOCK_SIZE;

/// The source of a boot catalog that is a file of the image. Nobody is asked for its bytes: they are rendered.
pub const CATALOG_SOURCE: SourceId = SourceId(u32::MAX);

/// Addresses and small structures of what starts machines.
#[derive(Clone, Debug, Default)]
pub(crate) struct BootLayout {
    catalog: Option<Catalog>,
    images: Vec<Image>,
    /// Which image belongs to which entry of the catalog.
    of_entry: Vec<usize>,
    /// The image that the master boot record starts.
    for_bios: Option<usize>,
    hybrid: Option<Hybrid>,
    /// Empty when the image has nothing there.
    system_area: Vec<u8>,
    /// What [`Region::BackupTable`] has in it.
    backup: Vec<u8>,
    /// Entries of the backup table in an image that ends in an anchor of UDF.
    backup_entries: Option<Lba>,
    /// A block of something else that the header of the backup table is in, and that header.
    backup_header: Option<(Lba, Vec<u8>)>,
}

#[derive(Clone, Debug)]
struct Catalog {
    item: Option<u32>,
    start: Lba,
    blocks: u32,
    bytes: Vec<u8>,
}

/// The tree with the boot catalog as a file of it, where that is wanted.
pub(crate) fn with_catalog(tree: Arc<Tree>, options: &Options) -> Result<Arc<Tree>, BootError> {
    let Some(catalog) = &options.boot.el_torito else { return Ok(tree) };
    let Some(path) = &catalog.catalog_path else { return Ok(tree) };
    let len = crate::address::bytes_in(catalog::blocks(catalog));
    let mut tree = Arc::unwrap_or_clone(tree);
    let before = tree.find(path).map(|node| tree.kind(node));
    if matches!(before, Some(Kind::File { .. })) {
        // It is there, so that it can be removed; another error would come of adding in its place.
        let _ = tree.remove(path);
    }
    let node = tree.add_file(path, CATALOG_SOURCE, len, Attributes::default());
    let node = node.map_err(BootError::CatalogPath)?;
    let hidden_in = catalog.catalog_hidden_in;
    tree.set_details(node, Details { hidden_in, ..Details::default() });
    Ok(Arc::new(tree))
}

impl BootLayout {
    /// Finds and checks everything. Addresses come with the `assign_` functions, in the order they stand here.
    pub(super) fn new(content: &mut Content) -> Result<Self, BootError> {
        let options = content.options.boot.clone();
        let mut layout = Self { hybrid: options.hybrid, ..Self::default() };
        if let Some(catalog) = &options.el_torito {
            catalog::check(catalog)?;
            (layout.images, layout.of_entry) = images::resolve(content, catalog)?;
            let node = catalog.catalog_path.as_ref().and_then(|path| content.tree.find(path));
            layout.catalog = Some(Catalog {
                item: node.and_then(|node| content.catalog.item_of(node)),
                start: Lba::default(),
                blocks: catalog::blocks(catalog),
                bytes: Vec::new(),
            });
        }
        if let Some(area) = &options.system_area {
            if area.len() > SYSTEM_AREA_BYTES {
                return Err(BootError::SystemAreaSize { len: area.len() });
            }
            layout.system_area = area.to_vec();
        }
        if let Some(hybrid) = &layout.hybrid {
            tables::check_type(hybrid)?;
        }
        if let Some(code) = layout.hybrid.as_ref().and_then(|hybrid| hybrid.code.as_ref()) {
            tables::check_code(code)?;
            let catalog = options.el_torito.as_ref();
            layout.for_bios = images::for_bios(catalog, &layout.of_entry, code, &layout.images)?;
        }
        let virtual_partition = content.options.file_systems.udf
            && content.options.udf.partition == UdfPartition::Virtual;
        if virtual_partition && layout.backup_blocks() > 0 {
            return Err(BootError::VirtualPartition);
        }
        if layout.hybrid.is_some() || !layout.system_area.is_empty() {
            layout.system_area.resize(SYSTEM_AREA_BYTES, 0);
        }
        let items = layout.images.iter().filter_map(|image| image.item);
        content.pinned =
            items.chain(layout.catalog.as_ref().and_then(|found| found.item)).collect();
        order::sort_by_key(&mut content.pinned, |item| item);
        Ok(layout)
    }

    /// Blocks of the system area that are written.
    pub(super) const fn system_area_blocks(&self) -> u32 {
        if self.system_area.is_empty() { 0 } else { VOLUME_DESCRIPTORS_START }
    }

    pub(super) const fn has_record(&self) -> bool {
        self.catalog.is_some()
    }

    /// First block of the boot catalog.
    pub(crate) fn catalog_start(&self) -> Option<Lba> {
        self.catalog.as_ref().map(|catalog| catalog.start)
    }

    /// The catalog and the images that stand before the other files, those on one side.
    pub(super) fn assign_first(
        &mut self,
        content: &mut Content,
        cursor: &mut Cursor,
        side: Side,
    ) -> Vec<Placed> {
        let mut placed = Vec::new();
        let here = |catalog: &&mut Catalog| side.has(content, catalog.item);
        if let Some(catalog) = self.catalog.as_mut().filter(here) {
            catalog.start = cursor.take(catalog.blocks.into());
            content.set_data(catalog.item, catalog.start);
            content.files.extend(catalog.item);
            let (start, blocks) = (catalog.start, catalog.blocks);
            placed.push(Placed { region: Region::BootCatalog, start, blocks });
        }
        placed.extend(self.assign_images(content, cursor, side, false));
        placed
    }

    /// The EFI system partition behind all other files, if it is on one side.
    pub(super) fn assign_appended(
        &mut self,
        content: &mut Content,
        cursor: &mut Cursor,
        side: Side,
    ) -> Vec<Placed> {
        self.assign_images(content, cursor, side, true)
    }

    fn assign_images(
        &mut self,
        content: &mut Content,
        cursor: &mut Cursor,
        side: Side,
        appended: bool,
    ) -> Vec<Placed> {
        let mut placed = Vec::new();
        let hybrid = self.hybrid.as_ref();
        let appends = hybrid.is_some_and(|h| h.system_partition == SystemPartition::Appended);
        for (number, image) in (0..).zip(&mut self.images) {
            if (appends && image.system_partition) != appended || !side.has(content, image.item) {
                continue;
            }
            let aligned = hybrid.is_some() && image.system_partition;
            if aligned {
                cursor.align_end(0, PARTITION_ALIGNMENT.into());
            }
            let blocks = image.blocks();
            image.start = cursor.take(blocks.into());
            content.set_data(image.item, image.start);
            content.files.extend(image.item);
            if image.is_rendered() {
                let region = Region::BootImage(number);
                placed.push(Placed { region, start: image.start, blocks });
            }
            if aligned {
                cursor.align_end(0, PARTITION_ALIGNMENT.into());
                // No file begins where the next partition does, and is taken for it.
                cursor.take(1);
            }
        }
        placed
    }

    /// What the length of the image is a multiple of: whole cylinders where partitions are counted in them.
    pub(super) fn length_multiple(&self, wanted: u32) -> u64 {
        let table = self.hybrid.as_ref().map(|hybrid| hybrid.table);
        match table {
            Some(PartitionTable::Mbr | PartitionTable::Both) => {
                let wanted = wanted.max(1);
                let rest = wanted / greatest_common_divisor(wanted, CYLINDER_BLOCKS);
                u64::from(rest) * u64::from(CYLINDER_BLOCKS)
            }
            _ => wanted.into(),
        }
    }

    /// Blocks at the end of the image that the backup table takes.
    pub(super) fn backup_blocks(&self) -> u32 {
        let table = self.hybrid.as_ref().map(|hybrid| hybrid.table);
        match table {
            Some(PartitionTable::Gpt | PartitionTable::Both) => BACKUP_BLOCKS,
            _ => 0,
        }
    }

    /// The same for its entries alone.
    pub(super) fn backup_entry_blocks(&self) -> u32 {
        self.backup_blocks().saturating_sub(1)
    }

    /// Says that the image ends in an anchor of UDF: that has 512 bytes at the start of the last block, and the header of the
    /// backup table as many at its end. ECMA-167 3/10.2, UEFI 2.10 5.3.1. The entries stand before all that.
    pub(super) fn share_last_block(&mut self, entries: Lba) {
        self.backup_entries = Some(entries);
    }

    /// Writes catalog and partition tables, once every address is known.
    pub(crate) fn finish(
        &mut self,
        content: &Content,
        blocks: u32,
        seed: u64,
    ) -> Result<(), BootError> {
        if let (Some(place), Some(catalog)) = (&mut self.catalog, &content.options.boot.el_torito) {
            place.bytes = catalog::render(catalog, &self.images, &self.of_entry);
        }
        for image in &mut self.images {
            image.seal();
        }
        let Some(hybrid) = &self.hybrid else { return Ok(()) };
        let start = |position: usize| self.images.get(position).map(|image| image.start);
        let system = self.images.iter().find(|image| image.system_partition);
        let disk = Disk {
            hybrid,
            blocks,
            system_partition: system.map(|image| (image.start, image.partition_blocks())),
            bios_image: self.for_bios.and_then(start),
            seed,
            backup_entries: self.backup_entries,
        };
        disk.write_start(&mut self.system_area)?;
        if self.backup_blocks() > 0 && self.backup_entries.is_some() {
            self.backup = disk.gpt_entries();
            let last = Lba(blocks.saturating_sub(1));
            self.backup_header = Some((last, disk.backup_header()));
        } else if self.backup_blocks() > 0 {
            self.backup = disk.backup();
        }
        Ok(())
    }

    /// Writes what a block of something else has of the tables.
    pub(crate) fn render_shared(&self, lba: Lba, block: &mut [u8]) {
        if let Some((_, header)) = self.backup_header.as_ref().filter(|(last, _)| *last == lba) {
            overlay(block, 0, BLOCK_SIZE - SECTOR, header);
        }
    }

    /// Writes a block of one of the regions placed here.
    pub(crate) fn render(&self, region: Region, ordinal: u32, block: &mut [u8]) {
        let offset = ordinal as usize * BLOCK_SIZE;
        match region {
            Region::SystemArea => overlay(block, offset, 0, &self.system_area),
            Region::BackupTable => overlay(block, offset, 0, &self.backup),
            Region::BootCatalog => {
                let bytes = self.catalog.as_ref().map_or(&[][..], |catalog| &catalog.bytes);
                overlay(block, offset, 0, bytes);
            }
            Region::BootImage(number) => {
                if let Some(image) = self.images.get(number as usize) {
                    image.render(offset, block);
                }
            }
            _ => {}
        }
    }
}

const _: () = assert!(BLOCK_BYTES as usize == BLOCK_SIZE);

const fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
