//! Drives: what there is, what is in them, who has them.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    AgentState,
    clients::Client,
    reply::{Body, Id, blocking},
};
use crate::{
    drives::{Drive, DriveChange, DriveError, DriveInFull, Medium, Registry},
    jobs::events::EventLog,
    problem::Problem,
};

/// All drives.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DriveList {
    drives: Vec<Drive>,
}

/// The lease the caller believes in force.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewLease {
    /// None when the drive is believed free.
    previous: Option<String>,
}

/// A lease: the drive is the caller's until it is given back, or not renewed for a minute.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LeaseView {
    /// For the `Lease` header; as `previous` it renews the lease.
    lease: String,
}

/// A drive that was unplugged, as `drive` events tell it.
#[derive(Debug, Serialize)]
struct Gone<'a> {
    id: &'a str,
    gone: bool,
}

impl From<DriveError> for Problem {
    fn from(error: DriveError) -> Self {
        error.problem()
    }
}

/// The lease a request shows.
pub(super) fn lease(headers: &HeaderMap) -> Option<String> {
    headers.get("lease").and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// Passes on what happens to drives as events, until the registry is gone.
pub(super) async fn tell_changes(drives: Registry, events: std::sync::Arc<EventLog>) {
    use tokio::sync::broadcast::error::RecvError;
    let mut changes = drives.subscribe();
    drop(drives);
    loop {
        match changes.recv().await {
            Ok(DriveChange::Changed(drive)) => events.publish("drive", &drive),
            Ok(DriveChange::Gone(id)) => events.publish("drive", &Gone { id: &id, gone: true }),
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

/// Lists the drives.
#[utoipa::path(get, path = "/v1/drives", tag = "drives",
    responses((status = 200, body = DriveList)))]
pub(super) async fn list(State(agent): State<AgentState>) -> Json<DriveList> {
    Json(DriveList { drives: agent.drives.drives() })
}

/// Describes a drive.
#[utoipa::path(get, path = "/v1/drives/{id}", tag = "drives", params(("id" = String, Path)),
    responses(
        (status = 200, body = DriveInFull),
        (status = 404, body = Problem, description = "`driveNotFound`"),
    ))]
pub(super) async fn show(
    State(agent): State<AgentState>,
    Id(id): Id,
) -> Result<Json<DriveInFull>, Problem> {
    Ok(Json(blocking(move || agent.drives.drive(&id)).await??.into()))
}

/// Describes the medium in a drive.
#[utoipa::path(get, path = "/v1/drives/{id}/media", tag = "drives", params(("id" = String, Path)),
    responses(
        (status = 200, body = Medium),
        (status = 404, body = Problem, description = "`driveNotFound` or `noMedium`"),
    ))]
pub(super) async fn medium(
    State(agent): State<AgentState>,
    Id(id): Id,
) -> Result<Json<Medium>, Problem> {
    let drive = blocking(move || agent.drives.drive(&id)).await??;
    let none = || Problem::new(404, "noMedium", format!("drive {} is empty", drive.id));
    drive.problem.clone().map_or(Ok(()), Err)?;
    drive.medium.clone().map(Json).ok_or_else(none)
}

/// Opens the tray.
#[utoipa::path(post, path = "/v1/drives/{id}/eject", tag = "drives",
    params(("id" = String, Path), ("Lease" = Option<String>, Header)),
    responses(
        (status = 204),
        (status = 404, body = Problem, description = "`driveNotFound`"),
        (status = 409, body = Problem, description = "`driveTaken`"),
        (status = 502, body = Problem, description = "`driveFailed`"),
    ))]
pub(super) async fn eject(
    State(agent): State<AgentState>,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    blocking(move || agent.drives.eject(&id, lease(&headers).as_deref())).await??;
    Ok(StatusCode::NO_CONTENT)
}

/// Closes the tray.
#[utoipa::path(post, path = "/v1/drives/{id}/load", tag = "drives",
    params(("id" = String, Path), ("Lease" = Option<String>, Header)),
    responses(
        (status = 204),
        (status = 404, body = Problem, description = "`driveNotFound`"),
        (status = 409, body = Problem, description = "`driveTaken`"),
        (status = 502, body = Problem, description = "`driveFailed`"),
    ))]
pub(super) async fn load(
    State(agent): State<AgentState>,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    blocking(move || agent.drives.load(&id, lease(&headers).as_deref())).await??;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a drive for the caller alone, or renews that.
#[utoipa::path(post, path = "/v1/drives/{id}/lease", tag = "drives", params(("id" = String, Path)),
    request_body = NewLease,
    responses(
        (status = 200, body = LeaseView),
        (status = 404, body = Problem, description = "`driveNotFound`"),
        (status = 409, body = Problem, description = "`driveTaken`"),
    ))]
pub(super) async fn acquire(
    State(agent): State<AgentState>,
    axum::Extension(client): axum::Extension<Client>,
    Id(id): Id,
    Body(request): Body<NewLease>,
) -> Result<Json<LeaseView>, Problem> {
    let lease = agent.drives.acquire(&id, request.previous.as_deref(), &client.origin)?;
    Ok(Json(LeaseView { lease }))
}

/// Gives a lease back.
#[utoipa::path(delete, path = "/v1/drives/{id}/lease", tag = "drives",
    params(("id" = String, Path), ("Lease" = String, Header)),
    responses(
        (status = 204),
        (status = 404, body = Problem, description = "`driveNotFound`"),
        (status = 409, body = Problem, description = "`leaseLost`"),
    ))]
pub(super) async fn release(
    State(agent): State<AgentState>,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    agent.drives.release(&id, &lease(&headers).unwrap_or_default())?;
    Ok(StatusCode::NO_CONTENT)
}
