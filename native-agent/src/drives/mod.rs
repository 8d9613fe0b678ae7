//! The drives of this machine: which there are, what is in them, and who may use them.
//!
//! [`Registry`] is the agent's view: it polls real drives and virtual ones, hands out leases by
//! compare and swap, and opens a drive for one job at a time. A drive in use is never looked at.
//! [`Location`] is the command line's view: one name, one drive, opened at once.
//!
//! ```
//! use native_agent::{
//!     drives::{DriveState, Registry},
//!     virtual_drive::{self, DriveOptions, MediumKind},
//! };
//!
//! # let dir = tempfile::tempdir()?;
//! let file = dir.path().join("demo.vdisc");
//! virtual_drive::create(&file, MediumKind::DvdPlusR, Some(3200))?;
//! let registry = Registry::new(vec![(file, DriveOptions::default())]);
//! let lease = registry.acquire("virtual-demo", None, "this example")?;
//! let open = registry.open("virtual-demo", Some(&lease))?;
//! assert_eq!(registry.drive("virtual-demo")?.state, DriveState::Busy);
//! drop(open);
//! assert_eq!(registry.drive("virtual-demo")?.state, DriveState::Ready);
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

mod details;
mod drive;
mod enumerate;
mod error;
mod lease;
mod location;
mod names;
mod open;
mod registry;
mod slot;
#[cfg(test)]
mod tests;

pub use self::{
    details::{
        Details, DriveInFull, FeatureFact, FormatFact, MediumDetails, ProfileFact, SessionFact,
        StructureFact, TrackFact,
    },
    drive::{Drive, DriveState, Medium, Speed},
    error::DriveError,
    lease::LEASE_LIFE,
    location::Location,
    open::{OpenDrive, Watch},
    registry::{DriveChange, Registry},
};
