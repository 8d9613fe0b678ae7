//! A folder of everything that breaks image writers.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::{Context, Result};

use super::{directory, noise, write};

/// What to put in, so that the same folder can be made for readers and tests that cannot take all of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Hard {
    /// The length of the largest file; over 4 GiB it needs several extents in ISO 9660.
    pub large: Option<u64>,
    pub links: bool,
    /// How many files the fullest directory holds.
    pub crowd: usize,
}

impl Hard {
    pub const FULL: Self = Self { large: Some(5 << 30), links: true, crowd: 3000 };
    /// Without the file that takes minutes to read through every reader.
    pub const QUICK: Self = Self { large: Some(3 << 20), links: true, crowd: 300 };
}

/// The folder with names that need surrogate pairs.
pub const BEYOND_UCS_2: &str = "beyond the basic plane";

/// Fills `folder`.
pub fn hard(folder: &Path, what: Hard) -> Result<()> {
    sizes(&folder.join("sizes"))?;
    names(&folder.join("names"))?;
    collisions(&folder.join("collisions"))?;
    depth(folder)?;
    crowd(&folder.join("crowd"), what.crowd)?;
    directory(&folder.join("empty folder"))?;
    if what.links {
        links(&folder.join("links"))?;
    }
    what.large.map_or(Ok(()), |length| large(&folder.join("large.bin"), length))
}

/// Lengths around the block and around what a directory or an allocation descriptor holds.
fn sizes(folder: &Path) -> Result<()> {
    for length in [0, 1, 2047, 2048, 2049, 4096, 65_537, 1_000_003] {
        write(&folder.join(format!("{length:07}.bin")), &noise(length as u64 + 1, length))?;
    }
    write(&folder.join("empty file"), &[])
}

fn names(folder: &Path) -> Result<()> {
    let long = |unit: &str, count: usize| format!("{}.txt", unit.repeat(count));
    let names = [
        format!("{}.text", "x".repeat(195)),
        format!("{}.text", "\u{e9}".repeat(100)),
        long("e", 27),
        long("f", 60),
        long("g", 61),
        long("h", 99),
        long("i", 100),
        long("\u{65e5}", 60),
        "\u{65e5}\u{672c}\u{8a9e}\u{306e}\u{30d5}\u{30a1}\u{30a4}\u{30eb}.txt".to_owned(),
        "\u{d55c}\u{ad6d}\u{c5b4}".to_owned(),
        "na\u{ef}ve \u{df} \u{20ac}.txt".to_owned(),
        "decomposed e\u{301}.txt".to_owned(),
        "with spaces  and   more.t x t".to_owned(),
        " leading space".to_owned(),
        "trailing space ".to_owned(),
        "trailing dot.".to_owned(),
        "trailing dots...".to_owned(),
        ".hidden".to_owned(),
        "..two leading".to_owned(),
        "many.dots.in.one.name.tar.gz".to_owned(),
        "no extension but dot at 30 ch.".to_owned(),
        "semicolon;1".to_owned(),
        "semi;colon;2.txt".to_owned(),
        "star * question ? colon : back \\ slash.txt".to_owned(),
        "quotes \" ' < > |.txt".to_owned(),
        "percent %41 plus + tilde ~1.txt".to_owned(),
        "-starts-with-dash".to_owned(),
        "UPPER.TXT".to_owned(),
        "README".to_owned(),
    ];
    for (seed, name) in (1000..).zip(&names) {
        write(&folder.join(name), &noise(seed, 100 + name.len()))?;
    }
    let folders =
        ["folder with.dot", "folder; semicolon", "\u{30d5}\u{30a9}\u{30eb}\u{30c0}", "FOLDER"];
    for (seed, name) in (2000..).zip(folders) {
        write(&folder.join(name).join("inside"), &noise(seed, 50))?;
    }
    // Apart, since a reader of UCS-2 cannot list the folder.
    let emoji = folder.join(BEYOND_UCS_2).join("\u{1f600} emoji \u{1f4bf}\u{fe0f}.txt");
    write(&emoji, &noise(2050, 52))?;
    write(&folder.join("d".repeat(200)).join("inside"), &noise(2100, 51))
}

