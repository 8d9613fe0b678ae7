//! What no file system of the image could hold: refused with the path and the clause.

use super::attribute_list::MAX_ENTRIES;
use super::record::{MAX_EXTENT, attribute_list};
use super::{Content, Hierarchy, Layout, System, udf};
use crate::BLOCK_SIZE;
use crate::address::{Lba, blocks_for};
use crate::options::{IsoLevel, UdfPartition};
use crate::plan::PlanError;
use crate::time::DiscTime;
use crate::tree::{Details, Kind};

/// What a session of its own does not go with.
const NOT_CONTINUED: &str = "a UDF partition that is written in place";
/// Blocks of a directory whose length 32 bits do not record. ECMA-119 9.1.4.
const TOO_LARGE: u32 = 1 << 21;

/// Refuses times that are none: what would be recorded of a month 13 is up to the reader.
pub(crate) fn check_times(content: &Content) -> Result<(), PlanError> {
    let dates = &content.options.dates;
    let of_volume = [
        ("creation", Some(content.options.created)),
        ("creation", dates.creation),
        ("modification", dates.modification),
        ("expiration", dates.expiration),
        ("effective", dates.effective),
    ];
    let is_none = |time: Option<DiscTime>| time.is_some_and(|time| time.validated().is_none());
    if let Some((field, _)) = of_volume.into_iter().find(|(_, time)| is_none(*time)) {
        return Err(PlanError::InvalidVolumeTime { field });
    }
    let of_entry = |item: &u32| {
        let details = content.file_details(*item);
        let modified = content.tree.attributes(content.node(*item)).modified;
        [modified, details.accessed, details.created, details.changed].into_iter().any(is_none)
    };
    match (0..content.catalog.len()).find(of_entry) {
        Some(item) => Err(PlanError::InvalidTime { path: content.path(item) }),
        None => Ok(()),
    }
}

/// Refuses files and links that one of the file systems could not hold.
pub(super) fn check_files(content: &Content) -> Result<(), PlanError> {
    let systems = content.options.file_systems;
    let single_extent = systems.iso9660 && content.options.iso9660.level < IsoLevel::Three;
    for item in 0..content.catalog.len() {
        let attributes = &content.file_details(item).extended_attributes;
        if systems.rock_ridge && !attributes.is_empty() && content.is_in(item, System::Iso9660) {
            check_attribute_list(content, item)?;
        }
        match content.kind(item) {
            // Before anything counts the sections it would take.
            Kind::File { len, .. } if blocks_for(len).is_none() => {
                let blocks = len.div_ceil(BLOCK_SIZE as u64);
                return Err(PlanError::TooManyBlocks { blocks, path: content.path(item) });
            }
            Kind::File { len, .. }
                if single_extent
                    && len > MAX_EXTENT
                    && (content.is_in(item, System::Iso9660)
                        || systems.joliet && content.is_in(item, System::Joliet)) =>
            {
                return Err(PlanError::FileTooLarge {
                    path: content.path(item),
                    len,
                    limit: MAX_EXTENT,
                    file_system: "ISO 9660 level 1 and 2",
                    clause: "ECMA-119 9.1.4, 10.1, 10.2",
                });
            }
            Kind::Symlink { target }
                if systems.udf
                    && content.is_in(item, System::Udf)
                    && !udf::symlink_fits(target) =>
            {
                return Err(PlanError::LinkTooLong { path: content.path(item) });
            }
            _ => {}
        }
    }
    Ok(())
}

/// Refuses extended attributes that AL entries do not hold. AAIP 2.0.
fn check_attribute_list(content: &Content, item: u32) -> Result<(), PlanError> {
    let attributes = &content.file_details(item).extended_attributes;
    if let Some((name, _)) = attributes.iter().find(|(name, _)| name.contains('\0')) {
        return Err(PlanError::RockRidgeAttributeName {
            path: content.path(item),
            name: name.clone(),
        });
    }
    let (entries, limit) = (attribute_list(content, item).entries(), MAX_ENTRIES);
    if entries > limit {
        return Err(PlanError::RockRidgeAttributes { path: content.path(item), entries, limit });
    }
    Ok(())
}

