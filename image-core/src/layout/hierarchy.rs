//! A directory hierarchy of ECMA-119: the primary one, or Joliet's. They differ in names and in what a record carries.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::ops::ControlFlow;

use super::catalog::number;
use super::content::Content;
use super::cursor::Cursor;
use super::path_table::PathTable;
use super::presence::System;
use super::record::{Record, RecordPosition};
use super::relocation::Relocation;
use crate::address::Lba;
use crate::names::iso9660::{self, Rules};
use crate::tree::Kind;
use crate::{BLOCK_SIZE, order};

/// Whose names a hierarchy carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// The primary volume descriptor's, with Rock Ridge where that is written.
    Primary,
    /// The enhanced volume descriptor's, at level 4.
    Enhanced,
    /// The supplementary volume descriptor's.
    Joliet,
}

/// Where a directory and its continuation area are.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DirectoryExtent {
    pub(crate) start: Lba,
    pub(crate) blocks: u32,
    /// The continuation area follows the directory at once.
    pub(crate) continuation_blocks: u32,
    /// Where the positions of its blocks begin in [`Hierarchy::positions`]; those of the continuation area follow them.
    index: u32,
}

impl DirectoryExtent {
    pub(crate) const fn continuation(&self) -> Lba {
        self.start.plus(self.blocks)
    }
}

/// Order and addresses of one hierarchy.
#[derive(Clone, Debug)]
pub(crate) struct Hierarchy {
    pub(crate) view: View,
    /// Items in record order, directory after directory.
    sorted: Vec<u32>,
    /// Where each directory's items begin in `sorted`; one more than there are directories.
    starts: Vec<u32>,
    /// Directories in path table order, as positions in the catalog. ECMA-119 6.9.1.
    pub(crate) path_order: Vec<u32>,
    /// The inverse: place in the path table, from 0.
    path_places: Vec<u32>,
    /// In path table order.
    pub(crate) extents: Vec<DirectoryExtent>,
    /// Places in the path table, by address.
    by_address: Vec<u32>,
    /// What every block of every directory and of every continuation area begins with.
    positions: Vec<RecordPosition>,
    pub(crate) path_table: PathTable,
    pub(super) relocation: Relocation,
    /// Blocks all directories and continuation areas take together.
    pub(crate) blocks: u64,
}

impl Hierarchy {
    /// Orders the items and measures the directories. Addresses come with [`Self::assign`].
    pub(crate) fn new(view: View, content: &Content) -> Self {
        let mut hierarchy = Self {
            view,
            sorted: Vec::with_capacity(content.catalog.len() as usize),
            starts: alloc::vec![0],
            path_order: Vec::new(),
            path_places: Vec::new(),
            extents: Vec::new(),
            by_address: Vec::new(),
            positions: Vec::new(),
            path_table: PathTable::default(),
            relocation: match view {
                View::Primary => Relocation::new(content),
                View::Enhanced | View::Joliet => Relocation::default(),
            },
            blocks: 0,
        };
        hierarchy.sort(content);
        hierarchy.number_directories(content);
        hierarchy.path_table = PathTable::new(&hierarchy, content);
        for place in 0..number(hierarchy.path_order.len()) {
            let extent = hierarchy.measure(content, place);
            hierarchy.blocks += u64::from(extent.blocks) + u64::from(extent.continuation_blocks);
            hierarchy.extents.push(extent);
        }
        hierarchy.by_address = (0..number(hierarchy.extents.len())).collect();
        if hierarchy.relocation.any() {
            let groups = hierarchy.address_groups(content);
            let group = |place: u32| groups.get(place as usize).copied().unwrap_or_default();
            order::sort_by_key(&mut hierarchy.by_address, group);
        }
        hierarchy
    }

    /// For each place, which directories it is recorded with: the root, what holds the relocated ones, each of these with
    /// what is below it, and the rest. libarchive finds a relocated directory only when all of it was read before the
    /// record that points to it.
    fn address_groups(&self, content: &Content) -> Vec<u32> {
        let mut groups = alloc::vec![u32::MAX; self.path_order.len()];
        for (place, position) in self.path_order.iter().enumerate() {
            let item = content.catalog.directory(*position).map_or(0, |directory| directory.item);
            let parent = self.place_of(self.parent_of(content, *position)) as usize;
            let group = match Some(item).filter(|item| self.relocation.is_moved(*item)) {
                _ if place == 0 => 0,
                _ if self.relocation.is_home(*position) => 1,
                Some(moved) => 2 + moved,
                None if parent == 0 => u32::MAX,
                None => groups.get(parent).copied().unwrap_or(u32::MAX),
            };
            if let Some(slot) = groups.get_mut(place) {
                *slot = group;
            }
        }
        groups
    }

