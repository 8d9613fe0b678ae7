//! Gives everything its address, once, from one cursor.
//!
//! The order on the disc: volume descriptors, UDF's volume structure up to the anchor at 256, path tables and directories
//! of ISO 9660 and Joliet, directories and file entries of UDF, file data, and UDF's tail. What is measured first needs
//! no addresses, so that every address is handed out in the order of the disc.
//!
//! Where UDF's partition tells its free space, what only the others refer to stands before the partition or behind it.

mod attribute_list;
pub(crate) mod boot;
mod catalog;
mod checksum;
mod content;
mod cursor;
mod data;
mod hierarchy;
#[cfg(test)]
mod iso_tests;
pub(crate) mod limits;
mod path_table;
mod presence;
#[cfg(test)]
mod presence_tests;
mod record;
pub(crate) mod relocation;
mod system_use;
pub(crate) mod udf;
pub(crate) mod video;

use alloc::vec::Vec;

use boot::BootLayout;
pub(crate) use catalog::Catalog;
use catalog::number;
pub(crate) use checksum::{ChecksumLayout, MD5_LEN};
pub(crate) use content::Content;
use cursor::Cursor;
pub(crate) use hierarchy::{Hierarchy, View};
pub(crate) use path_table::ByteOrder;
pub(crate) use presence::System;
pub(crate) use record::MAX_EXTENT;
use udf::{Form, Placer, StreamExtent, UdfLayout, UdfRegion};
pub(crate) use video::VideoOrder;

use crate::address::{Lba, blocks_for};
use crate::options::IsoLevel;
use crate::plan::PlanError;
use crate::session::RECORDED_SOURCE;
use crate::wire::iso9660::VOLUME_DESCRIPTORS_START;

/// What a run of metadata blocks holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Region {
    /// What belongs to no file system: code and partition tables.
    SystemArea,
    /// Boot record volume descriptor.
    BootRecord,
    /// Boot catalog.
    BootCatalog,
    /// A boot image that is patched, or is no file; its number.
    BootImage(u32),
    /// Backup of a GUID partition table.
    BackupTable,
    /// Volume descriptor of a hierarchy.
    VolumeDescriptor(View),
    /// Volume descriptor set terminator.
    Terminator,
    /// Path table of a hierarchy.
    PathTable(View, ByteOrder),
    /// Directories and continuation areas of a hierarchy.
    Directories(View),
    /// A structure of UDF.
    Udf(UdfRegion),
    /// Bytes of a file that are known and come from nowhere else; its item.
    File(u32),
    /// The same of a named stream.
    Stream(StreamExtent),
    /// Sums, which whoever writes the image makes: zero until then.
    Checksums,
}

/// Where a file stands, to UDF's partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// Wherever it comes: nobody asks.
    Any,
    /// In it.
    Within,
    /// Not in it.
    Outside,
}

impl Side {
    /// Whether bytes of this item, or of none, are on this side.
    fn has(self, content: &Content, item: Option<u32>) -> bool {
        match self {
            Self::Any => true,
            Self::Within => content.is_named_in_udf(item),
            Self::Outside => !content.is_named_in_udf(item),
        }
    }
}

/// A run of metadata blocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed {
    pub(crate) region: Region,
    pub(crate) start: Lba,
    pub(crate) blocks: u32,
}

impl Placed {
    /// Whether [`crate::Plan::render`] does not know these blocks.
    pub(crate) fn is_checksums(&self) -> bool {
        self.region == Region::Checksums
    }
}

/// Every address of an image.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) primary: Option<Hierarchy>,
    /// The hierarchy of ISO 9660:1999 where it is not the primary one.
    pub(crate) enhanced: Option<Hierarchy>,
    pub(crate) joliet: Option<Hierarchy>,
    pub(crate) udf: Option<UdfLayout>,
    pub(crate) boot: BootLayout,
    /// Metadata by address; what lies between, file data aside, is zero.
    pub(crate) regions: Vec<Placed>,
    /// The block behind the last one of the image.
    pub(crate) blocks: u32,
}

