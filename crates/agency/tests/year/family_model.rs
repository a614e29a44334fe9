//! A book of families beside the office: who may draw on whom, in which order and how much; what each bill took from whom, and what of it is unusual.

use std::collections::{BTreeMap, BTreeSet};

use gongji_agency::actor::{Actor, Role};
use gongji_agency::office::Answer;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::family_book::{Draw, Grant, Stands};
use crate::play::{Book, Step, below, play, reviewer, yuan};
use crate::world::{CLOUD, NOON, World, at_once, made, on_sqlite};

const HOUR: i64 = 3_600_000;
const GRANTORS: usize = 3;
const PLACES: [&str; 4] = ["H1", "H2", "H3", "H4"];

/// The first three have accounts, the others may draw.
pub struct Families {
    people: Vec<String>,
    purses: Vec<[i64; 2]>,
    /// By who may draw, in order of drawing.
    grants: Vec<Vec<Grant>>,
    draws: Vec<Draw>,
    /// Bills that live, by number: who.
    bills: BTreeMap<String, usize>,
    gone: Vec<String>,
    /// Flags, and whether they were looked at.
    flags: BTreeMap<String, bool>,
    now: i64,
    today: Date,
    hour: i64,
    /// What the next bill takes, as dealt.
    taken: Vec<Draw>,
}

const CLERKS: [&str; 2] = ["张三", "李四"];

fn clerk(at: usize) -> Actor {
    Actor { role: Role::Clerk, name: CLERKS[at].to_owned(), areas: vec![CLOUD.to_owned()] }
}

impl Families {
    fn new(world: &World) -> Families {
        PLACES.iter().for_each(|place| world.hospital(place, CLOUD));
        let mut people: Vec<String> = [["500.00", "60000.00"], ["0", "900.00"], ["80.00", "4000.00"]]
            .iter()
            .map(|[current, carried]| world.saver("甲", CLOUD, current, carried))
            .collect();
        people.extend((0..6).map(|_| world.employee("乙", CLOUD)));
        Families {
            people,
            purses: vec![[500_00, 60_000_00], [0, 900_00], [80_00, 4_000_00]],
            grants: (0..9).map(|_| Vec::new()).collect(),
            draws: Vec::new(),
            bills: BTreeMap::new(),
            gone: Vec::new(),
            flags: BTreeMap::new(),
            now: NOON,
            today: Date::constant(2026, 6, 15),
            hour: 12,
            taken: Vec::new(),
        }
    }

    fn tick(&mut self, dice: &mut Dice, world: &World) {
        self.now += match dice.below(12) {
            0 => below(dice, 60 * HOUR),
            1 => HOUR * (23 - self.hour).rem_euclid(24),
            _ => below(dice, HOUR / 6),
        };
        world.clock.set(self.now);
        let here = self.now + 8 * HOUR;
        self.today = Date::constant(1970, 1, 1) + here.div_euclid(24 * HOUR).days();
        self.hour = here.rem_euclid(24 * HOUR) / HOUR;
    }

    /// A grant that is asked for, at once or as an application.
    fn ask(&mut self, dice: &mut Dice) -> Step {
        let (from_whom, person) = (dice.at(GRANTORS), if dice.chance(3) { 0 } else { GRANTORS + dice.at(6) });
        let from = self.today + (below(dice, 12) - 9).days();
        let to = dice.chance(25).then(|| from + (below(dice, 40) - 2).days());
        let limits = match dice.below(3) {
            0 => json!(null),
            1 => json!({ "per_draw": "100.00" }),
            _ => {
                json!({ "per_draw": "100.00", "per_day": "150.00", "per_month": "400.00", "total": "1000.00" })
            }
        };
        let purposes = if dice.chance(15) { json!(["outpatient"]) } else { json!([]) };
        let mut body = json!({
            "grantor": self.people[from_whom], "beneficiary": self.people[person],
            "relation": *dice.of(&["spouse", "parent", "child"]), "from": from, "to": to, "purposes": purposes, "limits": limits,
        });
        let applies = dice.chance(40);
        let bad = applies && dice.chance(5);
        if applies {
            let kind = if bad { "letter" } else { "household_register" };
            body["proof"] = json!({ "kind": kind, "number": "1" });
        }
        let overlaps = self.grants[person].iter().any(|known| {
            known.stands != Stands::Refused
                && known.from_whom == from_whom
                && known.to.is_none_or(|end| from <= end)
                && to.is_none_or(|to| known.from <= to)
        });
        let kind = if applies { "apply_mutual_aid" } else { "grant_mutual_aid" };
        Step::new(kind, body)
            .by(clerk(dice.at(2)))
            .no(bad, "unknown_value")
            .no(from_whom == person, "oneself")
            .no(to.is_some_and(|to| to < from), "dates_go_back")
            .no(overlaps, "already_granted")
    }

