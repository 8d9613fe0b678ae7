//! Where the MD5 sums of libisofs go: a tag behind the volume descriptors, one behind the directories, and behind the data the
//! array of sums with the tag of the whole.
//!
//! The format is that of libisofs, `doc/checksums.txt` and `doc/susp_aaip_isofs_names.txt`.

use super::cursor::Cursor;
use crate::address::{BLOCK_BYTES, Lba};
use crate::wire::iso9660::VOLUME_DESCRIPTORS_START;

/// Bytes of an MD5 sum.
pub(crate) const MD5_LEN: u32 = 16;

/// Addresses of the sums.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ChecksumLayout {
    /// Whether there are tags. An implanted sum changes the volume descriptor that they cover.
    pub(crate) tags: bool,
    pub(crate) superblock: Lba,
    pub(crate) tree: Lba,
    pub(crate) array: Lba,
    /// Sums of files: one for every extent, and one for all empty files.
    pub(crate) files: u32,
    pub(crate) session: Lba,
}

impl ChecksumLayout {
    pub(crate) fn new(tags: bool) -> Self {
        Self { tags, ..Self::default() }
    }

    /// First block that the sum of the session covers.
    pub(crate) const fn start(&self) -> Lba {
        // The implanted sum is written into the first descriptor when all other sums are made.
        Lba(if self.tags { 0 } else { VOLUME_DESCRIPTORS_START + 1 })
    }

    /// Sums in the array: the session, the files, the array itself.
    pub(crate) const fn count(&self) -> u32 {
        self.files.saturating_add(2)
    }

    pub(crate) const fn array_blocks(&self) -> u32 {
        self.count().div_ceil(BLOCK_BYTES / MD5_LEN)
    }

    /// A block for a tag, where there are tags.
    pub(super) fn take_tag(&self, cursor: &mut Cursor) -> Option<Lba> {
        self.tags.then(|| cursor.take(1))
    }

    /// The value of `isofs.ca`: start, end and count of what is summed up, length and name of a sum.
    pub(crate) fn area(&self) -> [u8; 20] {
        let mut value = [0; 20];
        let numbers = [self.start().0, self.array.0, self.count()];
        for (slot, number) in value.chunks_exact_mut(5).zip(numbers) {
            if let [len, bytes @ ..] = slot {
                *len = 4;
                bytes.copy_from_slice(&number.to_be_bytes());
            }
        }
        if let Some(slot) = value.get_mut(15..) {
            slot.copy_from_slice(b"\x01\x10MD5");
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_libisofs() {
        let layout =
            ChecksumLayout { tags: true, array: Lba(1_000_000), files: 518, ..Default::default() };
        assert_eq!(layout.area(), *b"\x04\0\0\0\0\x04\0\x0f\x42\x40\x04\0\0\x02\x08\x01\x10MD5");
        assert_eq!(layout.array_blocks(), 5);
    }
}
