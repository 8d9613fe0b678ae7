//! What more a drive tells of itself and its medium than is needed to burn: for people and programs that want to know.

use core::time::Duration;

use super::{
    BLOCK, CdWriteMode, DiscStructure, MediumFacts, PatientDrive, Probe, Profile, StructureEntry,
    StructureMedium, TrackInformation, WriteMethod, mode_page_codes, mode_sense_all, read_10,
    read_disc_structure, read_track_information, read_track_information_with_jumps,
    structure_format, write_modes::write_modes,
};
use crate::scsi::Transport;

/// How long a question may take.
const LIMIT: Duration = Duration::from_secs(20);
/// Tracks that are asked about: a hostile drive may claim any number.
const MOST_TRACKS: u16 = 1000;
/// What is looked at, at the start and at the end of a medium that cannot be erased, before it counts as empty: 2 MiB.
const EMPTY_BLOCKS: u32 = 1024;
/// Blocks per READ.
const PIECE: u32 = 32;

/// What [`survey`] found; what a drive does not answer is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Codes of the mode pages. MMC-6 7.
    pub mode_pages: Vec<u8>,
    /// How the CD can be written as it is.
    pub write_modes: Vec<CdWriteMode>,
    /// All tracks, in order.
    pub tracks: Vec<TrackInformation>,
    /// Structures the drive can read or send. MMC-6 6.22, format FFh.
    pub structures: Vec<StructureEntry>,
    /// Whether a medium that is overwritten and never erased has nothing but zeros where file systems begin and end.
    pub looks_empty: Option<bool>,
}

/// Asks what [`probe`](super::probe()) did not. Writes nothing and leaves no setting changed.
pub fn survey(transport: &mut dyn Transport, probe: &Probe) -> Survey {
    let mut drive = PatientDrive::new(transport, LIMIT);
    let answer = drive.ask_optional(&mode_sense_all()).ok().flatten();
    let mut survey = Survey {
        mode_pages: answer.map(|answer| mode_page_codes(&answer)).unwrap_or_default(),
        ..Survey::default()
    };
    if let Some(facts) = &probe.medium {
        survey.write_modes = write_modes(&mut drive, &probe.drive.configuration, facts);
        survey.tracks = tracks(&mut drive, facts);
        survey.structures = structures(&mut drive, facts);
        survey.looks_empty = looks_empty(&mut drive, facts);
    }
    survey
}

fn tracks(drive: &mut PatientDrive<'_>, facts: &MediumFacts) -> Vec<TrackInformation> {
    let last = facts.disc.last_track.max(facts.tracks).min(MOST_TRACKS);
    let ask = |number: u16| {
        let question = match facts.profile {
            Profile::DVD_R_DL_JUMP => read_track_information_with_jumps(number.into()),
            _ => read_track_information(number.into()),
        };
        let answer = drive.ask_optional(&question).ok()??;
        TrackInformation::parse(&answer).ok()
    };
    (1..=last).map_while(ask).collect()
}

fn structures(drive: &mut PatientDrive<'_>, facts: &MediumFacts) -> Vec<StructureEntry> {
    let Some(medium) = StructureMedium::of(facts.profile) else { return Vec::new() };
    let question = read_disc_structure(medium, structure_format::LIST);
    let answer = drive.ask_optional(&question).ok().flatten();
    let structure = answer.and_then(|answer| DiscStructure::parse(&answer).ok());
    structure.map(|structure| structure.entries()).unwrap_or_default()
}

fn looks_empty(drive: &mut PatientDrive<'_>, facts: &MediumFacts) -> Option<bool> {
    if facts.profile.write_method() != Some(WriteMethod::Overwrite) {
        return None;
    }
    if !facts.formatted {
        return Some(true);
    }
    let end = facts.capacity_blocks;
    let head = 0..EMPTY_BLOCKS.min(end);
    let tail = end.saturating_sub(EMPTY_BLOCKS).max(head.end)..end;
    for area in [head, tail] {
        for lba in area.clone().step_by(PIECE as usize) {
            let blocks = PIECE.min(area.end - lba) as u16;
            let bytes = drive.ask(&read_10(lba, blocks)).ok()?;
            if bytes.len() != usize::from(blocks) * BLOCK {
                return None;
            }
            if bytes.iter().any(|byte| *byte != 0) {
                return Some(false);
            }
        }
    }
    Some(true)
}
