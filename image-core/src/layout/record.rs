//! Directory records of ECMA-119, one after the other. ECMA-119 9.1.

use alloc::vec::Vec;

use zerocopy::IntoBytes as _;

use super::attribute_list::Attributes;
use super::content::Content;
use super::hierarchy::{Hierarchy, View};
use super::presence::System;
use super::system_use::{Piece, SystemUse};
use crate::address::{Lba, bytes_in};
use crate::options::RockRidgeVersion;
use crate::tree::{Kind, Special};
use crate::wire::iso9660::{DirectoryRecord, MAX_DIRECTORY_RECORD, ShortDate, file_flags};
use crate::wire::rockridge::{mode, time_flags};
use crate::wire::xa::XaAttributes;
use crate::wire::{Both16, Both32};

/// Most bytes of a file that are recorded as one extent, or as the last of several. ECMA-119 9.1.4.
pub(crate) const MAX_EXTENT: u64 = u32::MAX as u64;
/// Most bytes one extent of a file can have so that the next begins in a new block: 2^32 less one block.
const MAX_SECTION: u64 = 0xFFFF_F800;

/// Where in the making of a directory's records one stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RecordPosition {
    /// 0 is the directory itself, 1 its parent, then come the children.
    ordinal: u32,
    /// Which extent of a file that has several.
    section: u32,
    /// How far the continuation area is used, in bytes.
    continuation: u32,
}

/// One directory record with what of it lies in the continuation area.
#[derive(Debug, Default)]
pub(crate) struct Record {
    pub(crate) bytes: Vec<u8>,
    pub(crate) pieces: Vec<Piece>,
    identifier: Vec<u8>,
    system_use: SystemUse,
}

/// What a record says apart from its identifier and system use area.
struct Fields {
    item: u32,
    extent: Lba,
    len: u32,
    flags: u8,
}

impl Record {
    /// Makes the record at this position of a directory and returns the position of the next; `None` behind the last.
    pub(super) fn make(
        &mut self,
        hierarchy: &Hierarchy,
        content: &Content,
        directory: u32,
        at: RecordPosition,
    ) -> Option<RecordPosition> {
        self.bytes.clear();
        self.pieces.clear();
        self.identifier.clear();
        self.system_use.clear();
        let rock_ridge = content.options.file_systems.rock_ridge && hierarchy.view == View::Primary;
        let (mut fields, more) = match at.ordinal {
            0 | 1 => {
                let parent = hierarchy.parent_of(content, directory);
                let shown = if at.ordinal == 0 { directory } else { parent };
                self.identifier.push(u8::from(at.ordinal == 1));
                (directory_fields(hierarchy, content, shown)?, false)
            }
            ordinal => {
                let item = *hierarchy.items(directory).get(ordinal as usize - 2)?;
                self.identify(hierarchy, content, directory, item);
                if hierarchy.is_at_home(directory, item) {
                    child_fields(hierarchy, content, item, at.section)?
                } else {
                    (Fields { item, extent: Lba::default(), len: 0, flags: 0 }, false)
                }
            }
        };
        if content.details(fields.item).hidden {
            fields.flags |= file_flags::HIDDEN;
        }
        if rock_ridge {
            let is_root = at.ordinal == 0 && directory == 0;
            // Before a name that may fill the record: libarchive shows a directory where it was moved to when it finds no RE there.
            self.add_relocation(hierarchy, content, directory, at.ordinal, fields.item);
            self.add_system_use(content, fields.item, at.ordinal, is_root);
            if is_root {
                self.system_use.extension_reference(content.options.rock_ridge.version);
            }
        }
        let mut continuation = at.continuation;
        let area = hierarchy.extent_of(directory).continuation();
        let recorded = ShortDate::new(content.modified(fields.item));
        let has_xa = content.options.iso9660.xa && hierarchy.view == View::Primary;
        let xa = has_xa.then(|| xa_attributes(content.posix_mode(fields.item)));
        self.assemble(&fields, recorded, xa, area, &mut continuation);
        let (ordinal, section) =
            if more { (at.ordinal, at.section + 1) } else { (at.ordinal + 1, 0) };
        Some(RecordPosition { ordinal, section, continuation })
    }

