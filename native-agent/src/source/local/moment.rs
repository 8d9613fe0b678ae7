//! When something happened, as this machine tells it.

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

/// A moment of any year that a file system knows; nanoseconds alone would end in 2262.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Whole seconds since 1970.
    pub seconds: i64,
    /// Nanoseconds after them.
    pub nanosecond: u32,
}

impl Moment {
    /// Whole milliseconds since 1970.
    pub(super) fn milliseconds(self) -> i64 {
        self.seconds.saturating_mul(1000).saturating_add(i64::from(self.nanosecond / 1_000_000))
    }
}

impl From<SystemTime> for Moment {
    fn from(time: SystemTime) -> Self {
        let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self { seconds: seconds(after), nanosecond: after.subsec_nanos() },
            Err(before) => {
                let before = before.duration();
                // Nanoseconds go on from the second before.
                match before.subsec_nanos() {
                    0 => Self { seconds: -seconds(before), nanosecond: 0 },
                    rest => Self {
                        seconds: (-seconds(before)).saturating_sub(1),
                        nanosecond: 1_000_000_000 - rest,
                    },
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_system_before_1970_and_after_2262() {
        let moment = |seconds, nanosecond| Moment { seconds, nanosecond };
        let after = |seconds, nanoseconds| UNIX_EPOCH + Duration::new(seconds, nanoseconds);
        let before = |seconds, nanoseconds| UNIX_EPOCH - Duration::new(seconds, nanoseconds);
        assert_eq!(Moment::from(after(10_428_697_296, 5)), moment(10_428_697_296, 5));
        assert_eq!(Moment::from(before(3, 0)), moment(-3, 0));
        let earlier = Moment::from(before(3, 250_000_000));
        assert_eq!((earlier, earlier.milliseconds()), (moment(-4, 750_000_000), -3250));
    }
}
