//! Path tables: every directory of a hierarchy once more, for systems that would rather not walk. ECMA-119 6.9, 9.4.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use zerocopy::FromBytes as _;

use super::blocks::Blocks;
use super::entry::Extent;
use super::iso9660::Hierarchy;
use super::{BlockSource, ReadError};
use crate::BLOCK_SIZE;
use crate::address::bytes_in;
use crate::wire::iso9660::{PathTableRecordL, PathTableRecordM};

/// Numbers of directories are 16 bits wide, so there can be no more records than this. ECMA-119 9.4.4.
const MAX_RECORDS: usize = 1 << 16;

#[derive(Clone, Debug, PartialEq, Eq)]
struct PathRecord {
    extent: u32,
    parent: u16,
    identifier: Vec<u8>,
}

/// Checks that both path tables say the same, and that they name the directories with these extents and no others.
pub(super) fn check<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    hierarchy: &Hierarchy,
    mut directories: BTreeSet<u32>,
) -> Result<(), ReadError> {
    let len = hierarchy.path_table_len;
    let little = table(blocks, hierarchy.l_path_table, len, |bytes| {
        let (record, rest) = PathTableRecordL::read_from_prefix(bytes).ok()?;
        let start = record.extent.get().saturating_add(record.extended_attribute_length.into());
        Some((record.identifier_length, start, record.parent.get(), rest))
    })?;
    let big = table(blocks, hierarchy.m_path_table, len, |bytes| {
        let (record, rest) = PathTableRecordM::read_from_prefix(bytes).ok()?;
        let start = record.extent.get().saturating_add(record.extended_attribute_length.into());
        Some((record.identifier_length, start, record.parent.get(), rest))
    })?;
    if little != big {
        return Err(ReadError::malformed(hierarchy.m_path_table, 0, "what the L path table says"));
    }
    for (number, record) in (1usize..).zip(&little) {
        // A parent comes before its children; the root is its own. ECMA-119 6.9.1.
        let parent = usize::from(record.parent);
        let in_order = if number == 1 { parent == 1 } else { (1..number).contains(&parent) };
        if !in_order || !directories.remove(&record.extent) {
            let lba = hierarchy.l_path_table;
            return Err(ReadError::malformed(lba, 0, "records of the directories there are"));
        }
    }
    if directories.is_empty() {
        Ok(())
    } else {
        Err(ReadError::malformed(hierarchy.l_path_table, 0, "a record of every directory"))
    }
}

type Parsed<'a> = (u8, u32, u16, &'a [u8]);

fn table<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    lba: u32,
    len: u32,
    parse: impl Fn(&[u8]) -> Option<Parsed<'_>>,
) -> Result<Vec<PathRecord>, ReadError> {
    if u64::from(len) > bytes_in(blocks.count()) {
        return Err(ReadError::malformed(lba, 0, "a path table within the image"));
    }
    let mut bytes = alloc::vec![0; (len as usize).next_multiple_of(BLOCK_SIZE)];
    blocks.read_at(&[Extent::recorded(lba, bytes.len() as u64)], 0, &mut bytes)?;
    let mut rest = bytes.get(..len as usize).unwrap_or_default();
    let mut records = Vec::new();
    while !rest.is_empty() {
        let malformed =
            || ReadError::malformed(lba, len as usize - rest.len(), "a path table record");
        let (identifier_len, extent, parent, after) = parse(rest).ok_or_else(malformed)?;
        let identifier_len = usize::from(identifier_len);
        let identifier = after.get(..identifier_len).filter(|identifier| !identifier.is_empty());
        let identifier = identifier.ok_or_else(malformed)?.to_vec();
        records.push(PathRecord { extent, parent, identifier });
        if records.len() > MAX_RECORDS {
            return Err(malformed());
        }
        // A pad byte follows an identifier of odd length. ECMA-119 9.4.6.
        rest = after.get(identifier_len.next_multiple_of(2)..).unwrap_or(&[]);
    }
    Ok(records)
}
