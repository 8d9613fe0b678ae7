//! The drive proper: tray, readiness, and which command is answered by what.

mod tray;

use std::{
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
};

use super::{
    DriveOptions,
    busy::Busy,
    cd,
    command::Command,
    disc::Disc,
    faults::Faults,
    features,
    file::DiscFile,
    information,
    media::MediumKind,
    modes::Modes,
    performance::{self, Pace},
    sense, structures,
};
use crate::scsi::{Data, Sense};

/// A disc the drive has spun up.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) file: DiscFile,
    pub(super) disc: Disc,
    /// What a test write made of the disc; the disc itself stays as it is.
    pub(super) rehearsal: Option<Disc>,
    /// CD: the session that is being recorded at once.
    pub(super) cue: Option<cd::Cue>,
    /// CD: raw writing, and whether the session that it describes may be followed by another.
    pub(super) raw: Option<cd::Raw>,
    pub(super) raw_multi_session: bool,
}

impl Loaded {
    const fn new(file: DiscFile, disc: Disc) -> Self {
        Self { file, disc, rehearsal: None, cue: None, raw: None, raw_multi_session: false }
    }

    /// Forgets what was only begun: a test write, a session that was to be recorded at once or raw.
    pub(super) fn forget_session(&mut self) {
        (self.rehearsal, self.cue, self.raw) = (None, None, None);
    }

    /// The disc as the host sees it: during a test write the one that will not last.
    pub(super) fn seen(&self) -> &Disc {
        self.rehearsal.as_ref().unwrap_or(&self.disc)
    }
}

/// What GET EVENT STATUS NOTIFICATION reports next in the media class. MMC-6 6.7.3.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MediaEvent {
    None = 0,
    NewMedia = 2,
    MediaRemoval = 3,
}

/// One virtual drive.
#[derive(Debug)]
pub(super) struct Burner {
    /// Shared with whoever opens the drive anew, as a tray stays open when a program ends.
    tray_open: Arc<AtomicBool>,
    /// The disc that lies in the tray, open or closed.
    lying: Option<PathBuf>,
    pub(super) loaded: Option<Loaded>,
    attention: Option<Sense>,
    /// What became of an earlier command, not told yet. SPC-4 4.5.7.
    pub(super) deferred: Option<Sense>,
    pub(super) last_sense: Sense,
    event: MediaEvent,
    prevented: bool,
    pub(super) modes: Modes,
    /// The write speed selected, in 1000 bytes a second; none for the fastest.
    selected: Option<u32>,
    pub(super) busy: Option<Busy>,
    pub(super) pace: Pace,
    /// Bytes written since the header was last stored.
    pub(super) unstored: u64,
    pub(super) faults: Faults,
}

impl Burner {
    /// A drive with this disc in its tray, or none; nothing is spun up yet.
    pub(super) fn with_options(lying: Option<PathBuf>, options: &DriveOptions) -> Self {
        Self {
            tray_open: Arc::clone(&options.tray.0),
            lying,
            loaded: None,
            attention: None,
            deferred: None,
            last_sense: Sense::default(),
            event: MediaEvent::None,
            prevented: false,
            modes: Modes::new(),
            selected: None,
            busy: None,
            pace: Pace::new(options.pace),
            unstored: 0,
            faults: options.faults.clone(),
        }
    }

    /// The disc may be another: the host is told of new media, and what was only begun with this one is forgotten.
    pub(super) fn medium_may_have_changed(&mut self) {
        if let Some(loaded) = &mut self.loaded {
            loaded.forget_session();
            self.event = MediaEvent::NewMedia;
        }
    }

    /// As after power on: what the host has set is forgotten. SPC-4 5.14.
    pub(super) fn reset(&mut self) {
        self.modes = Modes::new();
        (self.selected, self.prevented, self.busy, self.deferred) = (None, false, None, None);
        self.pace.rest();
        if let Some(loaded) = &mut self.loaded {
            loaded.forget_session();
        }
    }

