//! The end of a fund's year.

use gongji_agency::clearing::{FundBook, Side, fund_books};
use serde_json::json;

use crate::clearing::{clerk, reviewer};
use crate::kit::assert_books;
use crate::world::{CLOUD, DAY, NOON, World, at_once, made, on_sqlite, operator, paid, text};

/// Noon on 2027-02-01.
const FEBRUARY: i64 = NOON + 231 * DAY;

fn books(world: &World, year: i16) -> Vec<FundBook> {
    world.office.look(&operator(), |desk, _| fund_books(desk, CLOUD, year)).expect("books")
}

fn settle(world: &World, person: &str, date: &str, total: &str) -> gongji_agency::office::Answer {
    world.at("H1").ok("settle_at_once", at_once(person, "H1", "outpatient", date, total))
}

fn close(world: &World, year: i16) {
    let body = json!({ "area": CLOUD, "year": year });
    world.by(clerk(CLOUD)).ok("close_fund_year", body.clone());
    world.by(reviewer(CLOUD)).ok("release_fund_year", body);
}

#[test]
fn a_statement_begins_where_the_last_ended_and_agrees_with_the_balance() {
    on_sqlite(|world| {
        world.hospital("H1", CLOUD);
        let person = world.saver("甲", CLOUD, "100.00", "30.00");
        let march = settle(world, &person, "2026-03-05", "4000.00");
        let cancelled = settle(world, &person, "2026-04-05", "900.00");
        world.clock.set(FEBRUARY);
        let january = settle(world, &person, "2027-01-09", "2500.00");
        // Cancelled in the next year: last year's statement stays as it was.
        let id = format!("S{}", cancelled.seq);
        world.at("H1").ok("cancel_settlement", json!({ "settlement": id, "reason": "退费" }));
        let (last, this) = (books(world, 2026), books(world, 2027));
        let pooled = |books: &[FundBook]| {
            books.iter().find(|book| book.name == "employee/pooled").expect("a fund").clone()
        };
        let (before, after) = (pooled(&last), pooled(&this));
        let [march, cancelled, january] = [&march, &cancelled, &january].map(|answer| paid(answer)[0]);
        assert_eq!(
            (before.opening, before.closing, before.later),
            (0, -march - cancelled, cancelled - january)
        );
        assert_eq!((after.opening, after.closing, after.later), (before.closing, -march - january, 0));
        assert!(before.balanced() && after.balanced());
        assert_eq!(before.sum(Side::Expenditure).expect("a sum"), march + cancelled);
        assert_eq!(before.sum_of_month(Side::Expenditure, 2).expect("a sum"), march);
        assert_eq!((before.lines[0].label, &*before.lines[0].line), ("门诊医疗费", "care/outpatient"));
        let accounts = last.iter().find(|book| book.name == "accounts").expect("accounts");
        assert_eq!((accounts.sum(Side::Income).expect("a sum"), accounts.balance), (130_00, None));
        let (current, carried) = world.purse(&person);
        let now = this.iter().find(|book| book.name == "accounts").expect("accounts");
        assert_eq!(now.closing, current + carried);
        assert_books(world);
    });
}

