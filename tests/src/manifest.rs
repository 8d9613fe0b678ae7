//! What a tree holds: one line per entry, whatever program it was seen through.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// SHA-256 of a file's bytes.
pub type Hash = [u8; 32];

/// One thing in a tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Entry {
    Directory,
    File {
        size: u64,
        sha256: Hash,
    },
    /// A symbolic link, with the target as it is stored.
    Link {
        target: String,
    },
    /// A file of which a reader gave the size only: it cannot give the bytes, or it would take hours.
    Unread {
        size: u64,
    },
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory => f.write_str("directory"),
            Self::File { size, sha256 } => {
                write!(f, "file of {size} bytes, sha256 {}...", &hex(sha256)[..12])
            }
            Self::Link { target } => write!(f, "link -> {target}"),
            Self::Unread { size } => write!(f, "file of {size} bytes"),
        }
    }
}

/// Paths (`/`-separated, relative, in order) and what is there.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Manifest {
    pub entries: BTreeMap<String, Entry>,
    /// Paths that were given more than once: a reader that lists a name twice found an image with a fault.
    pub repeated: Vec<String>,
}

impl Manifest {
    /// Adds an entry; the second one of the same path is noted as repeated.
    pub fn add(&mut self, path: impl Into<String>, entry: Entry) {
        let path = path.into();
        if self.entries.insert(path.clone(), entry).is_some() {
            self.repeated.push(path);
        }
    }

    /// Reads a folder of this machine. A file that cannot be read is an error: nothing may be left out silently.
    pub fn of_folder(folder: &Path) -> Result<Self> {
        let mut manifest = Self::default();
        for item in walkdir::WalkDir::new(folder).min_depth(1) {
            let item = item.with_context(|| format!("cannot list {}", folder.display()))?;
            let relative = item.path().strip_prefix(folder)?.to_string_lossy().into_owned();
            manifest.add(relative, entry_of(item.path(), item.file_type())?);
        }
        Ok(manifest)
    }

    /// How many entries are files, directories and links.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |wanted: fn(&Entry) -> bool| {
            self.entries.values().filter(|entry| wanted(entry)).count()
        };
        let directories = count(|entry| *entry == Entry::Directory);
        let links = count(|entry| matches!(entry, Entry::Link { .. }));
        (self.entries.len() - directories - links, directories, links)
    }

    /// The text form, one entry a line, as a program or a person can compare it.
    pub fn lines(&self) -> String {
        let line = |(path, entry): (&String, &Entry)| match entry {
            Entry::Directory => format!("dir - {path}\n"),
            Entry::File { size, sha256 } => format!("{} {size} {path}\n", hex(sha256)),
            Entry::Link { target } => format!("link -> {target} {path}\n"),
            Entry::Unread { size } => format!("unread {size} {path}\n"),
        };
        self.entries.iter().map(line).collect()
    }
}

fn entry_of(path: &Path, kind: fs::FileType) -> Result<Entry> {
    let failed = || format!("cannot read {}", path.display());
    if kind.is_dir() {
        Ok(Entry::Directory)
    } else if kind.is_symlink() {
        let target = fs::read_link(path).with_context(failed)?;
        Ok(Entry::Link { target: target.to_string_lossy().into_owned() })
    } else {
        file(&mut File::open(path).with_context(failed)?).with_context(failed)
    }
}

/// The entry of a file whose bytes are all that `reader` gives.
pub fn file(reader: &mut dyn Read) -> io::Result<Entry> {
    let mut hasher = Hasher::default();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(read) => hasher.update(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// A file's bytes as they come.
#[derive(Debug, Default)]
pub struct Hasher {
    size: u64,
    sha256: Sha256,
}

impl Hasher {
    pub fn update(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        self.sha256.update(bytes);
    }

    pub fn finish(self) -> Entry {
        Entry::File { size: self.size, sha256: self.sha256.finalize().into() }
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_seen_twice_is_noted() {
        let mut manifest = Manifest::default();
        manifest.add("a", Entry::Directory);
        manifest.add("a", Entry::Unread { size: 1 });
        assert_eq!(manifest.repeated, ["a"]);
    }

    #[test]
    fn the_hash_is_of_all_bytes() {
        let mut bytes = io::Cursor::new(b"abc");
        let Ok(Entry::File { size: 3, sha256 }) = file(&mut bytes) else {
            panic!("not a file of three bytes")
        };
        assert_eq!(
            hex(&sha256),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
