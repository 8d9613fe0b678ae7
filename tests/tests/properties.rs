//! Laws that hold for every tree, tried on trees made up at random: extents never overlap, segments are the whole image, any
//! range reads as the stream does, and the order of adding changes nothing.

#![allow(clippy::expect_used, reason = "what fails here fails the test")]

use std::collections::BTreeMap;
use std::sync::Arc;

use image_core::tree::Details;
use image_core::{
    Attributes, BLOCK_SIZE, DiscTime, FileSystems, Iso9660Options, IsoLevel, Kind, LayoutOptions,
    Options, Plan, Segment, SourceId, Tree, UdfMetadata, UdfOptions, UdfPartition, UdfRevision,
};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use tests::fuzz::round_trip::{self, nodes, read_at};
use tests::planned;

/// What stands at a path.
#[derive(Clone, Debug)]
enum Thing {
    Directory,
    File(usize),
    Link(String),
}

type Things = BTreeMap<String, Thing>;

/// Names that collide in 8.3, in upper case, once cut, and once characters are replaced.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-cA-C]{1,3}",
        2 => "[a-z]{6,12}\\.[a-z]{1,5}",
        2 => "(same start ){1,20}[a-c]",
        1 => "[\\PC&&[^/\\\\]]{1,40}",
        1 => "[.;*? ]{1,3}[a-b]",
        1 => "[\u{65e5}\u{672c}\u{1f600}]{1,60}",
    ]
    .prop_filter("a name that the tree takes", |name| {
        let mut tree = Tree::new();
        tree.add_directory(name, Attributes::default()).is_ok() && name.len() < 255
    })
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => vec(name(), 1..4),
        1 => vec("[a-b]", 7..14),
    ]
    .prop_map(|parts| parts.join("/"))
}

fn thing() -> impl Strategy<Value = Thing> {
    prop_oneof![
        1 => Just(Thing::Directory),
        5 => prop_oneof![Just(0), Just(1), Just(2047), Just(2048), Just(2049), 0..9000_usize].prop_map(Thing::File),
        1 => "(\\.\\./|/)?[a-z ]{1,60}(/[a-z]{1,90}){0,6}".prop_map(Thing::Link),
    ]
}

fn things() -> impl Strategy<Value = Things> {
    btree_map(path(), thing(), 0..60)
}

fn options() -> impl Strategy<Value = Options> {
    let systems = prop_oneof![
        Just((true, true, true, true)),
        Just((true, false, false, false)),
        Just((true, true, false, false)),
        Just((true, false, true, false)),
        Just((false, false, false, true)),
        Just((true, false, false, true)),
    ];
    let level = prop_oneof![Just(IsoLevel::One), Just(IsoLevel::Two), Just(IsoLevel::Three)];
    (systems, level, 1_u32..33, 0_u32..4, prop::sample::select(forms())).prop_map(
        |((iso9660, joliet, rock_ridge, udf), level, multiple, padding, form)| Options {
            udf: form,
            volume_id: "PROPERTY".to_owned(),
            file_systems: FileSystems { iso9660, joliet, rock_ridge, udf },
            iso9660: Iso9660Options { level, ..Iso9660Options::default() },
            created: DiscTime::from_unix(1_614_834_367, 0, 0),
            layout: LayoutOptions {
                length_multiple: multiple,
                padding_blocks: padding,
                ..LayoutOptions::default()
            },
            ..Options::default()
        },
    )
}

/// Every form of UDF in every revision that has it.
fn forms() -> Vec<UdfOptions> {
    let partitions = [
        UdfPartition::ReadOnly,
        UdfPartition::Overwritable,
        UdfPartition::PseudoOverwritable,
        UdfPartition::Virtual,
        UdfPartition::Sparable { packet_blocks: 16 },
        UdfPartition::Sparable { packet_blocks: 32 },
    ];
    let mut forms = Vec::new();
    for revision in UdfRevision::ALL {
        for partition in partitions {
            for metadata in [UdfMetadata::Mixed, UdfMetadata::Separate, UdfMetadata::Duplicated] {
                for embed in [false, true] {
                    let udf = UdfOptions { revision, partition, metadata, embed };
                    let options = Options { udf: udf.clone(), ..Options::default() };
                    forms.extend(image_core::plan(Tree::new(), &options).is_ok().then_some(udf));
                }
            }
        }
    }
    forms
}

/// Whether the bytes of a file may stand in its file entry.
fn may_be_embedded(plan: &Plan, len: u64) -> bool {
    let options = plan.options();
    options.udf.embed && !options.file_systems.iso9660 && len < BLOCK_SIZE as u64
}

