//! READ TOC/PMA/ATIP on CDs, and the addresses in disc information. MMC-6 6.25, 6.21.

use image_core::cd::{LEAD_OUT, Msf, point};

use super::{
    super::{
        disc::{Disc, Track, TrackState},
        sense,
    },
    LEAD_IN, MOST_TRACKS, PREGAP,
};
use crate::scsi::Sense;

/// Where the lead-in of a disc begins, which names its maker; this one is nobody's. Orange Book II, MMC-6 6.25.3.6.
pub(super) const LEAD_IN_START: Msf = Msf { minute: 97, second: 0, frame: 0 };
/// ADR 1, position, and 5, of what multi-session discs add.
const ADR_POSITION: u8 = 0x10;
const ADR_SESSIONS: u8 = 0x50;

/// The table asked for. MMC-6 6.25.2.
pub(in super::super) fn table(
    disc: &Disc,
    format: u8,
    msf: bool,
    first: u8,
) -> Result<Vec<u8>, Sense> {
    let body = match format {
        0 => tracks(disc, msf, first)?,
        1 => sessions(disc, msf)?,
        2 => full(disc, first)?,
        3 => pma(disc),
        4 => atip(disc),
        // There is no CD-Text.
        5 => vec![0, 0],
        _ => return Err(sense::INVALID_FIELD_IN_CDB),
    };
    let length = u16::try_from(body.len()).unwrap_or(u16::MAX);
    Ok([&length.to_be_bytes(), body.as_slice()].concat())
}

fn control(track: &Track) -> u8 {
    track.cd.map_or(super::DATA_TRACK, |cd| cd.control)
}

/// Sessions that are complete.
fn complete_sessions(disc: &Disc) -> u8 {
    disc.complete_tracks().last().map_or(0, |track| track.session.min(99) as u8)
}

/// The tracks of complete sessions with their numbers.
fn numbered(disc: &Disc) -> impl DoubleEndedIterator<Item = (u8, &Track)> + ExactSizeIterator {
    disc.complete_tracks().iter().enumerate().map(|(index, track)| (index as u8 + 1, track))
}

/// A block address, or a time. MMC-6 6.25.2.2.
fn address(lba: u32, msf: bool) -> [u8; 4] {
    if msf { time(lba) } else { lba.to_be_bytes() }
}

/// A time behind a byte that is reserved.
fn time(lba: u32) -> [u8; 4] {
    let msf = i32::try_from(lba).ok().and_then(Msf::from_lba).unwrap_or_default();
    [0, msf.minute, msf.second, msf.frame]
}

/// Format 0. MMC-6 6.25.3.2.
fn tracks(disc: &Disc, msf: bool, first: u8) -> Result<Vec<u8>, Sense> {
    let (last, last_control) = numbered(disc)
        .next_back()
        .map(|(number, track)| (number, control(track)))
        .ok_or(REFUSED)?;
    if first > last && first != LEAD_OUT {
        return Err(REFUSED);
    }
    let lead_out = (LEAD_OUT, last_control, disc.lead_out());
    let listed = numbered(disc).map(|(number, track)| (number, control(track), track.start));
    let mut body = vec![1, last];
    for (number, control, start) in listed.chain([lead_out]).filter(|track| track.0 >= first) {
        body.extend_from_slice(&[0, ADR_POSITION | control, number, 0]);
        body.extend_from_slice(&address(start, msf));
    }
    Ok(body)
}

const REFUSED: Sense = sense::INVALID_FIELD_IN_CDB;

/// Format 1: the first track of the last complete session. MMC-6 6.25.3.3.
fn sessions(disc: &Disc, msf: bool) -> Result<Vec<u8>, Sense> {
    let last = complete_sessions(disc);
    let begins = |(_, track): &(u8, &Track)| track.session == u16::from(last);
    let (number, track) = numbered(disc).find(begins).ok_or(REFUSED)?;
    let mut body = vec![1, last, 0, ADR_POSITION | control(track), number, 0];
    body.extend_from_slice(&address(track.start, msf));
    Ok(body)
}

/// Format 2: what the lead-in of each session from this one on holds. MMC-6 6.25.3.4.
fn full(disc: &Disc, first: u8) -> Result<Vec<u8>, Sense> {
    let last = complete_sessions(disc);
    if last == 0 || first > last {
        return Err(REFUSED);
    }
    let mut body = vec![1, last];
    for session in first.max(1)..=last {
        append_session(disc, session, &mut body);
    }
    Ok(body)
}

