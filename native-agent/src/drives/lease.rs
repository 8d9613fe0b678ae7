//! Leases: who may use a drive, changed only by those who know how it stands (compare and swap).

use core::time::Duration;
use std::time::Instant;

/// How long a lease lives without a sign from its holder.
pub const LEASE_LIFE: Duration = Duration::from_secs(60);

/// A lease in force.
#[derive(Clone, Debug)]
pub(super) struct Lease {
    /// The secret that proves it.
    pub(super) id: String,
    /// Who has it, in words others may read.
    pub(super) holder: String,
    seen: Instant,
}

/// The lease of one drive, if there is one.
#[derive(Clone, Debug, Default)]
pub(super) struct Leasing {
    current: Option<Lease>,
    /// While a disc is being written the lease outlives its holder's silence.
    pub(super) writing: bool,
}

/// Someone else holds the lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) holder: String,
}

impl Leasing {
    /// The lease in force at this time.
    pub(super) fn current(&self, now: Instant) -> Option<&Lease> {
        let alive =
            |lease: &&Lease| self.writing || now.saturating_duration_since(lease.seen) < LEASE_LIFE;
        self.current.as_ref().filter(alive)
    }

    /// Replaces the lease `previous` by a new one; succeeds only if `previous` is what is in force.
    pub(super) fn acquire(
        &mut self,
        previous: Option<&str>,
        id: String,
        holder: String,
        now: Instant,
    ) -> Result<(), Taken> {
        match self.current(now) {
            Some(lease) if Some(lease.id.as_str()) != previous => {
                Err(Taken { holder: lease.holder.clone() })
            }
            _ => {
                self.current = Some(Lease { id, holder, seen: now });
                Ok(())
            }
        }
    }

    /// Checks that the drive is free or the lease is the one given, and takes it as a sign of life.
    pub(super) fn check(&mut self, lease: Option<&str>, now: Instant) -> Result<(), Taken> {
        match self.current(now) {
            Some(current) if Some(current.id.as_str()) != lease => {
                return Err(Taken { holder: current.holder.clone() });
            }
            Some(_) => {}
            None => return Ok(()),
        }
        if let Some(current) = &mut self.current {
            current.seen = now;
        }
        Ok(())
    }

    /// Notes that whoever held the lease is done with the drive: until then no other sign of life was wanted.
    pub(super) fn end_use(&mut self, now: Instant) {
        if let Some(current) = self.current.as_mut().filter(|_| self.writing) {
            current.seen = now;
        }
        self.writing = false;
    }

    /// Gives the lease back; false if it is not in force.
    pub(super) fn release(&mut self, lease: &str, now: Instant) -> bool {
        let held = self.current(now).is_some_and(|current| current.id == lease);
        if held {
            self.current = None;
        }
        held
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acquire(
        leasing: &mut Leasing,
        previous: Option<&str>,
        id: &str,
        now: Instant,
    ) -> Result<(), Taken> {
        leasing.acquire(previous, id.to_owned(), format!("holder of {id}"), now)
    }

    #[test]
    fn only_the_holder_can_replace_a_lease() {
        let now = Instant::now();
        let mut leasing = Leasing::default();
        acquire(&mut leasing, None, "a", now).unwrap();
        let taken = Taken { holder: "holder of a".to_owned() };
        assert_eq!(acquire(&mut leasing, None, "b", now), Err(taken.clone()));
        assert_eq!(acquire(&mut leasing, Some("x"), "b", now), Err(taken.clone()));
        assert_eq!(leasing.check(None, now), Err(taken));
        acquire(&mut leasing, Some("a"), "b", now).unwrap();
        assert!(!leasing.release("a", now));
        assert!(leasing.release("b", now));
        assert_eq!(leasing.check(None, now), Ok(()));
    }

    #[test]
    fn silence_ends_a_lease_unless_a_disc_is_written() {
        let now = Instant::now();
        let mut leasing = Leasing::default();
        acquire(&mut leasing, None, "a", now).unwrap();
        let later = now + LEASE_LIFE - Duration::from_secs(1);
        leasing.check(Some("a"), later).unwrap();
        let silent = later + LEASE_LIFE;
        leasing.writing = true;
        assert!(acquire(&mut leasing, None, "b", silent).is_err());
        leasing.writing = false;
        assert!(acquire(&mut leasing, None, "b", silent).is_ok());
        assert!(leasing.check(Some("a"), silent).is_err());
    }

    /// What took longer than a lease lives ends with its lease in force, so that it is given back and told of.
    #[test]
    fn a_lease_outlives_what_was_done_with_it() {
        let now = Instant::now();
        let mut leasing = Leasing::default();
        acquire(&mut leasing, None, "a", now).unwrap();
        leasing.writing = true;
        let end = now + LEASE_LIFE * 10;
        leasing.end_use(end);
        assert!(leasing.current(end).is_some() && leasing.current(end + LEASE_LIFE).is_none());
        assert!(leasing.release("a", end));
    }
}
