//! A model of collection beside the office: both are given the same random bills, payments, splits, refunds and cancellations, and must agree on every
//! answer and every balance. The model keeps plain lists and adds them up anew; it shares no code with the agency and reckons by itself.
//!
//! `GONGJI_SEED` repeats a run, `GONGJI_STEPS` says how many steps it takes.

use std::collections::BTreeMap;

use gongji_agency::office::{Answer, Failure};
use serde_json::{Value, json};

use crate::dice::{Dice, setting};
use crate::kit::{assert_books, books};
use crate::world::{CLOUD, World, on_sqlite, operator};

const STEPS: u64 = 250;

/// The commands that it deals and books whenever it is run.
pub const DEALT: &[&str] = &[
    "bill_contributions",
    "declare_wages",
    "receive_payment",
    "refund_contribution",
    "return_advance",
    "split_contributions",
];
const EMPLOYERS: [&str; 2] = ["E1", "E2"];
const MONTHS: [&str; 4] = ["2026-02", "2026-03", "2026-04", "2026-05"];

/// Rounds half up: so many fen times so many thousandths.
fn part(base: i64, thousandths: i64) -> i64 {
    (base * thousandths + 500) / 1_000
}

#[derive(Clone, Copy)]
struct Line {
    pooled: i64,
    large_sum: i64,
    account: i64,
}

impl Line {
    /// By the rules of the invented area: 8% + 0.8% + 1% and 2% of a base between 4,000 and 20,000; 2% of it to the account.
    fn of(wage: i64) -> Line {
        let base = wage.clamp(4_000_00, 20_000_00);
        let medical = part(base, 80) + part(base, 20) + part(base, 8);
        Line { pooled: medical - part(base, 20), large_sum: part(base, 10), account: part(base, 20) }
    }

    fn total(&self) -> i64 {
        self.pooled + self.large_sum + self.account
    }
}

#[derive(PartialEq, Clone, Copy)]
enum Status {
    Open,
    Paid,
    Split,
    Cancelled,
}

struct Bill {
    id: String,
    employer: usize,
    month: usize,
    lines: BTreeMap<usize, Line>,
    paid: i64,
    status: Status,
}

impl Bill {
    fn total(&self) -> i64 {
        self.lines.values().map(Line::total).sum()
    }
}

#[derive(Default)]
struct Model {
    /// By person: employer and wage.
    people: Vec<(usize, Option<i64>)>,
    ids: Vec<String>,
    bills: Vec<Bill>,
    advance: [i64; 2],
    received: i64,
    funds: [i64; 2],
    accounts: Vec<i64>,
}

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

impl Model {
    /// Gives money to the oldest open bills.
    fn give(&mut self, employer: usize, amount: i64) {
        let mut left = amount;
        let mut open: Vec<&mut Bill> = self
            .bills
            .iter_mut()
            .filter(|bill| bill.employer == employer && bill.status == Status::Open)
            .collect();
        // Bills of one month are in the order in which they were made, and so is the list.
        open.sort_by_key(|bill| bill.month);
        for bill in open {
            let given = left.min(bill.total() - bill.paid);
            bill.paid += given;
            left -= given;
            if bill.paid == bill.total() {
                bill.status = Status::Paid;
            }
        }
        self.advance[employer] = left;
    }

    fn billed(&self, person: usize, month: usize) -> Option<usize> {
        self.bills.iter().position(|bill| {
            bill.month == month && bill.status != Status::Cancelled && bill.lines.contains_key(&person)
        })
    }

