//! Linux: SG_IO on `/dev/srN` or the `/dev/sgN` beside it.
//!
//! Root is not needed. A member of the device's group (`cdrom` on most distributions), or whoever sits at the machine
//! where logind hands out the devices of the seat, may open the node; `packaging/linux/60-discwright.rules` arranges
//! both. For programs without CAP_SYS_RAWIO the kernel filters commands (`scsi_cmd_allowed` in
//! `drivers/scsi/scsi_ioctl.c`): all that burning needs passes if the node was opened for writing, and all that asking
//! needs passes in any case.

mod access;
mod hotplug;
mod node;
mod sg_io;
mod usage;

use core::time::Duration;
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    thread,
    time::Instant,
};

use rustix::{
    fs::{Mode, OFlags},
    io::Errno,
};

pub use self::{hotplug::Hotplug, sg_io::Device};
use self::{node::Node, usage::Mounts};
use super::OpenError;

/// Where Linux lists block devices.
const SYSFS: &str = "/sys/class/block";
/// How long a program that only looks, as those of udev do, may have the drive before it counts as taken.
const LOOKERS: Duration = Duration::from_millis(1500);
const PAUSE: Duration = Duration::from_millis(100);

/// The optical drives of this machine.
#[must_use]
pub fn devices() -> Vec<PathBuf> {
    listed(Path::new(SYSFS))
}

/// The optical drives listed in a sysfs directory, by name.
fn listed(sysfs: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(sysfs) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| is_drive(name))
        .collect();
    names.sort();
    names.into_iter().map(|name| Path::new("/dev").join(name)).collect()
}

