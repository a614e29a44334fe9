//! Monthly clearings as they are shown.

use gongji_money::Fen;
use jiff::civil::Date;
use serde::Serialize;

use super::clearing::accounted;
use super::{Page, rows, walk};
use crate::access::{Action, Scope, check_any};
use crate::context::Context;
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::row::{ClearedDay, Clearing, ClearingPayment, ClearingStatus, Deduction};
use crate::stop::Stop;

/// What of a day went into a clearing.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClearedDaySeen {
    /// The business day.
    pub date: Date,
    /// How much.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub payable: Fen,
}

/// 扣款.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeductionSeen {
    /// The area whose fund keeps it.
    pub area: String,
    /// The scheme.
    pub scheme: String,
    /// How much.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub amount: Fen,
    /// Why.
    pub reason: String,
}

/// A payment.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClearingPaymentSeen {
    /// Who paid.
    pub by: String,
    /// The business date.
    pub date: Date,
    /// From the pool's bank account.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub pool: Fen,
    /// From that of the personal accounts.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub accounts: Fen,
    /// The bank's number.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// When it came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned_on: Option<Date>,
    /// Why it came back.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub returned: String,
}

/// A clearing.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClearingSeen {
    /// 清算编号.
    pub clearing: String,
    /// The institution.
    pub institution: String,
    /// The area that settles with it.
    pub area: String,
    /// The month.
    pub month: String,
    /// How it stands.
    pub status: ClearingStatus,
    /// How it stands, for people.
    pub label: &'static str,
    /// What it takes in.
    pub days: Vec<ClearedDaySeen>,
    /// Σ of the days.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub due: Fen,
    /// 预留.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub withheld: Fen,
    /// 返还预留.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub released: Fen,
    /// 扣款.
    pub deductions: Vec<DeductionSeen>,
    /// 应拨付.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub amount: Fen,
    /// Who submitted it.
    pub opened_by: String,
    /// When.
    pub opened_on: Date,
    /// Who released it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// Why it was withdrawn.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub withdrawn: String,
    /// Payments, those that came back as well.
    pub payments: Vec<ClearingPaymentSeen>,
}

impl ClearingSeen {
    fn of(row: &Clearing) -> ClearingSeen {
        let day = |day: &ClearedDay| ClearedDaySeen { date: day.day, payable: Fen::new(day.payable) };
        let deduction = |one: &Deduction| DeductionSeen {
            area: one.area.clone(),
            scheme: one.scheme.clone(),
            amount: Fen::new(one.amount),
            reason: one.reason.clone(),
        };
        let payment = |one: &ClearingPayment| ClearingPaymentSeen {
            by: one.by.clone(),
            date: one.on,
            pool: Fen::new(one.pool),
            accounts: Fen::new(one.accounts),
            reference: one.reference.clone(),
            returned_on: one.returned_on,
            returned: one.returned.clone(),
        };
        ClearingSeen {
            clearing: row.id.clone(),
            institution: row.institution.clone(),
            area: row.area.clone(),
            month: row.month.clone(),
            status: row.status,
            label: row.status.label(),
            days: row.days.iter().map(day).collect(),
            due: Fen::new(row.due),
            withheld: Fen::new(row.withheld),
            released: Fen::new(row.released),
            deductions: row.deductions.iter().map(deduction).collect(),
            amount: Fen::new(row.amount),
            opened_by: row.opened_by.clone(),
            opened_on: row.opened_on,
            approved_by: row.approved_by.clone(),
            withdrawn: row.withdrawn.clone(),
            payments: row.payments.iter().map(payment).collect(),
        }
    }
}

/// The clearings of an area, by institution and month; of one institution, and month, where these are given.
///
/// # Errors
/// The refusals `denied`, `malformed_month` and `no_institution`; those of the store.
pub fn clearings(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    (area, institution, month): (&str, Option<&str>, Option<&str>),
    after: &str,
    limit: usize,
) -> Result<Page<ClearingSeen>, Stop> {
    check_any(
        context.actor,
        &[
            (Action::SeeArea, Scope { area: Some(area), ..Scope::default() }),
            (Action::Clear, Scope { area: Some(area), person: None, institution }),
        ],
    )?;
    month.map_or(Ok(()), super::between::checked)?;
    let mut prefix = format!("{area}/");
    for part in [institution, month.filter(|_| institution.is_some())].into_iter().flatten() {
        prefix.push_str(part);
        prefix.push('/');
    }
    walk(desk, ("clearing_in", &prefix, after), limit, |desk, part| {
        let last = |(id, _): &(String, String)| id.rsplit('/').next().unwrap_or_default().to_owned();
        let ids: Vec<String> = part.iter().map(last).collect();
        let fits = |row: &Clearing| month.is_none_or(|month| row.month == month);
        let found = rows::<Clearing>(desk, &ids)?;
        Ok(found
            .into_iter()
            .map(|row| row.filter(|row| fits(row)).map(|row| ClearingSeen::of(&row)))
            .collect())
    })
}

/// A clearing.
///
/// # Errors
/// The refusals `denied` and `no_clearing`.
pub fn clearing(desk: &mut Desk<'_>, context: &Context<'_>, id: &str) -> Result<ClearingSeen, Stop> {
    let row = desk.get::<Clearing>(id)?;
    let missing = || Refusal::new("no_clearing", "没有这笔清算").at("clearing").found(id);
    match accounted(desk, context, row.as_ref().map_or("", |row| row.institution.as_str())) {
        Err(Stop::Refused(refusal)) if &*refusal.code == "no_institution" => Err(missing().into()),
        Err(stop) => Err(stop),
        Ok(_) => Ok(ClearingSeen::of(&*row.ok_or_else(missing)?)),
    }
}
