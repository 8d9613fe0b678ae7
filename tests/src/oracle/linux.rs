//! Linux: Debian's kernel with a busybox root, in QEMU without hardware acceleration, mounts the image as a CD-ROM.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use super::{Seen, View};
use crate::cache;
use crate::guest::{Guest, Kind, answered};
use crate::manifest::Entry;

/// The guest that reads, and fills volumes.
pub(super) const READER: Kind = Kind {
    name: "root",
    init: "guest-init.sh",
    modules: "virtio_pci virtio_scsi virtio_blk virtio_console sr_mod isofs udf nls_utf8 nls_iso8859-1",
    built: None,
    programs: &[],
    suite: None,
    memory: 768,
};

/// What the kernel saw of one image.
#[derive(Debug)]
pub struct Linux {
    /// Its release.
    pub release: String,
    /// Every view that it was asked to mount; an error is why it would not.
    pub views: BTreeMap<View, Result<Seen, String>>,
}

/// Files larger than this are read in parts: under emulation a whole 5 GiB takes half an hour.
pub(super) const WHOLE_UP_TO: u64 = 64 << 20;
/// The parts of a larger file: this many bytes from its start, before its end, and on both sides of every GiB.
const PART: u64 = 1 << 20;

/// Boots Linux with `image` in its drive and reads `views`. A link in `seen` keeps its target; files over [`WHOLE_UP_TO`]
/// come as [`Entry::Unread`], their parts are compared with `source` here.
pub fn mount_all(image: &Path, views: &[View], source: &Path) -> Result<Linux> {
    let guest = Guest::prepare(&READER)?;
    let scratch = cache::scratch()?;
    let answer = scratch.path().join("answer");
    let names: Vec<&str> = views.iter().map(|view| view.name()).collect();
    let task = format!("views={} whole={WHOLE_UP_TO} part={PART}", names.join(","));
    let mut qemu = guest.machine(&task, &answer)?;
    qemu.args(["-device", "virtio-scsi-pci", "-device", "scsi-cd,drive=disc", "-drive"]);
    qemu.arg(format!(
        "if=none,id=disc,file={},format=raw,readonly=on,file.locking=off",
        image.display()
    ));
    let text = answered(&mut qemu, &answer)?;
    read_answer(&text, views, source)
}

/// One view while its lines come in.
#[derive(Default)]
struct Answer {
    hashes: BTreeMap<String, [u8; 32]>,
    parts: Vec<(u64, u64, [u8; 32], String)>,
    seen: Seen,
    refused: Option<String>,
}

fn read_answer(text: &str, views: &[View], source: &Path) -> Result<Linux> {
    let mut lines = text.lines();
    let release = lines
        .next()
        .and_then(|line| line.strip_prefix("kernel "))
        .context("no greeting from the guest")?;
    let mut linux = Linux { release: release.to_owned(), views: BTreeMap::new() };
    let mut current: Option<(View, Answer)> = None;
    for line in lines {
        let Some((kind, rest)) = line.split_once(' ') else { continue };
        if kind == "view" {
            let view = views
                .iter()
                .find(|view| view.name() == rest)
                .with_context(|| format!("view {rest}?"))?;
            finish(&mut linux, current.replace((*view, Answer::default())), source)?;
        } else if let Some((view, answer)) = &mut current {
            take(*view, answer, kind, rest).with_context(|| format!("the guest says {line:?}"))?;
        }
    }
    finish(&mut linux, current, source)?;
    Ok(linux)
}

fn take(view: View, answer: &mut Answer, kind: &str, rest: &str) -> Result<()> {
    match kind {
        "hash" => {
            let (hash, path) = rest.split_once("  ").context("no path")?;
            answer.hashes.insert(shown(view, path), unhex(hash)?);
        }
        "part" => {
            let mut words = rest.splitn(4, ' ');
            let mut word = || words.next().context("too short");
            let (start, length, hash) = (word()?.parse()?, word()?.parse()?, unhex(word()?)?);
            answer.parts.push((start, length, hash, shown(view, word()?)));
        }
        "entry" => entry(view, answer, rest)?,
        "refused" => answer.refused = Some(rest.to_owned()),
        "complaint" => answer.seen.complaints.push(rest.to_owned()),
        _ => bail!("unknown line"),
    }
    Ok(())
}

