//! All that is measured.

use std::path::{Path, PathBuf};

use anyhow::Result;
use tests::image::{Maker, Wanted};
use tests::oracle::View;
use tests::{cache, corpus};

use crate::goals::{
    A_SECOND, AS_CP, AS_NATIVE, CHEAP_SUMS, CHEAPEST, FASTEST, Goal, LITTLE_PROCESSOR, MODEST,
    NO_UNDERRUN, SMALL_PLAN, SOON_PLANNED, SUSTAINED,
};
use crate::planning::How;
use crate::program::{Makes, Program};
use crate::say;

/// One folder, and what is made of it.
pub(crate) struct Job {
    pub(crate) name: &'static str,
    pub(crate) folder: fn() -> Result<PathBuf>,
    pub(crate) programs: &'static [Program],
    pub(crate) goals: &'static [Goal],
}

/// With 8.3 names, which every system can read and which are the dearest to find.
const LEGACY: Wanted = Wanted {
    views: &[View::Plain, View::RockRidge, View::Joliet],
    iso_level: 1,
    more: &[],
    form: None,
};
const EVERYTHING: Wanted = Wanted { views: &View::ALL, iso_level: 1, more: &[], form: None };
/// Files over 4 GiB are for level 3.
const LARGE: Wanted = Wanted { iso_level: 3, ..LEGACY };

const CHECKSUMS: &[&str] = &["--checksums"];

const fn with(wanted: Wanted, more: &'static [&'static str]) -> Wanted {
    Wanted { more, ..wanted }
}

const fn discwright(name: &'static str, wanted: Wanted) -> Program {
    Program::image(name, Maker::Discwright, wanted)
}

const fn genisoimage(name: &'static str, wanted: Wanted) -> Program {
    Program::image(name, Maker::Genisoimage, wanted)
}

const fn xorriso(wanted: Wanted) -> Program {
    Program::image("xorriso", Maker::Xorriso, wanted)
}

const fn hadris(wanted: Wanted) -> Program {
    Program::image("hadris", Maker::Hadris, wanted)
}

pub(crate) const JOBS: &[Job] = &[
    Job {
        name: "100,000 small files in 1,000 folders",
        folder: many,
        programs: &[
            discwright("discwright", LEGACY),
            genisoimage("genisoimage", LEGACY),
            xorriso(LEGACY),
            hadris(LEGACY),
            discwright("discwright, UDF too", EVERYTHING),
            genisoimage("genisoimage, UDF too", EVERYTHING),
        ],
        goals: &[FASTEST, CHEAPEST, MODEST],
    },
    Job {
        name: "50,000 files in one folder, one and the same name in 8.3",
        folder: || ready("colliding", |path| corpus::colliding(path, 50_000)),
        programs: &[
            discwright("discwright", LEGACY),
            genisoimage("genisoimage", LEGACY),
            xorriso(LEGACY),
            hadris(LEGACY),
            discwright("discwright, UDF too", EVERYTHING),
        ],
        goals: &[A_SECOND, MODEST],
    },
    Job {
        name: "one file of 8 GiB",
        folder: eight,
        programs: &[
            discwright("discwright", LARGE),
            Program::new("cp", Makes::Copy),
            genisoimage("genisoimage", LARGE),
            xorriso(LARGE),
            hadris(LARGE),
        ],
        // More than may wait in memory, less than has to: when the system stops whom is chance. What follows has both ends.
        goals: &[AS_CP, MODEST],
    },
    Job {
        name: "checksums of 2 GiB in one file",
        folder: || ready("two", |path| corpus::one_large(path, 2048)),
        programs: &[
            discwright("discwright", LARGE),
            discwright("discwright, checksums", with(LARGE, CHECKSUMS)),
            discwright("discwright, MD5", with(LARGE, &["--checksums=md5"])),
            discwright("discwright, SHA-256", with(LARGE, &["--checksums=sha256"])),
            discwright("discwright, isomd5", with(LARGE, &["--checksums=isomd5"])),
            Program::new("cp", Makes::Copy),
            Program::new("openssl md5, one core", Makes::Sum(&["openssl", "md5"])),
            Program::new("md5sum, one core", Makes::Sum(&["md5sum"])),
            Program::new("openssl sha256, one core", Makes::Sum(&["openssl", "sha256"])),
            Program::new("sha256sum, one core", Makes::Sum(&["sha256sum"])),
        ],
        goals: &[AS_CP, CHEAP_SUMS, MODEST],
    },
    Job {
        name: "checksums of 8 GiB in one file, written through to the disk",
        folder: eight,
        programs: &[
            Program::new("discwright", Makes::Stored(LARGE)),
            Program::new("discwright, checksums", Makes::Stored(with(LARGE, CHECKSUMS))),
            Program::new("cp", Makes::StoredCopy),
        ],
        goals: &[AS_CP, CHEAP_SUMS, MODEST],
    },
    Job {
        name: "checksums of 100,000 small files",
        folder: many,
        programs: &[
            discwright("discwright", EVERYTHING),
            discwright("discwright, checksums", with(EVERYTHING, CHECKSUMS)),
            discwright("discwright, MD5", with(EVERYTHING, &["--checksums=md5"])),
            discwright("discwright, SHA-256", with(EVERYTHING, &["--checksums=sha256"])),
            discwright("discwright, isomd5", with(EVERYTHING, &["--checksums=isomd5"])),
        ],
        goals: &[CHEAP_SUMS, MODEST],
    },
    Job {
        name: "a BD-R at 16x, from a source that stalls for 2 s, with the other core busy",
        folder: || cache::folder("bench"),
        programs: &[Program::new("discwright, burning", Makes::Burn)],
        goals: &[SUSTAINED, NO_UNDERRUN, LITTLE_PROCESSOR],
    },
    Job {
        name: "planning 1,000,000 files in all four file systems, in memory",
        folder: || cache::folder("bench"),
        programs: &[Program::new("image-core", Makes::Plan(How::Once, 1_000_000))],
        goals: &[SOON_PLANNED, SMALL_PLAN],
    },
    Job {
        name: "planning 100,000 files in WebAssembly",
        folder: || cache::folder("bench"),
        programs: &[
            Program::new("image-core", Makes::Plan(How::Native, 100_000)),
            Program::new("WebAssembly, Node", Makes::Plan(How::Node, 100_000)),
            Program::new("WebAssembly, first plan", Makes::Plan(How::NodeOnce, 100_000)),
        ],
        goals: &[AS_NATIVE],
    },
];

fn many() -> Result<PathBuf> {
    ready("many", |path| corpus::many_folders(path, 1000, 100))
}

fn eight() -> Result<PathBuf> {
    ready("large", |path| corpus::one_large(path, 8192))
}

fn ready(name: &str, make: fn(&Path) -> Result<()>) -> Result<PathBuf> {
    let path = cache::folder("bench")?.join(name);
    if !path.exists() {
        say(&format!("making the folder {} ...\n", path.display()))?;
        make(&path)?;
    }
    Ok(path)
}
