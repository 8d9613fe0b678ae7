//! How much a medium holds, what of it is free, and where writing continues.

use image_core::cd::Msf;

use super::MediumFacts;
use crate::mmc::{
    Capacity, DiscStatus, FormatCapacities, Formatting, Profile, WriteMethod, format_kind,
};

/// Fills in capacity, free blocks and the next writable address.
pub(super) fn measure(facts: &mut MediumFacts, readable: Option<Capacity>) {
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
