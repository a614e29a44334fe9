//! A book of the funds' other income beside the office: opening balances, subsidies, donations and interest, taken back or not; residents' premiums by whoever
//! pays them; the yearly premium out of accounts.

use std::collections::BTreeMap;

use gongji_agency::office::Answer;
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::kit::books;
use crate::play::{Book, Step, below, fen, play, yuan};
use crate::world::{CLOUD, DAY, NOON, World, on_sqlite};

/// Income of a record: which fund (or the treasury's account), which line.
struct Income {
    record: u64,
    account: String,
    line: &'static str,
    fen: i64,
    opens: bool,
    live: bool,
}

struct Premium {
    own: i64,
    subsidy: i64,
    /// From whose account.
    owner: Option<usize>,
}

/// Three with accounts, of whom the first is the father of the first child; four children.
pub struct Money {
    savers: Vec<String>,
    children: Vec<String>,
    purses: Vec<[i64; 2]>,
    /// Who paid the yearly premium.
    supplement: [bool; 3],
    incomes: Vec<Income>,
    premiums: BTreeMap<(usize, i16), Premium>,
    credited: i64,
}

const SOURCES: [&str; 5] = ["subsidy", "donation", "interest", "transfer", "other"];
const FUNDS: [&str; 3] = ["employee/pooled", "employee/large_sum", "resident/pooled"];

impl Money {
    fn new(world: &World) -> Money {
        let savers: Vec<String> =
            (0..3).map(|at| world.saver("甲", CLOUD, "60.00", ["900.00", "0", "75.00"][at])).collect();
        let children: Vec<String> = (0..4).map(|_| world.person("小宝")).collect();
        let child = &children[0];
        world.ok("enrol", json!({ "person": child, "area": CLOUD, "scheme": "resident", "from": "2025-01-01", "facts": { "category": "child" }, "reason": "新参保" }));
        world.ok("end_cover", json!({ "person": child, "to": "2026-12-31", "reason": "年度参保" }));
        world.grant(&savers[0], child, "parent");
        // 2026-10-03, when the window of the next year is open.
        world.clock.set(NOON + 110 * DAY);
        Money {
            savers,
            children,
            purses: vec![[60_00, 900_00], [60_00, 0], [60_00, 75_00]],
            supplement: [false; 3],
            incomes: Vec::new(),
            premiums: BTreeMap::new(),
            credited: 0,
        }
    }

    fn income(&self, dice: &mut Dice) -> Step {
        let (scheme, fund) = dice.of::<&str>(&FUNDS).split_once('/').expect("a fund");
        let amount = if dice.chance(5) { 0 } else { 1 + below(dice, 5_000_000) };
        if dice.chance(30) {
            let known = self.incomes.iter().any(|known| {
                known.live && known.opens && known.account == format!("{CLOUD}/fund/{scheme}/{fund}")
            });
            let body = json!({ "area": CLOUD, "scheme": scheme, "fund": fund, "amount": yuan(amount) });
            return Step::new("open_fund", body).no(amount == 0, "no_amount").no(known, "already_opened");
        }
        let source = *dice.of(&SOURCES);
        let named = dice.chance(80);
        let mut body = json!({ "area": CLOUD, "scheme": scheme, "source": source, "amount": yuan(amount), "reason": "文件" });
        if named {
            body["fund"] = json!(fund);
        }
        body["date"] = json!(format!("2026-{:02}-0{}", 6 + below(dice, 5), 1 + below(dice, 3)));
        Step::new("record_income", body)
            .no(amount == 0, "no_amount")
            .no(!named && source != "subsidy", "missing_field")
    }

    fn cancel(&self, dice: &mut Dice) -> Step {
        let some = &self.incomes.get(dice.at(self.incomes.len().max(1)));
        let (record, live) = match some {
            Some(income) if !dice.chance(10) => (income.record, income.live),
            _ => (1, true),
        };
        Step::new("cancel_income", json!({ "record": record, "reason": "登记有误" }))
            .no(record == 1, "no_income")
            .no(!live, "already_cancelled")
    }

    /// In the window of the next year a child costs 400 and the treasuries add 670; what is paid too late costs all of it.
    const fn price(year: i16) -> (i64, i64) {
        if year == 2027 { (400_00, 670_00) } else { (1_070_00, 0) }
    }

