//! Everything that can be known to go wrong, before the laser is switched on.

use core::sync::atomic::AtomicBool;

use super::{BurnError, DiscFate, Options, blocks::BlockReader, strategy::layers};
use crate::{
    mmc::{BLOCK, MediumFacts, MediumStatus, Probe, Profile, SHORTEST_TRACK, WriteMethod, feature},
    scsi::Transport,
    source::{Head, ImageSource},
};

/// Primary volume descriptor: identifier at byte 1, root directory record at byte 156, whose extent is at byte 2.
/// ECMA-119 8.4, 9.1.
const DESCRIPTOR_BLOCK: u32 = 16;
const ROOT_EXTENT: usize = 156 + 2;
/// How often a block that should be known again is read.
const RETRIES: u8 = 3;

/// Checks that this image can be burned to this medium, and gives the medium back.
///
/// # Errors
/// A [`BurnError`] for each thing that is in the way; the disc is untouched.
pub fn check<'a>(
    probe: &'a Probe,
    source: &mut dyn ImageSource,
    options: &Options,
) -> Result<&'a MediumFacts, BurnError> {
    let continuation = source.continuation().map(|continuation| continuation.start);
    let facts = check_place(probe, (continuation, source.len_blocks()), options)?;
    check_source(source)?;
    if continuation.is_none() {
        check_session(facts, source)?;
    }
    Ok(facts)
}

/// The same for an image of which no more is known than how many blocks it has.
///
/// # Errors
/// A [`BurnError`] for each thing that is in the way.
pub fn check_medium<'a>(
    probe: &'a Probe,
    needed: u32,
    options: &Options,
) -> Result<&'a MediumFacts, BurnError> {
    check_place(probe, (None, needed), options)
}

/// Whether this many blocks can be written, from this one on if it has to be that.
fn check_place<'a>(
    probe: &'a Probe,
    (continuation, needed): (Option<u32>, u32),
    options: &Options,
) -> Result<&'a MediumFacts, BurnError> {
    let facts = probe.medium.as_ref().ok_or(BurnError::NoMedium)?;
    let label = facts.label();
    if options.medium.as_ref().is_some_and(|medium| *medium != facts.fingerprint) {
        return Err(BurnError::WrongMedium);
    }
    if let Some(reason) = &facts.refusal {
        return Err(BurnError::NotWritable { label, reason: reason.clone() });
    }
    let pow = probe.drive.configuration.is_current(feature::BD_R_POW);
    if facts.profile == Profile::BD_R && pow && facts.status != MediumStatus::Blank {
        let reason = "it is pseudo-overwritten, and has an image already".to_owned();
        return Err(BurnError::NotWritable { label, reason });
    }
    if needed == 0 {
        return Err(BurnError::EmptyImage);
    }
    let overwrites = facts.profile.write_method() == Some(WriteMethod::Overwrite);
    let start = match continuation {
        Some(start) if overwrites => start,
        Some(start) => check_continuation(facts, start)?,
        None => facts.next_writable.unwrap_or(0),
    };
    let free = facts.free_blocks.saturating_sub(if overwrites { start } else { 0 });
    // A drive may claim room behind the last block that can be addressed.
    let overburns = options.overburn && is_sequential(facts);
    let least = if facts.profile.is_cd() { SHORTEST_TRACK } else { 0 };
    let needed = needed.max(least);
    let fits = needed <= free || overburns;
    if !fits || start.checked_add(needed).is_none() {
        return Err(BurnError::DoesNotFit { label, needed, free });
    }
    layers::check(facts, needed, options.layer_break)?;
    Ok(facts)
}

/// A further session goes to the place it was laid out for, where writing continues.
fn check_continuation(facts: &MediumFacts, start: u32) -> Result<u32, BurnError> {
    let found = facts.next_writable.unwrap_or(0);
    if found == start { Ok(start) } else { Err(BurnError::Moved { expected: start, found }) }
}

/// A source that changed or went away since it was opened says so at the first block, before a disc is formatted for it.
fn check_source(source: &mut dyn ImageSource) -> Result<(), BurnError> {
    source.read(0, &mut [0; BLOCK]).map_err(|source| BurnError::Source {
        block: 0,
        fate: DiscFate::Untouched,
        source,
    })
}

/// An ISO 9660 image counts its blocks from the start of the disc: behind other sessions it must have been laid out
/// for its place.
fn check_session(facts: &MediumFacts, source: &mut dyn ImageSource) -> Result<(), BurnError> {
    let start = facts.next_writable.unwrap_or(0);
    let appends = is_sequential(facts) && start > 0;
    if !appends || source.len_blocks() <= DESCRIPTOR_BLOCK {
        return Ok(());
    }
    let mut block = [0; BLOCK];
    source.read(DESCRIPTOR_BLOCK, &mut block).map_err(|source| BurnError::Source {
        block: DESCRIPTOR_BLOCK,
        fate: DiscFate::Untouched,
        source,
    })?;
    let extent = block[ROOT_EXTENT..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes));
    if &block[1..6] == b"CD001" && extent < start {
        return Err(BurnError::NotForThisSession { start });
    }
    Ok(())
}

/// Whether the disc is still the one that a session was laid out for: its start is written anew from what it was then.
pub(super) fn check_head(
    transport: &mut dyn Transport,
    head: &Head,
    cancel: &AtomicBool,
) -> Result<(), BurnError> {
    let mut reader = BlockReader::new(transport, cancel, RETRIES)?;
    for piece in &head.before {
        for (lba, before) in (piece.start.0..).zip(piece.bytes.chunks_exact(BLOCK)) {
            let found = reader.read(lba, 1)?;
            if let Some(source) = found.error {
                return Err(BurnError::Read { lba, source });
            }
            if found.bytes != before {
                return Err(BurnError::NotContinued { lba });
            }
        }
    }
    Ok(())
}

fn is_sequential(facts: &MediumFacts) -> bool {
    facts.profile.write_method() == Some(WriteMethod::Sequential)
}
