//! A book of payers beside the office: employers that come and go, people who pay for themselves and whose debits fail, money that comes late and what
//! is charged for that.

use std::collections::BTreeMap;

use gongji_agency::office::Answer;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::kit::books;
use crate::payers_bill::{Bill, Kind, MONTHS, Status, due_on, part};
use crate::play::{Book, Step, below, fen, play, yuan};
use crate::world::{CLOUD, World, on_sqlite};

/// Noon of it is when the book is played.
const TODAY: Date = Date::constant(2026, 6, 15);

/// Two work for the first employer, two pay for themselves.
pub struct Payers {
    people: Vec<String>,
    /// What was declared last: wages, then bases.
    wages: [Option<i64>; 4],
    /// Employers: name, last day.
    employers: BTreeMap<String, (String, Option<Date>)>,
    bills: Vec<Bill>,
    advance: BTreeMap<String, i64>,
    received: i64,
    funds: [i64; 2],
    accounts: [i64; 4],
    /// Where no bill of a month was ever made, by whom.
    steps: i64,
}

fn day(value: &Value) -> Date {
    value.as_str().expect("a day").parse().expect("a day")
}

impl Payers {
    fn new(world: &World) -> Payers {
        world.ok(
            "register_employer",
            json!({ "id": "E1", "name": "E1", "area": CLOUD, "from": "2020-01-01" }),
        );
        let people: Vec<String> = (0..4)
            .map(|at| {
                let person = world.person("某人");
                let facts = match at {
                    0 | 1 => json!({ "category": "employed", "employer": "E1" }),
                    _ => json!({ "category": "flexible" }),
                };
                world.ok(
                    "enrol",
                    json!({ "person": person, "area": CLOUD, "scheme": "employee", "from": "2020-01-01", "facts": facts, "reason": "新参保" }),
                );
                person
            })
            .collect();
        Payers {
            people,
            wages: [None; 4],
            employers: BTreeMap::from([("E1".to_owned(), ("E1".to_owned(), None))]),
            bills: Vec::new(),
            advance: BTreeMap::new(),
            received: 0,
            funds: [0, 0],
            accounts: [0; 4],
            steps: 0,
        }
    }

    /// Whether somebody's month stands on a bill that holds.
    fn billed(&self, person: usize, month: usize) -> bool {
        let payer = self.payer(person);
        self.bills.iter().any(|bill| {
            bill.payer == payer
                && bill.month == month
                && bill.kind != Kind::Fee
                && bill.status != Status::Cancelled
                && bill.credits.iter().any(|credit| credit.0 == person)
        })
    }

    fn payer(&self, person: usize) -> String {
        if person < 2 { "E1".to_owned() } else { self.people[person].clone() }
    }

    /// Who is to be billed for a month, of those who work or of the others.
    fn billable(&self, month: usize, flexible: bool) -> Vec<usize> {
        let of = if flexible { 2..4 } else { 0..2 };
        of.filter(|person| self.wages[*person].is_some() && !self.billed(*person, month)).collect()
    }

    fn open(&self, payer: &str) -> Vec<usize> {
        let fits = |at: &usize| self.bills[*at].payer == payer && self.bills[*at].status == Status::Open;
        let mut open: Vec<usize> = (0..self.bills.len()).filter(fits).collect();
        open.sort_by_key(|at| (self.bills[*at].month, self.bills[*at].number));
        open
    }

    /// Gives money to the oldest open bills; the rest is kept.
    fn give(&mut self, payer: &str, date: Date, amount: i64) {
        let mut left = amount + self.advance.get(payer).copied().unwrap_or(0);
        for at in self.open(payer) {
            let bill = &mut self.bills[at];
            let given = left.min(bill.total - bill.paid);
            if given > 0 {
                let own = (bill.paid + given).min(bill.own) - bill.paid.min(bill.own);
                bill.payments.push((date, given - own, None));
                bill.paid += given;
                left -= given;
            }
            if bill.paid == bill.total {
                bill.status = Status::Paid;
            }
        }
        self.advance.insert(payer.to_owned(), left);
    }

    fn line(&self, person: usize) -> (i64, i64, i64, i64) {
        let base = self.wages[person].expect("declared").clamp(4_000_00, 20_000_00);
        match person < 2 {
            // Total, own, to the account, to the supplementary fund.
            true => {
                let large = part(base, 10);
                let own = part(base, 20);
                (part(base, 80) + part(base, 8) + large + own, own, part(base, 20), large)
            }
            false => (part(base, 90), part(base, 90), part(base, 20), 0),
        }
    }

