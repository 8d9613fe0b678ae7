//! What a burn would replace: a disc that can be overwritten is one burn away from losing what is on it.

use core::sync::atomic::{AtomicBool, Ordering};

use image_core::{
    BLOCK_SIZE,
    read::{self, BlockSource as _},
};

use super::{
    super::{CliError, disc::drive_error, ending},
    how::Changer,
};
use crate::{
    burn::DiscBlocks,
    drives::DriveError,
    mmc::{self, MediumFacts, WriteMethod},
    scsi::Transport,
};

/// Blocks at the start that are empty where nothing was put on a disc: file systems, partition tables and archives begin
/// there, ISO 9660 and UDF in its second half.
const START: usize = 32;

/// Has what is on an overwritable disc replaced if `changer` agrees, or did so already for the disc with the fingerprint
/// `known`. Gives the fingerprint of the disc that it is about. Other discs refuse by themselves what does not fit behind
/// what they have.
pub(crate) fn agree(
    name: &str,
    drive: &mut dyn Transport,
    known: Option<&str>,
    changer: &mut dyn Changer,
) -> Result<Option<String>, CliError> {
    let probe = mmc::probe(drive)
        .map_err(|source| drive_error(&DriveError::Probe { drive: name.to_owned(), source }))?;
    let Some(medium) = probe.medium else { return Ok(None) };
    let is_known = known == Some(medium.fingerprint.as_str());
    let cancelled = ending::cancel_on_request();
    let holds = (!is_known).then(|| contents(drive, &medium, cancelled)).flatten();
    // Then what it holds is not known.
    if cancelled.load(Ordering::Relaxed) {
        return Err(CliError::failure("cancelled; the disc is as it was"));
    }
    if let Some(holds) = holds {
        let label = medium.label();
        changer.agree(&format!("the {label} in {name} holds {holds}, which would be replaced"))?;
    }
    Ok(Some(medium.fingerprint))
}

/// What is on a disc that can be overwritten, in words. What cannot be read is left to the burn, which writes it anew.
fn contents(
    drive: &mut dyn Transport,
    medium: &MediumFacts,
    cancelled: &AtomicBool,
) -> Option<String> {
    if medium.profile.write_method() != Some(WriteMethod::Overwrite) {
        return None;
    }
    let mut blocks = DiscBlocks::open(drive, medium, cancelled).ok()?;
    if let Ok(image) = read::open(&mut blocks) {
        let volumes = image.file_systems().filter_map(|system| image.info(system));
        let names: Vec<String> = volumes.map(|info| info.volume_id).collect();
        if let Some(name) = names.iter().find(|name| !name.is_empty()) {
            return Some(format!("the volume {name:?}"));
        }
        if image.file_systems().next().is_some() {
            return Some("a volume without a name".to_owned());
        }
    }
    let mut start = vec![0; START * BLOCK_SIZE];
    blocks.read(0, &mut start).ok()?;
    let is_empty = start.iter().all(|byte| *byte == 0);
    (!is_empty).then(|| "data in no file system known here".to_owned())
}
