//! READ TRACK INFORMATION: where a track lies and where writing continues. MMC-6 6.26.

use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned, big_endian::U16, big_endian::U32};

use super::{Cdb, Command, ParseError};
use crate::scsi::opcode;

const LEN: usize = size_of::<TrackInformationBlock>();
/// Everything up to the free blocks must be there; drives of the first DVD generations stop soon after.
const NEEDED: usize = 28;
/// Where the pause before block 0 begins. MMC-6 4.2.3.
const PAUSE: u32 = (-150i32).cast_unsigned();
/// The address that means "the track that is not recorded yet". MMC-6 table 482.
pub const INVISIBLE_TRACK: u32 = 0xff;

/// The same with what is told of layer jumps behind it.
const LEN_WITH_JUMPS: usize = 48;

/// Asks about a track by its number (address type 01b). MMC-6 6.26.2.
#[must_use]
pub const fn read_track_information(track: u32) -> Command {
    ask(track, LEN)
}

/// The same with the layer jumps of a DVD-R DL.
#[must_use]
pub const fn read_track_information_with_jumps(track: u32) -> Command {
    ask(track, LEN_WITH_JUMPS)
}

const fn ask(track: u32, len: usize) -> Command {
    let [a, b, c, d] = track.to_be_bytes();
    let cdb = Cdb::ten([opcode::READ_TRACK_INFORMATION, 1, a, b, c, d, 0, 0, len as u8, 0]);
    Command::asking(cdb, len)
}

/// MMC-6 table 484, up to the last recorded address.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned, Debug)]
#[repr(C)]
struct TrackInformationBlock {
    /// Bytes after this field.
    track_information_length: U16,
    track_number_low: u8,
    session_number_low: u8,
    reserved_4: u8,
    /// Bits 7-6 LJRS, bit 5 damage, bit 4 copy, bits 3-0 track mode.
    mode: u8,
    /// Bit 7 RT (reserved), bit 6 blank, bit 5 packet, bit 4 FP, bits 3-0 data mode.
    state: u8,
    /// Bit 1 LRA_V, bit 0 NWA_V.
    valid: u8,
    track_start_address: U32,
    next_writable_address: U32,
    free_blocks: U32,
    fixed_packet_size: U32,
    track_size: U32,
    last_recorded_address: U32,
    track_number_high: u8,
    session_number_high: u8,
    reserved_34: [u8; 2],
}

const _: () = assert!(size_of::<TrackInformationBlock>() == 36);

/// One track.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TrackInformation {
    /// Its number, from 1.
    pub track: u16,
    /// The session it is in, from 1.
    pub session: u16,
    /// Control nibble of the sub-channel; 4 data on CD, 5 on DVD-R/-RW.
    pub mode: u8,
    /// The drive holds it for broken.
    pub damaged: bool,
    /// RESERVE TRACK made it.
    pub reserved: bool,
    /// Nothing is recorded in it.
    pub blank: bool,
    /// Incremental recording.
    pub packet: bool,
    /// Recorded with layer jumps (LJRS is not 0).
    pub jumps: bool,
    /// First block.
    pub start: u32,
    /// Next writable address, if the drive vouches for it (NWA_V).
    pub next_writable: Option<u32>,
    /// Blocks that can still be written into it.
    pub free_blocks: u32,
    /// Blocks it has, as far as they are allotted.
    pub size: u32,
    /// Last block recorded, if the drive vouches for it (LRA_V).
    pub last_recorded: Option<u32>,
    /// Last block of the first layer before recording went on in the second, where it has and that was asked for.
    pub last_layer_jump: Option<u32>,
}

impl TrackInformation {
    /// Reads the answer; fields after byte 27 count as zero if they are missing.
    ///
    /// # Errors
    /// [`ParseError`] if the fields up to byte 27 are incomplete.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let said =
            bytes.first_chunk().map_or(0, |length| usize::from(u16::from_be_bytes(*length)) + 2);
        let bytes = bytes.get(..said).unwrap_or(bytes);
        if bytes.len() < NEEDED {
            return Err(ParseError::new(bytes.len(), "track information"));
        }
        let mut whole = [0; LEN];
        let len = bytes.len().min(LEN);
        whole[..len].copy_from_slice(&bytes[..len]);
        let info: &TrackInformationBlock = zerocopy::transmute_ref!(&whole);
        let address = |bit: u8, field: U32| (info.valid & bit != 0).then(|| without_pause(field));
        Ok(Self {
            track: u16::from_be_bytes([info.track_number_high, info.track_number_low]),
            session: u16::from_be_bytes([info.session_number_high, info.session_number_low]),
            mode: info.mode & 0x0f,
            damaged: info.mode & 0x20 != 0,
            reserved: info.state & 0x80 != 0,
            blank: info.state & 0x40 != 0,
            packet: info.state & 0x20 != 0,
            jumps: info.jumps(),
            start: without_pause(info.track_start_address),
            next_writable: address(1, info.next_writable_address),
            free_blocks: info.free_blocks.get(),
            size: info.size(),
            last_recorded: address(2, info.last_recorded_address),
            last_layer_jump: last_layer_jump(bytes).filter(|_| info.jumps()),
        })
    }

    /// Where writing continues. A blank track continues at its start, whether the drive vouches for it or not.
    #[must_use]
    pub fn continues_at(&self) -> Option<u32> {
        self.next_writable.or_else(|| self.blank.then_some(self.start))
    }
}

