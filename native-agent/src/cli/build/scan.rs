//! What `discwright build` and `burn` take of the folders and files that are named.

use core::sync::atomic::AtomicBool;
use std::{fs::File, io::Read as _, path::Path};

use clap::ValueEnum;
use image_core::DiscTime;

use super::{failed::pattern_failed, outputs::Outputs};
use crate::{
    cli::{CliError, place::is_same},
    clock,
    source::{
        image_file::ImageFile,
        local::{
            self, Exclude, Graft, LeftOut, OddNames, Recorded, RecordedTimes, Scan, ScanError,
            ScanOptions,
        },
    },
};

/// A latest time of files is set by this alone, so that `--epoch` changes no more than it says.
const SOURCE_DATE_EPOCH: &str = "SOURCE_DATE_EPOCH";

#[derive(Debug, PartialEq, clap::Args)]
#[command(next_help_heading = "What is taken of the files")]
pub(crate) struct ScanArgs {
    /// Leave out what has a matching name (*.tmp) or path in the image (docs/*.tmp); may be repeated
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    /// What is recorded of each entry besides its content
    #[arg(long, value_name = "WHICH", default_value = "full")]
    attributes: AttributeChoice,
    /// Which times are recorded with Rock Ridge and UDF; reading a file changes some of them, and the image with them
    #[arg(long, value_name = "WHICH", default_value = "modified")]
    times: TimeChoice,
    /// Record extended attributes that users gave (user.*), in Rock Ridge and, as far as they fit, in UDF
    #[arg(long)]
    xattr: bool,
    /// What becomes of names, and of targets of links, that are not UTF-8
    #[arg(long, value_name = "WHAT", default_value = "refuse")]
    odd_names: OddNameChoice,
    /// When the volume was made, in seconds since 1970, for images that are the same every time [default:
    /// $SOURCE_DATE_EPOCH, which is the latest time of any file too, or now]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    epoch: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum AttributeChoice {
    /// Times, permissions, owners, links, and devices, pipes and sockets where --fs names Rock Ridge
    Full,
    /// Only what a browser sees: times of files to the millisecond; symbolic links are left out
    Portable,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum TimeChoice {
    /// When an entry was modified
    Modified,
    /// Also when it was made, last read, and when its attributes changed
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum OddNameChoice {
    /// There is no image
    Refuse,
    /// The entries are left out, and told
    Skip,
    /// They are recorded with %XX for each byte that is not UTF-8, and told
    Spell,
}

impl ScanArgs {
    /// Lists what is named and tells what is not recorded as it is. Special files are for whoever asks for Rock Ridge.
    pub(super) fn scan(
        &self,
        grafts: &[Graft],
        special_files: bool,
        outputs: Outputs<'_>,
        cancelled: &AtomicBool,
    ) -> Result<Scan, CliError> {
        let exclude = Exclude::new(&self.exclude);
        let exclude = exclude.map_err(|error| pattern_failed(&error))?;
        let options = ScanOptions {
            exclude,
            recorded: match self.attributes {
                AttributeChoice::Full => Recorded::Full,
                AttributeChoice::Portable => Recorded::Portable,
            },
            special_files,
            times: match self.times {
                TimeChoice::Modified => RecordedTimes::Modified,
                TimeChoice::All => RecordedTimes::All,
            },
            latest: source_date_epoch()?,
            extended_attributes: self.xattr,
            odd_names: match self.odd_names {
                OddNameChoice::Refuse => OddNames::Refuse,
                OddNameChoice::Skip => OddNames::LeaveOut,
                OddNameChoice::Spell => OddNames::Spell,
            },
            outputs: outputs.paths().into_iter().map(Path::to_path_buf).collect(),
        };
        let scan = local::scan_until(grafts, &options, cancelled).map_err(|error| match error {
            ScanError::Cancelled => CliError::other(&error),
            _ => CliError::input(&error).maybe_hint(error.hint()),
        })?;
        for notice in &scan.notices {
            if notice.reason == LeftOut::Output {
                refuse_other(&notice.path, outputs)?;
            }
            let path = local::with_odd_bytes(&notice.path);
            eprintln!("note: left out {path}: {}", notice.reason.words());
        }
        tell_unmatched("--exclude", &options.exclude);
        for path in &scan.spelt {
            eprintln!("note: spelt out in the image, because it is not UTF-8: {path}");
        }
        Ok(scan)
    }

    /// Whether no more is recorded than a browser sees.
    pub(super) const fn is_portable(&self) -> bool {
        matches!(self.attributes, AttributeChoice::Portable)
    }

    /// When the volume was made.
    pub(super) fn created(&self) -> Result<DiscTime, CliError> {
        let now = || i64::try_from(clock::unix_millis(clock::now()) / 1000).unwrap_or_default();
        let seconds = self.epoch.or(source_date_epoch()?).unwrap_or_else(now);
        Ok(DiscTime::from_unix(seconds, 0, 0))
    }
}

/// Tells which patterns of an option were given for nothing.
pub(super) fn tell_unmatched(option: &str, patterns: &Exclude) {
    for pattern in patterns.unmatched() {
        eprintln!("note: {option} {pattern:?} matches nothing");
    }
}

fn source_date_epoch() -> Result<Option<i64>, CliError> {
    let given = std::env::var_os(SOURCE_DATE_EPOCH).filter(|text| !text.is_empty());
    let Some(text) = given else { return Ok(None) };
    let seconds = text.to_str().and_then(|text| text.parse().ok());
    seconds.map(Some).ok_or_else(|| {
        let message = format!("{SOURCE_DATE_EPOCH} is {}, no number", text.display());
        CliError::usage(message).hint("set it to seconds since 1970, or unset it")
    })
}

/// Refuses to replace a file in a folder that goes on the disc, unless it is what an earlier run wrote there: an image where
/// the image goes, a list of sums where that goes.
fn refuse_other(path: &Path, outputs: Outputs<'_>) -> Result<(), CliError> {
    let failed = |source| CliError::input(&ScanError::Io { path: path.to_path_buf(), source });
    let mut file = File::open(path).map_err(failed)?;
    let mut start = Vec::new();
    file.by_ref().take(65).read_to_end(&mut start).map_err(failed)?;
    let digits = start.strip_prefix(b"\\").unwrap_or(&start).iter().take(64);
    let is_list = start.len() > 64 && digits.clone().all(u8::is_ascii_hexdigit);
    let is_image = || ImageFile::from_file(path, file).is_ok_and(|mut image| image.has_volume());
    let goes_there = |output: Option<&Path>| output.is_some_and(|output| is_same(output, path));
    let is_earlier = match (goes_there(outputs.image), goes_there(outputs.sums)) {
        (true, _) => is_image(),
        (_, true) => is_list,
        // It is another name of what goes elsewhere, and keeps its bytes.
        (false, false) => true,
    };
    if start.is_empty() || is_earlier {
        return Ok(());
    }
    let path = path.display();
    Err(CliError::usage(format!(
        "{path} is in a folder that goes on the disc, and would be replaced by what is written"
    ))
    .hint("write to another file"))
}
