//! Named streams: a directory of its own for a file that has any, and a file entry for each. ECMA-167 4/9.2; UDF 3.3.5.

use alloc::vec::Vec;

use super::super::catalog::number;
use super::super::content::Content;
use super::super::cursor::Cursor;
use super::super::{Placed, Region};
use crate::address::{BLOCK_BYTES, Lba, blocks_for};
use crate::tree::Stream;
use crate::wire::udf::{FileIdentifier, cs0};

/// The blocks of a file's streams: the entry of their directory, its file identifiers, and the entry of each stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StreamBlocks {
    /// Length of the file identifiers, in bytes.
    pub(crate) identifiers: u32,
    streams: u32,
}

/// What a block of them is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StreamBlock {
    Directory,
    /// File identifiers: which block of them.
    Identifiers(u32),
    /// The entry of a stream.
    Entry(u32),
}

impl StreamBlocks {
    pub(crate) fn new(streams: &[Stream]) -> Self {
        let lengths = streams.iter().map(|stream| cs0::encoded_len(&stream.name));
        let named: usize = lengths.map(FileIdentifier::padded_len).sum();
        let identifiers = FileIdentifier::padded_len(0) + named;
        Self { identifiers: number(identifiers), streams: number(streams.len()) }
    }

    const fn directory_blocks(self) -> u32 {
        self.identifiers.div_ceil(BLOCK_BYTES)
    }

    pub(super) const fn blocks(self) -> u32 {
        1 + self.directory_blocks() + self.streams
    }

    pub(crate) const fn at(self, ordinal: u32) -> StreamBlock {
        match ordinal.checked_sub(1 + self.directory_blocks()) {
            Some(stream) => StreamBlock::Entry(stream),
            None if ordinal == 0 => StreamBlock::Directory,
            None => StreamBlock::Identifiers(ordinal - 1),
        }
    }

    /// Where the entry of a stream is, when the blocks begin at `start`.
    pub(crate) const fn entry(self, start: Lba, stream: u32) -> Lba {
        start.plus(1 + self.directory_blocks() + stream)
    }
}

/// The bytes of a stream, wherever they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StreamExtent {
    pub(crate) item: u32,
    pub(crate) stream: u32,
    pub(crate) start: Lba,
}

/// Gives the bytes of named streams their addresses, behind those of the files; what is known of them is rendered.
pub(in super::super) fn place_streams(
    content: &mut Content,
    cursor: &mut Cursor,
    regions: &mut Vec<Placed>,
) {
    if !content.options.file_systems.udf {
        return;
    }
    let mut placed = Vec::new();
    for item in 0..content.catalog.len() {
        if content.file_details(item).streams.is_empty() || !content.has_udf_entry(item) {
            continue;
        }
        for (stream, found) in (0..).zip(&content.file_details(item).streams) {
            if found.len > 0 && found.recorded.is_none() {
                let blocks = blocks_for(found.len).unwrap_or(u32::MAX);
                let start = cursor.take(blocks.into());
                let extent = StreamExtent { item, stream, start };
                placed.push(extent);
                if found.content.is_some() {
                    let region = Region::Stream(extent);
                    regions.push(Placed { region, start, blocks });
                }
            }
        }
    }
    content.streams = placed;
}
