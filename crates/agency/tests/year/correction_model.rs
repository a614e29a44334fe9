//! A book of retroactive corrections beside the office: what every bill came to, what it would come to under either edition of the rules, what each batch
//! found, released and took back, and what the agency and each person owe each other.

use std::collections::BTreeMap;
use std::rc::Rc;

use gongji_agency::actor::Role;
use gongji_agency::office::{Answer, Office};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::json;

use crate::claims::staff;
use crate::dice::Dice;
use crate::play::{Book, Step, below, fen, play, yuan};
use crate::resettle::{edition, office_under};
use crate::world::{CLOUD, World, at_once, made, on_sqlite};

const CLERKS: [&str; 2] = ["经办甲", "经办乙"];
const REVIEWERS: [&str; 3] = ["复核乙", "复核乙", "经办甲"];
const MARCH: Date = Date::constant(2026, 3, 1);

/// A bill as it stands.
#[derive(Clone)]
struct Bill {
    seq: u64,
    /// Where it stands among the others.
    place: u64,
    person: usize,
    day: Date,
    total: i64,
    deductible: i64,
    /// What the fund would pay of it were there no limit of the year: the table of the bill says so.
    share: i64,
    fund: i64,
    /// What the hospital collected.
    collected: i64,
    live: bool,
}

impl Bill {
    fn cash(&self) -> i64 {
        self.total - self.fund
    }
}

/// A bill that comes out otherwise: which, and its deductible, share and what the fund pays.
type Line = (u64, [i64; 3]);

#[derive(Clone, PartialEq, Debug)]
enum State {
    Found,
    Released(u64),
    Stale,
    Restored,
    Kept,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Stage {
    Finding,
    Proposed,
    Released,
    Cancelled,
    Withdrawn,
}

struct Batch {
    id: String,
    by: &'static str,
    from: Date,
    upto: u64,
    office: usize,
    stage: Stage,
    lines: Vec<(usize, Line, State)>,
}

pub struct Corrections {
    people: Vec<String>,
    offices: [Rc<Office>; 2],
    bills: BTreeMap<u64, Bill>,
    batches: Vec<Batch>,
    /// What was paid to people, less what they gave back.
    paid: Vec<i64>,
}

fn part(base: i64, percent: i64) -> i64 {
    (base * percent + 50) / 100
}

impl Corrections {
    fn new(world: &World) -> Corrections {
        world.hospital("H1", CLOUD);
        let people: Vec<String> = (0..5).map(|_| world.employee("某人", CLOUD)).collect();
        let offices = [
            Rc::new(office_under(world, crate::world::rules())),
            Rc::new(office_under(world, edition("70%", "400"))),
        ];
        Corrections { people, offices, bills: BTreeMap::new(), batches: Vec::new(), paid: vec![0; 5] }
    }

    fn live(&self, person: usize) -> Vec<&Bill> {
        let mut live: Vec<&Bill> =
            self.bills.values().filter(|bill| bill.live && bill.person == person).collect();
        live.sort_by_key(|bill| bill.place);
        live
    }

    /// What a bill comes to after others used so much of the deductible of 200 and got so much of the 3,000 of a year.
    fn worth(office: usize, day: Date, total: i64, [used, got]: [i64; 2]) -> [i64; 3] {
        let deductible = total.min((200_00 - used).max(0));
        let percent = if office == 1 && day >= MARCH { 70 } else { 60 };
        let share = part(total - deductible, percent);
        let fund = share.min((3_000_00 - got).max(0));
        // Once the limit is used up all is beyond it, whatever the share.
        [deductible, if fund == 0 { 0 } else { share }, fund]
    }

    /// What comes out otherwise for somebody.
    fn anew(&self, person: usize, batch: &Batch) -> Vec<Line> {
        let (mut before, mut lines) = ([0, 0], Vec::new());
        for bill in self.live(person) {
            let mut now = [bill.deductible, bill.share, bill.fund];
            if bill.day >= batch.from && bill.seq <= batch.upto {
                now = Corrections::worth(batch.office, bill.day, bill.total, before);
                if now != [bill.deductible, bill.share, bill.fund] {
                    lines.push((bill.seq, now));
                }
            }
            before = [before[0] + now[0], before[1] + now[2]];
        }
        lines
    }

    fn position(&self, person: usize) -> i64 {
        let owed: i64 = self.live(person).iter().map(|bill| bill.collected - bill.cash()).sum();
        owed - self.paid[person]
    }

