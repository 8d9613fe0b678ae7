//! The Rust toolchain's own documentation: tens of thousands of real files in real folders.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::many_folders;
use crate::cache;
use crate::run::{command, output};

/// Fewer files than this, and it is not the documentation.
const PLENTY: usize = 20_000;

/// Where the folder is, and where it came from.
#[derive(Debug)]
pub struct Documentation {
    pub folder: PathBuf,
    pub origin: &'static str,
}

/// Finds the documentation, installs it when rustup may, and makes a tree of the same extent when neither is possible.
pub fn documentation() -> Result<Documentation> {
    if let Some(folder) = installed()? {
        return Ok(Documentation { folder, origin: "the toolchain's documentation" });
    }
    let added =
        output(command("rustup").args(["component", "add", "rust-docs"]), Duration::from_secs(600));
    if added.is_ok_and(|output| output.status.success())
        && let Some(folder) = installed()?
    {
        let origin = "the toolchain's documentation, installed just now";
        return Ok(Documentation { folder, origin });
    }
    let folder = cache::folder("corpus")?.join("like documentation");
    if !folder.exists() {
        many_folders(&folder, 400, 100)?;
    }
    Ok(Documentation { folder, origin: "generated: rustup could not add rust-docs" })
}

fn installed() -> Result<Option<PathBuf>> {
    let found = output(command("rustc").args(["--print", "sysroot"]), Duration::from_secs(60))?;
    ensure!(found.status.success(), "rustc --print sysroot failed: {}", found.stderr);
    let folder = PathBuf::from(found.text().trim()).join("share/doc");
    if !folder.is_dir() {
        return Ok(None);
    }
    let mut files = 0;
    for item in walkdir::WalkDir::new(&folder) {
        let item = item.context("cannot list the documentation")?;
        files += usize::from(item.file_type().is_file());
    }
    Ok((files >= PLENTY).then_some(folder))
}
