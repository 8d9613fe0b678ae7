//! Rock Ridge: POSIX names and attributes in the system use areas of directory records. SUSP 1.12, RRIP 1.10 and 1.12.

use alloc::string::String;
use alloc::vec::Vec;

use zerocopy::FromBytes as _;

use super::blocks::Blocks;
use super::entry::{Encoding, Entry, EntryKind, Extent, Place, text};
use super::iso9660::{Hierarchy, Record};
use super::{BlockSource, ReadError};
use crate::address::Lba;
use crate::time::DiscTime;
use crate::tree::Special;
use crate::wire::iso9660::{LongDate, ShortDate};
use crate::wire::rockridge::{
    AlternateName, AttributeList, CONTINUE, Continuation, DeviceNumber, DirectoryLink, EntryHead,
    ExtensionReference, Indicator, PX_LEN_1_10, PosixAttributes, SymbolicLink, TimeStamps,
    component_flags, mode, namespace, time_flags,
};

/// Identifiers of the extension in ER entries: RRIP 1.10 and the two spellings of 1.12.
const IDENTIFIERS: [&[u8]; 3] = [b"RRIP_1991A", b"IEEE_P1282", b"IEEE_1282"];
/// Most continuation areas of one record. A target of 4 KiB takes three.
const MAX_CONTINUATIONS: usize = 64;
/// Longest continuation area.
const MAX_CONTINUATION: u32 = 1 << 15;
/// Longest name that is put together; POSIX systems take 255 bytes.
const MAX_NAME: usize = 1 << 10;
/// Longest link target that is put together; Linux takes 4095 bytes.
const MAX_TARGET: usize = 1 << 16;
/// Most bytes of attributes that are put together: what the continuation areas of one record hold when all are full blocks.
const MAX_ATTRIBUTES: usize = MAX_CONTINUATIONS * crate::BLOCK_SIZE;
/// A system use area begins here where CD-ROM XA uses the first 14 bytes.
const XA_LEN: u8 = 14;
/// NM flags: the name is `.` or `..`, and not recorded. RRIP 4.1.4.
const NAME_IS_DOT: u8 = 0x02 | 0x04;

/// Whether a hierarchy has Rock Ridge, and how many bytes of each system use area are someone else's.
pub(super) fn detect<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    hierarchy: &Hierarchy,
) -> Result<Option<u8>, ReadError> {
    let lba = hierarchy.root.id;
    let block = *blocks.block(lba)?;
    let Some((dot, _)) = Record::parse(&block, 0, lba)? else { return Ok(None) };
    let indicator = [0, XA_LEN].into_iter().find_map(|start| {
        let bytes = dot.system_use.get(start.into()..)?;
        let (indicator, _) = Indicator::read_from_prefix(bytes).ok()?;
        let is_indicator = indicator.head.signature == *b"SP" && indicator.check == [0xBE, 0xEF];
        is_indicator.then_some((start, indicator.skip))
    });
    let Some((start, skip)) = indicator else { return Ok(None) };
    // The indicator itself is not behind the bytes it says to skip. SUSP 5.3.
    let system_use = SystemUse::read(blocks, dot.system_use, start, lba)?;
    Ok((system_use.extension || system_use.posix.is_some()).then_some(skip))
}

