//! A project that the app saved as a file: what is on the disc, and where its files are. `docs/project-file.md` describes
//! the format.

mod boot;
mod entries;
mod error;
mod gathering;

use std::fs;
use std::path::Path;

use image_core::media::Medium;
use image_core::{
    DiscTime, FileSystems, Iso9660Options, IsoLevel, Options, UdfOptions, UdfRevision, VideoProfile,
};
use serde::Deserialize;

use super::{Scan, content};
use entries::{DATES, Entry, within};
pub use error::ProjectError;
use gathering::Gathering;

/// What the files call themselves.
const FORMAT: &str = "discwright-project";
/// The newest version of the format that is read here.
const VERSION: u64 = 1;
/// Kinds of projects that images are made of.
const KINDS: [&str; 3] = ["data", BOOTABLE, VIDEO];
const BOOTABLE: &str = "bootable";
const VIDEO: &str = "video";
/// How the names of the files end.
const EXTENSION: &str = "discwright";

/// A project file, read and checked. Where its files are, and whether they still are what they were, is not.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    kind: String,
    volume_id: String,
    /// When the volume is made, in milliseconds since 1970.
    created: i64,
    medium: Option<String>,
    file_systems: ProjectFileSystems,
    options: ProjectOptions,
    /// Of the kind `bootable`.
    boot: Option<boot::Section>,
    /// Of the kind `video`.
    video: Option<VideoProfile>,
    entries: Vec<Entry>,
}

/// What tells whether the rest can be read.
#[derive(Deserialize)]
struct Head {
    format: Option<String>,
    version: Option<u64>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProjectFileSystems {
    iso9660: bool,
    joliet: bool,
    rock_ridge: bool,
    udf: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProjectOptions {
    iso_level: u8,
    udf_revision: Option<String>,
}

/// What came of looking for the files of a project.
#[derive(Debug)]
pub struct Gathered {
    /// The contents of the disc, and where its files are.
    pub scan: Scan,
    /// Files of the same length that were changed at another time than the project says, which an image does not tell.
    pub redated: usize,
}

impl Project {
    /// Whether this is the path of a project file, by its name.
    #[must_use]
    pub fn is_named(path: &Path) -> bool {
        path.extension().is_some_and(|extension| extension == EXTENSION) && path.is_file()
    }

    /// Reads a project file.
    ///
    /// # Errors
    /// See [`ProjectError`].
    pub fn read(path: &Path) -> Result<Self, ProjectError> {
        let io = |source| ProjectError::Io { path: path.to_path_buf(), source };
        let text = fs::read(path).map_err(io)?;
        let damaged = |source| ProjectError::Damaged { path: path.to_path_buf(), source };
        let head: Head = serde_json::from_slice(&text).map_err(damaged)?;
        let version = head.version.filter(|version| *version > 0);
        let Some(version) = version.filter(|_| head.format.as_deref() == Some(FORMAT)) else {
            return Err(ProjectError::NotAProject { path: path.to_path_buf() });
        };
        if version > VERSION {
            return Err(ProjectError::Newer { path: path.to_path_buf(), version });
        }
        let project: Self = serde_json::from_slice(&text).map_err(damaged)?;
        within(|| "created".to_owned(), Some(project.created), DATES)?;
        for (number, entry) in project.entries.iter().enumerate() {
            entry.check(number)?;
        }
        Ok(project)
    }

    /// What it is for, if that is known.
    #[must_use]
    pub fn medium(&self) -> Option<Medium> {
        Medium::from_id(self.medium.as_deref()?)
    }

    /// How its image is made.
    ///
    /// # Errors
    /// A kind, medium or level of interchange there is none of.
    pub fn image_options(&self) -> Result<Options, ProjectError> {
        if !KINDS.contains(&self.kind.as_str()) {
            return Err(ProjectError::NotBuilt { kind: self.kind.clone() });
        }
        let unknown = |what, value: &str| ProjectError::Unknown { what, value: value.to_owned() };
        let base = match &self.medium {
            None => Options::default(),
            Some(id) => Medium::from_id(id).ok_or_else(|| unknown("medium", id))?.options(),
        };
        let level = self.options.iso_level;
        let level = IsoLevel::try_from(level)
            .map_err(|_| unknown("options.isoLevel", &level.to_string()))?;
        let revised = match &self.options.udf_revision {
            None => base.udf,
            Some(name) => UdfOptions::of(
                name.parse().map_err(|_: &str| unknown("options.udfRevision", name))?,
            ),
        };
        let ProjectFileSystems { iso9660, joliet, rock_ridge, udf } = self.file_systems;
        Ok(Options {
            volume_id: self.volume_id.clone(),
            file_systems: FileSystems { iso9660, joliet, rock_ridge, udf },
            iso9660: Iso9660Options { level, ..Iso9660Options::default() },
            udf: revised,
            created: disc_time(self.created),
            ..base
        })
    }

    /// Adds what the kind of the project asks for, for which files that were found have to be read.
    ///
    /// # Errors
    /// A section that is missing or makes no sense, or a file that cannot be read.
    pub fn complete(&self, scan: &mut Scan, options: &mut Options) -> Result<(), ProjectError> {
        let lacking = |section| ProjectError::Lacking { kind: self.kind.clone(), section };
        match self.kind.as_str() {
            BOOTABLE => {
                let section = self.boot.as_ref().ok_or_else(|| lacking("boot"))?;
                options.boot = section.options(scan)?;
            }
            VIDEO => {
                let player = self.video.ok_or_else(|| lacking("video"))?;
                options.video = Some(player);
                options.udf = UdfOptions::of(match player {
                    VideoProfile::Dvd => UdfRevision::V1_02,
                    VideoProfile::Bd => UdfRevision::V2_50,
                });
                if player == VideoProfile::Dvd {
                    content::read_information(scan)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Finds its files below `root`; `outputs` are going to be written, and must be none of them.
    ///
    /// # Errors
    /// The first file that is missing or of another length, by its path, or has streams that are recorded nowhere. See
    /// [`ProjectError`].
    pub fn gather(&self, root: &Path, outputs: &[&Path]) -> Result<Gathered, ProjectError> {
        let mut gathering = Gathering::new(root, outputs)?;
        for entry in &self.entries {
            if !self.file_systems.udf && !entry.streams().is_empty() {
                return Err(ProjectError::StreamsWithoutUdf { path: entry.path().to_owned() });
            }
            gathering.add(entry)?;
        }
        Ok(gathering.done)
    }
}

/// Milliseconds since 1970 as UTC.
fn disc_time(milliseconds: i64) -> DiscTime {
    let nanosecond = u32::try_from(milliseconds.rem_euclid(1000)).unwrap_or(0) * 1_000_000;
    DiscTime::from_unix(milliseconds.div_euclid(1000), nanosecond, 0)
}

#[cfg(test)]
mod tests;
