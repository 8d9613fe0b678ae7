//! Checksums beside the writing: each is made by a thread of its own, from the buffers that are written.

use std::{
    collections::VecDeque,
    panic,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
    },
    thread::{self, JoinHandle},
};

use image_core::checksum::{Due, Lane, Recorder, Schedule, SoFar, Sums};

/// Buffers that a thread may lag behind.
const AHEAD: usize = 8;

#[derive(Debug)]
pub(super) struct Hashing {
    schedule: Schedule,
    workers: Vec<Worker>,
    /// Buffers that were given to the threads, oldest first.
    passed: VecDeque<Arc<Vec<u8>>>,
}

#[derive(Debug)]
struct Worker {
    work: SyncSender<Work>,
    thread: JoinHandle<Lane>,
}

enum Work {
    /// The first bytes of the buffer are next in the image.
    Bytes(Arc<Vec<u8>>, usize),
    /// Blocks of checksums are.
    Report(Due, Sender<SoFar>),
}

impl Hashing {
    /// `None` when there is nothing to do.
    pub(super) fn new(recorder: Recorder) -> Option<Self> {
        if recorder.is_empty() {
            return None;
        }
        let (schedule, lanes) = recorder.split();
        let workers = lanes.into_iter().map(Worker::new).collect();
        Some(Self { schedule, workers, passed: VecDeque::new() })
    }

    /// The blocks of checksums that begin at this byte of the image, if any do.
    pub(super) fn due(&self, byte: u64) -> Option<Due> {
        self.schedule.at(byte)
    }

    /// Passes the first bytes of a buffer on, which nobody changes any more.
    pub(super) fn pass(&mut self, buffer: &Arc<Vec<u8>>, len: usize) {
        for worker in &self.workers {
            // A thread that is gone has panicked, which comes to light when it is joined.
            let _ = worker.work.send(Work::Bytes(Arc::clone(buffer), len));
        }
    }

    /// Takes a buffer that was passed on and is written, and gives one that is free.
    pub(super) fn exchange(&mut self, buffer: Arc<Vec<u8>>) -> Vec<u8> {
        let len = buffer.len();
        self.passed.push_back(buffer);
        let free = self.passed.pop_front().map(Arc::try_unwrap);
        match free {
            Some(Ok(free)) => free,
            Some(Err(used)) => {
                self.passed.push_front(used);
                vec![0; len]
            }
            None => vec![0; len],
        }
    }

    /// Renders blocks that are due, once all threads have come as far.
    pub(super) fn render(&self, due: Due) -> Vec<u8> {
        let (answers, given): (_, Receiver<SoFar>) = channel();
        for worker in &self.workers {
            let _ = worker.work.send(Work::Report(due, answers.clone()));
        }
        drop(answers);
        let so_far: Vec<SoFar> = given.iter().collect();
        let bytes = image_core::bytes_in(due.blocks);
        let mut out = vec![0; usize::try_from(bytes).unwrap_or(usize::MAX)];
        self.schedule.render(due, &so_far, &mut out);
        out
    }

    pub(super) fn finish(self) -> Sums {
        let finished = self.workers.into_iter().map(Worker::finish);
        Sums::collect(finished.map(Lane::finish))
    }
}

impl Worker {
    fn new(mut lane: Lane) -> Self {
        let (work, given) = sync_channel(AHEAD);
        let thread = thread::spawn(move || {
            for work in given {
                match work {
                    Work::Bytes(buffer, len) => lane.update(buffer.get(..len).unwrap_or_default()),
                    Work::Report(due, to) => {
                        // Whoever asked may have been stopped.
                        let _ = to.send(lane.so_far(due));
                    }
                }
            }
            lane
        });
        Self { work, thread }
    }

    fn finish(self) -> Lane {
        drop(self.work);
        match self.thread.join() {
            Ok(lane) => lane,
            Err(panicked) => panic::resume_unwind(panicked),
        }
    }
}
