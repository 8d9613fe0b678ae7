//! Path tables: every directory with its parent's number, once least and once most significant byte first. ECMA-119 9.4.

use alloc::vec::Vec;

use zerocopy::IntoBytes as _;

use super::catalog::number;
use super::content::Content;
use super::hierarchy::{Hierarchy, View};
use crate::BLOCK_SIZE;
use crate::address::Lba;
use crate::wire::iso9660::{PathTableRecordL, PathTableRecordM};

/// Byte order of a path table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ByteOrder {
    /// Least significant byte first: the L table.
    Little,
    /// Most significant byte first: the M table.
    Big,
}

/// Size and addresses of the two tables of a hierarchy.
#[derive(Clone, Debug, Default)]
pub(crate) struct PathTable {
    pub(crate) l: Lba,
    pub(crate) m: Lba,
    /// Length of one table, in bytes.
    pub(crate) len: u32,
    /// For every block of a table, the record it begins in, and where that record begins in the table.
    positions: Vec<(u32, u32)>,
}

impl PathTable {
    pub(super) fn new(hierarchy: &Hierarchy, content: &Content) -> Self {
        let mut table = Self::default();
        let mut end = 0usize;
        for (place, position) in (0..).zip(&hierarchy.path_order) {
            let start = end;
            end += record_len(identifier(hierarchy, content, *position).len());
            while table.positions.len() * BLOCK_SIZE < end {
                table.positions.push((place, number(start)));
            }
        }
        table.len = number(end);
        table
    }

    /// Blocks one table takes.
    pub(crate) fn blocks(&self) -> u32 {
        number(self.positions.len())
    }

    /// Fills one block of a table. `block` is zero before.
    pub(crate) fn render(
        &self,
        hierarchy: &Hierarchy,
        content: &Content,
        order: ByteOrder,
        ordinal: u32,
        block: &mut [u8],
    ) {
        let Some((first, start)) = self.positions.get(ordinal as usize).copied() else { return };
        let block_start = ordinal as usize * BLOCK_SIZE;
        let mut bytes = Vec::with_capacity(BLOCK_SIZE + 512);
        let skipped = block_start - start as usize;
        for position in hierarchy.path_order.iter().skip(first as usize) {
            if bytes.len() >= skipped + block.len() {
                break;
            }
            push_record(hierarchy, content, order, *position, &mut bytes);
        }
        for (to, from) in block.iter_mut().zip(bytes.iter().skip(skipped)) {
            *to = *from;
        }
    }
}

const fn record_len(identifier_len: usize) -> usize {
    (size_of::<PathTableRecordL>() + identifier_len).next_multiple_of(2)
}

fn push_record(
    hierarchy: &Hierarchy,
    content: &Content,
    order: ByteOrder,
    position: u32,
    out: &mut Vec<u8>,
) {
    let identifier = identifier(hierarchy, content, position);
    let identifier_length = u8::try_from(identifier.len()).unwrap_or(u8::MAX);
    let extent = hierarchy.extent_of(position).start.0;
    let parent = hierarchy.parent_of(content, position);
    // The plan refuses more directories than the number can hold.
    let parent = u16::try_from(hierarchy.place_of(parent) + 1).unwrap_or(u16::MAX);
    let end = out.len() + record_len(identifier.len());
    match order {
        ByteOrder::Little => out.extend_from_slice(
            PathTableRecordL {
                identifier_length,
                extended_attribute_length: 0,
                extent: extent.into(),
                parent: parent.into(),
            }
            .as_bytes(),
        ),
        ByteOrder::Big => out.extend_from_slice(
            PathTableRecordM {
                identifier_length,
                extended_attribute_length: 0,
                extent: extent.into(),
                parent: parent.into(),
            }
            .as_bytes(),
        ),
    }
    out.extend_from_slice(&identifier);
    out.resize(end, 0);
}

/// The identifier of a directory; a zero byte for the root.
fn identifier(hierarchy: &Hierarchy, content: &Content, position: u32) -> Vec<u8> {
    let item = content.catalog.directory(position).map_or(0, |directory| directory.item);
    if item == 0 {
        return alloc::vec![0];
    }
    let name = hierarchy.name_in(content, hierarchy.parent_of(content, position), item);
    match hierarchy.view {
        View::Primary | View::Enhanced => name.as_bytes().to_vec(),
        View::Joliet => name.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    }
}
