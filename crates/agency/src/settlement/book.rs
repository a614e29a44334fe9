//! From a bill as it is asked to the settlement that is booked.

use std::sync::Arc;

use gongji_cases::Case;
use gongji_cases::request::{Event, OneEvent, Person as Insured, Purses};
use gongji_cases::settle::{CountedStay, CounterId, CounterPeriod, History, Reach, Settled};
use gongji_ledger::{Draw, Fund, Home, Paid, SubAccount};
use gongji_money::Fen;
use gongji_policy::Payer;

use super::dues::Dues;
use super::money::{Bill, entry_of};
use super::purses::{Relatives, grant_moves, purses_on};
use super::stored::{Cell, Settlement};
use super::{Asked, event_of, person_of};
use crate::context::Context;
use crate::desk::Desk;
use crate::port::StoreError;
use crate::record::{Draft, StayMove, TallyMove};
use crate::refusal::Refusal;
use crate::row::{Cover, Standing, Tally, life_id, stay_id, year_id};
use crate::stop::Stop;

/// A bill ready for the rules, with what the person has and used.
#[derive(Clone, Debug)]
pub struct Quoted {
    /// The person as the rules see them.
    pub insured: Insured,
    /// The bill as the rules see it.
    pub event: Event,
    /// The accounts.
    pub purses: Purses,
    /// Whose accounts the relatives' are, in order.
    pub relatives: Relatives,
    /// What earlier settlements left.
    pub history: History,
    /// What the rules look at.
    pub reach: Reach,
    /// What the rules say.
    pub settled: Settled,
}

/// The funds of the ledger by the payers of the rules.
const FUNDS: [(Payer, Fund); 7] = [
    (Payer::PooledFund, Fund::Pooled),
    (Payer::LargeSumFund, Fund::LargeSum),
    (Payer::CriticalIllnessFund, Fund::CriticalIllness),
    (Payer::EnterpriseSupplement, Fund::EnterpriseSupplement),
    (Payer::CivilServantAid, Fund::CivilServantAid),
    (Payer::MedicalAssistance, Fund::MedicalAssistance),
    (Payer::OtherFund, Fund::Other),
];

/// The stretch of insurance under which a bill is settled: that of the day of discharge (of the bill, where nobody was admitted).
fn cover_of(asked: &Asked) -> Result<&Cover, Refusal> {
    let person = &asked.person;
    let day = asked.discharged_on;
    if let Some(died) = person.died_on.filter(|died| *died < asked.admitted_on) {
        return Err(Refusal::new("person_died", "参保人已经死亡")
            .found(format!("就医 {}", asked.admitted_on))
            .expected(format!("{died} 或以前")));
    }
    let Some(cover) = person.cover_on(day) else {
        let refusal = match person.covers.iter().rev().find(|cover| cover.from <= day) {
            None => Refusal::new("not_covered", "这一天还没有参保"),
            Some(last) => Refusal::new("cover_ended", "参保关系已经终止").hint(format!(
                "{} 终止：{}",
                last.to.map(|to| to.to_string()).unwrap_or_default(),
                last.ended
            )),
        };
        return Err(refusal.at("date").found(day));
    };
    if cover.paused {
        return Err(Refusal::new("cover_paused", "待遇暂停期间不能结算")
            .at("date")
            .found(day)
            .hint(format!("{} 起暂停：{}", cover.from, cover.reason)));
    }
    Ok(cover)
}

/// Puts a tally's counters and stays into a history.
fn recall(history: &mut History, id: &str, tally: &Tally) -> Result<(), Stop> {
    let read = |text: &str| {
        text.parse::<CounterId>().map_err(|error| StoreError::Corrupt(format!("tally/{id}：{error}")))
    };
    for (name, value) in &tally.counters {
        history.counters.insert(read(name)?, *value);
    }
    let mut last = None;
    for stay in &tally.stays {
        // The first of a stay has its lowest ordinal.
        if last.replace((&stay.counter, &stay.stay)) == Some((&stay.counter, &stay.stay)) {
            continue;
        }
        history.stays.push(CountedStay {
            counter: read(&stay.counter)?,
            stay: stay.stay.clone(),
            ordinal: stay.ordinal,
        });
    }
    Ok(())
}

