//! What starts machines: written, read back, replayed and damaged.

mod replay;

use alloc::string::{String, ToString as _};
use alloc::sync::Arc;
use alloc::vec::Vec;

use proptest::prelude::*;
use zerocopy::{FromBytes as _, FromZeros as _, IntoBytes as _};

use super::{ReadError, SliceSource, open};
use crate::boot::{
    BootEntry, BootImage, BootOptions, BootSection, ElTorito, Emulation, Hybrid, MbrCode,
    PartitionTable, Platform, SelectionCriteria, SystemPartition,
};
use crate::tree::Details;
use crate::wire::eltorito::{BOOT_RECORD_BLOCK, InfoTable};
use crate::wire::partition::{
    MBR_SIGNATURE, MasterBootRecord, PartitionRecord, partition_type, type_guid,
};
use crate::{
    Attributes, BLOCK_SIZE, BootError, FileSystems, Lba, Options, PlanError, Segment, SourceId,
    Tree, UdfMetadata, UdfOptions, UdfPartition, UdfRevision,
};

const LOADER: &str = "boot/loader.bin";

/// A loader that says it is ISOLINUX, of a length that is no multiple of anything.
fn loader() -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..5001u32).map(|i| u8::try_from(i * 7 % 251).unwrap()).collect();
    bytes[64..68].copy_from_slice(&[0xfb, 0xc0, 0x78, 0x70]);
    bytes
}

/// A disk of 20 sectors with these types of partitions.
fn disk(types: &[u8]) -> Vec<u8> {
    let mut mbr = MasterBootRecord::new_zeroed();
    for (record, kind) in mbr.partitions.iter_mut().zip(types) {
        let (start, sectors) = (1.into(), 19.into());
        *record = PartitionRecord { partition_type: *kind, start, sectors, ..Default::default() };
    }
    mbr.signature = MBR_SIGNATURE;
    let mut bytes = mbr.as_bytes().to_vec();
    bytes.resize(20 * 512, 0x33);
    bytes
}

fn tree() -> Tree {
    let mut tree = Tree::new();
    let loader = loader();
    let len = loader.len() as u64;
    let node = tree.add_file(LOADER, SourceId(0), len, Attributes::default()).unwrap();
    tree.set_details(node, Details { content: Some(Arc::from(loader)), ..Details::default() });
    tree.add_file("other", SourceId(1), 3000, Attributes::default()).unwrap();
    tree
}

fn options(boot: BootOptions) -> Options {
    Options { boot, ..Options::default() }
}

fn unnamed(bytes: Vec<u8>) -> BootEntry {
    BootEntry::new(BootImage::Unnamed(bytes.into()))
}

/// A bit of everything.
fn everything(table: PartitionTable, system_partition: SystemPartition) -> BootOptions {
    let bios = BootEntry {
        info_table: true,
        grub2_pointer: true,
        ..BootEntry::new(BootImage::File(LOADER.to_string()))
    };
    let disk = BootEntry {
        emulation: Emulation::HardDisk,
        load_segment: 0x7c0,
        bootable: false,
        criteria: Some(SelectionCriteria { kind: 1, bytes: (0..79).collect() }),
        ..unnamed(disk(&[6]))
    };
    let floppy =
        BootEntry { emulation: Emulation::Floppy1200, ..unnamed(alloc::vec![5; 1_228_800]) };
    let mut catalog = ElTorito::new(Platform::BIOS, bios);
    catalog.id = "somebody".to_string();
    catalog.catalog_path = Some("boot/boot.cat".to_string());
    catalog.sections = alloc::vec![
        BootSection {
            platform: Platform::BIOS,
            id: "old machines".to_string(),
            entries: alloc::vec![disk, floppy],
        },
        BootSection::of(Platform::UEFI, unnamed(alloc::vec![7; 100_000])),
    ];
    let mut hybrid = Hybrid::new(table);
    hybrid.system_partition = system_partition;
    hybrid.code = Some(MbrCode::Isolinux(alloc::vec![0x90; 432].into()));
    BootOptions { el_torito: Some(catalog), hybrid: Some(hybrid), system_area: None }
}