    fn bill(&self, dice: &mut Dice) -> Step {
        let person = dice.at(5);
        let day = Date::constant(2026, 1, 5) + below(dice, 160).days();
        let total = match dice.below(12) {
            0 => 4_000_00 + below(dice, 100_000),
            _ => 1 + below(dice, 60_000),
        };
        let body = at_once(&self.people[person], "H1", "outpatient", &day.to_string(), &yuan(total));
        Step::new("settle_at_once", body).by(crate::world::institution("H1")).under(&self.offices[0])
    }

    /// Some batch, mostly one at a stage, recent ones first.
    fn some(&self, dice: &mut Dice, stages: &[Stage]) -> Option<usize> {
        let any = dice.chance(12);
        let fits = (0..self.batches.len()).filter(|at| any || stages.contains(&self.batches[*at].stage));
        let fits: Vec<usize> = fits.collect();
        (!fits.is_empty()).then(|| *dice.of(&fits))
    }

    fn of_batch(&self, dice: &mut Dice, what: u64) -> Option<Step> {
        use Stage::{Finding, Proposed, Released};
        let stages: &[Stage] = match what {
            0 => &[Finding],
            1 => &[Proposed],
            2 => &[Released],
            _ => &[Finding, Proposed],
        };
        let batch = &self.batches[self.some(dice, stages)?];
        let wrong = !stages.contains(&batch.stage);
        let next = if dice.chance(5) { 2 } else { 1 };
        let clerk = staff(Role::Clerk, CLERKS[0]);
        let who = *dice.of(&REVIEWERS);
        let office = if dice.chance(10) { 1 - batch.office } else { batch.office };
        let other = office != batch.office;
        let body = match what {
            0 => json!({ "batch": batch.id, "step": next }),
            1 => json!({ "batch": batch.id, "part": next }),
            2 => json!({ "batch": batch.id, "part": next, "reason": "文件撤销" }),
            _ => json!({ "batch": batch.id, "reason": "文件撤销" }),
        };
        let step = match what {
            0 => Step::new("find_corrections", body).by(clerk),
            1 => Step::new("release_correction_batch", body).by(staff(Role::Reviewer, who)),
            2 => Step::new("cancel_correction_batch", body).by(staff(Role::Reviewer, who)),
            _ => Step::new("withdraw_correction_batch", body).by(clerk),
        };
        let two = matches!(what, 1 | 2);
        Some(
            step.under(&self.offices[office])
                .no(wrong, "batch_status")
                .no(what < 3 && next != 1, "out_of_order")
                .no(what < 2 && other, "edition_differs")
                .no(two && who == batch.by, "same_person"),
        )
    }

    fn pay(&self, dice: &mut Dice) -> Step {
        let person = dice.at(5);
        let position = self.position(person);
        let clerk = staff(Role::Clerk, CLERKS[1]);
        let mut body = json!({ "person": self.people[person], "area": CLOUD });
        if position < 0 || dice.chance(20) {
            let amount =
                (1 + below(dice, 3_000)).min(if dice.chance(80) { (-position).max(1) } else { i64::MAX });
            body["amount"] = json!(yuan(amount));
            return Step::new("recover_from_person", body)
                .by(clerk)
                .no(amount > (-position).max(0), "more_than_owed");
        }
        body["to"] = json!({ "bank": { "holder": "某人", "bank": "示例银行", "number": "1234567890" } });
        Step::new("pay_person", body).by(clerk).no(position <= 0, "nothing_owed")
    }

    fn cancel_bill(&self, dice: &mut Dice) -> Option<Step> {
        let any = dice.chance(10);
        let fits: Vec<&Bill> = self.bills.values().filter(|bill| any || bill.live).collect();
        let recent = &fits[fits.len().saturating_sub(30)..];
        let bill = recent.get(dice.at(recent.len().max(1)))?;
        let body = json!({ "settlement": format!("S{}", bill.seq), "reason": "退费" });
        Some(
            Step::new("cancel_settlement", body)
                .by(crate::world::institution("H1"))
                .no(!bill.live, "already_cancelled"),
        )
    }

    fn found(&mut self, at: usize, answer: &Answer) {
        let mut lines = Vec::new();
        let mut people: Vec<usize> = (0..5).collect();
        people.sort_by_key(|person| self.people[*person].clone());
        for person in people {
            let of_person = self.anew(person, &self.batches[at]);
            lines.extend(of_person.into_iter().map(|line| (person, line, State::Found)));
        }
        let batch = &self.batches[at];
        assert_eq!(answer.result["lines"], json!(lines.len()), "{} from {}", batch.id, batch.from);
        (self.batches[at].lines, self.batches[at].stage) = (lines, Stage::Proposed);
    }

