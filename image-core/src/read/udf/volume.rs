//! Volume structure: recognition, anchors, the logical volume, the file set. ECMA-167 parts 2 to 4.

use alloc::string::String;

use zerocopy::FromBytes as _;

use super::super::blocks::Blocks;
use super::super::entry::{Entry, EntryKind};
use super::super::{BlockSource, ReadError};
use super::chain::Chain;
use super::descriptors::{self, Logical, Sequence};
use super::info::{self, UdfInfo};
use super::partition::Space;
use super::{Position, file, forms, icb};
use crate::BLOCK_SIZE;
use crate::time::DiscTime;
use crate::wire::iso9660::{STANDARD_IDENTIFIER, VOLUME_DESCRIPTORS_START};
use crate::wire::udf::{
    ANCHOR, AnchorVolumeDescriptorPointer, ExtentAd, FileSetDescriptor, LbAddr, LongAd, cs0, tag_id,
};

/// Most blocks of a volume recognition sequence that are looked at.
const MAX_RECOGNITION: u32 = 64;
/// Most blocks of a file set descriptor sequence that are looked at.
const MAX_FILE_SETS: u32 = 4096;
/// Other standards whose descriptors stand in a volume recognition sequence. ECMA-167 2/9, 2/10.
const OTHERS: [[u8; 5]; 5] = [STANDARD_IDENTIFIER, *b"BEA01", *b"TEA01", *b"BOOT2", *b"CDW02"];
/// Sizes a sector can have, the likeliest first. ECMA-167 3/8.1.1; UDF 2.2.4.2.
const SECTOR_SIZES: [u32; 7] = [2048, 512, 4096, 1024, 8192, 16_384, 32_768];

/// A logical volume.
#[derive(Clone, Debug)]
pub(in super::super) struct Volume {
    pub(in super::super) volume_id: String,
    pub(in super::super) created: Option<DiscTime>,
    pub(in super::super) info: UdfInfo,
    pub(in super::super) root: Entry,
    pub(super) space: Space,
    /// Where the ICB of the system stream directory is.
    pub(super) system_streams: Option<LbAddr>,
}

/// The UDF volume of an image, if a recognition sequence announces one in the session that begins at block `session`.
pub(in super::super) fn detect<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    session: u32,
) -> Result<Option<Result<Volume, ReadError>>, ReadError> {
    // Every structure begins a sector and is of 2048 bytes: where sectors are larger there is a gap. ECMA-167 2/8.3.
    for stride in [1, 2, 4, 8, 16] {
        if is_announced(blocks, session, stride)? {
            return Ok(Some(find(blocks, session)));
        }
    }
    Ok(None)
}

fn is_announced<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    session: u32,
    stride: u32,
) -> Result<bool, ReadError> {
    for index in 0..MAX_RECOGNITION {
        let lba = session.saturating_add(VOLUME_DESCRIPTORS_START + index * stride);
        if lba >= blocks.count() {
            break;
        }
        let [_, identifier @ .., _] = *blocks.block(lba)?.first_chunk::<7>().unwrap_or(&[0; 7]);
        if matches!(&identifier, b"NSR02" | b"NSR03") {
            return Ok(true);
        }
        if !OTHERS.contains(&identifier) {
            break;
        }
    }
    Ok(false)
}

/// Tries the anchors in every place, for every size of a sector. ECMA-167 3/8.4.2.1; UDF 2.2.3.
fn find<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    session: u32,
) -> Result<Volume, ReadError> {
    let mut problem = None;
    for block_size in SECTOR_SIZES {
        let space = Space { block_size, ..Space::default() };
        let sectors = u64::from(blocks.count()) * BLOCK_SIZE as u64 / u64::from(block_size);
        let last = u32::try_from(sectors).unwrap_or(u32::MAX).saturating_sub(1);
        let first = u64::from(session) * BLOCK_SIZE as u64 / u64::from(block_size);
        let first = u32::try_from(first).unwrap_or(u32::MAX).saturating_add(ANCHOR);
        for sector in [first, last, last.saturating_sub(256), 512] {
            let Some(anchor) = descriptors::anchor(blocks, &space, sector) else { continue };
            match anchored(blocks, &space, &anchor) {
                Ok(volume) => return Ok(volume),
                Err(error) => problem = problem.or(Some(error)),
            }
        }
    }
    let missing = "an anchor volume descriptor pointer (ECMA-167 3/10.2)";
    Err(problem.unwrap_or_else(|| ReadError::malformed(ANCHOR, 0, missing)))
}

