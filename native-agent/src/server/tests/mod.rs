//! The agent as a whole, asked through its router.

mod access;
mod events;
mod fixture;
mod history;
mod jobs;
mod uploads;
