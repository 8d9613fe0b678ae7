//! Events as server-sent events, read by the app through `fetch` so that it can send its token.

use core::{convert::Infallible, time::Duration};

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event as SseEvent, KeepAlive, Sse},
    },
};
use serde::{Deserialize, Serialize};
use tokio_stream::{
    StreamExt,
    wrappers::{BroadcastStream, errors::BroadcastStreamRecvError},
};
use utoipa::ToSchema;

use super::AgentState;
use crate::jobs::events::Event;

const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Where to go on.
#[derive(Debug, Deserialize)]
pub(super) struct After {
    /// The last event that was seen; `Last-Event-ID` says the same and comes first.
    after: Option<u64>,
}

/// The first event of a stream.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Hello {
    version: &'static str,
    /// Whether this continues where the listener left off. If not, ask for drives, images and jobs again.
    resumed: bool,
}

/// Streams what happens: `hello` first, then `job`, `drive` and `image` with the thing as it is now.
#[utoipa::path(get, path = "/v1/events", tag = "events",
    params(
        ("after" = Option<u64>, Query, description = "the last event seen, where no header can be sent"),
        ("Last-Event-ID" = Option<String>, Header, description = "the last event seen"),
    ),
    responses((status = 200, content_type = "text/event-stream", body = String)))]
pub(super) async fn events(
    State(agent): State<AgentState>,
    Query(query): Query<After>,
    headers: HeaderMap,
) -> Response {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let subscription = agent.events.subscribe(last.or(query.after));
    let Some(live) = subscription.live else {
        return crate::problem::Problem::new(503, "stopping", "the agent is stopping")
            .into_response();
    };
    let first = [hello(subscription.latest, !subscription.has_gap)];
    let missed = subscription.missed.into_iter().map(|event| written(&event));
    let log = agent.events.clone();
    let live = BroadcastStream::new(live).map(move |event| match event {
        Ok(event) => written(&event),
        // Too slow to be told everything: start over from here.
        Err(BroadcastStreamRecvError::Lagged(_)) => hello(log.subscribe(None).latest, false),
    });
    let all = tokio_stream::iter(first.into_iter().chain(missed)).chain(live);
    Sse::new(all.map(Ok::<_, Infallible>))
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
        .into_response()
}

/// Its id is that of the last event before, so that a listener cut off right here loses nothing.
fn hello(latest: u64, resumed: bool) -> SseEvent {
    let hello = Hello { version: env!("CARGO_PKG_VERSION"), resumed };
    let data = serde_json::to_string(&hello).unwrap_or_default();
    let event = SseEvent::default().event("hello").data(data);
    // When events follow that were missed, the id would skip them.
    if resumed { event } else { event.id(latest.to_string()) }
}

fn written(event: &Event) -> SseEvent {
    SseEvent::default().id(event.sequence.to_string()).event(event.kind).data(&*event.data)
}
