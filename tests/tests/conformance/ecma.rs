//! A small reader of ECMA-167 and UDF of its own, over every form of partition.

use std::sync::LazyLock;

use image_core::{Options, Plan, UdfMetadata, UdfOptions, UdfPartition, UdfRevision};

use crate::disc::{Disc, options, tree};
use crate::iso::{le16, le32};

pub(crate) fn le64(bytes: &[u8], at: usize) -> u64 {
    u64::from(le32(bytes, at)) | u64::from(le32(bytes, at + 4)) << 32
}

/// Every revision with every form of partition that it has.
pub(crate) fn forms() -> Vec<UdfOptions> {
    let mut all = Vec::new();
    for revision in UdfRevision::ALL {
        let new = revision >= UdfRevision::V2_50;
        let kinds: &[UdfMetadata] = if new {
            &[UdfMetadata::Separate, UdfMetadata::Duplicated]
        } else {
            &[UdfMetadata::Mixed]
        };
        let mut add = |partition, metadata| {
            all.push(UdfOptions { revision, partition, metadata, ..UdfOptions::default() });
        };
        for metadata in kinds {
            add(UdfPartition::ReadOnly, *metadata);
            add(UdfPartition::Overwritable, *metadata);
            if revision >= UdfRevision::V1_50 {
                add(UdfPartition::Sparable { packet_blocks: 16 }, *metadata);
                add(UdfPartition::Sparable { packet_blocks: 32 }, *metadata);
            }
            if revision == UdfRevision::V2_60 {
                add(UdfPartition::PseudoOverwritable, *metadata);
            }
        }
        if revision >= UdfRevision::V1_50 {
            add(UdfPartition::Virtual, UdfMetadata::Mixed);
        }
    }
    all
}

/// An image of each form, alone and bridged.
pub(crate) fn discs() -> impl Iterator<Item = &'static Disc> {
    static DISCS: LazyLock<Vec<Disc>> = LazyLock::new(|| {
        let both = forms().into_iter().flat_map(|udf| [(udf.clone(), true), (udf, false)]);
        both.map(|(udf, bridged)| Disc::new(tree(), &with(udf, bridged))).collect()
    });
    DISCS.iter()
}

pub(crate) fn with(udf: UdfOptions, bridged: bool) -> Options {
    let mut options = options();
    options.udf = udf;
    let systems = &mut options.file_systems;
    (systems.iso9660, systems.joliet, systems.rock_ridge) = (bridged, bridged, bridged);
    options
}

/// The form of an image.
pub(crate) fn form(disc: &Disc) -> &UdfOptions {
    let plan: &Plan = &disc.plan;
    &plan.options().udf
}

/// As descriptors record it, `0x0102`.
pub(crate) fn revision(disc: &Disc) -> u16 {
    form(disc).revision.number()
}

/// CRC of ITU-T V.41, as ECMA-167 1/7.2.6 has it, bit by bit.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).rev().fold(crc, |crc, bit| {
            let carry = (crc >> 15) ^ u16::from(byte >> bit & 1);
            (crc << 1) ^ if carry == 1 { 0x1021 } else { 0 }
        })
    })
}

/// Holds the tag of a descriptor to ECMA-167 3/7.2 and returns its identifier.
pub(crate) fn tag(block: &[u8], location: u32, revision: u16) -> u16 {
    let sum = block[..16].iter().enumerate().filter(|(at, _)| *at != 4);
    let sum = sum.fold(0_u8, |sum, (_, byte)| sum.wrapping_add(*byte));
    assert_eq!(block[4], sum, "checksum");
    assert_eq!(block[5], 0, "reserved");
    assert_eq!(le16(block, 2), if revision >= 0x0200 { 3 } else { 2 }, "version");
    let len = usize::from(le16(block, 10));
    assert_eq!(le16(block, 8), crc(&block[16..16 + len]), "CRC of {len} bytes");
    assert_eq!(le32(block, 12), location, "location");
    le16(block, 0)
}

/// The blocks of an anchor's extent that hold descriptors, up to and with the terminator.
pub(crate) fn sequence(disc: &Disc, anchor: &[u8], at: usize) -> Vec<Vec<u8>> {
    let (len, start) = (le32(anchor, at), le32(anchor, at + 4));
    let mut found = Vec::new();
    for lba in start..start + len / 2048 {
        let block = disc.block(lba);
        let identifier = tag(&block, lba, revision(disc));
        found.push(block);
        if identifier == 8 {
            return found;
        }
    }
    panic!("no terminating descriptor");
}

pub(crate) fn anchor(disc: &Disc) -> Vec<u8> {
    let block = disc.block(256);
    assert_eq!(tag(&block, 256, revision(disc)), 2);
    block
}

/// Where blocks of a partition are.
#[derive(Debug)]
enum Map {
    Plain,
    /// Block of the plain partition for each virtual one.
    Virtual(Vec<u32>),
    /// First block of the metadata file in the plain partition, which is in one extent here.
    Metadata {
        start: u32,
        blocks: u32,
    },
}

