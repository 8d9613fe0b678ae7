//! Who may ask: health, pairing, tokens and the list of paired pages.

use std::time::{Instant, UNIX_EPOCH};

use core::time::Duration;

use axum::{
    Extension, Json,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    AgentState,
    clients::Client,
    guard::Caller,
    origin,
    pairing::PairingError,
    reply::{Body, Id, blocking, internal},
};
use crate::{clock, problem::Problem};

/// That this is an agent, and which.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// Always `discwright`.
    name: &'static str,
    /// Of the program.
    version: &'static str,
    /// Of this interface.
    api: u32,
}

/// A code a person typed, or the app found in its address.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct NewPairing {
    code: String,
}

/// A token, told this once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Pairing {
    /// For the `Authorization` header, after `Bearer `.
    token: String,
    client: ClientView,
}

/// A paired page.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientView {
    id: String,
    /// The one origin its token works for.
    origin: String,
    /// RFC 3339.
    created: String,
    /// RFC 3339.
    last_seen: String,
}

/// All paired pages.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClientList {
    clients: Vec<ClientView>,
}

impl From<Client> for ClientView {
    fn from(client: Client) -> Self {
        let written = |millis| clock::rfc3339(UNIX_EPOCH + Duration::from_millis(millis));
        Self {
            id: client.id,
            origin: client.origin,
            created: written(client.created),
            last_seen: written(client.last_seen),
        }
    }
}

/// Answers to anyone the guard lets through.
#[utoipa::path(get, path = "/v1/health", tag = "session", security(()),
    responses((status = 200, body = Health)))]
pub(super) async fn health() -> Json<Health> {
    Json(Health { name: "discwright", version: env!("CARGO_PKG_VERSION"), api: 1 })
}

/// Trades a code for a token that works for the caller's origin.
#[utoipa::path(post, path = "/v1/pairings", tag = "session", security(()), request_body = NewPairing,
    responses(
        (status = 201, body = Pairing),
        (status = 403, body = Problem, description = "`pairingCodeWrong` or `pairingCodeVoid`"),
    ))]
pub(super) async fn pair(
    State(agent): State<AgentState>,
    Extension(caller): Extension<Caller>,
    Body(request): Body<NewPairing>,
) -> Result<(StatusCode, Json<Pairing>), Problem> {
    agent
        .desk
        .redeem(&request.code, &caller.origin, caller.own, Instant::now())
        .map_err(|error| refused(&error))?;
    let origin = caller.origin;
    let (token, client) = blocking(move || agent.clients.add(&origin, clock::now()))
        .await?
        .map_err(|e| internal(&e))?;
    tracing::info!(origin = client.origin, "paired");
    Ok((StatusCode::CREATED, Json(Pairing { token, client: client.into() })))
}

fn refused(error: &PairingError) -> Problem {
    let code = match error {
        PairingError::Wrong { .. } => "pairingCodeWrong",
        PairingError::NoneOpen => "pairingCodeVoid",
    };
    let hint = "`discwright pair` shows a new code, which is good for two minutes";
    Problem::from_error(403, code, error).hint(Some(hint))
}

/// Lists the paired pages.
#[utoipa::path(get, path = "/v1/clients", tag = "session",
    responses((status = 200, body = ClientList)))]
pub(super) async fn list_clients(State(agent): State<AgentState>) -> Json<ClientList> {
    let clients = agent.clients.all().into_iter().map(ClientView::from).collect();
    Json(ClientList { clients })
}

/// Takes a page's token away.
#[utoipa::path(delete, path = "/v1/clients/{id}", tag = "session", params(("id" = String, Path)),
    responses(
        (status = 204),
        (status = 404, body = Problem, description = "`clientUnknown`"),
    ))]
pub(super) async fn remove_client(
    State(agent): State<AgentState>,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    let unknown = Problem::new(404, "clientUnknown", format!("there is no client {id}"));
    let removed = blocking(move || agent.clients.remove(&id)).await??;
    if removed { Ok(StatusCode::NO_CONTENT) } else { Err(unknown) }
}

/// Lets only paired pages through, each with a token of its own origin.
pub(super) async fn require_token(
    State(agent): State<AgentState>,
    mut request: Request,
    next: Next,
) -> Response {
    let client = request.extensions().get::<Caller>().and_then(|caller| {
        let token = bearer(request.headers().get(header::AUTHORIZATION)?)?;
        authenticate(&agent, caller, token)
    });
    let Some(client) = client else { return no_token() };
    request.extensions_mut().insert(client);
    next.run(request).await
}

/// A page of ours may be known by another of our names: browsers send no `Origin` with its own requests.
fn authenticate(agent: &AgentState, caller: &Caller, token: &str) -> Option<Client> {
    let own = origin::own_origins(agent.port);
    let origins: Vec<&str> = if caller.own {
        own.iter().map(String::as_str).collect()
    } else {
        vec![caller.origin.as_str()]
    };
    agent.clients.authenticate(token, &origins, clock::now())
}

/// The token of an `Authorization: Bearer` header. RFC 6750 2.1; the scheme's case does not matter.
pub(super) fn bearer(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

pub(super) fn no_token() -> Response {
    let hint = "pair this page: `discwright pair` shows a code";
    let problem = Problem::new(401, "tokenMissing", "this needs the token of a paired page");
    let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
    (challenge, problem.hint(Some(hint))).into_response()
}