    /// Somebody with grants, and one of these.
    fn some(&self, dice: &mut Dice, fits: impl Fn(&Grant) -> bool) -> Option<(usize, usize)> {
        let all = self.grants.iter().enumerate();
        let all = all
            .flat_map(|(person, grants)| grants.iter().enumerate().map(move |(at, one)| (person, at, one)));
        let any = dice.chance(25);
        let found: Vec<(usize, usize)> =
            all.filter(|(_, _, one)| any || fits(one)).map(|(person, at, _)| (person, at)).collect();
        (!found.is_empty()).then(|| *dice.of(&found))
    }

    fn change(&mut self, dice: &mut Dice, what: u64) -> Option<Step> {
        let open = |one: &Grant| one.paused.iter().any(|stretch| stretch.1.is_none());
        let (person, at) = match what {
            0 => self.some(dice, |one| matches!(one.stands, Stands::Waiting(_))),
            1 => self.some(dice, |one| one.to.is_none()),
            2 => self.some(dice, |one| !open(one)),
            _ => self.some(dice, open),
        }?;
        let today = self.today;
        let grant = &self.grants[person][at];
        let mut body = json!({ "beneficiary": self.people[person], "grant": grant.id });
        Some(match what {
            0 => {
                let (approve, who) = (dice.chance(75), dice.at(2));
                let reason = !approve && !dice.chance(10);
                body["approve"] = json!(approve);
                if reason {
                    body["reason"] = json!("proof_missing");
                }
                Step::new("review_grant", body)
                    .by(reviewer(CLERKS[who]))
                    .no(!matches!(grant.stands, Stands::Waiting(_)), "already_reviewed")
                    .no(grant.stands == Stands::Waiting(who), "same_person")
                    .no(!approve && !reason, "missing_field")
            }
            1 => {
                let to = today + (below(dice, 8) - 5).days();
                body["to"] = json!(to);
                Step::new("end_grant", body)
                    .no(grant.to.is_some_and(|end| end <= to), "grant_ended")
                    .no(to < grant.from, "dates_go_back")
            }
            _ => {
                let from = today + (below(dice, 6) - 1).days();
                body["from"] = json!(from);
                let step = Step::new(if what == 2 { "pause_grant" } else { "resume_grant" }, body)
                    .no(from < today, "past_date")
                    .no(grant.to.is_some_and(|to| to < from), "grant_ended");
                match what {
                    2 => step.no(open(grant), "already_paused"),
                    _ => step.no(!open(grant), "not_paused"),
                }
            }
        })
    }

    fn order(&self, dice: &mut Dice) -> Step {
        let person = GRANTORS + dice.at(6);
        let live = self.grants[person]
            .iter()
            .filter(|one| one.stands != Stands::Refused && one.to.is_none_or(|to| to >= self.today));
        let mut ids: Vec<&str> = live.map(|one| one.id.as_str()).collect();
        for last in (1..ids.len()).rev() {
            ids.swap(last, dice.at(last + 1));
        }
        let wrong = dice.chance(10);
        if wrong {
            ids.push("G1");
        }
        let body = json!({ "beneficiary": self.people[person], "grants": ids });
        Step::new("order_grants", body).no(wrong, "order_differs")
    }

