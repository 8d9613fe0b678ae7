//! A boot set-up that is used for another image.

use super::*;
use crate::read::{FileSystem, Replay};

#[test]
fn all_of_it_comes_back_and_gives_the_same_image_again() {
    for table in TABLES {
        for place in [SystemPartition::InPlace, SystemPartition::Appended] {
            let options = options(everything(table, place));
            let first = image(tree(), &options);
            let mut read = open(SliceSource::new(&first)).unwrap();
            let replay = read.replay_boot().unwrap().unwrap();
            assert_eq!(replay.catalog_path.as_deref(), Some("boot/boot.cat"));
            let paths: Vec<_> = replay.paths.iter().map(Option::as_deref).collect();
            assert_eq!(paths, [Some(LOADER), None, None, None]);
            let mut again = replay.options_for(&tree());
            // The length of an image without a file is known from what is loaded, in sectors.
            let uefi = &mut again.el_torito.as_mut().unwrap().sections[1].entries[0];
            let BootImage::Unnamed(bytes) = &uefi.image else { panic!("{uefi:?}") };
            assert_eq!(bytes.len(), 100_352);
            uefi.image = BootImage::Unnamed(alloc::vec![7; 100_000].into());
            // The last extension is filled up with zeros.
            let criteria = &mut again.el_torito.as_mut().unwrap().sections[0].entries[0].criteria;
            assert_eq!(criteria.as_ref().unwrap().bytes.len(), 79);
            assert_eq!(again, options.boot);
            assert_eq!(image(tree(), &Options { boot: again, ..Options::default() }), first);
        }
    }
}

#[test]
fn an_image_for_uefi_too_long_to_count_is_as_long_as_its_partition() {
    let len = 0x1_0000 * 512 + 100;
    let entry = unnamed(alloc::vec![9; len]);
    let boot = BootOptions {
        el_torito: Some(ElTorito::new(Platform::UEFI, entry)),
        hybrid: Some(Hybrid::new(PartitionTable::Gpt)),
        system_area: None,
    };
    let image = image(tree(), &options(boot));
    let mut read = open(SliceSource::new(&image)).unwrap();
    let catalog = read.boot_setup().unwrap().catalog.unwrap().unwrap();
    assert_eq!(catalog.initial.sector_count, 0);
    let replay = read.replay_boot().unwrap().unwrap().options;
    let BootImage::Unnamed(bytes) = &replay.el_torito.unwrap().initial.image else { panic!() };
    assert_eq!(bytes.len(), len.next_multiple_of(16 * BLOCK_SIZE));
    assert!(bytes[..len].iter().all(|byte| *byte == 9));
}

/// A FAT of so many sectors, as far as a boot set-up looks at it.
fn fat(sectors: u32) -> Vec<u8> {
    let mut bytes = alloc::vec![6; sectors as usize * 512];
    bytes[..36].fill(0);
    bytes[11..17].copy_from_slice(&[0, 2, 1, 1, 0, 2]);
    (bytes[21], bytes[22]) = (0xf8, 9);
    bytes[32..36].copy_from_slice(&sectors.to_le_bytes());
    bytes
}

/// The boot images of an image for UEFI, made with this count of sectors, when they are read from it.
fn replayed(content: Vec<u8>, sector_count: u16) -> Result<Vec<u8>, ReadError> {
    let entry = BootEntry { sector_count: Some(sector_count), ..unnamed(content) };
    let el_torito = Some(ElTorito::new(Platform::UEFI, entry));
    let image = image(tree(), &options(BootOptions { el_torito, ..BootOptions::default() }));
    let replay = open(SliceSource::new(&image)).unwrap().replay_boot()?.unwrap();
    let catalog = replay.options.el_torito.unwrap();
    let BootImage::Unnamed(bytes) = &catalog.initial.image else { panic!() };
    Ok(bytes.to_vec())
}

#[test]
fn an_image_for_uefi_that_is_no_file_is_as_long_as_its_fat() {
    let whole = fat(2880);
    // UEFI 2.10 13.3.2.1: 0 and 1 stand for all there is. Fewer sectors than the FAT has would cut it.
    for count in [0, 1, u16::MAX, 4] {
        assert_eq!(replayed(whole.clone(), count).as_ref(), Ok(&whole), "{count}");
    }
    // More than the FAT has is loaded too.
    let mut longer = whole;
    longer.resize(3000 * 512, 7);
    assert_eq!(replayed(longer.clone(), 3000), Ok(longer));
}

