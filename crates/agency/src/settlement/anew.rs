//! Settlements computed anew under the rules of today, as if these had been in force: each from its own question, in order, with what the ones
//! before it leave then.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gongji_cases::Case;
use gongji_cases::request::Purses;
use gongji_cases::settle::Settled;
use gongji_ledger::{Posting, SubAccount};
use gongji_money::Fen;
use gongji_policy::Payer;
use jiff::civil::Date;

use super::purses::Relatives;
use super::{Quoted, Settlement};
use crate::apply::move_tally;
use crate::context::{Context, end_of};
use crate::desk::Desk;
use crate::port::StoreError;
use crate::record::Record;
use crate::row::{CorrectionLine, LineState, Standing, Tally};
use crate::stop::Stop;

/// Which settlements are looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch<'text> {
    /// The area that insures.
    pub area: &'text str,
    /// The first day whose law changed: no settlement under an earlier day's law is touched.
    pub from: Date,
    /// The last: a person without a settlement up to it is not touched.
    pub to: Option<Date>,
    /// No settlement booked after this record is touched.
    pub upto: u64,
}

/// A settlement that comes out otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Anew {
    /// The record of the settlement that lives.
    pub record: Record,
    /// What it is.
    pub made: Settlement,
    /// What comes out.
    pub quoted: Quoted,
}

impl Anew {
    /// The difference.
    pub fn line(&self) -> CorrectionLine {
        let mut purses: BTreeMap<String, i64> = BTreeMap::new();
        for cell in &self.made.cells {
            *purses.entry(cell.payer.clone()).or_default() -= cell.fen;
        }
        for cell in &self.quoted.settled.cells {
            *purses.entry(cell.payer.name().to_owned()).or_default() += cell.amount.fen();
        }
        purses.retain(|_, fen| *fen != 0);
        let settled = &self.quoted.settled;
        let to_person = match self.made.claim {
            // Whoever was reimbursed gets what funds and accounts pay.
            Some(_) => {
                settled.total.fen()
                    - settled.paid_by(Payer::Cash).fen()
                    - settled.paid_by(Payer::Hospital).fen()
                    - self.made.owed().1
            }
            None => self.made.cash_paid - settled.paid_by(Payer::Cash).fen(),
        };
        CorrectionLine {
            settlement: self.made.id.clone(),
            person: self.made.person.clone(),
            law_day: self.made.law_day,
            table: settled.table_hash(),
            purses,
            to_person,
            state: LineState::Found,
        }
    }
}

/// What was found of a person.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// How many settlements were computed.
    pub computed: u64,
    /// Those that come out otherwise, in order.
    pub anew: Vec<Anew>,
}

/// The records of people's files that were booked on a day or later, newest first, in the order of the people: round by round, each round in
/// one journey.
///
/// # Errors
/// Those of the store; a file whose chain is broken.
pub(crate) fn files_since(
    desk: &mut Desk<'_>,
    people: &[String],
    since: Date,
) -> Result<Vec<Vec<Record>>, Stop> {
    let begins = since.yesterday().map_or(0, end_of);
    let mut files: Vec<Vec<Record>> = vec![Vec::new(); people.len()];
    let mut next: Vec<(usize, u64)> = Vec::with_capacity(people.len());
    for (at, person) in people.iter().enumerate() {
        if let Some(standing) = desk.get::<Standing>(person)? {
            next.push((at, standing.last));
        }
    }
    while !next.is_empty() {
        next.retain(|(_, seq)| *seq != 0);
        let seqs: Vec<u64> = next.iter().map(|(_, seq)| *seq).collect();
        let records = desk.records_of(&seqs)?;
        let mut following = Vec::with_capacity(next.len());
        for ((at, seq), record) in next.into_iter().zip(records) {
            let person = &people[at];
            let broken = || StoreError::Corrupt(format!("{person} 的档案在第 {seq} 条断开"));
            let record = record.ok_or_else(broken)?;
            let prev = record.prev(person).filter(|prev| *prev < seq).ok_or_else(broken)?;
            if record.booked_at >= begins {
                files[at].push(record);
                following.push((at, prev));
            }
        }
        next = following;
    }
    Ok(files)
}

