//! Reading a disc into an image of the spool.

use super::{
    burning::{failed, pass_on, problem},
    job::{Damage, Failure, Outcome, ReadOrder},
    queue::Duty,
};
use crate::{
    burn::{Blame, BlockState, BurnError, ReadOptions, Reading, Wanted},
    identity::hex,
    problem::Problem,
    scsi::Transport,
    source::{BLOCK_SIZE, ImageSource as _, spool::Spool},
};

/// Where the primary volume descriptor is, and the volume identifier in it. ECMA-119 8.4.7.
const DESCRIPTOR: u32 = 16;
const VOLUME_IDENTIFIER: core::ops::Range<usize> = 40..72;

/// Reads the image on a disc into a new image of the spool. It stays there also when blocks of it could not be read, or the
/// drive gave up before its end.
pub(super) fn read(
    drive: &mut dyn Transport,
    spool: &Spool,
    order: ReadOrder,
    duty: &Duty,
) -> Result<Outcome, Failure> {
    let options = ReadOptions {
        wanted: order.session.map_or(Wanted::Image, Wanted::Session),
        retries: order.retries,
        speed: order.speed,
    };
    let mut reading = Reading::open(drive, options).map_err(failed)?;
    let length = u64::from(reading.blocks()) * BLOCK_SIZE as u64;
    let image = spool.create("disc.iso", length, None)?;
    let outcome = fill(&mut reading, spool, &image.id, duty);
    if !matches!(outcome, Ok(_) | Err(Failure::Faulty(..)))
        && let Err(error) = spool.remove(&image.id)
    {
        tracing::error!("{}", crate::problem::chain(&error));
    }
    outcome
}

fn fill(
    reading: &mut Reading<'_>,
    spool: &Spool,
    id: &str,
    duty: &Duty,
) -> Result<Outcome, Failure> {
    let mut filler = spool.fill(id)?;
    let mut map = reading.new_map();
    let blocks = reading.blocks();
    let tell = &mut |event| pass_on(duty, &event, blocks);
    let (file, cancel) = (filler.file(), duty.cancel());
    let before = map.count(BlockState::Read);
    let (read, ended) = match reading.run(file, &mut map, &mut |_, _, _| Ok(()), cancel, tell) {
        Ok(read) => (read, None),
        Err(error) if is_of_the_drive(&error) && map.count(BlockState::Read) > before => {
            (reading.give_up(file, &map, cancel).map_err(failed)?, Some(problem(&error)))
        }
        Err(error) => return Err(failed(error)),
    };
    let sha256 = hex(&read.sha256);
    filler.finish(&sha256)?;
    let mut image = spool.read(id)?;
    let mut block = [0; BLOCK_SIZE];
    if image.len_blocks() > DESCRIPTOR && image.read(DESCRIPTOR, &mut block).is_ok() {
        spool.rename(id, &name(&block))?;
    }
    let mut outcome =
        Outcome { sha256: Some(sha256), image: Some(id.to_owned()), ..Outcome::default() };
    if read.unreadable.is_empty() && ended.is_none() {
        return Ok(outcome);
    }
    let files = image.files_in(read.first, &read.unreadable);
    let blocks = read.unreadable.iter().map(|range| u64::from(range.blocks)).sum();
    let damage = Damage::new(blocks, read.unreadable, Vec::new(), files);
    let problem = match ended {
        Some(problem) => {
            let detail =
                format!("{}; {blocks} blocks are zeros in the image therefore", problem.detail);
            Problem { detail, ..problem }
        }
        None => Problem::new(
            409,
            "readIncomplete",
            format!("{blocks} blocks could not be read and are zeros in the image"),
        )
        .hint(Some("clean the disc, or try another drive: drives differ in what they can read")),
    };
    outcome.damage = Some(damage);
    Err(Failure::Faulty(Box::new(problem), Box::new(outcome)))
}

/// Whether the disk or the user had no part in it: then what was read until then is worth something.
fn is_of_the_drive(error: &BurnError) -> bool {
    matches!(error.blame(), Blame::Drive | Blame::Medium)
}

/// The volume identifier in a descriptor, if there is one, for a name.
fn name(block: &[u8; BLOCK_SIZE]) -> String {
    let volume = String::from_utf8_lossy(&block[VOLUME_IDENTIFIER]);
    let volume = volume.trim_matches([' ', '\0']);
    if !block.starts_with(b"\x01CD001") || volume.is_empty() {
        return "disc.iso".to_owned();
    }
    format!("{}.iso", volume.replace(['/', '\\', '\0'], "_"))
}