#[test]
fn an_image_for_uefi_of_no_known_length_is_not_cut() {
    for count in [0, 1, u16::MAX] {
        let error = replayed(alloc::vec![7; 100_000], count).unwrap_err();
        assert!(matches!(error, ReadError::EndlessBootImage { .. }), "{count}: {error}");
        assert!(error.to_string().contains("UEFI 2.10 13.3.2.1"));
    }
    let mut beyond = fat(2880);
    beyond[32..36].copy_from_slice(&0x1_0000u32.to_le_bytes());
    assert!(matches!(replayed(beyond.clone(), 1), Err(ReadError::OutOfRange { .. })));
    // Where the count is one, it counts.
    beyond.truncate(2048);
    assert_eq!(replayed(beyond.clone(), 4), Ok(beyond));
}

#[test]
fn a_file_of_another_length_takes_the_place_of_the_image() {
    let entry = |count, path: &str| BootEntry {
        sector_count: Some(count),
        ..BootEntry::new(BootImage::File(path.to_string()))
    };
    // All of both is loaded, by counts that no rule gives.
    let mut catalog = ElTorito::new(Platform::BIOS, entry(10, LOADER));
    catalog.sections = alloc::vec![BootSection::of(Platform::UEFI, entry(8, "other"))];
    let first =
        image(tree(), &options(BootOptions { el_torito: Some(catalog), ..BootOptions::default() }));
    let replay = open(SliceSource::new(&first)).unwrap().replay_boot().unwrap().unwrap();
    let counts = |options: &BootOptions| {
        let catalog = options.el_torito.as_ref().unwrap();
        let files = catalog.entries().map(|(_, entry)| match &entry.image {
            BootImage::File(path) => (path.clone(), entry.sector_count),
            BootImage::Unnamed(_) => panic!("{entry:?}"),
        });
        files.collect::<Vec<_>>()
    };
    let files = |bios, uefi| [(LOADER.to_string(), bios), ("other".to_string(), uefi)];
    assert_eq!(counts(&replay.clone().options_for(&tree())), files(Some(10), Some(8)));
    let mut newer = Tree::new();
    newer.add_file(LOADER, SourceId(0), 5200, Attributes::default()).unwrap();
    newer.add_file("other", SourceId(1), 90_000, Attributes::default()).unwrap();
    assert_eq!(counts(&replay.options_for(&newer)), files(Some(11), None));
}

/// Writes records of partitions over those of an image: status, type, first sector and length.
fn put_records(image: &mut [u8], records: &[(u8, u8, u32, u32)]) {
    let (mut mbr, _) = MasterBootRecord::read_from_prefix(image).unwrap();
    mbr.partitions = Default::default();
    for (record, (status, kind, start, sectors)) in mbr.partitions.iter_mut().zip(records) {
        (record.status, record.partition_type) = (*status, *kind);
        (record.start, record.sectors) = ((*start).into(), (*sectors).into());
    }
    image[..512].copy_from_slice(mbr.as_bytes());
}

