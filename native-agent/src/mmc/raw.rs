//! Raw blocks: sectors as they are on the disc, sub-channels included. MMC-6 7.5.4.4, 7.5.4.9.
//!
//! A drive that writes raw adds nothing: the host makes lead-in, pause, track and lead-out, and scrambles the sectors, as
//! cdrecord does and CDEmu expects. Data sectors of mode 1 are made around the blocks of an image.

use std::sync::Arc;

use image_core::cd::{
    Msf, P_AND_Q, RAW_SECTOR, SUB_CHANNELS, SessionLayout, SubChannel, mode_1_sector, scramble,
};

use super::{BLOCK, BlockType, Cdb, Command, MOVE_TIMEOUT, Transfer};
use crate::scsi::opcode;

/// Sectors of the lead-out of a first session. MMC-6 4.2.3.4.
pub const RAW_LEAD_OUT: u32 = 6750;

/// Sub-channels of raw blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubChannels {
    /// P and Q, in 16 bytes.
    PAndQ,
    /// P to W, in 96 bytes; R to W are zeros.
    PToW,
}

impl SubChannels {
    /// Bytes of a sector.
    #[must_use]
    pub const fn len(self) -> usize {
        match self {
            Self::PAndQ => P_AND_Q,
            Self::PToW => SUB_CHANNELS,
        }
    }

    /// Never: there are always sub-channels.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        false
    }

    /// The data block type that has them.
    #[must_use]
    pub const fn block_type(self) -> BlockType {
        match self {
            Self::PAndQ => BlockType::RawPAndQ,
            Self::PToW => BlockType::RawPToW,
        }
    }

    pub(super) fn append(self, sub_channel: SubChannel, bytes: &mut Vec<u8>) {
        match self {
            Self::PAndQ => bytes.extend_from_slice(&sub_channel.to_p_and_q()),
            Self::PToW => bytes.extend_from_slice(&sub_channel.to_interleaved()),
        }
    }
}

/// A session that is written raw: one data track.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RawSession {
    layout: SessionLayout,
    sub_channels: SubChannels,
}

impl RawSession {
    /// The only session of a disc whose lead-in begins at this time, with a track of so many blocks; `None` if a part of it
    /// would lie where no time leads.
    #[must_use]
    pub fn of_data(lead_in: Msf, blocks: u32, sub_channels: SubChannels) -> Option<Self> {
        let layout = SessionLayout::of_data(lead_in, blocks, RAW_LEAD_OUT)?;
        Some(Self { layout, sub_channels })
    }

    /// The first sector to write, which is below zero.
    #[must_use]
    pub const fn lead_in(&self) -> i32 {
        self.layout.lead_in
    }

    /// Bytes of a block that is sent.
    #[must_use]
    pub const fn block_len(&self) -> usize {
        RAW_SECTOR + self.sub_channels.len()
    }

    /// The blocks from this sector on around these user data, 2048 bytes of each.
    #[must_use]
    pub fn blocks(&self, first: i32, user_data: &[u8]) -> Vec<u8> {
        let sectors = user_data.as_chunks::<BLOCK>().0;
        let mut bytes = Vec::with_capacity(sectors.len() * self.block_len());
        for (lba, user_data) in (first..).zip(sectors) {
            // Every sector of the session has a time.
            let address = Msf::from_lba(lba).unwrap_or_default();
            let mut sector = mode_1_sector(address, user_data);
            scramble(&mut sector);
            bytes.extend_from_slice(&sector);
            let sub_channel = self.layout.sub_channel(lba).unwrap_or_default();
            self.sub_channels.append(sub_channel, &mut bytes);
        }
        bytes
    }
}

/// Blocks of an image that are sent raw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawBlocks {
    /// What they are part of.
    pub session: Arc<RawSession>,
    /// The sector of the first.
    pub first: i32,
    /// How many.
    pub blocks: u16,
}

/// WRITE(10) of blocks of the image in raw sectors. MMC-6 6.44.
#[must_use]
pub fn write_raw(session: &Arc<RawSession>, first: i32, blocks: u16) -> Command {
    let transfer = Transfer::RawImage(RawBlocks { session: Arc::clone(session), first, blocks });
    Command { cdb: write(first, blocks), transfer, timeout: MOVE_TIMEOUT }
}

/// WRITE(10) of raw sectors without user data, as lead-in, pause and lead-out have them. MMC-6 6.44.
#[must_use]
pub fn write_raw_zeros(session: &RawSession, first: i32, blocks: u16) -> Command {
    let bytes = session.blocks(first, &vec![0; usize::from(blocks) * BLOCK]);
    Command::telling(write(first, blocks), bytes, MOVE_TIMEOUT)
}

const fn write(first: i32, blocks: u16) -> Cdb {
    let [a, b, c, d] = first.to_be_bytes();
    let [high, low] = blocks.to_be_bytes();
    Cdb::ten([opcode::WRITE_10, 0, a, b, c, d, 0, high, low, 0])
}

#[cfg(test)]
mod tests {
    use image_core::cd::Position;

    use super::*;

    const LEAD_IN: Msf = Msf { minute: 97, second: 26, frame: 66 };

    #[test]
    fn blocks_are_sectors_with_sub_channels() {
        for (sub_channels, len) in [(SubChannels::PAndQ, 2368), (SubChannels::PToW, 2448)] {
            let session = RawSession::of_data(LEAD_IN, 400, sub_channels).unwrap();
            assert_eq!((session.lead_in(), session.block_len()), (-11_634, len));
            let user_data: Vec<u8> = (0..3 * BLOCK).map(|at| (at / 7) as u8).collect();
            let bytes = session.blocks(-2, &user_data);
            assert_eq!(bytes.len(), 3 * len);
            for ((lba, block), user_data) in
                (-2..).zip(bytes.chunks(len)).zip(user_data.as_chunks().0)
            {
                let (main, sub) = block.split_first_chunk::<RAW_SECTOR>().unwrap();
                let mut sector = *main;
                scramble(&mut sector);
                assert_eq!(sector, mode_1_sector(Msf::from_lba(lba).unwrap(), user_data));
                let SubChannel { p, q } = match sub_channels {
                    SubChannels::PAndQ => SubChannel::from_p_and_q(sub.try_into().unwrap()),
                    SubChannels::PToW => SubChannel::from_interleaved(sub.try_into().unwrap()),
                };
                let position = Position::parse(&q).unwrap();
                assert_eq!((p, position.absolute.lba()), (lba < 0, Some(lba)));
            }
        }
        assert_eq!(RawSession::of_data(LEAD_IN, 404_850, SubChannels::PToW), None);
    }

    #[test]
    fn commands() {
        let session = Arc::new(RawSession::of_data(LEAD_IN, 400, SubChannels::PToW).unwrap());
        let zeros = write_raw_zeros(&session, -11_634, 2);
        assert_eq!(zeros.cdb.as_bytes(), [0x2a, 0, 0xff, 0xff, 0xd2, 0x8e, 0, 0, 2, 0]);
        assert_eq!(zeros.transfer, Transfer::Out(session.blocks(-11_634, &[0; 4096])));
        let image = write_raw(&session, 13, 13);
        assert_eq!(image.cdb.as_bytes(), [0x2a, 0, 0, 0, 0, 13, 0, 0, 13, 0]);
        assert_eq!(image.transfer.image_blocks(), Some(13));
    }
}
