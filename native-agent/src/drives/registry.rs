//! The drives of this machine, who uses them, and what is in them.

use core::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use tokio::sync::broadcast;

use super::{
    Drive, DriveError, Location, OpenDrive,
    enumerate::Lister,
    lease::Taken,
    slot::{Bus, FileMark, Slot},
};
use crate::{
    identity,
    mmc::{MediaChange, MediaEvent, PatientDrive, TrayAction, get_media_event, move_tray},
    scsi::{Transport, transport::DeviceEvent},
    virtual_drive::DriveOptions,
};

/// Changes a slow listener may miss before it has to ask for the whole list.
const REMEMBERED_CHANGES: usize = 64;
/// How long a tray may take.
const TRAY_LIMIT: Duration = Duration::from_secs(60);

/// What happened to a drive.
#[derive(Clone, Debug, PartialEq)]
pub enum DriveChange {
    /// The drive is new, or something about it is different now.
    Changed(Box<Drive>),
    /// The drive with this id is gone.
    Gone(String),
}

/// All drives. Clones share them.
#[derive(Clone, Debug)]
pub struct Registry {
    pub(super) shared: Arc<Shared>,
}

#[derive(Debug)]
pub(super) struct Shared {
    lister: Lister,
    slots: Mutex<BTreeMap<String, Slot>>,
    /// Signalled when a drive falls idle, and when the watch is to end.
    pub(super) idle: Condvar,
    /// The system told that something happened to a drive.
    pub(super) woken: AtomicBool,
    changes: broadcast::Sender<DriveChange>,
}

impl Registry {
    /// The drives of this machine and virtual ones for these files. Nothing is opened until [`poll`](Self::poll).
    #[must_use]
    pub fn new(virtual_drives: Vec<(PathBuf, DriveOptions)>) -> Self {
        Self::with_lister(Lister::system(), virtual_drives)
    }

    pub(super) fn with_lister(
        lister: Lister,
        virtual_drives: Vec<(PathBuf, DriveOptions)>,
    ) -> Self {
        let mut slots = BTreeMap::new();
        for (path, options) in virtual_drives {
            let location = Location::Virtual(path, options);
            let id = unused_id(&slots, location.id());
            slots.insert(id.clone(), Slot::new(&id, location));
        }
        let (changes, _) = broadcast::channel(REMEMBERED_CHANGES);
        let shared = Shared {
            lister,
            slots: Mutex::new(slots),
            idle: Condvar::new(),
            woken: AtomicBool::new(false),
            changes,
        };
        Self { shared: Arc::new(shared) }
    }

