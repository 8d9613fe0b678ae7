//! Sectors as they come back: user data, or the parts that READ CD selects.

use core::ops::Range;

use image_core::cd::{Msf, RAW_SECTOR, SubChannel, mode_1_sector, mode_2_form_1_sector};

use super::{
    super::{burner::Loaded, command::Selection, disc::Track, sense},
    Form,
};
use crate::scsi::Sense;

/// User data of a block of a data track.
const USER_DATA: usize = 2048;
/// Sync pattern and header. ECMA-130 14.1, 14.2.
const SYNC: usize = 12;
const HEADER: usize = 16;
/// Sub-header of mode 2 XA, twice four bytes. CD-ROM XA 2.4.
const SUB_HEADER: usize = 24;
/// Submode, the third byte of the sub-header; its bit 5 tells form 2.
const SUBMODE: usize = 18;
const FORM_2: u8 = 0x20;

/// Bits 7-3 of byte 9 of READ CD. MMC-6 6.19.2.6.
mod part {
    pub(super) const SYNC: u8 = 0x80;
    pub(super) const SUB_HEADER: u8 = 0x40;
    pub(super) const HEADER: u8 = 0x20;
    pub(super) const USER_DATA: u8 = 0x10;
    pub(super) const EDC_ECC: u8 = 0x08;
}

/// Bytes that tell of errors, by bits 2-1 of byte 9: a bit for each byte of the sector, behind two bytes for all of them.
/// There are none. MMC-6 table 353.
const ERRORS: [usize; 3] = [0, RAW_SECTOR / 8, RAW_SECTOR / 8 + 2];

/// Bits 2-0 of byte 10 of READ CD. MMC-6 table 355.
mod sub_channels {
    pub(super) const NONE: u8 = 0;
    pub(super) const P_TO_W: u8 = 1;
    pub(super) const Q: u8 = 2;
}

impl Selection {
    /// Whether this drive has what is asked for beside the sectors.
    pub(super) fn is_offered(self) -> bool {
        usize::from(self.errors) < ERRORS.len()
            && matches!(
                self.sub_channels,
                sub_channels::NONE | sub_channels::P_TO_W | sub_channels::Q
            )
    }
}

/// What a sector is. MMC-6 table 352.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SectorType {
    Audio = 1,
    Mode1 = 2,
    Mode2Form1 = 4,
    Mode2Form2 = 5,
}

impl SectorType {
    fn of(track: &Track, sector: &[u8; RAW_SECTOR]) -> Result<Self, Sense> {
        if track.cd.is_some_and(|cd| !cd.is_data()) {
            return Ok(Self::Audio);
        }
        match (sector[HEADER - 1], sector[SUBMODE] & FORM_2) {
            (1, _) => Ok(Self::Mode1),
            (2, 0) => Ok(Self::Mode2Form1),
            (2, _) => Ok(Self::Mode2Form2),
            _ => Err(sense::ILLEGAL_MODE_FOR_TRACK),
        }
    }

    fn user_data(self) -> Range<usize> {
        match self {
            Self::Audio => 0..RAW_SECTOR,
            Self::Mode1 => HEADER..HEADER + USER_DATA,
            Self::Mode2Form1 => SUB_HEADER..SUB_HEADER + USER_DATA,
            Self::Mode2Form2 => SUB_HEADER..RAW_SECTOR - 4,
        }
    }

    /// The bytes that parts of the sector take; they have to lie side by side. MMC-6 table 354.
    fn select(self, parts: u8) -> Result<Range<usize>, Sense> {
        let user = self.user_data();
        if self == Self::Audio {
            return Ok(if parts & part::USER_DATA != 0 { user } else { 0..0 });
        }
        let all = [
            (part::SYNC, 0..SYNC),
            (part::HEADER, SYNC..HEADER),
            (part::SUB_HEADER, HEADER..user.start),
            (part::USER_DATA, user.clone()),
            (part::EDC_ECC, user.end..RAW_SECTOR),
        ];
        let mut selected = 0..0;
        for (bit, range) in all {
            if parts & bit == 0 || range.is_empty() {
                continue;
            }
            if !selected.is_empty() && selected.end != range.start {
                return Err(sense::INVALID_FIELD_IN_CDB);
            }
            selected = if selected.is_empty() { range } else { selected.start..range.end };
        }
        Ok(selected)
    }
}

