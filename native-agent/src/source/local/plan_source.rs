//! A plan over local files as a disc that is not there yet: any block can be read, in any order.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    path::Path,
};

use image_core::{Plan, SourceId, checksum::Patch};

use super::{LocalFile, LocalFiles, listing};
use crate::source::{
    BlockRange, Continuation, DamagedFile, Head, ImageSource, SourceError, check_range,
};

/// Folders and files, burned or compared without an image file in between.
///
/// The last file stays open, and every read checks that it is still what was listed.
#[derive(Debug)]
pub struct PlanSource {
    plan: Plan,
    files: LocalFiles,
    patches: Vec<Patch>,
    head: Option<Head>,
    open: Option<(SourceId, File, LocalFile)>,
}

impl PlanSource {
    /// A plan, and the files its sources stand for.
    #[must_use]
    pub const fn new(plan: Plan, files: LocalFiles) -> Self {
        Self { plan, files, patches: Vec::new(), head: None, open: None }
    }

    /// With what the plan leaves to be filled in: see [`crate::source::writer::checksums`].
    #[must_use]
    pub fn patched(self, patches: Vec<Patch>) -> Self {
        Self { patches, ..self }
    }

    /// With what goes to the start of the disc that it continues: see [`Plan::head`].
    #[must_use]
    pub fn headed(self, head: Option<Head>) -> Self {
        Self { head, ..self }
    }

    /// The plan that is read from.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }
}

impl ImageSource for PlanSource {
    fn len_blocks(&self) -> u32 {
        self.plan.size_blocks()
    }

    fn read(&mut self, lba: u32, out: &mut [u8]) -> Result<(), SourceError> {
        check_range(lba, out, self.plan.size_blocks())?;
        let Self { plan, files, patches, open, .. } = self;
        let first = plan.start().plus(lba);
        plan.read_at(first, out, |source, offset, out| {
            read_file(files, open, source, offset, out)
        })?;
        for patch in patches {
            patch.apply(first, out);
        }
        Ok(())
    }

    fn files_in(&mut self, _: u32, ranges: &[BlockRange]) -> Vec<DamagedFile> {
        let mut damaged: BTreeMap<String, u32> = BTreeMap::new();
        for range in ranges {
            let end = range.first.saturating_add(range.blocks).min(self.plan.size_blocks());
            let mut at = range.first;
            while at < end {
                let next = self.run_end(at).min(end);
                for node in self.plan.files_at(self.plan.start().plus(at)) {
                    *damaged.entry(self.plan.tree().path(node)).or_default() += next - at;
                }
                at = next;
            }
        }
        damaged.into_iter().map(|(path, blocks)| DamagedFile { path, blocks }).collect()
    }

    fn continuation(&self) -> Option<Continuation> {
        let session = self.plan.options().session?;
        Some(Continuation { start: session.start.0, head: self.head.clone() })
    }
}

impl PlanSource {
    /// One more than the last block that holds bytes of the same files as this one.
    fn run_end(&self, lba: u32) -> u32 {
        let start = self.plan.start();
        let node = self.plan.file_at(start.plus(lba));
        let end = node
            .and_then(|node| self.plan.extent(node))
            .map(|(first, blocks)| first.plus(blocks).since(start));
        end.unwrap_or_default().max(lba + 1)
    }
}

fn read_file(
    files: &LocalFiles,
    open: &mut Option<(SourceId, File, LocalFile)>,
    id: SourceId,
    offset: u64,
    out: &mut [u8],
) -> Result<(), SourceError> {
    let path = || files.path(id);
    let (mut file, expected) = match open.take() {
        Some((open, file, expected)) if open == id => (file, expected),
        _ => files.open(id)?,
    };
    let read = file.seek(SeekFrom::Start(offset)).and_then(|_| file.read_exact(out));
    // A file that changed explains itself better than the short read it caused.
    check_unchanged(&file, &path(), expected)?;
    read.map_err(|error| SourceError::io(&path(), error))?;
    *open = Some((id, file, expected));
    Ok(())
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
