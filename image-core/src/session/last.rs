//! Which session of an image was recorded last, where they follow each other as on a disc that is written once.

use alloc::vec::Vec;
use core::ops::Range;

use zerocopy::FromBytes as _;

use crate::BLOCK_SIZE;
use crate::address::Lba;
use crate::read::{self, BlockSource, ReadError};
use crate::wire::iso9660::{
    DirectoryRecord, STANDARD_IDENTIFIER, VOLUME_DESCRIPTORS_START, VolumeDescriptor,
    descriptor_type, file_flags,
};
use crate::wire::udf::{ANCHOR, DescriptorTag, tag_id};

/// Most blocks between the end of a volume and the session behind it. Lead-out and lead-in of a CD are 11 400, a border zone of
/// DVD-R has up to 96 MB.
const GAP: u32 = 1 << 17;
/// Blocks that are looked at together.
const PIECE: u32 = 32;
/// What begins the recognition sequence of a volume that has no ISO 9660. ECMA-167 2/9.2.
const BEGINNING: &[u8; 5] = b"BEA01";

/// The first block of the session that was recorded last. 0 where block 16 shows it, as on discs whose blocks can be
/// overwritten; on others each session has volume descriptors of its own, behind the end of the volume before, and block 16
/// shows the first for ever.
///
/// # Errors
/// When the blocks that tell cannot be read.
pub fn last<S: BlockSource>(source: &mut S) -> Result<Lba, ReadError> {
    let mut session = 0;
    while let Some(next) = next(source, session)? {
        session = next;
    }
    Ok(Lba(session))
}

/// The session behind another: each is looked for behind the one before, so that all blocks are gone through once.
fn next<S: BlockSource>(source: &mut S, session: u32) -> Result<Option<u32>, ReadError> {
    let Range { start: mut at, end } = places(source, session)?;
    let mut piece = alloc::vec![0; PIECE as usize * BLOCK_SIZE];
    while at < end {
        let count = PIECE.min(end - at);
        let bytes = piece.get_mut(..count as usize * BLOCK_SIZE).unwrap_or_default();
        source.read(at + VOLUME_DESCRIPTORS_START, bytes)?;
        for (start, block) in (at..end).zip(bytes.chunks_exact(BLOCK_SIZE)) {
            if begins(source, start, block)? {
                return Ok(Some(start));
            }
        }
        at += count;
    }
    Ok(None)
}

/// Where the session behind another can begin.
fn places<S: BlockSource>(source: &mut S, session: u32) -> Result<Range<u32>, ReadError> {
    let image = read::open_session(&mut *source, Lba(session))?;
    let infos = image.file_systems().filter_map(|system| image.info(system));
    let ends: Vec<u32> = infos.map(|info| info.udf.map_or(info.blocks, |udf| udf.end)).collect();
    let least = ends.iter().copied().min().unwrap_or_default();
    // libisofs counts the blocks of a session from its own start.
    let most = ends.iter().copied().max().unwrap_or_default().saturating_add(session);
    let all = source.blocks().saturating_sub(VOLUME_DESCRIPTORS_START);
    Ok(least.max(session.saturating_add(1))..most.saturating_add(GAP).min(all))
}

/// Whether a session begins here, by the block that would be the first of its descriptors. An image in a file has its addresses
/// from its own start, and is none.
fn begins<S: BlockSource>(
    source: &mut S,
    start: u32,
    descriptor: &[u8],
) -> Result<bool, ReadError> {
    if descriptor.get(1..6) == Some(BEGINNING) {
        return has_anchor(source, start);
    }
    match VolumeDescriptor::read_from_bytes(descriptor) {
        Ok(found)
            if found.standard_identifier == STANDARD_IDENTIFIER
                && found.descriptor_type == descriptor_type::PRIMARY =>
        {
            is_root(source, start, &found.root)
        }
        _ => Ok(false),
    }
}

/// Whether the root directory is in the session, and its first record is of itself. ECMA-119 6.8.2.2. A session that is cut
/// short is none to go by, and none to leave out.
fn is_root<S: BlockSource>(
    source: &mut S,
    start: u32,
    root: &DirectoryRecord,
) -> Result<bool, ReadError> {
    let extent = root.extent.get();
    if extent <= start {
        return Ok(false);
    }
    let first = extent.saturating_add(root.extended_attribute_length.into());
    let blocks = source.blocks();
    let Some(block) = block(source, first)? else {
        return Err(ReadError::OutOfRange { lba: first, blocks });
    };
    let Ok((own, name)) = DirectoryRecord::read_from_prefix(&block) else { return Ok(false) };
    Ok(own.extent.get() == extent
        && own.flags & file_flags::DIRECTORY != 0
        && own.identifier_length == 1
        && name.first() == Some(&0))
}

