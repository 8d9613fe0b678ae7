//! Where the content of a file is: allocation descriptors of every form, and the extents they go on in. ECMA-167 4/12.

use alloc::vec::Vec;

use zerocopy::FromBytes as _;

use super::super::blocks::Blocks;
use super::super::entry::{Extent, Place, append};
use super::super::{BlockSource, ReadError};
use super::Position;
use super::chain::Chain;
use super::icb::Icb;
use super::partition::{Side, Space};
use crate::BLOCK_SIZE;
use crate::address::Lba;
use crate::wire::udf::{
    AllocationExtentHead, ExtendedAd, LbAddr, LongAd, ShortAd, ad_type, extent_type, tag_id,
};

/// The extents of a file's content. Their lengths add up to that of the content.
pub(super) fn extents<S: BlockSource + ?Sized>(
    blocks: &mut Blocks<'_, S>,
    space: &Space,
    icb: &Icb,
    side: Side,
) -> Result<Vec<Extent>, ReadError> {
    let form = icb.tag.flags.get() & 7;
    if form == ad_type::EMBEDDED {
        return embedded(icb);
    }
    let mut list =
        List { space, side, form, icb, left: icb.len, ended: false, extents: Vec::new() };
    let descriptors = icb.bytes.get(icb.descriptors.clone()).unwrap_or_default();
    let mut next = list.take(blocks, descriptors, icb.position)?;
    let mut at = icb.position;
    let mut chain = Chain::new(LbAddr { block: u32::MAX.into(), partition: u16::MAX.into() });
    while let Some(address) = next.filter(|_| list.left > 0) {
        if !chain.step(address) {
            return Err(at.malformed("allocation extents that end (ECMA-167 4/14.5)"));
        }
        let block = space.block(blocks, address, at)?;
        at = block.position;
        let head = AllocationExtentHead::read_from_prefix(&block.bytes).ok();
        let descriptors = head
            .filter(|_| block.identifier == tag_id::ALLOCATION_EXTENT)
            .and_then(|(head, rest)| rest.get(..usize::try_from(head.length.get()).ok()?))
            .ok_or_else(|| at.malformed("an allocation extent descriptor (ECMA-167 4/14.5)"))?;
        next = list.take(blocks, descriptors, at)?;
    }
    if list.left > 0 {
        let expected = "extents for the whole length of the file (ECMA-167 4/14.9.10)";
        return Err(icb.position.malformed(expected));
    }
    Ok(list.extents)
}

/// Content that stands in the place of the allocation descriptors. ECMA-167 4/14.6.8.
fn embedded(icb: &Icb) -> Result<Vec<Extent>, ReadError> {
    if icb.len > icb.descriptors.len() as u64 {
        return Err(icb.position.malformed("content within the file entry (ECMA-167 4/14.6.8)"));
    }
    let byte = icb.position.0.saturating_add(icb.descriptors.start as u64);
    let skip = u16::try_from(byte % BLOCK_SIZE as u64).unwrap_or_default();
    let lba = Lba(Position(byte).lba());
    let mut extents = Vec::new();
    append(&mut extents, Extent { place: Place::Recorded { lba, skip }, bytes: icb.len });
    Ok(extents)
}

/// An allocation descriptor of any form.
struct Allocation {
    /// Bytes of the extent.
    length: u32,
    /// Bytes of the file in it.
    information: u32,
    kind: u8,
    address: LbAddr,
}

/// Extents while they are gathered.
struct List<'a> {
    space: &'a Space,
    side: Side,
    /// See [`ad_type`].
    form: u16,
    icb: &'a Icb,
    /// Bytes of the file that have no extent yet.
    left: u64,
    /// An extent was met that is not whole blocks, so that none may follow.
    ended: bool,
    extents: Vec<Extent>,
}

impl List<'_> {
    /// Takes in some descriptors; returns where further ones are.
    fn take<S: BlockSource + ?Sized>(
        &mut self,
        blocks: &mut Blocks<'_, S>,
        descriptors: &[u8],
        at: Position,
    ) -> Result<Option<LbAddr>, ReadError> {
        let mut rest = descriptors;
        while self.left > 0 {
            blocks.spend_parts(1)?;
            let Some((allocation, after)) = self.next(rest, at)? else { break };
            rest = after;
            if allocation.kind == extent_type::NEXT_EXTENT {
                return Ok((allocation.length > 0).then_some(allocation.address));
            }
            // The list ends at a descriptor of length 0. ECMA-167 4/12.
            if allocation.length == 0 {
                break;
            }
            self.add(blocks, &allocation, at)?;
        }
        Ok(None)
    }

    fn add<S: BlockSource + ?Sized>(
        &mut self,
        blocks: &mut Blocks<'_, S>,
        allocation: &Allocation,
        at: Position,
    ) -> Result<(), ReadError> {
        if self.ended {
            return Err(at.malformed("extents of whole blocks before the last (ECMA-167 4/12.1)"));
        }
        self.ended = !allocation.information.is_multiple_of(self.space.block_size);
        let bytes = u64::from(allocation.information).min(self.left);
        self.left -= bytes;
        if allocation.kind == extent_type::RECORDED {
            let (address, how) = (allocation.address, (self.side, at));
            return self.space.extents(blocks, address, bytes, how, &mut self.extents);
        }
        // Allocated or not, what was not recorded reads as zeros. ECMA-167 4/12.1.
        append(&mut self.extents, Extent { place: Place::Zeros, bytes });
        Ok(())
    }

    /// The next descriptor, and the bytes behind it.
    fn next<'b>(
        &self,
        bytes: &'b [u8],
        at: Position,
    ) -> Result<Option<(Allocation, &'b [u8])>, ReadError> {
        match self.form {
            ad_type::SHORT => Ok(ShortAd::read_from_prefix(bytes).ok().map(|(ad, rest)| {
                let (length, kind) = ad.length();
                // Short descriptors are in the partition of their ICB. ECMA-167 4/14.14.1.
                let address = LbAddr { block: ad.block, ..self.icb.address };
                (Allocation { length, information: length, kind, address }, rest)
            })),
            ad_type::LONG => Ok(LongAd::read_from_prefix(bytes).ok().map(|(ad, rest)| {
                let (length, kind) = ad.length();
                (Allocation { length, information: length, kind, address: ad.location }, rest)
            })),
            ad_type::EXTENDED => {
                let Ok((ad, rest)) = ExtendedAd::read_from_prefix(bytes) else { return Ok(None) };
                Self::extended(&ad, at).map(|allocation| Some((allocation, rest)))
            }
            _ => Err(at.malformed("a known kind of allocation descriptors (ECMA-167 4/14.6.8)")),
        }
    }

    fn extended(ad: &ExtendedAd, at: Position) -> Result<Allocation, ReadError> {
        let (length, kind) = ad.length();
        let information = ad.information_length.get();
        let is_content = kind != extent_type::NEXT_EXTENT && length > 0;
        if is_content && kind == extent_type::RECORDED && ad.recorded_length.get() != information {
            return Err(ReadError::Unsupported {
                what: "a compressed extent (ECMA-167 4/14.14.3)",
            });
        }
        if is_content && (information > length || information == 0) {
            return Err(at.malformed("information within its extent (ECMA-167 4/14.14.3)"));
        }
        Ok(Allocation { length, information, kind, address: ad.location })
    }
}
