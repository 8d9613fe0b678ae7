//! The loopback sockets, and the connections on them.

use core::{net::IpAddr, time::Duration};
use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr},
    sync::Arc,
};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::JoinSet,
};

/// Where pages look first.
pub const DEFAULT_PORT: u16 = 8653;
/// Where they look when that is taken.
const FALLBACKS: u16 = 9;
/// How long the head of a request may take.
const HEAD_WITHIN: Duration = Duration::from_secs(5);
/// How long answers that are under way may take once the agent stops.
const GRACE: Duration = Duration::from_secs(5);
/// Connections at once. A browser opens six for each tab.
const CONNECTIONS: usize = 256;

/// Why the agent cannot listen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListenError {
    /// Something else listens there.
    #[error("port {port} is taken")]
    Taken {
        /// The port, or the last of those tried.
        port: u16,
    },
    /// The system refused.
    #[error("cannot listen on port {port}")]
    Io {
        /// The port.
        port: u16,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// Sockets on one port of every loopback address this machine has.
#[derive(Debug)]
pub struct Listening {
    port: u16,
    sockets: Vec<TcpListener>,
}

impl Listening {
    /// Listens on the port that was chosen, else on the default port or one of its fallbacks.
    ///
    /// Port 0 takes any that is free.
    ///
    /// # Errors
    /// When the port is taken, or all of them are.
    pub async fn bind(chosen: Option<u16>) -> Result<Self, ListenError> {
        let ports = match chosen {
            Some(port) => port..=port,
            None => DEFAULT_PORT..=DEFAULT_PORT + FALLBACKS,
        };
        let mut result = Err(ListenError::Taken { port: *ports.end() });
        for port in ports {
            result = Self::bind_port(port).await;
            if !matches!(result, Err(ListenError::Taken { .. })) {
                break;
            }
        }
        result
    }

    /// Takes the port on IPv6 too where there is IPv6: `localhost` must not lead to another program.
    async fn bind_port(port: u16) -> Result<Self, ListenError> {
        let first = socket(Ipv4Addr::LOCALHOST.into(), port).await?;
        let port = first.local_addr().map_err(|source| ListenError::Io { port, source })?.port();
        let mut sockets = vec![first];
        match socket(Ipv6Addr::LOCALHOST.into(), port).await {
            Ok(second) => sockets.push(second),
            Err(taken @ ListenError::Taken { .. }) => return Err(taken),
            Err(ListenError::Io { source, .. }) => tracing::debug!("no IPv6 loopback: {source}"),
        }
        Ok(Self { port, sockets })
    }

    /// The port that was taken.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Answers requests until `stop` turns true, and then those under way.
    pub async fn serve(self, app: Router, stop: watch::Receiver<bool>) {
        let room = Arc::new(Semaphore::new(CONNECTIONS));
        let mut accepting = JoinSet::new();
        for socket in self.sockets {
            accepting.spawn(accept(socket, app.clone(), stop.clone(), Arc::clone(&room)));
        }
        while accepting.join_next().await.is_some() {}
    }
}

async fn socket(address: IpAddr, port: u16) -> Result<TcpListener, ListenError> {
    TcpListener::bind((address, port)).await.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => ListenError::Taken { port },
        _ => ListenError::Io { port, source },
    })
}

async fn accept(
    socket: TcpListener,
    app: Router,
    mut stop: watch::Receiver<bool>,
    room: Arc<Semaphore>,
) {
    let mut connections = JoinSet::new();
    loop {
        let Ok(permit) = Arc::clone(&room).acquire_owned().await else { break };
        let accepted = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            accepted = socket.accept() => accepted,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, _)) => {
                let connection = converse(stream, app.clone(), stop.clone());
                connections.spawn(async move {
                    connection.await;
                    drop(permit);
                });
            }
            Err(error) => {
                // Out of descriptors, as a rule: wait for some to be given back.
                tracing::warn!("cannot accept a connection: {error}");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(socket);
    let ended = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(GRACE, ended).await;
}

async fn converse(stream: TcpStream, app: Router, mut stop: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(app);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stop.wait_for(|stop| *stop) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_that_is_taken_is_an_error_when_chosen() {
        let first = Listening::bind(Some(0)).await.unwrap();
        assert_ne!(first.port(), 0);
        let error = Listening::bind(Some(first.port())).await.unwrap_err();
        assert!(matches!(error, ListenError::Taken { port } if port == first.port()), "{error}");
    }
}
