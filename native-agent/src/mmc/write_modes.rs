//! How a drive can write a CD: what its features say, and where they are silent what page 05h takes. MMC-6 5.3.21, 5.3.22.

use super::{
    BlockType, Configuration, MediumFacts, MediumStatus, PatientDrive, SubChannels,
    WriteParameters, WriteType, feature, mode_select_write_parameters, mode_sense_write_parameters,
    restore_write_parameters,
};

/// Bits of the CD Mastering feature, byte 4: sessions at once, raw writing.
const SESSION_AT_ONCE: u8 = 0x20;
const RAW: u8 = 0x08;
/// Data, uninterrupted. MMC-6 7.5.4.8.
const TRACK_MODE_DATA: u8 = 4;

/// A way to write a CD.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CdWriteMode {
    /// A track by itself, with a session around it.
    TrackAtOnce,
    /// Lead-in, track and lead-out in one go, made by the drive.
    SessionAtOnce,
    /// The same, made by the host, sub-channels included.
    Raw,
}

impl CdWriteMode {
    const ALL: [Self; 3] = [Self::TrackAtOnce, Self::SessionAtOnce, Self::Raw];

    /// The name in the command line and the HTTP API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TrackAtOnce => "tao",
            Self::SessionAtOnce => "sao",
            Self::Raw => "raw",
        }
    }

    /// Whether the drive says that it writes this medium so; `None` where the feature that tells is missing, as with CDEmu.
    #[must_use]
    pub fn offered(self, configuration: &Configuration) -> Option<bool> {
        let (code, bit) = match self {
            Self::TrackAtOnce => (feature::CD_TRACK_AT_ONCE, None),
            Self::SessionAtOnce => (feature::CD_MASTERING, Some(SESSION_AT_ONCE)),
            Self::Raw => (feature::CD_MASTERING, Some(RAW)),
        };
        let feature = configuration.feature(code)?;
        let bits = feature.data.first();
        let has = |bit: u8| bits.is_none_or(|bits| bits & bit != 0);
        Some(feature.current && bit.is_none_or(has))
    }

    /// Page 05h for it; of raw writing there are two.
    fn pages(self) -> Vec<WriteParameters> {
        let page = |write_type, block_type| WriteParameters {
            write_type,
            block_type,
            multi_session: false,
            test_write: false,
            link_size: None,
            packet_blocks: None,
            track_mode: TRACK_MODE_DATA,
        };
        match self {
            Self::TrackAtOnce => vec![page(WriteType::TrackAtOnce, BlockType::Mode1)],
            Self::SessionAtOnce => vec![page(WriteType::SessionAtOnce, BlockType::Mode1)],
            Self::Raw => [SubChannels::PToW, SubChannels::PAndQ]
                .map(|sub_channels| page(WriteType::Raw, sub_channels.block_type()))
                .into(),
        }
    }
}

/// How the CD in the drive can be written as it is. A drive whose features do not tell is set so and then set back.
pub(super) fn write_modes(
    drive: &mut PatientDrive<'_>,
    configuration: &Configuration,
    facts: &MediumFacts,
) -> Vec<CdWriteMode> {
    if !facts.profile.is_cd() || !facts.is_writable() {
        return Vec::new();
    }
    let blank = facts.status == MediumStatus::Blank;
    let fits = |mode: &CdWriteMode| blank || *mode == CdWriteMode::TrackAtOnce;
    let mut offers =
        |mode: &CdWriteMode| mode.offered(configuration).unwrap_or_else(|| is_taken(drive, *mode));
    CdWriteMode::ALL.into_iter().filter(fits).filter(|mode| offers(mode)).collect()
}

/// Whether the drive takes the page; what it had before, it has again.
fn is_taken(drive: &mut PatientDrive<'_>, mode: CdWriteMode) -> bool {
    let answer = drive.ask(&mode_sense_write_parameters());
    let Ok(before) = restore_write_parameters(answer.as_deref().unwrap_or_default()) else {
        return false;
    };
    let mut pages = mode.pages().into_iter().map(mode_select_write_parameters);
    let taken = pages.any(|page| drive.ask(&page).is_ok());
    if taken {
        // A drive that does not take back what it told keeps what only the next burn looks at, and sets anew.
        let _ = drive.ask(&before);
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mmc::Feature;

    #[test]
    fn the_bits_of_the_features() {
        let configuration = |bits: Option<u8>, current| Configuration {
            features: bits
                .into_iter()
                .map(|bits| Feature { code: feature::CD_MASTERING, current, data: vec![bits] })
                .collect(),
            ..Configuration::default()
        };
        for (bits, current, session, raw) in [
            (Some(0x28), true, Some(true), Some(true)),
            (Some(0x20), true, Some(true), Some(false)),
            (Some(0x08), true, Some(false), Some(true)),
            (Some(0x28), false, Some(false), Some(false)),
            (None, true, None, None),
        ] {
            let configuration = configuration(bits, current);
            assert_eq!(CdWriteMode::SessionAtOnce.offered(&configuration), session);
            assert_eq!(CdWriteMode::Raw.offered(&configuration), raw);
            assert_eq!(CdWriteMode::TrackAtOnce.offered(&configuration), None);
        }
    }
}
