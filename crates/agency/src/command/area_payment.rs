//! 区域间清算付款: what one area pays another of what it owes for care of its people there.

use std::sync::Arc;

use gongji_ledger::{Account, Entry, Posting};
use gongji_money::Fen;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Decide, check};
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::Desk;
use crate::record::{After, Draft};
use crate::refusal::Refusal;
use crate::row::{AreaPayment, AreaPaymentStatus, Balance};
use crate::stop::Stop;

/// 区域间清算付款申请.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenAreaPayment {
    /// The area that pays.
    pub area: String,
    /// The area that is paid.
    pub other: String,
    /// How much; all that is owed unless given.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "crate::yuan::optional")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, example = "1234.50"))]
    pub amount: Option<Fen>,
}

/// 区域间清算付款复核, by somebody who did not submit it: the money moves.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApproveAreaPayment {
    /// The payment.
    pub payment: String,
}

/// 撤回区域间清算付款 before it is released.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithdrawAreaPayment {
    /// The payment.
    pub payment: String,
    /// Why.
    pub reason: String,
}

/// 区域间清算付款退回: the bank sent a payment back. What it paid is owed again, by whom and to whom it was, and another payment may pay it.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnAreaPayment {
    /// The payment.
    pub payment: String,
    /// The business date; today unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Why, as the bank says.
    pub reason: String,
}

/// What the books of an area say that it owes another, in fen: negative what it is owed.
struct Owed {
    pool: i64,
    accounts: i64,
}

impl Owed {
    fn of(desk: &mut Desk<'_>, area: &str, other: &str) -> Result<Owed, Stop> {
        let mut fen = |account: Account| -> Result<i64, Stop> {
            Ok(desk.get::<Balance>(&account.to_string())?.map_or(0, |row| row.fen))
        };
        Ok(Owed {
            pool: fen(Account::clearing(area, other))?,
            accounts: fen(Account::clearing_of_accounts(area, other))?,
        })
    }

    fn sum(&self) -> i64 {
        self.pool.saturating_add(self.accounts)
    }

    /// How much of a payment of the whole sum, or of a part of it, the accounts pay or get. The whole leaves nothing open in either purse; of a part the accounts
    /// come first, as they do where an institution is paid.
    fn paid_from_accounts(&self, amount: i64) -> i64 {
        let sum = self.sum().saturating_abs();
        let accounts = if self.sum() < 0 { self.accounts.saturating_neg() } else { self.accounts };
        if amount == sum { accounts } else { accounts.clamp(0, amount) }
    }
}

/// Checks that an area owes another so much now.
fn owes(desk: &mut Desk<'_>, area: &str, other: &str, amount: Option<i64>) -> Result<i64, Stop> {
    let owed = Owed::of(desk, area, other)?.sum();
    if owed > 0 && amount.is_none_or(|amount| amount <= owed) {
        return Ok(amount.unwrap_or(owed));
    }
    Err(Refusal::new("not_owed", "付的多于欠的")
        .at("amount")
        .found(amount.map_or_else(|| "全部".to_owned(), |amount| Fen::new(amount).to_string()))
        .expected(format!("至多 {}", Fen::new(owed.max(0))))
        .into())
}

/// A payment of an area in which the actor may do something, as it should stand.
fn standing(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    action: Action,
    id: &str,
    status: AreaPaymentStatus,
) -> Result<Arc<AreaPayment>, Stop> {
    context.may(action)?;
    let found = desk.get::<AreaPayment>(id)?;
    let area = found.as_ref().map(|payment| payment.area.as_str());
    context.allow(action, Scope { area, ..Scope::default() })?;
    let found = found.ok_or_else(|| Refusal::new("no_payment", "没有这笔付款").at("payment").found(id))?;
    if found.status != status {
        return Err(Refusal::new("wrong_status", "付款的状态不对")
            .at("payment")
            .found(format!("{id}{}", found.status.label()))
            .expected(status.label())
            .into());
    }
    Ok(found)
}