fn append_session(disc: &Disc, session: u8, body: &mut Vec<u8>) {
    let of_session: Vec<_> =
        numbered(disc).filter(|(_, track)| track.session == u16::from(session)).collect();
    let (Some(first), Some(last)) = (of_session.first(), of_session.last()) else { return };
    let mut entry = |adr_control: u8, point: u8, now: [u8; 4], then: [u8; 3]| {
        body.extend_from_slice(&[session, adr_control, 0, point, now[1], now[2], now[3], now[0]]);
        body.extend_from_slice(&then);
    };
    let nothing = [0; 4];
    let (first_control, last_control) =
        (ADR_POSITION | control(first.1), ADR_POSITION | control(last.1));
    entry(first_control, point::FIRST_TRACK, nothing, [first.0, disc_type(first.1), 0]);
    entry(last_control, point::LAST_TRACK, nothing, [last.0, 0, 0]);
    let [_, end @ ..] = time(last.1.end());
    entry(last_control, point::LEAD_OUT, nothing, end);
    for (number, track) in &of_session {
        let [_, start @ ..] = time(track.start);
        entry(ADR_POSITION | control(track), *number, nothing, start);
    }
    if !disc.closed || session < complete_sessions(disc) {
        let next = disc.tracks.iter().find(|track| track.session > u16::from(session));
        // Where the program area of the next session may begin, its pause included; two pointers of this mode in the first.
        let mut position = time(next.map_or(0, |next| next.start.saturating_sub(PREGAP)));
        position[0] = if session == 1 { 2 } else { 1 };
        let [_, end @ ..] = time(disc.capacity);
        entry(ADR_SESSIONS | control(last.1), point::NEXT_SESSION, position, end);
        if session == 1 {
            let Msf { minute, second, frame } = LEAD_IN_START;
            entry(
                ADR_SESSIONS | control(last.1),
                point::DISC_START,
                nothing,
                [minute, second, frame],
            );
        }
    }
}

/// Format 3: what is kept of tracks that are written by themselves, from when they end or are reserved. MMC-6 6.25.3.5.
fn pma(disc: &Disc) -> Vec<u8> {
    let mut body = vec![0; 2];
    for (number, track) in (1u8..).zip(&disc.tracks).take(MOST_TRACKS) {
        let kept = matches!(track.state, TrackState::Complete | TrackState::Reserved);
        if !kept || track.cd.is_some_and(|cd| cd.at_once) {
            continue;
        }
        let ([_, end @ ..], [_, start @ ..]) = (time(track.end()), time(track.start));
        body.extend_from_slice(&[0, ADR_POSITION | control(track), 0, number]);
        body.extend_from_slice(&end);
        body.push(0);
        body.extend_from_slice(&start);
    }
    body
}

/// Audio and mode 1, or CD-ROM XA. MMC-6 table 470.
fn disc_type(track: &Track) -> u8 {
    const XA: u8 = 0x20;
    if track.cd.is_some_and(super::CdTrack::is_mode_2) { XA } else { 0 }
}

/// Format 4: what the groove of the disc tells. MMC-6 6.25.3.6.
fn atip(disc: &Disc) -> Vec<u8> {
    /// Bit 7 of bytes 4 and 6 is always one; bits 6-4 of byte 4 are the power for writing.
    const FIXED: u8 = 0x80;
    const WRITE_POWER: u8 = 0x50;
    const ERASABLE: u8 = 0x40;
    let erasable = disc.medium().rewritable();
    let mut body = vec![0; 26];
    body[2] = FIXED | WRITE_POWER | u8::from(erasable);
    body[4] = FIXED | if erasable { ERASABLE } else { 0 };
    let Msf { minute, second, frame } = LEAD_IN_START;
    body[6..9].copy_from_slice(&[minute, second, frame]);
    body[10..13].copy_from_slice(&time(disc.capacity)[1..]);
    body
}

/// Disc type, and where the last session begins and ends at the latest; FFh of a disc that is complete. MMC-6 6.21.3.1.14,
/// 6.21.3.1.15.
pub(in super::super) fn describe_disc(disc: &Disc, reply: &mut [u8]) {
    const UNDEFINED: u8 = 0xff;
    reply[8] = disc.tracks.first().map_or(UNDEFINED, disc_type);
    if disc.is_blank() {
        reply[8] = UNDEFINED;
    }
    if disc.closed {
        return;
    }
    let open = disc.sessions();
    let begins = disc.tracks.iter().find(|track| track.session == open);
    let Msf { minute, second, frame } = LEAD_IN_START;
    let lead_in = match begins {
        Some(track) if open > 1 => time(track.start.saturating_sub(PREGAP + LEAD_IN)),
        _ => [0, minute, second, frame],
    };
    reply[16..20].copy_from_slice(&lead_in);
    reply[20..24].copy_from_slice(&time(disc.capacity));
}
