//! All that a drive and its medium tell of themselves, for programs that want to know.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Drive;
use crate::mmc::{
    DiscStatus, MediumFacts, Probe, Survey, TrackInformation, feature, format_kind,
    structure_format,
};

/// A drive with everything that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DriveInFull {
    /// What lists tell too.
    #[serde(flatten)]
    pub drive: Drive,
    /// What more there is; absent from a drive that could not be asked.
    pub details: Option<Details>,
}

impl From<Drive> for DriveInFull {
    fn from(mut drive: Drive) -> Self {
        let details = drive.details.take().map(|details| *details);
        Self { drive, details }
    }
}

/// What more there is to know of a drive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Details {
    /// Media the drive knows, in its own order. MMC-6 5.3.1.
    pub profiles: Vec<ProfileFact>,
    /// What the drive can do. MMC-6 5.3.
    pub features: Vec<FeatureFact>,
    /// Codes of its mode pages. MMC-6 7.
    pub mode_pages: Vec<u8>,
    /// Kinds of media that it, and discwright, can write: `dvd+r`, `bd-re`.
    pub writes: Vec<String>,
    /// Kilobytes (1024 bytes) of its buffer.
    pub buffer_kilobytes: Option<u16>,
    /// Whether the tray opens by command.
    pub can_eject: Option<bool>,
    /// Whether the tray closes by command.
    pub can_load: Option<bool>,
    /// The serial number, where the drive tells it..
    pub serial: Option<String>,
    /// What more there is to know of the medium.
    pub medium: Option<MediumDetails>,
}

/// A profile of a drive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProfileFact {
    /// Its number in MMC-6 table 89.
    pub code: u16,
    /// The medium it is for.
    pub name: String,
    /// Whether it is the one in force.
    pub current: bool,
}

/// A feature of a drive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FeatureFact {
    /// Its number in MMC-6 table 88.
    pub code: u16,
    /// What MMC-6 calls it.
    pub name: Option<String>,
    /// Whether it can be used with this medium.
    pub current: bool,
}

/// What more there is to know of a medium.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MediumDetails {
    /// Whether the drive says that nothing is recorded.
    pub physically_blank: bool,
    /// Whether a medium that is overwritten and never erased has only zeros where file systems begin and end.
    pub looks_empty: Option<bool>,
    /// Why nothing can be written, where the medium is protected.
    pub write_protected: Vec<String>,
    /// Maker and type as pressed into the disc.
    pub media_id: Option<String>,
    /// Identification of the disc that its first recorder gave it.
    pub disc_id: Option<u32>,
    /// Blocks that are written at once: an ECC block.
    pub write_unit: u32,
    /// The write speed in force, in 1000 bytes a second.
    pub write_kb_per_second: Option<u16>,
    /// How a CD can be written as it is: `tao`, `sao`, `raw`.
    #[serde(default)]
    pub write_modes: Vec<String>,
    /// How it can be formatted, the way it is now first.
    pub formats: Vec<FormatFact>,
    /// Structures that the drive reads from it, or sends to it.
    pub structures: Vec<StructureFact>,
    /// All tracks.
    pub tracks: Vec<TrackFact>,
    /// The last session that is complete, which a further one continues.
    pub last_session: Option<SessionFact>,
}

/// A way to format a medium.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FormatFact {
    /// Its number in MMC-6 table 250.
    pub kind: u8,
    /// What it is for.
    pub name: Option<String>,
    /// Blocks there will be.
    pub blocks: u32,
}

/// A structure of a medium.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StructureFact {
    /// Its format code in MMC-6 tables 387 and 388.
    pub format: u8,
    /// What it holds.
    pub name: Option<String>,
    /// Whether READ DISC STRUCTURE gives it.
    pub readable: bool,
    /// Whether SEND DISC STRUCTURE takes it.
    pub sendable: bool,
}

/// A track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrackFact {
    /// Its number, from 1.
    pub number: u16,
    /// The session it is in, from 1.
    pub session: u16,
    /// First block.
    pub start: u32,
    /// Blocks it has.
    pub blocks: u32,
    /// Whether it is data; else it is audio.
    pub data: bool,
    /// Whether nothing is recorded in it.
    pub blank: bool,
    /// Whether the drive holds it for broken.
    pub damaged: bool,
    /// Where writing continues in it.
    pub next_writable: Option<u32>,
    /// Blocks that can still be written into it.
    pub free_blocks: u32,
    /// Last block recorded.
    pub last_recorded: Option<u32>,
    /// DVD-R DL with layer jumps: the last block of the first layer before recording went on in the second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_layer_jump: Option<u32>,
}

