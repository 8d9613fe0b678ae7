//! Writes any metadata block on demand, from the content and its layout. Nothing here can fail, and nothing is kept: a UDF
//! file entry is a block, so that the metadata of a million files would be two gigabytes.

mod boot;
mod iso9660;
mod udf;

use crate::BLOCK_SIZE;
use crate::address::Lba;
use crate::layout::{Placed, Region};
use crate::plan::Plan;

impl Plan {
    /// Writes the metadata blocks from `first` on; blocks that hold no metadata become zero.
    ///
    /// `out` is filled from its start in whole blocks; what is left of it at the end is set to zero.
    pub fn render(&self, first: Lba, out: &mut [u8]) {
        out.fill(0);
        for (ordinal, block) in (0..).zip(out.chunks_exact_mut(BLOCK_SIZE)) {
            let lba = first.plus(ordinal);
            if let Some(placed) = self.placed_at(lba) {
                self.render_block(placed, lba, block);
            }
        }
    }

    /// Reads the image from block `first` on, as if it were there. `read` fills a buffer with the bytes of a file that begin at
    /// an offset.
    ///
    /// # Errors
    /// What `read` returns.
    pub fn read_at<E>(
        &self,
        first: Lba,
        out: &mut [u8],
        mut read: impl FnMut(crate::SourceId, u64, &mut [u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut at = first;
        let mut rest = out;
        while !rest.is_empty() {
            let Some(file) = self.file_block(at) else {
                let (block, tail) = rest.split_at_mut(rest.len().min(BLOCK_SIZE));
                self.render(at, block);
                (rest, at) = (tail, at.plus(1));
                continue;
            };
            let wanted = usize::try_from(file.rest).unwrap_or(usize::MAX).min(rest.len());
            let blocks = wanted.div_ceil(BLOCK_SIZE);
            let (run, tail) = rest.split_at_mut((blocks * BLOCK_SIZE).min(rest.len()));
            let (data, padding) = run.split_at_mut(wanted);
            read(file.source, file.start, data)?;
            padding.fill(0);
            (rest, at) = (tail, at.plus(u32::try_from(blocks).unwrap_or(u32::MAX)));
        }
        Ok(())
    }

    pub(crate) fn placed_at(&self, lba: Lba) -> Option<Placed> {
        let regions = &self.layout.regions;
        let after = regions.partition_point(|placed| placed.start <= lba);
        let placed = *regions.get(after.checked_sub(1)?)?;
        (lba.since(placed.start) < placed.blocks).then_some(placed)
    }

    fn render_block(&self, placed: Placed, lba: Lba, block: &mut [u8]) {
        let ordinal = lba.since(placed.start);
        match placed.region {
            Region::VolumeDescriptor(view) => self.volume_descriptor(view, block),
            Region::BootRecord => self.boot_record(block),
            Region::SystemArea
            | Region::BackupTable
            | Region::BootCatalog
            | Region::BootImage(_) => self.layout.boot.render(placed.region, ordinal, block),
            Region::Terminator => iso9660::terminator(block),
            Region::PathTable(view, order) => {
                if let Some(hierarchy) = self.layout.hierarchy(view) {
                    hierarchy.path_table.render(hierarchy, &self.content, order, ordinal, block);
                }
            }
            Region::Directories(view) => {
                if let Some(hierarchy) = self.layout.hierarchy(view) {
                    hierarchy.render(&self.content, lba, block);
                }
            }
            Region::Udf(region) => {
                self.udf_block(region, placed, lba, block);
                self.layout.boot.render_shared(lba, block);
            }
            Region::File(item) => {
                put_part(block, ordinal, self.content.file_details(item).content.as_deref());
            }
            Region::Stream(extent) => {
                let stream = self.content.stream(extent);
                put_part(block, ordinal, stream.and_then(|stream| stream.content.as_deref()));
            }
            Region::Checksums => {}
        }
    }
}

/// Copies the bytes of a file that belong into one of its blocks.
fn put_part(block: &mut [u8], ordinal: u32, bytes: Option<&[u8]>) {
    let start = (ordinal as usize).saturating_mul(BLOCK_SIZE);
    let rest = bytes.and_then(|bytes| bytes.get(start..)).unwrap_or_default();
    put(block, 0, rest.get(..BLOCK_SIZE).unwrap_or(rest));
}

/// Copies a structure to the start of a block.
fn put(block: &mut [u8], offset: usize, bytes: &[u8]) {
    if let Some(slot) = block.get_mut(offset..offset + bytes.len()) {
        slot.copy_from_slice(bytes);
    }
}
