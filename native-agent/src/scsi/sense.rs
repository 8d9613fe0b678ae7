//! Sense data as drives send it, and what it means to a person.
//!
//! Both formats of SPC-4 4.5 are read. No input panics: bytes that are not there count as zero.

use super::Sense;

/// Room asked for when reading sense data: the fixed format needs 18 bytes, descriptors may need more. SPC-4 4.5.1.
pub const SENSE_LEN: usize = 64;

/// Sense keys with a meaning for optical drives. SPC-4 4.5.6.
pub mod key {
    /// Nothing to report.
    pub const NO_SENSE: u8 = 0x0;
    /// The command succeeded after the drive helped itself.
    pub const RECOVERED: u8 = 0x1;
    /// The drive cannot be used just now.
    pub const NOT_READY: u8 = 0x2;
    /// The medium is at fault.
    pub const MEDIUM_ERROR: u8 = 0x3;
    /// The drive is at fault.
    pub const HARDWARE_ERROR: u8 = 0x4;
    /// The command is at fault.
    pub const ILLEGAL_REQUEST: u8 = 0x5;
    /// Something changed since the last command.
    pub const UNIT_ATTENTION: u8 = 0x6;
    /// The medium must not be written.
    pub const DATA_PROTECT: u8 = 0x7;
    /// A blank area was read, or a written one was to be written.
    pub const BLANK_CHECK: u8 = 0x8;
    /// The drive gave the command up.
    pub const ABORTED: u8 = 0xb;
}

