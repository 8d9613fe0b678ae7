//! The first thing every request meets, whatever its path: is this ours to answer?
//!
//! Browsers let any page send requests to this machine. What they do not let it do is choose `Host`,
//! `Origin` and the `Sec-Fetch` headers, so these tell a page the user trusts from one he does not.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{AgentState, origin};
use crate::problem::Problem;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Headers of a reply that a page of another origin may read.
const EXPOSED: &str = "Location, Retry-After, Content-Range, ETag, Tus-Resumable, Tus-Version, \
    Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm, Upload-Offset, Upload-Length, \
    Upload-Metadata, Upload-Expires";
/// Headers of a request that a page of another origin may send.
const ALLOWED_HEADERS: &str = "Authorization, Content-Type, Last-Event-ID, Lease, Range, If-Range, \
    If-None-Match, Tus-Resumable, Upload-Length, Upload-Offset, Upload-Metadata, Upload-Checksum, \
    X-HTTP-Method-Override, X-Requested-With";
const ALLOWED_METHODS: &str = "GET, HEAD, POST, PATCH, DELETE";

/// What the guard found out about who is asking. Handlers find it among the request's extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Caller {
    /// The origin of the page, or the agent's own when the browser had no reason to send one.
    pub(super) origin: String,
    /// Whether that is a page this agent serves (or no browser at all).
    pub(super) own: bool,
    /// The `Origin` header was there, so the answer needs CORS headers.
    cross: bool,
}

/// Which origins are trusted at this moment.
pub(super) trait Trust {
    /// The port the agent listens on.
    fn port(&self) -> u16;
    /// Whether a page of this origin holds a token.
    fn is_paired(&self, origin: &str) -> bool;
    /// Whether a page of this origin may try a pairing code now.
    fn may_pair(&self, origin: &str) -> bool;
}

/// Refuses what is not ours, answers preflights, and adds CORS headers to the answers of the rest.
pub(super) async fn guard(
    State(agent): State<AgentState>,
    mut request: Request,
    next: Next,
) -> Response {
    let caller = match judge(&*agent, request.method(), request.uri(), request.headers()) {
        Ok(caller) => caller,
        Err(problem) => {
            tracing::warn!(code = problem.code, "refused: {}", problem.detail);
            return problem.into_response();
        }
    };
    let allowed_origin = caller.cross.then(|| HeaderValue::from_str(&caller.origin).ok()).flatten();
    let mut response = if is_preflight(request.method(), request.headers()) {
        preflight()
    } else {
        request.extensions_mut().insert(caller);
        next.run(request).await
    };
    if let Some(origin) = allowed_origin {
        allow(response.headers_mut(), origin);
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
    response
}

/// Decides whether to answer at all.
pub(super) fn judge(
    trust: &impl Trust,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Caller, Problem> {
    let host = check_host(trust.port(), uri, headers)?;
    match only(headers, &header::ORIGIN)? {
        Some(origin) => check_origin(trust, uri.path(), origin),
        None => {
            check_fetch_site(method, uri.path(), headers)?;
            Ok(Caller { origin: format!("http://{host}"), own: true, cross: false })
        }
    }
}

/// A name that resolves to this machine but is not ours means DNS rebinding: answer nothing.
fn check_host<'h>(port: u16, uri: &Uri, headers: &'h HeaderMap) -> Result<&'h str, Problem> {
    let refusal = || {
        let detail = "this agent answers only to its own address";
        Problem::new(StatusCode::MISDIRECTED_REQUEST.as_u16(), "wrongHost", detail)
    };
    let host = only(headers, &header::HOST)?.ok_or_else(refusal)?;
    let ours = |name: &str| origin::own_hosts(port).iter().any(|own| own == name);
    if !ours(host) || uri.authority().is_some_and(|authority| !ours(authority.as_str())) {
        return Err(refusal());
    }
    Ok(host)
}

fn check_origin(trust: &impl Trust, path: &str, origin: &str) -> Result<Caller, Problem> {
    let own = origin::own_origins(trust.port()).iter().any(|ours| ours == origin);
    let pairing = || {
        matches!(path, "/v1/pairings" | "/v1/health")
            && origin::may_be_paired(origin)
            && trust.may_pair(origin)
    };
    if own || trust.is_paired(origin) || pairing() {
        return Ok(Caller { origin: origin.to_owned(), own, cross: true });
    }
    let detail = format!("pages of {origin} are not paired with this agent");
    let problem = Problem::new(StatusCode::FORBIDDEN.as_u16(), "originNotPaired", detail);
    Err(problem.hint(Some("run `discwright pair` and type the code into the page")))
}

/// Without `Origin` only our own page, the address bar and programs that are no browser are heard.
///
/// `same-site` is refused as well: ports and subdomains of `localhost` belong to anyone. The one thing a
/// foreign page may do is link to the app, which then starts with nothing but what it would have anyway.
fn check_fetch_site(method: &Method, path: &str, headers: &HeaderMap) -> Result<(), Problem> {
    let site = only(headers, &SEC_FETCH_SITE)?;
    if matches!(site, None | Some("same-origin" | "none")) {
        return Ok(());
    }
    let is_link = *method == Method::GET
        && path == "/"
        && only(headers, &SEC_FETCH_MODE)? == Some("navigate")
        && only(headers, &SEC_FETCH_DEST)? == Some("document");
    if is_link {
        return Ok(());
    }
    let detail = "another site sent this request";
    Err(Problem::new(StatusCode::FORBIDDEN.as_u16(), "crossSite", detail))
}

/// The header's value, if it is there. Twice is once too often: a proxy and we could each believe another.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let refusal = || {
        let detail = format!("the header {name} must be there once, in plain text");
        Problem::new(StatusCode::BAD_REQUEST.as_u16(), "badHeader", detail)
    };
    if values.next().is_some() {
        return Err(refusal());
    }
    value.to_str().map(Some).map_err(|_| refusal())
}

fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    *method == Method::OPTIONS
        && headers.contains_key(header::ORIGIN)
        && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, ALLOWED_METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

fn allow(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    let corp = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(corp, HeaderValue::from_static("cross-origin"));
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
