//! Tokens: issuing, revoking.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Decide, check, visit};
use crate::access::{Action, Scope};
use crate::actor::{Actor, Role};
use crate::context::{Context, end_of};
use crate::desk::{Desk, Row};
use crate::record::Draft;
use crate::refusal::Refusal;
use crate::row::TokenRow;
use crate::settlement::number_of;
use crate::stop::Stop;

/// 发放访问令牌. The secret stays with whoever made it ([`crate::secret`]); the office sees its hash alone.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssueToken {
    /// Hexadecimal SHA-256 of the secret.
    pub hash: String,
    /// In which role it acts.
    pub role: Role,
    /// In whose name: an institution's id, a person's id, or the name of a member of staff.
    pub name: String,
    /// For which areas, for staff; empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Last day on which it is good; until it is revoked unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Date>,
}

/// 吊销访问令牌.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokeToken {
    /// The token's number.
    pub token: String,
}

impl Decide for IssueToken {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::KeepTokens, Scope::default())?;
        let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if self.hash.len() != 64 || !self.hash.bytes().all(hexadecimal) {
            return Err(Refusal::new("malformed_hash", "令牌的散列写法不对")
                .at("hash")
                .expected("64 位小写十六进制的 SHA-256")
                .into());
        }
        let name = check::text("name", &self.name)?;
        match self.role {
            Role::Institution => drop(visit::institution(desk, "name", &name)?),
            Role::Resident => drop(visit::person(desk, &name)?),
            Role::Clerk | Role::Reviewer | Role::Auditor => {}
            Role::Operator => {
                return Err(Refusal::new("unknown_value", "系统管理员不用令牌")
                    .at("role")
                    .found(self.role.name())
                    .expected("institution、clerk、reviewer、auditor、resident")
                    .into());
            }
        }
        let staff = matches!(self.role, Role::Clerk | Role::Reviewer | Role::Auditor);
        if !staff && !self.areas.is_empty() {
            return Err(Refusal::new("contradiction", "只有工作人员的令牌分统筹区").at("areas").into());
        }
        for (at, area) in self.areas.iter().enumerate() {
            check::area(&format!("areas[{at}]"), area)?;
        }
        let note = match self.note.trim() {
            "" => String::new(),
            note => check::text("note", note)?,
        };
        let expires_at = match self.expires_on {
            None => None,
            Some(day) if day < context.today => {
                return Err(Refusal::new("dates_go_back", "有效期已过")
                    .at("expires_on")
                    .found(day)
                    .expected(format!("{} 或以后", context.today))
                    .into());
            }
            Some(day) => Some(end_of(day)),
        };
        if desk.get::<TokenRow>(&self.hash)?.is_some() {
            return Err(Refusal::new("token_exists", "这个令牌已经发放过").at("hash").into());
        }
        let id = format!("T{}", context.seq);
        let token = TokenRow {
            id: id.clone(),
            actor: Actor { role: self.role, name, areas: self.areas.clone() },
            note,
            issued_at: context.now,
            expires_at,
            revoked_at: None,
        };
        let draft = Draft::new("issue_token", context.today)
            .leaving(&self.hash, &token)?
            .telling(json!({ "token": id, "role": self.role, "name": token.actor.name }));
        Ok(vec![draft])
    }
}

impl Decide for RevokeToken {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::KeepTokens, Scope::default())?;
        let missing = || Refusal::new("no_token", "没有这个令牌").at("token").found(&self.token);
        let seq = number_of('T', &self.token).map_err(|refusal| refusal.at("token"))?;
        let issued = desk.record(seq)?.ok_or_else(missing)?;
        let row =
            issued.after.iter().find(|after| issued.kind == "issue_token" && after.kind == TokenRow::KIND);
        let hash = &row.ok_or_else(missing)?.id;
        let mut token = (*desk.need::<TokenRow>(hash)?).clone();
        if token.revoked_at.is_some() {
            return Err(Refusal::new("token_revoked", "令牌已经吊销").at("token").found(&self.token).into());
        }
        token.revoked_at = Some(context.now);
        let draft = Draft::new("revoke_token", context.today)
            .leaving(hash, &token)?
            .telling(json!({ "token": self.token }));
        Ok(vec![draft])
    }
}
