//! Finding out what is in the drive: the start-up that libburn and growisofs do before they touch a disc.

mod pressed;

use core::time::Duration;

use image_core::cd::Msf;
use sha2::{Digest, Sha256};

use self::pressed::{probe_atip, probe_layer_boundary, probe_media_id, probe_protection};
use super::{
    Atip, BLOCK, Capabilities, Capacity, Configuration, DiscInformation, DiscStatus,
    FormatCapacities, Formatting, INVISIBLE_TRACK, LayerBoundary, ParseError, PatientDrive,
    Profile, Protection, Quirks, SessionState, SpeedDescriptors, TrackInformation, WriteMethod,
    feature, format_kind, get_configuration, get_write_speeds, inquiry, mode_sense_capabilities,
    read_10, read_capacity, read_disc_information, read_format_capacities, read_track_information,
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

/// What a drive is.
#[derive(Clone, Debug, Default)]
pub struct DriveFacts {
    /// Who made it.
    pub inquiry: Inquiry,
    /// What it can do, and what it can do with the medium that is in it.
    pub configuration: Configuration,
    /// Buffer, tray and old speed list; absent if the drive hides page 2Ah.
    pub capabilities: Option<Capabilities>,
    /// What is known of its model.
    pub quirks: Quirks,
}

/// Whether something can be written to the medium.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediumStatus {
    /// Nothing is recorded, or the medium is not formatted yet.
    Blank,
    /// Another session fits.
    Appendable,
    /// Full or closed.
    Complete,
    /// The last session is damaged.
    Damaged,
    /// Randomly writable: none of the others applies.
    Other,
}

impl MediumStatus {
    /// The name in the HTTP API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::Appendable => "appendable",
            Self::Complete => "complete",
            Self::Damaged => "damaged",
            Self::Other => "other",
        }
    }
}

/// A speed the drive offers for this medium.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WriteSpeed {
    /// Kilobytes (1000 bytes) per second; at the outer edge, if the speed grows.
    pub kb_per_second: u32,
    /// Constant angular velocity: the speed grows from inside to outside.
    pub cav: bool,
    /// The same as a multiple of 1x, to one decimal.
    pub times: f64,
}

/// What a medium is, and what can be done with it.
#[derive(Clone, Debug)]
pub struct MediumFacts {
    /// Its kind.
    pub profile: Profile,
    /// Whether something can be added.
    pub status: MediumStatus,
    /// Whether it can be written again.
    pub rewritable: bool,
    /// Whether it can be written without FORMAT UNIT. Always true for write-once media.
    pub formatted: bool,
    /// Blocks it holds altogether, or will once formatted.
    pub capacity_blocks: u32,
    /// Blocks that can be written now; all of them where blocks can be overwritten.
    pub free_blocks: u32,
    /// Where the next session begins, if there can be one.
    pub next_writable: Option<u32>,
    /// Sessions with something in them.
    pub sessions: u16,
    /// Tracks with something in them.
    pub tracks: u16,
    /// READ DISC INFORMATION.
    pub disc: DiscInformation,
    /// READ TRACK INFORMATION of the track that writing continues, or of the last one.
    pub track: Option<TrackInformation>,
    /// READ FORMAT CAPACITIES, where the drive answers it.
    pub formats: Option<FormatCapacities>,
    /// Fastest first.
    pub write_speeds: Vec<WriteSpeed>,
    /// The groove of a CD-R or CD-RW, where the drive tells it.
    pub atip: Option<Atip>,
    /// Maker and type as pressed into the disc.
    pub media_id: Option<String>,
    /// Whether it is protected from writing.
    pub protection: Protection,
    /// Where the first of two layers ends, on DVD+R DL and DVD-R DL.
    pub layer_boundary: Option<LayerBoundary>,
    /// Digest of all of the above that identifies this disc in this state: 32 hexadecimal digits.
    pub fingerprint: String,
    /// Why it cannot be written, if it cannot.
    pub refusal: Option<String>,
}

impl MediumFacts {
    /// Whether it can be written as it is.
    #[must_use]
    pub const fn is_writable(&self) -> bool {
        self.refusal.is_none()
    }

    /// The name in the command line and the HTTP API: `dvd+r`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.profile.kind()
    }

    /// The name on the box, with the number of layers where the profile does not tell: `BD-R DL`.
    #[must_use]
    pub fn label(&self) -> String {
        /// Blocks of one BD layer of 25 GB, and of one of BDXL. BD-R 1.0; BD-R 2.0.
        const LAYERS: [(u32, &str); 3] =
            [(48_878_592, " QL"), (24_438_784, " TL"), (12_219_392, " DL")];
        let suffix = match self.profile {
            Profile::BD_R | Profile::BD_R_RANDOM | Profile::BD_RE => {
                LAYERS.iter().find(|layer| self.capacity_blocks > layer.0).map_or("", |l| l.1)
            }
            _ => "",
        };
        format!("{}{suffix}", self.profile.label())
    }
}

/// All that is known of a drive and the medium in it.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The drive.
    pub drive: DriveFacts,
    /// The medium, if one is in it.
    pub medium: Option<MediumFacts>,
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
    measure(&mut facts, readable);
    facts.refusal = refusal(&facts, drive);
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

