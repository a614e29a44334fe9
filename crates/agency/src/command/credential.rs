//! Credentials: social security card and electronic credential.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Decide, check};
use crate::access::Action;
use crate::context::Context;
use crate::desk::Desk;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{CertificateHolder, Credential, CredentialKind, CredentialStatus};
use crate::stop::Stop;

/// 发放凭证.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssueCredential {
    /// 人员编号.
    pub person: String,
    /// Card or electronic.
    pub credential: CredentialKind,
    /// Its number.
    pub number: String,
}

/// 激活凭证; also after it was found again.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivateCredential {
    /// 人员编号.
    pub person: String,
    /// The credential's number.
    pub number: String,
}

/// 挂失凭证.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportCredentialLost {
    /// 人员编号.
    pub person: String,
    /// The credential's number.
    pub number: String,
}

/// 注销凭证.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelCredential {
    /// 人员编号.
    pub person: String,
    /// The credential's number.
    pub number: String,
    /// Why.
    pub reason: String,
}

impl CredentialStatus {
    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            CredentialStatus::Issued => "待激活",
            CredentialStatus::Active => "正常",
            CredentialStatus::Lost => "挂失",
            CredentialStatus::Cancelled => "注销",
        }
    }
}

/// The id of the row that says whose credential it is.
fn holder_id(kind: CredentialKind, number: &str) -> String {
    format!("{}/{number}", kind.name())
}

impl Decide for IssueCredential {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let mut person = (*check::kept_person(desk, context, Action::KeepPeople, &self.person)?).clone();
        check::code("number", &self.number)?;
        if let Some(died) = person.died_on {
            return Err(Refusal::new("person_died", "参保人已经死亡").at("person").found(died).into());
        }
        let in_use = |known: &&Credential| {
            known.kind == self.credential
                && matches!(known.status, CredentialStatus::Issued | CredentialStatus::Active)
        };
        if let Some(known) = person.credentials.iter().find(in_use) {
            return Err(Refusal::new("credential_exists", format!("已有一张{}", self.credential.label()))
                .at("credential")
                .found(known.status.label())
                .hint("先挂失或注销")
                .into());
        }
        let id = holder_id(self.credential, &self.number);
        if desk.get::<CertificateHolder>(&id)?.is_some() {
            return Err(Refusal::new("credential_taken", "这个凭证号码已经发放过")
                .at("number")
                .found(crate::row::mask(&self.number))
                .into());
        }
        person.credentials.push(Credential {
            kind: self.credential,
            number: self.number.clone(),
            status: CredentialStatus::Issued,
            since: context.today,
        });
        let draft = Draft::new("issue_credential", context.today)
            .about(&person.id)
            .leaving(&person.id, &person)?
            .leaving(&id, &CertificateHolder { person: person.id.clone() })?
            .telling(json!({ "person": person.id, "credential": self.credential, "status": "issued" }));
        Ok(vec![draft])
    }
}

/// Moves a credential to another status from one of these.
fn change(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    kind: &'static str,
    (id, number): (&str, &str),
    (from, to): (&[CredentialStatus], CredentialStatus),
) -> Result<Draft, Stop> {
    let mut person = (*check::kept_person(desk, context, Action::KeepPeople, id)?).clone();
    let missing =
        || Refusal::new("no_credential", "没有这张凭证").at("number").found(crate::row::mask(number));
    // A number that was cancelled may be issued again: the last is meant.
    let at = person.credentials.iter().rposition(|known| known.number == number).ok_or_else(missing)?;
    let credential = person.credentials[at].clone();
    if !from.contains(&credential.status) {
        let expected: Vec<&str> = from.iter().map(|status| status.label()).collect();
        return Err(Refusal::new("credential_status", "凭证的状态不允许这样办理")
            .at("number")
            .found(credential.status.label())
            .expected(expected.join("、"))
            .into());
    }
    if to == CredentialStatus::Active {
        if let Some(died) = person.died_on {
            return Err(Refusal::new("person_died", "参保人已经死亡").at("person").found(died).into());
        }
        // A lost card that was found again does not come beside the one that replaced it.
        let other = person.credentials.iter().enumerate().any(|(other, known)| {
            other != at
                && known.kind == credential.kind
                && matches!(known.status, CredentialStatus::Issued | CredentialStatus::Active)
        });
        if other {
            return Err(Refusal::new("credential_exists", format!("已另发一张{}", credential.kind.label()))
                .at("number")
                .hint("先注销另一张")
                .into());
        }
    }
    person.credentials[at].status = to;
    person.credentials[at].since = context.today;
    let mut draft = Draft::new(kind, context.today).about(id).leaving(id, &person)?;
    if to == CredentialStatus::Cancelled {
        draft.after.push(After::gone("certificate", &holder_id(credential.kind, number)));
    }
    Ok(draft.telling(json!({ "person": id, "credential": credential.kind, "status": to })))
}

impl Decide for ActivateCredential {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let from = [CredentialStatus::Issued, CredentialStatus::Lost];
        let step = (from.as_slice(), CredentialStatus::Active);
        Ok(vec![change(desk, context, "activate_credential", (&self.person, &self.number), step)?])
    }
}

impl Decide for ReportCredentialLost {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let from = [CredentialStatus::Issued, CredentialStatus::Active];
        let step = (from.as_slice(), CredentialStatus::Lost);
        Ok(vec![change(desk, context, "report_credential_lost", (&self.person, &self.number), step)?])
    }
}

impl Decide for CancelCredential {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let reason = check::reason(&self.reason)?;
        let from = [CredentialStatus::Issued, CredentialStatus::Active, CredentialStatus::Lost];
        let step = (from.as_slice(), CredentialStatus::Cancelled);
        let mut draft = change(desk, context, "cancel_credential", (&self.person, &self.number), step)?;
        draft.result["reason"] = json!(reason);
        Ok(vec![draft])
    }
}
