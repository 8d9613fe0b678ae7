//! A small reader of ECMA-119 of its own: what `image-core` writes must not be judged by what `image-core` reads.

use crate::disc::Disc;

pub(crate) fn le16(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

pub(crate) fn le32(bytes: &[u8], at: usize) -> u32 {
    u32::from(le16(bytes, at)) | u32::from(le16(bytes, at + 2)) << 16
}

fn be16(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

fn be32(bytes: &[u8], at: usize) -> u32 {
    u32::from(be16(bytes, at)) << 16 | u32::from(be16(bytes, at + 2))
}

/// A number recorded in both byte orders, which must agree.
pub(crate) fn both16(bytes: &[u8], at: usize) -> u16 {
    assert_eq!(le16(bytes, at), be16(bytes, at + 2), "both orders at {at}");
    le16(bytes, at)
}

pub(crate) fn both32(bytes: &[u8], at: usize) -> u32 {
    assert_eq!(le32(bytes, at), be32(bytes, at + 4), "both orders at {at}");
    le32(bytes, at)
}

/// The volume descriptors up to and with the terminator.
pub(crate) fn descriptors(disc: &Disc) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for lba in 16..disc.blocks() {
        let block = disc.block(lba);
        let kind = block[0];
        found.push(block);
        if kind == 255 {
            return found;
        }
    }
    panic!("no terminator");
}

pub(crate) fn primary(disc: &Disc) -> Vec<u8> {
    descriptors(disc).remove(0)
}

/// The descriptor of Joliet.
pub(crate) fn supplementary(disc: &Disc) -> Vec<u8> {
    let found = descriptors(disc).into_iter().find(|block| block[0] == 2 && block[6] == 1);
    found.expect("a supplementary descriptor")
}

/// A directory record.
#[derive(Clone)]
pub(crate) struct Record(pub(crate) Vec<u8>);

impl Record {
    pub(crate) fn extent(&self) -> u32 {
        both32(&self.0, 2)
    }

    pub(crate) fn len(&self) -> u32 {
        both32(&self.0, 10)
    }

    pub(crate) fn date(&self) -> &[u8] {
        &self.0[18..25]
    }

    pub(crate) fn flags(&self) -> u8 {
        self.0[25]
    }

    pub(crate) fn is_directory(&self) -> bool {
        self.flags() & 2 != 0
    }

    /// Whether it is for the directory itself or its parent.
    pub(crate) fn is_dots(&self) -> bool {
        matches!(self.id(), [0] | [1])
    }

    pub(crate) fn id(&self) -> &[u8] {
        &self.0[33..33 + usize::from(self.0[32])]
    }

    /// Where the system use field begins.
    pub(crate) fn system_use_at(&self) -> usize {
        let id = usize::from(self.0[32]);
        33 + id + usize::from(id.is_multiple_of(2))
    }
}

/// The records of a directory, each with its offset.
pub(crate) fn records(disc: &Disc, extent: u32, len: u32) -> Vec<(usize, Record)> {
    let bytes = disc.bytes(extent, len);
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let length = usize::from(bytes[at]);
        if length == 0 {
            at = (at + 1).next_multiple_of(2048);
            continue;
        }
        found.push((at, Record(bytes[at..at + length].to_vec())));
        at += length;
    }
    found
}

/// A directory with its records.
pub(crate) struct Directory {
    pub(crate) extent: u32,
    pub(crate) len: u32,
    /// Identifiers from the root on; none for the root.
    pub(crate) path: Vec<Vec<u8>>,
    /// Its place in the list.
    pub(crate) parent: usize,
    pub(crate) records: Vec<(usize, Record)>,
}

impl Directory {
    /// The records of what is in it.
    pub(crate) fn children(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().map(|(_, record)| record).filter(|record| !record.is_dots())
    }
}

/// All directories below the root record of a descriptor, parents first.
pub(crate) fn directories(disc: &Disc, descriptor: &[u8]) -> Vec<Directory> {
    let root = Record(descriptor[156..190].to_vec());
    let mut found = vec![directory(disc, &root, Vec::new(), 0)];
    let mut next = 0;
    while next < found.len() {
        let below: Vec<Record> =
            found[next].children().filter(|record| record.is_directory()).cloned().collect();
        for record in below {
            let path = [found[next].path.as_slice(), &[record.id().to_vec()]].concat();
            found.push(directory(disc, &record, path, next));
        }
        next += 1;
    }
    found
}

fn directory(disc: &Disc, record: &Record, path: Vec<Vec<u8>>, parent: usize) -> Directory {
    let (extent, len) = (record.extent(), record.len());
    Directory { extent, len, path, parent, records: records(disc, extent, len) }
}

/// A path table record: where the directory is, the number of its parent, its identifier.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) extent: u32,
    pub(crate) parent: u16,
    pub(crate) id: Vec<u8>,
}

/// The path table of a descriptor, of type M or L.
pub(crate) fn path_table(disc: &Disc, descriptor: &[u8], big: bool) -> Vec<Row> {
    let size = both32(descriptor, 132);
    let at = if big { be32(descriptor, 148) } else { le32(descriptor, 140) };
    let mut rest = disc.bytes(at, size).as_slice().to_vec();
    let mut rows = Vec::new();
    while !rest.is_empty() {
        let len = usize::from(rest[0]);
        assert_eq!(rest[1], 0, "no directory has an extended attribute record");
        let (extent, parent) =
            if big { (be32(&rest, 2), be16(&rest, 6)) } else { (le32(&rest, 2), le16(&rest, 6)) };
        rows.push(Row { extent, parent, id: rest[8..8 + len].to_vec() });
        let end = 8 + len + len % 2;
        assert!(rest[8 + len..end].iter().all(|byte| *byte == 0), "padding");
        rest.drain(..end);
    }
    rows
}
