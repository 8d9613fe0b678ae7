//! Archivers: bsdtar (libarchive) turned into a tar stream, 7-Zip extracted to disk.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

use super::xorriso::make_writable;
use super::{Seen, View};
use crate::cache;
use crate::manifest::{self, Entry, Manifest};
use crate::run::{command, limited, output, streaming, tail};

const LIMIT: Duration = Duration::from_secs(1800);

pub(super) fn bsdtar(image: &Path, view: View) -> Result<Seen> {
    let mut bsdtar = command("bsdtar");
    let options = match view {
        View::Plain => "iso9660:!rockridge,iso9660:!joliet",
        View::RockRidge => "iso9660:!joliet",
        _ => "iso9660:!rockridge",
    };
    bsdtar.env("TAR_READER_OPTIONS", options);
    bsdtar.args(["-c", "--format", "pax", "-f", "-"]).arg(format!("@{}", image.display()));
    let (manifest, status, stderr) = streaming(&mut bsdtar, LIMIT, tar_stream)?;
    let mut complaints: Vec<String> = stderr.lines().map(str::to_owned).collect();
    if !status.success() {
        complaints.push(status.to_string());
    }
    Ok(Seen { manifest, complaints })
}

fn tar_stream(stream: &mut dyn Read) -> Result<Manifest> {
    let mut manifest = Manifest::default();
    let mut archive = tar::Archive::new(stream);
    let mut hard_links = BTreeMap::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = text(&entry.path_bytes());
        let target = entry.link_name_bytes().map(|name| text(&name)).unwrap_or_default();
        let kind = entry.header().entry_type();
        let path = path.trim_start_matches("./").trim_end_matches('/').to_owned();
        if path.is_empty() || path == "." {
            continue;
        }
        if kind.is_dir() {
            manifest.add(path, Entry::Directory);
        } else if kind.is_symlink() {
            manifest.add(path, Entry::Link { target });
        } else if kind.is_hard_link() {
            hard_links.insert(path, target.trim_start_matches("./").to_owned());
        } else {
            let file = manifest::file(&mut entry).with_context(|| format!("cannot read {path}"))?;
            manifest.add(path, file);
        }
    }
    for (path, target) in hard_links {
        let entry = manifest
            .entries
            .get(&target)
            .with_context(|| format!("{path} is linked to {target}: not there"))?;
        manifest.add(path, entry.clone());
    }
    // What follows the end mark is read too, so that the writer is not cut off.
    io::copy(&mut archive.into_inner(), &mut io::sink())?;
    Ok(manifest)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub(super) fn seven_zip(image: &Path, view: View) -> Result<Seen> {
    let scratch = cache::scratch()?;
    let mut seven_zip = limited("7zz", 8);
    let format = if view == View::Udf { "-tudf" } else { "-tiso" };
    seven_zip
        .current_dir(scratch.path())
        .args(["x", "-snld", "-bso0", "-bsp0", "-y", format])
        .arg(image);
    let done = output(&mut seven_zip, LIMIT)?;
    let mut complaints: Vec<String> =
        done.stderr.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
    if !done.status.success() {
        complaints.push(format!("{}: {}", done.status, tail(&done.text())));
    }
    make_writable(scratch.path());
    Ok(Seen { manifest: Manifest::of_folder(scratch.path())?, complaints })
}
