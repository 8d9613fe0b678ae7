//! BD-R that are recorded again where they are recorded: what replaces a block goes to the next writable address, and the
//! addresses that it takes there hold nothing of their own. MMC-6 4.5.3.

use super::{
    disc::{Disc, Track},
    sense,
};
use crate::scsi::Sense;

impl Disc {
    /// Checks that blocks recorded already may be recorded again: their clusters go to the next writable address, whose
    /// own addresses are orphaned. Gives the track that they go to. MMC-6 4.5.3.
    pub(super) fn check_replacement(&self, lba: u32, blocks: u32) -> Result<usize, Sense> {
        let misplaced = sense::at(sense::INVALID_ADDRESS_FOR_WRITE, lba);
        self.check_read(lba, blocks).map_err(|_| misplaced)?;
        let unit = self.medium().write_unit;
        let open = |track: &Track| track.free() > 0;
        let index = self.tracks.iter().rposition(open).ok_or(misplaced)?;
        let track = &self.tracks[index];
        let free = track.end().saturating_sub(track.next.next_multiple_of(unit));
        if whole_clusters(lba, blocks, unit) > free {
            return Err(sense::at(sense::END_OF_TRACK, lba));
        }
        Ok(index)
    }
}

/// The next writable address once blocks are replaced.
pub(super) const fn next_after(next: u32, (lba, blocks): (u32, u32), unit: u32) -> u32 {
    next.next_multiple_of(unit) + whole_clusters(lba, blocks, unit)
}

/// Blocks of the clusters that these blocks lie in.
const fn whole_clusters(lba: u32, blocks: u32, unit: u32) -> u32 {
    (lba + blocks).next_multiple_of(unit) - (lba - lba % unit)
}
