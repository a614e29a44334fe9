//! Settling bill by bill, with the history carried outside, comes to what `quote` says of the whole case.

#![expect(clippy::expect_used, reason = "a test stops where its premises fail")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use gongji_cases::answer::{BillAnswer, NoticeKind, Receipt, Yuan};
use gongji_cases::request::{Charges, Event, Person, Purses, Stated, choice};
use gongji_cases::settle::{CounterId, CounterPeriod, Drawn, History, Rulebook, Settled};
use gongji_cases::{Case, CaseError, ErrorCode, QuoteOptions, WorkedExample, quote};
use gongji_money::Fen;
use gongji_packs::PackTexts;
use gongji_policy::{AnswerField, Dimension, Pack, Payer, Period, Scheme, read_packs};
use jiff::civil::Date;
use proptest::prelude::*;

fn rulebook(texts: &PackTexts) -> Rulebook {
    let (packs, _) = read_packs(&texts.rules);
    Rulebook::new(Vec::leak(packs))
}

fn fixtures() -> PackTexts {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/policies");
    PackTexts::from_folder(&root).expect("fixtures")
}

fn scheme_of<'packs>(packs: &'packs [Pack], case: &Case) -> Option<&'packs Scheme> {
    packs.iter().find(|pack| pack.area.code == case.person.pooling_area)?.scheme(&case.person.scheme)
}

fn counts_times(scheme: &Scheme, counter: usize) -> bool {
    scheme.benefits.iter().any(|benefit| benefit.admissions == Some(counter))
}

/// The event as an agency gives it: its stay is the first of a chain of transfers, and every bill has one.
fn rooted(events: &[Event], index: usize) -> Event {
    let mut event = events[index].clone();
    let mut root = event.transfer_from.take().or(event.stay.clone());
    // The earliest bill of the stay says where it was transferred from.
    while let Some(stay) = &root {
        let first = events[..=index].iter().find(|earlier| earlier.stay.as_ref() == Some(stay));
        match first.and_then(|first| first.transfer_from.clone()) {
            Some(from) => root = Some(from),
            None => break,
        }
    }
    event.stay = Some(root.unwrap_or_else(|| format!("bill@{index}|")));
    event
}

/// What the case states of the time before it, where an agency would have it in its store.
fn stated(rules: &Rulebook, case: &Case, event: &Event) -> History {
    let mut history = History::default();
    let Some(scheme) = scheme_of(rules.packs(), case) else { return history };
    let Ok(reach) = rules.reach(&case.person, event) else { return history };
    for counter in &scheme.counters {
        let own = case.accumulated.get(&counter.name);
        let common = counter.stated_as.as_ref().and_then(|name| case.accumulated.get(name));
        let Some(value) = own.or(common) else { continue };
        let day = reach.year_day;
        let period = match counter.period {
            Period::Year => CounterPeriod::Year(reach.year.0),
            Period::Month => CounterPeriod::Month(day.year(), day.month()),
            Period::Day => CounterPeriod::Day(day),
            Period::Stay => CounterPeriod::Stay(event.stay.clone().expect("every bill has one")),
            Period::Lifetime => CounterPeriod::Lifetime,
        };
        let facility = event.facility.id.clone().filter(|_| counter.per_facility);
        let value = match value {
            Stated::Times(times) => *times,
            Stated::Money(amount) => amount.fen(),
        };
        history.counters.insert(CounterId { name: counter.name.clone(), period, facility }, value);
    }
    history
}

/// The answer to the last event of the case up to `index`.
fn quoted(packs: &[Pack], case: &Case, index: usize) -> Result<BillAnswer, CaseError> {
    let case = Case { events: case.events[..=index].to_vec(), ..case.clone() };
    let answer = quote(packs, &case, QuoteOptions::default())?;
    Ok(answer.last().expect("a bill").clone())
}

