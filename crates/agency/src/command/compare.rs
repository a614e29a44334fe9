//! 对账: comparing what is booked of an institution's days with what it tells, totals first, then bill by bill.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gongji_money::Fen;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Decide, check, visit};
use crate::access::{Action, Scope};
use crate::clearing::{
    BillKey, DayBill, DayGroup, Difference, DifferenceKind, Told, bill_of, clearing_type,
    clearing_type_of_code, compare, day_bills, day_groups, key_of,
};
use crate::context::Context;
use crate::desk::Desk;
use crate::look::ComparisonSeen;
use crate::port::StoreError;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{ComparedGroup, Comparison, ComparisonKind, Figures, Institution, ReconciledDay, Reversal};
use crate::settlement::{number_of, reversal_id};
use crate::stop::Stop;

/// So many days at most are compared at once.
const MOST_DAYS: i32 = 31;

/// So many bills at most are compared at once.
const MOST_BILLS: usize = 20_000;

/// So many differences are told in the answer; all are kept.
const MOST_TOLD: usize = 200;

/// What the institution tells of one scheme and kind of clearing. Money as text in yuan, cancellations negative.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupTold {
    /// The scheme.
    pub scheme: String,
    /// 清算类别, by its code.
    pub clearing_type: String,
    /// How many bills, cancellations counted as well.
    pub count: u32,
    /// 医疗费总额.
    #[serde(with = "crate::yuan::signed")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub total: Fen,
    /// 基金支付总额.
    #[serde(with = "crate::yuan::signed")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub fund_paid: Fen,
    /// 个人账户支付, relatives' included.
    #[serde(with = "crate::yuan::signed")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub account_paid: Fen,
    /// 现金.
    #[serde(with = "crate::yuan::signed")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub cash_paid: Fen,
}

/// 对总账 of some days.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompareTotals {
    /// The institution.
    pub institution: String,
    /// First business day.
    pub from: Date,
    /// Last business day.
    pub to: Date,
    /// The institution's totals; a group that is not told is one of nothing.
    pub groups: Vec<GroupTold>,
}

/// A bill as the institution tells it. Money as text in yuan, negative for a cancellation.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillTold {
    /// 结算编号.
    pub settlement: String,
    /// Whether it is the cancellation of that settlement.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refund: bool,
    /// The business day.
    pub date: Date,
    /// 医疗费总额.
    #[serde(with = "crate::yuan::signed")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub total: Fen,
    /// 基金支付总额.
    #[serde(with = "crate::yuan::signed")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub fund_paid: Fen,
    /// 个人账户支付, relatives' included.
    #[serde(with = "crate::yuan::signed")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub account_paid: Fen,
    /// 现金.
    #[serde(with = "crate::yuan::signed")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub cash_paid: Fen,
}

/// 对明细账 of some days.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompareDetails {
    /// The institution.
    pub institution: String,
    /// First business day.
    pub from: Date,
    /// Last business day.
    pub to: Date,
    /// Every bill that the institution has for these days.
    pub bills: Vec<BillTold>,
}

/// The institution whose days are compared: by itself or by the staff of the area that settles with it.
pub(super) fn reconciled(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    id: &str,
) -> Result<Arc<Institution>, Stop> {
    context.may(Action::Clear)?;
    let known = visit::institution(desk, "institution", id);
    let area = known.as_ref().ok().map(|institution| institution.area.clone());
    context.allow(Action::Clear, Scope { area: area.as_deref(), person: None, institution: Some(id) })?;
    known
}

/// Days in order, not too many, none to come.
pub(super) fn days(context: &Context<'_>, from: Date, to: Date) -> Result<Vec<Date>, Stop> {
    check::order("to", from, Some(to))?;
    context.not_future("to", to)?;
    let most = from.checked_add((MOST_DAYS - 1).days()).unwrap_or(Date::MAX);
    if to > most {
        return Err(Refusal::new("too_many_days", "一次对账的日子太多")
            .at("to")
            .found(to)
            .expected(format!("至多 {MOST_DAYS} 天，到 {most}"))
            .into());
    }
    Ok(from.series(1.day()).take_while(|day| *day <= to).collect())
}

fn too_large() -> Stop {
    Refusal::new("too_large", "金额合计超出范围").into()
}

impl DayGroup {
    fn figures(&self) -> Result<Figures, Stop> {
        Ok(Figures {
            count: self.sums.count(),
            total: self.sums.total,
            fund_paid: self.sums.fund_paid().ok_or_else(too_large)?,
            account_paid: self.sums.accounts().ok_or_else(too_large)?,
            cash_paid: self.sums.cash_paid,
        })
    }
}

fn sum(figures: impl IntoIterator<Item = Figures>) -> Result<Figures, Stop> {
    figures.into_iter().try_fold(Figures::default(), Figures::plus).ok_or_else(too_large)
}

