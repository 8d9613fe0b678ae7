//! Finding out what is in the drive: the start-up that libburn and growisofs do before they touch a disc.

mod facts;
mod pressed;
mod refusal;
mod room;

use core::time::Duration;

use sha2::{Digest, Sha256};

pub use facts::{DriveFacts, MediumFacts, MediumStatus, Probe, WriteSpeed};
pub(crate) use refusal::{ERASE_FIRST, OPEN_SESSION};

use self::pressed::{probe_atip, probe_layer_boundary, probe_media_id, probe_protection};
use super::{
    BLOCK, Capabilities, Capacity, Configuration, DiscInformation, DiscStatus, FormatCapacities,
    Formatting, INVISIBLE_TRACK, ParseError, PatientDrive, Profile, Quirks, SessionState,
    SpeedDescriptors, TrackInformation, WriteMethod, get_configuration, get_write_speeds, inquiry,
    mode_sense_capabilities, read_10, read_capacity, read_disc_information, read_format_capacities,
    read_track_information,
};
use crate::scsi::{Inquiry, ScsiError, Transport, inquiry::PERIPHERAL_MMC};

/// How long a disc may take to spin up.
const READY_LIMIT: Duration = Duration::from_secs(40);
/// First volume descriptor of an image: what tells two rewritable discs of one make apart. ECMA-119 6.7.1.
const DESCRIPTOR_BLOCK: u32 = 16;

/// Why a drive could not be probed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProbeError {
    /// Not a CD, DVD or BD drive; carries the peripheral device type.
    #[error("this is not an optical drive (device type {0:#04x})")]
    NotOptical(u8),
    /// The drive refused a question that every drive must answer.
    #[error("{command} failed")]
    Scsi {
        /// Its name in the standard.
        command: &'static str,
        /// What the drive said.
        #[source]
        source: ScsiError,
    },
    /// The answer does not follow the standard.
    #[error("{command} was answered badly")]
    Answer {
        /// Its name in the standard.
        command: &'static str,
        /// What is missing.
        #[source]
        source: ParseError,
    },
}

impl ProbeError {
    /// What a person can do about it.
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotOptical(_) => Some("`discwright drives` lists the optical drives"),
            Self::Scsi { source: ScsiError::Check(sense), .. } => sense.hint(),
            Self::Scsi { source: ScsiError::Gone, .. } => Some("is the drive still connected?"),
            Self::Scsi { .. } | Self::Answer { .. } => None,
        }
    }
}

/// Asks a drive who it is, without caring for a medium.
///
/// # Errors
/// [`ProbeError`] if it is no optical drive or does not answer.
pub fn identify(transport: &mut dyn Transport) -> Result<DriveFacts, ProbeError> {
    identify_patiently(&mut Asker(PatientDrive::new(transport, READY_LIMIT)))
}

fn identify_patiently(asker: &mut Asker<'_>) -> Result<DriveFacts, ProbeError> {
    let answer = asker.must("INQUIRY", &inquiry())?;
    let short = ParseError::new(answer.len(), "the standard data");
    let inquiry =
        Inquiry::parse(&answer).ok_or(ProbeError::Answer { command: "INQUIRY", source: short })?;
    if inquiry.device_type != PERIPHERAL_MMC {
        return Err(ProbeError::NotOptical(inquiry.device_type));
    }
    let mut configuration =
        asker.read("GET CONFIGURATION", &get_configuration(), Configuration::parse)?;
    let quirks = Quirks::of(&inquiry);
    quirks.correct(&mut configuration);
    let capabilities = asker.may("MODE SENSE", &mode_sense_capabilities(), Capabilities::parse)?;
    Ok(DriveFacts { inquiry, configuration, capabilities, quirks })
}

