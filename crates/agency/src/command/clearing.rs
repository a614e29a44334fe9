//! 月度清算: what an institution is due for a month, submitted, released by a second person, or withdrawn.

use std::collections::BTreeMap;
use std::sync::Arc;

use gongji_ledger::{Account, Entry, Fund, Posting};
use gongji_money::{Fen, Rate, Rounding};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::compare::reconciled;
use super::cover::pack_of;
use super::{Decide, check};
use crate::access::{Action, Scope};
use crate::clearing::day_groups;
use crate::context::Context;
use crate::desk::Desk;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{ClearedDay, Clearing, ClearingStatus, Deduction, Deposit, ReconciledDay, clearing_in_id};
use crate::stop::Stop;

/// Money that an institution is not paid.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeductionAsked {
    /// The scheme whose pooled fund keeps it.
    pub scheme: String,
    /// The area of that fund; the institution's unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// How much.
    #[serde(with = "crate::yuan")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub amount: Fen,
    /// Why.
    pub reason: String,
}

/// 清算申请: everything that was signed off up to the end of a month and went into no clearing yet.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenClearing {
    /// The institution.
    pub institution: String,
    /// The month (`2026-03`).
    pub month: String,
    /// 预留: the share that is kept back (`5%`), as the agreement with the institution says; none unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withhold: Option<String>,
    /// How much of what was kept back before is paid now.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::yuan::optional")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "1234.50"))]
    pub release: Option<Fen>,
    /// 扣款.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deductions: Vec<DeductionAsked>,
}

/// 撤回清算 before it is released: its days are free for another one.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithdrawClearing {
    /// The clearing.
    pub clearing: String,
    /// Why.
    pub reason: String,
}

/// 清算复核, by somebody who did not submit it.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApproveClearing {
    /// The clearing.
    pub clearing: String,
}

fn too_large() -> Stop {
    Refusal::new("too_large", "金额合计超出范围").into()
}

fn total(amounts: impl IntoIterator<Item = i64>) -> Result<i64, Stop> {
    amounts.into_iter().try_fold(0_i64, i64::checked_add).ok_or_else(too_large)
}

/// What is there to clear, and days that wait for a sign-off.
struct Due {
    days: Vec<ClearedDay>,
    /// The rows of those days as the clearing leaves them.
    rows: Vec<(String, ReconciledDay)>,
    waiting: Vec<Date>,
}

fn due(desk: &mut Desk<'_>, institution: &str, end: Date, clearing: &str) -> Result<Due, Stop> {
    let prefix = format!("{institution}/");
    let mut booked: BTreeMap<Date, (i64, i64, u64)> = BTreeMap::new();
    for group in day_groups(desk, institution, Date::MIN, end)? {
        let day = booked.entry(group.day).or_default();
        let (payable, drawn, last) = *day;
        *day = (
            total([payable, group.sums.payable])?,
            total([drawn, group.sums.from_accounts])?,
            last.max(group.last),
        );
    }
    let rows = desk.between::<ReconciledDay>(&prefix, &prefix, Some(&format!("{prefix}{end}0")))?;
    let mut due = Due { days: Vec::new(), rows: Vec::new(), waiting: Vec::new() };
    for (day, (payable, drawn, last)) in booked {
        let id = ReconciledDay::id(institution, day);
        let row = rows.get(&id).map(|row| (**row).clone()).unwrap_or_default();
        let taken = ClearedDay {
            day,
            payable: total([payable, row.cleared.saturating_neg()])?,
            from_accounts: total([drawn, row.cleared_accounts.saturating_neg()])?,
        };
        if (taken.payable, taken.from_accounts) == (0, 0) {
            continue;
        }
        if row.confirmed.as_ref().is_none_or(|confirmed| confirmed.last != last) {
            due.waiting.push(day);
            continue;
        }
        let mut row = row;
        (row.cleared, row.cleared_accounts) = (payable, drawn);
        row.clearings.push(clearing.to_owned());
        due.rows.push((id, row));
        due.days.push(taken);
    }
    Ok(due)
}

