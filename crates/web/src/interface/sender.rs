//! Which institution sends, by what the request's headers prove.

use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode};
use gongji_agency::actor::Role;

use super::plain::Plain;
use crate::agency::Agency;
use crate::caller;

/// The institution that a request proves to be from.
///
/// # Errors
/// 401 without proof, 403 for a token of somebody else, 503 where the store does not answer.
pub async fn of(agency: &Arc<Agency>, headers: &HeaderMap) -> Result<String, Plain> {
    let token = caller::bearer(headers).ok_or_else(|| {
        Plain::unproved("[no_proof] 没有说明是哪家机构：要有 Authorization: Bearer 令牌（gongji token issue institution 机构编码）")
    })?;
    let actor = caller::actor_of(agency, token).await.map_err(|problem| {
        if problem.status == StatusCode::UNAUTHORIZED.as_u16() {
            Plain::unproved("[unknown_token] 令牌无效：不存在、已吊销或已到期")
        } else {
            Plain::unavailable()
        }
    })?;
    if actor.role == Role::Institution {
        Ok(actor.name)
    } else {
        Err(Plain::no_institution(actor.role.label()))
    }
}
