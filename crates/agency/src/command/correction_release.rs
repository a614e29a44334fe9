//! 放行 and 撤销 of a batch of corrections, part by part: each settlement gets its negative and the one that takes its place, person by person in
//! order of time.

use std::collections::BTreeMap;

use gongji_ledger::{AccountKind, Posting, SubAccount};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::correction::{Undoing, cancellation, given_back, reversal_id};
use super::correction_batch::{batch_of, next, same_rules, told, wrong_status};
use super::{Decide, check};
use crate::access::Action;
use crate::context::Context;
use crate::desk::Desk;
use crate::port::StoreError;
use crate::record::{Draft, Record};
use crate::refusal::Refusal;
use crate::row::{
    Correction, CorrectionLine, CorrectionPart, CorrectionStatus, LineState, Reversal, Standing, Visit,
};
use crate::settlement::{Anew, Dues, Place, Settlement, anew, book_after, files_since, number_of};
use crate::stop::Stop;

/// 放行追溯调整: the next part. Whoever proposed the batch cannot release it.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseCorrectionBatch {
    /// The batch.
    pub batch: String,
    /// Which part, from 1.
    pub part: u32,
}

/// 撤销追溯调整: the next part of what was released is taken back. Whoever proposed the batch cannot.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelCorrectionBatch {
    /// The batch.
    pub batch: String,
    /// Which part, from 1.
    pub part: u32,
    /// Why.
    pub reason: String,
}

/// What the records of one command leave, one after the other, where that decides the next.
#[derive(Clone, Default)]
struct Overlay {
    dues: Dues,
    visits: BTreeMap<String, Visit>,
    /// Personal accounts: what each part holds.
    accounts: BTreeMap<String, (i64, i64)>,
}

impl Overlay {
    /// Takes in a draft's money.
    ///
    /// # Errors
    /// The refusal `insufficient_balance` for a personal account that would end below nothing.
    fn post(&mut self, desk: &mut Desk<'_>, draft: &Draft) -> Result<(), Stop> {
        for Posting(account, fen) in draft.entry.postings() {
            let AccountKind::Personal { person, sub } = &account.kind else { continue };
            if !self.accounts.contains_key(person) {
                let standing = desk.get::<Standing>(person)?.map(|row| (*row).clone()).unwrap_or_default();
                self.accounts.insert(person.clone(), (standing.current_year, standing.carried_over));
            }
            let Some((current, carried)) = self.accounts.get_mut(person) else { continue };
            let part = match sub {
                SubAccount::CurrentYear => current,
                SubAccount::CarriedOver => carried,
            };
            *part += fen;
            if *part < 0 && *fen < 0 {
                return Err(Refusal::new(
                    "insufficient_balance",
                    format!("{person} 的{}余额不足", sub.label()),
                )
                .found(gongji_money::Fen::new(*part - fen))
                .expected(format!("至少 {}", gongji_money::Fen::new(-fen)))
                .into());
            }
        }
        Ok(())
    }

    /// The draft that leaves the visit with another settlement in the place of one.
    fn visit(
        &mut self,
        desk: &mut Desk<'_>,
        draft: Draft,
        id: &str,
        (old, new): (u64, u64),
    ) -> Result<Draft, Stop> {
        if !self.visits.contains_key(id) {
            self.visits.insert(id.to_owned(), (*desk.need::<Visit>(id)?).clone());
        }
        let Some(visit) = self.visits.get_mut(id) else { return Ok(draft) };
        visit.settlements.iter_mut().filter(|seq| **seq == old).for_each(|seq| *seq = new);
        for batch in visit.batches.iter_mut().filter(|batch| batch.settled == Some(old)) {
            batch.settled = Some(new);
        }
        Ok(draft.leaving(id, visit)?)
    }
}

/// What is booked in one command: drafts, numbered from the context's number on.
struct Booking<'office, 'context> {
    context: &'context Context<'office>,
    drafts: Vec<Draft>,
    left: Overlay,
    reason: String,
}

