//! Which optical drives the system has.

use core::fmt;
use std::path::PathBuf;

use super::Location;
use crate::scsi::transport;

/// A way to list drives; tests have their own.
pub(super) struct Lister(Box<dyn Fn() -> Vec<PathBuf> + Send + Sync>);

impl Lister {
    /// The drives of this machine.
    pub(super) fn system() -> Self {
        Self(Box::new(transport::devices))
    }

    #[cfg(test)]
    pub(super) fn of(list: impl Fn() -> Vec<PathBuf> + Send + Sync + 'static) -> Self {
        Self(Box::new(list))
    }

    pub(super) fn devices(&self) -> Vec<Location> {
        (self.0)().into_iter().map(Location::Device).collect()
    }
}

impl fmt::Debug for Lister {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lister").finish_non_exhaustive()
    }
}
