//! What has to hold before anything is written: the medium is the one the user saw, and the image fits.

use super::job::BurnOrder;
use crate::{burn::BurnError, drives::Medium, problem::Problem, source::BLOCK_SIZE};

/// Checks that `medium` is the one the user agreed to, and holds an image of `length` bytes.
///
/// # Errors
/// When any of it does not hold.
pub fn agree(medium: &Medium, burn: &BurnOrder, length: u64) -> Result<(), Problem> {
    agree_to_medium(medium, &burn.medium)?;
    if !medium.writable {
        let label = medium.label.clone();
        let reason = medium.reason.clone();
        let reason = reason.unwrap_or_else(|| format!("this {label} cannot be written"));
        let error = BurnError::NotWritable { label, reason: reason.clone() };
        return Err(Problem::new(409, error.code(), reason).hint(error.hint()));
    }
    let room = u64::from(medium.free_blocks) * BLOCK_SIZE as u64;
    if length > room && !burn.overburn {
        let detail = format!("the image has {length} bytes and the medium has room for {room}");
        let hint = "use a larger disc, or leave something out";
        return Err(Problem::new(409, "imageTooLarge", detail).hint(Some(hint)));
    }
    Ok(())
}

/// Checks that `medium` is the one with the fingerprint that the user agreed to.
///
/// # Errors
/// When it is another.
pub fn agree_to_medium(medium: &Medium, fingerprint: &str) -> Result<(), Problem> {
    if medium.fingerprint == fingerprint {
        return Ok(());
    }
    let detail = "the medium in the drive is not the one the user agreed to write to";
    let hint = "look at the drive again, and ask again";
    Err(Problem::new(409, "mediumChanged", detail).hint(Some(hint)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::job::{VerifyLevel, WriteMode};

    fn medium() -> Medium {
        serde_json::from_value(serde_json::json!({
            "kind": "dvd+r", "label": "DVD+R", "status": "blank", "rewritable": false,
            "capacityBlocks": 100, "freeBlocks": 10, "nextWritable": 0, "sessions": 0, "tracks": 0,
            "writeSpeeds": [], "fingerprint": "f", "writable": true, "reason": null,
        }))
        .unwrap()
    }

    fn refusal(medium: &Medium, fingerprint: &str, length: u64) -> Option<String> {
        let burn = BurnOrder {
            verify: VerifyLevel::Full,
            speed: None,
            simulate: false,
            write_mode: WriteMode::Auto,
            close: true,
            overburn: false,
            layer_break: None,
            layer_jump: false,
            stream: false,
            eject: false,
            medium: fingerprint.to_owned(),
        };
        let problem = agree(medium, &burn, length).err()?;
        assert!(problem.hint.is_some(), "{} has no remedy", problem.detail);
        Some(problem.code)
    }

    #[test]
    fn nothing_is_written_on_a_guess() {
        let fits = 10 * 2048;
        assert_eq!(refusal(&medium(), "f", fits), None);
        assert_eq!(refusal(&medium(), "g", fits).as_deref(), Some("mediumChanged"));
        assert_eq!(refusal(&medium(), "f", fits + 1).as_deref(), Some("imageTooLarge"));
        let complete = Medium { writable: false, ..medium() };
        assert_eq!(refusal(&complete, "f", fits).as_deref(), Some("mediumNotWritable"));
    }
}
