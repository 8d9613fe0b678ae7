//! Lines of text that tell the MD5 of all blocks before them. libisofs, `doc/checksums.txt`.

use alloc::format;
use alloc::string::String;
use core::fmt::Write as _;

use super::algorithm::sum_of;
use super::md5::Md5;
use crate::address::Lba;
use crate::layout::ChecksumLayout;

/// What a tag stands behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// The volume descriptors.
    Superblock,
    /// The directories.
    Tree,
    /// Everything.
    Session,
}

impl Tag {
    pub(super) fn render(self, layout: &ChecksumLayout, sum: [u8; 16], out: &mut [u8]) {
        let start = layout.start().0;
        let (name, at, next) = match self {
            Self::Superblock => {
                ("libisofs_sb_checksum_tag_v1", layout.superblock, Some(layout.tree))
            }
            Self::Tree => ("libisofs_tree_checksum_tag_v1", layout.tree, Some(layout.session)),
            Self::Session => ("libisofs_checksum_tag_v1", layout.session, None),
        };
        let size = at.since(layout.start());
        let mut line = format!("{name} pos={at} range_start={start} range_size={size}");
        if let Some(next) = next {
            line += &format!(" next={next}");
        }
        line += " md5=";
        line += &hex(&sum);
        let own = hex(&sum_of::<Md5>(line.as_bytes()));
        line += " self=";
        line += &own;
        line.push('\n');
        if let Some(slot) = out.get_mut(..line.len()) {
            slot.copy_from_slice(line.as_bytes());
        }
    }
}

/// How a sum of volume descriptors begins, the second where blocks can be overwritten.
const SUPERBLOCK: [&str; 2] = ["libisofs_sb_checksum_tag_v1", "libisofs_rlsb32_checksum_tag_v1"];

/// Whether a block holds the sum of the volume descriptors before it: a file that only speaks of one does not name the block
/// that it is in. libisofs, `doc/checksums.txt`.
#[must_use]
pub fn is_superblock_tag(lba: Lba, block: &[u8]) -> bool {
    SUPERBLOCK.iter().any(|name| block.starts_with(format!("{name} pos={lba} ").as_bytes()))
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
