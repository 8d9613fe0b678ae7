//! The agent as pages and programs on this machine reach it: HTTP on the loopback address.
//!
//! # Threat model
//!
//! Any page in the user's browser can send requests to this machine, and any name can be made to resolve
//! to it. None of them may burn a disc, read one, or learn that there is a drive.
//!
//! - The agent listens on the loopback addresses only.
//! - [`guard`] comes before everything: a foreign `Host` is a rebound name (421); a foreign `Origin`, also
//!   `null`, is a page nobody paired (403); a request another site caused without an `Origin` is refused too.
//! - Everything under `/v1` but [health](session::health) and [pairing](session::pair) needs a bearer token
//!   ([`session::require_token`]). There are no cookies, so nothing is sent that the page did not mean to send.
//! - A token is given for a code that only someone at this machine has seen ([`pairing`]), works for one
//!   origin, is stored as a hash ([`clients`]) and can be revoked.
//! - Requests name images and drives, never paths or commands of a drive. Bytes go to the spool only.
//! - A job that writes repeats the drive and medium its user saw, so that a stale page cannot write to
//!   another disc.
//!
//! Other programs of the same user are not defended against: they can open the drives themselves.

use std::{sync::Arc, time::Instant};

use core::time::Duration;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{delete, get, post},
};

mod app_files;
mod clients;
mod coding;
mod content;
mod drives;
mod event_stream;
mod guard;
mod headers;
mod images;
mod jobs;
pub mod listen;
mod local;
mod openapi;
mod origin;
mod pairing;
mod receive;
mod reply;
mod session;

use tower_http::catch_panic::CatchPanicLayer;

use self::{
    clients::Clients,
    guard::Trust,
    pairing::{Audience, PairingDesk},
};
pub use self::{
    local::{CodeForPage, LocalError},
    openapi::document as openapi_document,
};
use crate::{
    clock,
    drives::Registry,
    identity::{self, NoRandomness},
    jobs::{drive_worker::DriveWorker, events::EventLog, queue::Jobs},
    problem,
    source::spool::{Spool, SpoolError},
    state_dir::{Rendezvous, StateDir, StateError},
};

/// Images nobody used for this long are deleted.
const IMAGE_LIFETIME: Duration = Duration::from_secs(24 * 3600);
const SWEEP_EVERY: Duration = Duration::from_secs(3600);
/// Longest JSON body. The longest there is says how to burn.
const JSON_LIMIT: usize = 64 << 10;

/// What the routes share.
#[derive(Debug)]
pub struct Agent {
    port: u16,
    desk: PairingDesk,
    clients: Clients,
    spool: Arc<Spool>,
    drives: Registry,
    jobs: Jobs,
    events: Arc<EventLog>,
    local_secret: String,
}

pub(crate) type AgentState = Arc<Agent>;

