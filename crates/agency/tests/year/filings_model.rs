//! A book of filings beside the office: what was filed for whom, who reviewed it, until when it holds.

use gongji_agency::actor::{Actor, Role};
use gongji_agency::office::Answer;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::play::{Book, Step, below, play, reviewer};
use crate::world::{CLOUD, SEA, World, on_sqlite};

const TODAY: Date = Date::constant(2026, 6, 15);
const CLERKS: [&str; 2] = ["张三", "李四"];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Status {
    Pending,
    Valid,
    Refused,
    Cancelled,
}

struct Filing {
    id: String,
    person: usize,
    /// Kind, and what tells two of a kind apart: a disease, a place.
    what: (String, String),
    from: Date,
    to: Option<Date>,
    status: Status,
    by: usize,
}

impl Filing {
    /// Whether both are for the same thing and some of the same days.
    fn meets(&self, person: usize, what: &(String, String), from: Date, to: Option<Date>) -> bool {
        self.person == person
            && self.what == *what
            && matches!(self.status, Status::Pending | Status::Valid)
            && self.to.is_none_or(|end| from <= end)
            && to.is_none_or(|to| self.from <= to)
    }
}

pub struct Filings {
    people: Vec<String>,
    filings: Vec<Filing>,
}

fn clerk(at: usize) -> Actor {
    Actor { role: Role::Clerk, name: CLERKS[at].to_owned(), areas: vec![CLOUD.to_owned()] }
}

fn day(value: &Value) -> Option<Date> {
    value.as_str().map(|text| text.parse().expect("a day"))
}

/// Kind, and what tells two of a kind apart.
fn what(step: &Step) -> (String, String) {
    let text = |name: &str| step.body[name].as_str().unwrap_or_default().to_owned();
    match step.kind {
        "register_chronic" => ("chronic".to_owned(), text("disease")),
        "register_maternity" => ("maternity".to_owned(), String::new()),
        "choose_institution" => (text("filing"), String::new()),
        _ => {
            // Somebody lives in one place at a time.
            let place = if text("filing") == "long_stay" { String::new() } else { text("area") };
            (text("filing"), place)
        }
    }
}

impl Filings {
    fn new(world: &World) -> Filings {
        world.hospital("H1", CLOUD);
        world.hospital("S1", SEA);
        Filings { people: (0..3).map(|_| world.employee("甲", CLOUD)).collect(), filings: Vec::new() }
    }

    fn file(&self, dice: &mut Dice) -> Step {
        let person = dice.at(3);
        let from = TODAY + (below(dice, 240) - 120).days();
        let to = dice.chance(50).then(|| from + (below(dice, 200) - 4).days());
        let mut body = json!({ "person": self.people[person], "from": from, "to": to, "reason": "补办" });
        let clerk = clerk(dice.at(2));
        let (step, ends) = match dice.below(4) {
            0 => {
                let (disease, proof) = (*dice.of(&["hypertension", "diabetes", "gout"]), dice.chance(90));
                body["disease"] = json!(disease);
                if proof {
                    body["proofs"] = json!([{ "kind": "diagnosis", "number": "1" }]);
                }
                let step = Step::new("register_chronic", body);
                (step.no(disease == "gout", "unknown_disease").no(!proof, "needs_proof"), to)
            }
            1 => {
                let to = to.unwrap_or(from + 300.days());
                body["to"] = json!(to);
                (Step::new("register_maternity", body), Some(to))
            }
            2 => {
                body["filing"] = json!(*dice.of(&["chosen_hospital", "family_doctor"]));
                body["institution"] = json!("H1");
                (Step::new("choose_institution", body), to)
            }
            _ => {
                let kind = *dice.of(&["long_stay", "temporary", "emergency"]);
                body["filing"] = json!(kind);
                body["area"] = json!(SEA);
                body["proofs"] = json!([{ "kind": "promise", "number": "1" }]);
                let most = (kind != "long_stay").then(|| from + 6.months() - 1.day());
                (Step::new("file_away", body), to.or(most))
            }
        };
        let what = what(&step);
        let met = self.filings.iter().any(|known| known.meets(person, &what, from, ends));
        step.by(clerk).no(to.is_some_and(|to| to < from), "dates_go_back").no(met, "already_filed")
    }