/// Some drives count the pause of 150 blocks before block 0 to the first track of a CD (Pioneer BDR-205, LITE-ON LTR-48125S
/// while it is blank, CDEmu always): it begins at block 0 for all that.
fn without_pause(address: U32) -> u32 {
    match address.get() {
        PAUSE => 0,
        address => address,
    }
}

/// Bytes 44 to 47; 0 before the first jump. MMC-6 6.26.3.
fn last_layer_jump(bytes: &[u8]) -> Option<u32> {
    let address = bytes.get(44..)?.first_chunk()?;
    Some(u32::from_be_bytes(*address)).filter(|address| *address > 0)
}

impl TrackInformationBlock {
    /// LJRS: whether it is recorded with layer jumps, in whichever mode.
    const fn jumps(&self) -> bool {
        self.mode & 0xc0 != 0
    }

    /// Blocks, without the pause. With layer jumps the drive tells the last address instead; of a track that takes no more, what
    /// lies behind the last block recorded is filled up. MMC-6 6.26.3.
    fn size(&self) -> u32 {
        const LRA_V_ALONE: u8 = 0b10;
        let (start, size) = (self.track_start_address.get(), self.track_size.get());
        let is_closed = self.valid & 0b11 == LRA_V_ALONE;
        let last = if is_closed { self.last_recorded_address.get() } else { size };
        match start {
            PAUSE => size.saturating_sub(super::PAUSE),
            start if self.jumps() && last >= start => (last - start).saturating_add(1),
            _ => size,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appendable_track() {
        let mut bytes = [0xa5; LEN];
        bytes[..8].copy_from_slice(&[0, 34, 2, 2, 0, 0x04, 0x41, 0x01]);
        bytes[8..28].copy_from_slice(&[
            0, 0, 0x10, 0, 0, 0, 0x10, 0, 0, 0x20, 0, 0, 0, 0, 0, 16, 0, 0x20, 0, 0,
        ]);
        bytes[32..34].fill(0);
        let info = TrackInformation::parse(&bytes).unwrap();
        assert_eq!((info.track, info.session, info.mode), (2, 2, 4));
        assert_eq!(info.next_writable, Some(0x1000));
        assert_eq!(info.free_blocks, 0x0020_0000);
        assert_eq!(info.last_recorded, None);
        assert!(info.blank && !info.damaged && !info.reserved && !info.packet);
        assert_eq!(info.continues_at(), Some(0x1000));
        let unsure = TrackInformation { next_writable: None, ..info };
        assert_eq!(unsure.continues_at(), Some(0x1000));
        assert_eq!(TrackInformation { blank: false, ..unsure }.continues_at(), None);
        bytes[8..16].copy_from_slice(&[0xff, 0xff, 0xff, 0x6a, 0xff, 0xff, 0xff, 0x6a]);
        let pause = TrackInformation::parse(&bytes).unwrap();
        assert_eq!((pause.start, pause.continues_at()), (0, Some(0)));
        assert_eq!(pause.size, info.size - 150);
    }

    #[test]
    fn with_layer_jumps_the_size_is_an_address() {
        let mut bytes = [0u8; LEN];
        bytes[1] = 34;
        bytes[5] = 0x85;
        bytes[8..12].copy_from_slice(&1000u32.to_be_bytes());
        bytes[24..28].copy_from_slice(&2999u32.to_be_bytes());
        let info = TrackInformation::parse(&bytes).unwrap();
        assert_eq!((info.jumps, info.mode, info.size), (true, 5, 2000));
        assert_eq!(info.last_layer_jump, None, "it was not asked for");
        let mut whole =
            [bytes.as_slice(), &[0, 0, 0, 0, 0, 0, 0x27, 0x0f, 0, 0, 0x13, 0x87]].concat();
        whole[1] = 46;
        assert_eq!(TrackInformation::parse(&whole).unwrap().last_layer_jump, Some(4999));
        whole[5] = 0x05;
        assert_eq!(TrackInformation::parse(&whole).unwrap().last_layer_jump, None);
        bytes[7] = 2;
        bytes[28..32].copy_from_slice(&1099u32.to_be_bytes());
        assert_eq!(TrackInformation::parse(&bytes).unwrap().size, 100, "the rest is filled up");
        bytes[24..32].fill(0);
        assert_eq!(TrackInformation::parse(&bytes).unwrap().size, 0);
    }

    #[test]
    fn short_answers() {
        let mut bytes = [0u8; 28];
        bytes[1] = 26;
        bytes[7] = 3;
        assert_eq!(TrackInformation::parse(&bytes).unwrap().last_recorded, Some(0));
        assert_eq!(TrackInformation::parse(&bytes[..27]).unwrap_err().offset, 27);
    }

    #[test]
    fn question() {
        let cdb = read_track_information(INVISIBLE_TRACK).cdb;
        assert_eq!(cdb.as_bytes(), [0x52, 1, 0, 0, 0, 0xff, 0, 0, 36, 0]);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            let _ = TrackInformation::parse(&bytes);
        }
    }
}
