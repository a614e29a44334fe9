//! Who calls: the token in the `Authorization` header.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use gongji_agency::actor::Actor;
use gongji_agency::secret::actor_of_token;
use sha2::{Digest, Sha256};

use crate::Gongji;
use crate::agency::{Agency, look};
use crate::problem::Problem;

/// Whoever calls, with the agency that knows them.
pub struct Caller {
    /// In whose name.
    pub actor: Actor,
    /// The agency.
    pub agency: Arc<Agency>,
}

/// The longest token that is looked up.
const LONGEST: usize = 512;

/// The token of a request.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = text.split_once(' ')?;
    let token = token.trim();
    let fine = scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= LONGEST;
    fine.then_some(token)
}

/// The token of a page's request: as everywhere, or as the password that a browser asked for.
pub fn password(headers: &HeaderMap) -> Option<String> {
    if let Some(token) = bearer(headers) {
        return Some(token.to_owned());
    }
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = text.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") || encoded.len() > 2 * LONGEST {
        return None;
    }
    let decoded = BASE64_STANDARD.decode(encoded.trim()).ok()?;
    let (_, token) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    (!token.is_empty()).then(|| token.to_owned())
}

/// Whom a token acts for.
///
/// # Errors
/// 401 for one that is unknown, revoked or past its end; 503 where the store does not answer.
pub async fn actor_of(agency: &Arc<Agency>, token: &str) -> Result<Actor, Problem> {
    let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
    if let Some(actor) = agency.tokens.known(&hash) {
        return Ok(actor);
    }
    let age = agency.tokens.age();
    let secret = token.to_owned();
    let found = look(Arc::clone(agency), Actor::operator("gongji"), move |desk, context| {
        actor_of_token(desk, &secret, context.now)
    });
    let actor = found.await?;
    agency.tokens.keep(hash, actor.clone(), age);
    Ok(actor)
}

impl FromRequestParts<Gongji> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Gongji) -> Result<Caller, Problem> {
        let agency = state.agency.clone().ok_or_else(Problem::no_store)?;
        let token = bearer(&parts.headers).ok_or_else(Problem::no_token)?;
        let actor = actor_of(&agency, token).await?;
        Ok(Caller { actor, agency })
    }
}
