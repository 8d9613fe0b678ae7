//! Directories: file identifier descriptors one after the other, without regard to blocks. ECMA-167 4/14.4.

use alloc::vec::Vec;

use zerocopy::FromBytes as _;

use super::super::blocks::Blocks;
use super::super::entry::{Entry, join};
use super::super::iso9660::MAX_ENTRIES;
use super::super::{BlockSource, ReadError};
use super::file;
use super::volume::Volume;
use crate::BLOCK_SIZE;
use crate::wire::udf::{DescriptorTag, FileCharacteristics, FileIdentifier, cs0, tag_id};

/// The entries of a directory.
pub(in super::super) fn list<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    volume: &Volume,
    directory: &Entry,
) -> Result<Vec<Entry>, ReadError> {
    let mut entries = Vec::new();
    let mut reader = Reader { directory, offset: 0, bytes: Vec::new(), start: 0 };
    while let Some(identifier) = reader.next(blocks)? {
        blocks.spend(1)?;
        if entries.len() >= MAX_ENTRIES {
            return Err(ReadError::TooMuchWork);
        }
        entries.extend(entry(blocks, volume, directory, &identifier)?);
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
    let malformed = || ReadError::malformed(directory.id, 0, "a file identifier descriptor");
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
        .ok_or_else(malformed)?;
    let path = join(&directory.path, &name, directory.id)?;
    let mut entry = file::entry(blocks, volume, fixed.icb.location, directory.id, path)?;
    entry.hidden = characteristics.contains(FileCharacteristics::HIDDEN);
    Ok(Some(entry))
}

/// Cuts the content of a directory into descriptors.
struct Reader<'d> {
    directory: &'d Entry,
    /// How much of the directory was read.
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
        let malformed =
            || ReadError::malformed(self.directory.id, 0, "a file identifier descriptor");
        let unused = self.bytes.get(self.start..).unwrap_or_default();
        let (head, _) = FileIdentifier::read_from_prefix(unused).map_err(|_| malformed())?;
        let variable =
            usize::from(head.implementation_use_length.get()) + usize::from(head.identifier_length);
        let len = fixed + variable;
        if !self.have(blocks, len)? {
            return Err(ReadError::malformed(self.directory.id, 0, "a whole file identifier"));
        }
        let bytes = self.bytes.get(self.start..).and_then(|rest| rest.get(..len));
        let bytes = bytes.unwrap_or_default().to_vec();
        let padded = len.next_multiple_of(4);
        // The CRC may cover the padding.
        self.have(blocks, padded)?;
        let checked = self.bytes.get(self.start..).unwrap_or_default();
        let checked = checked.get(..padded).unwrap_or(checked);
        let tag = DescriptorTag::intact(checked);
        if tag.is_none_or(|tag| tag.identifier.get() != tag_id::FILE_IDENTIFIER) {
            return Err(ReadError::malformed(
                self.directory.id,
                0,
                "an intact file identifier descriptor",
            ));
        }
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
            let before = self.bytes.len();
            self.bytes.resize(before + BLOCK_SIZE, 0);
            let out = self.bytes.get_mut(before..).unwrap_or_default();
            let read = blocks.read_at(&self.directory.extents, self.offset, out)?;
            self.bytes.truncate(before + read);
            self.offset += read as u64;
            if read == 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
