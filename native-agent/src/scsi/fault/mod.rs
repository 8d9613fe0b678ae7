//! Faults by script: what goes wrong, at which commands, and how often.
//!
//! A [`Script`] is made here or [parsed](Script::parse) from text. The [virtual drive](crate::virtual_drive) follows one, and
//! all that it tells afterwards fits what happened.

mod script;

use core::{ops::Range, time::Duration};

use image_core::cd::Msf;

use super::{Sense, opcode};

pub use self::script::{ScriptError, ScriptProblem};

/// What happens at the chosen command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// CHECK CONDITION; the command is not carried out.
    Refuse(Sense),
    /// CHECK CONDITION after the command was carried out, as recovered errors and unit attentions of some drives are.
    Report(Sense),
    /// GOOD, though the command fails: the next one is told so by a deferred error. SPC-4 4.5.7.
    Defer(Sense),
    /// CHECK CONDITION, for this and the commands that follow while it lasts.
    Busy(Sense, Lasting),
    /// Another SAM-5 status; the command is not carried out.
    Status(u8),
    /// No answer.
    Timeout,
    /// The drive is gone, for this and every later command.
    Gone,
    /// The operating system refuses this command.
    Broken,
}

/// How long a drive stays busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasting {
    /// For this many commands, the first included.
    Commands(u16),
    /// Until this long after the first.
    Time(Duration),
}

/// Which commands a fault is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// All of them.
    Any,
    /// Those that read blocks: READ and READ CD in all their forms, VERIFY.
    Reading,
    /// Those that write blocks: WRITE in all its forms.
    Writing,
    /// Those with this operation code.
    Opcode(u8),
}

const READING: [u8; 5] =
    [opcode::READ_10, opcode::READ_12, opcode::READ_CD, opcode::READ_CD_MSF, opcode::VERIFY_10];
const WRITING: [u8; 3] = [opcode::WRITE_10, opcode::WRITE_12, opcode::WRITE_AND_VERIFY];

impl Target {
    fn meets(self, opcode: u8) -> bool {
        match self {
            Self::Any => true,
            Self::Reading => READING.contains(&opcode),
            Self::Writing => WRITING.contains(&opcode),
            Self::Opcode(wanted) => opcode == wanted,
        }
    }

    /// Whether all that it meets have a first block and a number of blocks.
    fn has_blocks(self) -> bool {
        match self {
            Self::Any => false,
            Self::Reading | Self::Writing => true,
            Self::Opcode(opcode) => READING.contains(&opcode) || WRITING.contains(&opcode),
        }
    }
}

/// One line of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The commands it is meant for.
    pub target: Target,
    /// Only those that have one of these blocks.
    pub blocks: Option<Range<u32>>,
    /// Only once this many bytes were written; by commands that read, read.
    pub after: u64,
    /// The first of them that is hit, counted from 1.
    pub first: u32,
    /// How many in a row are hit; [`u32::MAX`] for all that follow.
    pub times: u32,
    /// What happens then.
    pub effect: Effect,
}

/// A fault that took place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strike {
    /// What happens.
    pub effect: Effect,
    /// The first block of the command that is hit, if it has blocks.
    pub block: Option<u32>,
}

/// Faults, and how far they have got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// Each with how many commands it was meant for so far.
    faults: Vec<(Fault, u32)>,
    read: u64,
    written: u64,
    struck: u32,
    gone: bool,
}

impl Script {
    /// Hits the n-th command (from 1) with this operation code.
    #[must_use]
    pub fn at(self, opcode: u8, n: u32, effect: Effect) -> Self {
        self.repeatedly(opcode, n, 1, effect)
    }

    /// Hits `times` commands with this operation code in a row, from the n-th (from 1) on.
    #[must_use]
    pub fn repeatedly(self, opcode: u8, first: u32, times: u32, effect: Effect) -> Self {
        let target = Target::Opcode(opcode);
        self.with(Fault { target, blocks: None, after: 0, first, times, effect })
    }

    /// Adds a fault. Of several that are meant for one command, the first takes place.
    #[must_use]
    pub fn with(mut self, fault: Fault) -> Self {
        self.faults.push((fault, 0));
        self
    }

    /// How many commands were hit, so that a test can tell that its fault took place.
    #[must_use]
    pub const fn struck(&self) -> u32 {
        self.struck
    }

    /// Counts a command that was sent, and finds the fault that is meant for it.
    pub fn strike(&mut self, cdb: &[u8]) -> Option<Strike> {
        if self.gone {
            return Some(Strike { effect: Effect::Gone, block: None });
        }
        let opcode = cdb.first().copied().unwrap_or_default();
        let blocks = blocks_of(cdb);
        let moved = if READING.contains(&opcode) { self.read } else { self.written };
        let mut strike = None;
        for (fault, seen) in &mut self.faults {
            let block = fault.first_block(blocks.as_ref());
            let misses = fault.blocks.is_some() && block.is_none();
            if !fault.target.meets(opcode) || misses || moved < fault.after {
                continue;
            }
            *seen = seen.saturating_add(1);
            let hits = *seen >= fault.first && *seen - fault.first < fault.times;
            if hits && strike.is_none() {
                strike = Some(Strike { effect: fault.effect, block });
            }
        }
        if let Some(Strike { effect, .. }) = strike {
            self.struck += 1;
            self.gone = effect == Effect::Gone;
        }
        strike
    }

