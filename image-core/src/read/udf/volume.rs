//! Volume structure: recognition, anchors, volume descriptor sequences, partitions, the file set. ECMA-167 parts 2 and 3.

use alloc::string::String;
use alloc::vec::Vec;

use zerocopy::FromBytes;

use super::super::blocks::Blocks;
use super::super::entry::Entry;
use super::super::{BlockSource, ReadError};
use super::file;
use crate::BLOCK_SIZE;
use crate::time::DiscTime;
use crate::wire::iso9660::{STANDARD_IDENTIFIER, VOLUME_DESCRIPTORS_START};
use crate::wire::udf::{
    ANCHOR, AnchorVolumeDescriptorPointer, DescriptorTag, ExtentAd, FileSetDescriptor, LbAddr,
    LogicalVolumeDescriptor, PartitionDescriptor, PartitionMapType1, cs0, tag_id,
};

/// Most blocks of a volume recognition sequence that are looked at.
const MAX_RECOGNITION: usize = 64;
/// Most blocks of a volume descriptor sequence that are looked at; 16 is usual.
const MAX_SEQUENCE: u32 = 256;
/// Most partition maps; UDF needs two at most. UDF 2.2.8.
const MAX_MAPS: usize = 16;
/// Other standards whose descriptors stand in a volume recognition sequence. ECMA-167 2/9, 2/10.
const OTHERS: [[u8; 5]; 5] = [STANDARD_IDENTIFIER, *b"BEA01", *b"TEA01", *b"BOOT2", *b"CDW02"];

/// A logical volume on plain partitions.
#[derive(Clone, Debug)]
pub(in super::super) struct Volume {
    pub(in super::super) volume_id: String,
    pub(in super::super) created: Option<DiscTime>,
    /// Revision of UDF, as in `0x0102`.
    pub(in super::super) revision: u16,
    pub(in super::super) root: Entry,
    /// By partition reference number.
    partitions: Vec<Partition>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Partition {
    start: u32,
    blocks: u32,
}

/// What a volume descriptor sequence says: of each kind the descriptor that prevails. ECMA-167 3/8.4.3.
#[derive(Debug, Default)]
struct Sequence {
    logical: Option<(u32, u32, LogicalVolumeDescriptor, Vec<u8>)>,
    partitions: Vec<PartitionDescriptor>,
}

/// The UDF volume of an image, if a recognition sequence announces one.
pub(in super::super) fn detect<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
) -> Result<Option<Result<Volume, ReadError>>, ReadError> {
    for lba in (VOLUME_DESCRIPTORS_START..blocks.count()).take(MAX_RECOGNITION) {
        let [_, identifier @ .., _] = *blocks.block(lba)?.first_chunk::<7>().unwrap_or(&[0; 7]);
        if matches!(&identifier, b"NSR02" | b"NSR03") {
            return Ok(Some(volume(blocks)));
        }
        if !OTHERS.contains(&identifier) {
            break;
        }
    }
    Ok(None)
}

fn volume<S: BlockSource + ?Sized>(blocks: &mut Blocks<'_, S>) -> Result<Volume, ReadError> {
    let last = blocks.count().saturating_sub(1);
    let mut error = ReadError::malformed(ANCHOR, 0, "an anchor volume descriptor pointer");
    for lba in [ANCHOR, last, last.saturating_sub(256), 512] {
        let Some(anchor) = tagged::<AnchorVolumeDescriptorPointer, _>(blocks, lba, tag_id::ANCHOR)
        else {
            continue;
        };
        for extent in [anchor.main, anchor.reserve] {
            match sequence(blocks, extent).and_then(|found| logical_volume(blocks, &found, extent))
            {
                Ok(volume) => return Ok(volume),
                Err(found @ ReadError::Unsupported { .. }) => return Err(found),
                Err(found) => error = found,
            }
        }
    }
    Err(error)
}

/// A descriptor with an intact tag of this kind that belongs where it stands; `None` when there is none.
fn tagged<T: FromBytes, S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    lba: u32,
    identifier: u16,
) -> Option<T> {
    let block = blocks.block(lba).ok()?;
    let tag = DescriptorTag::intact(block)?;
    let fits = tag.identifier.get() == identifier && tag.location.get() == lba;
    fits.then(|| T::read_from_prefix(block).ok())?.map(|(descriptor, _)| descriptor)
}

/// Reads a volume descriptor sequence up to its end. ECMA-167 3/8.4.2.
fn sequence<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    extent: ExtentAd,
) -> Result<Sequence, ReadError> {
    let mut found = Sequence::default();
    let count = (extent.length.get() / 2048).min(MAX_SEQUENCE);
    for lba in (0..count).map(|index| extent.location.get().saturating_add(index)) {
        let block = blocks.block(lba)?;
        let Some(tag) = DescriptorTag::intact(block) else { continue };
        match tag.identifier.get() {
            tag_id::TERMINATING => break,
            tag_id::PARTITION => found.take_partition(block),
            tag_id::LOGICAL_VOLUME => found.take_logical(lba, block),
            tag_id::VOLUME_POINTER => {
                return Err(ReadError::Unsupported {
                    what: "a volume descriptor sequence in parts",
                });
            }
            _ => {}
        }
    }
    Ok(found)
}

impl Sequence {
    fn take_partition(&mut self, block: &[u8]) {
        let Ok((new, _)) = PartitionDescriptor::read_from_prefix(block) else { return };
        let same = self.partitions.iter_mut().find(|old| old.number == new.number);
        match same {
            Some(old) if old.sequence_number.get() <= new.sequence_number.get() => *old = new,
            Some(_) => {}
            None => self.partitions.push(new),
        }
    }

