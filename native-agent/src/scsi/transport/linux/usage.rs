//! Who uses a drive: mounts, and programs that have it open.

use std::{
    ffi::OsString,
    fs,
    os::unix::{
        ffi::OsStringExt,
        fs::{FileTypeExt, MetadataExt},
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{super::Holder, super::OpenError, node::Node};

/// Programs named in an error; more say nothing more.
const MAX_PROGRAMS: usize = 3;

/// Where the disc in a drive is mounted, as this process sees it.
#[derive(Debug, Default)]
pub(super) struct Mounts(Vec<PathBuf>);

impl Mounts {
    /// The mounts of a block device.
    pub(super) fn of(number: u64) -> Self {
        let table = fs::read("/proc/self/mountinfo").unwrap_or_default();
        Self(mounted_from(&table, (rustix::fs::major(number), rustix::fs::minor(number))))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Unmounts with the means of an ordinary user: udisks asks polkit, which lets whoever sits at the machine; umount
    /// lets root, and others what fstab says. Neither unmounts what is in use. What came of it shows in the mounts.
    pub(super) fn unmount(&self, block: &Path) {
        let mut udisks = Command::new("udisksctl");
        udisks.args(["unmount", "--no-user-interaction", "--block-device"]).arg(block);
        if succeeds(udisks) {
            tracing::info!("unmounted {}", block.display());
            return;
        }
        // The last mount lies on top.
        for place in self.0.iter().rev() {
            let mut umount = Command::new("umount");
            umount.arg("--").arg(place);
            if succeeds(umount) {
                tracing::info!("unmounted {} from {}", block.display(), place.display());
            }
        }
    }
}

fn succeeds(mut command: Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The error that names all who use a drive.
pub(super) fn in_use(path: &Path, mounts: Mounts, node: &Node) -> OpenError {
    let mounts = mounts.0.into_iter().map(Holder::Mount);
    let programs = programs_with(Path::new("/proc"), &node.numbers());
    OpenError::InUse { path: path.to_owned(), by: mounts.chain(programs).collect() }
}

/// The mount points of a device in the text of `/proc/PID/mountinfo` (proc_pid_mountinfo(5)).
fn mounted_from(table: &[u8], (major, minor): (u32, u32)) -> Vec<PathBuf> {
    let number = format!("{major}:{minor}");
    let place = |line: &[u8]| {
        let mut fields = line.split(|byte| *byte == b' ');
        let found = fields.nth(2)? == number.as_bytes();
        let place = fields.nth(1)?;
        found.then(|| PathBuf::from(OsString::from_vec(unescaped(place))))
    };
    table.split(|byte| *byte == b'\n').filter_map(place).collect()
}

/// Space, tab, line feed and backslash are written as a backslash and three octal digits.
fn unescaped(field: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(field.len());
    let mut rest = field;
    while let [first, tail @ ..] = rest {
        let octal = |digit: u8| (b'0'..=b'7').contains(&digit);
        match rest {
            [b'\\', a @ b'0'..=b'3', b, c, after @ ..] if octal(*b) && octal(*c) => {
                out.push(((a - b'0') << 6) | ((b - b'0') << 3) | (c - b'0'));
                rest = after;
            }
            _ => {
                out.push(*first);
                rest = tail;
            }
        }
    }
    out
}

/// The programs that have one of these devices open. Those of other users show only to root.
fn programs_with(proc: &Path, numbers: &[u64]) -> Vec<Holder> {
    let Ok(entries) = fs::read_dir(proc) else { return Vec::new() };
    let program = |entry: fs::DirEntry| {
        let process = entry.file_name().to_str()?.parse().ok()?;
        let mut files = fs::read_dir(entry.path().join("fd")).ok()?.flatten();
        files.any(|file| is_one_of(&file.path(), numbers)).then(|| {
            let name = fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
            Holder::Program { name: name.trim_end().to_owned(), process }
        })
    };
    entries.flatten().filter_map(program).take(MAX_PROGRAMS).collect()
}

fn is_one_of(file: &Path, numbers: &[u64]) -> bool {
    fs::metadata(file).is_ok_and(|metadata| {
        let kind = metadata.file_type();
        (kind.is_block_device() || kind.is_char_device()) && numbers.contains(&metadata.rdev())
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    const TABLE: &[u8] = br"22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
97 22 11:0 / /media/me/My\040Disc\0111 ro,nosuid,nodev shared:56 - udf /dev/sr0 ro,utf8
98 22 11:0 /sub /mnt/back\134slash\09x ro - udf /dev/sr0 ro
99 22 111:0 / /mnt/other rw - ext4 /dev/x rw

short 1 11:0
";

    #[test]
    fn mount_points_are_found_and_unescaped() {
        let found = mounted_from(TABLE, (11, 0));
        let expected = ["/media/me/My Disc\t1", r"/mnt/back\slash\09x"].map(PathBuf::from);
        assert_eq!(found, expected);
        assert!(mounted_from(TABLE, (11, 1)).is_empty());
        assert_eq!(unescaped(br"\"), br"\");
        assert_eq!(unescaped(br"\777"), br"\777", "not a byte");
    }

    #[test]
    fn the_mounts_of_this_process_can_be_read() {
        let root = fs::metadata("/proc").unwrap().dev();
        assert!(Mounts::of(root).0.contains(&PathBuf::from("/proc")));
    }

    #[test]
    fn programs_that_have_a_device_open_are_named() {
        let proc = tempfile::tempdir().unwrap();
        for (process, name, file) in [("7", "k3b\n", "/dev/null"), ("8", "sh\n", "/dev/zero")] {
            let fd = proc.path().join(process).join("fd");
            fs::create_dir_all(&fd).unwrap();
            fs::write(proc.path().join(process).join("comm"), name).unwrap();
            symlink(file, fd.join("3")).unwrap();
        }
        fs::create_dir(proc.path().join("self")).unwrap();
        let null = rustix::fs::makedev(1, 3);
        let expected = [Holder::Program { name: "k3b".into(), process: 7 }];
        assert_eq!(programs_with(proc.path(), &[null]), expected);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(table: Vec<u8>) {
            let _ = mounted_from(&table, (11, 0));
        }
    }
}
