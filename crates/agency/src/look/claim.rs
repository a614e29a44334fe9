//! Claims: lists, and one with its lines, papers, payments and history.

use gongji_ledger::SubAccount;
use gongji_money::Fen;
use jiff::civil::Date;
use serde::Serialize;

use super::sight::seen;
use super::{Page, label_of, rows, walk};
use crate::access::{Action, Scope};
use crate::actor::Role;
use crate::context::Context;
use crate::desk::Desk;
use crate::reasons;
use crate::refusal::Refusal;
use crate::row::{Claim, ClaimStatus, DocumentKind, PaidTo, Payment, Verdict, mask};
use crate::stop::Stop;

/// A claim in a list.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimBrief {
    /// The claim.
    pub id: String,
    /// Whose.
    pub person: String,
    /// 参保地.
    pub area: String,
    /// Where the person was treated.
    pub institution: String,
    /// 医疗类别.
    pub care_type: String,
    /// The day of the bill.
    pub date: Date,
    /// What the bill costs.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub total: Fen,
    /// How it stands.
    pub status: ClaimStatus,
    /// The same for people.
    pub label: &'static str,
    /// What is owed to the person by it.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub due: Fen,
    /// What was paid of that.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub paid: Fen,
}

/// A line.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimLineSeen {
    /// From 1.
    pub line: usize,
    /// The item; empty where it is not matched.
    pub code: String,
    /// Its name on the bill.
    pub name: String,
    /// The day.
    pub on: Date,
    /// How many units.
    pub quantity: String,
    /// What it costs.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub amount: Fen,
    /// What was decided; `None` where nothing was yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// What goes by the catalogue.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub accepted: Fen,
    /// The coded reason.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The reason for people, with the note.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub words: String,
}

/// A paper.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentSeen {
    /// What kind.
    pub kind: DocumentKind,
    /// 票据代码和号码.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub no: String,
    /// Of an invoice, how much.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "1234.50"))]
    pub amount: Option<String>,
}

/// A payment; the number of a bank account is masked.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaymentSeen {
    /// The payment.
    pub id: String,
    /// The claim; `None` for a refund.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// The day.
    pub on: Date,
    /// How much.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub amount: Fen,
    /// Where it went, for people.
    pub to: String,
    /// The day on which it came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned_on: Option<Date>,
    /// Why.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub returned_for: String,
}

/// One step of a claim's history.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimStepSeen {
    /// The record.
    pub record: u64,
    /// The day.
    pub on: Date,
    /// What was done, for people.
    pub what: &'static str,
    /// In which role.
    pub role: Role,
    /// Who; not told to residents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// A claim with everything.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimSeen {
    /// As in a list.
    pub claim: ClaimBrief,
    /// 就医地.
    pub care_area: String,
    /// 入院日期.
    pub admitted_on: Date,
    /// 出院日期.
    pub discharged_on: Date,
    /// 备案类型.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filing: Option<String>,
    /// The lines.
    pub lines: Vec<ClaimLineSeen>,
    /// The papers.
    pub documents: Vec<DocumentSeen>,
    /// What it would come to: what the funds pay, while it waits for approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "1234.50"))]
    pub reckoned_fund_paid: Option<String>,
    /// The settlement; explained under its own address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement: Option<String>,
    /// Every payment.
    pub payments: Vec<PaymentSeen>,
    /// What was done, in order.
    pub history: Vec<ClaimStepSeen>,
}

fn brief(claim: &Claim) -> ClaimBrief {
    ClaimBrief {
        id: claim.id.clone(),
        person: claim.person.clone(),
        area: claim.area.clone(),
        institution: claim.institution.name.clone(),
        care_type: claim.care_type.clone(),
        date: claim.date,
        total: Fen::new(claim.lines.iter().map(|line| line.line.amount).sum()),
        status: claim.status,
        label: claim.status.label(),
        due: Fen::new(claim.due),
        paid: Fen::new(claim.paid),
    }
}

/// How a payment is shown.
fn payment_seen(payment: &Payment) -> PaymentSeen {
    let to = match &payment.to {
        PaidTo::Bank { holder, bank, number } => format!("{bank} {} {holder}", mask(number)),
        PaidTo::Account { area, sub_account: SubAccount::CurrentYear } => format!("{area} 当年账户"),
        PaidTo::Account { area, sub_account: SubAccount::CarriedOver } => format!("{area} 历年账户"),
    };
    let returned = payment.returned.as_ref();
    PaymentSeen {
        id: payment.id.clone(),
        claim: payment.claim.clone(),
        on: payment.on,
        amount: Fen::new(payment.amount),
        to,
        returned_on: returned.map(|returned| returned.on),
        returned_for: returned.map(|returned| worded(&returned.reason, &returned.note)).unwrap_or_default(),
    }
}

fn worded(reason: &str, note: &str) -> String {
    let label = if reason.is_empty() { "" } else { reasons::label_of(reason) };
    [label, note].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("：")
}

