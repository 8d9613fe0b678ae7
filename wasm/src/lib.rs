//! Disc images for the browser and for Node: image-core behind a handful of typed arrays.
//!
//! The whole list of entries crosses in one call, and what comes back is a recipe: which bytes of which file go where,
//! and how to render the blocks between them. The contents of files stay where they are; a page makes the image by
//! composing a `Blob` of rendered blocks and slices of the user's own files.

#![forbid(unsafe_code)]

mod boot;
mod border;
mod details;
mod entries;
mod failure;
mod fields;
mod media;
mod names;
mod options;
mod plan;
mod warnings;

pub use failure::ImageFailure;
pub use media::{MediumDefaults, medium_defaults};
pub use names::{ImageNameChange, ImageNames};
pub use options::ImageFileSystems;
pub use plan::{ImagePlan, plan_image};
pub use warnings::ImageWarning;
