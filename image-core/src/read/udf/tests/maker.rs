//! A small volume of every partition form, recorded by hand: what the writer of this library never makes is in it too.

#![expect(clippy::cast_possible_truncation, reason = "the volume is small")]

use alloc::vec;
use alloc::vec::Vec;

use zerocopy::{FromZeros as _, IntoBytes as _};

use crate::wire::udf::{
    AllocationExtentHead, AnchorVolumeDescriptorPointer, AttributeHead, DescriptorTag,
    DeviceSpecification, EntityId, ExtendedAttributesHead, ExtendedFileEntry, ExtentAd,
    FileIdentifier, FileSetDescriptor, IcbTag, LbAddr, LogicalVolumeDescriptor,
    LogicalVolumeIntegrity, LogicalVolumeIntegrityImplementation, LongAd, METADATA_PARTITION,
    MetadataPartitionMap, PartitionDescriptor, PartitionMapType1, PartitionMapType2,
    SPARABLE_PARTITION, SPARING_TABLE, SparablePartitionMap, SparingEntry, SparingTable,
    UseAttribute, VIRTUAL_ALLOCATION_TABLE, VIRTUAL_PARTITION, VirtualAllocationTable,
    VirtualAllocationTail, VirtualPartitionMap, ad_type, attribute_type, cs0, extent_type,
    file_type, tag_id,
};

/// First sector and length of the partition.
pub(super) const START: u32 = 300;
const LENGTH: u32 = 400;
/// The length when the virtual allocation table stands in it, which comes last of all.
const LENGTH_TO_THE_END: u32 = 500;
/// Where the packets are that took the place of others.
const SPARE: u32 = 720;
/// Where the two sparing tables are.
pub(super) const SPARING: [u32; 2] = [710, 712];
/// The main and the reserve sequence.
pub(super) const SEQUENCES: [u32; 2] = [258, 274];
const INTEGRITY: u32 = 290;
/// Blocks of the partition where the metadata file, its mirror and their file entries are.
const METADATA: [(u32, u32); 2] = [(10, 8), (40, 60)];
const MIRROR: (u32, u32) = (320, 68);
pub(super) const METADATA_ENTRIES: [u32; 2] = [300, 301];
const PACKET: u32 = 32;
/// All blocks of the image.
const BLOCKS: u32 = 800;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Sparable,
    /// UDF 1.50.
    OldVirtual,
    Virtual,
    Metadata,
}

impl Kind {
    pub(super) const ALL: [Self; 5] =
        [Self::Plain, Self::Sparable, Self::OldVirtual, Self::Virtual, Self::Metadata];
}

/// A volume while it is recorded.
#[derive(Clone)]
pub(super) struct Maker {
    pub(super) kind: Kind,
    pub(super) block: usize,
    pub(super) image: Vec<u8>,
    /// See [`ad_type`].
    pub(super) ads: u16,
    next_data: u32,
    next_node: u32,
    /// The virtual allocation table.
    table: Vec<u32>,
}

/// A structure with its tag made right.
pub(super) fn sealed(mut bytes: Vec<u8>, identifier: u16, location: u32) -> Vec<u8> {
    let tag = DescriptorTag::new(identifier, 3, location, &bytes[16..]);
    bytes[..16].copy_from_slice(tag.as_bytes());
    bytes
}

pub(super) fn long_ad(length: u32, kind: u8, location: LbAddr) -> LongAd {
    let length_and_type = (length | u32::from(kind) << 30).into();
    LongAd { length_and_type, location, ..LongAd::new_zeroed() }
}

fn address(partition: u16, block: u32) -> LbAddr {
    LbAddr { block: block.into(), partition: partition.into() }
}

impl Maker {
    pub(super) fn new(kind: Kind, block: usize) -> Self {
        Self {
            kind,
            block,
            image: vec![0; BLOCKS as usize * block],
            ads: ad_type::LONG,
            next_data: 130,
            next_node: 0,
            table: Vec::new(),
        }
    }

    /// Size of a block as structures have it.
    pub(super) fn size(&self) -> u32 {
        self.block as u32
    }

    pub(super) fn put(&mut self, sector: u32, bytes: &[u8]) {
        let at = sector as usize * self.block;
        self.image[at..at + bytes.len()].copy_from_slice(bytes);
    }

    /// The partition that holds the structures.
    pub(super) fn structures(&self) -> u16 {
        match self.kind {
            Kind::Plain | Kind::Sparable => 0,
            _ => 1,
        }
    }