    /// Makes the disc state durable as far as it is known; errors surface at the next command that needs the file.
    pub(super) fn store(&mut self) {
        if let Some(loaded) = &mut self.loaded
            && loaded.file.store(&loaded.disc).is_err()
        {
            tracing::warn!(path = %loaded.file.path().display(), "the virtual disc could not be stored");
        }
    }

    /// Executes one CDB and remembers the sense for REQUEST SENSE.
    pub(super) fn execute(&mut self, cdb: &[u8], data: Data<'_>) -> Result<usize, Sense> {
        let result = Command::parse(cdb).and_then(|command| {
            self.check_ready_for(&command)?;
            self.perform(command, data)
        });
        match result {
            Err(sense) => self.last_sense = sense,
            Ok(_) if cdb.first() != Some(&0x03) => self.last_sense = Sense::default(),
            Ok(_) => {}
        }
        result
    }

    /// Unit attention first, then operations still going on. SPC-4 5.14, MMC-6 4.1.6.
    fn check_ready_for(&mut self, command: &Command) -> Result<(), Sense> {
        if command.always_answers() {
            return Ok(());
        }
        if let Some(told) = self.attention.take().or_else(|| self.deferred.take()) {
            return Err(told);
        }
        let asks_how_full = matches!(command, Command::ReadBufferCapacity { .. });
        match self.poll_busy() {
            // Even a drive whose buffer is full tells that.
            Some(_) if asks_how_full && self.busy.is_some_and(|busy| busy.is_full()) => Ok(()),
            Some(report) => Err(report),
            None => Ok(()),
        }
    }

    /// Lets a long operation get on by one poll and reports it while it lasts, in a paced drive until the laser is done.
    pub(super) fn poll_busy(&mut self) -> Option<Sense> {
        let busy = self.busy?;
        if busy.is_over() && !(busy.waits_for_the_laser() && self.is_writing()) {
            self.busy = None;
        }
        self.busy.as_mut().map(Busy::poll)
    }

    /// Whether something waits in the buffer.
    fn is_writing(&mut self) -> bool {
        let speed = self.write_speed();
        let disc = self.loaded.as_ref().map(|loaded| &loaded.disc);
        disc.is_some_and(|disc| !self.pace.until_empty(disc, speed).is_zero())
    }

    pub(super) fn perform(&mut self, command: Command, data: Data<'_>) -> Result<usize, Sense> {
        match command {
            Command::TestUnitReady => self.test_unit_ready().map(|()| 0),
            Command::RequestSense { allocation } => {
                let sense = self.take_sense();
                deliver(&sense.to_fixed_format(), allocation, data)
            }
            Command::Inquiry { vital, page, allocation } => {
                deliver(&inquiry(vital, page)?, allocation, data)
            }
            Command::StartStop { load_eject, start, power } => {
                self.start_stop(load_eject, start, power).map(|()| 0)
            }
            Command::PreventAllow { prevent } => {
                self.prevented = prevent;
                Ok(0)
            }
            Command::GetConfiguration { request, start, allocation } => {
                let disc = self.loaded.as_ref().map(Loaded::seen);
                deliver(&features::configuration(disc, request, start), allocation, data)
            }
            Command::GetEventStatus { polled, classes, allocation } => {
                deliver(&self.event_status(polled, classes)?, allocation, data)
            }
            Command::ReadFormatCapacities { allocation } => {
                let disc = self.loaded.as_ref().map(Loaded::seen);
                deliver(&information::format_capacities(disc), allocation, data)
            }
            Command::MechanismStatus { allocation } => {
                // Door open is bit 4 of byte 1; no changer. MMC-6 6.11.
                let door = u8::from(self.tray_is_open()) << 4;
                deliver(&[0, door, 0, 0, 0, 0, 0, 0], allocation, data)
            }
            Command::ModeSense { control, page, allocation } => {
                let row = self.loaded.as_ref().map(|loaded| loaded.disc.medium());
                let reply = self.modes.sense(control, page, row, self.write_speed())?;
                deliver(&reply, allocation, data)
            }
            Command::ModeSelect { page_format, save, length } => {
                self.mode_select(page_format, save, received(&data, length)?).map(|()| length)
            }
            Command::ReadBufferCapacity { blocks, allocation } => {
                deliver(&self.buffer_capacity(blocks), allocation, data)
            }
            Command::SetCdSpeed { write } => self.set_speed(Some(u32::from(write))).map(|()| 0),
            Command::SetStreaming { length } => {
                let speed = performance::streaming_write_speed(received(&data, length)?)?;
                self.set_speed(speed).map(|()| length)
            }
            other => self.perform_on_disc(other, data),
        }
    }

