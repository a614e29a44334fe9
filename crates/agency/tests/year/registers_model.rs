//! A book of registers beside the office: people and their certificates, cards, institutions, catalogue, tokens, rules that were kept, people who move from
//! one area to another with their account.

use std::collections::{BTreeMap, BTreeSet};

use gongji_agency::office::Answer;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::play::{Book, Step, below, play};
use crate::world::{CLOUD, PEACE, SEA, World, on_sqlite};

const TODAY: Date = Date::constant(2026, 6, 15);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Card {
    Issued,
    Active,
    Lost,
    Cancelled,
}

struct Person {
    name: String,
    passport: String,
    /// Kind, number, how it stands; in order of issue.
    cards: Vec<(&'static str, String, Card)>,
}

/// Somebody insured, whose account holds 500.
struct Mover {
    id: String,
    area: &'static str,
    since: Date,
}

type Stretch = (Date, Option<Date>);

#[derive(Default)]
pub struct Registers {
    people: BTreeMap<String, Person>,
    /// Numbers of certificates, with whose they are or were.
    certificates: BTreeMap<String, String>,
    /// Numbers of cards in use.
    cards: BTreeSet<(String, String)>,
    institutions: BTreeMap<String, (String, Vec<Stretch>)>,
    /// By code: class and stretch of each version.
    items: BTreeMap<String, Vec<(String, Date, Option<Date>)>>,
    /// By hash: number, and whether it is good.
    tokens: BTreeMap<String, (String, bool)>,
    movers: Vec<Mover>,
    /// What was moved from area to area.
    moved: BTreeMap<(&'static str, &'static str), i64>,
    steps: u64,
}

fn day(value: &Value) -> Option<Date> {
    value.as_str().map(|text| text.parse().expect("a day"))
}

fn pick<'map, K: Ord, V>(dice: &mut Dice, map: &'map BTreeMap<K, V>) -> Option<(&'map K, &'map V)> {
    map.iter().nth(dice.at(map.len().max(1)))
}

impl Registers {
    fn new(world: &World) -> Registers {
        let mut book = Registers::default();
        for area in [CLOUD, CLOUD, PEACE] {
            let id = world.saver("迁", area, "100.00", "400.00");
            book.movers.push(Mover { id, area, since: Date::constant(2020, 1, 1) });
        }
        book
    }

    fn number(&self, dice: &mut Dice) -> String {
        match pick(dice, &self.certificates).filter(|known| known.0.starts_with('P') && dice.chance(20)) {
            Some((known, _)) => known.clone(),
            None => format!("PB{:06}", self.steps),
        }
    }

    fn person(&self, dice: &mut Dice) -> Option<Step> {
        let number = self.number(dice);
        let certificate = json!({ "kind": "passport", "number": number });
        let holder = self.certificates.get(&number);
        if self.people.len() < 4 || dice.chance(20) {
            let body = json!({ "area": CLOUD, "name": "某人", "certificate": certificate, "sex": "female", "birth_date": "1980-02-03" });
            return Some(Step::new("register_person", body).no(holder.is_some(), "certificate_taken"));
        }
        let (id, person) = pick(dice, &self.people)?;
        if dice.chance(50) {
            let body = json!({ "person": id, "certificate": certificate });
            return Some(
                Step::new("replace_certificate", body)
                    .no(number == person.passport, "nothing_changes")
                    .no(holder.is_some_and(|holder| holder != id), "certificate_taken"),
            );
        }
        let name = *dice.of(&["甲", "乙", "某人"]);
        let body = json!({ "person": id, "name": name, "reason": "录入错误" });
        Some(Step::new("correct_person", body).no(name == person.name, "nothing_changes"))
    }

    fn card(&self, dice: &mut Dice) -> Option<Step> {
        let (id, person) = pick(dice, &self.people)?;
        let held = |kind: &str, but: Option<usize>| {
            person.cards.iter().enumerate().any(|(at, card)| {
                Some(at) != but && card.0 == kind && matches!(card.2, Card::Issued | Card::Active)
            })
        };
        if person.cards.is_empty() || dice.chance(35) {
            let kind = *dice.of(&["social_security_card", "electronic_credential"]);
            let known = person.cards.iter().find(|card| card.0 == kind).filter(|_| dice.chance(40));
            let number = known.map_or_else(|| format!("SSC{:06}", self.steps), |card| card.1.clone());
            let taken = self.cards.contains(&(kind.to_owned(), number.clone()));
            let body = json!({ "person": id, "credential": kind, "number": number });
            return Some(
                Step::new("issue_credential", body)
                    .no(held(kind, None), "credential_exists")
                    .no(taken, "credential_taken"),
            );
        }
        let number = dice.of(&person.cards).1.clone();
        // The last of that number is the one that is meant.
        let at = person.cards.iter().rposition(|card| card.1 == number).expect("known");
        let (kind, _, stands) = person.cards[at];
        let mut body = json!({ "person": id, "number": number });
        Some(match dice.below(3) {
            0 => Step::new("activate_credential", body)
                .no(!matches!(stands, Card::Issued | Card::Lost), "credential_status")
                .no(held(kind, Some(at)), "credential_exists"),
            1 => Step::new("report_credential_lost", body)
                .no(!matches!(stands, Card::Issued | Card::Active), "credential_status"),
            _ => {
                body["reason"] = json!("补卡");
                Step::new("cancel_credential", body).no(stands == Card::Cancelled, "credential_status")
            }
        })
    }

