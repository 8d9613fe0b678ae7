//! Problems as HTTP answers, and JSON bodies whose faults are told as problems.

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Path, Request, rejection::JsonRejection},
    http::{HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;

use crate::{
    identity::NoRandomness,
    jobs::queue::OrderError,
    problem::{Problem, chain},
    source::spool::SpoolError,
    state_dir::StateError,
};

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&self)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}

/// A failure inside the agent. The log is told all, the page only that it happened.
pub(super) fn internal(error: &(dyn core::error::Error + 'static)) -> Problem {
    tracing::error!("{}", chain(error));
    Problem::new(500, "internal", "something went wrong inside the agent; its log says what")
}

impl From<NoRandomness> for Problem {
    fn from(error: NoRandomness) -> Self {
        internal(&error)
    }
}

impl From<StateError> for Problem {
    fn from(error: StateError) -> Self {
        internal(&error)
    }
}

impl From<SpoolError> for Problem {
    fn from(error: SpoolError) -> Self {
        let (status, code) = match &error {
            SpoolError::Unknown { .. } => (404, "imageUnknown"),
            SpoolError::Busy { .. } => (423, "imageBusy"),
            SpoolError::InUse { .. } => (409, "imageInUse"),
            SpoolError::Incomplete { .. } => (409, "imageIncomplete"),
            SpoolError::WrongOffset { .. } => (409, "wrongOffset"),
            SpoolError::TooLong { .. } => (413, "tooLong"),
            SpoolError::BadLength { .. } => (400, "badLength"),
            SpoolError::NoSpace { .. } => (507, "noSpace"),
            _ => return internal(&error),
        };
        let hint = matches!(error, SpoolError::NoSpace { .. })
            .then_some("delete images that are no longer needed, or free space on that disk");
        Self::from_error(status, code, &error).hint(hint)
    }
}

impl From<OrderError> for Problem {
    fn from(error: OrderError) -> Self {
        let (status, code) = match &error {
            OrderError::DriveTaken { .. } => (409, "driveTaken"),
            OrderError::TooMany { .. } => (429, "tooManyJobs"),
            OrderError::Stopping => (503, "stopping"),
            _ => return internal(&error),
        };
        Self::from_error(status, code, &error)
    }
}

/// The path exists, the method does not.
pub(super) async fn method_not_allowed(method: Method, uri: Uri) -> Problem {
    let detail = format!("{} does not know {method}", uri.path());
    Problem::new(405, "methodNotAllowed", detail)
}

/// Does what may wait for the disk or a drive, off the threads that answer requests.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| internal(&error))
}

/// A JSON body.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(bad_body(&rejection)),
        }
    }
}

fn bad_body(rejection: &JsonRejection) -> Problem {
    let status = rejection.status();
    let code = match status {
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "notJson",
        StatusCode::PAYLOAD_TOO_LARGE => "tooLong",
        _ => "badBody",
    };
    Problem::new(status.as_u16(), code, rejection.body_text())
}

/// The name of a thing in the path.
pub(super) struct Id(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(id)| Self(id))
            .map_err(|rejection| Problem::new(400, "badPath", rejection.body_text()))
    }
}