/// Why an agent could not be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// The state folder cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// The spool cannot be used.
    #[error(transparent)]
    Spool(#[from] SpoolError),
    /// No secret could be made.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl Agent {
    /// Sets up an agent that keeps its things in `state` and is reached on `port`.
    ///
    /// # Errors
    /// When the state folder cannot be used.
    pub fn new(state: &StateDir, port: u16, drives: Registry) -> Result<Self, SetupError> {
        let spool = Arc::new(Spool::open(state.folder("spool")?, IMAGE_LIFETIME)?);
        let events = Arc::new(EventLog::new(clock::now()));
        let worker = DriveWorker::new(drives.clone(), Arc::clone(&spool));
        let book = state.file("jobs.json");
        Ok(Self {
            port,
            desk: PairingDesk::default(),
            clients: Clients::load(state.file("clients.json"))?,
            spool,
            drives,
            jobs: Jobs::open(book, Box::new(worker), Arc::clone(&events))?,
            events,
            local_secret: identity::random_token()?,
        })
    }

    /// How the command line reaches this agent.
    #[must_use]
    pub fn rendezvous(&self) -> Rendezvous {
        Rendezvous { port: self.port, secret: self.local_secret.clone() }
    }

    /// The address of the app, with a code that pairs it.
    ///
    /// # Errors
    /// When no code can be made.
    pub fn app_address(&self) -> Result<String, NoRandomness> {
        let code = self.desk.issue(Audience::Own, Instant::now())?;
        Ok(format!("http://127.0.0.1:{}/#pair={code}", self.port))
    }

    /// The jobs.
    #[must_use]
    pub const fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// Does what has to be done now and then: passes on changes of drives, deletes images nobody uses.
    pub async fn keep_house(self: Arc<Self>) {
        let changes = drives::tell_changes(self.drives.clone(), Arc::clone(&self.events));
        tokio::join!(changes, self.sweep());
    }

    async fn sweep(&self) {
        let mut hour = tokio::time::interval(SWEEP_EVERY);
        loop {
            hour.tick().await;
            for id in self.spool.sweep(clock::now()) {
                tracing::info!("image {id} was not used for a day and is deleted");
            }
        }
    }

    /// Ends the streams of events and writes down when each page was last seen.
    pub fn close(&self) {
        self.events.close();
        if let Err(error) = self.clients.save() {
            tracing::error!("{}", problem::chain(&error));
        }
    }
}

impl Trust for Agent {
    fn port(&self) -> u16 {
        self.port
    }

    fn is_paired(&self, origin: &str) -> bool {
        self.clients.knows(origin)
    }

    fn may_pair(&self, origin: &str) -> bool {
        self.desk.admits(origin, false, Instant::now())
    }
}

/// Everything the agent answers to.
pub fn app(agent: Arc<Agent>) -> Router {
    let guard = middleware::from_fn_with_state(Arc::clone(&agent), guard::guard);
    Router::new()
        .route("/v1/health", get(session::health))
        .route("/v1/pairings", post(session::pair))
        .route("/v1/local/pairing-codes", post(local::open_code))
        .merge(for_paired_pages(&agent))
        .fallback(app_files::serve)
        .method_not_allowed_fallback(reply::method_not_allowed)
        .layer(DefaultBodyLimit::max(JSON_LIMIT))
        .layer(CatchPanicLayer::custom(headers::after_panic))
        .layer(guard)
        .layer(middleware::from_fn(headers::harden))
        .with_state(agent)
}

fn for_paired_pages(agent: &AgentState) -> Router<AgentState> {
    let quick = Router::new()
        .route("/v1/clients", get(session::list_clients))
        .route("/v1/clients/{id}", delete(session::remove_client))
        .route("/v1/drives", get(drives::list))
        .route("/v1/drives/{id}", get(drives::show))
        .route("/v1/drives/{id}/media", get(drives::medium))
        .route("/v1/drives/{id}/eject", post(drives::eject))
        .route("/v1/drives/{id}/load", post(drives::load))
        .route("/v1/drives/{id}/lease", post(drives::acquire).delete(drives::release))
        .route("/v1/jobs", get(jobs::list).post(jobs::submit))
        .route("/v1/jobs/{id}", get(jobs::show).delete(jobs::cancel))
        .route("/v1/jobs/{id}/history", get(jobs::history))
        .route("/v1/jobs/{id}/map", get(jobs::map))
        .layer(middleware::from_fn(headers::in_time));
    let image = get(images::show).head(images::offset).patch(images::append).delete(images::remove);
    Router::new()
        .merge(quick)
        .route("/v1/images", get(images::list).post(images::create).options(images::capabilities))
        .route("/v1/images/{id}", image)
        .route("/v1/images/{id}/content", get(content::content))
        .route("/v1/events", get(event_stream::events))
        .route_layer(middleware::from_fn_with_state(Arc::clone(agent), session::require_token))
}

#[cfg(test)]
mod tests;