    fn add(&mut self, id: &str, kind: Kind, payer: &str, month: usize, people: &[usize]) {
        let number = id[1..].split('-').next().and_then(|digits| digits.parse().ok()).expect("a number");
        let mut bill = Bill {
            id: id.to_owned(),
            number,
            kind,
            payer: payer.to_owned(),
            month,
            own: 0,
            total: 0,
            credits: Vec::new(),
            large: 0,
            paid: 0,
            payments: Vec::new(),
            status: Status::Open,
        };
        for person in people {
            let (total, own, credit, large) = self.line(*person);
            (bill.total, bill.own, bill.large) = (bill.total + total, bill.own + own, bill.large + large);
            bill.credits.push((*person, credit));
        }
        self.bills.push(bill);
        self.give(payer, TODAY, 0);
    }

    /// What would be charged for what came late: by payment.
    fn fee(&self, at: usize) -> i64 {
        let bill = &self.bills[at];
        let due = due_on(bill.month);
        let late = bill
            .payments
            .iter()
            .filter(|(date, employer, fee)| *date > due && *employer > 0 && fee.is_none());
        late.map(|(date, employer, _)| {
            let days = i64::from((*date - due).get_days());
            (employer * 5 * days + 5_000) / 10_000
        })
        .sum()
    }

    fn employer(&mut self, dice: &mut Dice) -> Step {
        let known: Vec<String> = self.employers.keys().cloned().collect();
        let id = dice.of(&known).clone();
        let (name, closed) = self.employers[&id].clone();
        match dice.below(6) {
            0 | 1 => {
                let id = if dice.chance(20) { id } else { format!("E{}", self.steps + 1_000) };
                let there = self.employers.contains_key(&id);
                let body = json!({ "id": id, "name": "新厂", "area": CLOUD, "from": "2024-01-01" });
                Step::new("register_employer", body).no(there, "employer_exists")
            }
            2 | 3 => {
                let other = if dice.chance(20) { name.clone() } else { format!("厂{}", self.steps) };
                let body = json!({ "employer": id, "name": other, "reason": "更名" });
                Step::new("change_employer", body).no(other == name, "nothing_changes")
            }
            _ => {
                // The first goes on, or hardly anything would be billed.
                let tries = id == "E1";
                let to = if tries || dice.chance(10) { "2019-12-31" } else { "2026-05-31" };
                let open = !self.open(&id).is_empty();
                let advance = self.advance.get(&id).copied().unwrap_or(0) != 0;
                let body = json!({ "employer": id, "to": to, "reason": "注销" });
                Step::new("close_employer", body)
                    .no(to == "2019-12-31", "dates_go_back")
                    .no(closed.is_some(), "employer_closed")
                    .no(open, "bill_open")
                    .no(advance, "advance_left")
            }
        }
    }

    fn declare(&self, dice: &mut Dice) -> Step {
        let person = dice.at(4);
        let amount = 3_000_00 + below(dice, 2_000_000);
        if dice.chance(50) {
            let body = json!({ "employer": "E1", "from": "2026-01", "people": [{ "person": self.people[person], "wage": yuan(amount) }] });
            return Step::new("declare_wages", body).no(person > 1, "not_employed");
        }
        let body = json!({ "person": self.people[person], "from": "2026-01", "base": yuan(amount) });
        Step::new("choose_base", body).no(person < 2, "not_flexible")
    }

    fn debit(&self, dice: &mut Dice) -> Option<Step> {
        let any = dice.chance(15);
        let fits = |bill: &&Bill| any || bill.kind == Kind::Flexible && bill.status == Status::Open;
        let bills: Vec<&Bill> = self.bills.iter().filter(fits).collect();
        let bill = bills.get(dice.at(bills.len().max(1)))?;
        let failed = dice.chance(40).then_some("余额不足");
        let day = 10 + below(dice, 15);
        let date = format!("{}-{day:02}", MONTHS[bill.month]);
        let body = json!({ "area": CLOUD, "date": date, "debits": [{ "bill": bill.id, "failed": failed }] });
        let due = bill.kind == Kind::Flexible && bill.status == Status::Open;
        Some(Step::new("record_debits", body).no(!due, "not_due"))
    }

    fn of_bill(&self, dice: &mut Dice, what: u64) -> Option<Step> {
        let any = dice.chance(20);
        let fits = |at: &usize| {
            let bill = &self.bills[*at];
            any || match what {
                0 => bill.status == Status::Paid,
                1 => bill.kind == Kind::Employer && self.fee(*at) > 0,
                _ => bill.status == Status::Open && bill.paid == 0,
            }
        };
        let found: Vec<usize> = (0..self.bills.len()).filter(fits).collect();
        let at = *found.get(dice.at(found.len().max(1)))?;
        let bill = &self.bills[at];
        Some(match what {
            0 => Step::new("split_contributions", json!({ "bill": bill.id, "part": 0 }))
                .no(bill.status == Status::Split, "step_done")
                .no(matches!(bill.status, Status::Open | Status::Cancelled), "not_paid"),
            1 => Step::new("charge_late_fee", json!({ "bill": bill.id }))
                .no(bill.kind != Kind::Employer, "no_late_fee")
                .no(bill.kind == Kind::Employer && self.fee(at) == 0, "nothing_late"),
            _ => Step::new("cancel_bill", json!({ "bill": bill.id, "reason": "错" }))
                .no(bill.status == Status::Cancelled, "already_cancelled")
                .no(bill.status != Status::Cancelled && bill.paid != 0, "bill_paid"),
        })
    }