    /// Gives the directories their addresses and returns the first.
    pub(super) fn assign(&mut self, cursor: &mut Cursor) -> Lba {
        let start = cursor.peek();
        for place in &self.by_address {
            let Some(extent) = self.extents.get_mut(*place as usize) else { continue };
            extent.start =
                cursor.take(u64::from(extent.blocks) + u64::from(extent.continuation_blocks));
        }
        start
    }

    fn sort(&mut self, content: &Content) {
        let system = match self.view {
            View::Primary | View::Enhanced => System::Iso9660,
            View::Joliet => System::Joliet,
        };
        let has_rock_ridge = content.options.file_systems.rock_ridge;
        for (position, directory) in (0..).zip(content.catalog.directories()) {
            let start = self.sorted.len();
            // Links and special files are what Rock Ridge makes them, which is recorded in the primary hierarchy alone.
            let shown = |item: &u32| {
                content.is_in(*item, system)
                    && (self.view == View::Primary || !has_rock_ridge || is_plain(content, *item))
            };
            self.sorted.extend(directory.children.clone().filter(shown));
            self.sorted.extend(self.relocation.moved_to(position));
            let (view, relocation) = (self.view, &self.relocation);
            let is_home = relocation.is_home(position);
            let name = |item: u32| {
                let moved = relocation.name_at_home(item).filter(|_| is_home);
                moved.unwrap_or_else(|| content.recorded_name(view, item))
            };
            let items = self.sorted.get_mut(start..).unwrap_or_default();
            order::sort_by(items, &mut |a, b| compare(view, content, name, a, b));
            self.starts.push(number(self.sorted.len()));
        }
    }

    /// Path table order: by level, then by the parent's number, then by identifier. ECMA-119 6.9.1.
    fn number_directories(&mut self, content: &Content) {
        self.path_order.push(0);
        let mut at = 0;
        while let Some(position) = self.path_order.get(at).copied() {
            let found: Vec<u32> = self
                .items(position)
                .iter()
                .filter(|item| self.is_at_home(position, **item))
                .filter_map(|item| content.catalog.position_of(*item))
                .collect();
            self.path_order.extend(found);
            at += 1;
        }
        self.path_places = alloc::vec![0; content.catalog.directories().len()];
        for (place, position) in self.path_order.iter().enumerate() {
            if let Some(slot) = self.path_places.get_mut(*position as usize) {
                *slot = number(place);
            }
        }
    }

    /// Whether the record of an item in this directory is the item's own, and not one that points to where it was moved.
    pub(super) fn is_at_home(&self, position: u32, item: u32) -> bool {
        self.relocation.is_home(position) || !self.relocation.is_moved(item)
    }

    /// Position of the directory that holds another in this hierarchy.
    pub(crate) fn parent_of(&self, content: &Content, position: u32) -> u32 {
        self.relocation.parent(content, position)
    }

    /// What a directory calls one of its items, without the version number.
    pub(crate) fn name_in<'c>(&'c self, content: &'c Content, position: u32, item: u32) -> &'c str {
        let moved = self.relocation.name_at_home(item);
        let moved = moved.filter(|_| self.relocation.is_home(position));
        moved.unwrap_or_else(|| content.recorded_name(self.view, item))
    }

    /// The items of a directory in record order.
    pub(crate) fn items(&self, position: u32) -> &[u32] {
        let at = |index: usize| self.starts.get(index).copied().unwrap_or_default() as usize;
        let position = position as usize;
        self.sorted.get(at(position)..at(position + 1)).unwrap_or_default()
    }

    /// The extent of a directory, given by its position in the catalog; all zero while directories are being measured.
    pub(crate) fn extent_of(&self, position: u32) -> DirectoryExtent {
        let place = self.place_of(position);
        self.extents.get(place as usize).copied().unwrap_or_default()
    }

    /// Place of a directory in the path table, from 0.
    pub(crate) fn place_of(&self, position: u32) -> u32 {
        self.path_places.get(position as usize).copied().unwrap_or_default()
    }

