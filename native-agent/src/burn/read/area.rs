//! Which blocks of a disc are wanted, and which of them are recorded.

use super::{super::BurnError, Wanted};
use crate::{
    mmc::{
        BLOCK, Capacity, MediumFacts, PatientDrive, TrackInformation, read_10, read_capacity,
        read_track_information,
    },
    scsi::ScsiError,
};

/// An ECC block of BD is filled up by at most one block less than this.
const MOST_PADDING: u32 = 32;
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
    /// Recorded parts of it, from and to, in ascending order. Between sessions nothing can be read: these blocks are
    /// zeros.
    pub(super) recorded: Vec<(u32, u32)>,
}

/// A track as far as it matters here.
struct Track {
    session: u16,
    from: u32,
    to: u32,
}

impl Area {
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
        let whole = Self { first: 0, end: readable, recorded: vec![(0, readable)] };
        match wanted {
            Wanted::Session(number) if number != 1 || medium.sessions > 1 => {
                Self::of_session(&tracks(drive, medium.tracks, readable)?, number, medium.sessions)
            }
            _ if medium.sessions > 1 => {
                let tracks = tracks(drive, medium.tracks, readable)?;
                let recorded = tracks.iter().map(|track| (track.from, track.to)).collect();
                Ok(Self { recorded, ..whole })
            }
            Wanted::Image => {
                let image = image_blocks(drive, readable);
                let is_image = |size: &u32| {
                    *size <= readable && (medium.rewritable || readable - size < MOST_PADDING)
                };
                Ok(match image.filter(is_image) {
                    Some(end) => Self { end, recorded: vec![(0, end)], ..whole },
                    None => whole,
                })
            }
            Wanted::Whole | Wanted::Session(_) => Ok(whole),
        }
    }

    fn of_session(tracks: &[Track], number: u16, sessions: u16) -> Result<Self, BurnError> {
        let recorded: Vec<_> = tracks
            .iter()
            .filter(|track| track.session == number)
            .map(|track| (track.from, track.to))
            .collect();
        match (recorded.first(), recorded.last()) {
            (Some(&(first, _)), Some(&(_, end))) if first < end => {
                Ok(Self { first, end, recorded })
            }
            _ => Err(BurnError::NoSession { number, sessions }),
        }
    }
}

/// The recorded tracks.
fn tracks(
    drive: &mut PatientDrive<'_>,
    count: u16,
    readable: u32,
) -> Result<Vec<Track>, BurnError> {
    let failed = |source| BurnError::Read { lba: 0, source };
    let mut tracks = Vec::new();
    let mut before = None;
    for number in 1..=u32::from(count) {
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
            tracks.push(Track { session: track.session, from: track.start, to: end });
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
