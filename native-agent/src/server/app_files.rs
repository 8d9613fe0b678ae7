//! The app, built into the program.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::{identity::hex, problem::Problem};

#[derive(RustEmbed)]
#[folder = "../web/dist"]
struct AppFiles;

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
    <title>discwright</title><h1>The app was not built</h1>\
    <p>The agent is running, but this program was compiled without the app. \
    Run <code>cargo xtask build</code> and start it again.</p></html>";

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
    match AppFiles::get(name) {
        Some(file) => send(name, file, request.headers()),
        None if path == "/" => (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT)).into_response(),
        None => {
            Problem::new(404, "notFound", format!("there is nothing at {path}")).into_response()
        }
    }
}

fn send(name: &str, file: EmbeddedFile, request: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", hex(&file.metadata.sha256_hash()));
    let is_known = request.get(header::IF_NONE_MATCH).is_some_and(|known| known == etag.as_str());
    let mut reply =
        if is_known { StatusCode::NOT_MODIFIED.into_response() } else { file.data.into_response() };
    let headers = reply.headers_mut();
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    if let Ok(kind) = HeaderValue::from_str(&with_charset(file.metadata.mimetype())) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(lifetime(name)));
    reply
}

/// The build puts a hash of the content into the names under `assets/`, so these never change.
fn lifetime(name: &str) -> &'static str {
    if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" }
}

fn with_charset(kind: &str) -> String {
    if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_those_browsers_insist_on() {
        // A browser compiles WebAssembly from a stream only when it is called that, and runs no module
        // script that is not called JavaScript.
        for (name, kind) in [
            ("a.wasm", "application/wasm"),
            ("a.js", "text/javascript"),
            ("a.css", "text/css"),
            ("a.svg", "image/svg+xml"),
            ("index.html", "text/html"),
        ] {
            assert_eq!(rust_embed_kind(name), kind);
        }
        assert_eq!(lifetime("assets/index-Bx3.js"), "public, max-age=31536000, immutable");
        assert_eq!(lifetime("index.html"), "no-cache");
    }

    fn rust_embed_kind(name: &str) -> String {
        mime_guess::from_path(name).first_or_octet_stream().to_string()
    }
}