/// The share that is kept back.
fn share(text: Option<&str>) -> Result<Rate, Refusal> {
    let Some(text) = text else { return Ok(Rate::ZERO) };
    let rate = text.parse::<Rate>().ok().filter(|rate| *rate >= Rate::ZERO && *rate < Rate::ONE);
    rate.ok_or_else(|| {
        Refusal::new("malformed_rate", "比例写法不对")
            .at("withhold")
            .found(text.chars().take(20).collect::<String>())
            .expected("5% 这样的比例，不到 100%")
    })
}

impl OpenClearing {
    fn deductions(&self, context: &Context<'_>, home: &str) -> Result<Vec<Deduction>, Stop> {
        let mut kept = Vec::with_capacity(self.deductions.len());
        for (at, asked) in self.deductions.iter().enumerate() {
            let place = |refusal: Refusal| {
                let field = format!("deductions.{at}.{}", refusal.field);
                Stop::from(refusal.at(field))
            };
            let area = asked.area.as_deref().unwrap_or(home);
            pack_of(context, area, &asked.scheme).map_err(place)?;
            check::some_money("amount", asked.amount).map_err(place)?;
            let reason = check::reason(&asked.reason).map_err(place)?;
            let (area, scheme) = (area.to_owned(), asked.scheme.clone());
            kept.push(Deduction { area, scheme, amount: asked.amount.fen(), reason });
        }
        Ok(kept)
    }
}

impl Decide for OpenClearing {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let institution = reconciled(desk, context, &self.institution)?;
        let first = check::month(context, "month", &self.month)?;
        let next = first.checked_add(1.month()).unwrap_or(Date::MAX);
        let end = check::day_before("month", next)?.min(context.today);
        let share = share(self.withhold.as_deref())?;
        let deductions = self.deductions(context, &institution.area)?;
        let id = format!("C{}", context.seq);
        let found = due(desk, &self.institution, end, &id)?;
        let due = total(found.days.iter().map(|day| day.payable))?;
        let from_accounts = total(found.days.iter().map(|day| day.from_accounts))?;
        let deposit = desk.get::<Deposit>(&self.institution)?.map_or(0, |row| row.withheld);
        let release = self.release.unwrap_or(Fen::ZERO);
        if release.fen() > deposit {
            return Err(Refusal::new("too_much", "返还的多于预留的")
                .at("release")
                .found(release)
                .expected(format!("至多 {}", Fen::new(deposit)))
                .into());
        }
        let withheld = Rounding::HALF_UP_FEN
            .round_wide(
                i128::from(due.max(0)) * i128::from(share.numerator()),
                i128::from(share.denominator()),
            )
            .ok_or_else(too_large)?;
        let deducted = total(deductions.iter().map(|one| one.amount))?;
        let amount = total([due, release.fen(), -withheld.fen(), -deducted])?;
        if amount <= 0 {
            let days = found.days.len();
            let refused = Refusal::new("nothing_due", "没有可以付的清算金额，留到下一个月")
                .at("month")
                .found(format!("{days} 天应付 {}，扣款后 {}", Fen::new(due), Fen::new(amount)));
            return Err(match found.waiting.first() {
                Some(day) => refused.hint(format!("{day} 等 {} 天还没有对账确认", found.waiting.len())),
                None => refused,
            }
            .into());
        }
        let clearing = Clearing {
            id: id.clone(),
            institution: self.institution.clone(),
            area: institution.area.clone(),
            month: self.month.clone(),
            days: found.days,
            due,
            from_accounts,
            withheld: withheld.fen(),
            released: release.fen(),
            deductions,
            amount,
            status: ClearingStatus::Open,
            opened_by: context.actor.name.clone(),
            opened_on: context.today,
            approved_by: None,
            withdrawn: String::new(),
            payments: Vec::new(),
        };
        let mut draft = Draft::new("open_clearing", context.today).leaving(&id, &clearing)?;
        draft.after.push(After::listed("clearing_in", &clearing_in_id(&clearing))?);
        for (id, row) in &found.rows {
            draft.after.push(After::of(id, row)?);
        }
        Ok(vec![draft.telling(json!({
            "clearing": id,
            "institution": self.institution,
            "month": self.month,
            "days": clearing.days.len(),
            "due": Fen::new(due).to_string(),
            "withheld": withheld.to_string(),
            "released": release.to_string(),
            "deducted": Fen::new(deducted).to_string(),
            "amount": Fen::new(amount).to_string(),
            "waiting": found.waiting,
        }))])
    }
}