    fn institution(&self, dice: &mut Dice) -> Option<Step> {
        let from = TODAY + (below(dice, 400) - 300).days();
        let to = dice.chance(60).then(|| from + (below(dice, 200) - 5).days());
        let backwards = to.is_some_and(|to| to < from);
        if self.institutions.len() < 2 || dice.chance(15) {
            let id = format!("H{}", self.steps % 40);
            let body = json!({ "id": id, "name": "医院", "area": CLOUD, "facts": { "level": "2" }, "from": from, "to": to });
            return Some(
                Step::new("register_institution", body)
                    .no(backwards, "dates_go_back")
                    .no(self.institutions.contains_key(&id), "institution_exists"),
            );
        }
        let (id, (name, stretches)) = pick(dice, &self.institutions)?;
        let (begun, ended) = *stretches.last()?;
        Some(match dice.below(3) {
            0 => {
                let other = *dice.of(&["医院", "示例医院"]);
                let body = json!({ "institution": id, "name": other, "reason": "更名" });
                Step::new("change_institution", body).no(other == name, "nothing_changes")
            }
            1 => Step::new("end_designation", json!({ "institution": id, "to": from, "reason": "协议终止" }))
                .no(ended.is_some_and(|ended| ended <= from), "not_designated")
                .no(from < begun, "dates_go_back"),
            _ => Step::new("renew_designation", json!({ "institution": id, "from": from, "to": to }))
                .no(backwards, "dates_go_back")
                .no(ended.is_none_or(|ended| ended >= from), "designation_overlaps"),
        })
    }

    fn item(&self, dice: &mut Dice) -> Step {
        let code = format!("X{}", dice.below(6));
        let versions = self.items.get(&code);
        let last = versions.and_then(|versions| versions.last());
        let from = Date::constant(2026, 1, 1) + below(dice, 300).days();
        if dice.chance(30) {
            let body = json!({ "area": CLOUD, "code": code, "to": from, "reason": "停用" });
            return Step::new("end_item", body)
                .no(versions.is_none(), "unknown_item")
                .no(last.is_some_and(|last| last.2.is_some_and(|to| to <= from)), "item_not_in_force")
                .no(last.is_some_and(|last| from < last.1), "dates_go_back");
        }
        let class = *dice.of(&["A", "B", "C"]);
        let to = dice.chance(30).then(|| from + (below(dice, 90) - 3).days());
        let backwards = to.is_some_and(|to| to < from);
        let item =
            json!({ "code": code, "name": "药", "kind": "drug", "class": class, "from": from, "to": to });
        let step =
            Step::new("put_items", json!({ "area": CLOUD, "items": [item] })).no(backwards, "dates_go_back");
        if self.same(&code, class, from, to) {
            return step;
        }
        step.no(
            last.is_some_and(|last| from <= last.1 || last.2.is_some_and(|to| to >= from)),
            "version_overlaps",
        )
    }

    /// Whether this version is there already.
    fn same(&self, code: &str, class: &str, from: Date, to: Option<Date>) -> bool {
        let versions = self.items.get(code).map(Vec::as_slice).unwrap_or_default();
        versions.iter().any(|known| known.0 == class && known.1 == from && (to.is_none() || to == known.2))
    }

    fn token(&self, dice: &mut Dice) -> Step {
        if let Some((hash, (id, good))) = pick(dice, &self.tokens).filter(|_| dice.chance(60)) {
            if dice.chance(20) {
                return Step::new("issue_token", json!({ "role": "clerk", "name": "张三", "hash": hash }))
                    .no(true, "token_exists");
            }
            let wrong = dice.chance(10);
            let body = json!({ "token": if wrong { "T1" } else { id } });
            return Step::new("revoke_token", body)
                .no(wrong, "no_token")
                .no(!wrong && !good, "token_revoked");
        }
        let hash = format!("{:064x}", self.steps);
        let past = dice.chance(10);
        let until = past.then_some("2026-06-14");
        Step::new(
            "issue_token",
            json!({ "role": "clerk", "name": "张三", "hash": hash, "expires_on": until }),
        )
        .no(past, "dates_go_back")
    }

