//! 受理手工报销: a bill that a person paid, with its lines and papers.

use gongji_money::Fen;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::institution::InstitutionFacts;
use super::visit::{check_terms, institution, person};
use super::{Decide, check};
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{
    Claim, ClaimLine, ClaimStatus, ClaimStep, Document, DocumentKind, Institution, Invoice, Line,
};
use crate::settlement::check_line;
use crate::stop::Stop;

/// So many lines and papers a claim has at most.
const MOST_LINES: usize = 2_000;
const MOST_DOCUMENTS: usize = 100;

/// Where the bill is from: an institution of the agency by its code, or any other by name, area and facts.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimInstitution {
    /// 机构编码, where the agency knows the institution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// 名称, of any other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// 就医地, of any other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// Level and so on, of any other.
    #[serde(default)]
    pub facts: InstitutionFacts,
}

/// A line of the bill. Money as text in yuan.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimLineAsked {
    /// The item's code in the catalogue; left out where it is not matched yet.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// Its name on the bill.
    pub name: String,
    /// The day of the service; that of admission unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// How many units, as text.
    pub quantity: String,
    /// The price of one unit.
    #[serde(with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub unit_price: Fen,
    /// What the line costs.
    #[serde(with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub amount: Fen,
}

/// A paper.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentAsked {
    /// What kind.
    pub kind: DocumentKind,
    /// 票据代码.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// 号码; an invoice has one, and it is used once.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub no: String,
    /// Of an invoice, how much was paid.
    #[serde(default, with = "crate::yuan::optional", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "1234.50"))]
    pub amount: Option<Fen>,
}

/// 受理手工报销.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubmitClaim {
    /// 人员编号.
    pub person: String,
    /// Where the person was treated.
    pub institution: ClaimInstitution,
    /// 医疗类别.
    pub care_type: String,
    /// The day of the bill.
    pub date: Date,
    /// 入院日期; the day of the bill unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admitted_on: Option<Date>,
    /// 出院日期; the day of the bill unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discharged_on: Option<Date>,
    /// 备案类型 of care away from home; `none` unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filing: Option<String>,
    /// 急诊转住院.
    #[serde(default)]
    pub from_emergency: bool,
    /// 就医原因.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Diseases by names of the pack.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// The lines.
    pub lines: Vec<ClaimLineAsked>,
    /// The papers, an invoice among them; what invoices say was paid is what the lines cost.
    pub documents: Vec<DocumentAsked>,
    /// Whether the own account may pay what the rules let it.
    #[serde(default)]
    pub use_account: bool,
    /// Whether relatives' accounts may pay what the rules let them.
    #[serde(default)]
    pub use_mutual_aid: bool,
}

impl SubmitClaim {
    /// The institution, as it is registered or as the claim tells it.
    fn place(&self, desk: &mut Desk<'_>) -> Result<Institution, Stop> {
        let asked = &self.institution;
        let missing =
            |field: &str| Refusal::new("missing_field", "缺少字段").at(format!("institution.{field}"));
        if let Some(code) = &asked.code {
            if asked.name.is_some() || asked.area.is_some() || asked.facts != InstitutionFacts::default() {
                return Err(Refusal::new("contradiction", "写了机构编码，就不能另写名称、地区和级别")
                    .at("institution")
                    .found(code)
                    .into());
            }
            return Ok((*institution(desk, "institution.code", code)?).clone());
        }
        let name = asked.name.as_deref().ok_or_else(|| missing("name"))?;
        let area = asked.area.as_deref().ok_or_else(|| missing("area"))?;
        check::area("institution.area", area)?;
        let name = check::text("institution.name", name)?;
        Ok(asked.facts.described(&name, area)?)
    }

