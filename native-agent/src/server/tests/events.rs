//! The stream of events, cut off and taken up again.

use core::time::Duration;

use axum::{
    body::Body,
    http::{Method, Request},
};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::fixture::Fixture;

/// One event as it arrived.
#[derive(Debug, PartialEq)]
struct Told {
    id: Option<u64>,
    kind: String,
    data: Value,
}

/// A stream that is open.
struct Listener {
    body: Body,
    text: String,
}

impl Listener {
    async fn open(fixture: &Fixture, path: &str, last: Option<u64>) -> Self {
        let mut request = Request::builder()
            .method(Method::GET)
            .uri(path)
            .header("host", "127.0.0.1:8653")
            .header("authorization", format!("Bearer {}", fixture.token));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = fixture.app.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body(), text: String::new() }
    }

    /// The next event; `None` at the end of the stream.
    async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let told = parse(event);
                self.text = rest.to_owned();
                return Some(told);
            }
            let frame = tokio::time::timeout(Duration::from_secs(10), self.body.frame());
            let frame = frame.await.expect("no event came")?.unwrap();
            self.text += core::str::from_utf8(&frame.into_data().unwrap()).unwrap();
        }
    }
}

fn parse(event: &str) -> Told {
    let field =
        |name: &str| event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    Told {
        id: field("id").map(|id| id.parse().unwrap()),
        kind: field("event").unwrap().to_owned(),
        data: serde_json::from_str(field("data").unwrap()).unwrap(),
    }
}

#[tokio::test]
async fn a_listener_that_was_cut_off_misses_nothing() {
    let fixture = Fixture::new().await;
    let mut first = Listener::open(&fixture, "/v1/events", None).await;
    let hello = first.next().await.unwrap();
    assert_eq!((hello.kind.as_str(), &hello.data["resumed"]), ("hello", &Value::Bool(false)));
    let start = hello.id.unwrap();

    let image = fixture.upload(b"hello").await;
    let created = first.next().await.unwrap();
    assert_eq!((created.id, created.kind.as_str()), (Some(start + 1), "image"));
    assert_eq!((&created.data["id"], &created.data["offset"]), (&image.clone().into(), &0.into()));
    let complete = first.next().await.unwrap();
    assert_eq!((complete.id, &complete.data["complete"]), (Some(start + 2), &true.into()));
    drop(first);

    fixture.upload(b"again").await;
    for (path, last) in [
        ("/v1/events".to_owned(), complete.id),
        (format!("/v1/events?after={}", start + 2), None),
        // The header is what the browser saw last; the address may be older.
        (format!("/v1/events?after={start}"), complete.id),
    ] {
        let mut second = Listener::open(&fixture, &path, last).await;
        let hello = second.next().await.unwrap();
        assert_eq!((hello.kind.as_str(), &hello.data["resumed"]), ("hello", &Value::Bool(true)));
        assert_eq!(hello.id, None, "an id here would skip what follows");
        assert_eq!(second.next().await.unwrap().id, Some(start + 3));
        assert_eq!(second.next().await.unwrap().id, Some(start + 4));
    }
}

#[tokio::test]
async fn a_listener_from_before_is_told_to_start_over() {
    let fixture = Fixture::new().await;
    for last in [1, u64::MAX] {
        let mut listener = Listener::open(&fixture, "/v1/events", Some(last)).await;
        let hello = listener.next().await.unwrap();
        assert_eq!(hello.data["resumed"], false, "{last}");
        assert!(hello.id.is_some());
    }
}

#[tokio::test]
async fn streams_end_when_the_agent_stops() {
    let fixture = Fixture::new().await;
    let mut listener = Listener::open(&fixture, "/v1/events", None).await;
    assert_eq!(listener.next().await.unwrap().kind, "hello");
    fixture.agent.close();
    assert_eq!(listener.next().await, None);
    let late = fixture.get("/v1/events").await;
    assert_eq!(late.outcome(), (503, "stopping".into()));
}

#[tokio::test]
async fn changes_of_drives_are_told() {
    let fixture = Fixture::new().await;
    let mut listener = Listener::open(&fixture, "/v1/events", None).await;
    assert_eq!(listener.next().await.unwrap().kind, "hello");
    let housekeeping = tokio::spawn(fixture.agent.clone().keep_house());
    tokio::task::yield_now().await;
    let lease = fixture.post("/v1/drives/virtual-test/lease", serde_json::json!({}));
    assert_eq!(lease.await.status, 200);
    let told = loop {
        let told = listener.next().await.unwrap();
        if told.data["leasedBy"].is_string() {
            break told;
        }
    };
    assert_eq!((told.kind.as_str(), &told.data["id"]), ("drive", &"virtual-test".into()));
    assert_eq!(told.data["leasedBy"], super::fixture::OWN);
    housekeeping.abort();
}