/// Names that become one in 8.3, in upper case, or once cut to 31 or 64 characters.
fn collisions(folder: &Path) -> Result<()> {
    for index in 0..130_u64 {
        let name = format!("colliding-{index}.text");
        write(&folder.join(name), &noise(3000 + index, 20))?;
    }
    for (seed, name) in
        (3200..).zip(["Case.txt", "case.txt", "CASE.TXT", "cAsE.TxT", "CASE.TXT~1", "CASE~1.TXT"])
    {
        write(&folder.join(name), &noise(seed, 21))?;
    }
    for (seed, tail) in (3300..).zip(["a", "b", "c"]) {
        write(&folder.join(format!("{}{tail}.dat", "same start ".repeat(10))), &noise(seed, 22))?;
    }
    for (seed, name) in (3400..).zip(["same.name", "same.nam", "SAME.NAME", "same_nam.e"]) {
        write(&folder.join("folders").join(name).join("x"), &noise(seed, 23))?;
    }
    Ok(())
}

/// Twelve directories deep, with a file in each, and another branch that parts at the eighth.
fn depth(folder: &Path) -> Result<()> {
    let mut at = folder.join("deep");
    for level in 1..=12_u64 {
        at = at.join(format!("level {level:02}"));
        write(&at.join("here.txt"), &noise(4000 + level, 40))?;
        if level == 8 {
            write(&at.join("side branch/and below/here.txt"), &noise(4100, 41))?;
        }
    }
    directory(&at.join("empty at the end"))
}

fn crowd(folder: &Path, count: usize) -> Result<()> {
    for index in 0..count {
        let name = format!("one of many files, number {index:05}.html");
        write(&folder.join(name), &noise(10_000 + index as u64, index % 70))?;
    }
    Ok(())
}

#[cfg(unix)]
fn links(folder: &Path) -> Result<()> {
    use std::os::unix::fs::symlink;
    directory(folder)?;
    let component = "a component of some length";
    let targets = [
        ("relative", "../sizes/0002049.bin".to_owned()),
        ("absolute", "/sizes/0002049.bin".to_owned()),
        ("to folder", "../empty folder".to_owned()),
        ("dangling", "no/such/thing".to_owned()),
        ("dots", "./../links/./relative".to_owned()),
        ("to parent", "..".to_owned()),
        ("unicode", "../names/\u{65e5}\u{672c}\u{8a9e}".to_owned()),
        // Longer than one System Use field, one continuation area, and one component field can hold (RRIP 4.1.3).
        ("long", vec![component; 35].join("/")),
        // 254 bytes and their compression identifier are the most that UDF keeps of a component (ECMA-167 4/14.16.1.2).
        ("long component", format!("../{}/{}", "n".repeat(249), "m".repeat(254))),
        ("very long", format!("/{}", vec!["p".repeat(100); 15].join("/"))),
    ];
    for (name, target) in targets {
        symlink(&target, folder.join(name)).with_context(|| format!("cannot link {name}"))?;
    }
    let long = format!("{} link with a long name too", "l".repeat(200));
    symlink(vec![component; 20].join("/"), folder.join(long)).context("cannot link")
}

#[cfg(not(unix))]
fn links(folder: &Path) -> Result<()> {
    directory(folder)
}

/// A file that is mostly holes on disk, with bytes of its own at the start, at the end, and on both sides of every GiB and of
/// the places where ISO 9660 and UDF extents end.
fn large(path: &Path, length: u64) -> Result<()> {
    const AROUND: u64 = 3000;
    let failed = || format!("cannot write {}", path.display());
    let mut file = File::create(path).with_context(failed)?;
    file.set_len(length).with_context(failed)?;
    let gibibytes = (1..=length >> 30).map(|index| index << 30);
    let extents = [
        (1 << 32) - 2048,
        (1 << 30) - 2048,
        2 * ((1 << 30) - 2048),
        4 * ((1 << 30) - 2048),
        length,
    ];
    for (seed, boundary) in (5000..).zip(gibibytes.chain(extents).chain([0])) {
        let start = boundary.saturating_sub(AROUND);
        let end = (boundary + AROUND).min(length);
        if start < end {
            file.seek(SeekFrom::Start(start)).with_context(failed)?;
            file.write_all(&noise(seed, (end - start) as usize)).with_context(failed)?;
        }
    }
    Ok(())
}
