//! A book of personal accounts beside the office: credited month by month or a year ahead, cleared, interest, the turn of the year, inherited, paid out,
//! closed. In the one area interest runs by months at two rates, in the other on the closing balance at one.

use std::collections::BTreeSet;

use gongji_agency::office::Answer;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::kit::{books, sum};
use crate::play::{Book, Step, below, fen, play, yuan};
use crate::world::{CLOUD, DAY, NOON, PEACE, World, on_sqlite};

struct Person {
    id: String,
    area: &'static str,
    retired: bool,
    covered: bool,
    died: bool,
    open: bool,
    pension: Option<i64>,
    /// On which day, which part, how much.
    moves: Vec<(Date, usize, i64)>,
    /// Up to when interest was paid.
    closed: Option<Date>,
    /// Months that were credited; years that were credited ahead, and cleared.
    months: BTreeSet<String>,
    ahead: BTreeSet<i16>,
    cleared: BTreeSet<i16>,
}

impl Person {
    fn holds(&self, part: usize) -> i64 {
        self.moves.iter().filter(|moved| moved.1 == part).map(|moved| moved.2).sum()
    }

    fn before(&self, part: usize, day: Date) -> i64 {
        let earlier = self.moves.iter().filter(|moved| moved.1 == part && moved.0 < day);
        earlier.map(|moved| moved.2).sum()
    }

    fn open_from(&self, first: Date) -> Date {
        self.closed.map_or(first, |closed| (closed + 1.day()).max(first))
    }

    /// The interest of both parts.
    fn interest(&self, from: Date, to: Date) -> [i64; 2] {
        let months = |day: Date| {
            let of = |day: Date| i64::from(day.year()) * 12 + i64::from(day.month());
            of(to) - of(day) + 1
        };
        let by_months = self.area == CLOUD;
        let product = |part: usize| -> i64 {
            let weight = |day: Date| if by_months { months(day) } else { 1 };
            let inside =
                self.moves.iter().filter(|moved| moved.1 == part && moved.0 >= from && moved.0 <= to);
            self.before(part, from) * weight(from)
                + inside.map(|moved| moved.2 * weight(moved.0)).sum::<i64>()
        };
        let (mut current, mut carried) = (product(0), product(1));
        if current < 0 {
            (current, carried) = (0, (carried + current).max(0));
        }
        // 0.36% and 1.2% of a twelfth a month, or 1.5% of what is there at the end.
        let (rates, over) = if by_months { ([36, 120], 120_000) } else { ([150, 150], 10_000) };
        let rounded = |sum: i64| (sum + over / 2) / over;
        let first = rounded(current * rates[0]);
        [first, rounded(current * rates[0] + carried * rates[1]) - first]
    }
}

pub struct Accounts {
    people: Vec<Person>,
    today: Date,
    /// What came from the opening balances, by area; what funds paid into accounts.
    opened: [i64; 2],
    from_pool: [i64; 2],
}

fn place(area: &str) -> usize {
    usize::from(area == PEACE)
}

impl Accounts {
    fn new(world: &World) -> Accounts {
        world.ok(
            "register_employer",
            json!({ "id": "E1", "name": "厂", "area": PEACE, "from": "2020-01-01" }),
        );
        let kinds = [
            (CLOUD, true),
            (CLOUD, true),
            (CLOUD, true),
            (CLOUD, false),
            (CLOUD, false),
            (CLOUD, false),
            (PEACE, true),
            (PEACE, false),
        ];
        let people: Vec<Person> = kinds
            .into_iter()
            .map(|(area, retired)| {
                let id = world.person("某人");
                let category = if retired { "retired" } else { "employed" };
                let employer = (area == PEACE && !retired).then_some("E1");
                let facts = json!({ "category": category, "employer": employer });
                world.ok("enrol", json!({ "person": id, "area": area, "scheme": "employee", "from": "2020-01-01", "facts": facts, "reason": "新参保" }));
                Person {
                    id,
                    area,
                    retired,
                    covered: true,
                    died: false,
                    open: false,
                    pension: None,
                    moves: Vec::new(),
                    closed: None,
                    months: BTreeSet::new(),
                    ahead: BTreeSet::new(),
                    cleared: BTreeSet::new(),
                }
            })
            .collect();
        let worker = &people[7].id;
        world.ok("declare_wages", json!({ "employer": "E1", "from": "2025-07", "people": [{ "person": worker, "wage": "10000.00" }] }));
        Accounts { people, today: Date::constant(2026, 6, 15), opened: [0; 2], from_pool: [0; 2] }
    }