fn assert_amounts(settled: &Settled, bill: &BillAnswer, name: &str) {
    let yuan = |amount: Fen| Yuan(amount);
    let shown = |amount: Fen| Some(Yuan(amount)).filter(|amount| !amount.is_zero());
    let fields = &settled.fields;
    let by_field = AnswerField::ALL.map(|field| yuan(fields.of(field)));
    let found = (
        [settled.total, settled.non_covered, settled.over_limit_price, settled.upfront_self_pay].map(yuan),
        yuan(settled.in_scope),
        by_field,
        [fields.fund_paid_total, fields.personal_burden, fields.deductible_applied].map(yuan),
        [fields.proportional_self_pay, fields.over_ceiling_amount, fields.opening_paid].map(yuan),
        (shown(fields.guarantee_paid), shown(fields.account_first)),
    );
    let wanted = (
        [bill.total_charge, bill.non_covered, bill.over_limit_price, bill.upfront_self_pay],
        bill.in_scope_amount,
        [
            bill.pooled_paid,
            bill.employee_large_sum_aid,
            bill.resident_critical_illness,
            bill.enterprise_supplement,
            bill.civil_servant_aid,
            bill.medical_assistance,
            bill.other_fund_paid,
            bill.hospital_borne,
            bill.personal_account_paid,
            bill.mutual_aid_paid,
            bill.cash_paid,
        ],
        [bill.fund_paid_total, bill.personal_burden, bill.deductible_applied],
        [bill.proportional_self_pay, bill.over_ceiling_amount, bill.opening_paid],
        (bill.guarantee_paid, bill.account_first),
    );
    assert_eq!(found, wanted, "{name}");
    let benefit = &bill.benefit;
    assert_eq!(
        (&settled.scheme, &settled.benefit, settled.law_day, settled.year),
        (
            &benefit.scheme,
            &benefit.benefit,
            benefit.law_date.0,
            (benefit.insurance_year.0.0, benefit.insurance_year.1.0)
        ),
        "{name}"
    );
    assert_eq!(settled.ordinal, benefit.ordinal.map(i64::from), "{name}");
    assert_eq!(settled.cells.iter().map(|cell| cell.amount).sum::<Fen>(), settled.total, "{name}");
}

fn assert_cells(settled: &Settled, bill: &BillAnswer, name: &str) {
    let found: Vec<_> = settled
        .cells
        .iter()
        .map(|cell| {
            let layer = cell.layer.clone().unwrap_or_else(|| "cash".to_owned());
            let payer = cell.payer.name().to_owned();
            (cell.row.to_string(), cell.tag.clone(), layer, payer, cell.relative, Yuan(cell.amount))
        })
        .collect();
    let wanted: Vec<_> = bill
        .cells
        .iter()
        .filter(|cell| !cell.amount.is_zero())
        .map(|cell| {
            let (layer, payer) = (cell.layer.clone(), cell.payer.clone());
            (cell.row.clone(), cell.tag.clone(), layer, payer, cell.relative, cell.amount)
        })
        .collect();
    assert_eq!(found, wanted, "{name}");
    for payer in Payer::ALL {
        assert_eq!(Yuan(settled.paid_by(payer)), bill.paid_by(payer.name()), "{name}");
    }
}

/// What the scheme's counters stand at after the bill, read from what the caller keeps.
fn assert_counters(scheme: &Scheme, settled: &Settled, bill: &BillAnswer, name: &str) {
    for (number, counter) in scheme.counters.iter().enumerate() {
        let moved = settled.counted.iter().find(|counted| counted.id.name == counter.name);
        let text = &bill.accumulated[&counter.name];
        if let Some(moved) = moved {
            let times = counts_times(scheme, number);
            let after = if times { moved.after.to_string() } else { Fen::new(moved.after).to_string() };
            assert_eq!(&after, text, "{name}: {}", moved.id);
        }
        if let Some(status) = bill.year_status.iter().find(|status| status.name == counter.name) {
            assert_eq!(moved.is_some(), status.before != status.after, "{name}: {}", counter.name);
        }
    }
}