    fn bill(&mut self, employer: usize, month: usize, answer: Option<&Answer>) -> Result<(), &'static str> {
        let lines: BTreeMap<usize, Line> = (0..self.people.len())
            .filter(|person| self.people[*person].0 == employer && self.billed(*person, month).is_none())
            .filter_map(|person| self.people[person].1.map(|wage| (person, Line::of(wage))))
            .collect();
        if lines.is_empty() {
            return Err("nothing_to_bill");
        }
        let Some(answer) = answer else { return Ok(()) };
        let id = answer.result["bill"].as_str().expect("a bill").to_owned();
        self.bills.push(Bill { id, employer, month, lines, paid: 0, status: Status::Open });
        let advance = self.advance[employer];
        self.give(employer, advance);
        let made = self.bills.last().expect("a bill");
        assert_eq!(answer.result["total"], yuan(made.total()));
        assert_eq!(answer.result["owed"], yuan(made.total() - made.paid));
        Ok(())
    }

    fn split(&mut self, at: usize) {
        let bill = &mut self.bills[at];
        bill.status = Status::Split;
        for (person, line) in &bill.lines {
            self.funds[0] += line.pooled;
            self.funds[1] += line.large_sum;
            self.accounts[*person] += line.account;
        }
    }

    fn refund(&mut self, at: usize, person: usize) {
        let bill = &mut self.bills[at];
        let line = bill.lines.remove(&person).expect("a line");
        let employer = bill.employer;
        if bill.status == Status::Split {
            self.funds[0] -= line.pooled;
            self.funds[1] -= line.large_sum;
            self.accounts[person] -= line.account;
        }
        let free = (bill.paid - bill.total()).max(0);
        bill.paid -= free;
        if bill.status == Status::Open && bill.paid == bill.total() {
            bill.status = Status::Paid;
        }
        let held = bill.status == Status::Open;
        if held {
            // It owes on: what was free of it goes to others first, and nothing was.
            assert_eq!(free, 0);
        }
        let all = self.advance[employer] + free;
        if all > 0 {
            self.give(employer, all);
        }
    }

    fn compare(&self, world: &World) {
        let books = books(world);
        let of = |account: &str| books.get(&format!("{CLOUD}/{account}")).copied().unwrap_or(0);
        for (employer, id) in EMPLOYERS.iter().enumerate() {
            let bills = || {
                self.bills.iter().filter(|bill| bill.employer == employer && bill.status != Status::Cancelled)
            };
            let owed: i64 = bills().map(|bill| bill.total() - bill.paid).sum();
            assert_eq!(of(&format!("receivable/{id}")), self.advance[employer] - owed, "{id}");
            let waits: i64 = bills().filter(|bill| bill.status != Status::Split).map(Bill::total).sum();
            assert_eq!(of(&format!("collection/{id}")), waits, "{id}");
        }
        assert_eq!([of("fund/employee/pooled"), of("fund/employee/large_sum")], self.funds);
        let accounts: i64 = self.accounts.iter().sum();
        assert_eq!((of("bank/account"), of("bank/pool")), (-accounts, accounts - self.received));
        for (person, fen) in self.accounts.iter().enumerate() {
            assert_eq!(world.purse(&self.ids[person]), (*fen, 0));
        }
    }
}

fn set_out(world: &World) -> Model {
    let mut model = Model::default();
    for id in EMPLOYERS {
        world.ok("register_employer", json!({ "id": id, "name": id, "area": CLOUD, "from": "2020-01-01" }));
    }
    for at in 0..8 {
        let employer = at % 2;
        let person = world.person("员工");
        let facts = json!({ "category": "employed", "employer": EMPLOYERS[employer] });
        world.ok(
            "enrol",
            json!({ "person": person, "area": CLOUD, "scheme": "employee", "from": "2020-01-01", "facts": facts, "reason": "新参保" }),
        );
        model.ids.push(person);
        model.people.push((employer, None));
        model.accounts.push(0);
    }
    model
}

