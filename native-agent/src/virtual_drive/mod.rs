//! An MMC burner in a file: the demo drive of the product, and a fast double of a real one in tests.
//!
//! [`VirtualDrive`] takes raw CDBs through [`Transport`] and answers with the bytes a drive would
//! send. It enforces what a drive enforces: sequential media take data only at the next writable
//! address, a closed disc takes none, an unformatted BD-RE refuses, a new disc is a unit attention.
//! The disc is a `.vdisc` file, sparse and locked while it is in a drive.
//!
//! ```
//! use native_agent::virtual_drive::{self, MediumKind, VirtualDrive};
//!
//! # let dir = tempfile::tempdir()?;
//! let path = dir.path().join("demo.vdisc");
//! virtual_drive::create(&path, MediumKind::DvdPlusR, Some(3200))?;
//! let drive = VirtualDrive::open(&path)?;
//! assert!(drive.control().has_medium());
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```

use core::time::Duration;
use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool},
};

mod blanking;
mod burner;
mod busy;
mod cd;
mod command;
mod damage;
mod disc;
mod faults;
mod features;
mod file;
mod formatting;
mod information;
mod layers;
mod media;
mod modes;
mod performance;
mod pseudo_overwrite;
mod recording;
mod sense;
mod structures;
#[cfg(test)]
mod tests;

pub use faults::Faults;
pub use file::DiscFileError;
pub use media::{MEDIA, MediumKind, MediumType, Recording, UnknownMedium};
pub use performance::Underruns;

use crate::scsi::{Data, ScsiError, Transport, fault::Script};
use burner::Burner;
use disc::Disc;
use file::DiscFile;

/// The drive's own buffer, as READ BUFFER CAPACITY reports it.
const BUFFER_BYTES: u32 = 4 << 20;

/// Makes a `.vdisc` file with a blank disc in it; `capacity` in blocks makes the disc smaller than it is sold.
///
/// # Errors
/// An existing file is left alone and is [`DiscFileError::Exists`].
pub fn create(path: &Path, kind: MediumKind, capacity: Option<u32>) -> Result<(), DiscFileError> {
    let blocks = blocks_of_blank(kind, capacity)?;
    DiscFile::create(path, &Disc::new(kind, blocks)).map(drop)
}

/// Blocks that a blank disc has: as many as it is sold with, where none are named.
///
/// # Errors
/// Such a disc cannot be that small or large, or ends within a unit of writing: [`DiscFileError::Capacity`].
pub fn blocks_of_blank(kind: MediumKind, capacity: Option<u32>) -> Result<u32, DiscFileError> {
    let row = kind.describe();
    let blocks = capacity.unwrap_or(row.capacity);
    if blocks == 0 || blocks > row.capacity || !blocks.is_multiple_of(row.write_unit) {
        let (unit, most) = (row.write_unit, row.capacity);
        return Err(DiscFileError::Capacity { kind, blocks, unit, most });
    }
    Ok(blocks)
}

/// How a virtual drive behaves.
#[derive(Clone, Debug, Default)]
pub struct DriveOptions {
    /// Writes in real time at no more than this multiple of 1x of the medium; as fast as it goes when none.
    pub pace: Option<f64>,
    /// What goes wrong; if nothing is said here, what the script beside the disc says.
    pub faults: Faults,
    /// Where the tray is kept between one opening of the drive and the next.
    pub tray: Tray,
}

/// Whether a tray is open. Clones are the same tray.
#[derive(Clone, Debug, Default)]
pub struct Tray(Arc<AtomicBool>);

impl Tray {
    /// Whether it is open now.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.load(core::sync::atomic::Ordering::Acquire)
    }
}

/// A burner whose disc is a file.
#[derive(Debug)]
pub struct VirtualDrive {
    burner: Arc<Mutex<Burner>>,
}

impl VirtualDrive {
    /// A drive with the disc of this file in it, which follows the [script of faults](Faults::path_beside) beside it.
    ///
    /// # Errors
    /// The file is no virtual disc, damaged, or in use, or the script is not understood.
    pub fn open(path: &Path) -> Result<Self, DiscFileError> {
        Self::open_with(path, &DriveOptions::default())
    }

    /// The same with options. While the tray is open the file is not touched.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with(path: &Path, options: &DriveOptions) -> Result<Self, DiscFileError> {
        options.faults.read_beside(path)?;
        let mut burner = Burner::with_options(Some(path.to_owned()), options);
        if !burner.tray_is_open() {
            burner.load()?;
        }
        Ok(Self { burner: Arc::new(Mutex::new(burner)) })
    }

    /// A drive with nothing in it.
    #[must_use]
    pub fn empty(options: &DriveOptions) -> Self {
        let burner = Burner::with_options(None, options);
        Self { burner: Arc::new(Mutex::new(burner)) }
    }

    /// The drive's front: its button and its tray, to be used while someone else sends commands.
    #[must_use]
    pub fn control(&self) -> Control {
        Control { burner: self.burner.clone() }
    }
}

impl Transport for VirtualDrive {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        lock(&self.burner).answer(cdb, data, timeout)
    }
}

/// What a hand can do to a drive: press the button, put a disc in, take it out.
#[derive(Clone, Debug)]
pub struct Control {
    burner: Arc<Mutex<Burner>>,
}

impl Control {
    /// Opens the tray, whatever the host is doing (the emergency hole, not the button).
    pub fn eject(&self) {
        lock(&self.burner).eject();
    }

    /// Closes the tray on what lies in it.
    ///
    /// # Errors
    /// The file in the tray cannot be used as a disc.
    pub fn load(&self) -> Result<(), DiscFileError> {
        lock(&self.burner).load()
    }

    /// Exchanges the disc for another and closes the tray.
    ///
    /// # Errors
    /// The new file cannot be used as a disc.
    pub fn insert(&self, path: &Path) -> Result<(), DiscFileError> {
        lock(&self.burner).insert(path.to_owned())
    }

    /// Takes the disc out, even in the middle of a write; what was not synchronized is as lost as on a real disc.
    pub fn remove_medium(&self) {
        lock(&self.burner).remove();
    }

    /// Follows another script of faults from now on.
    pub fn follow(&self, script: Script) {
        lock(&self.burner).faults.follow(script);
    }

    /// How many commands the script of faults has hit.
    #[must_use]
    pub fn struck(&self) -> u32 {
        lock(&self.burner).faults.struck()
    }

    /// How often a paced drive had nothing to write in the middle of a recording.
    #[must_use]
    pub fn underruns(&self) -> Underruns {
        lock(&self.burner).pace.underruns()
    }

    /// Whether a disc is in the drive and the tray closed.
    #[must_use]
    pub fn has_medium(&self) -> bool {
        lock(&self.burner).loaded.is_some()
    }
}

/// A panic elsewhere leaves the drive usable: every command checks before it changes anything.
fn lock(burner: &Mutex<Burner>) -> MutexGuard<'_, Burner> {
    burner.lock().unwrap_or_else(PoisonError::into_inner)
}
