//! A book of wallets beside the office: who sent how much to whom, when it goes back, what waits and what a wallet holds.

use std::collections::BTreeMap;

use gongji_agency::actor::{Actor, Role};
use gongji_agency::office::Answer;
use serde_json::json;

use crate::dice::Dice;
use crate::play::{Book, Step, below, fen, play, yuan};
use crate::world::{CLOUD, NOON, PEACE, World, on_sqlite};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

struct Sent {
    id: String,
    from: usize,
    to: usize,
    /// Of the current year, of what was carried over.
    parts: [i64; 2],
    goes_back: i64,
    pending: bool,
}

/// People in order: three with accounts in the first area, one without, one insured in another area.
pub struct Wallets {
    people: Vec<String>,
    now: i64,
    purses: Vec<[i64; 2]>,
    /// What each wallet holds, once it is opened.
    wallets: Vec<Option<i64>>,
    sent: Vec<Sent>,
    /// By person and day: how often something was sent.
    times: BTreeMap<(usize, i64), u32>,
}

fn resident(person: &str) -> Actor {
    Actor { role: Role::Resident, name: person.to_owned(), areas: Vec::new() }
}

/// The day in Beijing, and the minute of it.
fn day_and_minute(now: i64) -> (i64, i64) {
    let here = now + 8 * HOUR;
    (here.div_euclid(DAY), here.rem_euclid(DAY) / 60_000)
}

/// The area of a person's wallet.
fn area(person: usize) -> &'static str {
    if person == 4 { PEACE } else { CLOUD }
}

impl Wallets {
    fn new(world: &World) -> Wallets {
        let mut people: Vec<String> = [["300.00", "9000.00"], ["0", "2500.00"], ["40.00", "0"]]
            .iter()
            .map(|[current, carried]| world.saver("甲", CLOUD, current, carried))
            .collect();
        people.extend([world.employee("乙", CLOUD), world.employee("丙", PEACE)]);
        Wallets {
            people,
            now: NOON,
            purses: vec![[300_00, 9_000_00], [0, 2_500_00], [40_00, 0], [0, 0], [0, 0]],
            wallets: vec![None; 5],
            sent: Vec::new(),
            times: BTreeMap::new(),
        }
    }

    fn send(&mut self, dice: &mut Dice) -> Step {
        let (from, to) = (dice.at(3), dice.at(5));
        let amount = match dice.below(10) {
            0 => 0,
            1 => 2_000_01,
            2 => 2_000_00,
            3 | 4 => 1_000_00 + below(dice, 100_000),
            _ => 1 + below(dice, 20_000),
        };
        let relation = *dice.of(&["spouse", "child", "parent", "parent", "sibling", "self"]);
        let (day, minute) = day_and_minute(self.now);
        let open = (6 * 60..22 * 60).contains(&minute);
        let wrong = !open
            || amount > 2_000_00
            || relation == "sibling"
            || self.wallets[to].is_none()
            || self.times.get(&(from, day)).is_some_and(|times| *times >= 3)
            || amount > self.purses[from].iter().sum();
        let body = json!({
            "grantor": self.people[from], "beneficiary": self.people[to], "relation": relation, "amount": yuan(amount),
        });
        let other = dice.chance(5);
        let who = if other { &self.people[3] } else { &self.people[from] };
        Step::new("transfer_to_wallet", body)
            .by(resident(who))
            .no(other, "denied")
            .no(amount == 0, "no_amount")
            .no(from == to || relation == "self", "oneself")
            .no(wrong, "transfer_refused")
    }

    fn settle(&mut self, dice: &mut Dice, kind: &'static str) -> Step {
        let waiting: Vec<usize> = (0..self.sent.len()).filter(|at| self.sent[*at].pending).collect();
        let at = match waiting.is_empty() || dice.chance(20) {
            true if self.sent.is_empty() => {
                let body = json!({ "person": self.people[3], "transfer": "X999999" });
                return Step::new(kind, body).no(true, "no_transfer");
            }
            true => dice.at(self.sent.len()),
            false => *dice.of(&waiting),
        };
        let sent = &self.sent[at];
        let other = dice.chance(5);
        let person = if other { sent.from } else { sent.to };
        let body = json!({ "person": self.people[person], "transfer": sent.id });
        Step::new(kind, body)
            .by(resident(&self.people[person]))
            .no(person != sent.to, "no_transfer")
            .no(!sent.pending, "transfer_settled")
            .no(kind == "accept_transfer" && self.now >= sent.goes_back, "transfer_expired")
    }

    fn due(&self) -> Vec<usize> {
        (0..self.sent.len())
            .filter(|at| self.sent[*at].pending && self.sent[*at].goes_back <= self.now)
            .collect()
    }

    fn give_back(&mut self, at: usize) {
        let sent = &mut self.sent[at];
        sent.pending = false;
        for (purse, part) in self.purses[sent.from].iter_mut().zip(sent.parts) {
            *purse += part;
        }
    }

