//! The boot images of a catalog: which there are, and whether they are what they are said to be. El Torito 1.0, 2.2 and 2.4.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use zerocopy::{FromBytes as _, IntoBytes as _};

use super::tables::PARTITION_ALIGNMENT;
use super::{BootError, CATALOG_SOURCE};
use crate::address::{Lba, blocks_for};
use crate::layout::Content;
use crate::options::boot::{BootEntry, BootImage, Bytes, ElTorito, Emulation, MbrCode, Platform};
use crate::tree::Kind;
use crate::wire::eltorito::{
    GRUB2_POINTER_OFFSET, INFO_TABLE_OFFSET, INFO_TABLE_SUMMED_FROM, InfoTable, VIRTUAL_SECTOR,
    grub2_pointer,
};
use crate::wire::iso9660::VOLUME_DESCRIPTORS_START;
use crate::wire::partition::{
    ISOLINUX_HYBRID_OFFSET, ISOLINUX_HYBRID_SIGNATURE, MBR_SIGNATURE, MasterBootRecord,
    partition_type,
};

/// A boot image, which several entries may share.
#[derive(Clone, Debug)]
pub(crate) struct Image {
    /// The file it is, if it is one.
    pub(super) item: Option<u32>,
    pub(super) len: u64,
    /// Its bytes, where they are needed.
    content: Option<Bytes>,
    /// What is patched into it.
    info_table: bool,
    table: Option<InfoTable>,
    grub2_pointer: bool,
    /// Whether it is a partition for UEFI.
    pub(super) system_partition: bool,
    pub(super) start: Lba,
}

impl Image {
    fn new(content: &Content, entry: &BootEntry) -> Result<Self, BootError> {
        let (item, len, bytes) = match &entry.image {
            BootImage::Unnamed(bytes) => (None, bytes.len() as u64, Some(bytes.clone())),
            BootImage::File(path) => {
                let missing = || BootError::NotAFile { path: path.clone() };
                let node = content.tree.find(path).ok_or_else(missing)?;
                let Kind::File { source, len } = content.tree.kind(node) else {
                    return Err(missing());
                };
                if source == CATALOG_SOURCE {
                    return Err(BootError::IsCatalog { path: path.clone() });
                }
                let item = content.catalog.item_of(node).ok_or_else(missing)?;
                let item = content.catalog.entry_item(item);
                (Some(item), len, content.bytes(item))
            }
        };
        let image = Self {
            item,
            len,
            content: bytes,
            info_table: entry.info_table,
            table: None,
            grub2_pointer: entry.grub2_pointer,
            system_partition: false,
            start: Lba::default(),
        };
        let path = || path_of(entry);
        if image.len == 0 {
            return Err(BootError::Empty { path: path() });
        }
        match &image.content {
            Some(bytes) if bytes.len() as u64 != len => {
                let given = bytes.len() as u64;
                Err(BootError::ContentDiffers { path: path(), len, given })
            }
            _ => Ok(image),
        }
    }

    fn check(&self, entry: &BootEntry) -> Result<(), BootError> {
        let path = || path_of(entry);
        let len = self.len;
        if let Some(expected) = entry.emulation.floppy_len().filter(|expected| *expected != len) {
            return Err(BootError::FloppySize { path: path(), len, expected });
        }
        if entry.emulation == Emulation::HardDisk {
            self.partition_type(entry)?;
        }
        let patches = [
            (entry.info_table, "a boot info table", INFO_TABLE_SUMMED_FROM),
            (entry.grub2_pointer, "GRUB's pointer", GRUB2_POINTER_OFFSET + size_of::<u64>()),
        ];
        for (_, what, end) in patches.into_iter().filter(|(wanted, ..)| *wanted) {
            if self.content.is_none() {
                return Err(BootError::ContentNeeded { path: path(), what });
            }
            if len < end as u64 {
                return Err(BootError::TooShort { path: path(), len, what, end: end as u64 });
            }
        }
        Ok(())
    }

    /// Type of the only partition of a hard disk. El Torito 1.0, figure 3, byte 4.
    pub(super) fn partition_type(&self, entry: &BootEntry) -> Result<u8, BootError> {
        let path = || path_of(entry);
        let what = "the type of its partition goes into the boot catalog";
        let content = self.content.as_deref();
        let content = content.ok_or_else(|| BootError::ContentNeeded { path: path(), what })?;
        let mbr = MasterBootRecord::read_from_prefix(content).ok().map(|(mbr, _)| mbr);
        let mbr = mbr.filter(|mbr| mbr.signature == MBR_SIGNATURE);
        let mbr = mbr.ok_or_else(|| BootError::NoMasterBootRecord { path: path() })?;
        let used = |kind: &u8| *kind != partition_type::NONE;
        let types: Vec<u8> =
            mbr.partitions.iter().map(|record| record.partition_type).filter(used).collect();
        match types.as_slice() {
            [only] => Ok(*only),
            _ => Err(BootError::Partitions { path: path(), partitions: types.len() }),
        }
    }

    /// Whether its blocks are rendered: bytes that no file has, or that differ from those of the file.
    pub(super) const fn is_rendered(&self) -> bool {
        self.item.is_none() || self.info_table || self.grub2_pointer
    }

    pub(super) fn blocks(&self) -> u32 {
        // What does not fit 32 bits is refused once the image has been measured.
        blocks_for(self.len).unwrap_or(u32::MAX)
    }

    /// Blocks of the partition it is: what is behind the image up to the boundary is zero.
    pub(super) fn partition_blocks(&self) -> u32 {
        self.blocks().saturating_add(PARTITION_ALIGNMENT - 1) / PARTITION_ALIGNMENT
            * PARTITION_ALIGNMENT
    }

