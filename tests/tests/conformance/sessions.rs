//! UDF of further sessions: where its structures are, and how it refers to what earlier ones recorded. UDF 6.10.3, 2.2.11.

use image_core::{
    Attributes, Details, EarlierVolume, Lba, Plan, SessionOptions, SourceId, Tree, UdfOptions,
    UdfPartition, session,
};
use tests::fuzz::round_trip;

use crate::ecma::{forms, tag, with};
use crate::iso::{le16, le32};

/// A length that no structure of UDF has.
const LEN: u64 = 54_321;

/// Two sessions, of which the second names the file of the first, and another.
struct Pair {
    first: Plan,
    second: Plan,
    old: Lba,
}

impl Pair {
    fn new(udf: &UdfOptions, bridged: bool) -> Self {
        let mut options = with(udf.clone(), bridged);
        let mut tree = Tree::new();
        let node = tree.add_file("old", SourceId(1), LEN, Attributes::default()).unwrap();
        let first = image_core::plan(tree.clone(), &options).unwrap();
        let (old, _) = first.extent(node).unwrap();
        let details = Details { recorded: Some(old), ..Details::default() };
        tree.set_details(node, details);
        tree.add_file("new", SourceId(2), 10, Attributes::default()).unwrap();
        let has_table = udf.partition == UdfPartition::Virtual;
        let earlier = EarlierVolume {
            partition: Lba(partition(&first, udf).0),
            virtual_table: has_table.then(|| Lba(first.size_blocks() - 1)),
        };
        options.session = Some(SessionOptions {
            start: session::next_start(Lba(first.size_blocks() + 100)),
            boot_catalog: None,
            udf: Some(earlier),
        });
        Self { second: image_core::plan(tree, &options).unwrap(), first, old }
    }
}

fn block(plan: &Plan, lba: u32) -> Vec<u8> {
    round_trip::read_at(plan, lba, 1)
}

fn end(plan: &Plan) -> u32 {
    plan.start().0 + plan.size_blocks()
}

/// The first block and the length of the partition, as the main sequence has it.
fn partition(plan: &Plan, udf: &UdfOptions) -> (u32, u32) {
    let lba = plan.start().0 + 256;
    let anchor = block(plan, lba);
    assert_eq!(tag(&anchor, lba, udf.revision.number()), 2);
    let start = le32(&anchor, 20);
    let main = (start..start + 16).map(|lba| (lba, block(plan, lba)));
    let (lba, descriptor) = main.into_iter().find(|(_, block)| le16(block, 0) == 5).unwrap();
    assert_eq!(tag(&descriptor, lba, udf.revision.number()), 5);
    (le32(&descriptor, 188), le32(&descriptor, 192))
}

/// The forms that a session goes on with, alone and bridged.
fn pairs() -> impl Iterator<Item = (UdfOptions, Pair)> {
    let goes_on =
        |udf: &UdfOptions| matches!(udf.partition, UdfPartition::ReadOnly | UdfPartition::Virtual);
    let all = forms().into_iter().filter(goes_on);
    all.flat_map(|udf| [(udf.clone(), true), (udf, false)])
        .map(|(udf, bridged)| (udf.clone(), Pair::new(&udf, bridged)))
}

#[test]
fn structures_stand_relative_to_the_session() {
    for (udf, Pair { second, .. }) in pairs() {
        let start = second.start().0;
        let recognized: Vec<Vec<u8>> = (16..32)
            .map(|at| block(&second, start + at)[1..6].to_vec())
            .filter(|id| id[..] != *b"CD001" && id[..] != [0; 5])
            .collect();
        let nsr = if udf.revision.number() >= 0x0200 { b"NSR03" } else { b"NSR02" };
        assert_eq!(recognized[..3], [b"BEA01".to_vec(), nsr.to_vec(), b"TEA01".to_vec()]);
        let last = end(&second) - 1;
        let anchors = [start + 256, last - 256, last].map(|lba| block(&second, lba));
        let has_table = udf.partition == UdfPartition::Virtual;
        for (ordinal, (anchor, lba)) in
            anchors.iter().zip([start + 256, last - 256, last]).enumerate()
        {
            if ordinal == 2 && has_table {
                continue;
            }
            assert_eq!(tag(anchor, lba, udf.revision.number()), 2, "{udf:?}");
            for sequence in [le32(anchor, 20), le32(anchor, 28)] {
                assert!((start..last).contains(&sequence), "{udf:?}");
                assert_eq!(tag(&block(&second, sequence), sequence, udf.revision.number()), 1);
            }
        }
    }
}

#[test]
fn files_of_earlier_sessions_are_in_the_partition() {
    for (udf, Pair { first, second, old }) in pairs() {
        let (start, blocks) = partition(&second, &udf);
        assert_eq!(start, partition(&first, &udf).0);
        assert!(start <= old.0 && start + blocks <= end(&second));
        let mut named = 0;
        for lba in second.start().0..end(&second) {
            let entry = block(&second, lba);
            let (fixed, lengths) = match le16(&entry, 0) {
                261 => (176, 168),
                266 => (216, 208),
                _ => continue,
            };
            if le32(&entry, 56) != u32::try_from(LEN).unwrap() {
                continue;
            }
            let descriptor = &entry[fixed + le32(&entry, lengths) as usize..];
            assert_eq!(u64::from(le32(descriptor, 0)), LEN, "one extent, recorded");
            assert_eq!(start + le32(descriptor, 4), old.0, "{udf:?}");
            named += 1;
        }
        assert!(named > 0, "{udf:?}");
        assert!(second.file_at(old).is_none(), "it is not recorded again");
    }
}

#[test]
fn tables_tell_of_the_one_before() {
    let virtual_ones = pairs().filter(|(udf, _)| udf.partition == UdfPartition::Virtual);
    for (udf, Pair { first, second, .. }) in virtual_ones {
        let (start, _) = partition(&second, &udf);
        let previous = |plan: &Plan| {
            let entry = block(plan, end(plan) - 1);
            let (fixed, lengths) = if le16(&entry, 0) == 261 { (176, 168) } else { (216, 208) };
            let descriptor = &entry[fixed + le32(&entry, lengths) as usize..];
            let (len, at) = (le32(descriptor, 0), start + le32(descriptor, 4));
            let table = round_trip::read_at(plan, at, len.div_ceil(2048));
            let at = if le16(&entry, 0) == 261 { len as usize - 4 } else { 132 };
            le32(&table, at)
        };
        assert_eq!(previous(&first), u32::MAX, "there is none");
        assert_eq!(start + previous(&second), end(&first) - 1, "{udf:?}");
    }
}
