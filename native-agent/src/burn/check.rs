//! Everything that can be known to go wrong, before the laser is switched on.

use core::sync::atomic::AtomicBool;

use image_core::wire::udf::{ANCHOR, DescriptorTag, tag_id};

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
/// Where the extent of the main volume descriptor sequence is in an anchor, behind its length. ECMA-167 3/10.2.2.
const MAIN_SEQUENCE: usize = 16 + 4;
/// How far into an image the root directory of its session is looked for: in front of it are descriptors and path tables.
const BEFORE_ROOT: u32 = 1 << 12;
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
    let least = if facts.profile.is_cd() { SHORTEST_TRACK } else { 0 };
    let needed = needed.max(least);
    let overwrites = facts.profile.write_method() == Some(WriteMethod::Overwrite);
    let start = match continuation {
        Some(start) if overwrites => start,
        Some(start) => check_continuation(facts, start)?,
        None => facts.next_writable.unwrap_or(0),
    };
    let free = facts.free_blocks.saturating_sub(if overwrites { start } else { 0 });
    // A drive may claim room behind the last block that can be addressed.
    let overburns = options.overburn && is_sequential(facts);
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
    if found == start {
        return Ok(start);
    }
    Err(BurnError::Moved { expected: start, found, fate: DiscFate::Untouched })
}

/// A source that changed or went away since it was opened says so at the first block, before a disc is formatted for it.
fn check_source(source: &mut dyn ImageSource) -> Result<(), BurnError> {
    source.read(0, &mut [0; BLOCK]).map_err(|source| BurnError::Source {
        block: 0,
        fate: DiscFate::Untouched,
        source,
    })
}

/// File systems count their blocks from the start of the disc: behind other sessions an image must have been laid out for its
/// place.
fn check_session(facts: &MediumFacts, source: &mut dyn ImageSource) -> Result<(), BurnError> {
    let start = facts.next_writable.filter(|_| is_sequential(facts)).unwrap_or(0);
    if start == 0 {
        return check_alone(source);
    }
    if has_its_root(start, source)? && has_its_anchor(start, source)? {
        return Ok(());
    }
    Err(BurnError::NotForThisSession { start })
}

/// What was read of a later session is of use behind the others only. An image that is damaged, or odd, is burned as it is:
/// refused is one that tells where it belongs.
fn check_alone(source: &mut dyn ImageSource) -> Result<(), BurnError> {
    let mut place = place_of_root(source)?;
    if place.is_none() && !has_its_anchor(0, source)? {
        place = anchor(source)?.and_then(|tag| tag.location.get().checked_sub(ANCHOR));
    }
    place.map_or(Ok(()), |start| Err(BurnError::LaterSession { start }))
}

/// Where on a disc the session in an image begins, if its root directory is not where the descriptor says but says itself that
/// it is there.
fn place_of_root(source: &mut dyn ImageSource) -> Result<Option<u32>, BurnError> {
    if has_its_root(0, source)? {
        return Ok(None);
    }
    let descriptor = block(source, DESCRIPTOR_BLOCK)?;
    let extent = descriptor.map_or(0, |descriptor| number(&descriptor, ROOT_EXTENT));
    for at in DESCRIPTOR_BLOCK..BEFORE_ROOT.min(source.len_blocks()).min(extent) {
        if block(source, at)?.is_some_and(|root| is_directory(&root, extent)) {
            return Ok(Some(extent - at));
        }
    }
    Ok(None)
}

/// Whether the root directory of ISO 9660, if there is one, is where its descriptor says: its first record is of itself.
/// ECMA-119 6.8.2.2.
fn has_its_root(start: u32, source: &mut dyn ImageSource) -> Result<bool, BurnError> {
    let Some(descriptor) = block(source, DESCRIPTOR_BLOCK)? else { return Ok(true) };
    if &descriptor[1..6] != b"CD001" {
        return Ok(true);
    }
    let extent = number(&descriptor, ROOT_EXTENT);
    let Some(at) = extent.checked_sub(start) else { return Ok(false) };
    Ok(block(source, at)?.is_some_and(|root| is_directory(&root, extent)))
}

/// Whether a block is the first of the directory at this place.
fn is_directory(block: &[u8; BLOCK], extent: u32) -> bool {
    block[32..34] == [1, 0] && number(block, 2) == extent
}

/// Whether the anchor of UDF, if there is one, names its own place and a sequence of descriptors in this image. ECMA-167
/// 3/7.2.8, 3/10.2.
fn has_its_anchor(start: u32, source: &mut dyn ImageSource) -> Result<bool, BurnError> {
    let Some(tag) = anchor(source)? else { return Ok(true) };
    let is_here = tag.location.get().checked_sub(start) == Some(ANCHOR);
    let descriptor = block(source, ANCHOR)?;
    Ok(is_here && descriptor.is_some_and(|anchor| number(&anchor, MAIN_SEQUENCE) >= start))
}

/// The tag of the anchor of UDF, if there is one.
fn anchor(source: &mut dyn ImageSource) -> Result<Option<DescriptorTag>, BurnError> {
    let tag = block(source, ANCHOR)?.and_then(|block| DescriptorTag::intact(&block));
    Ok(tag.filter(|tag| tag.identifier.get() == tag_id::ANCHOR))
}

/// A block of an image, unless it is behind its end.
fn block(source: &mut dyn ImageSource, lba: u32) -> Result<Option<[u8; BLOCK]>, BurnError> {
    if lba >= source.len_blocks() {
        return Ok(None);
    }
    let mut block = [0; BLOCK];
    let failed = |source| BurnError::Source { block: lba, fate: DiscFate::Untouched, source };
    source.read(lba, &mut block).map_err(failed)?;
    Ok(Some(block))
}

fn number(block: &[u8; BLOCK], at: usize) -> u32 {
    block[at..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes))
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
