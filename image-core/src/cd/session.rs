//! What the sub-channels of a session say, sector by sector, from its lead-in to its lead-out. ECMA-130 22, MMC-6 4.2.3.

use alloc::{vec, vec::Vec};

use super::{
    Msf, Position, SubChannel,
    lead_in::point,
    sub_channel::{LEAD_OUT, number_on_disc},
};

/// How often each POINT comes before the next. ECMA-130 22.3.4.
const REPEATED: u32 = 3;
/// POINTs before those of the tracks.
const BORDERS: u32 = 3;
/// Sectors at the start of a lead-out in which P is zero, before it alternates: two seconds. ECMA-130 22.2.
const QUIET: u32 = 150;
/// Sectors in which P alternates four times, which is 2 Hz. ECMA-130 22.2.
const SECOND: u32 = 75;
const ADR_POSITION: u8 = 1;
/// CONTROL of a data track that may not be copied. ECMA-130 22.3.1.
const DATA: u8 = 4;
/// Sectors of the pause before the first track. MMC-6 4.2.3.5.
const PAUSE: i32 = 150;

/// Where a track lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TrackLayout {
    /// 1 to 99.
    pub number: u8,
    /// CONTROL of its Q. ECMA-130 22.3.1.
    pub control: u8,
    /// First sector of the pause before it, which is that of the track if it has none.
    pub pause: i32,
    /// First sector of its index 1.
    pub start: i32,
}

/// Where the parts of a session lie.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionLayout {
    /// First sector of the lead-in.
    pub lead_in: i32,
    /// In ascending order.
    pub tracks: Vec<TrackLayout>,
    /// First sector of the lead-out.
    pub lead_out: i32,
}

impl SessionLayout {
    /// The first session of a disc, of one data track of so many blocks; `None` if the lead-in or `lead_out` sectors of the
    /// lead-out lie where no time leads.
    #[must_use]
    pub fn of_data(lead_in: Msf, blocks: u32, lead_out: u32) -> Option<Self> {
        let lead_in = lead_in.lba().filter(|lba| *lba < -PAUSE)?;
        let begins = i32::try_from(blocks).ok()?;
        Msf::from_lba(begins.checked_add_unsigned(lead_out)?)?;
        let track = TrackLayout { number: 1, control: DATA, pause: -PAUSE, start: 0 };
        Some(Self { lead_in, tracks: vec![track], lead_out: begins })
    }

    /// P and Q of a sector; `None` of a session without tracks, and where no time leads.
    #[must_use]
    pub fn sub_channel(&self, lba: i32) -> Option<SubChannel> {
        let (p, position) = if lba < self.tracks.first()?.pause {
            (false, self.in_lead_in(lba)?)
        } else if lba < self.lead_out {
            self.in_track(lba)?
        } else {
            self.in_lead_out(lba)?
        };
        Some(SubChannel { p, q: position.to_q() })
    }

    /// The table of contents: first and last track, lead-out, each track.
    fn in_lead_in(&self, lba: i32) -> Option<Position> {
        let (first, last) = (self.tracks.first()?, self.tracks.last()?);
        let points = BORDERS.checked_add(u32::try_from(self.tracks.len()).ok()?)?;
        let sector = u32::try_from(lba.checked_sub(self.lead_in)?).ok()?;
        let number = |number| Msf { minute: number, second: 0, frame: 0 };
        let (index, control, absolute) = match sector / REPEATED % points {
            0 => (point::FIRST_TRACK, first.control, number(first.number)),
            1 => (point::LAST_TRACK, last.control, number(last.number)),
            2 => (point::LEAD_OUT, last.control, Msf::from_lba(self.lead_out)?),
            nth => {
                let track = self.tracks.get(usize::try_from(nth - BORDERS).ok()?)?;
                (number_on_disc(track.number), track.control, Msf::from_lba(track.start)?)
            }
        };
        let relative = Msf::from_lba(lba)?;
        Some(Position { control, adr: ADR_POSITION, track: 0, index, relative, absolute })
    }