/// Writes the comparison down, and what it says of each day.
fn keep(
    desk: &mut Desk<'_>,
    kind: &'static str,
    context: &Context<'_>,
    comparison: &Comparison,
    groups: &[DayGroup],
    disagreeing: &BTreeSet<Date>,
) -> Result<Vec<Draft>, Stop> {
    let mut draft = Draft::new(kind, context.today).leaving(&comparison.id, comparison)?;
    for day in days(context, comparison.from, comparison.to)? {
        let of_day = groups.iter().filter(|group| group.day == day);
        let last = of_day.map(|group| group.last).max().unwrap_or(0);
        let id = ReconciledDay::id(&comparison.institution, day);
        let known = desk.get::<ReconciledDay>(&id)?;
        let agrees = !disagreeing.contains(&day);
        if known.is_none() && last == 0 && agrees {
            continue;
        }
        let mut row = known.map(|row| (*row).clone()).unwrap_or_default();
        row.comparison.clone_from(&comparison.id);
        if comparison.kind == ComparisonKind::Details {
            row.details.clone_from(&comparison.id);
        }
        (row.agrees, row.last) = (agrees, last);
        if !agrees {
            row.confirmed = None;
        }
        draft.after.push(After::of(&id, &row)?);
    }
    let told = serde_json::to_value(ComparisonSeen::of(comparison, MOST_TOLD))
        .map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(vec![draft.telling(told)])
}

impl Decide for CompareTotals {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        reconciled(desk, context, &self.institution)?;
        let days = days(context, self.from, self.to)?;
        let mut sides: BTreeMap<(String, String), (Figures, Figures)> = BTreeMap::new();
        for (at, group) in self.groups.iter().enumerate() {
            check::code(&format!("groups.{at}.scheme"), &group.scheme)?;
            if clearing_type_of_code(&group.clearing_type).is_none() {
                return Err(Refusal::new("unknown_value", "没有这个清算类别")
                    .at(format!("groups.{at}.clearing_type"))
                    .found(&group.clearing_type)
                    .into());
            }
            let told = Figures {
                count: i64::from(group.count),
                total: group.total.fen(),
                fund_paid: group.fund_paid.fen(),
                account_paid: group.account_paid.fen(),
                cash_paid: group.cash_paid.fen(),
            };
            let key = (group.scheme.clone(), group.clearing_type.clone());
            if sides.insert(key, (Figures::default(), told)).is_some() {
                return Err(Refusal::new("written_twice", "同一险种、清算类别写了两次")
                    .at(format!("groups.{at}"))
                    .found(format!("{} {}", group.scheme, group.clearing_type))
                    .into());
            }
        }
        let groups = day_groups(desk, &self.institution, self.from, self.to)?;
        for group in &groups {
            let key = (group.scheme.clone(), clearing_type(&group.care_type).code.to_owned());
            let side = sides.entry(key).or_default();
            side.0 = side.0.plus(group.figures()?).ok_or_else(too_large)?;
        }
        let here = sum(sides.values().map(|(here, _)| *here))?;
        let there = sum(sides.values().map(|(_, there)| *there))?;
        let differing: Vec<ComparedGroup> = sides
            .into_iter()
            .filter(|(_, (here, there))| here != there)
            .map(|((scheme, clearing_type), (here, there))| ComparedGroup {
                scheme,
                clearing_type,
                here,
                there,
            })
            .collect();
        let agrees = differing.is_empty();
        // Totals do not tell which day differs.
        let disagreeing = if agrees { BTreeSet::new() } else { days.into_iter().collect() };
        let comparison = Comparison {
            id: format!("R{}", context.seq),
            institution: self.institution.clone(),
            kind: ComparisonKind::Totals,
            from: self.from,
            to: self.to,
            on: context.today,
            by: context.actor.name.clone(),
            agrees,
            here,
            there,
            groups: differing,
            differences: Vec::new(),
        };
        keep(desk, "compare_totals", context, &comparison, &groups, &disagreeing)
    }
}

impl CompareDetails {
    /// What the institution tells, with the numbers of cancellations' own records in the place of which the settlement stands.
    fn told(&self, here: &[DayBill]) -> Vec<Told> {
        let refunds: BTreeMap<String, &DayBill> =
            here.iter().filter(|bill| bill.refund).map(|bill| (format!("S{}", bill.record), bill)).collect();
        let told = |bill: &BillTold| {
            let cancelled = refunds.get(&bill.settlement);
            Told {
                settlement: cancelled.map_or(&bill.settlement, |bill| &bill.settlement).clone(),
                refund: bill.refund || cancelled.is_some(),
                day: Some(bill.date),
                total: Some(bill.total.fen()),
                fund_paid: Some(bill.fund_paid.fen()),
                account_paid: Some(bill.account_paid.fen()),
                cash_paid: Some(bill.cash_paid.fen()),
            }
        };
        self.bills.iter().map(told).collect()
    }