fn image(tree: Tree, options: &Options) -> Vec<u8> {
    let loader = loader();
    let plan = crate::plan(tree, options).unwrap();
    let mut image = alloc::vec![0; plan.size_blocks() as usize * BLOCK_SIZE];
    let fill = |source: SourceId, start: u64, out: &mut [u8]| -> Result<(), ()> {
        let start = usize::try_from(start).unwrap();
        match source {
            SourceId(0) => out.copy_from_slice(&loader[start..start + out.len()]),
            _ => out.fill(0xb0),
        }
        Ok(())
    };
    plan.read_at(Lba(0), &mut image, fill).unwrap();
    let total: u64 = plan.segments().map(|segment| segment.len()).sum();
    assert_eq!(total, plan.size_bytes());
    // Segments say the same as random access.
    let mut at = 0;
    for segment in plan.segments() {
        let len = usize::try_from(segment.len()).unwrap();
        let mut bytes = alloc::vec![0; len];
        match segment {
            Segment::Metadata { start, .. } => plan.render(start, &mut bytes),
            Segment::File { source, start, .. } => fill(source, start, &mut bytes).unwrap(),
            Segment::Zero { .. } => {}
        }
        assert_eq!(bytes, image[at..at + len], "{segment:?}");
        at += len;
    }
    image
}

const TABLES: [PartitionTable; 3] =
    [PartitionTable::Mbr, PartitionTable::Gpt, PartitionTable::Both];

#[test]
fn loaders_are_told_where_they_are() {
    let image = image(tree(), &options(everything(PartitionTable::Both, SystemPartition::InPlace)));
    let mut read = open(SliceSource::new(&image)).unwrap();
    let catalog = read.boot_setup().unwrap().catalog.unwrap().unwrap();
    let start = catalog.initial.lba;
    let at = start as usize * BLOCK_SIZE;
    let recorded = &image[at..at + 5001];
    let table = InfoTable::new(16, start, recorded);
    assert_eq!(&recorded[8..64], table.as_bytes());
    assert_eq!(recorded[2548..2556], (u64::from(start) * 4 + 5).to_le_bytes());
    assert_eq!(image[432..440], (u64::from(start) * 4).to_le_bytes());
    assert_eq!(&recorded[64..2548], &loader()[64..2548]);
    assert_eq!(&recorded[2556..], &loader()[2556..]);
    // The file is the patched one in every file system.
    let systems: Vec<_> = read.file_systems().collect();
    for system in systems {
        let mut view = read.view(system).unwrap();
        let path = if system == super::FileSystem::Iso9660 { "BOOT/LOADER.BIN" } else { LOADER };
        let entry = view.find(path).unwrap().unwrap();
        let mut content = alloc::vec![0; 5001];
        assert_eq!(view.read(&entry, 0, &mut content), Ok(5001));
        assert_eq!(content, recorded, "{system}");
    }
}

#[test]
fn partitions_lie_side_by_side_and_end_with_the_image() {
    let image =
        image(tree(), &options(everything(PartitionTable::Both, SystemPartition::Appended)));
    let mut read = open(SliceSource::new(&image)).unwrap();
    let tables = read.boot_setup().unwrap().partitions;
    let gpt = tables.gpt.unwrap().unwrap();
    let sectors = (image.len() / 512) as u64;
    assert_eq!(gpt.header.alternate_lba.get(), sectors - 1);
    // The last block has an anchor of UDF in it too, and before the anchors is the rest of the backup.
    assert_eq!(gpt.header.last_usable.get(), sectors - 4 * (257 + 8) - 1);
    assert_eq!(image[image.len() - 2048..][..2], [2, 0], "an anchor");
    let ranges: Vec<_> =
        gpt.partitions.iter().map(|entry| (entry.first.get(), entry.last.get())).collect();
    assert!(ranges.windows(2).all(|pair| pair[0].1 + 1 == pair[1].0), "{ranges:?}");
    assert!(ranges.iter().all(|(first, last)| first % 64 == 0 && last % 64 == 63));
    let system = gpt.partitions.iter().find(|e| e.type_guid == type_guid::EFI_SYSTEM).unwrap();
    let at = usize::try_from(system.first.get()).unwrap() * 512;
    assert!(image[at..at + 100_000].iter().all(|byte| *byte == 7));
    let records = tables.mbr.unwrap();
    let types: Vec<u8> = records.iter().map(|record| record.partition_type).collect();
    assert_eq!(types, [partition_type::PROTECTIVE, 0x17, partition_type::EFI_SYSTEM]);
    assert_eq!(records[1].status, 0x80);
    assert_eq!(image.len() % (1 << 20), 0, "whole cylinders");
    // Equal trees give equal identifiers, others do not.
    let guid = gpt.header.disk_guid;
    let mut other = tree();
    other.add_file("more", SourceId(1), 1, Attributes::default()).unwrap();
    let boot = everything(PartitionTable::Gpt, SystemPartition::InPlace);
    let other = self::image(other, &options(boot));
    let tables = open(SliceSource::new(&other)).unwrap().boot_setup().unwrap().partitions;
    assert_ne!(tables.gpt.unwrap().unwrap().header.disk_guid, guid);
}

