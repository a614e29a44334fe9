//! Cancelling, reversing, adjudicating again.

use std::collections::BTreeMap;

use gongji_ledger::{Account, Entry, EntryError, Posting};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Decide;
use crate::access::{Action, Scope};
use crate::context::Context;
use crate::desk::Desk;
use crate::port::StoreError;
use crate::record::{Draft, Record};
use crate::refusal::Refusal;
use crate::row::{Admitted, Reversal, Standing, Visit, VisitStatus};
use crate::settlement::{
    Dues, Place, Settlement, again, book_after, give_back, live_before, number_of, purses_of, refold,
};
use crate::stop::Stop;

/// 撤销结算: a negative record; what was stored is negated, nothing is computed again.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelSettlement {
    /// 结算编号.
    pub settlement: String,
    /// Why.
    pub reason: String,
}

/// 重新结算: a negative record and a new one, from the same question with what earlier live settlements left.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Readjudicate {
    /// 结算编号.
    pub settlement: String,
    /// Why.
    pub reason: String,
}

/// 冲正 of a message whose outcome the caller does not know, before or after it arrives.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reverse {
    /// The key of the message.
    pub message: String,
}

/// The live settlement of an id, and its record.
fn live(desk: &mut Desk<'_>, id: &str) -> Result<(Record, Settlement), Stop> {
    let seq = number_of('S', id).map_err(|refusal| refusal.at("settlement"))?;
    let missing = || Refusal::new("no_settlement", "没有这笔结算").at("settlement").found(id);
    let record = desk.record(seq)?.ok_or_else(missing)?;
    let settlement = record.settlement.as_deref().cloned().ok_or_else(missing)?;
    if let Some(reversal) = desk.get::<Reversal>(&reversal_id(seq))? {
        return Err(Refusal::new("already_cancelled", "这笔结算已经撤销")
            .at("settlement")
            .found(id)
            .hint(format!("撤销记录为第 {} 条", reversal.by))
            .into());
    }
    Ok((record, settlement))
}

/// The row that says that a record was cancelled.
pub fn reversal_id(seq: u64) -> String {
    format!("{seq:020}")
}

/// How a settlement is undone.
#[derive(Clone, Copy)]
pub(super) struct Undoing<'text> {
    /// The kind of record.
    pub kind: &'static str,
    /// Why.
    pub reason: &'text str,
    /// Whether another settlement takes its place at once: then its visit or claim stays as it is.
    pub goes_on: bool,
}

/// The negative of a settlement, after other records of the same command.
pub(super) fn cancellation(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    (record, settlement): (&Record, &Settlement),
    how: &Undoing<'_>,
    dues: &mut Dues,
) -> Result<Draft, Stop> {
    let Undoing { kind, reason, goes_on } = *how;
    let mut draft = Draft::new(kind, context.today);
    for link in &record.people {
        draft = draft.about(&link.person);
    }
    draft.entry = given_back(desk, &record.entry.negated()?, dues)?;
    draft.tallies = record.tallies.iter().map(crate::record::TallyMove::negated).collect::<Result<_, _>>()?;
    draft.cancels = Some(record.seq);
    if settlement.claim.is_none() {
        draft.back = Some(Box::new(crate::clearing::back_of(settlement)?));
    }
    draft.line = crate::apply::care_line(&settlement.care_type);
    draft = draft.leaving(&reversal_id(record.seq), &Reversal { by: context.seq })?;
    if let Some(claim) = settlement.claim.as_ref().filter(|_| !goes_on) {
        draft = super::claim_money::cancelled(desk, context, draft, claim, reason)?;
    }
    if let Some(visit) = settlement.visit.as_ref().filter(|_| !goes_on) {
        let mut visit = (*desk.need::<Visit>(visit)?).clone();
        visit.settlements.retain(|seq| *seq != record.seq);
        for batch in visit.batches.iter_mut().filter(|batch| batch.settled == Some(record.seq)) {
            batch.settled = None;
        }
        if visit.status == VisitStatus::Closed {
            visit.status = VisitStatus::Open;
            visit.discharged_on = None;
            if visit.is_stay() && desk.get::<Admitted>(&visit.person)?.is_none() {
                draft = draft.leaving(&visit.person, &Admitted { visit: visit.id.clone() })?;
            }
        }
        draft = draft.leaving(&visit.id, &visit)?;
    }
    Ok(draft.telling(json!({ "cancelled": settlement.id, "reason": reason })))
}

/// The money of a settlement on its way back, or booked once more: to an account that stands in another area's books by now it goes through the
/// two areas' clearing; what a person was owed and got already, the person owes.
pub(super) fn given_back(desk: &mut Desk<'_>, negated: &Entry, dues: &mut Dues) -> Result<Entry, Stop> {
    let mut postings = Vec::with_capacity(negated.postings().len());
    for posting in negated.postings() {
        let Posting(account, fen) = posting;
        let moved = match account.of_person() {
            Some((person, sub)) => desk
                .get::<Standing>(person)?
                .and_then(|standing| standing.account_area.clone())
                .filter(|area| *area != account.area)
                .map(|area| (person, sub, area)),
            None => None,
        };
        match moved {
            None => postings.push(posting.clone()),
            Some((person, sub, area)) => {
                let opposite = fen.checked_neg().ok_or(EntryError::Overflow)?;
                postings.push(Posting(Account::clearing_of_accounts(&account.area, &area), *fen));
                postings.push(Posting(Account::clearing_of_accounts(&area, &account.area), opposite));
                postings.push(Posting(Account::personal(&area, person, sub), *fen));
            }
        }
    }
    Ok(Entry::new(dues.placed(desk, postings)?)?)
}

