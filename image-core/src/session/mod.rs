//! Further sessions: what is on a disc becomes the tree that the next session begins with.
//!
//! The tree refers to the files where they are, so that only what is new is recorded, and directories anew.
//!
//! ```
//! use image_core::{Attributes, Options, SessionOptions, SourceId, read, session};
//!
//! # fn grow(disc: &[u8], used: image_core::Lba) -> Result<image_core::Plan, Box<dyn std::error::Error>> {
//! let mut source = read::SliceSource::new(disc);
//! let last = session::last(&mut source)?;
//! let mut image = read::open_session(source, last)?;
//! let recorded = session::import(&mut image, true)?;
//! let mut tree = recorded.tree;
//! tree.add_file("new.txt", SourceId(0), 5, Attributes::default())?;
//! let start = session::next_start(used);
//! let (boot_catalog, udf) = (recorded.boot_catalog, recorded.udf);
//! let options = Options {
//!     volume_id: recorded.volume_id,
//!     file_systems: recorded.file_systems,
//!     session: Some(SessionOptions { start, boot_catalog, udf: udf.as_ref().map(|udf| udf.volume) }),
//!     udf: udf.map_or_else(Default::default, |udf| udf.options),
//!     ..Options::default()
//! };
//! Ok(image_core::plan(tree, &options)?)
//! # }
//! ```

mod head;
mod import;
mod last;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod udf_tests;

pub use head::{Piece, head};
pub use import::{ImportError, RECORDED_SOURCE, Recorded, RecordedUdf, RecordedVolume, import};
pub use last::last;

use crate::address::Lba;

/// Sessions begin on a multiple of this where blocks can be overwritten: two ECC blocks of DVD, a cluster of BD.
const MULTIPLE: u32 = 32;

/// Where the next session begins on a disc whose blocks can be overwritten and of which all before `end` are used. Other
/// burning programs look for it there too.
#[must_use]
pub const fn next_start(end: Lba) -> Lba {
    Lba(end.0.div_ceil(MULTIPLE).saturating_mul(MULTIPLE))
}