/// What the system use entries of a record say.
#[derive(Clone, Debug, Default)]
pub(super) struct SystemUse {
    pub(super) name: Option<String>,
    /// The directory is shown where a CL entry points to it from. RRIP 4.1.5.3.
    pub(super) relocated: bool,
    target: Option<String>,
    /// Whole names and values. AAIP 2.0.
    attributes: Vec<(String, Vec<u8>)>,
    posix: Option<Posix>,
    /// Major and minor number. RRIP 4.1.2.
    device: Option<(u32, u32)>,
    times: Times,
    /// Where the directory is whose place this record holds. RRIP 4.1.5.1.
    child: Option<u32>,
    /// The content is not recorded as it is.
    encoding: Option<Encoding>,
    /// An extension reference names Rock Ridge.
    extension: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Posix {
    mode: u32,
    links: u32,
    uid: u32,
    gid: u32,
    /// The same for all names of one file. RRIP 1.10 has none, and who has no such number records 0.
    serial: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Times {
    created: Option<DiscTime>,
    modified: Option<DiscTime>,
    accessed: Option<DiscTime>,
    changed: Option<DiscTime>,
}

/// Names and targets while they are put together from several entries.
#[derive(Debug, Default)]
struct Pieces {
    name: Vec<u8>,
    target: Vec<u8>,
    /// The last component of the target is to be continued.
    open_component: bool,
    has_target: bool,
    /// The component records of attributes. One may begin in an entry and end in the next.
    attributes: Vec<u8>,
}

impl SystemUse {
    /// Reads the entries of a system use area and of those that continue it.
    pub(super) fn read<S: BlockSource + ?Sized>(
        blocks: &mut Blocks<'_, S>,
        area: &[u8],
        skip: u8,
        lba: u32,
    ) -> Result<Self, ReadError> {
        let mut found = Self::default();
        let mut pieces = Pieces::default();
        let area = area.get(skip.into()..).unwrap_or(&[]);
        let mut next = found.entries(area, lba, &mut pieces)?;
        let mut seen = Vec::new();
        while let Some(at) = next {
            let (block, offset) = (at.block.get(), at.offset.get());
            if seen.contains(&(block, offset)) || seen.len() >= MAX_CONTINUATIONS {
                return Err(ReadError::malformed(lba, 0, "continuation areas that end"));
            }
            seen.push((block, offset));
            let area = continuation(blocks, &at)?;
            next = found.entries(&area, block, &mut pieces)?;
        }
        found.name = (!pieces.name.is_empty()).then(|| text(&pieces.name));
        found.target = pieces.has_target.then(|| text(&pieces.target));
        found.attributes = attributes(&pieces.attributes);
        Ok(found)
    }

    /// Takes in the entries of one area; returns where they continue.
    fn entries(
        &mut self,
        area: &[u8],
        lba: u32,
        pieces: &mut Pieces,
    ) -> Result<Option<Continuation>, ReadError> {
        let mut rest = area;
        let mut next = None;
        // What is left when no entry fits is padding.
        while let Ok((head, _)) = EntryHead::read_from_prefix(rest) {
            let Some(entry) = rest.get(..head.length.into()).filter(|entry| entry.len() >= 4)
            else {
                // Zeros end the list, though SUSP 4 asks for ST; anything else is damage.
                let ended = head.length == 0;
                return if ended {
                    Ok(next)
                } else {
                    Err(ReadError::malformed(lba, 0, "a system use entry"))
                };
            };
            match &head.signature {
                b"ST" => return Ok(next),
                b"CE" => next = Continuation::read_from_prefix(entry).ok().map(|(next, _)| next),
                _ => self.entry(head, entry, pieces),
            }
            if pieces.are_endless() {
                return Err(ReadError::malformed(lba, 0, "a name that is not endless"));
            }
            rest = rest.get(entry.len()..).unwrap_or(&[]);
        }
        Ok(next)
    }

    /// Takes in one entry. Those that are unknown or too short to be what they seem are passed over, as SUSP 4 asks.
    fn entry(&mut self, head: EntryHead, entry: &[u8], pieces: &mut Pieces) {
        match &head.signature {
            b"NM" => pieces.add_name(entry),
            b"SL" => pieces.add_link(entry),
            b"AL" => pieces.add_attributes(entry),
            b"PX" => self.posix = posix(entry).or(self.posix),
            b"PN" => self.device = device(entry).or(self.device),
            b"TF" => self.times.add(entry),
            b"CL" => {
                self.child =
                    DirectoryLink::read_from_prefix(entry).ok().map(|(to, _)| to.block.get());
            }
            b"RE" => self.relocated = true,
            b"ZF" => self.encoding = Some(Encoding::Zisofs),
            b"SF" => self.encoding = Some(Encoding::Sparse),
            b"ER" => self.extension |= names_rock_ridge(entry),
            _ => {}
        }
    }
}

/// The bytes of a continuation area.
fn continuation<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    at: &Continuation,
) -> Result<Vec<u8>, ReadError> {
    let (lba, len) = (at.block.get(), at.length.get());
    let skip =
        u16::try_from(at.offset.get()).ok().filter(|skip| usize::from(*skip) < crate::BLOCK_SIZE);
    let (Some(skip), true) = (skip, len <= MAX_CONTINUATION) else {
        return Err(ReadError::malformed(lba, 0, "a continuation area within a block"));
    };
    let place = Place::Recorded { lba: Lba(lba), skip };
    let mut area = alloc::vec![0; len as usize];
    blocks.read_at(&[Extent { place, bytes: len.into() }], 0, &mut area)?;
    Ok(area)
}

impl Pieces {
    fn add_name(&mut self, entry: &[u8]) {
        let Ok((name, part)) = AlternateName::read_from_prefix(entry) else { return };
        if name.flags & NAME_IS_DOT == 0 {
            self.name.extend_from_slice(part);
        }
    }