/// A logical volume.
pub(crate) struct Volume<'d> {
    pub(crate) disc: &'d Disc,
    pub(crate) start: u32,
    pub(crate) blocks: u32,
    /// The logical volume descriptor.
    pub(crate) logical: Vec<u8>,
    maps: Vec<Map>,
}

impl<'d> Volume<'d> {
    pub(crate) fn new(disc: &'d Disc) -> Self {
        let main = sequence(disc, &anchor(disc), 16);
        let one =
            |identifier| main.iter().find(|block| le16(block, 0) == identifier).unwrap().clone();
        let (partition, logical) = (one(5), one(6));
        let (start, blocks) = (le32(&partition, 188), le32(&partition, 192));
        let mut volume = Self { disc, start, blocks, logical, maps: vec![Map::Plain] };
        for map in volume.partition_maps().iter().skip(1) {
            let more = if map[5..].starts_with(b"*UDF Virtual") {
                volume.virtual_map()
            } else {
                volume.metadata_map(map)
            };
            volume.maps.push(more);
        }
        volume
    }

    pub(crate) fn partition_maps(&self) -> Vec<Vec<u8>> {
        let mut rest = &self.logical[440..440 + le32(&self.logical, 264) as usize];
        let mut maps = Vec::new();
        while !rest.is_empty() {
            let (map, after) = rest.split_at(rest[1].into());
            maps.push(map.to_vec());
            rest = after;
        }
        assert_eq!(maps.len(), le32(&self.logical, 268) as usize);
        maps
    }

    /// The table that the entry in the last block leads to.
    fn virtual_map(&self) -> Map {
        let lba = self.disc.blocks() - 1;
        let entry = self.entry_at(lba, lba - self.start, 0);
        let bytes = self.content(&entry);
        let table = match form(self.disc).revision {
            UdfRevision::V1_50 => &bytes[..bytes.len() - 36],
            _ => &bytes[le16(&bytes, 0).into()..],
        };
        Map::Virtual(table.chunks(4).map(|entry| le32(entry, 0)).collect())
    }

    fn metadata_map(&self, map: &[u8]) -> Map {
        let entry = self.entry(0, le32(map, 40));
        let [(0, start, bytes)] = self.extents(&entry)[..] else { panic!("one extent") };
        Map::Metadata { start, blocks: u32::try_from(bytes / 2048).unwrap() }
    }

    /// Where a block is on the disc.
    pub(crate) fn absolute(&self, partition: u16, block: u32) -> u32 {
        let block = match &self.maps[usize::from(partition)] {
            Map::Plain => block,
            Map::Virtual(table) => table[block as usize],
            Map::Metadata { start, blocks } => {
                assert!(block < *blocks);
                start + block
            }
        };
        assert!(block < self.blocks, "{block} is outside the partition");
        self.start + block
    }

    /// The file entry at a logical block.
    pub(crate) fn entry(&self, partition: u16, block: u32) -> Entry {
        self.entry_at(self.absolute(partition, block), block, partition)
    }

    fn entry_at(&self, lba: u32, block: u32, partition: u16) -> Entry {
        let bytes = self.disc.block(lba);
        let kind = tag(&bytes, block, revision(self.disc));
        assert_eq!(kind, if revision(self.disc) >= 0x0200 { 266 } else { 261 }, "a file entry");
        Entry { bytes, partition, block }
    }

    pub(crate) fn file_set(&self) -> Vec<u8> {
        let (block, partition) = (le32(&self.logical, 252), le16(&self.logical, 256));
        let set = self.disc.block(self.absolute(partition, block));
        assert_eq!(tag(&set, block, revision(self.disc)), 256, "a file set descriptor");
        set
    }

    pub(crate) fn root(&self) -> Entry {
        let set = self.file_set();
        self.entry(le16(&set, 408), le32(&set, 404))
    }

    /// Where the content is: partition, block and bytes. None for what stands in the entry.
    pub(crate) fn extents(&self, entry: &Entry) -> Vec<(u16, u32, u64)> {
        if entry.ad_type() == 3 {
            return Vec::new();
        }
        let long = entry.ad_type() == 1;
        let size = if long { 16 } else { 8 };
        let mut found = Vec::new();
        let mut descriptors = entry.descriptors().to_vec();
        while let Some(one) = descriptors.get(..size) {
            let (len, block) = (le32(one, 0), le32(one, 4));
            let partition = if long { le16(one, 8) } else { entry.partition };
            let (kind, len) = (len >> 30, len & 0x3fff_ffff);
            if kind == 3 {
                let next = self.disc.block(self.absolute(partition, block));
                assert_eq!(tag(&next, block, revision(self.disc)), 258, "an allocation extent");
                descriptors = next[24..24 + le32(&next, 20) as usize].to_vec();
                continue;
            }
            assert_eq!(kind, 0, "recorded and allocated");
            assert!(len > 0);
            found.push((partition, block, len.into()));
            descriptors.drain(..size);
        }
        found
    }

