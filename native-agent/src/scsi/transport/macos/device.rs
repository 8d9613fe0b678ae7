//! An open drive: tasks once it is claimed, the questions of MMCDeviceInterface before.

use core::{ptr, time::Duration};
use std::io;

use super::{
    claim::Claim,
    codes::{self, Question},
    com::{Interface, Mmc, Range, Task, TaskDevice},
    registry::Service,
};
use crate::scsi::{Data, ScsiError, Transport, moved_by};

/// SCSITask.h: directions of a transfer.
const NO_DATA: u8 = 0;
const TO_DRIVE: u8 = 1;
const FROM_DRIVE: u8 = 2;
/// The service response of the calls that return a status of the drive.
const TASK_COMPLETE: u32 = 2;
/// `SCSI_Sense_Data`.
const SENSE_LEN: usize = 18;

/// An optical drive.
#[derive(Debug)]
pub struct Device {
    mmc: Interface<Mmc>,
    /// Present once exclusive access is ours.
    tasks: Option<Interface<TaskDevice>>,
    /// Given back after exclusive access, so that the disc is mounted when it can be.
    _claim: Option<Claim>,
    service: Service,
    max_transfer: Option<u32>,
}

#[expect(unsafe_code, reason = "raw pointers and objects of frameworks have to be vouched for")]
// SAFETY: the interfaces are not bound to a thread: their functions send messages to a port of the kernel and wait,
// and those that would need the run loop of a thread (AddCallbackDispatcherToRunLoop, ExecuteTaskAsync) are not used.
// They must not be called by two threads at once, and are not: every call needs `&mut self`, and nothing is `Sync`.
// Objects of Core Foundation, Disk Arbitration and the registry may be used and released on any thread.
unsafe impl Send for Device {}

impl Device {
    pub(super) fn new(
        service: Service,
        mmc: Interface<Mmc>,
        tasks: Option<Interface<TaskDevice>>,
        claim: Option<Claim>,
    ) -> Self {
        let max_transfer = service.max_transfer();
        Self { mmc, tasks, _claim: claim, service, max_transfer }
    }

    /// Asks without exclusive access.
    fn ask(&self, cdb: &[u8], data: Data<'_>, timeout: Duration) -> Result<usize, ScsiError> {
        let question = codes::question(cdb)?;
        let buffer = match data {
            Data::In(buffer) => buffer,
            Data::None | Data::Out(_) => &mut [],
        };
        buffer.fill(0);
        if question == Question::MediaEvent {
            let event = codes::media_event(self.service.disk().is_some(), self.is_tray_open());
            let len = buffer.len().min(event.len());
            buffer[..len].copy_from_slice(&event[..len]);
            return Ok(len);
        }
        let (mut status, mut sense) = (0, [0; SENSE_LEN]);
        let called = self.call(question, buffer, &mut status, &mut sense);
        if called != 0 {
            return Err(codes::call_error(called, timeout));
        }
        codes::outcome(TASK_COMPLETE, status, &sense, timeout)?;
        Ok(codes::answer_len(question, buffer))
    }

    fn is_tray_open(&self) -> bool {
        let mut state = 0;
        #[expect(unsafe_code, reason = "COM")]
        // SAFETY: the interface is held and `state` outlives the call.
        let asked = unsafe { (self.mmc.table().get_tray_state)(self.mmc.this(), &mut state) };
        asked == 0 && state & 1 != 0
    }