/// Fills in capacity, free blocks and the next writable address.
fn measure(facts: &mut MediumFacts, readable: Option<Capacity>) {
    let readable = readable.map_or(0, |capacity| capacity.blocks);
    match facts.profile.write_method() {
        Some(WriteMethod::Overwrite) => {
            facts.capacity_blocks = overwritable_blocks(facts, readable);
            facts.free_blocks = facts.capacity_blocks;
            facts.next_writable = Some(0);
        }
        Some(WriteMethod::Sequential) if facts.disc.status != DiscStatus::Finalized => {
            let Some(track) = facts.track else { return };
            let next = track.continues_at();
            facts.next_writable = next;
            facts.free_blocks = match track.free_blocks {
                0 if facts.profile.is_cd() => free_before_lead_out(facts, next),
                free => free,
            };
            facts.capacity_blocks = next.unwrap_or(track.start).saturating_add(facts.free_blocks);
        }
        _ => facts.capacity_blocks = readable,
    }
}

/// What is left of a blank CD whose drive does not count it: up to the last possible lead-out, without the run-out of a track.
fn free_before_lead_out(facts: &MediumFacts, next: Option<u32>) -> u32 {
    const RUN_OUT: u32 = 2;
    let blank = facts.disc.status == DiscStatus::Empty;
    let lead_out = facts.disc.last_lead_out_start.and_then(Msf::lba).filter(|_| blank);
    let room = lead_out.and_then(|lba| u32::try_from(lba).ok()).zip(next);
    room.map_or(0, |(end, next)| end.saturating_sub(next).saturating_sub(RUN_OUT))
}

/// What an overwritable medium holds: the format it has, or the one it will get.
fn overwritable_blocks(facts: &MediumFacts, readable: u32) -> u32 {
    let Some(formats) = &facts.formats else { return readable };
    if let Some(whole) = growable_to(facts.profile, formats) {
        return whole;
    }
    if facts.formatted {
        return if readable > 0 { readable } else { formats.blocks };
    }
    let kind = facts.profile.format_kind();
    kind.and_then(|kind| formats.format(kind)).map_or(formats.blocks, |format| format.blocks)
}

/// A DVD-RW that was formatted in part, or whose session is in the intermediate state, grows as it is written: as far as
/// a full format would reach. MMC-6 6.23.3.2, 6.4.3.4.9.
fn growable_to(profile: Profile, formats: &FormatCapacities) -> Option<u32> {
    let grows = formats.formatting == Formatting::Unknown
        || formats.format(format_kind::DVD_RW_QUICK_GROW).is_some_and(|rest| rest.blocks > 0);
    let whole = [format_kind::FULL, format_kind::DVD_RW_FULL]
        .into_iter()
        .find_map(|kind| formats.format(kind));
    whole.filter(|_| profile == Profile::DVD_RW_OVERWRITE && grows).map(|whole| whole.blocks)
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

/// Why a CD-RW or DVD-RW with nothing left on it cannot be written.
pub(crate) const ERASE_FIRST: &str = "the disc is full: it has to be erased first";

/// Why a disc cannot be written whose last session has something in it and is open: an image behind that would not be found.
pub(crate) const OPEN_SESSION: &str = "its last session was begun and not closed";

/// Why nothing can be written, for people.
fn refusal(facts: &MediumFacts, drive: &DriveFacts) -> Option<String> {
    let label = facts.label();
    let Some(method) = facts.profile.write_method() else {
        return Some(if facts.profile.is_read_only() {
            format!("{label} can only be read")
        } else {
            format!("writing {label} is not supported")
        });
    };
    if !drive_can_write(facts.profile, &drive.configuration) {
        return Some(format!("this drive cannot write {label}"));
    }
    if let Some(reason) = facts.protection.reasons().next() {
        return Some(format!("the disc is write-protected {reason}"));
    }
    if method == WriteMethod::Overwrite {
        return None;
    }
    match facts.status {
        MediumStatus::Damaged => Some("the last session on the disc is damaged".to_owned()),
        MediumStatus::Complete if facts.rewritable => Some(ERASE_FIRST.to_owned()),
        MediumStatus::Complete => Some("the disc is closed: nothing can be added".to_owned()),
        MediumStatus::Appendable if has_open_session(facts, drive) => Some(OPEN_SESSION.to_owned()),
        _ if facts.next_writable.is_none() => {
            Some("the drive does not say where writing can continue".to_owned())
        }
        _ => None,
    }
}

/// BD-R for pseudo-overwrite keep their session open on purpose.
fn has_open_session(facts: &MediumFacts, drive: &DriveFacts) -> bool {
    facts.disc.last_session == SessionState::Incomplete
        && !drive.configuration.is_current(feature::BD_R_POW)
}

/// Drives that only read show the profile of a medium too; the feature for writing is then missing or not current.
fn drive_can_write(profile: Profile, configuration: &Configuration) -> bool {
    let write_bit = |code| {
        let feature = configuration.feature(code).filter(|feature| feature.current);
        feature.is_some_and(|feature| feature.data.first().is_some_and(|bits| bits & 1 != 0))
    };
    match profile {
        Profile::CD_R | Profile::CD_RW => {
            configuration.is_current(feature::CD_TRACK_AT_ONCE)
                || configuration.is_current(feature::CD_MASTERING)
        }
        Profile::DVD_R_DL_JUMP => configuration.is_current(feature::LAYER_JUMP),
        Profile::DVD_PLUS_R => write_bit(feature::DVD_PLUS_R),
        Profile::DVD_PLUS_RW => write_bit(feature::DVD_PLUS_RW),
        Profile::BD_R | Profile::BD_RE => configuration.is_current(feature::BD_WRITE),
        _ => true,
    }
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