/// Asks a drive who it is and what is in it, waiting for the disc to spin up.
///
/// Writes nothing and changes no setting. Without a medium, `medium` is `None`.
///
/// # Errors
/// [`ProbeError`] if it is no optical drive, does not answer, or is not ready after 40 seconds.
pub fn probe(transport: &mut dyn Transport) -> Result<Probe, ProbeError> {
    let mut asker = Asker(PatientDrive::new(transport, READY_LIMIT));
    // The first command collects the unit attentions of a drive that was just switched on or loaded.
    let ready = match asker.0.wait_until_ready() {
        Err(error) if is_no_medium(&error) => false,
        Err(source) => return Err(ProbeError::Scsi { command: "TEST UNIT READY", source }),
        Ok(()) => true,
    };
    let drive = identify_patiently(&mut asker)?;
    if !ready {
        return Ok(Probe { drive, medium: None });
    }
    match probe_medium(&mut asker, &drive) {
        Ok(medium) => Ok(Probe { drive, medium: Some(medium) }),
        Err(ProbeError::Scsi { source, .. }) if is_no_medium(&source) => {
            Ok(Probe { drive, medium: None })
        }
        Err(error) => Err(error),
    }
}

/// Sense 2/3A/xx.
const fn is_no_medium(error: &ScsiError) -> bool {
    matches!(error, ScsiError::Check(sense) if sense.asc == 0x3a)
}

/// Puts the name of the command into what goes wrong.
struct Asker<'a>(PatientDrive<'a>);

impl Asker<'_> {
    fn must(
        &mut self,
        command: &'static str,
        question: &super::Command,
    ) -> Result<Vec<u8>, ProbeError> {
        self.0.ask(question).map_err(|source| ProbeError::Scsi { command, source })
    }

    fn read<T>(
        &mut self,
        command: &'static str,
        question: &super::Command,
        parse: impl Fn(&[u8]) -> Result<T, ParseError>,
    ) -> Result<T, ProbeError> {
        let answer = self.must(command, question)?;
        parse(&answer).map_err(|source| ProbeError::Answer { command, source })
    }

    /// For commands a drive need not know: a refusal or a bad answer is `None`.
    fn may<T>(
        &mut self,
        command: &'static str,
        question: &super::Command,
        parse: impl Fn(&[u8]) -> Result<T, ParseError>,
    ) -> Result<Option<T>, ProbeError> {
        let answer =
            self.0.ask_optional(question).map_err(|source| ProbeError::Scsi { command, source })?;
        Ok(answer.and_then(|answer| parse(&answer).ok()))
    }
}

fn probe_medium(asker: &mut Asker<'_>, drive: &DriveFacts) -> Result<MediumFacts, ProbeError> {
    let profile = drive.configuration.current;
    let disc =
        asker.read("READ DISC INFORMATION", &read_disc_information(), DiscInformation::parse)?;
    let formats =
        asker.may("READ FORMAT CAPACITIES", &read_format_capacities(), FormatCapacities::parse)?;
    let formatted = is_formatted(profile, formats.as_ref());
    let track = probe_track(asker, &disc)?;
    let readable = asker.may("READ CAPACITY", &read_capacity(), Capacity::parse)?;
    let speeds = asker.may("GET PERFORMANCE", &get_write_speeds(), SpeedDescriptors::parse)?;
    let atip = probe_atip(asker, profile)?;
    let media_id = match atip {
        Some(atip) => atip.media_id(),
        None => probe_media_id(asker, profile)?,
    };
    let protection = probe_protection(asker, drive)?;
    let layer_boundary = probe_layer_boundary(asker, profile)?;
    let content = if formatted && disc.status != DiscStatus::Empty {
        let parse = |bytes: &[u8]| Ok(bytes.to_vec());
        asker.may("READ(10)", &read_10(DESCRIPTOR_BLOCK, 1), parse)?
    } else {
        None
    };
    let mut facts = MediumFacts {
        profile,
        status: status_of(&disc, formatted),
        rewritable: profile.is_rewritable(),
        formatted,
        capacity_blocks: 0,
        free_blocks: 0,
        next_writable: None,
        sessions: recorded_sessions(&disc),
        tracks: recorded_tracks(&disc, track.as_ref()),
        disc,
        track,
        formats,
        write_speeds: write_speeds(profile, speeds, drive.capabilities.as_ref()),
        atip,
        media_id,
        protection,
        layer_boundary,
        fingerprint: String::new(),
        refusal: None,
    };
    room::measure(&mut facts, readable);
    facts.refusal = refusal::refusal(&facts, drive);
    facts.fingerprint = fingerprint(&facts, content.as_deref());
    Ok(facts)
}

