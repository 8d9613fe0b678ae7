//! What lies in the tray, and what the host hears of it.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use super::{Burner, Loaded, MediaEvent};
use crate::scsi::Sense;
use crate::virtual_drive::{
    file::{DiscFile, DiscFileError},
    sense,
};

impl Burner {
    pub(in crate::virtual_drive) fn tray_is_open(&self) -> bool {
        self.tray_open.load(Ordering::Acquire)
    }

    fn spin_up(&mut self) -> Result<(), DiscFileError> {
        if let Some(path) = &self.lying {
            let (file, disc) = DiscFile::open(path)?;
            self.loaded = Some(Loaded::new(file, disc));
            self.attention = Some(sense::MEDIUM_MAY_HAVE_CHANGED);
            self.event = MediaEvent::NewMedia;
        }
        Ok(())
    }

    /// Closes the tray and spins up what lies in it.
    pub(in crate::virtual_drive) fn load(&mut self) -> Result<(), DiscFileError> {
        if self.loaded.is_none() {
            self.spin_up()?;
        }
        self.tray_open.store(false, Ordering::Release);
        Ok(())
    }

    /// Stores the disc and opens the tray.
    pub(in crate::virtual_drive) fn eject(&mut self) {
        self.store();
        self.take_out();
        self.tray_open.store(true, Ordering::Release);
    }

    /// Takes the disc away as a hand would: nothing is asked first.
    pub(in crate::virtual_drive) fn take_out(&mut self) {
        if self.loaded.take().is_some() {
            self.event = MediaEvent::MediaRemoval;
        }
        (self.busy, self.deferred) = (None, None);
        self.pace.discard();
        self.selected = None;
        self.prevented = false;
    }

    /// Puts another disc in the tray, taking out the one that lies there.
    pub(in crate::virtual_drive) fn insert(&mut self, path: PathBuf) -> Result<(), DiscFileError> {
        self.eject();
        self.lying = Some(path);
        self.load()
    }

    /// Leaves the drive empty.
    pub(in crate::virtual_drive) fn remove(&mut self) {
        self.take_out();
        self.lying = None;
    }

    /// START STOP UNIT. MMC-6 6.42.
    pub(super) fn start_stop(
        &mut self,
        load_eject: bool,
        start: bool,
        power: u8,
    ) -> Result<(), Sense> {
        match (load_eject, start) {
            _ if power != 0 => Ok(()),
            (true, false) if self.prevented => Err(sense::REMOVAL_PREVENTED),
            (true, false) => {
                self.eject();
                Ok(())
            }
            (true, true) => self.load().map_err(|_| sense::INCOMPATIBLE_MEDIUM),
            (false, true) => self.loaded().map(|_| ()),
            (false, false) => {
                self.store();
                Ok(())
            }
        }
    }

    /// GET EVENT STATUS NOTIFICATION, polled only; the first class asked for that this drive has. MMC-6 6.7.
    pub(super) fn event_status(&mut self, polled: bool, classes: u8) -> Result<Vec<u8>, Sense> {
        /// Operational change, power management, media and device busy.
        const SUPPORTED: u8 = 0b0101_0110;
        const NO_EVENT_AVAILABLE: u8 = 0x80;
        if !polled {
            return Err(sense::INVALID_FIELD_IN_CDB);
        }
        let class = (classes & SUPPORTED).trailing_zeros() as u8;
        let event = match class {
            1 => [0, 0, 0, 0],
            2 => [0, 1, 0, 0],
            4 => {
                let present = u8::from(self.loaded.is_some()) << 1 | u8::from(self.tray_is_open());
                let event = core::mem::replace(&mut self.event, MediaEvent::None);
                [event as u8, present, 0, 0]
            }
            6 => [0, u8::from(self.busy.is_some_and(|busy| !busy.is_over())), 0, 0],
            _ => return Ok(vec![0, 2, NO_EVENT_AVAILABLE, SUPPORTED]),
        };
        Ok([&[0, 6, class, SUPPORTED], event.as_slice()].concat())
    }
}