/// Where the tallies of a bill lie: year, lifetime, stay.
fn tally_ids(person: &str, reach: &Reach, stay: Option<&str>) -> Vec<String> {
    let (area, scheme) = (reach.pooling_area.as_str(), reach.scheme.as_str());
    let mut ids = vec![year_id(person, area, scheme, reach.year.0)];
    if reach.lifetime {
        ids.push(life_id(person, area, scheme));
    }
    if let Some(stay) = stay.filter(|_| reach.by_stay) {
        ids.push(stay_id(person, area, scheme, stay));
    }
    ids
}

/// Runs the rules over a bill, with the tallies that `tally` gives.
///
/// # Errors
/// Whatever the rules refuse.
pub(crate) fn compute(
    context: &Context<'_>,
    person: &str,
    (insured, event): (Insured, Event),
    (purses, relatives): (Purses, Relatives),
    mut tally: impl FnMut(&str) -> Result<Option<Arc<Tally>>, Stop>,
) -> Result<Quoted, Stop> {
    let reach = context.rules.reach(&insured, &event)?;
    let mut history = History::default();
    for id in tally_ids(person, &reach, event.stay.as_deref()) {
        if let Some(tally) = tally(&id)? {
            recall(&mut history, &id, &tally)?;
        }
    }
    let settled = context.rules.settle(&insured, &purses, &event, &history)?;
    Ok(Quoted { insured, event, purses, relatives, history, reach, settled })
}

/// The question that a bill asks of the rules.
///
/// # Errors
/// No cover, an institution that is not designated, a name that the case format does not know; a filing that differs from what is filed.
pub fn question(desk: &mut Desk<'_>, context: &Context<'_>, asked: &Asked) -> Result<(Insured, Event), Stop> {
    if asked.claim.is_none() && !asked.institution.is_designated(asked.admitted_on) {
        return Err(Refusal::new("not_designated", "这一天不是定点机构")
            .at("institution")
            .found(format!("{}，{}", asked.institution.name, asked.admitted_on))
            .into());
    }
    let cover = cover_of(asked)?;
    let insured = person_of(&asked.person, cover)?;
    let mut event = event_of(asked, &cover.area)?;
    super::filed::derive(desk, context, asked, cover, &mut event)?;
    Ok((insured, event))
}

/// Computes a bill from the present state. Books nothing.
///
/// # Errors
/// As [`question`]; whatever the rules refuse.
pub fn quote(desk: &mut Desk<'_>, context: &Context<'_>, asked: &Asked) -> Result<Quoted, Stop> {
    let (insured, event) = question(desk, context, asked)?;
    let day = (asked.date, asked.care_type.as_str());
    let purses = purses_on(desk, &asked.person, day, asked.use_mutual_aid)?;
    // A bill settled at once is a stay of its own that nothing counted before.
    let fresh = asked.visit.is_none().then(|| {
        let (area, scheme) = (insured.pooling_area.as_str(), insured.scheme.as_str());
        stay_id(&asked.person.id, area, scheme, asked.stay.as_deref().unwrap_or_default())
    });
    compute(context, &asked.person.id, (insured, event), purses, |id| match &fresh {
        Some(fresh) if id == fresh => Ok(None),
        _ => desk.get::<Tally>(id),
    })
}

