//! What an institution settled by day, shown to itself and to the staff of the area that settles with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use gongji_money::Fen;
use jiff::civil::Date;
use serde::Serialize;

use crate::access::{Action, Scope, check_any};
use crate::clearing::{ClearingType, DayBill, DayGroup, clearing_type, day_bills, day_groups};
use crate::context::Context;
use crate::desk::Desk;
use crate::refusal::Refusal;
use crate::row::{DaySums, Institution, ReconciledDay};
use crate::stop::Stop;

/// An institution whose accounts the actor may see: its own, or one of the actor's areas.
///
/// # Errors
/// The refusals `denied` and `no_institution`.
pub(super) fn accounted(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    id: &str,
) -> Result<Arc<Institution>, Stop> {
    let found = desk.get::<Institution>(id)?;
    let area = found.as_ref().map(|institution| institution.area.as_str());
    check_any(
        context.actor,
        &[
            (Action::Clear, Scope { area, person: None, institution: Some(id) }),
            (Action::SeeArea, Scope { area, ..Scope::default() }),
        ],
    )?;
    found.ok_or_else(|| Refusal::new("no_institution", "没有这个机构").at("institution").found(id).into())
}

/// The totals of an institution on the days from `from` to `to`, both included.
///
/// # Errors
/// The refusals `denied` and `no_institution`; those of the store.
pub fn institution_days(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    institution: &str,
    from: Date,
    to: Date,
) -> Result<Vec<DayGroup>, Stop> {
    accounted(desk, context, institution)?;
    day_groups(desk, institution, from, to)
}

/// Every bill of an institution on the days from `from` to `to`, both included, cancellations too, in order of record.
///
/// # Errors
/// As [`institution_days`].
pub fn institution_bills(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    institution: &str,
    from: Date,
    to: Date,
) -> Result<Vec<DayBill>, Stop> {
    accounted(desk, context, institution)?;
    day_bills(desk, institution, from, to)
}

/// How a day stands between the institution and the agency.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayState {
    /// 未对账.
    Waiting,
    /// 有差异.
    Differs,
    /// 已对平.
    Agrees,
    /// 已确认.
    Confirmed,
    /// 已清算: all of it went into a clearing.
    Cleared,
    /// 对账后又记账.
    Changed,
}

impl DayState {
    /// The term that people read.
    pub const fn label(self) -> &'static str {
        match self {
            DayState::Waiting => "未对账",
            DayState::Differs => "有差异",
            DayState::Agrees => "已对平",
            DayState::Confirmed => "已确认",
            DayState::Cleared => "已清算",
            DayState::Changed => "对账后又记账",
        }
    }
}

/// The totals of a day for one area, scheme and kind of clearing.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DayTotals {
    /// The business day.
    pub date: Date,
    /// 参保地.
    pub area: String,
    /// The scheme.
    pub scheme: String,
    /// 清算类别, by its code.
    pub clearing_type: &'static str,
    /// 清算类别 for people.
    pub label: &'static str,
    /// How many settlements.
    pub settled: i64,
    /// How many cancellations.
    pub cancelled: i64,
    /// 医疗费总额.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub total: Fen,
    /// 基金支付总额.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub fund_paid: Fen,
    /// What each fund paid, by its name; those that paid nothing left out.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>))]
    pub funds: BTreeMap<&'static str, String>,
    /// 个人账户支付, own.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub account_paid: Fen,
    /// 家庭共济支付.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub mutual_aid_paid: Fen,
    /// 医院负担.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub hospital_borne: Fen,
    /// 现金.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub cash_paid: Fen,
    /// 应付机构.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub payable: Fen,
    /// How the day stands.
    pub state: DayState,
}

impl DayTotals {
    fn of(group: &DayGroup, kind: ClearingType, sums: &DaySums, state: DayState) -> DayTotals {
        let funds = [
            ("pooled_fund", sums.pooled_fund),
            ("large_sum_fund", sums.large_sum_fund),
            ("critical_illness_fund", sums.critical_illness_fund),
            ("enterprise_supplement", sums.enterprise_supplement),
            ("civil_servant_aid", sums.civil_servant_aid),
            ("medical_assistance", sums.medical_assistance),
            ("other_fund", sums.other_fund),
        ];
        let paid = funds.into_iter().filter(|(_, fen)| *fen != 0);
        DayTotals {
            date: group.day,
            area: group.area.clone(),
            scheme: group.scheme.clone(),
            clearing_type: kind.code,
            label: kind.label,
            settled: sums.settled,
            cancelled: sums.cancelled,
            total: Fen::new(sums.total),
            // Each is part of a total within bounds.
            fund_paid: Fen::new(sums.fund_paid().unwrap_or_default()),
            funds: paid.map(|(name, fen)| (name, Fen::new(fen).to_string())).collect(),
            account_paid: Fen::new(sums.account_paid),
            mutual_aid_paid: Fen::new(sums.mutual_aid_paid),
            hospital_borne: Fen::new(sums.hospital_borne),
            cash_paid: Fen::new(sums.cash_paid),
            payable: Fen::new(sums.payable),
            state,
        }
    }
}

/// How each day of these stands.
fn states(
    desk: &mut Desk<'_>,
    institution: &str,
    groups: &[DayGroup],
) -> Result<BTreeMap<Date, DayState>, Stop> {
    let mut days: BTreeMap<Date, (u64, i64)> = BTreeMap::new();
    for group in groups {
        let (last, payable) = days.entry(group.day).or_default();
        *last = (*last).max(group.last);
        *payable = payable.saturating_add(group.sums.payable);
    }
    let mut states = BTreeMap::new();
    for (day, (last, payable)) in days {
        let row = desk.get::<ReconciledDay>(&ReconciledDay::id(institution, day))?;
        let state = match row {
            None => DayState::Waiting,
            Some(row) if row.last != last => DayState::Changed,
            Some(row) if row.confirmed.is_none() && row.agrees => DayState::Agrees,
            Some(row) if row.confirmed.is_none() => DayState::Differs,
            Some(row) if row.cleared == payable && !row.clearings.is_empty() => DayState::Cleared,
            Some(_) => DayState::Confirmed,
        };
        states.insert(day, state);
    }
    Ok(states)
}

/// The totals of an institution on the days from `from` to `to`, both included, by area, scheme and kind of clearing, with how each day stands.
///
/// # Errors
/// The refusals `denied` and `no_institution`; those of the store.
pub fn clearing_days(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    institution: &str,
    from: Date,
    to: Date,
) -> Result<Vec<DayTotals>, Stop> {
    let groups = institution_days(desk, context, institution, from, to)?;
    let states = states(desk, institution, &groups)?;
    let mut sums: BTreeMap<(Date, &str, &str, ClearingType), (&DayGroup, DaySums)> = BTreeMap::new();
    for group in &groups {
        let key = (group.day, group.area.as_str(), group.scheme.as_str(), clearing_type(&group.care_type));
        let (_, sum) = sums.entry(key).or_insert((group, DaySums::default()));
        let more = sum.plus(group.sums);
        *sum = more.ok_or_else(|| Refusal::new("too_large", "金额合计超出范围"))?;
    }
    let totals = sums.into_iter().map(|((day, _, _, kind), (group, sums))| {
        DayTotals::of(group, kind, &sums, states.get(&day).copied().unwrap_or(DayState::Waiting))
    });
    Ok(totals.collect())
}