#[test]
fn every_form_of_udf_lives_with_partition_tables() {
    let partitions = [
        UdfPartition::ReadOnly,
        UdfPartition::Overwritable,
        UdfPartition::Sparable { packet_blocks: 32 },
        UdfPartition::Virtual,
    ];
    for revision in UdfRevision::ALL {
        for partition in partitions {
            let mut udf = UdfOptions { partition, ..UdfOptions::of(revision) };
            if partition == UdfPartition::Virtual {
                udf.metadata = UdfMetadata::Mixed;
            }
            for table in TABLES {
                let boot = everything(table, SystemPartition::InPlace);
                let options = Options { udf: udf.clone(), ..options(boot) };
                match crate::plan(tree(), &options) {
                    Err(PlanError::Boot(BootError::VirtualPartition)) => {
                        assert!(partition == UdfPartition::Virtual && table != PartitionTable::Mbr);
                        continue;
                    }
                    Err(PlanError::UdfForm { .. }) => continue,
                    planned => drop(planned.unwrap()),
                }
                let image = image(tree(), &options);
                let mut read = open(SliceSource::new(&image)).unwrap();
                assert_eq!(read.problem(super::FileSystem::Udf), None);
                let setup = read.boot_setup().unwrap();
                assert!(setup.partitions.gpt.is_none_or(|gpt| gpt.is_ok()));
                let mut view = read.view(super::FileSystem::Udf).unwrap();
                let entry = view.find(LOADER).unwrap().unwrap();
                let lba = setup.catalog.unwrap().unwrap().initial.lba;
                assert_eq!(entry.extents[0], super::Extent::recorded(lba, 5001));
            }
        }
    }
}

#[test]
fn a_length_that_no_image_is_a_multiple_of_is_too_many_blocks() {
    let hybrid = Some(Hybrid::new(PartitionTable::Both));
    let mut options = options(BootOptions { hybrid, ..BootOptions::default() });
    options.layout.length_multiple = (1 << 23) + 1;
    let error = crate::plan(tree(), &options).unwrap_err();
    assert!(matches!(error, PlanError::TooManyBlocks { .. }), "{error}");
}

#[test]
fn the_catalog_takes_the_place_of_a_file() {
    let mut tree = tree();
    tree.add_file("boot/boot.cat", SourceId(1), 9, Attributes::default()).unwrap();
    let boot = everything(PartitionTable::Gpt, SystemPartition::InPlace);
    let image = image(tree, &options(boot));
    let mut read = open(SliceSource::new(&image)).unwrap();
    let lba = read.boot_setup().unwrap().catalog.unwrap().unwrap().lba;
    let entry = read.view(super::FileSystem::RockRidge).unwrap().find("boot/boot.cat").unwrap();
    let entry = entry.unwrap();
    assert_eq!(entry.len, 2048);
    assert_eq!(entry.extents[0], super::Extent::recorded(lba, 2048));
}

/// What planning with one entry comes to.
fn refusal(change: impl FnOnce(&mut ElTorito)) -> (BootError, String) {
    let mut catalog =
        ElTorito::new(Platform::BIOS, BootEntry::new(BootImage::File(LOADER.to_string())));
    change(&mut catalog);
    let boot = BootOptions { el_torito: Some(catalog), ..BootOptions::default() };
    refused(boot)
}