    fn premium(&self, dice: &mut Dice) -> Step {
        let (child, year) = (dice.at(4), *dice.of(&[2026, 2027, 2027]));
        let paid = self.premiums.contains_key(&(child, year));
        let body = json!({
            "person": self.children[child], "area": CLOUD, "coverage_year": year, "facts": { "category": "child" },
        });
        let with = |payer: Value| {
            let mut body = body.clone();
            body["payer"] = payer;
            Step::new("pay_premium", body).no(paid, "premium_paid")
        };
        match dice.below(3) {
            0 => with(json!({ "by": "oneself" })),
            1 => with(json!({ "by": "third", "name": "村委会" })),
            _ => {
                let owner = if dice.chance(80) { 0 } else { 1 };
                let granted = (owner, child) == (0, 0);
                with(json!({ "by": "account", "owner": self.savers[owner] }))
                    .no(!granted, "no_grant")
                    .no(granted && self.purses[0][1] < Money::price(year).0, "insufficient_balance")
            }
        }
    }

    fn refund(&self, dice: &mut Dice) -> Step {
        let (child, year) = (dice.at(4), *dice.of(&[2026, 2027]));
        let paid = self.premiums.contains_key(&(child, year));
        let body = json!({ "person": self.children[child], "coverage_year": year, "reason": "参加职工医保" });
        Step::new("refund_premium", body).no(!paid, "premium_not_paid")
    }

    /// Whoever has 130 pays it, once.
    fn due(&self) -> (Vec<usize>, Vec<usize>) {
        let open = (0..3).filter(|at| !self.supplement[*at]);
        open.partition(|at| self.purses[*at].iter().sum::<i64>() >= 130_00)
    }
}

