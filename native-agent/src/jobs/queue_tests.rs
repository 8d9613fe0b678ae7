use core::time::Duration;
use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::Ordering,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Instant,
};

use super::{
    events::EventLog,
    job::{
        BurnOrder, Failure, Job, Kind, Order, Outcome, Phase, Progress, ReadOrder, State,
        VerifyLevel, WriteMode,
    },
    queue::{Duty, Jobs, OrderError, Worker},
};
use crate::{clock, problem::Problem};

/// Ends a job when the test says so, with what the test says.
struct Scripted {
    ends: Mutex<Receiver<Result<Outcome, Failure>>>,
}

impl Worker for Scripted {
    fn work(&self, _: &Order, duty: &Duty) -> Result<Outcome, Failure> {
        let progress = Progress { done_blocks: 1, total_blocks: 2, ..Progress::default() };
        duty.tell(Phase::Writing, progress);
        loop {
            if duty.cancel().load(Ordering::Relaxed) {
                return Err(Failure::Cancelled(None));
            }
            let end = self.ends.lock().unwrap().recv_timeout(Duration::from_millis(5));
            if let Ok(end) = end {
                return end;
            }
        }
    }
}

fn open(folder: &Path) -> (Jobs, Sender<Result<Outcome, Failure>>, Arc<EventLog>) {
    let (sender, ends) = channel();
    let worker = Box::new(Scripted { ends: Mutex::new(ends) });
    let events = Arc::new(EventLog::new(clock::now()));
    let jobs = Jobs::open(folder.join("jobs.json"), worker, Arc::clone(&events)).unwrap();
    (jobs, sender, events)
}

fn order(kind: Kind, drive: &str) -> Order {
    let burn = (kind == Kind::Burn).then(|| BurnOrder {
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
        medium: "m".into(),
    });
    Order {
        kind,
        drive: drive.into(),
        image: None,
        burn,
        read: ReadOrder::default(),
        start: 0,
        upkeep: None,
        lease: None,
    }
}

fn until(jobs: &Jobs, id: &str, done: impl Fn(&Job) -> bool) -> Job {
    let start = Instant::now();
    loop {
        let job = jobs.get(id).unwrap();
        if done(&job) {
            return job;
        }
        assert!(start.elapsed() < Duration::from_secs(10), "stuck: {job:?}");
        thread::sleep(Duration::from_millis(2));
    }
}

fn writing(job: &Job) -> bool {
    job.phase == Phase::Writing
}

fn ended(job: &Job) -> bool {
    job.state.is_final()
}

#[test]
fn a_burn_does_not_wait_but_a_read_does() {
    let folder = tempfile::tempdir().unwrap();
    let (jobs, end, _) = open(folder.path());
    let first = jobs.submit(order(Kind::Burn, "a")).unwrap();
    until(&jobs, &first.id, writing);
    let refused = jobs.submit(order(Kind::Burn, "a")).unwrap_err();
    assert!(
        matches!(&refused, OrderError::DriveTaken { job, .. } if *job == first.id),
        "{refused}"
    );
    let second = jobs.submit(order(Kind::Read, "a")).unwrap();
    let elsewhere = jobs.submit(order(Kind::Burn, "b")).unwrap();
    until(&jobs, &elsewhere.id, writing);
    assert_eq!(jobs.get(&second.id).unwrap().state, State::Queued);
    let _ = jobs.cancel(&elsewhere.id);
    until(&jobs, &elsewhere.id, ended);
    end.send(Ok(Outcome::default())).unwrap();
    assert_eq!(until(&jobs, &first.id, ended).state, State::Succeeded);
    until(&jobs, &second.id, writing);
    end.send(Err(Problem::new(502, "x", "y").into())).unwrap();
    let second = until(&jobs, &second.id, ended);
    assert_eq!((second.state, second.error.unwrap().code.as_str()), (State::Failed, "x"));
}

#[test]
fn no_more_wait_for_a_drive_than_anyone_needs() {
    let folder = tempfile::tempdir().unwrap();
    let (jobs, _end, _) = open(folder.path());
    let taken: Vec<_> = (0..32).map(|_| jobs.submit(order(Kind::Read, "a")).unwrap()).collect();
    let refused = jobs.submit(order(Kind::Verify, "a")).unwrap_err();
    assert!(matches!(&refused, OrderError::TooMany { drive } if drive == "a"), "{refused}");
    let _ = jobs.submit(order(Kind::Read, "b")).unwrap();
    let _ = jobs.cancel(&taken.last().unwrap().id);
    let _ = jobs.submit(order(Kind::Verify, "a")).unwrap();
}

