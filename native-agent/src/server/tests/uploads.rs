//! Uploads as tus clients send them, also those that go wrong.

use core::time::Duration;

use axum::{
    body::{Body, Bytes},
    http::Method,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio_stream::StreamExt;

use super::fixture::{Fixture, noise};
use crate::identity::hex;

const TUS: (&str, &str) = ("tus-resumable", "1.0.0");

async fn offset(fixture: &Fixture, path: &str) -> String {
    let reply = fixture.ask(Method::HEAD, path, &[TUS], Body::empty()).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("cache-control"), "no-store");
    reply.header("upload-offset").to_owned()
}

fn checksum(bytes: &[u8]) -> String {
    format!("sha256 {}", STANDARD.encode(Sha256::digest(bytes)))
}

#[tokio::test]
async fn says_what_it_speaks() {
    let fixture = Fixture::new().await;
    let reply = fixture.ask(Method::OPTIONS, "/v1/images", &[], Body::empty()).await;
    assert_eq!(reply.status, 204);
    assert_eq!(reply.header("tus-version"), "1.0.0");
    assert_eq!(reply.header("tus-extension"), "creation,checksum,expiration,termination");
    assert_eq!(reply.header("tus-checksum-algorithm"), "sha256");
}

#[tokio::test]
async fn an_image_arrives_in_parts_and_is_served_in_ranges() {
    let fixture = Fixture::new().await;
    let bytes = noise(3_000_001);
    let length = bytes.len().to_string();
    // `printf 'my disc.iso' | base64`
    let metadata = "filename bXkgZGlzYy5pc28=,filetype eA==";
    let headers = [TUS, ("upload-length", length.as_str()), ("upload-metadata", metadata)];
    let created = fixture.ask(Method::POST, "/v1/images", &headers, Body::empty()).await;
    assert_eq!(created.status, 201);
    let path = created.header("location").to_owned();
    assert!(path.starts_with("/v1/images/"), "{path}");
    let half = 1_500_000;
    let first = fixture.append(&path, 0, &[], bytes[..half].to_vec()).await;
    assert_eq!((first.status.as_u16(), first.header("upload-offset")), (204, "1500000"));
    let head = fixture.ask(Method::HEAD, &path, &[TUS], Body::empty()).await;
    assert_eq!(head.header("upload-length"), length);
    assert_eq!(head.header("upload-metadata"), metadata);
    let early = fixture.get(&format!("{path}/content")).await;
    assert_eq!(early.outcome(), (409, "imageIncomplete".into()));

    let second = fixture.append(&path, half, &[], bytes[half..].to_vec()).await;
    assert_eq!(second.status, 204);
    let image = fixture.get(&path).await.json();
    assert_eq!(image["name"], "my disc.iso");
    assert_eq!((&image["complete"], &image["offset"]), (&json!(true), &json!(bytes.len())));
    assert_eq!(image["sha256"], hex(&Sha256::digest(&bytes)));

    let content = format!("{path}/content");
    let whole = fixture.get(&content).await;
    assert!(whole.body == bytes);
    assert_eq!(whole.header("content-length"), length);
    let etag = whole.header("etag").to_owned();
    let range = |headers: Vec<(&'static str, String)>| {
        let (fixture, content) = (&fixture, &content);
        async move {
            let headers: Vec<_> = headers.iter().map(|(k, v)| (*k, v.as_str())).collect();
            fixture.ask(Method::GET, content, &headers, Body::empty()).await
        }
    };
    let part = range(vec![("range", "bytes=1000-1999".into()), ("if-range", etag)]).await;
    assert_eq!(part.status, 206);
    assert!(part.body == bytes[1000..2000]);
    assert_eq!(part.header("content-range"), "bytes 1000-1999/3000001");
    let other = range(vec![("range", "bytes=0-9".into()), ("if-range", "\"x\"".into())]).await;
    assert_eq!((other.status.as_u16(), other.body.len()), (200, bytes.len()));
    let outside = range(vec![("range", "bytes=3000001-".into())]).await;
    assert_eq!(outside.outcome(), (416, "rangeOutside".into()));
    assert_eq!(outside.header("content-range"), "bytes */3000001");
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_changes_nothing() {
    let fixture = Fixture::new().await;
    let path = fixture.create(10).await;
    assert_eq!(fixture.append(&path, 0, &[], "hello").await.status, 204);
    let append = |offset, extra, body: &'static str| fixture.append(&path, offset, extra, body);
    assert_eq!(append(4, &[], "o").await.outcome(), (409, "wrongOffset".into()));
    assert_eq!(append(6, &[], "o").await.outcome(), (409, "wrongOffset".into()));
    assert_eq!(append(5, &[], "sixsix").await.outcome(), (413, "tooLong".into()));
    let announced = [("content-length", "6")];
    assert_eq!(append(5, &announced, "sixsix").await.outcome(), (413, "tooLong".into()));
    let other = [("upload-checksum", "md5 XrY7u+Ae7tCTyyK7j1rNww==")];
    assert_eq!(append(5, &other, "world").await.outcome(), (400, "badHeader".into()));
    assert_eq!(offset(&fixture, &path).await, "5");

    let patch = async |headers: &[(&str, &str)]| {
        fixture.ask(Method::PATCH, &path, headers, "world").await.outcome()
    };
    let kind = ("content-type", "application/offset+octet-stream");
    let at = ("upload-offset", "5");
    assert_eq!(patch(&[kind, at]).await, (412, "tusVersion".into()));
    let old = ("tus-resumable", "0.2.2");
    assert_eq!(patch(&[kind, at, old]).await, (412, "tusVersion".into()));
    assert_eq!(patch(&[at, TUS]).await, (415, "notOffsetStream".into()));
    assert_eq!(patch(&[kind, TUS]).await, (400, "badHeader".into()));
    assert_eq!(offset(&fixture, &path).await, "5");
    assert_eq!(append(5, &[], "world").await.status, 204);

    let missing = fixture.append("/v1/images/nothing", 0, &[], "x").await;
    assert_eq!(missing.outcome(), (404, "imageUnknown".into()));
    let create = |length| {
        let fixture = &fixture;
        async move {
            let headers = [TUS, ("upload-length", length)];
            fixture.ask(Method::POST, "/v1/images", &headers, Body::empty()).await.outcome()
        }
    };
    assert_eq!(create("0").await, (400, "badLength".into()));
    assert_eq!(create("8796093022209000").await, (400, "badLength".into()));
    assert_eq!(create("-1").await, (400, "badHeader".into()));
    assert_eq!(create("").await, (400, "badHeader".into()));
    assert_eq!(create("8796093020000").await, (507, "noSpace".into()), "8 TB of free space?");
}

#[tokio::test]
async fn a_wrong_checksum_leaves_the_image_as_it_was() {
    let fixture = Fixture::new().await;
    let bytes = noise(2_500_000);
    let path = fixture.create(bytes.len()).await;
    let (first, rest) = bytes.split_at(1_200_000);
    let sum = checksum(first);
    let good = [("upload-checksum", sum.as_str())];
    assert_eq!(fixture.append(&path, 0, &good, first.to_vec()).await.status, 204);
    let bad = fixture.append(&path, first.len(), &good, rest.to_vec()).await;
    assert_eq!(bad.outcome(), (460, "checksumMismatch".into()));
    assert_eq!(offset(&fixture, &path).await, "1200000");
    assert_eq!(fixture.get(&path).await.json()["complete"], false);
    let sum = checksum(rest);
    let good = [("upload-checksum", sum.as_str())];
    assert_eq!(fixture.append(&path, first.len(), &good, rest.to_vec()).await.status, 204);
    let image = fixture.get(&path).await.json();
    assert_eq!(image["sha256"], hex(&Sha256::digest(&bytes)));
}

/// A body that sends `bytes` and then what `end` says.
fn body_then(
    bytes: &[u8],
    end: impl tokio_stream::Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static,
) -> Body {
    let sent = tokio_stream::once(Ok(Bytes::copy_from_slice(bytes)));
    Body::from_stream(sent.chain(end))
}

#[tokio::test]
async fn a_cut_connection_keeps_what_came_unless_it_was_to_be_checked() {
    let fixture = Fixture::new().await;
    let bytes = noise(2_500_000);
    let path = fixture.create(bytes.len()).await;
    let cut = || tokio_stream::once(Err(std::io::ErrorKind::ConnectionReset.into()));
    let reply = fixture.append(&path, 0, &[], body_then(&bytes[..1_700_000], cut())).await;
    assert_eq!(reply.outcome(), (400, "cut".into()));
    assert_eq!(offset(&fixture, &path).await, "1700000");

    let sum = checksum(&bytes[1_700_000..]);
    let checked = [("upload-checksum", sum.as_str())];
    let body = body_then(&bytes[1_700_000..2_000_000], cut());
    assert_eq!(fixture.append(&path, 1_700_000, &checked, body).await.outcome().0, 400);
    assert_eq!(offset(&fixture, &path).await, "1700000", "part of it cannot be checked");

    let rest = bytes[1_700_000..].to_vec();
    assert_eq!(fixture.append(&path, 1_700_000, &[], rest).await.status, 204);
    assert_eq!(fixture.get(&path).await.json()["sha256"], hex(&Sha256::digest(&bytes)));
}

#[tokio::test]
async fn a_client_that_comes_back_takes_over_from_its_dead_connection() {
    let fixture = Fixture::new().await;
    let bytes = noise(2_500_000);
    let path = fixture.create(bytes.len()).await;
    // The network is gone, but nobody told the agent: the body simply does not go on.
    let body = body_then(&bytes[..1_500_000], tokio_stream::pending());
    let dead = fixture.append(&path, 0, &[], body);
    let alive = async {
        while fixture.get(&path).await.json()["offset"] == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let offset: usize = offset(&fixture, &path).await.parse().unwrap();
        assert_eq!(offset, 1_500_000);
        assert_eq!(fixture.append(&path, offset, &[], bytes[offset..].to_vec()).await.status, 204);
    };
    let both = async { tokio::join!(dead, alive) };
    let (dead, ()) = tokio::time::timeout(Duration::from_secs(20), both).await.unwrap();
    assert_eq!(dead.outcome(), (423, "imageBusy".into()));
    assert_eq!(fixture.get(&path).await.json()["sha256"], hex(&Sha256::digest(&bytes)));
}

#[tokio::test]
async fn an_upload_survives_a_restart_of_the_agent() {
    let mut fixture = Fixture::new().await;
    let bytes = noise(1_000_000);
    let path = fixture.create(bytes.len()).await;
    fixture.append(&path, 0, &[], bytes[..600_000].to_vec()).await;
    let drives = crate::drives::Registry::new(Vec::new());
    let agent = super::fixture::agent(fixture.folder.path(), drives);
    fixture.app = crate::server::app(std::sync::Arc::clone(&agent));
    fixture.agent = agent;
    assert_eq!(offset(&fixture, &path).await, "600000", "with the token of before");
    assert_eq!(fixture.append(&path, 600_000, &[], bytes[600_000..].to_vec()).await.status, 204);
    assert_eq!(fixture.get(&path).await.json()["sha256"], hex(&Sha256::digest(&bytes)));
}

#[tokio::test]
async fn an_image_can_be_deleted() {
    let fixture = Fixture::new().await;
    let id = fixture.upload(b"hello").await;
    let path = format!("/v1/images/{id}");
    assert_eq!(fixture.get("/v1/images").await.json()["images"].as_array().unwrap().len(), 1);
    let reply = fixture.ask(Method::DELETE, &path, &[TUS], Body::empty()).await;
    assert_eq!(reply.status, 204);
    assert_eq!(fixture.get(&path).await.outcome(), (404, "imageUnknown".into()));
    let head = fixture.ask(Method::HEAD, &path, &[TUS], Body::empty()).await;
    assert_eq!(head.status, 404);
}
