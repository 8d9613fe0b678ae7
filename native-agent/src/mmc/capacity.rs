//! READ CAPACITY and READ FORMAT CAPACITIES: how much fits. MMC-6 6.16, 6.23.

use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned, big_endian::U32};

use super::{Cdb, Command, ParseError};
use crate::scsi::opcode;

/// Header, current descriptor, and 31 formattable ones: the list length is one byte.
const FORMAT_CAPACITIES_LEN: u8 = 252;

/// Asks for the last block that can be read. MMC-6 6.16.
#[must_use]
pub const fn read_capacity() -> Command {
    Command::asking(Cdb::ten([opcode::READ_CAPACITY, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 8)
}

/// Asks how the medium is and can be formatted. MMC-6 6.23.
#[must_use]
pub const fn read_format_capacities() -> Command {
    let cdb = [opcode::READ_FORMAT_CAPACITIES, 0, 0, 0, 0, 0, 0, 0, FORMAT_CAPACITIES_LEN, 0];
    Command::asking(Cdb::ten(cdb), FORMAT_CAPACITIES_LEN as usize)
}

/// Answer to READ CAPACITY.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Capacity {
    /// Blocks that can be read; one more than the last address.
    pub blocks: u32,
    /// Bytes per block; 2048 for data.
    pub block_len: u32,
}

impl Capacity {
    /// Reads the answer.
    ///
    /// # Errors
    /// [`ParseError`] if it is shorter than eight bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let (fields, _) = <[U32; 2]>::ref_from_prefix(bytes)
            .map_err(|_| ParseError::new(bytes.len(), "the capacity"))?;
        let [last, block_len] = fields;
        Ok(Self { blocks: last.get().saturating_add(1), block_len: block_len.get() })
    }
}

/// Both kinds of capacity descriptor. MMC-6 tables 468 and 470.
#[derive(FromBytes, Immutable, KnownLayout, Unaligned, Debug)]
#[repr(C)]
struct CapacityDescriptor {
    blocks: U32,
    /// In the first descriptor bits 1-0 are the descriptor type; in the others bits 7-2 are the format type.
    kind: u8,
    /// Block length, or what the format type makes of it.
    parameter: [u8; 3],
}

const _: () = assert!(size_of::<CapacityDescriptor>() == 8);

/// Bits 1-0 of the current descriptor. MMC-6 table 469.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Formatting {
    /// 01b: not formatted; the blocks are the most that can be had.
    Unformatted,
    /// 10b: formatted; the blocks are what there is.
    Formatted,
    /// 11b (and the reserved 00b): no medium, or one that cannot be judged.
    Unknown,
}

/// A way the medium can be formatted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Format {
    /// MMC-6 table 250: 00h full, 26h DVD+RW, 30h BD-RE with spare areas, 31h without.
    pub kind: u8,
    /// Blocks there will be.
    pub blocks: u32,
    /// Three bytes of type dependent parameter: block length, spare size.
    pub parameter: [u8; 3],
}

/// Answer to READ FORMAT CAPACITIES.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatCapacities {
    /// The state now.
    pub formatting: Formatting,
    /// Blocks, now or at most.
    pub blocks: u32,
    /// In the order of the drive.
    pub formats: Vec<Format>,
}

impl FormatCapacities {
    /// Reads the answer; a last descriptor that is cut off is left out.
    ///
    /// # Errors
    /// [`ParseError`] if the current descriptor is incomplete.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let list_len = usize::from(bytes.get(3).copied().unwrap_or(0));
        let list = bytes.get(4..).unwrap_or_default();
        let list = list.get(..list_len).unwrap_or(list);
        let (current, rest) = CapacityDescriptor::ref_from_prefix(list)
            .map_err(|_| ParseError::new(bytes.len(), "the current capacity descriptor"))?;
        let whole = rest.len() / size_of::<CapacityDescriptor>();
        let (others, _) = <[CapacityDescriptor]>::ref_from_prefix_with_elems(rest, whole)
            .map_err(|_| ParseError::new(bytes.len(), "capacity descriptors"))?;
        Ok(Self {
            formatting: match current.kind & 3 {
                1 => Formatting::Unformatted,
                2 => Formatting::Formatted,
                _ => Formatting::Unknown,
            },
            blocks: current.blocks.get(),
            formats: others
                .iter()
                .map(|other| Format {
                    kind: other.kind >> 2,
                    blocks: other.blocks.get(),
                    parameter: other.parameter,
                })
                .collect(),
        })
    }

    /// The first format of this kind that the drive offers.
    #[must_use]
    pub fn format(&self, kind: u8) -> Option<Format> {
        self.formats.iter().copied().find(|format| format.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unformatted_bd_re() {
        let bytes = [
            0, 0, 0, 24, 0x00, 0xba, 0x74, 0x00, 0x01, 0, 8, 0, // current
            0x00, 0xb0, 0x00, 0x00, 0xc0, 0, 0x10, 0, // 30h
            0x00, 0xba, 0x74, 0x00, 0xc4, 0, 8, 0, // 31h
        ];
        let capacities = FormatCapacities::parse(&bytes).unwrap();
        assert_eq!(capacities.formatting, Formatting::Unformatted);
        assert_eq!(capacities.blocks, 12_219_392);
        let wanted = Format { kind: 0x30, blocks: 0x00b0_0000, parameter: [0, 0x10, 0] };
        assert_eq!(capacities.format(0x30), Some(wanted));
        assert_eq!(capacities.format(0x26), None);
        assert_eq!(FormatCapacities::parse(&bytes[..27]).unwrap().formats.len(), 1);
        assert!(FormatCapacities::parse(&bytes[..11]).is_err());
    }

    #[test]
    fn capacity_counts_blocks() {
        let bytes = [0, 0x23, 0x05, 0x3f, 0, 0, 8, 0];
        let capacity = Capacity { blocks: 2_295_104, block_len: 2048 };
        assert_eq!(Capacity::parse(&bytes), Ok(capacity));
        assert_eq!(Capacity::parse(&[0xff; 8]).unwrap().blocks, u32::MAX);
        assert!(Capacity::parse(&bytes[..7]).is_err());
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            let _ = (Capacity::parse(&bytes), FormatCapacities::parse(&bytes));
        }
    }
}