/// Whether a partition can be the same in a further session: others tell their free space, which is for whoever writes to
/// the volume in place.
pub(crate) const fn is_continued(partition: UdfPartition) -> bool {
    matches!(partition, UdfPartition::ReadOnly | UdfPartition::Virtual)
}

/// Refuses what a further session cannot have, and files that are said to be where they cannot be.
pub(super) fn check_session(content: &Content) -> Result<(), PlanError> {
    let options = &content.options;
    let Some(session) = options.session else {
        let is_recorded = |details: &Details| {
            let mut streams = details.streams.iter();
            details.recorded.is_some() || streams.any(|stream| stream.recorded.is_some())
        };
        let recorded = content.tree.detailed().find(|(_, details)| is_recorded(details));
        return match recorded {
            Some((node, _)) => Err(PlanError::NotOnDisc { path: content.tree.path(node) }),
            None => Ok(()),
        };
    };
    let (sums, boot) = (options.checksums, &options.boot);
    let boots = boot.el_torito.is_some() || boot.hybrid.is_some() || boot.system_area.is_some();
    for (wanted, what) in [
        (options.file_systems.udf && !is_continued(options.udf.partition), NOT_CONTINUED),
        (boots, "a boot set-up of its own"),
        (sums.md5 || sums.isomd5, "MD5 sums"),
    ] {
        if wanted {
            return Err(PlanError::NotInSession { what });
        }
    }
    let ends_behind = |at: Option<Lba>, len: Option<u64>| {
        let Some(at) = at else { return false };
        let blocks = len.and_then(blocks_for).unwrap_or(u32::MAX);
        at.0.checked_add(blocks).is_none_or(|end| end > session.start.0)
    };
    let is_behind = |item: &u32| {
        let mut streams = content.file_details(*item).streams.iter();
        let len = content.file(*item).map(|(_, len)| len);
        ends_behind(content.recorded_at(*item), len)
            || streams.any(|stream| ends_behind(stream.recorded, Some(stream.len)))
    };
    match (0..content.catalog.len()).find(is_behind) {
        Some(item) => Err(PlanError::NotOnDisc { path: content.path(item) }),
        None => Ok(()),
    }
}

/// Refuses more directories than are numbered, and those whose length is not recorded.
pub(super) fn check_directories(layout: &Layout, content: &Content) -> Result<(), PlanError> {
    let hierarchies = || [&layout.primary, &layout.enhanced, &layout.joliet].into_iter().flatten();
    let most = hierarchies().max_by_key(|hierarchy| hierarchy.path_order.len());
    if let Some(hierarchy) = most
        && let Some(first) = hierarchy.path_order.get(usize::from(u16::MAX)).copied()
    {
        let item = content.catalog.directory(first).map_or(0, |directory| directory.item);
        let directories = hierarchy.path_order.len();
        return Err(PlanError::TooManyDirectories { path: content.path(item), directories });
    }
    for (position, directory) in (0..).zip(content.catalog.directories()) {
        let of = |hierarchy: &Hierarchy| hierarchy.extent_of(position).blocks;
        let udf = layout.udf.as_ref().map_or(0, |udf| udf.directories.get(position).blocks());
        if hierarchies().map(of).chain([udf]).any(|blocks| blocks >= TOO_LARGE) {
            return Err(PlanError::DirectoryTooLarge { path: content.path(directory.item) });
        }
    }
    Ok(())
}

/// The error for an image of so many blocks. The largest file is what one would leave out.
pub(super) fn too_many_blocks(content: &Content, blocks: u64) -> PlanError {
    let len = |item: &u32| content.file(*item).map_or(0, |(_, len)| len);
    let largest = content.files.iter().copied().max_by_key(len);
    PlanError::TooManyBlocks {
        blocks,
        path: largest.map(|item| content.path(item)).unwrap_or_default(),
    }
}
