//! Replies that describe the disc: disc and track information, table of contents, capacities.

use super::{
    cd,
    disc::{Disc, Format, Track, TrackState},
    formatting::{Offer, offers},
    media::{MediumKind, Recording},
    sense,
};
use crate::scsi::Sense;

/// READ DISC INFORMATION, standard data. MMC-6 6.22.3.1.
pub(super) fn disc_information(disc: &Disc) -> Vec<u8> {
    let visible = disc.visible_tracks();
    let tracks = visible.len().max(1) as u16;
    let sessions = disc.sessions();
    let first_in_last =
        visible.iter().position(|track| track.session == sessions).map_or(1, |i| i as u16 + 1);
    let mut reply = vec![0; 34];
    reply[1] = 32;
    reply[2] =
        u8::from(disc.medium().rewritable()) << 4 | last_session_state(disc) << 2 | status(disc);
    reply[3] = 1;
    let numbers = [sessions, first_in_last, tracks];
    for (index, number) in numbers.into_iter().enumerate() {
        [reply[9 + index], reply[4 + index]] = number.to_be_bytes();
    }
    // URU: the host application code is not restricted.
    reply[7] = 0x20 | background_state(disc);
    // Neither DVD nor BD has these CD addresses. MMC-6 6.22.3.1.15.
    reply[16..24].fill(0xff);
    if disc.medium().is_cd() {
        cd::toc::describe_disc(disc, &mut reply);
    }
    reply
}

/// READ DISC INFORMATION, what pseudo-overwrite still has: replacements, entries of its map and updates, each as many as
/// there are free clusters. MMC-6 6.22.3.3.
pub(super) fn pow_resources(disc: &Disc) -> Vec<u8> {
    const POW_RESOURCES: u8 = 0b010 << 5;
    let free: u32 = disc.tracks.iter().map(Track::free).fold(0, u32::saturating_add);
    let clusters = (free / disc.medium().write_unit).to_be_bytes();
    [&[0, 14, POW_RESOURCES, 0], clusters.as_slice(), &clusters, &clusters].concat()
}

/// Disc status: 0 empty, 1 incomplete, 2 complete, 3 other. MMC-6 6.22.3.1.4.
fn status(disc: &Disc) -> u8 {
    match disc.recording() {
        _ if disc.is_blank() => 0,
        Recording::Overwrite if disc.kind == MediumKind::DvdRam => 3,
        Recording::Overwrite if is_intermediate(disc) => 1,
        Recording::Sequential if !disc.closed => 1,
        _ => 2,
    }
}

/// State of the last session: 0 empty, 1 incomplete, 2 damaged, 3 complete. MMC-6 6.22.3.1.3.
fn last_session_state(disc: &Disc) -> u8 {
    if is_intermediate(disc) {
        return 1;
    }
    if disc.has_broken_session() {
        return 2;
    }
    let formatted = disc.recording() == Recording::Overwrite && disc.format.is_some();
    if disc.closed || formatted {
        return 3;
    }
    let last = disc.sessions();
    let begun = |track: &Track| track.session == last && track.state != TrackState::Invisible;
    u8::from(disc.tracks.iter().any(begun))
}

/// DVD-RW: whether the session grows as it is written, until it is closed. MMC-6 4.4.2.
fn is_intermediate(disc: &Disc) -> bool {
    disc.kind == MediumKind::DvdRw && disc.format.as_ref().is_some_and(|format| format.running)
}

/// DVD+RW background formatting: 0 none, 1 stopped, 2 running, 3 done. MMC-6 6.22.3.1.11.
fn background_state(disc: &Disc) -> u8 {
    match &disc.format {
        Some(format) if disc.kind == MediumKind::DvdPlusRw => match format {
            Format { formatted, blocks, .. } if formatted >= blocks => 3,
            Format { running, .. } => 1 + u8::from(*running),
        },
        _ => 0,
    }
}

/// READ TRACK INFORMATION: finds the track by address, number or session. MMC-6 6.27.
pub(super) fn track_information(
    disc: &Disc,
    address_type: u8,
    number: u32,
    open: bool,
) -> Result<Vec<u8>, Sense> {
    let whole = whole_disc(disc);
    let tracks =
        if disc.tracks.is_empty() { core::slice::from_ref(&whole) } else { disc.visible_tracks() };
    let index =
        find_track(tracks, address_type, number, open).ok_or(sense::INVALID_FIELD_IN_CDB)?;
    Ok(track_reply(disc, &tracks[index], index as u16 + 1))
}

