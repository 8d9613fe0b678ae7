//! An agent with its own state folder and a virtual burner, and requests to it.

use core::time::Duration;
use std::{path::Path, sync::Arc, time::Instant};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode},
};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::{
    drives::Registry,
    server::{Agent, app},
    state_dir::StateDir,
    virtual_drive::{self, DriveOptions, MediumKind},
};

pub(super) const PORT: u16 = 8653;
pub(super) const OWN: &str = "http://127.0.0.1:8653";
pub(super) const SITE: &str = "https://discwright.example";
/// The id of the fixture's drive.
pub(super) const DRIVE: &str = "virtual-test";

/// An agent, a drive with a disc in it, and a page of ours that is paired.
pub(super) struct Fixture {
    pub(super) folder: tempfile::TempDir,
    pub(super) agent: Arc<Agent>,
    pub(super) app: Router,
    pub(super) token: String,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("no JSON: {:?}", String::from_utf8_lossy(&self.body)))
    }

    /// The status, and the code of the problem if it is one.
    pub(super) fn outcome(&self) -> (u16, String) {
        let is_problem = self.header("content-type") == "application/problem+json";
        let code = if is_problem {
            self.json()["code"].as_str().unwrap().to_owned()
        } else {
            String::new()
        };
        (self.status.as_u16(), code)
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Fixture {
    pub(super) async fn new() -> Self {
        Self::with_disc(MediumKind::DvdPlusR, None).await
    }

    pub(super) async fn with_disc(kind: MediumKind, pace: Option<f64>) -> Self {
        Self::with_drive(kind, DriveOptions { pace, ..DriveOptions::default() }).await
    }

    pub(super) async fn with_drive(kind: MediumKind, options: DriveOptions) -> Self {
        Self::with_all(&["test"], kind, &options).await
    }

    /// An agent with a drive for each of these names, `virtual-NAME`, each with a blank DVD+R.
    pub(super) async fn with_drives(names: &[&str], pace: Option<f64>) -> Self {
        let options = DriveOptions { pace, ..DriveOptions::default() };
        Self::with_all(names, MediumKind::DvdPlusR, &options).await
    }

    async fn with_all(names: &[&str], kind: MediumKind, options: &DriveOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let drive = |name: &&str| {
            let disc = folder.path().join(format!("{name}.vdisc"));
            virtual_drive::create(&disc, kind, Some(3200)).unwrap();
            let tray = DriveOptions::default().tray;
            (disc, DriveOptions { tray, ..options.clone() })
        };
        let drives = Registry::new(names.iter().map(drive).collect());
        let agent = agent(folder.path(), drives);
        let app = app(Arc::clone(&agent));
        let mut fixture = Self { folder, agent, app, token: String::new() };
        fixture.token = fixture.pair().await;
        fixture
    }

    /// Pairs a page of ours.
    pub(super) async fn pair(&self) -> String {
        let address = self.agent.app_address().unwrap();
        let code = address.rsplit_once("#pair=").unwrap().1;
        let reply = self.pair_with(code, &[]).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        reply.json()["token"].as_str().unwrap().to_owned()
    }

    pub(super) async fn pair_with(&self, code: &str, headers: &[(&str, &str)]) -> Reply {
        let body = serde_json::json!({ "code": code }).to_string();
        let headers = [&[("content-type", "application/json")], headers].concat();
        self.raw(Method::POST, "/v1/pairings", &headers, body).await
    }

    /// A request with the right `Host` and nothing else.
    pub(super) async fn raw(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Reply {
        let host = [("host", "127.0.0.1:8653")];
        self.bare(method, path, &[&host[..], headers].concat(), body).await
    }

    /// A request with these headers.
    pub(super) async fn bare(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Reply { status: parts.status, headers: parts.headers, body }
    }

    /// A request with the token.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Reply {
        let token = format!("Bearer {}", self.token);
        let headers = [&[("authorization", token.as_str())], headers].concat();
        self.raw(method, path, &headers, body).await
    }

    pub(super) async fn get(&self, path: &str) -> Reply {
        self.ask(Method::GET, path, &[], Body::empty()).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Reply {
        let json = [("content-type", "application/json")];
        self.ask(Method::POST, path, &json, body.to_string()).await
    }

    /// Announces an image and gives its path.
    pub(super) async fn create(&self, length: usize) -> String {
        let headers = [("tus-resumable", "1.0.0"), ("upload-length", &length.to_string())];
        let reply = self.ask(Method::POST, "/v1/images", &headers, Body::empty()).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        reply.header("location").to_owned()
    }

    pub(super) async fn append(
        &self,
        path: &str,
        offset: usize,
        extra: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Reply {
        let offset = offset.to_string();
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("upload-offset", offset.as_str()),
            ("content-type", "application/offset+octet-stream"),
        ];
        self.ask(Method::PATCH, path, &[&headers[..], extra].concat(), body).await
    }

    /// Uploads an image and gives its id.
    pub(super) async fn upload(&self, bytes: &[u8]) -> String {
        let path = self.create(bytes.len()).await;
        let reply = self.append(&path, 0, &[], bytes.to_vec()).await;
        assert_eq!(reply.status, 204, "{reply:?}");
        path.rsplit_once('/').unwrap().1.to_owned()
    }

    /// The job once it has ended.
    pub(super) async fn ended(&self, id: &str) -> Value {
        self.until(id, |job| !matches!(job["state"].as_str(), Some("queued" | "running"))).await
    }

    pub(super) async fn until(&self, id: &str, done: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let job = self.get(&format!("/v1/jobs/{id}")).await.json();
            if done(&job) {
                return job;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "stuck: {job}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

pub(super) fn agent(folder: &Path, drives: Registry) -> Arc<Agent> {
    let state = StateDir::open(Some(&folder.join("state"))).unwrap();
    Arc::new(Agent::new(&state, PORT, drives).unwrap())
}

/// Bytes that differ from place to place.
pub(super) fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_u32;
    core::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 8) as u8
    })
    .take(length)
    .collect()
}
