//! The interface described for programs. The committed `openapi.json` is this, and a test holds it to it.

use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{content, drives, event_stream, images, jobs, session};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "discwright agent",
        description = "Optical drives of this machine, images for them, and jobs that burn, read and verify. \
            Errors are `application/problem+json` with a stable `code`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    paths(
        session::health,
        session::pair,
        session::list_clients,
        session::remove_client,
        drives::list,
        drives::show,
        drives::medium,
        drives::eject,
        drives::load,
        drives::acquire,
        drives::release,
        images::capabilities,
        images::list,
        images::create,
        images::offset,
        images::append,
        images::show,
        images::remove,
        content::content,
        jobs::submit,
        jobs::list,
        jobs::show,
        jobs::history,
        jobs::map,
        jobs::cancel,
        event_stream::events,
    ),
    components(schemas(event_stream::Hello)),
    modifiers(&BearerToken),
    security(("token" = [])),
)]
struct Interface;

struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = document.components.get_or_insert_with(Default::default);
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// The description in JSON, as it is committed.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn document() -> Result<String, serde_json::Error> {
    Interface::openapi().to_pretty_json().map(|json| json + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `BLESS=1 cargo test -p native-agent openapi` writes the file anew.
    #[test]
    fn the_committed_document_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
        let current = document().unwrap();
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(path, &current).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == current, "openapi.json is out of date: BLESS=1 writes it anew");
    }
}
