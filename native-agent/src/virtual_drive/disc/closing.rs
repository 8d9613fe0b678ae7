//! RESERVE TRACK and CLOSE TRACK/SESSION: what they make of the tracks of a sequential disc. MMC-6 6.3, 6.31.

use super::{DVD_MINUS_WRITE, Disc, Recording, Track, TrackState};
use crate::scsi::Sense;
use crate::virtual_drive::sense;

impl Disc {
    /// RESERVE TRACK: sets the first blocks of the blank rest aside. MMC-6 6.31.
    pub(in crate::virtual_drive) fn reserve(&mut self, blocks: u32) -> Result<(), Sense> {
        let unit = self.medium().write_unit;
        self.check_appendable()?;
        if self.tracks.len() >= usize::from(self.medium().max_tracks) {
            return Err(sense::NO_MORE_RESERVATIONS);
        }
        let last = self.tracks.last_mut().ok_or(sense::COMMAND_SEQUENCE)?;
        let size = blocks.checked_next_multiple_of(unit).unwrap_or(u32::MAX);
        if last.size == 0 || blocks == 0 {
            return Err(if blocks == 0 {
                sense::INVALID_FIELD_IN_CDB
            } else {
                sense::COMMAND_SEQUENCE
            });
        }
        if size > last.size {
            return Err(sense::INVALID_FIELD_IN_CDB);
        }
        let rest = Track::invisible(last.session, last.start + size, last.size - size);
        (last.size, last.state) = (size, TrackState::Reserved);
        self.tracks.push(rest);
        Ok(())
    }

    fn check_appendable(&self) -> Result<(), Sense> {
        let sequential = self.recording() == Recording::Sequential;
        match (sequential, self.closed) {
            (false, _) => Err(sense::INVALID_FIELD_IN_CDB),
            (true, true) => Err(sense::SESSION_FIXATION),
            (true, false) => Ok(()),
        }
    }

    /// CLOSE TRACK: ends a track; the blank rest after it becomes the next one. MMC-6 6.3.
    pub(in crate::virtual_drive) fn close_track(&mut self, number: u16) -> Result<(), Sense> {
        self.check_appendable()?;
        self.pad();
        let index = usize::from(number).checked_sub(1).ok_or(sense::INVALID_FIELD_IN_CDB)?;
        let track = self.tracks.get_mut(index).ok_or(sense::INVALID_FIELD_IN_CDB)?;
        match track.state {
            TrackState::Complete => return Ok(()),
            TrackState::Invisible => return Err(sense::EMPTY_RESERVED_TRACK),
            TrackState::Reserved => track.next = track.end(),
            TrackState::Incomplete => track.size = track.next - track.start,
        }
        (track.state, track.damaged) = (TrackState::Complete, false);
        let (session, end) = (track.session, track.end());
        if index + 2 == self.tracks.len() {
            self.tracks[index + 1] = Track::invisible(session, end, self.room_from(end));
        }
        Ok(())
    }

    /// CLOSE SESSION: ends every track of the open session and begins the next. MMC-6 6.3.
    pub(in crate::virtual_drive) fn close_session(&mut self) -> Result<(), Sense> {
        self.close_open_tracks()?;
        let (gap, room) = (self.medium().session_gap, self.room());
        if let Some(last) = self.tracks.last() {
            let (session, start) = (last.session.saturating_add(1), last.start.saturating_add(gap));
            let start = start.min(room);
            let rest = Track::invisible(session, start, self.room_from(start));
            self.tracks.pop();
            self.tracks.push(rest);
        }
        Ok(())
    }

    /// FINALIZE: ends the open session and the disc. MMC-6 6.3.
    pub(in crate::virtual_drive) fn finalize(&mut self) -> Result<(), Sense> {
        let session_open = self.open_session_has_tracks();
        if session_open {
            self.close_open_tracks()?;
        } else {
            self.check_appendable()?;
        }
        if self.tracks.len() < 2 {
            return Err(sense::SESSION_FIXATION);
        }
        self.tracks.pop();
        self.closed = true;
        Ok(())
    }

    /// DVD-R, DVD-RW: ends the disc once the track that was reserved for recording it at once is full. MMC-6 4.4.1.
    pub(in crate::virtual_drive) fn finish_at_once(&mut self) -> Result<(), Sense> {
        let full = |track: &Track| track.state == TrackState::Reserved && track.next == track.end();
        if self.has_feature(DVD_MINUS_WRITE) && self.tracks.first().is_some_and(full) {
            return self.finalize();
        }
        Ok(())
    }

    pub(in crate::virtual_drive) fn open_session_has_tracks(&self) -> bool {
        let open = self.tracks.last().map(|track| track.session);
        self.tracks.iter().filter(|track| Some(track.session) == open).count() > 1
    }

    fn close_open_tracks(&mut self) -> Result<(), Sense> {
        self.check_appendable()?;
        if !self.open_session_has_tracks() {
            return Err(sense::SESSION_FIXATION);
        }
        let reserved_and_blank = |t: &Track| t.state == TrackState::Reserved && t.is_blank();
        if self.tracks.iter().any(reserved_and_blank) {
            return Err(sense::EMPTY_RESERVED_TRACK);
        }
        let states: Vec<_> = self.tracks.iter().map(|track| track.state).collect();
        for (number, state) in (1..).zip(states) {
            if matches!(state, TrackState::Incomplete | TrackState::Reserved) {
                self.close_track(number)?;
            }
        }
        Ok(())
    }
}
