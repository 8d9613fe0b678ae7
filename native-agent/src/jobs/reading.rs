//! Reading a disc into an image of the spool.

use std::{sync::atomic::Ordering, time::Instant};

use super::{
    job::{Failure, Outcome, Phase},
    pace::Pace,
    queue::Duty,
};
use crate::{
    drives::{DiscReader, ReadDiscError},
    mmc::probe,
    problem::Problem,
    scsi::{ScsiError, Sense, Transport},
    source::{BLOCK_SIZE, spool::Spool},
};

/// Blocks read between two looks at whether to stop: 1 MiB.
const AT_ONCE: u32 = 512;
/// Where the primary volume descriptor is. ECMA-119 8.4.
const DESCRIPTOR: u32 = 16;

/// Reads the image on a disc into a new image of the spool.
pub(super) fn read(
    drive: &mut dyn Transport,
    spool: &Spool,
    duty: &Duty,
) -> Result<Outcome, Failure> {
    let found = probe(drive)
        .map_err(|error| Problem::from_error(502, "driveFailed", &error).hint(error.hint()))?;
    let empty = || Problem::new(409, "noMedium", "the drive is empty");
    let medium = found.medium.ok_or_else(empty)?;
    let mut reader = DiscReader::open(drive, &medium, false).map_err(|error| problem(&error))?;
    let blocks = reader.blocks();
    let name = name(&mut reader);
    let image = spool.create(&name, u64::from(blocks) * BLOCK_SIZE as u64, None)?;
    let copied = copy(&mut reader, spool, &image.id, duty);
    if copied.is_err()
        && let Err(error) = spool.remove(&image.id)
    {
        tracing::error!("{}", crate::problem::chain(&error));
    }
    copied?;
    let sha256 = spool.info(&image.id)?.sha256;
    Ok(Outcome { sha256, image: Some(image.id), ..Outcome::default() })
}

fn copy(
    reader: &mut DiscReader<'_>,
    spool: &Spool,
    image: &str,
    duty: &Duty,
) -> Result<(), Failure> {
    let blocks = reader.blocks();
    let mut appender = spool.append(image, 0)?;
    let mut pace = Pace::start(u64::from(blocks), Instant::now());
    let mut buffer = vec![0; AT_ONCE as usize * BLOCK_SIZE];
    let mut lba = 0;
    while lba < blocks {
        if duty.cancel().load(Ordering::Relaxed) {
            return Err(Failure::Cancelled(None));
        }
        let count = AT_ONCE.min(blocks - lba);
        let part = &mut buffer[..count as usize * BLOCK_SIZE];
        reader.read(lba, part).map_err(|error| problem(&error))?;
        appender.write(part)?;
        lba += count;
        duty.tell(Phase::Reading, pace.at(u64::from(lba), Instant::now()));
    }
    Ok(appender.finish()?)
}

/// The volume identifier, if the disc has one, for a name. ECMA-119 8.4.7.
fn name(reader: &mut DiscReader<'_>) -> String {
    let mut block = [0; BLOCK_SIZE];
    let is_read = reader.blocks() > DESCRIPTOR && reader.read(DESCRIPTOR, &mut block).is_ok();
    let volume = String::from_utf8_lossy(&block[40..72]);
    let volume = volume.trim_matches([' ', '\0']);
    if !is_read || !block.starts_with(b"\x01CD001") || volume.is_empty() {
        return "disc.iso".to_owned();
    }
    format!("{}.iso", volume.replace(['/', '\\', '\0'], "_"))
}

fn problem(error: &ReadDiscError) -> Problem {
    let (status, code) = match error {
        ReadDiscError::Blank => (409, "mediumBlank"),
        _ if error.is_of_the_medium() => (409, "readFailed"),
        _ => (502, "driveFailed"),
    };
    Problem::from_error(status, code, error).hint(error.hint()).sense(sense(error))
}

const fn sense(error: &ReadDiscError) -> Option<Sense> {
    match error {
        ReadDiscError::Size(ScsiError::Check(sense))
        | ReadDiscError::Block { source: ScsiError::Check(sense), .. } => Some(*sense),
        _ => None,
    }
}
