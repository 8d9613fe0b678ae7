//! The rules by which recording changes the state of a CD. MMC-6 4.2.3.

use super::{
    super::{
        disc::{Disc, Track, TrackState},
        sense,
    },
    CdTrack, Cue, DATA_TRACK, FIRST_GAP, FURTHER_GAP, Form, MOST_TRACKS, PREGAP, RUN_OUT,
    SHORTEST_TRACK,
};
use crate::scsi::Sense;

impl Disc {
    /// The blank rest of a CD from this block on. The run-out of a track that fills it needs room as well, and what is too
    /// short for a track is no room.
    pub(in super::super) fn blank_cd_track(capacity: u32, session: u16, start: u32) -> Track {
        let start = start.min(capacity);
        let room = (capacity - start).saturating_sub(RUN_OUT);
        let useless = start > 0 && room < SHORTEST_TRACK;
        Track::invisible(session, start, if useless { 0 } else { room })
    }

    /// Checks that a track can be written here by itself, and returns which.
    pub(super) fn check_track_write(
        &self,
        lba: u32,
        blocks: u32,
        kind: CdTrack,
    ) -> Result<usize, Sense> {
        self.check_cd_open()?;
        let continues = |track: &Track| track.free() > 0 && track.next == lba;
        let index = self.tracks.iter().position(continues);
        let index = index.ok_or_else(|| sense::at(sense::INVALID_ADDRESS_FOR_WRITE, lba))?;
        let track = &self.tracks[index];
        if index >= MOST_TRACKS {
            return Err(sense::NO_MORE_RESERVATIONS);
        }
        if track.cd.is_some_and(|begun| begun != kind) {
            return Err(sense::ILLEGAL_MODE_FOR_TRACK);
        }
        if blocks > track.free() {
            return Err(sense::at(sense::END_OF_TRACK, lba));
        }
        Ok(index)
    }

    fn check_cd_open(&self) -> Result<(), Sense> {
        if self.closed {
            return Err(sense::WRITE_PROTECTED);
        }
        if self.has_broken_session() { Err(sense::COMMAND_SEQUENCE) } else { Ok(()) }
    }

    /// Moves the next writable address of a track past blocks that were just written.
    pub(super) fn track_written(&mut self, index: usize, blocks: u32, kind: CdTrack) {
        if let Some(track) = self.tracks.get_mut(index) {
            track.cd = Some(kind);
        }
        self.written(Some(index), 0, blocks);
    }

    /// Where a session begins that is recorded at once: only behind complete ones.
    pub(super) fn session_start(&self) -> Result<u32, Sense> {
        self.check_cd_open()?;
        match self.tracks.last() {
            Some(last) if !self.open_session_has_tracks() && last.size > 0 => Ok(last.start),
            _ => Err(sense::COMMAND_SEQUENCE),
        }
    }

    /// A host writes a lead-in, which cannot be undone: until it is over, nobody knows what the session will be.
    pub(super) fn begin_lead_in(&mut self) {
        let Some(blank) = self.tracks.pop() else { return };
        let kind =
            CdTrack { control: DATA_TRACK, form: Form::Raw, at_once: true, sub_header: [0; 4] };
        let after = Track::invisible(blank.session, blank.end(), 0);
        let begun = Track { state: TrackState::Incomplete, cd: Some(kind), ..blank };
        self.tracks.extend([begun, after]);
    }

    /// Puts the tracks of a cue sheet, or of a lead-in that is over, in the place of the blank rest.
    pub(in super::super) fn begin_session(&mut self, cue: &Cue) {
        let Some(blank) = self.tracks.pop() else { return };
        self.tracks.retain(|track| !track.is_unfinished_at_once());
        let ends = cue.tracks().iter().skip(1).map(|next| next.0).chain([cue.lead_out()]);
        for (&(start, cd), end) in cue.tracks().iter().zip(ends) {
            let rest = Track::invisible(blank.session, start, end.saturating_sub(start));
            self.tracks.push(Track { state: TrackState::Incomplete, cd: Some(cd), ..rest });
        }
        self.tracks.push(Track::invisible(blank.session, cue.lead_out(), 0));
    }

    /// Takes over how far a session at once has got, and ends it with its last block: the drive knows from the cue sheet that
    /// the lead-out follows.
    pub(super) fn session_written(&mut self, cue: &Cue, multi_session: bool) {
        let reached = u32::try_from(cue.next()).unwrap_or(0);
        for track in self.tracks.iter_mut().filter(|track| track.is_unfinished_at_once()) {
            track.next = reached.clamp(track.start, track.end());
            if cue.is_complete() {
                track.state = TrackState::Complete;
            }
        }
        if cue.is_complete() {
            self.end_session(multi_session);
        }
    }

    /// SYNCHRONIZE CACHE ends a track that is written by itself. MMC-6 6.41.
    pub(super) fn end_track(&mut self) {
        let open =
            |track: &Track| track.state == TrackState::Incomplete && !track.is_unfinished_at_once();
        if let Some(index) = self.tracks.iter().position(open) {
            self.complete_track(index);
        }
    }

