use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use ::md5::{Digest as _, Md5};
use sha2::Sha256;

use super::*;
use crate::{Attributes, ChecksumOptions, Options, Segment, SourceId, Tree};

const LENGTHS: [u64; 6] = [0, 1, 2048, 2049, 300_000, 0];

fn tree() -> Tree {
    let mut tree = Tree::new();
    for (number, len) in (0..).zip(LENGTHS) {
        let path = alloc::format!("folder{}/file{number}", number % 2);
        tree.add_file(&path, SourceId(number), len, Attributes::default()).unwrap();
    }
    tree
}

fn bytes_of(source: SourceId, start: u64, len: u64) -> Vec<u8> {
    (start..start + len)
        .map(|at| (at * 7 + at / 251 + u64::from(source.0)).to_le_bytes()[0])
        .collect()
}

fn bytes(blocks: u32) -> usize {
    usize::try_from(bytes_in(blocks)).unwrap()
}

fn planned(checksums: ChecksumOptions) -> Plan {
    crate::plan(tree(), &Options { checksums, ..Options::default() }).unwrap()
}

/// The image, in pieces of at most `piece` bytes, with its sums.
fn made(plan: &Plan, piece: usize) -> (Vec<u8>, Sums) {
    let mut recorder = Recorder::new(plan);
    let mut image = Vec::new();
    for segment in plan.segments() {
        let bytes = match segment {
            Segment::Metadata { start, blocks } => {
                let mut bytes = alloc::vec![0; bytes(blocks)];
                match recorder.due() {
                    Some(due) => {
                        assert_eq!((due.start, due.blocks), (start, blocks));
                        recorder.render(due, &mut bytes);
                    }
                    None => plan.render(start, &mut bytes),
                }
                bytes
            }
            Segment::File { source, start, len } => bytes_of(source, start, len),
            Segment::Zero { len } => alloc::vec![0; usize::try_from(len).unwrap()],
        };
        bytes.chunks(piece).for_each(|part| recorder.update(part));
        image.extend(bytes);
    }
    assert_eq!(image.len() as u64, plan.size_bytes());
    (image, recorder.finish())
}

fn block_with<'a>(image: &'a [u8], text: &str) -> Option<(usize, &'a str)> {
    image.chunks(BLOCK_SIZE).enumerate().find_map(|(at, block)| {
        let line = block.split(|byte| *byte == b'\n').next()?;
        let line = core::str::from_utf8(line).ok()?;
        line.starts_with(text).then_some((at, line))
    })
}

fn field<'a>(line: &'a str, name: &str) -> &'a str {
    let field = |word: &'a str| word.strip_prefix(name)?.strip_prefix('=');
    line.split(' ').find_map(field).unwrap()
}

#[test]
fn tags_tell_the_sum_of_all_before_them() {
    let plan = planned(ChecksumOptions { md5: true, ..Default::default() });
    let (image, _) = made(&plan, 1000);
    let mut found = Vec::new();
    for name in ["libisofs_sb", "libisofs_tree", "libisofs_checksum"] {
        let (at, line) = block_with(&image, name).unwrap();
        assert_eq!(field(line, "pos"), at.to_string());
        assert_eq!(field(line, "range_size"), at.to_string());
        assert_eq!(field(line, "md5"), tag::hex(&Md5::digest(&image[..at * BLOCK_SIZE])));
        let own = line.rfind(" self=").unwrap();
        assert_eq!(field(line, "self"), tag::hex(&Md5::digest(&line[..own])));
        found.push((at.to_string(), line));
    }
    assert_eq!(field(found[0].1, "next"), found[1].0);
    assert_eq!(field(found[1].1, "next"), found[2].0);
    assert!(found[0].0.parse::<u32>().unwrap() < 32, "libisofs looks no further");
}

#[test]
fn the_array_has_every_file() {
    for isomd5 in [false, true] {
        let plan = planned(ChecksumOptions { md5: true, isomd5, ..Default::default() });
        let (image, _) = made(&plan, 4096);
        let layout = plan.content.checksums.unwrap();
        let array = &image[bytes(layout.array.0)..];
        let sum = |index: u32| &array[16 * index as usize..][..16];
        let covered = bytes(layout.start().0)..bytes(layout.array.0);
        assert_eq!(sum(0), &Md5::digest(&image[covered])[..]);
        for node in plan.all_names().map(|(node, _)| node) {
            let Kind::File { source, len } = plan.tree().kind(node) else { continue };
            let item = plan.content.catalog.item_of(node).unwrap();
            let index = plan.content.checksum_index(item).unwrap();
            assert_eq!(sum(index), &Md5::digest(bytes_of(source, 0, len))[..]);
        }
        let last = layout.count() - 1;
        assert_eq!(sum(last), &Md5::digest(&array[..16 * last as usize])[..]);
        assert_eq!(block_with(&image, "libisofs_").is_some(), !isomd5);
    }
}