/// Media that are written anywhere must be formatted first; READ FORMAT CAPACITIES knows. MMC-6 6.23.3.
fn is_formatted(profile: Profile, formats: Option<&FormatCapacities>) -> bool {
    profile.write_method() != Some(WriteMethod::Overwrite)
        || formats.is_none_or(|formats| formats.formatting != Formatting::Unformatted)
}

/// The track that writing continues, by the number FFh and, where a drive does not take that, by its own number.
fn probe_track(
    asker: &mut Asker<'_>,
    disc: &DiscInformation,
) -> Result<Option<TrackInformation>, ProbeError> {
    let parse = TrackInformation::parse;
    let last = u32::from(disc.last_track.max(1));
    if matches!(disc.status, DiscStatus::Empty | DiscStatus::Incomplete) {
        let invisible = read_track_information(INVISIBLE_TRACK);
        let track = asker.may("READ TRACK INFORMATION", &invisible, parse)?;
        if track.is_some() {
            return Ok(track);
        }
    }
    asker.may("READ TRACK INFORMATION", &read_track_information(last), parse)
}

fn status_of(disc: &DiscInformation, formatted: bool) -> MediumStatus {
    if !formatted {
        return MediumStatus::Blank;
    }
    match (disc.status, disc.last_session) {
        (DiscStatus::Incomplete, SessionState::Damaged) => MediumStatus::Damaged,
        (DiscStatus::Empty, _) => MediumStatus::Blank,
        (DiscStatus::Incomplete, _) => MediumStatus::Appendable,
        (DiscStatus::Finalized, _) => MediumStatus::Complete,
        (DiscStatus::Other, _) => MediumStatus::Other,
    }
}

/// READ DISC INFORMATION counts the session that is still empty. MMC-6 6.21.3.1.6.
const fn recorded_sessions(disc: &DiscInformation) -> u16 {
    match (disc.status, disc.last_session) {
        (DiscStatus::Empty, _) => 0,
        (DiscStatus::Incomplete, SessionState::Empty) => disc.sessions.saturating_sub(1),
        _ => disc.sessions,
    }
}

/// As with sessions, the track that is still empty is counted by the drive.
fn recorded_tracks(disc: &DiscInformation, track: Option<&TrackInformation>) -> u16 {
    match disc.status {
        DiscStatus::Empty => 0,
        DiscStatus::Incomplete if track.is_none_or(|track| track.blank) => {
            disc.last_track.saturating_sub(1)
        }
        _ => disc.last_track,
    }
}

fn write_speeds(
    profile: Profile,
    descriptors: Option<SpeedDescriptors>,
    capabilities: Option<&Capabilities>,
) -> Vec<WriteSpeed> {
    let descriptors = descriptors.unwrap_or_default().0;
    let mut speeds: Vec<(u32, bool)> =
        descriptors.iter().map(|speed| (speed.write_kb, speed.cav)).collect();
    if speeds.is_empty() {
        let old = capabilities.map(|known| &*known.write_speeds).unwrap_or_default();
        speeds.extend(old.iter().map(|speed| (u32::from(*speed), false)));
    }
    speeds.retain(|speed| speed.0 > 0);
    speeds.sort_unstable_by(|a, b| b.cmp(a));
    speeds.dedup_by_key(|speed| speed.0);
    let times = |kb: u32| (f64::from(kb) * 10.0 / profile.single_speed()).round() / 10.0;
    let speed = |(kb, cav)| WriteSpeed { kb_per_second: kb, cav, times: times(kb) };
    speeds.into_iter().map(speed).collect()
}

/// A stable digest of what the disc is and what state it is in: a disc that was swapped or written to has another.
fn fingerprint(facts: &MediumFacts, content: Option<&[u8]>) -> String {
    let mut digest = Sha256::new();
    let text = format!(
        "{}|{}|{}|{}|{}|{}|{:?}|{:?}|{:?}",
        facts.profile.0,
        facts.status.as_str(),
        facts.formatted,
        facts.capacity_blocks,
        facts.sessions,
        facts.tracks,
        facts.next_writable,
        facts.disc.identification,
        facts.media_id,
    );
    digest.update(text);
    digest.update(content.map(|block| &block[..block.len().min(BLOCK)]).unwrap_or_default());
    hex(&digest.finalize()[..16])
}

fn hex(bytes: &[u8]) -> String {
    use core::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
