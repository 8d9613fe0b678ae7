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
}

#[test]
fn attributes_of_both_versions() {
    let px = |len: u8| {
        let fields = [both(0o100_640), both(1), both(7), both(8), both(9)].concat();
        let entry = [&[b'P', b'X', len, 1][..], &fields[..usize::from(len) - 4]].concat();
        let posix = read(&[], &entry).unwrap().posix.unwrap();
        (posix.mode, posix.uid, posix.gid)
    };
    assert_eq!(px(36), (0o100_640, 7, 8));
    assert_eq!(px(44), (0o100_640, 7, 8));
}

#[test]
fn time_of_modification_in_both_forms() {
    let time = DiscTime::from_unix(1_700_000_000, 0, 0);
    let long = LongDate::new(time);
    let short = ShortDate::new(time);
    let other = ShortDate::new(DiscTime::from_unix(0, 0, 0));
    use zerocopy::IntoBytes as _;
    let tf = |flags: u8, stamps: &[u8]| {
        let len = u8::try_from(5 + stamps.len()).unwrap();
        let entry = [&[b'T', b'F', len, 1, flags][..], stamps].concat();
        read(&[], &entry).unwrap().modified
    };
    assert_eq!(tf(2, short.as_bytes()), Some(time));
    assert_eq!(tf(3, &[other.as_bytes(), short.as_bytes()].concat()), Some(time));
    assert_eq!(tf(0x82, long.as_bytes()), Some(time));
    assert_eq!(tf(0x83, long.as_bytes()), None);
    assert_eq!(tf(1, short.as_bytes()), None);
}

#[test]
fn entries_that_run_over_are_refused() {
    assert!(read(&[], b"NM\x09\x01\x00abc").is_err());
    assert!(read(&[], b"NM\x03\x01").is_err());
    assert!(read(&[], b"ST\x04\x01NM\x09\x01").unwrap().name.is_none());
    assert!(read(&[], &[0; 20]).unwrap().name.is_none());
}