/// Computes a person's settlements anew, from the person's file since the stretch's first day.
///
/// # Errors
/// What the rules refuse; those of the store.
pub(crate) fn anew(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    person: &str,
    stretch: &Stretch<'_>,
    file: Vec<Record>,
) -> Result<Found, Stop> {
    let cancelled: BTreeSet<u64> = file.iter().filter_map(|record| record.cancels).collect();
    let of_person = |record: &Record| {
        record.settlement.as_ref().is_some_and(|made| made.person == person && made.area == stretch.area)
    };
    let mut live: Vec<Record> =
        file.into_iter().filter(|record| of_person(record) && !cancelled.contains(&record.seq)).collect();
    live.sort_by_key(|record| record.settlement.as_ref().map(|made| made.place));
    // Tallies are sums: what stood before these settlements is what stands less what they moved.
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for record in live.iter().rev() {
        for by in &record.tallies {
            let tally = match tallies.get_mut(&by.id) {
                Some(tally) => tally,
                None => {
                    let stands = desk.get::<Tally>(&by.id)?.map(|row| (*row).clone()).unwrap_or_default();
                    tallies.entry(by.id.clone()).or_insert(stands)
                }
            };
            move_tally(tally, &by.negated()?)?;
        }
    }
    let mut found = Found::default();
    let mut begun = false;
    for record in live {
        let Some(made) = record.settlement.as_deref() else { continue };
        let reached = made.law_day >= stretch.from && record.seq <= stretch.upto;
        begun |= reached && stretch.to.is_none_or(|to| made.law_day <= to);
        if !(begun && reached) {
            count(&mut tallies, &record.tallies)?;
            continue;
        }
        found.computed += 1;
        let quoted = computed(desk, context, &record, made, &tallies)?;
        let moves = super::book::moves(person, &quoted);
        count(&mut tallies, &moves)?;
        // That the texts of the rules are others makes no difference by itself.
        if quoted.settled.table_hash_under(&made.packs) != made.table || moves != record.tallies {
            let made = made.clone();
            found.anew.push(Anew { record, made, quoted });
        }
    }
    Ok(found)
}

fn count(tallies: &mut BTreeMap<String, Tally>, moves: &[crate::record::TallyMove]) -> Result<(), Stop> {
    moves.iter().try_for_each(|by| move_tally(tallies.entry(by.id.clone()).or_default(), by))
}

/// A settlement from its own question. The accounts hold what they held then; where one would pay more than it did, each pays at most what it did:
/// nobody's account is drawn on afterwards.
fn computed(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    record: &Record,
    made: &Settlement,
    tallies: &BTreeMap<String, Tally>,
) -> Result<Quoted, Stop> {
    let damaged = |error: String| StoreError::Corrupt(format!("{} 的案例{error}", made.id));
    let mut case = Case::read(made.case.get()).map_err(|error| damaged(format!("读不懂：{error}")))?;
    let event = case.events.pop().ok_or_else(|| damaged("没有账单".to_owned()))?;
    let mut run = |purses: Purses| {
        super::book::compute(
            context,
            &made.person,
            (case.person.clone(), event.clone()),
            (purses, Relatives { owners: made.relatives.clone(), grants: made.grants.clone() }),
            |id| match tallies.get(id) {
                Some(tally) => Ok(Some(Arc::new(tally.clone()))),
                None => desk.get::<Tally>(id),
            },
        )
    };
    let quoted = run(case.purses.clone())?;
    let drew = drawn_by(record);
    let draws = draws_of(made, &quoted.settled);
    let more = draws.iter().any(|(purse, fen)| *fen > drew.get(purse).copied().unwrap_or(0));
    if !more {
        return Ok(quoted);
    }
    run(at_most(case.purses, made, &drew))
}

/// Part of somebody's account.
type Purse<'text> = (&'text str, SubAccount);

/// What a settlement drew from whom.
fn drawn_by(record: &Record) -> BTreeMap<Purse<'_>, i64> {
    let mut drew: BTreeMap<Purse<'_>, i64> = BTreeMap::new();
    for Posting(account, fen) in record.entry.postings() {
        let wallet = |owner: &&String| owner.contains('/') && account.to_string() == **owner;
        let of_wallet = || record.settlement.as_ref()?.relatives.iter().find(wallet);
        if let Some(purse) = account.of_person() {
            *drew.entry(purse).or_default() -= fen;
        } else if let Some(owner) = of_wallet() {
            *drew.entry((owner, SubAccount::CarriedOver)).or_default() -= fen;
        }
    }
    drew
}

/// What it would draw.
fn draws_of<'text>(made: &'text Settlement, settled: &Settled) -> BTreeMap<Purse<'text>, i64> {
    let mut draws: BTreeMap<Purse<'_>, i64> = BTreeMap::new();
    let own = std::iter::once((&made.person, &settled.drawn));
    for (person, drawn) in own.chain(made.relatives.iter().zip(&settled.drawn_relatives)) {
        *draws.entry((person, SubAccount::CurrentYear)).or_default() += drawn.current_year.fen();
        *draws.entry((person, SubAccount::CarriedOver)).or_default() += drawn.carried_over.fen();
    }
    draws
}

/// Purses that hold no more than was drawn from them.
fn at_most(mut purses: Purses, made: &Settlement, drew: &BTreeMap<Purse<'_>, i64>) -> Purses {
    let least = |held: Fen, person: &str, sub: SubAccount| {
        Fen::new(held.fen().min(drew.get(&(person, sub)).copied().unwrap_or(0)))
    };
    let own = made.person.as_str();
    purses.current_year = least(purses.current_year, own, SubAccount::CurrentYear);
    purses.carried_over = least(purses.carried_over, own, SubAccount::CarriedOver);
    for (relative, person) in purses.mutual_aid.iter_mut().zip(&made.relatives) {
        relative.current_year = least(relative.current_year, person, SubAccount::CurrentYear);
        relative.carried_over = least(relative.carried_over, person, SubAccount::CarriedOver);
    }
    purses
}