    /// What may still be drawn by one bill.
    fn left(&self, grant: &Grant) -> Option<i64> {
        let month = |day: Date| (day.year(), day.month());
        let under = || self.draws.iter().filter(|draw| draw.grant == grant.id);
        let used = [
            0,
            under().filter(|draw| draw.day == self.today).map(Draw::fen).sum(),
            under().filter(|draw| month(draw.day) == month(self.today)).map(Draw::fen).sum(),
            under().map(Draw::fen).sum(),
        ];
        grant.limits.iter().zip(used).filter_map(|(limit, used)| limit.map(|limit| limit - used)).min()
    }

    fn bill(&mut self, dice: &mut Dice) -> Step {
        let (person, place) = (GRANTORS + dice.at(6), dice.at(PLACES.len()));
        let total = match dice.below(20) {
            0 => 5_000_00 + below(dice, 300_000),
            1..9 => 95_00 + below(dice, 500),
            _ => 1 + below(dice, 20_000),
        };
        let mut open = total;
        let mut purses = self.purses.clone();
        self.taken.clear();
        for grant in self.grants[person].iter().filter(|one| one.holds(self.today) && one.pharmacy) {
            let limit = self.left(grant);
            let purse = &mut purses[grant.from_whom];
            let most = open.min(limit.unwrap_or(i64::MAX)).max(0);
            let current = purse[0].min(most);
            let carried = purse[1].min(most - current);
            if current + carried == 0 {
                continue;
            }
            (purse[0], purse[1]) = (purse[0] - current, purse[1] - carried);
            open -= current + carried;
            let (grant, from_whom) = (grant.id.clone(), grant.from_whom);
            let (day, hour, parts) = (self.today, self.hour, [current, carried]);
            self.taken.push(Draw { bill: String::new(), grant, from_whom, day, hour, place, parts, limit });
        }
        let at = PLACES[place];
        let body = at_once(&self.people[person], at, "pharmacy", &self.today.to_string(), &yuan(total));
        Step::new("settle_at_once", body).by(crate::world::institution(at))
    }

    fn cancel(&self, dice: &mut Dice) -> Option<Step> {
        let live: Vec<&String> = self.bills.keys().collect();
        let again = !self.gone.is_empty() && dice.chance(15);
        let id = if again { dice.of(&self.gone) } else { *live.get(dice.at(live.len().max(1)))? };
        let body = json!({ "settlement": id, "reason": "退费" });
        Some(Step::new("cancel_settlement", body).no(again, "already_cancelled"))
    }

    /// What is measured of somebody today, as far as it is unusual.
    fn unusual(&self, person: usize) -> Vec<&'static str> {
        let since = self.today - 30.days();
        let uses: Vec<&Draw> =
            self.draws.iter().filter(|draw| draw.from_whom == person && draw.day >= since).collect();
        let shares = self
            .grants
            .iter()
            .filter(|grants| grants.iter().any(|grant| grant.from_whom == person && grant.holds(self.today)));
        let nights = uses.iter().filter(|draw| draw.hour >= 23 || draw.hour < 5).count();
        let near = uses.iter().filter(|draw| {
            draw.limit.is_some_and(|limit| draw.fen() * 100 >= limit * 95 && draw.fen() < limit)
        });
        let mut places: BTreeMap<Date, BTreeSet<usize>> = BTreeMap::new();
        for draw in &uses {
            places.entry(draw.day).or_default().insert(draw.place);
        }
        let sum: i64 = uses.iter().map(|draw| draw.fen()).sum();
        [
            ("many_beneficiaries", shares.count() >= 5),
            ("night_draws", nights >= 3),
            ("just_under_limit", near.count() >= 3),
            ("many_places", places.values().any(|places| places.len() >= 4)),
            ("large_sum", sum >= 20_000_00),
        ]
        .into_iter()
        .filter_map(|(kind, found)| found.then_some(kind))
        .collect()
    }

    fn found(&self) -> BTreeSet<String> {
        let month = self.today.strftime("%Y-%m").to_string();
        let granted = |person: &usize| self.grants.iter().flatten().any(|grant| grant.from_whom == *person);
        let people = (0..GRANTORS).filter(granted);
        let all = people.flat_map(|person| self.unusual(person).into_iter().map(move |kind| (person, kind)));
        all.map(|(person, kind)| format!("{}/{month}/{kind}", self.people[person]))
            .filter(|id| !self.flags.contains_key(id))
            .collect()
    }

    fn grant(&mut self, step: &Step) -> &mut Grant {
        let person = self.people.iter().position(|known| step.body["beneficiary"] == *known).expect("known");
        self.grants[person].iter_mut().find(|one| step.body["grant"] == one.id).expect("granted")
    }
}

