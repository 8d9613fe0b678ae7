//! UDF directories and file entries. ECMA-167 4/14.4, 4/14.9; UDF 1.02 2.3.4, 2.3.6.

use alloc::vec::Vec;

use zerocopy::IntoBytes as _;

use super::put;
use super::udf_volume::{FIRST_UNIQUE_ID, implementation, long_ad, tagged};
use crate::BLOCK_SIZE;
use crate::address::{BLOCK_BYTES, Lba, blocks_for};
use crate::layout::System;
use crate::layout::udf::UdfLayout;
use crate::plan::Plan;
use crate::tree::{Kind, Special};
use crate::wire::udf::{
    DescriptorTag, FileCharacteristics, FileEntry, FileIdentifier, IcbTag, LongAd, PathComponent,
    SHORT_AD_MAX, ShortAd, Timestamp, ad_type, component_type, cs0, file_type, icb_flags,
    permissions, tag_id,
};

/// No user or group given. ECMA-167 4/14.9.3.
const UNSPECIFIED: u32 = u32::MAX;

const fn unique_id(item: u32) -> u64 {
    if item == 0 { 0 } else { FIRST_UNIQUE_ID + item as u64 }
}

impl Plan {
    /// One block of file identifiers: they follow each other without regard to blocks.
    pub(super) fn file_identifiers(&self, lba: Lba, block: &mut [u8]) {
        let Some(udf) = &self.layout.udf else { return };
        let Some((position, ordinal, from)) = udf.directory_at(lba) else { return };
        let Some(directory) = self.content.catalog.directory(position) else { return };
        let start = udf.relative(lba) - ordinal;
        let skipped = ordinal as usize * BLOCK_SIZE - from.offset as usize;
        let mut bytes = Vec::with_capacity(BLOCK_SIZE + 512);
        let mut next = from.ordinal;
        while bytes.len() < skipped + block.len() {
            let offset = from.offset as usize + bytes.len();
            let location =
                start.saturating_add(u32::try_from(offset / BLOCK_SIZE).unwrap_or(u32::MAX));
            let identifier = if next == 0 {
                let parent = self.content.catalog.directory(directory.parent);
                self.parent_identifier(udf, parent.map_or(0, |parent| parent.item), location)
            } else {
                let item = directory.children.start + next - 1;
                if item >= directory.children.end {
                    break;
                }
                if !self.content.is_in(item, System::Udf) {
                    next += 1;
                    continue;
                }
                self.child_identifier(udf, item, location)
            };
            bytes.extend_from_slice(&identifier);
            next += 1;
        }
        for (to, from) in block.iter_mut().zip(bytes.iter().skip(skipped)) {
            *to = *from;
        }
    }

    fn parent_identifier(&self, udf: &UdfLayout, parent: u32, location: u32) -> Vec<u8> {
        let characteristics = FileCharacteristics::DIRECTORY | FileCharacteristics::PARENT;
        identifier(characteristics, entry(udf, parent), &[], location)
    }

    fn child_identifier(&self, udf: &UdfLayout, item: u32, location: u32) -> Vec<u8> {
        let mut name = Vec::new();
        cs0::encode(self.content.names.udf.name(item, self.content.original_name(item)), &mut name);
        let mut characteristics = match self.content.kind(item) {
            Kind::Directory => FileCharacteristics::DIRECTORY,
            _ => FileCharacteristics::empty(),
        };
        if self.content.details(item).hidden {
            characteristics |= FileCharacteristics::HIDDEN;
        }
        identifier(
            characteristics,
            entry(udf, self.content.catalog.entry_item(item)),
            &name,
            location,
        )
    }

    /// The file entry of an item, which fills a block. The second name of a file has none of its own, and what is hidden
    /// needs none.
    pub(super) fn file_entry(&self, item: u32, block: &mut [u8]) {
        let Some(udf) = &self.layout.udf else { return };
        let is_entry = self.content.catalog.entry_item(item) == item;
        if !is_entry || self.content.links(item, System::Udf) == 0 {
            return;
        }
        let (file_type, links, allocation) = self.allocation(udf, item);
        let attributes = self.content.tree.attributes(self.content.node(item));
        let mode = self.content.posix_mode(item);
        let modified = Timestamp::new(self.content.modified(item));
        let entry = FileEntry {
            tag: DescriptorTag::default(),
            icb_tag: IcbTag {
                strategy_type: 4.into(),
                maximum_entries: 1.into(),
                file_type,
                flags: (allocation.kind | mode_flags(mode)).into(),
                ..IcbTag::default()
            },
            uid: attributes.uid.unwrap_or(UNSPECIFIED).into(),
            gid: attributes.gid.unwrap_or(UNSPECIFIED).into(),
            permissions: permissions::from_mode(mode).into(),
            link_count: links.into(),
            record_format: 0,
            record_display_attributes: 0,
            record_length: 0.into(),
            information_length: allocation.len.into(),
            blocks_recorded: allocation.blocks.into(),
            accessed: modified,
            modified,
            attributes_changed: modified,
            checkpoint: 1.into(),
            extended_attribute_icb: LongAd::default(),
            implementation_identifier: implementation(),
            unique_id: unique_id(item).into(),
            extended_attributes_length: 0.into(),
            allocation_descriptors_length: u32::try_from(allocation.bytes.len())
                .unwrap_or(0)
                .into(),
        };
        let mut bytes = entry.as_bytes().to_vec();
        bytes.extend_from_slice(&allocation.bytes);
        put(block, 0, &tagged(tag_id::FILE_ENTRY, udf.entry_of(item), bytes));
    }

