//! Which content coding of a file a client gets. RFC 9110 12.5.3.

use axum::http::{HeaderMap, header};

/// A form that the app's files are kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Brotli,
    Gzip,
    /// As it is.
    Identity,
}

/// From the smallest on, which is what decides between forms the client likes alike.
const ALL: [Coding; 3] = [Coding::Brotli, Coding::Gzip, Coding::Identity];

impl Coding {
    /// What the name of a file has behind it in this form.
    pub(super) const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }

    /// The value of `Content-Encoding`, if there is to be one.
    pub(super) const fn header(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    fn is_called(self, name: &str) -> bool {
        let names: &[&str] = match self {
            Self::Brotli => &["br"],
            // RFC 9110 8.4.1.3: the old name means the same.
            Self::Gzip => &["gzip", "x-gzip"],
            Self::Identity => &["identity"],
        };
        names.iter().any(|own| own.eq_ignore_ascii_case(name))
    }
}

/// The forms a client takes, the one it likes best first.
///
/// Without a word of the client's own, a file as it is will do, and nothing else; it may be refused only by name or
/// by `*`. What cannot be understood counts as refused.
pub(super) fn accepted(headers: &HeaderMap) -> Vec<Coding> {
    let wishes: Vec<(&str, u16)> = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(wish)
        .collect();
    let weight = |coding: Coding| {
        let named = wishes.iter().find(|(name, _)| coding.is_called(name));
        let any = || wishes.iter().find(|(name, _)| *name == "*");
        let unnamed = u16::from(coding == Coding::Identity);
        named.or_else(any).map_or(unnamed, |(_, weight)| *weight)
    };
    let mut accepted: Vec<Coding> = ALL.into_iter().filter(|&coding| weight(coding) > 0).collect();
    accepted.sort_by_key(|&coding| core::cmp::Reverse(weight(coding)));
    accepted
}

/// A name and its weight, in thousandths. RFC 9110 12.4.2.
fn wish(text: &str) -> (&str, u16) {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let weight = parts.next().map_or(Some(1000), |parameter| {
        let value = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="))?;
        thousandths(value)
    });
    (name, weight.unwrap_or(0))
}

fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let parts: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(parts),
        "1" if parts == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn accepted_by(values: &[&str]) -> Vec<Coding> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::ACCEPT_ENCODING, HeaderValue::from_str(value).unwrap());
        }
        accepted(&headers)
    }

    #[test]
    fn clients_get_what_they_like_best_and_the_smallest_of_that() {
        use Coding::{Brotli, Gzip, Identity};
        let rows: &[(&[&str], &[Coding])] = &[
            (&[], &[Identity]),
            (&[""], &[Identity]),
            (&["gzip, deflate, br, zstd"], &[Brotli, Gzip, Identity]),
            (&["gzip, deflate"], &[Gzip, Identity]),
            (&["gzip", "br"], &[Brotli, Gzip, Identity]),
            (&["GZIP;Q=0.5 , br ; q=0.4"], &[Gzip, Brotli, Identity]),
            (&["x-gzip"], &[Gzip, Identity]),
            (&["br;q=0, gzip;q=0.001"], &[Gzip, Identity]),
            (&["identity, br;q=0.5"], &[Identity, Brotli]),
            (&["*"], &[Brotli, Gzip, Identity]),
            (&["*;q=0.2, gzip;q=0.3"], &[Gzip, Brotli, Identity]),
            (&["br, *;q=0"], &[Brotli]),
            (&["identity;q=0"], &[]),
            (&["br;q=1.5, gzip;q=much, deflate;level=9"], &[Identity]),
            (&["br;q=1.000, gzip;q=0.9999"], &[Brotli, Identity]),
        ];
        for (values, expected) in rows {
            assert_eq!(accepted_by(values), *expected, "{values:?}");
        }
    }
}
