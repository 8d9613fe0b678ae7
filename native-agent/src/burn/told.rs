//! What a burn tells of besides phase and progress: what the drive refused, and what is known of the blocks.

use crate::scsi::{ScsiError, Sense, opcode};

/// What is known of a block of an image. Of a part of a disc, what comes last here counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// Nobody looked at it yet.
    #[default]
    Unread,
    /// It was read; where it is compared, it is that of the image.
    Good,
    /// The same, but not at the first attempt.
    Weak,
    /// It could not be read so far, and is tried again later.
    Failing,
    /// It is not that of the image.
    Different,
    /// It cannot be read.
    Unreadable,
}

/// Blocks that follow each other and were found to be in one condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// First block, counted from the start of the image.
    pub first: u32,
    /// How many.
    pub blocks: u32,
    /// The condition of all of them.
    pub condition: Condition,
}

impl Checked {
    /// Adds a block behind others, to the last of them where it is in the same condition.
    pub(super) fn add(list: &mut Vec<Self>, block: u32, condition: Condition) {
        match list.last_mut() {
            Some(last) if last.condition == condition => last.blocks += 1,
            _ => list.push(Self { first: block, blocks: 1, condition }),
        }
    }
}

/// A command that the drive did not carry out, or not at once. Much of this is foreseen and harmless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What the standard calls the command.
    pub command: &'static str,
    /// The block of the disc that it begins with, where it is about blocks.
    pub block: Option<u32>,
    /// What the drive gave as the reason, without the place and the progress in it.
    pub sense: Option<Sense>,
    /// The same in words.
    pub text: String,
}

impl Refusal {
    pub(super) fn new(operation: u8, block: Option<u32>, error: &ScsiError) -> Self {
        let (sense, text) = match error {
            ScsiError::Check(sense) => {
                (Some(Sense::new(sense.key, sense.asc, sense.ascq)), sense.text().to_owned())
            }
            other => (None, other.to_string()),
        };
        Self { command: opcode::name(operation), block, sense, text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_one_condition_are_told_together() {
        let mut list = Vec::new();
        for (block, condition) in
            [(7, Condition::Good), (8, Condition::Good), (9, Condition::Unreadable)]
        {
            Checked::add(&mut list, block, condition);
        }
        let told = |first, blocks, condition| Checked { first, blocks, condition };
        assert_eq!(list, [told(7, 2, Condition::Good), told(9, 1, Condition::Unreadable)]);
    }

    #[test]
    fn a_refusal_forgets_the_place_that_the_sense_names() {
        let sense = Sense { information: Some(1000), ..Sense::new(3, 0x11, 0) };
        let refusal = Refusal::new(opcode::READ_10, Some(992), &ScsiError::Check(sense));
        assert_eq!((refusal.command, refusal.block), ("READ(10)", Some(992)));
        assert_eq!(refusal.sense, Some(Sense::new(3, 0x11, 0)));
        let gone = Refusal::new(opcode::READ_10, None, &ScsiError::Gone);
        assert_eq!((gone.sense, gone.text.as_str()), (None, "the drive is gone"));
    }
}