#[test]
fn a_closed_year_takes_no_money_any_more() {
    on_sqlite(|world| {
        world.hospital("H1", CLOUD);
        let person = world.saver("甲", CLOUD, "100.00", "30.00");
        let settled = settle(world, &person, "2026-03-05", "4000.00");
        let year = json!({ "area": CLOUD, "year": 2026 });
        let (here, there) = (world.by(clerk(CLOUD)), world.by(reviewer(CLOUD)));
        assert_eq!(&*here.no("close_fund_year", year.clone()).code, "year_runs");
        world.clock.set(FEBRUARY);
        assert_eq!(&*there.no("release_fund_year", year.clone()).code, "not_submitted");
        here.ok("close_fund_year", year.clone());
        // Something is still booked for the year: what was written down is no longer true.
        settle(world, &person, "2026-12-31", "100.00");
        settle(world, &person, "2026-12-31", "900.00");
        assert_eq!(&*there.no("release_fund_year", year.clone()).code, "changed_since");
        here.ok("close_fund_year", year.clone());
        let same = gongji_agency::actor::Actor { role: gongji_agency::actor::Role::Reviewer, ..clerk(CLOUD) };
        assert_eq!(&*world.by(same).no("release_fund_year", year.clone()).code, "same_person");
        there.ok("release_fund_year", year.clone());
        assert_eq!(&*here.no("close_fund_year", year).code, "year_closed");
        let before = books(world, 2026);
        let at_h1 = world.at("H1");
        let late = at_h1.no("settle_at_once", at_once(&person, "H1", "pharmacy", "2026-12-30", "80.00"));
        assert_eq!((&*late.code, &*late.field), ("year_closed", "date"));
        let credit = json!({ "person": person, "sub_account": "current_year", "amount": "1.00", "period": "2026-12", "date": "2026-12-31", "source": "bank", "reason": "补划" });
        assert_eq!(&*world.no("credit_account", credit).code, "year_closed");
        // Corrections go into the open year.
        let id = format!("S{}", settled.seq);
        let again = world.ok("readjudicate", json!({ "settlement": id, "reason": "复核" }));
        let id = format!("S{}", again.seq);
        at_h1.ok("cancel_settlement", json!({ "settlement": id, "reason": "退费" }));
        let after = books(world, 2026);
        assert_eq!(before.len(), after.len());
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(
                (&before.lines, before.opening, before.closing),
                (&after.lines, after.opening, after.closing)
            );
        }
        close_refuses_out_of_order(world);
        assert_books(world);
    });
}

fn close_refuses_out_of_order(world: &World) {
    world.clock.set(FEBRUARY + 730 * DAY);
    let body = |year: i16| json!({ "area": CLOUD, "year": year });
    assert_eq!(&*world.by(clerk(CLOUD)).no("close_fund_year", body(2028)).code, "year_open");
    close(world, 2027);
    close(world, 2028);
}

/// What a tally counts, whatever the year.
fn used(tally: &serde_json::Value) -> Vec<(String, i64)> {
    let counters = tally["counters"].as_object().expect("counters").iter();
    counters
        .map(|(name, count)| {
            (name.split('|').next().expect("a name").to_owned(), count.as_i64().expect("a count"))
        })
        .collect()
}

/// The year's tally of a person.
fn tally(world: &World, person: &str, year: &str) -> serde_json::Value {
    world.row("tally", &format!("{person}/{CLOUD}/employee/{year}")).unwrap_or(serde_json::Value::Null)
}

#[test]
fn limits_begin_anew_and_a_bill_of_last_year_that_is_settled_late_uses_those_of_last_year() {
    on_sqlite(|world| {
        world.hospital("H1", CLOUD);
        world.catalogue(CLOUD);
        let person = world.employee("甲", CLOUD);
        settle(world, &person, "2026-03-05", "4000.00");
        let open = json!({ "visit": { "person": person, "institution": "H1", "care_type": "inpatient", "date": "2026-06-15" } });
        let visit = text(&world.at("H1").ok("open_visit", open), "visit");
        let line = crate::world::line("A1", 2, 3_000);
        world.at("H1").ok("upload_lines", json!({ "visit": visit, "lines": [line] }));
        world.clock.set(FEBRUARY);
        close(world, 2026);
        let last = tally(world, &person, "2026-01-01");
        assert_ne!(last["counters"], json!({}));
        assert!(tally(world, &person, "2027-01-01").is_null(), "nothing is used of the new year");
        let first = settle(world, &person, "2027-01-20", "4000.00");
        let new = tally(world, &person, "2027-01-01");
        assert_eq!(
            used(&new),
            used(&last),
            "the same bill uses as much of the new year as it used of the old"
        );
        let asked = json!({ "visit": visit, "date": "2027-02-01", "discharged_on": "2026-12-20" });
        let late = world.at("H1").ok("settle", asked);
        assert_eq!(made(&late).year, jiff::civil::Date::constant(2026, 1, 1));
        assert_ne!(tally(world, &person, "2026-01-01"), last);
        assert_eq!(tally(world, &person, "2027-01-01"), new);
        assert_eq!(made(&first).year, jiff::civil::Date::constant(2027, 1, 1));
        assert_books(world);
    });
}