/// The volume by the main sequence, by the reserve sequence, or by what both have together. ECMA-167 3/8.4.2.2.
fn anchored<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &Space,
    anchor: &AnchorVolumeDescriptorPointer,
) -> Result<Volume, ReadError> {
    let mut problem = None;
    let extents = [&[anchor.main] as &[_], &[anchor.reserve], &[anchor.main, anchor.reserve]];
    for extents in extents {
        let mut sequence = Sequence::default();
        // A sequence that breaks off may still have told enough.
        for extent in extents {
            match sequence.read(blocks, space, *extent) {
                Ok(()) => {}
                Err(ReadError::TooMuchWork) => return Err(ReadError::TooMuchWork),
                Err(error) => problem = problem.or(Some(error)),
            }
        }
        let Some(logical) = &sequence.logical else { continue };
        match logical_volume(blocks, space, &sequence, logical) {
            Ok(mut volume) => {
                for ExtentAd { length, location } in [anchor.main, anchor.reserve] {
                    let sectors = length.get() / space.block_size.max(1);
                    volume.info.end = volume.info.end.max(space.end(location.get(), sectors));
                }
                return Ok(volume);
            }
            Err(error) => problem = problem.or(Some(error)),
        }
    }
    let missing = "a logical volume descriptor (ECMA-167 3/10.6)";
    let at = space.position(anchor.main.location.get());
    Err(problem.unwrap_or_else(|| at.malformed(missing)))
}

fn logical_volume<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &Space,
    sequence: &Sequence,
    logical: &Logical,
) -> Result<Volume, ReadError> {
    let Logical { position, descriptor, maps } = logical;
    if descriptor.logical_block_size.get() != space.block_size {
        let what = "a logical block size other than that of a sector (UDF 2.2.4.2)";
        return Err(ReadError::Unsupported { what });
    }
    let mut space = space.clone();
    let maps = (maps.as_slice(), descriptor.partition_maps.get());
    let table = forms::prepare(blocks, &mut space, maps, &sequence.partitions, *position)?;
    let virtual_table = table.as_ref().map(|table| space.position(table.sector).lba());
    let table = table.unwrap_or_default();
    let [low, high, ..] = descriptor.domain_identifier.suffix;
    let integrity = info::integrity(blocks, &space, descriptor.integrity_sequence)?;
    let info = UdfInfo {
        revision: u16::from_le_bytes([low, high]),
        block_size: space.block_size,
        partitions: space.partitions.iter().map(Into::into).collect(),
        is_duplicated: space.is_mirrored(),
        virtual_table,
        end: space.partitions.iter().map(|it| space.end(it.start, it.blocks)).max().unwrap_or(0),
        integrity: integrity.map(|integrity| integrity.corrected(&table)),
    };
    let (set, at) = file_set(blocks, &space, descriptor.file_set, *position)?;
    let root = file::entry(blocks, &space, set.root.location, at, String::new())?;
    if root.kind != EntryKind::Directory {
        let root = space.position(root.id);
        return Err(root.malformed("the file entry of a directory (ECMA-167 4/14.1.15)"));
    }
    let name = cs0::dstring_text(&descriptor.logical_volume_identifier);
    Ok(Volume {
        volume_id: table.volume_id().or(name).unwrap_or_default(),
        created: set.recorded.parse(),
        info,
        root,
        space,
        system_streams: icb::recorded(set.system_stream_directory),
    })
}

/// The file set descriptor that prevails in a sequence: of the least file set, the one with the greatest number. ECMA-167
/// 4/8.3.1, 4/14.1; UDF 2.3.2.
fn file_set<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &Space,
    extent: LongAd,
    at: Position,
) -> Result<(FileSetDescriptor, Position), ReadError> {
    let mut found: Option<(FileSetDescriptor, Position)> = None;
    let mut chain = Chain::new(extent.location);
    let (mut extent, mut at) = (extent, at);
    loop {
        let (length, _) = extent.length();
        let count = (length / space.block_size.max(1)).min(MAX_FILE_SETS);
        let mut next = None;
        for index in 0..count {
            let block = extent.location.block.get().saturating_add(index).into();
            let address = LbAddr { block, ..extent.location };
            // The sequence ends where nothing is recorded.
            let block = match space.block(blocks, address, at) {
                Err(_) if found.is_some() => break,
                block => block?,
            };
            let set = FileSetDescriptor::read_from_prefix(&block.bytes).ok();
            let Some((set, _)) = set.filter(|_| block.identifier == tag_id::FILE_SET) else {
                break;
            };
            at = block.position;
            next = icb::recorded(set.next_extent).map(|_| set.next_extent);
            if found.as_ref().is_none_or(|(old, _)| prevails(&set, old)) {
                found = Some((set, block.position));
            }
        }
        match next {
            Some(next) if chain.step(next.location) => extent = next,
            Some(_) => return Err(at.malformed("file sets that end (ECMA-167 4/8.3.1)")),
            None => break,
        }
    }
    found.ok_or_else(|| at.malformed("a file set descriptor (ECMA-167 4/14.1)"))
}

fn prevails(new: &FileSetDescriptor, old: &FileSetDescriptor) -> bool {
    let key = |set: &FileSetDescriptor| (set.file_set_number.get(), set.descriptor_number.get());
    let ((new_set, new), (old_set, old)) = (key(new), key(old));
    new_set < old_set || new_set == old_set && new >= old
}

impl Volume {
    /// Blocks of the first partition.
    pub(in super::super) fn blocks(&self) -> u32 {
        self.space.partitions.first().map_or(0, |partition| partition.blocks)
    }

    /// The block of the image that a directory's number stands for.
    pub(in super::super) fn lba_of(&self, id: u32) -> u32 {
        self.space.position(id).lba()
    }
}
