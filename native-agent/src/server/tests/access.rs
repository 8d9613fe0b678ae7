//! Who gets in, and what their browser is told.

use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use serde_json::json;

use super::fixture::{Fixture, OWN, PORT, SITE};
use crate::{
    server::{CodeForPage, app, listen::Listening},
    state_dir::Rendezvous,
};

const PATHS: [&str; 12] = [
    "/",
    "/index.html",
    "/nowhere",
    "/v1",
    "/v1/nowhere",
    "/v1/health",
    "/v1/pairings",
    "/v1/drives",
    "/v1/images",
    "/v1/jobs",
    "/v1/events",
    "/v1/local/pairing-codes",
];

#[tokio::test]
async fn a_foreign_host_gets_nothing_at_any_path() {
    let fixture = Fixture::new().await;
    let token = format!("Bearer {}", fixture.token);
    for path in PATHS {
        for method in [Method::GET, Method::POST, Method::OPTIONS, Method::DELETE] {
            let headers = [("host", "evil.example:8653"), ("authorization", token.as_str())];
            let reply = fixture.bare(method.clone(), path, &headers, Body::empty()).await;
            assert_eq!(reply.outcome(), (421, "wrongHost".into()), "{method} {path}");
            assert_eq!(reply.header("access-control-allow-origin"), "");
        }
    }
}

#[tokio::test]
async fn a_foreign_origin_gets_nothing_at_any_path() {
    let fixture = Fixture::new().await;
    let token = format!("Bearer {}", fixture.token);
    for path in PATHS {
        for origin in ["https://evil.example", "null", "http://127.0.0.1:8654"] {
            let headers = [("origin", origin), ("authorization", token.as_str())];
            let reply = fixture.raw(Method::GET, path, &headers, Body::empty()).await;
            assert_eq!(reply.outcome(), (403, "originNotPaired".into()), "{path} {origin}");
            assert_eq!(reply.header("access-control-allow-origin"), "");
        }
        let headers = [("sec-fetch-site", "same-site"), ("authorization", token.as_str())];
        let reply = fixture.raw(Method::GET, path, &headers, Body::empty()).await;
        assert_eq!(reply.outcome(), (403, "crossSite".into()), "{path}");
    }
}

#[tokio::test]
async fn everything_but_health_and_pairing_needs_the_right_token() {
    let fixture = Fixture::new().await;
    let right = format!("Bearer {}", fixture.token);
    let rows = [
        (None, 401),
        (Some("Bearer"), 401),
        (Some("Bearer "), 401),
        (Some("Bearer 0000"), 401),
        (Some(fixture.token.as_str()), 401),
        (Some(right.as_str()), 200),
    ];
    for path in ["/v1/clients", "/v1/drives", "/v1/images", "/v1/jobs", "/v1/drives/virtual-test"] {
        for (token, expected) in rows {
            let headers: Vec<_> = token.map(|token| ("authorization", token)).into_iter().collect();
            let reply = fixture.raw(Method::GET, path, &headers, Body::empty()).await;
            assert_eq!(reply.status, expected, "{path} {token:?}");
            if expected == 401 {
                assert_eq!(reply.outcome().1, "tokenMissing");
                assert_eq!(reply.header("www-authenticate"), "Bearer");
            }
        }
    }
    let wrong = format!("Basic {}", fixture.token);
    let basic = [("authorization", wrong.as_str())];
    let reply = fixture.raw(Method::GET, "/v1/jobs", &basic, Body::empty()).await;
    assert_eq!(reply.status, 401);
    for (method, path) in [
        (Method::POST, "/v1/jobs"),
        (Method::POST, "/v1/images"),
        (Method::OPTIONS, "/v1/images"),
        (Method::PATCH, "/v1/images/a"),
        (Method::DELETE, "/v1/clients/a"),
        (Method::GET, "/v1/images/a/content"),
        (Method::GET, "/v1/events"),
        (Method::POST, "/v1/drives/virtual-test/eject"),
        (Method::POST, "/v1/local/pairing-codes"),
    ] {
        let json = [("content-type", "application/json")];
        let reply = fixture.raw(method.clone(), path, &json, "{}").await;
        assert_eq!(reply.status, 401, "{method} {path}");
    }
    let health = fixture.raw(Method::GET, "/v1/health", &[], Body::empty()).await;
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(health.json(), json!({ "name": "discwright", "version": version, "api": 1 }));
}