impl<'office> Booking<'office, '_> {
    fn at(&self, ahead: u64) -> Context<'office> {
        Context { seq: self.context.seq + self.drafts.len() as u64 + ahead, ..*self.context }
    }

    /// Books one person's, all or nothing; the refusal in words where nothing.
    fn person(&mut self, work: impl FnOnce(&mut Self) -> Result<(), Stop>) -> Result<Option<String>, Stop> {
        let (drafts, left) = (self.drafts.len(), self.left.clone());
        match work(self) {
            Ok(()) => Ok(None),
            Err(stop) => {
                let why = told(stop)?;
                self.drafts.truncate(drafts);
                self.left = left;
                Ok(Some(why))
            }
        }
    }

    fn add(&mut self, desk: &mut Desk<'_>, draft: Draft) -> Result<(), Stop> {
        self.left.post(desk, &draft)?;
        self.drafts.push(draft);
        Ok(())
    }

    fn cancel(&mut self, desk: &mut Desk<'_>, record: &Record, made: &Settlement) -> Result<(), Stop> {
        let reason = self.reason.clone();
        let how = Undoing { kind: "cancellation", reason: &reason, goes_on: true };
        let context = self.at(0);
        let draft = cancellation(desk, &context, (record, made), &how, &mut self.left.dues)?;
        self.add(desk, draft)
    }

    /// Leaves visit and claim with the new settlement, and books it.
    fn replace(&mut self, desk: &mut Desk<'_>, old: &Record, mut new: Draft) -> Result<String, Stop> {
        let context = self.at(0);
        let (visit, claim, id) = match new.settlement.as_deref() {
            Some(made) => (made.visit.clone(), made.claim.clone(), made.id.clone()),
            None => (None, None, String::new()),
        };
        new.date = context.today;
        if let Some(visit) = visit {
            new = self.left.visit(desk, new, &visit, (old.seq, context.seq))?;
        }
        if let Some(claim) = claim {
            new = super::claim_money::settled_again(desk, &context, new, &claim)?;
        }
        self.add(desk, new)?;
        Ok(id)
    }

    fn release(&mut self, desk: &mut Desk<'_>, one: &Anew) -> Result<String, Stop> {
        self.cancel(desk, &one.record, &one.made)?;
        let made = &one.made;
        let place = Place {
            person: &made.person,
            institution: &made.institution,
            visit: made.visit.as_deref().map(|visit| (visit, made.batches.as_slice())),
            care_type: &made.care_type,
            expect: None,
            replaces: Some((one.record.seq, made.place)),
            claim: made.claim.as_deref(),
            collected: made.claim.is_none().then(|| made.collected.unwrap_or(made.cash_paid)),
        };
        let context = self.at(0);
        let new = book_after(desk, &context, &place, &one.quoted, &mut self.left.dues)?;
        self.replace(desk, &one.record, new)
    }

    /// The settlement as it first was, word for word, in the place of the one that was released for it.
    fn restore(&mut self, desk: &mut Desk<'_>, first: &Record, released: &Record) -> Result<String, Stop> {
        let (Some(was), Some(is)) = (first.settlement.as_deref(), released.settlement.as_deref()) else {
            return Err(StoreError::Corrupt(format!("第 {} 条记录没有结算", released.seq)).into());
        };
        self.cancel(desk, released, is)?;
        let context = self.at(0);
        let mut draft = Draft::new("settlement", context.today);
        for link in &first.people {
            draft = draft.about(&link.person);
        }
        draft.entry = given_back(desk, &first.entry, &mut self.left.dues)?;
        draft.tallies.clone_from(&first.tallies);
        draft.settlement = Some(Box::new(Settlement {
            id: format!("S{}", context.seq),
            replaces: Some(released.seq),
            ..was.clone()
        }));
        self.replace(desk, released, draft)
    }
}

/// The lines of each person, in order.
fn by_person(part: &CorrectionPart) -> Vec<(String, Vec<usize>)> {
    let mut people: Vec<(String, Vec<usize>)> = Vec::new();
    for (at, line) in part.lines.iter().enumerate() {
        match people.last_mut().filter(|(person, _)| *person == line.person) {
            Some((_, lines)) => lines.push(at),
            None => people.push((line.person.clone(), vec![at])),
        }
    }
    people
}

