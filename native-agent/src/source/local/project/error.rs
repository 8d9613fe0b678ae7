//! Why a project cannot be built, and what to do about it.

use std::io;
use std::path::PathBuf;

use image_core::AddError;

use super::VERSION;
use crate::source::SourceError;

/// Why a project cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProjectError {
    /// The project file is not there or may not be read.
    #[error("cannot read {}", path.display())]
    Io {
        /// The project file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// JSON, but not of a project.
    #[error("{} is no project of discwright", path.display())]
    NotAProject {
        /// The file.
        path: PathBuf,
    },
    /// The format has changed since this program was made.
    #[error("{} is of version {version} of the format, and this program knows {VERSION}", path.display())]
    Newer {
        /// The project file.
        path: PathBuf,
        /// Its version.
        version: u64,
    },
    /// Cut short, or something in it is missing or not what it should be.
    #[error("{} is damaged", path.display())]
    Damaged {
        /// The project file.
        path: PathBuf,
        /// Where and what.
        #[source]
        source: serde_json::Error,
    },
    /// A value there is none of.
    #[error("{what} of the project is {value:?}, which is none")]
    Unknown {
        /// Which value.
        what: &'static str,
        /// What it is.
        value: String,
    },
    /// A number that is none of those it may be.
    #[error("{at} of the project is {value}, which is not from {least} to {most}")]
    OutOfRange {
        /// Where in the project file.
        at: String,
        /// What it is.
        value: i64,
        /// The least that it may be.
        least: i64,
        /// The most that it may be.
        most: i64,
    },
    /// A project that no image is made of.
    #[error("a project of the kind {kind:?} is not built")]
    NotBuilt {
        /// Its kind.
        kind: String,
    },
    /// A section that every project of the kind has.
    #[error("a project of the kind {kind:?} has a part {section:?}, and this one has none")]
    Lacking {
        /// The kind.
        kind: String,
        /// The section.
        section: &'static str,
    },
    /// A project for starting machines, with nothing that could be started.
    #[error("nothing is chosen that the image is to start")]
    NothingToStart,
    /// Code of a master boot record that is no file of the image.
    #[error("the start code {path} is not on the disc")]
    NoCode {
        /// Its path in the image.
        path: String,
    },
    /// Named streams, where there is nothing to record them.
    #[error("{path} has named streams, which only UDF has, and the project is without UDF")]
    StreamsWithoutUdf {
        /// Path in the image.
        path: String,
    },
    /// A file that has to be read before the image is planned, and cannot be.
    #[error(transparent)]
    Content(#[from] SourceError),
    /// A source that would be outside the folder of the sources.
    #[error("{source_path:?}, the source of {path}, leads out of the folder of the project")]
    Outside {
        /// Path in the image.
        path: String,
        /// Path of the source.
        source_path: String,
    },
    /// A file that is not where it was.
    #[error("{} is not there, which is {path} on the disc", at.display())]
    Missing {
        /// Path in the image.
        path: String,
        /// Where it was looked for.
        at: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file that is going to be written.
    #[error("{}, which is {path} on the disc, would be replaced by the image", at.display())]
    Output {
        /// Path in the image.
        path: String,
        /// Where it is.
        at: PathBuf,
    },
    /// Something else is where a file was.
    #[error("{} is no file, but {path} on the disc is one", at.display())]
    NotAFile {
        /// Path in the image.
        path: String,
        /// Where it was looked for.
        at: PathBuf,
    },
    /// A file of another length.
    #[error("{} has {found} bytes, and {size} when the project was saved", at.display())]
    Changed {
        /// Where it is.
        at: PathBuf,
        /// Its length in the project.
        size: u64,
        /// Its length.
        found: u64,
    },
    /// A path that cannot be on the disc, or is taken.
    #[error("cannot add {path}")]
    Add {
        /// Path in the image.
        path: String,
        /// What is wrong with it.
        #[source]
        source: AddError,
    },
    /// More files or longer names than 32-bit numbers reach.
    #[error("{path} is one file too many")]
    TooMany {
        /// Path in the image.
        path: String,
    },
}

impl ProjectError {
    /// What the user can do about it.
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Io { .. } => Some("check the path and its permissions"),
            Self::NotAProject { .. } => {
                Some("name a file the app saved; a file of that name goes on a disc as =FILE")
            }
            Self::Newer { .. } => Some("build it with a newer discwright"),
            Self::Damaged { .. }
            | Self::Unknown { .. }
            | Self::OutOfRange { .. }
            | Self::Outside { .. } => Some("save the project again in the app"),
            Self::Lacking { .. } => Some("save the project again in the app"),
            Self::NothingToStart => {
                Some("choose a boot image in the app, and save the project again")
            }
            Self::NoCode { .. } => Some("choose the start code again in the app"),
            Self::StreamsWithoutUdf { .. } => {
                Some("turn UDF on in the app, or remove the streams, and save the project again")
            }
            Self::Content(error) => error.hint(),
            Self::NotBuilt { .. } => Some("burn the image itself with `discwright burn`"),
            Self::Output { .. } => Some("write to another file"),
            Self::Missing { .. } | Self::NotAFile { .. } => Some(
                "keep the project beside the folders it was made of, or name their place with --root",
            ),
            Self::Changed { .. } => {
                Some("open the project in the app, take the file as it is now, and save it again")
            }
            Self::Add { source, .. } => Some(source.hint()),
            Self::TooMany { .. } => Some("spread the files over several discs"),
        }
    }
}
