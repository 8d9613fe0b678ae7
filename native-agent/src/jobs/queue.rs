//! One job at a time for each drive, and the book of all of them.

use std::{
    path::PathBuf,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Instant,
};

use core::time::Duration;

use super::{
    block_map::JobMap,
    book::{Book, Entry, Ledger},
    events::EventLog,
    history::{Happening, History, JobHistory},
    job::{Failure, Job, Kind, Order, Outcome, Phase, Progress, State},
};
use crate::{
    clock,
    identity::{self, NoRandomness},
    problem::Problem,
    state_dir::{self, StateError},
};

/// Time between two tellings of progress within a phase.
const TELL_EVERY: Duration = Duration::from_millis(250);

/// Jobs that wait for one drive, and the one that has it.
const MOST_ON_A_DRIVE: usize = 32;

/// Does the work of a job. Called on a thread of its own; may take hours.
pub trait Worker: Send + Sync {
    /// Carries out `order`, telling progress and minding cancellation through `duty`.
    ///
    /// # Errors
    /// When it was cancelled, or could not be done.
    fn work(&self, order: &Order, duty: &Duty) -> Result<Outcome, Failure>;
}

/// Why an order was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OrderError {
    /// Another job has the drive. What a burn agreed to would no longer hold after it.
    #[error("drive {drive} is taken by job {job}")]
    DriveTaken {
        /// The drive asked for.
        drive: String,
        /// The job that has it.
        job: String,
    },
    /// Whoever asks goes on asking. Those that wait can be cancelled.
    #[error("{MOST_ON_A_DRIVE} jobs are waiting for drive {drive} already")]
    TooMany {
        /// The drive asked for.
        drive: String,
    },
    /// The agent is about to stop.
    #[error("the agent is stopping")]
    Stopping,
    /// The order could not be written down.
    #[error(transparent)]
    State(#[from] StateError),
    /// No name could be made.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// All jobs.
#[derive(Clone)]
pub struct Jobs {
    shared: Arc<Shared>,
}

impl core::fmt::Debug for Jobs {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Jobs").field("jobs", &self.all()).finish_non_exhaustive()
    }
}

struct Shared {
    ledger: Ledger,
    worker: Box<dyn Worker>,
    events: Arc<EventLog>,
    book: Mutex<Book>,
    /// Signalled when a job ends.
    ended: Condvar,
}

/// What a job's worker owes to those who watch it.
pub struct Duty {
    id: String,
    shared: Arc<Shared>,
    cancel: Arc<AtomicBool>,
    told: Mutex<(Phase, Instant)>,
}

impl core::fmt::Debug for Duty {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Duty").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Duty {
    /// The job's id.
    #[must_use]
    pub fn job(&self) -> &str {
        &self.id
    }

    /// Set once the job is to be given up.
    #[must_use]
    pub fn cancel(&self) -> &AtomicBool {
        &self.cancel
    }

    /// Tells what the job is doing and how far it is.
    pub fn tell(&self, phase: Phase, progress: Progress) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = told.0 != phase || told.1.elapsed() >= TELL_EVERY;
        if is_news {
            *told = (phase, Instant::now());
        }
        drop(told);
        self.shared.update(&self.id, is_news, |entry| {
            entry.job.phase = phase;
            entry.job.progress = progress;
            entry.history.progress(phase, &progress, Instant::now());
        });
    }

    /// Puts something that happened into the log of the job.
    pub fn happened(&self, what: Happening) {
        self.note(|history| history.happened(what, Instant::now()));
    }

    /// Puts something into the history of the job.
    pub fn note(&self, note: impl FnOnce(&mut History)) {
        self.shared.update(&self.id, false, |entry| note(&mut entry.history));
    }
}

