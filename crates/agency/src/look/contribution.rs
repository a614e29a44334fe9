//! Employers, bills of contributions, arrears.

use gongji_money::Fen;
use jiff::civil::Date;
use serde::Serialize;

use super::{Page, rows, walk};
use crate::access::{Action, Scope, allowed};
use crate::context::Context;
use crate::desk::Desk;
use crate::port::StoreError;
use crate::refusal::Refusal;
use crate::row::{BillKind, BillPart, BillStatus, ContributionBill, Employer, FailedDebit, Payer, part_id};
use crate::stop::Stop;

/// A bill as shown.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BillSeen {
    /// The bill's number.
    pub id: String,
    /// What it is for.
    pub kind: BillKind,
    /// The same for people.
    pub label: &'static str,
    /// Who owes it.
    pub payer: String,
    /// In whose books.
    pub area: String,
    /// The month.
    pub period: String,
    /// Until when it is due.
    pub due_on: Date,
    /// How far it is.
    pub status: BillStatus,
    /// The same for people.
    pub status_label: &'static str,
    /// How many people stand on it.
    pub people: u64,
    /// 单位部分.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub employer_part: Fen,
    /// 个人部分.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub own_part: Fen,
    /// 合计.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub total: Fen,
    /// 已缴.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub paid: Fen,
    /// 欠缴.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub owed: Fen,
    /// Whether it is owed after it was due.
    pub overdue: bool,
    /// Debits that failed: day and reason.
    pub failed: Vec<(Date, String)>,
}

impl BillSeen {
    fn of(bill: ContributionBill, today: Date) -> BillSeen {
        let owed = match bill.status {
            BillStatus::Billing | BillStatus::Open => bill.owed(),
            BillStatus::Paid | BillStatus::Split | BillStatus::Cancelled => 0,
        };
        let failed = bill.failed.iter().map(|FailedDebit { date, reason }| (*date, reason.clone()));
        BillSeen {
            label: bill.kind.label(),
            status_label: bill.status.label(),
            employer_part: Fen::new(bill.employer),
            own_part: Fen::new(bill.person),
            total: Fen::new(bill.total()),
            paid: Fen::new(bill.paid),
            owed: Fen::new(owed),
            overdue: owed > 0 && bill.due_on < today,
            failed: failed.collect(),
            id: bill.id,
            kind: bill.kind,
            payer: bill.payer,
            area: bill.area,
            period: bill.period,
            due_on: bill.due_on,
            status: bill.status,
            people: bill.people,
        }
    }
}

/// One figure of a line.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FigureSeen {
    /// Its name: `wage`, `base`, `employer_medical` …
    pub name: String,
    /// How much.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub amount: Fen,
}

/// A person's line of a bill.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BillLineSeen {
    /// 人员编号.
    pub person: String,
    /// What it came to.
    pub figures: Vec<FigureSeen>,
    /// Whether it was taken off the bill again.
    pub removed: bool,
}

/// What a payer owes.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PayerSeen {
    /// 单位编号, or a person's number.
    pub payer: String,
    /// 单位名称; empty for a person.
    pub name: String,
    /// 欠缴合计.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub owed: Fen,
    /// What of it is overdue.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub overdue: Fen,
    /// 多缴.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub advance: Fen,
    /// Bills not yet paid in full, oldest first.
    pub bills: Vec<BillSeen>,
}

/// Whether the actor sees the collections of an area: whoever sees the area, or collects there.
fn sees(context: &Context<'_>, area: &str) -> Result<(), Stop> {
    let scope = Scope { area: Some(area), ..Scope::default() };
    if allowed(context.actor, Action::Collect, scope) {
        return Ok(());
    }
    context.allow(Action::SeeArea, scope)
}

/// An employer.
///
/// # Errors
/// The refusals `denied` and `no_employer`.
pub fn employer(desk: &mut Desk<'_>, context: &Context<'_>, id: &str) -> Result<Employer, Stop> {
    context.may(Action::SeeArea)?;
    let found = desk.get::<Employer>(id)?;
    let found =
        found.ok_or_else(|| Refusal::new("no_employer", "没有这个参保单位").at("employer").found(id))?;
    sees(context, &found.area)?;
    Ok((*found).clone())
}

/// The employers of an area, by number.
///
/// # Errors
/// The refusal `denied`.
pub fn employers(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    area: &str,
    after: &str,
    limit: usize,
) -> Result<Page<Employer>, Stop> {
    sees(context, area)?;
    let prefix = format!("{area}/");
    walk(desk, ("employer_in", &prefix, after), limit, |desk, part| {
        let ids: Vec<String> =
            part.iter().map(|(id, _)| id.strip_prefix(&prefix).unwrap_or(id).to_owned()).collect();
        rows::<Employer>(desk, &ids)
    })
}

/// A bill.
///
/// # Errors
/// The refusals `denied` and `no_bill`.
pub fn bill(desk: &mut Desk<'_>, context: &Context<'_>, id: &str) -> Result<BillSeen, Stop> {
    Ok(BillSeen::of(seen_bill(desk, context, id)?, context.today))
}

