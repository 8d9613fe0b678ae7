//! What each step is called, and the command it sends.

use super::{Doing, Machine};
use crate::burn::recipe::Step;
use crate::mmc::{
    Closing, Command, close_track_session, prevent_removal, read_buffer_capacity,
    read_disc_information, read_track_information, request_sense, reserve_track, send_opc,
    synchronize_cache, test_unit_ready,
};

impl Machine {
    /// What doing it is called in an error.
    pub(super) fn doing(&self) -> &'static str {
        match self.current() {
            Some(Step::Lock(_)) => "locking the tray",
            Some(Step::Speed { .. }) => "setting the speed",
            Some(Step::Calibrate) => "adjusting the laser",
            Some(Step::Prepare(_)) => "setting how to write",
            Some(Step::Reserve(_)) => "reserving the track",
            Some(Step::LayerBreak { .. }) => "setting where the layer ends",
            Some(Step::Format(_)) => "formatting",
            Some(Step::Blank(_)) => "erasing",
            Some(Step::ConfirmAddress(_)) => "asking where to write",
            Some(Step::Write) => "writing",
            Some(Step::Head(_)) => "pointing to the new session",
            Some(Step::Flush) => "emptying the buffer of the drive",
            Some(Step::CloseTrack) => "closing the track",
            Some(Step::Close { .. }) => "closing the session",
            Some(Step::ConfirmDisc | Step::ConfirmTrack) | None => "looking at the finished disc",
        }
    }

    pub(super) fn command(&self) -> Option<Command> {
        match self.doing {
            Doing::Settle => return Some(test_unit_ready()),
            Doing::Progress => return Some(request_sense()),
            Doing::Level => return Some(read_buffer_capacity()),
            Doing::Recheck => {
                return Some(read_track_information(u32::from(self.recipe.track)));
            }
            Doing::Remind { at } => {
                let Some(Step::Prepare(command)) = self.recipe.steps.get(at) else { return None };
                return Some(command.clone());
            }
            Doing::Act { .. } => {}
        }
        Some(match self.current()? {
            Step::Lock(prevent) => prevent_removal(*prevent),
            Step::Speed { ways: [first, other], .. } => {
                if self.way() == 0 { first } else { other }.clone()
            }
            Step::Calibrate => send_opc(),
            Step::Prepare(command)
            | Step::Format(command)
            | Step::Blank(command)
            | Step::Head(command) => command.clone(),
            Step::Reserve(blocks) => reserve_track(*blocks),
            Step::LayerBreak { command, .. } => command.clone(),
            Step::ConfirmAddress(tracks) => {
                read_track_information(tracks.get(self.way()).copied().unwrap_or(1))
            }
            Step::Write => self.write_command(),
            Step::Flush => synchronize_cache(),
            Step::CloseTrack => close_track_session(Closing::Track(self.recipe.track)),
            Step::Close { closing, .. } => close_track_session(*closing),
            Step::ConfirmDisc => read_disc_information(),
            Step::ConfirmTrack => read_track_information(u32::from(self.recipe.track)),
        })
    }

    pub(super) const fn way(&self) -> usize {
        if let Doing::Act { way } = self.doing { way } else { 0 }
    }
}