impl Layout {
    /// Measures and places everything; fills in the data addresses of `content`.
    pub(crate) fn new(content: &mut Content) -> Result<Self, PlanError> {
        let systems = content.options.file_systems;
        limits::check_files(content)?;
        limits::check_session(content)?;
        if systems.udf {
            Form::new(&content.options).check()?;
        }
        content.data = alloc::vec![Lba::default(); content.catalog.len() as usize];
        data::place_recorded(content);
        let boot = BootLayout::new(content)?;
        let iso9660 = &content.options.iso9660;
        let has_enhanced = systems.iso9660 && iso9660.level == IsoLevel::Four;
        let hierarchy = |wanted: bool, view| wanted.then(|| Hierarchy::new(view, content));
        let mut layout = Self {
            primary: hierarchy(systems.iso9660, View::Primary),
            enhanced: hierarchy(has_enhanced && !iso9660.is_shared(), View::Enhanced),
            joliet: hierarchy(systems.joliet, View::Joliet),
            udf: if systems.udf { Some(UdfLayout::new(content)?) } else { None },
            boot,
            regions: Vec::new(),
            blocks: 0,
        };
        limits::check_directories(&layout, content)?;
        let start = content.options.start();
        let mut cursor = Cursor::new(start);
        let mut sums = content.checksums;
        layout.place_head(content, &mut cursor, sums.as_mut());
        layout.place_hierarchies(&mut cursor);
        layout.place_tree_tag(&mut cursor, sums.as_mut());
        content.video = VideoOrder::new(content)?;
        let apart = layout.udf.as_ref().is_some_and(UdfLayout::stands_apart);
        let side = if apart { Side::Within } else { Side::Any };
        if apart {
            layout.place_files(content, &mut cursor, Side::Outside);
            layout.begin_partition(content, &mut cursor);
        }
        if let Some(udf) = &mut layout.udf {
            udf.assign_files(&mut Placer { cursor: &mut cursor, regions: &mut layout.regions });
        }
        layout.place_files(content, &mut cursor, side);
        udf::place_streams(content, &mut cursor, &mut layout.regions);
        layout.regions.extend(layout.boot.assign_appended(content, &mut cursor, side));
        if apart {
            layout.end_partition(content, &mut cursor);
            let outside = layout.boot.assign_appended(content, &mut cursor, Side::Outside);
            layout.regions.extend(outside);
        }
        data::place_links(content);
        layout.place_sums(content, &mut cursor, sums.as_mut());
        content.checksums = sums;
        if !apart {
            layout.end_partition(content, &mut cursor);
        }
        layout.place_tail(content, &mut cursor);
        if let Some(udf) = &mut layout.udf {
            udf.find_free(&layout.regions, content);
        }
        layout.blocks =
            cursor.end().ok_or_else(|| limits::too_many_blocks(content, cursor.blocks()))?;
        match content.options.layout.max_blocks {
            Some(max_blocks) if layout.blocks > max_blocks => {
                Err(PlanError::OverBudget { blocks: layout.blocks, max_blocks })
            }
            _ => Ok(layout),
        }
    }

    pub(crate) fn hierarchy(&self, view: View) -> Option<&Hierarchy> {
        match view {
            View::Primary => self.primary.as_ref(),
            View::Enhanced => self.enhanced.as_ref(),
            View::Joliet => self.joliet.as_ref(),
        }
    }

    /// Blocks of all that announces a file system: the volume descriptors, and behind them the recognition sequence of UDF.
    pub(crate) fn announcing_blocks(&self) -> u32 {
        let of_set = |placed: &&Placed| {
            matches!(
                placed.region,
                Region::VolumeDescriptor(_)
                    | Region::BootRecord
                    | Region::Terminator
                    | Region::Udf(UdfRegion::Recognition)
            )
        };
        self.regions.iter().filter(of_set).map(|placed| placed.blocks).sum()
    }

    fn push(&mut self, region: Region, start: Lba, blocks: u32) {
        if blocks > 0 {
            self.regions.push(Placed { region, start, blocks });
        }
    }

    fn place_head(
        &mut self,
        content: &Content,
        cursor: &mut Cursor,
        mut sums: Option<&mut ChecksumLayout>,
    ) {
        let options = &content.options;
        self.push(Region::SystemArea, cursor.peek(), self.boot.system_area_blocks());
        cursor.skip_to(options.start().plus(VOLUME_DESCRIPTORS_START));
        for view in [View::Primary, View::Joliet, View::Enhanced] {
            let shared = view == View::Enhanced && options.iso9660.is_shared();
            if self.hierarchy(view).is_some() || shared && self.primary.is_some() {
                self.push(Region::VolumeDescriptor(view), cursor.take(1), 1);
            }
            // The second descriptor. El Torito 1.0, 2.0.
            if view == View::Primary && (self.boot.has_record() || options.keeps_boot_catalog()) {
                self.push(Region::BootRecord, cursor.take(1), 1);
            }
        }
        if self.primary.is_some() {
            self.push(Region::Terminator, cursor.take(1), 1);
        }
        if let Some(udf) = &mut self.udf {
            udf.assign_recognition(&mut Placer { cursor, regions: &mut self.regions });
        }
        // The block behind the recognition sequence is zero. UDF 2.01 2.1.7.
        if sums.is_some() && self.udf.is_some() {
            cursor.take(1);
        }
        // Readers look for it in the blocks up to 32.
        if let Some(sums) = &mut sums
            && let Some(tag) = sums.take_tag(cursor)
        {
            sums.superblock = tag;
            self.push(Region::Checksums, tag, 1);
        }
        if let Some(udf) = &mut self.udf {
            let to = &mut Placer { cursor, regions: &mut self.regions };
            udf.assign_head(to, options.start());
            if !udf.stands_apart() {
                udf.begin_partition(to, content);
            }
        }
    }

