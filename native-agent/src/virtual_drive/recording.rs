//! Commands that move blocks or end what is recorded: read, write, verify, synchronize, reserve, close.

use std::{io, thread};

use super::{
    burner::{Burner, received},
    busy::Busy,
    command::Command,
    disc::{DVD_MINUS_WRITE, Disc, INCREMENTAL_STREAMING, TrackState},
    media::{MediumKind, Recording},
    modes, sense, structures,
};
use crate::scsi::{Data, Sense};

const BLOCK: usize = 2048;

/// The header is stored after this many bytes even when the host never synchronizes.
pub(super) const STORE_EVERY: u64 = 64 << 20;

impl Burner {
    pub(super) fn perform_transfer(
        &mut self,
        command: Command,
        data: Data<'_>,
    ) -> Result<usize, Sense> {
        if self.loaded()?.disc.medium().is_cd() {
            return self.perform_on_cd(command, data);
        }
        match command {
            Command::Read { lba, blocks } => self.read(lba, blocks, data),
            Command::Write { lba, blocks, verify } => {
                let length = byte_length(blocks)?;
                if verify && self.loaded()?.disc.recording() == Recording::Sequential {
                    return Err(sense::INVALID_OPERATION_CODE);
                }
                self.write(lba, blocks, received(&data, length)?).map(|()| length)
            }
            Command::Verify { lba, blocks, byte_check } => {
                self.verify(lba, blocks, byte_check, &data)
            }
            Command::Seek { lba } => self.loaded()?.seen().check_read(lba, 0).map(|()| 0),
            Command::SynchronizeCache { immediate } => self.synchronize(immediate).map(|()| 0),
            Command::ReserveTrack { blocks, by_lba } => {
                if by_lba {
                    return Err(sense::INVALID_FIELD_IN_CDB);
                }
                self.change(|disc| disc.reserve(blocks)).map(|()| 0)
            }
            Command::CloseTrackSession { immediate, function, number } => {
                self.close(immediate, function, number).map(|()| 0)
            }
            Command::FormatUnit { with_data, code } => self.format(with_data, code, &data),
            Command::Blank { immediate, kind, address } => {
                self.blank(immediate, kind, address).map(|()| 0)
            }
            // The power is right at once: there is no laser.
            Command::SendOpc => self.loaded().map(|_| 0),
            Command::ReadCd { .. } => Err(sense::CANNOT_READ_MEDIUM),
            Command::SendDiscStructure { media, format, length } => {
                let list = received(&data, length)?;
                self.send_structure(media, format, list).map(|()| length)
            }
            Command::SendCueSheet { .. } => Err(sense::CANNOT_WRITE_MEDIUM),
            _ => Err(sense::INVALID_OPERATION_CODE),
        }
    }

    /// SEND DISC STRUCTURE. MMC-6 6.36.3.
    fn send_structure(&mut self, media: u8, format: u8, list: &[u8]) -> Result<(), Sense> {
        let disc = &self.loaded()?.disc;
        let number = structures::sent_number(disc, media, format, list)?;
        match structures::layer_jump(disc, format) {
            // This drive jumps where it says, and nowhere else.
            Some(only) if number == only => Ok(()),
            Some(_) => Err(sense::INVALID_FIELD_IN_PARAMETER_LIST),
            None => self.change(|disc| disc.break_layer(number)),
        }
    }

    fn read(&mut self, lba: u32, blocks: u32, data: Data<'_>) -> Result<usize, Sense> {
        let length = byte_length(blocks)?;
        let loaded = self.loaded()?;
        if loaded.disc.recording() == Recording::Overwrite && loaded.disc.format.is_none() {
            return Err(sense::CANNOT_READ_MEDIUM);
        }
        loaded.disc.check_read(lba, blocks)?;
        let out = match data {
            Data::In(out) => out.get_mut(..length).ok_or(sense::DATA_PHASE_ERROR)?,
            Data::None if length == 0 => return Ok(0),
            Data::None | Data::Out(_) => return Err(sense::DATA_PHASE_ERROR),
        };
        let read = loaded.file.read_blocks(lba, out);
        read.map_err(|_| sense::at(sense::UNRECOVERED_READ_ERROR, lba))?;
        Ok(length)
    }

