//! Real folders to make images of.

mod documentation;
mod hard;
#[cfg(unix)]
mod inodes;
mod many;
mod mild;

pub use documentation::{Documentation, documentation};
pub use hard::{BEYOND_UCS_2, Hard, hard};
#[cfg(unix)]
pub use inodes::inodes;
pub use many::{colliding, many_folders, one_large};
pub use mild::mild;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Bytes that do not compress and differ for every seed (xorshift64*, which is enough for telling files apart).
pub fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        bytes.extend_from_slice(&state.wrapping_mul(0x2545_f491_4f6c_dd1d).to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(parent) = path.parent() {
        directory(parent)?;
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn directory(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| format!("cannot create {}", path.display()))
}