    /// In a pause, which is index 0 of the track that follows, time runs down to zero.
    fn in_track(&self, lba: i32) -> Option<(bool, Position)> {
        let track = self.tracks.iter().rfind(|track| track.pause <= lba)?;
        let in_pause = lba < track.start;
        let into = lba.checked_sub(track.start)?;
        let position = Position {
            control: track.control,
            adr: ADR_POSITION,
            track: number_on_disc(track.number),
            index: u8::from(!in_pause),
            relative: Msf::of_frames(if in_pause { -1 - into } else { into })?,
            absolute: Msf::from_lba(lba)?,
        };
        Some((in_pause, position))
    }

    fn in_lead_out(&self, lba: i32) -> Option<(bool, Position)> {
        let into = lba.checked_sub(self.lead_out)?;
        let sector = u32::try_from(into).ok()?;
        let quarter = sector % SECOND * 4 / SECOND;
        let p = sector >= QUIET && matches!(quarter, 1 | 3);
        let position = Position {
            control: self.tracks.last()?.control,
            adr: ADR_POSITION,
            track: LEAD_OUT,
            index: 1,
            relative: Msf::of_frames(into)?,
            absolute: Msf::from_lba(lba)?,
        };
        Some((p, position))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::cd::{LeadIn, LeadInTrack};

    const LEAD_IN: Msf = Msf { minute: 97, second: 0, frame: 0 };

    fn bytes(layout: &SessionLayout, lba: i32) -> (bool, [u8; 10]) {
        let SubChannel { p, q } = layout.sub_channel(lba).unwrap();
        (p, *q.first_chunk().unwrap())
    }

    /// What cdrecord writes of a data disc of 350 blocks.
    #[test]
    fn a_data_disc() {
        let layout = SessionLayout::of_data(LEAD_IN, 350, 6750).unwrap();
        assert_eq!(layout.lead_in, -13_650);
        let q = |lba| bytes(&layout, lba);
        let point = |m, s, f, index, a, b, c| [0x41, 0, index, m, s, f, 0, a, b, c];
        assert_eq!(q(-13_650), (false, point(0x97, 0, 0x00, 0xa0, 1, 0, 0)));
        assert_eq!(q(-13_648), (false, point(0x97, 0, 0x02, 0xa0, 1, 0, 0)));
        assert_eq!(q(-13_647), (false, point(0x97, 0, 0x03, 0xa1, 1, 0, 0)));
        assert_eq!(q(-13_644), (false, point(0x97, 0, 0x06, 0xa2, 0, 6, 0x50)));
        assert_eq!(q(-13_641), (false, point(0x97, 0, 0x09, 0x01, 0, 2, 0)));
        assert_eq!(q(-13_638), (false, point(0x97, 0, 0x12, 0xa0, 1, 0, 0)));
        assert_eq!(q(-150), (true, [0x41, 1, 0, 0, 1, 0x74, 0, 0, 0, 0]));
        assert_eq!(q(-1), (true, [0x41, 1, 0, 0, 0, 0, 0, 0, 1, 0x74]));
        assert_eq!(q(0), (false, [0x41, 1, 1, 0, 0, 0, 0, 0, 2, 0]));
        assert_eq!(q(349), (false, [0x41, 1, 1, 0, 4, 0x49, 0, 0, 6, 0x49]));
        assert_eq!(q(350), (false, [0x41, 0xaa, 1, 0, 0, 0, 0, 0, 6, 0x50]));
        assert_eq!(
            q(7099),
            (bytes(&layout, 7099).0, [0x41, 0xaa, 1, 1, 0x29, 0x74, 0, 1, 0x36, 0x49])
        );
    }

    #[test]
    fn the_lead_out_blinks_twice_a_second() {
        let layout = SessionLayout::of_data(LEAD_IN, 350, 6750).unwrap();
        let p = |sector: i32| bytes(&layout, 350 + sector).0;
        assert!((0..150).all(|sector| !p(sector)));
        for second in 2..90 {
            let ones = (0..75).filter(|sector| p(second * 75 + sector)).count();
            let changes =
                (0..75).filter(|sector| p(second * 75 + sector) != p(second * 75 + sector + 1));
            assert_eq!((changes.count(), (36..=39).contains(&ones)), (4, true), "second {second}");
        }
    }

    #[test]
    fn what_no_time_names() {
        assert_eq!(SessionLayout::of_data(LEAD_IN, 404_850 - 6750, 6750), None);
        assert!(SessionLayout::of_data(LEAD_IN, 404_849 - 6750, 6750).is_some());
        assert_eq!(
            SessionLayout::of_data(Msf { minute: 12, second: 0, frame: 0 }, 350, 6750),
            None
        );
        assert_eq!(SessionLayout::of_data(LEAD_IN, u32::MAX, 6750), None);
        let empty = SessionLayout { lead_in: -5000, tracks: Vec::new(), lead_out: 0 };
        assert_eq!(empty.sub_channel(0), None);
        for lba in [i32::MIN, i32::MAX] {
            let layout = SessionLayout::of_data(LEAD_IN, 350, 6750).unwrap();
            assert_eq!(layout.sub_channel(lba), None);
        }
    }

    /// One track behind the other, with pauses.
    fn any_layout() -> impl Strategy<Value = SessionLayout> {
        let tracks = prop::collection::vec((0i32..400, 300i32..2000, 0u8..16), 1..99);
        tracks.prop_map(|lengths| {
            let (mut tracks, mut end) = (Vec::new(), 0);
            for (number, (pause, length, control)) in (1..).zip(lengths) {
                let (pause, start) = if number == 1 { (-150, 0) } else { (end, end + pause) };
                tracks.push(TrackLayout { number, control, pause, start });
                end = start + length;
            }
            SessionLayout { lead_in: -12_000, tracks, lead_out: end }
        })
    }

    proptest! {
        /// Who reads the lead-in knows the session, wherever he begins.
        #[test]
        fn lead_ins_tell_all(layout in any_layout(), from in -12_000i32..-1000) {
            let mut heard = LeadIn::default();
            for lba in from..-150 {
                let sub_channel = layout.sub_channel(lba).unwrap();
                let position = Position::parse(&sub_channel.q).unwrap();
                prop_assert_eq!(position.relative.lba(), Some(lba));
                heard.hear(&position);
            }
            let told = |track: &TrackLayout| LeadInTrack {
                number: track.number,
                start: track.start,
                control: track.control,
            };
            prop_assert_eq!(heard.tracks(), layout.tracks.iter().map(told).collect::<Vec<_>>());
            prop_assert_eq!((heard.lead_out(), heard.is_open()), (Some(layout.lead_out), false));
        }

        /// Absolute times go up by one, relative ones by one from each index on.
        #[test]
        fn times_run(layout in any_layout(), at in 0i32..20_000) {
            let lba = at.min(layout.lead_out + 6000);
            let position = |lba| Position::parse(&layout.sub_channel(lba).unwrap().q).unwrap();
            let (now, next) = (position(lba), position(lba + 1));
            prop_assert_eq!(now.absolute.lba(), Some(lba));
            let frames = |time: Msf| time.lba().unwrap() + 150;
            if (now.track, now.index) == (next.track, next.index) {
                let step = frames(next.relative) - frames(now.relative);
                prop_assert_eq!(step, if now.index == 0 { -1 } else { 1 });
            } else {
                prop_assert!(now.index > 0 || frames(now.relative) == 0);
                prop_assert!(next.index == 0 || frames(next.relative) == 0);
            }
        }
    }
}
