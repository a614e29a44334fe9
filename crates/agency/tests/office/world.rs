//! An office over a store, with people, institutions and a catalogue, all made by commands.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use gongji_agency::actor::{Actor, Role};
use gongji_agency::audit::{Report, audit};
use gongji_agency::command::Command;
use gongji_agency::office::{Answer, Failure, Office, Rules};
use gongji_agency::port::{FixedClock, RowId, Store};
use gongji_agency::refusal::Refusal;
use gongji_agency::settlement::Settlement;
use gongji_packs::PackTexts;
use gongji_policy::read_packs;
use gongji_store::Home;
use gongji_store::testing::{Ground, temporary_postgres, temporary_sqlite};
use serde_json::{Value, json};

/// The areas of the fixtures.
pub const CLOUD: &str = "990301";
pub const SEA: &str = "980302";
pub const PEACE: &str = "990303";

/// Noon in Beijing on 2026-06-15.
pub const NOON: i64 = 1_781_496_000_000;
pub const DAY: i64 = 86_400_000;

/// The rules of the invented areas, read once a process.
pub fn rules() -> Arc<Rules> {
    static RULES: OnceLock<Arc<Rules>> = OnceLock::new();
    let read = || {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/agency");
        let texts = PackTexts::from_folder(&folder).expect("the fixtures");
        let (packs, _) = read_packs(&texts.rules);
        assert_eq!(packs.len(), 3, "three areas");
        let files = texts.rules.into_iter().map(|text| (text.name, text.text)).collect();
        Arc::new(Rules::new(Vec::leak(packs), files))
    };
    RULES.get_or_init(read).clone()
}

/// An institution's own actor.
pub fn institution(id: &str) -> Actor {
    Actor { role: Role::Institution, name: id.to_owned(), areas: Vec::new() }
}

/// Whoever runs the program.
pub fn operator() -> Actor {
    Actor::operator("test")
}

/// Runs a test on a fresh SQLite file.
pub fn on_sqlite(test: impl FnOnce(&World)) {
    test(&World::on(Arc::new(temporary_sqlite().expect("a folder"))));
}

/// Runs a test on a fresh PostgreSQL database, where there is one.
pub fn on_postgres(test: impl FnOnce(&World)) {
    if let Some(ground) = temporary_postgres().expect("a server") {
        test(&World::on(Arc::new(ground)));
    }
}

/// An office over a store.
pub struct World {
    pub ground: Arc<dyn Ground>,
    pub home: Arc<dyn Home>,
    pub office: Office,
    pub clock: FixedClock,
    keys: AtomicU64,
}

/// Somebody who acts.
pub struct Hand<'world> {
    world: &'world World,
    actor: Actor,
}

impl World {
    /// An office over an empty store.
    pub fn on(ground: Arc<dyn Ground>) -> World {
        let home = ground.open().expect("opens");
        let clock = FixedClock::at(NOON);
        let store: Arc<dyn Store> = home.clone();
        let office = Office::open(store, rules(), Arc::new(clock.clone())).expect("an office");
        World { ground, home, office, clock, keys: AtomicU64::new(0) }
    }

    /// Another office over the same store, as another process has it.
    pub fn another_office(&self) -> Office {
        let store: Arc<dyn Store> = self.ground.open().expect("opens");
        Office::open(store, rules(), Arc::new(self.clock.clone())).expect("an office")
    }

    /// A key that nobody used.
    pub fn fresh_key(&self) -> String {
        format!("key-{}", self.keys.fetch_add(1, Ordering::Relaxed))
    }