    fn mover(&self, dice: &mut Dice) -> Step {
        let mover = &self.movers[dice.at(self.movers.len())];
        let area = *dice.of(&[CLOUD, PEACE, SEA]);
        let from = match dice.chance(80) {
            true => mover.since + (below(dice, 40)).days(),
            false => mover.since - 10.days(),
        };
        let far = from > TODAY + 300.days();
        let from = if far { TODAY } else { from };
        let body =
            json!({ "person": mover.id, "area": area, "from": from, "facts": {}, "reason": "工作调动" });
        Step::new("transfer_relationship", body)
            .no(area == mover.area, "nothing_changes")
            .no(area != mover.area && from <= mover.since, "dates_go_back")
    }

    fn newborn(&self, dice: &mut Dice) -> Step {
        let number = match pick(dice, &self.certificates)
            .filter(|known| known.0.starts_with('T') && dice.chance(30))
        {
            Some((known, _)) => known.clone(),
            None => format!("T{:09}", self.steps),
        };
        let early = dice.chance(15);
        let birth = if early { "2019-12-31" } else { "2026-05-01" };
        let body = json!({ "mother": self.movers[0].id, "name": "小宝", "birth_certificate": number, "sex": "male", "birth_date": birth });
        Step::new("register_newborn", body)
            .no(early, "not_covered")
            .no(self.certificates.contains_key(&number), "certificate_taken")
    }
}