/// What of the things goes into a tree: a path below a file or a link is none.
fn tree_of<'a>(things: impl Iterator<Item = (&'a String, &'a Thing)>) -> Tree {
    let mut tree = Tree::new();
    for (path, thing) in things {
        // A refusal leaves the tree as it was, and what it took is what counts.
        let _ = match thing {
            Thing::Directory => tree.add_directory(path, Attributes::default()),
            Thing::File(len) => {
                let source = source_of(path);
                let added = tree.add_file(path, source, *len as u64, Attributes::default());
                if let Ok(id) = added {
                    let mut bytes = vec![0; *len];
                    round_trip::fill(source, 0, &mut bytes);
                    let content = Some(Arc::from(bytes));
                    tree.set_details(id, Details { content, ..Details::default() });
                }
                added
            }
            Thing::Link(target) => tree.add_symlink(path, target, Attributes::default()),
        };
    }
    tree
}

/// A number for a path that does not depend on the others.
fn source_of(path: &str) -> SourceId {
    SourceId(
        path.bytes().fold(1, |hash: u32, byte| hash.wrapping_mul(16_777_619) ^ u32::from(byte)),
    )
}

/// The whole image, from its segments in order.
fn streamed(plan: &Plan) -> Vec<u8> {
    let mut image = Vec::new();
    let written = planned::stream(plan, &mut image, |source, start, len, out| {
        let at = out.len();
        out.resize(at + len as usize, 0);
        round_trip::fill(source, start, &mut out[at..]);
        Ok(())
    });
    assert!(written.is_ok(), "a vector takes everything");
    image
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if tests::matrix::long() { 1000 } else { 64 }))]

    #[test]
    fn segments_are_the_whole_image(things in things(), options in options()) {
        let plan = image_core::plan(tree_of(things.iter()), &options)?;
        let mut at = 0;
        for segment in plan.segments() {
            prop_assert!(!segment.is_empty(), "{segment:?} is empty");
            if let Segment::Metadata { start, .. } = segment {
                prop_assert_eq!(u64::from(start.0) * BLOCK_SIZE as u64, at);
            }
            at += segment.len();
        }
        prop_assert_eq!(at, plan.size_bytes());
        prop_assert_eq!(plan.size_blocks() % options.layout.length_multiple, 0);
    }

    #[test]
    fn extents_never_overlap(things in things(), options in options()) {
        let plan = image_core::plan(tree_of(things.iter()), &options)?;
        let mut extents: Vec<(u32, u32)> = plan
            .segments()
            .filter_map(|segment| match segment {
                Segment::Metadata { start, blocks } => Some((start.0, blocks)),
                _ => None,
            })
            .collect();
        for node in nodes(plan.tree()) {
            let Kind::File { len: 1.., .. } = plan.tree().kind(node) else {
                prop_assert_eq!(plan.extent(node), None);
                continue;
            };
            if let Some((start, blocks)) = plan.extent(node) {
                extents.push((start.0, blocks));
                prop_assert_eq!(plan.file_at(start), Some(node));
            } else if let Kind::File { len, .. } = plan.tree().kind(node) {
                prop_assert!(may_be_embedded(&plan, len), "{node:?} has no extent");
            }
        }
        extents.sort_unstable();
        for pair in extents.windows(2) {
            prop_assert!(pair[0].0 + pair[0].1 <= pair[1].0, "{pair:?} overlap");
        }
        let end = extents.last().map_or(0, |(start, blocks)| start + blocks);
        prop_assert!(end <= plan.size_blocks());
    }

    #[test]
    fn any_range_reads_as_the_stream_does(
        things in things(),
        options in options(),
        ranges in vec((any::<prop::sample::Index>(), 1_u32..40), 1..12),
    ) {
        let plan = image_core::plan(tree_of(things.iter()), &options)?;
        let image = streamed(&plan);
        prop_assert_eq!(image.len() as u64, plan.size_bytes());
        for (first, blocks) in ranges {
            let first = first.index(plan.size_blocks() as usize) as u32;
            let blocks = blocks.min(plan.size_blocks() - first);
            let start = first as usize * BLOCK_SIZE;
            let end = start + blocks as usize * BLOCK_SIZE;
            prop_assert!(read_at(&plan, first, blocks) == image[start..end], "blocks {first} to {} differ", first + blocks);
        }
    }

    #[test]
    fn every_tree_reads_back_equal(things in things(), options in options()) {
        let plan = image_core::plan(tree_of(things.iter()), &options)?;
        let image = streamed(&plan);
        let checked = round_trip::check(&plan, &image);
        prop_assert!(checked.is_ok(), "{:?}", checked);
    }

    #[test]
    fn the_order_of_adding_changes_nothing(things in things(), options in options()) {
        let forward = tree_of(things.iter().filter(|(path, _)| !is_below_another(path, &things)));
        let backward = tree_of(things.iter().rev().filter(|(path, _)| !is_below_another(path, &things)));
        let forward = image_core::plan(Arc::new(forward), &options)?;
        let backward = image_core::plan(Arc::new(backward), &options)?;
        prop_assert!(streamed(&forward) == streamed(&backward));
    }
}

/// Whether some part of the path before the last is taken by a file or a link, so that the order decides which goes in.
fn is_below_another(path: &str, things: &Things) -> bool {
    let ends = path.match_indices('/').map(|(end, _)| end);
    ends.map(|end| &path[..end])
        .any(|parent| !matches!(things.get(parent), None | Some(Thing::Directory)))
}
