//! Which optical drives the system has.

use std::{fs, path::Path};

use super::location::{Location, is_device_name};

/// Where Linux lists block devices.
pub(super) const SYSFS: &str = "/sys/class/block";

/// The optical drives listed in a sysfs directory, by name. Elsewhere than on Linux there is none.
pub(super) fn devices(sysfs: &Path) -> Vec<Location> {
    let Ok(entries) = fs::read_dir(sysfs) else { return Vec::new() };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| is_device_name(name))
        .collect();
    names.sort();
    names.into_iter().map(|name| Location::Device(Path::new("/dev").join(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_optical_drives_are_listed() {
        let sysfs = tempfile::tempdir().unwrap();
        for name in ["sda", "sr1", "sr0", "srx", "loop0"] {
            fs::create_dir(sysfs.path().join(name)).unwrap();
        }
        let ids: Vec<_> = devices(sysfs.path()).iter().map(Location::id).collect();
        assert_eq!(ids, ["sr0", "sr1"]);
        assert!(devices(&sysfs.path().join("none")).is_empty());
    }
}
