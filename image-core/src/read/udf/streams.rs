//! Named streams: files beside a file, or beside the whole volume. ECMA-167 4/9.2; UDF 3.3.5.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::blocks::Blocks;
use super::super::entry::{Entry, EntryKind};
use super::super::{BlockSource, ReadError};
use super::Position;
use super::volume::Volume;
use super::{directory, file};
use crate::wire::udf::LbAddr;

/// The named streams of a file or directory.
pub(in super::super) fn streams<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    volume: &Volume,
    entry: &Entry,
) -> Result<Vec<Entry>, ReadError> {
    let at = volume.space.position(entry.id);
    entry.node.streams.map_or_else(|| Ok(Vec::new()), |icb| list(blocks, volume, icb, at))
}

/// The streams of the volume.
pub(in super::super) fn system_streams<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    volume: &Volume,
) -> Result<Vec<Entry>, ReadError> {
    let at = volume.space.position(volume.root.id);
    volume.system_streams.map_or_else(|| Ok(Vec::new()), |icb| list(blocks, volume, icb, at))
}

fn list<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    volume: &Volume,
    icb: LbAddr,
    at: Position,
) -> Result<Vec<Entry>, ReadError> {
    let directory = file::entry(blocks, &volume.space, icb, at, String::new())?;
    if directory.kind != EntryKind::Directory {
        let at = volume.space.position(directory.id);
        return Err(at.malformed("a stream directory (ECMA-167 4/9.2)"));
    }
    directory::list(blocks, volume, &directory)
}
