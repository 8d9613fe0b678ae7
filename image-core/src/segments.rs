//! The product: what an image consists of, in order. A `Blob`, a file, a drive and a verifier all consume it.

use core::iter::from_fn;

use crate::BLOCK_SIZE;
use crate::address::{Lba, SourceId, bytes_in};
use crate::layout::Placed;
use crate::layout::udf::StreamExtent;
use crate::plan::Plan;

/// A piece of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Blocks that [`Plan::render`] writes; of checksums, where they are wanted, [`crate::checksum::Recorder::render`].
    Metadata {
        /// The first of them.
        start: Lba,
        /// How many there are.
        blocks: u32,
    },
    /// Bytes of a file.
    File {
        /// Where they come from.
        source: SourceId,
        /// The first of them, as an offset in the file.
        start: u64,
        /// How many there are.
        len: u64,
    },
    /// Zeros: padding and gaps.
    Zero {
        /// How many bytes.
        len: u64,
    },
}

impl Segment {
    /// Bytes of the piece.
    #[must_use]
    pub const fn len(&self) -> u64 {
        match self {
            Self::Metadata { blocks, .. } => bytes_in(*blocks),
            Self::File { len, .. } | Self::Zero { len } => *len,
        }
    }

    /// Whether the piece has no bytes. A plan has no such pieces.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Plan {
    /// The pieces of the image, in order and without a gap: their lengths add up to [`Plan::size_bytes`].
    pub fn segments(&self) -> impl Iterator<Item = Segment> + '_ {
        let mut walk = Walk { plan: self, at: self.start(), region: 0, file: 0, stream: 0, pad: 0 };
        from_fn(move || walk.next())
    }
}

/// A run of bytes of the user's.
#[derive(Clone, Copy)]
enum Data {
    File(u32),
    Stream(StreamExtent),
}

/// Position in the pieces of a plan.
struct Walk<'a> {
    plan: &'a Plan,
    /// The next block.
    at: Lba,
    region: usize,
    file: usize,
    stream: usize,
    /// Zeros that complete the last block of the file before.
    pad: u64,
}

impl Walk<'_> {
    fn next(&mut self) -> Option<Segment> {
        if self.pad > 0 {
            return Some(Segment::Zero { len: core::mem::take(&mut self.pad) });
        }
        let (file, file_start) = self.next_data().unzip();
        if let Some(placed) = self.plan.layout.regions.get(self.region).copied()
            && file_start.is_none_or(|start| placed.start <= start)
        {
            return Some(self.up_to(placed.start).unwrap_or_else(|| self.metadata(placed)));
        }
        if let (Some(data), Some(start)) = (file, file_start) {
            return self.up_to(start).or_else(|| self.data(data));
        }
        self.up_to(Lba(self.plan.layout.blocks))
    }

    /// What comes next of files and named streams. The streams stand behind the files, but before an appended boot image.
    fn next_data(&mut self) -> Option<(Data, Lba)> {
        let file = self.next_file().map(|(item, start)| (Data::File(item), start));
        let stream = self.next_stream().map(|extent| (Data::Stream(extent), extent.start));
        file.into_iter().chain(stream).min_by_key(|(_, start)| *start)
    }

    /// The next file that is not behind: blocks of metadata can have a file's data in them.
    fn next_file(&mut self) -> Option<(u32, Lba)> {
        let content = &self.plan.content;
        loop {
            let item = *content.files.get(self.file)?;
            let start = content.data_of(item);
            if start >= self.at {
                return Some((item, start));
            }
            self.file += 1;
        }
    }

    /// The same for named streams.
    fn next_stream(&mut self) -> Option<StreamExtent> {
        loop {
            let extent = *self.plan.content.streams.get(self.stream)?;
            if extent.start >= self.at {
                return Some(extent);
            }
            self.stream += 1;
        }
    }

    /// Zeros up to this block, if any.
    fn up_to(&mut self, lba: Lba) -> Option<Segment> {
        let gap = lba.since(self.at);
        self.at = self.at.max(lba);
        (gap > 0).then(|| Segment::Zero { len: bytes_in(gap) })
    }

    /// The metadata from here to the next gap; sums stand alone, because [`Plan::render`] does not know them.
    fn metadata(&mut self, first: Placed) -> Segment {
        debug_assert_eq!(self.at, first.start, "regions are rendered where they were placed");
        let start = first.start;
        while let Some(placed) = self.plan.layout.regions.get(self.region)
            && placed.start == self.at
            && (self.at == start || !(placed.is_checksums() || first.is_checksums()))
        {
            self.at = self.at.plus(placed.blocks);
            self.region += 1;
        }
        Segment::Metadata { start, blocks: self.at.since(start) }
    }

    fn data(&mut self, data: Data) -> Option<Segment> {
        let content = &self.plan.content;
        let (source, len) = match data {
            Data::File(item) => {
                self.file += 1;
                content.file(item)?
            }
            Data::Stream(extent) => {
                self.stream += 1;
                let stream = content.stream(extent)?;
                (stream.source, stream.len)
            }
        };
        let padded = len.next_multiple_of(BLOCK_SIZE as u64);
        self.pad = padded - len;
        self.at = self.at.plus(crate::address::blocks_for(padded)?);
        Some(Segment::File { source, start: 0, len })
    }
}

