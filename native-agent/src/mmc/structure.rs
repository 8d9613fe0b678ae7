//! READ DISC STRUCTURE: what the maker pressed into the disc. MMC-6 6.22.

use super::{Cdb, Command, MOVE_TIMEOUT, ParseError, Profile};
use crate::scsi::opcode;

/// Header of four bytes and one structure.
const ANSWER_LEN: u16 = 4 + 2048;

/// Bits 3-0 of byte 1. MMC-6 table 386.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StructureMedium {
    /// 0000b.
    Dvd,
    /// 0001b.
    Bd,
}

impl StructureMedium {
    /// That of a profile; CDs have no structures.
    #[must_use]
    pub const fn of(profile: Profile) -> Option<Self> {
        match profile.0 {
            0x0010..=0x002b => Some(Self::Dvd),
            0x0040..=0x0043 => Some(Self::Bd),
            _ => None,
        }
    }
}

/// Format codes. MMC-6 tables 387 and 388.
pub mod structure_format {
    use super::{Profile, StructureMedium};

    /// What a structure holds, where this program knows.
    #[must_use]
    pub const fn name(profile: Profile, format: u8) -> Option<&'static str> {
        Some(match (StructureMedium::of(profile), format) {
            (Some(StructureMedium::Dvd), PHYSICAL) => "physical format information",
            (Some(StructureMedium::Dvd), 0x01) => "copyright information",
            (Some(StructureMedium::Dvd), 0x03) => "burst cutting area",
            (Some(StructureMedium::Dvd), 0x04) => "manufacturing information",
            (Some(StructureMedium::Dvd), 0x08) => "disc definition structure",
            (Some(StructureMedium::Dvd), 0x09) => "medium status",
            (Some(StructureMedium::Dvd), 0x0a) => "spare area information",
            (Some(StructureMedium::Dvd), DVD_MINUS_MEDIA_ID) => "pre-recorded lead-in",
            (Some(StructureMedium::Dvd), 0x0f) => "unique disc identifier",
            (Some(StructureMedium::Dvd), 0x10) => "physical format information of the control data",
            (Some(StructureMedium::Dvd), ADIP) => "ADIP information",
            (Some(StructureMedium::Dvd), LAYER_BOUNDARY) => "layer boundary",
            (Some(StructureMedium::Dvd), SHIFTED_MIDDLE_AREA) => "start of the middle area",
            (Some(StructureMedium::Dvd), 0x22) => "interval of layer jumps",
            (Some(StructureMedium::Dvd), LAYER_JUMP) => "address of the next layer jump",
            (Some(StructureMedium::Dvd), 0x24) => "remapping address",
            (Some(StructureMedium::Bd), PHYSICAL) => "disc information",
            (Some(StructureMedium::Bd), 0x08) => "disc definition structure",
            (Some(StructureMedium::Bd), 0x09) => "cartridge status",
            (Some(StructureMedium::Bd), 0x0a) => "spare area information",
            (Some(StructureMedium::Bd), 0x12) => "defect list",
            (Some(StructureMedium::Bd), 0x30) => "physical access control",
            (_, PROTECTION) => "write protection status",
            (_, LIST) => "list of structures",
            _ => return None,
        })
    }

    /// Write protection status.
    pub const PROTECTION: u8 = 0xc0;
    /// The list of all.
    pub const LIST: u8 = 0xff;
    /// DVD: physical format information. BD: disc information.
    pub const PHYSICAL: u8 = 0x00;
    /// DVD-R/-RW: manufacturer ID in the pre-recorded lead-in.
    pub const DVD_MINUS_MEDIA_ID: u8 = 0x0e;
    /// DVD+R/+RW: ADIP information.
    pub const ADIP: u8 = 0x11;
    /// DVD+R DL: blocks of layer 0.
    pub const LAYER_BOUNDARY: u8 = 0x20;
    /// DVD-R DL: where the middle area begins, which is the number of blocks of layer 0.
    pub const SHIFTED_MIDDLE_AREA: u8 = 0x21;
    /// DVD-R DL with layer jumps: the last block of layer 0 before the next jump.
    pub const LAYER_JUMP: u8 = 0x23;
}

/// Asks for one structure.
#[must_use]
pub const fn read_disc_structure(medium: StructureMedium, format: u8) -> Command {
    let [high, low] = ANSWER_LEN.to_be_bytes();
    let medium = match medium {
        StructureMedium::Dvd => 0,
        StructureMedium::Bd => 1,
    };
    let cdb = [opcode::READ_DISC_STRUCTURE, medium, 0, 0, 0, 0, 0, format, high, low, 0, 0];
    Command::asking(Cdb::twelve(cdb), ANSWER_LEN as usize)
}

/// Sets the blocks of layer 0 before anything is recorded, in one of the structures that have them. Some drives calibrate
/// their laser then, as growisofs found. MMC-6 6.36.3.
#[must_use]
pub fn send_layer_boundary(format: u8, blocks: u32) -> Command {
    send_number(format, blocks)
}

/// Sets the last block of layer 0 before recording goes on in layer 1. MMC-6 6.36.3.
#[must_use]
pub fn send_layer_jump(last: u32) -> Command {
    send_number(structure_format::LAYER_JUMP, last)
}

/// A structure of four reserved bytes and a number.
fn send_number(format: u8, number: u32) -> Command {
    const LIST_LEN: u8 = 12;
    let cdb = [opcode::SEND_DISC_STRUCTURE, 0, 0, 0, 0, 0, 0, format, 0, LIST_LEN, 0, 0];
    let mut list = vec![0, LIST_LEN - 2, 0, 0, 0, 0, 0, 0];
    list.extend(number.to_be_bytes());
    Command::telling(Cdb::twelve(cdb), list, MOVE_TIMEOUT)
}

