//! What a guest asks of a SCSI device and what it is told. Virtual I/O Device (VIRTIO) 1.2, 5.6.6.

use std::io;

use native_agent::scsi::{ScsiError, Sense};

/// Bytes before the data to the device: LUN, tag, attributes and CDB. 5.6.6.1.
pub(super) const REQUEST_LEN: usize = 51;
/// Bytes before the data from the device: status and sense. 5.6.6.1.
pub(super) const RESPONSE_LEN: usize = 12 + SENSE_LEN;
/// The default of the configuration field `sense_size`. 5.6.4.
const SENSE_LEN: usize = 96;

/// Where the CDB is.
const CDB_AT: usize = 19;

/// How a command ended. 5.6.6.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Response {
    Ok = 0,
    BadTarget = 3,
    TransportFailure = 6,
}

/// A command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) target: u8,
    pub(super) lun: u16,
    cdb: [u8; 32],
}

impl Request {
    pub(super) fn parse(bytes: &[u8; REQUEST_LEN]) -> Self {
        let mut cdb = [0; 32];
        cdb.copy_from_slice(&bytes[CDB_AT..]);
        // Byte 0 is 1; the LUN is in flat space addressing, whose two top bits tell so. SAM-5 4.6.8.
        let lun = u16::from_be_bytes([bytes[2] & 0x3f, bytes[3]]);
        Self { target: bytes[1], lun, cdb }
    }

    /// The CDB, as long as its operation code says. SPC-4 4.3.2.
    pub(super) fn cdb(&self) -> &[u8] {
        let len = match self.cdb[0] >> 5 {
            0 => 6,
            1 | 2 => 10,
            4 => 16,
            _ => 12,
        };
        &self.cdb[..len]
    }
}

/// The answer of a device to a command that moved `moved` of `wanted` bytes.
pub(super) fn response(result: &Result<usize, ScsiError>, wanted: usize) -> [u8; RESPONSE_LEN] {
    const CHECK_CONDITION: u8 = 0x02;
    match result {
        Ok(moved) => render(Response::Ok, 0, None, wanted.saturating_sub(*moved)),
        Err(ScsiError::Check(sense)) => render(Response::Ok, CHECK_CONDITION, Some(*sense), wanted),
        Err(ScsiError::Status(status)) => render(Response::Ok, *status, None, wanted),
        Err(ScsiError::Gone) => render(Response::BadTarget, 0, None, wanted),
        Err(_) => render(Response::TransportFailure, 0, None, wanted),
    }
}

/// The answer when nobody has this address.
pub(super) fn nobody() -> [u8; RESPONSE_LEN] {
    render(Response::BadTarget, 0, None, 0)
}

fn render(
    response: Response,
    status: u8,
    sense: Option<Sense>,
    residual: usize,
) -> [u8; RESPONSE_LEN] {
    let mut bytes = [0; RESPONSE_LEN];
    if let Some(sense) = sense {
        let sense = sense.to_fixed_format();
        bytes[..4].copy_from_slice(&(sense.len() as u32).to_le_bytes());
        bytes[12..12 + sense.len()].copy_from_slice(&sense);
    }
    bytes[4..8].copy_from_slice(&(residual as u32).to_le_bytes());
    bytes[10] = status;
    bytes[11] = response as u8;
    bytes
}

/// An error of the guest's making.
pub(super) fn malformed(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_taken_apart() {
        let mut bytes = [0; REQUEST_LEN];
        bytes[..4].copy_from_slice(&[1, 2, 0x40, 3]);
        bytes[CDB_AT..CDB_AT + 10].copy_from_slice(&[0x2a, 0, 0, 0, 0, 9, 0, 0, 16, 0]);
        let request = Request::parse(&bytes);
        assert_eq!((request.target, request.lun), (2, 3));
        assert_eq!(request.cdb(), [0x2a, 0, 0, 0, 0, 9, 0, 0, 16, 0]);
    }

    #[test]
    fn sense_goes_along() {
        let error = Err(ScsiError::Check(Sense::new(5, 0x21, 2)));
        let bytes = response(&error, 2048);
        assert_eq!(bytes[..12], [18, 0, 0, 0, 0, 8, 0, 0, 0, 0, 2, 0]);
        assert_eq!(bytes[12..30], Sense::new(5, 0x21, 2).to_fixed_format());
        assert_eq!(response(&Err(ScsiError::Gone), 0)[11], Response::BadTarget as u8);
        assert_eq!(response(&Ok(96), 96)[..12], [0; 12]);
    }
}