    fn identify(&mut self, hierarchy: &Hierarchy, content: &Content, directory: u32, item: u32) {
        let is_directory =
            matches!(content.kind(item), Kind::Directory) && hierarchy.is_at_home(directory, item);
        let version = if content.has_version(hierarchy.view) && !is_directory { ";1" } else { "" };
        let name = hierarchy.name_in(content, directory, item);
        match hierarchy.view {
            View::Primary | View::Enhanced => {
                self.identifier.extend_from_slice(name.as_bytes());
                self.identifier.extend_from_slice(version.as_bytes());
            }
            View::Joliet => {
                for unit in name.encode_utf16().chain(version.encode_utf16()) {
                    self.identifier.extend_from_slice(&unit.to_be_bytes());
                }
            }
        }
    }

    fn add_system_use(&mut self, content: &Content, item: u32, ordinal: u32, is_root: bool) {
        let attributes = content.tree.attributes(content.node(item));
        let links = match content.catalog.position_of(item) {
            Some(position) => 2 + content.subdirectories(position, System::Iso9660),
            None => content.links(item, System::Iso9660),
        };
        let options = content.options.rock_ridge;
        let entries = &mut self.system_use;
        if is_root {
            entries.indicator(if content.options.iso9660.xa {
                size_of::<XaAttributes>()
            } else {
                0
            });
        }
        // The name comes first: readers that do not follow continuation areas find it in the record.
        if ordinal > 1 {
            entries.name(content.names.rock_ridge.name(item, content.original_name(item)));
        }
        let serial = content.catalog.entry_item(item) + 1;
        let (uid, gid) = (attributes.uid.unwrap_or(0), attributes.gid.unwrap_or(0));
        let serial = (options.version == RockRidgeVersion::V1_12).then_some(serial);
        entries.posix(content.posix_mode(item), links, uid, gid, serial);
        let (details, modified) = (content.file_details(item), content.modified(item));
        let known = [
            details.created.map(|time| (time_flags::CREATION, time)),
            Some((time_flags::MODIFY, modified)),
            Some((time_flags::ACCESS, details.accessed.unwrap_or(modified))),
            Some((time_flags::ATTRIBUTES, details.changed.unwrap_or(modified))),
        ];
        entries.times(known.into_iter().flatten(), options.long_times);
        match content.kind(item) {
            Kind::Symlink { target } => entries.symlink(target),
            Kind::Special(
                Special::CharacterDevice { major, minor } | Special::BlockDevice { major, minor },
            ) => entries.device(major, minor),
            _ => {}
        }
        // Of a directory, the record in its parent tells; the root has none.
        if ordinal > 1 || is_root {
            attribute_list(content, item).write(entries);
        }
    }

    /// Says where a directory is that was moved, that it is not at home there, or what its true parent is. RRIP 4.1.5.
    fn add_relocation(
        &mut self,
        hierarchy: &Hierarchy,
        content: &Content,
        directory: u32,
        ordinal: u32,
        item: u32,
    ) {
        let of = |position: u32| hierarchy.extent_of(position).start;
        if ordinal == 1
            && let Some(this) = content.catalog.directory(directory)
            && hierarchy.relocation.is_moved(this.item)
        {
            self.system_use.parent_link(of(this.parent));
        } else if ordinal > 1 && hierarchy.relocation.is_moved(item) {
            match content.catalog.position_of(item) {
                Some(position) if !hierarchy.is_at_home(directory, item) => {
                    self.system_use.child_link(of(position));
                }
                _ => self.system_use.relocated(),
            }
        }
    }