#[test]
fn records_of_other_layouts_are_made_anew() {
    use PartitionTable::{Both, Gpt, Mbr};
    // As xorriso makes them: with an offset, for GRUB 2, beside a GUID partition table.
    let of_xorriso = [(0x80, 0, 0, 9000), (0, 0xef, 900, 196)];
    let layouts = [
        (Mbr, Mbr, &[(0x80, 0x17, 64, 9000)][..], 0x17),
        (Mbr, Mbr, &[(0, 0xcd, 1, 9000)], 0x17),
        (Mbr, Mbr, &[(0x80, 0x83, 64, 9000), (0, 0xef, 900, 196)], 0x83),
        (Mbr, Mbr, &of_xorriso, 0x17),
        (Both, Both, &of_xorriso, 0x17),
        (Gpt, Both, &of_xorriso, 0x17),
        (Gpt, Both, &of_xorriso[..1], 0x17),
        (Gpt, Gpt, &[(0, 0xee, 1, 9000)], 0x17),
    ];
    for (made, table, records, kind) in layouts {
        for damaged in [false, true] {
            let wanted = options(everything(made, SystemPartition::InPlace));
            let mut first = image(tree(), &wanted);
            put_records(&mut first, records);
            let mut table = table;
            if damaged {
                let last = first.len() - 512;
                first[last] ^= 1;
                table = if records[0].1 == 0xee { Gpt } else { Mbr };
            }
            let mut read = open(SliceSource::new(&first)).unwrap();
            let again = read.replay_boot().unwrap().unwrap().options_for(&tree());
            let hybrid = again.hybrid.as_ref().unwrap();
            let context = alloc::format!("{records:?} {damaged}");
            assert_eq!((hybrid.table, hybrid.partition_type), (table, kind), "{context}");
            assert!(matches!(hybrid.code, Some(MbrCode::Isolinux(_))), "{context}");
            assert_eq!(again.system_area, None, "{context}");
            let mut tree = tree();
            tree.add_file("boot/a", SourceId(1), 99_999, Attributes::default()).unwrap();
            let second = image(tree, &options(again));
            let mut read = open(SliceSource::new(&second)).unwrap();
            let setup = read.boot_setup().unwrap();
            let sector = u64::from(setup.catalog.unwrap().unwrap().initial.lba) * 4;
            assert_eq!(second[432..440], sector.to_le_bytes(), "{context}");
        }
    }
}

#[test]
fn a_pointer_to_where_an_image_was_is_not_kept() {
    let mut boot = everything(PartitionTable::Mbr, SystemPartition::InPlace);
    boot.hybrid.as_mut().unwrap().code = Some(MbrCode::Other(alloc::vec![0x90; 440].into()));
    let mut image = image(tree(), &options(boot));
    let entries = |image: &[u8]| {
        let catalog = open(SliceSource::new(image)).unwrap().boot_setup().unwrap().catalog;
        let catalog = catalog.unwrap().unwrap();
        catalog.entries().map(|(_, entry)| entry.lba).collect::<Vec<_>>()
    };
    // The second entry is not what a machine starts, and the first is ISOLINUX no more.
    for lba in entries(&image) {
        image[lba as usize * BLOCK_SIZE + 64] ^= 1;
        image[432..440].copy_from_slice(&(u64::from(lba) * 4).to_le_bytes());
        let error = open(SliceSource::new(&image)).unwrap().replay_boot().unwrap_err();
        assert!(matches!(error, ReadError::Unsupported { .. }), "{error}");
    }
}

#[test]
fn tables_without_a_master_boot_record_are_of_no_other_image() {
    let mut area = alloc::vec![1; 32768];
    let gpt = image(tree(), &options(everything(PartitionTable::Gpt, SystemPartition::InPlace)));
    area[512..34 * 512].copy_from_slice(&gpt[512..34 * 512]);
    area[20480..20484].copy_from_slice(b"PM\0\0");
    let kept = area[21504..].to_vec();
    let boot = BootOptions { system_area: Some(area.into()), ..BootOptions::default() };
    let image = image(tree(), &options(boot));
    let replay = open(SliceSource::new(&image)).unwrap().replay_boot().unwrap().unwrap();
    assert_eq!(replay.options.hybrid, None);
    let area = replay.options.system_area.unwrap();
    assert_eq!(area[..512], [1; 512]);
    assert!(area[512..34 * 512].iter().all(|byte| *byte == 0));
    assert_eq!((&area[20480..20992], &area[21504..]), (&[0; 512][..], kept.as_slice()));
}

#[test]
fn a_system_area_of_ones_own_is_kept() {
    let area: Vec<u8> = (0..32768u32).map(|i| u8::try_from(i % 253).unwrap()).collect();
    let boot = BootOptions { system_area: Some(area.clone().into()), ..BootOptions::default() };
    let file_systems = FileSystems { iso9660: false, joliet: false, rock_ridge: false, udf: true };
    let raw = image(tree(), &Options { file_systems, ..options(boot.clone()) });
    assert_eq!(raw[..32768], area);
    let hybrid = Some(Hybrid::new(PartitionTable::Gpt));
    let with = image(tree(), &options(BootOptions { hybrid, ..boot }));
    assert_eq!(with[..440], area[..440]);
    assert_eq!(
        with[512 + 92..1024],
        [0; 512 - 92],
        "behind the header is nothing (UEFI 2.10 table 5-5)"
    );
    assert_eq!(with[34 * 512..32768], area[34 * 512..]);
    let replay = open(SliceSource::new(&raw)).unwrap().replay_boot().unwrap().unwrap();
    assert_eq!(replay.options.system_area.as_deref(), Some(area.as_slice()));
    let plain = image(tree(), &options(BootOptions::default()));
    assert!(open(SliceSource::new(&plain)).unwrap().replay_boot().unwrap().is_none());
}

