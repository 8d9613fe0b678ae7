//! What is left of a track when recording breaks off. MMC-6 4.5, 6.26.3.

use super::{
    disc::{Disc, Track, TrackState},
    media::Recording,
};

impl Disc {
    /// The track that would continue here takes no more, until it is closed. On media that are overwritten there is nothing to
    /// damage.
    pub(super) fn damage_at(&mut self, lba: u32) {
        if self.recording() == Recording::Overwrite || self.closed {
            return;
        }
        let continues = |track: &&mut Track| track.free() > 0 && track.next == lba;
        if let Some(track) = self.tracks.iter_mut().find(continues) {
            track.damaged = true;
            if track.state == TrackState::Invisible {
                track.state = TrackState::Incomplete;
            }
        }
        self.keep_invisible_last();
    }

    /// The same for each track that is being recorded.
    pub(super) fn damage_open_tracks(&mut self) {
        for track in &mut self.tracks {
            track.damaged |= track.state != TrackState::Complete && !track.is_blank();
        }
    }

    /// Whether a track broke off, or a session that is recorded at once has not got to its lead-out.
    pub(super) fn has_broken_session(&self) -> bool {
        self.tracks.iter().any(|track| track.damaged || track.is_unfinished_at_once())
    }
}