    /// The function of the interface for a question.
    fn call(
        &self,
        question: Question,
        buffer: &mut [u8],
        status: &mut u32,
        sense: &mut [u8; SENSE_LEN],
    ) -> i32 {
        let (mmc, this, at) = (self.mmc.table(), self.mmc.this(), buffer.as_mut_ptr());
        let len = u16::try_from(buffer.len()).unwrap_or(u16::MAX);
        let (status, sense) = (ptr::from_mut(status), ptr::from_mut(sense));
        #[expect(unsafe_code, reason = "COM")]
        // SAFETY: the interface is held; buffer, status and sense outlive the call, and the length is the buffer's or
        // less.
        unsafe {
            match question {
                Question::TestUnitReady => (mmc.test_unit_ready)(this, status, sense),
                Question::Inquiry => (mmc.inquiry)(this, at, len.into(), status, sense),
                Question::Configuration(rt, first) => {
                    (mmc.get_configuration)(this, rt, first, at, len, status, sense)
                }
                Question::ModeSense(llbaa, dbd, control, page) => {
                    (mmc.mode_sense_10)(this, llbaa, dbd, control, page, at, len, status, sense)
                }
                Question::Toc(msf, format, track) => {
                    (mmc.read_table_of_contents)(this, msf, format, track, at, len, status, sense)
                }
                Question::DiscInformation => {
                    (mmc.read_disc_information)(this, at, len, status, sense)
                }
                Question::TrackInformation(kind, number) => {
                    (mmc.read_track_information)(this, kind, number, at, len, status, sense)
                }
                Question::DvdStructure(address, layer, format) => {
                    (mmc.read_dvd_structure)(this, address, layer, format, at, len, status, sense)
                }
                Question::Performance(data, lba, most, kind) => {
                    (mmc.get_performance_v2)(this, data, lba, most, kind, at, len, status, sense)
                }
                Question::FormatCapacities => {
                    (mmc.read_format_capacities)(this, at, len, status, sense)
                }
                Question::MediaEvent => 0,
            }
        }
    }
}

/// Sends a command to a drive that is ours.
fn perform(
    tasks: &Interface<TaskDevice>,
    cdb: &[u8],
    data: Data<'_>,
    timeout: Duration,
) -> Result<usize, ScsiError> {
    let (direction, address, length) = match data {
        Data::None => (NO_DATA, ptr::null_mut(), 0),
        Data::In(buffer) => (FROM_DRIVE, buffer.as_mut_ptr(), buffer.len() as u64),
        Data::Out(buffer) => (TO_DRIVE, buffer.as_ptr().cast_mut(), buffer.len() as u64),
    };
    let cdb_len = u8::try_from(cdb.len()).map_err(|_| invalid("the CDB is too long"))?;
    let millis = u32::try_from(timeout.as_millis().max(1)).unwrap_or(u32::MAX);
    let range = Range { address: address.expose_provenance() as u64, length };
    let ranges = u8::from(length > 0);
    let (mut sense, mut status, mut response, mut moved) = ([0; SENSE_LEN], 0, 0, 0);
    #[expect(unsafe_code, reason = "COM")]
    // SAFETY: the interface is held and exclusive access is ours; the task is ours to release. CDB, range and what it
    // points to live until ExecuteTaskSync returns, when the kernel has released the memory; it writes to it only for
    // FROM_DRIVE, where it came from a `&mut [u8]`. The out parameters outlive the calls.
    let failed = unsafe {
        let task = (tasks.table().create_scsi_task)(tasks.this());
        let task =
            Interface::<Task>::from_raw(task).ok_or_else(|| invalid("no task could be made"))?;
        let (table, this) = (task.table(), task.this());
        let calls = [
            (table.set_command_descriptor_block)(this, cdb.as_ptr(), cdb_len),
            (table.set_scatter_gather_entries)(this, &range, ranges, length, direction),
            (table.set_timeout_duration)(this, millis),
        ];
        match calls.into_iter().find(|call| *call != 0) {
            Some(failed) => failed,
            None => {
                let done = (table.execute_task_sync)(this, &mut sense, &mut status, &mut moved);
                let told = (table.get_scsi_service_response)(this, &mut response);
                if done != 0 { done } else { told }
            }
        }
    };
    if failed != 0 {
        return Err(codes::call_error(failed, timeout));
    }
    let ended = codes::outcome(response, status, &sense, timeout);
    let bytes = |length: u64| usize::try_from(length).unwrap_or(0);
    let wanted = if direction == FROM_DRIVE { bytes(length) } else { 0 };
    moved_by(ended, bytes(moved.min(length)), wanted)
}

impl Transport for Device {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        match &self.tasks {
            Some(tasks) => perform(tasks, cdb, data, timeout),
            None => self.ask(cdb, data, timeout),
        }
    }

    fn max_transfer(&self) -> Option<u32> {
        self.max_transfer
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        if let Some(tasks) = self.tasks.take() {
            #[expect(unsafe_code, reason = "COM")]
            // SAFETY: the interface is held, and exclusive access was obtained through it.
            unsafe {
                (tasks.table().release_exclusive_access)(tasks.this());
            }
        }
    }
}

fn invalid(what: &'static str) -> ScsiError {
    ScsiError::Io(io::Error::new(io::ErrorKind::InvalidInput, what))
}
