//! How a command fails: an exit code by kind, `error:` and `hint:` lines for people.

use core::error::Error;
use std::process::ExitCode;

use crate::{drives::DriveError, problem::chain, virtual_drive::DiscFileError};

/// What went wrong, by whom it concerns. The numbers are the exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Kind {
    Other = 1,
    Usage = 2,
    Input = 3,
    Medium = 4,
    Drive = 5,
    Verification = 6,
    Incomplete = 7,
}

/// The failure of a command.
#[derive(Debug)]
pub(crate) struct CliError {
    kind: Kind,
    message: String,
    hints: Vec<String>,
}

impl CliError {
    /// The command line itself makes no sense (exit code 2).
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { kind: Kind::Usage, message: message.into(), hints: Vec::new() }
    }

    /// Something to read cannot be used (exit code 3).
    pub(crate) fn input(error: &(dyn Error + 'static)) -> Self {
        Self::of(Kind::Input, error)
    }

    /// The disc cannot be used for this (exit code 4).
    pub(crate) fn medium(error: &(dyn Error + 'static)) -> Self {
        Self::of(Kind::Medium, error)
    }

    /// The drive refused, failed or is not there (exit code 5); or what should be a virtual disc is none (exit code 3).
    pub(crate) fn drive(error: &(dyn Error + 'static)) -> Self {
        let kind = match error.downcast_ref() {
            Some(DriveError::Disc(DiscFileError::Busy(_) | DiscFileError::Io { .. })) => {
                Kind::Drive
            }
            Some(DriveError::Disc(_)) => Kind::Input,
            _ => Kind::Drive,
        };
        Self::of(kind, error)
    }

    /// What is on the disc is not what should be (exit code 6).
    pub(crate) fn verification(error: &(dyn Error + 'static)) -> Self {
        Self::of(Kind::Verification, error)
    }

    /// Something is there, but not all of it (exit code 7).
    pub(crate) fn incomplete(message: impl Into<String>) -> Self {
        Self { kind: Kind::Incomplete, message: message.into(), hints: Vec::new() }
    }

    /// The disc is not one for this, in words (exit code 4).
    pub(crate) fn unsuitable(message: impl Into<String>) -> Self {
        Self { kind: Kind::Medium, message: message.into(), hints: Vec::new() }
    }

    /// Anything else, in words (exit code 1).
    pub(crate) fn failure(message: impl Into<String>) -> Self {
        Self { kind: Kind::Other, message: message.into(), hints: Vec::new() }
    }

    /// Anything else, such as an output that cannot be written (exit code 1).
    pub(crate) fn other(error: &(dyn Error + 'static)) -> Self {
        Self::of(Kind::Other, error)
    }

    /// Adds what the user can do about it.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds the remedy where there is one.
    #[must_use]
    pub(crate) fn maybe_hint(self, hint: Option<impl Into<String>>) -> Self {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    fn of(kind: Kind, error: &(dyn Error + 'static)) -> Self {
        Self { kind, message: chain(error), hints: Vec::new() }
    }

    /// Prints the error and gives the exit code for it.
    pub(super) fn report(&self) -> ExitCode {
        eprintln!("error: {}", self.message);
        for hint in &self.hints {
            eprintln!("hint: {hint}");
        }
        ExitCode::from(self.kind as u8)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::source::image_file::ImageFile;

    #[test]
    fn tells_the_whole_chain_of_causes() {
        let error = ImageFile::open(Path::new("no/such.iso")).unwrap_err();
        let error = CliError::input(&error);
        assert!(error.message.starts_with("cannot read no/such.iso: "), "{}", error.message);
        assert_eq!(error.report(), ExitCode::from(3));
    }
}
