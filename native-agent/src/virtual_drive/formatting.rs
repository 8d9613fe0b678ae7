//! FORMAT UNIT, and the formats that READ FORMAT CAPACITIES offers. MMC-6 6.5, 6.24.

use super::{
    burner::{Burner, received},
    busy::Busy,
    disc::{Disc, Format, Track},
    media::MediumKind,
    recording::write_failed,
    sense,
};
use crate::scsi::{Data, Sense};

/// Format types of DVD-RW. MMC-6 6.5.4.2.
mod dvd_rw {
    /// The whole disc, with its border-out.
    pub(super) const FULL: u8 = 0x10;
    /// More of the last session, formatted.
    pub(super) const GROW: u8 = 0x11;
    /// The last session in the intermediate state, to grow as it is written.
    pub(super) const QUICK_GROW: u8 = 0x13;
    /// A new session in the intermediate state.
    pub(super) const QUICK: u8 = 0x15;
}

/// Format types of BD. MMC-6 6.5.4.2.
mod bd {
    /// BD-RE with spare areas.
    pub(super) const SPARE: u8 = 0x30;
    /// BD-RE without.
    pub(super) const NO_SPARE: u8 = 0x31;
    /// BD-R.
    pub(super) const WRITE_ONCE: u8 = 0x32;
    /// Sub-type of BD-R: with pseudo-overwrite, and without.
    pub(super) const POW: u8 = 0;
    pub(super) const SRM: u8 = 1;
    /// Blocks by which spare areas grow: 32 MiB.
    pub(super) const STEP: u32 = 16_384;

    pub(super) const fn has_spare(code: u8) -> bool {
        matches!(code, SPARE | WRITE_ONCE)
    }
}

/// A format on offer: its type, the blocks there will be, and the type dependent parameter. MMC-6 6.24.3.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) code: u8,
    pub(super) blocks: u32,
    pub(super) parameter: u32,
}

/// The formats that FORMAT UNIT takes on this disc.
pub(super) fn offers(disc: &Disc) -> Vec<Offer> {
    let row = disc.medium();
    let with_spare = disc.capacity - row.spare_for(disc.capacity);
    let mut offers: Vec<Offer> = row
        .formats
        .iter()
        .map(|&code| match code {
            // DVD+RW basic format: no parameter.
            0x26 => Offer { code, blocks: disc.capacity, parameter: 0 },
            // Without spare areas; the parameter is the size of a cluster in blocks.
            bd::NO_SPARE => Offer { code, blocks: disc.capacity, parameter: row.write_unit },
            bd::SPARE | bd::WRITE_ONCE => {
                Offer { code, blocks: with_spare, parameter: row.write_unit }
            }
            // The parameter is the size of an ECC block in blocks.
            dvd_rw::FULL..=dvd_rw::QUICK => {
                Offer { code, blocks: disc.capacity, parameter: row.write_unit }
            }
            _ => Offer { code, blocks: with_spare, parameter: 2048 },
        })
        .collect();
    offers.extend(growth(disc));
    add_other_spares(disc, &mut offers);
    offers
}

/// Behind the default the formats with the most and with the least spare blocks, and any between can be asked for.
/// MMC-6 6.24.3.3.
fn add_other_spares(disc: &Disc, offers: &mut Vec<Offer>) {
    let Some(at) = offers.iter().position(|offer| bd::has_spare(offer.code)) else { return };
    let [least, most] = disc.medium().spare_range_for(disc.capacity);
    for (index, spare) in [most, least].into_iter().enumerate() {
        let blocks = disc.capacity.saturating_sub(spare);
        offers.insert(at + 1 + index, Offer { blocks, ..offers[at] });
    }
}

/// A DVD-RW whose session is closed can have it grow by what is left. MMC-6 6.5.4.2.6, 6.5.4.2.8.
fn growth(disc: &Disc) -> impl Iterator<Item = Offer> {
    let closed = disc.format.as_ref().filter(|f| disc.kind == MediumKind::DvdRw && !f.running);
    let (rest, parameter) = (closed.map(|f| disc.capacity - f.blocks), disc.medium().write_unit);
    let offer = move |code| rest.map(|blocks| Offer { code, blocks, parameter });
    [dvd_rw::GROW, dvd_rw::QUICK_GROW].into_iter().filter_map(offer)
}

impl Burner {
    /// FORMAT UNIT with one format descriptor. MMC-6 6.5.
    pub(super) fn format(
        &mut self,
        with_data: bool,
        code: u8,
        data: &Data<'_>,
    ) -> Result<usize, Sense> {
        const LIST_LENGTH: usize = 12;
        const FORMAT_CODE: u8 = 1;
        const IMMEDIATE: u8 = 0x02;
        let disc = &self.loaded()?.disc;
        if disc.medium().formats.is_empty() {
            return Err(sense::CANNOT_FORMAT_MEDIUM);
        }
        if !with_data || code != FORMAT_CODE {
            return Err(sense::INVALID_FIELD_IN_CDB);
        }
        let list = received(data, LIST_LENGTH)?;
        let descriptor = FormatDescriptor::parse(list)?;
        let format = descriptor.resolve(disc)?;
        if disc.medium().rewritable() {
            self.apply_format(format, descriptor.keeps(disc))?;
        } else {
            self.format_once(format, descriptor.sub_code)?;
        }
        let report = sense::FORMAT_IN_PROGRESS;
        if list[1] & IMMEDIATE != 0 {
            const POLLS: u16 = 4;
            self.busy = Some(Busy::for_commands(report, POLLS));
        }
        Ok(LIST_LENGTH)
    }

