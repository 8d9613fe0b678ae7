//! Who is asking: web origins, compared as exact strings.

/// The origins of the pages the agent itself serves on `port`.
///
/// The agent listens on both loopback addresses where the machine has both, so that none of these names
/// can belong to another program.
#[must_use]
pub(super) fn own_origins(port: u16) -> [String; 3] {
    own_hosts(port).map(|host| format!("http://{host}"))
}

/// The values of `Host` that mean this agent. Any other is a name an attacker has pointed at us.
#[must_use]
pub(super) fn own_hosts(port: u16) -> [String; 3] {
    // That of the scheme is left out. RFC 9110 4.2.3, 7.2.
    let authority = |name: &str| match port {
        80 => name.to_owned(),
        port => format!("{name}:{port}"),
    };
    ["127.0.0.1", "localhost", "[::1]"].map(authority)
}

/// Whether a page of this origin may be paired: an `https` site, or a page on this machine.
///
/// An origin is a scheme, a host and at most a port (RFC 6454 6.2), in lower case as browsers send it.
#[must_use]
pub(super) fn may_be_paired(origin: &str) -> bool {
    let (secure, rest) = match origin.split_once("://") {
        Some(("https", rest)) => (true, rest),
        Some(("http", rest)) => (false, rest),
        _ => return false,
    };
    let (host, port) = split_port(rest);
    let port_fits = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number > 0));
    port_fits && is_host(host) && (secure || is_loopback(host))
}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return inner.parse::<core::net::Ipv6Addr>().is_ok();
    }
    !host.is_empty()
        && !host.starts_with('.')
        && host.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._".contains(&b))
}

fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::{may_be_paired, own_hosts, own_origins};

    #[test]
    fn the_port_of_the_scheme_is_left_out() {
        assert_eq!(own_hosts(8653)[1], "localhost:8653");
        assert_eq!(own_hosts(80), ["127.0.0.1", "localhost", "[::1]"]);
        assert_eq!(own_origins(80)[0], "http://127.0.0.1");
    }

    #[test]
    fn only_secure_origins_may_be_paired() {
        for good in [
            "https://discwright.example",
            "https://discwright.example:8443",
            "http://localhost:5173",
            "http://127.0.0.1:5173",
            "http://[::1]:5173",
            "https://[2001:db8::1]",
        ] {
            assert!(may_be_paired(good), "{good}");
        }
        for bad in [
            "null",
            "",
            "http://discwright.example",
            "http://localhost.example:5173",
            "https://",
            "https://user@discwright.example",
            "https://discwright.example/",
            "https://Discwright.example",
            "https://discwright.example:0",
            "https://discwright.example:99999",
            "https://discwright.example:",
            "file://",
            "chrome-extension://abcdef",
            "https://[::1",
        ] {
            assert!(!may_be_paired(bad), "{bad}");
        }
    }
}