impl Jobs {
    /// Opens the book in `file`. What an earlier agent left unfinished has failed.
    ///
    /// # Errors
    /// When the book cannot be read or written.
    pub fn open(
        file: PathBuf,
        worker: Box<dyn Worker>,
        events: Arc<EventLog>,
    ) -> Result<Self, StateError> {
        let mut jobs: Vec<Job> = state_dir::load_json(&file)?.unwrap_or_default();
        for job in jobs.iter_mut().filter(|job| !job.state.is_final()) {
            let problem = agent_stopped(job);
            job.finish(Err(problem.into()), clock::rfc3339(clock::now()));
        }
        state_dir::save_json(&file, &jobs)?;
        let book = Book::of(jobs);
        let ledger = Ledger { file, page: Mutex::default() };
        let shared =
            Shared { ledger, worker, events, book: Mutex::new(book), ended: Condvar::default() };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Takes an order. Reading and verifying wait for the drive; burning does not.
    ///
    /// # Errors
    /// [`OrderError::DriveTaken`] when a burn would have to wait, [`OrderError::TooMany`] when too many are waiting.
    pub fn submit(&self, order: Order) -> Result<Job, OrderError> {
        let mut book = self.shared.book();
        if book.stopping {
            return Err(OrderError::Stopping);
        }
        let before_it: Vec<&Job> = book.unfinished_on(&order.drive).collect();
        if let (true, Some(job)) = (order.kind.changes_the_disc(), before_it.first()) {
            return Err(OrderError::DriveTaken { drive: job.drive.clone(), job: job.id.clone() });
        }
        if before_it.len() >= MOST_ON_A_DRIVE {
            return Err(OrderError::TooMany { drive: order.drive });
        }
        let created = clock::rfc3339(clock::now());
        let job = Job::new(identity::random_id()?, &order, created);
        let drive = order.drive.clone();
        book.entries.push(Entry::new(job.clone(), Some(order)));
        book.forget_old();
        let page = book.page();
        drop(book);
        let written = self.shared.ledger.write(&page);
        let mut book = self.shared.book();
        if let Err(error) = written
            && book.take_back(&job.id)
        {
            return Err(error.into());
        }
        // If its turn came meanwhile, that was told.
        if book.entry(&job.id).is_some_and(|entry| entry.job.state == State::Queued) {
            self.shared.events.publish("job", &job);
        }
        let is_idle = book.busy.insert(drive.clone());
        drop(book);
        if is_idle {
            let shared = Arc::clone(&self.shared);
            thread::spawn(move || shared.serve(&drive));
        }
        Ok(job)
    }

    /// Every job, oldest first.
    #[must_use]
    pub fn all(&self) -> Vec<Job> {
        self.shared.book().entries.iter().map(|entry| entry.job.clone()).collect()
    }

    /// One job.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<Job> {
        self.shared.book().entry(id).map(|entry| entry.job.clone())
    }

    /// What a job did over time.
    #[must_use]
    pub fn history(&self, id: &str) -> Option<JobHistory> {
        self.shared.book().entry(id).map(|entry| entry.history.told())
    }

    /// What a job knows of the blocks it reads.
    #[must_use]
    pub fn map(&self, id: &str) -> Option<JobMap> {
        self.shared.book().entry(id).map(|entry| entry.history.map())
    }

    /// The job that has a drive now.
    #[must_use]
    pub fn running_on(&self, drive: &str) -> Option<Job> {
        let book = self.shared.book();
        let on_it = |entry: &&Entry| entry.job.drive == drive && entry.job.state == State::Running;
        book.entries.iter().find(on_it).map(|entry| entry.job.clone())
    }

    /// Gives up a job: at once while it waits, as soon as the drive allows while it runs.
    ///
    /// `None` when there is no such job. A job that has ended stays as it is.
    #[must_use]
    pub fn cancel(&self, id: &str) -> Option<Job> {
        let mut book = self.shared.book();
        let entry = book.entry_mut(id)?;
        let is_news = !entry.cancel.swap(true, Ordering::Relaxed);
        if is_news && !entry.job.state.is_final() {
            entry.history.happened(Happening::CancelAsked, Instant::now());
        }
        if entry.job.state == State::Queued {
            entry.job.finish(Err(Failure::Cancelled(None)), clock::rfc3339(clock::now()));
            let job = entry.job.clone();
            self.shared.record(book, &job);
            return Some(job);
        }
        Some(entry.job.clone())
    }

    /// Takes no more orders, and gives up all that can be given up without losing a disc.
    ///
    /// What is left is at risk; [`Jobs::wait`] returns when it has ended.
    #[must_use]
    pub fn stop(&self) -> Vec<Job> {
        self.shared.book().stopping = true;
        let unfinished = self.all().into_iter().filter(|job| !job.state.is_final());
        let (at_risk, rest): (Vec<_>, Vec<_>) =
            unfinished.partition(|job| job.state == State::Running && job.phase.risks_the_disc());
        for job in rest {
            let _ = self.cancel(&job.id);
        }
        at_risk
    }

