//! Which file a block of the image belongs to, and which blocks a file: what tells the user what a bad sector costs.

#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]
#![allow(missing_docs, reason = "a test")]

use std::sync::Arc;

use image_core::tree::Details;
use image_core::{
    Attributes, FileSystems, Lba, Options, Plan, SourceId, Tree, UdfMetadata, UdfOptions,
    UdfRevision, plan,
};

const UDF: FileSystems =
    FileSystems { iso9660: false, joliet: false, rock_ridge: false, udf: true };

fn paths(plan: &Plan, lba: u32) -> Vec<String> {
    let mut paths: Vec<_> = plan.files_at(Lba(lba)).map(|node| plan.tree().path(node)).collect();
    paths.sort();
    paths
}

/// A small file with two names, another, and one with data of its own.
fn embedding(udf: &UdfOptions) -> Plan {
    let mut tree = Tree::new();
    for (number, path) in (0..).zip(["d/small", "other"]) {
        let id = tree.add_file(path, SourceId(number), 5, Attributes::default()).unwrap();
        let content: Option<Arc<[u8]>> = Some([b'a'; 5].into());
        tree.set_details(id, Details { content, ..Details::default() });
    }
    tree.add_hard_link("d/again", tree.find("d/small").unwrap()).unwrap();
    tree.add_file("large", SourceId(2), 5000, Attributes::default()).unwrap();
    let udf = UdfOptions { embed: true, ..udf.clone() };
    plan(tree, &Options { file_systems: UDF, udf, ..Options::default() }).unwrap()
}

#[test]
fn a_file_in_its_file_entry_is_found_by_its_block() {
    for udf in [
        UdfOptions::of(UdfRevision::V1_02),
        UdfOptions::of(UdfRevision::V2_01),
        UdfOptions { metadata: UdfMetadata::Separate, ..UdfOptions::of(UdfRevision::V2_50) },
        UdfOptions::of(UdfRevision::V2_60),
    ] {
        let plan = embedding(&udf);
        let node = |path| plan.tree().find(path).unwrap();
        assert_eq!(plan.extent(node("d/small")), None);
        let (entry, blocks) = plan.blocks_of(node("d/small")).unwrap();
        assert_eq!(blocks, 1);
        assert_eq!(plan.blocks_of(node("d/again")), Some((entry, 1)), "a name of the same file");
        assert_eq!(paths(&plan, entry.0), ["d/again", "d/small"]);
        let mut block = [0; 2048];
        plan.render(entry, &mut block);
        assert!(block.windows(5).any(|bytes| bytes == b"aaaaa"), "the bytes are there");
        let (start, blocks) = plan.blocks_of(node("large")).unwrap();
        assert_eq!((plan.extent(node("large")), blocks), (Some((start, 3)), 3));
        assert_eq!(paths(&plan, start.0 + 2), ["large"]);
        assert_eq!(plan.blocks_of(node("d")), None);
        // Every block with the bytes in it is told, the copy in a mirror of the metadata too.
        for lba in 0..plan.size_blocks() {
            let named = !paths(&plan, lba).is_empty();
            if (start.0..start.0 + 3).contains(&lba) {
                continue;
            }
            plan.render(Lba(lba), &mut block);
            let there = block.windows(5).any(|bytes| bytes == b"aaaaa");
            assert_eq!(named, there, "{udf:?}, block {lba}");
        }
    }
}
