//! Optical disc images, written and read without IO.
#![no_std]
extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod time;
pub mod wire;

/// Bytes in a logical block of every file system written here, and in a sector of data media.
pub const BLOCK_SIZE: usize = 2048;