fn without_case(mut bill: BillAnswer) -> BillAnswer {
    bill.notices
        .retain(|notice| notice.kind != NoticeKind::Understood || !notice.text.starts_with("填写的累计"));
    BillAnswer { receipt: Receipt { case: String::new(), packs: String::new(), ..bill.receipt }, ..bill }
}

/// Settles a case bill by bill; how many bills were settled and how many refused.
fn follow(rules: &Rulebook, case: &Case, name: &str) -> (usize, usize) {
    let scheme = scheme_of(rules.packs(), case);
    let mut purses = case.purses.clone();
    let mut history = History::default();
    for index in 0..case.events.len() {
        let event = rooted(&case.events, index);
        if index == 0 {
            history = stated(rules, case, &event);
        }
        // A history is kept as text between bills.
        let text = serde_json::to_string(&history).expect("text");
        history = serde_json::from_str(&text).expect("the same history");
        let found = rules.settle(&case.person, &purses, &event, &history);
        let bill = match quoted(rules.packs(), case, index) {
            Ok(bill) => bill,
            Err(error) => {
                let here = |text: &str| text.replace(&format!("events[{index}]"), "events[0]");
                assert_eq!(found.expect_err(name).to_string(), here(&error.to_string()), "{name}");
                let explained = rules.explain(&case.person, &purses, &event, &history);
                assert_eq!(explained.expect_err(name).to_string(), here(&error.to_string()), "{name}");
                return (index, 1);
            }
        };
        let settled = found.unwrap_or_else(|error| panic!("{name}: {error}"));
        let reach = rules.reach(&case.person, &event).expect("as settled");
        assert_eq!(
            (&reach.scheme, reach.law_day, reach.year),
            (&settled.scheme, settled.law_day, settled.year),
            "{name}"
        );
        for counted in &settled.counted {
            let within = match &counted.id.period {
                CounterPeriod::Year(first) => *first == reach.year.0,
                CounterPeriod::Month(year, month) => {
                    Date::new(*year, *month, 1).expect("a month") >= reach.since
                }
                CounterPeriod::Day(day) => *day >= reach.since,
                CounterPeriod::Stay(_) => reach.by_stay,
                CounterPeriod::Lifetime => reach.lifetime,
                CounterPeriod::Alone(_) => false,
            };
            assert!(within, "{name}: {} lies outside {reach:?}", counted.id);
        }
        assert_amounts(&settled, &bill, name);
        assert_cells(&settled, &bill, name);
        assert_counters(scheme.expect("settled"), &settled, &bill, name);

        let explained = rules.explain(&case.person, &purses, &event, &history).expect("as settled");
        assert_eq!(explained.receipt.packs, settled.packs, "{name}");
        assert_eq!(without_case(explained), without_case(bill.clone()), "{name}");

        history.apply(&settled);
        let less = |balance: &mut Fen, drawn: Fen| *balance = Fen::new(balance.fen() - drawn.fen());
        less(&mut purses.current_year, settled.drawn.current_year);
        less(&mut purses.carried_over, settled.drawn.carried_over);
        for (relative, drawn) in purses.mutual_aid.iter_mut().zip(&settled.drawn_relatives) {
            let Drawn { current_year, carried_over } = *drawn;
            less(&mut relative.current_year, current_year);
            less(&mut relative.carried_over, carried_over);
        }
        assert_eq!(Yuan(purses.current_year), bill.purses.after.current_year, "{name}");
        assert_eq!(Yuan(purses.carried_over), bill.purses.after.carried_over, "{name}");
        for (relative, after) in purses.mutual_aid.iter().zip(&bill.purses.after.mutual_aid) {
            assert_eq!(Yuan(relative.current_year), after.current_year, "{name}");
            assert_eq!(Yuan(relative.carried_over), after.carried_over, "{name}");
        }
    }
    (case.events.len(), 0)
}

