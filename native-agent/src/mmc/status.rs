//! TEST UNIT READY, REQUEST SENSE, INQUIRY and READ BUFFER CAPACITY: how the drive is doing.

use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned, big_endian::U16, big_endian::U32};

use super::{ASK_TIMEOUT, Cdb, Command, ParseError};
use crate::scsi::{inquiry::INQUIRY_LEN, opcode};

/// Asks whether the medium can be used. SPC-4 6.47.
#[must_use]
pub const fn test_unit_ready() -> Command {
    Command::plain(Cdb::six([opcode::TEST_UNIT_READY, 0, 0, 0, 0, 0]), ASK_TIMEOUT)
}

/// Asks for sense data, which counts the progress of FORMAT UNIT and BLANK. SPC-4 6.39.
#[must_use]
pub const fn request_sense() -> Command {
    Command::asking(Cdb::six([opcode::REQUEST_SENSE, 0, 0, 0, 18, 0]), 18)
}

/// Asks who the drive is. SPC-4 6.6.
#[must_use]
pub const fn inquiry() -> Command {
    Command::asking(Cdb::six([opcode::INQUIRY, 0, 0, 0, INQUIRY_LEN as u8, 0]), INQUIRY_LEN)
}

/// Asks how full the buffer of the drive is, in bytes. MMC-6 6.18.
#[must_use]
pub const fn read_buffer_capacity() -> Command {
    Command::asking(Cdb::ten([opcode::READ_BUFFER_CAPACITY, 0, 0, 0, 0, 0, 0, 0, 12, 0]), 12)
}

/// MMC-6 table 326.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned, Debug)]
#[repr(C)]
struct BufferCapacityData {
    data_length: U16,
    reserved: u8,
    /// Bit 0 Block: the lengths are in blocks, not bytes.
    block: u8,
    length_of_buffer: U32,
    available_length: U32,
}

const _: () = assert!(size_of::<BufferCapacityData>() == 12);

/// The buffer of the drive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BufferCapacity {
    /// Bytes it holds.
    pub len: u32,
    /// Bytes that are free.
    pub free: u32,
}

impl BufferCapacity {
    /// Reads the answer.
    ///
    /// # Errors
    /// [`ParseError`] if it is shorter than twelve bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let (data, _) = BufferCapacityData::ref_from_prefix(bytes)
            .map_err(|_| ParseError::new(bytes.len(), "the buffer capacity"))?;
        Ok(Self { len: data.length_of_buffer.get(), free: data.available_length.get() })
    }

    /// How full it is, 0 to 100. Some drives report more free than there is: that counts as half, as libburn has it.
    #[must_use]
    pub const fn percent(&self) -> u8 {
        if self.len == 0 || self.free > self.len {
            return 50;
        }
        let used = (self.len - self.free) as u64;
        (used * 100 / self.len as u64) as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffer_level() {
        let bytes = [0, 10, 0, 0, 0, 0x40, 0, 0, 0, 0x10, 0, 0, 0xa5];
        let buffer = BufferCapacity::parse(&bytes).unwrap();
        assert_eq!((buffer.len, buffer.free, buffer.percent()), (0x40_0000, 0x10_0000, 75));
        assert_eq!(BufferCapacity { len: 10, free: 11 }.percent(), 50, "insane report");
        assert_eq!(BufferCapacity { len: 0, free: 0 }.percent(), 50);
        assert!(BufferCapacity::parse(&bytes[..11]).is_err());
    }
}