    fn tick(&mut self, dice: &mut Dice, world: &World) {
        if dice.chance(25) {
            self.today += below(dice, 12).days();
            let days = Date::constant(2026, 6, 15).until(self.today).expect("a span").get_days();
            world.clock.set(NOON + i64::from(days) * DAY);
        }
    }

    /// The insurance year that begins in a calendar year.
    fn year(area: &str, year: i16) -> (Date, Date) {
        let month = if area == CLOUD { 1 } else { 7 };
        let first = Date::constant(2000, 1, 1).with().year(year).month(month).build().expect("a day");
        (first, first + 1.year() - 1.day())
    }

    fn put(&mut self, at: usize, day: Date, parts: [i64; 2]) {
        for (part, fen) in parts.into_iter().enumerate() {
            if fen != 0 {
                self.people[at].moves.push((day, part, fen));
            }
        }
    }

    fn single(&self, dice: &mut Dice) -> Step {
        let at = dice.at(self.people.len());
        let person = &self.people[at];
        let id = &person.id;
        let holds = person.holds(0) + person.holds(1);
        let rest = person.holds(0) != 0 || person.holds(1) != 0;
        let leaves = person.open && !person.covered && !person.died;
        match if leaves && dice.chance(50) { 8 } else { dice.below(12) } {
            0..3 => Step::new("open_account", json!({ "person": id, "area": person.area }))
                .no(person.open, "account_exists")
                .no(!person.covered, "not_covered"),
            3..6 => {
                let sub = *dice.of(&["current_year", "carried_over"]);
                let amount = 1 + below(dice, 100_000);
                let body = json!({ "person": id, "sub_account": sub, "amount": yuan(amount), "period": "2026-01", "source": "opening", "reason": "期初余额" });
                Step::new("credit_account", body).no(!person.open, "no_account")
            }
            6 => {
                // The last day of a month, on which a month's interest is whole.
                let to = (self.today + (below(dice, 60) - 55).days()).last_of_month();
                let first = Accounts::year(
                    person.area,
                    if person.area == CLOUD || to.month() >= 7 { to.year() } else { to.year() - 1 },
                )
                .0;
                Step::new("pay_interest", json!({ "person": id, "to": to }))
                    .no(!person.open, "no_account")
                    .no(to > self.today, "future_date")
                    .no(person.open_from(first) > to, "interest_paid")
            }
            7 | 8 if person.died || dice.chance(20) => {
                let other = dice.at(3);
                let heir = &self.people[other];
                let half = holds / 2;
                let wrong = dice.chance(15);
                let heirs = json!([
                    { "name": "甲", "person": heir.id, "amount": yuan(half) },
                    { "name": "乙", "amount": yuan(holds - half + i64::from(wrong)) },
                ]);
                Step::new("inherit_account", json!({ "person": id, "heirs": heirs, "reason": "公证书" }))
                    .no(!person.open, "no_account")
                    .no(!person.died, "person_lives")
                    .no(other == at, "oneself")
                    .no(other != at && !heir.open, "no_account")
                    .no(wrong, "does_not_sum")
            }
            8 => {
                let abroad = dice.chance(20);
                let cause = if abroad { "settled_abroad" } else { "relation_moved" };
                Step::new(
                    "pay_out_account",
                    json!({ "person": id, "cause": cause, "payee": "外省经办机构", "reason": "联系函" }),
                )
                .no(!person.open, "no_account")
                .no(person.covered, "still_covered")
                .no(abroad, "not_allowed")
            }
            9 => Step::new("close_account", json!({ "person": id, "reason": "转出" }))
                .no(!person.open, "no_account")
                .no(rest, "account_not_empty"),
            11 if at != 1 && at != 2 => {
                // Who is retired here tells it; what is credited is the same for all.
                let body = json!({ "area": CLOUD, "from": "2026-07", "people": [{ "person": id, "pension": yuan(1 + below(dice, 500_000)) }] });
                Step::new("declare_pensions", body)
                    .no(!person.retired || person.area != CLOUD || !person.covered, "not_retired")
            }
            10 if at > 3 && at < 6 => {
                Step::new("end_cover", json!({ "person": id, "to": "2026-05-31", "reason": "转出" }))
                    .no(!person.covered, "cover_ended")
            }
            7 | 10 | 11 if at == 1 || at == 2 => {
                Step::new("record_death", json!({ "person": id, "died_on": "2026-06-01" }))
                    .no(person.died, "person_died")
            }
            _ => Step::new("open_account", json!({ "person": id, "area": person.area }))
                .no(person.open, "account_exists")
                .no(!person.covered, "not_covered"),
        }
    }

