//! The table of contents as lead-ins tell it: one POINT after the other, each three times. ECMA-130 22.3.4.

use alloc::vec::Vec;

use super::{Position, sub_channel::number_of};

/// What a POINT of a lead-in is, if it is no track number. ECMA-130 22.3.4.2, MMC-6 table 468.
pub mod point {
    /// First track, and in the seconds the kind of the disc.
    pub const FIRST_TRACK: u8 = 0xa0;
    /// Last track.
    pub const LAST_TRACK: u8 = 0xa1;
    /// Where the lead-out begins.
    pub const LEAD_OUT: u8 = 0xa2;
    /// ADR 5: where the next session may begin.
    pub const NEXT_SESSION: u8 = 0xb0;
    /// ADR 5: where the lead-in of the first session begins.
    pub const DISC_START: u8 = 0xc0;
}

const ADR_POSITION: u8 = 1;
const ADR_SESSIONS: u8 = 5;

/// A track as a lead-in tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeadInTrack {
    /// From 1 for the whole disc.
    pub number: u8,
    /// Where its index 1 begins.
    pub start: i32,
    /// CONTROL: bit 2 tells data.
    pub control: u8,
}

/// What the sectors of a lead-in have told so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeadIn {
    /// Each once.
    points: Vec<Position>,
}

impl LeadIn {
    /// Takes what the Q of one sector says; what is no POINT is passed over.
    pub fn hear(&mut self, position: &Position) {
        let known = |told: &Position| told.index == position.index && told.adr == position.adr;
        if position.track == 0 && !self.points.iter().any(known) {
            self.points.push(*position);
        }
    }

    fn of_adr(&self, adr: u8) -> impl Iterator<Item = &Position> {
        self.points.iter().filter(move |point| point.adr == adr)
    }

    /// The tracks, by their numbers. What they say of each other may be wrong.
    #[must_use]
    pub fn tracks(&self) -> Vec<LeadInTrack> {
        let track = |point: &Position| {
            let (number, start) = (number_of(point.index)?, point.absolute.lba()?);
            Some(LeadInTrack { number, start, control: point.control })
        };
        let mut tracks: Vec<_> = self.of_adr(ADR_POSITION).filter_map(track).collect();
        tracks.sort_unstable();
        tracks
    }

    /// Where the lead-out begins, if that was told.
    #[must_use]
    pub fn lead_out(&self) -> Option<i32> {
        let told = self.of_adr(ADR_POSITION).find(|told| told.index == point::LEAD_OUT);
        told.and_then(|told| told.absolute.lba())
    }

    /// Whether another session may follow.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.of_adr(ADR_SESSIONS).any(|told| told.index == point::NEXT_SESSION)
    }
}
