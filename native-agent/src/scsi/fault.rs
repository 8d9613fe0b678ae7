//! Makes a drive fail on purpose, at a chosen command.

use core::time::Duration;
use std::io;

use super::{Data, ScsiError, Sense, Transport};

/// What happens at the chosen command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// CHECK CONDITION; the drive never sees the command.
    Refuse(Sense),
    /// CHECK CONDITION after the drive carried the command out, as recovered errors and unit attentions of some
    /// drives do.
    Report(Sense),
    /// Another SAM-5 status; the drive never sees the command.
    Status(u8),
    /// No answer.
    Timeout,
    /// The drive is gone, for this and every later command.
    Gone,
    /// The operating system refuses this command.
    Broken,
}

/// One line of the script.
#[derive(Clone, Copy, Debug)]
struct Fault {
    opcode: u8,
    /// The first command with this operation code that is hit, counted from 1.
    first: u32,
    /// How many in a row are hit.
    times: u32,
    effect: Effect,
}

/// A transport that follows a script of faults and passes everything else on.
#[derive(Debug)]
pub struct FaultInjecting<T> {
    inner: T,
    script: Vec<Fault>,
    seen: [u32; 256],
    gone: bool,
    struck: u32,
}

impl<T> FaultInjecting<T> {
    /// Starts with no faults.
    pub const fn new(inner: T) -> Self {
        Self { inner, script: Vec::new(), seen: [0; 256], gone: false, struck: 0 }
    }

    /// Hits the n-th command (from 1) with this operation code.
    #[must_use]
    pub fn at(self, opcode: u8, n: u32, effect: Effect) -> Self {
        self.repeatedly(opcode, n, 1, effect)
    }

    /// Hits `times` commands with this operation code in a row, from the n-th (from 1) on.
    #[must_use]
    pub fn repeatedly(mut self, opcode: u8, first: u32, times: u32, effect: Effect) -> Self {
        self.script.push(Fault { opcode, first, times, effect });
        self
    }

    /// How many commands were hit, so that a test can tell that its fault took place.
    #[must_use]
    pub const fn struck(&self) -> u32 {
        self.struck
    }

    /// The transport beneath.
    pub const fn inner_mut(&mut self) -> &mut T {
        &mut self.inner
    }

    /// Gives the transport beneath back.
    pub fn into_inner(self) -> T {
        self.inner
    }

    /// Counts the command and finds the fault that is meant for it.
    fn strike(&mut self, opcode: u8) -> Option<Effect> {
        let count = &mut self.seen[usize::from(opcode)];
        *count += 1;
        let count = *count;
        let hits = |fault: &&Fault| {
            fault.opcode == opcode && count >= fault.first && count - fault.first < fault.times
        };
        let effect = self.script.iter().find(hits)?.effect;
        self.struck += 1;
        self.gone |= effect == Effect::Gone;
        Some(effect)
    }
}

impl<T: Transport> Transport for FaultInjecting<T> {
    fn execute(
        &mut self,
        cdb: &[u8],
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<usize, ScsiError> {
        if self.gone {
            return Err(ScsiError::Gone);
        }
        match self.strike(cdb.first().copied().unwrap_or_default()) {
            None => self.inner.execute(cdb, data, timeout),
            Some(Effect::Refuse(sense)) => Err(ScsiError::Check(sense)),
            Some(Effect::Report(sense)) => {
                self.inner.execute(cdb, data, timeout)?;
                Err(ScsiError::Check(sense))
            }
            Some(Effect::Status(status)) => Err(ScsiError::Status(status)),
            Some(Effect::Timeout) => Err(ScsiError::Timeout(timeout)),
            Some(Effect::Gone) => Err(ScsiError::Gone),
            Some(Effect::Broken) => Err(ScsiError::Io(io::Error::other("injected fault"))),
        }
    }

    fn max_transfer(&self) -> Option<u32> {
        self.inner.max_transfer()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Accepts every command.
    struct Willing;

    impl Transport for Willing {
        fn execute(&mut self, _: &[u8], _: Data<'_>, _: Duration) -> Result<usize, ScsiError> {
            Ok(0)
        }
    }

    #[test]
    fn script_hits_the_chosen_commands_only() {
        let busy = Sense::new(2, 4, 8);
        let mut drive = FaultInjecting::new(Willing)
            .repeatedly(0x2a, 2, 2, Effect::Refuse(busy))
            .at(0x35, 1, Effect::Gone);
        let mut send = |opcode| {
            drive.execute(&[opcode; 10], Data::None, Duration::ZERO).map_err(|e| e.to_string())
        };
        let results = [0x2a, 0x00, 0x2a, 0x2a, 0x2a].map(&mut send);
        assert_eq!(results.each_ref().map(Result::is_ok), [true, true, false, false, true]);
        assert_eq!(send(0x35), Err("the drive is gone".to_owned()));
        assert_eq!(send(0x00), Err("the drive is gone".to_owned()), "gone is for good");
        assert_eq!(drive.struck(), 3);
    }
}