    fn at(&self, id: &serde_json::Value) -> usize {
        self.sent.iter().position(|sent| sent.id == *id).expect("sent")
    }

    fn person(&self, id: &serde_json::Value) -> usize {
        self.people.iter().position(|person| person == id).expect("known")
    }
}

impl Book for Wallets {
    const DEALT: &'static [&'static str] =
        &["open_wallet", "transfer_to_wallet", "accept_transfer", "decline_transfer", "return_transfers"];

    fn deal(&mut self, dice: &mut Dice, world: &World) -> Step {
        self.now += match dice.below(8) {
            0 => below(dice, 14 * HOUR),
            1 => 60_000 * (22 * 60 - 1 - day_and_minute(self.now).1).rem_euclid(24 * 60),
            2 => 60_000 * (6 * 60 - 1 - day_and_minute(self.now).1).rem_euclid(24 * 60),
            _ => below(dice, 3) * 60_000,
        };
        world.clock.set(self.now);
        match dice.below(20) {
            0..2 => {
                let person = dice.at(5);
                Step::new("open_wallet", json!({ "person": self.people[person] }))
                    .no(self.wallets[person].is_some(), "wallet_exists")
            }
            2..11 => self.send(dice),
            11..15 => self.settle(dice, "accept_transfer"),
            15..17 => self.settle(dice, "decline_transfer"),
            _ => {
                let area = if dice.chance(10) { PEACE } else { CLOUD };
                let none = area == PEACE || self.due().is_empty();
                Step::new("return_transfers", json!({ "area": area })).no(none, "nothing_due")
            }
        }
    }

    fn take_in(&mut self, step: &Step, answer: &Answer) {
        match step.kind {
            "open_wallet" => {
                let person = self.person(&step.body["person"]);
                self.wallets[person] = Some(0);
            }
            "transfer_to_wallet" => {
                let (from, to) = (self.person(&step.body["grantor"]), self.person(&step.body["beneficiary"]));
                let (amount, day) = (fen(&step.body["amount"]), day_and_minute(self.now).0);
                // The current year pays first.
                let current = amount.min(self.purses[from][0]);
                let parts = [current, amount - current];
                self.purses[from] = [self.purses[from][0] - parts[0], self.purses[from][1] - parts[1]];
                *self.times.entry((from, day)).or_default() += 1;
                // Six o'clock of the next morning in Beijing.
                let goes_back = (day + 1) * DAY - 2 * HOUR;
                assert_eq!(answer.result["returns_at"], json!(goes_back));
                let id = answer.result["transfer"].as_str().expect("a number").to_owned();
                self.sent.push(Sent { id, from, to, parts, goes_back, pending: true });
            }
            "accept_transfer" => {
                let at = self.at(&step.body["transfer"]);
                self.sent[at].pending = false;
                let (to, sum) = (self.sent[at].to, self.sent[at].parts.iter().sum::<i64>());
                *self.wallets[to].as_mut().expect("opened") += sum;
            }
            "decline_transfer" => self.give_back(self.at(&step.body["transfer"])),
            _ => {
                let mut due = self.due();
                due.sort_by_key(|at| (self.sent[*at].goes_back, self.sent[*at].id[1..].parse::<u64>().ok()));
                let ids: Vec<&str> = due.iter().map(|at| self.sent[*at].id.as_str()).collect();
                let mut told: Vec<&str> = answer.result["returned"]
                    .as_array()
                    .expect("a list")
                    .iter()
                    .map(|id| id.as_str().expect("a number"))
                    .collect();
                told.sort_by_key(|id| ids.iter().position(|known| known == id));
                assert_eq!(told, ids);
                due.into_iter().for_each(|at| self.give_back(at));
            }
        }
    }

    fn compare(&self, world: &World) {
        for (at, person) in self.people.iter().enumerate() {
            assert_eq!(world.purse(person), (self.purses[at][0], self.purses[at][1]), "{person}");
            let waiting = self.sent.iter().filter(|sent| sent.pending && sent.from == at);
            let held: i64 = waiting.map(|sent| sent.parts.iter().sum::<i64>()).sum();
            assert_eq!(world.balance(&format!("{CLOUD}/held/{person}")), held, "{person}");
            let wallet = self.wallets[at].unwrap_or(0);
            assert_eq!(world.balance(&format!("{}/wallet/{person}", area(at))), wallet, "{person}");
        }
        let there = self.wallets[4].unwrap_or(0);
        assert_eq!(world.balance(&format!("{CLOUD}/clearing/{PEACE}/account")), there);
    }
}

#[test]
fn the_office_and_a_book_of_wallets_agree() {
    on_sqlite(|world| {
        let mut book = Wallets::new(world);
        play(world, "wallets", 400, &mut book);
    });
}
