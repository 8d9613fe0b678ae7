//! An open drive and its commands.

use core::{mem::offset_of, ptr, time::Duration};
use std::{fs::File, io};

use windows_sys::Win32::Storage::IscsiDisc::{
    SCSI_IOCTL_DATA_IN, SCSI_IOCTL_DATA_OUT, SCSI_IOCTL_DATA_UNSPECIFIED, SCSI_PASS_THROUGH_DIRECT,
};

use super::{Claim, codes, ioctl};
use crate::scsi::{AlignedBuffer, Data, ScsiError, Transport, moved_by, sense::SENSE_LEN};

/// The command and, behind it, the room for its sense data.
#[repr(C)]
pub(super) struct PassThrough {
    command: SCSI_PASS_THROUGH_DIRECT,
    sense: [u8; SENSE_LEN],
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(
    size_of::<SCSI_PASS_THROUGH_DIRECT>() == 56
        && offset_of!(SCSI_PASS_THROUGH_DIRECT, DataBuffer) == 24
        && offset_of!(SCSI_PASS_THROUGH_DIRECT, Cdb) == 36
        && offset_of!(PassThrough, sense) == 56
);
#[cfg(target_pointer_width = "32")]
const _: () = assert!(
    size_of::<SCSI_PASS_THROUGH_DIRECT>() == 44
        && offset_of!(SCSI_PASS_THROUGH_DIRECT, DataBuffer) == 20
        && offset_of!(SCSI_PASS_THROUGH_DIRECT, Cdb) == 28
        && offset_of!(PassThrough, sense) == 44
);

/// An optical drive.
#[derive(Debug)]
pub struct Device {
    file: File,
    claim: Option<Claim>,
    /// Bits of a buffer's address that must be zero.
    alignment_mask: usize,
    max_transfer: Option<u32>,
    /// For data that is not aligned.
    bounce: AlignedBuffer,
}

impl Device {
    pub(super) fn new(file: File, claim: Option<Claim>) -> Self {
        let adapter = ioctl::adapter(&file).ok();
        let alignment_mask = adapter.map_or(0, |adapter| adapter.alignment_mask as usize);
        let limit = |adapter: ioctl::Adapter| codes::limit(adapter.max_transfer, adapter.max_pages);
        let max_transfer = adapter.and_then(limit);
        Self { file, claim, alignment_mask, max_transfer, bounce: AlignedBuffer::new(0) }
    }

    fn is_aligned(&self, bytes: &[u8]) -> bool {
        bytes.as_ptr().addr() & self.alignment_mask == 0
    }

    /// Room for data that does not lie as the adapter wants it.
    fn bounce(&mut self, len: usize) -> AlignedBuffer {
        let spare = core::mem::replace(&mut self.bounce, AlignedBuffer::new(0));
        if spare.len() >= len { spare } else { AlignedBuffer::new(len) }
    }

    /// Sends a command whose data, if any, lies as the adapter wants it.
    fn pass(&self, cdb: &[u8], data: Data<'_>, timeout: Duration) -> Result<usize, ScsiError> {
        let (direction, pointer, len) = match data {
            Data::None => (SCSI_IOCTL_DATA_UNSPECIFIED, ptr::null_mut(), 0),
            Data::In(buffer) => (SCSI_IOCTL_DATA_IN, buffer.as_mut_ptr(), buffer.len()),
            Data::Out(buffer) => (SCSI_IOCTL_DATA_OUT, buffer.as_ptr().cast_mut(), buffer.len()),
        };
        let mut command = SCSI_PASS_THROUGH_DIRECT {
            Length: size_of::<SCSI_PASS_THROUGH_DIRECT>() as u16,
            CdbLength: cdb.len() as u8,
            SenseInfoLength: SENSE_LEN as u8,
            DataIn: direction as u8,
            DataTransferLength: u32::try_from(len)
                .map_err(|_| invalid("the transfer is too long"))?,
            TimeOutValue: codes::seconds(timeout),
            DataBuffer: pointer.cast(),
            SenseInfoOffset: offset_of!(PassThrough, sense) as u32,
            ..Default::default()
        };
        let room =
            command.Cdb.get_mut(..cdb.len()).ok_or_else(|| invalid("the CDB is too long"))?;
        room.copy_from_slice(cdb);
        let mut pass = PassThrough { command, sense: [0; SENSE_LEN] };
        #[expect(
            unsafe_code,
            reason = "SPTI is the only way to a drive, and it takes a raw pointer"
        )]
        // SAFETY: `DataBuffer` and its length come from one slice, which lives until the call returns and is `&mut`
        // where the driver writes; for `Data::None` they are null and 0.
        let passed = unsafe { ioctl::pass(&self.file, &mut pass) };
        passed.map_err(|code| codes::command_error(code, timeout))?;
        let sense_len = usize::from(pass.command.SenseInfoLength).min(SENSE_LEN);
        let ended = codes::outcome(pass.command.ScsiStatus, &pass.sense[..sense_len]);
        let moved = len.min(pass.command.DataTransferLength as usize);
        moved_by(ended, moved, if direction == SCSI_IOCTL_DATA_IN { len } else { 0 })
    }
}

impl Transport for Device {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        match data {
            Data::In(buffer) if !self.is_aligned(buffer) => {
                let mut bounce = self.bounce(buffer.len());
                let room = bounce.get_mut(..buffer.len()).unwrap_or_default();
                let moved = self.pass(cdb, Data::In(room), timeout);
                if let Ok(moved) = moved {
                    buffer[..moved].copy_from_slice(&bounce[..moved]);
                }
                self.bounce = bounce;
                moved
            }
            Data::Out(buffer) if !self.is_aligned(buffer) => {
                let mut bounce = self.bounce(buffer.len());
                let room = bounce.get_mut(..buffer.len()).unwrap_or_default();
                room.copy_from_slice(buffer);
                let moved = self.pass(cdb, Data::Out(room), timeout);
                self.bounce = bounce;
                moved
            }
            data => self.pass(cdb, data, timeout),
        }
    }

    fn max_transfer(&self) -> Option<u32> {
        self.max_transfer
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        if let Some(claim) = self.claim.take() {
            claim.release(&self.file);
        }
    }
}

fn invalid(what: &'static str) -> ScsiError {
    ScsiError::Io(io::Error::new(io::ErrorKind::InvalidInput, what))
}
