//! What image-core's own reader sees of an image in a file.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use anyhow::{Context, Result};
use image_core::BLOCK_SIZE;
use image_core::read::{self, BlockSource, EntryKind, FileSystem, Image, ReadError, View};

use crate::manifest::{Entry, Hasher, Manifest};

/// The blocks of a file.
#[derive(Debug)]
pub struct FileSource {
    file: File,
    blocks: u32,
}

impl BlockSource for FileSource {
    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), ReadError> {
        let at = u64::from(lba) * BLOCK_SIZE as u64;
        self.file.read_exact_at(out, at).map_err(|_| ReadError::Unreadable { lba })
    }

    fn blocks(&self) -> u32 {
        self.blocks
    }
}

/// Opens an image file.
pub fn open(path: &Path) -> Result<Image<FileSource>> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let blocks = u32::try_from(file.metadata()?.len() / BLOCK_SIZE as u64)?;
    Ok(read::open(FileSource { file, blocks })?)
}

/// Every entry of one file system with its content. Hidden entries are left out, as other systems leave them out.
pub fn manifest(image: &mut Image<FileSource>, system: FileSystem) -> Result<Manifest> {
    let mut manifest = Manifest::default();
    let mut walk = image.view(system)?.walk();
    while let Some(entry) = walk.next() {
        let entry = entry?;
        if entry.hidden {
            continue;
        }
        let seen = match entry.kind {
            EntryKind::Directory => Entry::Directory,
            EntryKind::Symlink => Entry::Link { target: entry.target.clone().unwrap_or_default() },
            _ => content(walk.view(), &entry).with_context(|| entry.path.clone())?,
        };
        manifest.add(entry.path, seen);
    }
    Ok(manifest)
}

fn content(view: &mut View<'_, FileSource>, entry: &read::Entry) -> Result<Entry> {
    let mut hasher = Hasher::default();
    let mut buffer = vec![0; 1 << 18];
    let mut at = 0;
    loop {
        let read = view.read(entry, at, &mut buffer)?;
        if read == 0 {
            return Ok(hasher.finish());
        }
        hasher.update(&buffer[..read]);
        at += read as u64;
    }
}