    /// A BD-R is formatted once, before anything is recorded, and stays sequential. MMC-6 6.5.4.2.17.
    fn format_once(&mut self, format: Format, sub_code: u8) -> Result<(), Sense> {
        if !matches!(sub_code, bd::POW | bd::SRM) {
            return Err(sense::INVALID_FIELD_IN_PARAMETER_LIST);
        }
        self.change(|disc| {
            if disc.format.is_some() || !disc.is_blank() {
                return Err(sense::CANNOT_FORMAT_MEDIUM);
            }
            disc.tracks = vec![Track::invisible(1, 0, format.blocks)];
            disc.format = Some(format);
            disc.pseudo_overwrite = sub_code == bd::POW;
            Ok(())
        })
    }

    /// Formatting takes all data away, except where it goes on with what there is.
    fn apply_format(&mut self, format: Format, keeps: bool) -> Result<(), Sense> {
        let loaded = self.loaded_mut()?;
        loaded.rehearsal = None;
        if !keeps {
            loaded.file.clear_from(0).map_err(write_failed)?;
        }
        self.change(|disc| {
            disc.format = Some(format);
            disc.tracks.clear();
            disc.closed = false;
            disc.minimally_blanked = false;
            Ok(())
        })
    }
}

/// The format descriptor of a FORMAT UNIT parameter list. MMC-6 6.5.3.3.
#[derive(Clone, Copy, Debug)]
struct FormatDescriptor {
    blocks: u32,
    code: u8,
    /// Certification of BD-RE, pseudo-overwrite of BD-R.
    sub_code: u8,
    /// DVD+RW: the restart bit of the type dependent parameter.
    restart: bool,
}

impl FormatDescriptor {
    fn parse(list: &[u8]) -> Result<Self, Sense> {
        let Ok(list) = <&[u8; 12]>::try_from(list) else {
            return Err(sense::PARAMETER_LIST_LENGTH);
        };
        if list[2..4] != [0, 8] {
            return Err(sense::INVALID_FIELD_IN_PARAMETER_LIST);
        }
        let blocks = u32::from_be_bytes([list[4], list[5], list[6], list[7]]);
        let (code, sub_code) = (list[8] >> 2, list[8] & 3);
        Ok(Self { blocks, code, sub_code, restart: list[11] & 1 != 0 })
    }

    /// Whether the blocks of the disc keep what they hold.
    fn keeps(self, disc: &Disc) -> bool {
        disc.format.is_some()
            && match disc.kind {
                MediumKind::DvdPlusRw => self.restart,
                _ => matches!(self.code, dvd_rw::GROW | dvd_rw::QUICK_GROW),
            }
    }

    /// The format it makes of this disc.
    fn resolve(self, disc: &Disc) -> Result<Format, Sense> {
        let refused = sense::INVALID_FIELD_IN_PARAMETER_LIST;
        let offer =
            offers(disc).into_iter().find(|offer| offer.code == self.code).ok_or(refused)?;
        match (disc.kind, &disc.format) {
            (MediumKind::DvdRw, old) => self.resolve_dvd_rw(offer, old.as_ref()),
            (MediumKind::DvdPlusRw, Some(old)) if self.restart => {
                Ok(Format { running: old.formatted < old.blocks, ..old.clone() })
            }
            (kind, _) => {
                let blocks = self.size_with_spare(disc).map_or_else(|| self.size(offer), Ok)?;
                let background = kind == MediumKind::DvdPlusRw;
                let formatted = if background { 0 } else { blocks };
                Ok(Format { code: self.code, blocks, formatted, running: background })
            }
        }
    }

    /// Any size between those with the most and with the least spare blocks: what is set aside is cut to steps of 32 MiB,
    /// so that the host has at least what it asked for. MMC-6 6.5.4.2.15.
    fn size_with_spare(self, disc: &Disc) -> Option<u32> {
        let of_kind = offers(disc).into_iter().filter(|offer| offer.code == self.code);
        let sizes: Vec<u32> = of_kind.map(|offer| offer.blocks).collect();
        let (least, most) = (*sizes.iter().min()?, *sizes.iter().max()?);
        if !bd::has_spare(self.code) || !(least..=most).contains(&self.blocks) {
            return None;
        }
        let spare = disc.capacity.saturating_sub(self.blocks);
        let in_steps = disc.capacity.saturating_sub(spare - spare % bd::STEP).min(most);
        Some(if sizes.contains(&self.blocks) { self.blocks } else { in_steps })
    }

    /// A size of all ones, or none, is the largest there is.
    fn size(self, offer: Offer) -> Result<u32, Sense> {
        match self.blocks {
            0 | u32::MAX => Ok(offer.blocks),
            blocks if blocks <= offer.blocks => Ok(blocks),
            _ => Err(sense::INVALID_FIELD_IN_PARAMETER_LIST),
        }
    }

    /// Quick formats take any number of blocks, also none, and leave the session in the intermediate state; growing
    /// counts the blocks that are added. MMC-6 6.5.4.2.
    fn resolve_dvd_rw(self, offer: Offer, old: Option<&Format>) -> Result<Format, Sense> {
        let running = matches!(self.code, dvd_rw::QUICK | dvd_rw::QUICK_GROW);
        let grows = matches!(self.code, dvd_rw::GROW | dvd_rw::QUICK_GROW);
        let size = if running && self.blocks == 0 { 0 } else { self.size(offer)? };
        if !size.is_multiple_of(offer.parameter.clamp(1, 16)) {
            return Err(sense::INVALID_FIELD_IN_PARAMETER_LIST);
        }
        let kept = old.filter(|_| grows).map_or(0, |old| old.blocks);
        let blocks = kept.saturating_add(size);
        Ok(Format { code: self.code, blocks, formatted: blocks, running })
    }
}
