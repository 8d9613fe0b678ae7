//! Images to look at, made on demand and read block by block.

use image_core::tree::{Details, Special};
use image_core::{Attributes, DiscTime, FileSystems, IsoLevel, Options, Plan, SourceId, Tree};
use tests::fuzz::round_trip;

/// An image that is not held: what is asked for is made.
pub(crate) struct Disc {
    pub(crate) plan: Plan,
}

impl Disc {
    pub(crate) fn new(tree: Tree, options: &Options) -> Self {
        Self { plan: image_core::plan(tree, options).unwrap() }
    }

    pub(crate) fn block(&self, lba: u32) -> Vec<u8> {
        assert!(lba < self.blocks(), "block {lba} is behind the end");
        round_trip::read_at(&self.plan, lba, 1)
    }

    /// So many bytes from the beginning of a block on.
    pub(crate) fn bytes(&self, lba: u32, len: u32) -> Vec<u8> {
        let blocks = len.div_ceil(2048);
        assert!(u64::from(lba) + u64::from(blocks) <= self.blocks().into(), "{lba} + {blocks}");
        let mut bytes = round_trip::read_at(&self.plan, lba, blocks);
        bytes.truncate(len as usize);
        bytes
    }

    pub(crate) fn blocks(&self) -> u32 {
        self.plan.size_blocks()
    }
}

/// ISO 9660 with everything on it, and UDF.
pub(crate) fn options() -> Options {
    let mut options = Options {
        volume_id: "Conform 1".to_owned(),
        file_systems: FileSystems { iso9660: true, joliet: true, rock_ridge: true, udf: true },
        created: DiscTime::from_unix(1_614_834_367, 0, 60),
        ..Options::default()
    };
    options.iso9660.level = IsoLevel::Three;
    options
}

pub(crate) fn with_level(level: IsoLevel) -> Options {
    let mut options = options();
    options.iso9660.level = level;
    options
}

/// A tree of everything: names of all kinds, a crowd that fills several sectors, links, devices, depth.
pub(crate) fn tree() -> Tree {
    let mut tree = Tree::new();
    let mut source = 0;
    let mut file = |tree: &mut Tree, path: &str, len: u64| {
        source += 1;
        tree.add_file(path, SourceId(source), len, attributes(source)).unwrap()
    };
    for (name, len) in [("README", 1), ("read me.txt", 2048), ("Read Me.txt", 2049), ("empty", 0)] {
        file(&mut tree, name, len);
    }
    for name in
        [".hidden", "many.dots.in.it", "\u{65e5}\u{672c}\u{8a9e}.txt", "caf\u{e9}", "a;b*c?d:e"]
    {
        file(&mut tree, &format!("names/{name}"), 10);
    }
    file(&mut tree, &format!("names/{}.text", "long ".repeat(48)), 11);
    file(&mut tree, "d1/d2/d3/d4/d5/d6/d7/deep", 12);
    for index in 0..150 {
        file(&mut tree, &format!("crowd/one of a crowd with a name of its own {index}"), 13);
    }
    let first = file(&mut tree, "links/first", 14);
    tree.add_hard_link("links/second", first).unwrap();
    let plain = Attributes::default();
    tree.add_symlink("links/relative", "../names/./.hidden", plain).unwrap();
    tree.add_symlink("links/absolute", "/usr/share", plain).unwrap();
    tree.add_symlink("links/long", &"component/".repeat(90), plain).unwrap();
    tree.add_special("special/disk", Special::BlockDevice { major: 8, minor: 1 }, plain).unwrap();
    tree.add_special("special/null", Special::CharacterDevice { major: 1, minor: 3 }, plain)
        .unwrap();
    tree.add_special("special/pipe", Special::Fifo, plain).unwrap();
    tree.add_directory("nothing", plain).unwrap();
    let time = |seconds| Some(DiscTime::from_unix(seconds, 0, -90));
    let details =
        Details { created: time(1), accessed: time(2), hidden: true, ..Details::default() };
    tree.set_details(first, details);
    tree
}

fn attributes(seed: u32) -> Attributes {
    Attributes {
        modified: Some(DiscTime::from_unix(1_500_000_000 + i64::from(seed) * 86_413, 0, 15)),
        mode: Some(0o640 + seed % 8),
        uid: Some(1000 + seed),
        gid: Some(100),
    }
}