    /// Tells every change from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<DriveChange> {
        self.shared.changes.subscribe()
    }

    /// All drives as last seen.
    #[must_use]
    pub fn drives(&self) -> Vec<Drive> {
        self.shared.slots().values().map(Slot::told).collect()
    }

    /// One drive; it is looked at first if something was done to it since.
    ///
    /// # Errors
    /// [`DriveError::NotFound`].
    pub fn drive(&self, id: &str) -> Result<Drive, DriveError> {
        let stale = self.shared.slot(id, |slot| Ok(slot.wants_a_look()))?;
        if stale {
            self.look(id);
        }
        self.shared.slot(id, |slot| Ok(slot.told()))
    }

    /// Takes a drive for its caller alone, or renews that. `previous` is the lease the caller believes in force.
    ///
    /// # Errors
    /// [`DriveError::Taken`] if another lease is.
    pub fn acquire(
        &self,
        id: &str,
        previous: Option<&str>,
        holder: &str,
    ) -> Result<String, DriveError> {
        let lease = identity::random_id()?;
        let told = self.shared.slot(id, |slot| {
            let now = Instant::now();
            let acquired = slot.leasing.acquire(previous, lease.clone(), holder.to_owned(), now);
            acquired.map_err(|taken| taken_error(id, taken))?;
            Ok(slot.told())
        })?;
        self.shared.tell(DriveChange::Changed(Box::new(told)));
        Ok(lease)
    }

    /// A sign of life of the holder; leases end after [`LEASE_LIFE`](super::LEASE_LIFE) without one.
    ///
    /// # Errors
    /// [`DriveError::LeaseLost`] if the lease ended.
    pub fn renew(&self, id: &str, lease: &str) -> Result<(), DriveError> {
        self.shared.slot(id, |slot| {
            let now = Instant::now();
            let held = slot.leasing.current(now).is_some_and(|current| current.id == lease);
            if held {
                return slot.leasing.check(Some(lease), now).map_err(|t| taken_error(id, t));
            }
            Err(DriveError::LeaseLost(id.to_owned()))
        })
    }

    /// Gives a lease back.
    ///
    /// # Errors
    /// [`DriveError::LeaseLost`] if it is not in force.
    pub fn release(&self, id: &str, lease: &str) -> Result<(), DriveError> {
        let told = self.shared.slot(id, |slot| {
            if slot.leasing.release(lease, Instant::now()) {
                return Ok(slot.told());
            }
            Err(DriveError::LeaseLost(id.to_owned()))
        })?;
        self.shared.tell(DriveChange::Changed(Box::new(told)));
        Ok(())
    }

    /// Opens a drive for one job. Whoever holds its lease has to show it.
    ///
    /// # Errors
    /// [`DriveError::Busy`] if another job has it open, [`DriveError::Taken`] if the lease is another's, and what
    /// opening says.
    pub fn open(&self, id: &str, lease: Option<&str>) -> Result<OpenDrive, DriveError> {
        let location = self.claim(id, lease)?;
        match location.open() {
            Ok(transport) => {
                let told = self.shared.slot(id, |slot| Ok(slot.told()))?;
                self.shared.tell(DriveChange::Changed(Box::new(told)));
                Ok(OpenDrive::new(id.to_owned(), transport, Arc::clone(&self.shared)))
            }
            Err(error) => {
                self.shared.end_use(id);
                Err(error)
            }
        }
    }

    /// Waits out a look in progress and marks the drive as open.
    fn claim(&self, id: &str, lease: Option<&str>) -> Result<Location, DriveError> {
        let is_looking = |slots: &mut BTreeMap<String, Slot>| {
            slots.get(id).is_some_and(|slot| slot.bus == Bus::Looking)
        };
        let slots = self.shared.slots();
        let waited = self.shared.idle.wait_while(slots, is_looking);
        let mut slots = waited.unwrap_or_else(PoisonError::into_inner);
        let slot = slots.get_mut(id).ok_or_else(|| DriveError::NotFound(id.to_owned()))?;
        if slot.bus == Bus::Open {
            return Err(DriveError::Busy(id.to_owned()));
        }
        slot.leasing.check(lease, Instant::now()).map_err(|taken| taken_error(id, taken))?;
        slot.bus = Bus::Open;
        Ok(slot.location.clone())
    }

    /// Opens the tray.
    ///
    /// # Errors
    /// As [`open`](Self::open), and [`DriveError::Tray`] if the drive refuses.
    pub fn eject(&self, id: &str, lease: Option<&str>) -> Result<(), DriveError> {
        self.move_tray(id, lease, TrayAction::Eject, "open")
    }

    /// Closes the tray.
    ///
    /// # Errors
    /// As [`open`](Self::open), and [`DriveError::Tray`] if the drive refuses.
    pub fn load(&self, id: &str, lease: Option<&str>) -> Result<(), DriveError> {
        self.move_tray(id, lease, TrayAction::Load, "close")
    }

    fn move_tray(
        &self,
        id: &str,
        lease: Option<&str>,
        tray: TrayAction,
        action: &'static str,
    ) -> Result<(), DriveError> {
        let mut drive = self.open(id, lease)?;
        let moved = move_tray(&mut PatientDrive::new(&mut drive, TRAY_LIMIT), tray);
        drop(drive);
        self.look(id);
        let failed = |source| DriveError::Tray { drive: id.to_owned(), action, source };
        moved.map_err(failed)
    }

    /// Looks for drives that came or went, and for media that were changed; every difference is told.
    pub fn poll(&self) {
        self.enumerate();
        let ids: Vec<String> = self.shared.slots().keys().cloned().collect();
        for id in ids {
            self.look(&id);
        }
    }

    fn enumerate(&self) {
        let devices = self.shared.lister.devices();
        let ids: Vec<String> = devices.iter().map(Location::id).collect();
        let mut slots = self.shared.slots();
        let gone: Vec<String> = slots
            .iter()
            .filter(|(id, slot)| {
                !slot.location.is_virtual() && slot.bus == Bus::Idle && !ids.contains(id)
            })
            .map(|(id, _)| id.clone())
            .collect();
        for id in gone {
            slots.remove(&id);
            self.shared.tell(DriveChange::Gone(id));
        }
        for (id, location) in ids.into_iter().zip(devices) {
            slots.entry(id).or_insert_with_key(|id| Slot::new(id, location));
        }
    }

    /// Looks at one drive unless it is in use, and tells what is different.
    fn look(&self, id: &str) {
        let mut slots = self.shared.slots();
        let Some(slot) = slots.get_mut(id).filter(|slot| slot.bus == Bus::Idle) else { return };
        slot.bus = Bus::Looking;
        let (location, known, stale) = (slot.location.clone(), slot.known.clone(), slot.stale);
        let (stale, mark) = (stale || known.problem.is_some(), slot.mark.clone());
        drop(slots);
        let mark_now = FileMark::of(&location);
        let _looking = Looking { shared: &self.shared, id };
        let seen = look_again(&location, &known, stale || mark != mark_now);
        let mut slots = self.shared.slots();
        if let Some(slot) = slots.get_mut(id) {
            (slot.bus, slot.stale, slot.mark) = (Bus::Idle, false, FileMark::of(&location));
            let is_news = seen.as_ref().is_some_and(|seen| *seen != slot.known);
            slot.known = seen.unwrap_or(known);
            if is_news {
                self.shared.tell(DriveChange::Changed(Box::new(slot.told())));
            }
        }
        drop(slots);
        self.shared.idle.notify_all();
    }
}

