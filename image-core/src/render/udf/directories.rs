//! File identifiers. ECMA-167 4/14.4; UDF 2.3.4.

use alloc::vec::Vec;

use zerocopy::IntoBytes as _;

use super::{implementation, long_ad, part, tagged, unique_id};
use crate::BLOCK_SIZE;
use crate::address::{BLOCK_BYTES, Lba};
use crate::layout::System;
use crate::layout::udf::{Form, UdfLayout, identifier_use};
use crate::plan::Plan;
use crate::tree::Kind;
use crate::wire::udf::{DescriptorTag, FileCharacteristics, FileIdentifier, LongAd, cs0, tag_id};

impl Plan {
    /// One block of file identifiers: they follow each other without regard to blocks.
    pub(super) fn file_identifiers(&self, udf: &UdfLayout, lba: Lba) -> Vec<u8> {
        let Some((position, ordinal, from)) = udf.directories.at(lba) else { return Vec::new() };
        let Some(directory) = self.content.catalog.directory(position) else { return Vec::new() };
        let start = udf.in_entry_space(lba) - ordinal;
        let skipped = ordinal as usize * BLOCK_SIZE - from.offset as usize;
        let mut bytes = Vec::with_capacity(BLOCK_SIZE + 512);
        let mut next = from.ordinal;
        while bytes.len() < skipped + BLOCK_SIZE {
            let offset = from.offset as usize + bytes.len();
            let block =
                start.saturating_add(u32::try_from(offset / BLOCK_SIZE).unwrap_or(u32::MAX));
            let at = (block, offset);
            let identifier = if next == 0 {
                let parent = self.content.catalog.directory(directory.parent);
                parent_identifier(udf, parent.map_or(0, |parent| parent.item), at)
            } else {
                let item = directory.children.start + next - 1;
                if item >= directory.children.end {
                    break;
                }
                if !self.content.is_in(item, System::Udf) {
                    next += 1;
                    continue;
                }
                self.child_identifier(udf, item, at)
            };
            bytes.extend_from_slice(&identifier);
            next += 1;
        }
        part(bytes.get(skipped..).unwrap_or_default(), 0)
    }

    /// All identifiers of a directory, where they stand in its file entry in block `location`.
    pub(super) fn embedded_identifiers(
        &self,
        udf: &UdfLayout,
        position: u32,
        location: u32,
    ) -> Vec<u8> {
        let Some(directory) = self.content.catalog.directory(position) else { return Vec::new() };
        let parent = self.content.catalog.directory(directory.parent);
        let parent = parent.map_or(0, |parent| parent.item);
        let mut bytes = parent_identifier(udf, parent, (location, 0));
        for item in directory.children.clone() {
            if self.content.is_in(item, System::Udf) {
                bytes.extend(self.child_identifier(udf, item, (location, 0)));
            }
        }
        bytes
    }

    fn child_identifier(&self, udf: &UdfLayout, item: u32, at: (u32, usize)) -> Vec<u8> {
        let mut name = Vec::new();
        cs0::encode(self.content.names.udf.name(item, self.content.original_name(item)), &mut name);
        let mut characteristics = match self.content.kind(item) {
            Kind::Directory => FileCharacteristics::DIRECTORY,
            _ => FileCharacteristics::empty(),
        };
        if self.content.details(item).hidden {
            characteristics |= FileCharacteristics::HIDDEN;
        }
        // Every name has a unique id. UDF 3.2.1.1.
        let icb = named_entry(udf, self.content.catalog.entry_item(item), item);
        identifier(udf.form, characteristics, icb, &name, at)
    }
}

fn parent_identifier(udf: &UdfLayout, parent: u32, at: (u32, usize)) -> Vec<u8> {
    let characteristics = FileCharacteristics::DIRECTORY | FileCharacteristics::PARENT;
    identifier(udf.form, characteristics, entry(udf, parent), &[], at)
}

fn entry(udf: &UdfLayout, item: u32) -> LongAd {
    named_entry(udf, item, item)
}

fn named_entry(udf: &UdfLayout, item: u32, name: u32) -> LongAd {
    #[expect(clippy::cast_possible_truncation, reason = "the low 32 bits are what is recorded")]
    long_ad(udf.entry_of(item), BLOCK_BYTES, unique_id(name) as u32)
}

/// A file identifier that stands in block `location`, `offset` bytes from the start of the directory.
pub(super) fn identifier(
    form: Form,
    characteristics: FileCharacteristics,
    icb: LongAd,
    name: &[u8],
    (location, offset): (u32, usize),
) -> Vec<u8> {
    let padded = FileIdentifier::padded_len(name.len());
    let implementation_use = identifier_use(form, offset + padded);
    let fixed = FileIdentifier {
        tag: DescriptorTag::default(),
        version: 1.into(),
        characteristics: characteristics.bits(),
        identifier_length: u8::try_from(name.len()).unwrap_or(u8::MAX),
        icb,
        implementation_use_length: u16::try_from(implementation_use).unwrap_or_default().into(),
    };
    let mut bytes = fixed.as_bytes().to_vec();
    if implementation_use > 0 {
        bytes.extend_from_slice(implementation().as_bytes());
    }
    bytes.extend_from_slice(name);
    bytes.resize(padded + implementation_use, 0);
    tagged(form, tag_id::FILE_IDENTIFIER, location, bytes)
}
