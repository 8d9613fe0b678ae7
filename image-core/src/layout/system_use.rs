//! The system use areas of Rock Ridge: which entries a record has, and what of them continues elsewhere. SUSP 4, RRIP 4.

use alloc::vec::Vec;

use zerocopy::IntoBytes as _;

use crate::BLOCK_SIZE;
use crate::address::{BLOCK_BYTES, Lba};
use crate::options::RockRidgeVersion;
use crate::time::DiscTime;
use crate::wire::Both32;
use crate::wire::iso9660::{LongDate, ShortDate};
use crate::wire::rockridge::{
    AlternateName, CONTINUE, Continuation, DeviceNumber, DirectoryLink, EXTENSION_1_10,
    EXTENSION_1_12, EntryHead, ExtensionReference, Indicator, PX_LEN_1_10, PosixAttributes,
    SymbolicLink, TimeStamps, component_flags, time_flags,
};

/// Most bytes a system use entry can have: its length is one byte.
pub(super) const MAX_ENTRY: usize = 255;
/// How many times RRIP 4.1.6 knows.
const TIMES: usize = 7;
const CONTINUATION_LEN: usize = size_of::<Continuation>();

/// The entries of one directory record, before it is known where they go.
#[derive(Debug, Default)]
pub(crate) struct SystemUse {
    bytes: Vec<u8>,
    /// Where each entry ends.
    ends: Vec<usize>,
}

/// Part of a system use area that lies in the continuation area of its directory.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Where it begins in the continuation area, in bytes.
    pub(crate) offset: u32,
    pub(crate) bytes: Vec<u8>,
}

pub(super) const fn head(signature: [u8; 2], length: usize) -> EntryHead {
    #[expect(clippy::cast_possible_truncation, reason = "entries are cut to 255 bytes")]
    EntryHead { signature, length: length as u8, version: 1 }
}

impl SystemUse {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    /// SP: system use areas are in use, and begin behind this many bytes of each. SUSP 5.3.
    pub(crate) fn indicator(&mut self, skip: usize) {
        let head = head(*b"SP", size_of::<Indicator>());
        let skip = u8::try_from(skip).unwrap_or_default();
        self.push(&[Indicator { head, check: [0xBE, 0xEF], skip }.as_bytes()]);
    }

    /// ER: the extension in use is Rock Ridge. SUSP 5.5, RRIP 4.3.
    pub(crate) fn extension_reference(&mut self, version: RockRidgeVersion) {
        let texts = match version {
            RockRidgeVersion::V1_10 => EXTENSION_1_10,
            RockRidgeVersion::V1_12 => EXTENSION_1_12,
        };
        let [identifier_length, descriptor_length, source_length] =
            texts.map(|text| u8::try_from(text.len()).unwrap_or(u8::MAX));
        let length = size_of::<ExtensionReference>() + texts.concat().len();
        let reference = ExtensionReference {
            head: head(*b"ER", length),
            identifier_length,
            descriptor_length,
            source_length,
            extension_version: 1,
        };
        self.push(&[reference.as_bytes(), texts[0], texts[1], texts[2]]);
    }

    /// PX: mode, links, owner and, from 1.12 on, the serial number. RRIP 4.1.1.
    pub(crate) fn posix(&mut self, mode: u32, links: u32, uid: u32, gid: u32, serial: Option<u32>) {
        let length = if serial.is_some() { size_of::<PosixAttributes>() } else { PX_LEN_1_10 };
        let attributes = PosixAttributes {
            head: head(*b"PX", length),
            mode: Both32::new(mode),
            links: Both32::new(links),
            uid: Both32::new(uid),
            gid: Both32::new(gid),
            serial: Both32::new(serial.unwrap_or_default()),
        };
        self.push(&[attributes.as_bytes().get(..length).unwrap_or_default()]);
    }

    /// PN: the number of a device. RRIP 4.1.2.
    pub(crate) fn device(&mut self, major: u32, minor: u32) {
        let (high, low) = DeviceNumber::halves(major, minor);
        let (high, low) = (Both32::new(high), Both32::new(low));
        let head = head(*b"PN", size_of::<DeviceNumber>());
        self.push(&[DeviceNumber { head, high, low }.as_bytes()]);
    }

