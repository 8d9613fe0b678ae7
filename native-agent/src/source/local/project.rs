//! A project that the app saved as a file: what is on the disc, and where its files are. `docs/project-file.md` describes
//! the format.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use image_core::media::Medium;
use image_core::{
    AddError, Attributes, DiscTime, FileSystems, Iso9660Options, IsoLevel, Options, SourceId, Tree,
};
use serde::Deserialize;

use super::{DirectoryId, LocalFile, LocalFiles, Scan, listing};

/// What the files call themselves.
const FORMAT: &str = "discwright-project";
/// The newest version of the format that is read here.
const VERSION: u64 = 1;
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

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProjectOptions {
    iso_level: u8,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Entry {
    Directory {
        /// In the image.
        path: String,
        details: Option<EntryDetails>,
    },
    File {
        path: String,
        /// From the folder that holds what was added to the project.
        source: String,
        size: u64,
        /// Milliseconds since 1970.
        modified: i64,
        details: Option<EntryDetails>,
    },
}

/// What the user said of an entry. Anything else that is said would make another image, and is refused.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryDetails {
    /// When it was modified as the disc has it, in milliseconds since 1970.
    modified: Option<i64>,
}

impl EntryDetails {
    /// What is recorded of an entry that was modified at this time, if that is known.
    fn attributes(details: Option<&Self>, modified: Option<i64>) -> Attributes {
        let modified = details.and_then(|details| details.modified).or(modified);
        Attributes { modified: modified.map(disc_time), ..Attributes::default() }
    }
}

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
    /// A project that no image is made of.
    #[error("a project of the kind {kind:?} is not built")]
    NotBuilt {
        /// Its kind.
        kind: String,
    },
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
            Self::Damaged { .. } | Self::Unknown { .. } | Self::Outside { .. } => {
                Some("save the project again in the app")
            }
            Self::NotBuilt { .. } => Some("burn the image itself with `discwright burn`"),
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
        if head.format.as_deref() != Some(FORMAT) {
            return Err(ProjectError::NotAProject { path: path.to_path_buf() });
        }
        if let Some(version) = head.version.filter(|version| *version > VERSION) {
            return Err(ProjectError::Newer { path: path.to_path_buf(), version });
        }
        serde_json::from_slice(&text).map_err(damaged)
    }

    /// How its image is made.
    ///
    /// # Errors
    /// A kind, medium or level of interchange there is none of.
    pub fn image_options(&self) -> Result<Options, ProjectError> {
        if self.kind != "data" {
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
        let ProjectFileSystems { iso9660, joliet, rock_ridge, udf } = self.file_systems;
        Ok(Options {
            volume_id: self.volume_id.clone(),
            file_systems: FileSystems { iso9660, joliet, rock_ridge, udf },
            iso9660: Iso9660Options { level, ..Iso9660Options::default() },
            created: disc_time(self.created),
            ..base
        })
    }

    /// Finds its files below `root`.
    ///
    /// # Errors
    /// The first file that is missing or of another length, by its path. See [`ProjectError`].
    pub fn gather(&self, root: &Path) -> Result<Gathered, ProjectError> {
        let mut gathering = Gathering::new(root);
        for entry in &self.entries {
            match entry {
                Entry::Directory { path, details } => {
                    let attributes = EntryDetails::attributes(details.as_ref(), None);
                    gathering.add_directory(path, attributes)?;
                }
                Entry::File { path, source, size, modified, details } => {
                    let attributes = EntryDetails::attributes(details.as_ref(), Some(*modified));
                    let file = gathering.find_file(path, source, *size, *modified)?;
                    gathering.add_file(path, file, *size, attributes)?;
                }
            }
        }
        Ok(gathering.done)
    }
}

struct Gathering<'a> {
    root: &'a Path,
    done: Gathered,
    /// Folders of sources by their paths.
    folders: BTreeMap<&'a str, DirectoryId>,
}

impl<'a> Gathering<'a> {
    fn new(root: &'a Path) -> Self {
        let (tree, files) = (Tree::new(), LocalFiles::default());
        let scan = Scan { tree, files, notices: Vec::new(), spelt: Vec::new() };
        Self { root, done: Gathered { scan, redated: 0 }, folders: BTreeMap::new() }
    }