impl Sense {
    /// Reads sense data in fixed (70h, 71h) or descriptor (72h, 73h) format; `None` for any other response code.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
        match bytes.first()? & 0x7f {
            0x70 => Some(Self::parse_fixed(at, false)),
            0x71 => Some(Self::parse_fixed(at, true)),
            0x72 => Some(Self::parse_descriptors(bytes, false)),
            0x73 => Some(Self::parse_descriptors(bytes, true)),
            _ => None,
        }
    }

    /// The bytes a drive sends, in fixed format. SPC-4 4.5.3.
    #[must_use]
    pub const fn to_fixed_format(&self) -> [u8; 18] {
        let mut bytes = [0; 18];
        bytes[0] = if self.deferred { 0x71 } else { 0x70 };
        bytes[2] = self.key & 0x0f;
        bytes[7] = 10;
        bytes[12] = self.asc;
        bytes[13] = self.ascq;
        if let Some(lba) = self.information {
            bytes[0] |= 0x80;
            [bytes[3], bytes[4], bytes[5], bytes[6]] = lba.to_be_bytes();
        }
        if let Some(progress) = self.progress {
            bytes[15] = 0x80;
            [bytes[16], bytes[17]] = progress.to_be_bytes();
        }
        bytes
    }

    /// Fixed format. SPC-4 4.5.3.
    fn parse_fixed(at: impl Fn(usize) -> u8, deferred: bool) -> Self {
        let key = at(2) & 0x0f;
        let valid = at(0) & 0x80 != 0;
        let specific = at(15) & 0x80 != 0;
        Self {
            key,
            asc: at(12),
            ascq: at(13),
            information: valid.then(|| u32::from_be_bytes([at(3), at(4), at(5), at(6)])),
            progress: (specific && reports_progress(key))
                .then(|| u16::from_be_bytes([at(16), at(17)])),
            deferred,
        }
    }

    /// Descriptor format. SPC-4 4.5.2.
    fn parse_descriptors(bytes: &[u8], deferred: bool) -> Self {
        let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
        let mut sense = Self { deferred, ..Self::new(at(1) & 0x0f, at(2), at(3)) };
        let end = bytes.len().min(8 + usize::from(at(7)));
        let mut rest = bytes.get(8..end).unwrap_or_default();
        while let [kind, len, ..] = *rest {
            let (descriptor, next) = rest.split_at(rest.len().min(2 + usize::from(len)));
            sense.apply_descriptor(kind, descriptor);
            rest = next;
        }
        sense
    }

    /// Takes over an information (type 00h) or sense-key specific (type 02h) descriptor. SPC-4 4.5.2.2, 4.5.2.4.
    fn apply_descriptor(&mut self, kind: u8, descriptor: &[u8]) {
        match (kind, descriptor) {
            (0x00, [_, _, flags, _, _, _, _, _, a, b, c, d, ..]) if flags & 0x80 != 0 => {
                self.information = Some(u32::from_be_bytes([*a, *b, *c, *d]));
            }
            (0x02, [_, _, _, _, flags, high, low, ..])
                if flags & 0x80 != 0 && reports_progress(self.key) =>
            {
                self.progress = Some(u16::from_be_bytes([*high, *low]));
            }
            _ => {}
        }
    }

    /// What the drive means, in plain words.
    #[must_use]
    pub const fn text(&self) -> &'static str {
        match (self.key, self.asc, self.ascq) {
            (_, 0x04, 0x00) => "the drive is not ready and gives no cause",
            (_, 0x04, 0x01) => "the drive is getting ready",
            (_, 0x04, 0x02) => "the drive needs a start command",
            (_, 0x04, 0x03) => "the drive needs someone to act",
            (_, 0x04, 0x04) => "the drive is formatting",
            (_, 0x04, 0x07) => "the drive is busy with an operation",
            (_, 0x04, 0x08) => "the drive is busy writing",
            (_, 0x06, _) => "the drive finds no reference position on the disc",
            (_, 0x09 | 0x15, _) => "the drive lost the track",
            (_, 0x0c, 0x09) => "writing stopped because data did not arrive in time",
            (_, 0x0c, _) => "the disc could not be written",
            (_, 0x11, _) => "the disc could not be read",
            (_, 0x1a, _) => "the drive refused the length of a parameter list",
            (_, 0x20, _) => "the drive does not know the command",
            (_, 0x21, 0x02) => "the drive does not accept this address for writing",
            (_, 0x21, _) => "the address is outside the disc",
            (_, 0x24, _) => "the drive refused a field of the command",
            (_, 0x26, _) => "the drive refused a parameter",
            (_, 0x27, _) => "the disc is write-protected",
            (_, 0x28, _) => "the disc may have been changed",
            (_, 0x29, _) => "the drive was reset or switched on",
            (_, 0x2a, _) => "another program changed the settings of the drive",
            (_, 0x2c, _) => "the drive did not expect this command now",
            (_, 0x2e, _) => "the drive did not get the data in time",
            (_, 0x30, _) => "the drive cannot use this disc as it is",
            (_, 0x31, _) => "the format of the disc is damaged",
            (_, 0x3a, _) => "there is no disc in the drive",
            (_, 0x3e, _) => "the drive did not configure itself",
            (_, 0x44, _) => "the drive reports an internal fault",
            (_, 0x51, _) => "erasing failed",
            (_, 0x53, 0x02) => "the tray is locked",
            (_, 0x53, _) => "the tray did not move as it should",
            (_, 0x57, _) => "the table of contents cannot be recovered",
            (_, 0x5a, _) => "someone pressed a button on the drive",
            (_, 0x63, _) => "the track does not end where the disc says",
            (_, 0x64, _) => "this track does not allow the command",
            (_, 0x6f, _) => "the disc is copy-protected",
            (_, 0x72, _) => "the session could not be closed",
            (_, 0x73, _) => "the drive could not adjust its laser to the disc",
            _ => Self::text_of_key(self.key),
        }
    }

    /// What to say of a code that is not in the table.
    const fn text_of_key(key: u8) -> &'static str {
        match key {
            key::NO_SENSE => "the drive reports nothing in particular",
            key::RECOVERED => "the drive recovered from an error",
            key::NOT_READY => "the drive is not ready",
            key::MEDIUM_ERROR => "the disc is at fault",
            key::HARDWARE_ERROR => "the drive is at fault",
            key::ILLEGAL_REQUEST => "the drive refused the command",
            key::UNIT_ATTENTION => "the state of the drive changed",
            key::DATA_PROTECT => "the disc is protected",
            key::BLANK_CHECK => "the area is blank, or is not",
            key::ABORTED => "the drive gave the command up",
            _ => "the drive reports an error",
        }
    }

    /// What a person can do about it, where there is something.
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        Some(match (self.key, self.asc, self.ascq) {
            (_, 0x04, 0x03) => "close the tray, or look at the drive",
            (_, 0x04, _) => "wait a little and try again",
            (_, 0x06, _) => "is the disc upside down, or dirty? take it out and look",
            (_, 0x0c, 0x09) => "burn slower, or copy the image to a faster place first",
            (_, 0x0c | 0x73, _) => "try a lower speed, or a disc of another make",
            (_, 0x11, _) => "clean the disc, or read it in another drive",
            (_, 0x27, _) => "slide the write-protect tab of the cartridge, or use another disc",
            (_, 0x28..=0x2a, _) => "look at the drive again, then retry",
            (_, 0x30 | 0x31, _) => "format the disc, or insert one the drive can write",
            (_, 0x3a, _) => "insert a disc",
            (_, 0x53, 0x02) => "end what holds the disc, then open the tray",
            (_, 0x57, _) => "erase the disc if it is rewritable; else use another",
            (key::HARDWARE_ERROR, ..) => "switch the drive off and on again",
            _ => return None,
        })
    }
}

