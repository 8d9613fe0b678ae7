//! The way to real drives, one folder per operating system: SG_IO on Linux, SCSI_PASS_THROUGH_DIRECT on Windows,
//! SCSITask on macOS.
//!
//! Each has the same items. `open` claims a drive for this process alone, after unmounting its disc where the system
//! lets this user; `look` opens it beside others to ask what it is and holds, and never while another program has it
//! for itself; `devices` lists the drives there are; `Hotplug` tells when that changes, and may not exist.
//! Nothing outside this folder is `unsafe`, but for the call that lets an image share blocks with a file.

use std::{
    borrow::Cow,
    fmt::{self, Write as _},
    io,
    path::PathBuf,
};

#[cfg(target_os = "linux")]
#[path = "linux/mod.rs"]
mod imp;
#[cfg(target_os = "macos")]
#[path = "macos/mod.rs"]
mod imp;
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
#[path = "unsupported.rs"]
mod imp;
#[cfg(windows)]
#[path = "windows/mod.rs"]
mod imp;

// What can be tested without the system is tested on every system.
#[cfg(all(test, not(target_os = "macos")))]
#[path = "macos/codes.rs"]
mod macos_codes;
#[cfg(all(test, not(windows)))]
#[path = "windows/codes.rs"]
mod windows_codes;

pub use imp::{Device, Hotplug, devices, look, open};

/// What happened to the drives of the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceEvent {
    /// A drive came or went.
    Drives,
    /// The medium in this drive was changed.
    Medium(PathBuf),
}

/// Who keeps a drive from being claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The file system on its disc is in use here.
    Mount(PathBuf),
    /// A program has it open.
    Program {
        /// The name of the program, as the system shortens it.
        name: String,
        /// Its process id.
        process: u32,
    },
    /// Someone who goes by this name.
    Named(String),
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mount(place) => write!(f, "mounted at {}", place.display()),
            Self::Program { name, process } => write!(f, "used by {name} (process {process})"),
            Self::Named(name) => write!(f, "held by {name}"),
        }
    }
}

/// Why a drive cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another program holds the drive, or its disc is mounted.
    #[error("{} is {}", .path.display(), in_words(.by))]
    InUse {
        /// The device.
        path: PathBuf,
        /// Who, as far as that can be found out.
        by: Vec<Holder>,
    },
    /// No such device.
    #[error("there is no drive {}", .0.display())]
    NotFound(PathBuf),
    /// The user may not open the device.
    #[error("no permission to use {}", .path.display())]
    Denied {
        /// The device.
        path: PathBuf,
        /// What would give the permission.
        remedy: String,
    },
    /// The path is something other than a drive.
    #[error("{} is not an optical drive", .0.display())]
    NotADrive(PathBuf),
    /// Real drives cannot be reached on this operating system.
    #[error("{}: real drives are not available on this system", .0.display())]
    Unsupported(PathBuf),
    /// Anything else the system says.
    #[error("{} cannot be opened", .path.display())]
    Io {
        /// The device.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// A name a drive may have here, for hints.
const EXAMPLE: &str = if cfg!(windows) {
    "name a drive such as D:"
} else if cfg!(target_os = "macos") {
    "name the drive as `discwright drives` does, or its disc, such as disk4"
} else {
    "name a device such as /dev/sr0"
};

impl OpenError {
    /// What a person can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::InUse { path, by } => release_hint(path, by).into(),
            Self::NotFound(_) => "`discwright drives` lists the drives there are".into(),
            Self::Denied { remedy, .. } => remedy.clone().into(),
            Self::NotADrive(_) => EXAMPLE.into(),
            Self::Unsupported(_) => {
                "a virtual drive works here: `discwright virtual create`".into()
            }
            Self::Io { .. } => return None,
        })
    }
}

/// `mounted at /media/a and used by k3b (process 7)`.
fn in_words(by: &[Holder]) -> String {
    let mut words = String::new();
    for (index, holder) in by.iter().enumerate() {
        let joint = if index == 0 { "" } else { " and " };
        let _ = write!(words, "{joint}{holder}");
    }
    if words.is_empty() { "in use or mounted".to_owned() } else { words }
}

/// The command that unmounts the disc, and who has to end.
fn release_hint(path: &std::path::Path, by: &[Holder]) -> String {
    let (device, mounted) = (path.display(), by.iter().any(|by| matches!(by, Holder::Mount(_))));
    let held = by.iter().any(|by| !matches!(by, Holder::Mount(_)));
    let unmount = if cfg!(windows) {
        format!("close what is open on {device}")
    } else if cfg!(target_os = "macos") {
        "close what is open on the disc, or unmount it in Disk Utility".to_owned()
    } else {
        format!(
            "close what is open on the disc, then unmount it (`udisksctl unmount -b {device}`, or `sudo umount {device}`)"
        )
    };
    match (mounted, held) {
        (true, false) => unmount,
        (false, true) => "end the program that uses the drive, or wait until it is done".to_owned(),
        _ => format!("{unmount} and end the program that uses the drive"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_use(by: Vec<Holder>) -> OpenError {
        OpenError::InUse { path: "/dev/sr0".into(), by }
    }

    #[test]
    fn who_holds_a_drive_is_told() {
        let mount = Holder::Mount("/media/a b".into());
        let program = Holder::Program { name: "k3b".into(), process: 7 };
        let unknown = in_use(Vec::new());
        assert_eq!(unknown.to_string(), "/dev/sr0 is in use or mounted");
        let hint = unknown.hint().unwrap();
        assert!(hint.contains(" and end the program"), "{hint}");
        let both = in_use(vec![mount.clone(), program.clone()]);
        let text = "/dev/sr0 is mounted at /media/a b and used by k3b (process 7)";
        assert_eq!(both.to_string(), text);
        assert!(!in_use(vec![mount]).hint().unwrap().contains("end the program"));
        assert!(in_use(vec![program]).hint().unwrap().starts_with("end the program"));
        assert!(in_use(vec![Holder::Named("IMAPI".into())]).to_string().ends_with("held by IMAPI"));
    }
}