    fn pay(&self, dice: &mut Dice) -> Step {
        let payer = match dice.below(3) {
            0 => self.people[2 + dice.at(2)].clone(),
            _ => "E1".to_owned(),
        };
        let known = payer == "E1" || self.advance.contains_key(&payer);
        if dice.chance(15) {
            let amount = 1 + below(dice, 100_000);
            let body = json!({ "payer": payer, "amount": yuan(amount), "reason": "退" });
            return Step::new("return_advance", body)
                .no(!known, "no_payer")
                .no(amount > self.advance.get(&payer).copied().unwrap_or(0), "not_so_much");
        }
        let amount = 1 + below(dice, if payer == "E1" { 120_000 } else { 30_000 });
        let date = TODAY - below(dice, 100).days();
        let body = json!({ "payer": payer, "amount": yuan(amount), "date": date });
        Step::new("receive_payment", body).no(!known, "no_payer")
    }

    fn split(&mut self, at: usize) {
        let bill = &mut self.bills[at];
        bill.status = Status::Split;
        let credited: i64 = bill.credits.iter().map(|credit| credit.1).sum();
        self.funds[0] += bill.total - bill.large - credited;
        self.funds[1] += bill.large;
        for (person, fen) in bill.credits.clone() {
            self.accounts[person] += fen;
        }
    }
}