    /// RESERVE TRACK: the run-out and the pause before the next track follow. MMC-6 6.31.
    pub(super) fn reserve_track(&mut self, blocks: u32) -> Result<(), Sense> {
        self.check_cd_open()?;
        if self.tracks.len() >= MOST_TRACKS {
            return Err(sense::NO_MORE_RESERVATIONS);
        }
        let capacity = self.capacity;
        let last = self.tracks.last_mut().ok_or(sense::COMMAND_SEQUENCE)?;
        if last.size == 0 {
            return Err(sense::COMMAND_SEQUENCE);
        }
        let size = blocks.max(SHORTEST_TRACK);
        if blocks == 0 || size > last.size {
            return Err(sense::INVALID_FIELD_IN_CDB);
        }
        (last.size, last.state) = (size, TrackState::Reserved);
        let (session, next) = (last.session, last.end() + RUN_OUT + PREGAP);
        self.tracks.push(Self::blank_cd_track(capacity, session, next));
        Ok(())
    }

    /// CLOSE TRACK; a track that SYNCHRONIZE CACHE has ended already is fine. MMC-6 6.3.
    pub(super) fn close_cd_track(&mut self, number: u16) -> Result<(), Sense> {
        let index = usize::from(number).checked_sub(1).ok_or(sense::INVALID_FIELD_IN_CDB)?;
        let track = self.tracks.get(index).ok_or(sense::INVALID_FIELD_IN_CDB)?;
        match track.state {
            TrackState::Complete => return Ok(()),
            TrackState::Invisible => return Err(sense::EMPTY_RESERVED_TRACK),
            _ if track.is_unfinished_at_once() => return Err(sense::INCOMPLETE_TRACK_IN_SESSION),
            TrackState::Reserved | TrackState::Incomplete => {}
        }
        self.check_cd_open()?;
        self.complete_track(index);
        Ok(())
    }

    /// CLOSE SESSION: writes lead-in and lead-out around the tracks of the open session. MMC-6 6.3.
    pub(super) fn close_cd_session(&mut self, multi_session: bool) -> Result<(), Sense> {
        if self.has_broken_session() {
            return Err(sense::INCOMPLETE_TRACK_IN_SESSION);
        }
        if self.closed || !self.open_session_has_tracks() {
            return Err(sense::SESSION_FIXATION);
        }
        let reserved = |track: &Track| track.state == TrackState::Reserved;
        if self.tracks.iter().any(|track| reserved(track) && track.is_blank()) {
            return Err(sense::EMPTY_RESERVED_TRACK);
        }
        self.end_track();
        while let Some(index) = self.tracks.iter().position(reserved) {
            self.complete_track(index);
        }
        self.end_session(multi_session);
        Ok(())
    }

    /// Fills a track up to the shortest there is, or to what was reserved for it, and adds its run-out.
    fn complete_track(&mut self, index: usize) {
        let is_last = index + 2 >= self.tracks.len();
        let follower = self.tracks.get(index + 1).filter(|_| !is_last);
        let limit = follower.map_or(self.capacity, |next| next.start);
        let Some(track) = self.tracks.get_mut(index) else { return };
        let least = track.start.saturating_add(SHORTEST_TRACK).min(track.end());
        let reserved = track.state == TrackState::Reserved;
        track.next = if reserved { track.end() } else { track.next.max(least) };
        track.size = track.next.saturating_add(RUN_OUT).min(limit) - track.start;
        track.state = TrackState::Complete;
        let (session, end) = (track.session, track.end());
        if is_last && let Some(last) = self.tracks.get_mut(index + 1) {
            *last = Self::blank_cd_track(self.capacity, session, end.saturating_add(PREGAP));
        }
    }

    /// The open session is complete; the next one, if there can be one, is empty.
    fn end_session(&mut self, multi_session: bool) {
        let Some(blank) = self.tracks.pop() else { return };
        if !multi_session {
            self.closed = true;
            return;
        }
        let end = self.tracks.last().map_or(0, Track::end);
        let gap = if blank.session == 1 { FIRST_GAP } else { FURTHER_GAP };
        let (session, start) = (blank.session.saturating_add(1), end.saturating_add(gap));
        self.tracks.push(Self::blank_cd_track(self.capacity, session, start));
    }

    /// The first block behind all tracks, complete or not.
    pub(super) fn recorded_end(&self) -> u32 {
        let end = |track: &Track| match track.state {
            TrackState::Complete => track.end(),
            _ => track.next,
        };
        self.tracks.iter().filter(|track| !track.is_blank()).map(end).max().unwrap_or(0)
    }

    /// The first block behind the tracks of complete sessions, where the lead-out of the last one begins.
    pub(in super::super) fn lead_out(&self) -> u32 {
        self.complete_tracks().last().map_or(0, Track::end)
    }

    /// Tracks of complete sessions, which is what a table of contents shows. MMC-6 6.25.3.2.
    pub(super) fn complete_tracks(&self) -> &[Track] {
        let open = self.sessions();
        let complete = |track: &Track| self.closed || track.session < open;
        let count = self.tracks.iter().take_while(|track| complete(track)).count();
        &self.tracks[..count.min(MOST_TRACKS)]
    }
}

impl Track {
    pub(in super::super) fn is_unfinished_at_once(&self) -> bool {
        self.state == TrackState::Incomplete && self.cd.is_some_and(|cd| cd.at_once)
    }
}
