//! What sysfs says of a device node.

use std::{
    fs,
    os::unix::fs::{FileTypeExt, MetadataExt},
    path::{Path, PathBuf},
};

use super::super::OpenError;

/// Peripheral device types of drives the kernel drives as optical: WORM and CD/DVD. SPC-4 table 141.
const OPTICAL: [&str; 2] = ["4", "5"];

/// A device node that is, as far as sysfs knows, an optical drive.
#[derive(Debug)]
pub(super) struct Node {
    number: u64,
    /// Its folder in sysfs.
    sysfs: PathBuf,
    /// For an sg node, the block device of the same drive.
    sibling: Option<(PathBuf, u64)>,
}

impl Node {
    /// Looks at a node without opening it.
    ///
    /// # Errors
    /// [`OpenError::NotFound`], and [`OpenError::NotADrive`] for whatever is no device, or a device of another kind.
    pub(super) fn of(path: &Path) -> Result<Self, OpenError> {
        Self::within(Path::new("/sys/dev"), path)
    }

    pub(super) fn within(sysfs: &Path, path: &Path) -> Result<Self, OpenError> {
        let metadata = fs::metadata(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => OpenError::NotFound(path.to_owned()),
            _ => OpenError::Io { path: path.to_owned(), source },
        })?;
        let (kind, number) = (metadata.file_type(), metadata.rdev());
        let folder = match (kind.is_block_device(), kind.is_char_device()) {
            (true, _) => "block",
            (_, true) => "char",
            _ => return Err(OpenError::NotADrive(path.to_owned())),
        };
        let (major, minor) = (rustix::fs::major(number), rustix::fs::minor(number));
        let sysfs = sysfs.join(folder).join(format!("{major}:{minor}"));
        // Disks that take no SCSI commands have no type. Where sysfs says nothing, as in some containers, INQUIRY will tell.
        let known = sysfs.is_dir().then(|| fs::read_to_string(sysfs.join("device/type")).ok());
        let is_optical = |type_: String| OPTICAL.contains(&type_.trim());
        if known.is_some_and(|type_| !type_.is_some_and(is_optical)) {
            return Err(OpenError::NotADrive(path.to_owned()));
        }
        let sibling = if kind.is_char_device() { sibling_of(&sysfs) } else { None };
        Ok(Self { number, sysfs, sibling })
    }

    /// Its folder in sysfs, which is there as long as the drive is.
    pub(super) fn sysfs(&self) -> &Path {
        &self.sysfs
    }

    /// The block device of the drive of an sg node.
    pub(super) fn sibling(&self) -> Option<&Path> {
        self.sibling.as_ref().map(|(path, _)| path.as_path())
    }

    /// Major and minor number of the block device.
    pub(super) fn block_number(&self) -> u64 {
        self.sibling.as_ref().map_or(self.number, |(_, number)| *number)
    }

    /// All numbers programs may have open.
    pub(super) fn numbers(&self) -> Vec<u64> {
        core::iter::once(self.number).chain(self.sibling.as_ref().map(|(_, n)| *n)).collect()
    }

    /// The most bytes SG_IO takes at once: beyond the hardware limit of the queue it refuses.
    pub(super) fn max_transfer(&self) -> Option<u32> {
        let block = self.sibling().and_then(Path::file_name);
        let queue = match block {
            None => self.sysfs.join("queue"),
            Some(name) => self.sysfs.join("device/block").join(name).join("queue"),
        };
        let text = fs::read_to_string(queue.join("max_hw_sectors_kb")).ok()?;
        text.trim().parse::<u32>().ok()?.checked_mul(1024).filter(|bytes| *bytes > 0)
    }
}

/// The `srN` beside an sg node, with its number.
fn sibling_of(sysfs: &Path) -> Option<(PathBuf, u64)> {
    let mut entries = fs::read_dir(sysfs.join("device/block")).ok()?;
    let name = entries.next()?.ok()?.file_name();
    let path = Path::new("/dev").join(name);
    let number = fs::metadata(&path).ok()?.rdev();
    Some((path, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sysfs in which `/dev/null` (1:3) is a SCSI device of this type.
    fn sysfs(type_: &str) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let device = dir.path().join("char/1:3/device");
        fs::create_dir_all(device.join("block/zero/queue")).unwrap();
        fs::write(device.join("type"), type_).unwrap();
        fs::write(device.join("block/zero/queue/max_hw_sectors_kb"), "120\n").unwrap();
        dir
    }

    #[test]
    fn a_hard_disk_is_no_drive() {
        let null = Path::new("/dev/null");
        let disk = sysfs("0\n");
        assert!(matches!(Node::within(disk.path(), null), Err(OpenError::NotADrive(_))));
        let of_no_type = tempfile::tempdir().unwrap();
        fs::create_dir_all(of_no_type.path().join("char/1:3")).unwrap();
        assert!(matches!(Node::within(of_no_type.path(), null), Err(OpenError::NotADrive(_))));
        let empty = tempfile::tempdir().unwrap();
        let unknown = Node::within(empty.path(), null).unwrap();
        assert_eq!((unknown.sibling(), unknown.max_transfer()), (None, None));
        assert_eq!(unknown.numbers(), [rustix::fs::makedev(1, 3)]);
    }

    #[test]
    fn the_block_device_beside_sg_is_found() {
        let sysfs = sysfs("5\n");
        let node = Node::within(sysfs.path(), Path::new("/dev/null")).unwrap();
        assert_eq!(node.sibling(), Some(Path::new("/dev/zero")));
        assert_eq!(node.block_number(), rustix::fs::makedev(1, 5));
        assert_eq!(node.numbers().len(), 2);
        assert_eq!(node.max_transfer(), Some(120 * 1024));
    }
}
