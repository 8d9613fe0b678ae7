//! GET PERFORMANCE, SET STREAMING and SET CD SPEED: how fast. MMC-6 6.7, 6.39, 6.37.

use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned, big_endian::U32};

use super::{ASK_TIMEOUT, Cdb, Command, MediumFacts, ParseError};
use crate::scsi::opcode;

/// Write speed descriptors. MMC-6 table 302.
const TYPE_WRITE_SPEED: u8 = 0x03;
/// More than any drive has speeds.
const MAX_DESCRIPTORS: u8 = 32;

/// Asks for the write speeds of drive and medium together. MMC-6 6.7.3.4.
#[must_use]
pub const fn get_write_speeds() -> Command {
    let cdb =
        [opcode::GET_PERFORMANCE, 0, 0, 0, 0, 0, 0, 0, 0, MAX_DESCRIPTORS, TYPE_WRITE_SPEED, 0];
    Command::asking(Cdb::twelve(cdb), 8 + MAX_DESCRIPTORS as usize * 16)
}

/// MMC-6 table 303.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned, Debug)]
#[repr(C)]
struct PerformanceHeader {
    /// Bytes after this field.
    performance_data_length: U32,
    flags: u8,
    reserved: [u8; 3],
}

/// MMC-6 table 314.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned, Debug)]
#[repr(C)]
struct WriteSpeedDescriptor {
    /// Bits 4-3 write rotation control (01b CAV), bit 2 RDD, bit 1 Exact, bit 0 MRW.
    flags: u8,
    reserved: [u8; 3],
    end_lba: U32,
    /// Kilobytes (1000 bytes) per second.
    read_speed: U32,
    /// Kilobytes (1000 bytes) per second.
    write_speed: U32,
}

const _: () =
    assert!(size_of::<PerformanceHeader>() == 8 && size_of::<WriteSpeedDescriptor>() == 16);

/// One speed that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SpeedDescriptor {
    /// Kilobytes (1000 bytes) per second, at the outer edge if the speed grows.
    pub write_kb: u32,
    /// Kilobytes per second while reading back.
    pub read_kb: u32,
    /// Last block of the medium, as the drive counts.
    pub end_lba: u32,
    /// Constant angular velocity: the speed grows from inside to outside.
    pub cav: bool,
}

/// Answer to GET PERFORMANCE type 03h.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpeedDescriptors(pub Vec<SpeedDescriptor>);

impl SpeedDescriptors {
    /// Reads the answer; a last descriptor that is cut off is left out.
    ///
    /// # Errors
    /// [`ParseError`] if the header is incomplete.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let (header, rest) = PerformanceHeader::ref_from_prefix(bytes)
            .map_err(|_| ParseError::new(bytes.len(), "the performance header"))?;
        let said = (header.performance_data_length.get() as usize).saturating_sub(4);
        let mut rest = rest.get(..said).unwrap_or(rest);
        let mut speeds = Vec::new();
        while let Ok((descriptor, next)) = WriteSpeedDescriptor::ref_from_prefix(rest) {
            speeds.push(SpeedDescriptor {
                write_kb: descriptor.write_speed.get(),
                read_kb: descriptor.read_speed.get(),
                end_lba: descriptor.end_lba.get(),
                cav: descriptor.flags >> 3 & 3 == 1,
            });
            rest = next;
        }
        Ok(Self(speeds))
    }
}

/// Sets read and write speed of a DVD or BD in kilobytes per second, for blocks 0 to `end_lba`. MMC-6 6.39.3.
fn set_streaming(end_lba: u32, read_kb: u32, write_kb: u32) -> Command {
    const DESCRIPTOR_LEN: u8 = 28;
    /// Sizes are counted per this many milliseconds.
    const SECOND: u32 = 1000;
    let cdb = Cdb::twelve([opcode::SET_STREAMING, 0, 0, 0, 0, 0, 0, 0, 0, 0, DESCRIPTOR_LEN, 0]);
    let fields = [0, 0, end_lba, read_kb, SECOND, write_kb, SECOND];
    Command::telling(cdb, fields.into_iter().flat_map(u32::to_be_bytes).collect(), ASK_TIMEOUT)
}

/// As fast as it can. MMC-6 6.37.2.
pub const FASTEST: u32 = 0xffff;

/// Sets the speeds of reading and writing a medium in kilobytes per second, by the command that is meant for it, and by the
/// other one, for drives that do not know it.
#[must_use]
pub fn set_speed(medium: &MediumFacts, read_kb: u32, write_kb: u32) -> [Command; 2] {
    let short = |kb: u32| u16::try_from(kb).unwrap_or(FASTEST as u16);
    let end_lba = medium.capacity_blocks.saturating_sub(1);
    let streaming = set_streaming(end_lba, read_kb, write_kb);
    let old = set_cd_speed(short(read_kb), short(write_kb));
    if medium.profile.is_cd() { [old, streaming] } else { [streaming, old] }
}

/// Sets the speeds the old way, which CD needs and some DVD drives prefer. MMC-6 6.37.
const fn set_cd_speed(read_kb: u16, write_kb: u16) -> Command {
    let ([a, b], [c, d]) = (read_kb.to_be_bytes(), write_kb.to_be_bytes());
    let cdb = Cdb::twelve([opcode::SET_CD_SPEED, 0, a, b, c, d, 0, 0, 0, 0, 0, 0]);
    Command::plain(cdb, ASK_TIMEOUT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mmc::Transfer;

    #[test]
    fn speeds() {
        let mut bytes = vec![0, 0, 0, 36, 0, 0, 0, 0];
        for (flags, speed) in [(0x08, 22160u32), (0x00, 11080)] {
            bytes.extend([flags, 0, 0, 0, 0x00, 0x23, 0x05, 0x3f, 0, 0, 0x56, 0x90]);
            bytes.extend(speed.to_be_bytes());
        }
        let speeds = SpeedDescriptors::parse(&bytes).unwrap().0;
        assert_eq!(
            speeds.iter().map(|s| (s.write_kb, s.cav)).collect::<Vec<_>>(),
            [(22160, true), (11080, false)]
        );
        assert_eq!(SpeedDescriptors::parse(&bytes[..39]).unwrap().0.len(), 1);
        assert!(SpeedDescriptors::parse(&bytes[..7]).is_err());
    }

    #[test]
    fn streaming() {
        let command = set_streaming(0x0023_053f, 0xffff, 0x5690);
        assert_eq!(command.cdb.as_bytes(), [0xb6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 28, 0]);
        let list = vec![
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0x23, 0x05, 0x3f, 0, 0, 0xff, 0xff, 0, 0, 3, 0xe8, 0, 0,
            0x56, 0x90, 0, 0, 3, 0xe8,
        ];
        assert_eq!(command.transfer, Transfer::Out(list));
        assert_eq!(set_cd_speed(0xffff, 0x0102).cdb.as_bytes()[..6], [0xbb, 0, 0xff, 0xff, 1, 2]);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            let _ = SpeedDescriptors::parse(&bytes);
        }
    }
}
