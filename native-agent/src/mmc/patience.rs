//! When to ask a drive again: the one table of sense codes that mean "later", for machine and probe alike.
//!
//! The waits are those that libburn and growisofs arrived at with real drives.

use core::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use std::time::Instant;

use super::{Command, TrayAction, start_stop};
use crate::scsi::{
    ScsiError, Sense, Transport,
    sense::key::{
        ABORTED, BLANK_CHECK, ILLEGAL_REQUEST, MEDIUM_ERROR, NOT_READY, RECOVERED, UNIT_ATTENTION,
    },
};

/// SAM-5 5.3.1: BUSY and TASK SET FULL mean "later".
const BUSY: [u8; 2] = [0x08, 0x28];
/// How often a unit attention, an abort or an empty sense is answered with a repetition before it counts as an error.
const MAX_EMPTY_TRIES: u32 = 20;
/// A drive that is "not ready" without a cause is believed to be ready after this long, as libburn does.
const CLUELESS_LIMIT: Duration = Duration::from_secs(5);

/// What to do about a command that did not end with GOOD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// It did succeed: the drive only reports that it had to help itself.
    Accept,
    /// Send it again, after this long.
    Again(Duration),
    /// Give up.
    Fail,
}

/// Patience with one command, from its first failure on.
#[derive(Clone, Debug)]
pub struct Waiting {
    limit: Duration,
    /// First wait, what each repetition adds, and the most.
    pace: [Duration; 3],
    clueless_is_ready: bool,
    since: Option<Instant>,
    /// Since when the drive has not said why it is not ready.
    clueless: Option<Instant>,
    tries: u32,
    empty_tries: u32,
}

impl Waiting {
    const fn with_pace(limit: Duration, pace: [u64; 3]) -> Self {
        let [first, step, most] = pace;
        let millis = [
            Duration::from_millis(first),
            Duration::from_millis(step),
            Duration::from_millis(most),
        ];
        Self {
            limit,
            pace: millis,
            clueless_is_ready: false,
            since: None,
            clueless: None,
            tries: 0,
            empty_tries: 0,
        }
    }

    /// For WRITE: the buffer drains within milliseconds.
    #[must_use]
    pub const fn for_write(limit: Duration) -> Self {
        Self::with_pace(limit, [0, 2, 25])
    }

    /// For everything else.
    #[must_use]
    pub const fn for_others(limit: Duration) -> Self {
        Self::with_pace(limit, [100, 100, 500])
    }

    /// For TEST UNIT READY: a drive that is not ready and cannot say why is taken for ready after a while.
    #[must_use]
    pub const fn for_readiness(limit: Duration) -> Self {
        Self { clueless_is_ready: true, ..Self::for_others(limit) }
    }

    /// Forgets earlier failures, because the command got through.
    pub const fn reset(&mut self) {
        self.since = None;
        self.clueless = None;
        self.tries = 0;
        self.empty_tries = 0;
    }

    /// Judges a failure. Time comes from the caller.
    pub fn react(&mut self, error: &ScsiError, now: Instant) -> Reaction {
        match error {
            ScsiError::Check(sense) => self.react_to_sense(sense, now),
            ScsiError::Status(status) if BUSY.contains(status) => self.wait(now, self.limit),
            ScsiError::Status(_) | ScsiError::Timeout(_) | ScsiError::Gone | ScsiError::Io(_) => {
                Reaction::Fail
            }
        }
    }

    fn react_to_sense(&mut self, sense: &Sense, now: Instant) -> Reaction {
        let is_clueless = (sense.key, sense.asc, sense.ascq) == (NOT_READY, 0x04, 0x00);
        self.clueless = is_clueless.then(|| self.clueless.unwrap_or(now));
        match (sense.key, sense.asc, sense.ascq) {
            (RECOVERED, ..) if !sense.deferred => Reaction::Accept,
            // A deferred report says nothing of this command, which was not carried out.
            (RECOVERED | UNIT_ATTENTION | ABORTED | 0, ..) => self.wait_a_few_times(now),
            (NOT_READY, 0x04, 0x01 | 0x04 | 0x07 | 0x08) => self.wait(now, self.limit),
            (NOT_READY, 0x04, 0x00) => {
                let since = self.clueless.unwrap_or(now);
                let waited = now.saturating_duration_since(since) >= CLUELESS_LIMIT;
                match self.wait(now, self.limit) {
                    Reaction::Again(wait) if !waited => Reaction::Again(wait),
                    _ if self.clueless_is_ready => Reaction::Accept,
                    _ => Reaction::Fail,
                }
            }
            _ => Reaction::Fail,
        }
    }

