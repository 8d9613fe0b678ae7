//! Writes down every command that passes, in lines a person can hold against MMC-6.

use core::{fmt::Write as _, time::Duration};

use super::{Data, ScsiError, Transport, opcode};

/// Parameter lists up to this length are written down in full; data are only counted.
const PARAMETERS: usize = 64;

/// A transport that keeps a line per command: CDB, name, transfer, status.
///
/// ```
/// # use native_agent::scsi::{Data, Recording, ScsiError, Transport};
/// # struct Ready;
/// # impl Transport for Ready {
/// #     fn execute(&mut self, _: &[u8], _: Data<'_>, _: std::time::Duration) -> Result<usize, ScsiError> { Ok(0) }
/// # }
/// let mut drive = Recording::new(Ready);
/// drive.execute(&[0; 6], Data::None, std::time::Duration::from_secs(1)).unwrap();
/// assert_eq!(drive.text(), "00 00 00 00 00 00  TEST UNIT READY: good\n");
/// ```
#[derive(Debug)]
pub struct Recording<T> {
    inner: T,
    lines: Vec<String>,
}

impl<T> Recording<T> {
    /// Starts with an empty record.
    pub const fn new(inner: T) -> Self {
        Self { inner, lines: Vec::new() }
    }

    /// The lines so far, one per command.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The lines so far as one text, each ended by a line feed.
    #[must_use]
    pub fn text(&self) -> String {
        self.lines.iter().fold(String::new(), |text, line| text + line + "\n")
    }

    /// Forgets what was recorded.
    pub fn clear(&mut self) {
        self.lines.clear();
    }

    /// The transport beneath.
    pub const fn inner_mut(&mut self) -> &mut T {
        &mut self.inner
    }

    /// Gives the transport beneath back.
    pub fn into_inner(self) -> T {
        self.inner
    }
}

impl<T: Transport> Transport for Recording<T> {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        let transfer = describe_transfer(&data);
        let result = self.inner.execute(cdb, data, timeout);
        self.lines.push(format!("{}{transfer}: {}", describe_cdb(cdb), describe_result(&result)));
        result
    }

    fn max_transfer(&self) -> Option<u32> {
        self.inner.max_transfer()
    }
}

/// The bytes of a CDB and the name of its operation code.
pub(super) fn describe_cdb(cdb: &[u8]) -> String {
    let mut line = String::with_capacity(64);
    for byte in cdb {
        let _ = write!(line, "{byte:02x} ");
    }
    line + " " + opcode::name(cdb.first().copied().unwrap_or_default())
}

/// How much data a command may move, and which way.
pub(super) fn describe_transfer(data: &Data<'_>) -> String {
    match data {
        Data::None => String::new(),
        Data::In(buffer) => format!(" in {}", buffer.len()),
        Data::Out(buffer) if buffer.len() <= PARAMETERS => {
            buffer.iter().fold(" out".to_owned(), |line, byte| format!("{line} {byte:02x}"))
        }
        Data::Out(buffer) => format!(" out {}", buffer.len()),
    }
}

/// The end of a command in a few words.
pub(super) fn describe_result(result: &Result<usize, ScsiError>) -> String {
    match result {
        Ok(0) => "good".to_owned(),
        Ok(moved) => format!("good, {moved}"),
        Err(ScsiError::Check(sense)) => sense.to_string(),
        Err(error) => error.to_string(),
    }
}
