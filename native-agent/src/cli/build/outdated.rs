//! What of an image is no longer true of it once a further session is behind it.

use image_core::read::{BlockSource, Image};

/// Tells what of an image file is not made anew for what is added to it.
pub(super) fn tell<S: BlockSource>(image: &mut Image<S>, path: &str) {
    if let Some(note) = tables(image, path) {
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
