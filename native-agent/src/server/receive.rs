//! The body of an upload on its way to the disk.

use core::time::Duration;

use axum::body::{Body, Bytes};
use base64::{Engine, engine::general_purpose::STANDARD};
use http_body_util::BodyExt;
use sha2::{Digest, Sha256};

use super::reply::blocking;
use crate::{
    problem::Problem,
    source::spool::{Spool, SpoolError, upload::Appender},
};

/// A sender that is silent for this long has gone.
const IDLE: Duration = Duration::from_secs(30);
/// Bytes gathered before they are written.
const GATHER: usize = 1 << 20;
/// How long another connection has to let go of an upload.
const LET_GO: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// What the sender says the body's SHA-256 is.
#[derive(Debug)]
pub(super) struct Checksum {
    expected: Vec<u8>,
    found: Sha256,
}

impl Checksum {
    /// Parses `Upload-Checksum`: an algorithm, a space, the sum in base64.
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let bad = || {
            let detail = "the header upload-checksum must be `sha256` and a sum in base64";
            Problem::new(400, "badHeader", detail)
        };
        let sum = text.strip_prefix("sha256 ").ok_or_else(bad)?;
        let expected = STANDARD.decode(sum).map_err(|_| bad())?;
        Ok(Self { expected, found: Sha256::new() })
    }

    fn check(self) -> Result<(), Problem> {
        if self.found.finalize().as_slice() == self.expected {
            return Ok(());
        }
        let detail = "the bytes that arrived are not those that were sent; none was kept";
        Err(Problem::new(460, "checksumMismatch", detail))
    }
}

/// Waits until nobody appends to an image, and asks whoever does to stop.
///
/// A client that lost its connection knows before we do, and comes back on a new one.
pub(super) async fn wait_until_free(spool: &Spool, id: &str) -> Result<(), Problem> {
    let deadline = tokio::time::Instant::now() + LET_GO;
    while spool.is_appending(id)? {
        if tokio::time::Instant::now() > deadline {
            return Err(SpoolError::Busy { id: id.to_owned() }.into());
        }
        spool.interrupt(id)?;
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}

/// Appends a body as it arrives. However it ends, what arrived is kept, unless it was to be checked.
pub(super) async fn receive(
    appender: Appender,
    mut body: Body,
    checksum: Option<Checksum>,
) -> Result<(), Problem> {
    let mut sink = Sink { appender, checksum };
    if sink.checksum.is_some() {
        sink.appender.make_provisional();
    }
    loop {
        let (gathered, end) = gather(&sink.appender, &mut body).await;
        sink = write(sink, gathered).await?;
        if let Some(end) = end {
            return finish(sink, end).await;
        }
    }
}

#[derive(Debug)]
struct Sink {
    appender: Appender,
    checksum: Option<Checksum>,
}

/// How a body ended.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Whole,
    Interrupted,
    Silent,
    Cut,
}

/// Takes in up to [`GATHER`] bytes, and says how the body ended if it did.
async fn gather(appender: &Appender, body: &mut Body) -> (Vec<Bytes>, Option<End>) {
    let (mut frames, mut size) = (Vec::new(), 0);
    while size < GATHER {
        let frame = tokio::select! {
            biased;
            () = appender.interrupted() => return (frames, Some(End::Interrupted)),
            frame = tokio::time::timeout(IDLE, body.frame()) => frame,
        };
        match frame {
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    size += data.len();
                    frames.push(data);
                }
            }
            Ok(Some(Err(_))) => return (frames, Some(End::Cut)),
            Ok(None) => return (frames, Some(End::Whole)),
            Err(_) => return (frames, Some(End::Silent)),
        }
    }
    (frames, None)
}

async fn write(mut sink: Sink, frames: Vec<Bytes>) -> Result<Sink, Problem> {
    let written = blocking(move || {
        for frame in frames {
            sink.appender.write(&frame)?;
            if let Some(checksum) = &mut sink.checksum {
                checksum.found.update(&frame);
            }
        }
        Ok(sink)
    });
    written.await?.map_err(|error: SpoolError| error.into())
}

async fn finish(mut sink: Sink, end: End) -> Result<(), Problem> {
    let outcome = match end {
        End::Whole => sink.checksum.take().map_or(Ok(()), Checksum::check),
        End::Interrupted => {
            Err(Problem::new(423, "imageBusy", "another connection took over this upload"))
        }
        End::Silent => Err(Problem::new(408, "silent", "nothing arrived for half a minute")),
        End::Cut => Err(Problem::new(400, "cut", "the connection broke off")),
    };
    // Bytes that were to be checked and were not are dropped together with the appender.
    let is_kept = outcome.is_ok() || sink.checksum.is_none() && end != End::Whole;
    if is_kept {
        blocking(move || sink.appender.finish()).await??;
    } else {
        blocking(move || drop(sink)).await?;
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::Checksum;

    #[test]
    fn reads_checksums_and_refuses_other_algorithms() {
        assert!(Checksum::parse("sha256 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=").is_ok());
        for bad in ["sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "sha256", "sha256 !!", ""] {
            assert_eq!(Checksum::parse(bad).unwrap_err().status, 400, "{bad}");
        }
    }
}