/// Whether the actor may cancel a settlement: the institution its own, the area's staff those of their area.
fn may_correct(context: &Context<'_>, settlement: &Settlement) -> Result<(), Stop> {
    let own = Scope { institution: settlement.settles_with(), ..Scope::default() };
    if crate::access::allowed(context.actor, Action::Treat, own) && own.institution.is_some() {
        return Ok(());
    }
    context.allow(Action::Correct, Scope { area: Some(&settlement.area), ..Scope::default() })
}

fn reasoned(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() {
        return Err(Refusal::new("missing_field", "要写明原因").at("reason"));
    }
    Ok(())
}

impl Decide for CancelSettlement {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        reasoned(&self.reason)?;
        let found = live(desk, &self.settlement)?;
        may_correct(context, &found.1)?;
        let how = Undoing { kind: "cancellation", reason: &self.reason, goes_on: false };
        Ok(vec![cancellation(desk, context, (&found.0, &found.1), &how, &mut Dues::default())?])
    }
}

impl Decide for Readjudicate {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        reasoned(&self.reason)?;
        let found = live(desk, &self.settlement)?;
        let (record, made) = &found;
        context.allow(Action::Correct, Scope { area: Some(&made.area), ..Scope::default() })?;
        let earlier = live_before(desk, &made.person, made.place)?;
        let tallies = refold(&earlier)?;
        let mut balances = BTreeMap::new();
        for person in std::iter::once(&made.person).chain(&made.relatives) {
            let held = crate::settlement::holding(desk, person)?;
            balances.insert(person.clone(), held);
        }
        give_back(record, &mut balances);
        let quoted = again(context, made, purses_of(made, &balances)?, &tallies)?;
        let how = Undoing { kind: "cancellation", reason: &self.reason, goes_on: true };
        let mut dues = Dues::default();
        let negative = cancellation(desk, context, (record, made), &how, &mut dues)?;
        let next = Context { seq: context.seq + 1, ..*context };
        let place = Place {
            person: &made.person,
            institution: &made.institution,
            visit: made.visit.as_deref().map(|visit| (visit, made.batches.as_slice())),
            care_type: &made.care_type,
            expect: None,
            replaces: Some((record.seq, made.place)),
            claim: made.claim.as_deref(),
            collected: made.collected,
        };
        let mut new = book_after(desk, &next, &place, &quoted, &mut dues)?;
        if let Some(claim) = &made.claim {
            new = super::claim_money::settled_again(desk, &next, new, claim)?;
        }
        if let Some(visit) = &made.visit {
            let mut visit = (*desk.need::<Visit>(visit)?).clone();
            for seq in visit.settlements.iter_mut().filter(|seq| **seq == record.seq) {
                *seq = next.seq;
            }
            for batch in visit.batches.iter_mut().filter(|batch| batch.settled == Some(record.seq)) {
                batch.settled = Some(next.seq);
            }
            new = new.leaving(&visit.id, &visit)?;
        }
        Ok(vec![negative, new])
    }
}

impl Decide for Reverse {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        context.allow(Action::Treat, Scope { institution: Some(&context.actor.name), ..Scope::default() })?;
        let key = format!("{}/{}", context.actor.scope(), self.message);
        let Some(outcome) = desk.outcome(&key)? else {
            // The message is still on its way: when it comes, it is refused.
            let mut draft = Draft::new("tombstone", context.today);
            draft.tombstone = Some(key);
            return Ok(vec![draft.telling(json!({ "message": self.message, "found": false }))]);
        };
        let nothing = || {
            let draft = Draft::new("reversal", context.today);
            vec![draft.telling(json!({ "message": self.message, "found": true, "cancelled": null }))]
        };
        let Some(mut seq) = outcome.seq else { return Ok(nothing()) };
        let record = desk.record(seq)?.ok_or_else(|| StoreError::Corrupt(format!("缺第 {seq} 条记录")))?;
        if record.settlement.is_none() {
            return Err(Refusal::new("not_reversible", "这条消息没有产生结算，不能冲正")
                .at("message")
                .found(&record.kind)
                .hint("登记、明细请用相应的撤销业务")
                .into());
        }
        while let Some(reversal) = desk.get::<Reversal>(&reversal_id(seq))? {
            // Adjudicated again: what stands in its place is what the message left.
            let next = desk.record(reversal.by + 1)?.and_then(|record| record.settlement);
            if next.is_none_or(|next| next.replaces != Some(seq)) {
                return Ok(nothing());
            }
            seq = reversal.by + 1;
        }
        let found = live(desk, &format!("S{seq}"))?;
        let how = Undoing { kind: "reversal", reason: "冲正", goes_on: false };
        Ok(vec![cancellation(desk, context, (&found.0, &found.1), &how, &mut Dues::default())?])
    }
}
