//! The jobs that there are, oldest first.

use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::AtomicBool},
};

use super::{
    history::History,
    job::{Job, Order},
};

/// Finished jobs that are remembered.
const REMEMBERED: usize = 200;

#[derive(Default)]
pub(super) struct Book {
    /// Oldest first.
    pub(super) entries: Vec<Entry>,
    /// Drives with a thread at work.
    pub(super) busy: BTreeSet<String>,
    pub(super) stopping: bool,
}

pub(super) struct Entry {
    pub(super) job: Job,
    pub(super) order: Option<Order>,
    pub(super) cancel: Arc<AtomicBool>,
    pub(super) history: History,
}

impl Entry {
    pub(super) fn new(job: Job, order: Option<Order>) -> Self {
        Self { job, order, cancel: Arc::default(), history: History::default() }
    }
}

impl Book {
    pub(super) fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.job.id == id)
    }

    pub(super) fn entry_mut(&mut self, id: &str) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.job.id == id)
    }

    pub(super) fn unfinished_on(&self, drive: &str) -> Option<&Job> {
        let on_it = |job: &&Job| job.drive == drive && !job.state.is_final();
        self.entries.iter().map(|entry| &entry.job).find(on_it)
    }

    pub(super) fn forget_old(&mut self) {
        while self.entries.len() > REMEMBERED {
            let Some(oldest) = self.entries.iter().position(|entry| entry.job.state.is_final())
            else {
                return;
            };
            self.entries.remove(oldest);
        }
    }
}