    fn change(&self, dice: &mut Dice) -> Option<Step> {
        let kind = dice.below(4);
        let any = dice.chance(25);
        let fits = |filing: &&Filing| {
            any || match kind {
                0 => filing.status == Status::Pending,
                1 => filing.status == Status::Valid && filing.to.is_some_and(|to| to >= TODAY),
                _ => filing.status == Status::Valid,
            }
        };
        let found: Vec<&Filing> = self.filings.iter().filter(fits).collect();
        let filing = found.get(dice.at(found.len().max(1)))?;
        let mut body = json!({ "person": self.people[filing.person], "filing": filing.id });
        let valid = filing.status == Status::Valid;
        let to = filing.to.unwrap_or(TODAY) + (below(dice, 120) - 30).days();
        // Nothing is said for more than a year ahead.
        let to = to.min(TODAY + 1.year());
        Some(match kind {
            0 => {
                let (approve, reason, who) = (dice.chance(60), dice.chance(90), dice.at(2));
                body["approve"] = json!(approve);
                if !approve && reason {
                    body["reason"] = json!("not_eligible");
                }
                Step::new("review_filing", body)
                    .by(reviewer(CLERKS[who]))
                    .no(filing.status != Status::Pending, "already_reviewed")
                    .no(filing.by == who, "same_person")
                    .no(!approve && !reason, "missing_field")
            }
            1 => {
                body["to"] = json!(to);
                let met = self.filings.iter().any(|known| {
                    known.id != filing.id && known.meets(filing.person, &filing.what, filing.from, Some(to))
                });
                Step::new("renew_filing", body)
                    .no(!valid, "filing_not_valid")
                    .no(filing.to.is_none(), "nothing_changes")
                    .no(filing.to.is_some_and(|end| end < TODAY), "filing_ended")
                    .no(filing.to.is_some_and(|end| to <= end), "dates_go_back")
                    .no(met, "already_filed")
            }
            2 => {
                body["to"] = json!(to);
                body["reason"] = json!("迁回");
                let early = filing.what.0 == "long_stay" && to < filing.from + 6.months();
                Step::new("end_filing", body)
                    .no(!valid, "filing_not_valid")
                    .no(to < filing.from, "dates_go_back")
                    .no(filing.to.is_some_and(|end| end <= to), "filing_ended")
                    .no(early, "too_early")
            }
            _ => {
                body["reason"] = json!("办错");
                let gone = matches!(filing.status, Status::Refused | Status::Cancelled);
                Step::new("cancel_filing", body).no(gone, "filing_not_valid")
            }
        })
    }
}

impl Book for Filings {
    const DEALT: &'static [&'static str] = &[
        "register_chronic",
        "register_maternity",
        "choose_institution",
        "file_away",
        "review_filing",
        "renew_filing",
        "end_filing",
        "cancel_filing",
    ];

    fn deal(&mut self, dice: &mut Dice, _: &World) -> Step {
        let change = if dice.chance(60) { self.change(dice) } else { None };
        change.unwrap_or_else(|| self.file(dice))
    }

    fn take_in(&mut self, step: &Step, answer: &Answer) {
        let told = |name: &str| answer.result[name].as_str().map(str::to_owned);
        if let Some(filing) = self.filings.iter_mut().find(|known| step.body["filing"] == known.id) {
            match step.kind {
                "review_filing" if step.body["approve"] == true => filing.status = Status::Valid,
                "review_filing" => filing.status = Status::Refused,
                "cancel_filing" => filing.status = Status::Cancelled,
                _ => filing.to = day(&step.body["to"]),
            }
            return;
        }
        let from = day(&step.body["from"]).expect("a day");
        let most = step.kind == "file_away" && step.body["filing"] != "long_stay";
        let to = day(&step.body["to"]).or_else(|| most.then(|| from + 6.months() - 1.day()));
        assert_eq!(told("to"), to.map(|to| to.to_string()));
        let status = if step.kind == "register_chronic" { Status::Pending } else { Status::Valid };
        self.filings.push(Filing {
            id: told("filing").expect("a number"),
            person: self.people.iter().position(|known| step.body["person"] == *known).expect("known"),
            what: what(step),
            from,
            to,
            status,
            by: CLERKS.iter().position(|name| *name == step.actor.name).expect("known"),
        });
    }

    fn compare(&self, world: &World) {
        for (at, person) in self.people.iter().enumerate() {
            let row = world.row("filings", person).unwrap_or_else(|| json!({ "filings": [] }));
            let kept: Vec<(String, Option<Date>, String)> = row["filings"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|one| {
                    let text = |name: &str| one[name].as_str().expect("a text").to_owned();
                    (text("id"), day(&one["to"]), text("status"))
                })
                .collect();
            let known: Vec<(String, Option<Date>, String)> = self
                .filings
                .iter()
                .filter(|filing| filing.person == at)
                .map(|filing| (filing.id.clone(), filing.to, format!("{:?}", filing.status).to_lowercase()))
                .collect();
            assert_eq!(kept, known, "{person}");
        }
    }
}

#[test]
fn the_office_and_a_book_of_filings_agree() {
    on_sqlite(|world| {
        let mut book = Filings::new(world);
        play(world, "filings", 350, &mut book);
    });
}
