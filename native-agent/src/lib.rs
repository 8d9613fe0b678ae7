//! Burns disc images on real and virtual drives, for a command line and for a browser page.

pub mod burn;
pub mod cli;
pub mod clock;
pub mod drives;
pub mod identity;
pub mod jobs;
pub mod mmc;
pub mod problem;
pub mod scsi;
pub mod server;
pub mod source;
pub mod state_dir;
pub mod virtual_drive;
