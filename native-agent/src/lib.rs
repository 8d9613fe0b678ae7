//! Burns disc images on real and virtual drives, for a command line and for a browser page.

pub mod cli;
pub mod clock;
pub mod scsi;
pub mod source;