    fn begin_partition(&mut self, content: &Content, cursor: &mut Cursor) {
        if let Some(udf) = &mut self.udf {
            udf.begin_partition(&mut Placer { cursor, regions: &mut self.regions }, content);
        }
    }

    fn end_partition(&mut self, content: &Content, cursor: &mut Cursor) {
        let multiple = self.boot.length_multiple(content.options.layout.length_multiple);
        if let Some(udf) = &mut self.udf {
            udf.end_partition(&mut Placer { cursor, regions: &mut self.regions }, multiple);
        }
    }

    /// Boot catalog, boot images and files of one side.
    fn place_files(&mut self, content: &mut Content, cursor: &mut Cursor, side: Side) {
        self.regions.extend(self.boot.assign_first(content, cursor, side));
        let before = content.files.len();
        data::place(content, data::of_side(content, side), cursor);
        for item in content.files.iter().skip(before).copied() {
            if let Some((RECORDED_SOURCE, len)) = content.file(item) {
                let blocks = blocks_for(len).unwrap_or(u32::MAX);
                self.push(Region::File(item), content.data_of(item), blocks);
            }
        }
    }

    fn place_hierarchies(&mut self, cursor: &mut Cursor) {
        let mut placed = Vec::new();
        for hierarchy in
            [&mut self.primary, &mut self.enhanced, &mut self.joliet].into_iter().flatten()
        {
            let view = hierarchy.view;
            let blocks = hierarchy.path_table.blocks();
            hierarchy.path_table.l = cursor.take(blocks.into());
            hierarchy.path_table.m = cursor.take(blocks.into());
            let table = &hierarchy.path_table;
            placed.push((Region::PathTable(view, ByteOrder::Little), table.l, blocks));
            placed.push((Region::PathTable(view, ByteOrder::Big), table.m, blocks));
            let start = hierarchy.assign(cursor);
            placed.push((Region::Directories(view), start, cursor.peek().since(start)));
        }
        for (region, start, blocks) in placed {
            self.push(region, start, blocks);
        }
    }

    fn place_tree_tag(&mut self, cursor: &mut Cursor, sums: Option<&mut ChecksumLayout>) {
        let Some(sums) = sums else { return };
        if let Some(tag) = sums.take_tag(cursor) {
            sums.tree = tag;
            self.push(Region::Checksums, tag, 1);
        }
    }

    /// The array of sums, and the tag of all that is before it.
    fn place_sums(
        &mut self,
        content: &Content,
        cursor: &mut Cursor,
        sums: Option<&mut ChecksumLayout>,
    ) {
        let Some(sums) = sums else { return };
        sums.files = number(content.files.len()).saturating_add(1);
        sums.array = cursor.take(sums.array_blocks().into());
        self.push(Region::Checksums, sums.array, sums.array_blocks());
        if let Some(tag) = sums.take_tag(cursor) {
            sums.session = tag;
            self.push(Region::Checksums, tag, 1);
        }
    }

    fn place_tail(&mut self, content: &Content, cursor: &mut Cursor) {
        let multiple = self.boot.length_multiple(content.options.layout.length_multiple);
        if let Some(udf) = &mut self.udf {
            let to = &mut Placer { cursor, regions: &mut self.regions };
            let entries = udf.assign_tail(to, multiple, self.boot.backup_entry_blocks());
            self.boot.share_last_block(entries);
        } else {
            let backup = self.boot.backup_blocks();
            cursor.take(content.options.layout.padding_blocks.into());
            cursor.align_end(backup.into(), multiple);
            self.push(Region::BackupTable, cursor.take(backup.into()), backup);
        }
    }
}
