//! Tokens, without anything that opens a door.

use serde::Serialize;

use super::{Page, rows, walk};
use crate::access::{Action, Scope};
use crate::actor::Actor;
use crate::context::Context;
use crate::desk::{Desk, Row};
use crate::row::TokenRow;
use crate::stop::Stop;

/// A token in a list. Times in milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenSeen {
    /// Its number.
    pub id: String,
    /// In whose name it acts.
    pub actor: Actor,
    /// What it is for.
    pub note: String,
    /// When it was issued.
    pub issued_at: i64,
    /// When it ends by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<i64>,
    /// Whether it is good now.
    pub good: bool,
}

/// Every token, in no order that means anything.
///
/// # Errors
/// The refusal `denied`.
pub fn tokens(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    after: &str,
    limit: usize,
) -> Result<Page<TokenSeen>, Stop> {
    context.allow(Action::KeepTokens, Scope::default())?;
    let now = context.now;
    walk(desk, (TokenRow::KIND, "", after), limit, |desk, part| {
        let ids: Vec<String> = part.iter().map(|(id, _)| id.clone()).collect();
        let shown = |token: TokenRow| TokenSeen {
            good: token.revoked_at.is_none() && token.expires_at.is_none_or(|expires| now < expires),
            id: token.id,
            actor: token.actor,
            note: token.note,
            issued_at: token.issued_at,
            expires_at: token.expires_at,
            revoked_at: token.revoked_at,
        };
        Ok(rows::<TokenRow>(desk, &ids)?.into_iter().map(|row| row.map(shown)).collect())
    })
}
