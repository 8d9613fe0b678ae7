//! Commands and replies of the Multi-Media Commands, MMC-6 (INCITS 468), and the few of SPC-4 that optical drives use.
//!
//! Everything but [`probe()`] and [`PatientDrive`] is pure: a function makes a [`Command`], a type reads the answer.
//! No answer, however broken, makes a parser panic; a field that is missing is an error or counts as zero, as its
//! type says.
//!
//! ```
//! use native_agent::mmc::{Capacity, read_capacity};
//!
//! assert_eq!(read_capacity().cdb.as_bytes(), [0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
//! let capacity = Capacity::parse(&[0x00, 0x23, 0x05, 0x3f, 0, 0, 8, 0])?;
//! assert_eq!(capacity.blocks, 2_295_104);
//! # Ok::<(), native_agent::mmc::ParseError>(())
//! ```

mod atip;
mod capacity;
mod command;
mod configuration;
mod cue_sheet;
mod disc_information;
mod event;
mod format;
mod full_toc;
mod mode;
mod patience;
mod performance;
mod pma;
mod probe;
mod profile;
mod protection;
mod q_entry;
mod quirks;
mod raw;
mod read_cd;
mod status;
mod structure;
mod survey;
mod toc;
mod track_information;
mod transfer;
mod tray;
mod write_modes;

pub(crate) use self::probe::{ERASE_FIRST, OPEN_SESSION};
pub use self::{
    atip::{Atip, read_atip},
    capacity::{
        Capacity, Format, FormatCapacities, Formatting, read_capacity, read_format_capacities,
    },
    command::{ASK_TIMEOUT, Cdb, Command, LOAD_TIMEOUT, MOVE_TIMEOUT, Transfer},
    configuration::{Configuration, Feature, feature, get_configuration},
    cue_sheet::{CueSheet, PAUSE, SHORTEST_TRACK, send_cue_sheet},
    disc_information::{
        BackgroundFormat, DiscInformation, DiscStatus, SessionState, read_disc_information,
    },
    event::{MediaChange, MediaEvent, get_media_event},
    format::{BlankKind, blank, format_kind, format_unit, format_unit_uncertified},
    full_toc::{FullToc, SessionTrack, read_full_toc},
    mode::{
        BlockType, Capabilities, WriteParameters, WriteType, mode_page_codes,
        mode_select_write_parameters, mode_sense_all, mode_sense_capabilities,
        mode_sense_write_parameters, restore_write_parameters, without_underrun_protection,
    },
    patience::{PatientDrive, Reaction, Waiting},
    performance::{FASTEST, SpeedDescriptor, SpeedDescriptors, get_write_speeds, set_speed},
    pma::{Pma, PmaTrack, read_pma},
    probe::{
        DriveFacts, MediumFacts, MediumStatus, Probe, ProbeError, WriteSpeed, identify, probe,
    },
    profile::{Profile, WriteMethod},
    protection::Protection,
    quirks::{Quirk, Quirks},
    raw::{RAW_LEAD_OUT, RawBlocks, RawSession, SubChannels, write_raw, write_raw_zeros},
    read_cd::{ErrorFlags, SectorParts, SectorSelection, read_cd},
    status::{BufferCapacity, inquiry, read_buffer_capacity, request_sense, test_unit_ready},
    structure::{
        DiscStructure, LayerBoundary, StructureEntry, StructureMedium, read_disc_structure,
        send_layer_boundary, send_layer_jump, structure_format,
    },
    survey::{Survey, survey},
    toc::{Toc, TocTrack, read_last_session, read_toc},
    track_information::{
        INVISIBLE_TRACK, TrackInformation, read_track_information,
        read_track_information_with_jumps,
    },
    transfer::{
        Closing, close_track_session, read_10, read_12, reserve_track, send_opc, synchronize_cache,
        write_10, write_12, write_of, write_zeros,
    },
    tray::{TrayAction, move_tray, prevent_removal, start_stop},
    write_modes::CdWriteMode,
};

/// Bytes per logical block of data media.
pub const BLOCK: usize = 2048;

/// An answer that is not what the standard says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answer of the drive ends at byte {offset}, before {expected} is complete")]
pub struct ParseError {
    /// Where reading stopped.
    pub offset: usize,
    /// What should have been there.
    pub expected: &'static str,
}

impl ParseError {
    pub(crate) const fn new(offset: usize, expected: &'static str) -> Self {
        Self { offset, expected }
    }
}