#[cfg(test)]
mod tests {
    use alloc::sync::Arc;
    use alloc::{string::String, vec, vec::Vec};

    use super::*;
    use crate::options::boot::{
        BootEntry, BootImage, ElTorito, Hybrid, PartitionTable, Platform, SystemPartition,
    };
    use crate::tree::{Details, Stream};
    use crate::{Attributes, Options, Tree, UdfRevision};

    /// A plan of a file with one named stream, beside an EFI system partition behind all files.
    fn with_stream(content: Option<Arc<[u8]>>) -> Plan {
        let mut tree = Tree::new();
        tree.add_file("efi.img", SourceId(0), 9000, Attributes::default()).unwrap();
        let file = tree.add_file("file", SourceId(1), 5000, Attributes::default()).unwrap();
        let streams = vec![Stream { content, ..Stream::new("stream", SourceId(2), 3000) }];
        tree.set_details(file, Details { streams, ..Details::default() });
        let mut options = Options::default();
        options.udf.revision = UdfRevision::V2_50;
        let uefi = BootEntry::new(BootImage::File(String::from("efi.img")));
        options.boot.el_torito = Some(ElTorito::new(Platform::UEFI, uefi));
        let system_partition = SystemPartition::Appended;
        options.boot.hybrid = Some(Hybrid { system_partition, ..Hybrid::new(PartitionTable::Mbr) });
        crate::plan(tree, &options).unwrap()
    }

    /// The bytes of files, each with its first byte in the image; and the length of the image.
    fn files(plan: &Plan) -> (Vec<(SourceId, u64)>, u64) {
        let mut at = 0;
        let mut found = Vec::new();
        for segment in plan.segments() {
            if let Segment::File { source, .. } = segment {
                found.push((source, at));
            }
            at += segment.len();
        }
        (found, at)
    }

    #[test]
    fn streams_are_written_where_they_are_recorded() {
        let plan = with_stream(None);
        let (found, len) = files(&plan);
        let at = |item: &str| {
            let node = plan.tree().find(item).unwrap();
            bytes_in(plan.extent(node).unwrap().0.0)
        };
        let stream = bytes_in(plan.content.streams[0].start.0);
        let sources = [SourceId(1), SourceId(2), SourceId(0)];
        let places = [at("file"), stream, at("efi.img")];
        assert_eq!(found, sources.into_iter().zip(places).collect::<Vec<_>>());
        assert_eq!(len, plan.size_bytes());
    }

    #[test]
    fn streams_that_are_rendered_are_not_asked_for() {
        let plan = with_stream(Some(Arc::from([7; 3000])));
        let (found, len) = files(&plan);
        let sources: Vec<SourceId> = found.into_iter().map(|(source, _)| source).collect();
        assert_eq!(sources, [SourceId(1), SourceId(0)]);
        assert_eq!(len, plan.size_bytes());
    }
}