/// Overwritable media read as one track.
fn whole_disc(disc: &Disc) -> Track {
    let size = disc.format.as_ref().map_or(0, |format| format.blocks);
    let state = if size == 0 { TrackState::Invisible } else { TrackState::Complete };
    Track { state, ..Track::invisible(1, 0, size) }
}

/// Address types: 0 block, 1 track (FFh the last, which is the blank or open one), 2 session. MMC-6 6.27.2.
fn find_track(tracks: &[Track], address_type: u8, number: u32, open: bool) -> Option<usize> {
    let is_open = |track: &Track| track.state != TrackState::Complete;
    let last = tracks.len().checked_sub(1)?;
    match address_type {
        1 if open => tracks.iter().position(is_open),
        0 => tracks.iter().rposition(|t| t.start <= number && number < t.end()),
        1 if number == 0xff && last < 0xff => Some(last),
        1 => (number as usize).checked_sub(1).filter(|index| *index <= last),
        2 => tracks.iter().position(|track| u32::from(track.session) == number),
        _ => None,
    }
}

/// Bit 5 of byte 5 of track information. MMC-6 6.26.3.4.
const DAMAGE: u8 = 0x20;

fn track_reply(disc: &Disc, track: &Track, number: u16) -> Vec<u8> {
    let row = disc.medium();
    let sequential = disc.recording() == Recording::Sequential;
    let writable = sequential && !disc.closed && track.free() > 0 && !disc.has_broken_session();
    let recorded = sequential && track.next > track.start;
    let mut reply = vec![0; 48];
    reply[1] = 46;
    [reply[32], reply[2]] = number.to_be_bytes();
    [reply[33], reply[3]] = track.session.to_be_bytes();
    // Track mode: 5 data on DVD-R (uninterrupted copy allowed), 7 data elsewhere, as real drives say. MMC-6 6.27.3.6.
    reply[5] = match track.cd {
        Some(cd) => cd.control,
        None if row.is_cd() => 4,
        None if is_minus(disc) => 5,
        None => 7,
    } | if track.damaged { DAMAGE } else { 0 };
    let blank = !recorded && (sequential || disc.format.is_none());
    reply[6] = u8::from(track.state == TrackState::Reserved) << 7
        | u8::from(blank) << 6
        | data_mode(disc, track);
    reply[7] = u8::from(recorded) << 1 | u8::from(writable);
    let mut put = |at: usize, value: u32| reply[at..at + 4].copy_from_slice(&value.to_be_bytes());
    put(8, track.start);
    put(12, if writable { track.next } else { 0 });
    put(16, if writable { track.free() } else { 0 });
    put(20, if row.is_cd() { 0 } else { row.write_unit });
    put(24, track.size);
    put(28, if recorded { track.next - 1 } else { 0 });
    if disc.layer_jump {
        // Manual layer jumps. Instead of a size the last address is told, opposite to the first block of the track.
        const MANUAL: u8 = 0x80;
        put(24, (2 * disc.first_layer()).saturating_sub(track.start).saturating_sub(1));
        put(40, disc.next_layer_jump(track));
        put(44, disc.last_layer_jump(track));
        reply[5] |= MANUAL;
    }
    reply
}

/// Incremental recording of DVD-R and DVD-RW shows as packets; they are of fixed size in restricted overwrite only. The
/// data mode is 1, and unknown of audio and of a CD that is blank there. MMC-6 6.27.3.7.
fn data_mode(disc: &Disc, track: &Track) -> u8 {
    match (track.cd, disc.recording()) {
        (Some(cd), _) if cd.is_mode_2() => 0x02,
        (Some(cd), _) if cd.is_data() => 0x01,
        (Some(_), _) => 0x0f,
        (None, _) if disc.medium().is_cd() => 0x0f,
        (None, Recording::Sequential) if is_minus(disc) => 0x21,
        (None, Recording::Overwrite) if is_minus(disc) => 0x31,
        (None, _) => 0x01,
    }
}

const fn is_minus(disc: &Disc) -> bool {
    matches!(disc.kind, MediumKind::DvdR | MediumKind::DvdRDl | MediumKind::DvdRw)
}

/// READ TOC/PMA/ATIP, formats 0 (tracks) and 1 (first track of the last complete session). MMC-6 6.25.
pub(super) fn table_of_contents(
    disc: &Disc,
    format: u8,
    msf: bool,
    first: u8,
) -> Result<Vec<u8>, Sense> {
    if disc.is_blank() || disc.readable_blocks() == 0 {
        return Err(sense::INVALID_FIELD_IN_CDB);
    }
    let tracks: Vec<(u8, u32)> = toc_tracks(disc);
    match format {
        0 => toc_of_tracks(disc, &tracks, msf, first),
        1 => Ok(toc_of_sessions(disc, msf)),
        _ => Err(sense::INVALID_FIELD_IN_CDB),
    }
}