    /// Puts a bill in the place of another, as the record of a number.
    fn replace(&mut self, old: u64, seq: u64, as_of: &Bill) {
        self.bills.get_mut(&old).expect("a bill").live = false;
        self.bills.insert(seq, Bill { seq, live: true, ..as_of.clone() });
    }

    fn release(&mut self, at: usize, answer: &Answer) {
        let mut lines = std::mem::take(&mut self.batches[at].lines);
        // Each line that holds makes two records; the last of all is the batch's own.
        let holds: BTreeMap<usize, bool> = (0..5)
            .map(|person| {
                let approved = lines.iter().filter(|line| line.0 == person).map(|line| line.1);
                (person, approved.eq(self.anew(person, &self.batches[at])))
            })
            .collect();
        let released = lines.iter().filter(|line| holds[&line.0]).count();
        assert_eq!(answer.result["released"], json!(released));
        assert_eq!(answer.result["not_released"], json!(lines.len() - released));
        let mut seq = answer.seq - 2 * u64::try_from(released).expect("small");
        for (person, (old, [deductible, share, fund]), state) in &mut lines {
            if !holds[person] {
                *state = State::Stale;
                continue;
            }
            let new = Bill { deductible: *deductible, share: *share, fund: *fund, ..self.bills[old].clone() };
            self.replace(*old, seq + 1, &new);
            *state = State::Released(seq + 1);
            seq += 2;
        }
        (self.batches[at].lines, self.batches[at].stage) = (lines, Stage::Released);
    }

    fn restore(&mut self, at: usize, answer: &Answer) {
        let mut lines = std::mem::take(&mut self.batches[at].lines);
        let lives = |state: &State| match state {
            State::Released(seq) => self.bills[seq].live,
            _ => true,
        };
        let holds: BTreeMap<usize, bool> = (0..5)
            .map(|person| {
                let mut of_person = lines.iter().filter(|line| line.0 == person);
                (person, of_person.all(|line| lives(&line.2)))
            })
            .collect();
        let was = |line: &(usize, Line, State)| matches!(line.2, State::Released(_));
        let restored = lines.iter().filter(|line| was(line) && holds[&line.0]).count();
        assert_eq!(answer.result["restored"], json!(restored));
        let kept = lines.iter().filter(|line| was(line) && !holds[&line.0]).count();
        assert_eq!(answer.result["not_restored"], json!(kept));
        let mut seq = answer.seq - 2 * u64::try_from(restored).expect("small");
        for (person, (old, ..), state) in &mut lines {
            let State::Released(released) = state.clone() else { continue };
            if !holds[person] {
                *state = State::Kept;
                continue;
            }
            let first = self.bills[old].clone();
            self.replace(released, seq + 1, &first);
            *state = State::Restored;
            seq += 2;
        }
        (self.batches[at].lines, self.batches[at].stage) = (lines, Stage::Cancelled);
    }
}

impl Book for Corrections {
    const DEALT: &'static [&'static str] = &[
        "settle_at_once",
        "cancel_settlement",
        "propose_correction_batch",
        "find_corrections",
        "release_correction_batch",
        "cancel_correction_batch",
        "withdraw_correction_batch",
        "pay_person",
        "recover_from_person",
    ];

    fn deal(&mut self, dice: &mut Dice, _: &World) -> Step {
        let step = match dice.below(100) {
            0..14 => {
                let office = usize::from(dice.chance(60));
                let from = *dice.of(&["2026-01-01", "2026-03-01", "2026-03-01", "2026-05-01", "2026-07-01"]);
                let body = json!({ "area": CLOUD, "from": from, "reason": "示例文件追溯" });
                let clerk = staff(Role::Clerk, CLERKS[dice.at(2)]);
                let step = Step::new("propose_correction_batch", body).by(clerk);
                Some(step.under(&self.offices[office]).no(from == "2026-07-01", "future_date"))
            }
            14..27 => self.of_batch(dice, 0),
            27..42 => self.of_batch(dice, 1),
            42..50 => self.of_batch(dice, 2),
            50..53 => self.of_batch(dice, 3),
            53..58 => self.cancel_bill(dice),
            58..66 => Some(self.pay(dice)),
            _ => None,
        };
        step.unwrap_or_else(|| self.bill(dice))
    }

