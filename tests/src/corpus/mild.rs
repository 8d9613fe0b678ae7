//! A folder that every image writer can hold, whatever its age: to try the readers with.

use std::path::Path;

use anyhow::Result;

use super::{directory, noise, write};

/// Fills `folder`: seven directories deep, no name over 60 characters, links of a few components.
pub fn mild(folder: &Path) -> Result<()> {
    let files = [
        ("HELLO.TXT", 6),
        ("sizes/empty file", 0),
        ("sizes/one block.bin", 2048),
        ("sizes/one more.bin", 2049),
        ("sizes/large.bin", 3_000_001),
        ("names/A rather long name with spaces and Mixed Case.text", 40),
        ("names/na\u{ef}ve caf\u{e9}.txt", 41),
        ("names/\u{65e5}\u{672c}\u{8a9e}.txt", 42),
        ("names/two.dots.here", 43),
        ("names/.hidden", 44),
        ("a/b/c/d/e/f/deep.txt", 45),
    ];
    for (seed, (path, length)) in (1..).zip(files) {
        write(&folder.join(path), &noise(seed, length))?;
    }
    for index in 0..150 {
        write(&folder.join(format!("crowd/one of many {index:03}.dat")), &noise(100 + index, 30))?;
    }
    directory(&folder.join("empty folder"))?;
    links(&folder.join("links"))
}

#[cfg(unix)]
fn links(folder: &Path) -> Result<()> {
    directory(folder)?;
    std::os::unix::fs::symlink("../HELLO.TXT", folder.join("relative"))?;
    std::os::unix::fs::symlink("/no/such/thing", folder.join("absolute"))?;
    Ok(())
}

#[cfg(not(unix))]
fn links(folder: &Path) -> Result<()> {
    directory(folder)
}
