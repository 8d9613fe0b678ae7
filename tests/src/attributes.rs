//! Permissions, owners, times, numbers of links and devices: put into an image, and seen by others.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use nix::sys::stat::{SFlag, major, minor};

use crate::guest::{Guest, Kind};
use crate::oracle::View;
use crate::run::{command, output, tail};
use crate::scripts;

/// busybox and file systems.
const GUEST: Kind = Kind {
    name: "scripts",
    init: "script-init.sh",
    modules: "virtio_pci virtio_blk virtio_console isofs udf nls_utf8 nls_iso8859-1",
    built: None,
    programs: &[],
    suite: None,
    memory: 512,
};

/// What stands in an inode.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attributes {
    /// Type and permissions, as `st_mode`.
    pub mode: u32,
    /// How many names it has; 0 for a directory, whose number differs from file system to file system.
    pub links: u64,
    pub owner: u32,
    pub group: u32,
    /// Seconds since 1970; 0 for a symbolic link.
    pub modified: i64,
    /// Major and minor number of a device.
    pub device: Option<(u64, u64)>,
}

/// By path.
pub type Inodes = BTreeMap<String, Attributes>;

const DIRECTORY: u32 = SFlag::S_IFDIR.bits();
const LINK: u32 = SFlag::S_IFLNK.bits();
const TYPE: u32 = SFlag::S_IFMT.bits();

impl Attributes {
    pub(crate) fn new(mode: u32, links: u64, owner: u32, group: u32, modified: i64) -> Self {
        let links = if mode & TYPE == DIRECTORY { 0 } else { links };
        let modified = if mode & TYPE == LINK { 0 } else { modified };
        Self { mode, links, owner, group, modified, device: None }
    }
}

/// What stands in `folder`.
pub fn of_folder(folder: &Path) -> Result<Inodes> {
    let mut inodes = Inodes::new();
    for item in walkdir::WalkDir::new(folder).min_depth(1) {
        let item = item?;
        let found = item.path().symlink_metadata()?;
        let mut attributes =
            Attributes::new(found.mode(), found.nlink(), found.uid(), found.gid(), found.mtime());
        if found.file_type().is_block_device() || found.file_type().is_char_device() {
            let device = found.rdev();
            attributes.device = Some((major(device), minor(device)));
        }
        let path = item.path().strip_prefix(folder)?.to_string_lossy().into_owned();
        inodes.insert(path, attributes);
    }
    Ok(inodes)
}

/// What Linux sees of an image in each of the views.
pub fn seen_by_linux(image: &Path, views: &[View]) -> Result<Vec<Inodes>> {
    let mut script = "mkdir /mnt\n".to_owned();
    for view in views {
        let kind = if *view == View::Udf { "udf" } else { "iso9660" };
        script += &format!(
            "step 'mount {view}' 60 mount -t {kind} -o ro /dev/vdb /mnt\n\
             step '{view}' 60 sh -c \"cd /mnt && find . -mindepth 1 -exec stat -c '%f|%h|%u|%g|%Y|%t|%T|%n' {{}} +\"\n\
             umount /mnt\n"
        );
    }
    let report = scripts::run(&Guest::prepare(&GUEST)?, &script, &[image], |_| {})?;
    let seen = |view: &View| {
        report.step(&format!("mount {view}"))?.succeeded()?;
        let step = report.step(view.name())?;
        step.succeeded()?;
        step.said.iter().map(|line| stat_line(line).with_context(|| line.clone())).collect()
    };
    views.iter().map(seen).collect()
}

/// `mode|links|owner|group|modified|major|minor|path`, mode and device in hexadecimal.
fn stat_line(line: &str) -> Result<(String, Attributes)> {
    let fields: Vec<&str> = line.splitn(8, '|').collect();
    let [mode, links, owner, group, modified, major, minor, path] = fields[..] else {
        bail!("too few fields")
    };
    let mut attributes = Attributes::new(
        u32::from_str_radix(mode, 16)?,
        links.parse()?,
        owner.parse()?,
        group.parse()?,
        modified.parse()?,
    );
    let kind = SFlag::from_bits_truncate(attributes.mode & TYPE);
    if kind == SFlag::S_IFBLK || kind == SFlag::S_IFCHR {
        attributes.device =
            Some((u64::from_str_radix(major, 16)?, u64::from_str_radix(minor, 16)?));
    }
    Ok((path.trim_start_matches("./").to_owned(), attributes))
}

