//! Images: received by the tus protocol 1.0 with its creation, checksum, expiration and termination
//! extensions (<https://tus.io/protocols/resumable-upload>), described in JSON.

use std::time::SystemTime;

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    AgentState,
    receive::{self, Checksum},
    reply::{Id, blocking},
};
use crate::{
    clock,
    problem::Problem,
    source::spool::{ImageInfo, MAX_LENGTH, SpoolError},
};

const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,checksum,expiration,termination";

const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const TUS_VERSION: HeaderName = HeaderName::from_static("tus-version");
const TUS_EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
const TUS_MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
const TUS_CHECKSUM_ALGORITHM: HeaderName = HeaderName::from_static("tus-checksum-algorithm");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const UPLOAD_CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");

/// Longest name that is kept.
const NAME_LIMIT: usize = 200;

/// An image in the spool.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ImageView {
    id: String,
    /// What its sender calls it.
    name: String,
    /// Bytes announced.
    length: u64,
    /// Bytes received.
    offset: u64,
    /// Whether every byte is here.
    complete: bool,
    /// Over all bytes, once the image is complete.
    sha256: Option<String>,
    /// When it is deleted unless it is used again, RFC 3339.
    expires: String,
}

/// All images.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ImageList {
    images: Vec<ImageView>,
}

impl From<ImageInfo> for ImageView {
    fn from(image: ImageInfo) -> Self {
        Self {
            complete: image.is_complete(),
            id: image.id,
            name: image.name,
            length: image.length,
            offset: image.offset,
            sha256: image.sha256,
            expires: clock::rfc3339(image.expires),
        }
    }
}

/// Says which parts of tus are spoken.
#[utoipa::path(options, path = "/v1/images", tag = "images", responses((status = 204)))]
pub(super) async fn capabilities() -> Response {
    let headers = [
        (TUS_RESUMABLE, HeaderValue::from_static(VERSION)),
        (TUS_VERSION, HeaderValue::from_static(VERSION)),
        (TUS_EXTENSION, HeaderValue::from_static(EXTENSIONS)),
        (TUS_MAX_SIZE, HeaderValue::from(MAX_LENGTH)),
        (TUS_CHECKSUM_ALGORITHM, HeaderValue::from_static("sha256")),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Lists the images.
#[utoipa::path(get, path = "/v1/images", tag = "images",
    responses((status = 200, body = ImageList)))]
pub(super) async fn list(State(agent): State<AgentState>) -> Json<ImageList> {
    Json(ImageList { images: agent.spool.all().into_iter().map(ImageView::from).collect() })
}

/// Announces an image (tus creation).
#[utoipa::path(post, path = "/v1/images", tag = "images",
    params(
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Length" = u64, Header, description = "bytes of the image"),
        ("Upload-Metadata" = Option<String>, Header, description = "`name` or `filename` in base64"),
    ),
    responses(
        (status = 201, headers(("Location" = String))),
        (status = 400, body = Problem, description = "`badLength` or `badHeader`"),
        (status = 412, body = Problem, description = "`tusVersion`"),
        (status = 507, body = Problem, description = "`noSpace`"),
    ))]
pub(super) async fn create(
    State(agent): State<AgentState>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    check_version(&headers)?;
    let length = number(&headers, &UPLOAD_LENGTH)?;
    let metadata = text(&headers, &UPLOAD_METADATA)?.map(str::to_owned);
    let name = metadata.as_deref().and_then(name_in).unwrap_or_else(|| "image.iso".to_owned());
    let spool = agent.spool.clone();
    let image = blocking(move || spool.create(&name, length, metadata.as_deref())).await??;
    let location = HeaderValue::from_str(&format!("/v1/images/{}", image.id));
    let mut reply = tus_reply(StatusCode::CREATED, &image);
    if let Ok(location) = location {
        reply.headers_mut().insert(header::LOCATION, location);
    }
    agent.events.publish("image", &ImageView::from(image));
    Ok(reply)
}

/// Tells where an upload continues. A connection that may still be sending it has to let go.
#[utoipa::path(head, path = "/v1/images/{id}", tag = "images", params(("id" = String, Path)),
    responses((status = 200, headers(("Upload-Offset" = u64), ("Upload-Length" = u64))), (status = 404)))]
pub(super) async fn offset(
    State(agent): State<AgentState>,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    check_version(&headers)?;
    receive::wait_until_free(&agent.spool, &id).await?;
    Ok(tus_reply(StatusCode::OK, &agent.spool.info(&id)?))
}

/// Continues an upload (tus core, checksum).
#[utoipa::path(patch, path = "/v1/images/{id}", tag = "images",
    params(
        ("id" = String, Path),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Offset" = u64, Header, description = "where the body continues"),
        ("Upload-Checksum" = Option<String>, Header, description = "`sha256` and the sum in base64"),
    ),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses(
        (status = 204, headers(("Upload-Offset" = u64))),
        (status = 404, body = Problem, description = "`imageUnknown`"),
        (status = 409, body = Problem, description = "`wrongOffset`"),
        (status = 413, body = Problem, description = "`tooLong`"),
        (status = 415, body = Problem, description = "`notOffsetStream`"),
        (status = 423, body = Problem, description = "`imageBusy`"),
        (status = 460, body = Problem, description = "`checksumMismatch`"),
        (status = 507, body = Problem, description = "`noSpace`"),
    ))]
