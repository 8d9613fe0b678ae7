//! Files whose bytes an image has to know: they are patched, or say where others go.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use image_core::boot::Bytes;
use image_core::tree::Kind;
use image_core::{NodeId, SourceId};

use super::{LocalFiles, Scan, check_unchanged};
use crate::source::SourceError;

/// Longest file that is read into memory, to be patched or recorded without a name.
const MAX_READ: u64 = 1 << 30;

/// Reads a file of the tree, and keeps its bytes in the tree.
///
/// # Errors
/// See [`read_listed`].
pub(crate) fn read_content(
    node: NodeId,
    source: SourceId,
    scan: &mut Scan,
) -> Result<Bytes, SourceError> {
    let bytes: Arc<[u8]> = read_listed(&scan.files, source)?.into();
    // Whichever of the names of a file it is.
    let node = scan.tree.link_of(node);
    let mut details = scan.tree.details(node).clone();
    details.content = Some(Arc::clone(&bytes));
    scan.tree.set_details(node, details);
    Ok(bytes.into())
}

/// Takes the information of title sets into the tree, which says where their files are.
///
/// # Errors
/// See [`read_content`].
pub(crate) fn read_information(scan: &mut Scan) -> Result<(), SourceError> {
    let Some(folder) = scan.tree.find("VIDEO_TS") else { return Ok(()) };
    let children: Vec<_> = scan.tree.children(folder).collect();
    for node in children {
        if let Kind::File { source, .. } = scan.tree.kind(node)
            && scan.tree.name(node).ends_with(".IFO")
        {
            read_content(node, source, scan)?;
        }
    }
    Ok(())
}

/// All bytes of a file of the image that is not long.
///
/// # Errors
/// [`SourceError`] when it cannot be read, is longer than a gibibyte, or is no longer what was listed.
pub(crate) fn read_listed(files: &LocalFiles, source: SourceId) -> Result<Vec<u8>, SourceError> {
    let (file, expected) = files.open(source)?;
    let path = files.path(source);
    let bytes = read_open(&file, &path)?;
    check_unchanged(&file, &path, expected)?;
    Ok(bytes)
}

/// All bytes of a file that is not long.
///
/// # Errors
/// [`SourceError`] when it cannot be read, or is longer than a gibibyte.
pub(crate) fn read_whole(path: &Path) -> Result<Vec<u8>, SourceError> {
    let file = fs::File::open(path).map_err(|error| SourceError::io(path, error))?;
    read_open(&file, path)
}

fn read_open(file: &fs::File, path: &Path) -> Result<Vec<u8>, SourceError> {
    let failed = |error| SourceError::io(path, error);
    let len = file.metadata().map_err(failed)?.len();
    let mut bytes = Vec::with_capacity(usize::try_from(len.min(MAX_READ)).unwrap_or_default());
    // What tells no length, a device or a pipe, may have no end.
    file.take(MAX_READ + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MAX_READ {
        let bytes = len.max(bytes.len() as u64);
        return Err(SourceError::TooLarge { path: path.to_path_buf(), bytes });
    }
    Ok(bytes)
}
