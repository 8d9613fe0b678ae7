//! Every kind of request a browser, a program or an attacker can send, and what becomes of it.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};

use super::{Trust, judge};

const PAIRED: &str = "https://discwright.example";
const PAIRED_DEV: &str = "http://localhost:5173";
const PAIRING: &str = "https://new.example";
const OK: u16 = 200;

struct Fixed;

impl Trust for Fixed {
    fn port(&self) -> u16 {
        8653
    }

    fn is_paired(&self, origin: &str) -> bool {
        [PAIRED, PAIRED_DEV].contains(&origin)
    }

    fn may_pair(&self, origin: &str) -> bool {
        // As with a code for anyone: the guard itself has to sort out what is no origin of a site.
        origin != "https://evil.example"
    }
}

fn status(method: &Method, path: &str, headers: &[(&'static str, &str)]) -> u16 {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }
    match judge(&Fixed, method, &path.parse::<Uri>().unwrap(), &map) {
        Ok(_) => OK,
        Err(problem) => problem.status,
    }
}

#[test]
fn hosts() {
    let rows: &[(&str, u16)] = &[
        ("127.0.0.1:8653", OK),
        ("localhost:8653", OK),
        ("[::1]:8653", OK),
        ("127.0.0.1", 421),
        ("localhost", 421),
        ("127.0.0.1:8654", 421),
        ("localhost:80", 421),
        ("localhost.:8653", 421),
        ("LOCALHOST:8653", 421),
        ("127.0.0.1.:8653", 421),
        ("127.1:8653", 421),
        ("2130706433:8653", 421),
        ("0.0.0.0:8653", 421),
        ("[::]:8653", 421),
        ("[::ffff:127.0.0.1]:8653", 421),
        ("[0:0:0:0:0:0:0:1]:8653", 421),
        ("evil.example:8653", 421),
        ("localhost.evil.example:8653", 421),
        ("evil-localhost:8653", 421),
        ("127.0.0.1.nip.io:8653", 421),
        ("discwright.localhost:8653", 421),
        ("discwright.local:8653", 421),
        ("user@localhost:8653", 421),
        ("localhost:8653/", 421),
        ("localhost:08653", 421),
        ("192.168.1.10:8653", 421),
        ("", 421),
    ];
    for (host, expected) in rows {
        assert_eq!(status(&Method::GET, "/v1/health", &[("host", host)]), *expected, "{host:?}");
    }
    assert_eq!(status(&Method::GET, "/v1/health", &[]), 421, "no Host");
    let twice = [("host", "localhost:8653"), ("host", "evil.example:8653")];
    assert_eq!(status(&Method::GET, "/v1/health", &twice), 400, "two Hosts");
    let absolute = "http://evil.example:8653/v1/health";
    assert_eq!(status(&Method::GET, absolute, &[("host", "localhost:8653")]), 421, "{absolute}");
}

#[test]
fn origins() {
    let rows: &[(&str, u16)] = &[
        ("http://127.0.0.1:8653", OK),
        ("http://localhost:8653", OK),
        ("http://[::1]:8653", OK),
        (PAIRED, OK),
        (PAIRED_DEV, OK),
        ("null", 403),
        ("", 403),
        ("*", 403),
        ("https://127.0.0.1:8653", 403),
        ("https://localhost:8653", 403),
        ("http://127.0.0.1", 403),
        ("http://127.0.0.1:8654", 403),
        ("http://localhost:8653/", 403),
        ("http://LOCALHOST:8653", 403),
        ("http://localhost.:8653", 403),
        ("http://0.0.0.0:8653", 403),
        ("http://evil.example", 403),
        ("https://evil.example", 403),
        ("http://discwright.example", 403),
        ("https://discwright.example:443", 403),
        ("https://discwright.example:8443", 403),
        ("https://discwright.example/", 403),
        ("https://discwright.example.evil.example", 403),
        ("https://evil.example/https://discwright.example", 403),
        ("https://fakediscwright.example", 403),
        ("https://discwright.examples", 403),
        ("https://discwright.exampl", 403),
        ("https://www.discwright.example", 403),
        ("https://discwright-example", 403),
        ("https://discwright.example@evil.example", 403),
        ("https://DISCWRIGHT.example", 403),
        ("https://discwright.example ", 403),
        ("http://localhost:51730", 403),
        ("http://localhost:517", 403),
        ("http://127.0.0.1:5173", 403),
        ("https://localhost:5173", 403),
        ("file://", 403),
        ("chrome-extension://discwright.example", 403),
        ("moz-extension://0f", 403),
        (PAIRING, 403),
    ];
    for (origin, expected) in rows {
        let headers = [("host", "127.0.0.1:8653"), ("origin", *origin)];
        for method in [Method::GET, Method::POST, Method::PATCH, Method::DELETE, Method::OPTIONS] {
            for path in ["/", "/v1/drives", "/v1/images", "/assets/app.js", "/nowhere"] {
                let found = status(&method, path, &headers);
                assert_eq!(found, *expected, "{method} {path} from {origin:?}");
            }
        }
    }
    let twice = [("host", "127.0.0.1:8653"), ("origin", PAIRED), ("origin", "null")];
    assert_eq!(status(&Method::GET, "/v1/drives", &twice), 400, "two Origins");
}

#[test]
fn a_site_that_pairs_reaches_pairing_and_nothing_else() {
    let from = |origin| [("host", "127.0.0.1:8653"), ("origin", origin)];
    let rows: &[(&str, &str, u16)] = &[
        ("/v1/pairings", PAIRING, OK),
        ("/v1/health", PAIRING, OK),
        ("/v1/drives", PAIRING, 403),
        ("/v1/pairings/", PAIRING, 403),
        ("/v1//pairings", PAIRING, 403),
        ("/", PAIRING, 403),
        ("/v1/pairings", "https://evil.example", 403),
        ("/v1/pairings", "http://new.example", 403),
        ("/v1/pairings", "null", 403),
        ("/v1/pairings", "file://", 403),
    ];
    for (path, origin, expected) in rows {
        assert_eq!(status(&Method::POST, path, &from(origin)), *expected, "{path} from {origin}");
    }
}

#[test]
fn fetch_metadata_without_an_origin() {
    type Row = (Method, &'static str, &'static [(&'static str, &'static str)], u16);
    let rows: &[Row] = &[
        (Method::GET, "/v1/drives", &[], OK),
        (Method::GET, "/v1/drives", &[("sec-fetch-site", "same-origin")], OK),
        (Method::GET, "/", &[("sec-fetch-site", "none")], OK),
        (Method::GET, "/v1/drives", &[("sec-fetch-site", "cross-site")], 403),
        (Method::GET, "/v1/drives", &[("sec-fetch-site", "same-site")], 403),
        (Method::GET, "/v1/drives", &[("sec-fetch-site", "Same-Origin")], 403),
        (Method::GET, "/v1/drives", &[("sec-fetch-site", "")], 403),
        (Method::POST, "/v1/jobs", &[("sec-fetch-site", "cross-site")], 403),
        (Method::GET, "/", &[("sec-fetch-site", "cross-site")], 403),
        (Method::GET, "/assets/app.js", &[("sec-fetch-site", "cross-site")], 403),
    ];
    for (method, path, extra, expected) in rows {
        let mut headers = vec![("host", "127.0.0.1:8653")];
        headers.extend_from_slice(extra);
        assert_eq!(status(method, path, &headers), *expected, "{method} {path} {extra:?}");
    }
}

#[test]
fn a_link_may_open_the_app_and_only_that() {
    let link = |method, path, mode, dest| {
        let fetch = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", mode)];
        let headers =
            [&[("host", "127.0.0.1:8653"), ("sec-fetch-dest", dest)], &fetch[..]].concat();
        status(&method, path, &headers)
    };
    assert_eq!(link(Method::GET, "/", "navigate", "document"), OK);
    assert_eq!(link(Method::GET, "/", "navigate", "iframe"), 403);
    assert_eq!(link(Method::GET, "/", "no-cors", "image"), 403);
    assert_eq!(link(Method::POST, "/", "navigate", "document"), 403);
    assert_eq!(link(Method::GET, "/v1/drives", "navigate", "document"), 403);
    assert_eq!(link(Method::GET, "/v1/images/a/content", "navigate", "document"), 403);
}