    fn assemble(
        &mut self,
        fields: &Fields,
        recorded: ShortDate,
        xa: Option<XaAttributes>,
        area: Lba,
        continuation: &mut u32,
    ) {
        let base = DirectoryRecord::base_len(self.identifier.len());
        self.bytes.resize(size_of::<DirectoryRecord>(), 0);
        self.bytes.extend_from_slice(&self.identifier);
        self.bytes.resize(base, 0);
        self.bytes.extend_from_slice(xa.as_ref().map_or(&[], |xa| xa.as_bytes()));
        let room = MAX_DIRECTORY_RECORD.saturating_sub(self.bytes.len());
        self.system_use.place(room, area, continuation, &mut self.bytes, &mut self.pieces);
        self.bytes.resize(self.bytes.len().next_multiple_of(2), 0);
        let head = DirectoryRecord {
            length: u8::try_from(self.bytes.len()).unwrap_or(u8::MAX),
            extended_attribute_length: 0,
            extent: Both32::new(fields.extent.0),
            data_length: Both32::new(fields.len),
            recorded,
            flags: fields.flags,
            file_unit_size: 0,
            interleave_gap_size: 0,
            volume_sequence_number: Both16::new(1),
            identifier_length: u8::try_from(self.identifier.len()).unwrap_or(u8::MAX),
        };
        if let Some(slot) = self.bytes.get_mut(..size_of::<DirectoryRecord>()) {
            slot.copy_from_slice(head.as_bytes());
        }
    }
}

/// What the user gave, and where the sums are: with the root, those of all. AAIP 2.0; libisofs, `doc/checksums.txt`.
pub(super) fn attribute_list(content: &Content, item: u32) -> Attributes {
    let mut list = Attributes::default();
    for (name, value) in &content.file_details(item).extended_attributes {
        list.add(name, value);
    }
    match &content.checksums {
        Some(sums) if item == 0 => list.add("isofs.ca", &sums.area()),
        Some(_) => {
            if let Some(index) = content.checksum_index(item) {
                list.add("isofs.cx", &index.to_be_bytes());
            }
        }
        None => {}
    }
    list
}

/// The attributes of CD-ROM XA that stand for a POSIX mode.
fn xa_attributes(posix: u32) -> XaAttributes {
    use crate::wire::xa::attributes::{DIRECTORY, FORM_1, OWNER_EXECUTE, OWNER_READ};
    let mut attributes = FORM_1;
    for (posix_shift, shift) in [(6, 0), (3, 4), (0, 8)] {
        let bits = posix >> posix_shift;
        attributes |= if bits & 4 != 0 { OWNER_READ << shift } else { 0 };
        attributes |= if bits & 1 != 0 { OWNER_EXECUTE << shift } else { 0 };
    }
    if posix & mode::TYPE == mode::DIRECTORY {
        attributes |= DIRECTORY;
    }
    XaAttributes {
        group: 0.into(),
        user: 0.into(),
        attributes: attributes.into(),
        signature: *b"XA",
        file_number: 0,
        reserved: [0; 5],
    }
}

fn directory_fields(hierarchy: &Hierarchy, content: &Content, position: u32) -> Option<Fields> {
    let extent = hierarchy.extent_of(position);
    Some(Fields {
        item: content.catalog.directory(position)?.item,
        extent: extent.start,
        len: u32::try_from(bytes_in(extent.blocks)).unwrap_or(u32::MAX),
        flags: file_flags::DIRECTORY,
    })
}

/// The fields of a child's record, and whether another extent of it follows.
fn child_fields(
    hierarchy: &Hierarchy,
    content: &Content,
    item: u32,
    section: u32,
) -> Option<(Fields, bool)> {
    if let Some(position) = content.catalog.position_of(item) {
        return Some((directory_fields(hierarchy, content, position)?, false));
    }
    let len = content.file(item).map_or(0, |(_, len)| len);
    let before = u64::from(section) * MAX_SECTION;
    let rest = len.saturating_sub(before);
    let more = rest > MAX_EXTENT;
    let first = content.data_of(item);
    let skipped = crate::address::blocks_for(before).unwrap_or(u32::MAX);
    let fields = Fields {
        item,
        extent: first.plus(skipped),
        len: u32::try_from(if more { MAX_SECTION } else { rest }).unwrap_or(u32::MAX),
        flags: if more { file_flags::MULTI_EXTENT } else { 0 },
    };
    Some((fields, more))
}