    /// What is booked on other days of bills that the institution tells for these.
    fn elsewhere(
        &self,
        desk: &mut Desk<'_>,
        here: &[DayBill],
        told: &[Told],
    ) -> Result<BTreeMap<BillKey, DayBill>, Stop> {
        let known: BTreeSet<BillKey> = here.iter().map(key_of).collect();
        let mut elsewhere = BTreeMap::new();
        for told in told {
            let key = (told.settlement.clone(), told.refund);
            let Ok(mut seq) = number_of('S', &told.settlement) else { continue };
            if known.contains(&key) || elsewhere.contains_key(&key) {
                continue;
            }
            if told.refund {
                let Some(reversal) = desk.get::<Reversal>(&reversal_id(seq))? else { continue };
                seq = reversal.by;
            }
            let Some(record) = desk.record(seq)? else { continue };
            let of_institution = record
                .settlement
                .as_ref()
                .map(|made| made.institution.as_str())
                .or(record.back.as_ref().map(|back| back.institution.as_str()));
            if of_institution == Some(self.institution.as_str())
                && let Some(bill) = bill_of(desk, &record)?
            {
                elsewhere.insert(key, bill);
            }
        }
        Ok(elsewhere)
    }

    /// For which day the institution told a bill of these days when the day before or after was compared.
    fn told_elsewhere(&self, desk: &mut Desk<'_>) -> Result<BTreeMap<BillKey, Date>, Stop> {
        let mut told = BTreeMap::new();
        for day in [self.from.yesterday().ok(), self.to.tomorrow().ok()].into_iter().flatten() {
            let id = ReconciledDay::id(&self.institution, day);
            let Some(row) = desk.get::<ReconciledDay>(&id)?.filter(|row| !row.details.is_empty()) else {
                continue;
            };
            let neighbour = desk.need::<Comparison>(&row.details)?;
            for difference in &neighbour.differences {
                let Some(there) = difference.day_there else { continue };
                if difference.kind == DifferenceKind::Date && (there < self.from || there > self.to) {
                    told.insert((difference.settlement.clone(), difference.refund), there);
                }
            }
        }
        Ok(told)
    }
}

impl Decide for CompareDetails {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        reconciled(desk, context, &self.institution)?;
        let days = days(context, self.from, self.to)?;
        if self.bills.len() > MOST_BILLS {
            return Err(Refusal::new("too_many", "一次对账的明细太多")
                .at("bills")
                .found(format!("{} 笔", self.bills.len()))
                .expected(format!("至多 {MOST_BILLS} 笔，请按日分开"))
                .into());
        }
        for (at, bill) in self.bills.iter().enumerate() {
            if bill.date < self.from || bill.date > self.to {
                return Err(Refusal::new("outside_period", "明细的日期不在对账期间")
                    .at(format!("bills.{at}.date"))
                    .found(bill.date)
                    .expected(format!("{} 至 {}", self.from, self.to))
                    .into());
            }
            check::code(&format!("bills.{at}.settlement"), &bill.settlement)?;
        }
        let here = day_bills(desk, &self.institution, self.from, self.to)?;
        let told = self.told(&here);
        let elsewhere = self.elsewhere(desk, &here, &told)?;
        let told_elsewhere = self.told_elsewhere(desk)?;
        let differences = compare(&here, &told, &elsewhere, &told_elsewhere);
        let disagreeing: BTreeSet<Date> = differences.iter().flat_map(days_of).collect();
        let booked = here.iter().map(|bill| Figures {
            count: 1,
            total: bill.total,
            fund_paid: bill.fund_paid,
            account_paid: bill.account_paid,
            cash_paid: bill.cash_paid,
        });
        let theirs = self.bills.iter().map(|bill| Figures {
            count: 1,
            total: bill.total.fen(),
            fund_paid: bill.fund_paid.fen(),
            account_paid: bill.account_paid.fen(),
            cash_paid: bill.cash_paid.fen(),
        });
        let comparison = Comparison {
            id: format!("R{}", context.seq),
            institution: self.institution.clone(),
            kind: ComparisonKind::Details,
            from: self.from,
            to: self.to,
            on: context.today,
            by: context.actor.name.clone(),
            agrees: differences.is_empty(),
            here: sum(booked)?,
            there: sum(theirs)?,
            groups: Vec::new(),
            differences,
        };
        debug_assert!(disagreeing.iter().any(|day| days.contains(day)) != comparison.agrees);
        let groups = day_groups(desk, &self.institution, self.from, self.to)?;
        keep(desk, "compare_details", context, &comparison, &groups, &disagreeing)
    }
}

/// The days that a difference speaks of.
fn days_of(difference: &Difference) -> impl Iterator<Item = Date> + use<> {
    [difference.day_here, difference.day_there].into_iter().flatten()
}
