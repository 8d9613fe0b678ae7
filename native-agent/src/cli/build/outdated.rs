//! What of an image is no longer true of it once a further session is behind it.

use image_core::{
    BLOCK_SIZE, Lba, NodeId, Tree,
    checksum::is_superblock_tag,
    read::{BlockSource, BootCatalog, Image},
    session::Piece,
    tree::Kind,
};

/// Where the application use field of the primary volume descriptor is, in the first block of the head. ECMA-119 8.4.32.
const APPLICATION_USE: usize = 883;
/// How the sum begins that `implantisomd5` writes there.
const IMPLANTED: &[u8] = b"ISO MD5SUM = ";

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
    let has_tag =
        head.iter().any(|piece| blocks(piece).any(|(lba, block)| is_superblock_tag(lba, block)));
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

/// The files of a tree that start machines by the boot catalog of what it was read from, and where they are.
pub(super) fn boot_files<S: BlockSource>(image: &mut Image<S>, tree: &Tree) -> Vec<(String, Lba)> {
    let catalog = image.boot_setup().ok().and_then(|setup| setup.catalog).and_then(Result::ok);
    let entries = catalog.iter().flat_map(BootCatalog::entries);
    let starts: Vec<Lba> = entries.map(|(_, entry)| Lba(entry.lba)).collect();
    let start = |at: Option<Lba>| at.filter(|at| starts.contains(at));
    let files = tree.detailed();
    files.filter_map(|(node, details)| Some((tree.path(node), start(details.recorded)?))).collect()
}

/// Tells which of these files are other ones in a tree: the boot catalog goes on naming the blocks of those that were there.
pub(super) fn tell_boot(files: &[(String, Lba)], tree: &Tree) {
    for path in replaced(files, tree) {
        eprintln!(
            "note: {path:?} is replaced, but machines go on starting the one that was there, which the boot catalog names. To start \
             the new one, build a new image of all files, with --replay-boot and what is added to"
        );
    }
}

fn replaced<'f>(files: &'f [(String, Lba)], tree: &Tree) -> Vec<&'f str> {
    let is_there = |path: &str, at: Lba| {
        let node = tree.find(path).map(|node| tree.link_of(node));
        node.is_some_and(|node| tree.details(node).recorded == Some(at))
    };
    let other = files.iter().filter(|(path, at)| !is_there(path, *at));
    other.map(|(path, _)| path.as_str()).collect()
}

/// Tells where a file takes the place of a folder, or the other way round: what was there goes.
pub(super) fn tell_replaced(tree: &Tree, new: &Tree) {
    for (path, was_folder) in of_other_kind(tree, new) {
        if was_folder {
            eprintln!("note: the folder {path:?} is replaced by a file, with all that was in it");
        } else {
            eprintln!("note: the file {path:?} is replaced by a folder");
        }
    }
}

/// Paths of what is a folder in one of two trees alone, and whether it is in the first.
fn of_other_kind(tree: &Tree, new: &Tree) -> Vec<(String, bool)> {
    let is_folder = |tree: &Tree, node| matches!(tree.kind(node), Kind::Directory);
    let (mut found, mut pending) = (Vec::new(), vec![NodeId::ROOT]);
    while let Some(folder) = pending.pop() {
        for node in new.children(folder) {
            let path = new.path(node);
            let Some(here) = tree.find(&path) else { continue };
            match (is_folder(tree, here), is_folder(new, node)) {
                (true, true) => pending.push(node),
                (was_folder, is_folder) if was_folder != is_folder => {
                    found.push((path, was_folder))
                }
                _ => {}
            }
        }
    }
    found
}

fn has_implant(head: &[Piece]) -> bool {
    let field = head.first().and_then(|piece| piece.bytes.get(APPLICATION_USE..));
    field.is_some_and(|field| field.starts_with(IMPLANTED))
}

fn blocks(piece: &Piece) -> impl Iterator<Item = (Lba, &[u8])> {
    (piece.start.0..).map(Lba).zip(piece.bytes.chunks_exact(BLOCK_SIZE))
}

#[cfg(test)]
mod tests {
    use image_core::{Attributes, SourceId};

    use super::*;

    fn head() -> [Piece; 1] {
        [Piece { start: Lba(16), bytes: vec![1; 16 * BLOCK_SIZE] }]
    }

    fn put(head: &mut [Piece; 1], lba: usize, at: usize, text: &str) {
        head[0].bytes[(lba - 16) * BLOCK_SIZE + at..][..text.len()]
            .copy_from_slice(text.as_bytes());
    }

    #[test]
    fn what_becomes_of_another_kind_is_found() {
        let tree = |paths: &[&str]| {
            let mut tree = Tree::new();
            for path in paths {
                tree.add_file(path, SourceId(0), 1, Attributes::default()).unwrap();
            }
            tree
        };
        let found =
            of_other_kind(&tree(&["a/b", "c", "d/e"]), &tree(&["a", "c/x/y", "d/e", "f/g"]));
        assert_eq!(found, [("a".to_owned(), true), ("c".to_owned(), false)]);
    }

    #[test]
    fn sums_are_known_by_their_texts() {
        assert_eq!(sums(&head(), "x"), None);
        let mut implanted = head();
        put(&mut implanted, 16, 883, "ISO MD5SUM = 0123");
        assert!(sums(&implanted, "x").unwrap().contains("checkisomd5"));
        for tag in ["libisofs_sb_checksum_tag_v1", "libisofs_rlsb32_checksum_tag_v1"] {
            let mut tagged = head();
            put(&mut tagged, 22, 0, &format!("{tag} pos=22 range_start=0"));
            assert!(sums(&tagged, "x").unwrap().contains("xorriso -check_md5"));
        }
    }
}
