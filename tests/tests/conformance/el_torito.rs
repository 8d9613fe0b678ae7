//! El Torito Bootable CD-ROM Format Specification 1.0.

use image_core::boot::{
    BootEntry, BootImage, BootSection, ElTorito, Emulation, Platform, SelectionCriteria,
};
use image_core::tree::Details;
use image_core::{Attributes, BootError, Options, PlanError, SourceId, Tree};

use crate::disc::{Disc, options};
use crate::iso::{descriptors, directories, le16, le32, primary};

const LOADER: u32 = 100;
const FIRMWARE: u32 = 101;
const FLOPPY: u32 = 102;
const FLOPPY_LEN: u64 = 1_474_560;

fn tree(floppy: u64) -> Tree {
    let mut tree = Tree::new();
    let plain = Attributes::default();
    let loader = tree.add_file("boot/loader", SourceId(LOADER), 5000, plain).unwrap();
    tree.add_file("boot/firmware", SourceId(FIRMWARE), 9000, plain).unwrap();
    tree.add_file("boot/floppy", SourceId(FLOPPY), floppy, plain).unwrap();
    let content = Some(loader_bytes().into());
    tree.set_details(loader, Details { content, ..Details::default() });
    tree
}

fn loader_bytes() -> Vec<u8> {
    (0..5000_u32).map(|at| (at * 7 + 3) as u8).collect()
}

fn file(path: &str) -> BootEntry {
    BootEntry::new(BootImage::File(path.to_owned()))
}

fn boot() -> Options {
    let initial = BootEntry {
        info_table: true,
        sector_count: Some(4),
        load_segment: 0x7c0,
        ..file("boot/loader")
    };
    let criteria = Some(SelectionCriteria { kind: 1, bytes: vec![0x5a; 60] });
    let floppy = BootEntry { emulation: Emulation::Floppy1440, criteria, ..file("boot/floppy") };
    let mut el_torito = ElTorito::new(Platform::BIOS, initial);
    el_torito.id = "discwright".to_owned();
    let mut last = BootSection::of(Platform::BIOS, floppy);
    last.id = "rescue".to_owned();
    el_torito.sections = vec![BootSection::of(Platform::UEFI, file("boot/firmware")), last];
    let mut options = options();
    options.boot.el_torito = Some(el_torito);
    options
}

fn disc() -> Disc {
    Disc::new(tree(FLOPPY_LEN), &boot())
}

fn catalog(disc: &Disc) -> Vec<u8> {
    disc.block(le32(&disc.block(17), 0x47))
}

/// Where a file is, as the primary hierarchy has it.
fn extent(disc: &Disc, name: &[u8]) -> u32 {
    let all = directories(disc, &primary(disc));
    let mut records = all.iter().flat_map(|directory| directory.children());
    records.find(|record| record.id().starts_with(name)).unwrap().extent()
}

#[test]
fn boot_record_stands_at_17_and_points_at_the_catalog() {
    let disc = disc();
    let block = disc.block(17);
    assert_eq!((block[0], &block[1..6], block[6]), (0, &b"CD001"[..], 1));
    assert_eq!(&block[7..30], b"EL TORITO SPECIFICATION");
    assert!(block[30..71].iter().all(|byte| *byte == 0), "padding and unused");
    let at = le32(&block, 71);
    assert!(at > 17 && at < disc.blocks());
    assert!(block[75..].iter().all(|byte| *byte == 0));
    let kinds: Vec<u8> = descriptors(&disc).iter().map(|block| block[0]).collect();
    assert_eq!(kinds, [1, 0, 2, 255]);
}

