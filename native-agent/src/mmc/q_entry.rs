//! What READ TOC/PMA/ATIP tells of lead-ins and of the program memory area: the contents of sub-channel Q, entry by entry.
//! MMC-6 6.25.3.4, 6.25.3.5.

use image_core::cd::Msf;
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned, big_endian::U16};

use super::ParseError;

/// MMC-6 tables 466, 473.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned, Debug)]
#[repr(C)]
pub(super) struct QEntry {
    /// In a lead-in; reserved in the program memory area.
    pub(super) session: u8,
    /// Bits 7-4 ADR, bits 3-0 CONTROL.
    adr_control: u8,
    track: u8,
    pub(super) point: u8,
    pub(super) time: [u8; 3],
    zero: u8,
    point_time: [u8; 3],
}

const _: () = assert!(size_of::<QEntry>() == 11);

impl QEntry {
    /// What the entry tells: 1 for a place on the disc.
    pub(super) const fn adr(&self) -> u8 {
        self.adr_control >> 4
    }

    /// CONTROL: bit 2 tells data, bit 1 that copies are permitted, bit 0 of audio its pre-emphasis. ECMA-130 22.3.1.
    pub(super) const fn control(&self) -> u8 {
        self.adr_control & 0x0f
    }

    /// MIN, SEC, FRAME.
    pub(super) const fn time(&self) -> Msf {
        let [minute, second, frame] = self.time;
        Msf { minute, second, frame }
    }

    /// PMIN, PSEC, PFRAME.
    pub(super) const fn point_time(&self) -> Msf {
        let [minute, second, frame] = self.point_time;
        Msf { minute, second, frame }
    }
}

/// The entries of an answer; a last one that is cut off is left out.
///
/// # Errors
/// [`ParseError`] for `header` if that is incomplete.
pub(super) fn entries<'a>(
    bytes: &'a [u8],
    header: &'static str,
) -> Result<impl Iterator<Item = &'a QEntry> + use<'a>, ParseError> {
    let missing = || ParseError::new(bytes.len(), header);
    let (length, _) = U16::ref_from_prefix(bytes).map_err(|_| missing())?;
    let said = bytes.get(..usize::from(length.get()) + 2).unwrap_or(bytes);
    let mut rest = said.get(4..).ok_or_else(missing)?;
    Ok(core::iter::from_fn(move || {
        let (entry, next) = QEntry::ref_from_prefix(rest).ok()?;
        rest = next;
        Some(entry)
    }))
}
