//! What UDF says beyond other file systems: of the volume, and of its files.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::{ImportError, RECORDED_SOURCE};
use crate::BLOCK_SIZE;
use crate::address::Lba;
use crate::options::{EarlierVolume, UdfMetadata, UdfOptions, UdfPartition, UdfRevision};
use crate::read::{
    BlockSource, Entry, ExtendedAttribute, Extent, PartitionForm, Place, UdfInfo, View,
};
use crate::tree::{Details, Stream};
use crate::wire::udf::{access_type, attribute_type};

/// What begins the name of all that UDF defines for its own use. UDF 2.1.5.3, 3.3.7.
const DEFINED: &str = "*UDF ";
/// Attributes that hold room, and nothing else. UDF 3.3.4.5.1.1, 3.3.4.6.1.
const ROOM: [&str; 2] = ["*UDF FreeEASpace", "*UDF FreeAppEASpace"];

/// A UDF volume that a further session goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedUdf {
    /// How it is written.
    pub options: UdfOptions,
    /// What the next one has in common with it.
    pub volume: EarlierVolume,
}

/// What the next volume is to be like, but for what stands in file entries. `alone` says that there is no other file system.
pub(super) fn recorded(info: &UdfInfo, alone: bool) -> Result<RecordedUdf, ImportError> {
    let what = |what| Err(ImportError::InPlace { what, alone });
    let has = |form| info.partitions.iter().any(|partition| partition.form == form);
    let Some(partition) = info.partitions.first() else { return what("no partition") };
    let is_virtual = has(PartitionForm::Virtual);
    if has(PartitionForm::Sparable) {
        return what("a sparable partition");
    }
    match partition.access_type {
        access_type::READ_ONLY => {}
        access_type::WRITE_ONCE if is_virtual => {}
        access_type::PSEUDO_OVERWRITABLE => return what("a pseudo-overwritable partition"),
        access_type::WRITE_ONCE => {
            return what("a partition that is written once, without a table");
        }
        _ => return what("an overwritable partition"),
    }
    if info.block_size as usize != BLOCK_SIZE {
        return what("blocks of another size than 2048 bytes");
    }
    let metadata = match (has(PartitionForm::Metadata), info.is_duplicated) {
        (true, true) => UdfMetadata::Duplicated,
        (true, false) => UdfMetadata::Separate,
        _ => UdfMetadata::Mixed,
    };
    let mut revisions = UdfRevision::ALL.into_iter().rev();
    let revision = revisions.find(|revision| revision.number() <= info.revision);
    Ok(RecordedUdf {
        options: UdfOptions {
            revision: revision.unwrap_or_default(),
            partition: if is_virtual { UdfPartition::Virtual } else { UdfPartition::ReadOnly },
            metadata,
            embed: false,
        },
        volume: EarlierVolume {
            partition: Lba(partition.start),
            virtual_table: info.virtual_table.map(Lba),
        },
    })
}

/// Adds to the details of an entry what UDF alone has.
pub(super) fn describe<S: BlockSource>(
    view: &mut View<'_, S>,
    entry: &Entry,
    details: &mut Details,
) -> Result<(), ImportError> {
    details.real_time = entry.real_time;
    for stream in view.streams(entry)? {
        let content = embedded(view, &stream)?;
        let recorded = if content.is_some() { None } else { start(&stream)? };
        let name = stream.path.rsplit('/').next().unwrap_or_default();
        let stream = Stream { content, recorded, ..Stream::new(name, RECORDED_SOURCE, stream.len) };
        details.streams.push(stream);
    }
    for attribute in view.extended_attributes(entry)? {
        details.extended_attributes.extend(attribute_of(entry, attribute)?);
    }
    Ok(())
}

/// An attribute by its name. What follows from something else, as the numbers of a device, is recorded anew by itself.
fn attribute_of(
    entry: &Entry,
    attribute: ExtendedAttribute,
) -> Result<Option<(String, Vec<u8>)>, ImportError> {
    let ExtendedAttribute { attribute_type, identifier, value, .. } = attribute;
    let name = identifier.unwrap_or_default();
    match attribute_type {
        attribute_type::FILE_TIMES | attribute_type::DEVICE_SPECIFICATION => Ok(None),
        _ if ROOM.contains(&name.as_str()) => Ok(None),
        // A sum of the head stands before the value. UDF 3.3.4.5.
        attribute_type::IMPLEMENTATION_USE => {
            let value = value.get(size_of::<u16>()..).unwrap_or_default();
            Ok(Some((name, value.to_vec())))
        }
        _ => Err(ImportError::Attribute { path: entry.path.clone(), attribute_type }),
    }
}

/// Refuses streams of the volume, but for those by which UDF keeps itself in order: they are of no use in a new one.
pub(super) fn check_volume<S: BlockSource>(view: &mut View<'_, S>) -> Result<(), ImportError> {
    let streams = view.system_streams()?;
    let own = |stream: &Entry| stream.path.starts_with(DEFINED);
    match streams.into_iter().find(|stream| !own(stream)) {
        Some(stream) => Err(ImportError::VolumeStream { name: stream.path }),
        None => Ok(()),
    }
}

/// The bytes of an entry that stand in its file entry.
pub(super) fn embedded<S: BlockSource>(
    view: &mut View<'_, S>,
    entry: &Entry,
) -> Result<Option<Arc<[u8]>>, ImportError> {
    if !is_embedded(entry) {
        return Ok(None);
    }
    let mut bytes = alloc::vec![0; usize::try_from(entry.len).unwrap_or_default()];
    view.read(entry, 0, &mut bytes)?;
    Ok(Some(bytes.into()))
}

/// Whether the content of an entry stands in its file entry.
pub(super) fn is_embedded(entry: &Entry) -> bool {
    let begins_within = |extent: &Extent| matches!(extent.place, Place::Recorded { skip: 1.., .. });
    entry.len < BLOCK_SIZE as u64 && entry.extents.first().is_some_and(begins_within)
}

/// The first block of a file; `None` for one without bytes.
pub(super) fn start(entry: &Entry) -> Result<Option<Lba>, ImportError> {
    match entry.extents.as_slice() {
        [] => Ok(None),
        [Extent { place: Place::Recorded { lba, skip: 0 }, .. }] => Ok(Some(*lba)),
        _ => Err(ImportError::InPieces { path: entry.path.clone() }),
    }
}