    fn take_in(&mut self, step: &Step, answer: &Answer) {
        let person = || self.people.iter().position(|known| step.body["person"] == *known).expect("known");
        let at = || self.batches.iter().position(|known| step.body["batch"] == known.id).expect("known");
        match step.kind {
            "settle_at_once" => {
                let made = made(answer);
                let person = self.people.iter().position(|known| *known == made.person).expect("known");
                let before = self
                    .live(person)
                    .iter()
                    .fold([0, 0], |sum, bill| [sum[0] + bill.deductible, sum[1] + bill.fund]);
                let [deductible, share, fund] = Corrections::worth(0, made.law_day, made.total, before);
                assert_eq!((made.fund_paid, made.cash_paid), (fund, made.total - fund), "{}", step.body);
                let (seq, collected) = (answer.seq, made.total - fund);
                let (day, total) = (made.law_day, made.total);
                let bill = Bill {
                    seq,
                    place: seq,
                    person,
                    day,
                    total,
                    deductible,
                    share,
                    fund,
                    collected,
                    live: true,
                };
                self.bills.insert(seq, bill);
            }
            "cancel_settlement" => {
                let seq = step.body["settlement"].as_str().expect("a number")[1..].parse().expect("a number");
                self.bills.get_mut(&seq).expect("a bill").live = false;
            }
            "propose_correction_batch" => {
                let office = step.under.as_ref().expect("an office");
                let batch = Batch {
                    id: answer.result["batch"].as_str().expect("a number").to_owned(),
                    by: CLERKS.into_iter().find(|name| *name == step.actor.name).expect("known"),
                    from: step.body["from"].as_str().expect("a day").parse().expect("a day"),
                    upto: answer.seq,
                    office: usize::from(Rc::ptr_eq(office, &self.offices[1])),
                    stage: Stage::Finding,
                    lines: Vec::new(),
                };
                self.batches.push(batch);
            }
            "find_corrections" => self.found(at(), answer),
            "release_correction_batch" => self.release(at(), answer),
            "cancel_correction_batch" => self.restore(at(), answer),
            "withdraw_correction_batch" => {
                let at = at();
                self.batches[at].stage = Stage::Withdrawn;
            }
            "pay_person" => {
                let person = person();
                let all = self.position(person);
                assert_eq!(answer.result["amount"], yuan(all));
                self.paid[person] += all;
            }
            _ => {
                let person = person();
                self.paid[person] -= fen(&step.body["amount"]);
            }
        }
    }

    fn compare(&self, world: &World) {
        let (mut fund, mut due) = (0, 0);
        for (at, person) in self.people.iter().enumerate() {
            let of = |kind: &str| world.balance(&format!("{CLOUD}/{kind}/{person}"));
            let position = self.position(at);
            assert_eq!(
                [of("payable_person"), of("receivable_person")],
                [position.max(0), position.min(0)],
                "{person}"
            );
            let live = self.live(at);
            let sums = live.iter().fold([0, 0], |sum, bill| [sum[0] + bill.deductible, sum[1] + bill.fund]);
            let tally = world.row("tally", &format!("{person}/{CLOUD}/employee/2026-01-01"));
            let counted = ["outpatient_deductible", "outpatient_paid"].map(|name| {
                let counter = format!("{name}|2026-01-01");
                tally.as_ref().and_then(|row| row["counters"][counter].as_i64()).unwrap_or(0)
            });
            assert_eq!(counted, sums, "{person}");
            fund += sums[1];
            due += live.iter().map(|bill| bill.total - bill.collected).sum::<i64>();
        }
        assert_eq!(world.balance(&format!("{CLOUD}/fund/employee/pooled")), -fund);
        assert_eq!(world.balance(&format!("{CLOUD}/payable/H1")), due);
        assert_eq!(world.balance(&format!("{CLOUD}/bank/pool")), self.paid.iter().sum::<i64>());
        for batch in &self.batches {
            let row = world.row("correction", &batch.id).expect("a batch");
            let stage = match batch.stage {
                Stage::Finding => "finding",
                Stage::Proposed => "proposed",
                Stage::Released => "released",
                Stage::Cancelled => "cancelled",
                Stage::Withdrawn => "withdrawn",
            };
            assert_eq!(row["status"], stage, "{}", batch.id);
        }
    }
}

#[test]
fn the_office_and_a_book_of_corrections_agree() {
    on_sqlite(|world| {
        let mut book = Corrections::new(world);
        play(world, "corrections", 400, &mut book);
    });
}
