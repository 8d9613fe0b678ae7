//! A made-up listing of a disc full of files: photographs, music, sources, papers.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Files of one folder.
const FOLDER: u32 = 100;
/// More than any path has.
const LONGEST: usize = 128;

const PLACES: [&str; 6] =
    ["Lake District", "München", "Île de Ré", "Kyōto", "São Miguel", "back garden"];
const WORDS: [&str; 8] =
    ["buffer", "catalog", "descriptor", "extent", "hierarchy", "layout", "record", "volume"];
const TITLES: [&str; 5] = ["Allegro ma non troppo", "Blue", "Nocturne", "Überfahrt", "Wait for Me"];
const PAPERS: [&str; 4] =
    ["Minutes of the meeting", "Invoice", "Steuererklärung (Entwurf)", "letter to the council"];

/// One after the other in few pieces of memory, as they cross into WebAssembly.
pub(crate) struct Listing {
    paths: String,
    ends: Vec<u32>,
    sizes: Vec<f64>,
    /// Seconds since 1970.
    modified: Vec<f64>,
}

pub(crate) struct File<'a> {
    pub(crate) path: &'a str,
    pub(crate) size: u64,
    pub(crate) modified: i64,
}

impl Listing {
    pub(crate) fn new(files: u32) -> Self {
        let count = files as usize;
        // Never moved to a larger place, which would count as memory at the peak before anything is planned.
        let mut listing = Self {
            paths: String::with_capacity(count * LONGEST),
            ends: Vec::with_capacity(count),
            sizes: Vec::with_capacity(count),
            modified: Vec::with_capacity(count),
        };
        for file in 0..files {
            write_path(&mut listing.paths, file / FOLDER, file % FOLDER);
            listing.ends.push(u32::try_from(listing.paths.len()).unwrap_or(u32::MAX));
            let mixed = file.wrapping_mul(0x9E37_79B1);
            listing.sizes.push(f64::from(mixed >> (8 + mixed % 16)));
            listing.modified.push(f64::from(1_000_000_000 + mixed % 600_000_000));
        }
        listing
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = File<'_>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let rest = self.sizes.iter().zip(&self.modified);
        starts.zip(&self.ends).zip(rest).map(|((start, end), (size, modified))| File {
            path: self.paths.get(start as usize..*end as usize).unwrap_or_default(),
            size: *size as u64,
            modified: *modified as i64,
        })
    }

    /// Writes a file for each array into a new folder.
    pub(crate) fn save(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder)?;
        let ends: Vec<u8> = self.ends.iter().flat_map(|end| end.to_le_bytes()).collect();
        let floats = |floats: &[f64]| floats.iter().flat_map(|float| float.to_le_bytes()).collect();
        let sizes: Vec<u8> = floats(&self.sizes);
        let modified: Vec<u8> = floats(&self.modified);
        let arrays: [(&str, &[u8]); 4] = [
            ("paths", self.paths.as_bytes()),
            ("ends", &ends),
            ("sizes", &sizes),
            ("modified", &modified),
        ];
        for (name, bytes) in arrays {
            fs::write(folder.join(name), bytes).with_context(|| format!("cannot write {name}"))?;
        }
        Ok(())
    }
}

/// Names differ in their folder by `file`, and folders by `folder`.
fn write_path(out: &mut String, folder: u32, file: u32) {
    let (year, month, day) = (1998 + folder % 27, 1 + folder % 12, 1 + folder % 28);
    let pick = |words: &[&'static str], at: u32| {
        words.get(at as usize % words.len().max(1)).copied().unwrap_or_default()
    };
    let (place, word) = (pick(&PLACES, folder / 4), pick(&WORDS, folder / 4));
    // Writing to a string cannot fail.
    let _ = match folder % 4 {
        0 => write!(
            out,
            "Pictures/{year}/{year}-{month:02}-{day:02} {place} {folder}/IMG_{year}{month:02}{day:02}_{file:04}.JPG"
        ),
        1 => write!(
            out,
            "src/{word}-{folder}/{}_{}_{file}.rs",
            pick(&WORDS, file),
            pick(&WORDS, file / 8)
        ),
        2 => write!(
            out,
            "Music/{place} Ensemble/Volume {folder}/{file:02} - {}.flac",
            pick(&TITLES, file)
        ),
        _ => write!(
            out,
            "Documents/{year}/{folder}/{year}-{month:02}-{day:02} {} {file}.docx",
            pick(&PAPERS, file)
        ),
    };
}
