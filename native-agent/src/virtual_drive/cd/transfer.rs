//! Commands that move sectors of a CD or change what is recorded on it.

use super::{
    super::{
        burner::{Burner, received},
        command::{Command, Selection},
        disc::{Disc, within},
        file::SECTOR,
        recording::{STORE_EVERY, write_failed},
        sense,
    },
    Cue, Form,
};
use crate::scsi::{Data, Sense};

/// User data of a block of a data track.
const BLOCK: usize = 2048;
/// READ CD MSF and READ CD count sectors in 24 bits; this is more than a CD has.
const MOST_SECTORS: u32 = 450_000;

/// Write types of page 05h. MMC-6 7.5.4.4.
const TRACK_AT_ONCE: u8 = 1;
const SESSION_AT_ONCE: u8 = 2;
const RAW: u8 = 3;

impl Burner {
    pub(in super::super) fn perform_on_cd(
        &mut self,
        command: Command,
        data: Data<'_>,
    ) -> Result<usize, Sense> {
        match command {
            Command::Read { lba, blocks } => self.read_cd_blocks(lba, blocks, data),
            Command::ReadCd { lba, blocks, selection } => {
                self.read_cd(lba, blocks, selection, data)
            }
            Command::Write { verify: true, .. } => Err(sense::INVALID_OPERATION_CODE),
            Command::Write { lba, blocks, verify: false } => match self.modes.write_type() {
                TRACK_AT_ONCE => self.write_track(lba, blocks, &data),
                SESSION_AT_ONCE => self.write_session(lba, blocks, &data),
                RAW => self.write_raw(lba, blocks, &data),
                _ => Err(sense::ILLEGAL_MODE_FOR_TRACK),
            },
            Command::Verify { lba, blocks, byte_check: false } => {
                self.check_readable(lba, blocks).map(|()| 0)
            }
            Command::Verify { .. } => Err(sense::INVALID_FIELD_IN_CDB),
            Command::Seek { lba } => self.check_readable(lba, 1).map(|()| 0),
            Command::SendCueSheet { length } => self.send_cue_sheet(&data, length),
            Command::SynchronizeCache { immediate } => {
                self.change(|disc| {
                    disc.end_track();
                    Ok(())
                })?;
                self.finish(immediate, sense::LONG_WRITE_IN_PROGRESS).map(|()| 0)
            }
            Command::ReserveTrack { blocks, by_lba: false } => {
                if self.modes.write_type() != TRACK_AT_ONCE {
                    return Err(sense::COMMAND_SEQUENCE);
                }
                self.change(|disc| disc.reserve_track(blocks)).map(|()| 0)
            }
            Command::ReserveTrack { .. } => Err(sense::INVALID_FIELD_IN_CDB),
            Command::CloseTrackSession { immediate, function, number } => {
                self.close_on_cd(immediate, function, number).map(|()| 0)
            }
            Command::FormatUnit { .. } => Err(sense::CANNOT_FORMAT_MEDIUM),
            Command::Blank { immediate, kind, address } => {
                self.blank(immediate, kind, address).map(|()| 0)
            }
            Command::SendOpc => Ok(0),
            _ => Err(sense::INVALID_OPERATION_CODE),
        }
    }

    /// CLOSE TRACK SESSION: 1 track, 2 session; nothing else is there to close. MMC-6 6.3.
    fn close_on_cd(&mut self, immediate: bool, function: u8, number: u16) -> Result<(), Sense> {
        let multi_session = self.modes.multi_session();
        match function {
            1 => self.change(|disc| disc.close_cd_track(number))?,
            2 => self.change(|disc| disc.close_cd_session(multi_session))?,
            _ => return Err(sense::INVALID_FIELD_IN_CDB),
        }
        self.finish(immediate, sense::OPERATION_IN_PROGRESS)
    }

    /// Behind what is recorded nothing is addressed; gaps before that show when they are read.
    fn check_readable(&self, lba: u32, blocks: u32) -> Result<(), Sense> {
        within(lba, blocks, self.loaded()?.disc.recorded_end())
    }

    fn read_cd_blocks(&self, lba: u32, blocks: u32, data: Data<'_>) -> Result<usize, Sense> {
        self.check_readable(lba, blocks)?;
        let length = length(blocks, BLOCK)?;
        let out = match data {
            Data::In(out) => out.get_mut(..length).ok_or(sense::DATA_PHASE_ERROR)?,
            Data::None if length == 0 => return Ok(0),
            Data::None | Data::Out(_) => return Err(sense::DATA_PHASE_ERROR),
        };
        let loaded = self.loaded()?;
        for (lba, block) in (lba..).zip(out.chunks_exact_mut(BLOCK)) {
            loaded.read_user_data(lba, block)?;
        }
        Ok(length)
    }

