//! What of an image is no longer true of it once a further session is behind it.

use image_core::{
    BLOCK_SIZE,
    read::{BlockSource, Image},
    session::Piece,
};

/// Where the application use field of the primary volume descriptor is, in the first block of the head. ECMA-119 8.4.32.
const APPLICATION_USE: usize = 883;
/// How the sum begins that `implantisomd5` writes there.
const IMPLANTED: &[u8] = b"ISO MD5SUM = ";
/// How a block with the sum of the volume descriptors before it begins, the second where blocks can be overwritten. libisofs,
/// `doc/checksums.txt`.
const TAGS: [&str; 2] = ["libisofs_sb_checksum_tag_v1", "libisofs_rlsb32_checksum_tag_v1"];

/// Tells what of an image file is not made anew for what is added to it. `head` is its start.
pub(super) fn tell<S: BlockSource>(image: &mut Image<S>, head: &[Piece], path: &str) {
    for note in [tables(image, path), sums(head, path)].into_iter().flatten() {
        eprintln!("note: {note}");
    }
}

/// Partition tables stay as they are: the system area is no part of a session.
fn tables<S: BlockSource>(image: &mut Image<S>, path: &str) -> Option<String> {
    let tables = image.boot_setup().ok()?.partitions;
    let records = tables.mbr.is_some_and(|records| !records.is_empty());
    let (table, more) = match (tables.gpt.is_some(), records) {
        (false, false) => return None,
        (false, true) => ("MBR", ""),
        (true, _) => ("GPT", ", and its backup is no longer at the end"),
    };
    Some(format!(
        "{path} has a partition table ({table}), which stays as it is: its partitions end before what is new{more}. Discs \
         are not affected; for a USB stick build a new image of all files with --replay-boot {path}"
    ))
}

/// Sums of an image and of its files are made while all of it is written.
fn sums(head: &[Piece], path: &str) -> Option<String> {
    let has_tag = head.iter().any(|piece| blocks(piece).any(|(lba, block)| is_tag(lba, block)));
    let found = match (has_implant(head), has_tag) {
        (false, false) => return None,
        (true, false) => "checkisomd5 finds none",
        (_, true) => "xorriso -check_md5 finds none, or a mismatch,",
    };
    Some(format!(
        "{path} has MD5 sums, and a further session has none: {found} in what is written. Keep sums of the files with \
         --sha256-file, or build a new image of all files with --checksums"
    ))
}

fn has_implant(head: &[Piece]) -> bool {
    let field = head.first().and_then(|piece| piece.bytes.get(APPLICATION_USE..));
    field.is_some_and(|field| field.starts_with(IMPLANTED))
}

/// Takes the sum of the volume descriptors off a disc whose descriptors change: libisofs reads no disc whose sum is wrong.
pub(super) fn take_off_sums(head: &mut [Piece]) {
    for piece in head {
        let lbas = piece.start.0..;
        for (lba, block) in lbas.zip(piece.bytes.chunks_exact_mut(BLOCK_SIZE)) {
            if is_tag(lba, block) {
                block.fill(0);
            }
        }
    }
}

fn blocks(piece: &Piece) -> impl Iterator<Item = (u32, &[u8])> {
    (piece.start.0..).zip(piece.bytes.chunks_exact(BLOCK_SIZE))
}

/// A file that only speaks of such sums does not name its own block.
fn is_tag(lba: u32, block: &[u8]) -> bool {
    TAGS.into_iter().any(|tag| block.starts_with(format!("{tag} pos={lba} ").as_bytes()))
}

#[cfg(test)]
mod tests {
    use image_core::Lba;

    use super::*;

    fn head() -> [Piece; 1] {
        [Piece { start: Lba(16), bytes: vec![1; 16 * BLOCK_SIZE] }]
    }

    fn put(head: &mut [Piece; 1], lba: usize, at: usize, text: &str) {
        head[0].bytes[(lba - 16) * BLOCK_SIZE + at..][..text.len()]
            .copy_from_slice(text.as_bytes());
    }

    #[test]
    fn sums_are_known_by_their_texts() {
        assert_eq!(sums(&head(), "x"), None);
        let mut implanted = head();
        put(&mut implanted, 16, 883, "ISO MD5SUM = 0123");
        assert!(sums(&implanted, "x").unwrap().contains("checkisomd5"));
        for tag in TAGS {
            let mut tagged = head();
            put(&mut tagged, 22, 0, &format!("{tag} pos=22 range_start=0"));
            assert!(sums(&tagged, "x").unwrap().contains("xorriso -check_md5"));
        }
    }

    #[test]
    fn only_a_sum_of_the_descriptors_is_taken_off() {
        let mut changed = head();
        put(&mut changed, 20, 0, "libisofs_sb_checksum_tag_v1 pos=22 range_start=0");
        put(&mut changed, 22, 0, "libisofs_sb_checksum_tag_v1 pos=22 range_start=0");
        let mut expected = changed.clone();
        expected[0].bytes[6 * BLOCK_SIZE..][..BLOCK_SIZE].fill(0);
        take_off_sums(&mut changed);
        assert!(changed == expected);
    }
}
