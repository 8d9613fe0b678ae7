//! The app, built into the program.
//!
//! The build of the app leaves compressed forms of its files beside them. A client gets the form it likes best; nothing
//! is compressed while it waits.

use std::borrow::Cow;

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use rust_embed::RustEmbed;

use super::coding::{Coding, accepted};
use crate::{identity::hex, problem::Problem};

#[derive(RustEmbed)]
#[folder = "../web/dist"]
struct AppFiles;

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
    <title>discwright</title><h1>The app was not built</h1>\
    <p>The agent is running, but this program was compiled without the app. \
    Run <code>cargo xtask build</code> and start it again.</p></html>";

/// Bytes of a file in one of its forms, and their SHA-256.
struct Form {
    bytes: Cow<'static, [u8]>,
    digest: [u8; 32],
}

/// Answers everything that is not under `/v1`.
pub(super) async fn serve(request: Request) -> Response {
    let path = request.uri().path();
    if path == "/v1" || path.starts_with("/v1/") {
        return Problem::new(404, "notFound", format!("there is nothing at {path}"))
            .into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let detail = format!("{path} can only be read");
        return Problem::new(405, "methodNotAllowed", detail).into_response();
    }
    let name = if path == "/" { "index.html" } else { path.trim_start_matches('/') };
    match choose(name, request.headers(), built_in) {
        Some((coding, form)) => send(name, coding, form, request.headers()),
        None if path == "/" => (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT)).into_response(),
        None => {
            Problem::new(404, "notFound", format!("there is nothing at {path}")).into_response()
        }
    }
}

fn built_in(name: &str) -> Option<Form> {
    let file = AppFiles::get(name)?;
    Some(Form { digest: file.metadata.sha256_hash(), bytes: file.data })
}

/// The form of a file the client likes best, of those there are. One that likes none gets it as it is, which RFC 9110
/// 12.5.3 prefers to a refusal. Compressed forms are no files of their own.
fn choose(
    name: &str,
    request: &HeaderMap,
    get: impl Fn(&str) -> Option<Form>,
) -> Option<(Coding, Form)> {
    if [Coding::Brotli, Coding::Gzip].iter().any(|coding| name.ends_with(coding.suffix())) {
        return None;
    }
    let form = |coding: Coding| Some((coding, get(&format!("{name}{}", coding.suffix()))?));
    accepted(request).into_iter().find_map(form).or_else(|| form(Coding::Identity))
}

fn send(name: &str, coding: Coding, form: Form, request: &HeaderMap) -> Response {
    // Each form has its own bytes, and so its own tag.
    let etag = format!("\"{}\"", hex(&form.digest));
    let mut reply = if is_known(request, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        form.bytes.into_response()
    };
    let headers = reply.headers_mut();
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    if let Ok(kind) = HeaderValue::from_str(&kind(name)) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    if let Some(coding) = coding.header() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(lifetime(name)));
    reply
}

/// Whether the client has what it would get. RFC 9110 13.1.2: tags compare weakly, and there may be several.
fn is_known(request: &HeaderMap, etag: &str) -> bool {
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
}

/// The build puts a hash of the content into the names under `assets/`, so these never change.
fn lifetime(name: &str) -> &'static str {
    if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// The media type of a file, whichever form it is sent in.
fn kind(name: &str) -> String {
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    if kind.type_() == mime_guess::mime::TEXT {
        format!("{kind}; charset=utf-8")
    } else {
        kind.to_string()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    #[test]
    fn types_are_those_browsers_insist_on() {
        // A browser compiles WebAssembly from a stream only when it is called that, and runs no module
        // script that is not called JavaScript.
        for (name, expected) in [
            ("a.wasm", "application/wasm"),
            ("a.js", "text/javascript; charset=utf-8"),
            ("a.css", "text/css; charset=utf-8"),
            ("a.svg", "image/svg+xml"),
            ("a.png", "image/png"),
            ("manifest.webmanifest", "application/manifest+json"),
            ("index.html", "text/html; charset=utf-8"),
        ] {
            assert_eq!(kind(name), expected);
        }
        assert_eq!(lifetime("assets/index-Bx3.js"), "public, max-age=31536000, immutable");
        assert_eq!(lifetime("index.html"), "no-cache");
        assert_eq!(lifetime("service-worker.js"), "no-cache");
    }

    /// A script in three forms, and a picture in one.
    fn files(name: &str) -> Option<Form> {
        let form = |text: &'static str, first: u8| {
            let mut digest = [0; 32];
            digest[0] = first;
            Some(Form { bytes: text.as_bytes().into(), digest })
        };
        match name {
            "a.js" => form("plain", 1),
            "a.js.br" => form("brotli", 2),
            "a.js.gz" => form("gzip", 3),
            "a.png" => form("picture", 4),
            _ => None,
        }
    }

    async fn ask(name: &str, headers: &[(header::HeaderName, &str)]) -> Option<(Response, String)> {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap()))
            .collect();
        let (coding, form) = choose(name, &headers, files)?;
        let (head, body) = send(name, coding, form, &headers).into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Some((Response::from_parts(head, axum::body::Body::empty()), text))
    }

    fn value(reply: &Response, name: header::HeaderName) -> &str {
        reply.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[tokio::test]
    async fn a_file_is_sent_in_the_form_the_client_likes() {
        for (name, wish, body, coding, kind) in [
            ("a.js", "gzip, br", "brotli", "br", "text/javascript; charset=utf-8"),
            ("a.js", "gzip, br;q=0.9", "gzip", "gzip", "text/javascript; charset=utf-8"),
            ("a.js", "deflate", "plain", "", "text/javascript; charset=utf-8"),
            ("a.js", "identity;q=0, deflate", "plain", "", "text/javascript; charset=utf-8"),
            ("a.png", "gzip, br", "picture", "", "image/png"),
        ] {
            let (reply, text) = ask(name, &[(header::ACCEPT_ENCODING, wish)]).await.unwrap();
            assert_eq!(reply.status(), 200);
            assert_eq!(text, body, "{name} {wish}");
            assert_eq!(value(&reply, header::CONTENT_ENCODING), coding, "{name} {wish}");
            assert_eq!(value(&reply, header::CONTENT_TYPE), kind, "{name} {wish}");
            assert_eq!(value(&reply, header::VARY), "Accept-Encoding");
        }
        for name in ["a.js.br", "a.js.gz", "b.js"] {
            assert!(ask(name, &[]).await.is_none(), "{name}");
        }
    }

    #[tokio::test]
    async fn each_form_has_its_own_tag_and_is_not_sent_twice() {
        let wish = (header::ACCEPT_ENCODING, "br");
        let (plain, _) = ask("a.js", &[]).await.unwrap();
        let (brotli, _) = ask("a.js", std::slice::from_ref(&wish)).await.unwrap();
        let (plain, brotli) = (value(&plain, header::ETAG), value(&brotli, header::ETAG));
        assert_ne!(plain, brotli);
        for (known, status) in [
            (brotli.to_owned(), 304),
            (format!("{plain}, W/{brotli}"), 304),
            ("*".to_owned(), 304),
            (plain.to_owned(), 200),
        ] {
            let headers = [wish.clone(), (header::IF_NONE_MATCH, known.as_str())];
            let (reply, text) = ask("a.js", &headers).await.unwrap();
            assert_eq!(reply.status(), status, "{known}");
            assert_eq!(text.is_empty(), status == 304, "{known}");
            assert_eq!(value(&reply, header::VARY), "Accept-Encoding");
        }
    }
}