    /// Returns when no job is running.
    pub fn wait(&self) {
        let mut book = self.shared.book();
        while !book.busy.is_empty() {
            book = self.shared.ended.wait(book).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Shared {
    /// Does the jobs of one drive until none is left.
    fn serve(self: Arc<Self>, drive: &str) {
        while let Some((id, order, cancel)) = self.next(drive) {
            let told = Mutex::new((Phase::Waiting, Instant::now()));
            let duty = Duty { id, shared: Arc::clone(&self), cancel, told };
            let span = tracing::info_span!("job", id = duty.id, drive);
            let end = span.in_scope(|| self.attempt(&order, &duty));
            self.end(&duty.id, end);
        }
    }

    /// A worker that panics must not leave its drive taken for ever.
    fn attempt(&self, order: &Order, duty: &Duty) -> Result<Outcome, Failure> {
        let work = std::panic::AssertUnwindSafe(|| self.worker.work(order, duty));
        std::panic::catch_unwind(work).unwrap_or_else(|_| {
            let detail = "the job ended in a way that nobody foresaw; the log says more";
            Err(Problem::new(500, "internal", detail).into())
        })
    }

    /// The next job of a drive, marked as running; `None` frees the drive.
    fn next(&self, drive: &str) -> Option<(String, Order, Arc<AtomicBool>)> {
        let mut book = self.book();
        let waits =
            |entry: &&mut Entry| entry.job.drive == drive && entry.job.state == State::Queued;
        let Some(entry) = book.entries.iter_mut().find(waits) else {
            book.busy.remove(drive);
            self.ended.notify_all();
            return None;
        };
        entry.job.state = State::Running;
        entry.job.phase = Phase::Preparing;
        entry.history.begin(Instant::now(), clock::rfc3339(clock::now()));
        let order = entry.order.take()?;
        let (job, cancel) = (entry.job.clone(), Arc::clone(&entry.cancel));
        self.record(book, &job);
        Some((job.id, order, cancel))
    }

    fn end(&self, id: &str, end: Result<Outcome, Failure>) {
        let mut book = self.book();
        let Some(entry) = book.entry_mut(id) else { return };
        entry.job.finish(end, clock::rfc3339(clock::now()));
        let job = entry.job.clone();
        self.record(book, &job);
    }

    fn update(&self, id: &str, tell: bool, change: impl FnOnce(&mut Entry)) {
        let mut book = self.book();
        let Some(entry) = book.entry_mut(id) else { return };
        change(entry);
        if tell {
            self.events.publish("job", &entry.job);
        }
    }

    /// A job that runs goes on even if its book cannot be written.
    fn record(&self, mut book: MutexGuard<'_, Book>, job: &Job) {
        self.events.publish("job", job);
        let page = book.page();
        drop(book);
        if let Err(error) = self.ledger.write(&page) {
            tracing::error!("{}", crate::problem::chain(&error));
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn agent_stopped(job: &Job) -> Problem {
    let detail = if job.state == State::Queued {
        "the agent stopped before the job began"
    } else {
        "the agent stopped while the job was running"
    };
    let hint = (job.kind == Kind::Burn && job.state == State::Running)
        .then_some("look at the disc before using it again: a write-once disc may be spoilt");
    Problem::new(500, "agentStopped", detail).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::job::ReadOrder;

    struct Idle;

    impl Worker for Idle {
        fn work(&self, _: &Order, _: &Duty) -> Result<Outcome, Failure> {
            Ok(Outcome::default())
        }
    }

    /// Whoever writes a disc tells how far it is, and must not wait for the disk of the book.
    #[test]
    fn nobody_waits_for_the_file_of_the_book() {
        let folder = tempfile::tempdir().unwrap();
        let events = Arc::new(EventLog::new(clock::now()));
        let jobs = Jobs::open(folder.path().join("jobs.json"), Box::new(Idle), events).unwrap();
        let slow = jobs.shared.ledger.page.lock().unwrap();
        let order = Order {
            kind: Kind::Read,
            drive: "a".to_owned(),
            image: None,
            burn: None,
            read: ReadOrder::default(),
            start: 0,
            upkeep: None,
            lease: None,
        };
        let other = jobs.clone();
        let submitted = thread::spawn(move || other.submit(order));
        let start = Instant::now();
        // It is being written down, and can be seen all the same.
        while jobs.all().is_empty() {
            assert!(start.elapsed() < Duration::from_secs(60), "it never comes");
            thread::sleep(Duration::from_millis(2));
        }
        assert!(!submitted.is_finished());
        drop(slow);
        let job = submitted.join().unwrap().unwrap();
        jobs.wait();
        assert_eq!(jobs.get(&job.id).unwrap().state, State::Succeeded);
    }
}
