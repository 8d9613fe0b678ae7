//! Room on a disk for what is read from a disc.

use std::path::Path;

use super::CliError;

/// Refuses what a folder has no room for, with the remedy `elsewhere`.
pub(super) fn check(folder: &Path, needed: u64, elsewhere: &str) -> Result<(), CliError> {
    let place = folder.display();
    let free = fs4::available_space(folder)
        .map_err(|error| CliError::other(&error).hint(format!("look at {place}")))?;
    if needed > free {
        let message = format!("{needed} bytes are needed and {free} are free in {place}");
        return Err(CliError::failure(message).hint(elsewhere));
    }
    Ok(())
}