    /// What an item is, how many identifiers name it, and where its bytes are.
    fn allocation(&self, udf: &UdfLayout, item: u32) -> (u8, u16, Allocation) {
        let names = u16::try_from(self.content.links(item, System::Udf)).unwrap_or(u16::MAX);
        match self.content.kind(item) {
            Kind::Directory => {
                let position = self.content.catalog.position_of(item).unwrap_or_default();
                let extent = udf.directories.get(position as usize).copied().unwrap_or_default();
                let subdirectories = self.content.subdirectories(position, System::Udf);
                let links = u16::try_from(subdirectories + 1).unwrap_or(u16::MAX);
                let allocation = Allocation::extents(udf.relative(extent.start), extent.len.into());
                (file_type::DIRECTORY, links, allocation)
            }
            Kind::File { len, .. } => {
                let start = udf.relative(self.content.data_of(item));
                (file_type::REGULAR, names, Allocation::extents(start, len))
            }
            Kind::Symlink { target } => {
                (file_type::SYMLINK, names, Allocation::embedded(path_components(target)))
            }
            Kind::Special(special) => {
                (special_type(special), names, Allocation::embedded(Vec::new()))
            }
        }
    }
}

/// Where the bytes of a file are, as its file entry records it.
struct Allocation {
    kind: u16,
    len: u64,
    blocks: u64,
    bytes: Vec<u8>,
}

impl Allocation {
    /// Consecutive blocks from `start` on. ECMA-167 4/14.14.1.
    fn extents(start: u32, len: u64) -> Self {
        let mut bytes = Vec::new();
        let mut rest = len;
        let mut block = start;
        while rest > 0 {
            let part = u32::try_from(rest.min(SHORT_AD_MAX.into())).unwrap_or(SHORT_AD_MAX);
            let ad = ShortAd { length_and_type: part.into(), block: block.into() };
            bytes.extend_from_slice(ad.as_bytes());
            rest -= u64::from(part);
            block = block.saturating_add(SHORT_AD_MAX / BLOCK_BYTES);
        }
        let blocks = blocks_for(len).unwrap_or(u32::MAX).into();
        Self { kind: ad_type::SHORT, len, blocks, bytes }
    }

    /// In the file entry itself. ECMA-167 4/14.6.8.
    const fn embedded(bytes: Vec<u8>) -> Self {
        Self { kind: ad_type::EMBEDDED, len: bytes.len() as u64, blocks: 0, bytes }
    }
}

fn entry(udf: &UdfLayout, item: u32) -> LongAd {
    #[expect(clippy::cast_possible_truncation, reason = "the low 32 bits are what is recorded")]
    long_ad(udf.entry_of(item), BLOCK_BYTES, unique_id(item) as u32)
}

fn identifier(
    characteristics: FileCharacteristics,
    icb: LongAd,
    name: &[u8],
    location: u32,
) -> Vec<u8> {
    let fixed = FileIdentifier {
        tag: DescriptorTag::default(),
        version: 1.into(),
        characteristics: characteristics.bits(),
        identifier_length: u8::try_from(name.len()).unwrap_or(u8::MAX),
        icb,
        implementation_use_length: 0.into(),
    };
    let mut bytes = fixed.as_bytes().to_vec();
    bytes.extend_from_slice(name);
    bytes.resize(FileIdentifier::padded_len(name.len()), 0);
    tagged(tag_id::FILE_IDENTIFIER, location, bytes)
}

const fn special_type(special: Special) -> u8 {
    match special {
        Special::CharacterDevice { .. } => file_type::CHARACTER_DEVICE,
        Special::BlockDevice { .. } => file_type::BLOCK_DEVICE,
        Special::Fifo => file_type::FIFO,
        Special::Socket => file_type::SOCKET,
    }
}

/// Set-id and sticky bits in the ICB flags. UDF 3.3.2.
fn mode_flags(mode: u32) -> u16 {
    let flags =
        [(0o4000, icb_flags::SET_UID), (0o2000, icb_flags::SET_GID), (0o1000, icb_flags::STICKY)];
    flags.iter().filter(|(bit, _)| mode & bit != 0).fold(0, |all, (_, flag)| all | flag)
}

/// What a symbolic link points to. ECMA-167 4/14.16.
fn path_components(target: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    if target.starts_with('/') {
        push_component(component_type::ROOT, "", &mut bytes);
    }
    for part in target.split('/').filter(|part| !part.is_empty()) {
        match part {
            "." => push_component(component_type::CURRENT, "", &mut bytes),
            ".." => push_component(component_type::PARENT, "", &mut bytes),
            _ => push_component(component_type::NAME, part, &mut bytes),
        }
    }
    bytes
}

fn push_component(component_type: u8, name: &str, out: &mut Vec<u8>) {
    let identifier_length = u8::try_from(cs0::encoded_len(name)).unwrap_or(u8::MAX);
    let head = PathComponent { component_type, identifier_length, version: 0.into() };
    out.extend_from_slice(head.as_bytes());
    cs0::encode(name, out);
}
