//! Directories: file identifier descriptors one after the other, without regard to blocks. ECMA-167 4/14.4.

use alloc::vec::Vec;

use zerocopy::FromBytes as _;

use super::super::blocks::Blocks;
use super::super::entry::{Entry, Extent, join};
use super::super::iso9660::MAX_ENTRIES;
use super::super::{BlockSource, ReadError};
use super::partition::Side;
use super::volume::Volume;
use super::{Position, allocation, file, icb};
use crate::BLOCK_SIZE;
use crate::wire::udf::{DescriptorTag, FileCharacteristics, FileIdentifier, cs0, tag_id};

/// The entries of a directory; as the mirror has them when the metadata file is damaged.
pub(in super::super) fn list<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    volume: &Volume,
    directory: &Entry,
) -> Result<Vec<Entry>, ReadError> {
    match entries(blocks, volume, directory, &directory.extents) {
        Err(error) if error != ReadError::TooMuchWork && volume.space.is_mirrored() => {
            mirrored(blocks, volume, directory).map_err(|_| error)
        }
        entries => entries,
    }
}

fn mirrored<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    volume: &Volume,
    directory: &Entry,
) -> Result<Vec<Entry>, ReadError> {
    let at = volume.space.position(directory.id);
    let address = directory.node.icb.ok_or(ReadError::NotADirectory)?;
    let icb = icb::find(blocks, &volume.space, address, at)?;
    let extents = allocation::extents(blocks, &volume.space, &icb, Side::Mirror)?;
    entries(blocks, volume, directory, &extents)
}

/// The entries of a directory with its content in these extents.
fn entries<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    volume: &Volume,
    directory: &Entry,
    extents: &[Extent],
) -> Result<Vec<Entry>, ReadError> {
    let at = volume.space.position(directory.id);
    let mut entries = Vec::new();
    let mut reader = Reader { at, extents, offset: 0, bytes: Vec::new(), start: 0 };
    while let Some(identifier) = reader.next(blocks)? {
        blocks.spend(1)?;
        if entries.len() >= MAX_ENTRIES {
            return Err(ReadError::TooMuchWork);
        }
        let entry = entry(blocks, volume, directory, &identifier)?;
        blocks.spend_parts(entry.as_ref().map_or(0, Entry::text_parts))?;
        entries.extend(entry);
    }
    Ok(entries)
}

/// The entry that an identifier names; `None` for the parent and for what was deleted.
fn entry<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    volume: &Volume,
    directory: &Entry,
    identifier: &[u8],
) -> Result<Option<Entry>, ReadError> {
    let at = volume.space.position(directory.id);
    let malformed = || at.malformed("a file identifier descriptor (ECMA-167 4/14.4)");
    let (fixed, rest) = FileIdentifier::read_from_prefix(identifier).map_err(|_| malformed())?;
    let characteristics = FileCharacteristics::from_bits_retain(fixed.characteristics);
    if characteristics.intersects(FileCharacteristics::DELETED | FileCharacteristics::PARENT) {
        return Ok(None);
    }
    let implementation_use = usize::from(fixed.implementation_use_length.get());
    let name = rest
        .get(implementation_use..)
        .and_then(|rest| rest.get(..fixed.identifier_length.into()))
        .and_then(cs0::decode)
        .ok_or_else(|| at.malformed("a name in OSTA Compressed Unicode (UDF 2.1.1)"))?;
    let path = join(&directory.path, &name, at.lba())?;
    let mut entry = file::entry(blocks, &volume.space, fixed.icb.location, at, path)?;
    entry.hidden = characteristics.contains(FileCharacteristics::HIDDEN);
    Ok(Some(entry))
}

/// Cuts the content of a directory into descriptors.
struct Reader<'d> {
    /// Where the directory is.
    at: Position,
    /// What was not read yet, the first extent perhaps in part.
    extents: &'d [Extent],
    /// How much of the first extent was read.
    offset: u64,
    /// What was read and not used up.
    bytes: Vec<u8>,
    /// Where the unused part begins.
    start: usize,
}

impl Reader<'_> {
    /// The bytes of the next descriptor, without padding; `None` at the end.
    fn next<S: BlockSource + ?Sized>(
        &mut self,
        blocks: &mut Blocks<'_, S>,
    ) -> Result<Option<Vec<u8>>, ReadError> {
        let fixed = size_of::<FileIdentifier>();
        if !self.have(blocks, fixed)? {
            // Less than a descriptor is padding, if it is anything.
            return Ok(None);
        }
        let malformed = |expected| self.at.malformed(expected);
        let unused = self.bytes.get(self.start..).unwrap_or_default();
        let (head, _) = FileIdentifier::read_from_prefix(unused)
            .map_err(|_| malformed("a file identifier descriptor (ECMA-167 4/14.4)"))?;
        let variable =
            usize::from(head.implementation_use_length.get()) + usize::from(head.identifier_length);
        let len = fixed + variable;
        let padded = len.next_multiple_of(4);
        if !self.have(blocks, len)? {
            return Err(self.at.malformed("a whole file identifier (ECMA-167 4/14.4)"));
        }
        // The CRC may cover the padding.
        self.have(blocks, padded)?;
        let unused = self.bytes.get(self.start..).unwrap_or_default();
        let tag = DescriptorTag::intact(unused.get(..padded).unwrap_or(unused));
        if tag.is_none_or(|tag| tag.identifier.get() != tag_id::FILE_IDENTIFIER) {
            let expected = "an intact file identifier descriptor (ECMA-167 4/14.4)";
            return Err(self.at.malformed(expected));
        }
        let bytes = unused.get(..len).unwrap_or_default().to_vec();
        self.start += padded;
        Ok(Some(bytes))
    }

    /// Reads on until `len` unused bytes are there; `false` when there are not that many.
    fn have<S: BlockSource + ?Sized>(
        &mut self,
        blocks: &mut Blocks<'_, S>,
        len: usize,
    ) -> Result<bool, ReadError> {
        while self.bytes.len().saturating_sub(self.start) < len {
            let used = self.start.min(self.bytes.len());
            self.bytes.drain(..used);
            self.start -= used;
            let Some(extent) = self.extents.first() else { return Ok(false) };
            let before = self.bytes.len();
            self.bytes.resize(before + BLOCK_SIZE, 0);
            let out = self.bytes.get_mut(before..).unwrap_or_default();
            let read = blocks.read_at(core::slice::from_ref(extent), self.offset, out)?;
            self.bytes.truncate(before + read);
            self.offset += read as u64;
            if read == 0 {
                (self.extents, self.offset) = (self.extents.get(1..).unwrap_or_default(), 0);
            }
        }
        Ok(true)
    }
}
