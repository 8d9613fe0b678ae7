//! A plan over local files as a disc that is not there yet: any block can be read, in any order.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::Path,
};

use image_core::{Lba, Plan, SourceId, bytes_in, tree::Kind};

use super::{LocalFile, LocalFiles, listing};
use crate::source::{BLOCK_SIZE, ImageSource, SourceError, check_range};

/// Folders and files, burned or compared without an image file in between.
///
/// The last file stays open, and every read checks that it is still what was listed.
#[derive(Debug)]
pub struct PlanSource {
    plan: Plan,
    files: LocalFiles,
    open: Option<(SourceId, File)>,
}

/// Consecutive blocks of one kind.
enum Run {
    Metadata { blocks: u32 },
    File { source: SourceId, offset: u64, bytes: usize, blocks: u32 },
}

impl PlanSource {
    /// A plan, and the files its sources stand for.
    #[must_use]
    pub const fn new(plan: Plan, files: LocalFiles) -> Self {
        Self { plan, files, open: None }
    }

    /// The plan that is read from.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What begins at `lba`, at most `limit` blocks of it.
    fn run(&self, lba: Lba, limit: u32) -> Run {
        let file = self.plan.file_at(lba).and_then(|node| {
            let Kind::File { source, len } = self.plan.tree().kind(node) else { return None };
            Some((source, len, self.plan.extent(node)?))
        });
        let Some((source, len, (start, total))) = file else {
            let is_metadata = |ahead: &u32| self.plan.file_at(lba.plus(*ahead)).is_none();
            let more = (1..limit).take_while(is_metadata).count();
            return Run::Metadata { blocks: 1 + u32::try_from(more).unwrap_or_default() };
        };
        let offset = bytes_in(lba.since(start));
        let blocks = limit.min(total - lba.since(start));
        let bytes = bytes_in(blocks).min(len - offset);
        Run::File { source, offset, bytes: usize::try_from(bytes).unwrap_or(usize::MAX), blocks }
    }

    fn read_file(&mut self, id: SourceId, offset: u64, out: &mut [u8]) -> Result<(), SourceError> {
        let path = || self.files.path(id);
        let Some((_, expected)) = self.files.get(id) else {
            return Err(SourceError::io(&path(), io::ErrorKind::NotFound.into()));
        };
        let mut file = match self.open.take() {
            Some((open, file)) if open == id => file,
            _ => File::open(path()).map_err(|error| SourceError::io(&path(), error))?,
        };
        let read = file.seek(SeekFrom::Start(offset)).and_then(|_| file.read_exact(out));
        // A file that changed explains itself better than the short read it caused.
        check_unchanged(&file, &path(), expected)?;
        read.map_err(|error| SourceError::io(&path(), error))?;
        self.open = Some((id, file));
        Ok(())
    }
}

impl ImageSource for PlanSource {
    fn len_blocks(&self) -> u32 {
        self.plan.size_blocks()
    }

    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), SourceError> {
        check_range(lba, out, self.plan.size_blocks())?;
        let (mut lba, mut rest) = (Lba(lba), out);
        while !rest.is_empty() {
            let limit = u32::try_from(rest.len() / BLOCK_SIZE).unwrap_or(u32::MAX);
            let run = self.run(lba, limit);
            let (Run::Metadata { blocks } | Run::File { blocks, .. }) = run;
            let len = blocks as usize * BLOCK_SIZE;
            let (out, after) = rest.split_at_mut(len.min(rest.len()));
            match run {
                Run::Metadata { .. } => self.plan.render(lba, out),
                Run::File { source, offset, bytes, .. } => {
                    let (content, padding) = out.split_at_mut(bytes.min(out.len()));
                    self.read_file(source, offset, content)?;
                    padding.fill(0);
                }
            }
            (lba, rest) = (lba.plus(blocks), after);
        }
        Ok(())
    }
}

/// Checks that an open file is the one that was listed.
pub(crate) fn check_unchanged(
    file: &File,
    path: &Path,
    expected: LocalFile,
) -> Result<(), SourceError> {
    let metadata = file.metadata().map_err(|error| SourceError::io(path, error))?;
    if metadata.len() < expected.len {
        let path = path.to_path_buf();
        return Err(SourceError::Truncated { path, expected: expected.len, found: metadata.len() });
    }
    if metadata.len() != expected.len || listing::modified(&metadata) != expected.modified {
        return Err(SourceError::Changed { path: path.to_path_buf() });
    }
    Ok(())
}
