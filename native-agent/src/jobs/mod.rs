//! Work on drives that takes a while: queued per drive, watched by anyone, written down, never in need of
//! whoever asked for it.

pub mod agreement;
pub mod block_map;
mod book;
pub(crate) mod burning;
pub mod drive_worker;
pub mod events;
pub mod history;
pub mod job;
pub mod queue;
mod reading;
mod upkeep;

#[cfg(test)]
mod queue_tests;
