//! UDF: the volume, its files, its directories. ECMA-167 parts 2 to 4; UDF 1.02 to 2.60.
//!
//! A UDF address goes through up to three tables before it is a sector: the metadata file or the virtual allocation table,
//! then the sparing table, then the start of the partition. [`partition`] does all of it; nothing else knows of it.

mod allocation;
mod attributes;
mod chain;
mod descriptors;
mod directory;
mod file;
mod forms;
mod icb;
mod info;
mod partition;
mod streams;
mod symlink;
#[cfg(test)]
mod tests;
mod vat;
mod volume;

pub use attributes::ExtendedAttribute;
pub(super) use attributes::extended_attributes;
pub(super) use directory::list;
pub use info::{Integrity, PartitionForm, PartitionInfo, UdfInfo};
pub(super) use streams::{streams, system_streams};
pub(super) use volume::{Volume, detect};

use super::ReadError;
use crate::BLOCK_SIZE;
use crate::wire::udf::LbAddr;

/// A byte of the image: where a structure begins. Logical blocks need not be blocks of the image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Position(u64);

impl Position {
    fn malformed(self, expected: &'static str) -> ReadError {
        let within = usize::try_from(self.0 % BLOCK_SIZE as u64).unwrap_or_default();
        ReadError::malformed(self.lba(), within, expected)
    }

    /// The block of the image it is in.
    fn lba(self) -> u32 {
        u32::try_from(self.0 / BLOCK_SIZE as u64).unwrap_or(u32::MAX)
    }
}

/// What the volume needs to know of a file to look at it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node {
    /// Where its ICB is; `None` for what is no UDF file.
    icb: Option<LbAddr>,
    /// Where the ICB of its stream directory is.
    streams: Option<LbAddr>,
}

impl Node {
    pub(super) const NONE: Self = Self { icb: None, streams: None };
}
