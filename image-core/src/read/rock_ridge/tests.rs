//! Entries made by hand, and what is read of them.

use alloc::vec;

use super::*;
use crate::read::SliceSource;

fn read(areas: &[(&[u8], usize)], first: &[u8]) -> Result<SystemUse, ReadError> {
    let mut image = vec![0; 4 * crate::BLOCK_SIZE];
    for (bytes, at) in areas {
        image[*at..*at + bytes.len()].copy_from_slice(bytes);
    }
    let mut source = SliceSource::new(&image);
    SystemUse::read(&mut Blocks::new(&mut source), first, 0, 0)
}

fn both(value: u32) -> Vec<u8> {
    [value.to_le_bytes(), value.to_be_bytes()].concat()
}

fn continued(block: u32, offset: u32, len: u32) -> Vec<u8> {
    [b"CE\x1c\x01".to_vec(), both(block), both(offset), both(len)].concat()
}

#[test]
fn names_continue_in_other_areas() {
    let first = [&b"NM\x08\x01\x01abc"[..], &continued(1, 100, 60)].concat();
    let second = [&continued(2, 0, 9)[..], &b"NM\x06\x01\x01d"[..]].concat();
    let found = read(&[(&second, 2148), (b"NM\x07\x01\x00ef", 4096)], &first).unwrap();
    assert_eq!(found.name.as_deref(), Some("abcdef"));
}

#[test]
fn continuations_that_meet_again_are_refused() {
    let area = continued(1, 0, 28);
    let error = read(&[(&area, 2048)], &area).unwrap_err();
    assert!(matches!(error, ReadError::Malformed { .. }), "{error}");
    let error = read(&[], &continued(9, 0, 28)).unwrap_err();
    assert!(matches!(error, ReadError::OutOfRange { .. }), "{error}");
}

#[test]
fn links_are_put_together() {
    let link = |components: &[u8]| {
        let mut entry = vec![b'S', b'L', 0, 1, 0];
        entry.extend_from_slice(components);
        entry[2] = u8::try_from(entry.len()).unwrap();
        read(&[], &entry).unwrap().target.unwrap()
    };
    assert_eq!(link(b"\x08\x00\x00\x03usr\x00\x03bin"), "/usr/bin");
    assert_eq!(link(b"\x04\x00\x04\x00\x00\x01a\x02\x00"), "../../a/.");
    assert_eq!(link(b"\x01\x03lon\x00\x01g\x00\x01x"), "long/x");
    assert_eq!(link(b"\x08\x00"), "/");
    assert_eq!(link(b"\x00\xffcut"), "cut");
    // xorriso and genisoimage record a root between two slashes.
    assert_eq!(link(b"\x00\x01a\x08\x00\x00\x01b"), "a//b");
    assert_eq!(link(b"\x08\x00\x00\x01x\x08\x00\x00\x01y"), "/x//y");
}

#[test]
fn attribute_lists_are_put_together() {
    let first = b"AL\x13\x01\x01\x00\x03\x03ab\x01\x05value\x00\x02\x03";
    let entries = [&first[..17], &b"AL\x10\x01\x00\x00\x02 !\x00\x03\x02x.\x00\x00"[..]].concat();
    let entries = [&[b'A', b'L', 17][..], &entries[3..]].concat();
    let found = read(&[], &entries).unwrap().attributes;
    let expected =
        [("user.ab".into(), b"value !".to_vec()), ("system.x.".into(), Vec::new())].to_vec();
    assert_eq!(found, expected);
    assert!(read(&[], b"AL\x09\x01\x00\x00\x01a\x00").unwrap().attributes.is_empty());
    // A record of libisofs goes on in the next entry as it is.
    let cut = b"AL\x0e\x01\x01\x00\x03\x03ab\x00\x05vaAL\x08\x01\x00lue";
    assert_eq!(read(&[], cut).unwrap().attributes, [("user.ab".into(), b"value".to_vec())]);
}

#[test]
fn attributes_of_both_versions() {
    let px = |len: u8| {
        let fields = [both(0o100_640), both(2), both(7), both(8), both(9)].concat();
        let entry = [&[b'P', b'X', len, 1][..], &fields[..usize::from(len) - 4]].concat();
        read(&[], &entry).unwrap().posix.unwrap()
    };
    let old = Posix { mode: 0o100_640, links: 2, uid: 7, gid: 8, serial: None };
    assert_eq!(px(36), old);
    assert_eq!(px(44), Posix { serial: Some(9), ..old });
}

#[test]
fn special_files_are_told_by_type_and_number() {
    let number = |high, low| [b"PN\x14\x01".to_vec(), both(high), both(low)].concat();
    let device = |entry: &[u8]| read(&[], entry).unwrap().device;
    assert_eq!(device(&number(0, 0x0803)), Some((8, 3)));
    assert_eq!(device(&number(300, 4000)), Some((300, 4000)));
    assert_eq!(device(&[b"PN\x0c\x01".to_vec(), both(1)].concat()), None, "half of it");
    let (major, minor) = (8, 3);
    assert_eq!(
        special(mode::BLOCK_DEVICE, Some((8, 3))),
        Some(Special::BlockDevice { major, minor })
    );
    assert_eq!(special(mode::CHARACTER_DEVICE, None), None);
    assert_eq!(special(mode::FIFO, None), Some(Special::Fifo));
    assert_eq!(special(0o030_000, Some((8, 3))), None);
}

#[test]
fn times_in_both_forms() {
    let time = DiscTime::from_unix(1_700_000_000, 0, 0);
    let long = LongDate::new(time);
    let short = ShortDate::new(time);
    let other = ShortDate::new(DiscTime::from_unix(0, 0, 0));
    use zerocopy::IntoBytes as _;
    let tf = |flags: u8, stamps: &[u8]| {
        let len = u8::try_from(5 + stamps.len()).unwrap();
        let entry = [&[b'T', b'F', len, 1, flags][..], stamps].concat();
        read(&[], &entry).unwrap().times
    };
    let modified = |flags, stamps: &[u8]| tf(flags, stamps).modified;
    assert_eq!(modified(2, short.as_bytes()), Some(time));
    assert_eq!(modified(3, &[other.as_bytes(), short.as_bytes()].concat()), Some(time));
    assert_eq!(modified(0x82, long.as_bytes()), Some(time));
    assert_eq!(modified(0x83, long.as_bytes()), None);
    assert_eq!(modified(1, short.as_bytes()), None);
    let at = |seconds| DiscTime::from_unix(seconds, 0, 0);
    let [created, accessed, changed] = [1, 2, 3].map(|seconds| Some(at(seconds)));
    let all = [at(1), time, at(2), at(3)].map(ShortDate::new);
    let wanted = Times { created, modified: Some(time), accessed, changed };
    assert_eq!(tf(0x0f, all.as_bytes()), wanted);
    let long = [time, at(2)].map(LongDate::new);
    let wanted = Times { modified: Some(time), accessed, ..Times::default() };
    assert_eq!(tf(0x86, long.as_bytes()), wanted);
}

#[test]
fn entries_that_run_over_are_refused() {
    assert!(read(&[], b"NM\x09\x01\x00abc").is_err());
    assert!(read(&[], b"NM\x03\x01").is_err());
    assert!(read(&[], b"ST\x04\x01NM\x09\x01").unwrap().name.is_none());
    assert!(read(&[], &[0; 20]).unwrap().name.is_none());
}