    /// Counts the bytes of a command that was carried out.
    pub fn moved(&mut self, cdb: &[u8], bytes: usize) {
        let opcode = cdb.first().copied().unwrap_or_default();
        if READING.contains(&opcode) {
            self.read += bytes as u64;
        } else if WRITING.contains(&opcode) {
            self.written += bytes as u64;
        }
    }
}

impl Fault {
    /// The first block of a command that the fault is meant for.
    fn first_block(&self, command: Option<&Range<u32>>) -> Option<u32> {
        let command = command?;
        let Some(ours) = &self.blocks else { return Some(command.start) };
        let start = ours.start.max(command.start);
        (start < ours.end.min(command.end)).then_some(start)
    }
}

/// The blocks that a command reads or writes. Those before block 0 of a CD come behind all others.
fn blocks_of(cdb: &[u8]) -> Option<Range<u32>> {
    let byte = |at: usize| cdb.get(at).copied().unwrap_or(0);
    let word = |at: usize| u32::from_be_bytes([byte(at), byte(at + 1), byte(at + 2), byte(at + 3)]);
    let (start, count) = match byte(0) {
        opcode::READ_10 | opcode::VERIFY_10 | opcode::WRITE_10 | opcode::WRITE_AND_VERIFY => {
            (word(2), word(6) >> 8 & 0xffff)
        }
        opcode::READ_12 | opcode::WRITE_12 => (word(2), word(6)),
        opcode::READ_CD => (word(2), word(5) & 0xff_ffff),
        opcode::READ_CD_MSF => {
            let time = |at| Msf { minute: byte(at), second: byte(at + 1), frame: byte(at + 2) };
            let (start, end) = (time(3).lba()?, time(6).lba()?);
            (start.cast_unsigned(), u32::try_from(i64::from(end) - i64::from(start)).ok()?)
        }
        _ => return None,
    };
    Some(start..start.saturating_add(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BAD: Effect = Effect::Refuse(Sense::new(3, 0x11, 0));

    fn fault(target: Target, blocks: Option<Range<u32>>) -> Fault {
        Fault { target, blocks, after: 0, first: 1, times: u32::MAX, effect: BAD }
    }

    #[test]
    fn blocks_are_hit_in_every_form_of_a_command() {
        let mut script = Script::default().with(fault(Target::Reading, Some(100..110)));
        let mut hit = |cdb: &[u8]| script.strike(cdb).map(|strike| strike.block.unwrap());
        assert_eq!(hit(&[0x28, 0, 0, 0, 0, 90, 0, 0, 10, 0]), None);
        assert_eq!(hit(&[0x28, 0, 0, 0, 0, 90, 0, 0, 11, 0]), Some(100));
        assert_eq!(hit(&[0x28, 0, 0, 0, 0, 109, 0, 0, 9, 0]), Some(109));
        assert_eq!(hit(&[0xa8, 0, 0, 0, 0, 110, 0, 0, 0, 9, 0, 0]), None);
        assert_eq!(hit(&[0xa8, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]), Some(100));
        assert_eq!(hit(&[0xbe, 0, 0, 0, 0, 105, 0, 0, 1, 0x10, 0, 0]), Some(105));
        // From 00:03:30, which is block 105, to 00:03:31.
        assert_eq!(hit(&[0xb9, 0, 0, 0, 3, 30, 0, 3, 31, 0x10, 0, 0]), Some(105));
        assert_eq!(hit(&[0x2a, 0, 0, 0, 0, 100, 0, 0, 1, 0]), None);
        assert_eq!(hit(&[0x28]), None);
    }

    #[test]
    fn bytes_are_counted_once_they_are_moved() {
        let write = [0x2a, 0, 0, 0, 0, 0, 0, 0, 1, 0];
        let late = Fault { after: 4096, ..fault(Target::Writing, None) };
        let mut script = Script::default().with(late);
        for moved in [2048, 0, 2048] {
            assert_eq!(script.strike(&write), None);
            script.moved(&write, moved);
        }
        assert!(script.strike(&write).is_some());
        assert_eq!(script.struck(), 1);
    }

    #[test]
    fn a_drive_that_is_gone_stays_so() {
        let mut script = Script::default().at(0x35, 1, Effect::Gone).at(0x00, 2, BAD);
        assert_eq!(script.strike(&[0; 6]), None);
        for cdb in [[0x35; 10], [0; 10]] {
            assert_eq!(script.strike(&cdb).map(|strike| strike.effect), Some(Effect::Gone));
        }
        assert_eq!(script.struck(), 1);
    }
}