    /// The first repetition comes at once: a unit attention is over when it was told.
    fn wait_a_few_times(&mut self, now: Instant) -> Reaction {
        self.empty_tries += 1;
        match self.empty_tries {
            1 => Reaction::Again(Duration::ZERO),
            2..=MAX_EMPTY_TRIES => self.wait(now, self.limit),
            _ => Reaction::Fail,
        }
    }

    fn wait(&mut self, now: Instant, limit: Duration) -> Reaction {
        let since = *self.since.get_or_insert(now);
        if now.saturating_duration_since(since) >= limit {
            return Reaction::Fail;
        }
        let [first, step, most] = self.pace;
        let wait = step.saturating_mul(self.tries).saturating_add(first).min(most);
        self.tries = self.tries.saturating_add(1);
        Reaction::Again(wait)
    }
}

/// A drive whose "later" is waited for, on the calling thread.
#[expect(missing_debug_implementations, reason = "a transport has none")]
pub struct PatientDrive<'a> {
    transport: &'a mut dyn Transport,
    limit: Duration,
    cancel: Option<&'a AtomicBool>,
}

impl<'a> PatientDrive<'a> {
    /// Waits at most `limit` for each command.
    pub fn new(transport: &'a mut dyn Transport, limit: Duration) -> Self {
        Self { transport, limit, cancel: None }
    }

    /// Stops waiting once the flag is set; the answer is then the last refusal.
    #[must_use]
    pub const fn with_cancel(mut self, cancel: &'a AtomicBool) -> Self {
        self.cancel = Some(cancel);
        self
    }

    /// Sends a command until it succeeds or will not.
    ///
    /// # Errors
    /// What the drive said last.
    pub fn ask(&mut self, command: &Command) -> Result<Vec<u8>, ScsiError> {
        self.send_waiting(command, Waiting::for_others(self.limit))
    }

    /// Waits until the medium can be used. MMC-6 6.13, 4.2.
    ///
    /// # Errors
    /// What the drive said last; sense 2/3A without a medium.
    pub fn wait_until_ready(&mut self) -> Result<(), ScsiError> {
        let waiting = Waiting::for_readiness(self.limit);
        self.send_waiting(&super::test_unit_ready(), waiting).map(|_| ())
    }