fn form_of(track: &Track) -> Form {
    track.cd.map_or(Form::Mode1, |cd| cd.form)
}

impl Loaded {
    /// The track that holds a sector; run-out, pauses and what was never recorded cannot be read.
    fn track_of(&self, lba: u32) -> Result<&Track, Sense> {
        let holds = |track: &&Track| (track.start..track.next).contains(&lba);
        let track = self.disc.tracks.iter().find(holds);
        track.ok_or_else(|| sense::at(sense::UNRECOVERED_READ_ERROR, lba))
    }

    /// A whole sector: as it was sent, or made anew around its user data.
    fn sector(&self, track: &Track, lba: u32) -> Result<[u8; RAW_SECTOR], Sense> {
        let unreadable = || sense::at(sense::UNRECOVERED_READ_ERROR, lba);
        let place = i32::try_from(lba).ok();
        let index = place.and_then(super::index).ok_or_else(unreadable)?;
        let form = form_of(track);
        if form == Form::Raw {
            let mut sector = [0; RAW_SECTOR];
            self.file.read_sector(index, 0, &mut sector).map_err(|_| unreadable())?;
            return Ok(sector);
        }
        let mut user = [0; USER_DATA];
        let read = self.file.read_sector(index, form.offset(), &mut user);
        read.map_err(|_| unreadable())?;
        let address = place.and_then(Msf::from_lba).ok_or_else(unreadable)?;
        Ok(match track.cd {
            Some(cd) if form == Form::Mode2Form1 => {
                mode_2_form_1_sector(address, cd.sub_header, &user)
            }
            _ => mode_1_sector(address, &user),
        })
    }

    /// READ: user data of a data track.
    pub(super) fn read_user_data(&self, lba: u32, out: &mut [u8]) -> Result<(), Sense> {
        let track = self.track_of(lba)?;
        let form = form_of(track);
        if form != Form::Raw {
            let index = i32::try_from(lba).ok().and_then(super::index);
            let read = index.map(|at| self.file.read_sector(at, form.offset(), out));
            let read = read.and_then(Result::ok);
            return read.ok_or_else(|| sense::at(sense::UNRECOVERED_READ_ERROR, lba));
        }
        let sector = self.sector(track, lba)?;
        let user = SectorType::of(track, &sector)?.user_data();
        if user.len() != out.len() {
            return Err(sense::at(sense::ILLEGAL_MODE_FOR_TRACK, lba));
        }
        out.copy_from_slice(&sector[user]);
        Ok(())
    }

    /// READ CD: appends the parts selected of one sector, and what is beside it. MMC-6 6.19.3.
    pub(super) fn read_parts(
        &self,
        lba: u32,
        selection: Selection,
        out: &mut Vec<u8>,
    ) -> Result<(), Sense> {
        let track = self.track_of(lba)?;
        let sector = self.sector(track, lba)?;
        let kind = SectorType::of(track, &sector)?;
        if selection.expected != 0 && selection.expected != kind as u8 {
            return Err(sense::at(sense::ILLEGAL_MODE_FOR_TRACK, lba));
        }
        out.extend_from_slice(&sector[kind.select(selection.parts)?]);
        let errors = ERRORS.get(usize::from(selection.errors)).copied().unwrap_or(0);
        out.resize(out.len() + errors, 0);
        match selection.sub_channels {
            sub_channels::P_TO_W => out.extend_from_slice(&self.sub_channels(track, lba)?),
            sub_channels::Q => {
                let all = self.sub_channels(track, lba)?;
                out.extend_from_slice(&SubChannel::from_interleaved(&all).to_p_and_q());
            }
            _ => {}
        }
        Ok(())
    }
}
