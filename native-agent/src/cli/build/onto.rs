//! What a further session continues: an image file, or the disc in a drive.

use core::sync::atomic::AtomicBool;
use std::path::Path;

use image_core::{
    DeepDirectories, FileSystems, Lba, Options, Plan, SessionOptions, Tree, UdfOptions,
    read::{self, BlockSource, Image, ReadError},
    session::{self, ImportError, Piece, Recorded, RecordedVolume},
};

use super::{newest, outdated};
use crate::{
    burn::{BurnError, DiscBlocks},
    cli::{CliError, disc},
    mmc::{MediumFacts, WriteMethod},
    scsi::Transport,
    source::{Head, ImageSource as _, image_file::ImageFile},
};

/// What is on a disc, and where it goes on.
#[derive(Debug)]
pub(crate) struct Onto {
    recorded: Recorded,
    start: Lba,
    /// The files that start machines, and where they are.
    starting: Vec<(String, Lba)>,
    /// The blocks that tell what is on it, where they can be overwritten.
    before: Option<Vec<Piece>>,
    /// The image file, if it is none on a disc.
    pub(super) base: Option<ImageFile>,
}

/// A disc that cannot be continued.
#[derive(Debug, thiserror::Error)]
#[error("cannot continue {what}")]
struct NotContinued {
    what: String,
    #[source]
    source: ImportError,
}

impl Onto {
    /// What is in an image file, of several sessions in the last; with `udf`, in its UDF too.
    pub(crate) fn file(path: &Path, udf: bool) -> Result<Self, CliError> {
        let image = ImageFile::open(path);
        let image = image.map_err(|error| CliError::input(&error).maybe_hint(error.hint()))?;
        let start = session::next_start(Lba(image.len_blocks()));
        let failed = |error| failed_of_file(path, error);
        let mut blocks = FileBlocks(image);
        let last = session::last(&mut blocks).map_err(|error| failed(error.into()))?;
        newest::check(&mut blocks, last, path)?;
        let mut image = read::open_session(blocks, last).map_err(|error| failed(error.into()))?;
        let onto = Self::take(&mut image, udf, |_| start, true).map_err(failed)?;
        let head = onto.before.as_deref().unwrap_or_default();
        outdated::tell(&mut image, head, &path.display().to_string());
        let FileBlocks(base) = image.into_source();
        Ok(Self { base: Some(base), ..onto })
    }

    /// What is on a disc, if anything is. What follows goes to where its drive continues, or behind what is there where blocks
    /// can be overwritten.
    pub(crate) fn disc(
        transport: &mut dyn Transport,
        medium: &MediumFacts,
        udf: bool,
        cancelled: &AtomicBool,
    ) -> Result<Option<Self>, CliError> {
        // What cannot be written is not laid out for.
        if let Some(reason) = medium.refusal.clone() {
            let label = medium.label();
            return Err(disc::failed(&BurnError::NotWritable { label, reason }));
        }
        let mut blocks = match DiscBlocks::open(transport, medium, cancelled) {
            Err(BurnError::Blank) => return Ok(None),
            Err(error) => return Err(disc::failed(&error)),
            Ok(blocks) => blocks,
        };
        let overwrites = medium.profile.write_method() == Some(WriteMethod::Overwrite);
        let next = Lba(medium.next_writable.unwrap_or_default());
        let start = |end| if overwrites { session::next_start(end) } else { next };
        let first = Lba(blocks.session());
        let taken = match read::open_session(&mut blocks, first) {
            // Formatted, and nothing on it.
            Ok(image) if overwrites && image.file_systems().next().is_none() => return Ok(None),
            Ok(mut image) => Self::take(&mut image, udf, start, overwrites),
            Err(error) => Err(error.into()),
        };
        taken.map(Some).map_err(|error| match blocks.problem() {
            Some(problem) => disc::failed(&problem),
            None => failed(&format!("the {}", medium.label()), error),
        })
    }

    fn take<S: BlockSource>(
        image: &mut Image<S>,
        udf: bool,
        start: impl FnOnce(Lba) -> Lba,
        overwrites: bool,
    ) -> Result<Self, ImportError> {
        let recorded = session::import(image, udf)?;
        let before = overwrites.then(|| session::head(image.source())).transpose()?;
        let start = start(recorded.end);
        let starting = outdated::boot_files(image, &recorded.tree);
        Ok(Self { recorded, start, starting, before, base: None })
    }