#[test]
fn cancelling_ends_what_waits_at_once_and_what_runs_soon() {
    let folder = tempfile::tempdir().unwrap();
    let (jobs, _end, _) = open(folder.path());
    let running = jobs.submit(order(Kind::Read, "a")).unwrap();
    let waiting = jobs.submit(order(Kind::Read, "a")).unwrap();
    until(&jobs, &running.id, writing);
    assert_eq!(jobs.cancel(&waiting.id).unwrap().state, State::Cancelled);
    assert_eq!(jobs.cancel(&running.id).unwrap().state, State::Running);
    let ended_job = until(&jobs, &running.id, ended);
    assert_eq!(ended_job.state, State::Cancelled);
    assert_eq!(jobs.cancel(&running.id), Some(ended_job));
    assert_eq!(jobs.cancel("nothing"), None);
}

#[test]
fn a_restart_fails_what_was_unfinished_and_remembers_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let (jobs, end, _) = open(folder.path());
    let done = jobs.submit(order(Kind::Burn, "a")).unwrap();
    end.send(Ok(Outcome { verified: Some(true), ..Outcome::default() })).unwrap();
    let done = until(&jobs, &done.id, ended);
    jobs.wait();
    let running = jobs.submit(order(Kind::Burn, "a")).unwrap();
    until(&jobs, &running.id, writing);
    let waiting = jobs.submit(order(Kind::Verify, "a")).unwrap();

    // The first agent is still there, as after a crash its file is: a second one reads the book.
    let (reopened, _end, _) = open(folder.path());
    assert_eq!(reopened.get(&done.id), Some(done));
    for id in [&running.id, &waiting.id] {
        let job = reopened.get(id).unwrap();
        assert_eq!(job.state, State::Failed);
        assert_eq!(job.error.unwrap().code, "agentStopped");
    }
    let error = reopened.get(&running.id).unwrap().error.unwrap();
    assert!(error.hint.unwrap().contains("spoilt"));
}

#[test]
fn stopping_spares_a_disc_that_is_being_written() {
    let folder = tempfile::tempdir().unwrap();
    let (jobs, end, _) = open(folder.path());
    let running = jobs.submit(order(Kind::Burn, "a")).unwrap();
    until(&jobs, &running.id, writing);
    let waiting = jobs.submit(order(Kind::Verify, "a")).unwrap();
    let at_risk = jobs.stop();
    assert_eq!(at_risk.iter().map(|job| &job.id).collect::<Vec<_>>(), [&running.id]);
    assert!(matches!(jobs.submit(order(Kind::Read, "b")), Err(OrderError::Stopping)));
    assert_eq!(jobs.get(&waiting.id).unwrap().state, State::Cancelled);
    assert_eq!(jobs.get(&running.id).unwrap().state, State::Running);
    end.send(Ok(Outcome::default())).unwrap();
    jobs.wait();
    assert_eq!(jobs.get(&running.id).unwrap().state, State::Succeeded);
}

#[test]
fn events_tell_a_jobs_whole_life() {
    let folder = tempfile::tempdir().unwrap();
    let (jobs, end, events) = open(folder.path());
    let before = events.subscribe(None).latest;
    let job = jobs.submit(order(Kind::Burn, "a")).unwrap();
    end.send(Ok(Outcome::default())).unwrap();
    until(&jobs, &job.id, ended);
    let told: Vec<(String, String)> = events
        .subscribe(Some(before))
        .missed
        .iter()
        .map(|event| serde_json::from_str::<Job>(&event.data).unwrap())
        .map(|job| (format!("{:?}", job.state), format!("{:?}", job.phase)))
        .collect();
    let expected = [
        ("Queued", "Waiting"),
        ("Running", "Preparing"),
        ("Running", "Writing"),
        ("Succeeded", "Done"),
    ];
    assert_eq!(told, expected.map(|(state, phase)| (state.to_owned(), phase.to_owned())));
}

struct Panics;

impl Worker for Panics {
    fn work(&self, _: &Order, _: &Duty) -> Result<Outcome, Failure> {
        panic!("a bug");
    }
}

#[test]
fn a_worker_that_panics_frees_its_drive() {
    let folder = tempfile::tempdir().unwrap();
    let events = Arc::new(EventLog::new(clock::now()));
    let jobs = Jobs::open(folder.path().join("jobs.json"), Box::new(Panics), events).unwrap();
    for _ in 0..2 {
        let job = jobs.submit(order(Kind::Burn, "a")).unwrap();
        let job = until(&jobs, &job.id, ended);
        assert_eq!(job.error.unwrap().code, "internal");
        jobs.wait();
    }
}