/// What is asked in a step: the kind, the body, and the refusal that the model expects, if any.
fn deal(dice: &mut Dice, model: &mut Model) -> (&'static str, Value, Option<&'static str>) {
    let below = |dice: &mut Dice, most: usize| usize::try_from(dice.below(most as u64)).expect("small");
    let employer = below(dice, 2);
    let month = below(dice, MONTHS.len());
    match dice.below(10) {
        0 | 1 => {
            let person = below(dice, model.people.len());
            let wage = 3_000_00 + i64::try_from(dice.below(2_000_000)).expect("small");
            let wrong = model.people[person].0 != employer;
            if !wrong {
                model.people[person].1 = Some(wage);
            }
            let people = json!([{ "person": model.ids[person], "wage": yuan(wage) }]);
            let body = json!({ "employer": EMPLOYERS[employer], "from": "2026-01", "people": people });
            ("declare_wages", body, wrong.then_some("not_employed"))
        }
        2 | 3 => {
            let refused = model.bill(employer, month, None).err();
            (
                "bill_contributions",
                json!({ "employer": EMPLOYERS[employer], "period": MONTHS[month] }),
                refused,
            )
        }
        4 | 5 => {
            let amount = 1 + i64::try_from(dice.below(900_000)).expect("small");
            (
                "receive_payment",
                json!({ "payer": EMPLOYERS[employer], "amount": yuan(amount), "date": "2026-06-10" }),
                None,
            )
        }
        6 => {
            let amount = 1 + i64::try_from(dice.below(300_000)).expect("small");
            let refused = (amount > model.advance[employer]).then_some("not_so_much");
            (
                "return_advance",
                json!({ "payer": EMPLOYERS[employer], "amount": yuan(amount), "reason": "退" }),
                refused,
            )
        }
        7 | 8 if !model.bills.is_empty() => {
            let bill = &model.bills[below(dice, model.bills.len())];
            if dice.chance(25) {
                let refused = match (bill.status, bill.paid) {
                    (Status::Cancelled, _) => Some("already_cancelled"),
                    (Status::Open, 0) => None,
                    _ => Some("bill_paid"),
                };
                return ("cancel_bill", json!({ "bill": bill.id, "reason": "错" }), refused);
            }
            let refused = match bill.status {
                Status::Paid => None,
                Status::Split => Some("step_done"),
                Status::Open | Status::Cancelled => Some("not_paid"),
            };
            ("split_contributions", json!({ "bill": bill.id, "part": 0 }), refused)
        }
        _ => {
            let person = below(dice, model.people.len());
            let refused = match model.billed(person, month) {
                Some(at) if model.bills[at].employer == employer => None,
                _ => Some("not_billed"),
            };
            let body = json!({ "employer": EMPLOYERS[employer], "period": MONTHS[month], "person": model.ids[person], "reason": "错" });
            ("refund_contribution", body, refused)
        }
    }
}

/// What was booked, in the model too.
fn booked(model: &mut Model, kind: &str, body: &Value, answer: &Answer) {
    let employer = || {
        let name = body["employer"].as_str().or(body["payer"].as_str()).expect("an employer");
        EMPLOYERS.iter().position(|known| *known == name).expect("known")
    };
    let month = || MONTHS.iter().position(|known| Some(*known) == body["period"].as_str()).expect("known");
    let amount = || {
        let text = body["amount"].as_str().expect("an amount").replace('.', "");
        text.parse::<i64>().expect("fen")
    };
    let bill =
        |model: &Model| model.bills.iter().position(|bill| Some(bill.id.as_str()) == body["bill"].as_str());
    match kind {
        "bill_contributions" => model.bill(employer(), month(), Some(answer)).expect("somebody"),
        "receive_payment" => {
            let (employer, amount) = (employer(), amount());
            model.received += amount;
            let all = model.advance[employer] + amount;
            model.give(employer, all);
            assert_eq!(answer.result["advance"], yuan(model.advance[employer]));
        }
        "return_advance" => {
            model.received -= amount();
            model.advance[employer()] -= amount();
        }
        "cancel_bill" => {
            let at = bill(model).expect("known");
            model.bills[at].status = Status::Cancelled;
        }
        "split_contributions" => {
            let at = bill(model).expect("known");
            model.split(at);
        }
        "refund_contribution" => {
            let person =
                model.ids.iter().position(|id| Some(id.as_str()) == body["person"].as_str()).expect("known");
            let at = model.billed(person, month()).expect("billed");
            model.refund(at, person);
            assert_eq!(answer.result["advance"], yuan(model.advance[employer()]));
        }
        _ => {}
    }
}

#[test]
fn collection_and_its_model_agree() {
    on_sqlite(|world| {
        let mut dice = Dice::new("collection_and_its_model_agree");
        let mut model = set_out(world);
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for step in 0..setting("GONGJI_STEPS", STEPS) {
            let (kind, body, refused) = deal(&mut dice, &mut model);
            let found = world.by(operator()).book(&world.fresh_key(), kind, &body);
            match (found, refused) {
                (Ok(answer), None) => {
                    booked(&mut model, kind, &body, &answer);
                    *counts.entry(kind).or_default() += 1;
                }
                (Err(Failure::Refused(refusal)), Some(code)) => {
                    assert_eq!(&*refusal.code, code, "step {step}: {kind} {body}")
                }
                (found, expected) => {
                    panic!("step {step}: {kind} {body}: expected {expected:?}, found {found:?}")
                }
            }
            if step % 10 == 9 {
                model.compare(world);
            }
        }
        model.compare(world);
        assert_books(world);
        assert!(DEALT.iter().all(|kind| counts.contains_key(kind)), "{counts:?}");
    });
}
