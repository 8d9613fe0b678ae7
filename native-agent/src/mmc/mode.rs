//! MODE SENSE(10) and MODE SELECT(10) with the two pages writing needs. SPC-4 6.14 and 6.12, MMC-6 7.

use zerocopy::{
    FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned, big_endian::U16, big_endian::U32,
};

use super::{ASK_TIMEOUT, Cdb, Command, ParseError, Transfer};
use crate::scsi::opcode;

/// Mode parameter header(10). SPC-4 7.5.5.
const HEADER_LEN: usize = 8;
/// DBD: no block descriptors.
const DBD: u8 = 0x08;
/// PF: the list has the page format.
const PAGE_FORMAT: u8 = 0x10;
/// Write Parameters. MMC-6 7.5.
const PAGE_WRITE_PARAMETERS: u8 = 0x05;
/// MM Capabilities and Mechanical Status. MMC-3 6.3.11 (obsolete since MMC-4, sent by every drive).
const PAGE_CAPABILITIES: u8 = 0x2a;
/// The whole header, the page, and room for its speed list.
const ANSWER_LEN: u16 = 256;

/// Every page the drive has. SPC-4 table 419.
const ALL_PAGES: u8 = 0x3f;
/// Room for all pages together, of which drives have some ten.
const ALL_PAGES_LEN: u16 = 2048;

const fn mode_sense(page: u8, len: u16) -> Command {
    let [high, low] = len.to_be_bytes();
    let cdb = Cdb::ten([opcode::MODE_SENSE_10, DBD, page, 0, 0, 0, 0, high, low, 0]);
    Command::asking(cdb, len as usize)
}

/// Asks how the drive would write now.
#[must_use]
pub const fn mode_sense_write_parameters() -> Command {
    mode_sense(PAGE_WRITE_PARAMETERS, ANSWER_LEN)
}

/// Asks what mechanism and buffer the drive has.
#[must_use]
pub const fn mode_sense_capabilities() -> Command {
    mode_sense(PAGE_CAPABILITIES, ANSWER_LEN)
}

/// Asks for all pages.
#[must_use]
pub const fn mode_sense_all() -> Command {
    mode_sense(ALL_PAGES, ALL_PAGES_LEN)
}

/// The pages in the answer to MODE SENSE, each from its page code on; a last one that is cut off is left out.
/// SPC-4 7.5.4.
fn pages(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let descriptors = bytes
        .first_chunk::<HEADER_LEN>()
        .map_or(0, |header| usize::from(u16::from_be_bytes([header[6], header[7]])));
    let mut rest = bytes.get(HEADER_LEN + descriptors..).unwrap_or_default();
    core::iter::from_fn(move || {
        let [_, len, ..] = *rest else { return None };
        let (page, after) = rest.split_at(rest.len().min(2 + usize::from(len)));
        rest = after;
        Some(page)
    })
}

/// The codes of the pages in the answer to MODE SENSE.
#[must_use]
pub fn mode_page_codes(bytes: &[u8]) -> Vec<u8> {
    pages(bytes).map(|page| page[0] & 0x3f).collect()
}

fn find_page(bytes: &[u8], wanted: u8) -> Result<&[u8], ParseError> {
    let missing = || ParseError::new(bytes.len(), "the mode page");
    pages(bytes).find(|page| page[0] & 0x3f == wanted).ok_or_else(missing)
}

/// Mode page 05h. MMC-6 table 658.
#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned, Clone, Debug)]
#[repr(C)]
struct WriteParametersPage {
    /// Bit 7 PS, bits 5-0 page code.
    page_code: u8,
    /// 32h.
    page_length: u8,
    /// Bit 6 BUFE, bit 5 LS_V, bit 4 test write, bits 3-0 write type.
    write: u8,
    /// Bits 7-6 multi-session, bit 5 FP, bit 4 copy, bits 3-0 track mode.
    track: u8,
    /// Bits 3-0 data block type.
    data_block_type: u8,
    link_size: u8,
    reserved_6: u8,
    /// Bits 5-0 host application code.
    application_code: u8,
    session_format: u8,
    reserved_9: u8,
    packet_size: U32,
    audio_pause_length: U16,
    media_catalog_number: [u8; 16],
    isrc: [u8; 16],
    sub_header: [u8; 4],
}

const _: () = assert!(size_of::<WriteParametersPage>() == 52);

/// Bits 3-0 of byte 2. MMC-6 table 659.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WriteType {
    /// 0h.
    Incremental,
    /// 1h.
    TrackAtOnce,
    /// 2h: session at once on CD, disc at once on DVD.
    SessionAtOnce,
    /// 3h: raw, on CD.
    Raw,
    /// 4h: incremental on both layers of a DVD-R DL.
    LayerJump,
}

