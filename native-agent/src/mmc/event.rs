//! GET EVENT STATUS NOTIFICATION, class 4: was a disc put in, or is one being taken out. MMC-6 6.6.

use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned, big_endian::U16};

use super::{Cdb, Command, ParseError};
use crate::scsi::opcode;

/// Bit 4 of the class request: media. MMC-6 table 283.
const MEDIA_CLASS: u8 = 0x10;
/// Bits 2-0 of byte 2 of the answer.
const MEDIA_CLASS_NUMBER: u8 = 4;

/// Asks for the next media event, without waiting for one (Polled).
#[must_use]
pub const fn get_media_event() -> Command {
    Command::asking(Cdb::ten([opcode::GET_EVENT_STATUS, 1, 0, 0, MEDIA_CLASS, 0, 0, 0, 8, 0]), 8)
}

/// Header and media event. MMC-6 tables 284 and 290.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned, Debug)]
#[repr(C)]
struct MediaEventData {
    /// Bytes after this field.
    event_data_length: U16,
    /// Bit 7 NEA (no event available), bits 2-0 notification class.
    class: u8,
    supported_classes: u8,
    /// Bits 3-0 event code.
    event: u8,
    /// Bit 1 media present, bit 0 tray open.
    status: u8,
    start_slot: u8,
    end_slot: u8,
}

const _: () = assert!(size_of::<MediaEventData>() == 8);

/// Event codes. MMC-6 table 291.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaChange {
    /// Nothing new.
    None,
    /// Someone pressed the button.
    EjectRequest,
    /// A disc was put in and is ready.
    New,
    /// The disc was taken out.
    Removed,
    /// The disc changed.
    Changed,
    /// A code of a later standard.
    Other(u8),
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaEvent {
    /// What happened since the last question.
    pub change: MediaChange,
    /// A disc is in.
    pub present: bool,
    /// The tray is open.
    pub tray_open: bool,
}

impl MediaEvent {
    /// Reads the answer; `Ok(None)` if the drive has no media events.
    ///
    /// # Errors
    /// [`ParseError`] if it is incomplete.
    pub fn parse(bytes: &[u8]) -> Result<Option<Self>, ParseError> {
        if bytes.get(2).is_some_and(|class| class & 0x80 != 0) {
            return Ok(None);
        }
        let (data, _) = MediaEventData::ref_from_prefix(bytes)
            .map_err(|_| ParseError::new(bytes.len(), "the media event"))?;
        let change = match data.event & 0x0f {
            0 => MediaChange::None,
            1 => MediaChange::EjectRequest,
            2 => MediaChange::New,
            3 => MediaChange::Removed,
            4 => MediaChange::Changed,
            other => MediaChange::Other(other),
        };
        let (present, tray_open) = (data.status & 2 != 0, data.status & 1 != 0);
        let ours = data.class & 7 == MEDIA_CLASS_NUMBER;
        Ok(ours.then_some(Self { change, present, tray_open }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers() {
        let mut bytes = [0, 6, 0x04, 0x10, 0x03, 0x01, 0, 0];
        let removed = MediaEvent { change: MediaChange::Removed, present: false, tray_open: true };
        assert_eq!(MediaEvent::parse(&bytes), Ok(Some(removed)));
        assert!(MediaEvent::parse(&bytes[..7]).is_err());
        bytes[2] = 0x80;
        assert_eq!(MediaEvent::parse(&bytes), Ok(None));
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            let _ = MediaEvent::parse(&bytes);
        }
    }
}
