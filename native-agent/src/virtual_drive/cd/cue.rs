//! Cue sheets: what a session recorded at once will look like, told before its first block. MMC-6 6.33.

use image_core::cd::{LEAD_OUT, LeadIn, LeadInTrack, Msf};

use super::{
    super::{disc::Disc, sense},
    CdTrack, DATA_TRACK, Form, MOST_TRACKS, PREGAP, SHORTEST_TRACK,
};
use crate::scsi::Sense;

/// Bytes of an entry. MMC-6 6.33.3.
const ENTRY: usize = 8;
/// The longest sheet taken: catalog number, lead-in, and for each track ISRC, two indexes, and the lead-out.
pub(in super::super) const MOST_BYTES: usize = ENTRY * (2 + 1 + MOST_TRACKS * 4 + 1);
/// ADR: position, media catalog number, ISRC. MMC-6 6.33.3.4.
const ADR_POSITION: u8 = 1;
const ADR_CATALOG: u8 = 2;
const ADR_ISRC: u8 = 3;
/// Data forms: audio sent or made by the drive, mode 1 sent as user data, sent raw, or made by the drive. MMC-6 6.33.3.8.
const AUDIO: u8 = 0x00;
const AUDIO_BY_DRIVE: u8 = 0x01;
const MODE_1: u8 = 0x10;
const MODE_1_RAW: u8 = 0x11;
const MODE_1_BY_DRIVE: u8 = 0x14;

const REFUSED: Sense = sense::INVALID_FIELD_IN_PARAMETER_LIST;

/// A session that is being recorded at once.
#[derive(Clone, Debug)]
pub(in super::super) struct Cue {
    areas: Vec<Area>,
    /// Where each track begins, and what it is.
    tracks: Vec<(u32, CdTrack)>,
    lead_out: u32,
    /// The sector the host has to send next.
    next: i32,
}

/// Sectors from one entry to the next.
#[derive(Clone, Copy, Debug)]
struct Area {
    start: i32,
    end: i32,
    form: Form,
    /// Whether the host sends them.
    sent: bool,
}

/// An entry that tells a position.
#[derive(Clone, Copy, Debug)]
struct Position {
    control: u8,
    track: u8,
    index: u8,
    data_form: u8,
    lba: i32,
}

impl Position {
    fn parse(entry: &[u8]) -> Result<Option<Self>, Sense> {
        let Ok(&[control_adr, track, index, data_form, _, minute, second, frame]) =
            <&[u8; ENTRY]>::try_from(entry)
        else {
            return Err(REFUSED);
        };
        match control_adr & 0x0f {
            ADR_POSITION => {}
            ADR_CATALOG | ADR_ISRC => return Ok(None),
            _ => return Err(REFUSED),
        }
        let lba = Msf { minute, second, frame }.lba().ok_or(REFUSED)?;
        Ok(Some(Self { control: control_adr >> 4, track, index, data_form, lba }))
    }

    /// Lead-in and lead-out are made by the drive.
    fn is_border(&self, track: u8, index: u8) -> bool {
        (self.track, self.index) == (track, index)
            && matches!(self.data_form, AUDIO_BY_DRIVE | MODE_1_BY_DRIVE)
    }

    /// How its sectors come, if this drive takes them so. Audio and data have to be what CONTROL says.
    fn form(&self) -> Result<(Form, bool), Sense> {
        let (form, sent, data) = match self.data_form {
            AUDIO => (Form::Raw, true, false),
            AUDIO_BY_DRIVE => (Form::Raw, false, false),
            MODE_1 => (Form::Mode1, true, true),
            MODE_1_RAW => (Form::Raw, true, true),
            MODE_1_BY_DRIVE => (Form::Mode1, false, true),
            _ => return Err(REFUSED),
        };
        if data == (self.control & DATA_TRACK != 0) { Ok((form, sent)) } else { Err(REFUSED) }
    }
}

impl Cue {
    /// Reads a sheet for the next session of this disc; what a drive cannot record is 5/26/00.
    pub(super) fn parse(list: &[u8], disc: &Disc) -> Result<Self, Sense> {
        let start = disc.session_start()?;
        if list.len() > MOST_BYTES || !list.len().is_multiple_of(ENTRY) {
            return Err(REFUSED);
        }
        let mut positions = Vec::new();
        for entry in list.chunks_exact(ENTRY) {
            positions.extend(Position::parse(entry)?);
        }
        let [lead_in, inner @ .., lead_out] = positions.as_slice() else { return Err(REFUSED) };
        let ends_with_index = inner.last().is_some_and(|position| position.index > 0);
        if !lead_in.is_border(0, 0) || !lead_out.is_border(LEAD_OUT, 1) || !ends_with_index {
            return Err(REFUSED);
        }
        let first_number = disc.complete_tracks().len() + 1;
        let mut cue = Self { areas: Vec::new(), tracks: Vec::new(), lead_out: 0, next: 0 };
        cue.lead_out = u32::try_from(lead_out.lba).map_err(|_| REFUSED)?;
        let ends = inner.iter().skip(1).map(|position| position.lba).chain([lead_out.lba]);
        let mut before: Option<&Position> = None;
        for (position, end) in inner.iter().zip(ends) {
            cue.add(position, before, first_number, end)?;
            before = Some(position);
        }
        cue.check_places(start, disc.capacity)?;
        Ok(cue)
    }

