//! Further sessions: what is on a disc becomes the tree that the next session begins with.
//!
//! The tree refers to the files where they are, so that only what is new is recorded, and directories anew.
//!
//! ```
//! use image_core::{Attributes, FileSystems, Options, SessionOptions, SourceId, read, session};
//!
//! # fn grow(disc: &[u8], used: image_core::Lba) -> Result<image_core::Plan, Box<dyn std::error::Error>> {
//! let mut image = read::open(read::SliceSource::new(disc))?;
//! let recorded = session::import(&mut image)?;
//! let mut tree = recorded.tree;
//! tree.add_file("new.txt", SourceId(0), 5, Attributes::default())?;
//! let start = session::next_start(used);
//! let options = Options {
//!     volume_id: recorded.volume_id,
//!     file_systems: FileSystems { udf: false, ..FileSystems::default() },
//!     session: Some(SessionOptions { start, boot_catalog: recorded.boot_catalog }),
//!     ..Options::default()
//! };
//! Ok(image_core::plan(tree, &options)?)
//! # }
//! ```

mod import;
#[cfg(test)]
mod tests;

pub use import::{ImportError, RECORDED_SOURCE, Recorded, import};

use alloc::vec::Vec;

use crate::BLOCK_SIZE;
use crate::address::Lba;
use crate::plan::Plan;
use crate::wire::iso9660::VOLUME_DESCRIPTORS_START;

/// Sessions begin on a multiple of this where blocks can be overwritten: two ECC blocks of DVD, a cluster of BD.
const MULTIPLE: u32 = 32;

/// Where the next session begins on a disc whose blocks can be overwritten and of which all before `end` are used. Other
/// burning programs look for it there too.
#[must_use]
pub const fn next_start(end: Lba) -> Lba {
    Lba(end.0.div_ceil(MULTIPLE).saturating_mul(MULTIPLE))
}

/// The first block of what [`Plan::head`] gives. ECMA-119 6.7.1.
pub const HEAD: Lba = Lba(VOLUME_DESCRIPTORS_START);
/// How many blocks that has: an ECC block of DVD, which is the least that some media take.
pub const HEAD_BLOCKS: u32 = 16;

/// What stands at the start of a block that announces a file system. ECMA-119 8.1.2, ECMA-167 2/9.1.2, 3/9.1.2.
const ANNOUNCING: [[u8; 5]; 6] = [*b"CD001", *b"BEA01", *b"NSR02", *b"NSR03", *b"TEA01", *b"BOOT2"];

impl Plan {
    /// What goes to [`HEAD`] once a further session is recorded, where blocks can be overwritten, so that it is the one that
    /// is found: `before`, which are the [`HEAD_BLOCKS`] blocks that are there, with the volume descriptors of the session in
    /// place of those that announce a file system. `None` when they are more: what follows is in use.
    #[must_use]
    pub fn head(&self, before: &[u8]) -> Option<Vec<u8>> {
        let announces = |block: &&[u8]| ANNOUNCING.iter().any(|id| block.get(1..6) == Some(id));
        let room = before.chunks_exact(BLOCK_SIZE).take_while(announces).count() * BLOCK_SIZE;
        let needed = self.layout.descriptor_blocks() as usize * BLOCK_SIZE;
        let mut bytes = Vec::from(before);
        let announcing = bytes.get_mut(..room).filter(|_| needed <= room)?;
        announcing.fill(0);
        self.render(self.start().plus(HEAD.0), announcing.get_mut(..needed)?);
        Some(bytes)
    }
}
