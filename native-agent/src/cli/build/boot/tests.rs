use std::fs;

use clap::Parser as _;

use super::*;
use crate::source::{
    local::{self, Graft, ScanOptions},
    writer::{self, Reflink},
};

#[derive(clap::Parser)]
struct Line {
    #[command(flatten)]
    args: BootArgs,
}

fn args(line: &[&str]) -> BootArgs {
    Line::try_parse_from(["build"].iter().chain(line)).unwrap().args
}

/// A folder with a loader in it, listed.
fn folder() -> (tempfile::TempDir, Scan) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("boot")).unwrap();
    fs::write(folder.path().join("boot/loader"), [7; 3000]).unwrap();
    let graft = Graft { target: String::new(), path: folder.path().to_path_buf() };
    let scan = local::scan(&[graft], &ScanOptions::default()).unwrap();
    (folder, scan)
}

fn refused(line: &[&str]) -> String {
    let (_folder, mut scan) = folder();
    format!("{:?}", options(&args(line), &mut scan).unwrap_err())
}

#[test]
fn a_path_of_the_image_is_a_file_there_and_any_other_one_of_this_machine() {
    let (folder, mut scan) = folder();
    let other = folder.path().join("boot/loader").display().to_string();
    let uefi = format!("0xEF={other}");
    let line = ["--boot", "bios=boot/loader", "--boot", &uefi, "--boot-load-segment", "0x7C0"];
    let boot = options(&args(&line), &mut scan).unwrap();
    let catalog = boot.el_torito.unwrap();
    assert_eq!(catalog.initial.image, BootImage::File("boot/loader".to_owned()));
    assert_eq!((catalog.platform, catalog.initial.load_segment), (Platform::BIOS, 0x7c0));
    let [section] = catalog.sections.as_slice() else { panic!("{:?}", catalog.sections) };
    assert_eq!(section.platform, Platform::UEFI);
    assert_eq!(section.entries[0].image, BootImage::Unnamed(vec![7; 3000].into()));
    assert_eq!(section.entries[0].load_segment, 0, "only a BIOS knows segments");
    let node = scan.tree.find("boot/loader").unwrap();
    assert_eq!(scan.tree.details(node).content.as_deref(), Some(&[7; 3000][..]));
}

#[test]
fn what_makes_no_sense_is_told_with_a_remedy() {
    for (line, kind, words) in [
        (["--boot", "boot/loader"], "Usage", "--boot bios=boot/loader"),
        (["--boot", "amiga=boot/loader"], "Usage", "amiga is no platform"),
        (["--boot", "0x1ff=boot/loader"], "Usage", "is no platform"),
        (["--boot", "bios=no/such"], "Input", "give the path of a file in the image"),
        (["--boot", "bios=boot"], "Input", "boot"),
        (["--system-area", "no/such"], "Input", "no/such"),
    ] {
        let said = refused(&line);
        assert!(said.contains(kind) && said.contains(words), "{line:?}: {said}");
    }
    let said = refused(&["--boot", "bios=boot/loader", "--boot-emulation", "floppy"]);
    assert!(said.contains("3000 bytes") && said.contains("El Torito 1.0, figure 3"), "{said}");
    for platform in ["uefi", "powerpc", "mac", "0x10"] {
        let boot = format!("{platform}=boot/loader");
        for (option, value) in [
            ("--boot-emulation", Some("hard-disk")),
            ("--boot-load-size", Some("7")),
            ("--boot-load-segment", Some("0x7C0")),
            ("--boot-info-table", None),
            ("--boot-grub2-info", None),
        ] {
            let line: Vec<_> = ["--boot", &boot, option].into_iter().chain(value).collect();
            let said = refused(&line);
            assert!(said.contains("Usage") && said.contains("--boot bios=IMG"), "{said}");
            assert!(said.contains(option) && !said.contains(", --boot"), "{said}");
        }
    }
    let said = refused(&["--boot", "bios=boot/loader", "--hybrid", "gpt", "--efi-appended"]);
    assert!(said.contains("Usage") && said.contains("--boot uefi=IMG"), "{said}");
    assert!(Line::try_parse_from(["build", "--boot-info-table"]).is_err());
    assert!(Line::try_parse_from(["build", "--mbr-code", "x"]).is_err());
}

#[test]
fn loading_more_than_an_image_is_told() {
    assert_eq!(loads_more(None, "small", 1), None);
    assert_eq!(loads_more(Some(4), "small", 1000), None, "its block is padded");
    assert_eq!(loads_more(Some(8), "small", 2049), None);
    for (sectors, len, words) in [
        (u16::MAX, 1000, "loads 33553920 bytes, and small has 1000"),
        (5, 2048, "4 sectors are all of it"),
    ] {
        let said = loads_more(Some(sectors), "small", len).unwrap();
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn code_is_known_by_what_it_says() {
    let with = |len: usize, word: &[u8]| {
        let mut bytes = vec![0; len];
        bytes[100..100 + word.len()].copy_from_slice(word);
        bytes
    };
    assert!(matches!(code(with(432, b"isolinux.bin missing")), MbrCode::Isolinux(_)));
    assert!(matches!(code(with(512, b"GRUB ")), MbrCode::Grub2(_)));
    assert!(matches!(code(with(440, b"something")), MbrCode::Other(_)));
}

#[test]
fn an_image_is_replayed_and_one_that_starts_nothing_is_refused() {
    let (folder, mut scan) = folder();
    let image = folder.path().join("image.iso");
    let line = ["--boot", "bios=boot/loader", "--boot-info-table", "--hybrid", "gpt"];
    let boot = options(&args(&line), &mut scan).unwrap();
    let watch =
        writer::Watch { progress: &|_| {}, cancelled: &core::sync::atomic::AtomicBool::new(false) };
    let write = |boot: BootOptions, scan: &Scan| {
        let options = image_core::Options { boot, ..image_core::Options::default() };
        let plan = image_core::plan(scan.tree.clone(), &options).unwrap();
        writer::write_file(&plan, &scan.files, &image, Reflink::Never, watch).unwrap();
    };
    write(boot.clone(), &scan);
    let path = image.display().to_string();
    let again = options(&args(&["--replay-boot", &path]), &mut scan).unwrap();
    assert_eq!(again, boot);
    write(BootOptions::default(), &scan);
    let error = options(&args(&["--replay-boot", &path]), &mut scan).unwrap_err();
    assert!(format!("{error:?}").contains("starts no machine"), "{error:?}");
}

#[test]
fn a_catalog_takes_the_place_of_a_catalog_alone() {
    let (folder, mut scan) = folder();
    let options_for = |path: &str, scan: &mut Scan| {
        options(&args(&["--boot", "bios=boot/loader", "--boot-catalog", path]), scan)
    };
    let error = options_for("boot/loader", &mut scan).unwrap_err();
    assert!(format!("{error:?}").contains("is no boot catalog"), "{error:?}");
    let mut catalog = [0; 2048];
    catalog[0] = 1;
    catalog[28..32].copy_from_slice(&[0xAA, 0x55, 0x55, 0xAA]);
    fs::write(folder.path().join("boot/old.cat"), catalog).unwrap();
    let graft = Graft { target: String::new(), path: folder.path().to_path_buf() };
    let mut scan = local::scan(&[graft], &ScanOptions::default()).unwrap();
    for path in ["boot/old.cat", "boot/new.cat"] {
        let boot = options_for(path, &mut scan).unwrap();
        assert_eq!(boot.el_torito.unwrap().catalog_path.as_deref(), Some(path));
    }
}
