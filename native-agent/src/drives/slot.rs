//! One drive of the registry: what is known of it, and who uses it.

use std::time::{Instant, SystemTime};

use super::{Drive, DriveState, Location, lease::Leasing};

/// One drive.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) location: Location,
    pub(super) known: Drive,
    pub(super) bus: Bus,
    pub(super) leasing: Leasing,
    /// Something was done to the drive since it was last looked at.
    pub(super) stale: bool,
    pub(super) mark: Option<FileMark>,
}

/// Who sends commands at present. Never two at once: looking at a drive could disturb a burn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bus {
    Idle,
    Looking,
    Open,
}

/// What shows that the file of a virtual drive was changed by another program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileMark {
    tray_open: bool,
    changed: Option<(SystemTime, u64)>,
}

impl FileMark {
    pub(super) fn of(location: &Location) -> Option<Self> {
        let Location::Virtual(path, options) = location else { return None };
        let metadata = path.metadata().ok();
        let changed = metadata.and_then(|found| Some((found.modified().ok()?, found.len())));
        Some(Self { tray_open: options.tray.is_open(), changed })
    }
}

impl Slot {
    pub(super) fn new(id: &str, location: Location) -> Self {
        Self {
            known: Drive::unseen(id, &location),
            location,
            bus: Bus::Idle,
            leasing: Leasing::default(),
            stale: true,
            mark: None,
        }
    }

    /// What is known, with who uses it now.
    pub(super) fn told(&self) -> Drive {
        let mut drive = self.known.clone();
        drive.leased_by = self.leasing.current(Instant::now()).map(|lease| lease.holder.clone());
        if self.bus == Bus::Open {
            drive.state = DriveState::Busy;
        }
        drive
    }

    pub(super) fn wants_a_look(&self) -> bool {
        self.bus == Bus::Idle && self.stale
    }
}
