//! Commands decoded from raw CDBs: what each field means, before any state is looked at.

use image_core::cd::Msf;

use super::sense;
use crate::scsi::Sense;

/// A decoded command descriptor block. Allocation and transfer lengths are bytes unless named blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    TestUnitReady,
    RequestSense { allocation: usize },
    FormatUnit { with_data: bool, code: u8 },
    Inquiry { vital: bool, page: u8, allocation: usize },
    StartStop { load_eject: bool, start: bool, power: u8 },
    PreventAllow { prevent: bool },
    ReadFormatCapacities { allocation: usize },
    ReadCapacity,
    Read { lba: u32, blocks: u32 },
    Write { lba: u32, blocks: u32, verify: bool },
    Seek { lba: u32 },
    Verify { lba: u32, blocks: u32, byte_check: bool },
    SynchronizeCache { immediate: bool },
    ReadToc { msf: bool, format: u8, first: u8, allocation: usize },
    GetConfiguration { request: u8, start: u16, allocation: usize },
    GetEventStatus { polled: bool, classes: u8, allocation: usize },
    ReadDiscInformation { data_type: u8, allocation: usize },
    ReadTrackInformation { open: bool, address_type: u8, number: u32, allocation: usize },
    ReserveTrack { blocks: u32, by_lba: bool },
    SendOpc,
    ModeSelect { page_format: bool, save: bool, length: usize },
    ModeSense { control: u8, page: u8, allocation: usize },
    CloseTrackSession { immediate: bool, function: u8, number: u16 },
    ReadBufferCapacity { blocks: bool, allocation: usize },
    SendCueSheet { length: usize },
    ReadCd { lba: u32, blocks: u32, selection: Selection },
    GetPerformance { write: bool, descriptors: usize, data_type: u8 },
    ReadDiscStructure { media: u8, layer: u8, format: u8, allocation: usize },
    Blank { immediate: bool, kind: u8, address: u32 },
    SetStreaming { length: usize },
    SendDiscStructure { media: u8, format: u8, length: usize },
    SetCdSpeed { write: u16 },
    MechanismStatus { allocation: usize },
}

/// Which parts of sectors READ CD asks for. MMC-6 6.19.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Selection {
    /// Expected sector type: 0 any, 1 CD-DA, 2 mode 1, 3 to 5 mode 2.
    pub(super) expected: u8,
    /// Bits 7-3 of byte 9: sync, sub-header and header, user data, EDC and ECC.
    pub(super) parts: u8,
    /// Bits 2-1 of byte 9: bits for bytes that could not be corrected, and also a byte for all of them.
    pub(super) errors: u8,
    /// Bits 2-0 of byte 10: sub-channels as they are, or Q with P.
    pub(super) sub_channels: u8,
}

impl Selection {
    const fn parse(cdb: &[u8; CDB_LEN]) -> Self {
        Self {
            expected: cdb[1] >> 2 & 7,
            parts: cdb[9] & 0xf8,
            errors: cdb[9] >> 1 & 3,
            sub_channels: cdb[10] & 7,
        }
    }
}

/// The longest CDB read here. SPC-4 4.3.
const CDB_LEN: usize = 16;

fn be16(cdb: &[u8; CDB_LEN], at: usize) -> u16 {
    u16::from_be_bytes([cdb[at], cdb[at + 1]])
}

fn be32(cdb: &[u8; CDB_LEN], at: usize) -> u32 {
    u32::from_be_bytes([cdb[at], cdb[at + 1], cdb[at + 2], cdb[at + 3]])
}

fn be24(cdb: &[u8; CDB_LEN], at: usize) -> u32 {
    u32::from_be_bytes([0, cdb[at], cdb[at + 1], cdb[at + 2]])
}

/// The format of READ TOC, or where that is 0 what was the format before MMC: bits 7-6 of the last byte, by which Linux asks for
/// the last session. MMC-6 6.25.2.3.
const fn toc_format(cdb: &[u8; CDB_LEN]) -> u8 {
    match cdb[2] & 0x0f {
        0 => cdb[9] >> 6,
        format => format,
    }
}

/// READ CD MSF names the first sector and the one behind the last; times that are none, or in the wrong order, name no
/// sector. MMC-6 6.20.
fn read_cd_msf(cdb: &[u8; CDB_LEN]) -> Command {
    let time = |at: usize| Msf { minute: cdb[at], second: cdb[at + 1], frame: cdb[at + 2] }.lba();
    let (start, end) = (time(3).unwrap_or(i32::MIN), time(6).unwrap_or(i32::MIN));
    let blocks = u32::try_from(i64::from(end) - i64::from(start)).unwrap_or(u32::MAX);
    Command::ReadCd { lba: start.cast_unsigned(), blocks, selection: Selection::parse(cdb) }
}

