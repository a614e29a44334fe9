//! 区域间清算付款: what one area pays another of what it owes for care of its people there.

use std::sync::Arc;

use gongji_ledger::{Account, Entry, Posting};
use gongji_money::Fen;
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

/// Checks that an area owes another so much now.
fn owes(desk: &mut Desk<'_>, area: &str, other: &str, amount: Option<i64>) -> Result<i64, Stop> {
    let owed = desk.get::<Balance>(&Account::clearing(area, other).to_string())?.map_or(0, |row| row.fen);
    if owed > 0 && amount.is_none_or(|amount| amount <= owed) {
        return Ok(amount.unwrap_or(owed));
    }
    Err(Refusal::new("not_owed", "付的多于欠的")
        .at("amount")
        .found(amount.map_or_else(|| "全部".to_owned(), |amount| Fen::new(amount).to_string()))
        .expected(format!("至多 {}", Fen::new(owed.max(0))))
        .into())
}

/// A payment that waits, of an area in which the actor may do something.
fn waiting(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    action: Action,
    id: &str,
) -> Result<Arc<AreaPayment>, Stop> {
    context.may(action)?;
    let found = desk.get::<AreaPayment>(id)?;
    let area = found.as_ref().map(|payment| payment.area.as_str());
    context.allow(action, Scope { area, ..Scope::default() })?;
    let found = found.ok_or_else(|| Refusal::new("no_payment", "没有这笔付款").at("payment").found(id))?;
    if found.status != AreaPaymentStatus::Open {
        return Err(Refusal::new("wrong_status", "付款的状态不对")
            .at("payment")
            .found(format!("{id}{}", found.status.label()))
            .expected(AreaPaymentStatus::Open.label())
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

impl Decide for ApproveAreaPayment {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let before = waiting(desk, context, Action::Approve, &self.payment)?;
        check::second_person(context, &before.by)?;
        let (area, other, amount) = (&before.area, &before.other, before.amount);
        owes(desk, area, other, Some(amount))?;
        let mut after = (*before).clone();
        after.status = AreaPaymentStatus::Paid;
        after.released_by = Some(context.actor.name.clone());
        after.paid_on = Some(context.today);
        let mut draft = Draft::new("approve_area_payment", context.today)
            .leaving(&after.id, &after)?
            .on_line("area_payment");
        draft.entry = Entry::new([
            Posting(Account::clearing(area, other), -amount),
            Posting(Account::bank(area, "pool"), amount),
            Posting(Account::bank(other, "pool"), -amount),
            Posting(Account::clearing(other, area), amount),
        ])?;
        Ok(vec![draft.telling(json!({
            "payment": after.id,
            "area": area,
            "other": other,
            "amount": Fen::new(amount).to_string(),
        }))])
    }
}

impl Decide for WithdrawAreaPayment {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let action = if context.may(Action::Clear).is_ok() { Action::Clear } else { Action::Approve };
        let mut after = (*waiting(desk, context, action, &self.payment)?).clone();
        let reason = check::reason(&self.reason)?;
        after.status = AreaPaymentStatus::Withdrawn;
        after.released_by = Some(context.actor.name.clone());
        let draft = Draft::new("withdraw_area_payment", context.today).leaving(&after.id, &after)?;
        Ok(vec![draft.telling(json!({ "payment": after.id, "reason": reason }))])
    }
}
