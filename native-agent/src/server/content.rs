//! The bytes of an image, whole or in part. RFC 9110 section 14.

use std::io::SeekFrom;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use super::{
    AgentState,
    reply::{Id, internal},
};
use crate::{problem::Problem, source::spool::Pin};

/// Bytes read from the disk at once.
const CHUNK: usize = 256 << 10;

/// Sends the bytes of a complete image.
#[utoipa::path(get, path = "/v1/images/{id}/content", tag = "images",
    params(("id" = String, Path), ("Range" = Option<String>, Header, description = "one range of bytes")),
    responses(
        (status = 200, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 206, content_type = "application/octet-stream", body = Vec<u8>),
        (status = 404, body = Problem, description = "`imageUnknown`"),
        (status = 409, body = Problem, description = "`imageIncomplete`"),
        (status = 416, body = Problem, description = "`rangeOutside`"),
    ))]
pub(super) async fn content(
    State(agent): State<AgentState>,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let pin = agent.spool.pin(&id)?;
    let image = agent.spool.info(&id)?;
    let etag = format!("\"{}\"", image.sha256.as_deref().unwrap_or_default());
    let range = match wanted(&headers, &etag, image.length) {
        Wanted::All => None,
        Wanted::Part(start, end) => Some((start, end)),
        Wanted::Outside => return Ok(outside(image.length)),
    };
    let (start, end) = range.unwrap_or((0, image.length));
    let body = stream(pin, start, end - start).await?;
    let status = if range.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let mut reply = (status, body).into_response();
    let mut set = |name, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            reply.headers_mut().insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, "application/octet-stream".to_owned());
    set(header::CONTENT_LENGTH, (end - start).to_string());
    set(header::ACCEPT_RANGES, "bytes".to_owned());
    set(header::ETAG, etag);
    set(header::CONTENT_DISPOSITION, attachment(&image.name));
    if range.is_some() {
        set(header::CONTENT_RANGE, format!("bytes {start}-{}/{}", end - 1, image.length));
    }
    Ok(reply)
}

async fn stream(pin: Pin, start: u64, length: u64) -> Result<Body, Problem> {
    let mut file = tokio::fs::File::open(pin.path()).await.map_err(|e| internal(&e))?;
    file.seek(SeekFrom::Start(start)).await.map_err(|e| internal(&e))?;
    let bytes = ReaderStream::with_capacity(file.take(length), CHUNK);
    // The pin lives as long as the body, so that the image cannot go while it is being sent.
    let bytes = tokio_stream::StreamExt::map(bytes, move |chunk| {
        let _ = &pin;
        chunk
    });
    Ok(Body::from_stream(bytes))
}

fn outside(length: u64) -> Response {
    let detail = format!("the image has {length} bytes");
    let whole = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
    (whole, Problem::new(416, "rangeOutside", detail)).into_response()
}

#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    All,
    /// From the first byte up to, not including, the second.
    Part(u64, u64),
    Outside,
}

/// Which bytes to send. What is not one well-formed range of bytes is ignored, as 14.2 allows.
fn wanted(headers: &HeaderMap, etag: &str, length: u64) -> Wanted {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(range) = text(header::RANGE).and_then(|range| range.strip_prefix("bytes=")) else {
        return Wanted::All;
    };
    if text(header::IF_RANGE).is_some_and(|known| known != etag) {
        return Wanted::All;
    }
    part(range, length).unwrap_or(Wanted::All)
}

fn part(range: &str, length: u64) -> Option<Wanted> {
    let (first, last) = range.split_once('-')?;
    let number =
        |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?;
    let (start, end) = match (first, last) {
        ("", suffix) => (length.saturating_sub(number(suffix)?), length),
        (first, "") => (number(first)?, length),
        (first, last) => (number(first)?, number(last)?.checked_add(1)?.min(length)),
    };
    if start >= length {
        return Some(Wanted::Outside);
    }
    (start < end).then_some(Wanted::Part(start, end))
}

/// Names a download after the image. RFC 6266, with the name encoded as RFC 8187 has it.
fn attachment(name: &str) -> String {
    use core::fmt::Write;
    let mut text = "attachment; filename*=UTF-8''".to_owned();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn understands_one_range() {
        let rows = [
            ("0-0", Some(Wanted::Part(0, 1))),
            ("2-5", Some(Wanted::Part(2, 6))),
            ("2-", Some(Wanted::Part(2, 10))),
            ("-3", Some(Wanted::Part(7, 10))),
            ("-30", Some(Wanted::Part(0, 10))),
            ("9-100", Some(Wanted::Part(9, 10))),
            ("10-", Some(Wanted::Outside)),
            ("10-20", Some(Wanted::Outside)),
            ("-0", Some(Wanted::Outside)),
            ("5-4", None),
            ("0-1,3-4", None),
            ("a-b", None),
            ("+1-2", None),
            ("-", None),
            ("18446744073709551616-", None),
        ];
        for (range, expected) in rows {
            assert_eq!(part(range, 10), expected, "{range}");
        }
    }

    #[test]
    fn downloads_are_named_safely() {
        assert_eq!(attachment("a b\"/é.iso"), "attachment; filename*=UTF-8''a%20b%22%2F%C3%A9.iso");
    }
}