    /// Work over all people of an area.
    fn all(&self, dice: &mut Dice) -> Step {
        let area = *dice.of(&[CLOUD, PEACE]);
        let year = self.today.year() - i16::try_from(dice.below(3)).expect("small");
        let (first, last) = Accounts::year(area, year);
        match dice.below(5) {
            0 | 1 => {
                let period = (self.today - below(dice, 150).days()).strftime("%Y-%m").to_string();
                let ahead = area == PEACE && self.people[6].open_or_new();
                let ahead = ahead && !self.people[6].months.contains(&period);
                Step::new("credit_accounts", json!({ "area": area, "period": period }))
                    .no(ahead, "credited_ahead")
            }
            2 => {
                let (first, _) = Accounts::year(PEACE, year);
                Step::new("precredit_accounts", json!({ "area": PEACE, "year": first }))
                    .no(first > self.today, "future_date")
            }
            3 => {
                let (first, last) = Accounts::year(PEACE, year);
                Step::new("clear_accounts", json!({ "area": PEACE, "year": first }))
                    .no(last > self.today, "future_date")
            }
            _ => Step::new("close_accounts", json!({ "area": area, "year": first }))
                .no(last >= self.today, "future_date"),
        }
    }

    fn close(&mut self, step: &Step) -> [i64; 2] {
        let first: Date = step.body["year"].as_str().expect("a day").parse().expect("a day");
        let area = step.body["area"].as_str().expect("an area");
        let (first, last) = Accounts::year(area, first.year());
        let (mut paid, mut rolled) = (0, 0);
        for at in 0..self.people.len() {
            let person = &self.people[at];
            if person.area != area || !person.open || person.closed.is_some_and(|closed| closed >= last) {
                continue;
            }
            let interest = person.interest(person.open_from(first), last);
            let ended = person.before(0, last + 1.day()) + interest[0];
            let left = person.holds(0) + interest[0];
            let turned = if ended > 0 { ended.min(left).max(0) } else { 0 };
            self.put(at, last, interest);
            self.put(at, last + 1.day(), [-turned, turned]);
            self.people[at].closed = Some(last);
            (paid, rolled) = (paid + interest[0] + interest[1], rolled + turned);
        }
        self.from_pool[place(area)] += paid;
        [paid, rolled]
    }
}

impl Person {
    /// Whether credits come to an account here: to one that is open, and to one that they open.
    fn open_or_new(&self) -> bool {
        !self.died && self.covered
    }
}

