//! What a bitmap calls used is used by something: ECMA-167 4/14.12, UDF 5.2.2.

use std::collections::BTreeSet;

use image_core::boot::{
    BootEntry, BootImage, BootSection, ElTorito, Hybrid, PartitionTable, Platform, SystemPartition,
};
use image_core::tree::{Details, HiddenIn};
use image_core::{Attributes, Options, SourceId};

use crate::disc::{Disc, tree};
use crate::ecma::{Entry, Volume, forms, with};
use crate::iso::{le16, le32};

/// Both views of a bridged volume have something that the other has not, and a machine starts from it.
fn bridged(udf: image_core::UdfOptions) -> Disc {
    let mut tree = tree();
    let plain = Attributes::default();
    for (path, hidden_in) in [
        ("alone/iso", HiddenIn::UDF),
        ("alone/udf", HiddenIn::ISO9660 | HiddenIn::JOLIET),
        ("apart/iso", HiddenIn::empty()),
        ("apart/below/iso", HiddenIn::empty()),
    ] {
        let file = tree.add_file(path, SourceId(800), 5000, plain).unwrap();
        // Equal files do not share blocks that are written in place, whoever shows them.
        let digest = Some([1; 32]);
        tree.set_details(file, Details { hidden_in, digest, ..Details::default() });
    }
    let own = tree.add_file("alone/iso only", SourceId(801), 7000, plain).unwrap();
    tree.set_details(own, Details { hidden_in: HiddenIn::UDF, ..Details::default() });
    let apart = tree.find("apart").unwrap();
    tree.set_details(apart, Details { hidden_in: HiddenIn::UDF, ..Details::default() });
    Disc::new(tree, &starting(with(udf, true)))
}

fn starting(mut options: Options) -> Options {
    let image = |len| BootEntry::new(BootImage::Unnamed(vec![0x90; len].into()));
    let mut el_torito = ElTorito::new(Platform::BIOS, image(3000));
    el_torito.sections = vec![BootSection::of(Platform::UEFI, image(9000))];
    el_torito.catalog_path = Some("boot.catalog".to_owned());
    options.boot.el_torito = Some(el_torito);
    let system_partition = SystemPartition::Appended;
    options.boot.hybrid = Some(Hybrid { system_partition, ..Hybrid::new(PartitionTable::Mbr) });
    options.checksums.md5 = true;
    options.layout.deduplicate = true;
    options
}

/// Blocks of the disc that something in the volume refers to.
struct Claimed<'d> {
    volume: Volume<'d>,
    blocks: BTreeSet<u32>,
}

impl Claimed<'_> {
    fn extent(&mut self, partition: u16, block: u32, len: u64) {
        let blocks = u32::try_from(len.div_ceil(2048)).unwrap();
        self.blocks.extend((block..block + blocks).map(|at| self.volume.absolute(partition, at)));
    }

    /// A file entry, its content and its streams.
    fn entry(&mut self, entry: &Entry) {
        self.extent(entry.partition, entry.block, 2048);
        for (partition, block, len) in self.volume.extents(entry) {
            self.extent(partition, block, len);
        }
        if entry.is_extended() && le32(&entry.bytes, 152) > 0 {
            let directory = self.volume.entry(le16(&entry.bytes, 160), le32(&entry.bytes, 156));
            self.entry(&directory);
            for fid in self.volume.identifiers(&directory).iter().skip(1) {
                let stream = self.volume.entry(fid.partition(), fid.block());
                self.entry(&stream);
            }
        }
    }
}

/// All that the volume refers to; the metadata file apart, whose blocks its own bitmap tells of.
fn claimed(disc: &Disc) -> Claimed<'_> {
    let mut claimed = Claimed { volume: Volume::new(disc), blocks: BTreeSet::new() };
    let logical = claimed.volume.logical.clone();
    let len = le32(&logical, 248).into();
    claimed.extent(le16(&logical, 256), le32(&logical, 252), len);
    for (_, entry) in claimed.volume.files() {
        claimed.entry(&entry);
    }
    claimed
}

/// The blocks of a partition that its bitmap calls used.
fn used(disc: &Disc, at: u32, len: u32, blocks: u32) -> BTreeSet<u32> {
    let bitmap = disc.bytes(at, len);
    assert_eq!((le16(&bitmap, 0), le32(&bitmap, 16)), (264, blocks), "a bitmap of all of it");
    let is_used = |block: &u32| bitmap[24 + *block as usize / 8] >> (block % 8) & 1 == 0;
    (0..blocks).filter(is_used).collect()
}

fn check(disc: &Disc) {
    let mut claimed = claimed(disc);
    let (start, blocks) = (claimed.volume.start, claimed.volume.blocks);
    let partition = disc.block(le32(&disc.block(256), 20) + 2);
    let (len, at) = (le32(&partition, 64), le32(&partition, 68));
    let maps = claimed.volume.partition_maps();
    if let Some(map) = maps.iter().find(|map| map[5..].starts_with(b"*UDF Metadata Partition")) {
        let entries = [40, 44, 48].map(|field| claimed.volume.entry(0, le32(map, field)));
        let [(_, first, bytes)] = claimed.volume.extents(&entries[0])[..] else {
            panic!("one extent")
        };
        let [(_, bitmap, bitmap_len)] = claimed.volume.extents(&entries[2])[..] else {
            panic!("one extent")
        };
        let count = u32::try_from(bytes / 2048).unwrap();
        let within = start + first..start + first + count;
        let seen: BTreeSet<u32> = claimed
            .blocks
            .iter()
            .filter(|lba| within.contains(lba))
            .map(|lba| lba - within.start)
            .collect();
        let said = used(disc, start + bitmap, u32::try_from(bitmap_len).unwrap(), count);
        assert!(
            said == seen,
            "the metadata file, {:?}: {:?}",
            disc.plan.options().udf,
            said.symmetric_difference(&seen)
        );
        for entry in &entries {
            claimed.entry(entry);
        }
    }
    claimed.extent(0, at, len.into());
    let said = used(disc, start + at, len, blocks);
    let seen: BTreeSet<u32> = claimed.blocks.iter().map(|lba| lba - start).collect();
    assert!(said == seen, "{:?}: {:?}", disc.plan.options().udf, said.symmetric_difference(&seen));
}

#[test]
fn blocks_in_use_are_used_by_the_volume() {
    let is_told = |udf: &image_core::UdfOptions| {
        use image_core::UdfPartition::{Overwritable, Sparable};
        matches!(udf.partition, Overwritable | Sparable { .. })
    };
    for udf in forms().into_iter().filter(is_told) {
        check(&Disc::new(tree(), &with(udf.clone(), false)));
        check(&Disc::new(tree(), &with(udf.clone(), true)));
        check(&bridged(udf));
    }
}
