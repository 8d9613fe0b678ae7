//! Stream directories and the file entries of streams. ECMA-167 4/9.2; UDF 3.3.5.

use alloc::vec::Vec;

use super::directories::identifier;
use super::entries::file_space;
use super::entry::{Allocation, Entry, Space, Times};
use super::{long_ad, part};
use crate::BLOCK_SIZE;
use crate::address::{BLOCK_BYTES, Lba};
use crate::layout::udf::{StreamBlock, StreamBlocks, UdfLayout};
use crate::plan::Plan;
use crate::tree::Stream;
use crate::wire::udf::{
    FileCharacteristics, FileIdentifier, LongAd, cs0, file_type, icb_flags, permissions,
};

impl Plan {
    /// Where the stream directory of an item is, and how many bytes its streams have.
    pub(super) fn stream_directory(&self, udf: &UdfLayout, item: u32) -> (LongAd, u64) {
        let Some(start) = udf.streams.of(item) else { return (LongAd::default(), 0) };
        let streams = &self.content.file_details(item).streams;
        // The unique id stands in the identifiers of directories alone.
        let directory = long_ad(udf.real_address(start), BLOCK_BYTES, 0);
        (directory, streams.iter().map(|stream| stream.len).sum())
    }

    /// One of the blocks that the streams of an item need.
    pub(super) fn streams(&self, udf: &UdfLayout, lba: Lba) -> Vec<u8> {
        let Some((item, ordinal)) = udf.streams.at(lba) else { return Vec::new() };
        let Some(start) = udf.streams.of(item) else { return Vec::new() };
        let streams = &self.content.file_details(item).streams;
        let blocks = StreamBlocks::new(streams);
        let location = udf.in_entry_space(lba);
        match blocks.at(ordinal) {
            StreamBlock::Directory => {
                let space = if udf.form.is_virtual() { Space::Partition(0) } else { Space::Own };
                let len = blocks.identifiers.into();
                let allocation = Allocation::extents(space, location + 1, len);
                self.stream_entry(item, file_type::STREAM_DIRECTORY, 0, allocation)
                    .render(udf.form, location)
            }
            StreamBlock::Identifiers(ordinal) => {
                part(&self.stream_identifiers(udf, item, start, streams), ordinal)
            }
            StreamBlock::Entry(stream) => {
                let found = self.content.streams.iter();
                let mut found = found.filter(|at| at.item == item && at.stream == stream);
                let stream = streams.get(stream as usize);
                let recorded = stream.and_then(|stream| stream.recorded);
                let data = recorded.or_else(|| found.next().map(|at| at.start)).unwrap_or_default();
                let len = stream.map_or(0, |stream| stream.len);
                let allocation = Allocation::extents(file_space(udf), udf.relative(data), len);
                self.stream_entry(item, file_type::REGULAR, 1, allocation)
                    .render(udf.form, location)
            }
        }
    }

    /// An entry of a stream or a stream directory: but for its data it is as its file. UDF 3.3.5.1.
    fn stream_entry(&self, item: u32, kind: u8, links: u16, allocation: Allocation) -> Entry {
        let modified = self.content.modified(item);
        let attributes = self.content.tree.attributes(self.content.node(item));
        let times = Times { accessed: modified, modified, created: modified, changed: modified };
        let flags = if kind == file_type::REGULAR { icb_flags::STREAM } else { 0 };
        Entry {
            flags,
            uid: attributes.uid,
            gid: attributes.gid,
            permissions: permissions::from_mode(self.content.posix_mode(item)),
            links,
            times,
            unique_id: self.file_id(item),
            ..Entry::system(kind, modified, allocation)
        }
    }

    /// The identifiers of a stream directory: the first is of the file that has the streams.
    fn stream_identifiers(
        &self,
        udf: &UdfLayout,
        item: u32,
        start: Lba,
        streams: &[Stream],
    ) -> Vec<u8> {
        let blocks = StreamBlocks::new(streams);
        let first = udf.in_entry_space(start) + 1;
        // Whatever it is: the one bit goes with the other. ECMA-167 4/14.4.3.
        let kind = FileCharacteristics::PARENT | FileCharacteristics::DIRECTORY;
        // That of its file entry, whose first name may be another. UDF 2.3.4.3, 3.2.1.1.
        #[expect(clippy::cast_possible_truncation, reason = "the low 32 bits are recorded")]
        let unique_id = self.file_id(item) as u32;
        let parent = long_ad(udf.entry_of(item), BLOCK_BYTES, unique_id);
        let mut bytes = identifier(udf.form, kind, parent, &[], (first, 0));
        for (ordinal, stream) in (0..).zip(streams) {
            let mut name = Vec::new();
            cs0::encode(&stream.name, &mut name);
            let passed = u32::try_from(bytes.len() / BLOCK_SIZE).unwrap_or(u32::MAX);
            let address = udf.real_address(blocks.entry(start, ordinal));
            let icb = long_ad(address, BLOCK_BYTES, unique_id);
            debug_assert!(FileIdentifier::padded_len(name.len()) < BLOCK_SIZE);
            let kind = FileCharacteristics::empty();
            bytes.extend(identifier(udf.form, kind, icb, &name, (first + passed, 0)));
        }
        bytes
    }
}
