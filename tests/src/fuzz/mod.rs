//! What the fuzzer runs, and what an ordinary test runs again on everything it ever found.
//!
//! Each target takes any bytes and must come back: a panic, a hang or a great deal of memory is a fault of the library, and
//! so is whatever a target asserts. `tests/fuzz` makes a program of each; `cargo xtask fuzz` builds and runs them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a panic is the finding"
)]

mod boot;
mod boot_choice;
pub(crate) mod bytes;
mod continuing;
mod growth;
mod image;
mod names;
pub(crate) mod options;
mod replies;
pub mod round_trip;
pub mod sparse;
mod text;
mod tree;
mod virtual_drive;

/// Takes any bytes and comes back.
pub type Target = fn(&[u8]);

/// Each target, by the name of its program and of its folder of inputs.
pub const TARGETS: &[(&str, Target)] = &[
    ("read_iso", image::read_iso),
    ("read_udf", image::read_udf),
    ("cs0", text::cs0),
    ("names", names::names),
    ("tree_to_image_to_tree", tree::tree_to_image_to_tree),
    ("growth", growth::growth),
    ("import", continuing::import),
    ("boot", boot::boot),
    ("mmc_replies", replies::mmc_replies),
    ("virtual_drive", virtual_drive::virtual_drive),
    ("disc_file", virtual_drive::disc_file),
];

/// Runs the target of this name.
pub fn run(name: &str, data: &[u8]) {
    let (_, target) =
        TARGETS.iter().find(|(known, _)| *known == name).expect("a target of that name");
    target(data);
}