    /// Commands that need a disc and only read its state.
    fn perform_on_disc(&mut self, command: Command, data: Data<'_>) -> Result<usize, Sense> {
        let disc = self.loaded()?.seen();
        let (reply, allocation) = match command {
            Command::ReadCapacity => (information::capacity(disc), 8),
            Command::ReadToc { msf, format, first, allocation } if disc.medium().is_cd() => {
                (cd::toc::table(disc, format, msf, first)?, allocation)
            }
            Command::ReadToc { msf, format, first, allocation } => {
                (information::table_of_contents(disc, format, msf, first)?, allocation)
            }
            Command::ReadDiscInformation { data_type: 0, allocation } => {
                (information::disc_information(disc), allocation)
            }
            Command::ReadDiscInformation { data_type: 2, allocation } if disc.pseudo_overwrite => {
                (information::pow_resources(disc), allocation)
            }
            Command::ReadTrackInformation { open, address_type, number, allocation } => {
                let reply = information::track_information(disc, address_type, number, open)?;
                (reply, allocation)
            }
            Command::GetPerformance { write, descriptors, data_type } => {
                let speed = write.then(|| self.write_speed());
                let reply = performance::performance(disc, data_type, speed, descriptors)?;
                let allocation = reply.len();
                (reply, allocation)
            }
            Command::ReadDiscStructure { media, layer, format, allocation } => {
                if layer >= disc.medium().layers {
                    return Err(sense::INVALID_FIELD_IN_CDB);
                }
                (structures::structure(disc, media, format)?, allocation)
            }
            Command::ReadDiscInformation { .. } => return Err(sense::INVALID_FIELD_IN_CDB),
            other => return self.perform_transfer(other, data),
        };
        deliver(&reply, allocation, data)
    }

    /// The disc, or why there is none. MMC-6 annex F.
    pub(super) fn loaded(&self) -> Result<&Loaded, Sense> {
        self.loaded.as_ref().ok_or_else(|| self.no_medium())
    }

    pub(super) fn loaded_mut(&mut self) -> Result<&mut Loaded, Sense> {
        let absent = self.no_medium();
        self.loaded.as_mut().ok_or(absent)
    }

    fn no_medium(&self) -> Sense {
        if self.tray_is_open() { sense::NO_MEDIUM_TRAY_OPEN } else { sense::NO_MEDIUM }
    }

    /// TEST UNIT READY; an idle moment in which DVD+RW is formatted in the background. MMC-6 4.6.
    fn test_unit_ready(&mut self) -> Result<(), Sense> {
        let disc = &mut self.loaded_mut()?.disc;
        let background = disc.kind == MediumKind::DvdPlusRw;
        if let Some(format) = disc.format.as_mut().filter(|format| background && format.running) {
            let step = format.blocks.div_ceil(16);
            format.formatted = format.formatted.saturating_add(step).min(format.blocks);
            format.running = format.formatted < format.blocks;
        }
        Ok(())
    }

    fn take_sense(&mut self) -> Sense {
        if let Some(told) = self.attention.take().or_else(|| self.deferred.take()) {
            return told;
        }
        self.poll_busy().unwrap_or_else(|| core::mem::take(&mut self.last_sense))
    }