/// Where the first layer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LayerBoundary {
    /// It was set, or something is recorded.
    pub fixed: bool,
    /// Blocks of layer 0.
    pub blocks: u32,
}

/// One structure, without the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiscStructure(pub Vec<u8>);

/// A structure that the drive knows. MMC-6 6.22, format FFh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StructureEntry {
    /// Its format code.
    pub format: u8,
    /// RDS: READ DISC STRUCTURE gives it.
    pub readable: bool,
    /// SDS: SEND DISC STRUCTURE takes it.
    pub sendable: bool,
}

impl DiscStructure {
    /// The entries of the structure list, format FFh.
    #[must_use]
    pub fn entries(&self) -> Vec<StructureEntry> {
        let entry = |entry: &[u8; 4]| StructureEntry {
            format: entry[0],
            readable: entry[1] & 0x40 != 0,
            sendable: entry[1] & 0x80 != 0,
        };
        self.0.as_chunks().0.iter().map(entry).collect()
    }

    /// Reads the answer.
    ///
    /// # Errors
    /// [`ParseError`] if the header is incomplete.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let (head, rest) = bytes
            .split_first_chunk::<4>()
            .ok_or_else(|| ParseError::new(bytes.len(), "the header of the disc structure"))?;
        let said = usize::from(u16::from_be_bytes([head[0], head[1]])).saturating_sub(2);
        Ok(Self(rest.get(..said).unwrap_or(rest).to_vec()))
    }

    /// Maker and type in the ADIP of a DVD+R/+RW, as `RICOHJPN R03`. ECMA-349 14.4.2.
    #[must_use]
    pub fn adip_media_id(&self) -> Option<String> {
        media_id(self.0.get(19..27)?, self.0.get(27..30)?)
    }

    /// Maker in the pre-recorded lead-in of a DVD-R/-RW, as `MCC02RG20`: what its fields 3 and 4 hold. MMC-6 6.22.3.2.13.
    #[must_use]
    pub fn prerecorded_media_id(&self) -> Option<String> {
        let numbered = self.0.get(16) == Some(&3) && self.0.get(24) == Some(&4);
        let name = [self.0.get(17..23)?, self.0.get(25..31)?].concat();
        numbered.then(|| media_id(&name, &[])).flatten()
    }

    /// Blocks of layer 0, in the structures of DVD+R DL and DVD-R DL. MMC-6 6.22.3.2.16, 6.22.3.2.17.
    #[must_use]
    pub fn layer_boundary(&self) -> Option<LayerBoundary> {
        let blocks = u32::from_be_bytes(*self.0.get(4..)?.first_chunk()?);
        Some(LayerBoundary { fixed: self.0.first()? & 0x80 != 0, blocks })
    }

    /// Maker and type in the disc information of a BD, as `MEI T02`. BD disc information unit, bytes 100 to 108.
    #[must_use]
    pub fn bd_media_id(&self) -> Option<String> {
        media_id(self.0.get(100..106)?, self.0.get(106..109)?)
    }
}

/// Two ASCII fields padded with zeros or spaces; `None` if there is nothing to see.
fn media_id(maker: &[u8], kind: &[u8]) -> Option<String> {
    let text = |bytes: &[u8]| -> String {
        bytes.iter().filter(|byte| byte.is_ascii_graphic()).map(|&byte| char::from(byte)).collect()
    };
    let (maker, kind) = (text(maker), text(kind));
    let id = [maker, kind].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
    (!id.is_empty()).then(|| id.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_ids() {
        let mut bytes = vec![0xa5; 4 + 112];
        bytes[..2].copy_from_slice(&[0, 114]);
        bytes[4 + 19..4 + 30].copy_from_slice(b"RICOHJPNR03");
        bytes[4 + 100..4 + 109].copy_from_slice(b"MEI\0\0\0T02");
        let structure = DiscStructure::parse(&bytes).unwrap();
        assert_eq!(structure.0.len(), 112);
        assert_eq!(structure.adip_media_id().as_deref(), Some("RICOHJPN R03"));
        assert_eq!(structure.bd_media_id().as_deref(), Some("MEI T02"));
        assert_eq!(structure.prerecorded_media_id(), None);
        bytes[4 + 16..4 + 32].copy_from_slice(b"\x03MCC 02\0\x04RG20  \0");
        let structure = DiscStructure::parse(&bytes).unwrap();
        assert_eq!(structure.prerecorded_media_id().as_deref(), Some("MCC02RG20"));
        assert_eq!(DiscStructure::parse(&bytes[..20]).unwrap().adip_media_id(), None);
        assert!(DiscStructure::parse(&bytes[..3]).is_err());
    }

    #[test]
    fn layer_boundaries() {
        let command = send_layer_boundary(structure_format::LAYER_BOUNDARY, 0x0001_0020);
        assert_eq!(command.cdb.as_bytes(), [0xbf, 0, 0, 0, 0, 0, 0, 0x20, 0, 12, 0, 0]);
        let list = vec![0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0x20];
        assert_eq!(command.transfer, crate::mmc::Transfer::Out(list));
        let bytes = [0, 10, 0, 0, 0x80, 0, 0, 0, 0, 0x1f, 0xd8, 0];
        let boundary = LayerBoundary { fixed: true, blocks: 0x001f_d800 };
        assert_eq!(DiscStructure::parse(&bytes).unwrap().layer_boundary(), Some(boundary));
        assert_eq!(DiscStructure::parse(&bytes[..11]).unwrap().layer_boundary(), None);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            if let Ok(structure) = DiscStructure::parse(&bytes) {
                let _ = (structure.adip_media_id(), structure.bd_media_id());
                let _ = (structure.prerecorded_media_id(), structure.layer_boundary());
            }
        }
    }
}