/// Numbers and start addresses of tracks with data; the TOC counts up to 99. MMC-6 6.25.3.2.
fn toc_tracks(disc: &Disc) -> Vec<(u8, u32)> {
    if disc.tracks.is_empty() {
        return vec![(1, 0)];
    }
    let recorded = disc.tracks.iter().filter(|track| track.next > track.start);
    (1..=99).zip(recorded.map(|track| track.start)).collect()
}

fn toc_of_tracks(
    disc: &Disc,
    tracks: &[(u8, u32)],
    msf: bool,
    first: u8,
) -> Result<Vec<u8>, Sense> {
    let last = tracks.last().map_or(1, |track| track.0);
    if first > last && first != LEAD_OUT {
        return Err(sense::INVALID_FIELD_IN_CDB);
    }
    let mut reply = vec![0, 0, 1, last];
    let lead_out = (LEAD_OUT, disc.readable_blocks());
    for &(number, start) in tracks.iter().chain([&lead_out]).filter(|track| track.0 >= first) {
        // ADR 1, control 4: data track.
        reply.extend_from_slice(&[0, 0x14, number, 0]);
        reply.extend_from_slice(&toc_address(start, msf));
    }
    let length = reply.len() as u16 - 2;
    reply[..2].copy_from_slice(&length.to_be_bytes());
    Ok(reply)
}

/// The number that stands for the lead-out. MMC-6 6.25.3.2.
const LEAD_OUT: u8 = 0xaa;

fn toc_of_sessions(disc: &Disc, msf: bool) -> Vec<u8> {
    let complete =
        if disc.closed { disc.sessions() } else { disc.sessions().saturating_sub(1).max(1) };
    let first = disc.tracks.iter().position(|track| track.session == complete).unwrap_or(0);
    let start = disc.tracks.get(first).map_or(0, |track| track.start);
    let mut reply = vec![0, 10, 1, complete as u8, 0, 0x14, first as u8 + 1, 0];
    reply.extend_from_slice(&toc_address(start, msf));
    reply
}

/// A block address, or minute, second and frame counted from -150. MMC-6 4.2.3.
fn toc_address(lba: u32, msf: bool) -> [u8; 4] {
    if !msf {
        return lba.to_be_bytes();
    }
    let frames = lba.saturating_add(150);
    let minute = u8::try_from(frames / 4500).unwrap_or(u8::MAX);
    [0, minute, (frames / 75 % 60) as u8, (frames % 75) as u8]
}

/// READ CAPACITY: the last address that can be read, 0 when there is none. MMC-6 6.23.
pub(super) fn capacity(disc: &Disc) -> Vec<u8> {
    let blocks = if disc.medium().is_cd() { disc.lead_out() } else { disc.readable_blocks() };
    let last = blocks.saturating_sub(1);
    [last.to_be_bytes(), 2048u32.to_be_bytes()].concat()
}

/// READ FORMAT CAPACITIES. MMC-6 6.24.
pub(super) fn format_capacities(disc: Option<&Disc>) -> Vec<u8> {
    const UNFORMATTED: u8 = 1;
    const FORMATTED: u8 = 2;
    /// Also that of a drive without a medium.
    const UNKNOWN: u8 = 3;
    let mut reply = vec![0, 0, 0, 0];
    let (blocks, state) = match disc {
        None => (12_219_392, UNKNOWN),
        Some(disc) if is_intermediate(disc) => (disc.capacity, UNKNOWN),
        Some(disc) => match &disc.format {
            Some(format) => (format.blocks, FORMATTED),
            None if disc.is_blank() => (disc.capacity, UNFORMATTED),
            None => (disc.readable_blocks(), FORMATTED),
        },
    };
    append_capacity(&mut reply, blocks, state, 2048);
    if let Some(disc) = disc.filter(|disc| disc.medium().rewritable() || disc.is_blank()) {
        for Offer { code, blocks, parameter } in offers(disc) {
            append_capacity(&mut reply, blocks, code << 2, parameter);
        }
    }
    reply[3] = reply.len() as u8 - 4;
    reply
}

fn append_capacity(reply: &mut Vec<u8>, blocks: u32, kind: u8, parameter: u32) {
    reply.extend_from_slice(&blocks.to_be_bytes());
    reply.push(kind);
    reply.extend_from_slice(&parameter.to_be_bytes()[1..]);
}