impl Book for Registers {
    const DEALT: &'static [&'static str] = &[
        "register_person",
        "correct_person",
        "replace_certificate",
        "issue_credential",
        "activate_credential",
        "report_credential_lost",
        "cancel_credential",
        "register_institution",
        "change_institution",
        "end_designation",
        "renew_designation",
        "put_items",
        "end_item",
        "issue_token",
        "revoke_token",
        "keep_edition",
        "transfer_relationship",
        "register_newborn",
    ];

    fn deal(&mut self, dice: &mut Dice, _: &World) -> Step {
        self.steps += 1;
        let step = match dice.below(100) {
            0..22 => self.person(dice),
            22..47 => self.card(dice),
            47..65 => self.institution(dice),
            65..80 => Some(self.item(dice)),
            80..88 => Some(self.token(dice)),
            88..93 => Some(self.mover(dice)),
            93..97 => Some(self.newborn(dice)),
            _ => None,
        };
        step.unwrap_or_else(|| {
            let edition = format!("{:064x}", 1_000_000 + self.steps);
            Step::new("keep_edition", json!({ "edition": edition, "files": [["a.toml", "x = 1"]] }))
        })
    }

    fn take_in(&mut self, step: &Step, answer: &Answer) {
        let text = |name: &str| step.body[name].as_str().unwrap_or_default().to_owned();
        match step.kind {
            "register_person" => {
                let id = answer.result["person"].as_str().expect("a number").to_owned();
                let passport = step.body["certificate"]["number"].as_str().expect("a number").to_owned();
                self.certificates.insert(passport.clone(), id.clone());
                self.people.insert(id, Person { name: text("name"), passport, cards: Vec::new() });
            }
            "register_newborn" => {
                let id = answer.result["person"].as_str().expect("a number").to_owned();
                self.certificates.insert(text("birth_certificate"), id);
            }
            "correct_person" => self.people.get_mut(&text("person")).expect("known").name = text("name"),
            "replace_certificate" => {
                let number = step.body["certificate"]["number"].as_str().expect("a number").to_owned();
                self.certificates.insert(number.clone(), text("person"));
                self.people.get_mut(&text("person")).expect("known").passport = number;
            }
            "issue_credential" => {
                let kind = ["social_security_card", "electronic_credential"];
                let kind = kind.into_iter().find(|kind| *kind == text("credential")).expect("known");
                self.cards.insert((kind.to_owned(), text("number")));
                let person = self.people.get_mut(&text("person")).expect("known");
                person.cards.push((kind, text("number"), Card::Issued));
            }
            "activate_credential" | "report_credential_lost" | "cancel_credential" => {
                let person = self.people.get_mut(&text("person")).expect("known");
                let card = person.cards.iter_mut().rfind(|card| card.1 == text("number")).expect("known");
                card.2 = match step.kind {
                    "activate_credential" => Card::Active,
                    "report_credential_lost" => Card::Lost,
                    _ => Card::Cancelled,
                };
                if card.2 == Card::Cancelled {
                    self.cards.remove(&(card.0.to_owned(), card.1.clone()));
                }
            }
            "register_institution" => {
                let stretch = (day(&step.body["from"]).expect("a day"), day(&step.body["to"]));
                self.institutions.insert(text("id"), (text("name"), vec![stretch]));
            }
            "change_institution" => {
                self.institutions.get_mut(&text("institution")).expect("known").0 = text("name");
            }
            "end_designation" => {
                let known = &mut self.institutions.get_mut(&text("institution")).expect("known").1;
                known.last_mut().expect("designated").1 = day(&step.body["to"]);
            }
            "renew_designation" => {
                let stretch = (day(&step.body["from"]).expect("a day"), day(&step.body["to"]));
                self.institutions.get_mut(&text("institution")).expect("known").1.push(stretch);
            }
            "put_items" => {
                let item = &step.body["items"][0];
                let (code, class) =
                    (item["code"].as_str().expect("a code"), item["class"].as_str().expect("a class"));
                let (from, to) = (day(&item["from"]).expect("a day"), day(&item["to"]));
                if self.same(code, class, from, to) {
                    assert_eq!(answer.result["unchanged"], 1, "{}", step.body);
                    return;
                }
                let versions = self.items.entry(code.to_owned()).or_default();
                if let Some(last) = versions.last_mut().filter(|last| last.2.is_none()) {
                    last.2 = Some(from - 1.day());
                }
                versions.push((class.to_owned(), from, to));
            }
            "end_item" => {
                let versions = self.items.get_mut(&text("code")).expect("known");
                versions.last_mut().expect("a version").2 = day(&step.body["to"]);
            }
            "issue_token" => {
                let id = answer.result["token"].as_str().expect("a number").to_owned();
                self.tokens.insert(text("hash"), (id, true));
            }
            "revoke_token" => {
                let token = self.tokens.values_mut().find(|token| token.0 == text("token"));
                token.expect("known").1 = false;
            }
            "transfer_relationship" => {
                let mover = self.movers.iter_mut().find(|mover| mover.id == text("person")).expect("known");
                let area = [CLOUD, PEACE, SEA].into_iter().find(|area| *area == text("area")).expect("known");
                assert_eq!(answer.result["money"], "500.00");
                *self.moved.entry((mover.area, area)).or_default() += 500_00;
                (mover.area, mover.since) = (area, day(&step.body["from"]).expect("a day"));
            }
            _ => {}
        }
    }

    fn compare(&self, world: &World) {
        for (id, person) in &self.people {
            let row = world.row("person", id).expect("a person");
            assert_eq!(
                (&row["name"], &row["certificate"]["number"]),
                (&json!(person.name), &json!(person.passport))
            );
            let kept: Vec<&str> = row["credentials"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|card| card["status"].as_str().expect("a status"))
                .collect();
            let names = person.cards.iter().map(|card| match card.2 {
                Card::Issued => "issued",
                Card::Active => "active",
                Card::Lost => "lost",
                Card::Cancelled => "cancelled",
            });
            assert_eq!(kept, names.collect::<Vec<_>>(), "{id}");
        }
        let stretches = |value: &Value| -> Vec<Stretch> {
            let list = value.as_array().into_iter().flatten();
            list.map(|one| (day(&one["from"]).expect("a day"), day(&one["to"]))).collect()
        };
        for (id, (name, designated)) in &self.institutions {
            let row = world.row("institution", id).expect("an institution");
            assert_eq!((&row["name"], &stretches(&row["designated"])), (&json!(name), designated), "{id}");
        }
        for (code, versions) in &self.items {
            let row = world.row("item", &format!("{CLOUD}/{code}")).expect("an item");
            let known: Vec<Stretch> = versions.iter().map(|known| (known.1, known.2)).collect();
            assert_eq!(stretches(&row["versions"]), known, "{code}");
        }
        for (hash, (_, good)) in &self.tokens {
            let row = world.row("token", hash).expect("a token");
            assert_eq!(row["revoked_at"].is_null(), *good);
        }
        for mover in &self.movers {
            let row = world.row("standing", &mover.id).expect("an account");
            assert_eq!(
                (&row["account_area"], world.purse(&mover.id)),
                (&json!(mover.area), (100_00, 400_00))
            );
        }
        for area in [CLOUD, PEACE, SEA] {
            for other in [CLOUD, PEACE, SEA] {
                let moved = |from, to| self.moved.get(&(from, to)).copied().unwrap_or(0);
                let owed = moved(area, other) - moved(other, area);
                assert_eq!(world.balance(&format!("{area}/clearing/{other}/account")), owed);
            }
        }
    }
}

#[test]
fn the_office_and_a_book_of_registers_agree() {
    on_sqlite(|world| {
        let mut book = Registers::new(world);
        play(world, "registers", 500, &mut book);
    });
}