    fn mode_select(&mut self, page_format: bool, save: bool, list: &[u8]) -> Result<(), Sense> {
        if !page_format || save {
            return Err(sense::INVALID_FIELD_IN_CDB);
        }
        if list.is_empty() {
            return Ok(());
        }
        let row = self.loaded.as_ref().map(|loaded| loaded.disc.medium());
        self.modes.select(list, row)?;
        if let Some(loaded) = &mut self.loaded {
            loaded.forget_session();
        }
        Ok(())
    }

    /// READ BUFFER CAPACITY in bytes, or in blocks where nothing waits. MMC-6 6.17.
    fn buffer_capacity(&mut self, blocks: bool) -> Vec<u8> {
        let speed = self.write_speed();
        let disc = self.loaded.as_ref().map(|loaded| &loaded.disc);
        let is_full = self.busy.is_some_and(|busy| busy.is_full());
        let blank = if is_full { 0 } else { self.pace.blank_bytes(disc, speed) };
        let (total, blank) = (super::BUFFER_BYTES, blank);
        let (total, blank) = if blocks { (total / 2048, blank / 2048) } else { (total, blank) };
        let mut reply = vec![0, 10, 0, u8::from(blocks)];
        reply.extend_from_slice(&total.to_be_bytes());
        reply.extend_from_slice(&blank.to_be_bytes());
        reply
    }

    fn set_speed(&mut self, wanted: Option<u32>) -> Result<(), Sense> {
        let disc = &self.loaded()?.disc;
        self.selected = wanted.map(|wanted| performance::nearest_speed(disc, wanted));
        Ok(())
    }

    /// The write speed in force, in 1000 bytes a second; 0 without a disc.
    pub(super) fn write_speed(&self) -> u32 {
        let fastest = || self.loaded.as_ref().and_then(|l| l.disc.medium().write_speeds().next());
        self.selected.or_else(fastest).unwrap_or(0)
    }
}

impl Drop for Burner {
    fn drop(&mut self) {
        self.store();
    }
}

/// Sends at most the allocation length and what the host has room for. SPC-4 4.3.5.6.
fn deliver(reply: &[u8], allocation: usize, data: Data<'_>) -> Result<usize, Sense> {
    let wanted = reply.len().min(allocation);
    match data {
        Data::In(out) => {
            let sent = wanted.min(out.len());
            out[..sent].copy_from_slice(&reply[..sent]);
            Ok(sent)
        }
        Data::None => Ok(0),
        Data::Out(_) => Err(sense::DATA_PHASE_ERROR),
    }
}

/// The bytes the host promised in its CDB.
pub(super) fn received<'a>(data: &Data<'a>, length: usize) -> Result<&'a [u8], Sense> {
    match data {
        Data::Out(bytes) => bytes.get(..length).ok_or(sense::DATA_PHASE_ERROR),
        Data::None if length == 0 => Ok(&[]),
        Data::None | Data::In(_) => Err(sense::DATA_PHASE_ERROR),
    }
}

/// Standard INQUIRY data, or the vital product data pages 00h and 80h. SPC-4 6.4, 7.8.
fn inquiry(vital: bool, page: u8) -> Result<Vec<u8>, Sense> {
    const CD_DVD_DEVICE: u8 = 0x05;
    match (vital, page) {
        (true, 0x00) => Ok(vec![CD_DVD_DEVICE, 0, 0, 2, 0x00, 0x80]),
        (true, 0x80) => {
            let serial = features::SERIAL;
            Ok([&[CD_DVD_DEVICE, 0x80, 0, serial.len() as u8], serial.as_slice()].concat())
        }
        (false, 0x00) => {
            let mut reply = vec![CD_DVD_DEVICE, 0x80, 0x05, 0x02, 91, 0, 0, 0];
            reply.extend_from_slice(b"DISCWRT Virtual Burner  0100");
            reply.resize(96, 0);
            Ok(reply)
        }
        _ => Err(sense::INVALID_FIELD_IN_CDB),
    }
}
