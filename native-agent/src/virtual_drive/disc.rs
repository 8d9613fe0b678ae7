//! The state of one disc and the rules by which recording changes it. No IO: [`super::file`] keeps it.

mod closing;

use serde::{Deserialize, Serialize};

use super::{
    cd::CdTrack,
    media::{MediumKind, MediumType, Recording},
    pseudo_overwrite, sense,
};
use crate::scsi::Sense;

/// Everything about a disc except the recorded bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Disc {
    pub(super) kind: MediumKind,
    /// Logical blocks of the whole disc, spare areas included.
    pub(super) capacity: u32,
    /// Overwritable media: how the disc is formatted, if it is.
    pub(super) format: Option<Format>,
    /// Sequential media: the tracks in ascending order of address; the last is invisible unless the disc is closed.
    pub(super) tracks: Vec<Track>,
    /// Nothing can be added any more.
    pub(super) closed: bool,
    /// DVD-RW: blanked minimally, so that it takes no incremental recording. MMC-6 6.2.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub(super) minimally_blanked: bool,
    /// BD-R: formatted so that recorded blocks can be recorded again, in the place of others. MMC-6 4.5.3.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub(super) pseudo_overwrite: bool,
    /// Blocks on the first of two layers, where the host chose that. MMC-6 6.22.3.2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) layer_break: Option<u32>,
    /// DVD-R DL: recorded with layer jumps. MMC-6 4.3.7.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub(super) layer_jump: bool,
}

/// What FORMAT UNIT left behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Format {
    /// Format type of the descriptor that was used. MMC-6 6.5.
    pub(super) code: u8,
    /// Logical blocks for the user.
    pub(super) blocks: u32,
    /// DVD+RW: how far formatting in the background got, in blocks; equal to `blocks` elsewhere.
    pub(super) formatted: u32,
    /// DVD+RW: formatting goes on whenever the drive is idle. DVD-RW: the session is in the intermediate state, in which
    /// it grows as it is written. MMC-6 4.4.2.
    pub(super) running: bool,
}

/// One track of a sequential disc. MMC-6 4.5.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Track {
    pub(super) session: u16,
    pub(super) start: u32,
    /// Blocks up to the next track; of an open track the blocks it may still grow to.
    pub(super) size: u32,
    /// The next writable address, also the end of what is recorded.
    pub(super) next: u32,
    pub(super) state: TrackState,
    /// Recording broke off, so that it takes no more until it is closed. MMC-6 6.26.3.4.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub(super) damaged: bool,
    /// CD: what it holds, once something is recorded in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cd: Option<CdTrack>,
}

/// Where a track is on its way from blank to complete. MMC-6 4.5.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum TrackState {
    /// The blank rest of the disc.
    Invisible,
    /// Being written at the end of what is recorded.
    Incomplete,
    /// Set aside by RESERVE TRACK.
    Reserved,
    /// Closed: nothing can be added.
    Complete,
}

impl Track {
    /// First address after the track.
    pub(super) const fn end(&self) -> u32 {
        self.start.saturating_add(self.size)
    }

    /// Blocks that can still be recorded.
    pub(super) fn free(&self) -> u32 {
        if self.state == TrackState::Complete || self.damaged {
            return 0;
        }
        self.end().saturating_sub(self.next)
    }

    pub(super) fn is_blank(&self) -> bool {
        self.next == self.start
    }
}

/// Incremental Streaming Writable. MMC-6 5.3.8.
pub(super) const INCREMENTAL_STREAMING: u16 = 0x21;
/// Layer Jump Recording. MMC-6 5.3.25.
const LAYER_JUMP: u16 = 0x33;
/// The profile of a DVD-R DL that is recorded so. MMC-6 5.3.1.
pub(super) const LAYER_JUMP_PROFILE: u16 = 0x16;
/// DVD-R/-RW Write. MMC-6 5.3.23.
pub(super) const DVD_MINUS_WRITE: u16 = 0x2f;
/// BD-R Pseudo-Overwrite. MMC-6 5.3.27.
const BD_R_POW: u16 = 0x38;

impl Disc {
    /// A disc out of the box.
    pub(super) fn new(kind: MediumKind, capacity: u32) -> Self {
        let mut disc = Self {
            kind,
            capacity,
            format: None,
            tracks: Vec::new(),
            closed: false,
            minimally_blanked: false,
            pseudo_overwrite: false,
            layer_break: None,
            layer_jump: false,
        };
        let row = disc.medium();
        if row.preformatted {
            let blocks = capacity - row.spare_for(capacity);
            disc.format = Some(Format { code: 0, blocks, formatted: blocks, running: false });
        }
        if row.recording == Recording::Sequential {
            disc.tracks.push(if row.is_cd() {
                Self::blank_cd_track(capacity, 1, 0)
            } else {
                Track::invisible(1, 0, capacity)
            });
        }
        disc
    }