fn date(value: &Value) -> Date {
    value.as_str().expect("a day").parse().expect("a day")
}

impl Book for Families {
    const DEALT: &'static [&'static str] = &[
        "apply_mutual_aid",
        "grant_mutual_aid",
        "review_grant",
        "end_grant",
        "order_grants",
        "pause_grant",
        "resume_grant",
        "settle_at_once",
        "cancel_settlement",
        "find_unusual_use",
        "review_flag",
    ];

    fn deal(&mut self, dice: &mut Dice, world: &World) -> Step {
        self.tick(dice, world);
        let step = match dice.below(100) {
            0..14 => Some(self.ask(dice)),
            14..24 => self.change(dice, 0),
            24..28 => self.change(dice, 1),
            28..33 => self.change(dice, 2),
            33..39 => self.change(dice, 3),
            39..45 => Some(self.order(dice)),
            45..53 => self.cancel(dice),
            53..58 => Some(Step::new("find_unusual_use", json!({ "area": CLOUD })).by(clerk(0))),
            58..61 => {
                let flags: Vec<(&String, &bool)> = self.flags.iter().collect();
                match flags.is_empty() {
                    true => Some(Step::new(
                        "review_flag",
                        json!({ "flag": "P1/2026-06/night_draws", "confirmed": true, "note": "查" }),
                    ))
                    .map(|step| step.no(true, "no_flag")),
                    false => {
                        let (flag, seen) = *dice.of(&flags);
                        let body = json!({ "flag": flag, "confirmed": dice.chance(50), "note": "查" });
                        Some(
                            Step::new("review_flag", body).by(reviewer("李四")).no(*seen, "already_reviewed"),
                        )
                    }
                }
            }
            _ => None,
        };
        step.unwrap_or_else(|| self.bill(dice))
    }

    fn take_in(&mut self, step: &Step, answer: &Answer) {
        match step.kind {
            "grant_mutual_aid" | "apply_mutual_aid" => {
                let at = |name: &str| {
                    self.people.iter().position(|known| step.body[name] == *known).expect("known")
                };
                let (from_whom, person) = (at("grantor"), at("beneficiary"));
                let limit = |name: &str| {
                    step.body["limits"][name]
                        .is_string()
                        .then(|| crate::play::fen(&step.body["limits"][name]))
                };
                let stands = match step.kind {
                    "apply_mutual_aid" => Stands::Waiting(
                        CLERKS.iter().position(|name| *name == step.actor.name).expect("known"),
                    ),
                    _ => Stands::Given,
                };
                let grant = Grant {
                    id: answer.result["grant"].as_str().expect("a number").to_owned(),
                    from_whom,
                    from: date(&step.body["from"]),
                    to: step.body["to"].is_string().then(|| date(&step.body["to"])),
                    stands,
                    paused: Vec::new(),
                    limits: ["per_draw", "per_day", "per_month", "total"].map(limit),
                    pharmacy: step.body["purposes"] == json!([]),
                };
                self.grants[person].push(grant);
            }
            "review_grant" => {
                let given = step.body["approve"] == true;
                self.grant(step).stands = if given { Stands::Given } else { Stands::Refused };
            }
            "end_grant" => self.grant(step).to = Some(date(&step.body["to"])),
            "pause_grant" => {
                let from = date(&step.body["from"]);
                self.grant(step).paused.push((from, None));
            }
            "resume_grant" => {
                let from = date(&step.body["from"]);
                let grant = self.grant(step);
                let at = grant.paused.iter().position(|stretch| stretch.1.is_none()).expect("paused");
                match grant.paused[at].0 >= from {
                    true => drop(grant.paused.remove(at)),
                    false => grant.paused[at].1 = Some(from - 1.day()),
                }
            }
            "order_grants" => {
                let person =
                    self.people.iter().position(|known| step.body["beneficiary"] == *known).expect("known");
                let order = step.body["grants"].as_array().expect("a list");
                // What is not named has ended and comes first, which draws nothing.
                self.grants[person]
                    .sort_by_key(|one| order.iter().position(|id| *id == one.id).map_or(0, |at| at + 1));
            }
            "settle_at_once" => {
                let made = made(answer);
                let drawn: i64 = self.taken.iter().map(Draw::fen).sum();
                assert_eq!((made.mutual_aid_paid, made.fund_paid), (drawn, 0), "{}", step.body);
                let person = self.people.iter().position(|known| *known == made.person).expect("known");
                self.bills.insert(made.id.clone(), person);
                for draw in std::mem::take(&mut self.taken) {
                    let purse = &mut self.purses[draw.from_whom];
                    purse.iter_mut().zip(draw.parts).for_each(|(purse, part)| *purse -= part);
                    self.draws.push(Draw { bill: made.id.clone(), ..draw });
                }
            }
            "cancel_settlement" => {
                let id = step.body["settlement"].as_str().expect("a number").to_owned();
                let (back, kept) = self.draws.drain(..).partition(|draw| draw.bill == id);
                self.draws = kept;
                let back: Vec<Draw> = back;
                for draw in back {
                    let purse = &mut self.purses[draw.from_whom];
                    purse.iter_mut().zip(draw.parts).for_each(|(purse, part)| *purse += part);
                }
                self.bills.remove(&id);
                self.gone.push(id);
            }
            "find_unusual_use" => {
                let told: BTreeSet<String> = answer.result["found"]
                    .as_array()
                    .expect("a list")
                    .iter()
                    .map(|id| id.as_str().expect("a text").to_owned())
                    .collect();
                assert_eq!(told, self.found());
                self.flags.extend(told.into_iter().map(|id| (id, false)));
            }
            _ => {
                let flag = step.body["flag"].as_str().expect("a text").to_owned();
                self.flags.insert(flag, true);
            }
        }
    }

    fn compare(&self, world: &World) {
        for (person, purse) in self.people.iter().zip(&self.purses) {
            assert_eq!(world.purse(person), (purse[0], purse[1]), "{person}");
        }
        for (person, grants) in self.people.iter().zip(&self.grants) {
            let row = world.row("grants", person).unwrap_or_else(|| json!({ "grants": [] }));
            let kept: Vec<(&str, bool)> = row["grants"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|one| {
                    let status = one["application"]["status"].as_str();
                    (one["id"].as_str().expect("a number"), status.is_none_or(|status| status == "valid"))
                })
                .collect();
            let known: Vec<(&str, bool)> =
                grants.iter().map(|one| (one.id.as_str(), one.stands == Stands::Given)).collect();
            assert_eq!(kept, known, "{person}");
        }
        for (flag, seen) in &self.flags {
            let row = world.row("flag", flag).expect("a flag");
            assert_eq!(row["status"] != "open", *seen, "{flag}");
        }
    }
}

#[test]
fn the_office_and_a_book_of_families_agree() {
    on_sqlite(|world| {
        let mut book = Families::new(world);
        play(world, "families", 500, &mut book);
    });
}
