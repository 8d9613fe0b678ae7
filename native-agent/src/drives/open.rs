//! A drive in use, and the thread that watches drives that are not.

use core::{
    fmt,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use std::{
    sync::{Arc, PoisonError},
    thread::{self, JoinHandle},
};

use super::{
    registry::{Registry, Shared},
    slot::Slot,
};
use crate::{
    mmc::prevent_removal,
    scsi::{Data, ScsiError, Transport, transport::Hotplug},
};

/// Events of one cause come in groups; one look serves all of them.
const GROUPED: Duration = Duration::from_millis(200);

/// A drive one job has for itself. Dropping it frees the drive.
pub struct OpenDrive {
    id: String,
    transport: Option<Box<dyn Transport>>,
    shared: Arc<Shared>,
}

impl OpenDrive {
    pub(super) fn new(id: String, transport: Box<dyn Transport>, shared: Arc<Shared>) -> Self {
        Self { id, transport: Some(transport), shared }
    }

    /// Says that a disc is being written: until it is not, the lease does not end by its holder's silence.
    pub fn set_writing(&self, writing: bool) {
        self.shared.set_writing(&self.id, writing);
    }
}

impl fmt::Debug for OpenDrive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenDrive").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Transport for OpenDrive {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        let transport = self.transport.as_mut().ok_or(ScsiError::Gone)?;
        transport.execute(cdb, data, timeout)
    }

    fn max_transfer(&self) -> Option<u32> {
        self.transport.as_ref()?.max_transfer()
    }
}

impl Drop for OpenDrive {
    fn drop(&mut self) {
        // What would have freed the tray did not come to it.
        if let Some(transport) = self.transport.as_mut().filter(|_| thread::panicking()) {
            let _ = prevent_removal(false).send(transport);
        }
        // Closed before the drive counts as free: the next to open it must not find it held.
        drop(self.transport.take());
        self.shared.end_use(&self.id);
    }
}

/// Polls the drives on a thread of its own until it is dropped, sooner if the system tells of a change.
#[derive(Debug)]
pub struct Watch {
    /// What it tells ends with it.
    _hotplug: Option<Hotplug>,
    registry: Registry,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Registry {
    /// Polls at this interval, and at once when a job frees a drive or the system tells of a change.
    #[must_use]
    pub fn watch(&self, every: Duration) -> Watch {
        let (registry, stop) = (self.clone(), Arc::new(AtomicBool::new(false)));
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            while !stopped.load(Ordering::Acquire) {
                registry.poll();
                registry.rest(every, &stopped);
            }
        });
        let shared = Arc::downgrade(&self.shared);
        let hotplug = Hotplug::start(move |event| {
            if let Some(shared) = shared.upgrade() {
                shared.wake(&event);
            }
        });
        Watch { _hotplug: hotplug, registry: self.clone(), stop, thread: Some(thread) }
    }

    /// Waits until the interval is over, a drive wants a look, the system tells of a change, or the watch ends.
    fn rest(&self, every: Duration, stopped: &AtomicBool) {
        let woken = || self.shared.woken.load(Ordering::Acquire);
        let slots = self.shared.slots();
        let waited = self.shared.idle.wait_timeout_while(slots, every, |slots| {
            let ended = stopped.load(Ordering::Acquire);
            !ended && !woken() && !slots.values().any(Slot::wants_a_look)
        });
        drop(waited.unwrap_or_else(PoisonError::into_inner));
        if woken() {
            self.gather(stopped);
            self.shared.woken.store(false, Ordering::Release);
        }
    }

    /// Lets the other events of the same cause arrive.
    fn gather(&self, stopped: &AtomicBool) {
        let slots = self.shared.slots();
        let ended = |_: &mut _| !stopped.load(Ordering::Acquire);
        let waited = self.shared.idle.wait_timeout_while(slots, GROUPED, ended);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // Under the lock, so that the thread is either before its check or asleep and hears the signal.
        let slots = self.registry.shared.slots();
        self.stop.store(true, Ordering::Release);
        drop(slots);
        self.registry.shared.idle.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