    /// The file systems that are continued.
    pub(super) const fn file_systems(&self) -> FileSystems {
        self.recorded.file_systems
    }

    /// How its UDF is written.
    pub(super) fn udf(&self) -> Option<UdfOptions> {
        self.recorded.udf.as_ref().map(|udf| udf.options.clone())
    }

    /// What of these file systems is as it was, unless it is said.
    pub(super) fn options(&self, file_systems: FileSystems) -> Options {
        let RecordedVolume { identifiers, application, dates, mut iso9660, joliet } =
            self.recorded.volume.clone();
        if !file_systems.rock_ridge {
            iso9660.deep_directories = DeepDirectories::Leave;
        }
        let defaults = Options::default();
        Options {
            identifiers: if file_systems.iso9660 { identifiers } else { defaults.identifiers },
            application: application.unwrap_or(defaults.application),
            dates,
            iso9660,
            joliet,
            ..defaults
        }
    }

    /// The name of the volume.
    pub(super) fn volume(&self) -> &str {
        &self.recorded.volume_id
    }

    /// Lays what is new over what is there.
    /// Gives also the blocks that the head goes over, if it needs one.
    pub(super) fn under(
        self,
        new: &Tree,
        update: bool,
        options: Options,
    ) -> Result<(Tree, Options, Option<Vec<Piece>>), CliError> {
        for path in &self.recorded.left_out {
            eprintln!(
                "warning: {path:?} is not taken over: a link to nothing, or a device of no known kind or number"
            );
        }
        let FileSystems { joliet, rock_ridge, udf, .. } = self.recorded.file_systems;
        if !(joliet || rock_ridge || udf) {
            // A.TXT may have been a.txt, and nothing tells.
            if update {
                return Err(CliError::usage(
                    "--update knows files by their names, and ISO 9660 alone has others than they have",
                )
                .hint("leave --update out: all files are added then"));
            }
            eprintln!(
                "note: what is there has names of ISO 9660 alone: a file under its own name is added beside it"
            );
        }
        let mut tree = self.recorded.tree;
        outdated::tell_replaced(&tree, new);
        tree.overlay(new, update).map_err(|error| CliError::input(&error).hint(error.hint()))?;
        outdated::tell_boot(&self.starting, &tree);
        let boot_catalog = self.recorded.boot_catalog;
        let udf = self.recorded.udf.map(|udf| udf.volume);
        let session = Some(SessionOptions { start: self.start, boot_catalog, udf });
        Ok((tree, Options { session, ..options }, self.before))
    }
}

/// What goes to the start of the disc.
pub(super) fn head(plan: &Plan, before: Vec<Piece>) -> Result<Head, CliError> {
    let after = plan.head(&before).ok_or_else(|| {
        CliError::usage("the disc has no room for further file systems")
            .hint("leave --fs out: those that it has are continued")
    })?;
    Ok(Head { before, after })
}

fn failed(what: &str, source: ImportError) -> CliError {
    let hint = source.hint();
    CliError::input(&NotContinued { what: what.to_owned(), source }).hint(hint)
}

/// The remedy is another for a file than for a disc.
fn failed_of_file(path: &Path, source: ImportError) -> CliError {
    let hint = match &source {
        ImportError::NoFileSystem => {
            "--append takes the image that is added to; files that are to be in it are named without it"
        }
        ImportError::Read(ReadError::OutOfRange { .. }) => WHOLE,
        ImportError::Read(_) => "the image is damaged: save what can be read from it first",
        _ => source.hint(),
    };
    CliError::input(&NotContinued { what: path.display().to_string(), source }).hint(hint)
}

/// What to do about an image that is not all there.
const WHOLE: &str = "the image is cut short: copy or download all of it once more";

/// An image file as the readers want it.
pub(super) struct FileBlocks(pub(super) ImageFile);

impl BlockSource for FileBlocks {
    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), ReadError> {
        use crate::source::ImageSource as _;
        self.0.read(lba, out).map_err(|_| ReadError::Unreadable { lba })
    }

    fn blocks(&self) -> u32 {
        self.0.len_blocks()
    }
}