/// Whether the anchor of UDF is where a session has one, and tells so. ECMA-167 3/7.2.8, 3/8.4.2.1.
fn has_anchor<S: BlockSource>(source: &mut S, start: u32) -> Result<bool, ReadError> {
    let lba = start.saturating_add(ANCHOR);
    let tag = block(source, lba)?.and_then(|block| DescriptorTag::intact(&block));
    let is_anchor = |tag: DescriptorTag| tag.identifier.get() == tag_id::ANCHOR;
    Ok(tag.is_some_and(|tag| is_anchor(tag) && tag.location.get() == lba))
}

/// A block, unless it is behind the end.
fn block<S: BlockSource>(source: &mut S, lba: u32) -> Result<Option<[u8; BLOCK_SIZE]>, ReadError> {
    if lba >= source.blocks() {
        return Ok(None);
    }
    let mut block = [0; BLOCK_SIZE];
    source.read(lba, &mut block)?;
    Ok(Some(block))
}

#[cfg(test)]
mod tests {
    use super::super::{
        import, next_start,
        tests::{blocks, render},
    };
    use super::*;
    use crate::read::SliceSource;
    use crate::tree::{Attributes, Tree};
    use crate::{FileSystems, Options, SessionOptions, SourceId};

    /// A disc to which a session is added with a gap before it.
    fn disc(systems: FileSystems, gaps: &[u32]) -> (Vec<u8>, Vec<u32>) {
        let options = Options { file_systems: systems, ..Options::default() };
        let mut disc = render(&crate::plan(Tree::new(), &options).unwrap());
        let mut starts = Vec::from([0]);
        for (number, gap) in (1..).zip(gaps) {
            let found = last(&mut SliceSource::new(&disc)).unwrap();
            assert_eq!(found, Lba(*starts.last().unwrap()));
            let mut image = read::open_session(SliceSource::new(&disc), found).unwrap();
            let recorded = import(&mut image, true).unwrap();
            let mut tree = recorded.tree;
            let name = alloc::format!("f{number}");
            tree.add_file(&name, SourceId(number), 5000, Attributes::default()).unwrap();
            let start = Lba(blocks(&disc) + gap);
            let udf = recorded.udf.map(|udf| udf.volume);
            let session = SessionOptions { start, boot_catalog: None, udf };
            let plan = crate::plan(tree, &Options { session: Some(session), ..options.clone() });
            disc.resize(start.0 as usize * BLOCK_SIZE, 0);
            disc.extend(render(&plan.unwrap()));
            starts.push(start.0);
        }
        (disc, starts)
    }

    const ISO: FileSystems =
        FileSystems { iso9660: true, joliet: false, rock_ridge: false, udf: false };
    const UDF: FileSystems =
        FileSystems { iso9660: false, joliet: false, rock_ridge: false, udf: true };

    #[test]
    fn each_session_is_found_behind_the_one_before() {
        for systems in [ISO, UDF, FileSystems { udf: true, ..ISO }] {
            let (disc, starts) = disc(systems, &[0, 11_402, 16, 7]);
            let found = last(&mut SliceSource::new(&disc)).unwrap();
            assert_eq!(found, Lba(*starts.last().unwrap()), "{systems:?}");
        }
    }

    #[test]
    fn other_images_behind_a_volume_are_no_sessions() {
        let options = Options { file_systems: ISO, ..Options::default() };
        let other = render(&crate::plan(Tree::new(), &options).unwrap());
        let (mut disc, starts) = disc(ISO, &[32]);
        disc.resize(next_start(Lba(blocks(&disc))).0 as usize * BLOCK_SIZE, 0);
        disc.extend(&other);
        assert_eq!(last(&mut SliceSource::new(&disc)).unwrap(), Lba(starts[1]));
        // Nor is a descriptor whose root is elsewhere.
        let mut root = |root: u32| {
            let at = (starts[1] + 16) as usize * BLOCK_SIZE + 158;
            disc[at..at + 4].copy_from_slice(&root.to_le_bytes());
            last(&mut SliceSource::new(&disc))
        };
        for elsewhere in [0, starts[1], starts[1] + 17] {
            assert_eq!(root(elsewhere), Ok(Lba(0)), "{elsewhere}");
        }
        let error = root(u32::MAX).unwrap_err();
        assert!(matches!(error, ReadError::OutOfRange { .. }), "{error}");
    }

    #[test]
    fn sizes_that_are_none_end_the_search() {
        for size in [0, 17, u32::MAX] {
            let (mut disc, _) = disc(ISO, &[]);
            disc[16 * BLOCK_SIZE + 80..][..4].copy_from_slice(&u32::to_le_bytes(size));
            assert_eq!(last(&mut SliceSource::new(&disc)).unwrap(), Lba(0), "{size}");
        }
        assert_eq!(last(&mut SliceSource::new(&[])).unwrap(), Lba(0));
    }
}