/// Why the lines that were approved are not those that come out now.
fn stale(
    desk: &mut Desk<'_>,
    approved: &[&CorrectionLine],
    now: &[CorrectionLine],
) -> Result<Option<String>, Stop> {
    for line in approved {
        let seq = number_of('S', &line.settlement)?;
        if let Some(reversal) = desk.get::<Reversal>(&reversal_id(seq))? {
            return Ok(Some(format!("{} 提出以后已经撤销（第 {} 条记录）", line.settlement, reversal.by)));
        }
    }
    let same = approved.len() == now.len()
        && approved.iter().zip(now).all(|(approved, now)| {
            (&approved.settlement, &approved.table, &approved.purses)
                == (&now.settlement, &now.table, &now.purses)
        });
    Ok((!same).then(|| "提出以后这个人的结算变了，重算与提出时不同".to_owned()))
}

impl Decide for ReleaseCorrectionBatch {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let mut batch = batch_of(desk, context, Action::Approve, &self.batch)?;
        if !matches!(batch.status, CorrectionStatus::Proposed | CorrectionStatus::Releasing) {
            return Err(wrong_status(&batch, "待放行、放行中").into());
        }
        check::second_person(context, &batch.proposed_by)?;
        same_rules(context, &batch)?;
        next("part", self.part, batch.released.0)?;
        let mut part = part_of(desk, &batch, self.part)?;
        let people = by_person(&part);
        let ids: Vec<String> = people.iter().map(|(person, _)| person.clone()).collect();
        let files = files_since(desk, &ids, batch.from)?;
        let reason = format!("追溯调整 {}", batch.id);
        let mut booking = Booking { context, drafts: Vec::new(), left: Overlay::default(), reason };
        let mut stales = Vec::new();
        for ((person, lines), file) in people.into_iter().zip(files) {
            let approved: Vec<&CorrectionLine> = lines.iter().map(|at| &part.lines[*at]).collect();
            let found = match anew(desk, context, &person, &batch.stretch(), file) {
                Ok(found) => Ok(found.anew),
                Err(stop) => Err(told(stop)?),
            };
            let mut became = Vec::with_capacity(lines.len());
            let why = match found {
                Err(why) => Some(why),
                Ok(found) => {
                    let now: Vec<CorrectionLine> = found.iter().map(Anew::line).collect();
                    match stale(desk, &approved, &now)? {
                        Some(why) => Some(why),
                        None => booking.person(|booking| {
                            for one in &found {
                                became.push(booking.release(desk, one)?);
                            }
                            Ok(())
                        })?,
                    }
                }
            };
            let count = lines.len() as u64;
            match why {
                None => {
                    batch.released.1 += count;
                    for (at, id) in lines.into_iter().zip(became) {
                        part.lines[at].state = LineState::Released(id);
                    }
                }
                Some(why) => {
                    batch.released.2 += count;
                    stales.push(json!({ "person": person, "why": why }));
                    lines.into_iter().for_each(|at| part.lines[at].state = LineState::Stale(why.clone()));
                }
            }
        }
        batch.released.0 = self.part;
        batch.released_by.clone_from(&context.actor.name);
        batch.status = match batch.released.0 >= batch.parts {
            true => CorrectionStatus::Released,
            false => CorrectionStatus::Releasing,
        };
        let told = json!({
            "batch": batch.id, "part": self.part, "of": batch.parts,
            "released": batch.released.1, "not_released": batch.released.2, "stale": stales,
        });
        finish(booking, "release_correction_batch", &batch, (self.part, &part), told)
    }
}

/// The part of a number, which must be there; a batch without lines has none.
fn part_of(desk: &mut Desk<'_>, batch: &Correction, no: u32) -> Result<CorrectionPart, Stop> {
    if batch.parts == 0 {
        return Ok(CorrectionPart { lines: Vec::new(), troubled: Vec::new() });
    }
    Ok((*desk.need::<CorrectionPart>(&CorrectionPart::id(&batch.id, no))?).clone())
}

