//! Which blocks of a disc are wanted, and which of them are recorded.

use std::fs::File;

use super::{super::BurnError, Wanted};
use crate::{
    mmc::{
        BLOCK, Capacity, MediumFacts, PatientDrive, SHORTEST_TRACK, TrackInformation, read_10,
        read_capacity, read_track_information,
    },
    scsi::ScsiError,
};

/// An ECC block of BD is filled up by at most one block less than this.
const MOST_PADDING: u32 = 32;
/// Blocks that end a track of a CD that was written by itself, which nobody can read. MMC-6 4.2.3.5.
const RUN_OUT: u32 = 2;
/// The primary volume descriptor of an image. ECMA-119 8.4.
const DESCRIPTOR_BLOCK: u32 = 16;
/// Volume space size in it. ECMA-119 8.4.8.
const VOLUME_SPACE_SIZE: usize = 80;

/// The blocks that become an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) first: u32,
    /// One more than the last.
    pub(super) end: u32,
    /// Recorded parts of it, from and to, in ascending order. Between sessions nothing can be read, and audio tracks have
    /// no blocks: there the image has zeros.
    pub(super) recorded: Vec<(u32, u32)>,
    /// Audio tracks that are left out.
    pub(super) audio_tracks: usize,
}

/// A track as far as it matters here.
struct Track {
    session: u16,
    is_audio: bool,
    from: u32,
    to: u32,
}

impl Area {
    /// Makes a file as long as the image.
    pub(super) fn set_len(&self, file: &File) -> Result<(), BurnError> {
        let len = u64::from(self.end - self.first) * BLOCK as u64;
        file.set_len(len).map_err(BurnError::Sink)
    }

    /// Finds out how much of a medium is image. A rewritable medium is as large as its format, and the last ECC block of a
    /// write-once one is filled up: there the volume descriptor says where the image ends.
    pub(super) fn find(
        drive: &mut PatientDrive<'_>,
        medium: &MediumFacts,
        wanted: Wanted,
    ) -> Result<Self, BurnError> {
        let failed = |source| BurnError::Read { lba: 0, source };
        let capacity = drive.ask(&read_capacity()).map_err(failed)?;
        let readable = Capacity::parse(&capacity).map_or(0, |capacity| capacity.blocks);
        if readable <= 1 || !medium.formatted {
            return Err(BurnError::Blank);
        }
        let has_one_track = medium.sessions <= 1 && !(is_cd(medium) && medium.tracks > 0);
        let tracks = if has_one_track {
            vec![Track { session: 1, is_audio: false, from: 0, to: readable }]
        } else {
            tracks(drive, medium, readable)?
        };
        // On a CD the run-out of the last track is not wanted.
        let last = tracks.last().filter(|_| is_cd(medium));
        let end = last.map_or(readable, |last| last.to);
        match wanted {
            Wanted::Session(number) => Self::of_session(&tracks, number, medium.sessions),
            Wanted::Image if medium.sessions <= 1 && tracks.len() == 1 => {
                let image = image_blocks(drive, readable);
                let padding = if is_cd(medium) { SHORTEST_TRACK + RUN_OUT } else { MOST_PADDING };
                let is_image = |size: &u32| {
                    *size <= readable && (medium.rewritable || readable - size < padding)
                };
                Self::of(0, image.filter(is_image).unwrap_or(end), &tracks)
            }
            Wanted::Image | Wanted::Whole => Self::of(0, end, &tracks),
        }
    }

    /// What is recorded as data from a block up to another.
    fn of(first: u32, end: u32, tracks: &[Track]) -> Result<Self, BurnError> {
        let (audio, data): (Vec<&Track>, Vec<&Track>) =
            tracks.iter().partition(|track| track.is_audio);
        if data.is_empty() && !audio.is_empty() {
            return Err(BurnError::OnlyAudio);
        }
        let recorded = data.iter().map(|track| (track.from, track.to.min(end)));
        let recorded = recorded.filter(|part| part.0 < part.1).collect();
        Ok(Self { first, end, recorded, audio_tracks: audio.len() })
    }

    fn of_session(tracks: &[Track], number: u16, sessions: u16) -> Result<Self, BurnError> {
        let from = tracks.partition_point(|track| track.session < number);
        let upto = tracks.partition_point(|track| track.session <= number);
        let within = tracks.get(from..upto).unwrap_or_default();
        match (within.first(), within.last()) {
            (Some(first), Some(last)) => Self::of(first.from, last.to, within),
            _ => Err(BurnError::NoSession { number, sessions }),
        }
    }
}

const fn is_cd(medium: &MediumFacts) -> bool {
    medium.profile.is_cd()
}

/// The end of a track, or of the disc, without the run-out it may have: no drive tells whether there is one, but reading does.
fn without_run_out(drive: &mut PatientDrive<'_>, start: u32, end: u32) -> Result<u32, BurnError> {
    let without = end.saturating_sub(RUN_OUT);
    if without <= start {
        return Ok(end);
    }
    let last = drive.ask_optional(&read_10(end - 1, 1));
    let last = last.map_err(|source| BurnError::Read { lba: end - 1, source })?;
    Ok(if last.is_some() { end } else { without })
}

/// The recorded tracks.
fn tracks(
    drive: &mut PatientDrive<'_>,
    medium: &MediumFacts,
    readable: u32,
) -> Result<Vec<Track>, BurnError> {
    let failed = |source| BurnError::Read { lba: 0, source };
    let mut tracks = Vec::new();
    let mut before = None;
    for number in 1..=u32::from(medium.tracks) {
        let answer = drive.ask(&read_track_information(number)).map_err(failed)?;
        let track = TrackInformation::parse(&answer).ok();
        // Each begins behind the one before, else the drive may go on telling of tracks for ever. MMC-6 4.5.
        let ascends = |track: &TrackInformation| before.is_none_or(|before| track.start > before);
        let track = track
            .filter(ascends)
            .ok_or_else(|| failed(ScsiError::Io(std::io::ErrorKind::InvalidData.into())))?;
        before = Some(track.start);
        let end = track.start.saturating_add(track.size);
        let end = track.last_recorded.map_or(end, |last| last.saturating_add(1)).min(readable);
        if !track.blank && track.start < end {
            /// Bit 2 of the control nibble: data. MMC-6 table 485.
            const DATA: u8 = 0x04;
            let (session, is_audio) = (track.session, track.mode & DATA == 0);
            let to = match is_cd(medium) && !is_audio {
                true => without_run_out(drive, track.start, end)?,
                false => end,
            };
            tracks.push(Track { session, is_audio, from: track.start, to });
        }
    }
    Ok(tracks)
}

/// The volume space size of the primary volume descriptor, if there is one that can be read.
fn image_blocks(drive: &mut PatientDrive<'_>, readable: u32) -> Option<u32> {
    if readable <= DESCRIPTOR_BLOCK {
        return None;
    }
    let block = drive.ask(&read_10(DESCRIPTOR_BLOCK, 1)).ok()?;
    let size = block.get(VOLUME_SPACE_SIZE..)?.first_chunk().copied().map(u32::from_le_bytes)?;
    (block.len() == BLOCK && block.starts_with(b"\x01CD001") && size > DESCRIPTOR_BLOCK)
        .then_some(size)
}
