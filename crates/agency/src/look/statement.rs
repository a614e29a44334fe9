//! The statement of a personal account: every movement with the balance after it.

use std::collections::BTreeMap;

use gongji_ledger::SubAccount;
use gongji_money::Fen;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::file::label_of;
use super::person::{AccountSeen, account_of};
use super::sight::seen;
use crate::context::Context;
use crate::desk::Desk;
use crate::port::StoreError;
use crate::record::Record;
use crate::row::Standing;
use crate::settlement::file_after;
use crate::stop::Stop;

/// What kind of movement.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    /// 划入.
    Credit,
    /// The own bill drew on it.
    Own,
    /// A relative's bill drew on it.
    Relative,
    /// A bill that had drawn on it was cancelled.
    GivenBack,
    /// The account moved to another area.
    Transfer,
    /// 利息.
    Interest,
    /// 年度结转: from one part to the other.
    Roll,
    /// 清算: what was credited ahead, against what was due.
    Clearing,
    /// A premium that the account paid: a relative's, or the own supplementary one.
    Premium,
    /// 继承、转出: paid out whole.
    PaidOut,
    /// Anything else.
    Other,
}

/// One movement of one part of the account.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatementLine {
    /// The record's number.
    pub record: u64,
    /// The business date.
    pub date: Date,
    /// What kind of movement.
    pub movement: Movement,
    /// The kind of record for people.
    pub label: &'static str,
    /// Whose bill it was, or who was credited.
    pub who: String,
    /// The settlement, where it is one or takes one back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement: Option<String>,
    /// The area in whose books it was posted.
    pub area: String,
    /// Which part of the account.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "carried_over"))]
    pub sub_account: SubAccount,
    /// How much; less than nothing where it was drawn.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub amount: Fen,
    /// The part's balance after it.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub balance: Fen,
}

/// A statement of some days.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Whose account.
    pub person: String,
    /// The account as it is now; `None` without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountSeen>,
    /// The movements in the order of booking.
    pub lines: Vec<StatementLine>,
    /// Σ of what was credited.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub credited: Fen,
    /// Σ of what own bills drew, less what was given back.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub drawn_own: Fen,
    /// Σ of what relatives' bills drew, less what was given back.
    #[serde(serialize_with = "crate::yuan::serialize")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50"))]
    pub drawn_relatives: Fen,
}

/// Whose settlement a record is or takes back, and its number.
fn bill_of<'record>(
    record: &'record Record,
    by_seq: &BTreeMap<u64, &'record Record>,
) -> Option<(&'record str, &'record str)> {
    let made = match record.cancels {
        Some(cancelled) => by_seq.get(&cancelled)?.settlement.as_ref()?,
        None => record.settlement.as_ref()?,
    };
    Some((&made.person, &made.id))
}

/// What kind of movement a record is that is no bill's.
fn booked_as(record: &Record, person: &str) -> Movement {
    match record.kind.as_str() {
        "credit_account"
        | "split_contributions"
        | "refund_contribution"
        | "record_debits"
        | "credit_accounts"
        | "precredit_accounts" => Movement::Credit,
        "account_interest" | "pay_interest" => Movement::Interest,
        "close_accounts" => Movement::Roll,
        "clear_accounts" => Movement::Clearing,
        "pay_premium" | "refund_premium" | "debit_supplement" => Movement::Premium,
        // Whoever inherits is credited.
        "inherit_account" if record.people.first().is_some_and(|first| first.person != person) => {
            Movement::Credit
        }
        "inherit_account" | "pay_out_account" => Movement::PaidOut,
        _ if record.account_at.is_some() => Movement::Transfer,
        _ => Movement::Other,
    }
}

/// The movements of a person's account with business dates within these days, with running balances over its whole life. Amounts are those of the journal;
/// nothing is computed again.
///
/// # Errors
/// The refusals `denied` and `no_person`; a journal whose movements do not sum to the balance.
pub fn statement(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    person: &str,
    (from, to): (Option<Date>, Option<Date>),
) -> Result<Statement, Stop> {
    seen(desk, context, person)?;
    let standing = desk.get::<Standing>(person)?.map(|row| (*row).clone()).unwrap_or_default();
    let mut records = file_after(desk, person, 0, usize::MAX)?;
    records.reverse();
    let by_seq: BTreeMap<u64, &Record> = records.iter().map(|record| (record.seq, record)).collect();
    let mut balances = [Fen::ZERO; 2];
    let mut lines = Vec::new();
    let (mut credited, mut own, mut relatives) = (Fen::ZERO, Fen::ZERO, Fen::ZERO);
    let overflow = || StoreError::Corrupt(format!("{person} 的账户流水超出范围"));
    for record in &records {
        let bill = bill_of(record, &by_seq);
        let movement = match bill {
            Some(_) if record.cancels.is_some() => Movement::GivenBack,
            Some((whose, _)) if whose == person => Movement::Own,
            Some(_) => Movement::Relative,
            None => booked_as(record, person),
        };
        for posting in record.entry.postings() {
            let Some((_, sub)) = posting.0.of_person().filter(|(owner, _)| *owner == person) else {
                continue;
            };
            let amount = Fen::new(posting.1);
            let balance = &mut balances[usize::from(sub == SubAccount::CarriedOver)];
            *balance = balance.checked_add(amount).ok_or_else(overflow)?;
            if from.is_some_and(|from| record.date < from) || to.is_some_and(|to| record.date > to) {
                continue;
            }
            let sum = match bill {
                Some((whose, _)) if whose == person => Some((&mut own, Fen::new(-posting.1))),
                Some(_) => Some((&mut relatives, Fen::new(-posting.1))),
                None if movement == Movement::Credit => Some((&mut credited, amount)),
                None => None,
            };
            if let Some((sum, by)) = sum {
                *sum = sum.checked_add(by).ok_or_else(overflow)?;
            }
            lines.push(StatementLine {
                record: record.seq,
                date: record.date,
                movement,
                label: label_of(&record.kind),
                who: bill.map_or(person, |(whose, _)| whose).to_owned(),
                settlement: bill.map(|(_, id)| id.to_owned()),
                area: posting.0.area.clone(),
                sub_account: sub,
                amount,
                balance: *balance,
            });
        }
    }
    // The sum of the movements and the balance that is kept are two ways to the same number.
    if balances.map(Fen::fen) != [standing.current_year, standing.carried_over] {
        return Err(StoreError::Corrupt(format!("{person} 的账户流水与余额不符")).into());
    }
    let account = account_of(&standing);
    Ok(Statement {
        person: person.to_owned(),
        account,
        lines,
        credited,
        drawn_own: own,
        drawn_relatives: relatives,
    })
}