    fn take_logical(&mut self, lba: u32, block: &[u8]) {
        let Ok((new, rest)) = LogicalVolumeDescriptor::read_from_prefix(block) else { return };
        let sequence = new.sequence_number.get();
        if self.logical.as_ref().is_none_or(|(_, old, ..)| *old <= sequence) {
            let maps = rest.get(..new.map_table_length.get() as usize).unwrap_or(rest).to_vec();
            self.logical = Some((lba, sequence, new, maps));
        }
    }
}

fn logical_volume<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    sequence: &Sequence,
    extent: ExtentAd,
) -> Result<Volume, ReadError> {
    let Some((lba, _, logical, maps)) = &sequence.logical else {
        let lba = extent.location.get();
        return Err(ReadError::malformed(lba, 0, "a logical volume descriptor"));
    };
    if logical.logical_block_size.get() as usize != BLOCK_SIZE {
        return Err(ReadError::Unsupported { what: "a logical block size other than 2048" });
    }
    let [low, high, ..] = logical.domain_identifier.suffix;
    let mut volume = Volume {
        volume_id: cs0::dstring_text(&logical.logical_volume_identifier).unwrap_or_default(),
        created: None,
        revision: u16::from_le_bytes([low, high]),
        root: Entry::root(),
        partitions: partitions(*lba, maps, logical.partition_maps.get(), &sequence.partitions)?,
    };
    volume.take_file_set(blocks, logical.file_set.location)?;
    Ok(volume)
}

/// Resolves partition maps. ECMA-167 3/10.7; UDF 2.2.8 to 2.2.10.
fn partitions(
    lba: u32,
    maps: &[u8],
    count: u32,
    descriptors: &[PartitionDescriptor],
) -> Result<Vec<Partition>, ReadError> {
    let malformed = |expected| ReadError::malformed(lba, 440, expected);
    let mut found = Vec::new();
    let mut rest = maps;
    for _ in 0..count {
        let len = usize::from(rest.get(1).copied().unwrap_or(0));
        let map = rest.get(..len).filter(|map| map.len() >= 2 && found.len() < MAX_MAPS);
        let map = map.ok_or_else(|| malformed("a partition map"))?;
        let Some((plain, _)) =
            PartitionMapType1::read_from_prefix(map).ok().filter(|(map, _)| map.map_type == 1)
        else {
            return Err(ReadError::Unsupported { what: kind_of(map) });
        };
        let number = plain.partition_number;
        let descriptor = descriptors.iter().find(|descriptor| descriptor.number == number);
        let descriptor = descriptor.ok_or_else(|| malformed("a partition that is described"))?;
        found.push(Partition { start: descriptor.start.get(), blocks: descriptor.length.get() });
        rest = rest.get(len..).unwrap_or(&[]);
    }
    Ok(found)
}

/// What a type 2 partition map is for; its entity identifier stands at byte 4. UDF 2.2.8, 2.2.9, 2.2.10.
fn kind_of(map: &[u8]) -> &'static str {
    let identifier = map.get(5..).unwrap_or(&[]);
    if identifier.starts_with(b"*UDF Virtual Partition") {
        "a virtual partition (VAT)"
    } else if identifier.starts_with(b"*UDF Sparable Partition") {
        "a sparable partition"
    } else if identifier.starts_with(b"*UDF Metadata Partition") {
        "a metadata partition"
    } else {
        "a partition of unknown kind"
    }
}

impl Volume {
    /// Blocks of the first partition.
    pub(in super::super) fn blocks(&self) -> u32 {
        self.partitions.first().copied().unwrap_or_default().blocks
    }

    /// Where a block of a partition is on the volume. `at` is where the address stands.
    pub(super) fn absolute(&self, address: LbAddr, at: u32) -> Result<u32, ReadError> {
        let (block, partition) = (address.block.get(), address.partition.get());
        let found = self.partitions.get(usize::from(partition));
        found
            .filter(|partition| block < partition.blocks)
            .and_then(|partition| partition.start.checked_add(block))
            .ok_or_else(|| ReadError::malformed(at, 0, "an address within the partition"))
    }

    /// A block with an intact tag that belongs where it stands.
    pub(super) fn block<'b, S: BlockSource + ?Sized>(
        &self,
        blocks: &'b mut Blocks<'_, S>,
        address: LbAddr,
        at: u32,
    ) -> Result<(u32, u16, &'b [u8; BLOCK_SIZE]), ReadError> {
        let lba = self.absolute(address, at)?;
        let block = blocks.block(lba)?;
        let tag = DescriptorTag::intact(block)
            .filter(|tag| tag.location == address.block)
            .ok_or_else(|| ReadError::malformed(lba, 0, "an intact descriptor tag"))?;
        Ok((lba, tag.identifier.get(), block))
    }

    /// Finds the root in the file set descriptor. ECMA-167 4/14.1.
    fn take_file_set<S: BlockSource + ?Sized>(
        &mut self,
        blocks: &mut Blocks<'_, S>,
        address: LbAddr,
    ) -> Result<(), ReadError> {
        let (lba, identifier, block) = self.block(blocks, address, ANCHOR)?;
        let set = FileSetDescriptor::read_from_prefix(block);
        let Some((set, _)) = set.ok().filter(|_| identifier == tag_id::FILE_SET) else {
            return Err(ReadError::malformed(lba, 0, "a file set descriptor"));
        };
        self.created = set.recorded.parse();
        self.root = file::entry(blocks, self, set.root.location, lba, String::new())?;
        if self.root.kind == super::super::EntryKind::Directory {
            Ok(())
        } else {
            Err(ReadError::malformed(self.root.id, 0, "the file entry of a directory"))
        }
    }
}
