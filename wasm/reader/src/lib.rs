//! Images read back in the browser and in Node: the readers of image-core over blocks that JavaScript gives.
//!
//! The readers ask for blocks and wait for none. Where JavaScript has a block only later, it refuses it, gets it, and
//! asks the same question again: nothing here remembers a question. Contents of files stay outside; what comes back says
//! where they are.

#![forbid(unsafe_code)]

mod entry;
mod image;
mod source;
mod volume;

pub use entry::{EntryList, ReadDevice, ReadEntry};
pub use image::ImageReader;
pub use volume::ReadVolume;
