//! What the command line of the same user asks of a running agent.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, TcpStream},
    time::Instant,
};

use core::time::Duration;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use super::{
    AgentState, origin,
    pairing::Audience,
    reply::Body,
    session::{bearer, no_token},
};
use crate::{identity, problem::Problem, state_dir::Rendezvous};

const PATH: &str = "/v1/local/pairing-codes";
const TIMEOUT: Duration = Duration::from_secs(5);

/// For whom a code is.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct NewCode {
    /// The site; anyone who has the code when absent.
    origin: Option<String>,
}

/// A code to type into a page.
#[derive(Debug, Serialize, Deserialize)]
pub struct CodeForPage {
    /// Eight letters and digits.
    pub code: String,
    /// How long it works.
    pub seconds: u64,
}

/// Opens a code. Only who can read the state folder knows the secret.
pub(super) async fn open_code(
    State(agent): State<AgentState>,
    headers: HeaderMap,
    Body(request): Body<NewCode>,
) -> Result<Response, Problem> {
    let secret = headers.get(header::AUTHORIZATION).and_then(bearer);
    if !secret.is_some_and(|secret| identity::same_secret(secret, &agent.local_secret)) {
        return Ok(no_token());
    }
    let audience = match request.origin {
        None => Audience::Anyone,
        Some(origin) if origin::may_be_paired(&origin) => Audience::Site(origin),
        Some(origin) => {
            let detail = format!("{origin} is not the origin of a secure page");
            let hint = "write it as in https://example.org, without a path";
            return Err(Problem::new(400, "badOrigin", detail).hint(Some(hint)));
        }
    };
    let code = agent.desk.issue(audience, Instant::now())?;
    let seconds = super::pairing::LIFETIME.as_secs();
    Ok((StatusCode::CREATED, Json(CodeForPage { code, seconds })).into_response())
}

/// Why the running agent gave no code.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocalError {
    /// Nobody listens where the last agent did.
    #[error("no agent is running on port {port}")]
    NotRunning {
        /// Where the last one said it was.
        port: u16,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The agent refused.
    #[error("{}", .0.detail)]
    Refused(Box<Problem>),
    /// What came back is not from an agent of this version.
    #[error("what listens on port {port} does not answer as discwright does")]
    Strange {
        /// Where it listens.
        port: u16,
    },
}

impl CodeForPage {
    /// Asks the agent at `rendezvous` for a code for the page of `origin`, or for any page.
    ///
    /// # Errors
    /// When no agent answers, or it refuses.
    pub fn request(rendezvous: &Rendezvous, origin: Option<String>) -> Result<Self, LocalError> {
        let port = rendezvous.port;
        let strange = || LocalError::Strange { port };
        let body = serde_json::to_string(&NewCode { origin }).map_err(|_| strange())?;
        let reply = exchange(rendezvous, &body)
            .map_err(|source| LocalError::NotRunning { port, source })?;
        let (head, body) = reply.split_once("\r\n\r\n").ok_or_else(strange)?;
        if head.starts_with("HTTP/1.1 201 ") {
            return serde_json::from_str(body).map_err(|_| strange());
        }
        let problem = serde_json::from_str(body).map_err(|_| strange())?;
        Err(LocalError::Refused(Box::new(problem)))
    }
}

/// One request and its answer, which the agent sends with a length and not in chunks.
fn exchange(rendezvous: &Rendezvous, body: &str) -> io::Result<String> {
    let Rendezvous { port, secret } = rendezvous;
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, *port))?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let length = body.len();
    write!(
        stream,
        "POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {secret}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )?;
    let mut reply = String::new();
    stream.take(64 << 10).read_to_string(&mut reply)?;
    Ok(reply)
}
