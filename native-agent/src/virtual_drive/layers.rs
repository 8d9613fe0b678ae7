//! Where the first of two layers ends, and how a DVD-R DL is recorded with layer jumps. MMC-6 6.36.3, 4.3.7.
//!
//! A session recorded so begins in layer 0. This drive jumps where that ends, and nowhere else, so that blocks lie one behind the
//! other. When a session is closed before, what lies opposite to it in layer 1 is filled up.

use super::{
    disc::{Disc, Track, TrackState},
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

    /// Blocks of the first layer, as it is divided now.
    pub(super) fn first_layer(&self) -> u32 {
        self.layer_break.unwrap_or_else(|| self.default_layer_break())
    }

    /// Blocks that a track can have that begins here. With layer jumps it ends opposite to its first block.
    pub(super) fn room_from(&self, start: u32) -> u32 {
        if !self.layer_jump {
            return self.room().saturating_sub(start);
        }
        self.first_layer().saturating_sub(start).saturating_mul(2)
    }

    /// From the first block on a disc is recorded with layer jumps, or never.
    pub(super) fn begin_layer_jumps(&mut self) {
        self.layer_jump = true;
        self.tracks = vec![Track::invisible(1, 0, self.room_from(0))];
    }

    /// The last block before the next jump, as long as there is one ahead. MMC-6 6.26.3.
    pub(super) fn next_layer_jump(&self, track: &Track) -> u32 {
        let last = self.first_layer().saturating_sub(1);
        if track.free() > 0 && track.next <= last { last } else { 0 }
    }

    /// The last block before the last jump: at the end of the layer, or where the track was closed.
    pub(super) fn last_layer_jump(&self, track: &Track) -> u32 {
        let last = self.first_layer().saturating_sub(1);
        match track.state {
            _ if track.next > last => last,
            TrackState::Complete => track.next.saturating_sub(1),
            _ => 0,
        }
    }

    /// Half of the disc.
    pub(super) fn default_layer_break(&self) -> u32 {
        let half = self.capacity / 2;
        half - half % self.medium().write_unit
    }
}
