//! A command ready to send: its CDB, its data phase, and how long it may take.

use core::{fmt, time::Duration};

use super::RawBlocks;
use crate::scsi::{Data, ScsiError, Transport};

/// For commands that only ask: libburn and growisofs allow as much for slow spin-ups.
pub const ASK_TIMEOUT: Duration = Duration::from_secs(30);
/// For READ, WRITE and everything answered at once because of the Immed bit. The first write of a disc-at-once
/// recording may take three minutes.
pub const MOVE_TIMEOUT: Duration = Duration::from_secs(200);
/// For a tray that has to close and a disc that has to spin up.
pub const LOAD_TIMEOUT: Duration = Duration::from_secs(300);

/// A command descriptor block of 6, 10 or 12 bytes. SPC-4 4.3.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cdb {
    bytes: [u8; 12],
    len: u8,
}

impl Cdb {
    /// Takes the bytes as they are.
    #[must_use]
    pub const fn six(bytes: [u8; 6]) -> Self {
        let [a, b, c, d, e, f] = bytes;
        Self { bytes: [a, b, c, d, e, f, 0, 0, 0, 0, 0, 0], len: 6 }
    }

    /// Takes the bytes as they are.
    #[must_use]
    pub const fn ten(bytes: [u8; 10]) -> Self {
        let [a, b, c, d, e, f, g, h, i, j] = bytes;
        Self { bytes: [a, b, c, d, e, f, g, h, i, j, 0, 0], len: 10 }
    }

    /// Takes the bytes as they are.
    #[must_use]
    pub const fn twelve(bytes: [u8; 12]) -> Self {
        Self { bytes, len: 12 }
    }

    /// What goes over the wire.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// Byte 0.
    #[must_use]
    pub const fn opcode(&self) -> u8 {
        self.bytes[0]
    }
}

impl fmt::Debug for Cdb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cdb({:02x?})", self.as_bytes())
    }
}

/// The data phase of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transfer {
    /// No data.
    None,
    /// At most this many bytes from the drive.
    In(usize),
    /// These bytes to the drive.
    Out(Vec<u8>),
    /// This many blocks of the image to the drive; the sender has them.
    Image(u32),
    /// The same in raw sectors, which are made around them as they are sent.
    RawImage(RawBlocks),
}

impl Transfer {
    /// How many blocks of the image the sender has to give, if any.
    #[must_use]
    pub fn image_blocks(&self) -> Option<u32> {
        match self {
            Self::Image(blocks) => Some(*blocks),
            Self::RawImage(raw) => Some(raw.blocks.into()),
            Self::None | Self::In(_) | Self::Out(_) => None,
        }
    }
}

/// A command ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The bytes that say what to do.
    pub cdb: Cdb,
    /// The data that goes with them.
    pub transfer: Transfer,
    /// How long the drive may take.
    pub timeout: Duration,
}

impl Command {
    /// A command without data.
    #[must_use]
    pub const fn plain(cdb: Cdb, timeout: Duration) -> Self {
        Self { cdb, transfer: Transfer::None, timeout }
    }

    /// A question.
    #[must_use]
    pub const fn asking(cdb: Cdb, len: usize) -> Self {
        Self { cdb, transfer: Transfer::In(len), timeout: ASK_TIMEOUT }
    }

    /// A command with parameters.
    #[must_use]
    pub const fn telling(cdb: Cdb, parameters: Vec<u8>, timeout: Duration) -> Self {
        Self { cdb, transfer: Transfer::Out(parameters), timeout }
    }

    /// Sends the command once; the answer holds what the drive returned and no more.
    ///
    /// # Errors
    /// What the transport says. A command with blocks of the image is sent by [`Self::send_image`] only, and is refused here.
    pub fn send(&self, transport: &mut dyn Transport) -> Result<Vec<u8>, ScsiError> {
        let cdb = self.cdb.as_bytes();
        match &self.transfer {
            Transfer::None => transport.execute(cdb, Data::None, self.timeout).map(|_| Vec::new()),
            Transfer::In(len) => {
                let mut answer = vec![0; *len];
                let moved = transport.execute(cdb, Data::In(&mut answer), self.timeout)?;
                answer.truncate(moved);
                Ok(answer)
            }
            Transfer::Out(parameters) => {
                transport.execute(cdb, Data::Out(parameters), self.timeout).map(|_| Vec::new())
            }
            Transfer::Image(_) | Transfer::RawImage(_) => {
                self.send_image(transport, &[]).map(|()| Vec::new())
            }
        }
    }

    /// Sends a WRITE with blocks of the image, 2048 bytes of each.
    ///
    /// # Errors
    /// What the transport says.
    pub fn send_image(
        &self,
        transport: &mut dyn Transport,
        blocks: &[u8],
    ) -> Result<(), ScsiError> {
        let wanted = self.transfer.image_blocks().unwrap_or(0) as usize * super::BLOCK;
        if blocks.len() != wanted {
            let what = std::io::Error::other("a write needs exactly the blocks it announces");
            return Err(ScsiError::Io(what));
        }
        let raw = match &self.transfer {
            Transfer::RawImage(raw) => Some(raw.session.blocks(raw.first, blocks)),
            _ => None,
        };
        let bytes = raw.as_deref().unwrap_or(blocks);
        transport.execute(self.cdb.as_bytes(), Data::Out(bytes), self.timeout).map(|_| ())
    }
}
