//! `build --checksums`: which sums are made, and where they are told.

use std::{
    fs,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use clap::ValueEnum;
use image_core::{ChecksumOptions, FileSystems, NameReport, Plan, checksum::Sums};

use super::{CliError, write_failed};
use crate::{
    identity::hex,
    source::writer::{Draft, WriteError},
};

/// Which checksums are made while the image is written.
#[derive(Debug, PartialEq, clap::Args)]
#[command(next_help_heading = "Checksums")]
pub(in crate::cli) struct Checksums {
    /// Make checksums in the same pass, and record them on the disc [without LIST: md5,sha256]
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "md5,sha256"
    )]
    checksums: Vec<Checksum>,
    /// Write the SHA-256 of every file here, as sha256sum -c reads it in the root of the disc, or to standard output with -;
    /// with --append, of those that are new on it
    #[arg(long, value_name = "OUT|-")]
    sha256_file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Checksum {
    /// MD5 of every file and of the image as xorriso records them: xorriso -md5 on -indev IMG -check_md5_r sorry / --
    Md5,
    /// MD5 of the image as implantisomd5 records it, for checkisomd5; beside it, md5 is of the files only
    Isomd5,
    /// SHA-256 of the image, printed as sha256sum prints it
    Sha256,
}

impl Checksums {
    pub(in crate::cli) fn options(&self) -> ChecksumOptions {
        let has = |wanted| self.checksums.contains(&wanted);
        ChecksumOptions {
            md5: has(Checksum::Md5),
            isomd5: has(Checksum::Isomd5),
            sha256: has(Checksum::Sha256),
            sha256_files: self.sha256_file.is_some(),
        }
    }

    /// The file with the sums of all files, if it is asked for.
    pub(super) fn file(&self) -> Option<&Path> {
        self.sha256_file.as_deref().filter(|_| !self.tells_files())
    }

    /// Whether the sums of all files go to standard output. A file may be called `-`, which is not written.
    pub(in crate::cli) fn tells_files(&self) -> bool {
        self.sha256_file.as_deref() == Some(Path::new("-"))
    }

    /// Whether the sum of the image is to be told.
    pub(super) fn tells_image(&self) -> bool {
        self.checksums.contains(&Checksum::Sha256)
    }

    /// Begins the list with the sums of all files, if it is asked for: before anything else is written, so that it can be.
    pub(in crate::cli) fn begin_list(&self) -> Result<Option<List>, CliError> {
        let Some(path) = &self.sha256_file else { return Ok(None) };
        let begun = if self.tells_files() { Ok(List::Standard) } else { List::begin(path) };
        begun.map(Some).map_err(|error| write_failed(&error))
    }
}

/// A list of sums to come. What has its name keeps it until the list is whole.
#[derive(Debug)]
pub(in crate::cli) enum List {
    Standard,
    /// A device or pipe, which is written to as it is.
    Stream(PathBuf, fs::File),
    File(PathBuf, Draft),
}

impl List {
    fn begin(path: &Path) -> Result<Self, WriteError> {
        let path = path.to_path_buf();
        if path.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir()) {
            let opened = fs::File::options().write(true).open(&path);
            let failed = |source| WriteError::Output { path: path.clone(), source };
            return Ok(Self::Stream(path.clone(), opened.map_err(failed)?));
        }
        let draft = Draft::create(&path, 0)?;
        Ok(Self::File(path, draft))
    }

    /// Writes the sums of all files whose bytes were written.
    pub(in crate::cli) fn write(self, plan: &Plan, sums: &Sums) -> Result<(), CliError> {
        if has_other_names(plan) {
            eprintln!(
                "note: the list has the names that were given, and the disc others, of ISO 9660 alone (--names tells them)"
            );
        }
        let (path, written) = match self {
            Self::Standard => {
                let written = write_lines(io::stdout().lock(), plan, sums);
                (PathBuf::from("standard output"), written)
            }
            Self::Stream(path, file) => (path, write_lines(&file, plan, sums)),
            Self::File(path, draft) => {
                let written = write_lines(draft.file(), plan, sums);
                (path, written.and_then(|()| draft.publish()))
            }
        };
        written.map_err(|source| write_failed(&WriteError::Output { path, source }))
    }
}

/// Whether nothing on the disc has the names that were given.
fn has_other_names(plan: &Plan) -> bool {
    let FileSystems { joliet, rock_ridge, udf, .. } = plan.options().file_systems;
    let is_other = |names: NameReport| names.iso9660.is_some_and(|name| name.reason.is_some());
    !(joliet || rock_ridge || udf) && plan.all_names().any(|(_, names)| is_other(names))
}

fn write_lines(out: impl Write, plan: &Plan, sums: &Sums) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    for (node, _) in plan.all_names() {
        if let Some(sum) = sums.file_sha256(plan, node) {
            write_line(&mut out, &sum, &plan.tree().path(node))?;
        }
    }
    out.flush()
}

/// A line as sha256sum writes it, with what would break it escaped.
fn write_line(out: &mut impl Write, sum: &[u8], path: &str) -> io::Result<()> {
    if path.contains(['\\', '\n', '\r']) {
        let path = path.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
        writeln!(out, "\\{}  {path}", hex(sum))
    } else {
        writeln!(out, "{}  {path}", hex(sum))
    }
}

/// Tells the sum of an image that was written to `output`.
pub(super) fn print_image(
    out: &mut impl Write,
    sum: Option<[u8; 32]>,
    output: &Path,
) -> io::Result<()> {
    match sum {
        Some(sum) => write_line(out, &sum, &output.display().to_string()),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_sha256sum() {
        let line = |path| {
            let mut out = Vec::new();
            write_line(&mut out, &[0xAB, 1], path).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(line("a b/c"), "ab01  a b/c\n");
        assert_eq!(line("a\\b"), "\\ab01  a\\\\b\n");
        assert_eq!(line("a\nb\rc"), "\\ab01  a\\nb\\rc\n");
    }
}