impl Book for Money {
    const DEALT: &'static [&'static str] = &[
        "record_income",
        "open_fund",
        "cancel_income",
        "pay_premium",
        "refund_premium",
        "debit_supplement",
        "credit_account",
    ];

    fn deal(&mut self, dice: &mut Dice, _: &World) -> Step {
        match dice.below(20) {
            0..7 => self.income(dice),
            7..10 => self.cancel(dice),
            10..14 => self.premium(dice),
            14..17 => self.refund(dice),
            17 => Step::new("debit_supplement", json!({ "area": CLOUD, "year": "2026-01-01" })),
            _ => {
                let saver = dice.at(3);
                let amount = 1 + below(dice, if saver == 0 { 100_000 } else { 2_000 });
                let body = json!({
                    "person": self.savers[saver], "sub_account": "carried_over", "amount": yuan(amount), "period": "2026-01",
                    "source": "opening", "reason": "期初余额",
                });
                Step::new("credit_account", body)
            }
        }
    }

    fn take_in(&mut self, step: &Step, answer: &Answer) {
        let child = || self.children.iter().position(|known| step.body["person"] == *known).expect("known");
        let year = || i16::try_from(step.body["coverage_year"].as_i64().expect("a year")).expect("a year");
        match step.kind {
            "record_income" | "open_fund" => {
                let (scheme, fund) = (&step.body["scheme"], &step.body["fund"]);
                let account = match (scheme.as_str(), fund.as_str()) {
                    (Some(scheme), Some(fund)) => format!("{CLOUD}/fund/{scheme}/{fund}"),
                    _ => format!("{CLOUD}/subsidy"),
                };
                let source = SOURCES.into_iter().find(|known| step.body["source"] == *known);
                self.incomes.push(Income {
                    record: answer.seq,
                    account,
                    line: source.unwrap_or("opening"),
                    fen: fen(&step.body["amount"]),
                    opens: source.is_none(),
                    live: true,
                });
            }
            "cancel_income" => {
                let record = step.body["record"].as_u64();
                let income = self.incomes.iter_mut().find(|known| Some(known.record) == record);
                income.expect("known").live = false;
            }
            "pay_premium" => {
                let (own, subsidy) = Money::price(year());
                assert_eq!(
                    (&answer.result["own"], &answer.result["subsidy"]),
                    (&json!(yuan(own)), &json!(yuan(subsidy)))
                );
                let owner = (step.body["payer"]["by"] == "account").then_some(0);
                let key = (child(), year());
                if owner.is_some() {
                    self.purses[0][1] -= own;
                }
                self.premiums.insert(key, Premium { own, subsidy, owner });
            }
            "refund_premium" => {
                let premium = self.premiums.remove(&(child(), year())).expect("paid");
                if let Some(owner) = premium.owner {
                    self.purses[owner][1] += premium.own;
                }
            }
            "debit_supplement" => {
                let (pay, short) = self.due();
                let mut short: Vec<&String> = short.iter().map(|at| &self.savers[*at]).collect();
                short.sort();
                let told = (&answer.result["taken"], &answer.result["short"]);
                let taken = 130_00 * i64::try_from(pay.len()).expect("small");
                assert_eq!(told, (&json!(yuan(taken)), &json!(short)));
                for at in pay {
                    let current = self.purses[at][0].min(130_00);
                    self.purses[at][0] -= current;
                    self.purses[at][1] -= 130_00 - current;
                    self.supplement[at] = true;
                }
            }
            _ => {
                let saver =
                    self.savers.iter().position(|known| step.body["person"] == *known).expect("known");
                self.purses[saver][1] += fen(&step.body["amount"]);
                self.credited += fen(&step.body["amount"]);
            }
        }
    }

    fn compare(&self, world: &World) {
        let mut lines: BTreeMap<(String, &str), i64> = BTreeMap::new();
        let mut expected: BTreeMap<String, i64> = BTreeMap::new();
        let pool = format!("{CLOUD}/bank/pool");
        for income in self.incomes.iter().filter(|income| income.live) {
            *expected.entry(income.account.clone()).or_default() += income.fen;
            *expected.entry(pool.clone()).or_default() -= income.fen;
            *lines.entry((income.account.clone(), income.line)).or_default() += income.fen;
        }
        let residents = format!("{CLOUD}/fund/resident/pooled");
        for premium in self.premiums.values() {
            *expected.entry(residents.clone()).or_default() += premium.own + premium.subsidy;
            *expected.entry(format!("{CLOUD}/subsidy")).or_default() -= premium.subsidy;
            *expected.entry(pool.clone()).or_default() -= premium.own;
            if premium.owner.is_some() {
                *expected.entry(format!("{CLOUD}/bank/account")).or_default() += premium.own;
            }
            *lines.entry((residents.clone(), "premium")).or_default() += premium.own;
            *lines.entry((residents.clone(), "subsidy")).or_default() += premium.subsidy;
        }
        let paid = 130_00 * self.supplement.iter().map(|paid| i64::from(*paid)).sum::<i64>();
        let large = format!("{CLOUD}/fund/employee/large_sum");
        *expected.entry(large.clone()).or_default() += paid;
        *expected.entry(pool).or_default() -= paid;
        *expected.entry(format!("{CLOUD}/bank/account")).or_default() += paid;
        *lines.entry((large, "contribution")).or_default() += paid;
        let opened = 60_00 * 3 + 975_00 + self.credited;
        expected.insert(format!("{CLOUD}/opening"), -opened);
        for (person, purse) in self.savers.iter().zip(&self.purses) {
            for (sub, fen) in ["current_year", "carried_over"].iter().zip(purse) {
                expected.insert(format!("{CLOUD}/personal/{person}/{sub}"), *fen);
            }
        }
        let sums = |books: BTreeMap<String, i64>| -> BTreeMap<String, i64> {
            books.into_iter().filter(|(_, fen)| *fen != 0).collect()
        };
        assert_eq!(sums(books(world)), sums(expected));
        for ((account, line), expected) in lines {
            let Some(fund) = account.strip_prefix(&format!("{CLOUD}/fund/")) else { continue };
            let found: i64 = (1..=12)
                .filter_map(|month| world.row("fund_month", &format!("{CLOUD}/{fund}/2026-{month:02}")))
                .map(|row| row["lines"][line].as_i64().unwrap_or(0))
                .sum();
            assert_eq!(found, expected, "{fund}: {line}");
        }
        for (at, child) in self.children.iter().enumerate() {
            let row = world.row("person", child).expect("a row");
            let covers = row["covers"].as_array().cloned().unwrap_or_default();
            let kept: Vec<(&str, &str)> = covers
                .iter()
                .map(|one| (one["from"].as_str().expect("a day"), one["to"].as_str().unwrap_or("")))
                .collect();
            let mut known = Vec::new();
            if at == 0 {
                known.push(("2025-01-01", "2026-12-31"));
            }
            if self.premiums.contains_key(&(at, 2027)) {
                known.push(("2027-01-01", "2027-12-31"));
            }
            assert_eq!(kept, known, "{child}");
        }
    }
}

#[test]
fn the_office_and_a_book_of_income_agree() {
    on_sqlite(|world| {
        let mut book = Money::new(world);
        play(world, "income", 350, &mut book);
    });
}