/// Whether the sense-key specific bytes of this key count progress. SPC-4 4.5.2.4.4.
const fn reports_progress(key: u8) -> bool {
    matches!(key, key::NO_SENSE | key::NOT_READY)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 18 bytes a drive sent while formatting: current, valid, key 2, 04/04, half done.
    const FORMATTING: [u8; 18] = [
        0xf0, 0x00, 0x02, 0x00, 0x01, 0x02, 0x03, 0x0a, 0, 0, 0, 0, 0x04, 0x04, 0x00, 0x80, 0x80,
        0x00,
    ];

    #[test]
    fn fixed_format() {
        let expected =
            Sense { information: Some(0x0001_0203), progress: Some(0x8000), ..Sense::new(2, 4, 4) };
        assert_eq!(Sense::parse(&FORMATTING), Some(expected));
    }

    #[test]
    fn deferred_error_is_marked() {
        let bytes = [0x71, 0, 3, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x0c, 0, 0, 0, 0, 0];
        assert_eq!(Sense::parse(&bytes), Some(Sense { deferred: true, ..Sense::new(3, 0x0c, 0) }));
    }

    #[test]
    fn descriptor_format() {
        let mut bytes = vec![0x72, 0x03, 0x11, 0x05, 0, 0, 0, 20];
        bytes.extend([0x00, 0x0a, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x34]);
        bytes.extend([0x02, 0x06, 0, 0, 0x80, 0x40, 0, 0]);
        let sense = Sense::parse(&bytes).unwrap();
        assert_eq!(sense, Sense { information: Some(0x1234), ..Sense::new(3, 0x11, 5) });
        bytes[1] = 0x02;
        assert_eq!(Sense::parse(&bytes).unwrap().progress, Some(0x4000));
    }

    #[test]
    fn truncated_sense_keeps_what_is_there() {
        assert_eq!(Sense::parse(&FORMATTING[..3]).map(|s| s.key), Some(2));
        assert_eq!(Sense::parse(&[]), None);
        assert_eq!(Sense::parse(&[0xa5; 18]), None, "response code 25h is reserved");
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            if let Some(sense) = Sense::parse(&bytes) {
                let _ = (sense.text(), sense.hint());
            }
        }
    }
}