    /// TF: the times that are known, in the order of their flags. RRIP 4.1.6.
    pub(crate) fn times(&mut self, times: impl Iterator<Item = (u8, DiscTime)>, long: bool) {
        let mut flags = if long { time_flags::LONG_FORM } else { 0 };
        let mut stamps = [0; TIMES * size_of::<LongDate>()];
        let mut used = 0;
        let mut add = |stamp: &[u8]| {
            if let Some(slot) = stamps.get_mut(used..used + stamp.len()) {
                slot.copy_from_slice(stamp);
                used += stamp.len();
            }
        };
        for (flag, time) in times {
            flags |= flag;
            if long {
                add(LongDate::new(time).as_bytes());
            } else {
                add(ShortDate::new(time).as_bytes());
            }
        }
        let stamps = stamps.get(..used).unwrap_or_default();
        let head = head(*b"TF", size_of::<TimeStamps>() + stamps.len());
        self.push(&[TimeStamps { head, flags }.as_bytes(), stamps]);
    }

    /// CL: where the directory is that belongs here. RRIP 4.1.5.1.
    pub(crate) fn child_link(&mut self, directory: Lba) {
        self.link(*b"CL", directory);
    }

    /// PL: the true parent of a directory that was moved. RRIP 4.1.5.2.
    pub(crate) fn parent_link(&mut self, directory: Lba) {
        self.link(*b"PL", directory);
    }

    fn link(&mut self, signature: [u8; 2], directory: Lba) {
        let head = head(signature, size_of::<DirectoryLink>());
        self.push(&[DirectoryLink { head, block: Both32::new(directory.0) }.as_bytes()]);
    }

    /// RE: the directory belongs elsewhere. RRIP 4.1.5.3.
    pub(crate) fn relocated(&mut self) {
        self.push(&[head(*b"RE", size_of::<EntryHead>()).as_bytes()]);
    }

    /// NM: the name, in several entries when it is long. RRIP 4.1.4.
    pub(crate) fn name(&mut self, name: &str) {
        let mut parts = name.as_bytes().chunks(MAX_ENTRY - size_of::<AlternateName>()).peekable();
        while let Some(part) = parts.next() {
            let flags = if parts.peek().is_some() { CONTINUE } else { 0 };
            let length = size_of::<AlternateName>() + part.len();
            self.push(&[AlternateName { head: head(*b"NM", length), flags }.as_bytes(), part]);
        }
    }

    /// SL: where a symbolic link points to. RRIP 4.1.3.
    pub(crate) fn symlink(&mut self, target: &str) {
        let mut components = Components::default();
        if target.starts_with('/') {
            components.push(component_flags::ROOT, b"");
        }
        let mut parts = target.split('/').filter(|part| !part.is_empty()).peekable();
        while let Some(part) = parts.next() {
            let (flags, name) = match part {
                "." => (component_flags::CURRENT, ""),
                ".." => (component_flags::PARENT, ""),
                _ => (0, part),
            };
            components.add(flags, name.as_bytes(), parts.peek().is_none());
        }
        let last = components.areas.len().saturating_sub(1);
        for (i, area) in components.areas.iter().enumerate() {
            let flags = if i < last { CONTINUE } else { 0 };
            let length = size_of::<SymbolicLink>() + area.len();
            self.push(&[SymbolicLink { head: head(*b"SL", length), flags }.as_bytes(), area]);
        }
    }

    pub(super) fn push(&mut self, parts: &[&[u8]]) {
        for part in parts {
            self.bytes.extend_from_slice(part);
        }
        self.ends.push(self.bytes.len());
    }

    /// Appends what fits into `room` bytes to `record`, and the rest to `pieces`.
    ///
    /// Pieces take the continuation area, which begins at block `area`, from byte `cursor` on. None crosses a block: Linux
    /// reads a piece from one buffer.
    pub(crate) fn place(
        &self,
        room: usize,
        area: Lba,
        cursor: &mut u32,
        record: &mut Vec<u8>,
        pieces: &mut Vec<Piece>,
    ) {
        let (mut from, mut rest) = self.take(0, 0, room);
        record.extend_from_slice(self.bytes.get(..from).unwrap_or_default());
        let mut open: Option<Piece> = None;
        while from < self.bytes.len() {
            let (end, after) = self.take(from, rest, BLOCK_SIZE);
            let more = if end < self.bytes.len() { CONTINUATION_LEN } else { 0 };
            let length = u32::try_from(end - from + more).unwrap_or(u32::MAX);
            let offset = place_in_block(*cursor, length);
            *cursor = offset + length;
            let link = continuation(area, offset, length);
            match open.as_mut() {
                Some(piece) => piece.bytes.extend_from_slice(link.as_bytes()),
                None => record.extend_from_slice(link.as_bytes()),
            }
            pieces.extend(open.take());
            let bytes = self.bytes.get(from..end).unwrap_or_default().to_vec();
            open = Some(Piece { offset, bytes });
            (from, rest) = (end, after);
        }
        pieces.extend(open);
    }