    /// The institution acts.
    pub fn at(&self, id: &str) -> Hand<'_> {
        Hand { world: self, actor: institution(id) }
    }

    /// Somebody acts.
    pub fn by(&self, actor: Actor) -> Hand<'_> {
        Hand { world: self, actor }
    }

    /// The operator has it booked.
    pub fn ok(&self, kind: &str, body: Value) -> Answer {
        self.by(operator()).ok(kind, body)
    }

    /// The operator is refused.
    pub fn no(&self, kind: &str, body: Value) -> Refusal {
        self.by(operator()).no(kind, body)
    }

    /// Registers somebody; gives the id.
    pub fn person(&self, name: &str) -> String {
        let number = format!("PA{:06}", self.keys.fetch_add(1, Ordering::Relaxed));
        let certificate = json!({ "kind": "passport", "number": number });
        let answer = self.ok(
            "register_person",
            json!({ "area": CLOUD, "name": name, "certificate": certificate, "sex": "female", "birth_date": "1980-02-03" }),
        );
        text(&answer, "person")
    }

    /// Registers an employee insured since 2020 in an area.
    pub fn employee(&self, name: &str, area: &str) -> String {
        let person = self.person(name);
        let facts = json!({ "category": "employed" });
        self.ok(
            "enrol",
            json!({ "person": person, "area": area, "scheme": "employee", "from": "2020-01-01", "facts": facts, "reason": "新参保" }),
        );
        person
    }

    /// The same with an account that holds so much.
    pub fn saver(&self, name: &str, area: &str, current_year: &str, carried_over: &str) -> String {
        let person = self.employee(name, area);
        self.ok("open_account", json!({ "person": person, "area": area }));
        for (sub, amount) in [("current_year", current_year), ("carried_over", carried_over)] {
            if amount != "0" {
                self.credit(&person, sub, amount);
            }
        }
        person
    }

    /// Credits an account.
    pub fn credit(&self, person: &str, sub: &str, amount: &str) -> Answer {
        self.ok(
            "credit_account",
            json!({ "person": person, "sub_account": sub, "amount": amount, "period": "2026-01", "source": "opening", "reason": "期初余额" }),
        )
    }

    /// Lets somebody draw on another's account.
    pub fn grant(&self, grantor: &str, beneficiary: &str, relation: &str) -> String {
        let answer = self.ok(
            "grant_mutual_aid",
            json!({ "grantor": grantor, "beneficiary": beneficiary, "relation": relation, "from": "2026-01-01" }),
        );
        text(&answer, "grant")
    }

    /// Registers an institution of the second level, designated since 2020.
    pub fn hospital(&self, id: &str, area: &str) {
        let facts = json!({ "level": "2", "facility_type": "hospital" });
        self.ok(
            "register_institution",
            json!({ "id": id, "name": format!("{id}医院"), "area": area, "facts": facts, "from": "2020-01-01" }),
        );
    }

    /// Three items: `A1` wholly covered, `B1` a tenth upfront, `C1` not covered; `OLD` until the end of 2025.
    pub fn catalogue(&self, area: &str) {
        let item = |code: &str, class: &str, to: Option<&str>| json!({ "code": code, "name": code, "kind": "drug", "class": class, "from": "2020-01-01", "to": to });
        let items = [
            item("A1", "A", None),
            item("B1", "B", None),
            item("C1", "C", None),
            item("OLD", "A", Some("2025-12-31")),
        ];
        self.ok("put_items", json!({ "area": area, "items": items }));
    }

    /// A row's text.
    pub fn row(&self, kind: &'static str, id: &str) -> Option<Value> {
        let mut found = None;
        self.home
            .read(&mut |view| {
                found = view.rows(&[RowId { kind, id: id.to_owned() }])?.remove(0);
                Ok(())
            })
            .expect("a view");
        found.map(|text| serde_json::from_str(&text).expect("JSON"))
    }

    /// What an account holds: the current year and what was carried over, fen.
    pub fn purse(&self, person: &str) -> (i64, i64) {
        let row = self.row("standing", person).unwrap_or(Value::Null);
        (row["current_year"].as_i64().unwrap_or(0), row["carried_over"].as_i64().unwrap_or(0))
    }

    /// The balance of an account that is no personal one, fen.
    pub fn balance(&self, account: &str) -> i64 {
        self.row("balance", account).map_or(0, |row| row["fen"].as_i64().expect("fen"))
    }

    /// Everything but what only ever grows: rows as they stand, without the numbers of last records, zeroes and marks of cancellation.
    pub fn state(&self) -> BTreeMap<String, String> {
        let mut state = BTreeMap::new();
        // A cancellation stands in the month in which it is booked: months are told together.
        let mut funds: BTreeMap<String, i64> = BTreeMap::new();
        let (mut kind, mut id) = (String::new(), String::new());
        loop {
            let mut page = Vec::new();
            self.home
                .read_all(&mut |view| {
                    page = view.rows_after(&kind, &id, 1_000)?;
                    Ok(())
                })
                .expect("a view");
            let Some(last) = page.last() else {
                let told = funds.into_iter().filter(|(_, fen)| *fen != 0);
                state.extend(told.map(|(line, fen)| (line, fen.to_string())));
                return state;
            };
            (kind, id) = (last.kind.clone(), last.id.clone());
            for row in page {
                if row.kind == "reversal" {
                    continue;
                }
                let mut body: Value = serde_json::from_str(&row.body).expect("JSON");
                if row.kind == "tally" && body == json!({ "counters": {} }) {
                    continue;
                }
                if row.kind == "clearing_day" {
                    let place: Vec<&str> = row.id.split('/').collect();
                    let of = [place[0], place[2], place[3], place[4]].join("/");
                    for (name, fen) in body.as_object().expect("an object") {
                        if !["settled", "cancelled", "last"].contains(&name.as_str()) {
                            *funds.entry(format!("clearing_day/{of}/{name}")).or_default() +=
                                fen.as_i64().expect("fen");
                        }
                    }
                    continue;
                }
                if row.kind == "fund_month" {
                    let fund = row.id.rsplit_once('/').expect("a month").0;
                    for (line, fen) in body["lines"].as_object().expect("lines") {
                        *funds.entry(format!("fund_month/{fund}/{line}")).or_default() +=
                            fen.as_i64().expect("fen");
                    }
                    continue;
                }
                if row.kind == "standing" {
                    // A cancellation moves on its own day.
                    body.as_object_mut().expect("an object").shift_remove("moves");
                }
                let grows = match row.kind.as_str() {
                    "standing" => "last",
                    "balance" if body["fen"] == 0 => continue,
                    "balance" => "seq",
                    _ => "",
                };
                body.as_object_mut().expect("an object").shift_remove(grows);
                state.insert(format!("{}/{}", row.kind, row.id), body.to_string());
            }
        }
    }

    /// Audits everything.
    pub fn audit(&self) -> Report {
        audited(&*self.home)
    }

    /// Audits everything and finds nothing.
    pub fn assert_sound(&self) {
        assert_eq!(self.audit().differences, [], "the audit finds nothing");
    }
}

