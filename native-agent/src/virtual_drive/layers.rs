//! Where the first of two layers ends. MMC-6 6.36.3.

use super::{
    disc::{Disc, Track},
    sense,
};
use crate::scsi::Sense;

impl Disc {
    /// Sets how many blocks the first layer has, before anything is recorded. MMC-6 6.36.3.
    pub(super) fn break_layer(&mut self, blocks: u32) -> Result<(), Sense> {
        let row = self.medium();
        if self.layer_break.is_some() || !self.is_blank() {
            return Err(sense::COMMAND_SEQUENCE);
        }
        let fits = (1..=self.default_layer_break()).contains(&blocks);
        if !fits || !blocks.is_multiple_of(row.write_unit) {
            return Err(sense::INVALID_FIELD_IN_PARAMETER_LIST);
        }
        self.layer_break = Some(blocks);
        self.tracks = vec![Track::invisible(1, 0, self.room())];
        Ok(())
    }

    /// Half of the disc.
    pub(super) fn default_layer_break(&self) -> u32 {
        let half = self.capacity / 2;
        half - half % self.medium().write_unit
    }
}
