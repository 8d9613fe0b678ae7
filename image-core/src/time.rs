//! Moments as the standards record them: civil fields and an offset. The core has no clock; time is an input.

/// A civil date and time with its offset from UTC, as every recorded timestamp holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DiscTime {
    /// Year of the Gregorian calendar.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, 1 to 31.
    pub day: u8,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59.
    pub second: u8,
    /// Nanoseconds within the second.
    pub nanosecond: u32,
    /// How far local time is ahead of UTC, in minutes.
    pub offset_minutes: i16,
}

const SECONDS_PER_DAY: i64 = 86_400;

impl DiscTime {
    /// The civil time at this offset of a moment in seconds since 1970-01-01T00:00:00Z.
    ///
    /// Moments outside the years -9999 to 10000 are moved to the nearest of these: beyond what any structure holds, so that it
    /// is told of as such.
    #[must_use]
    pub fn from_unix(seconds: i64, nanosecond: u32, offset_minutes: i16) -> Self {
        const FIRST: i64 = -377_705_116_800;
        const LAST: i64 = 253_433_923_199;
        let local = seconds.clamp(FIRST, LAST) + i64::from(offset_minutes) * 60;
        let (days, rest) = (local.div_euclid(SECONDS_PER_DAY), local.rem_euclid(SECONDS_PER_DAY));
        let (year, month, day) = civil_from_days(days);
        let part =
            |divisor: i64, modulus: i64| u8::try_from(rest / divisor % modulus).unwrap_or_default();
        Self {
            year,
            month,
            day,
            hour: part(3600, 24),
            minute: part(60, 60),
            second: part(1, 60),
            nanosecond: nanosecond.min(999_999_999),
            offset_minutes,
        }
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn to_unix(self) -> i64 {
        let days = days_from_civil(self.year, self.month, self.day);
        days * SECONDS_PER_DAY
            + i64::from(self.hour) * 3600
            + i64::from(self.minute) * 60
            + i64::from(self.second)
            - i64::from(self.offset_minutes) * 60
    }

    /// This time when every field is in range, else `None`.
    #[must_use]
    pub fn validated(self) -> Option<Self> {
        let in_range = (1..=12).contains(&self.month)
            && (1..=days_in_month(self.year, self.month)).contains(&self.day)
            && self.hour < 24
            && self.minute < 60
            && self.second < 60
            && self.nanosecond < 1_000_000_000
            && self.offset_minutes.abs() <= 24 * 60;
        in_range.then_some(self)
    }

    /// The offset in intervals of 15 minutes, of a time that has one. ECMA-119 8.4.26.1.
    pub(crate) fn quarter_hours(self) -> i8 {
        i8::try_from(self.offset_minutes / 15).unwrap_or_default()
    }

    /// The same moment at an offset that is recorded in intervals of 15 minutes from -48 to 52: its own, or none.
    pub(crate) fn in_quarter_hours(self) -> Self {
        let is_one =
            self.offset_minutes % 15 == 0 && (-48..=52).contains(&(self.offset_minutes / 15));
        if is_one { self } else { Self::from_unix(self.to_unix(), self.nanosecond, 0) }
    }

    /// This time, or the first or last second of the range of years it lies outside of.
    pub(crate) fn clamped_to_years(self, first: i32, last: i32) -> Self {
        if self.year < first {
            Self {
                year: first,
                month: 1,
                day: 1,
                hour: 0,
                minute: 0,
                second: 0,
                nanosecond: 0,
                ..self
            }
        } else if self.year > last {
            Self {
                year: last,
                month: 12,
                day: 31,
                hour: 23,
                minute: 59,
                second: 59,
                nanosecond: 0,
                ..self
            }
        } else {
            self
        }
    }
}

const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a Gregorian date; years begin in March so that the leap day is last.
fn days_from_civil(year: i32, month: u8, day: u8) -> i64 {
    let shifted = i64::from(year) - i64::from(month <= 2);
    let (era, of_era) = (shifted.div_euclid(400), shifted.rem_euclid(400));
    let month = (i64::from(month) + 9) % 12;
    let of_year = (153 * month + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn civil_from_days(days: i64) -> (i32, u8, u8) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (
        i32::try_from(year).unwrap_or_default(),
        u8::try_from(month).unwrap_or_default(),
        u8::try_from(day).unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unix_round_trip() {
        for seconds in [-11_644_473_600, -1, 0, 951_782_400, 1_709_164_800, 4_102_444_799] {
            for offset in [-720, -90, 0, 330, 840] {
                let time = DiscTime::from_unix(seconds, 5, offset);
                assert_eq!(time.to_unix(), seconds, "{time:?}");
                assert_eq!(time.validated(), Some(time));
            }
        }
    }

    #[test]
    fn known_dates() {
        let leap = DiscTime::from_unix(951_782_400, 0, 0);
        assert_eq!((leap.year, leap.month, leap.day), (2000, 2, 29));
        assert_eq!(DiscTime { day: 30, ..leap }.validated(), None);
        assert_eq!(DiscTime::from_unix(i64::MAX, 0, 0).year, 10_000);
    }
}
