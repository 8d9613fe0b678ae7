//! One file entry, extended or not. ECMA-167 4/14.9, 4/14.17; UDF 2.3.6.

use alloc::vec::Vec;
use core::ops::Range;

use zerocopy::IntoBytes as _;

use super::{UNIX, tagged};
use crate::address::{BLOCK_BYTES, blocks_for};
use crate::layout::udf::Form;
use crate::time::DiscTime;
use crate::wire::udf::{
    DescriptorTag, EntityId, ExtendedAttributesHead, ExtendedFileEntry, FileEntry, IcbTag, LbAddr,
    LongAd, SHORT_AD_MAX, ShortAd, Timestamp, ad_type, extent_type, tag_id,
};

/// No user or group given. ECMA-167 4/14.9.3.
const UNSPECIFIED: u32 = u32::MAX;

/// The partition that allocation descriptors mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// That of the entry itself: short allocation descriptors. ECMA-167 4/14.14.1.
    Own,
    /// The one that they name: long allocation descriptors. ECMA-167 4/14.14.2.
    Partition(u16),
}

impl Space {
    /// An allocation descriptor.
    pub(super) fn descriptor(self, block: u32, len: u32, extent_type: u8) -> Vec<u8> {
        let length_and_type = (u32::from(extent_type) << 30 | len).into();
        match self {
            Self::Own => ShortAd { length_and_type, block: block.into() }.as_bytes().to_vec(),
            Self::Partition(partition) => {
                let location = LbAddr { block: block.into(), partition: partition.into() };
                LongAd { length_and_type, location, ..LongAd::default() }.as_bytes().to_vec()
            }
        }
    }

    /// Those of some extents of a file: `range` says which.
    pub(super) fn descriptors(self, start: u32, len: u64, range: Range<u64>) -> Vec<u8> {
        self.descriptors_of(SHORT_AD_MAX, start, len, range)
    }

    /// The same for extents of at most this many bytes.
    pub(super) fn descriptors_of(
        self,
        most: u32,
        start: u32,
        len: u64,
        range: Range<u64>,
    ) -> Vec<u8> {
        let mut bytes = Vec::new();
        for ordinal in range {
            let rest = len.saturating_sub(ordinal * u64::from(most));
            let part = u32::try_from(rest.min(most.into())).unwrap_or(most);
            let skipped = ordinal * u64::from(most / BLOCK_BYTES);
            let block = start.saturating_add(u32::try_from(skipped).unwrap_or(u32::MAX));
            bytes.extend(self.descriptor(block, part, extent_type::RECORDED));
        }
        bytes
    }

    /// The pointer to a block of further descriptors.
    pub(super) fn pointer(self, block: u32) -> Vec<u8> {
        self.descriptor(block, BLOCK_BYTES, extent_type::NEXT_EXTENT)
    }

    const fn ad_type(self) -> u16 {
        match self {
            Self::Own => ad_type::SHORT,
            Self::Partition(_) => ad_type::LONG,
        }
    }
}

/// Where the bytes of a file are, as its file entry records it.
pub(super) struct Allocation {
    kind: u16,
    pub(super) len: u64,
    blocks: u64,
    /// Allocation descriptors, or the bytes themselves.
    pub(super) bytes: Vec<u8>,
}

impl Allocation {
    /// Consecutive blocks from `start` on, all described here.
    pub(super) fn extents(space: Space, start: u32, len: u64) -> Self {
        let count = len.div_ceil(SHORT_AD_MAX.into());
        Self::described(space, len, space.descriptors(start, len, 0..count))
    }

    /// Blocks that these descriptors lead to.
    pub(super) fn described(space: Space, len: u64, bytes: Vec<u8>) -> Self {
        let blocks = blocks_for(len).unwrap_or(u32::MAX).into();
        Self { kind: space.ad_type(), len, blocks, bytes }
    }

    /// In the file entry itself. ECMA-167 4/14.6.8.
    pub(super) const fn embedded(bytes: Vec<u8>) -> Self {
        Self { kind: ad_type::EMBEDDED, len: bytes.len() as u64, blocks: 0, bytes }
    }
}

/// When things happened to a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) accessed: DiscTime,
    pub(super) modified: DiscTime,
    pub(super) created: DiscTime,
    pub(super) changed: DiscTime,
}

/// What a file entry says, in either form.
pub(super) struct Entry {
    pub(super) file_type: u8,
    pub(super) flags: u16,
    pub(super) uid: Option<u32>,
    pub(super) gid: Option<u32>,
    pub(super) permissions: u32,
    pub(super) links: u16,
    pub(super) allocation: Allocation,
    pub(super) times: Times,
    pub(super) unique_id: u64,
    /// Extended attributes, their tag still empty.
    pub(super) attributes: Vec<u8>,
    /// Where the stream directory is, if there is one.
    pub(super) streams: LongAd,
    /// Bytes of the streams.
    pub(super) stream_bytes: u64,
}

