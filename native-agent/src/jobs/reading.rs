//! Reading a disc into an image of the spool.

use core::time::Duration;
use std::{sync::atomic::Ordering, time::Instant};

use super::{
    drive_worker::drive_failed,
    job::{Failure, Outcome, Phase},
    pace::Pace,
    queue::Duty,
};
use crate::{
    mmc::{BLOCK, Capacity, PatientDrive, read_10, read_capacity},
    problem::Problem,
    scsi::Transport,
    source::spool::Spool,
};

/// Blocks asked for at once: 64 KiB, which every host adapter passes on.
const AT_ONCE: u32 = 32;
/// How long a drive may try to read a bad spot.
const READ_LIMIT: Duration = Duration::from_secs(60);
/// Where the primary volume descriptor is. ECMA-119 6.7.1.
const DESCRIPTOR: u32 = 16;

/// Reads every block the drive reports into a new image.
pub(super) fn read(
    drive: &mut dyn Transport,
    spool: &Spool,
    duty: &Duty,
) -> Result<Outcome, Failure> {
    let mut drive = PatientDrive::new(drive, READ_LIMIT).with_cancel(duty.cancel());
    let failed = |what: &str, error| drive_failed(duty, what, &error);
    drive.wait_until_ready().map_err(|e| failed("the disc is not ready", e))?;
    let answer = drive.ask(&read_capacity()).map_err(|e| failed("the size is not known", e))?;
    let capacity = Capacity::parse(&answer)
        .map_err(|error| Failure::from(Problem::from_error(502, "driveFailed", &error)))?;
    if capacity.blocks == 0 {
        return Err(Problem::new(409, "mediumBlank", "there is nothing on the disc").into());
    }
    let name = name(&mut drive, capacity.blocks);
    let image = spool.create(&name, u64::from(capacity.blocks) * BLOCK as u64, None)?;
    let copied = copy(&mut drive, spool, &image.id, capacity.blocks, duty);
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
    drive: &mut PatientDrive<'_>,
    spool: &Spool,
    image: &str,
    blocks: u32,
    duty: &Duty,
) -> Result<(), Failure> {
    let mut appender = spool.append(image, 0)?;
    let mut pace = Pace::start(u64::from(blocks), Instant::now());
    let mut lba = 0;
    while lba < blocks {
        if duty.cancel().load(Ordering::Relaxed) {
            return Err(Failure::Cancelled);
        }
        let count = AT_ONCE.min(blocks - lba);
        let bytes = read_blocks(drive, lba, count)
            .map_err(|error| drive_failed(duty, &format!("block {lba} cannot be read"), &error))?;
        appender.write(&bytes)?;
        lba += count;
        let progress = pace.at(u64::from(lba), Instant::now());
        duty.tell(Phase::Reading, progress);
    }
    Ok(appender.finish()?)
}

fn read_blocks(
    drive: &mut PatientDrive<'_>,
    lba: u32,
    count: u32,
) -> Result<Vec<u8>, crate::scsi::ScsiError> {
    let command = read_10(lba, u16::try_from(count).unwrap_or(u16::MAX));
    let mut bytes = drive.ask(&command)?;
    // A drive that answers GOOD with less than it was asked for leaves the rest undefined: not ours to invent.
    if bytes.len() != count as usize * BLOCK {
        bytes.clear();
        let short =
            std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the drive sent too little");
        return Err(crate::scsi::ScsiError::Io(short));
    }
    Ok(bytes)
}

/// The volume identifier, if the disc has one, for a name. ECMA-119 8.4.7.
fn name(drive: &mut PatientDrive<'_>, blocks: u32) -> String {
    let fallback = || "disc.iso".to_owned();
    if blocks <= DESCRIPTOR {
        return fallback();
    }
    let Ok(descriptor) = read_blocks(drive, DESCRIPTOR, 1) else { return fallback() };
    let is_primary = descriptor.starts_with(b"\x01CD001");
    let volume = descriptor.get(40..72).filter(|_| is_primary).map(String::from_utf8_lossy);
    match volume.as_deref().map(str::trim).filter(|volume| !volume.is_empty()) {
        Some(volume) => format!("{}.iso", volume.replace(['/', '\\', '\0'], "_")),
        None => fallback(),
    }
}