    /// The first session of a disc as a raw lead-in tells it.
    pub(super) fn from_lead_in(told: &LeadIn, capacity: u32) -> Result<Self, Sense> {
        let end = told.lead_out().ok_or(REFUSED)?;
        let lead_out = u32::try_from(end).ok().filter(|lead_out| *lead_out <= capacity);
        let lead_out = lead_out.ok_or(REFUSED)?;
        let pause = -PREGAP.cast_signed();
        let area = Area { start: pause, end, form: Form::Raw, sent: true };
        let mut cue = Self { areas: vec![area], tracks: Vec::new(), lead_out, next: pause };
        for (expected, LeadInTrack { number, start, control }) in (1..).zip(told.tracks()) {
            let start = u32::try_from(start).map_err(|_| REFUSED)?;
            let ascends = cue.tracks.last().is_none_or(|before| before.0 < start);
            if number != expected || !ascends || start >= lead_out {
                return Err(REFUSED);
            }
            let kind = CdTrack { control, form: Form::Raw, at_once: true, sub_header: [0; 4] };
            cue.tracks.push((start, kind));
        }
        if cue.tracks.is_empty() { Err(REFUSED) } else { Ok(cue) }
    }

    /// The sector behind a lead-out of this length.
    pub(super) fn end_of_lead_out(&self, length: u32) -> Option<i32> {
        i32::try_from(self.lead_out.checked_add(length)?).ok()
    }

    /// Adds the sectors of one entry, which has to follow the one before. MMC-6 6.33.3.5, 6.33.3.6.
    fn add(
        &mut self,
        position: &Position,
        before: Option<&Position>,
        first_number: usize,
        end: i32,
    ) -> Result<(), Sense> {
        let number = usize::from(position.track);
        let follows = match before {
            // The first track begins with its pause.
            None => number == first_number && position.index == 0,
            Some(before) if before.track == position.track => {
                position.index == before.index + 1
                    && position.index <= 99
                    && position.control == before.control
            }
            Some(before) => {
                before.index > 0 && position.track == before.track + 1 && position.index <= 1
            }
        };
        if !follows || number > MOST_TRACKS || end <= position.lba {
            return Err(REFUSED);
        }
        let (form, sent) = position.form()?;
        if position.index == 1 {
            let start = u32::try_from(position.lba).map_err(|_| REFUSED)?;
            self.tracks.push((
                start,
                CdTrack { control: position.control, form, at_once: true, sub_header: [0; 4] },
            ));
        }
        self.areas.push(Area { start: position.lba, end, form, sent });
        Ok(())
    }

    /// The session begins where the disc continues, with a pause; no track is too short; the lead-out fits on the disc.
    fn check_places(&mut self, start: u32, capacity: u32) -> Result<(), Sense> {
        let first = self.areas.first().map(|area| area.start).and_then(super::index);
        let ends = self.tracks.iter().skip(1).map(|next| next.0).chain([self.lead_out]);
        let long_enough = self.tracks.iter().zip(ends).all(|(track, end)| {
            end.checked_sub(track.0).is_some_and(|length| length >= SHORTEST_TRACK)
        });
        let pauses = self.tracks.first().is_some_and(|track| track.0 >= start);
        let is_sent = self.areas.iter().any(|area| area.sent);
        // Counted from the pause before the first track, the pause of this session has the number of its first block.
        const { assert!(PREGAP == 150) };
        if first != Some(start) || !pauses || !long_enough || !is_sent || self.lead_out > capacity {
            return Err(REFUSED);
        }
        self.next = self.areas.first().map_or(0, |area| area.start);
        self.skip_what_is_not_sent();
        Ok(())
    }

    fn skip_what_is_not_sent(&mut self) {
        for area in &self.areas {
            if area.start <= self.next && self.next < area.end && !area.sent {
                self.next = area.end;
            }
        }
    }

    /// How the sectors of a WRITE have to come: all alike, and from the next one on.
    pub(super) fn check_write(&self, lba: i32, blocks: u32) -> Result<Form, Sense> {
        if lba != self.next {
            return Err(sense::at(sense::INVALID_ADDRESS_FOR_WRITE, lba.cast_unsigned()));
        }
        let end = i64::from(lba) + i64::from(blocks);
        if end > i64::from(self.lead_out) {
            return Err(sense::at(sense::END_OF_TRACK, lba.cast_unsigned()));
        }
        let touched =
            |area: &&Area| area.end > lba && i64::from(area.start) < end.max(i64::from(lba) + 1);
        let mut areas = self.areas.iter().filter(touched);
        let form = areas.next().map_or(Form::Mode1, |area| area.form);
        if areas.all(|area| area.sent && area.form == form) {
            Ok(form)
        } else {
            Err(sense::ILLEGAL_MODE_FOR_TRACK)
        }
    }

    /// Goes on behind sectors that were just written.
    pub(super) fn advance(&mut self, blocks: u32) {
        self.next = self.next.saturating_add_unsigned(blocks);
        self.skip_what_is_not_sent();
    }

    pub(super) const fn next(&self) -> i32 {
        self.next
    }

    pub(super) fn is_complete(&self) -> bool {
        i64::from(self.next) >= i64::from(self.lead_out)
    }

    pub(super) const fn lead_out(&self) -> u32 {
        self.lead_out
    }

    pub(super) fn tracks(&self) -> &[(u32, CdTrack)] {
        &self.tracks
    }
}
