//! Codes that a page trades for a token: eight letters, five tries, two minutes, one use.

use core::time::Duration;
use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

use crate::identity::{self, NoRandomness};

/// How long a code is worth something.
pub(super) const LIFETIME: Duration = Duration::from_secs(120);
/// Wrong codes an open code survives, less one.
const TRIES: u8 = 5;
/// Codes open at once. The oldest makes room.
const MOST_OPEN: usize = 8;

/// Which pages may use a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// The pages this agent serves.
    Own,
    /// One site.
    Site(String),
    /// Any site that may be paired at all; the user saw the code and types it into the page he means.
    Anyone,
}

impl Audience {
    fn admits(&self, origin: &str, own: bool) -> bool {
        match self {
            Self::Own => own,
            Self::Site(site) => site == origin,
            Self::Anyone => true,
        }
    }
}

/// Why a code was not taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(super) enum PairingError {
    /// No code is open for this page: it expired, was used, or was guessed at too often.
    #[error("no pairing code is open for this page")]
    NoneOpen,
    /// The code is wrong.
    #[error("the pairing code is wrong; {tries_left} tries are left")]
    Wrong {
        /// Tries until the code is void.
        tries_left: u8,
    },
}

/// The codes that are open now.
#[derive(Debug, Default)]
pub(super) struct PairingDesk {
    open: Mutex<Vec<OpenCode>>,
}

#[derive(Debug)]
struct OpenCode {
    code: String,
    audience: Audience,
    expires: Instant,
    tries_left: u8,
}

impl PairingDesk {
    /// Opens a new code for `audience`.
    pub(super) fn issue(&self, audience: Audience, now: Instant) -> Result<String, NoRandomness> {
        let code = identity::random_code()?;
        let mut open = self.current(now);
        if open.len() >= MOST_OPEN {
            open.remove(0);
        }
        let expires = now + LIFETIME;
        open.push(OpenCode { code: code.clone(), audience, expires, tries_left: TRIES });
        Ok(code)
    }

    /// Whether a page of this origin may try a code at all.
    pub(super) fn admits(&self, origin: &str, own: bool, now: Instant) -> bool {
        self.current(now).iter().any(|code| code.audience.admits(origin, own))
    }

    /// Takes a code in. It is void afterwards; a wrong one costs a try of every code it could have been.
    pub(super) fn redeem(
        &self,
        typed: &str,
        origin: &str,
        own: bool,
        now: Instant,
    ) -> Result<(), PairingError> {
        let typed = as_typed(typed);
        let mut open = self.current(now);
        let is_match = |code: &OpenCode| {
            code.audience.admits(origin, own) & identity::same_secret(&code.code, &typed)
        };
        if let Some(index) = open.iter().position(is_match) {
            open.remove(index);
            return Ok(());
        }
        let mut tries_left = None;
        for code in open.iter_mut().filter(|code| code.audience.admits(origin, own)) {
            code.tries_left -= 1;
            tries_left = tries_left.max(Some(code.tries_left));
        }
        open.retain(|code| code.tries_left > 0);
        Err(tries_left
            .map_or(PairingError::NoneOpen, |tries_left| PairingError::Wrong { tries_left }))
    }

    fn current(&self, now: Instant) -> std::sync::MutexGuard<'_, Vec<OpenCode>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|code| now < code.expires);
        open
    }
}

/// People type small letters, and put spaces and dashes in the middle.
fn as_typed(code: &str) -> String {
    code.chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "http://127.0.0.1:8653";
    const SITE: &str = "https://discwright.example";

    fn desk(audience: Audience) -> (PairingDesk, String, Instant) {
        let (desk, now) = (PairingDesk::default(), Instant::now());
        let code = desk.issue(audience, now).unwrap();
        (desk, code, now)
    }

    #[test]
    fn a_code_works_once() {
        let (desk, code, now) = desk(Audience::Own);
        assert_eq!(desk.redeem(&code, OWN, true, now), Ok(()));
        assert_eq!(desk.redeem(&code, OWN, true, now), Err(PairingError::NoneOpen));
    }

    #[test]
    fn a_code_may_be_typed_in_two_halves_and_small_letters() {
        let (desk, code, now) = desk(Audience::Own);
        let (left, right) = code.split_at(4);
        let typed = format!("{left}-{right} ").to_lowercase();
        assert_eq!(desk.redeem(&typed, OWN, true, now), Ok(()));
    }

    #[test]
    fn the_fifth_wrong_try_voids_the_code() {
        let (desk, code, now) = desk(Audience::Own);
        for tries_left in (0..TRIES).rev() {
            let result = desk.redeem("00000000", OWN, true, now);
            assert_eq!(result, Err(PairingError::Wrong { tries_left }));
        }
        assert_eq!(desk.redeem(&code, OWN, true, now), Err(PairingError::NoneOpen));
    }

    #[test]
    fn the_fifth_try_may_still_be_right() {
        let (desk, code, now) = desk(Audience::Own);
        for _ in 1..TRIES {
            assert!(desk.redeem("00000000", OWN, true, now).is_err());
        }
        assert_eq!(desk.redeem(&code, OWN, true, now), Ok(()));
    }

    #[test]
    fn a_code_expires_after_two_minutes() {
        let (desk, code, now) = desk(Audience::Own);
        let later = now + LIFETIME;
        assert!(desk.admits(OWN, true, later - Duration::from_secs(1)));
        assert_eq!(desk.redeem(&code, OWN, true, later), Err(PairingError::NoneOpen));
    }

    #[test]
    fn a_code_is_only_for_its_audience() {
        let (desk, code, now) = desk(Audience::Site(SITE.to_owned()));
        assert!(!desk.admits("https://discwright.example.evil", false, now));
        let result = desk.redeem(&code, "https://discwright.example.evil", false, now);
        assert_eq!(result, Err(PairingError::NoneOpen));
        assert_eq!(desk.redeem(&code, OWN, true, now), Err(PairingError::NoneOpen));
        assert_eq!(desk.redeem(&code, SITE, false, now), Ok(()));
    }

    #[test]
    fn a_site_cannot_use_up_the_tries_of_the_agents_own_code() {
        let (desk, code, now) = desk(Audience::Own);
        for _ in 0..10 {
            assert_eq!(desk.redeem("00000000", SITE, false, now), Err(PairingError::NoneOpen));
        }
        assert_eq!(desk.redeem(&code, OWN, true, now), Ok(()));
    }
}