    fn add_directory(&mut self, path: &str, attributes: Attributes) -> Result<(), ProjectError> {
        let added = self.done.scan.tree.add_directory(path, attributes);
        added.map(|_| ()).map_err(|source| ProjectError::Add { path: path.to_owned(), source })
    }

    fn add_file(
        &mut self,
        path: &str,
        file: SourceId,
        len: u64,
        attributes: Attributes,
    ) -> Result<(), ProjectError> {
        let added = self.done.scan.tree.add_file(path, file, len, attributes);
        added.map(|_| ()).map_err(|source| ProjectError::Add { path: path.to_owned(), source })
    }

    /// Finds the file that is `path` in the image, and sees that it is what it was.
    fn find_file(
        &mut self,
        path: &str,
        source: &'a str,
        size: u64,
        modified: i64,
    ) -> Result<SourceId, ProjectError> {
        if !stays_inside(source) {
            let source_path = source.to_owned();
            return Err(ProjectError::Outside { path: path.to_owned(), source_path });
        }
        let at = self.root.join(source);
        let found = match listing::named(&at) {
            Ok(found) => found,
            Err(source) => {
                return Err(ProjectError::Missing { path: path.to_owned(), at, source });
            }
        };
        let listing::Kind::File { len } = found.kind else {
            return Err(ProjectError::NotAFile { path: path.to_owned(), at });
        };
        if len != size {
            return Err(ProjectError::Changed { at, size, found: len });
        }
        // A page knows times to the millisecond.
        self.done.redated += usize::from(found.times.modified.div_euclid(1_000_000) != modified);
        let too_many = || ProjectError::TooMany { path: path.to_owned() };
        let (folder, name) = source.rsplit_once('/').unwrap_or(("", source));
        let directory = self.folder(folder).ok_or_else(too_many)?;
        let file = LocalFile { directory, len, modified: found.times.modified };
        self.done.scan.files.add_file(name.as_ref(), file).ok_or_else(too_many)
    }

    /// The folder of this path; `None` when there are too many.
    fn folder(&mut self, path: &'a str) -> Option<DirectoryId> {
        if let Some(known) = self.folders.get(path) {
            return Some(*known);
        }
        let files = &mut self.done.scan.files;
        let added = if path.is_empty() {
            files.add_base(self.root.to_path_buf())?
        } else {
            let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
            let parent = self.folder(parent)?;
            self.done.scan.files.add_directory(parent, name.as_ref())?
        };
        self.folders.insert(path, added);
        Some(added)
    }
}

/// Whether a path leads to something below where it begins. On Windows names have no backslashes or colons.
fn stays_inside(path: &str) -> bool {
    let foreign = |name: &str| cfg!(windows) && name.contains(['\\', ':']);
    path.split('/').all(|name| !matches!(name, "" | "." | "..") && !foreign(name))
}