fn refused(boot: BootOptions) -> (BootError, String) {
    match crate::plan(tree(), &options(boot)).unwrap_err() {
        PlanError::Boot(error) => {
            assert!(!error.hint().is_empty());
            let words = error.to_string();
            (error, words)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn wrong_images_are_named_with_the_clause() {
    let of = |image: BootEntry, emulation| BootEntry { emulation, ..image };
    let file = || BootEntry::new(BootImage::File(LOADER.to_string()));
    let (error, words) = refusal(|c| c.initial = of(file(), Emulation::Floppy1440));
    assert_eq!(error.path(), Some(LOADER));
    assert!(words.contains("5001") && words.contains("1474560") && words.contains("figure 3"));
    let (error, _) = refusal(|c| c.initial = of(file(), Emulation::HardDisk));
    assert!(matches!(error, BootError::NoMasterBootRecord { .. }), "{error:?}");
    for types in [&[][..], &[6, 0, 11]] {
        let image = unnamed(disk(types));
        let (error, words) = refusal(|c| c.initial = of(image, Emulation::HardDisk));
        assert!(matches!(error, BootError::Partitions { .. }), "{error:?}");
        assert!(words.contains("(unnamed)") && words.contains("El Torito 1.0, 2.2"), "{words}");
    }
    let (error, _) = refusal(|c| c.initial.image = BootImage::File("boot".to_string()));
    assert_eq!(error, BootError::NotAFile { path: "boot".to_string() });
    let (error, _) = refusal(|c| c.initial = unnamed(Vec::new()));
    assert!(matches!(error, BootError::Empty { .. }));
    let (error, _) = refusal(|c| {
        c.initial = BootEntry { info_table: true, ..unnamed(alloc::vec![0; 63]) };
    });
    assert!(matches!(error, BootError::TooShort { end: 64, .. }));
    let (error, _) = refusal(|c| {
        let image = BootImage::File("other".to_string());
        c.initial = BootEntry { grub2_pointer: true, ..BootEntry::new(image) };
    });
    assert!(matches!(error, BootError::ContentNeeded { .. }), "{error:?}");
    let (error, _) = refusal(|c| {
        c.sections.push(BootSection::of(Platform::MAC, BootEntry { info_table: true, ..file() }));
    });
    assert!(matches!(error, BootError::PatchedDifferently { .. }));
}

#[test]
fn wrong_catalogs_and_tables_are_refused() {
    for id in ["it is longer than 24 bytes", "caf\u{e9}", "a\0"] {
        let (error, words) = refusal(|c| c.id = id.to_string());
        assert!(matches!(error, BootError::Identification { .. }), "{words}");
    }
    let (error, _) = refusal(|c| {
        c.initial.criteria = Some(SelectionCriteria { kind: 1, bytes: Vec::new() });
    });
    assert_eq!(error, BootError::InitialCriteria);
    let empty = BootSection { platform: Platform::MAC, id: String::new(), entries: Vec::new() };
    let (error, _) = refusal(|c| c.sections.push(empty));
    assert_eq!(error, BootError::SectionEntries { entries: 0 });
    let (error, _) = refusal(|c| c.catalog_path = Some("other/boot.cat".to_string()));
    assert!(matches!(error, BootError::CatalogPath(_)), "{error:?}");
    let system_area = Some(alloc::vec![0; 32769].into());
    let (error, _) = refused(BootOptions { system_area, ..BootOptions::default() });
    assert_eq!(error, BootError::SystemAreaSize { len: 32769 });
    let with = |code: MbrCode| {
        let hybrid = Hybrid { code: Some(code), ..Hybrid::new(PartitionTable::Mbr) };
        BootOptions { hybrid: Some(hybrid), ..BootOptions::default() }
    };
    let (error, _) = refused(with(MbrCode::Other(alloc::vec![0; 441].into())));
    assert!(matches!(error, BootError::MbrCodeSize { len: 441, .. }));
    let grub = with(MbrCode::Grub2(alloc::vec![0; 512].into()));
    assert_eq!(refused(grub).0, BootError::NothingForBios);
    let isolinux = with(MbrCode::Isolinux(alloc::vec![0; 432].into()));
    let catalog = ElTorito::new(Platform::BIOS, unnamed(alloc::vec![0; 4096]));
    let (error, _) = refused(BootOptions { el_torito: Some(catalog), ..isolinux });
    assert!(matches!(error, BootError::NotIsolinux { .. }));
    let file_systems = FileSystems { iso9660: false, joliet: false, rock_ridge: false, udf: true };
    let catalog = ElTorito::new(Platform::BIOS, unnamed(alloc::vec![0; 4096]));
    let boot = BootOptions { el_torito: Some(catalog), ..BootOptions::default() };
    let error = crate::plan(tree(), &Options { file_systems, ..options(boot) }).unwrap_err();
    assert_eq!(error, PlanError::NeedsIso9660 { extension: "El Torito" });
}

#[test]
fn damage_is_said_where_it_is() {
    let whole = image(tree(), &options(everything(PartitionTable::Gpt, SystemPartition::InPlace)));
    let setup = |image: &[u8]| open(SliceSource::new(image)).unwrap().boot_setup().unwrap();
    let catalog = setup(&whole).catalog.unwrap().unwrap().lba;
    let mut damaged = whole.clone();
    damaged[catalog as usize * BLOCK_SIZE + 4] ^= 1;
    let wrong = setup(&damaged).catalog.unwrap().unwrap_err();
    assert!(matches!(wrong, ReadError::Malformed { lba, offset: 28, .. } if lba == catalog));
    let mut damaged = whole.clone();
    damaged[BOOT_RECORD_BLOCK as usize * BLOCK_SIZE + 0x47 + 3] = 0x7f;
    assert!(matches!(setup(&damaged).catalog, Some(Err(ReadError::OutOfRange { .. }))));
    let backup = whole.len() - 265 * BLOCK_SIZE;
    for at in [512 + 40, 1024 + 3, whole.len() - 512 + 3, backup + 700] {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        let gpt = setup(&damaged).partitions.gpt;
        assert!(matches!(gpt, Some(Err(ReadError::Malformed { .. }))), "{at}: {gpt:?}");
    }
    // Without its end the image has lost the backup, and nothing else.
    let cut = setup(&whole[..whole.len() - BLOCK_SIZE]);
    assert!(cut.catalog.unwrap().is_ok() && cut.partitions.gpt.unwrap().is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damage_never_panics_and_always_ends(
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..24),
        table in 0usize..3,
    ) {
        let mut boot = everything(TABLES[table], SystemPartition::InPlace);
        // A diskette would take most of the time.
        boot.el_torito.as_mut().unwrap().sections[0].entries.pop();
        let mut image = image(tree(), &options(boot));
        let catalog = open(SliceSource::new(&image)).unwrap().boot_setup().unwrap();
        let catalog = catalog.catalog.unwrap().unwrap().lba as usize * BLOCK_SIZE;
        let mut places: Vec<usize> = (400..1600).chain(17 * BLOCK_SIZE..17 * BLOCK_SIZE + 80).collect();
        places.extend(catalog..catalog + 320);
        let backup = image.len() - 265 * BLOCK_SIZE;
        places.extend(backup..backup + 600);
        places.extend(image.len() - 512..image.len());
        for (at, value) in damage {
            image[*at.get(&places)] = value;
        }
        if let Ok(mut read) = open(SliceSource::new(&image)) {
            let _ = read.boot_setup();
            if let Ok(Some(replay)) = read.replay_boot() {
                // What it says can be tried, whether it is then refused or not.
                let _ = crate::plan(tree(), &options(replay.options_for(&tree())));
            }
        }
    }

    #[test]
    fn any_catalog_is_read_or_refused(
        bytes in proptest::collection::vec(any::<u8>(), 32 * 64),
        indicators in proptest::collection::vec(prop::sample::select(&[0x88u8, 0, 0x90, 0x91, 0x44][..]), 63),
    ) {
        let boot = everything(PartitionTable::Mbr, SystemPartition::InPlace);
        let mut boot = boot;
        boot.el_torito.as_mut().unwrap().sections.clear();
        let mut image = image(tree(), &options(boot));
        let lba = open(SliceSource::new(&image)).unwrap().boot_setup().unwrap();
        let at = lba.catalog.unwrap().unwrap().lba as usize * BLOCK_SIZE;
        // The validation entry stays: without it nothing else is looked at.
        image[at + 32..at + BLOCK_SIZE].copy_from_slice(&bytes[32..]);
        for (number, indicator) in (1..).zip(indicators) {
            image[at + 32 * number] = indicator;
        }
        let mut read = open(SliceSource::new(&image)).unwrap();
        if let Some(Ok(catalog)) = read.boot_setup().unwrap().catalog {
            prop_assert!(catalog.entries().count() <= 1 << 16);
        }
        let _ = read.replay_boot();
    }
}