    /// Names and values of any length are no use to anyone.
    const fn are_endless(&self) -> bool {
        self.name.len() > MAX_NAME
            || self.target.len() > MAX_TARGET
            || self.attributes.len() > MAX_ATTRIBUTES
    }

    /// A part of an attribute list. AAIP 2.0.
    fn add_attributes(&mut self, entry: &[u8]) {
        let Ok((_, records)) = AttributeList::read_from_prefix(entry) else { return };
        self.attributes.extend_from_slice(records);
    }

    /// Component records of a symbolic link. RRIP 4.1.3.1.
    fn add_link(&mut self, entry: &[u8]) {
        let Ok((_, mut rest)) = SymbolicLink::read_from_prefix(entry) else { return };
        self.has_target = true;
        while let [flags, len, after @ ..] = rest {
            let (content, after) = after.split_at_checked((*len).into()).unwrap_or((after, &[]));
            if !self.open_component && !self.target.is_empty() && self.target != b"/" {
                self.target.push(b'/');
            }
            match *flags
                & (component_flags::CURRENT | component_flags::PARENT | component_flags::ROOT)
            {
                component_flags::ROOT if self.target.is_empty() => self.target.push(b'/'),
                // What stands between two slashes, as many programs record it.
                component_flags::ROOT => {}
                component_flags::PARENT => self.target.extend_from_slice(b".."),
                component_flags::CURRENT => self.target.push(b'.'),
                _ => self.target.extend_from_slice(content),
            }
            self.open_component = flags & CONTINUE != 0;
            rest = after;
        }
    }
}

/// Names and values of an attribute list, which its component records hold in turn. AAIP 2.0.
fn attributes(records: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<Vec<u8>> = Vec::new();
    let (mut rest, mut is_open) = (records, false);
    while let [flags, len, after @ ..] = rest {
        let (content, after) = after.split_at_checked((*len).into()).unwrap_or((after, &[]));
        match found.last_mut().filter(|_| is_open) {
            Some(open) => open.extend_from_slice(content),
            None => found.push(content.to_vec()),
        }
        is_open = flags & component_flags::CONTINUE != 0;
        rest = after;
    }
    let (pairs, _) = found.as_chunks_mut();
    pairs.iter_mut().map(attribute).collect()
}

/// The whole name, and the value.
fn attribute([name, value]: &mut [Vec<u8>; 2]) -> (String, Vec<u8>) {
    let (namespace, rest) = namespace::whole(name);
    ([namespace, &text(rest)].concat(), core::mem::take(value))
}

fn posix(entry: &[u8]) -> Option<Posix> {
    // RRIP 1.10 has no serial number behind the other fields.
    if entry.len() < PX_LEN_1_10 {
        return None;
    }
    let mut bytes = entry.to_vec();
    bytes.resize(size_of::<PosixAttributes>(), 0);
    let found = PosixAttributes::read_from_bytes(&bytes).ok()?;
    Some(Posix {
        mode: found.mode.get(),
        links: found.links.get(),
        uid: found.uid.get(),
        gid: found.gid.get(),
        serial: Some(found.serial.get()).filter(|serial| *serial > 0),
    })
}

fn device(entry: &[u8]) -> Option<(u32, u32)> {
    let (number, _) = DeviceNumber::read_from_prefix(entry).ok()?;
    Some(DeviceNumber::parts(number.high.get(), number.low.get()))
}

impl Times {
    /// Takes in stamps, which stand in the order of their flags. RRIP 4.1.6.
    fn add(&mut self, entry: &[u8]) {
        let Ok((head, mut rest)) = TimeStamps::read_from_prefix(entry) else { return };
        for (flag, time) in [
            (time_flags::CREATION, &mut self.created),
            (time_flags::MODIFY, &mut self.modified),
            (time_flags::ACCESS, &mut self.accessed),
            (time_flags::ATTRIBUTES, &mut self.changed),
        ] {
            if head.flags & flag == 0 {
                continue;
            }
            let stamp = if head.flags & time_flags::LONG_FORM == 0 {
                ShortDate::read_from_prefix(rest).map(|(stamp, rest)| (stamp.parse(), rest)).ok()
            } else {
                LongDate::read_from_prefix(rest).map(|(stamp, rest)| (stamp.parse(), rest)).ok()
            };
            let Some((stamp, after)) = stamp else { return };
            *time = stamp.or(*time);
            rest = after;
        }
    }
}

/// A special file of this type. A device without a number is none.
fn special(kind: u32, device: Option<(u32, u32)>) -> Option<Special> {
    match (kind, device) {
        (mode::FIFO, _) => Some(Special::Fifo),
        (mode::SOCKET, _) => Some(Special::Socket),
        (mode::CHARACTER_DEVICE, Some((major, minor))) => {
            Some(Special::CharacterDevice { major, minor })
        }
        (mode::BLOCK_DEVICE, Some((major, minor))) => Some(Special::BlockDevice { major, minor }),
        _ => None,
    }
}

fn names_rock_ridge(entry: &[u8]) -> bool {
    let Ok((reference, rest)) = ExtensionReference::read_from_prefix(entry) else { return false };
    let identifier = rest.get(..reference.identifier_length.into());
    identifier.is_some_and(|identifier| IDENTIFIERS.contains(&identifier))
}

/// Makes an entry of ISO 9660 what Rock Ridge says it is.
pub(super) fn apply<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    system_use: &SystemUse,
    entry: &mut Entry,
) -> Result<(), ReadError> {
    if let Some(posix) = system_use.posix {
        entry.mode = Some(posix.mode & mode::PERMISSIONS);
        (entry.uid, entry.gid) = (Some(posix.uid), Some(posix.gid));
        (entry.links, entry.inode) = (Some(posix.links), posix.serial.map(u64::from));
        let is_directory = entry.kind == EntryKind::Directory;
        match posix.mode & mode::TYPE {
            mode::SYMLINK if !is_directory => entry.kind = EntryKind::Symlink,
            mode::REGULAR | mode::DIRECTORY | 0 => {}
            kind if !is_directory => {
                entry.kind = EntryKind::Special;
                entry.special = special(kind, system_use.device);
            }
            _ => {}
        }
    }
    if system_use.target.is_some() && entry.kind == EntryKind::File {
        entry.kind = EntryKind::Symlink;
    }
    if entry.kind == EntryKind::Symlink {
        entry.target = Some(system_use.target.clone().unwrap_or_default());
        (entry.len, entry.extents) = (0, Vec::new());
    }
    entry.encoding = system_use.encoding.filter(|_| entry.kind == EntryKind::File);
    let times = system_use.times;
    entry.modified = times.modified.or(entry.modified);
    (entry.created, entry.accessed, entry.changed) = (times.created, times.accessed, times.changed);
    entry.attributes.clone_from(&system_use.attributes);
    if let Some(lba) = system_use.child {
        place(blocks, lba, entry)?;
    }
    Ok(())
}

/// Puts the relocated directory at `lba` in the place of `entry`. RRIP 4.1.5.
fn place<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    lba: u32,
    entry: &mut Entry,
) -> Result<(), ReadError> {
    let Some((dot, _)) = Record::parse(blocks.block(lba)?, 0, lba)? else {
        return Err(ReadError::malformed(lba, 0, "a relocated directory"));
    };
    let len = u64::from(dot.fixed.data_length.get());
    entry.kind = EntryKind::Directory;
    (entry.id, entry.len) = (lba, len);
    entry.extents = alloc::vec![Extent::recorded(lba, len)];
    Ok(())
}

#[cfg(test)]
mod tests;
