//! Work on drives that takes a while: queued per drive, watched by anyone, written down, never in need of
//! whoever asked for it.

pub mod events;
pub mod job;
pub mod queue;

#[cfg(test)]
mod queue_tests;
