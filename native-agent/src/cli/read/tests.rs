use core::time::Duration;
use std::{
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::*;
use crate::{
    burn::{BlockState, ReadMap},
    scsi::{Data, Transport},
    virtual_drive::{self, MediumKind, VirtualDrive},
};

/// A closed DVD+R with an image of this many blocks on it, each filled with its number.
fn burned(dir: &Path, blocks: u8) -> Args {
    let file = dir.join("a.vdisc");
    virtual_drive::create(&file, MediumKind::DvdPlusR, Some(4096)).unwrap();
    let mut image: Vec<u8> = (0..blocks).flat_map(|number| [number; 2048]).collect();
    image[16 * 2048..16 * 2048 + 6].copy_from_slice(b"\x01CD001");
    image[16 * 2048 + 80..16 * 2048 + 84].copy_from_slice(&u32::from(blocks).to_le_bytes());
    let mut drive = VirtualDrive::open(&file).unwrap();
    let mut send = |cdb: &[u8], data: Data<'_>| drive.execute(cdb, data, Duration::ZERO);
    assert!(send(&[0; 6], Data::None).is_err());
    send(&[0x2a, 0, 0, 0, 0, 0, 0, 0, blocks, 0], Data::Out(&image)).unwrap();
    send(&[0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0], Data::None).unwrap();
    send(&[0x5b, 0, 2, 0, 0, 0, 0, 0, 0, 0], Data::None).unwrap();
    fs::write(dir.join("wanted.iso"), image).unwrap();
    args(&file, &dir.join("out.iso"))
}

fn args(disc: &Path, output: &Path) -> Args {
    Args {
        drive: format!("virtual:{}", disc.display()),
        output: output.to_owned(),
        whole: false,
        session: None,
        retries: 0,
        speed: None,
        map: None,
        force: false,
        json: true,
    }
}

fn names(dir: &Path) -> Vec<String> {
    let names = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn gives_back_the_image_without_padding() {
    let dir = tempfile::tempdir().unwrap();
    let mut args = burned(dir.path(), 37);
    let (read, damaged) = read_disc(&args).unwrap();
    let wanted = fs::read(dir.path().join("wanted.iso")).unwrap();
    assert_eq!((read.blocks, damaged), (37, vec![]));
    assert_eq!(read.sha256, <[u8; 32]>::from(Sha256::digest(&wanted)));
    assert!(fs::read(&args.output).unwrap() == wanted);
    assert_eq!(names(dir.path()), ["a.vdisc", "out.iso", "wanted.iso"]);
    assert!(run(&args).is_err(), "the file is there already");
    (args.force, args.whole) = (true, true);
    assert_eq!(read_disc(&args).unwrap().0.blocks, 48);
}

#[test]
fn there_is_no_sum_of_an_image_that_lacks_blocks() {
    let mut read = ReadOutcome { first: 0, blocks: 9, sha256: [0xab; 32], unreadable: vec![] };
    let told = |read: &ReadOutcome, json| {
        let args = Args { json, ..args(Path::new("a.vdisc"), Path::new("out.iso")) };
        let mut out = Vec::new();
        report(&args, read, &[], &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    let sum = "ab".repeat(32);
    assert_eq!(told(&read, false), format!("{sum}  out.iso\n"));
    assert!(told(&read, true).contains(&sum));
    read.unreadable = vec![BlockRange { first: 3, blocks: 2 }];
    assert_eq!(told(&read, false), "");
    assert!(told(&read, true).contains("\"sha256\":null"));
}

#[test]
fn a_blank_disc_leaves_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.vdisc");
    virtual_drive::create(&file, MediumKind::BdRe, Some(640)).unwrap();
    assert!(read_disc(&args(&file, &dir.path().join("out.iso"))).is_err());
    assert_eq!(names(dir.path()), ["a.vdisc"]);
}

/// What another attempt, or ddrescue, left is taken up, wherever its image stands.
#[test]
fn only_what_the_map_misses_is_read() {
    for (name, map) in [("out.iso", None), ("out.iso.part", None), ("out.iso", Some("a.map"))] {
        let dir = tempfile::tempdir().unwrap();
        let mut args = burned(dir.path(), 37);
        let mut left = fs::read(dir.path().join("wanted.iso")).unwrap();
        left[3 * 2048..5 * 2048].fill(0);
        let mut known = ReadMap::new(0, 37);
        known.set(0, 3, BlockState::Read);
        known.set(3, 5, BlockState::Bad);
        known.set(5, 30, BlockState::Read);
        // This block was read, its map says: whoever spoiled it since is taken at his word.
        left[9 * 2048 + 5] = 0xee;
        fs::write(dir.path().join(name), &left).unwrap();
        args.map = map.map(|map| dir.path().join(map));
        let map = args.map.clone().unwrap_or_else(|| dir.path().join("out.iso.map"));
        fs::write(&map, known.to_mapfile(0)).unwrap();
        args.retries = 1;
        let refused = read_disc(&args);
        assert!(refused.is_err(), "the first blocks agree, but not all that are compared");
        left[9 * 2048 + 5] = 9;
        fs::write(dir.path().join(name), &left).unwrap();
        let (read, _) = read_disc(&args).unwrap();
        assert_eq!(read.unreadable, []);
        let wanted = fs::read(dir.path().join("wanted.iso")).unwrap();
        assert!(fs::read(&args.output).unwrap() == wanted, "{name}");
        assert_eq!(map.exists(), args.map.is_some(), "{name}");
        assert!(!dir.path().join("out.iso.part").exists());
    }
}

#[test]
fn maps_that_are_none_or_of_another_disc_are_refused_and_kept() {
    let dir = tempfile::tempdir().unwrap();
    let mut args = burned(dir.path(), 37);
    fs::write(dir.path().join("out.iso"), [1; 2048]).unwrap();
    let map: PathBuf = dir.path().join("out.iso.map");
    let large = ReadMap::new(0, 5000).to_mapfile(0);
    for text in ["no map", large.as_str()] {
        fs::write(&map, text).unwrap();
        assert!(read_disc(&args).is_err());
        assert_eq!(fs::read_to_string(&map).unwrap(), text);
        assert_eq!(fs::read(dir.path().join("out.iso")).unwrap(), [1; 2048]);
    }
    args.force = true;
    read_disc(&args).unwrap();
    assert_eq!(names(dir.path()), ["a.vdisc", "out.iso", "wanted.iso"]);
}

/// A map without its image, an image without its map, and what happens to have such a name are somebody's.
#[test]
fn what_no_earlier_attempt_left_is_refused_and_kept() {
    for (name, map) in
        [("out.iso.part", None), ("out.iso.map", None), ("notes.txt", Some("notes.txt"))]
    {
        let dir = tempfile::tempdir().unwrap();
        let mut args = burned(dir.path(), 37);
        args.map = map.map(|map| dir.path().join(map));
        let file = dir.path().join(name);
        let complete = ReadMap::new(0, 37).to_mapfile(0);
        for text in ["a letter", complete.as_str()] {
            fs::write(&file, text).unwrap();
            let before = names(dir.path());
            assert!(read_disc(&args).is_err(), "{name}");
            assert_eq!(
                (fs::read_to_string(&file).unwrap(), names(dir.path())),
                (text.to_owned(), before)
            );
        }
        args.force = true;
        read_disc(&args).unwrap();
        assert!(
            map.is_none() || ReadMap::from_mapfile(&fs::read_to_string(&file).unwrap()).is_ok()
        );
    }
    for same in ["out.iso", "out.iso.part"] {
        let dir = tempfile::tempdir().unwrap();
        let args = Args { force: true, map: Some(dir.path().join(same)), ..burned(dir.path(), 37) };
        assert!(read_disc(&args).is_err(), "{same} cannot be image and map");
    }
}

/// A folder would be in the way of the image's name in the end, and the disc itself, where it is a file, be lost.
#[test]
fn only_other_files_are_replaced_by_force() {
    let dir = tempfile::tempdir().unwrap();
    let burned = burned(dir.path(), 37);
    fs::create_dir(dir.path().join("folder")).unwrap();
    let disc = fs::read(dir.path().join("a.vdisc")).unwrap();
    let before = names(dir.path());
    for name in ["folder", "a.vdisc", "folder/../a.vdisc"] {
        let named = dir.path().join(name);
        let as_image = args(&dir.path().join("a.vdisc"), &named);
        assert!(read_disc(&Args { force: true, ..as_image }).is_err(), "{name} as the image");
        let as_map = args(&dir.path().join("a.vdisc"), &burned.output);
        let as_map = Args { force: true, map: Some(named), ..as_map };
        assert!(read_disc(&as_map).is_err(), "{name} as the map");
        assert_eq!(names(dir.path()), before);
        assert!(fs::read(dir.path().join("a.vdisc")).unwrap() == disc);
    }
}

#[test]
fn without_a_place_for_the_map_there_is_no_image() {
    let dir = tempfile::tempdir().unwrap();
    let args = Args { map: Some(dir.path().join("nowhere/map")), ..burned(dir.path(), 37) };
    assert!(read_disc(&args).is_err());
    assert_eq!(names(dir.path()), ["a.vdisc", "wanted.iso"]);
}

#[test]
fn a_map_is_made_beside_other_files() {
    let dir = tempfile::tempdir().unwrap();
    let args = Args { map: Some(dir.path().join("kept")), ..burned(dir.path(), 37) };
    fs::write(dir.path().join("kept.new"), "a letter").unwrap();
    read_disc(&args).unwrap();
    assert_eq!(fs::read(dir.path().join("kept.new")).unwrap(), b"a letter");
    assert_eq!(names(dir.path()), ["a.vdisc", "kept", "kept.new", "out.iso", "wanted.iso"]);
}