impl Entry {
    /// The entry of a file that no directory names. UDF 2.2.11, 2.2.13.1.
    pub(super) fn system(file_type: u8, made: DiscTime, allocation: Allocation) -> Self {
        let times = Times { accessed: made, modified: made, created: made, changed: made };
        let (flags, permissions, links, unique_id) = (0, 0, 0, 0);
        let (uid, gid) = (None, None);
        let (attributes, streams, stream_bytes) = (Vec::new(), LongAd::default(), 0);
        Self {
            file_type,
            flags,
            uid,
            gid,
            permissions,
            links,
            allocation,
            times,
            unique_id,
            attributes,
            streams,
            stream_bytes,
        }
    }

    /// The bytes of the descriptor.
    pub(super) fn render(self, form: Form, location: u32) -> Vec<u8> {
        let icb_tag = IcbTag {
            strategy_type: 4.into(),
            maximum_entries: 1.into(),
            file_type: self.file_type,
            flags: (self.allocation.kind | self.flags).into(),
            ..IcbTag::default()
        };
        let (identifier, mut bytes) = if form.has_extended_entries() {
            (tag_id::EXTENDED_FILE_ENTRY, self.extended(icb_tag).as_bytes().to_vec())
        } else {
            (tag_id::FILE_ENTRY, self.plain(icb_tag).as_bytes().to_vec())
        };
        if !self.attributes.is_empty() {
            bytes.extend(attribute_space(form, location, self.attributes));
        }
        bytes.extend_from_slice(&self.allocation.bytes);
        tagged(form, identifier, location, bytes)
    }

    fn plain(&self, icb_tag: IcbTag) -> FileEntry {
        FileEntry {
            tag: DescriptorTag::default(),
            icb_tag,
            uid: self.uid.unwrap_or(UNSPECIFIED).into(),
            gid: self.gid.unwrap_or(UNSPECIFIED).into(),
            permissions: self.permissions.into(),
            link_count: self.links.into(),
            record_format: 0,
            record_display_attributes: 0,
            record_length: 0.into(),
            information_length: self.allocation.len.into(),
            blocks_recorded: self.allocation.blocks.into(),
            accessed: Timestamp::new(self.times.accessed),
            modified: Timestamp::new(self.times.modified),
            attributes_changed: Timestamp::new(self.times.changed),
            checkpoint: 1.into(),
            extended_attribute_icb: LongAd::default(),
            implementation_identifier: self.implementation(),
            unique_id: self.unique_id.into(),
            extended_attributes_length: len_of(&self.attributes).into(),
            allocation_descriptors_length: len_of(&self.allocation.bytes).into(),
        }
    }

    fn extended(&self, icb_tag: IcbTag) -> ExtendedFileEntry {
        ExtendedFileEntry {
            tag: DescriptorTag::default(),
            icb_tag,
            uid: self.uid.unwrap_or(UNSPECIFIED).into(),
            gid: self.gid.unwrap_or(UNSPECIFIED).into(),
            permissions: self.permissions.into(),
            link_count: self.links.into(),
            record_format: 0,
            record_display_attributes: 0,
            record_length: 0.into(),
            information_length: self.allocation.len.into(),
            object_size: (self.allocation.len + self.stream_bytes).into(),
            blocks_recorded: self.allocation.blocks.into(),
            accessed: Timestamp::new(self.times.accessed),
            modified: Timestamp::new(self.times.modified),
            created: Timestamp::new(self.times.created),
            attributes_changed: Timestamp::new(self.times.changed),
            checkpoint: 1.into(),
            reserved: 0.into(),
            extended_attribute_icb: LongAd::default(),
            stream_directory_icb: self.streams,
            implementation_identifier: self.implementation(),
            unique_id: self.unique_id.into(),
            extended_attributes_length: len_of(&self.attributes).into(),
            allocation_descriptors_length: len_of(&self.allocation.bytes).into(),
        }
    }

    /// Users and groups mean something to UNIX alone, which the identifier then says. UDF 3.3.3.1, 6.3.
    fn implementation(&self) -> EntityId {
        let is_unix = self.uid.is_some() || self.gid.is_some();
        EntityId::new(b"*discwright", if is_unix { UNIX } else { [0; 8] })
    }
}

fn len_of(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or_default()
}

/// The extended attributes of an entry at `location`. The tag that heads them covers the head alone. UDF 3.3.4.1.
fn attribute_space(form: Form, location: u32, mut attributes: Vec<u8>) -> Vec<u8> {
    if let Some(head) = attributes.get_mut(..size_of::<ExtendedAttributesHead>()) {
        let tag_id = tag_id::EXTENDED_ATTRIBUTE_HEADER;
        head.copy_from_slice(&tagged(form, tag_id, location, head.to_vec()));
    }
    attributes
}
