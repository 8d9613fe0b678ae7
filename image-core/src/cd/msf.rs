//! Absolute time as an address: 75 frames, each one sector, to the second. ECMA-130 22.3.

use core::fmt;

/// Frames, which are sectors, of a second.
const FRAMES: i32 = 75;
/// Frames of a minute.
const MINUTE: i32 = 60 * FRAMES;
/// The sector of 00:00:00 counted from the first that data may begin in, after a pause of two seconds. MMC-6 4.2.3.
const ORIGIN: i32 = -150;
/// From this minute on a time lies in the lead-in, before 00:00:00.
const LEAD_IN_MINUTE: u8 = 90;
/// Frames of the hundred minutes after which times begin anew.
const ROUND: i32 = 100 * MINUTE;

/// Minute, second and frame as plain numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Msf {
    /// 0 to 99; from 90 on it is in the lead-in.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// 0 to 74.
    pub frame: u8,
}

impl Msf {
    /// The time of a sector; `None` outside -45150 to 404849, which no time can name.
    #[must_use]
    pub fn from_lba(lba: i32) -> Option<Self> {
        let frames = lba.checked_sub(ORIGIN)?;
        let frames = if frames < 0 { frames.checked_add(ROUND)? } else { frames };
        let minute = u8::try_from(frames / MINUTE).ok()?;
        let in_lead_in = lba < ORIGIN;
        if frames < 0 || minute > 99 || (minute >= LEAD_IN_MINUTE) != in_lead_in {
            return None;
        }
        Some(Self {
            minute,
            second: u8::try_from(frames / FRAMES % 60).ok()?,
            frame: u8::try_from(frames % FRAMES).ok()?,
        })
    }

    /// The time that so many frames take; `None` for less than none and for ninety minutes or more.
    #[must_use]
    pub fn of_frames(frames: i32) -> Option<Self> {
        if frames < 0 { None } else { Self::from_lba(frames.checked_add(ORIGIN)?) }
    }

    /// The sector of a time; `None` for numbers that are no time.
    #[must_use]
    pub fn lba(self) -> Option<i32> {
        if self.minute > 99 || self.second > 59 || i32::from(self.frame) >= FRAMES {
            return None;
        }
        let frames = i32::from(self.minute) * MINUTE
            + i32::from(self.second) * FRAMES
            + i32::from(self.frame);
        let round = if self.minute >= LEAD_IN_MINUTE { ROUND } else { 0 };
        Some(frames + ORIGIN - round)
    }

    /// The time that two decimal digits in each byte say; what are no digits become numbers that are no time.
    #[must_use]
    pub fn from_bcd(bytes: [u8; 3]) -> Self {
        let [minute, second, frame] = bytes.map(|byte| from_bcd(byte).unwrap_or(u8::MAX));
        Self { minute, second, frame }
    }

    /// Two decimal digits in each byte, as on the disc. ECMA-130 14.2, 22.3.
    #[must_use]
    pub fn to_bcd(self) -> [u8; 3] {
        [self.minute, self.second, self.frame].map(bcd)
    }
}

/// Two decimal digits in a byte.
pub(super) const fn bcd(number: u8) -> u8 {
    number / 10 * 16 + number % 10
}

/// The number that two decimal digits say.
pub(super) fn from_bcd(byte: u8) -> Option<u8> {
    let (tens, ones) = (byte >> 4, byte & 0x0f);
    (tens <= 9 && ones <= 9).then_some(tens * 10 + ones)
}

impl fmt::Display for Msf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}:{:02}", self.minute, self.second, self.frame)
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::*;

    /// MMC-6 table 3.
    #[test]
    fn times_of_the_standard() {
        for (lba, time) in [
            (0, "00:02:00"),
            (-150, "00:00:00"),
            (-151, "99:59:74"),
            (-45_150, "90:00:00"),
            (404_849, "89:59:74"),
            (359_849, "79:59:74"),
        ] {
            let msf = Msf::from_lba(lba).unwrap();
            assert_eq!((msf.to_string().as_str(), msf.lba()), (time, Some(lba)));
        }
        for lba in [i32::MIN, -45_151, 404_850, i32::MAX] {
            assert_eq!(Msf::from_lba(lba), None, "{lba}");
        }
        assert_eq!(Msf { minute: 0, second: 60, frame: 0 }.lba(), None);
        assert_eq!(Msf { minute: 0, second: 0, frame: 75 }.lba(), None);
        assert_eq!(Msf { minute: 79, second: 59, frame: 74 }.to_bcd(), [0x79, 0x59, 0x74]);
        assert_eq!(Msf::from_bcd([0x79, 0x59, 0x74]).lba(), Some(359_849));
        assert_eq!(Msf::from_bcd([0x0a, 0, 0]).lba(), None);
        assert_eq!(Msf::of_frames(151), Some(Msf { minute: 0, second: 2, frame: 1 }));
        assert_eq!((Msf::of_frames(-1), Msf::of_frames(405_000)), (None, None));
    }
}
