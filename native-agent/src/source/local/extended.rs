//! Extended attributes that users gave to a file.

use std::{io, path::Path};

/// Most bytes of the names of all attributes of a file, and of the value of one. Linux, `XATTR_LIST_MAX`, `XATTR_SIZE_MAX`.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
const MAX: usize = 64 << 10;

/// Names and values, in the order of the names; none where the file system has none.
#[cfg(any(target_os = "linux", target_vendor = "apple"))]
pub(super) fn of(path: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
    use rustix::{
        fs::{lgetxattr, llistxattr},
        io::Errno,
    };
    let mut list = vec![0; MAX];
    let len = match llistxattr(path, list.as_mut_slice()) {
        Ok(len) => len,
        Err(Errno::NOTSUP) => 0,
        Err(error) => return Err(error.into()),
    };
    let list = list.get(..len).unwrap_or_default();
    let mut found = Vec::new();
    for name in list.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        // The others are the system's: access lists, labels, capabilities.
        if cfg!(target_os = "linux") && !name.starts_with(b"user.") {
            continue;
        }
        let name = core::str::from_utf8(name)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        let mut value = vec![0; MAX];
        let len = lgetxattr(path, name, value.as_mut_slice())?;
        value.truncate(len);
        found.push((name.to_owned(), value));
    }
    found.sort();
    Ok(found)
}

/// This system is not asked.
#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
#[expect(clippy::unnecessary_wraps, reason = "other systems can fail")]
pub(super) fn of(_: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
    Ok(Vec::new())
}
