//! Bytes made what starts machines, once there is a tree to take boot images from.

use image_core::boot::{
    BootEntry, BootImage, BootSection, ElTorito, Emulation, Hybrid, MbrCode, PartitionTable,
    Platform, SelectionCriteria, SystemPartition,
};
use image_core::{BootOptions, HiddenIn, Kind, SourceId, Tree};

use super::bytes::Bytes;
use super::{round_trip, tree};

/// First source of bytes that are no file of the tree.
const UNNAMED: u32 = 1 << 24;
/// Bytes of an unnamed hard disk, and the sectors of its only partition.
const DISK: usize = 8 << 10;
const DISK_SECTORS: u32 = 16;

/// What is wanted; none of it when the first byte is 0.
pub(super) struct BootChoice {
    entries: Vec<(Platform, Image, BootEntry)>,
    id: String,
    catalog_path: Option<String>,
    catalog_hidden_in: HiddenIn,
    system_area: Option<Vec<u8>>,
    hybrid: Option<Hybrid>,
}

enum Image {
    /// One of the files of the tree, by number.
    File(usize),
    Unnamed(Vec<u8>),
}

impl BootChoice {
    pub(super) fn new(bytes: &mut Bytes<'_>) -> Self {
        let what = bytes.byte();
        let has = |bit: u8| what & bit != 0;
        let count = if has(1) { u32::from(what >> 4) % 5 + 1 } else { 0 };
        let entries = (0..count).map(|number| entry(number, bytes)).collect();
        let id = if has(1) { ascii(bytes) } else { String::new() };
        let catalog_path = has(8).then(|| tree::path(bytes, 0));
        let hidden = if has(8) { bytes.byte() } else { 0 };
        Self {
            entries,
            id,
            catalog_path,
            catalog_hidden_in: HiddenIn::from_bits_truncate(hidden),
            system_area: has(4).then(|| {
                let len = bytes.number(2) as usize;
                round_trip::content(SourceId(UNNAMED - 1), len)
            }),
            hybrid: has(2).then(|| hybrid(bytes)),
        }
    }

    /// The options, with boot images that are files of the tree.
    pub(super) fn options(self, tree: &Tree) -> BootOptions {
        let files: Vec<String> = round_trip::nodes(tree)
            .into_iter()
            .filter(|node| matches!(tree.kind(*node), Kind::File { .. }))
            .map(|node| tree.path(node))
            .collect();
        let mut entries = self.entries.into_iter().map(|(platform, image, mut entry)| {
            entry.image = match image {
                Image::Unnamed(bytes) => BootImage::Unnamed(bytes.into()),
                Image::File(number) => {
                    let path = files.get(number % files.len().max(1)).cloned();
                    BootImage::File(path.unwrap_or_default())
                }
            };
            (platform, entry)
        });
        let first = entries.next();
        let el_torito = first.map(|(platform, initial)| ElTorito {
            id: self.id,
            sections: entries.map(|(platform, entry)| BootSection::of(platform, entry)).collect(),
            catalog_path: self.catalog_path,
            catalog_hidden_in: self.catalog_hidden_in,
            ..ElTorito::new(platform, initial)
        });
        BootOptions {
            el_torito,
            system_area: self.system_area.map(Into::into),
            hybrid: self.hybrid,
        }
    }
}

fn entry(number: u32, bytes: &mut Bytes<'_>) -> (Platform, Image, BootEntry) {
    let (platform, bits) = (bytes.byte(), bytes.byte());
    let platforms = [Platform::BIOS, Platform::UEFI, Platform::MAC, Platform(platform)];
    let mut entry = BootEntry::new(BootImage::File(String::new()));
    let image = if bits & 1 == 0 {
        Image::File(bytes.number(2) as usize)
    } else {
        let len = if bits & 2 == 0 { bytes.number(2) as usize % 9000 } else { DISK };
        let mut content = round_trip::content(SourceId(UNNAMED + number), len);
        if bits & 2 != 0 {
            make_disk(&mut content);
            entry.emulation = Emulation::HardDisk;
        }
        Image::Unnamed(content)
    };
    entry.bootable = bits & 4 == 0;
    (entry.info_table, entry.grub2_pointer) = (bits & 8 != 0, bits & 16 != 0);
    entry.load_segment = if bits & 32 != 0 { bytes.number(2) as u16 } else { 0 };
    entry.sector_count = (bits & 64 != 0).then(|| bytes.number(2) as u16);
    if number > 0 && bits & 128 != 0 {
        let kind = bytes.byte();
        entry.criteria =
            Some(SelectionCriteria { kind, bytes: bytes.text().into_owned().into_bytes() });
    }
    (platforms[usize::from(platform % 4)], image, entry)
}

/// Puts a master boot record with one partition in.
fn make_disk(bytes: &mut [u8]) {
    bytes[446..510].fill(0);
    bytes[450] = 0x0c;
    bytes[458..462].copy_from_slice(&DISK_SECTORS.to_le_bytes());
    bytes[510..512].copy_from_slice(&[0x55, 0xaa]);
}

fn ascii(bytes: &mut Bytes<'_>) -> String {
    bytes.text().chars().filter(char::is_ascii).collect()
}

fn hybrid(bytes: &mut Bytes<'_>) -> Hybrid {
    let bits = bytes.byte();
    let tables = [PartitionTable::Mbr, PartitionTable::Gpt, PartitionTable::Both];
    let mut hybrid = Hybrid::new(tables[usize::from(bits % 3)]);
    let code = |len| round_trip::content(SourceId(UNNAMED - 2), len).into();
    hybrid.code = match bits >> 2 & 3 {
        1 => Some(MbrCode::Grub2(code(512))),
        2 => Some(MbrCode::Other(code(bytes.number(2) as usize % 450))),
        _ => None,
    };
    if bits & 16 != 0 {
        hybrid.system_partition = SystemPartition::Appended;
    }
    if bits & 32 != 0 {
        hybrid.partition_type = bytes.byte();
    }
    hybrid
}
