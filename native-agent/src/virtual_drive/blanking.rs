//! BLANK: what each type takes off a DVD-RW or CD-RW. MMC-6 6.2.

use core::ops::Range;

use super::{
    burner::Burner,
    disc::{Disc, Track, TrackState},
    recording::write_failed,
    sense,
};
use crate::scsi::Sense;

/// Blanking types. MMC-6 table 236.
mod kind {
    pub(super) const DISC: u8 = 0;
    pub(super) const MINIMAL: u8 = 1;
    pub(super) const RESERVATION: u8 = 3;
    pub(super) const TRACK_TAIL: u8 = 4;
    pub(super) const SESSION_END: u8 = 5;
    pub(super) const SESSION: u8 = 6;
}

impl Burner {
    pub(super) fn blank(&mut self, immediate: bool, kind: u8, address: u32) -> Result<(), Sense> {
        let loaded = self.loaded_mut()?;
        loaded.forget_session();
        let mut blanked = loaded.disc.clone();
        let lost = blanked.blank(kind, address)?;
        let last = blanked.tracks.last().map_or(0, |track| track.next);
        let cleared = if last <= lost.start {
            loaded.file.clear_from(lost.start)
        } else {
            loaded.file.clear(lost)
        };
        cleared.map_err(write_failed)?;
        self.change(|disc| {
            *disc = blanked;
            Ok(())
        })?;
        self.finish(immediate, sense::OPERATION_IN_PROGRESS)
    }
}

impl Disc {
    /// Takes off what the blanking type says, and gives the blocks whose content is lost.
    fn blank(&mut self, kind: u8, address: u32) -> Result<Range<u32>, Sense> {
        if !self.medium().erasable {
            return Err(sense::CANNOT_WRITE_MEDIUM);
        }
        match kind {
            kind::DISC => Ok(self.blank_disc(false)),
            // Only a DVD-RW shows how it was blanked.
            kind::MINIMAL => Ok(self.blank_disc(!self.medium().is_cd())),
            _ if self.medium().is_cd() => Err(sense::INVALID_FIELD_IN_CDB),
            _ if self.tracks.is_empty() => Err(sense::INVALID_FIELD_IN_CDB),
            kind::RESERVATION => self.unreserve(address),
            kind::TRACK_TAIL => self.blank_tail(address),
            kind::SESSION_END => self.unclose(),
            kind::SESSION => self.blank_session(),
            _ => Err(sense::INVALID_FIELD_IN_CDB),
        }
    }

    /// Makes it a sequential disc with nothing on it.
    fn blank_disc(&mut self, minimally: bool) -> Range<u32> {
        *self = Self { minimally_blanked: minimally, ..Self::new(self.kind, self.capacity) };
        0..self.capacity
    }

    /// The last track of the open session is not set aside any more.
    fn unreserve(&mut self, number: u32) -> Result<Range<u32>, Sense> {
        let index = self.tracks.len().checked_sub(2).ok_or(sense::INVALID_FIELD_IN_CDB)?;
        let track = &self.tracks[index];
        let is_last = usize::try_from(number).is_ok_and(|number| number == index + 1);
        let is_open = track.session == self.sessions() && !self.closed;
        if !is_last || !is_open || track.state != TrackState::Reserved {
            return Err(sense::INVALID_FIELD_IN_CDB);
        }
        let lost = track.start..track.next;
        self.truncate(index);
        Ok(lost)
    }

    /// A track of the open session ends before this block, and can be written from there.
    fn blank_tail(&mut self, lba: u32) -> Result<Range<u32>, Sense> {
        let (open, unit) = (self.sessions(), self.medium().write_unit);
        if self.closed || !lba.is_multiple_of(unit) {
            return Err(sense::INVALID_FIELD_IN_CDB);
        }
        let holds =
            |track: &Track| track.session == open && (track.start..track.next).contains(&lba);
        let index = self.tracks.iter().position(holds).ok_or(sense::LBA_OUT_OF_RANGE)?;
        let track = &mut self.tracks[index];
        let lost = lba..track.next;
        (track.next, track.damaged) = (lba, false);
        match track.state {
            TrackState::Incomplete if track.is_blank() => self.truncate(index),
            // What lies behind it fixes its size.
            TrackState::Complete => track.state = TrackState::Reserved,
            _ => {}
        }
        Ok(lost)
    }

    /// The last session is open again, with all its tracks; nothing is lost.
    fn unclose(&mut self) -> Result<Range<u32>, Sense> {
        if !self.closed {
            if self.open_session_has_tracks() || self.tracks.len() < 2 {
                return Err(sense::COMMAND_SEQUENCE);
            }
            self.tracks.pop();
        }
        self.closed = false;
        let (session, end) = self.tracks.last().map_or((1, 0), |last| (last.session, last.end()));
        self.tracks.push(Track::invisible(session, end, self.capacity - end));
        Ok(end..end)
    }

    /// The last session that has something in it is empty.
    fn blank_session(&mut self) -> Result<Range<u32>, Sense> {
        let holds = |track: &Track| track.state != TrackState::Invisible;
        let last = self.tracks.iter().rfind(|track| holds(track)).map(|track| track.session);
        let session = last.ok_or(sense::COMMAND_SEQUENCE)?;
        let first = self.tracks.iter().position(|track| track.session == session).unwrap_or(0);
        self.closed = false;
        let start = self.tracks[first].start;
        self.truncate(first);
        Ok(start..self.capacity)
    }

    /// From this track on the disc is blank.
    fn truncate(&mut self, index: usize) {
        let (session, start) = (self.tracks[index].session, self.tracks[index].start);
        self.tracks.truncate(index);
        self.tracks.push(Track::invisible(session, start, self.capacity - start));
    }
}