#[test]
fn validation_entry_sums_to_zero() {
    let catalog = catalog(&disc());
    let entry = &catalog[..32];
    assert_eq!((entry[0], entry[1]), (1, 0), "header and platform");
    assert_eq!((entry[2], entry[3]), (0, 0), "reserved");
    assert_eq!(&entry[4..28], b"discwright\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    assert_eq!((entry[30], entry[31]), (0x55, 0xaa));
    let sum = (0..32).step_by(2).fold(0_u16, |sum, at| sum.wrapping_add(le16(entry, at)));
    assert_eq!(sum, 0);
}

#[test]
fn initial_entry_is_as_asked_for() {
    let disc = disc();
    let catalog = catalog(&disc);
    let entry = &catalog[32..64];
    assert_eq!((entry[0], entry[1]), (0x88, 0), "bootable, no emulation");
    assert_eq!(le16(entry, 2), 0x7c0, "load segment");
    assert_eq!((entry[4], entry[5]), (0, 0), "system type and unused");
    assert_eq!(le16(entry, 6), 4, "sectors of 512 bytes");
    assert_eq!(le32(entry, 8), extent(&disc, b"LOADER"));
    assert!(entry[12..].iter().all(|byte| *byte == 0));
}

#[test]
fn sections_are_headed_and_the_last_is_marked() {
    let catalog = catalog(&disc());
    let (first, last) = (&catalog[64..96], &catalog[128..160]);
    assert_eq!((first[0], first[1], le16(first, 2)), (0x90, 0xef, 1), "more follow");
    assert_eq!((last[0], last[1], le16(last, 2)), (0x91, 0, 1), "the last");
    assert!(last[4..].starts_with(b"rescue\0"));
}

#[test]
fn section_entries_name_media_and_images() {
    let disc = disc();
    let catalog = catalog(&disc);
    let (firmware, floppy) = (&catalog[96..128], &catalog[160..192]);
    assert_eq!((firmware[0], firmware[1] & 0xf), (0x88, 0));
    assert_eq!(le32(firmware, 8), extent(&disc, b"FIRMWARE"));
    assert_eq!(u32::from(le16(firmware, 6)), 9000_u32.div_ceil(512), "all of it");
    assert_eq!((floppy[0], floppy[1] & 0xf), (0x88, 2), "a floppy of 1.44 MB");
    assert_eq!(le16(floppy, 6), 1, "a floppy's first sector");
    assert_eq!(le32(floppy, 8), extent(&disc, b"FLOPPY"));
}

#[test]
fn long_criteria_go_on_in_extension_entries() {
    let catalog = catalog(&disc());
    let entry = &catalog[160..192];
    assert_eq!(entry[1] & 0x20, 0x20, "an extension follows");
    assert_eq!(entry[12], 1, "kind of the criteria");
    let mut bytes = entry[13..32].to_vec();
    let (first, last) = (&catalog[192..224], &catalog[224..256]);
    for (extension, more) in [(first, 0x20), (last, 0)] {
        assert_eq!((extension[0], extension[1] & 0x20), (0x44, more));
        bytes.extend(&extension[2..]);
    }
    assert!(bytes.starts_with(&[0x5a; 60]) && bytes[60..].iter().all(|byte| *byte == 0));
    assert!(catalog[256..].iter().all(|byte| *byte == 0), "unused entries are zero");
}

#[test]
fn boot_info_table_describes_the_image() {
    let disc = disc();
    let at = extent(&disc, b"LOADER");
    let image = disc.bytes(at, 5000);
    let original = loader_bytes();
    assert_eq!(image[..8], original[..8]);
    assert_eq!(image[64..], original[64..]);
    assert_eq!([8, 12, 16].map(|field| le32(&image, field)), [16, at, 5000]);
    let mut padded = original[64..].to_vec();
    padded.resize(padded.len().next_multiple_of(4), 0);
    let sum = padded.chunks(4).fold(0_u32, |sum, word| sum.wrapping_add(le32(word, 0)));
    assert_eq!(le32(&image, 20), sum);
    assert!(image[24..64].iter().all(|byte| *byte == 0), "reserved");
}

#[test]
fn hard_disks_have_one_partition_whose_type_the_entry_has() {
    const NTFS: u8 = 7;
    let disk = |partitions: &[usize]| {
        let mut bytes = vec![0; 64 << 10];
        for partition in partitions {
            let record = 446 + 16 * partition;
            (bytes[record], bytes[record + 4]) = (0x80, NTFS);
        }
        (bytes[510], bytes[511]) = (0x55, 0xaa);
        bytes
    };
    let plan = |bytes: Vec<u8>| {
        let image = BootImage::Unnamed(bytes.into());
        let entry = BootEntry { emulation: Emulation::HardDisk, ..BootEntry::new(image) };
        let mut options = options();
        options.boot.el_torito = Some(ElTorito::new(Platform::BIOS, entry));
        image_core::plan(tree(FLOPPY_LEN), &options)
    };
    for partition in 0..4 {
        let disc = Disc { plan: plan(disk(&[partition])).unwrap() };
        let catalog = catalog(&disc);
        let entry = &catalog[32..64];
        assert_eq!((entry[0], entry[1]), (0x88, 4), "bootable, a hard disk");
        assert_eq!((entry[4], entry[5]), (NTFS, 0), "system type and unused");
        assert_eq!(le16(entry, 6), 1, "its master boot record");
        let image = disc.bytes(le32(entry, 8), 64 << 10);
        assert!(image == disk(&[partition]), "as it was given");
    }
    for partitions in [&[][..], &[0, 1], &[0, 1, 2, 3]] {
        let refused = plan(disk(partitions));
        let count = partitions.len();
        assert!(
            matches!(&refused, Err(PlanError::Boot(BootError::Partitions { partitions, .. })) if *partitions == count),
            "{refused:?}"
        );
    }
    let mut blank = disk(&[0]);
    blank[510] = 0;
    let refused = plan(blank);
    let unsigned = matches!(refused, Err(PlanError::Boot(BootError::NoMasterBootRecord { .. })));
    assert!(unsigned, "{refused:?}");
}

#[test]
fn floppies_of_other_sizes_are_refused() {
    let refused = image_core::plan(tree(FLOPPY_LEN - 512), &boot());
    assert!(matches!(refused, Err(PlanError::Boot(BootError::FloppySize { .. }))), "{refused:?}");
}