    /// The bytes of a small file.
    pub(crate) fn content(&self, entry: &Entry) -> Vec<u8> {
        if entry.ad_type() == 3 {
            return entry.descriptors().to_vec();
        }
        let part = |(partition, block, len): (u16, u32, u64)| {
            self.disc.bytes(self.absolute(partition, block), u32::try_from(len).unwrap())
        };
        self.extents(entry).into_iter().flat_map(part).collect()
    }

    /// The file identifiers of a directory.
    pub(crate) fn identifiers(&self, directory: &Entry) -> Vec<Fid> {
        let bytes = self.content(directory);
        let extents = self.extents(directory);
        let mut found = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let len = 38 + usize::from(bytes[at + 19]) + usize::from(le16(&bytes, at + 36));
            let fid = bytes[at..at + len.next_multiple_of(4)].to_vec();
            // Directories here are in one extent, or in their entries.
            let skipped = u32::try_from(at / 2048).unwrap();
            let location = extents.first().map_or(directory.block, |(_, block, _)| block + skipped);
            found.push(Fid { bytes: fid, location });
            at += len.next_multiple_of(4);
        }
        found
    }

    /// Every file entry that is named, with its first path and how many names it has.
    pub(crate) fn files(&self) -> Vec<(String, Entry)> {
        let mut found = vec![(String::new(), self.root())];
        let mut next = 0;
        while next < found.len() {
            if found[next].1.file_type() == 4 {
                let below: Vec<Fid> =
                    self.identifiers(&found[next].1).into_iter().skip(1).collect();
                for fid in below {
                    let path = format!("{}/{}", found[next].0, fid.name());
                    found.push((path, self.entry(fid.partition(), fid.block())));
                }
            }
            next += 1;
        }
        found
    }
}

/// A file entry or an extended one.
pub(crate) struct Entry {
    pub(crate) bytes: Vec<u8>,
    pub(crate) partition: u16,
    pub(crate) block: u32,
}

impl Entry {
    pub(crate) fn is_extended(&self) -> bool {
        le16(&self.bytes, 0) == 266
    }

    pub(crate) fn file_type(&self) -> u8 {
        self.bytes[27]
    }

    pub(crate) fn ad_type(&self) -> u16 {
        le16(&self.bytes, 34) & 7
    }

    pub(crate) fn len(&self) -> u64 {
        le64(&self.bytes, 56)
    }

    pub(crate) fn links(&self) -> u16 {
        le16(&self.bytes, 48)
    }

    /// An offset in the shorter form, which the longer one has later.
    pub(crate) fn at(&self, short: usize, long: usize) -> usize {
        if self.is_extended() { long } else { short }
    }

    pub(crate) fn unique_id(&self) -> u64 {
        le64(&self.bytes, self.at(160, 200))
    }

    /// Lengths of extended attributes and of allocation descriptors.
    pub(crate) fn lengths(&self) -> (usize, usize) {
        let at = self.at(168, 208);
        (le32(&self.bytes, at) as usize, le32(&self.bytes, at + 4) as usize)
    }

    pub(crate) fn descriptors(&self) -> &[u8] {
        let (attributes, descriptors) = self.lengths();
        let start = self.at(176, 216) + attributes;
        &self.bytes[start..start + descriptors]
    }
}

/// A file identifier descriptor.
pub(crate) struct Fid {
    pub(crate) bytes: Vec<u8>,
    /// Logical block it begins in.
    pub(crate) location: u32,
}

impl Fid {
    pub(crate) fn characteristics(&self) -> u8 {
        self.bytes[18]
    }

    pub(crate) fn block(&self) -> u32 {
        le32(&self.bytes, 24)
    }

    pub(crate) fn partition(&self) -> u16 {
        le16(&self.bytes, 28)
    }

    pub(crate) fn unique_id(&self) -> u32 {
        le32(&self.bytes, 32)
    }

    pub(crate) fn identifier(&self) -> &[u8] {
        let start = 38 + usize::from(le16(&self.bytes, 36));
        &self.bytes[start..start + usize::from(self.bytes[19])]
    }

    pub(crate) fn name(&self) -> String {
        text(self.identifier())
    }
}

/// OSTA Compressed Unicode.
pub(crate) fn text(bytes: &[u8]) -> String {
    match bytes {
        [] => String::new(),
        [8, rest @ ..] => rest.iter().copied().map(char::from).collect(),
        [16, rest @ ..] => {
            let units: Vec<u16> =
                rest.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).unwrap()
        }
        [id, ..] => panic!("compression {id}"),
    }
}

/// A dstring: the text, its length in the last byte, and zeros between.
pub(crate) fn dstring(field: &[u8]) -> String {
    let used = usize::from(field[field.len() - 1]);
    assert!(field[used..field.len() - 1].iter().all(|byte| *byte == 0), "padding");
    text(&field[..used])
}
