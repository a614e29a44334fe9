//! Requests that a page from elsewhere made a browser send.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::Gongji;
use crate::problem::Problem;

/// A request that comes from this server's own pages, or from no browser, to a name that is ours.
pub struct OwnOrigin;

/// The host of `host`, `host:port`, `[address]:port`.
fn host_of(authority: &str) -> &str {
    if let Some(rest) = authority.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    authority.rsplit_once(':').map_or(authority, |(host, _)| host)
}

fn is_ours(host: &str, names: &[String]) -> bool {
    host.parse::<IpAddr>().is_ok()
        || host.eq_ignore_ascii_case("localhost")
        || names.iter().any(|name| name.eq_ignore_ascii_case(host))
}

/// Why a request is not taken; `None` where it is.
fn stranger(headers: &HeaderMap, names: &[String]) -> Option<&'static str> {
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let authority = text(header::HOST).unwrap_or_default();
    if headers.contains_key(header::HOST) && !is_ours(host_of(authority), names) {
        return Some("Host");
    }
    let origin = text(header::ORIGIN)?;
    let from = origin.split_once("://").map_or("", |(_, authority)| authority);
    (from.is_empty() || !from.eq_ignore_ascii_case(authority)).then_some("Origin")
}

impl FromRequestParts<Gongji> for OwnOrigin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Gongji) -> Result<OwnOrigin, Problem> {
        match stranger(&parts.headers, &state.options.hosts) {
            None => Ok(OwnOrigin),
            Some(header) => Err(Problem::stranger(header)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(host: &str, origin: Option<&str>) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        stranger(&headers, &["agency.example".to_owned()])
    }

    #[test]
    fn only_our_own_pages_and_names_are_taken() {
        assert_eq!(refused("127.0.0.1:8080", None), None);
        assert_eq!(refused("[::1]:8080", None), None);
        assert_eq!(refused("localhost:8080", Some("http://localhost:8080")), None);
        assert_eq!(refused("Agency.example", Some("https://agency.example")), None);
        assert_eq!(refused("evil.example:8080", None), Some("Host"));
        assert_eq!(refused("127.0.0.1:8080", Some("http://evil.example")), Some("Origin"));
        assert_eq!(refused("127.0.0.1:8080", Some("http://127.0.0.1:8081")), Some("Origin"));
        assert_eq!(refused("127.0.0.1:8080", Some("null")), Some("Origin"));
        assert_eq!(stranger(&HeaderMap::new(), &[]), None);
    }
}