/// Audits a store.
pub fn audited(store: &dyn Store) -> Report {
    let mut report = None;
    store
        .read(&mut |view| {
            report = Some(audit(view, &mut |_, _| {})?);
            Ok(())
        })
        .expect("a view");
    report.expect("a report")
}

impl Hand<'_> {
    /// Books under a key.
    pub fn book(&self, key: &str, kind: &str, body: &Value) -> Result<Answer, Failure> {
        let command = Command::read(kind, &body.to_string()).map_err(Failure::Refused)?;
        self.world.office.book(&self.actor, key, command)
    }

    /// Books under a key, and it is booked.
    pub fn ok_as(&self, key: &str, kind: &str, body: &Value) -> Answer {
        match self.book(key, kind, body) {
            Ok(answer) => answer,
            Err(failure) => panic!("{kind} {body}: {failure}"),
        }
    }

    /// Books under a fresh key, and it is booked.
    pub fn ok(&self, kind: &str, body: Value) -> Answer {
        self.ok_as(&self.world.fresh_key(), kind, &body)
    }

    /// Is refused, and nothing at all changes.
    pub fn no(&self, kind: &str, body: Value) -> Refusal {
        let before = (self.world.audit().head, self.world.state());
        let refusal = match self.book(&self.world.fresh_key(), kind, &body) {
            Err(Failure::Refused(refusal)) => refusal,
            other => panic!("{kind} {body}: {other:?}"),
        };
        assert_eq!((self.world.audit().head, self.world.state()), before, "{kind} {body} changed something");
        refusal
    }
}

/// A text of an answer.
pub fn text(answer: &Answer, name: &str) -> String {
    answer.result[name].as_str().unwrap_or_else(|| panic!("{name} in {:?}", answer.result)).to_owned()
}

/// The settlement of an answer.
pub fn made(answer: &Answer) -> &Settlement {
    answer.settlement.as_deref().unwrap_or_else(|| panic!("{answer:?} is no settlement"))
}

/// Who pays: funds, own account, relatives, cash.
pub fn paid(answer: &Answer) -> [i64; 4] {
    let made = made(answer);
    [made.fund_paid, made.account_paid, made.mutual_aid_paid, made.cash_paid]
}

/// A bill settled at once, of this total, all of it in scope.
pub fn at_once(person: &str, hospital: &str, care_type: &str, date: &str, total: &str) -> Value {
    json!({
        "visit": { "person": person, "institution": hospital, "care_type": care_type, "date": date },
        "charges": { "total": total },
    })
}

/// A line of so many units.
pub fn line(code: &str, quantity: i64, yuan: i64) -> Value {
    let amount = format!("{}.00", quantity * yuan);
    json!({ "code": code, "quantity": quantity.to_string(), "unit_price": format!("{yuan}.00"), "amount": amount })
}