/// Bits 3-0 of byte 4: what is sent of each block. MMC-6 table 662.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockType {
    /// 1h: 2352 bytes of raw data, and 16 of sub-channels P and Q.
    RawPAndQ,
    /// 3h: 2352 bytes of raw data, and 96 of sub-channels P to W.
    RawPToW,
    /// 8h: 2048 bytes of user data of mode 1.
    Mode1,
}

/// How the next track is to be written, on media that need to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WriteParameters {
    /// Incremental, at once or raw.
    pub write_type: WriteType,
    /// What blocks look like.
    pub block_type: BlockType,
    /// Whether another session may follow (11b) or the disc ends with this one (00b).
    pub multi_session: bool,
    /// Do everything but switch on the laser.
    pub test_write: bool,
    /// Blocks lost between packets (LS_V and link size), where the medium links.
    pub link_size: Option<u8>,
    /// Fixed packets of this many blocks (FP and packet size).
    pub packet_blocks: Option<u32>,
    /// 4 data on CD, 5 data on DVD-R/-RW.
    pub track_mode: u8,
}

/// BUFE: the drive recovers when data does not arrive in time.
const UNDERRUN_FREE: u8 = 0x40;

impl WriteParameters {
    fn page(self) -> WriteParametersPage {
        let write_type = match self.write_type {
            WriteType::Incremental => 0,
            WriteType::TrackAtOnce => 1,
            WriteType::SessionAtOnce => 2,
            WriteType::Raw => 3,
            WriteType::LayerJump => 4,
        };
        let data_block_type = match self.block_type {
            BlockType::RawPAndQ => 1,
            BlockType::RawPToW => 3,
            BlockType::Mode1 => 8,
        };
        let bit = |on: bool, bits: u8| if on { bits } else { 0 };
        WriteParametersPage {
            page_code: PAGE_WRITE_PARAMETERS,
            page_length: 0x32,
            write: UNDERRUN_FREE
                | bit(self.link_size.is_some(), 0x20)
                | bit(self.test_write, 0x10)
                | write_type,
            track: bit(self.multi_session, 0xc0)
                | bit(self.packet_blocks.is_some(), 0x20)
                | self.track_mode & 0x0f,
            data_block_type,
            link_size: self.link_size.unwrap_or(0),
            reserved_6: 0,
            application_code: 0,
            session_format: 0,
            reserved_9: 0,
            packet_size: self.packet_blocks.unwrap_or(0).into(),
            audio_pause_length: 150.into(),
            media_catalog_number: [0; 16],
            isrc: [0; 16],
            sub_header: [0; 4],
        }
    }

    /// Reads the answer to MODE SENSE for page 05h.
    ///
    /// # Errors
    /// [`ParseError`] if the page is missing or shorter than it must be.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let page = find_page(bytes, PAGE_WRITE_PARAMETERS)?;
        let (page, _) = WriteParametersPage::ref_from_prefix(page)
            .map_err(|_| ParseError::new(bytes.len(), "the write parameters page"))?;
        Ok(Self {
            write_type: match page.write & 0x0f {
                1 => WriteType::TrackAtOnce,
                2 => WriteType::SessionAtOnce,
                3 => WriteType::Raw,
                4 => WriteType::LayerJump,
                _ => WriteType::Incremental,
            },
            block_type: match page.data_block_type & 0x0f {
                1 => BlockType::RawPAndQ,
                3 => BlockType::RawPToW,
                _ => BlockType::Mode1,
            },
            multi_session: page.track & 0xc0 != 0,
            test_write: page.write & 0x10 != 0,
            link_size: (page.write & 0x20 != 0).then_some(page.link_size),
            packet_blocks: (page.track & 0x20 != 0).then(|| page.packet_size.get()),
            track_mode: page.track & 0x0f,
        })
    }
}

/// Tells the drive how to write the next track. MMC-6 7.5.
#[must_use]
pub fn mode_select_write_parameters(parameters: WriteParameters) -> Command {
    let mut list = vec![0; HEADER_LEN];
    list.extend(parameters.page().as_bytes());
    mode_select(list)
}

/// Sets page 05h to what an answer to MODE SENSE says. SPC-4 6.12.
///
/// # Errors
/// [`ParseError`] if the page is missing.
pub fn restore_write_parameters(answer: &[u8]) -> Result<Command, ParseError> {
    let mut list = vec![0; HEADER_LEN];
    list.extend_from_slice(find_page(answer, PAGE_WRITE_PARAMETERS)?);
    // PS is reserved here. SPC-4 7.5.7.
    list[HEADER_LEN] = PAGE_WRITE_PARAMETERS;
    Ok(mode_select(list))
}

fn mode_select(list: Vec<u8>) -> Command {
    let [high, low] = (list.len() as u16).to_be_bytes();
    let cdb = Cdb::ten([opcode::MODE_SELECT_10, PAGE_FORMAT, 0, 0, 0, 0, 0, high, low, 0]);
    Command::telling(cdb, list, ASK_TIMEOUT)
}

