//! Raw writing: the host sends everything from the lead-in to the lead-out, sub-channels included. MMC-6 7.5.4.4, 4.2.3.4.
//!
//! What the sub-channel Q of the lead-in says becomes the table of contents. Data sectors come scrambled, as they are on the
//! disc, and are kept as a drive gives them back: without.

use image_core::cd::{LeadIn, P_AND_Q, Position, RAW_SECTOR, SUB_CHANNELS, SubChannel, scramble};

use super::{
    super::{
        burner::{Burner, received},
        disc::Disc,
        file::SECTOR,
        sense,
    },
    Cue, PREGAP, transfer,
};
use crate::scsi::{Data, Sense};

/// Sub-channels of a data block of page 05h: types 1 and 3. MMC-6 7.5.4.9.
pub(in super::super) const PQ_BLOCKS: u8 = 1;
pub(in super::super) const PW_BLOCKS: u8 = 3;
/// Sectors of the lead-out of a first session.
const LEAD_OUT: u32 = 6750;

/// Where raw writing has got to.
#[derive(Clone, Debug)]
pub(in super::super) struct Raw {
    /// The sector the host has to send next.
    next: i32,
    /// What the lead-in has told.
    told: LeadIn,
    /// CONTROL of the sector before.
    control: u8,
    /// Once the program area was reached: where the lead-out ends.
    end: Option<i32>,
}

impl Raw {
    fn new() -> Self {
        let next = super::toc::LEAD_IN_START.lba().unwrap_or_default();
        Self { next, told: LeadIn::default(), control: 0, end: None }
    }
}

impl Burner {
    /// WRITE of raw sectors, one behind the other from the start of the lead-in.
    pub(super) fn write_raw(
        &mut self,
        lba: u32,
        blocks: u32,
        data: &Data<'_>,
    ) -> Result<usize, Sense> {
        let narrow = self.modes.raw_blocks() == PQ_BLOCKS;
        let block = RAW_SECTOR + if narrow { P_AND_Q } else { SUB_CHANNELS };
        let length = transfer::length(blocks, block)?;
        let bytes = received(data, length)?;
        self.start_rehearsal()?;
        let loaded = self.loaded()?;
        let mut raw = match loaded.raw.clone() {
            Some(raw) => raw,
            None if loaded.seen().is_blank() => Raw::new(),
            None => return Err(sense::COMMAND_SEQUENCE),
        };
        let at = |sense| sense::at(sense, lba);
        if lba.cast_signed() != raw.next {
            return Err(at(sense::INVALID_ADDRESS_FOR_WRITE));
        }
        let last = raw.next.saturating_add_unsigned(blocks);
        if raw.end.is_some_and(|end| last > end) {
            return Err(at(sense::END_OF_TRACK));
        }
        let speed = self.write_speed();
        if let Some(loaded) = &self.loaded {
            self.pace.take(&loaded.disc, speed, length)?;
        }
        if blocks > 0 && self.loaded()?.seen().is_blank() {
            self.alter(Disc::begin_lead_in);
        }
        for sector in bytes.chunks_exact(block) {
            self.write_raw_sector(&mut raw, sector)?;
        }
        self.loaded_mut()?.raw = Some(raw);
        self.store_after(length, self.loaded()?.cue.is_none())?;
        Ok(length)
    }

    fn write_raw_sector(&mut self, raw: &mut Raw, sector: &[u8]) -> Result<(), Sense> {
        let (main, sub) =
            sector.split_first_chunk::<RAW_SECTOR>().ok_or(sense::DATA_PHASE_ERROR)?;
        let sub = match <&[u8; SUB_CHANNELS]>::try_from(sub) {
            Ok(all) => *all,
            Err(_) => sub
                .first_chunk()
                .map(SubChannel::from_p_and_q)
                .map(SubChannel::to_interleaved)
                .ok_or(sense::DATA_PHASE_ERROR)?,
        };
        let position = Position::parse(&SubChannel::from_interleaved(&sub).q);
        raw.control = position.filter(|q| q.adr == 1).map_or(raw.control, |q| q.control);
        let lba = raw.next;
        raw.next = lba.saturating_add(1);
        if lba < -PREGAP.cast_signed() {
            if let Some(position) = &position {
                raw.told.hear(position);
            }
            return Ok(());
        }
        if raw.end.is_none() {
            self.begin_program_area(raw)?;
        }
        self.record_raw(raw.control, lba, main, &sub)
    }

    /// The lead-in is over: what it told is what there will be.
    fn begin_program_area(&mut self, raw: &mut Raw) -> Result<(), Sense> {
        let capacity = self.loaded()?.disc.capacity;
        let cue = Cue::from_lead_in(&raw.told, capacity)?;
        let multi_session = raw.told.is_open();
        raw.end = cue.end_of_lead_out(LEAD_OUT);
        self.alter(|disc| disc.begin_session(&cue));
        let loaded = self.loaded_mut()?;
        (loaded.cue, loaded.raw_multi_session) = (Some(cue), multi_session);
        Ok(())
    }

    /// A sector of pauses and tracks; those of the lead-out are the drive's own affair.
    fn record_raw(
        &mut self,
        control: u8,
        lba: i32,
        main: &[u8; RAW_SECTOR],
        sub: &[u8; SUB_CHANNELS],
    ) -> Result<(), Sense> {
        let loaded = self.loaded_mut()?;
        let Some(mut cue) = loaded.cue.take() else { return Ok(()) };
        if loaded.rehearsal.is_none() {
            let mut kept = [0; SECTOR];
            let (sector, behind) = kept.split_at_mut(RAW_SECTOR);
            let mut plain = *main;
            if control & super::DATA_TRACK != 0 {
                scramble(&mut plain);
            }
            sector.copy_from_slice(&plain);
            behind.copy_from_slice(sub);
            let index = super::index(lba).ok_or(sense::INVALID_ADDRESS_FOR_WRITE)?;
            let written = loaded.file.write_sectors(index, &kept);
            written.map_err(|_| sense::at(sense::WRITE_ERROR, lba.cast_unsigned()))?;
        }
        cue.advance(1);
        let multi_session = loaded.raw_multi_session;
        self.alter(|disc| disc.session_written(&cue, multi_session));
        self.loaded_mut()?.cue = if cue.is_complete() { None } else { Some(cue) };
        Ok(())
    }
}