/// A session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionFact {
    /// Its number, from 1.
    pub number: u16,
    /// First block.
    pub first: u32,
    /// Last block recorded.
    pub last: u32,
}

impl Details {
    /// From what was asked.
    pub(super) fn new(probe: &Probe, survey: &Survey) -> Self {
        let (drive, configuration) = (&probe.drive, &probe.drive.configuration);
        let profiles = configuration.profiles();
        let capabilities = drive.capabilities.as_ref();
        let mut writes: Vec<String> = profiles
            .iter()
            .filter(|profile| profile.write_method().is_some())
            .map(|profile| profile.kind().to_owned())
            .collect();
        writes.dedup();
        Self {
            profiles: profiles
                .iter()
                .map(|profile| ProfileFact {
                    code: profile.0,
                    name: profile.label().to_owned(),
                    current: *profile == configuration.current,
                })
                .collect(),
            features: configuration
                .features
                .iter()
                .map(|found| FeatureFact {
                    code: found.code,
                    name: feature::name(found.code).map(str::to_owned),
                    current: found.current,
                })
                .collect(),
            mode_pages: survey.mode_pages.clone(),
            writes,
            buffer_kilobytes: capabilities.map(|known| known.buffer_kb),
            can_eject: capabilities.map(|known| known.can_eject),
            can_load: capabilities.map(|known| known.can_load),
            serial: configuration.serial(),
            medium: probe.medium.as_ref().map(|facts| {
                let write_speed = capabilities.and_then(|known| known.write_speed);
                MediumDetails::new(facts, survey, write_speed)
            }),
        }
    }
}

impl MediumDetails {
    fn new(facts: &MediumFacts, survey: &Survey, write_speed: Option<u16>) -> Self {
        let formats = facts.formats.iter().flat_map(|formats| &formats.formats);
        Self {
            physically_blank: facts.disc.status == DiscStatus::Empty || !facts.formatted,
            looks_empty: survey.looks_empty,
            write_protected: facts.protection.reasons().map(str::to_owned).collect(),
            media_id: facts.media_id.clone(),
            disc_id: facts.disc.identification,
            write_unit: facts.profile.ecc_blocks(),
            write_kb_per_second: write_speed,
            write_modes: survey.write_modes.iter().map(|mode| mode.as_str().to_owned()).collect(),
            formats: formats
                .map(|format| FormatFact {
                    kind: format.kind,
                    name: format_kind::name(format.kind).map(str::to_owned),
                    blocks: format.blocks,
                })
                .collect(),
            structures: survey
                .structures
                .iter()
                .map(|entry| StructureFact {
                    format: entry.format,
                    name: structure_format::name(facts.profile, entry.format).map(str::to_owned),
                    readable: entry.readable,
                    sendable: entry.sendable,
                })
                .collect(),
            last_session: last_session(&survey.tracks),
            tracks: survey.tracks.iter().map(TrackFact::from).collect(),
        }
    }
}

impl From<&TrackInformation> for TrackFact {
    fn from(track: &TrackInformation) -> Self {
        /// Bit 2 of the control nibble: data. MMC-6 table 485.
        const DATA: u8 = 0x04;
        Self {
            number: track.track,
            session: track.session,
            start: track.start,
            blocks: track.size,
            data: track.mode & DATA != 0,
            blank: track.blank,
            damaged: track.damaged,
            next_writable: track.next_writable,
            free_blocks: track.free_blocks,
            last_recorded: track.last_recorded,
            last_layer_jump: track.last_layer_jump,
        }
    }
}

/// The last session in which every track is recorded and takes no more.
fn last_session(tracks: &[TrackInformation]) -> Option<SessionFact> {
    let is_open = |track: &TrackInformation| track.blank || track.next_writable.is_some();
    let sessions = tracks.chunk_by(|a, b| a.session == b.session);
    let complete = sessions.rev().find(|session| !session.iter().any(is_open))?;
    let (first, last) = (complete.first()?, complete.last()?);
    let end = last.start.saturating_add(last.size).saturating_sub(1);
    Some(SessionFact {
        number: first.session,
        first: first.start,
        last: last.last_recorded.unwrap_or(end),
    })
}