    /// Walks the records of a directory once to know how many blocks they and their continuation area take.
    fn measure(&mut self, content: &Content, place: u32) -> DirectoryExtent {
        let index = number(self.positions.len());
        let mut blocks: Vec<RecordPosition> = Vec::new();
        let mut continued: Vec<RecordPosition> = Vec::new();
        let mut used = BLOCK_SIZE;
        self.walk(content, place, RecordPosition::default(), |position, record| {
            if used + record.bytes.len() > BLOCK_SIZE {
                blocks.push(position);
                used = 0;
            }
            used += record.bytes.len();
            for piece in &record.pieces {
                while continued.len() <= piece.offset as usize / BLOCK_SIZE {
                    continued.push(position);
                }
            }
            ControlFlow::Continue(())
        });
        let extent = DirectoryExtent {
            start: Lba::default(),
            blocks: number(blocks.len()),
            continuation_blocks: number(continued.len()),
            index,
        };
        self.positions.append(&mut blocks);
        self.positions.append(&mut continued);
        extent
    }

    /// The directory whose extent or continuation area holds this block, by its place in the path table.
    fn place_at(&self, lba: Lba) -> Option<u32> {
        let begins = |place: &u32| {
            self.extents.get(*place as usize).is_some_and(|extent| extent.start <= lba)
        };
        let after = self.by_address.partition_point(begins);
        self.by_address.get(after.checked_sub(1)?).copied()
    }

    /// Fills one block of a directory or of a continuation area. `block` is zero before.
    pub(crate) fn render(&self, content: &Content, lba: Lba, block: &mut [u8]) {
        let Some(place) = self.place_at(lba) else { return };
        let Some(extent) = self.extents.get(place as usize) else { return };
        let offset = lba.since(extent.start);
        let Some(from) = self.positions.get((extent.index + offset) as usize) else { return };
        if offset < extent.blocks {
            self.render_records(content, place, *from, block);
        } else {
            self.render_continuation(content, place, *from, offset - extent.blocks, block);
        }
    }

    fn render_records(
        &self,
        content: &Content,
        place: u32,
        from: RecordPosition,
        block: &mut [u8],
    ) {
        let mut used = 0;
        self.walk(content, place, from, |_, record| {
            let end = used + record.bytes.len();
            let Some(slot) = block.get_mut(used..end) else { return ControlFlow::Break(()) };
            slot.copy_from_slice(&record.bytes);
            used = end;
            ControlFlow::Continue(())
        });
    }

    fn render_continuation(
        &self,
        content: &Content,
        place: u32,
        from: RecordPosition,
        ordinal: u32,
        block: &mut [u8],
    ) {
        self.walk(content, place, from, |_, record| {
            for piece in &record.pieces {
                let (at, start) =
                    (piece.offset as usize / BLOCK_SIZE, piece.offset as usize % BLOCK_SIZE);
                if at > ordinal as usize {
                    return ControlFlow::Break(());
                }
                let slot = block.get_mut(start..start + piece.bytes.len());
                if let (true, Some(slot)) = (at == ordinal as usize, slot) {
                    slot.copy_from_slice(&piece.bytes);
                }
            }
            ControlFlow::Continue(())
        });
    }

    /// Makes the records of a directory from a position on, until `each` has seen enough.
    fn walk(
        &self,
        content: &Content,
        place: u32,
        from: RecordPosition,
        mut each: impl FnMut(RecordPosition, &Record) -> ControlFlow<()>,
    ) {
        let Some(position) = self.path_order.get(place as usize).copied() else { return };
        let mut record = Record::default();
        let mut at = from;
        while let Some(next) = record.make(self, content, position, at) {
            if each(at, &record).is_break() {
                return;
            }
            at = next;
        }
    }
}

/// Whether an item is a file or a directory.
fn is_plain(content: &Content, item: u32) -> bool {
    matches!(content.kind(item), Kind::Directory | Kind::File { .. })
}

/// Record order. ECMA-119 9.3; Joliet compares UTF-16 units.
fn compare<'c>(
    view: View,
    content: &Content,
    name: impl Fn(u32) -> &'c str,
    a: u32,
    b: u32,
) -> Ordering {
    let options = &content.options.iso9660;
    let by_bytes = || name(a).cmp(name(b));
    match view {
        // A full stop sorts before every d-character, as the padding of the shorter name would.
        View::Primary if options.is_shared() || Rules::new(options).sort_by_bytes() => by_bytes(),
        View::Primary => {
            let parts = |item| {
                let is_directory = matches!(content.kind(item), Kind::Directory);
                iso9660::parts(name(item), is_directory)
            };
            iso9660::compare(parts(a), parts(b)).then_with(by_bytes)
        }
        View::Enhanced => by_bytes(),
        View::Joliet => name(a).encode_utf16().cmp(name(b).encode_utf16()),
    }
}