    /// The sector of a block of the partition itself.
    pub(super) fn physical(&self, block: u32) -> u32 {
        match block / PACKET {
            0 if self.kind == Kind::Sparable => SPARE + block,
            4 if self.kind == Kind::Sparable => SPARE + PACKET + block % PACKET,
            _ => START + block,
        }
    }

    /// The sectors of a block that holds a structure: where it is, and where its mirror is.
    pub(super) fn sectors(&self, node: LbAddr) -> Vec<u32> {
        let block = node.block.get();
        match self.kind {
            Kind::Plain | Kind::Sparable => vec![self.physical(block)],
            Kind::OldVirtual | Kind::Virtual => vec![self.physical(self.table[block as usize])],
            Kind::Metadata => {
                let (first, count) = METADATA[0];
                let main =
                    if block < count { first + block } else { METADATA[1].0 + block - count };
                vec![self.physical(main), self.physical(MIRROR.0 + block)]
            }
        }
    }

    /// A free block for a structure.
    pub(super) fn node(&mut self) -> LbAddr {
        let block = self.next_node;
        self.next_node += 1;
        if matches!(self.kind, Kind::OldVirtual | Kind::Virtual) {
            // Backwards, so that no virtual block is where a real one of its number would be.
            self.table.push(120 - block);
        }
        address(self.structures(), block)
    }

    pub(super) fn put_node(&mut self, node: LbAddr, bytes: &[u8]) {
        for sector in self.sectors(node) {
            self.put(sector, bytes);
        }
    }

    /// Records content in blocks of its own; returns the first.
    pub(super) fn data(&mut self, bytes: &[u8]) -> LbAddr {
        let first = self.next_data;
        for part in bytes.chunks(self.block) {
            let sector = self.physical(self.next_data);
            self.put(sector, part);
            self.next_data += 1;
        }
        // A gap, so that no two pieces are one after the other by chance.
        self.next_data += 1;
        address(0, first)
    }

    /// The file entry of a file of a type, with descriptors or content in their place.
    pub(super) fn entry(&self, file_type: u8, len: u64, ads: u16, body: &[u8]) -> Vec<u8> {
        self.entry_with(file_type, len, ads, (&[], LongAd::new_zeroed()), body)
    }

    pub(super) fn entry_with(
        &self,
        file_type: u8,
        len: u64,
        ads: u16,
        (attributes, streams): (&[u8], LongAd),
        body: &[u8],
    ) -> Vec<u8> {
        let icb_tag = IcbTag {
            strategy_type: 4.into(),
            maximum_entries: 1.into(),
            file_type,
            flags: ads.into(),
            ..IcbTag::new_zeroed()
        };
        let entry = ExtendedFileEntry {
            icb_tag,
            uid: 7.into(),
            gid: u32::MAX.into(),
            permissions: 0o7.into(),
            link_count: 1.into(),
            information_length: len.into(),
            stream_directory_icb: streams,
            extended_attributes_length: (attributes.len() as u32).into(),
            allocation_descriptors_length: (body.len() as u32).into(),
            ..ExtendedFileEntry::new_zeroed()
        };
        [entry.as_bytes(), attributes, body].concat()
    }

    /// Records a structure where it belongs.
    pub(super) fn record(&mut self, node: LbAddr, identifier: u16, bytes: Vec<u8>) {
        let bytes = sealed(bytes, identifier, node.block.get());
        assert!(bytes.len() <= self.block, "{} bytes in a block", bytes.len());
        self.put_node(node, &bytes);
    }

    pub(super) fn record_entry(&mut self, node: LbAddr, bytes: Vec<u8>) {
        self.record(node, tag_id::EXTENDED_FILE_ENTRY, bytes);
    }

    /// A file with its content in its entry.
    pub(super) fn embedded(&mut self, file_type: u8, content: &[u8]) -> LbAddr {
        let node = self.node();
        let entry = self.entry(file_type, content.len() as u64, ad_type::EMBEDDED, content);
        self.record_entry(node, entry);
        node
    }

    /// A file of two blocks, a hole of one, and another block and a half, its descriptors going on in an extent of their own.
    pub(super) fn scattered(&mut self) -> (LbAddr, Vec<u8>) {
        let size = self.size();
        let mut content: Vec<u8> = (0..size * 9 / 2).map(|at| (at % 251) as u8).collect();
        content[2 * self.block..3 * self.block].fill(0);
        let first = self.data(&content[..2 * self.block]);
        let last = self.data(&content[3 * self.block..]);
        let (node, further) = (self.node(), self.node());
        let nowhere = address(0, 0);
        let descriptors = [
            self.ad(2 * size, extent_type::RECORDED, first),
            self.ad(size, extent_type::NEXT_EXTENT, further),
        ]
        .concat();
        let rest = [
            self.ad(size, extent_type::SPARSE, nowhere),
            self.ad(size * 3 / 2, extent_type::RECORDED, last),
            self.ad(0, extent_type::RECORDED, nowhere),
        ]
        .concat();
        let head = AllocationExtentHead {
            length: (rest.len() as u32).into(),
            ..AllocationExtentHead::new_zeroed()
        };
        self.record(further, tag_id::ALLOCATION_EXTENT, [head.as_bytes(), &rest].concat());
        let entry = self.entry(file_type::REGULAR, content.len() as u64, self.ads, &descriptors);
        self.record_entry(node, entry);
        (node, content)
    }