impl Book for Accounts {
    const DEALT: &'static [&'static str] = &[
        "open_account",
        "credit_account",
        "pay_interest",
        "inherit_account",
        "pay_out_account",
        "close_account",
        "end_cover",
        "record_death",
        "credit_accounts",
        "precredit_accounts",
        "clear_accounts",
        "close_accounts",
        "declare_pensions",
    ];

    fn deal(&mut self, dice: &mut Dice, world: &World) -> Step {
        self.tick(dice, world);
        if dice.chance(65) { self.single(dice) } else { self.all(dice) }
    }

    fn take_in(&mut self, step: &Step, answer: &Answer) {
        let at = self.people.iter().position(|known| step.body["person"] == known.id).unwrap_or(usize::MAX);
        let told = |name: &str| fen(&answer.result[name]);
        match step.kind {
            "open_account" => self.people[at].open = true,
            "declare_pensions" => {
                let told = &step.body["people"][0];
                let person = self.people.iter_mut().find(|known| told["person"] == known.id);
                person.expect("known").pension = Some(fen(&told["pension"]));
            }
            "credit_account" => {
                let part = usize::from(step.body["sub_account"] == "carried_over");
                let amount = fen(&step.body["amount"]);
                self.people[at].moves.push((self.today, part, amount));
                self.opened[place(self.people[at].area)] += amount;
            }
            "pay_interest" => {
                let to: Date = step.body["to"].as_str().expect("a day").parse().expect("a day");
                let person = &self.people[at];
                let begins = if person.area == CLOUD || to.month() >= 7 { to.year() } else { to.year() - 1 };
                let interest = person.interest(person.open_from(Accounts::year(person.area, begins).0), to);
                assert_eq!(told("interest"), interest[0] + interest[1], "{}", step.body);
                self.from_pool[place(person.area)] += interest[0] + interest[1];
                self.put(at, to, interest);
                self.people[at].closed = self.people[at].closed.max(Some(to));
            }
            "inherit_account" | "pay_out_account" => {
                let holds = [self.people[at].holds(0), self.people[at].holds(1)];
                assert_eq!(told("amount"), holds[0] + holds[1]);
                self.put(at, self.today, holds.map(|fen| -fen));
                self.people[at].open = false;
                if let Some(heir) = step.body["heirs"][0]["person"].as_str() {
                    let heir = self.people.iter().position(|known| known.id == heir).expect("known");
                    self.put(heir, self.today, [0, fen(&step.body["heirs"][0]["amount"])]);
                }
            }
            "close_account" => self.people[at].open = false,
            "end_cover" => self.people[at].covered = false,
            "record_death" => (self.people[at].died, self.people[at].covered) = (true, false),
            "credit_accounts" => {
                let period = step.body["period"].as_str().expect("a month").to_owned();
                let today = self.today;
                let mut credited = 0;
                for person in self.people.iter_mut().filter(|person| step.body["area"] == person.area) {
                    if person.retired && person.open_or_new() && person.months.insert(period.clone()) {
                        person.moves.push((today, 0, 95_00));
                        person.open = true;
                        credited += 95_00;
                    }
                }
                assert_eq!(told("credited"), credited);
                self.from_pool[0] += credited;
            }
            "precredit_accounts" => {
                let first: Date = step.body["year"].as_str().expect("a day").parse().expect("a day");
                let today = self.today;
                let mut credited = 0;
                for person in self.people.iter_mut().filter(|person| person.area == PEACE) {
                    // What the worker earns is declared from July 2025 on.
                    let known = person.retired || first.year() >= 2025;
                    if known && person.open_or_new() && person.ahead.insert(first.year()) {
                        let amount = if person.retired { 1_680_00 } else { 2_400_00 };
                        person.moves.push((today, 0, amount));
                        person.open = true;
                        credited += amount;
                    }
                }
                assert_eq!(told("credited"), credited);
                self.from_pool[1] += credited;
            }
            "clear_accounts" => {
                let first: Date = step.body["year"].as_str().expect("a day").parse().expect("a day");
                let last = Accounts::year(PEACE, first.year()).1;
                let mut taken = 0;
                for person in self.people.iter_mut().filter(|person| person.area == PEACE && person.open) {
                    // Nothing was paid for who works; whoever is retired pays nothing.
                    if person.ahead.contains(&first.year())
                        && person.cleared.insert(first.year())
                        && !person.retired
                    {
                        person.moves.push((last, 0, -2_400_00));
                        taken += 2_400_00;
                    }
                }
                assert_eq!(told("difference"), -taken);
                self.from_pool[1] -= taken;
            }
            _ => assert_eq!([told("interest"), told("rolled")], self.close(step), "{}", step.body),
        }
    }

    fn compare(&self, world: &World) {
        let books = books(world);
        for person in &self.people {
            assert_eq!(world.purse(&person.id), (person.holds(0), person.holds(1)), "{}", person.id);
            let row = world.row("standing", &person.id).unwrap_or(Value::Null);
            assert_eq!(row["account_area"].is_string(), person.open, "{}", person.id);
            let declared = world.row("declared", &format!("pension:{CLOUD}/{}", person.id));
            let told = declared.and_then(|row| row["amounts"][0]["amount"].as_i64());
            assert_eq!(told, person.pension, "{}", person.id);
        }
        for (at, area) in [CLOUD, PEACE].into_iter().enumerate() {
            let held: i64 = self
                .people
                .iter()
                .filter(|one| one.area == area)
                .map(|one| one.holds(0) + one.holds(1))
                .sum();
            assert_eq!(sum(&books, area, "bank/account"), self.opened[at] - held, "{area}");
            assert_eq!(sum(&books, area, "fund/employee/pooled"), -self.from_pool[at], "{area}");
        }
    }
}

#[test]
fn the_office_and_a_book_of_accounts_agree() {
    on_sqlite(|world| {
        let mut book = Accounts::new(world);
        play(world, "accounts", 450, &mut book);
    });
}