    fn lines(&self, context: &Context<'_>, admitted_on: Date) -> Result<(Vec<ClaimLine>, Fen), Stop> {
        if self.lines.is_empty() || self.lines.len() > MOST_LINES {
            return Err(Refusal::new("line_count", "明细条数不对")
                .at("lines")
                .found(self.lines.len())
                .expected(format!("1 到 {MOST_LINES} 条"))
                .into());
        }
        let mut total = Fen::ZERO;
        let mut lines = Vec::with_capacity(self.lines.len());
        for (at, asked) in self.lines.iter().enumerate() {
            let on = asked.on.unwrap_or(admitted_on);
            context.not_future(&format!("lines[{at}].on"), on)?;
            if on < admitted_on || on > self.date {
                return Err(Refusal::new("dates_go_back", "明细的日期不在就医期间")
                    .at(format!("lines[{at}].on"))
                    .found(on)
                    .expected(format!("{admitted_on} 至 {}", self.date))
                    .into());
            }
            check::some_money(&format!("lines[{at}].amount"), asked.amount)?;
            let line = Line {
                code: asked.code.clone(),
                name: asked.name.clone(),
                on,
                quantity: asked.quantity.clone(),
                unit_price: asked.unit_price.fen(),
                amount: asked.amount.fen(),
                cancelled: false,
                returns: None,
            };
            check_line((at, &line))?;
            total = total
                .checked_add(asked.amount)
                .filter(|total| *total <= Fen::LIMIT)
                .ok_or_else(|| Refusal::new("too_large", "明细合计超出范围").at("lines"))?;
            lines.push(ClaimLine { line, decision: None });
        }
        Ok((lines, total))
    }

    /// The papers. Every invoice is new, and together they say what the lines cost.
    fn documents(&self, desk: &mut Desk<'_>, total: Fen) -> Result<Vec<Document>, Stop> {
        if self.documents.len() > MOST_DOCUMENTS {
            return Err(Refusal::new("too_many", "材料太多")
                .at("documents")
                .found(self.documents.len())
                .expected(format!("至多 {MOST_DOCUMENTS} 份"))
                .into());
        }
        let mut documents: Vec<Document> = Vec::with_capacity(self.documents.len());
        let mut paid = Fen::ZERO;
        for (at, asked) in self.documents.iter().enumerate() {
            let field = |name: &str| format!("documents[{at}].{name}");
            let amount = asked.amount.map(Fen::fen);
            let document =
                Document { kind: asked.kind, code: asked.code.clone(), no: asked.no.clone(), amount };
            if let Some(id) = document.invoice_id() {
                check::code(&field("no"), &asked.no)?;
                if !asked.code.is_empty() {
                    check::code(&field("code"), &asked.code)?;
                }
                let amount = asked
                    .amount
                    .ok_or_else(|| Refusal::new("missing_field", "要写明票据金额").at(field("amount")))?;
                paid =
                    paid.checked_add(amount).ok_or_else(|| Refusal::new("too_large", "票据合计超出范围"))?;
                let twice = documents.iter().any(|known| known.invoice_id().as_ref() == Some(&id));
                let used = desk.get::<Invoice>(&id)?;
                if twice || used.is_some() {
                    let refusal =
                        Refusal::new("invoice_used", "这张票据已经报销过").at(field("no")).found(&id);
                    return Err(match used {
                        // Whose claim it is, is not told.
                        Some(_) => {
                            refusal.hint("同一张票据只能报销一次；前一次撤回或撤销以后可以再报").into()
                        }
                        None => refusal.hint("同一次申请里写了两次").into(),
                    });
                }
            } else if !asked.no.is_empty() {
                check::text(&field("no"), &asked.no)?;
            }
            documents.push(document);
        }
        if !documents.iter().any(|document| document.kind == DocumentKind::Invoice) {
            return Err(Refusal::new("no_invoice", "没有票据")
                .at("documents")
                .expected("至少一张 invoice")
                .into());
        }
        if paid != total {
            return Err(Refusal::new("invoices_differ", "票据合计与明细合计不一致")
                .at("documents")
                .found(paid)
                .expected(total)
                .into());
        }
        Ok(documents)
    }
}

/// One step of a claim's history.
pub(super) fn step(context: &Context<'_>, what: &str, reason: &str) -> ClaimStep {
    ClaimStep {
        seq: context.seq,
        on: context.today,
        what: what.to_owned(),
        role: context.actor.role,
        by: context.actor.name.clone(),
        reason: reason.to_owned(),
    }
}

/// The claim of an id.
///
/// # Errors
/// The refusal `no_claim`.
pub(super) fn claim_of(desk: &mut Desk<'_>, id: &str) -> Result<std::sync::Arc<Claim>, Stop> {
    desk.get::<Claim>(id)?
        .ok_or_else(|| Refusal::new("no_claim", "没有这项报销申请").at("claim").found(id).into())
}