/// The same command without BUFE, for drives that do not know it; `None` if it is none that has it. MMC-6 7.5.
#[must_use]
pub fn without_underrun_protection(command: &Command) -> Option<Command> {
    let Transfer::Out(list) = &command.transfer else { return None };
    let [code, _, bits] = *list.get(HEADER_LEN..)?.first_chunk::<3>()?;
    let has_it = command.cdb.opcode() == opcode::MODE_SELECT_10
        && code & 0x3f == PAGE_WRITE_PARAMETERS
        && bits & UNDERRUN_FREE != 0;
    has_it.then(|| {
        let mut list = list.clone();
        list[HEADER_LEN + 2] &= !UNDERRUN_FREE;
        Command::telling(command.cdb, list, command.timeout)
    })
}

/// What mode page 2Ah tells beyond the features.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// Kilobytes (1024 bytes) the drive can hold.
    pub buffer_kb: u16,
    /// Whether the tray can be opened by command.
    pub can_eject: bool,
    /// Whether it can be closed by command: it is a tray or a changer, no slot and no lid.
    pub can_load: bool,
    /// The write speed in force, in kilobytes (1000 bytes) per second.
    pub write_speed: Option<u16>,
    /// Whether test writing (without laser) is offered.
    pub can_test_write: bool,
    /// Write speeds in kilobytes (1000 bytes) per second, fastest first.
    pub write_speeds: Vec<u16>,
}

impl Capabilities {
    /// Reads the answer to MODE SENSE for page 2Ah.
    ///
    /// # Errors
    /// [`ParseError`] if the page is missing or ends before the buffer size.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let page = find_page(bytes, PAGE_CAPABILITIES)?;
        let short = || ParseError::new(bytes.len(), "the capabilities page");
        let word =
            |at: usize| page.get(at..at + 2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        let listed = usize::from(word(30).unwrap_or(0));
        let speeds = (0..listed).map_while(|index| word(34 + index * 4)).collect();
        Ok(Self {
            buffer_kb: word(12).ok_or_else(short)?,
            can_eject: page.get(6).ok_or_else(short)? & 0x08 != 0,
            // Loading mechanism type 1 is a tray, 4 and 5 are changers.
            can_load: matches!(page.get(6).ok_or_else(short)? >> 5, 1 | 4 | 5),
            write_speed: word(28).filter(|speed| *speed > 0),
            can_test_write: page.get(3).ok_or_else(short)? & 0x04 != 0,
            write_speeds: speeds,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mmc::Transfer;

    const INCREMENTAL: WriteParameters = WriteParameters {
        write_type: WriteType::Incremental,
        block_type: BlockType::Mode1,
        multi_session: true,
        test_write: false,
        link_size: Some(16),
        packet_blocks: Some(16),
        track_mode: 5,
    };

    #[test]
    fn write_parameters_page() {
        let command = mode_select_write_parameters(INCREMENTAL);
        assert_eq!(command.cdb.as_bytes(), [0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0]);
        let Transfer::Out(list) = command.transfer else { panic!("{:?}", command.transfer) };
        assert_eq!(list[8..24], [5, 0x32, 0x60, 0xe5, 8, 16, 0, 0, 0, 0, 0, 0, 0, 16, 0, 150]);
        assert_eq!(WriteParameters::parse(&list), Ok(INCREMENTAL));
        for (block_type, code) in [(BlockType::RawPAndQ, 1), (BlockType::RawPToW, 3)] {
            let raw = WriteParameters {
                write_type: WriteType::Raw,
                block_type,
                multi_session: false,
                link_size: None,
                packet_blocks: None,
                track_mode: 4,
                ..INCREMENTAL
            };
            let Transfer::Out(list) = mode_select_write_parameters(raw).transfer else { panic!() };
            assert_eq!(list[8..13], [5, 0x32, 0x43, 0x04, code]);
            assert_eq!(WriteParameters::parse(&list), Ok(raw));
        }
        assert!(WriteParameters::parse(&list[..59]).is_err());
    }

    #[test]
    fn capabilities_page() {
        let mut bytes = vec![0xa5; HEADER_LEN + 40];
        bytes[6..8].fill(0);
        bytes[8..10].copy_from_slice(&[0x2a, 38]);
        bytes[11] = 0x04;
        bytes[14] = 0x29;
        bytes[20..22].copy_from_slice(&4096u16.to_be_bytes());
        bytes[38..48].copy_from_slice(&[0, 2, 0, 0, 0x56, 0x90, 0, 0, 0x2b, 0x48]);
        let capabilities = Capabilities::parse(&bytes).unwrap();
        assert_eq!(capabilities.buffer_kb, 4096);
        assert!(capabilities.can_eject && capabilities.can_test_write);
        assert_eq!(capabilities.write_speeds, [22160, 11080]);
        assert!(Capabilities::parse(&bytes[..20]).is_err());
        assert!(WriteParameters::parse(&bytes).is_err(), "another page");
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            let _ = (Capabilities::parse(&bytes), WriteParameters::parse(&bytes));
        }
    }
}