    /// The end of the entries from byte `from`, entry `first`, that fit into `room`, and the entry after them.
    /// Where not all fit, room is left for a CE entry.
    fn take(&self, from: usize, first: usize, room: usize) -> (usize, usize) {
        if self.bytes.len() - from <= room {
            return (self.bytes.len(), self.ends.len());
        }
        let room = room.saturating_sub(CONTINUATION_LEN);
        let entries = self.ends.iter().skip(first);
        let fitting: Vec<_> = entries.take_while(|end| **end - from <= room).collect();
        (fitting.last().map_or(from, |end| **end), first + fitting.len())
    }
}

fn continuation(area: Lba, offset: u32, length: u32) -> Continuation {
    Continuation {
        head: head(*b"CE", CONTINUATION_LEN),
        block: Both32::new(area.plus(offset / BLOCK_BYTES).0),
        offset: Both32::new(offset % BLOCK_BYTES),
        length: Both32::new(length),
    }
}

/// Where a piece of this length goes: here, or at the next block when it would cross into it.
const fn place_in_block(cursor: u32, length: u32) -> u32 {
    if cursor % BLOCK_BYTES + length > BLOCK_BYTES {
        cursor.next_multiple_of(BLOCK_BYTES)
    } else {
        cursor
    }
}

/// Component areas of the SL entries of one link.
///
/// Where an area is full, the name at its end continues in the next one: readers differ in whether they put a `/` between
/// entries, but agree that none belongs into a name that continues. Where nothing can continue there, as `..`, an earlier name
/// does; only an area without any ends behind a component.
#[derive(Default)]
struct Components {
    areas: Vec<Vec<u8>>,
    /// Where in the last area the last component begins that can be cut.
    name: Option<usize>,
}

impl Components {
    const MAX_AREA: usize = MAX_ENTRY - size_of::<SymbolicLink>();
    const HEAD: usize = 2;
    /// A component head and a byte of its name: less cannot be begun.
    const LEAST: usize = Self::HEAD + 1;

    fn add(&mut self, flags: u8, component: &[u8], is_last: bool) {
        let mut rest = component;
        loop {
            let left = self.room().checked_sub(Self::HEAD + rest.len());
            if left.is_some_and(|left| is_last || left >= Self::LEAST) {
                return self.push(flags, rest);
            }
            let part = rest.len().saturating_sub(1).min(self.room().saturating_sub(Self::HEAD));
            let (here, later) = rest.split_at(part);
            if !here.is_empty() {
                self.push(component_flags::CONTINUE, here);
                self.begin(Vec::new());
            } else if !self.cut_earlier() {
                self.begin(Vec::new());
            }
            rest = later;
        }
    }

    /// Ends the last area before the last byte of a name in it; that byte and what is behind it begin the next.
    fn cut_earlier(&mut self) -> bool {
        let name = self.name.and_then(|name| self.areas.last_mut()?.get_mut(name..));
        let Some([flags, len, ..]) = name else { return false };
        *flags = component_flags::CONTINUE;
        *len -= 1;
        let end = usize::from(*len) + Self::HEAD + self.name.unwrap_or_default();
        let moved = self.areas.last_mut().map(|area| area.split_off(end)).unwrap_or_default();
        self.begin([&[0, 1], &*moved].concat());
        true
    }

    fn begin(&mut self, area: Vec<u8>) {
        self.areas.push(area);
        self.name = None;
    }

    fn room(&self) -> usize {
        self.areas.last().map_or(0, |area| Self::MAX_AREA - area.len())
    }