    /// An allocation descriptor of the kind that is asked for.
    pub(super) fn ad(&self, length: u32, kind: u8, location: LbAddr) -> Vec<u8> {
        let long = long_ad(length, kind, location);
        let [length_and_type, block] = [long.length_and_type, location.block];
        match self.ads {
            ad_type::SHORT => [length_and_type.as_bytes(), block.as_bytes()].concat(),
            ad_type::EXTENDED => {
                let bytes = length.to_le_bytes();
                [length_and_type.as_bytes(), &bytes, &bytes, location.as_bytes(), &[0; 2]].concat()
            }
            _ => long.as_bytes().to_vec(),
        }
    }

    pub(super) fn identifier(&self, name: &str, characteristics: u8, icb: LbAddr) -> Vec<u8> {
        let mut text = Vec::new();
        cs0::encode(name, &mut text);
        let head = FileIdentifier {
            version: 1.into(),
            characteristics,
            identifier_length: text.len() as u8,
            icb: long_ad(self.size(), 0, icb),
            ..FileIdentifier::new_zeroed()
        };
        let mut bytes = [head.as_bytes(), &text].concat();
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        sealed(bytes, tag_id::FILE_IDENTIFIER, icb.block.get())
    }

    /// A directory with its identifiers in blocks beside its entry.
    pub(super) fn directory(&mut self, node: LbAddr, identifiers: &[u8]) {
        let count = identifiers.len().div_ceil(self.block);
        let blocks: Vec<LbAddr> = (0..count).map(|_| self.node()).collect();
        let mut descriptors = Vec::new();
        for (block, part) in blocks.iter().zip(identifiers.chunks(self.block)) {
            self.put_node(*block, part);
            descriptors.extend(long_ad(part.len() as u32, 0, *block).as_bytes());
        }
        let len = identifiers.len() as u64;
        let entry = self.entry(file_type::DIRECTORY, len, ad_type::LONG, &descriptors);
        self.record_entry(node, entry);
    }

    /// A device with its numbers, and an attribute of somebody's.
    pub(super) fn device(&mut self) -> LbAddr {
        let head = |attribute_type: u32, length: usize| AttributeHead {
            attribute_type: attribute_type.into(),
            subtype: 1,
            length: (length as u32).into(),
            ..AttributeHead::new_zeroed()
        };
        let device = DeviceSpecification {
            head: head(attribute_type::DEVICE_SPECIFICATION, size_of::<DeviceSpecification>()),
            implementation_use_length: 0.into(),
            major: 8.into(),
            minor: 17.into(),
        };
        let mine = UseAttribute {
            head: head(attribute_type::IMPLEMENTATION_USE, size_of::<UseAttribute>() + 4),
            use_length: 4.into(),
            identifier: EntityId::new(b"*Somebody", [0; 8]),
        };
        let node = self.node();
        let space = ExtendedAttributesHead::new_zeroed();
        let space = [space.as_bytes(), device.as_bytes(), mine.as_bytes(), b"mine"].concat();
        let space = sealed(space, tag_id::EXTENDED_ATTRIBUTE_HEADER, node.block.get());
        let with = (space.as_slice(), LongAd::new_zeroed());
        let entry = self.entry_with(file_type::BLOCK_DEVICE, 0, ad_type::EMBEDDED, with, &[]);
        self.record_entry(node, entry);
        node
    }

    /// A file with a named stream.
    pub(super) fn streamed(&mut self) -> LbAddr {
        let stream = self.embedded(file_type::REGULAR, b"beside");
        let identifiers = self.identifier("colour", 0, stream);
        let streams = self.embedded(file_type::STREAM_DIRECTORY, &identifiers);
        let node = self.node();
        let with = (&[] as &[u8], long_ad(self.size(), 0, streams));
        let entry = self.entry_with(file_type::REGULAR, 4, ad_type::EMBEDDED, with, b"main");
        self.record_entry(node, entry);
        node
    }