    /// The table row for this disc.
    pub(super) fn medium(&self) -> &'static MediumType {
        self.kind.describe()
    }

    /// How blocks get onto it in its present state.
    pub(super) fn recording(&self) -> Recording {
        if self.has_formatted_profile() { Recording::Overwrite } else { self.medium().recording }
    }

    /// Its profile in its present state. MMC-6 5.3.1.
    pub(super) fn profile(&self) -> u16 {
        let row = self.medium();
        if self.layer_jump {
            return LAYER_JUMP_PROFILE;
        }
        row.formatted_profile.filter(|_| self.format.is_some()).unwrap_or(row.profile)
    }

    fn has_formatted_profile(&self) -> bool {
        self.format.is_some() && self.medium().formatted_profile.is_some()
    }

    /// Whether a feature is current that depends on the disc. MMC-6 5.
    pub(super) fn has_feature(&self, feature: u16) -> bool {
        let row = self.medium();
        match feature {
            _ if self.has_formatted_profile() => row.formatted_features.contains(&feature),
            INCREMENTAL_STREAMING if self.minimally_blanked || self.layer_jump => false,
            LAYER_JUMP => row.features.contains(&feature) && (self.layer_jump || self.is_blank()),
            BD_R_POW => self.pseudo_overwrite,
            _ => row.features.contains(&feature),
        }
    }

    /// Blocks that can be recorded in tracks: the capacity, less spare areas and what an early layer break costs.
    pub(super) fn room(&self) -> u32 {
        let formatted = self.format.as_ref().map(|format| format.blocks);
        let both_layers = self.layer_break.map(|first| first.saturating_mul(2));
        [formatted, both_layers].into_iter().flatten().fold(self.capacity, u32::min)
    }

    /// Whether the numbers fit each other; a header that passes its checksum can still be foreign.
    pub(super) fn is_consistent(&self) -> bool {
        let (mut end, mut session, room) = (0, 1, self.room());
        let tracks = self.tracks.iter().all(|track| {
            let fits = track.start >= end
                && track.session >= session
                && track.start.checked_add(track.size).is_some_and(|end| end <= room)
                && (track.start..=track.end()).contains(&track.next);
            end = track.end();
            session = track.session;
            fits
        });
        let format = self.format.as_ref();
        let formatted = format.is_none_or(|f| f.blocks <= self.capacity && f.formatted <= f.blocks);
        let overwritable = self.recording() == Recording::Overwrite;
        let last_blank = match self.tracks.last() {
            _ if self.closed => true,
            Some(last) => !overwritable && last.state == TrackState::Invisible,
            None => overwritable,
        };
        let row = self.medium();
        let is_sold = (1..=row.capacity).contains(&self.capacity)
            && self.capacity.is_multiple_of(row.write_unit);
        tracks && formatted && last_blank && is_sold
    }

    /// Checks that these blocks may be written now, and returns the track they go to (none on overwritable media).
    pub(super) fn check_write(&self, lba: u32, blocks: u32) -> Result<Option<usize>, Sense> {
        if self.recording() == Recording::Overwrite {
            let format = self.format.as_ref().ok_or(sense::CANNOT_WRITE_MEDIUM)?;
            return self.check_overwrite(format, lba, blocks).map(|()| None);
        }
        if self.closed {
            return Err(sense::WRITE_PROTECTED);
        }
        within(lba, 0, self.room())?;
        let index = self.tracks.iter().position(|track| track.free() > 0 && track.next == lba);
        let index = match index {
            None if self.pseudo_overwrite => return self.check_replacement(lba, blocks).map(Some),
            index => index.ok_or_else(|| sense::at(sense::INVALID_ADDRESS_FOR_WRITE, lba))?,
        };
        if blocks > self.tracks[index].free() {
            return Err(sense::at(sense::END_OF_TRACK, lba));
        }
        Ok(Some(index))
    }

    /// Checks an address on media that can be overwritten. A DVD-RW takes whole ECC blocks only, and more than is
    /// formatted while its session is in the intermediate state. MMC-6 5.3.20, 4.4.2.
    fn check_overwrite(&self, format: &Format, lba: u32, blocks: u32) -> Result<(), Sense> {
        if self.kind != MediumKind::DvdRw {
            return within(lba, blocks, format.blocks);
        }
        let unit = self.medium().write_unit;
        if !lba.is_multiple_of(unit) || (format.running && lba > format.blocks) {
            return Err(sense::at(sense::INVALID_ADDRESS_FOR_WRITE, lba));
        }
        if !blocks.is_multiple_of(unit) {
            return Err(sense::INVALID_FIELD_IN_CDB);
        }
        within(lba, blocks, if format.running { self.capacity } else { format.blocks })
    }

    /// Moves the next writable address past blocks that were just written.
    pub(super) fn written(&mut self, track: Option<usize>, lba: u32, blocks: u32) {
        let unit = self.medium().write_unit;
        if let Some(track) = track.and_then(|index| self.tracks.get_mut(index)) {
            track.next = if track.next == lba {
                lba + blocks
            } else {
                pseudo_overwrite::next_after(track.next, (lba, blocks), unit)
            };
            if track.state == TrackState::Invisible {
                track.state = TrackState::Incomplete;
            }
        }
        if let Some(format) = &mut self.format
            && lba <= format.formatted
        {
            if format.running && self.kind == MediumKind::DvdRw {
                format.blocks = format.blocks.max(lba + blocks);
            }
            format.formatted = format.formatted.max(lba + blocks);
        }
        self.keep_invisible_last();
    }

    /// An incomplete track is followed by an invisible one of no size, so that numbers stay stable until it is closed.
    pub(super) fn keep_invisible_last(&mut self) {
        if let Some(last) = self.tracks.last()
            && last.state != TrackState::Invisible
            && !self.closed
        {
            let follower = Track::invisible(last.session, last.end(), 0);
            self.tracks.push(follower);
        }
    }

    /// Checks that these blocks are recorded.
    pub(super) fn check_read(&self, lba: u32, blocks: u32) -> Result<(), Sense> {
        let recorded = self.readable_blocks();
        within(lba, blocks, recorded)?;
        if self.recording() == Recording::Overwrite {
            return Ok(());
        }
        let end = lba + blocks;
        let mut reached = lba;
        for track in &self.tracks {
            if (track.start..track.next).contains(&reached) {
                reached = track.next;
            }
        }
        if reached < end { Err(sense::at(sense::UNRECOVERED_READ_ERROR, reached)) } else { Ok(()) }
    }

    /// Blocks up to and including the last one that can be read.
    pub(super) fn readable_blocks(&self) -> u32 {
        match &self.format {
            Some(format) if self.recording() == Recording::Overwrite => format.blocks,
            _ => self.tracks.iter().filter(|t| !t.is_blank()).map(|t| t.next).max().unwrap_or(0),
        }
    }

    /// Fills the ECC block begun in each track, as drives do when the stream of writes ends.
    pub(super) fn pad(&mut self) {
        let unit = self.medium().write_unit;
        let open = |track: &&mut Track| track.state != TrackState::Complete && !track.damaged;
        for track in self.tracks.iter_mut().filter(open) {
            track.next = track.next.next_multiple_of(unit).min(track.end());
        }
    }

    /// Sessions including the open one, which may be empty. MMC-6 6.22.3.
    pub(super) fn sessions(&self) -> u16 {
        self.tracks.last().map_or(1, |track| track.session)
    }

    /// Tracks as the host counts them: the blank rest counts only where it has room or is all there is.
    pub(super) fn visible_tracks(&self) -> &[Track] {
        match self.tracks.split_last() {
            Some((last, before))
                if last.state == TrackState::Invisible
                    && last.size == 0
                    && before.last().is_some_and(|t| t.session == last.session) =>
            {
                before
            }
            _ => &self.tracks,
        }
    }

    /// Whether nothing has been recorded or reserved.
    pub(super) fn is_blank(&self) -> bool {
        match self.recording() {
            Recording::Overwrite => self.format.is_none(),
            Recording::Sequential => {
                self.tracks.first().is_some_and(|track| track.state == TrackState::Invisible)
            }
        }
    }
}

impl Track {
    pub(super) const fn invisible(session: u16, start: u32, size: u32) -> Self {
        let state = TrackState::Invisible;
        Self { session, start, size, next: start, state, damaged: false, cd: None }
    }
}

/// Whether blocks lie below a limit; a range that is too high is 5/21/00.
pub(super) fn within(lba: u32, blocks: u32, limit: u32) -> Result<(), Sense> {
    let end = lba.checked_add(blocks);
    if lba < limit && end.is_some_and(|end| end <= limit) {
        return Ok(());
    }
    Err(sense::at(sense::LBA_OUT_OF_RANGE, lba))
}