fn follow_all(texts: &PackTexts) -> (usize, usize) {
    let rules = rulebook(texts);
    let (mut settled, mut refused) = (0, 0);
    for text in &texts.cases {
        let example = WorkedExample::read(&text.text).expect("checked elsewhere");
        let Ok(case) = Case::read(&example.case) else { continue };
        if case.events.iter().any(|event| event.calculation.is_some()) {
            continue;
        }
        // Twice: what was kept the first time serves the second.
        for _ in 0..2 {
            let (bills, refusals) = follow(&rules, &case, &text.name);
            (settled, refused) = (settled + bills, refused + refusals);
        }
    }
    (settled, refused)
}

#[test]
fn worked_examples_of_shipped_packs() {
    let (settled, refused) = follow_all(&PackTexts::shipped());
    assert!(settled > 200 && refused > 5, "{settled} settled, {refused} refused");
}

#[test]
fn worked_examples_of_fixtures() {
    let (settled, refused) = follow_all(&fixtures());
    assert!(settled > 100 && refused > 0, "{settled} settled, {refused} refused");
}

/// What an agency could give that a case could not say is refused, never computed.
#[test]
fn bills_that_no_case_could_state_are_refused() {
    let rules = rulebook(&fixtures());
    let mut person = Person::new("990101", "employee");
    person.category = choice(Dimension::Category, "employed");
    let care_type = choice(Dimension::CareType, "inpatient").expect("a kind of care");
    let day = Date::constant(2024, 5, 30);
    let mut good = Event::bill(day, care_type, "990101");
    good.facility.level = choice(Dimension::Level, "3");
    good.charges = Some(Charges::in_scope(Fen::new(2_000_000)));
    let portions = |total: i64, non_covered: i64| {
        Some(Charges::Portions {
            total: Fen::new(total),
            non_covered: Fen::new(non_covered),
            over_limit_price: Fen::ZERO,
            upfront_self_pay: Fen::ZERO,
            by_tag: BTreeMap::new(),
        })
    };
    let settle = |event: &Event| rules.settle(&person, &Purses::default(), event, &History::default());
    let wrong = [
        (Event { charges: portions(100, 101), ..good.clone() }, ErrorCode::PortionsExceedTotal),
        (Event { charges: portions(100, -1), ..good.clone() }, ErrorCode::PortionsExceedTotal),
        (Event { charges: portions(100, i64::MIN), ..good.clone() }, ErrorCode::PortionsExceedTotal),
        (Event { charges: portions(i64::MAX, 0), ..good.clone() }, ErrorCode::TooLarge),
        (Event { discharged_on: Some(Date::constant(2024, 6, 1)), ..good.clone() }, ErrorCode::DatesGoBack),
        (Event { care_area: "110000".to_owned(), filing: Some(0), ..good.clone() }, ErrorCode::Contradiction),
    ];
    for (event, code) in wrong {
        assert_eq!(settle(&event).expect_err("refused").code, code, "{event:?}");
    }
    let settled = settle(&good).expect("a good bill");
    // A bill without a stay leaves nothing to come back to.
    assert_eq!((settled.admission, settled.total), (None, Fen::new(2_000_000)));
}

#[test]
fn a_hash_tells_tables_apart() {
    let rules = rulebook(&fixtures());
    let texts = fixtures();
    let text = texts.cases.iter().find(|text| text.name.contains("990163-fund-first")).expect("fixture");
    let example = WorkedExample::read(&text.text).expect("an example");
    let case = Case::read(&example.case).expect("a case");
    let settle = |purses: &Purses| {
        rules.settle(&case.person, purses, &case.events[0], &History::default()).expect("settled")
    };
    let settled = settle(&case.purses);
    assert_eq!(settled.table_hash(), settle(&case.purses).table_hash());
    assert_eq!(settled.table_hash().len(), 64);
    let emptied = settle(&Purses::default());
    assert_ne!(settled.drawn, emptied.drawn);
    assert_ne!(settled.table_hash(), emptied.table_hash());
}