fn seen_bill(desk: &mut Desk<'_>, context: &Context<'_>, id: &str) -> Result<ContributionBill, Stop> {
    context.may(Action::SeePerson)?;
    let found = desk.get::<ContributionBill>(id)?;
    let own = found.as_ref().is_some_and(|bill| {
        let scope = Scope { person: Some(&bill.payer), ..Scope::default() };
        context.actor.role == crate::actor::Role::Resident && allowed(context.actor, Action::SeePerson, scope)
    });
    if !own {
        // Whether there is such a bill is told to those only who may see it.
        sees(context, found.as_ref().map_or("", |bill| &bill.area)).or_else(|stop| match found {
            None if context.may(Action::SeeArea).is_ok() => Ok(()),
            _ => Err(stop),
        })?;
    }
    found
        .map(|row| (*row).clone())
        .ok_or_else(|| Refusal::new("no_bill", "没有这张缴费单").at("bill").found(id).into())
}

/// The lines of a part of a bill (from 0 on).
///
/// # Errors
/// The refusals `denied`, `no_bill` and `no_part`.
pub fn bill_lines(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    id: &str,
    part: u64,
) -> Result<Vec<BillLineSeen>, Stop> {
    let bill = seen_bill(desk, context, id)?;
    let found = desk.get::<BillPart>(&part_id(id, part))?;
    let found = found.ok_or_else(|| {
        Refusal::new("no_part", "缴费单没有这一部分")
            .at("part")
            .found(part)
            .expected(format!("0 到 {}", bill.parts.saturating_sub(1)))
    })?;
    let missing = || StoreError::Corrupt(format!("第 {} 条记录没有缴费明细", found.record));
    let record = desk.record(found.record)?.ok_or_else(missing)?;
    let bulk = record.bulk.ok_or_else(missing)?;
    let within = |person: &str| found.from.as_str() <= person && person <= found.to.as_str();
    let shown = bulk.lines.iter().filter(|line| within(&line.0)).map(|line| BillLineSeen {
        person: line.0.clone(),
        removed: bill.removed.contains(&line.0),
        figures: bulk
            .columns
            .iter()
            .zip(&line.1)
            .map(|(name, fen)| FigureSeen { name: name.clone(), amount: Fen::new(*fen) })
            .collect(),
    });
    Ok(shown.collect())
}

/// Every bill of a payer, by month.
///
/// # Errors
/// The refusal `denied`.
pub fn bills(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    payer: &str,
    after: &str,
    limit: usize,
) -> Result<Page<BillSeen>, Stop> {
    context.may(Action::SeePerson)?;
    let area = match desk.get::<Employer>(payer)? {
        Some(employer) => employer.area.clone(),
        None => desk.get::<Payer>(payer)?.map(|row| row.area.clone()).unwrap_or_default(),
    };
    let own = Scope { person: Some(payer), ..Scope::default() };
    if context.actor.role != crate::actor::Role::Resident || !allowed(context.actor, Action::SeePerson, own) {
        sees(context, &area)?;
    }
    let today = context.today;
    walk(desk, ("bill_of", &format!("{payer}/"), after), limit, |desk, part| {
        let ids: Vec<String> =
            part.iter().map(|(id, _)| id.rsplit('/').next().unwrap_or_default().to_owned()).collect();
        let bills = rows::<ContributionBill>(desk, &ids)?;
        Ok(bills.into_iter().map(|bill| bill.map(|bill| BillSeen::of(bill, today))).collect())
    })
}

/// Who owes contributions in an area.
///
/// # Errors
/// The refusal `denied`.
pub fn arrears(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    area: &str,
    after: &str,
    limit: usize,
) -> Result<Page<PayerSeen>, Stop> {
    sees(context, area)?;
    let prefix = format!("{area}/");
    let today = context.today;
    walk(desk, ("owing", &prefix, after), limit, |desk, part| {
        let mut found = Vec::with_capacity(part.len());
        for (id, _) in part {
            let id = id.strip_prefix(&prefix).unwrap_or(id);
            let name = desk.get::<Employer>(id)?.map(|row| row.name.clone()).unwrap_or_default();
            let payer = desk.get::<Payer>(id)?.map(|row| (*row).clone()).unwrap_or_default();
            let mut bills: Vec<ContributionBill> =
                rows::<ContributionBill>(desk, &payer.open)?.into_iter().flatten().collect();
            bills.sort_by_key(ContributionBill::order);
            let owed = |overdue: bool| {
                let those = bills.iter().filter(|bill| !overdue || bill.due_on < today);
                Fen::new(those.map(ContributionBill::owed).fold(0, i64::saturating_add))
            };
            found.push(Some(PayerSeen {
                payer: id.to_owned(),
                name,
                owed: owed(false),
                overdue: owed(true),
                advance: Fen::new(payer.advance),
                bills: bills.into_iter().map(|bill| BillSeen::of(bill, today)).collect(),
            }));
        }
        Ok(found)
    })
}