/// Length of a CDB by the group code in its first byte. SPC-4 4.3.4.2.
fn cdb_length(opcode: u8) -> usize {
    match opcode >> 5 {
        0 => 6,
        1 | 2 => 10,
        4 => 16,
        _ => 12,
    }
}

/// The field of a CDB pads with zeros, so that a short one is told apart before.
fn padded(raw: &[u8]) -> Result<[u8; CDB_LEN], Sense> {
    let opcode = *raw.first().ok_or(sense::INVALID_FIELD_IN_CDB)?;
    let mut cdb = [0; CDB_LEN];
    if raw.len() > CDB_LEN || raw.len() < cdb_length(opcode) {
        return Err(sense::INVALID_FIELD_IN_CDB);
    }
    cdb[..raw.len()].copy_from_slice(raw);
    Ok(cdb)
}

impl Command {
    /// Decodes a CDB; an opcode not of this drive is 5/20/00.
    pub(super) fn parse(raw: &[u8]) -> Result<Self, Sense> {
        if let Some(opcode) = raw.first()
            && !is_known(*opcode)
        {
            return Err(sense::INVALID_OPERATION_CODE);
        }
        let cdb = padded(raw)?;
        match cdb[0] {
            0x00..=0x1f => Ok(Self::parse_six(&cdb)),
            0x20..=0x3f => Ok(Self::parse_block_command(&cdb)),
            0x40..=0x5f => Ok(Self::parse_multimedia(&cdb)),
            _ => Ok(Self::parse_twelve(&cdb)),
        }
    }

    fn parse_six(cdb: &[u8; CDB_LEN]) -> Self {
        match cdb[0] {
            0x03 => Self::RequestSense { allocation: cdb[4].into() },
            0x04 => Self::FormatUnit { with_data: cdb[1] & 0x10 != 0, code: cdb[1] & 7 },
            0x12 => Self::Inquiry {
                vital: cdb[1] & 1 != 0,
                page: cdb[2],
                allocation: be16(cdb, 3).into(),
            },
            0x1b => Self::StartStop {
                load_eject: cdb[4] & 2 != 0,
                start: cdb[4] & 1 != 0,
                power: cdb[4] >> 4,
            },
            0x1e => Self::PreventAllow { prevent: cdb[4] & 1 != 0 },
            _ => Self::TestUnitReady,
        }
    }

    fn parse_block_command(cdb: &[u8; CDB_LEN]) -> Self {
        let (lba, blocks) = (be32(cdb, 2), u32::from(be16(cdb, 7)));
        match cdb[0] {
            0x23 => Self::ReadFormatCapacities { allocation: be16(cdb, 7).into() },
            0x28 => Self::Read { lba, blocks },
            0x2a => Self::Write { lba, blocks, verify: false },
            0x2b => Self::Seek { lba },
            0x2e => Self::Write { lba, blocks, verify: true },
            0x2f => Self::Verify { lba, blocks, byte_check: cdb[1] & 2 != 0 },
            0x35 => Self::SynchronizeCache { immediate: cdb[1] & 2 != 0 },
            _ => Self::ReadCapacity,
        }
    }

    fn parse_multimedia(cdb: &[u8; CDB_LEN]) -> Self {
        let allocation = usize::from(be16(cdb, 7));
        match cdb[0] {
            0x43 => Self::ReadToc {
                msf: cdb[1] & 2 != 0,
                format: toc_format(cdb),
                first: cdb[6],
                allocation,
            },
            0x46 => Self::GetConfiguration { request: cdb[1] & 3, start: be16(cdb, 2), allocation },
            0x4a => Self::GetEventStatus { polled: cdb[1] & 1 != 0, classes: cdb[4], allocation },
            0x51 => Self::ReadDiscInformation { data_type: cdb[1] & 7, allocation },
            0x52 => Self::ReadTrackInformation {
                open: cdb[1] & 4 != 0,
                address_type: cdb[1] & 3,
                number: be32(cdb, 2),
                allocation,
            },
            0x53 => Self::ReserveTrack { blocks: be32(cdb, 5), by_lba: cdb[1] & 1 != 0 },
            0x54 => Self::SendOpc,
            0x55 => Self::ModeSelect {
                page_format: cdb[1] & 0x10 != 0,
                save: cdb[1] & 1 != 0,
                length: allocation,
            },
            0x5a => Self::ModeSense { control: cdb[2] >> 6, page: cdb[2] & 0x3f, allocation },
            0x5b => Self::CloseTrackSession {
                immediate: cdb[1] & 1 != 0,
                function: cdb[2] & 7,
                number: be16(cdb, 4),
            },
            0x5d => Self::SendCueSheet { length: be24(cdb, 6) as usize },
            _ => Self::ReadBufferCapacity { blocks: cdb[1] & 1 != 0, allocation },
        }
    }