/// The claim of an id that stands so, for an action in its area.
///
/// # Errors
/// The refusals `no_claim`, `denied`, `claim_status`.
pub(super) fn claim_at(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    id: &str,
    (action, status): (Action, ClaimStatus),
) -> Result<Claim, Stop> {
    context.may(action)?;
    let claim = claim_of(desk, id)?;
    context.allow(action, Scope { area: Some(&claim.area), ..Scope::default() })?;
    stands(&claim, status)?;
    Ok((*claim).clone())
}

/// Checks that a claim stands so.
///
/// # Errors
/// The refusal `claim_status`.
pub(super) fn stands(claim: &Claim, status: ClaimStatus) -> Result<(), Refusal> {
    if claim.status == status {
        return Ok(());
    }
    Err(Refusal::new("claim_status", "报销申请的状态不对")
        .at("claim")
        .found(format!("{} {}", claim.id, claim.status.label()))
        .expected(status.label()))
}

/// The draft that leaves a claim as it is now, listed under its status.
pub(super) fn leave(mut draft: Draft, before: ClaimStatus, claim: &Claim) -> Result<Draft, Stop> {
    if before != claim.status {
        let old = Claim { status: before, ..claim.clone() };
        draft.after.push(After::gone("claim_in", &old.listed()));
        draft.after.push(After::listed("claim_in", &claim.listed())?);
    }
    Ok(draft.leaving(&claim.id, claim)?)
}

impl Decide for SubmitClaim {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.may(Action::Reimburse)?;
        let own = Scope { person: Some(&self.person), ..Scope::default() };
        if context.actor.role == crate::actor::Role::Resident {
            // Whether there is somebody else of that number is not told.
            context.allow(Action::Reimburse, own)?;
        }
        let person = person(desk, &self.person)?;
        context.not_future("date", self.date)?;
        let admitted_on = self.admitted_on.unwrap_or(self.date);
        let discharged_on = self.discharged_on.unwrap_or(self.date);
        if discharged_on < admitted_on || discharged_on > self.date {
            return Err(Refusal::new("dates_go_back", "入院、出院、结算的日期先后不对")
                .at("discharged_on")
                .found(format!("入院 {admitted_on}，出院 {discharged_on}，结算 {}", self.date))
                .into());
        }
        let covered = person.cover_on(discharged_on).map(|cover| cover.area.clone());
        let known = covered.as_deref().or(person.covers.last().map(|cover| cover.area.as_str()));
        context.allow(Action::Reimburse, Scope { area: known, ..own })?;
        let Some(area) = covered else {
            let refusal = Refusal::new("not_covered", "就医时没有参保").at("date").found(discharged_on);
            return Err(refusal.into());
        };
        let place = self.place(desk)?;
        let (lines, total) = self.lines(context, admitted_on)?;
        let documents = self.documents(desk, total)?;
        let id = format!("R{}", context.seq);
        let away = place.area != area;
        let claim = Claim {
            id: id.clone(),
            person: person.id.clone(),
            area,
            institution: place,
            care_type: self.care_type.clone(),
            date: self.date,
            admitted_on,
            discharged_on,
            filing: self.filing.clone().or_else(|| away.then(|| "none".to_owned())),
            from_emergency: self.from_emergency,
            cause: self.cause.clone(),
            conditions: self.conditions.clone(),
            use_account: self.use_account,
            use_mutual_aid: self.use_mutual_aid,
            lines,
            documents,
            status: ClaimStatus::Open,
            submitted_by: context.actor.name.clone(),
            decided_by: Vec::new(),
            reported_by: String::new(),
            reckoned: None,
            settlement: None,
            due: 0,
            paid: 0,
            payments: Vec::new(),
            history: vec![step(context, "submit_claim", "")],
        };
        check_terms("", &claim.care_type, claim.filing.as_deref(), claim.cause.as_deref())?;
        let mut draft =
            Draft::new("submit_claim", context.today).about(&claim.person).leaving(&id, &claim)?;
        draft.after.push(After::listed("claim_in", &claim.listed())?);
        draft.after.push(After::listed("claim_of", &format!("{}/{}", claim.person, claim.order()))?);
        for invoice in claim.documents.iter().filter_map(Document::invoice_id) {
            draft = draft.leaving(&invoice, &Invoice { claim: id.clone() })?;
        }
        Ok(vec![draft.telling(json!({ "claim": id, "total": total.to_string() }))])
    }
}