/// `type|size|path` or, for a link, `symbolic link|size|path|target`.
fn entry(view: View, answer: &mut Answer, rest: &str) -> Result<()> {
    let mut fields = rest.splitn(3, '|');
    let mut field = || fields.next().context("too short");
    let (kind, size, path) = (field()?, field()?.parse::<u64>()?, field()?);
    let entry = match kind {
        "directory" => Entry::Directory,
        "symbolic link" => {
            let (path, target) = path.split_once("|").context("no target")?;
            let target = Entry::Link { target: target.to_owned() };
            answer.seen.manifest.add(shown(view, path), target);
            return Ok(());
        }
        _ => {
            let path = shown(view, path);
            match answer.hashes.get(&path) {
                Some(sha256) => Entry::File { size, sha256: *sha256 },
                None => Entry::Unread { size },
            }
        }
    };
    answer.seen.manifest.add(shown(view, path), entry);
    Ok(())
}

/// The path as other programs show it.
fn shown(view: View, path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    if view != View::Plain {
        return path.to_owned();
    }
    let part = |part: &str| {
        let part = part.rsplit_once(';').map_or(part, |(name, _)| name);
        part.strip_suffix('.').unwrap_or(part).to_owned()
    };
    let parts: Vec<String> = path.split('/').map(part).collect();
    parts.join("/")
}

fn finish(linux: &mut Linux, done: Option<(View, Answer)>, source: &Path) -> Result<()> {
    let Some((view, mut answer)) = done else { return Ok(()) };
    check_parts(&mut answer, source)?;
    let unread: Vec<String> =
        answer.seen.manifest.entries.iter().filter_map(unread_small).collect();
    answer.seen.complaints.extend(unread);
    linux.views.insert(view, answer.refused.map_or(Ok(answer.seen), Err));
    Ok(())
}

fn unread_small((path, entry): (&String, &Entry)) -> Option<String> {
    matches!(entry, Entry::Unread { size } if *size <= WHOLE_UP_TO)
        .then(|| format!("{path}: not readable"))
}

/// Compares the parts of large files with the file of the same name in the source, upper or lower case.
fn check_parts(answer: &mut Answer, source: &Path) -> Result<()> {
    for (start, length, sha256, path) in &answer.parts {
        let Some(original) = find_ignoring_case(source, path) else {
            answer.seen.complaints.push(format!("{path}: a large file that the source has not"));
            continue;
        };
        if part_of(&original, *start, *length)? != *sha256 {
            answer.seen.complaints.push(format!("{path}: {length} bytes from {start} differ"));
        }
    }
    Ok(())
}

fn find_ignoring_case(source: &Path, path: &str) -> Option<PathBuf> {
    let exact = source.join(path);
    if exact.is_file() {
        return Some(exact);
    }
    let mut at = source.to_path_buf();
    for part in path.split('/') {
        let same =
            |item: &fs::DirEntry| item.file_name().to_string_lossy().eq_ignore_ascii_case(part);
        at = fs::read_dir(at).ok()?.filter_map(Result::ok).find(same)?.path();
    }
    Some(at)
}

fn part_of(path: &Path, start: u64, length: u64) -> Result<[u8; 32]> {
    use std::io::{Read, Seek, SeekFrom};
    let mut file =
        fs::File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    file.seek(SeekFrom::Start(start))?;
    match crate::manifest::file(&mut file.take(length))? {
        Entry::File { sha256, .. } => Ok(sha256),
        other => bail!("{} gave {other}", path.display()),
    }
}

fn unhex(text: &str) -> Result<[u8; 32]> {
    let mut hash = [0; 32];
    ensure!(text.len() == 64 && text.is_ascii(), "not a SHA-256: {text}");
    for (index, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16)?;
    }
    Ok(hash)
}