/// A clearing in a status, of an area in which the actor may do something.
pub(super) fn clearing(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    (action, own): (Action, bool),
    id: &str,
    status: ClearingStatus,
) -> Result<Arc<Clearing>, Stop> {
    context.may(action)?;
    let found = desk.get::<Clearing>(id)?;
    let area = found.as_ref().map(|clearing| clearing.area.as_str());
    let institution = found.as_ref().map(|clearing| clearing.institution.as_str()).filter(|_| own);
    context.allow(action, Scope { area, person: None, institution })?;
    let found = found.ok_or_else(|| Refusal::new("no_clearing", "没有这笔清算").at("clearing").found(id))?;
    if found.status != status {
        return Err(Refusal::new("wrong_status", "清算的状态不对")
            .at("clearing")
            .found(format!("{id}{}", found.status.label()))
            .expected(status.label())
            .into());
    }
    Ok(found)
}

impl Decide for WithdrawClearing {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        // Whoever releases clearings may send one back.
        let action = if context.may(Action::Clear).is_ok() { Action::Clear } else { Action::Approve };
        let before = clearing(desk, context, (action, true), &self.clearing, ClearingStatus::Open)?;
        let reason = check::reason(&self.reason)?;
        let mut after = (*before).clone();
        after.status = ClearingStatus::Withdrawn;
        after.withdrawn.clone_from(&reason);
        let mut draft = Draft::new("withdraw_clearing", context.today).leaving(&after.id, &after)?;
        for day in &after.days {
            let id = ReconciledDay::id(&after.institution, day.day);
            let mut row = (*desk.need::<ReconciledDay>(&id)?).clone();
            row.cleared = total([row.cleared, -day.payable])?;
            row.cleared_accounts = total([row.cleared_accounts, -day.from_accounts])?;
            row.clearings.retain(|known| *known != after.id);
            draft.after.push(After::of(&id, &row)?);
        }
        Ok(vec![draft.telling(json!({ "clearing": after.id, "reason": reason }))])
    }
}

/// The entry of what funds keep.
fn kept(clearing: &Clearing) -> Result<Entry, Stop> {
    let mut postings = Vec::new();
    for Deduction { area, scheme, amount, .. } in &clearing.deductions {
        postings.push(Posting(Account::payable(&clearing.area, &clearing.institution), -amount));
        if *area != clearing.area {
            postings.push(Posting(Account::clearing(&clearing.area, area), *amount));
            postings.push(Posting(Account::clearing(area, &clearing.area), -amount));
        }
        postings.push(Posting(Account::fund(area, scheme, Fund::Pooled), *amount));
    }
    Ok(Entry::new(postings)?)
}

impl Decide for ApproveClearing {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let before = clearing(desk, context, (Action::Approve, false), &self.clearing, ClearingStatus::Open)?;
        check::second_person(context, &before.opened_by)?;
        let mut after = (*before).clone();
        after.status = ClearingStatus::Approved;
        after.approved_by = Some(context.actor.name.clone());
        let mut draft = Draft::new("approve_clearing", context.today)
            .leaving(&after.id, &after)?
            .on_line("clearing_deduction");
        draft.entry = kept(&after)?;
        if (after.withheld, after.released) != (0, 0) {
            let deposit = desk.get::<Deposit>(&after.institution)?.map_or(0, |row| row.withheld);
            let withheld = total([deposit, after.withheld, -after.released])?;
            if deposit < after.released {
                return Err(Refusal::new("too_much", "返还的多于预留的")
                    .at("clearing")
                    .found(Fen::new(after.released))
                    .expected(format!("至多 {}", Fen::new(deposit)))
                    .hint("撤回后重新申请")
                    .into());
            }
            draft = draft.leaving(&after.institution, &Deposit { withheld })?;
        }
        Ok(vec![draft.telling(json!({
            "clearing": after.id,
            "institution": after.institution,
            "amount": Fen::new(after.amount).to_string(),
        }))])
    }
}
