//! The file identifiers of every directory: how long they are, and what each of their blocks begins with. UDF 2.3.4.

use alloc::vec::Vec;

use super::super::catalog::number;
use super::super::content::Content;
use super::super::cursor::Cursor;
use super::super::presence::System;
use super::entry_room;
use super::form::Form;
use crate::BLOCK_SIZE;
use crate::address::{BLOCK_BYTES, Lba};
use crate::wire::udf::{DescriptorTag, EntityId, FileIdentifier, cs0};

/// Where the file identifiers of a directory are.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct UdfDirectory {
    pub(crate) start: Lba,
    /// Length of the file identifiers, in bytes.
    pub(crate) len: u32,
    /// Whether they stand in the file entry.
    pub(crate) is_embedded: bool,
    /// Where the positions of its blocks begin in [`Directories::positions`].
    index: u32,
}

impl UdfDirectory {
    pub(crate) const fn blocks(&self) -> u32 {
        if self.is_embedded { 0 } else { self.len.div_ceil(BLOCK_BYTES) }
    }
}

/// What a block of file identifiers begins with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IdentifierPosition {
    /// 0 is the parent, then come the children.
    pub(crate) ordinal: u32,
    /// Where its identifier begins in the directory, in bytes; at or before the start of the block.
    pub(crate) offset: u32,
}

/// All directories in canonical order, hence by address.
#[derive(Clone, Debug, Default)]
pub(crate) struct Directories {
    list: Vec<UdfDirectory>,
    positions: Vec<IdentifierPosition>,
}

impl Directories {
    /// Measures them; the addresses come with [`Self::assign`].
    pub(super) fn new(form: Form, content: &Content) -> Self {
        let mut found = Self::default();
        for directory in content.catalog.directories() {
            let index = number(found.positions.len());
            if !content.is_in(directory.item, System::Udf) {
                found.list.push(UdfDirectory { index, ..UdfDirectory::default() });
                continue;
            }
            // What is not there keeps its ordinal.
            let children = (1..).zip(directory.children.clone());
            let there = children.filter(|(_, item)| content.is_in(*item, System::Udf));
            let named = there.map(|(ordinal, item)| (ordinal, identifier_len(content, item)));
            let named: Vec<(u32, usize)> = core::iter::once((0, 0)).chain(named).collect();
            let padded = |(_, len): &(u32, usize)| FileIdentifier::padded_len(*len);
            let whole: usize = named.iter().map(padded).sum();
            if form.embeds(whole as u64, entry_room(form, content, directory.item)) {
                let (start, len) = (Lba::default(), number(whole));
                found.list.push(UdfDirectory { start, len, is_embedded: true, index });
                continue;
            }
            let mut end = 0u32;
            for (ordinal, len) in named {
                let offset = end;
                end = end.saturating_add(number(FileIdentifier::padded_len(len)));
                end = end.saturating_add(number(identifier_use(form, end as usize)));
                let covered = |found: &Self| (found.positions.len() - index as usize) * BLOCK_SIZE;
                while covered(&found) < end as usize {
                    found.positions.push(IdentifierPosition { ordinal, offset });
                }
            }
            let (start, len) = (Lba::default(), end);
            found.list.push(UdfDirectory { start, len, is_embedded: false, index });
        }
        found
    }

    pub(super) fn assign(&mut self, cursor: &mut Cursor) {
        for directory in &mut self.list {
            directory.start = cursor.take(directory.blocks().into());
        }
    }

    /// Blocks of all of them.
    pub(super) fn blocks(&self) -> u64 {
        self.list.iter().map(|directory| u64::from(directory.blocks())).sum()
    }

    /// The directory at this position in the catalog.
    pub(crate) fn get(&self, position: u32) -> UdfDirectory {
        self.list.get(position as usize).copied().unwrap_or_default()
    }

    /// The directory whose identifiers are in this block, as its position in the catalog, which of its blocks that is, and
    /// what the block begins with.
    pub(crate) fn at(&self, lba: Lba) -> Option<(u32, u32, IdentifierPosition)> {
        let after = self.list.partition_point(|directory| directory.start <= lba);
        let position = after.checked_sub(1)?;
        let directory = self.list.get(position)?;
        let ordinal = lba.since(directory.start);
        let from = self.positions.get((directory.index + ordinal) as usize)?;
        Some((number(position), ordinal, *from))
    }
}

/// Bytes of implementation use in a file identifier that would end at `end`: on write-once media enough that the tag of
/// the next is not divided between blocks. UDF 2.00 2.3.4.4.
pub(crate) fn identifier_use(form: Form, end: usize) -> usize {
    let rest = end.next_multiple_of(BLOCK_SIZE) - end;
    let divides = (1..size_of::<DescriptorTag>()).contains(&rest);
    if form.is_virtual() && divides { size_of::<EntityId>() } else { 0 }
}

/// Length of the identifier of an item, in bytes.
fn identifier_len(content: &Content, item: u32) -> usize {
    cs0::encoded_len(content.names.udf.name(item, content.original_name(item)))
}
