//! Paying a clearing, and payments that come back.

use gongji_ledger::{Account, Entry, Posting};
use gongji_money::Fen;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::clearing::clearing;
use super::{Decide, check};
use crate::access::Action;
use crate::context::Context;
use crate::desk::Desk;
use crate::port::StoreError;
use crate::record::Draft;
use crate::row::{Clearing, ClearingPayment, ClearingStatus};
use crate::stop::Stop;

/// 清算付款 of a released clearing, by the agency's staff.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayClearing {
    /// The clearing.
    pub clearing: String,
    /// The business date; today unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The bank's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// 付款退回: the bank sent a clearing's payment back; it may be paid again.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnClearingPayment {
    /// The clearing.
    pub clearing: String,
    /// The business date; today unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Why, as the bank says.
    pub reason: String,
}

/// The entry of a payment.
fn paid(clearing: &Clearing, payment: &ClearingPayment) -> Result<Entry, Stop> {
    Ok(Entry::new([
        Posting(Account::payable(&clearing.area, &clearing.institution), -clearing.amount),
        Posting(Account::bank(&clearing.area, "pool"), payment.pool),
        Posting(Account::bank(&clearing.area, "account"), payment.accounts),
    ])?)
}

impl Decide for PayClearing {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let before =
            clearing(desk, context, (Action::Clear, false), &self.clearing, ClearingStatus::Approved)?;
        let on = self.date.unwrap_or(context.today);
        context.not_future("date", on)?;
        check::order("date", before.opened_on, Some(on))?;
        let reference = self.reference.as_deref().map(|text| check::text("reference", text)).transpose()?;
        // What was drawn from accounts is paid from their bank account, as far as it is paid at all.
        let accounts = before.from_accounts.clamp(0, before.amount);
        let payment = ClearingPayment {
            by: context.actor.name.clone(),
            on,
            pool: before.amount - accounts,
            accounts,
            reference: reference.unwrap_or_default(),
            returned_on: None,
            returned: String::new(),
        };
        let mut draft = Draft::new("pay_clearing", on);
        draft.entry = paid(&before, &payment)?;
        let told = json!({
            "clearing": before.id,
            "institution": before.institution,
            "amount": Fen::new(before.amount).to_string(),
            "pool": Fen::new(payment.pool).to_string(),
            "accounts": Fen::new(payment.accounts).to_string(),
        });
        let mut after = (*before).clone();
        after.status = ClearingStatus::Paid;
        after.payments.push(payment);
        Ok(vec![draft.leaving(&after.id, &after)?.telling(told)])
    }
}

impl Decide for ReturnClearingPayment {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let before = clearing(desk, context, (Action::Clear, false), &self.clearing, ClearingStatus::Paid)?;
        let reason = check::reason(&self.reason)?;
        let on = self.date.unwrap_or(context.today);
        context.not_future("date", on)?;
        let mut after = (*before).clone();
        let payment = after
            .payments
            .last_mut()
            .ok_or_else(|| StoreError::Corrupt(format!("{} 没有付款", before.id)))?;
        check::order("date", payment.on, Some(on))?;
        let mut draft = Draft::new("return_clearing_payment", on);
        draft.entry = paid(&before, payment)?.negated()?;
        (payment.returned_on, payment.returned) = (Some(on), reason.clone());
        after.status = ClearingStatus::Approved;
        let amount = Fen::new(after.amount).to_string();
        Ok(vec![draft.leaving(&after.id, &after)?.telling(json!({
            "clearing": after.id,
            "amount": amount,
            "reason": reason,
        }))])
    }
}