/// `sr` and a number: what the kernel calls optical drives.
fn is_drive(name: &str) -> bool {
    name.strip_prefix("sr").is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Opens a drive for this process alone, for writing.
///
/// A mounted disc is unmounted if its user may do that and nothing on it is open. `O_EXCL` then keeps out mounts and
/// the other burning programs, which use it too; `O_NONBLOCK` lets the drive be opened without a disc.
///
/// # Errors
/// [`OpenError::InUse`] if the disc stays mounted or the drive is held; the other variants as they say.
pub fn open(path: &Path) -> Result<Device, OpenError> {
    let node = Node::of(path)?;
    let (block, flags) = match node.sibling() {
        None => (path, OFlags::RDWR),
        // The sg node is no bar to mounting the disc: the block device beside it is claimed, and commands go to sg.
        Some(sibling) => (sibling, OFlags::RDONLY),
    };
    let claim = claim(path, block, flags | OFlags::EXCL, &node)?;
    let (file, guard) = match node.sibling() {
        None => (claim, None),
        Some(_) => (open_node(path, OFlags::RDWR).map_err(|e| explain(path, e))?, Some(claim)),
    };
    Ok(Device::new(file, guard, &node))
}

/// Opens a drive beside others, to ask what it is and what is in it; its disc may be mounted.
///
/// # Errors
/// [`OpenError::InUse`] if another program has the drive for itself: it may be burning, and must not be disturbed.
pub fn look(path: &Path) -> Result<Device, OpenError> {
    let node = Node::of(path)?;
    let block = node.sibling().unwrap_or(path);
    // The claim is given back at once: held, it would fail the mount that follows the arrival of a disc.
    match open_node(block, OFlags::RDONLY | OFlags::EXCL) {
        Ok(claim) => drop(claim),
        Err(Errno::BUSY) => {
            let mounts = Mounts::of(node.block_number());
            if mounts.is_empty() {
                return Err(usage::in_use(path, mounts, &node));
            }
        }
        Err(errno) => return Err(explain(path, errno)),
    }
    let file = open_node(path, OFlags::RDONLY).map_err(|errno| explain(path, errno))?;
    Ok(Device::new(file, None, &node))
}

/// Opens the block device exclusively, unmounting first and waiting for those that only look.
fn claim(path: &Path, block: &Path, flags: OFlags, node: &Node) -> Result<File, OpenError> {
    let (since, mut unmounted) = (Instant::now(), false);
    loop {
        match open_node(block, flags) {
            Ok(file) => return Ok(file),
            Err(Errno::BUSY) => {}
            Err(errno) => return Err(explain(path, errno)),
        }
        let mounts = Mounts::of(node.block_number());
        if !mounts.is_empty() && !unmounted {
            mounts.unmount(block);
            unmounted = true;
        } else if !mounts.is_empty() || since.elapsed() >= LOOKERS {
            return Err(usage::in_use(path, mounts, node));
        } else {
            thread::sleep(PAUSE);
        }
    }
}

/// A drive that cannot write at all has a node that cannot be opened for writing.
fn open_node(path: &Path, flags: OFlags) -> Result<File, Errno> {
    let open = |flags| {
        rustix::fs::open(path, flags | OFlags::NONBLOCK | OFlags::CLOEXEC, Mode::empty())
            .map(File::from)
    };
    match open(flags) {
        Err(Errno::ROFS) => open(flags.difference(OFlags::RDWR) | OFlags::RDONLY),
        result => result,
    }
}

/// The error for a node that cannot be opened.
fn explain(path: &Path, errno: Errno) -> OpenError {
    let path = path.to_owned();
    match errno {
        Errno::BUSY => OpenError::InUse { path, by: Vec::new() },
        Errno::NOENT | Errno::NXIO | Errno::NODEV | Errno::NOMEDIUM => OpenError::NotFound(path),
        Errno::ACCESS | Errno::PERM => {
            let remedy = access::remedy(&path);
            OpenError::Denied { path, remedy }
        }
        Errno::ISDIR | Errno::NOTDIR => OpenError::NotADrive(path),
        other => OpenError::Io { path, source: io::Error::from(other) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scsi::{Data, ScsiError, Transport};

    #[test]
    fn only_optical_drives_are_listed() {
        let sysfs = tempfile::tempdir().unwrap();
        for name in ["sda", "sr1", "sr0", "srx", "sr", "loop0"] {
            fs::create_dir(sysfs.path().join(name)).unwrap();
        }
        let expected = ["/dev/sr0", "/dev/sr1"].map(PathBuf::from);
        assert_eq!(listed(sysfs.path()), expected);
        assert!(listed(&sysfs.path().join("none")).is_empty());
    }

    #[test]
    fn only_drives_are_opened() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for open in [open, look] {
            assert!(matches!(open(file.path()), Err(OpenError::NotADrive(_))));
            assert!(matches!(open(Path::new("/dev/no-such")), Err(OpenError::NotFound(_))));
            assert!(matches!(open(Path::new("/dev")), Err(OpenError::NotADrive(_))));
        }
    }

    #[test]
    fn a_device_that_is_not_scsi_refuses_the_call() {
        let (null, no_sysfs) = (Path::new("/dev/null"), tempfile::tempdir().unwrap());
        let node = Node::within(no_sysfs.path(), null).unwrap();
        let mut device = Device::new(open_node(null, OFlags::RDWR).unwrap(), None, &node);
        let result = device.execute(&[0; 6], Data::None, Duration::from_secs(1));
        assert!(matches!(result, Err(ScsiError::Io(_))));
        assert_eq!(device.max_transfer(), None);
    }

    #[test]
    fn failures_are_explained() {
        let of = |errno| explain(Path::new("/dev/null"), errno);
        assert!(matches!(of(Errno::BUSY), OpenError::InUse { .. }));
        assert!(matches!(of(Errno::NXIO), OpenError::NotFound(_)));
        assert!(matches!(of(Errno::IO), OpenError::Io { .. }));
        let denied = of(Errno::ACCESS);
        assert!(matches!(&denied, OpenError::Denied { remedy, .. } if !remedy.is_empty()));
    }
}