#[test]
fn sums_do_not_depend_on_the_pieces() {
    let plan =
        planned(ChecksumOptions { md5: true, isomd5: true, sha256: true, sha256_files: true });
    let (image, sums) = made(&plan, usize::MAX);
    for piece in [1, 77, 2048, 40_000] {
        assert!(made(&plan, piece) == (image.clone(), sums.clone()), "{piece}");
    }
    assert_eq!(sums.image_sha256, None, "what is implanted is missing");
    let mut patched = image;
    sums.implant.as_ref().unwrap().apply(Lba(0), &mut patched);
    let mut again = Recorder::with_implant(&plan);
    again.update(&patched);
    let again = again.finish();
    assert_eq!(again.image_sha256, Some(Sha256::digest(&patched).into()));
    assert_eq!(again.files_sha256, sums.files_sha256);
    assert!(!sums.files_sha256.is_empty());
    for node in plan.all_names().map(|(node, _)| node) {
        let expected = match plan.tree().kind(node) {
            Kind::File { source, len } => Some(Sha256::digest(bytes_of(source, 0, len)).into()),
            _ => None,
        };
        assert_eq!(sums.file_sha256(&plan, node), expected);
    }
}

#[test]
fn sums_of_a_further_session_are_of_what_it_records() {
    let start = Lba(640);
    let session = crate::SessionOptions { start, boot_catalog: None, udf: None };
    let mut tree = tree();
    let recorded = Some(Lba(100));
    let source = crate::session::RECORDED_SOURCE;
    let earlier = tree.add_file("earlier", source, 5000, Attributes::default()).unwrap();
    tree.set_details(earlier, crate::tree::Details { recorded, ..Default::default() });
    let checksums = ChecksumOptions { sha256: true, sha256_files: true, ..Default::default() };
    let options = Options { checksums, session: Some(session), ..Options::default() };
    let plan = crate::plan(tree, &options).unwrap();
    let (image, sums) = made(&plan, 40_000);
    assert_eq!(sums.image_sha256, Some(Sha256::digest(&image).into()));
    for node in plan.all_names().map(|(node, _)| node) {
        let expected = match plan.tree().kind(node) {
            Kind::File { source, len } if node != earlier => {
                Some(Sha256::digest(bytes_of(source, 0, len)).into())
            }
            _ => None,
        };
        assert_eq!(sums.file_sha256(&plan, node), expected, "{}", plan.tree().path(node));
    }
}

#[test]
fn the_implanted_sum_covers_all_but_itself_and_the_end() {
    let plan = planned(ChecksumOptions { isomd5: true, ..Default::default() });
    let (image, sums) = made(&plan, 5000);
    let implant = sums.implant.unwrap();
    let text = String::from_utf8(implant.bytes).unwrap();
    let expected = tag::hex(&Md5::digest(&image[..image.len() - 15 * BLOCK_SIZE]));
    assert!(
        text.starts_with(&alloc::format!("ISO MD5SUM = {expected};SKIPSECTORS = 15;")),
        "{text}"
    );
    let field = &image[usize::try_from(implant.offset).unwrap()..][..512];
    assert_eq!(field, [b' '; 512]);
}

#[test]
fn nothing_is_recorded_where_nothing_is_wanted() {
    let plan = planned(ChecksumOptions::default());
    let (image, sums) = made(&plan, 4096);
    assert_eq!(sums, Sums::default());
    assert_eq!(block_with(&image, "libisofs_"), None);
    let plain = planned(ChecksumOptions { sha256: true, ..Default::default() });
    let (same, sums) = made(&plain, 4096);
    assert!(same == image);
    assert_eq!(sums.image_sha256, Some(Sha256::digest(&image).into()));
    assert_eq!(sums.files_sha256, [[0; 32]; 0], "sums of files were not wanted");
}

#[test]
fn sums_without_a_place_are_refused() {
    let refused = |checksums, rock_ridge, iso9660| {
        let file_systems = crate::FileSystems { iso9660, joliet: false, rock_ridge, udf: true };
        let options = Options { checksums, file_systems, ..Options::default() };
        crate::plan(tree(), &options).unwrap_err()
    };
    let md5 = ChecksumOptions { md5: true, ..Default::default() };
    let error = refused(md5, false, true);
    assert_eq!(error.to_string(), "the MD5 sums of libisofs need Rock Ridge");
    let isomd5 = ChecksumOptions { isomd5: true, ..Default::default() };
    let error = refused(isomd5, false, false);
    assert_eq!(error.to_string(), "implanted MD5 sums need ISO 9660");
}

#[test]
fn a_patch_goes_where_it_overlaps() {
    let patch =
        Patch { offset: 2040, bytes: (1..=2060).map(|at: u16| at.to_le_bytes()[0]).collect() };
    let mut whole = alloc::vec![0; 3 * BLOCK_SIZE];
    patch.apply(Lba(0), &mut whole);
    assert_eq!(whole[2040..4100], patch.bytes);
    for start in 0..4 {
        let mut block = alloc::vec![0; BLOCK_SIZE];
        patch.apply(Lba(start), &mut block);
        let expected = whole.get(bytes(start)..).unwrap_or_default();
        let expected = expected.get(..BLOCK_SIZE).unwrap_or(&[0; BLOCK_SIZE]);
        assert_eq!(block, expected);
    }
}
