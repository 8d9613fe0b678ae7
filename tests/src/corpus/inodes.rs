//! A folder of everything an inode can say.

use std::fs::{self, File, FileTimes};
use std::os::unix::fs::{PermissionsExt as _, lchown, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::Result;
use nix::sys::stat::{Mode, SFlag, makedev, mknod};
use nix::unistd::{Uid, mkfifo};

/// Fills `folder` with whatever inodes can be. Without root there are no devices, and all has one owner.
pub fn inodes(folder: &Path) -> Result<()> {
    let root = Uid::effective().is_root();
    for mode in [0o400, 0o644, 0o755, 0o4755, 0o2711, 0o1666, 0o7777] {
        let path = folder.join(format!("mode {mode:o}"));
        fs::write(&path, format!("{mode:o}"))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
    }
    for (name, mode) in [("sticky", 0o1777), ("group", 0o2770), ("private", 0o700)] {
        let path = folder.join(name);
        fs::create_dir(&path)?;
        fs::write(path.join("inside"), name)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
    }
    fs::write(folder.join("three names"), "three")?;
    for name in ["second name", "sticky/third name"] {
        fs::hard_link(folder.join("three names"), folder.join(name))?;
    }
    symlink("three names", folder.join("link"))?;
    let mode = Mode::from_bits_truncate(0o640);
    mkfifo(&folder.join("pipe"), mode)?;
    drop(UnixListener::bind(folder.join("socket"))?);
    if root {
        // Numbers of more than 8 bits are in both halves of what RRIP 4.1.2 records.
        for (name, kind, major, minor) in [
            ("null", SFlag::S_IFCHR, 1, 3),
            ("disk", SFlag::S_IFBLK, 8, 17),
            ("large numbers", SFlag::S_IFBLK, 259, 70_000),
        ] {
            mknod(&folder.join(name), kind, mode, makedev(major, minor))?;
        }
        for (owner, group) in [(1000, 100), (65_534, 65_534), (4_000_000_000, 7)] {
            let path = folder.join(format!("of {owner}"));
            fs::write(&path, "owned")?;
            lchown(&path, Some(owner), Some(group))?;
        }
    }
    for seconds in [315_532_800, 946_684_799, 1_709_209_845, 2_147_483_648, 4_102_444_800] {
        let path = folder.join(format!("at {seconds}"));
        fs::write(&path, "then")?;
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        File::open(&path)?.set_times(FileTimes::new().set_modified(time))?;
    }
    Ok(())
}
