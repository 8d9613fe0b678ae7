//! What goes to the start of a disc whose blocks can be overwritten, so that the session recorded last is the one that is
//! found.

use alloc::vec::Vec;
use core::ops::Range;

use crate::BLOCK_SIZE;
use crate::address::{Lba, blocks_for};
use crate::checksum::is_superblock_tag;
use crate::plan::Plan;
use crate::read::{BlockSource, ReadError};
use crate::wire::iso9660::VOLUME_DESCRIPTORS_START;
use crate::wire::udf::{ANCHOR, DescriptorTag, tag_id};

/// The first blocks of the pieces: of that with the volume descriptors and the recognition sequence, and of that with UDF's
/// anchor. ECMA-119 6.7.1; ECMA-167 3/8.4.2.1.
const PIECES: [u32; 2] = [VOLUME_DESCRIPTORS_START, ANCHOR];
/// How many blocks a piece has: an ECC block of DVD, which is the least that some media take.
const PIECE_BLOCKS: u32 = 16;
/// What stands at the start of a block that announces a file system. ECMA-119 8.1.2, ECMA-167 2/9.1.2, 3/9.1.2.
const ANNOUNCING: [[u8; 5]; 6] = [*b"CD001", *b"BEA01", *b"NSR02", *b"NSR03", *b"TEA01", *b"BOOT2"];

/// Blocks at the start of a disc.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The first of them.
    pub start: Lba,
    /// What they hold.
    pub bytes: Vec<u8>,
}

/// The blocks of a disc that [`Plan::head`] goes over, as they are. A disc that ends before a piece has no such piece; one that
/// ends in it has zeros behind its end.
///
/// # Errors
/// When they cannot be read.
pub fn head<S: BlockSource>(source: &mut S) -> Result<Vec<Piece>, ReadError> {
    let mut pieces = Vec::new();
    for start in PIECES {
        let there = source.blocks().saturating_sub(start).min(PIECE_BLOCKS);
        if there == 0 {
            break;
        }
        let mut bytes = alloc::vec![0; PIECE_BLOCKS as usize * BLOCK_SIZE];
        source.read(start, bytes.get_mut(..there as usize * BLOCK_SIZE).unwrap_or_default())?;
        pieces.push(Piece { start: Lba(start), bytes });
    }
    Ok(pieces)
}

impl Plan {
    /// What goes to the start of the disc once a further session is recorded, where blocks can be overwritten, so that it is the
    /// one that is found: the pieces `before`, which are there, with the volume descriptors of the session in place of those that
    /// announce a file system, and an anchor of UDF that points to it. Until they are written the disc shows what it held.
    /// `None` where there is no room for them: what is there stays in use. A sum of the descriptors that were there goes.
    #[must_use]
    pub fn head(&self, before: &[Piece]) -> Option<Vec<Piece>> {
        let mut pieces = Vec::new();
        let kept = self.kept();
        for start in PIECES {
            let is_anchor = start == ANCHOR;
            if is_anchor && self.layout.udf.is_none() {
                continue;
            }
            let mut piece = before.iter().find(|piece| piece.start == Lba(start))?.clone();
            self.renew(&mut piece)?;
            if is_anchor {
                self.point(&mut piece, &kept)?;
            } else {
                self.announce(&mut piece, &kept)?;
            }
            pieces.push(piece);
        }
        Some(pieces)
    }

    /// Puts into a piece what the session has of it, which is there by now. `None` where that is bytes of files.
    fn renew(&self, piece: &mut Piece) -> Option<()> {
        let blocks = piece.bytes.chunks_exact_mut(BLOCK_SIZE);
        for (lba, block) in (piece.start.0..).map(Lba).zip(blocks) {
            if (self.start().0..self.layout.blocks).contains(&lba.0) {
                if self.file_block(lba).is_some() {
                    return None;
                }
                self.render(lba, block);
            }
        }
        Some(())
    }

    fn announce(&self, piece: &mut Piece, kept: &[Range<u32>]) -> Option<()> {
        let announces = |block: &[u8]| ANNOUNCING.iter().any(|id| block.get(1..6) == Some(id));
        let needed = self.layout.announcing_blocks() as usize;
        let blocks = || piece.bytes.chunks_exact(BLOCK_SIZE);
        let announcing = blocks().take_while(|block| announces(block)).count();
        let free = (piece.start.0..).skip(announcing).take_while(|lba| self.is_free(*lba, kept));
        let room = announcing + free.take(needed.saturating_sub(announcing)).count();
        let place = piece.bytes.get_mut(..room.max(announcing) * BLOCK_SIZE);
        let place = place.filter(|_| needed <= room)?;
        place.fill(0);
        let start = self.start().plus(VOLUME_DESCRIPTORS_START);
        self.render(start, place.get_mut(..needed * BLOCK_SIZE)?);
        // libisofs reads no disc whose sum of the descriptors is wrong.
        let blocks = piece.bytes.chunks_exact_mut(BLOCK_SIZE);
        for (lba, block) in (piece.start.0..).map(Lba).zip(blocks) {
            if is_superblock_tag(lba, block) {
                block.fill(0);
            }
        }
        Some(())
    }

    fn point(&self, piece: &mut Piece, kept: &[Range<u32>]) -> Option<()> {
        let block = piece.bytes.get_mut(..BLOCK_SIZE)?;
        let tag = DescriptorTag::intact(block);
        let is_anchor = tag.is_some_and(|tag| tag.identifier.get() == tag_id::ANCHOR);
        // In the session itself, one of an earlier use of the disc is gone by now, and something else may be there.
        let has_room = if piece.start >= self.start() {
            self.placed_at(piece.start).is_none()
        } else {
            is_anchor || self.is_free(piece.start.0, kept)
        };
        if !has_room {
            return None;
        }
        block.fill(0);
        self.udf_anchor(piece.start, block);
        Some(())
    }

    /// The files of earlier sessions that have blocks in a piece.
    fn kept(&self) -> Vec<Range<u32>> {
        let content = &self.content;
        let files = (0..content.catalog.len()).filter_map(|item| {
            let (start, (_, len)) = content.recorded_at(item).zip(content.file(item))?;
            Some(start.0..start.plus(blocks_for(len)?).0)
        });
        let streams = content.tree.detailed().flat_map(|(_, details)| &details.streams);
        let streams = streams.filter_map(|stream| {
            let start = stream.recorded?;
            Some(start.0..start.plus(blocks_for(stream.len)?).0)
        });
        files.chain(streams).filter(|extent| extent.start < ANCHOR + PIECE_BLOCKS).collect()
    }

    /// Whether a block of earlier sessions is in no use any more. Where boot images are is not known.
    fn is_free(&self, lba: u32, kept: &[Range<u32>]) -> bool {
        let is_new = lba >= self.start().0;
        !is_new
            && !self.content.options.keeps_boot_catalog()
            && !kept.iter().any(|extent| extent.contains(&lba))
    }
}
