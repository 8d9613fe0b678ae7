//! The files of a reading: the image, under its own name or a provisional one, and the map of what is missing.

use std::{
    fs::{self, File, Metadata},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::{
    burn::{BlockState, ReadMap},
    cli::{CliError, place::is_same, space},
    source::BLOCK_SIZE,
};

/// Where image and map are, and whether an earlier attempt left them there.
#[derive(Debug)]
pub(super) struct Files {
    output: PathBuf,
    /// Where blocks are written: [`Self::output`] where an earlier attempt reached the end already.
    target: PathBuf,
    map: PathBuf,
    /// Whether the map stays when nothing is missing.
    keeps_map: bool,
    goes_on: bool,
    force: bool,
}

impl Files {
    /// Finds out whether this begins an image or goes on with one.
    pub(super) fn choose(
        disc: &Path,
        output: &Path,
        map: Option<&Path>,
        force: bool,
    ) -> Result<Self, CliError> {
        let part = with_suffix(output, ".part");
        let default = with_suffix(output, ".map");
        let keeps_map = map.is_some();
        let map = map.map_or(default, Path::to_path_buf);
        if map == output || map == part {
            let message = format!("{} cannot be image and map at once", map.display());
            return Err(CliError::usage(message).hint("name another file with --map"));
        }
        for file in [output, &part, &map] {
            refuse_other_than_file(file)?;
            if is_same(file, disc) {
                let message = format!("{} is the disc that is read", file.display());
                return Err(CliError::usage(message).hint("name a file to make"));
            }
        }
        let goes_on = !force && map.exists() && (part.exists() || output.exists());
        if !goes_on && !force {
            refuse_to_replace(output, &part, &map)?;
        }
        let target = if goes_on && !part.exists() { output.to_path_buf() } else { part };
        Ok(Self { output: output.to_path_buf(), target, map, keeps_map, goes_on, force })
    }

    /// What an earlier attempt found.
    pub(super) fn earlier_map(&self) -> Result<Option<ReadMap>, CliError> {
        if !self.goes_on {
            return Ok(None);
        }
        let name = self.map.display();
        let text = fs::read_to_string(&self.map)
            .map_err(|error| CliError::input(&error).hint(format!("can {name} be read?")))?;
        let map = ReadMap::from_mapfile(&text);
        map.map(Some).map_err(|error| CliError::input(&error).hint(format!("look at {name}")))
    }

    /// Refuses to begin what the disk has no room for.
    pub(super) fn check_space(&self, map: &ReadMap) -> Result<(), CliError> {
        let held = fs::metadata(&self.target).map_or(0, |found| on_disk(&found));
        let elsewhere = "make room there, or name a file elsewhere with --output";
        space::check(folder_of(&self.target), needed(map, held), elsewhere)
    }

    /// Opens the image, and makes it where it is not there yet: with its map, so that another attempt can go on however
    /// this one ends.
    pub(super) fn open(&self, map: &ReadMap) -> Result<File, CliError> {
        let failed = |error: &io::Error, path: &Path| {
            CliError::other(error).hint(format!("can {} be written?", path.display()))
        };
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(!self.goes_on);
        let image = options.open(&self.target).map_err(|error| failed(&error, &self.target))?;
        if !self.goes_on {
            self.save(&image, map, map.bounds().0).map_err(|error| {
                let _ = fs::remove_file(&self.target);
                failed(&error, &self.map)
            })?;
        }
        Ok(image)
    }

    /// Keeps what was read: first the blocks, then the map that tells of them.
    pub(super) fn save(&self, image: &File, map: &ReadMap, position: u32) -> io::Result<()> {
        image.sync_data()?;
        let mut draft = draft_beside(&self.map)?;
        draft.write_all(map.to_mapfile(position).as_bytes())?;
        draft.as_file().sync_data()?;
        draft.persist(&self.map).map(drop).map_err(|failed| failed.error)
    }

    /// Gives the image its name. The map stays only while it is of use.
    pub(super) fn finish(&self, map: &ReadMap) -> Result<(), CliError> {
        if self.target != self.output {
            fs::rename(&self.target, &self.output).map_err(|error| CliError::other(&error))?;
        }
        if map.is_complete() && !self.keeps_map {
            fs::remove_file(&self.map).map_err(|error| CliError::other(&error))?;
        }
        Ok(())
    }

    /// What to do after a reading that stopped.
    pub(super) fn go_on(&self) -> String {
        let (file, without) =
            (self.target.display(), if self.force { " without --force" } else { "" });
        format!("what was read is in {file}; the same command{without} goes on with it")
    }

    /// What to do about a map that does not fit.
    pub(super) fn begin_anew(&self) -> String {
        format!("pass --force to begin anew, without {}", self.map.display())
    }
}

/// What is there and no earlier attempt left, or not in full, is somebody's.
fn refuse_to_replace(output: &Path, part: &Path, map: &Path) -> Result<(), CliError> {
    let (found, why) = if output.exists() {
        (output, "")
    } else if part.exists() {
        (part, ", without a map that tells what it lacks")
    } else if map.exists() {
        (map, ", without the image that it would be the map of")
    } else {
        return Ok(());
    };
    let message = format!("{} exists already{why}", found.display());
    Err(CliError::usage(message).hint("pass --force to replace it, or choose another name"))
}

/// The image takes its name in the end: what is no file would be found out only then, or be lost, such as a device.
fn refuse_other_than_file(path: &Path) -> Result<(), CliError> {
    let kind = match fs::metadata(path) {
        Ok(found) if found.is_dir() => "a folder",
        Ok(found) if !found.is_file() => "no regular file",
        _ => return Ok(()),
    };
    let message = format!("{} is {kind}", path.display());
    Err(CliError::usage(message).hint("name a file to make"))
}

/// A file that is going to be a map, and goes when it does not become one.
fn draft_beside(map: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".discwright-").suffix(".map");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder_of(map))
}

/// Bytes that an image takes in addition to those that its file has on the disk.
fn needed(map: &ReadMap, held: u64) -> u64 {
    let (first, end) = map.bounds();
    let bytes = |blocks: u32| u64::from(blocks) * BLOCK_SIZE as u64;
    let missing = end - first - map.count(BlockState::Read);
    bytes(missing).min(bytes(end - first).saturating_sub(held))
}

#[cfg(unix)]
fn on_disk(found: &Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    found.blocks() * 512
}

#[cfg(not(unix))]
fn on_disk(found: &Metadata) -> u64 {
    found.len()
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_needs_no_further_room() {
        let mut map = ReadMap::new(100, 200);
        assert_eq!(needed(&map, 0), 100 * 2048);
        // All of it was set aside when the file was made.
        assert_eq!((needed(&map, 100 * 2048), needed(&map, u64::MAX)), (0, 0));
        map.set(100, 160, BlockState::Read);
        assert_eq!(needed(&map, 60 * 2048), 40 * 2048);
        // Zeros that take no room.
        assert_eq!(needed(&map, 0), 40 * 2048);
    }
}