pub(super) async fn append(
    State(agent): State<AgentState>,
    Id(id): Id,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    check_version(&headers)?;
    let kind = text(&headers, &header::CONTENT_TYPE)?;
    if kind != Some("application/offset+octet-stream") {
        let detail = "the body must be application/offset+octet-stream";
        return Err(Problem::new(415, "notOffsetStream", detail));
    }
    let offset = number(&headers, &UPLOAD_OFFSET)?;
    let checksum = text(&headers, &UPLOAD_CHECKSUM)?.map(Checksum::parse).transpose()?;
    let announced = text(&headers, &header::CONTENT_LENGTH)?.and_then(|text| text.parse().ok());
    check_fits(&agent.spool.info(&id)?, offset, announced)?;
    receive::wait_until_free(&agent.spool, &id).await?;
    let spool = agent.spool.clone();
    let (name, at) = (id.clone(), offset);
    let appender = blocking(move || spool.append(&name, at)).await??;
    let end = receive::receive(appender, body, checksum).await;
    let image = agent.spool.info(&id)?;
    let reply = tus_reply(StatusCode::NO_CONTENT, &image);
    agent.events.publish("image", &ImageView::from(image));
    end.map(|()| reply)
}

/// Describes an image.
#[utoipa::path(get, path = "/v1/images/{id}", tag = "images", params(("id" = String, Path)),
    responses(
        (status = 200, body = ImageView),
        (status = 404, body = Problem, description = "`imageUnknown`"),
    ))]
pub(super) async fn show(
    State(agent): State<AgentState>,
    Id(id): Id,
) -> Result<Json<ImageView>, Problem> {
    Ok(Json(agent.spool.info(&id)?.into()))
}

/// Deletes an image (tus termination).
#[utoipa::path(delete, path = "/v1/images/{id}", tag = "images", params(("id" = String, Path)),
    responses(
        (status = 204),
        (status = 404, body = Problem, description = "`imageUnknown`"),
        (status = 409, body = Problem, description = "`imageInUse`"),
    ))]
pub(super) async fn remove(
    State(agent): State<AgentState>,
    Id(id): Id,
) -> Result<Response, Problem> {
    receive::wait_until_free(&agent.spool, &id).await?;
    let spool = agent.spool.clone();
    blocking(move || spool.remove(&id)).await??;
    let version = [(TUS_RESUMABLE, VERSION)];
    Ok((StatusCode::NO_CONTENT, version).into_response())
}

/// Refuses what cannot fit before any of it is sent.
fn check_fits(image: &ImageInfo, offset: u64, announced: Option<u64>) -> Result<(), Problem> {
    let end = offset.saturating_add(announced.unwrap_or(0));
    if end > image.length {
        return Err(SpoolError::TooLong { length: image.length }.into());
    }
    Ok(())
}

fn check_version(headers: &HeaderMap) -> Result<(), Problem> {
    if text(headers, &TUS_RESUMABLE)? == Some(VERSION) {
        return Ok(());
    }
    let detail = format!("the header Tus-Resumable must be {VERSION}");
    Err(Problem::new(412, "tusVersion", detail))
}

fn tus_reply(status: StatusCode, image: &ImageInfo) -> Response {
    let mut reply = status.into_response();
    let headers = reply.headers_mut();
    headers.insert(TUS_RESUMABLE, HeaderValue::from_static(VERSION));
    headers.insert(TUS_VERSION, HeaderValue::from_static(VERSION));
    headers.insert(UPLOAD_OFFSET, HeaderValue::from(image.offset));
    headers.insert(UPLOAD_LENGTH, HeaderValue::from(image.length));
    let metadata = image.metadata.as_deref().and_then(|text| HeaderValue::from_str(text).ok());
    if let Some(metadata) = metadata {
        headers.insert(UPLOAD_METADATA, metadata);
    }
    if let Ok(expires) = HeaderValue::from_str(&http_date(image.expires)) {
        headers.insert(UPLOAD_EXPIRES, expires);
    }
    reply
}

/// RFC 9110 5.6.7.
fn http_date(time: SystemTime) -> String {
    httpdate::fmt_http_date(time)
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, Problem> {
    headers.get(name).map(HeaderValue::to_str).transpose().map_err(|_| bad_header(name))
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Problem> {
    text(headers, name)?.and_then(|text| text.parse().ok()).ok_or_else(|| bad_header(name))
}

fn bad_header(name: &HeaderName) -> Problem {
    Problem::new(400, "badHeader", format!("the header {name} is missing or makes no sense"))
}

/// What the sender calls the image: `name`, or `filename` as most tus clients have it.
fn name_in(metadata: &str) -> Option<String> {
    let value = |wanted: &str| {
        metadata.split(',').find_map(|pair| {
            let (key, value) = pair.trim().split_once(' ')?;
            (key == wanted).then(|| STANDARD.decode(value).ok())?
        })
    };
    let bytes = value("name").or_else(|| value("filename"))?;
    let name = String::from_utf8(bytes).ok()?;
    let name: String = name.chars().filter(|c| !c.is_control()).take(NAME_LIMIT).collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::name_in;

    #[test]
    fn finds_the_name_among_the_metadata() {
        assert_eq!(name_in("filetype eA==,filename YS5pc28=").as_deref(), Some("a.iso"));
        assert_eq!(name_in("filename YS5pc28=,name Yi5pc28=").as_deref(), Some("b.iso"));
        assert_eq!(name_in("name YQpi").as_deref(), Some("ab"), "no line breaks");
        assert_eq!(name_in("name !!"), None);
        assert_eq!(name_in("name"), None);
        assert_eq!(name_in(""), None);
    }
}
