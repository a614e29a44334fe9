//! Settling bill by bill, with the history carried outside, comes to what `quote` says of the whole case.

#![expect(clippy::expect_used, reason = "a test stops where its premises fail")]

use std::path::Path;

use gongji_cases::answer::{BillAnswer, NoticeKind, Receipt, Yuan};
use gongji_cases::request::{Event, Stated};
use gongji_cases::settle::{CounterId, CounterPeriod, Drawn, History, Rulebook, Settled};
use gongji_cases::{Case, CaseError, QuoteOptions, WorkedExample, quote};
use gongji_money::Fen;
use gongji_packs::PackTexts;
use gongji_policy::{AnswerField, Pack, Payer, Period, Scheme, read_packs};

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
