//! `GET /api/v1/settlements/{id}`: what was booked, explained, and what it did to later ones.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use gongji_agency::Stop;
use gongji_agency::access::{Action, Scope, allowed, check_any};
use gongji_agency::context::Context;
use gongji_agency::desk::Desk;
use gongji_agency::port::StoreError;
use gongji_agency::record::Record;
use gongji_agency::refusal::Refusal;
use gongji_agency::row::Reversal;
use gongji_agency::settlement::{self, Settlement, affected_by, explained, number_of};
use gongji_cases::answer::{BillAnswer, Yuan};
use gongji_ledger::Posting;
use serde::Serialize;
use utoipa::ToSchema;

use super::asked::Asked;
use super::bill::BookedBill;
use crate::Gongji;
use crate::agency::{Agency, look};
use crate::caller::Caller;
use crate::problem::Problem;

/// One posting of an entry.
#[derive(Serialize, ToSchema)]
pub struct PostingView {
    /// 账户编码.
    #[schema(example = "990201/fund/employee/pooled")]
    pub account: String,
    /// 金额, credit positive, yuan.
    #[schema(value_type = String, example = "-20632.88")]
    pub amount: Yuan,
}

/// A settlement in the journal.
#[derive(Serialize, ToSchema)]
pub struct SettlementDetail {
    /// 记录号.
    pub seq: u64,
    /// 结算日期.
    #[schema(example = "2026-03-05")]
    pub date: String,
    /// When it was booked: milliseconds since 1970.
    pub booked_at: i64,
    /// Who booked it: role and name.
    #[schema(example = "institution:H1")]
    pub actor: String,
    /// `booked` or `cancelled`.
    #[schema(example = "booked")]
    pub status: &'static str,
    /// The record that cancelled it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancelled_by: Option<u64>,
    /// What was booked.
    pub bill: BookedBill,
    /// The entry in the books of the areas; only for those who may see an area's books.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<Vec<PostingView>>,
}

/// A cell that was booked otherwise than it comes out. Amounts in yuan.
#[derive(Serialize, ToSchema)]
pub struct DeviationView {
    /// The portion.
    row: String,
    /// The layer; empty for what remains as cash.
    layer: String,
    /// Whose money.
    payer: String,
    /// For relatives' money the place in the order of grants.
    #[serde(skip_serializing_if = "Option::is_none")]
    relative: Option<u8>,
    /// What was booked.
    #[schema(value_type = String)]
    booked: Yuan,
    /// What comes out.
    #[schema(value_type = String)]
    computed: Yuan,
}

/// A booked settlement with every word, as computed then.
#[derive(Serialize, ToSchema)]
pub struct Explanation {
    /// 结算编号.
    #[schema(example = "S12")]
    settlement: String,
    /// Whether the same table comes out today, to the fen.
    agrees: bool,
    /// Every cell that differs; empty where they agree.
    deviations: Vec<DeviationView>,
    /// Hash of all texts of the rules under which it was booked.
    edition: String,
    /// Whether those are the rules that the program runs under now.
    edition_is_current: bool,
    /// The explained bill, in the form of a quote's result.
    #[schema(value_type = Object)]
    bill: BillAnswer,
}

/// A later settlement that would come out otherwise today. Differences in yuan: what it would be less what it is.
#[derive(Serialize, ToSchema)]
pub struct AffectedView {
    /// 结算编号.
    settlement: String,
    /// 基金支付总额.
    #[schema(value_type = String, example = "-120.00")]
    fund_paid: Yuan,
    /// 个人账户支付.
    #[schema(value_type = String)]
    account_paid: Yuan,
    /// 家庭共济支付.
    #[schema(value_type = String)]
    mutual_aid_paid: Yuan,
    /// 医院负担.
    #[schema(value_type = String)]
    hospital_borne: Yuan,
    /// 现金.
    #[schema(value_type = String, example = "120.00")]
    cash_paid: Yuan,
}

/// The settlement of an id and its record, for somebody who may see it: the person, the institution that treated, staff of the area.
///
/// # Errors
/// `no_settlement`, `denied`.
pub fn find(desk: &mut Desk<'_>, context: &Context<'_>, id: &str) -> Result<Record, Stop> {
    let seq = number_of('S', id).map_err(|refusal| refusal.at("id"))?;
    let missing = || Refusal::new("no_settlement", "没有这笔结算").at("id").found(id);
    let record = desk.record(seq)?.ok_or_else(missing)?;
    let made = record.settlement.as_deref().ok_or_else(missing)?;
    may_see(context, made)?;
    Ok(record)
}

fn may_see(context: &Context<'_>, made: &Settlement) -> Result<(), Stop> {
    let person = Scope { area: Some(&made.area), person: Some(&made.person), institution: None };
    let own = Scope { institution: made.settles_with(), ..Scope::default() };
    Ok(check_any(context.actor, &[(Action::SeePerson, person), (Action::Treat, own)])?)
}

/// The settlement of a record that [`find`] found.
fn settlement_of(record: &Record) -> Result<&Settlement, Stop> {
    let missing = || Stop::from(StoreError::Corrupt(format!("第 {} 条记录没有结算", record.seq)));
    record.settlement.as_deref().ok_or_else(missing)
}