/// What the counters of a settlement move, by row.
pub(crate) fn moves(person: &str, quoted: &Quoted) -> Vec<TallyMove> {
    let reach = &quoted.reach;
    let (area, scheme) = (reach.pooling_area.as_str(), reach.scheme.as_str());
    let row_of = |id: &CounterId| match &id.period {
        CounterPeriod::Lifetime => life_id(person, area, scheme),
        CounterPeriod::Stay(stay) => stay_id(person, area, scheme, stay),
        _ => year_id(person, area, scheme, reach.year.0),
    };
    let mut by_row: Vec<TallyMove> = Vec::with_capacity(2);
    let mut row = |id: String| match by_row.iter().position(|known| known.id == id) {
        Some(at) => at,
        None => {
            by_row.push(TallyMove { id, ..TallyMove::default() });
            by_row.len() - 1
        }
    };
    let admission = quoted.settled.admission.as_ref();
    let mut counters = Vec::new();
    for counted in &quoted.settled.counted {
        if admission.is_some_and(|admission| admission.stay.counter == counted.id) {
            continue;
        }
        // Both stood within the bounds of a bill's counters, so the difference does as well.
        let by = counted.after.saturating_sub(counted.before);
        counters.push((row(row_of(&counted.id)), counted.id.to_string(), by));
    }
    let stay = admission.map(|admission| {
        let stay = &admission.stay;
        let at = row(row_of(&stay.counter));
        let counter = stay.counter.to_string();
        (at, StayMove { counter, stay: stay.stay.clone(), ordinal: stay.ordinal, live: 1 })
    });
    for (at, counter, by) in counters {
        by_row[at].counters.insert(counter, by);
    }
    if let Some((at, stay)) = stay {
        by_row[at].stays.push(stay);
    }
    by_row.extend(grant_moves(quoted, quoted.event.date));
    by_row
}

fn cells(settled: &Settled) -> Vec<Cell> {
    settled
        .cells
        .iter()
        .map(|cell| Cell {
            row: cell.row.to_string(),
            layer: cell.layer.clone().unwrap_or_default(),
            payer: cell.payer.name().to_owned(),
            relative: cell.relative.and_then(|place| u8::try_from(place).ok()),
            fen: cell.amount.fen(),
        })
        .collect()
}

/// Whose settlement is booked, and in place of what.
#[derive(Clone, Debug)]
pub struct Place<'text> {
    /// Whose.
    pub person: &'text str,
    /// Where.
    pub institution: &'text str,
    /// The visit and the batches that it settles.
    pub visit: Option<(&'text str, &'text [u32])>,
    /// 医疗类别.
    pub care_type: &'text str,
    /// The hash of the table that the caller was quoted.
    pub expect: Option<&'text str>,
    /// The settlement that it replaces: its record and its place.
    pub replaces: Option<(u64, u64)>,
    /// The claim that it reimburses.
    pub claim: Option<&'text str>,
    /// What the institution collected in cash, where it keeps that whatever comes out, fen.
    pub collected: Option<i64>,
}

/// The draft of a settlement: money, tallies, table.
///
/// # Errors
/// A table that differs from the one that the caller was quoted.
pub fn book(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    place: &Place<'_>,
    quoted: &Quoted,
) -> Result<Draft, Stop> {
    book_after(desk, context, place, quoted, &mut Dues::default())
}

