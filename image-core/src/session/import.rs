//! What is on a disc as a tree whose files are where they are recorded.

mod error;
mod taking;
mod udf;

use alloc::string::String;
use alloc::vec::Vec;

pub use error::ImportError;
pub use udf::RecordedUdf;

use crate::address::{Lba, SourceId};
use crate::options::FileSystems;
use crate::read::{BlockSource, FileSystem, Image};
use crate::tree::{HiddenIn, NodeId, Tree};
use taking::Taking;

/// The source of what is on the disc already: nobody is asked for bytes of it. Those that are to stand elsewhere, because they
/// stood in a file entry of UDF, the tree knows.
pub const RECORDED_SOURCE: SourceId = SourceId(u32::MAX - 1);

/// What is on a disc.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its files, each where it is.
    pub tree: Tree,
    /// The file systems that show them.
    pub file_systems: FileSystems,
    /// The name of the volume.
    pub volume_id: String,
    /// Where its boot catalog is.
    pub boot_catalog: Option<Lba>,
    /// What UDF it has, if that was taken over.
    pub udf: Option<RecordedUdf>,
    /// The block behind the last one that its file systems tell of.
    pub end: Lba,
}

/// Takes over what an image shows: by UDF, where it is wanted or there is nothing else, and by Rock Ridge, by Joliet, or as ISO 9660
/// has it. Of the tree that comes of it every file system shows what it has shown.
///
/// # Errors
/// See [`ImportError`]: nothing is left out in silence.
pub fn import<S: BlockSource>(image: &mut Image<S>, udf: bool) -> Result<Recorded, ImportError> {
    let mut systems: Vec<FileSystem> = image.file_systems().collect();
    if systems != [FileSystem::Udf] {
        systems.retain(|system| udf || *system != FileSystem::Udf);
    }
    let first = *systems.first().ok_or(ImportError::NoFileSystem)?;
    let info = image.info(first).and_then(|info| info.udf);
    let mut udf = info.as_ref().map(|info| udf::recorded(info, systems.len() == 1)).transpose()?;
    let mut taking = Taking::default();
    taking.take_all(image.view(first)?)?;
    if let Some(udf) = &mut udf {
        udf.options.embed = taking.embeds;
    }
    if let Some(second) = systems.get(1).filter(|_| udf.is_some()) {
        taking.add_all(image.view(*second)?, *second == FileSystem::RockRidge)?;
    }
    let has = |system| systems.contains(&system);
    let infos = || systems.iter().filter_map(|system| image.info(*system));
    let end = infos().map(|info| info.udf.map_or(info.blocks, |udf| udf.end)).max();
    let volume_id = infos().next().map(|info| info.volume_id).unwrap_or_default();
    Ok(Recorded {
        tree: taking.tree,
        file_systems: FileSystems {
            iso9660: has(FileSystem::Iso9660),
            joliet: has(FileSystem::Joliet),
            rock_ridge: has(FileSystem::RockRidge),
            udf: has(FileSystem::Udf),
        },
        volume_id,
        boot_catalog: image.boot_catalog()?.map(Lba),
        udf,
        end: Lba(end.unwrap_or_default()),
    })
}

/// Leaves an entry out of some file systems.
fn hide(tree: &mut Tree, node: NodeId, hidden_in: HiddenIn) {
    let mut details = tree.details(node).clone();
    details.hidden_in |= hidden_in;
    tree.set_details(node, details);
}