/// The record that cancelled a settlement.
///
/// # Errors
/// Those of the store.
pub fn cancelled_by(desk: &mut Desk<'_>, seq: u64) -> Result<Option<u64>, Stop> {
    Ok(desk.get::<Reversal>(&settlement::reversal_id(seq))?.map(|reversal| reversal.by))
}

fn detail(desk: &mut Desk<'_>, context: &Context<'_>, id: &str) -> Result<SettlementDetail, Stop> {
    let record = find(desk, context, id)?;
    let cancelled_by = cancelled_by(desk, record.seq)?;
    let made = settlement_of(&record)?.clone();
    let books = Scope { area: Some(&made.area), ..Scope::default() };
    let entry = allowed(context.actor, Action::SeeArea, books).then(|| {
        let posting = |Posting(account, fen): &Posting| PostingView {
            account: account.to_string(),
            amount: Yuan::of_fen(*fen),
        };
        record.entry.postings().iter().map(posting).collect()
    });
    Ok(SettlementDetail {
        seq: record.seq,
        date: record.date.to_string(),
        booked_at: record.booked_at,
        actor: record.actor.scope(),
        status: if cancelled_by.is_some() { "cancelled" } else { "booked" },
        cancelled_by,
        bill: BookedBill::of(made),
        entry,
    })
}

/// Explains a settlement under the rules of its own edition.
///
/// # Errors
/// As [`find`]; an edition that cannot be read any more.
pub fn explain(
    agency: &Agency,
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    id: &str,
) -> Result<(Record, settlement::Explained), Stop> {
    let record = find(desk, context, id)?;
    let told = explain_made(agency, desk, context, settlement_of(&record)?)?;
    Ok((record, told))
}

/// Explains a settlement, whether it is booked or not, under the rules of its own edition.
///
/// # Errors
/// An edition that cannot be read any more.
pub fn explain_made(
    agency: &Agency,
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    made: &Settlement,
) -> Result<settlement::Explained, Stop> {
    if made.edition == context.edition {
        return explained(context.rules, made);
    }
    explained(agency.editions.of(&made.edition, desk)?.book(), made)
}

/// The explanation of a settlement.
///
/// # Errors
/// As [`explain`].
pub fn explanation(
    agency: &Agency,
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    id: &str,
) -> Result<Explanation, Stop> {
    let (record, told) = explain(agency, desk, context, id)?;
    let made = settlement_of(&record)?;
    Ok(Explanation {
        settlement: made.id.clone(),
        agrees: told.agrees(made),
        edition: made.edition.clone(),
        edition_is_current: made.edition == context.edition,
        deviations: told
            .deviations
            .into_iter()
            .map(|cell| DeviationView {
                row: cell.row,
                layer: cell.layer,
                payer: cell.payer,
                relative: cell.relative,
                booked: Yuan::of_fen(cell.booked),
                computed: Yuan::of_fen(cell.computed),
            })
            .collect(),
        bill: told.bill,
    })
}

/// 一笔结算：入账的表、各部分、分录。
#[utoipa::path(
    get,
    path = "/api/v1/settlements/{id}",
    tag = "结算",
    security(("token" = [])),
    params(("id" = String, Path, description = "结算编号", example = "S12")),
    responses(
        (status = 200, description = "结算", body = SettlementDetail),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这笔结算", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn one(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<SettlementDetail>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    look(agency, actor, move |desk, context| detail(desk, context, &id)).await.map(Json)
}

/// 一笔结算的说明：按当时的规则、当时的累计再算一遍，与入账的逐格比较。
#[utoipa::path(
    get,
    path = "/api/v1/settlements/{id}/explanation",
    tag = "结算",
    security(("token" = [])),
    params(("id" = String, Path, description = "结算编号", example = "S12")),
    responses(
        (status = 200, description = "说明", body = Explanation),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这笔结算", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn explanation_of(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Explanation>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    let of = std::sync::Arc::clone(&agency);
    look(agency, actor, move |desk, context| explanation(&of, desk, context, &id)).await.map(Json)
}

/// 受影响的后续结算：按现在有效的前面各笔，重新算会不一样的后面各笔。
#[utoipa::path(
    get,
    path = "/api/v1/settlements/{id}/affected",
    tag = "结算",
    security(("token" = [])),
    params(("id" = String, Path, description = "结算编号，通常是已经撤销的一笔", example = "S12")),
    responses(
        (status = 200, description = "会不一样的后续结算；没有则为空", body = Vec<AffectedView>),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这笔结算", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn affected(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Vec<AffectedView>>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    look(agency, actor, move |desk, context| {
        let record = find(desk, context, &id)?;
        let made = settlement_of(&record)?;
        // Later bills of other institutions are the person's and the area's to see.
        context.allow(
            Action::SeePerson,
            Scope { area: Some(&made.area), person: Some(&made.person), institution: None },
        )?;
        let found = affected_by(desk, context, &made.person, made.place)?;
        let view = |one: settlement::Affected| AffectedView {
            settlement: one.settlement,
            fund_paid: Yuan::of_fen(one.fund_paid),
            account_paid: Yuan::of_fen(one.account_paid),
            mutual_aid_paid: Yuan::of_fen(one.mutual_aid_paid),
            hospital_borne: Yuan::of_fen(one.hospital_borne),
            cash_paid: Yuan::of_fen(one.cash_paid),
        };
        Ok(found.into_iter().map(view).collect())
    })
    .await
    .map(Json)
}