impl Decide for OpenAreaPayment {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::Clear, Scope { area: Some(&self.area), ..Scope::default() })?;
        check::area("area", &self.area)?;
        check::area("other", &self.other)?;
        if let Some(amount) = self.amount {
            check::some_money("amount", amount)?;
        }
        let amount = owes(desk, &self.area, &self.other, self.amount.map(Fen::fen))?;
        let payment = AreaPayment {
            id: format!("A{}", context.seq),
            area: self.area.clone(),
            other: self.other.clone(),
            amount,
            status: AreaPaymentStatus::Open,
            by: context.actor.name.clone(),
            released_by: None,
            paid_on: None,
            accounts: 0,
            to_accounts: 0,
            returned_on: None,
            returned: String::new(),
        };
        let mut draft = Draft::new("open_area_payment", context.today).leaving(&payment.id, &payment)?;
        let listed = format!("{}/{}/{}", payment.area, payment.other, payment.id);
        draft.after.push(After::listed("area_payment_in", &listed)?);
        Ok(vec![draft.telling(json!({
            "payment": payment.id,
            "area": self.area,
            "other": self.other,
            "amount": Fen::new(amount).to_string(),
        }))])
    }
}

/// The entry of a payment: each purse's bank, and what each owes or is owed.
fn paid(payment: &AreaPayment) -> Result<Entry, Stop> {
    let AreaPayment { area, other, amount, accounts, to_accounts, .. } = payment;
    let parts = [(*amount - accounts, *accounts), (to_accounts - *amount, -to_accounts)];
    let mut postings = Vec::with_capacity(8);
    for ((here, there), (pool, accounts)) in [(area, other), (other, area)].into_iter().zip(parts) {
        postings.push(Posting(Account::clearing(here, there), -pool));
        postings.push(Posting(Account::clearing_of_accounts(here, there), -accounts));
        postings.push(Posting(Account::bank(here, "pool"), pool));
        postings.push(Posting(Account::bank(here, "account"), accounts));
    }
    Ok(Entry::new(postings)?)
}

impl Decide for ApproveAreaPayment {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let before = standing(desk, context, Action::Approve, &self.payment, AreaPaymentStatus::Open)?;
        check::second_person(context, &before.by)?;
        let (area, other, amount) = (&before.area, &before.other, before.amount);
        owes(desk, area, other, Some(amount))?;
        let accounts = Owed::of(desk, area, other)?.paid_from_accounts(amount);
        let to_accounts = Owed::of(desk, other, area)?.paid_from_accounts(amount);
        let mut after = (*before).clone();
        after.status = AreaPaymentStatus::Paid;
        after.released_by = Some(context.actor.name.clone());
        after.paid_on = Some(context.today);
        (after.accounts, after.to_accounts) = (accounts, to_accounts);
        let mut draft = Draft::new("approve_area_payment", context.today)
            .leaving(&after.id, &after)?
            .on_line("area_payment");
        draft.entry = paid(&after)?;
        Ok(vec![draft.telling(json!({
            "payment": after.id,
            "area": area,
            "other": other,
            "amount": Fen::new(amount).to_string(),
            "pool": Fen::new(amount - accounts).to_string(),
            "accounts": Fen::new(accounts).to_string(),
            "to_pool": Fen::new(amount - to_accounts).to_string(),
            "to_accounts": Fen::new(to_accounts).to_string(),
        }))])
    }
}

impl Decide for WithdrawAreaPayment {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let action = if context.may(Action::Clear).is_ok() { Action::Clear } else { Action::Approve };
        let before = standing(desk, context, action, &self.payment, AreaPaymentStatus::Open)?;
        let mut after = (*before).clone();
        let reason = check::reason(&self.reason)?;
        after.status = AreaPaymentStatus::Withdrawn;
        after.released_by = Some(context.actor.name.clone());
        let draft = Draft::new("withdraw_area_payment", context.today).leaving(&after.id, &after)?;
        Ok(vec![draft.telling(json!({ "payment": after.id, "reason": reason }))])
    }
}

impl Decide for ReturnAreaPayment {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let before = standing(desk, context, Action::Clear, &self.payment, AreaPaymentStatus::Paid)?;
        let reason = check::reason(&self.reason)?;
        let on = self.date.unwrap_or(context.today);
        context.not_future("date", on)?;
        if let Some(paid_on) = before.paid_on {
            check::order("date", paid_on, Some(on))?;
        }
        let mut after = (*before).clone();
        after.status = AreaPaymentStatus::Returned;
        (after.returned_on, after.returned) = (Some(on), reason.clone());
        let mut draft =
            Draft::new("return_area_payment", on).leaving(&after.id, &after)?.on_line("area_payment");
        draft.entry = paid(&before)?.negated()?;
        Ok(vec![draft.telling(json!({
            "payment": after.id,
            "area": after.area,
            "other": after.other,
            "amount": Fen::new(after.amount).to_string(),
            "reason": reason,
        }))])
    }
}