    fn verify(
        &mut self,
        lba: u32,
        blocks: u32,
        byte_check: bool,
        data: &Data<'_>,
    ) -> Result<usize, Sense> {
        let length = byte_length(blocks)?;
        let loaded = self.loaded()?;
        loaded.disc.check_read(lba, blocks)?;
        if !byte_check {
            return Ok(0);
        }
        let expected = received(data, length)?;
        let mut block = [0; BLOCK];
        for (at, wanted) in (lba..).zip(expected.chunks_exact(BLOCK)) {
            let read = loaded.file.read_blocks(at, &mut block);
            read.map_err(|_| sense::at(sense::UNRECOVERED_READ_ERROR, at))?;
            if block != *wanted {
                return Err(sense::at(sense::MISCOMPARE, at));
            }
        }
        Ok(length)
    }

    /// WRITE: checked in full before the first byte goes anywhere. MMC-6 6.44.
    fn write(&mut self, lba: u32, blocks: u32, bytes: &[u8]) -> Result<(), Sense> {
        self.start_rehearsal()?;
        self.begin_layer_jumps(blocks)?;
        let speed = self.write_speed();
        let track = self.loaded()?.seen().check_write(lba, blocks)?;
        if blocks == 0 {
            return Ok(());
        }
        self.check_write_type(track)?;
        let Self { loaded: Some(loaded), pace, unstored, .. } = self else {
            return Err(sense::NO_MEDIUM);
        };
        pace.take(&loaded.disc, speed, bytes.len())?;
        if let Some(rehearsal) = &mut loaded.rehearsal {
            rehearsal.written(track, lba, blocks);
            return Ok(());
        }
        let written = loaded.file.write_blocks(lba, bytes);
        written.map_err(|_| sense::at(sense::WRITE_ERROR, lba))?;
        loaded.disc.written(track, lba, blocks);
        *unstored += bytes.len() as u64;
        if *unstored >= STORE_EVERY {
            *unstored = 0;
            loaded.file.store(&loaded.disc).map_err(write_failed)?;
        }
        Ok(())
    }

    /// DVD-R and DVD-RW are written as page 05h says: at once into a track reserved for it, or incrementally, which a
    /// DVD-RW that was blanked minimally does not take. MMC-6 7.5.4.4.
    fn check_write_type(&self, track: Option<usize>) -> Result<(), Sense> {
        let disc = self.loaded()?.seen();
        let state = track.and_then(|index| disc.tracks.get(index)).map(|track| track.state);
        let jumps = self.modes.write_type() == modes::LAYER_JUMP;
        match (self.modes.disc_at_once(), state) {
            _ if !disc.has_feature(DVD_MINUS_WRITE) => Ok(()),
            _ if jumps != disc.layer_jump => Err(sense::ILLEGAL_MODE_FOR_TRACK),
            _ if jumps => Ok(()),
            (true, Some(TrackState::Reserved)) => Ok(()),
            (true, _) => Err(sense::COMMAND_SEQUENCE),
            (false, _) if disc.has_feature(INCREMENTAL_STREAMING) => Ok(()),
            (false, _) => Err(sense::ILLEGAL_MODE_FOR_TRACK),
        }
    }

    /// DVD-R DL: the first block decides how the disc is recorded. MMC-6 4.3.7.
    fn begin_layer_jumps(&mut self, blocks: u32) -> Result<(), Sense> {
        let jumps = self.modes.write_type() == modes::LAYER_JUMP;
        let disc = self.loaded()?.seen();
        if jumps && blocks > 0 && disc.kind == MediumKind::DvdRDl && disc.is_blank() {
            self.alter(Disc::begin_layer_jumps);
        }
        Ok(())
    }

    /// DVD-R with the test write bit of page 05h: recording goes on in a copy of the state. MMC-6 7.5.4.3.
    pub(super) fn start_rehearsal(&mut self) -> Result<(), Sense> {
        let test_write = self.modes.test_write();
        let loaded = self.loaded_mut()?;
        let disc = &loaded.disc;
        let rehearses = disc.has_feature(DVD_MINUS_WRITE) || disc.medium().is_cd();
        if test_write && rehearses && loaded.rehearsal.is_none() {
            loaded.rehearsal = Some(loaded.disc.clone());
        }
        Ok(())
    }