/// The same after other records of the same command.
pub(crate) fn book_after(
    desk: &mut Desk<'_>,
    context: &Context<'_>,
    place: &Place<'_>,
    quoted: &Quoted,
    dues: &mut Dues,
) -> Result<Draft, Stop> {
    let settled = &quoted.settled;
    let table = settled.table_hash();
    if let Some(expect) = place.expect.filter(|expect| *expect != table) {
        return Err(Refusal::new("quote_differs", "现在的结算结果与预结算不同，没有入账")
            .at("expect")
            .found(expect)
            .expected(table)
            .hint("请重新预结算并确认")
            .into());
    }
    let person = place.person;
    let care_area = quoted.event.care_area.as_str();
    let home = Home { area: &quoted.insured.pooling_area, scheme: &quoted.insured.scheme };
    let paid = FUNDS.map(|(payer, fund)| Paid { fund, amount: settled.paid_by(payer).fen() });
    let mut draws = Vec::with_capacity(4);
    let own_area = desk.get::<Standing>(person)?.and_then(|standing| standing.account_area.clone());
    if let Some(area) = &own_area {
        draw(&mut draws, area, person, settled.drawn.current_year, settled.drawn.carried_over);
    }
    // An account is drawn on where it stands now, which for a bill that is settled again may not be where it stood.
    let owners = &quoted.relatives.owners;
    let mut areas = Vec::with_capacity(owners.len());
    for (grantor, relative) in owners.iter().zip(&quoted.purses.mutual_aid) {
        let stands = desk.get::<Standing>(grantor)?.and_then(|standing| standing.account_area.clone());
        areas.push(stands.filter(|_| !relative.wallet).unwrap_or_else(|| relative.pooling_area.clone()));
    }
    let money = owners.iter().zip(&areas).zip(&quoted.purses.mutual_aid).zip(&settled.drawn_relatives);
    for (((grantor, area), relative), drawn) in money {
        if relative.wallet {
            let amount = drawn.current_year.fen() + drawn.carried_over.fen();
            draws.push(Draw { area, person, sub: None, amount });
            continue;
        }
        draw(&mut draws, area, grantor, drawn.current_year, drawn.carried_over);
    }
    let bill = Bill { home, care_area, cash_paid: settled.paid_by(Payer::Cash).fen() };
    let entry = entry_of(desk, place, &bill, &paid, &draws, dues)?;
    let case = OneEvent { person: &quoted.insured, purses: &quoted.purses, events: [&quoted.event] };
    let case =
        serde_json::value::to_raw_value(&case).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    debug_assert!(
        Case::read(case.get()).is_ok(),
        "what is booked can be read again: {:?}",
        Case::read(case.get())
    );
    let settlement = Settlement {
        id: format!("S{}", context.seq),
        place: place.replaces.map_or(context.seq, |(_, place)| place),
        replaces: place.replaces.map(|(seq, _)| seq),
        person: person.to_owned(),
        institution: place.institution.to_owned(),
        visit: place.visit.map(|(visit, _)| visit.to_owned()),
        batches: place.visit.map(|(_, batches)| batches.to_vec()).unwrap_or_default(),
        claim: place.claim.map(str::to_owned),
        collected: place.collected,
        area: quoted.insured.pooling_area.clone(),
        scheme: quoted.insured.scheme.clone(),
        care_area: care_area.to_owned(),
        care_type: place.care_type.to_owned(),
        benefit: settled.benefit.clone(),
        law_day: settled.law_day,
        year: settled.year.0,
        total: settled.total.fen(),
        non_covered: settled.non_covered.fen(),
        over_limit_price: settled.over_limit_price.fen(),
        upfront_self_pay: settled.upfront_self_pay.fen(),
        in_scope: settled.in_scope.fen(),
        fund_paid: settled.fields.fund_paid_total.fen(),
        account_paid: account_paid(settled),
        mutual_aid_paid: settled.paid_by(Payer::Relatives).fen(),
        hospital_borne: settled.paid_by(Payer::Hospital).fen(),
        cash_paid: settled.paid_by(Payer::Cash).fen(),
        cells: cells(settled),
        relatives: quoted.relatives.owners.clone(),
        grants: quoted.relatives.grants.clone(),
        table,
        packs: settled.packs.clone(),
        edition: context.edition.to_owned(),
        case,
        history: quoted.history.clone(),
    };
    settlement.check().map_err(StoreError::Corrupt)?;
    // What takes another's place is a correction, of the day on which it is made: so is the negative of the other.
    let date = if place.replaces.is_some() { context.today } else { quoted.event.date };
    let mut draft = Draft::new("settlement", date).about(person);
    for draw in &draws {
        if draw.amount != 0 {
            draft = draft.about(draw.person);
        }
    }
    draft.entry = entry;
    draft.tallies = moves(person, quoted);
    draft.settlement = Some(Box::new(settlement));
    Ok(draft)
}

fn draw<'text>(
    draws: &mut Vec<Draw<'text>>,
    area: &'text str,
    person: &'text str,
    current_year: Fen,
    carried_over: Fen,
) {
    for (sub, amount) in [(SubAccount::CurrentYear, current_year), (SubAccount::CarriedOver, carried_over)] {
        draws.push(Draw { area, person, sub: Some(sub), amount: amount.fen() });
    }
}

/// What the own account paid, fen.
pub(crate) fn account_paid(settled: &Settled) -> i64 {
    settled.paid_by(Payer::CurrentYear).fen() + settled.paid_by(Payer::CarriedOver).fen()
}
