//! Optical disc images, written and read without IO.
//!
//! ```text
//! Tree ──names──▶ layout ──▶ Plan ──segments──▶ Blob parts · file · drive · verifier
//! ```
//!
//! A [`Tree`] says what is wanted, [`plan()`] decides everything about the image, and the [`Plan`] answers for any of its
//! blocks. Data flow one way, and a later phase never changes an earlier one. There is no clock and no randomness: equal
//! trees and options give equal bytes on every machine.
//!
//! ```
//! use image_core::{Attributes, Options, Segment, SourceId, Tree};
//!
//! let mut tree = Tree::new();
//! tree.add_file("hello.txt", SourceId(0), 5, Attributes::default())?;
//! let plan = image_core::plan(tree, &Options::default())?;
//! let total: u64 = plan.segments().map(|segment| segment.len()).sum();
//! assert_eq!(total, plan.size_bytes());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![no_std]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod address;
pub mod cd;
pub mod checksum;
mod layout;
pub mod media;
mod names;
mod options;
mod order;
mod plan;
pub mod read;
mod render;
mod segments;
pub mod session;
pub mod time;
pub mod tree;
mod volume;
mod warnings;
pub mod wire;

pub use address::{Lba, SourceId, blocks_for, bytes_in};
pub use layout::boot::{BootError, CATALOG_SOURCE};
pub use names::{MappedName, NameReport, Reason};
pub use options::boot;
pub use options::{
    BootOptions, ChecksumOptions, DeepDirectories, EarlierVolume, EnhancedTree, FileSystems,
    Iso9660Options, IsoLevel, IsoNameLength, IsoNameRules, JolietLength, JolietOptions,
    LayoutOptions, Options, RockRidgeOptions, RockRidgeVersion, SessionOptions, UdfMetadata,
    UdfOptions, UdfPartition, UdfRevision, VideoProfile, VolumeDates, VolumeIdentifiers,
};
pub use plan::{Plan, PlanError, plan};
pub use segments::Segment;
pub use time::DiscTime;
pub use tree::{
    AddError, Attributes, Details, EditError, HiddenIn, Kind, NodeId, Special, Stream, Tree,
};
pub use warnings::Warning;

/// Bytes in a logical block of every file system written here, and in a sector of data media.
pub const BLOCK_SIZE: usize = 2048;
