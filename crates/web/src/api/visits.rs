//! `GET /api/v1/visits/{id}`: a visit or a stay, and its lines.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use gongji_agency::Stop;
use gongji_agency::access::{Action, Scope, check_any};
use gongji_agency::context::Context;
use gongji_agency::desk::Desk;
use gongji_agency::refusal::Refusal;
use gongji_agency::row::{Lines, Person, Visit, VisitStatus};
use gongji_cases::answer::Yuan;
use serde::Serialize;
use utoipa::ToSchema;

use super::asked::Asked;
use crate::Gongji;
use crate::agency::look;
use crate::caller::Caller;
use crate::problem::Problem;

/// Lines that were uploaded together.
#[derive(Serialize, ToSchema)]
pub struct BatchView {
    /// From 1.
    no: u32,
    /// How many lines.
    lines: u32,
    /// What they cost, yuan.
    #[schema(value_type = String, example = "1200.00")]
    total: Yuan,
    /// `waiting`, `settled` or `cancelled`.
    #[schema(example = "waiting")]
    status: &'static str,
    /// The settlement that settled them.
    #[serde(skip_serializing_if = "Option::is_none")]
    settlement: Option<String>,
}

/// A visit or a stay. Names are those of the case format.
#[derive(Serialize, ToSchema)]
pub struct VisitDetail {
    /// 就医登记号.
    #[schema(example = "V7")]
    id: String,
    /// 人员编号.
    person: String,
    /// 机构编码.
    institution: String,
    /// 医疗类别.
    care_type: String,
    /// `open`, `closed` or `cancelled`.
    #[schema(example = "open")]
    status: &'static str,
    /// The day of registration or admission.
    opened_on: String,
    /// 出院日期.
    #[serde(skip_serializing_if = "Option::is_none")]
    discharged_on: Option<String>,
    /// 备案类型, away from home.
    #[serde(skip_serializing_if = "Option::is_none")]
    filing: Option<String>,
    /// The first visit of the chain of transfers that this one belongs to.
    stay: String,
    /// The visit that the person was transferred from.
    #[serde(skip_serializing_if = "Option::is_none")]
    transfer_from: Option<String>,
    /// What was uploaded.
    batches: Vec<BatchView>,
    /// The live settlements.
    settlements: Vec<String>,
}

/// One line of a bill. Amounts in yuan.
#[derive(Serialize, ToSchema)]
pub struct LineView {
    /// The item's code.
    code: String,
    /// Its name as the institution writes it.
    name: String,
    /// The day of the service.
    on: String,
    /// How many units.
    quantity: String,
    /// The price of one unit.
    #[schema(value_type = String, example = "12.50")]
    unit_price: Yuan,
    /// What the line costs.
    #[schema(value_type = String, example = "25.00")]
    amount: Yuan,
}

/// The visit, for the institution that treats, the person, and staff of the area that insures.
fn find(desk: &mut Desk<'_>, context: &Context<'_>, id: &str) -> Result<Arc<Visit>, Stop> {
    let missing = || Refusal::new("no_visit", "没有这次就医登记").at("id").found(id);
    let visit = desk.get::<Visit>(id)?.ok_or_else(missing)?;
    let person = desk.need::<Person>(&visit.person)?;
    let area = person.cover_on(visit.opened_on).map(|cover| cover.area.as_str());
    let own = Scope { institution: Some(&visit.institution), ..Scope::default() };
    let theirs = Scope { area, person: Some(&visit.person), institution: None };
    check_any(context.actor, &[(Action::Treat, own), (Action::SeePerson, theirs)])?;
    Ok(visit)
}

fn detail(visit: &Visit) -> VisitDetail {
    VisitDetail {
        id: visit.id.clone(),
        person: visit.person.clone(),
        institution: visit.institution.clone(),
        care_type: visit.care_type.clone(),
        status: match visit.status {
            VisitStatus::Open => "open",
            VisitStatus::Closed => "closed",
            VisitStatus::Cancelled => "cancelled",
        },
        opened_on: visit.opened_on.to_string(),
        discharged_on: visit.discharged_on.map(|day| day.to_string()),
        filing: visit.filing.clone(),
        stay: visit.stay.clone(),
        transfer_from: visit.transfer_from.clone(),
        batches: visit
            .batches
            .iter()
            .map(|batch| BatchView {
                no: batch.no,
                lines: batch.lines,
                total: Yuan::of_fen(batch.total),
                status: match (batch.cancelled, batch.settled) {
                    (true, _) => "cancelled",
                    (false, Some(_)) => "settled",
                    (false, None) => "waiting",
                },
                settlement: batch.settled.map(|seq| format!("S{seq}")),
            })
            .collect(),
        settlements: visit.settlements.iter().map(|seq| format!("S{seq}")).collect(),
    }
}

/// 一次就医：登记、明细批次、有效的结算。
#[utoipa::path(
    get,
    path = "/api/v1/visits/{id}",
    tag = "就医",
    security(("token" = [])),
    params(("id" = String, Path, description = "就医登记号", example = "V7")),
    responses(
        (status = 200, description = "就医登记", body = VisitDetail),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这次就医登记", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn one(
    State(_): State<Gongji>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<VisitDetail>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    look(agency, actor, move |desk, context| Ok(detail(&*find(desk, context, &id)?))).await.map(Json)
}

/// 一批费用明细。
#[utoipa::path(
    get,
    path = "/api/v1/visits/{id}/lines/{batch}",
    tag = "就医",
    security(("token" = [])),
    params(
        ("id" = String, Path, description = "就医登记号", example = "V7"),
        ("batch" = u32, Path, description = "批次", example = 1)
    ),
    responses(
        (status = 200, description = "明细", body = Vec<LineView>),
        (status = 401, description = "没有有效的令牌", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "没有权限", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "没有这次就医登记，或没有这一批", body = Problem, content_type = "application/problem+json")
    )
)]
pub async fn lines(
    State(_): State<Gongji>,
    Path((id, batch)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    Caller { actor, agency }: Caller,
) -> Result<Json<Vec<LineView>>, Problem> {
    Asked::read(query.as_deref(), &[])?;
    look(agency, actor, move |desk, context| {
        let visit = find(desk, context, &id)?;
        let missing = || Refusal::new("no_batch", "没有这一批明细").at("batch").found(&batch);
        let no = batch.parse().map_err(|_| missing())?;
        let lines = desk.get::<Lines>(&Lines::id(&visit.id, no))?.ok_or_else(missing)?;
        let view = |line: &gongji_agency::row::Line| LineView {
            code: line.code.clone(),
            name: line.name.clone(),
            on: line.on.to_string(),
            quantity: line.quantity.clone(),
            unit_price: Yuan::of_fen(line.unit_price),
            amount: Yuan::of_fen(line.amount),
        };
        Ok(lines.lines.iter().map(view).collect())
    })
    .await
    .map(Json)
}
