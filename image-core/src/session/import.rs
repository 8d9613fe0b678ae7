//! What is on a disc as a tree whose files are where they are recorded.

mod error;
mod taking;
mod udf;
mod volume;

use alloc::string::String;
use alloc::vec::Vec;

pub use error::ImportError;
pub use udf::RecordedUdf;
pub use volume::RecordedVolume;

use crate::address::{Lba, SourceId, blocks_for};
use crate::options::FileSystems;
use crate::read::{BlockSource, FileSystem, Image};
use crate::tree::{Details, HiddenIn, Kind, NodeId, Tree};
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
    /// How its ISO 9660 is written.
    pub volume: RecordedVolume,
    /// Where its boot catalog is.
    pub boot_catalog: Option<Lba>,
    /// What UDF it has, if that was taken over.
    pub udf: Option<RecordedUdf>,
    /// The block behind the last one that its file systems tell of.
    pub end: Lba,
    /// Paths of what a file system shows and no tree holds: symbolic links to nothing, and devices of no known kind or number.
    pub left_out: Vec<String>,
}

/// Takes over what an image shows: by UDF, where it is wanted or there is nothing else, and by Rock Ridge, by Joliet, or as ISO 9660
/// has it. Of the tree that comes of it every file system shows what it has shown. Where names are not whole, as in Joliet and
/// plain ISO 9660, files are told by the place of their bytes.
///
/// # Errors
/// See [`ImportError`]: nothing is left out in silence. What is, stands in [`Recorded::left_out`].
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
    let mut hidden_in = bit(first);
    for system in systems.iter().skip(1).copied() {
        // Rock Ridge is in the hierarchy of ISO 9660, and the enhanced one goes with that in a tree.
        if system != FileSystem::Enhanced && !hidden_in.contains(bit(system)) {
            taking.add_all(image.view(system)?, system, hidden_in)?;
            hidden_in |= bit(system);
        }
    }
    check_ends(&taking.tree, image.source().blocks())?;
    let has = |system| systems.contains(&system);
    let infos = || systems.iter().filter_map(|system| image.info(*system));
    let end = infos().map(|info| info.udf.map_or(info.blocks, |udf| udf.end)).max();
    let of_udf = image.info(FileSystem::Udf).filter(|_| first == FileSystem::Udf);
    let volume_id = of_udf.map_or_else(|| volume::name(image), |info| info.volume_id);
    // Another file system may have it whole.
    let is_missing = |path: &String| taking.tree.find(path).is_none();
    let left_out = taking.left_out.into_iter().filter(is_missing).collect();
    Ok(Recorded {
        left_out,
        volume: volume::recorded(image, &taking.tree),
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

/// Refuses an image that ends before the bytes of its files: what is missing would be zeros before the session that follows.
fn check_ends(tree: &Tree, blocks: u32) -> Result<(), ImportError> {
    let is_behind = |start: Option<Lba>, len| {
        let ends = |start: Lba| blocks_for(len).and_then(|count| start.0.checked_add(count));
        start.is_some_and(|start| ends(start).is_none_or(|end| end > blocks))
    };
    let is_cut = |node: NodeId, details: &Details| {
        let len = match tree.kind(node) {
            Kind::File { len, .. } => len,
            _ => 0,
        };
        let mut streams = details.streams.iter();
        is_behind(details.recorded, len)
            || streams.any(|stream| is_behind(stream.recorded, stream.len))
    };
    match tree.detailed().find(|(node, details)| is_cut(*node, details)) {
        Some((node, _)) => Err(ImportError::CutShort { path: tree.path(node), blocks }),
        None => Ok(()),
    }
}

/// What hides entries from a file system.
const fn bit(system: FileSystem) -> HiddenIn {
    match system {
        FileSystem::Udf => HiddenIn::UDF,
        FileSystem::Joliet => HiddenIn::JOLIET,
        FileSystem::RockRidge | FileSystem::Enhanced | FileSystem::Iso9660 => HiddenIn::ISO9660,
    }
}

/// Leaves an entry out of some file systems.
fn hide(tree: &mut Tree, node: NodeId, hidden_in: HiddenIn) {
    let mut details = tree.details(node).clone();
    details.hidden_in |= hidden_in;
    tree.set_details(node, details);
}