#[tokio::test]
async fn a_site_is_paired_by_a_code_and_its_token_works_nowhere_else() {
    let fixture = Fixture::new().await;
    let from = |origin| [("origin", origin)];
    let health = |origin| {
        let fixture = &fixture;
        async move {
            let headers = [("origin", origin)];
            fixture.raw(Method::GET, "/v1/health", &headers, Body::empty()).await
        }
    };
    assert_eq!(health(SITE).await.status, 403, "before anyone asked for a code");

    let code = local_code(&fixture, json!({ "origin": SITE })).await;
    let allowed = health(SITE).await;
    assert_eq!(allowed.status, 200);
    assert_eq!(allowed.header("access-control-allow-origin"), SITE);
    assert_eq!(health("https://other.example").await.status, 403);
    assert_eq!(fixture.pair_with(&code, &from("https://other.example")).await.status, 403);
    assert_eq!(fixture.pair_with(&code, &from(OWN)).await.outcome().1, "pairingCodeVoid");
    let paired = fixture.pair_with(&code, &from(SITE)).await;
    assert_eq!(paired.status, 201);
    assert_eq!(paired.json()["client"]["origin"], SITE);
    let again = fixture.pair_with(&code, &from(SITE)).await;
    assert_eq!(again.outcome(), (403, "pairingCodeVoid".into()), "a code works once");

    let token = format!("Bearer {}", paired.json()["token"].as_str().unwrap());
    let list = |origin: Option<&'static str>| {
        let mut headers = vec![("authorization", token.clone())];
        headers.extend(origin.map(|origin| ("origin", origin.to_owned())));
        let fixture = &fixture;
        async move {
            let headers: Vec<_> = headers.iter().map(|(k, v)| (*k, v.as_str())).collect();
            fixture.raw(Method::GET, "/v1/clients", &headers, Body::empty()).await
        }
    };
    let listed = list(Some(SITE)).await;
    assert_eq!(listed.status, 200);
    assert_eq!(list(Some(OWN)).await.status, 401, "the token of another page");
    assert_eq!(list(None).await.status, 401, "the token of another page");
    let own = format!("Bearer {}", fixture.token);
    let stolen = [("authorization", own.as_str()), ("origin", SITE)];
    assert_eq!(fixture.raw(Method::GET, "/v1/clients", &stolen, Body::empty()).await.status, 401);

    let clients = listed.json()["clients"].as_array().unwrap().clone();
    let client = clients.iter().find(|client| client["origin"] == SITE).unwrap();
    let path = format!("/v1/clients/{}", client["id"].as_str().unwrap());
    let gone = fixture.ask(Method::DELETE, &path, &[], Body::empty()).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(list(Some(SITE)).await.status, 403, "no longer paired at all");
    let unknown = fixture.ask(Method::DELETE, &path, &[], Body::empty()).await;
    assert_eq!(unknown.outcome(), (404, "clientUnknown".into()));
}

#[tokio::test]
async fn five_wrong_codes_void_the_right_one() {
    let fixture = Fixture::new().await;
    let address = fixture.agent.app_address().unwrap();
    let code = address.rsplit_once("#pair=").unwrap().1;
    for tries_left in (0..5).rev() {
        let reply = fixture.pair_with("AAAAAAAA", &[("origin", OWN)]).await;
        assert_eq!(reply.outcome(), (403, "pairingCodeWrong".into()));
        let detail = reply.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(&format!("{tries_left} tries")), "{detail}");
    }
    let reply = fixture.pair_with(code, &[("origin", OWN)]).await;
    assert_eq!(reply.outcome(), (403, "pairingCodeVoid".into()));
}

#[tokio::test]
async fn bodies_that_are_not_what_was_asked_for_are_problems() {
    let fixture = Fixture::new().await;
    let pair = |kind, body| fixture.raw(Method::POST, "/v1/pairings", kind, body);
    let json = [("content-type", "application/json")];
    assert_eq!(pair(&[], "{}".to_owned()).await.outcome(), (415, "notJson".into()));
    assert_eq!(pair(&json, "{".to_owned()).await.outcome(), (400, "badBody".into()));
    assert_eq!(pair(&json, "{}".to_owned()).await.outcome(), (422, "badBody".into()));
    let long = format!("{{\"code\":\"{}\"}}", "A".repeat(1 << 20));
    assert_eq!(pair(&json, long).await.outcome(), (413, "tooLong".into()));
    let put = fixture.ask(Method::PUT, "/v1/jobs", &[], Body::empty()).await;
    assert_eq!(put.outcome(), (405, "methodNotAllowed".into()));
    assert_eq!(fixture.get("/v1/nowhere").await.outcome(), (404, "notFound".into()));
}