    /// Changes the state of the disc, or of its rehearsal, and makes it durable.
    pub(super) fn change(
        &mut self,
        rule: impl FnOnce(&mut Disc) -> Result<(), Sense>,
    ) -> Result<(), Sense> {
        let loaded = self.loaded_mut()?;
        if let Some(rehearsal) = &mut loaded.rehearsal {
            return rule(rehearsal);
        }
        let mut changed = loaded.disc.clone();
        rule(&mut changed)?;
        loaded.file.store(&changed).map_err(write_failed)?;
        loaded.disc = changed;
        self.unstored = 0;
        Ok(())
    }

    /// SYNCHRONIZE CACHE: what waits is written, the ECC block begun is filled, the header follows. MMC-6 6.43.
    fn synchronize(&mut self, immediate: bool) -> Result<(), Sense> {
        let at_once = self.modes.disc_at_once();
        self.change(|disc| {
            disc.pad();
            if at_once { disc.finish_at_once() } else { Ok(()) }
        })?;
        self.finish(immediate, sense::LONG_WRITE_IN_PROGRESS)
    }

    /// Waits until the buffer is empty, or leaves the host to poll.
    pub(super) fn finish(&mut self, immediate: bool, report: Sense) -> Result<(), Sense> {
        const POLLS: u16 = 2;
        self.pace.rest();
        if immediate {
            self.busy = Some(Busy::for_commands(report, POLLS));
            return Ok(());
        }
        let speed = self.write_speed();
        if let Some(loaded) = &self.loaded {
            thread::sleep(self.pace.until_empty(&loaded.disc, speed));
        }
        Ok(())
    }

    /// CLOSE TRACK SESSION: 0 stop background format, 1 track, 2 session, 5 and 6 finalize. MMC-6 6.3.
    fn close(&mut self, immediate: bool, function: u8, number: u16) -> Result<(), Sense> {
        let disc = &self.loaded()?.disc;
        let sequential = disc.recording() == Recording::Sequential;
        let minus = disc.has_feature(DVD_MINUS_WRITE);
        let kind = disc.kind;
        match (function, kind) {
            (0 | 2, MediumKind::DvdPlusRw) => self.change(stop_formatting)?,
            // A restricted overwrite session leaves its intermediate state.
            (2 | 3, MediumKind::DvdRw) if !sequential => self.change(stop_formatting)?,
            (1, _) if sequential => self.change(|disc| disc.close_track(number))?,
            // Two layers hold a single session, unless it has layer jumps.
            (2, MediumKind::DvdRDl) if !disc.layer_jump => self.change(Disc::finalize)?,
            (2, _) if minus && !self.modes.multi_session() => self.change(Disc::finalize)?,
            // The session stays open, so that its blocks can be recorded again.
            (2, _) if disc.pseudo_overwrite => return Err(sense::INVALID_FIELD_IN_CDB),
            (2, _) if sequential => self.change(Disc::close_session)?,
            (6, _) if sequential && !minus => self.change(Disc::finalize)?,
            (5, MediumKind::DvdPlusR | MediumKind::DvdPlusRDl) => self.change(Disc::finalize)?,
            _ => return Err(sense::INVALID_FIELD_IN_CDB),
        }
        self.finish(immediate, sense::OPERATION_IN_PROGRESS)
    }
}

fn stop_formatting(disc: &mut Disc) -> Result<(), Sense> {
    let format = disc.format.as_mut().ok_or(sense::CANNOT_WRITE_MEDIUM)?;
    format.running = false;
    Ok(())
}

pub(super) fn write_failed(_: io::Error) -> Sense {
    sense::WRITE_ERROR
}

/// Bytes of a transfer; more than any host could hold is refused.
fn byte_length(blocks: u32) -> Result<usize, Sense> {
    /// What a WRITE(12) may move at once: 1 GiB.
    const MOST_BLOCKS: u32 = 1 << 19;
    let length = usize::try_from(blocks).ok().and_then(|blocks| blocks.checked_mul(BLOCK));
    length.filter(|_| blocks <= MOST_BLOCKS).ok_or(sense::INVALID_FIELD_IN_CDB)
}