/// Milliseconds since 1970 as UTC.
fn disc_time(milliseconds: i64) -> DiscTime {
    let nanosecond = u32::try_from(milliseconds.rem_euclid(1000)).unwrap_or(0) * 1_000_000;
    DiscTime::from_unix(milliseconds.div_euclid(1000), nanosecond, 0)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    const MODIFIED: i64 = 1_600_000_000_123;

    /// A folder with a project and the one file it is made of.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let photos = folder.path().join("photos/2026");
        fs::create_dir_all(&photos).unwrap();
        let file = fs::File::create(photos.join("a.jpg")).unwrap();
        file.set_len(5).unwrap();
        let modified = Duration::from_millis(MODIFIED.cast_unsigned());
        file.set_modified(SystemTime::UNIX_EPOCH + modified).unwrap();
        folder
    }

    fn text() -> String {
        r#"{ "format": "discwright-project", "version": 1, "kind": "data", "name": "P", "volumeId": "PHOTOS",
            "created": 1700000000000, "medium": "dvd",
            "fileSystems": { "iso9660": true, "joliet": false, "rockRidge": true, "udf": false },
            "options": { "isoLevel": 2 }, "entries": [
            { "path": "best", "kind": "directory" },
            { "path": "best/first.jpg", "kind": "file", "source": "photos/2026/a.jpg", "size": 5,
              "modified": 1600000000123 } ] }"#
            .to_owned()
    }

    fn read(folder: &Path, text: &str) -> Result<Project, ProjectError> {
        let path = folder.join("p.discwright");
        fs::write(&path, text).unwrap();
        Project::read(&path)
    }

    #[test]
    fn a_project_says_what_is_on_the_disc_and_how() {
        let folder = folder();
        let project = read(folder.path(), &text()).unwrap();
        let options = project.image_options().unwrap();
        assert_eq!((options.volume_id.as_str(), options.iso9660.level), ("PHOTOS", IsoLevel::Two));
        assert_eq!(options.created.to_unix(), 1_700_000_000);
        assert!(options.file_systems.rock_ridge && !options.file_systems.udf);
        assert_eq!(options.layout.alignment, Medium::Dvd.options().layout.alignment);

        let Gathered { scan, redated } = project.gather(folder.path()).unwrap();
        let file = scan.tree.find("best/first.jpg").unwrap();
        assert_eq!(scan.tree.attributes(file).modified, Some(disc_time(MODIFIED)));
        assert_eq!(scan.files.path(SourceId(0)), folder.path().join("photos/2026/a.jpg"));
        assert_eq!(redated, 0);
    }

    #[test]
    fn what_the_user_said_of_an_entry_counts_and_what_is_unknown_is_refused() {
        let folder = folder();
        let said = text()
            .replace("\"directory\" }", "\"directory\", \"details\": { \"modified\": 5000 } }")
            .replace("0123 }", "0123, \"details\": { \"modified\": 7000 } }");
        let gathered = read(folder.path(), &said).unwrap().gather(folder.path()).unwrap();
        let tree = gathered.scan.tree;
        let seconds = |path| {
            let node = tree.find(path).unwrap();
            tree.attributes(node).modified.map(|time| time.to_unix())
        };
        assert_eq!((seconds("best"), seconds("best/first.jpg")), (Some(5), Some(7)));
        let unknown =
            read(folder.path(), &said.replace("{ \"modified\": 7000", "{ \"colour\": 7000"));
        assert!(matches!(unknown, Err(ProjectError::Damaged { .. })));
    }

    #[test]
    fn files_that_are_not_as_they_were_are_named() {
        let folder = folder();
        let gather = |text: &str| read(folder.path(), text).unwrap().gather(folder.path());
        let missing = gather(&text().replace("2026/a.jpg", "2026/b.jpg")).unwrap_err();
        assert!(matches!(&missing, ProjectError::Missing { path, .. } if path == "best/first.jpg"));
        let changed = gather(&text().replace("\"size\": 5", "\"size\": 6")).unwrap_err();
        assert!(matches!(changed, ProjectError::Changed { size: 6, found: 5, .. }), "{changed}");
        let no_file = gather(&text().replace("photos/2026/a.jpg", "photos")).unwrap_err();
        assert!(matches!(no_file, ProjectError::NotAFile { .. }), "{no_file}");
        let redated = gather(&text().replace("1600000000123", "1600000000124")).unwrap();
        assert_eq!(redated.redated, 1);
        for outside in ["../a.jpg", "/etc/passwd", "photos//a.jpg"] {
            let error = gather(&text().replace("photos/2026/a.jpg", outside)).unwrap_err();
            assert!(matches!(error, ProjectError::Outside { .. }), "{error}");
        }
    }

    #[test]
    fn what_is_no_project_of_this_version_is_refused() {
        let folder = folder();
        let error = |text: &str| read(folder.path(), text).unwrap_err();
        assert!(matches!(error("{}"), ProjectError::NotAProject { .. }));
        assert!(matches!(error(&text()[..300]), ProjectError::Damaged { .. }));
        let newer = error(&text().replace("\"version\": 1", "\"version\": 2"));
        assert!(matches!(newer, ProjectError::Newer { version: 2, .. }), "{newer}");
        assert!(matches!(error(&text().replace("5,", "\"5\",")), ProjectError::Damaged { .. }));

        let refused = |text: &str| read(folder.path(), text).unwrap().image_options().unwrap_err();
        let medium = refused(&text().replace("\"dvd\"", "\"floppy\""));
        assert!(matches!(medium, ProjectError::Unknown { what: "medium", .. }), "{medium}");
        let level = refused(&text().replace("isoLevel\": 2", "isoLevel\": 9"));
        assert!(matches!(level, ProjectError::Unknown { what: "options.isoLevel", .. }), "{level}");
        let kind = refused(&text().replace("\"data\"", "\"image\""));
        assert!(matches!(kind, ProjectError::NotBuilt { .. }), "{kind}");
    }
}