#[tokio::test]
async fn preflights_answer_for_paired_pages_only() {
    let fixture = Fixture::new().await;
    let code = local_code(&fixture, json!({})).await;
    assert_eq!(fixture.pair_with(&code, &[("origin", SITE)]).await.status, 201);
    let ask = |origin| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "PATCH"),
            ("access-control-request-headers", "authorization,tus-resumable,upload-offset"),
        ];
        let fixture = &fixture;
        async move { fixture.raw(Method::OPTIONS, "/v1/images/a", &headers, Body::empty()).await }
    };
    let allowed = ask(SITE).await;
    assert_eq!(allowed.status, StatusCode::NO_CONTENT);
    assert_eq!(allowed.header("access-control-allow-origin"), SITE);
    assert_eq!(allowed.header("access-control-allow-credentials"), "", "there are no cookies");
    assert!(allowed.header("access-control-allow-methods").contains("PATCH"));
    for name in ["Authorization", "Tus-Resumable", "Upload-Offset", "Upload-Checksum", "Lease"] {
        assert!(allowed.header("access-control-allow-headers").contains(name), "{name}");
    }
    for name in ["Location", "Upload-Offset", "Upload-Length"] {
        assert!(allowed.header("access-control-expose-headers").contains(name), "{name}");
    }
    let varies = allowed.headers.get_all("vary").iter().any(|value| value == "Origin");
    assert!(varies, "{:?}", allowed.headers);
    let refused = ask("https://evil.example").await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn every_answer_is_hardened() {
    let fixture = Fixture::new().await;
    for path in ["/", "/nowhere", "/v1/health", "/v1/drives", "/v1/nowhere"] {
        let reply = fixture.raw(Method::GET, path, &[], Body::empty()).await;
        let policy = reply.header("content-security-policy");
        assert!(policy.contains("default-src 'self'"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(
            policy.contains("'wasm-unsafe-eval'") && !policy.contains("'unsafe-eval'"),
            "{path}"
        );
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(reply.header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert_eq!(reply.header("strict-transport-security"), "", "{path}: never on loopback");
        if path.starts_with("/v1/") {
            assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        }
    }
    let root = fixture.raw(Method::GET, "/", &[], Body::empty()).await;
    assert!(root.header("content-type").starts_with("text/html"));
    if root.status == StatusCode::SERVICE_UNAVAILABLE {
        assert!(String::from_utf8_lossy(&root.body).contains("cargo xtask build"));
    }
}

#[tokio::test]
async fn the_command_line_gets_a_code_over_a_real_socket() {
    let fixture = Fixture::new().await;
    let listening = Listening::bind(Some(0)).await.unwrap();
    let port = listening.port();
    // The guard of the fixture's agent answers for its own port, so this one gets an agent of its own.
    let folder = tempfile::tempdir().unwrap();
    let state = crate::state_dir::StateDir::open(Some(folder.path())).unwrap();
    let drives = crate::drives::Registry::new(Vec::new());
    let agent = std::sync::Arc::new(crate::server::Agent::new(&state, port, drives).unwrap());
    let rendezvous = agent.rendezvous();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let serving = tokio::spawn(listening.serve(app(agent), stopped));
    let right = Rendezvous { port, secret: rendezvous.secret };
    let wrong = Rendezvous { port, secret: fixture.agent.rendezvous().secret };
    let codes = tokio::task::spawn_blocking(move || {
        let bad_origin = CodeForPage::request(&right, Some("http://plain.example".into()));
        (CodeForPage::request(&right, None), CodeForPage::request(&wrong, None), bad_origin)
    });
    let (code, refused, bad_origin) = codes.await.unwrap();
    let code = code.unwrap();
    assert_eq!((code.code.len(), code.seconds), (8, 120));
    assert!(refused.is_err() && bad_origin.is_err());
    stop.send_replace(true);
    serving.await.unwrap();
    let gone = Rendezvous { port, secret: String::new() };
    let nobody = tokio::task::spawn_blocking(move || CodeForPage::request(&gone, None));
    let error = nobody.await.unwrap().unwrap_err();
    assert!(error.to_string().contains("no agent is running"), "{error}");
}

async fn local_code(fixture: &Fixture, body: serde_json::Value) -> String {
    let rendezvous = fixture.agent.rendezvous();
    assert_eq!(rendezvous.port, PORT);
    let secret = format!("Bearer {}", rendezvous.secret);
    let headers = [("authorization", secret.as_str()), ("content-type", "application/json")];
    let path = "/v1/local/pairing-codes";
    let reply = fixture.raw(Method::POST, path, &headers, body.to_string()).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    reply.json()["code"].as_str().unwrap().to_owned()
}