impl Book for Payers {
    const DEALT: &'static [&'static str] = &[
        "register_employer",
        "change_employer",
        "close_employer",
        "declare_wages",
        "choose_base",
        "bill_contributions",
        "bill_flexible",
        "receive_payment",
        "return_advance",
        "record_debits",
        "charge_late_fee",
        "cancel_bill",
        "split_contributions",
    ];

    fn deal(&mut self, dice: &mut Dice, _: &World) -> Step {
        self.steps += 1;
        let month = dice.at(MONTHS.len());
        let step = match dice.below(100) {
            0..10 => Some(self.employer(dice)),
            10..22 => Some(self.declare(dice)),
            22..34 => {
                let body = json!({ "employer": "E1", "period": MONTHS[month] });
                let none = self.billable(month, false).is_empty();
                Some(Step::new("bill_contributions", body).no(none, "nothing_to_bill"))
            }
            34..42 => {
                let body = json!({ "area": CLOUD, "period": MONTHS[month] });
                let none = self.billable(month, true).is_empty();
                Some(Step::new("bill_flexible", body).no(none, "nothing_to_bill"))
            }
            42..52 => self.debit(dice),
            52..62 => self.of_bill(dice, 0),
            62..72 => self.of_bill(dice, 1),
            72..80 => self.of_bill(dice, 2),
            _ => None,
        };
        step.unwrap_or_else(|| self.pay(dice))
    }

    fn take_in(&mut self, step: &Step, answer: &Answer) {
        let text = |name: &str| step.body[name].as_str().expect("a text").to_owned();
        let month = || MONTHS.iter().position(|known| step.body["period"] == *known).expect("a month");
        let bill =
            |book: &Payers| book.bills.iter().position(|bill| step.body["bill"] == bill.id).expect("known");
        match step.kind {
            "register_employer" => {
                self.employers.insert(text("id"), (text("name"), None));
            }
            "change_employer" => self.employers.get_mut(&text("employer")).expect("known").0 = text("name"),
            "close_employer" => {
                self.employers.get_mut(&text("employer")).expect("known").1 = Some(day(&step.body["to"]));
            }
            "declare_wages" | "choose_base" => {
                let (person, amount) = match step.kind {
                    "choose_base" => (&step.body["person"], &step.body["base"]),
                    _ => (&step.body["people"][0]["person"], &step.body["people"][0]["wage"]),
                };
                let person = self.people.iter().position(|known| person == known).expect("known");
                self.wages[person] = Some(fen(amount));
            }
            "bill_contributions" => {
                let people = self.billable(month(), false);
                let id = answer.result["bill"].as_str().expect("a bill").to_owned();
                self.add(&id, Kind::Employer, "E1", month(), &people);
                let made = self.bills.last().expect("a bill");
                assert_eq!(answer.result["total"], yuan(made.total));
                assert_eq!(answer.result["owed"], yuan(made.total - made.paid));
            }
            "bill_flexible" => {
                let mut people = self.billable(month(), true);
                people.sort_by_key(|person| self.people[*person].clone());
                let told = answer.result["bills"].as_array().expect("bills").clone();
                assert_eq!(told.len(), people.len());
                for (person, told) in people.into_iter().zip(told) {
                    let payer = self.people[person].clone();
                    assert_eq!(
                        (&told["person"], &told["debit_on"]),
                        (&json!(payer), &json!(format!("{}-11", MONTHS[month()])))
                    );
                    self.add(
                        told["bill"].as_str().expect("a bill"),
                        Kind::Flexible,
                        &payer,
                        month(),
                        &[person],
                    );
                }
            }
            "receive_payment" => {
                let (payer, amount) = (text("payer"), fen(&step.body["amount"]));
                self.received += amount;
                self.give(&payer, day(&step.body["date"]), amount);
                assert_eq!(answer.result["advance"], yuan(self.advance[&payer]));
            }
            "return_advance" => {
                self.received -= fen(&step.body["amount"]);
                *self.advance.get_mut(&text("payer")).expect("known") -= fen(&step.body["amount"]);
            }
            "record_debits" => {
                let asked = &step.body["debits"][0];
                let at = self.bills.iter().position(|bill| asked["bill"] == bill.id).expect("known");
                if asked["failed"].is_string() {
                    let again = format!("{}-21", MONTHS[self.bills[at].month]);
                    let later = text("date") < again;
                    assert_eq!(answer.result["debits"][0]["again_on"], json!(later.then_some(again)));
                    return;
                }
                let owed = self.bills[at].total - self.bills[at].paid;
                assert_eq!(answer.result["total"], yuan(owed));
                self.received += owed;
                self.bills[at].paid += owed;
                self.split(at);
            }
            "charge_late_fee" => {
                let at = bill(self);
                let fee = self.fee(at);
                assert_eq!(answer.result["fee"], yuan(fee));
                let id = answer.result["bill"].as_str().expect("a bill").to_owned();
                let due = due_on(self.bills[at].month);
                for (date, employer, charged) in &mut self.bills[at].payments {
                    if *date > due && *employer > 0 && charged.is_none() {
                        *charged = Some(id.clone());
                    }
                }
                let month = self.bills[at].month;
                self.add(&id, Kind::Fee, "E1", month, &[]);
                self.bills.last_mut().expect("a bill").total = fee;
                // Now that it comes to something it is open, and what was kept pays it.
                self.bills.last_mut().expect("a bill").status = Status::Open;
                self.give("E1", TODAY, 0);
            }
            "cancel_bill" => {
                let at = bill(self);
                self.bills[at].status = Status::Cancelled;
                let id = Some(self.bills[at].id.clone());
                for payment in self.bills.iter_mut().flat_map(|bill| &mut bill.payments) {
                    if payment.2 == id {
                        payment.2 = None;
                    }
                }
            }
            _ => {
                let at = bill(self);
                self.split(at);
            }
        }
    }

    fn compare(&self, world: &World) {
        let books = books(world);
        let of = |account: &str| books.get(&format!("{CLOUD}/{account}")).copied().unwrap_or(0);
        for payer in ["E1", &self.people[2], &self.people[3]] {
            let bills =
                || self.bills.iter().filter(|bill| bill.payer == *payer && bill.status != Status::Cancelled);
            let owed: i64 = bills().map(|bill| bill.total - bill.paid).sum();
            let advance = self.advance.get(payer).copied().unwrap_or(0);
            assert_eq!(of(&format!("receivable/{payer}")), advance - owed, "{payer}");
            let waits: i64 = bills().filter(|bill| bill.status != Status::Split).map(|bill| bill.total).sum();
            assert_eq!(of(&format!("collection/{payer}")), waits, "{payer}");
        }
        assert_eq!([of("fund/employee/pooled"), of("fund/employee/large_sum")], self.funds);
        let accounts: i64 = self.accounts.iter().sum();
        assert_eq!((of("bank/account"), of("bank/pool")), (-accounts, accounts - self.received));
        for (person, fen) in self.people.iter().zip(self.accounts) {
            assert_eq!(world.purse(person), (fen, 0), "{person}");
        }
        for (id, (name, closed)) in &self.employers {
            let row = world.row("employer", id).expect("an employer");
            assert_eq!(
                (&row["name"], row.get("closed_on").cloned().unwrap_or(Value::Null)),
                (&json!(name), json!(closed))
            );
        }
    }
}

#[test]
fn the_office_and_a_book_of_payers_agree() {
    on_sqlite(|world| {
        let mut book = Payers::new(world);
        play(world, "payers", 500, &mut book);
    });
}