    /// READ CD and READ CD MSF. MMC-6 6.19, 6.20.
    fn read_cd(
        &self,
        lba: u32,
        blocks: u32,
        selection: Selection,
        data: Data<'_>,
    ) -> Result<usize, Sense> {
        if !selection.is_offered() || blocks > MOST_SECTORS {
            return Err(sense::INVALID_FIELD_IN_CDB);
        }
        self.check_readable(lba, blocks)?;
        let loaded = self.loaded()?;
        let mut out: &mut [u8] = match data {
            Data::In(out) => out,
            Data::None => &mut [],
            Data::Out(_) => return Err(sense::DATA_PHASE_ERROR),
        };
        let (mut moved, mut parts) = (0, Vec::new());
        for lba in (lba..).take(blocks as usize) {
            parts.clear();
            loaded.read_parts(lba, selection, &mut parts)?;
            let (now, later) =
                out.split_at_mut_checked(parts.len()).ok_or(sense::DATA_PHASE_ERROR)?;
            now.copy_from_slice(&parts);
            (out, moved) = (later, moved + parts.len());
        }
        Ok(moved)
    }

    /// WRITE of a track by itself, as page 05h describes it. MMC-6 7.5.4.
    fn write_track(&mut self, lba: u32, blocks: u32, data: &Data<'_>) -> Result<usize, Sense> {
        let kind = self.modes.cd_track();
        let length = length(blocks, kind.form.block())?;
        let bytes = received(data, length)?;
        self.start_rehearsal()?;
        let track = self.loaded()?.seen().check_track_write(lba, blocks, kind)?;
        if blocks == 0 {
            return Ok(0);
        }
        let place = i32::try_from(lba).map_err(|_| sense::INVALID_FIELD_IN_CDB)?;
        self.record(place, blocks, kind.form, bytes)?;
        self.alter(|disc| disc.track_written(track, blocks, kind));
        self.store_after(bytes.len(), false)?;
        Ok(length)
    }

    /// SEND CUE SHEET. MMC-6 6.33.
    fn send_cue_sheet(&mut self, data: &Data<'_>, length: usize) -> Result<usize, Sense> {
        let list = received(data, length)?;
        if self.modes.write_type() != SESSION_AT_ONCE {
            return Err(sense::COMMAND_SEQUENCE);
        }
        self.start_rehearsal()?;
        let loaded = self.loaded_mut()?;
        let cue = Cue::parse(list, loaded.seen())?;
        loaded.cue = Some(cue);
        Ok(length)
    }

    /// WRITE of the next sectors that the cue sheet tells of; addresses below zero are in the pause before the first track.
    fn write_session(&mut self, lba: u32, blocks: u32, data: &Data<'_>) -> Result<usize, Sense> {
        let place = lba.cast_signed();
        let mut cue = self.loaded()?.cue.clone().ok_or(sense::COMMAND_SEQUENCE)?;
        let form = cue.check_write(place, blocks)?;
        let length = length(blocks, form.block())?;
        let bytes = received(data, length)?;
        if blocks == 0 {
            return Ok(0);
        }
        self.record(place, blocks, form, bytes)?;
        let begins = !self.loaded()?.seen().has_broken_session();
        let multi_session = self.modes.multi_session();
        cue.advance(blocks);
        self.alter(|disc| {
            if begins {
                disc.begin_session(&cue);
            }
            disc.session_written(&cue, multi_session);
        });
        let complete = cue.is_complete();
        self.loaded_mut()?.cue = if complete { None } else { Some(cue) };
        self.store_after(bytes.len(), complete)?;
        Ok(length)
    }

    /// Puts sectors into the file, unless this is a test write.
    fn record(&mut self, lba: i32, blocks: u32, form: Form, bytes: &[u8]) -> Result<(), Sense> {
        let speed = self.write_speed();
        let at = |sense| sense::at(sense, lba.cast_unsigned());
        let index = super::index(lba).ok_or_else(|| at(sense::INVALID_ADDRESS_FOR_WRITE))?;
        let Self { loaded: Some(loaded), pace, .. } = self else {
            return Err(sense::NO_MEDIUM);
        };
        // The speeds of CDs count raw sectors.
        pace.take(&loaded.disc, speed, length(blocks, image_core::cd::RAW_SECTOR)?)?;
        if loaded.rehearsal.is_some() {
            return Ok(());
        }
        let mut sectors = vec![0; length(blocks, SECTOR)?];
        for (sector, block) in
            sectors.chunks_exact_mut(SECTOR).zip(bytes.chunks_exact(form.block()))
        {
            sector[form.offset()..form.offset() + block.len()].copy_from_slice(block);
        }
        loaded.file.write_sectors(index, &sectors).map_err(|_| at(sense::WRITE_ERROR))
    }

    /// Changes the state of the disc, or of its rehearsal, without making it durable yet.
    pub(in super::super) fn alter(&mut self, rule: impl FnOnce(&mut Disc)) {
        if let Some(loaded) = &mut self.loaded {
            rule(loaded.rehearsal.as_mut().unwrap_or(&mut loaded.disc));
        }
    }

    /// Makes the state durable once a session is over, and from time to time.
    pub(super) fn store_after(&mut self, written: usize, over: bool) -> Result<(), Sense> {
        self.unstored += written as u64;
        if over || self.unstored >= STORE_EVERY {
            self.unstored = 0;
            let loaded = self.loaded_mut()?;
            loaded.file.store(&loaded.disc).map_err(write_failed)?;
        }
        Ok(())
    }
}

/// Bytes of a transfer; more than any host could hold is refused.
pub(super) fn length(blocks: u32, block: usize) -> Result<usize, Sense> {
    if blocks > MOST_SECTORS {
        return Err(sense::INVALID_FIELD_IN_CDB);
    }
    Ok(blocks as usize * block)
}
