//! Sub-channels as they come back: those that a host sent, or what the drive made when it recorded the session.

use image_core::cd::{RAW_SECTOR, SUB_CHANNELS, SessionLayout, SubChannel, TrackLayout};

use super::{
    super::{
        burner::Loaded,
        disc::{Disc, Track},
        sense,
    },
    Form, PREGAP, toc,
};
use crate::scsi::Sense;

impl Loaded {
    /// All eight of a sector; R to W are zeros unless they were sent.
    pub(super) fn sub_channels(
        &self,
        track: &Track,
        lba: u32,
    ) -> Result<[u8; SUB_CHANNELS], Sense> {
        let unreadable = || sense::at(sense::UNRECOVERED_READ_ERROR, lba);
        let place = i32::try_from(lba).map_err(|_| unreadable())?;
        if track.cd.is_some_and(|cd| cd.form == Form::Raw) {
            let mut sent = [0; SUB_CHANNELS];
            let index = super::index(place).ok_or_else(unreadable)?;
            let read = self.file.read_sector(index, RAW_SECTOR, &mut sent);
            read.map_err(|_| unreadable())?;
            // No Q is zero in all its bits, its CRC included.
            if sent != [0; SUB_CHANNELS] {
                return Ok(sent);
            }
        }
        let made = self.disc.layout_of(track.session).sub_channel(place);
        made.map(SubChannel::to_interleaved).ok_or_else(unreadable)
    }
}

impl Disc {
    /// What the drive told of a session when it recorded it. Pauses that are part of a cue sheet count to the track before.
    fn layout_of(&self, session: u16) -> SessionLayout {
        let place = |lba: u32| i32::try_from(lba).unwrap_or(i32::MAX);
        let mut tracks: Vec<TrackLayout> = Vec::new();
        let mut end = None;
        for (number, track) in (1..).zip(&self.tracks).filter(|(_, track)| track.session == session)
        {
            let Some(cd) = track.cd else { continue };
            let start = place(track.start);
            let pause = end.map_or(start - PREGAP.cast_signed(), place);
            tracks.push(TrackLayout { number, control: cd.control, pause, start });
            end = Some(track.end());
        }
        let lead_in = toc::LEAD_IN_START.lba().unwrap_or_default();
        SessionLayout { lead_in, tracks, lead_out: end.map_or(0, place) }
    }
}
