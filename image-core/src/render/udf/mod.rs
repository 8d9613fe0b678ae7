//! The blocks of a UDF volume.

mod directories;
mod entries;
mod entry;
mod maps;
mod streams;
mod tables;
mod volume;

use alloc::vec::Vec;

use zerocopy::{Immutable, IntoBytes};

use super::put;
use crate::BLOCK_SIZE;
use crate::address::Lba;
use crate::layout::udf::{Form, UdfLayout, UdfRegion};
use crate::layout::{Placed, System};
use crate::plan::Plan;
use crate::wire::udf::{DescriptorTag, EntityId, LbAddr, LongAd};

/// Least unique id of anything but the root. UDF 3.2.1.1.
const FIRST_UNIQUE_ID: u64 = 16;
/// Operating system class of what has a user and a group: UNIX, any. UDF 6.3.1.
const UNIX: [u8; 8] = [4, 0, 0, 0, 0, 0, 0, 0];

impl Plan {
    pub(super) fn udf_block(&self, region: UdfRegion, placed: Placed, lba: Lba, out: &mut [u8]) {
        let Some(udf) = &self.layout.udf else { return };
        let ordinal = lba.since(placed.start);
        let bytes = match region {
            UdfRegion::Recognition => volume::recognition(udf.form, ordinal),
            UdfRegion::VolumeSequence => self.volume_sequence(udf, lba, ordinal),
            UdfRegion::Integrity => self.integrity(udf, lba, ordinal),
            UdfRegion::Anchor => volume::anchor(udf, lba),
            UdfRegion::SparingTable => tables::sparing(udf, lba),
            UdfRegion::FileSet => self.file_set(udf, ordinal),
            UdfRegion::MetadataEntry | UdfRegion::MirrorEntry | UdfRegion::BitmapEntry => {
                self.metadata_entry(udf, region, lba)
            }
            UdfRegion::MetadataBitmap => tables::metadata_bitmap(udf, ordinal),
            UdfRegion::Bitmap => tables::bitmap(udf, ordinal),
            UdfRegion::Mirror => {
                self.mirrored(udf, ordinal, out);
                return;
            }
            UdfRegion::Targets => self.link_target(udf, lba),
            UdfRegion::Directories => self.file_identifiers(udf, lba),
            UdfRegion::Entries => self.file_entry(udf, ordinal),
            UdfRegion::Descriptors => self.further_descriptors(udf, lba),
            UdfRegion::Streams => self.streams(udf, lba),
            UdfRegion::VirtualTable => self.virtual_table(udf, ordinal),
            UdfRegion::VirtualEntry => self.virtual_entry(udf, lba),
        };
        put(out, 0, &bytes);
    }

    /// Writes the anchor that belongs into a block at the start of the disc.
    pub(crate) fn udf_anchor(&self, lba: Lba, out: &mut [u8]) {
        if let Some(udf) = &self.layout.udf {
            put(out, 0, &volume::anchor(udf, lba));
        }
    }

    /// The unique id of an item's file: that of the first of its names. UDF 3.2.1.1.
    fn file_id(&self, item: u32) -> u64 {
        let names = self.content.catalog.names_of(item);
        let first = names.into_iter().find(|name| self.content.is_in(*name, System::Udf));
        unique_id(first.unwrap_or(item))
    }

    /// A block of the mirror is the same block of the metadata file again: addresses in it are those of the metadata partition.
    fn mirrored(&self, udf: &UdfLayout, ordinal: u32, out: &mut [u8]) {
        let Some(metadata) = udf.metadata else { return };
        let lba = metadata.content.start.plus(ordinal);
        if let Some(placed) = self.placed_at(lba) {
            self.render_block(placed, lba, out);
        }
    }
}

/// A descriptor for `location`, with its tag filled in.
fn tagged(form: Form, identifier: u16, location: u32, mut descriptor: Vec<u8>) -> Vec<u8> {
    if let Some((head, body)) = descriptor.split_at_mut_checked(size_of::<DescriptorTag>()) {
        let tag = DescriptorTag::new(identifier, form.descriptor_version(), location, body);
        head.copy_from_slice(tag.as_bytes());
    }
    descriptor
}

/// The same with a CRC over no more than `covered` bytes behind the tag.
fn tagged_in_part(
    form: Form,
    identifier: u16,
    location: u32,
    mut descriptor: Vec<u8>,
    covered: usize,
) -> Vec<u8> {
    let rest = descriptor.split_off(descriptor.len().min(size_of::<DescriptorTag>() + covered));
    let mut bytes = tagged(form, identifier, location, descriptor);
    bytes.extend(rest);
    bytes
}

/// The part of a structure that a block of it holds.
fn part(bytes: &[u8], ordinal: u32) -> Vec<u8> {
    let start = (ordinal as usize).saturating_mul(BLOCK_SIZE);
    let rest = bytes.get(start..).unwrap_or_default();
    rest.get(..BLOCK_SIZE).unwrap_or(rest).to_vec()
}

fn bytes_of(descriptor: &(impl IntoBytes + Immutable)) -> Vec<u8> {
    descriptor.as_bytes().to_vec()
}

/// This program as an implementation. UDF 2.1.5.2.
fn implementation() -> EntityId {
    EntityId::new(b"*discwright", [0; 8])
}

fn domain(form: Form) -> EntityId {
    EntityId::new(b"*OSTA UDF Compliant", EntityId::udf_suffix(form.revision.number()))
}

/// An identifier that UDF defines. UDF 2.1.5.3.
fn udf_identifier(form: Form, identifier: &[u8]) -> EntityId {
    EntityId::new(identifier, EntityId::udf_suffix(form.revision.number()))
}

/// An extent of a partition, with the unique id of what it holds.
fn long_ad(location: LbAddr, len: u32, unique_id: u32) -> LongAd {
    LongAd { length_and_type: len.into(), location, flags: 0.into(), unique_id: unique_id.into() }
}

fn unique_id(item: u32) -> u64 {
    if item == 0 { 0 } else { FIRST_UNIQUE_ID + u64::from(item) }
}