/// What libarchive reads of Rock Ridge, by bsdtar's list for mtree.
pub fn seen_by_libarchive(image: &Path) -> Result<Inodes> {
    let mut bsdtar = command("bsdtar");
    bsdtar.args(["-c", "-f", "-", "--format=mtree"]);
    bsdtar.args(["--options", "!all,type,mode,nlink,uid,gid,time,device"]);
    bsdtar.env("TAR_READER_OPTIONS", "iso9660:!joliet").arg(format!("@{}", image.display()));
    let done = output(&mut bsdtar, Duration::from_secs(60))?;
    ensure!(done.status.success() && done.stderr.is_empty(), "bsdtar: {}", tail(&done.stderr));
    let mut inodes = Inodes::new();
    for line in done.text().lines().filter(|line| line.starts_with("./")) {
        let (path, attributes) = mtree_line(line).with_context(|| line.to_owned())?;
        inodes.insert(path, attributes);
    }
    Ok(inodes)
}

/// A path with its bytes beyond printable ASCII as `\040`.
fn from_octal(path: &str) -> Result<String> {
    let mut bytes = Vec::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('\\') {
        let (code, after) = after.split_at_checked(3).context("a cut code")?;
        bytes.extend_from_slice(before.as_bytes());
        bytes.push(u8::from_str_radix(code, 8)?);
        rest = after;
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(String::from_utf8(bytes)?)
}

/// `./three\040names nlink=3 time=1.0 mode=644 gid=0 uid=0 type=file`.
fn mtree_line(line: &str) -> Result<(String, Attributes)> {
    let mut words = line.split(' ');
    let path = from_octal(words.next().context("no path")?.trim_start_matches("./"))?;
    let values: BTreeMap<&str, &str> = words.filter_map(|word| word.split_once('=')).collect();
    let value = |key: &str| values.get(key).copied().with_context(|| format!("no {key}"));
    let kind = match value("type")? {
        "dir" => SFlag::S_IFDIR,
        "file" => SFlag::S_IFREG,
        "link" => SFlag::S_IFLNK,
        "fifo" => SFlag::S_IFIFO,
        "socket" => SFlag::S_IFSOCK,
        "block" => SFlag::S_IFBLK,
        "char" => SFlag::S_IFCHR,
        other => bail!("type {other}?"),
    };
    let time = value("time")?.split('.').next().unwrap_or_default().parse()?;
    let mode = u32::from_str_radix(value("mode")?, 8)? | kind.bits();
    // One name is not worth a word to it.
    let links = values.get("nlink").map_or(Ok(1), |links| links.parse())?;
    let mut attributes =
        Attributes::new(mode, links, value("uid")?.parse()?, value("gid")?.parse()?, time);
    if kind == SFlag::S_IFBLK || kind == SFlag::S_IFCHR {
        let device = value("device")?.rsplit(',');
        let numbers: Vec<u64> = device.map_while(|number| number.parse().ok()).collect();
        let [minor, major] = numbers[..] else { bail!("not a device") };
        attributes.device = Some((major, minor));
    }
    Ok((path, attributes))
}

/// Whether Linux reads an inode as it is recorded: its driver of ISO 9660 holds times in 32 bits with a sign.
pub fn is_known_to_linux(view: View, inode: &Attributes) -> bool {
    view == View::Udf || i32::try_from(inode.modified).is_ok()
}

/// Whether libarchive reads an inode as it is recorded: it takes both halves of a device number for one `dev_t` of 64 bits,
/// Linux takes them for major and minor number. Those agree on numbers of 8 bits.
pub fn is_known_to_libarchive(inode: &Attributes) -> bool {
    inode.device.is_none_or(|(major, minor)| major.max(minor) <= 0xff)
}

/// A line for each path at which two do not agree, but for those whose inode the reader does not know.
pub fn differences(
    expected: &Inodes,
    seen: &Inodes,
    is_known: impl Fn(&Attributes) -> bool,
) -> Vec<String> {
    let paths: BTreeSet<&String> = expected.keys().chain(seen.keys()).collect();
    paths
        .into_iter()
        .filter(|path| expected.get(*path).is_none_or(&is_known))
        .filter(|path| expected.get(*path) != seen.get(*path))
        .map(|path| format!("{path}: expected {:?}, seen {:?}", expected.get(path), seen.get(path)))
        .collect()
}