/// Claims of an area in order of submission; of one status, or of all.
///
/// # Errors
/// The refusal `denied`.
pub fn claims(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    (area, status): (&str, Option<ClaimStatus>),
    after: &str,
    limit: usize,
) -> Result<Page<ClaimBrief>, Stop> {
    context.allow(Action::SeeArea, Scope { area: Some(area), ..Scope::default() })?;
    let prefix = match status {
        Some(status) => format!("{area}/{}/", status.name()),
        None => format!("{area}/"),
    };
    listed(desk, ("claim_in", &prefix, after), limit)
}

/// Claims of a person in order of submission.
///
/// # Errors
/// The refusals `denied` and `no_person`.
pub fn claims_of(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    person: &str,
    after: &str,
    limit: usize,
) -> Result<Page<ClaimBrief>, Stop> {
    seen(desk, context, person)?;
    listed(desk, ("claim_of", &format!("{person}/"), after), limit)
}

fn listed(
    desk: &mut Desk<'_>,
    place: (&'static str, &str, &str),
    limit: usize,
) -> Result<Page<ClaimBrief>, Stop> {
    walk(desk, place, limit, |desk, part| {
        let number = |id: &str| id.rsplit('/').next().unwrap_or(id).trim_start_matches('0').to_owned();
        let ids: Vec<String> = part.iter().map(|(id, _)| format!("R{}", number(id))).collect();
        Ok(rows::<Claim>(desk, &ids)?.into_iter().map(|claim| claim.as_ref().map(brief)).collect())
    })
}

/// A claim, for whoever may see the person.
///
/// # Errors
/// The refusals `no_claim` and `denied`.
pub fn claim(desk: &mut Desk<'_>, context: &Context<'_>, id: &str) -> Result<ClaimSeen, Stop> {
    context.may(Action::SeePerson)?;
    let missing = || Refusal::new("no_claim", "没有这项报销申请").at("claim").found(id);
    let resident = context.actor.role == Role::Resident;
    let claim = desk
        .get::<Claim>(id)?
        .filter(|claim| !resident || claim.person == context.actor.name)
        .ok_or_else(missing)?;
    let scope = Scope { area: Some(&claim.area), person: Some(&claim.person), institution: None };
    context.allow(Action::SeePerson, scope)?;
    let lines = claim.lines.iter().enumerate().map(|(at, line)| {
        let decision = line.decision.as_ref();
        let accepted = decision.map_or(0, |decision| match decision.verdict {
            Verdict::Accept => line.line.amount,
            Verdict::Reduce => decision.accepted.unwrap_or(0),
            Verdict::Refuse => 0,
        });
        ClaimLineSeen {
            line: at + 1,
            code: line.line.code.clone(),
            name: line.line.name.clone(),
            on: line.line.on,
            quantity: line.line.quantity.clone(),
            amount: Fen::new(line.line.amount),
            verdict: decision.map(|decision| decision.verdict),
            accepted: Fen::new(accepted),
            reason: decision.map(|decision| decision.reason.clone()).unwrap_or_default(),
            words: decision.map(|decision| worded(&decision.reason, &decision.note)).unwrap_or_default(),
        }
    });
    let documents = claim.documents.iter().map(|document| DocumentSeen {
        kind: document.kind,
        no: [document.code.as_str(), document.no.as_str()].concat(),
        amount: document.amount.map(|fen| Fen::new(fen).to_string()),
    });
    let payments = rows::<Payment>(desk, &claim.payments)?.into_iter().flatten();
    let history = claim.history.iter().map(|step| ClaimStepSeen {
        record: step.seq,
        on: step.on,
        what: label_of(&step.what),
        role: step.role,
        by: (!resident).then(|| step.by.clone()),
        reason: step.reason.clone(),
    });
    Ok(ClaimSeen {
        claim: brief(&claim),
        care_area: claim.institution.area.clone(),
        admitted_on: claim.admitted_on,
        discharged_on: claim.discharged_on,
        filing: claim.filing.clone(),
        lines: lines.collect(),
        documents: documents.collect(),
        reckoned_fund_paid: claim.reckoned.as_ref().map(|reckoned| Fen::new(reckoned.fund_paid).to_string()),
        settlement: claim.settlement.clone(),
        payments: payments.map(|payment| payment_seen(&payment)).collect(),
        history: history.collect(),
    })
}

/// Every payment to a person, in order.
///
/// # Errors
/// The refusals `denied` and `no_person`.
pub fn payments(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    person: &str,
    after: &str,
    limit: usize,
) -> Result<Page<PaymentSeen>, Stop> {
    seen(desk, context, person)?;
    walk(desk, ("payment_of", &format!("{person}/"), after), limit, |desk, part| {
        let number = |id: &str| id.rsplit('/').next().unwrap_or(id).trim_start_matches('0').to_owned();
        let ids: Vec<String> = part.iter().map(|(id, _)| format!("D{}", number(id))).collect();
        let payments = rows::<Payment>(desk, &ids)?;
        Ok(payments.into_iter().map(|payment| payment.as_ref().map(payment_seen)).collect())
    })
}
