//! Erasing, formatting and closing the disc in a drive.

use super::{
    burning::{failed, pass_on},
    job::{Failure, Outcome, UpkeepOrder},
    queue::Duty,
};
use crate::{burn, scsi::Transport};

/// Does it, and tells what the disc is then.
pub(super) fn upkeep(
    drive: &mut dyn Transport,
    order: &UpkeepOrder,
    duty: &Duty,
) -> Result<Outcome, Failure> {
    let tell = &mut |event| pass_on(duty, &event, 0);
    let medium = Some(order.medium.as_str());
    let done = burn::upkeep(drive, order.operation, medium, duty.cancel(), tell).map_err(failed)?;
    let disc_state = done.after.map(|medium| medium.status.as_str().to_owned());
    Ok(Outcome { disc_state, ..Outcome::default() })
}