    /// Like [`Self::ask`], for what a drive need not know or the medium need not have: such a refusal is `None`.
    ///
    /// # Errors
    /// Every other refusal.
    pub fn ask_optional(&mut self, command: &Command) -> Result<Option<Vec<u8>>, ScsiError> {
        match self.ask(command) {
            Ok(answer) => Ok(Some(answer)),
            Err(ScsiError::Check(sense))
                if matches!(sense.key, MEDIUM_ERROR | ILLEGAL_REQUEST | BLANK_CHECK) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn send_waiting(
        &mut self,
        command: &Command,
        mut waiting: Waiting,
    ) -> Result<Vec<u8>, ScsiError> {
        let mut is_started = false;
        loop {
            let error = match command.send(self.transport) {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            if is_stopped(&error) && !core::mem::replace(&mut is_started, true) {
                start_stop(TrayAction::Start).send(self.transport)?;
                continue;
            }
            match waiting.react(&error, Instant::now()) {
                Reaction::Accept => return self.accept(command, error),
                Reaction::Again(wait) if !self.is_cancelled() => std::thread::sleep(wait),
                Reaction::Again(_) | Reaction::Fail => return Err(error),
            }
        }
    }

    /// The answer to a question that ended with a recovered error is lost with the count of its bytes: it is asked
    /// once more.
    fn accept(&mut self, command: &Command, error: ScsiError) -> Result<Vec<u8>, ScsiError> {
        match command.transfer {
            super::Transfer::In(_) => command.send(self.transport).map_err(|_| error),
            _ => Ok(Vec::new()),
        }
    }

    fn is_cancelled(&self) -> bool {
        self.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed))
    }
}

/// 2/04/02: the disc does not turn, and will not until it is told to.
const fn is_stopped(error: &ScsiError) -> bool {
    matches!(error, ScsiError::Check(Sense { key: NOT_READY, asc: 0x04, ascq: 0x02, .. }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scsi::{Data, opcode};

    const LIMIT: Duration = Duration::from_secs(10);

    fn check(key: u8, asc: u8, ascq: u8) -> ScsiError {
        ScsiError::Check(Sense::new(key, asc, ascq))
    }

    #[test]
    fn waits_grow_and_end() {
        let start = Instant::now();
        let mut waiting = Waiting::for_write(LIMIT);
        let busy = check(2, 4, 8);
        let waits: Vec<_> = (0..15).map(|_| waiting.react(&busy, start)).collect();
        assert_eq!(waits[0], Reaction::Again(Duration::ZERO));
        assert_eq!(waits[2], Reaction::Again(Duration::from_millis(4)));
        assert_eq!(waits[14], Reaction::Again(Duration::from_millis(25)));
        assert_eq!(waiting.react(&busy, start + LIMIT), Reaction::Fail);
        waiting.reset();
        assert_eq!(waiting.react(&busy, start + LIMIT), Reaction::Again(Duration::ZERO));
    }

    #[test]
    fn table() {
        let first = |error: &ScsiError| Waiting::for_others(LIMIT).react(error, Instant::now());
        let again = Reaction::Again(Duration::from_millis(100));
        for (key, asc, ascq) in [(2, 4, 1), (2, 4, 4), (2, 4, 7), (2, 4, 8)] {
            assert_eq!(first(&check(key, asc, ascq)), again, "{key:x}/{asc:x}/{ascq:x}");
        }
        for (key, asc, ascq) in [(6, 0x28, 0), (6, 0x29, 0), (0xb, 0, 6), (0, 0, 0)] {
            let reaction = first(&check(key, asc, ascq));
            assert_eq!(reaction, Reaction::Again(Duration::ZERO), "{key:x}/{asc:x}/{ascq:x}");
        }
        for (key, asc, ascq) in [
            (2, 4, 2),
            (2, 4, 3),
            (2, 0x3a, 0),
            (3, 0x0c, 0),
            (5, 0x21, 2),
            (5, 0x24, 0),
            (5, 0x30, 5),
            (5, 0x72, 3),
            (7, 0x27, 0),
            (4, 0x44, 0),
            (8, 0, 0),
        ] {
            assert_eq!(first(&check(key, asc, ascq)), Reaction::Fail, "{key:x}/{asc:x}/{ascq:x}");
        }
        assert_eq!(first(&check(1, 0x17, 1)), Reaction::Accept);
        assert_eq!(first(&ScsiError::Status(8)), again);
        assert_eq!(first(&ScsiError::Status(0x18)), Reaction::Fail);
        assert_eq!(first(&ScsiError::Gone), Reaction::Fail);
    }

    #[test]
    fn endless_unit_attentions_end() {
        let mut waiting = Waiting::for_others(LIMIT);
        let now = Instant::now();
        let tries =
            (0..100).take_while(|_| waiting.react(&check(6, 0x29, 0), now) != Reaction::Fail);
        assert_eq!(tries.count(), MAX_EMPTY_TRIES as usize);
    }

    #[test]
    fn clueless_drive_is_taken_for_ready() {
        let (clueless, start) = (check(2, 4, 0), Instant::now());
        for (mut waiting, end) in [
            (Waiting::for_readiness(LIMIT), Reaction::Accept),
            (Waiting::for_others(LIMIT), Reaction::Fail),
        ] {
            assert!(matches!(waiting.react(&clueless, start), Reaction::Again(_)));
            assert_eq!(waiting.react(&clueless, start + CLUELESS_LIMIT), end);
        }
    }

    /// What it took before, and said why, does not count.
    #[test]
    fn a_drive_that_was_long_busy_is_not_taken_for_ready_at_once() {
        let (clueless, start) = (check(2, 4, 0), Instant::now());
        let mut waiting = Waiting::for_readiness(LIMIT * 10);
        waiting.react(&check(2, 4, 7), start);
        let later = start + CLUELESS_LIMIT * 3;
        assert!(matches!(waiting.react(&clueless, later), Reaction::Again(_)));
        waiting.react(&check(2, 4, 8), later + CLUELESS_LIMIT);
        let again = later + CLUELESS_LIMIT * 2;
        assert!(matches!(waiting.react(&clueless, again), Reaction::Again(_)));
        assert_eq!(waiting.react(&clueless, again + CLUELESS_LIMIT), Reaction::Accept);
    }

    /// A drive whose disc turns once it is told to, if it can.
    struct Stopped {
        can_start: bool,
        turns: bool,
    }

    impl Transport for Stopped {
        fn execute(&mut self, cdb: &[u8], _: Data<'_>, _: Duration) -> Result<usize, ScsiError> {
            self.turns |= self.can_start && cdb[0] == opcode::START_STOP_UNIT && cdb[4] == 1;
            let is_start = cdb[0] == opcode::START_STOP_UNIT;
            if self.turns || is_start { Ok(0) } else { Err(check(2, 4, 2)) }
        }
    }

    #[test]
    fn a_disc_that_does_not_turn_is_started_once() {
        for can_start in [true, false] {
            let mut drive = Stopped { can_start, turns: false };
            let ready = PatientDrive::new(&mut drive, LIMIT).wait_until_ready();
            assert_eq!(ready.is_ok(), can_start);
        }
    }
}