    /// Makes the table that is patched into it, now that its address is known: of the bytes as they will be recorded.
    pub(super) fn seal(&mut self) {
        let Some(content) = self.content.as_ref().filter(|_| self.info_table) else { return };
        let mut recorded = alloc::vec![0; content.len()];
        self.render(0, &mut recorded);
        self.table = Some(InfoTable::new(VOLUME_DESCRIPTORS_START, self.start.0, &recorded));
    }

    /// Bytes of the image from an offset on, patched.
    pub(super) fn render(&self, offset: usize, out: &mut [u8]) {
        let Some(content) = &self.content else { return };
        overlay(out, offset, 0, content);
        if let Some(table) = &self.table {
            overlay(out, offset, INFO_TABLE_OFFSET, table.as_bytes());
        }
        if self.grub2_pointer {
            let pointer = grub2_pointer(self.start.0).to_le_bytes();
            overlay(out, offset, GRUB2_POINTER_OFFSET, &pointer);
        }
    }
}

/// Copies `bytes`, which begin at byte `at`, to a window that begins at byte `offset`.
pub(super) fn overlay(out: &mut [u8], offset: usize, at: usize, bytes: &[u8]) {
    let window = out.get_mut(at.saturating_sub(offset)..).unwrap_or_default();
    let bytes = bytes.get(offset.saturating_sub(at)..).unwrap_or_default();
    for (to, from) in window.iter_mut().zip(bytes) {
        *to = *from;
    }
}

fn path_of(entry: &BootEntry) -> String {
    match &entry.image {
        BootImage::File(path) => path.clone(),
        BootImage::Unnamed(_) => "(unnamed)".to_string(),
    }
}

/// Whether two entries mean the same image.
fn same(image: &BootImage, other: &BootImage, content: &Content) -> bool {
    match (image, other) {
        (BootImage::File(a), BootImage::File(b)) => {
            let file = |path| content.tree.find(path).map(|node| content.tree.link_of(node));
            a == b || file(a).is_some_and(|found| file(b) == Some(found))
        }
        _ => image == other,
    }
}

/// The images of a catalog, each once, and for every entry which one it is.
pub(super) fn resolve(
    content: &Content,
    catalog: &ElTorito,
) -> Result<(Vec<Image>, Vec<usize>), BootError> {
    let mut images: Vec<Image> = Vec::new();
    let mut firsts: Vec<&BootEntry> = Vec::new();
    let mut of_entry = Vec::new();
    for (platform, entry) in catalog.entries() {
        let known = firsts.iter().position(|first| same(&first.image, &entry.image, content));
        let position = match known {
            Some(position) => position,
            None => {
                images.push(Image::new(content, entry)?);
                firsts.push(entry);
                images.len() - 1
            }
        };
        if let Some(image) = images.get_mut(position) {
            let patches = (entry.info_table, entry.grub2_pointer);
            if (image.info_table, image.grub2_pointer) != patches {
                return Err(BootError::PatchedDifferently { path: path_of(entry) });
            }
            image.check(entry)?;
            let bootable = entry.bootable && entry.emulation == Emulation::None;
            image.system_partition |= bootable && platform == Platform::UEFI;
        }
        of_entry.push(position);
    }
    Ok((images, of_entry))
}

/// Sectors that an entry has loaded.
pub(super) fn sector_count(platform: Platform, entry: &BootEntry, image: &Image) -> u16 {
    /// A block of the disc, which is what loaders without emulation expect.
    const BLOCK: u16 = 4;
    match (entry.sector_count, entry.emulation, platform) {
        (Some(count), ..) => count,
        (None, Emulation::None, Platform::BIOS) => BLOCK,
        (None, Emulation::None, _) => {
            u16::try_from(image.len.div_ceil(VIRTUAL_SECTOR.into())).unwrap_or(0)
        }
        (None, ..) => 1,
    }
}

/// The image that code in a master boot record starts.
pub(super) fn for_bios(
    catalog: Option<&ElTorito>,
    of_entry: &[usize],
    code: &MbrCode,
    images: &[Image],
) -> Result<Option<usize>, BootError> {
    if matches!(code, MbrCode::Other(_)) {
        return Ok(None);
    }
    let is_it = |platform, entry: &BootEntry| {
        platform == Platform::BIOS && entry.bootable && entry.emulation == Emulation::None
    };
    let entries = catalog.into_iter().flat_map(ElTorito::entries).zip(of_entry);
    let found = entries.into_iter().find(|((platform, entry), _)| is_it(*platform, entry));
    let ((_, entry), position) = found.ok_or(BootError::NothingForBios)?;
    if matches!(code, MbrCode::Isolinux(_)) {
        let content = images.get(*position).and_then(|image| image.content.as_deref());
        let what = "the master boot record starts it";
        let content =
            content.ok_or_else(|| BootError::ContentNeeded { path: path_of(entry), what })?;
        if !content
            .get(ISOLINUX_HYBRID_OFFSET..)
            .is_some_and(|rest| rest.starts_with(&ISOLINUX_HYBRID_SIGNATURE))
        {
            return Err(BootError::NotIsolinux { path: path_of(entry) });
        }
    }
    Ok(Some(*position))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_shows_its_part() {
        let mut out = [0; 4];
        overlay(&mut out, 10, 8, &[1, 2, 3, 4]);
        assert_eq!(out, [3, 4, 0, 0]);
        overlay(&mut out, 10, 13, &[9, 9]);
        assert_eq!(out, [3, 4, 0, 9]);
        overlay(&mut out, 10, 14, &[7]);
        overlay(&mut out, 10, 3, &[7]);
        assert_eq!(out, [3, 4, 0, 9]);
    }
}