    /// What announces the volume, and what it is made of. `root` is where the root directory is.
    pub(super) fn finish(&mut self, root: LbAddr, system_streams: LongAd) {
        let set = FileSetDescriptor {
            root: long_ad(self.size(), 0, root),
            system_stream_directory: system_streams,
            ..FileSetDescriptor::new_zeroed()
        };
        let node = self.node();
        self.record(node, tag_id::FILE_SET, set.as_bytes().to_vec());
        self.forms();
        for first in SEQUENCES {
            self.sequence(first, node);
        }
        self.integrity();
        for (index, identifier) in [b"BEA01", b"NSR03", b"TEA01"].into_iter().enumerate() {
            let at = 16 * 2048 + index * self.block.max(2048) + 1;
            self.image[at..at + 5].copy_from_slice(identifier);
        }
        for sector in [256, BLOCKS - 1] {
            // A virtual allocation table is what comes last.
            if sector != 256 && matches!(self.kind, Kind::OldVirtual | Kind::Virtual) {
                continue;
            }
            let extent = |location: u32| ExtentAd {
                length: (16 * self.size()).into(),
                location: location.into(),
            };
            let anchor = AnchorVolumeDescriptorPointer {
                main: extent(SEQUENCES[0]),
                reserve: extent(SEQUENCES[1]),
                ..AnchorVolumeDescriptorPointer::new_zeroed()
            };
            self.put(sector, &sealed(anchor.as_bytes().to_vec(), tag_id::ANCHOR, sector));
        }
    }

    /// One of the two volume descriptor sequences.
    fn sequence(&mut self, first: u32, file_set: LbAddr) {
        let length = match self.kind {
            Kind::OldVirtual | Kind::Virtual => LENGTH_TO_THE_END,
            _ => LENGTH,
        };
        let partition = PartitionDescriptor {
            number: 5.into(),
            access_type: 4.into(),
            start: START.into(),
            length: length.into(),
            ..PartitionDescriptor::new_zeroed()
        };
        let stale = PartitionDescriptor { start: 1.into(), ..partition };
        let partition = PartitionDescriptor { sequence_number: 9.into(), ..partition };
        let (maps, count) = self.maps();
        let logical = LogicalVolumeDescriptor {
            logical_volume_identifier: cs0::dstring("by hand"),
            logical_block_size: self.size().into(),
            domain_identifier: EntityId::new(b"*OSTA UDF Compliant", EntityId::udf_suffix(0x0250)),
            file_set: long_ad(self.size(), 0, file_set),
            map_table_length: (maps.len() as u32).into(),
            partition_maps: count.into(),
            integrity_sequence: ExtentAd {
                length: (2 * self.size()).into(),
                location: INTEGRITY.into(),
            },
            ..LogicalVolumeDescriptor::new_zeroed()
        };
        let descriptors = [
            (tag_id::PARTITION, partition.as_bytes().to_vec()),
            (tag_id::PARTITION, stale.as_bytes().to_vec()),
            (tag_id::LOGICAL_VOLUME, [logical.as_bytes(), &maps].concat()),
            (tag_id::TERMINATING, vec![0; 512]),
        ];
        for (sector, (identifier, bytes)) in (first..).zip(descriptors) {
            self.put(sector, &sealed(bytes, identifier, sector));
        }
    }

    fn maps(&self) -> (Vec<u8>, u32) {
        let head = |identifier: &[u8]| PartitionMapType2 {
            map_type: 2,
            length: 64,
            reserved: [0; 2],
            identifier: EntityId::new(identifier, [0; 8]),
            volume_sequence_number: 1.into(),
            partition_number: 5.into(),
        };
        let plain = PartitionMapType1 {
            map_type: 1,
            length: 6,
            volume_sequence_number: 1.into(),
            partition_number: 5.into(),
        };
        let special = match self.kind {
            Kind::Plain => return (plain.as_bytes().to_vec(), 1),
            Kind::Sparable => {
                let map = SparablePartitionMap {
                    head: head(SPARABLE_PARTITION),
                    packet_length: (PACKET as u16).into(),
                    tables: 2,
                    reserved: 0,
                    table_size: self.size().into(),
                    locations: [SPARING[0].into(), SPARING[1].into(), 0.into(), 0.into()],
                };
                return (map.as_bytes().to_vec(), 1);
            }
            Kind::OldVirtual | Kind::Virtual => {
                let map = VirtualPartitionMap { head: head(VIRTUAL_PARTITION), reserved: [0; 24] };
                map.as_bytes().to_vec()
            }
            Kind::Metadata => {
                let map = MetadataPartitionMap {
                    head: head(METADATA_PARTITION),
                    main: METADATA_ENTRIES[0].into(),
                    mirror: METADATA_ENTRIES[1].into(),
                    bitmap: u32::MAX.into(),
                    flags: MetadataPartitionMap::DUPLICATED,
                    ..MetadataPartitionMap::new_zeroed()
                };
                map.as_bytes().to_vec()
            }
        };
        ([plain.as_bytes(), &special].concat(), 2)
    }