/// The rules of every area and fixture, and every case that is a bill.
fn everything() -> &'static (Rulebook, Vec<Case>) {
    static EVERYTHING: OnceLock<(Rulebook, Vec<Case>)> = OnceLock::new();
    EVERYTHING.get_or_init(|| {
        let (shipped, fixtures) = (PackTexts::shipped(), fixtures());
        let mut packs = read_packs(&shipped.rules).0;
        let known: Vec<String> = packs.iter().map(|pack| pack.area.code.clone()).collect();
        let others = read_packs(&fixtures.rules).0;
        packs.extend(others.into_iter().filter(|pack| !known.contains(&pack.area.code)));
        let examples = shipped.cases.iter().chain(&fixtures.cases);
        let cases = examples.filter_map(|text| {
            let case = Case::read(&WorkedExample::read(&text.text).ok()?.case).ok()?;
            let first = case.events.first()?.clone();
            let is_bill = first.charges.is_some() && first.transfer_from.is_none();
            is_bill.then(|| Case { events: vec![first], accumulated: BTreeMap::new(), ..case })
        });
        let cases = cases.step_by(9).collect();
        (Rulebook::new(Vec::leak(packs)), cases)
    })
}

/// One answer to a question in two is left open.
fn maybe(values: Vec<i64>) -> impl Strategy<Value = Option<i64>> {
    proptest::option::of(prop::sample::select(values))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Other people with other bills under the same rules: what is kept of one never serves another wrongly.
    #[test]
    fn other_people_and_bills_settle_as_they_are_quoted(
        which in any::<prop::sample::Index>(),
        category in maybe(vec![0, 1, 4, 6]),
        born in prop::sample::select(vec![None, Some(1941), Some(1980), Some(2010)]),
        level in maybe(vec![0, 1, 2, 3, 5]),
        filing in maybe(vec![1, 2, 3, 5]),
        aid in prop::sample::select(vec![None, Some(vec![]), Some(vec![2]), Some(vec![1, 3])]),
        supplements in prop::sample::select(vec![None, Some([false; 4]), Some([true, false, true, false])]),
        years in maybe(vec![0, 12, 30]),
        total in prop_oneof![0_i64..200_000, 0_i64..20_000_000, 0_i64..2_000_000_000],
        keeps in 0_u8..8,
    ) {
        let (rules, cases) = everything();
        let mut case = cases[which.index(cases.len())].clone();
        let keep = |bit: u8| keeps >> bit & 1 == 1;
        let (person, event) = (&mut case.person, &mut case.events[0]);
        if !keep(0) {
            (person.category, person.assistance, person.supplements) = (category, aid, supplements);
        }
        if !keep(1) {
            person.birth_date = born.map(|year| Date::constant(year, 3, 1)).filter(|born| *born < event.date);
            person.years.total = years;
        }
        if !keep(2) {
            event.facility.level = level;
        }
        if event.care_area != person.pooling_area {
            event.filing = filing;
        }
        event.charges = Some(Charges::in_scope(Fen::new(total)));
        follow(rules, &case, &format!("{case:?}"));
    }
}

#[test]
fn threads_share_a_rulebook() {
    let (rules, cases) = everything();
    let totals = || -> Vec<Option<String>> {
        let settle = |case: &Case| {
            let (person, purses) = (&case.person, &case.purses);
            rules.settle(person, purses, &rooted(&case.events, 0), &History::default()).ok()
        };
        cases.iter().map(|case| settle(case).map(|settled| settled.table_hash())).collect()
    };
    let both = std::thread::scope(|scope| [scope.spawn(totals), scope.spawn(totals)].map(|one| one.join()));
    let [one, other] = both.map(|one| one.expect("no panic"));
    assert!(one.iter().flatten().count() > 10);
    assert_eq!(one, other);
}