    fn push(&mut self, flags: u8, name: &[u8]) {
        if self.room() < Self::HEAD + name.len() {
            self.begin(Vec::new());
        }
        if let Some(area) = self.areas.last_mut() {
            if flags == 0 && name.len() > 1 {
                self.name = Some(area.len());
            }
            area.extend([flags, u8::try_from(name.len()).unwrap_or(u8::MAX)]);
            area.extend_from_slice(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(entries: &SystemUse, room: usize, cursor: u32) -> (Vec<u8>, Vec<Piece>, u32) {
        let (mut record, mut pieces, mut cursor) = (Vec::new(), Vec::new(), cursor);
        entries.place(room, Lba(100), &mut cursor, &mut record, &mut pieces);
        (record, pieces, cursor)
    }

    #[test]
    fn what_fits_stays_in_the_record() {
        let mut entries = SystemUse::default();
        entries.posix(0o100_644, 1, 0, 0, Some(1));
        entries.name("abc");
        let (record, pieces, cursor) = placed(&entries, 52, 7);
        assert_eq!((record.len(), pieces.len(), cursor), (52, 0, 7));
    }

    #[test]
    fn the_rest_continues_in_one_block() {
        let mut entries = SystemUse::default();
        entries.posix(0o100_644, 1, 0, 0, Some(1));
        entries.name(&"n".repeat(200));
        let (record, pieces, cursor) = placed(&entries, 180, 2000);
        assert_eq!(record.len(), 44 + 28);
        assert_eq!(record[44..48], [b'C', b'E', 28, 1]);
        assert_eq!(record[48], 101, "the piece would cross into the second block");
        assert_eq!((pieces[0].offset, pieces[0].bytes.len()), (2048, 205));
        assert_eq!(cursor, 2048 + 205);
    }

    #[test]
    fn long_links_chain_through_several_pieces() {
        let mut entries = SystemUse::default();
        let target = ["component"; 400].join("/");
        entries.symlink(&target);
        let (record, pieces, _) = placed(&entries, 100, 0);
        assert_eq!(record.len(), 28);
        assert!(pieces.len() > 1);
        for (piece, next) in pieces.iter().zip(&pieces[1..]) {
            assert!(piece.bytes.len() <= 2048);
            let link = &piece.bytes[piece.bytes.len() - 28..];
            assert_eq!(link[..2], *b"CE");
            assert_eq!(
                u32::from(link[20]) | u32::from(link[21]) << 8,
                u32::try_from(next.bytes.len()).unwrap()
            );
        }
    }

    #[test]
    fn components_of_a_link() {
        let mut entries = SystemUse::default();
        entries.symlink("/a/../b/./c");
        let expected = b"SL\x1a\x01\0\x08\0\0\x01a\x04\0\0\x01b\x02\0\0\x01c";
        assert_eq!(entries.bytes[5..], expected[5..]);
        let mut long = SystemUse::default();
        long.symlink(&"x".repeat(300));
        assert_eq!(long.ends.len(), 2);
        assert_eq!((long.bytes[4], long.bytes[5]), (CONTINUE, component_flags::CONTINUE));
    }

    /// What a reader makes of the SL entries that puts no `/` between entries, as libarchive, and whether each but the last
    /// ends within a name.
    fn put_together(entries: &SystemUse) -> (alloc::string::String, bool) {
        let (mut text, mut start) = (alloc::string::String::new(), 0);
        let mut within = true;
        for (i, end) in entries.ends.iter().enumerate() {
            let mut area = &entries.bytes[start + 5..*end];
            let mut separator = "";
            while let [flags, len, rest @ ..] = area {
                let (name, after) = rest.split_at(usize::from(*len));
                text.push_str(separator);
                text.push_str(match *flags {
                    component_flags::PARENT => "..",
                    component_flags::CURRENT => ".",
                    _ => core::str::from_utf8(name).unwrap(),
                });
                let continues = *flags == component_flags::CONTINUE;
                separator = if continues { "" } else { "/" };
                within &= !after.is_empty() || continues == (i + 1 < entries.ends.len());
                area = after;
            }
            start = *end;
        }
        (text, within)
    }

    #[test]
    fn entries_of_a_link_end_within_a_name() {
        for len in 1..=250 {
            let long = "z".repeat(250 - len / 2);
            for middle in [&*long, "z", "..", ".", "z/z/z", "../..", "./z/..", "ab/../c"] {
                for end in ["end", "e", "..", "."] {
                    let mut entries = SystemUse::default();
                    let target = [&*"y".repeat(len), middle, end].join("/");
                    entries.symlink(&target);
                    assert_eq!(put_together(&entries), (target, true), "{len}");
                }
            }
        }
        // Names of one byte alone cannot be cut; those that can be are.
        let mut entries = SystemUse::default();
        let target = ["ab/../c/d/e"; 200].join("/");
        entries.symlink(&target);
        assert_eq!(put_together(&entries), (target, true));
        let mut entries = SystemUse::default();
        entries.symlink(&[".."; 200].join("/"));
        assert_eq!(entries.ends.len(), 2);
    }
}
