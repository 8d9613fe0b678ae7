//! Information control blocks: the entry that describes a file, found by strategy 4 or 4096. ECMA-167 4/14.6 to 4/14.17.

use alloc::vec::Vec;
use core::ops::Range;

use zerocopy::FromBytes as _;

use super::super::blocks::Blocks;
use super::super::{BlockSource, ReadError};
use super::Position;
use super::chain::Chain;
use super::partition::{Block, Space};
use crate::wire::udf::{
    ExtendedFileEntry, FileEntry, IcbTag, IndirectEntry, LbAddr, LongAd, Timestamp, tag_id,
};

/// Strategy of write-once media: a direct entry, and behind it where the next is. UDF 6.6.
const STRATEGY_4096: u16 = 4096;

/// What the two kinds of file entry have in common.
#[derive(Clone, Debug)]
pub(super) struct Icb {
    pub(super) address: LbAddr,
    pub(super) sector: u32,
    pub(super) position: Position,
    pub(super) tag: IcbTag,
    pub(super) uid: u32,
    pub(super) gid: u32,
    pub(super) permissions: u32,
    pub(super) links: u16,
    /// Length of the content, in bytes.
    pub(super) len: u64,
    pub(super) accessed: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) attributes_changed: Timestamp,
    /// In extended file entries only.
    pub(super) created: Option<Timestamp>,
    /// Where further extended attributes are.
    pub(super) attributes_icb: Option<LbAddr>,
    /// Where the streams are.
    pub(super) streams: Option<LbAddr>,
    /// Which bytes of the block are extended attributes.
    pub(super) attributes: Range<usize>,
    /// Which bytes of the block are allocation descriptors, or the content.
    pub(super) descriptors: Range<usize>,
    /// The whole block.
    pub(super) bytes: Vec<u8>,
}

/// The entry that describes the file whose ICB is at `address`. `at` is where that address stands.
pub(super) fn find<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &Space,
    address: LbAddr,
    at: Position,
) -> Result<Icb, ReadError> {
    let (mut address, mut at) = (address, at);
    let mut chain = Chain::new(address);
    let mut found: Option<Icb> = None;
    loop {
        // The last indirect entry of a write-once medium points to a block that is free for the next direct entry.
        if let Some(found) = found.take_if(|_| space.is_unrecorded(blocks, address)) {
            return Ok(found);
        }
        let block = space.block(blocks, address, at)?;
        at = block.position;
        let next = if block.identifier == tag_id::INDIRECT_ENTRY {
            indirect(&block)?
        } else {
            let entry = parse(block)?;
            if entry.tag.strategy_type.get() != STRATEGY_4096 {
                return Ok(entry);
            }
            let next = behind(blocks, space, address)?;
            found = Some(entry);
            next
        };
        let Some(next) = next else {
            return found.ok_or_else(|| at.malformed("a direct entry (ECMA-167 4/14.6.2)"));
        };
        if !chain.step(next) {
            return Err(at.malformed("indirect entries that end (ECMA-167 4/14.7)"));
        }
        address = next;
    }
}

/// What the indirect entry in the block behind a direct entry points to. UDF 6.6.
fn behind<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &Space,
    address: LbAddr,
) -> Result<Option<LbAddr>, ReadError> {
    let behind = LbAddr { block: address.block.get().saturating_add(1).into(), ..address };
    match space.block(blocks, behind, Position::default()) {
        Ok(block) if block.identifier == tag_id::INDIRECT_ENTRY => indirect(&block),
        Err(ReadError::TooMuchWork) => Err(ReadError::TooMuchWork),
        // A terminal entry, an entry not yet recorded, or another file.
        _ => Ok(None),
    }
}

fn indirect(block: &Block) -> Result<Option<LbAddr>, ReadError> {
    let (entry, _) = IndirectEntry::read_from_prefix(&block.bytes)
        .map_err(|_| block.position.malformed("an indirect entry (ECMA-167 4/14.7)"))?;
    Ok(recorded(entry.icb))
}

/// The address of an extent that is there: of length 0 is one that is not. ECMA-167 4/14.14.2.
pub(super) fn recorded(extent: LongAd) -> Option<LbAddr> {
    let (length, _) = extent.length();
    (length > 0).then_some(extent.location)
}

fn parse(block: Block) -> Result<Icb, ReadError> {
    let position = block.position;
    let malformed = || position.malformed("a file entry (ECMA-167 4/14.9, 4/14.17)");
    let icb = match block.identifier {
        tag_id::FILE_ENTRY => {
            let (entry, _) = FileEntry::read_from_prefix(&block.bytes).map_err(|_| malformed())?;
            plain(&entry, block)
        }
        tag_id::EXTENDED_FILE_ENTRY => {
            let (entry, _) =
                ExtendedFileEntry::read_from_prefix(&block.bytes).map_err(|_| malformed())?;
            extended(&entry, block)
        }
        _ => return Err(malformed()),
    };
    if icb.descriptors.end > icb.bytes.len() {
        let expected = "attributes and descriptors within the file entry (ECMA-167 4/14.9)";
        return Err(position.malformed(expected));
    }
    Ok(icb)
}

/// Where two parts of these lengths stand that begin behind the fixed part of an entry.
fn parts(fixed: usize, attributes: u32, descriptors: u32) -> (Range<usize>, Range<usize>) {
    let middle = fixed.saturating_add(attributes as usize);
    (fixed..middle, middle..middle.saturating_add(descriptors as usize))
}

fn plain(entry: &FileEntry, block: Block) -> Icb {
    let (attributes, descriptors) = parts(
        size_of::<FileEntry>(),
        entry.extended_attributes_length.get(),
        entry.allocation_descriptors_length.get(),
    );
    Icb {
        address: block.address,
        sector: block.sector,
        position: block.position,
        tag: entry.icb_tag,
        uid: entry.uid.get(),
        gid: entry.gid.get(),
        permissions: entry.permissions.get(),
        links: entry.link_count.get(),
        len: entry.information_length.get(),
        accessed: entry.accessed,
        modified: entry.modified,
        attributes_changed: entry.attributes_changed,
        created: None,
        attributes_icb: recorded(entry.extended_attribute_icb),
        streams: None,
        attributes,
        descriptors,
        bytes: block.bytes,
    }
}

fn extended(entry: &ExtendedFileEntry, block: Block) -> Icb {
    let (attributes, descriptors) = parts(
        size_of::<ExtendedFileEntry>(),
        entry.extended_attributes_length.get(),
        entry.allocation_descriptors_length.get(),
    );
    Icb {
        address: block.address,
        sector: block.sector,
        position: block.position,
        tag: entry.icb_tag,
        uid: entry.uid.get(),
        gid: entry.gid.get(),
        permissions: entry.permissions.get(),
        links: entry.link_count.get(),
        len: entry.information_length.get(),
        accessed: entry.accessed,
        modified: entry.modified,
        attributes_changed: entry.attributes_changed,
        created: Some(entry.created),
        attributes_icb: recorded(entry.extended_attribute_icb),
        streams: recorded(entry.stream_directory_icb),
        attributes,
        descriptors,
        bytes: block.bytes,
    }
}
