//! What happened, numbered, so that a listener that was cut off can catch up.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use serde::Serialize;
use tokio::sync::broadcast;

use crate::clock;

/// Events remembered for listeners that come back. Progress comes four times a second for each job.
const REMEMBERED: usize = 1024;
/// Events a listener may be behind before it has to catch up from what is remembered.
const BEHIND: usize = 256;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Grows by one with each event, also across restarts of the agent.
    pub sequence: u64,
    /// What changed: `job`, `drive` or `image`.
    pub kind: &'static str,
    /// The thing as it is now, in JSON.
    pub data: Arc<str>,
}

/// All events of this agent.
#[derive(Debug)]
pub struct EventLog {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    next: u64,
    recent: VecDeque<Event>,
    /// Absent once the agent stops.
    listeners: Option<broadcast::Sender<Event>>,
}

/// What a listener gets to begin with, and then what follows.
#[derive(Debug)]
pub struct Subscription {
    /// Sequence number of the last event before this subscription.
    pub latest: u64,
    /// Events were missed that are no longer remembered (or the listener is new): ask for everything again.
    pub has_gap: bool,
    /// Events that were missed.
    pub missed: Vec<Event>,
    /// Events from now on; `None` when the agent is stopping.
    pub live: Option<broadcast::Receiver<Event>>,
}

impl EventLog {
    /// An empty log. Numbers begin with the time in milliseconds: later agents go on above earlier ones.
    #[must_use]
    pub fn new(now: SystemTime) -> Self {
        let inner = Inner {
            next: clock::unix_millis(now),
            recent: VecDeque::with_capacity(REMEMBERED),
            listeners: Some(broadcast::Sender::new(BEHIND)),
        };
        Self { inner: Mutex::new(inner) }
    }

    /// Tells every listener how a thing is now.
    pub fn publish(&self, kind: &'static str, thing: &impl Serialize) {
        let data = match serde_json::to_string(thing) {
            Ok(json) => json.into(),
            Err(error) => {
                tracing::error!("a {kind} event cannot be written: {error}");
                return;
            }
        };
        let mut inner = self.inner();
        let event = Event { sequence: inner.next, kind, data };
        inner.next += 1;
        if inner.recent.len() == REMEMBERED {
            inner.recent.pop_front();
        }
        inner.recent.push_back(event.clone());
        if let Some(listeners) = &inner.listeners {
            // Nobody listening is no failure.
            let _ = listeners.send(event);
        }
    }

    /// Everything after the event numbered `after`; from now on when `None`.
    #[must_use]
    pub fn subscribe(&self, after: Option<u64>) -> Subscription {
        let inner = self.inner();
        let latest = inner.next - 1;
        let oldest = inner.recent.front().map_or(inner.next, |event| event.sequence);
        let has_gap = after.is_none_or(|after| after > latest || after + 1 < oldest);
        let wanted = |event: &&Event| !has_gap && after.is_some_and(|after| event.sequence > after);
        let missed = inner.recent.iter().filter(wanted).cloned().collect();
        let live = inner.listeners.as_ref().map(broadcast::Sender::subscribe);
        Subscription { latest, has_gap, missed, live }
    }

    /// Ends every subscription.
    pub fn close(&self) {
        self.inner().listeners = None;
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(subscription: &Subscription) -> Vec<u64> {
        subscription.missed.iter().map(|event| event.sequence).collect()
    }

    #[test]
    fn a_listener_catches_up_without_loss_or_repetition() {
        let log = EventLog::new(clock::now());
        let start = log.subscribe(None);
        assert!(start.has_gap);
        for number in 0..5 {
            log.publish("job", &number);
        }
        let again = log.subscribe(Some(start.latest + 2));
        assert!(!again.has_gap);
        assert_eq!(numbers(&again), [3, 4, 5].map(|n| start.latest + n));
        let mut live = again.live.unwrap();
        log.publish("job", &5);
        assert_eq!(live.try_recv().unwrap().sequence, start.latest + 6);
        assert!(live.try_recv().is_err());
    }

    #[test]
    fn a_listener_that_missed_too_much_is_told() {
        let log = EventLog::new(clock::now());
        let start = log.subscribe(None).latest;
        for number in 0..=REMEMBERED {
            log.publish("job", &number);
        }
        let late = log.subscribe(Some(start));
        assert!(late.has_gap && late.missed.is_empty());
        let just = log.subscribe(Some(start + 1));
        assert!(!just.has_gap);
        assert_eq!(just.missed.len(), REMEMBERED);
        assert!(log.subscribe(Some(u64::MAX)).has_gap, "a number from another machine");
    }

    #[test]
    fn closing_ends_every_subscription() {
        let log = EventLog::new(clock::now());
        let mut live = log.subscribe(None).live.unwrap();
        log.close();
        assert!(matches!(live.try_recv(), Err(broadcast::error::TryRecvError::Closed)));
        assert!(log.subscribe(None).live.is_none());
    }
}
