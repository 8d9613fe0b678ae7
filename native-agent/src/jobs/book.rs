//! The jobs that there are, oldest first.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool},
};

use super::{
    history::History,
    job::{Job, Order, State},
};
use crate::state_dir::{self, StateError};

/// Finished jobs that are remembered.
const REMEMBERED: usize = 200;

/// The book as it was at one time.
pub(super) struct Page {
    number: u64,
    jobs: Vec<Job>,
}

/// The file of the book. It is written without the lock of the book, for which whoever writes a disc would have to wait.
pub(super) struct Ledger {
    pub(super) file: PathBuf,
    /// The number of the page that is there.
    pub(super) page: Mutex<u64>,
}

impl Ledger {
    /// Writes a page, unless a later one is there already.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn write(&self, page: &Page) -> Result<(), StateError> {
        let mut newest = self.page.lock().unwrap_or_else(PoisonError::into_inner);
        if page.number > *newest {
            state_dir::save_json(&self.file, &page.jobs)?;
            *newest = page.number;
        }
        Ok(())
    }
}

#[derive(Default)]
pub(super) struct Book {
    /// Oldest first.
    pub(super) entries: Vec<Entry>,
    /// Drives with a thread at work.
    pub(super) busy: BTreeSet<String>,
    pub(super) stopping: bool,
    /// How often it was to be written.
    written: u64,
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
    /// The jobs that an earlier agent had.
    pub(super) fn of(jobs: Vec<Job>) -> Self {
        let entries = jobs.into_iter().map(|job| Entry::new(job, None)).collect();
        Self { entries, ..Self::default() }
    }

    pub(super) fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.job.id == id)
    }

    pub(super) fn entry_mut(&mut self, id: &str) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.job.id == id)
    }

    pub(super) fn unfinished_on(&self, drive: &str) -> impl Iterator<Item = &Job> {
        let on_it = move |job: &&Job| job.drive == drive && !job.state.is_final();
        self.entries.iter().map(|entry| &entry.job).filter(on_it)
    }

    /// Takes back a job whose turn has not come; whether it has not.
    pub(super) fn take_back(&mut self, id: &str) -> bool {
        let waits = |entry: &Entry| entry.job.id == id && entry.job.state == State::Queued;
        let found = self.entries.iter().position(waits);
        found.map(|at| self.entries.remove(at)).is_some()
    }

    /// All of it, to be written.
    pub(super) fn page(&mut self) -> Page {
        self.written += 1;
        let jobs = self.entries.iter().map(|entry| entry.job.clone()).collect();
        Page { number: self.written, jobs }
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