    /// The tables that a form needs.
    fn forms(&mut self) {
        match self.kind {
            Kind::Plain => {}
            Kind::Sparable => self.sparing_tables(),
            Kind::OldVirtual | Kind::Virtual => self.virtual_table(),
            Kind::Metadata => self.metadata_files(),
        }
    }

    fn sparing_tables(&mut self) {
        let entry = |original: u32, mapped: u32| SparingEntry {
            original: original.into(),
            mapped: mapped.into(),
        };
        // The first table is an older one that knows of one packet only.
        for (sector, sequence, count) in [(SPARING[0], 3, 1), (SPARING[1], 4, 4)] {
            let entries = [
                entry(0, SPARE),
                entry(4 * PACKET, SPARE + PACKET),
                entry(SparingEntry::DEFECTIVE, SPARE),
                entry(SparingEntry::AVAILABLE, SPARE),
            ];
            let head = SparingTable {
                identifier: EntityId::new(SPARING_TABLE, [0; 8]),
                entries: (count as u16).into(),
                sequence_number: sequence.into(),
                ..SparingTable::new_zeroed()
            };
            let bytes = [head.as_bytes(), entries[..count].as_bytes()].concat();
            self.put(sector, &sealed(bytes, 0, sector));
        }
    }

    /// The table, and after it two blocks of run-out.
    fn virtual_table(&mut self) {
        let entries: Vec<u8> = self.table.iter().flat_map(|block| block.to_le_bytes()).collect();
        let (file_type, content) = if self.kind == Kind::OldVirtual {
            let tail = VirtualAllocationTail {
                identifier: EntityId::new(VIRTUAL_ALLOCATION_TABLE, [0; 8]),
                previous: u32::MAX.into(),
            };
            (0, [&entries, tail.as_bytes()].concat())
        } else {
            let head = VirtualAllocationTable {
                header_length: 156.into(),
                implementation_use_length: 4.into(),
                logical_volume_identifier: cs0::dstring("renamed"),
                files: 77.into(),
                directories: 2.into(),
                ..VirtualAllocationTable::new_zeroed()
            };
            let head = head.as_bytes();
            (file_type::VIRTUAL_ALLOCATION_TABLE, [head, b"impl", &entries].concat())
        };
        let data = self.data(&content);
        let descriptor = long_ad(content.len() as u32, 0, data);
        let len = content.len() as u64;
        let entry = self.entry(file_type, len, ad_type::LONG, descriptor.as_bytes());
        let sector = BLOCKS - 3;
        self.put(sector, &sealed(entry, tag_id::EXTENDED_FILE_ENTRY, sector - START));
    }

    fn metadata_files(&mut self) {
        let size = self.size();
        let short = |(first, count): (u32, u32)| [count * size, first].map(u32::to_le_bytes);
        let files = [
            (METADATA_ENTRIES[0], file_type::METADATA, METADATA.map(short).concat()),
            (METADATA_ENTRIES[1], file_type::METADATA_MIRROR, short(MIRROR).to_vec()),
        ];
        for (block, file_type, descriptors) in files {
            let len = u64::from(MIRROR.1 * size);
            let entry = self.entry(file_type, len, ad_type::SHORT, descriptors.as_flattened());
            let sector = self.physical(block);
            self.put(sector, &sealed(entry, tag_id::EXTENDED_FILE_ENTRY, block));
        }
    }

    fn integrity(&mut self) {
        let fixed = LogicalVolumeIntegrity {
            integrity_type: 1.into(),
            partitions: 1.into(),
            implementation_use_length: 46.into(),
            ..LogicalVolumeIntegrity::new_zeroed()
        };
        let counts = LogicalVolumeIntegrityImplementation {
            files: 8.into(),
            directories: 2.into(),
            ..LogicalVolumeIntegrityImplementation::new_zeroed()
        };
        let open = LogicalVolumeIntegrity { integrity_type: 0.into(), ..fixed };
        for (sector, fixed) in [(INTEGRITY, open), (INTEGRITY + 1, fixed)] {
            let bytes = [fixed.as_bytes(), &[0; 8], counts.as_bytes()].concat();
            self.put(sector, &sealed(bytes, tag_id::INTEGRITY, sector));
        }
    }
}
