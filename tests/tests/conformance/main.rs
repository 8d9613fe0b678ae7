//! What the standards ask of a writer, looked at byte by byte in finished images.
//!
//! The tables in `tests/conformance` say which test holds which clause; [`table`] holds the tables to that.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what fails here fails the test")]

mod attributes;
mod disc;
mod ecma;
mod ecma_119;
mod ecma_167;
mod el_torito;
mod iso;
mod joliet;
mod sessions;
mod space;
mod susp;
mod table;
mod udf;