/// A look at a drive: one that panics must not leave the drive taken for ever.
struct Looking<'a> {
    shared: &'a Shared,
    id: &'a str,
}

impl Drop for Looking<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        if let Some(slot) = self.shared.slots().get_mut(self.id) {
            slot.bus = Bus::Idle;
        }
        self.shared.idle.notify_all();
    }
}

/// Looks at a drive; none if nothing happened to it since.
fn look_again(location: &Location, known: &Drive, stale: bool) -> Option<Drive> {
    if stale {
        return Some(Drive::look(&known.id, location));
    }
    if location.is_virtual() {
        return None;
    }
    let mut drive = known.clone();
    match location.look() {
        Ok(mut transport) => {
            if !medium_changed(transport.as_mut(), known) {
                return None;
            }
            drive.ask(transport.as_mut());
        }
        Err(error) => drive.fail(&error),
    }
    Some(drive)
}

/// Whether the drive reports another medium than the one known.
fn medium_changed(transport: &mut dyn Transport, known: &Drive) -> bool {
    let answer = PatientDrive::new(transport, TRAY_LIMIT).ask_optional(&get_media_event());
    let event = answer.ok().flatten().and_then(|bytes| MediaEvent::parse(&bytes).ok().flatten());
    event.is_none_or(|event| {
        let news = !matches!(event.change, MediaChange::None | MediaChange::EjectRequest);
        news || event.present != known.medium.is_some()
    })
}

impl Shared {
    pub(super) fn slots(&self) -> MutexGuard<'_, BTreeMap<String, Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn slot<T>(
        &self,
        id: &str,
        act: impl FnOnce(&mut Slot) -> Result<T, DriveError>,
    ) -> Result<T, DriveError> {
        let mut slots = self.slots();
        let slot = slots.get_mut(id).ok_or_else(|| DriveError::NotFound(id.to_owned()))?;
        act(slot)
    }

    /// Nobody may be listening; that is no error.
    fn tell(&self, change: DriveChange) {
        let _ = self.changes.send(change);
    }

    /// The job that had the drive open is done with it.
    pub(super) fn end_use(&self, id: &str) {
        if let Some(slot) = self.slots().get_mut(id) {
            (slot.bus, slot.stale) = (Bus::Idle, true);
            slot.leasing.end_use(Instant::now());
            // A look that finds all as it was would tell nothing.
            self.tell(DriveChange::Changed(Box::new(slot.told())));
        }
        self.idle.notify_all();
    }

    /// Notes what the system told, and ends the rest of the watch.
    pub(super) fn wake(&self, event: &DeviceEvent) {
        tracing::debug!("the system tells: {event:?}");
        let mut slots = self.slots();
        if let DeviceEvent::Medium(device) = event {
            for slot in slots.values_mut() {
                slot.stale |= matches!(&slot.location, Location::Device(path) if path == device);
            }
        }
        self.woken.store(true, Ordering::Release);
        drop(slots);
        self.idle.notify_all();
    }

    /// While a disc is written, the lease lives on without its holder.
    pub(super) fn set_writing(&self, id: &str, writing: bool) {
        if let Some(slot) = self.slots().get_mut(id) {
            slot.leasing.writing = writing;
        }
    }
}

fn taken_error(drive: &str, taken: Taken) -> DriveError {
    DriveError::Taken { drive: drive.to_owned(), holder: taken.holder }
}

/// The id itself, or with the first number that makes it unique.
fn unused_id(slots: &BTreeMap<String, Slot>, id: String) -> String {
    if !slots.contains_key(&id) {
        return id;
    }
    let numbered = (2..).map(|number: u32| format!("{id}-{number}"));
    let mut free = numbered.filter(|numbered| !slots.contains_key(numbered));
    free.next().unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_that_panics_leaves_the_drive_to_others() {
        let dir = tempfile::tempdir().unwrap();
        let drives = vec![(dir.path().join("a.vdisc"), DriveOptions::default())];
        let registry = Registry::with_lister(Lister::of(Vec::new), drives);
        let (shared, id) = (&*registry.shared, "virtual-a");
        shared.slots().get_mut(id).unwrap().bus = Bus::Looking;
        let look = std::panic::AssertUnwindSafe(|| {
            let _looking = Looking { shared, id };
            panic!("a bug");
        });
        std::panic::catch_unwind(look).unwrap_err();
        assert_eq!(shared.slot(id, |slot| Ok(slot.bus)).unwrap(), Bus::Idle);
    }
}
