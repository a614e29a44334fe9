//! Which later settlements would come out otherwise once an earlier one is cancelled.

use std::collections::BTreeMap;
use std::sync::Arc;

use gongji_cases::Case;
use gongji_cases::request::Purses;
use gongji_money::Fen;
use serde::Serialize;

use super::history::{live_before, refold};
use super::purses::Relatives;
use super::{Quoted, Settlement};
use crate::context::Context;
use crate::desk::Desk;
use crate::port::StoreError;
use crate::record::Record;
use crate::row::{Balance, Standing, Tally};
use crate::stop::Stop;

/// A settlement that would come out otherwise today. Differences in fen: what it would be less what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Affected {
    /// The settlement.
    pub settlement: String,
    /// 基金支付总额.
    pub fund_paid: i64,
    /// 个人账户支付.
    pub account_paid: i64,
    /// 家庭共济支付.
    pub mutual_aid_paid: i64,
    /// 医院负担.
    pub hospital_borne: i64,
    /// 现金.
    pub cash_paid: i64,
}

impl Affected {
    /// Whether anything differs.
    pub fn differs(&self) -> bool {
        [self.fund_paid, self.account_paid, self.mutual_aid_paid, self.hospital_borne, self.cash_paid]
            .iter()
            .any(|fen| *fen != 0)
    }
}

/// The settlement computed again from its own question, with other purses and what these tallies say.
pub(crate) fn again(
    context: &Context<'_>,
    made: &Settlement,
    purses: Purses,
    tallies: &BTreeMap<String, Tally>,
) -> Result<Quoted, Stop> {
    let mut case = Case::read(made.case.get())
        .map_err(|error| StoreError::Corrupt(format!("{} 的案例读不懂：{error}", made.id)))?;
    let event = case.events.pop().ok_or_else(|| StoreError::Corrupt(format!("{} 没有账单", made.id)))?;
    super::book::compute(
        context,
        &made.person,
        (case.person, event),
        (purses, Relatives { owners: made.relatives.clone(), grants: made.grants.clone() }),
        |id| Ok(tallies.get(id).cloned().map(Arc::new)),
    )
}

/// The settlements of a person with a place after `place` that would come out otherwise if each were adjudicated again in order. Purses start from
/// what is there today, and each settlement's own money is given back before it is computed.
///
/// # Errors
/// Those of the store; what the rules refuse today.
pub fn affected_by(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    person: &str,
    place: u64,
) -> Result<Vec<Affected>, Stop> {
    let live = live_before(desk, person, u64::MAX)?;
    let (before, later): (Vec<Record>, Vec<Record>) = live
        .into_iter()
        .partition(|record| record.settlement.as_ref().is_some_and(|made| made.place <= place));
    let mut tallies = refold(&before)?;
    let mut balances: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    let mut affected = Vec::new();
    for record in &later {
        let Some(made) = &record.settlement else { continue };
        let people: Vec<&String> = std::iter::once(&made.person).chain(&made.relatives).collect();
        for owner in &people {
            if !balances.contains_key(*owner) {
                let held = holding(desk, owner)?;
                balances.insert((*owner).clone(), held);
            }
        }
        give_back(record, &mut balances);
        let quoted = again(context, made, purses_of(made, &balances)?, &tallies)?;
        let new = &quoted.settled;
        take(made, &quoted, &mut balances);
        for by in super::book::moves(&made.person, &quoted) {
            crate::apply::move_tally(tallies.entry(by.id.clone()).or_default(), &by)?;
        }
        let difference = Affected {
            settlement: made.id.clone(),
            fund_paid: new.fields.fund_paid_total.fen() - made.fund_paid,
            account_paid: super::book::account_paid(new) - made.account_paid,
            mutual_aid_paid: new.paid_by(gongji_policy::Payer::Relatives).fen() - made.mutual_aid_paid,
            hospital_borne: new.paid_by(gongji_policy::Payer::Hospital).fen() - made.hospital_borne,
            cash_paid: new.paid_by(gongji_policy::Payer::Cash).fen() - made.cash_paid,
        };
        if difference.differs() {
            affected.push(difference);
        }
    }
    Ok(affected)
}

/// What an owner holds: of the own account the current year and what is carried over, of a wallet the latter alone; fen.
pub(crate) fn holding(desk: &mut Desk<'_>, owner: &str) -> Result<(i64, i64), Stop> {
    if owner.contains('/') {
        return Ok((0, desk.get::<Balance>(owner)?.map_or(0, |row| row.fen)));
    }
    let standing = desk.get::<Standing>(owner)?;
    Ok(standing.map_or((0, 0), |standing| (standing.current_year, standing.carried_over)))
}

/// Gives back what a record drew from personal accounts.
pub(crate) fn give_back(record: &Record, balances: &mut BTreeMap<String, (i64, i64)>) {
    for gongji_ledger::Posting(account, fen) in record.entry.postings() {
        let Some((person, sub)) = account.of_person() else {
            if let Some((_, held)) = balances.get_mut(&account.to_string()) {
                *held -= fen;
            }
            continue;
        };
        let Some((current, carried)) = balances.get_mut(person) else { continue };
        match sub {
            gongji_ledger::SubAccount::CurrentYear => *current -= fen,
            gongji_ledger::SubAccount::CarriedOver => *carried -= fen,
        }
    }
}

/// Takes what a settlement would draw.
fn take(made: &Settlement, quoted: &Quoted, balances: &mut BTreeMap<String, (i64, i64)>) {
    let own = std::iter::once((&made.person, &quoted.settled.drawn));
    for (person, drawn) in own.chain(made.relatives.iter().zip(&quoted.settled.drawn_relatives)) {
        if let Some((current, carried)) = balances.get_mut(person) {
            *current -= drawn.current_year.fen();
            *carried -= drawn.carried_over.fen();
        }
    }
}

/// The purses of a settlement's question with today's balances.
pub(crate) fn purses_of(made: &Settlement, balances: &BTreeMap<String, (i64, i64)>) -> Result<Purses, Stop> {
    let case = Case::read(made.case.get())
        .map_err(|error| StoreError::Corrupt(format!("{} 的案例读不懂：{error}", made.id)))?;
    let mut purses = case.purses;
    let amount = |fen: i64| Fen::new(fen.max(0));
    if let Some((current, carried)) = balances.get(&made.person) {
        (purses.current_year, purses.carried_over) = (amount(*current), amount(*carried));
    }
    for (relative, person) in purses.mutual_aid.iter_mut().zip(&made.relatives) {
        if let Some((current, carried)) = balances.get(person) {
            (relative.current_year, relative.carried_over) = (amount(*current), amount(*carried));
        }
    }
    Ok(purses)
}