    fn parse_twelve(cdb: &[u8; CDB_LEN]) -> Self {
        match cdb[0] {
            0xa1 => Self::Blank {
                immediate: cdb[1] & 0x10 != 0,
                kind: cdb[1] & 7,
                address: be32(cdb, 2),
            },
            0xa8 => Self::Read { lba: be32(cdb, 2), blocks: be32(cdb, 6) },
            0xaa => Self::Write { lba: be32(cdb, 2), blocks: be32(cdb, 6), verify: false },
            0xac => Self::GetPerformance {
                write: cdb[1] & 4 != 0,
                descriptors: be16(cdb, 8).into(),
                data_type: cdb[10],
            },
            0xad => Self::ReadDiscStructure {
                media: cdb[1] & 0x0f,
                layer: cdb[6],
                format: cdb[7],
                allocation: be16(cdb, 8).into(),
            },
            0xbf => Self::SendDiscStructure {
                media: cdb[1] & 0x0f,
                format: cdb[7],
                length: be16(cdb, 8).into(),
            },
            0xb6 => Self::SetStreaming { length: be16(cdb, 9).into() },
            0xb9 => read_cd_msf(cdb),
            0xbb => Self::SetCdSpeed { write: be16(cdb, 4) },
            0xbe => Self::ReadCd {
                lba: be32(cdb, 2),
                blocks: be24(cdb, 6),
                selection: Selection::parse(cdb),
            },
            _ => Self::MechanismStatus { allocation: be16(cdb, 8).into() },
        }
    }

    /// Commands that neither report nor clear a unit attention, and answer during long operations. SPC-4 5.14, MMC-6 4.1.6.
    pub(super) const fn always_answers(&self) -> bool {
        matches!(
            self,
            Self::Inquiry { .. }
                | Self::RequestSense { .. }
                | Self::GetConfiguration { .. }
                | Self::GetEventStatus { .. }
        )
    }
}

/// Opcodes of [`Command`], in ascending order.
pub(super) const OPCODES: [u8; 37] = [
    0x00, 0x03, 0x04, 0x12, 0x1b, 0x1e, 0x23, 0x25, 0x28, 0x2a, 0x2b, 0x2e, 0x2f, 0x35, 0x43, 0x46,
    0x4a, 0x51, 0x52, 0x53, 0x54, 0x55, 0x5a, 0x5b, 0x5c, 0x5d, 0xa1, 0xa8, 0xaa, 0xac, 0xad, 0xb6,
    0xb9, 0xbb, 0xbd, 0xbe, 0xbf,
];

fn is_known(opcode: u8) -> bool {
    OPCODES.binary_search(&opcode).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_where_the_standard_puts_them() {
        assert_eq!(
            Command::parse(&[0x2a, 8, 0, 1, 2, 3, 0, 0, 16, 0]),
            Ok(Command::Write { lba: 0x0001_0203, blocks: 16, verify: false })
        );
        assert_eq!(
            Command::parse(&[0xa8, 0, 0, 0, 0, 5, 0, 1, 0, 0, 0, 0]),
            Ok(Command::Read { lba: 5, blocks: 65536 })
        );
        assert_eq!(
            Command::parse(&[0x53, 0, 0, 0, 0, 0, 1, 0, 0, 0]),
            Ok(Command::ReserveTrack { blocks: 65536, by_lba: false })
        );
        for cdb in [[0x43, 0, 1, 0, 0, 0, 0, 0, 12, 0], [0x43, 0, 0, 0, 0, 0, 0, 0, 12, 0x40]] {
            let wanted = Command::ReadToc { msf: false, format: 1, first: 0, allocation: 12 };
            assert_eq!(Command::parse(&cdb), Ok(wanted));
        }
        assert_eq!(
            Command::parse(&[0x5b, 1, 2, 0, 0, 7, 0, 0, 0, 0]),
            Ok(Command::CloseTrackSession { immediate: true, function: 2, number: 7 })
        );
        assert_eq!(
            Command::parse(&[0xa1, 0x14, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]),
            Ok(Command::Blank { immediate: true, kind: 4, address: 256 })
        );
    }

    #[test]
    fn short_and_unknown_cdbs_are_refused() {
        assert_eq!(Command::parse(&[]), Err(sense::INVALID_FIELD_IN_CDB));
        assert_eq!(Command::parse(&[0x2a, 0, 0]), Err(sense::INVALID_FIELD_IN_CDB));
        assert_eq!(Command::parse(&[0x12; 17]), Err(sense::INVALID_FIELD_IN_CDB));
        assert_eq!(Command::parse(&[0xa7; 12]), Err(sense::INVALID_OPERATION_CODE));
        assert!(OPCODES.is_sorted());
    }
}