#[test]
fn an_image_of_many_entries_is_held_once() {
    let mut catalog = ElTorito::new(Platform::UEFI, unnamed(loader()));
    catalog.sections =
        (0..200).map(|_| BootSection::of(Platform::UEFI, unnamed(loader()))).collect();
    let wanted = options(BootOptions { el_torito: Some(catalog), ..BootOptions::default() });
    let plan = crate::plan(Tree::new(), &wanted).unwrap();
    let mut image = alloc::vec![0; plan.size_blocks() as usize * BLOCK_SIZE];
    for (lba, block) in (0..).zip(image.chunks_exact_mut(BLOCK_SIZE)) {
        plan.render(Lba(lba), block);
    }
    let replay = open(SliceSource::new(&image)).unwrap().replay_boot().unwrap().unwrap();
    let catalog = replay.options.el_torito.unwrap();
    let mut held = catalog.entries().map(|(_, entry)| match &entry.image {
        BootImage::Unnamed(bytes) => bytes.as_ptr(),
        BootImage::File(path) => panic!("{path}"),
    });
    let first = held.next().unwrap();
    assert_eq!(held.filter(|other| *other == first).count(), 200);
}

/// Names that ISO 9660 alone has otherwise; the folder of the catalog must not become a second one.
#[test]
fn files_are_known_by_their_names_of_iso9660() {
    let files = |tree: &mut Tree| {
        let paths = ["isolinux/isolinux.bin", "grub/i386-pc/core.img", "isolinux/isolinux.cfg"];
        for (source, path) in (1..).zip(paths) {
            tree.add_file(path, SourceId(source), 6000, Attributes::default()).unwrap();
        }
    };
    let mut catalog = ElTorito::new(
        Platform::BIOS,
        BootEntry::new(BootImage::File("isolinux/isolinux.bin".to_string())),
    );
    let grub = BootEntry::new(BootImage::File("grub/i386-pc/core.img".to_string()));
    catalog.sections = alloc::vec![BootSection::of(Platform::UEFI, grub)];
    catalog.catalog_path = Some("isolinux/boot.cat".to_string());
    let boot = BootOptions { el_torito: Some(catalog.clone()), ..BootOptions::default() };
    let file_systems =
        FileSystems { joliet: false, rock_ridge: false, udf: false, ..FileSystems::default() };
    let mut tree = Tree::new();
    files(&mut tree);
    let first = image(tree.clone(), &Options { file_systems, ..options(boot) });
    let replay = open(SliceSource::new(&first)).unwrap().replay_boot().unwrap().unwrap();
    assert_eq!(replay.names, Some(FileSystem::Iso9660));
    let again = replay.clone().options_for(&tree).el_torito.unwrap();
    assert_eq!(again.catalog_path.as_deref(), Some("isolinux/BOOT.CAT"));
    assert_eq!(again.initial.image, catalog.initial.image);
    assert_eq!(again.sections, catalog.sections);
    // What has the very name is meant, even beside one that it may stand for.
    let path = "ISOLINUX/ISOLINUX.BIN";
    tree.add_file(path, SourceId(9), 6000, Attributes::default()).unwrap();
    let again = replay.clone().options_for(&tree).el_torito.unwrap();
    assert_eq!(again.initial.image, BootImage::File(path.to_string()));
    // Names of other file systems are those of the files.
    let named = Replay { names: Some(FileSystem::RockRidge), ..replay };
    let mut tree = Tree::new();
    files(&mut tree);
    let again = named.options_for(&tree).el_torito.unwrap();
    assert!(matches!(again.initial.image, BootImage::Unnamed(_)));
}