/// The records of a part, the last of which tells of it.
fn finish(
    booking: Booking<'_, '_>,
    kind: &'static str,
    batch: &Correction,
    (no, part): (u32, &CorrectionPart),
    told: serde_json::Value,
) -> Result<Vec<Draft>, Stop> {
    let mut drafts = booking.drafts;
    let mut last = Draft::new(kind, booking.context.today).leaving(&batch.id, batch)?;
    if batch.parts > 0 {
        last = last.leaving(&CorrectionPart::id(&batch.id, no), part)?;
    }
    drafts.push(last.telling(told));
    Ok(drafts)
}

impl Decide for CancelCorrectionBatch {
    fn decide(&self, desk: &mut Desk<'_>, context: &Context<'_>) -> Result<Vec<Draft>, Stop> {
        let reason = check::reason(&self.reason)?;
        let mut batch = batch_of(desk, context, Action::Approve, &self.batch)?;
        use CorrectionStatus as Status;
        if !matches!(batch.status, Status::Releasing | Status::Released | Status::Cancelling) {
            return Err(wrong_status(&batch, "放行中、已放行、撤销中").into());
        }
        check::second_person(context, &batch.proposed_by)?;
        next("part", self.part, batch.restored.0)?;
        let mut part = part_of(desk, &batch, self.part)?;
        let words = format!("撤销追溯调整 {}：{reason}", batch.id);
        let mut booking = Booking { context, drafts: Vec::new(), left: Overlay::default(), reason: words };
        let mut kept = Vec::new();
        for (person, lines) in by_person(&part) {
            let mut pairs: Vec<(usize, String)> = Vec::new();
            for at in lines {
                if let LineState::Released(id) = &part.lines[at].state {
                    pairs.push((at, id.clone()));
                }
            }
            let mut became = Vec::with_capacity(pairs.len());
            let why = booking.person(|booking| {
                for (at, id) in &pairs {
                    let first = live_record(desk, &part.lines[*at].settlement, false)?;
                    let released = live_record(desk, id, true)?;
                    became.push(booking.restore(desk, &first, &released)?);
                }
                Ok(())
            })?;
            let count = pairs.len() as u64;
            match why {
                None => {
                    batch.restored.1 += count;
                    for ((at, _), id) in pairs.into_iter().zip(became) {
                        part.lines[at].state = LineState::Restored(id);
                    }
                }
                Some(why) => {
                    batch.restored.2 += count;
                    kept.push(json!({ "person": person, "why": why }));
                    for (at, id) in pairs {
                        part.lines[at].state = LineState::Kept(id, why.clone());
                    }
                }
            }
        }
        batch.restored.0 = self.part;
        batch.cancelled_by.clone_from(&context.actor.name);
        batch.cancelled_for.clone_from(&reason);
        batch.status = match batch.restored.0 >= batch.released.0 {
            true => Status::Cancelled,
            false => Status::Cancelling,
        };
        let told = json!({
            "batch": batch.id, "part": self.part, "of": batch.released.0,
            "restored": batch.restored.1, "not_restored": batch.restored.2, "kept": kept,
        });
        finish(booking, "cancel_correction_batch", &batch, (self.part, &part), told)
    }
}

/// The record of a settlement; one that must live was not cancelled since.
fn live_record(desk: &mut Desk<'_>, id: &str, must_live: bool) -> Result<Record, Stop> {
    let seq = number_of('S', id)?;
    if let Some(reversal) = desk.get::<Reversal>(&reversal_id(seq))?.filter(|_| must_live) {
        let refusal = Refusal::new("already_cancelled", "放行以后这笔结算又撤销了或者重新结算了").found(id);
        return Err(refusal.hint(format!("见第 {} 条记录", reversal.by)).into());
    }
    desk.record(seq)?.ok_or_else(|| StoreError::Corrupt(format!("缺第 {seq} 条记录")).into())
}
