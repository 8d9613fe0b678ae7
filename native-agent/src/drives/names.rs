//! What drives are called on each system.

use std::path::{Path, PathBuf};

/// The device a name stands for on this system, if it is one that only a drive can have.
pub(super) fn device(name: &str) -> Option<PathBuf> {
    let path = if cfg!(windows) {
        windows(name)
    } else if cfg!(target_os = "macos") {
        macos(name)
    } else {
        linux(name)
    };
    path.map(PathBuf::from)
}

/// What follows the last separator, without the colon of a drive letter.
pub(super) fn last_part(path: &str) -> &str {
    let path = path.trim_end_matches(['/', '\\', ':']);
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// `sr0`, the older `scd0`, or the generic node `sg0`, with or without `/dev/`.
fn linux(name: &str) -> Option<String> {
    let name = name.strip_prefix("/dev/").unwrap_or(name);
    let mut kinds = ["sr", "scd", "sg"].into_iter();
    let known = kinds.any(|kind| name.strip_prefix(kind).is_some_and(is_number));
    known.then(|| Path::new("/dev").join(name).display().to_string())
}

/// `D:`, `D:\`, or `CdRom0`, with or without the prefix of the device namespace.
fn windows(name: &str) -> Option<String> {
    let bare = name.strip_prefix(r"\\.\").or_else(|| name.strip_prefix(r"\\?\")).unwrap_or(name);
    let bare = bare.strip_suffix('\\').unwrap_or(bare);
    if let [letter, b':'] = bare.as_bytes()
        && letter.is_ascii_alphabetic()
    {
        return Some(format!(r"\\.\{}:", letter.to_ascii_uppercase() as char));
    }
    let (kind, number) = bare.split_at_checked(5)?;
    (kind.eq_ignore_ascii_case("cdrom") && is_number(number)).then(|| format!(r"\\.\CdRom{number}"))
}

/// `disk4` (or `rdisk4`, or a slice of it), which is the disc, or the name that stays when the disc is changed:
/// `drive-` and the drive's number in the registry of IOKit.
fn macos(name: &str) -> Option<String> {
    let bare = name.strip_prefix("/dev/").unwrap_or(name);
    if let Some(id) = bare.strip_prefix("drive-") {
        let is_hexadecimal = !id.is_empty() && id.bytes().all(|digit| digit.is_ascii_hexdigit());
        return is_hexadecimal.then(|| bare.to_owned());
    }
    let disk = bare.strip_prefix('r').unwrap_or(bare).strip_prefix("disk")?;
    let (whole, slices) = match disk.find('s') {
        Some(at) => disk.split_at(at),
        None => (disk, ""),
    };
    let known = is_number(whole) && (slices.is_empty() || slices.split('s').skip(1).all(is_number));
    known.then(|| format!("/dev/disk{whole}"))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linux_names() {
        for (name, path) in [("sr0", "/dev/sr0"), ("/dev/scd12", "/dev/scd12"), ("sg3", "/dev/sg3")]
        {
            assert_eq!(linux(name).as_deref(), Some(path));
        }
        for name in ["", "sr", "srx", "sda", "sgx", "/dev/sda", "D:"] {
            assert_eq!(linux(name), None, "{name}");
        }
    }

    #[test]
    fn windows_names() {
        for name in ["D:", "d:", r"d:\", r"\\.\D:", r"\\?\d:\"] {
            assert_eq!(windows(name).as_deref(), Some(r"\\.\D:"), "{name}");
        }
        for name in ["CdRom0", "cdrom0", r"\\.\CDROM0"] {
            assert_eq!(windows(name).as_deref(), Some(r"\\.\CdRom0"), "{name}");
        }
        for name in
            ["", "D", "DD:", "1:", r"D:\a.iso", "cdrom", "cdromx", r"\\.\PhysicalDrive0", "ü:"]
        {
            assert_eq!(windows(name), None, "{name}");
        }
    }

    #[test]
    fn macos_names() {
        for name in ["disk4", "/dev/disk4", "rdisk4", "/dev/rdisk4", "disk4s1", "disk4s1s2"] {
            assert_eq!(macos(name).as_deref(), Some("/dev/disk4"), "{name}");
        }
        assert_eq!(macos("drive-100000abc").as_deref(), Some("drive-100000abc"));
        for name in ["", "disk", "diskx", "disk4s", "disk4t", "drive-", "drive-xyz", "image.iso"] {
            assert_eq!(macos(name), None, "{name}");
        }
    }

    #[test]
    fn last_parts() {
        for (path, last) in [
            ("/dev/sr0", "sr0"),
            (r"\\.\D:", "D"),
            (r"\\.\CdRom0", "CdRom0"),
            ("drive-1", "drive-1"),
            ("", ""),
        ] {
            assert_eq!(last_part(path), last);
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(name: String) {
            let _ = (linux(&name), windows(&name), macos(&name), last_part(&name));
        }
    }
}
