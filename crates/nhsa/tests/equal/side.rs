//! One office over a store of its own, with people, institutions and a catalogue. Both sides are set out by the same commands, so their numbers agree.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use gongji_agency::actor::{Actor, Role};
use gongji_agency::audit::audit;
use gongji_agency::catalogue::{SHIPPED, items_from_csv};
use gongji_agency::command::Command;
use gongji_agency::office::{Answer, Office, Rules};
use gongji_agency::port::{FixedClock, Store};
use gongji_packs::PackTexts;
use gongji_policy::read_packs;
use gongji_store::Home;
use gongji_store::testing::{Ground, TemporarySqlite, temporary_sqlite};
use serde_json::{Value, json};

/// Noon of 2026-06-15 in Beijing.
pub const NOON: i64 = 1_781_496_000_000;

/// Institutions: two hospitals and a pharmacy of one area, a hospital of another.
pub const PLACES: [(&str, &str, &str); 4] = [
    ("H99030100001", "990301", "hospital"),
    ("H99030100004", "990301", "hospital"),
    ("P99030100002", "990301", "pharmacy"),
    ("H98030200003", "980302", "hospital"),
];

/// The place of the pharmacy among them.
pub const PHARMACY: usize = 2;

/// People: area, scheme, category, yuan in the account.
const PEOPLE: [(&str, &str, &str, &str); 6] = [
    ("990301", "employee", "employed", "900.00"),
    ("990301", "employee", "retired", "2500.00"),
    ("990301", "employee", "employed", "0.00"),
    ("990301", "resident", "adult", ""),
    ("980302", "employee", "employed", "1200.00"),
    ("980302", "employee", "retired", "60.00"),
];

fn rules() -> Arc<Rules> {
    static RULES: OnceLock<Arc<Rules>> = OnceLock::new();
    let read = || {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/agency");
        let texts = PackTexts::from_folder(&root).expect("fixtures");
        let (packs, _) = read_packs(&texts.rules);
        let files = texts.rules.into_iter().map(|text| (text.name, text.text)).collect();
        Arc::new(Rules::new(Vec::leak(packs), files))
    };
    RULES.get_or_init(read).clone()
}

/// An office with its store; audited when it closes.
pub struct Side {
    pub office: Option<Office>,
    pub home: Arc<dyn Home>,
    pub clock: FixedClock,
    /// Numbers of the people, in the order of their list.
    pub people: Vec<String>,
    _ground: TemporarySqlite,
}

impl Side {
    pub fn open() -> Side {
        let ground = temporary_sqlite().expect("a folder");
        let home = ground.open().expect("a store");
        let clock = FixedClock::at(NOON);
        let store: Arc<dyn Store> = home.clone();
        let office = Office::open(store, rules(), Arc::new(clock.clone())).expect("an office");
        let mut side = Side { office: Some(office), home, clock, people: Vec::new(), _ground: ground };
        side.set_out();
        side
    }

    pub fn office(&self) -> &Office {
        self.office.as_ref().expect("open")
    }

    /// Books a command of the agency's own staff.
    pub fn book(&self, key: &str, kind: &str, fields: &Value) -> Answer {
        let command = Command::read(kind, &fields.to_string()).expect("a command");
        self.office().book(&Actor::operator("测试"), key, command).expect("booked")
    }

    fn set_out(&mut self) {
        let items = items_from_csv("000000", SHIPPED).expect("the catalogue");
        self.office().book(&Actor::operator("测试"), "items", Command::PutItems(items)).expect("booked");
        for (id, area, kind) in PLACES {
            let facts = json!({ "level": "2", "grade": "A", "facility_type": kind });
            let fields = json!({ "id": id, "name": id, "area": area, "from": "2020-01-01", "facts": facts });
            self.book(id, "register_institution", &fields);
        }
        for (order, (area, scheme, category, balance)) in PEOPLE.into_iter().enumerate() {
            let person = self.register(order, area, scheme, category);
            if !balance.is_empty() {
                self.book(
                    &format!("open-{order}"),
                    "open_account",
                    &json!({ "person": person, "area": area }),
                );
                self.credit(&format!("opening-{order}"), &person, balance);
            }
            self.people.push(person);
        }
        for (grantor, beneficiary, relation) in
            [(0, 1, "spouse"), (1, 0, "spouse"), (1, 2, "parent"), (1, 3, "parent")]
        {
            let fields = json!({ "grantor": self.people[grantor], "beneficiary": self.people[beneficiary], "relation": relation, "from": "2026-01-01" });
            self.book(&format!("grant-{grantor}-{beneficiary}"), "grant_mutual_aid", &fields);
        }
    }

    fn register(&self, order: usize, area: &str, scheme: &str, category: &str) -> String {
        let certificate = json!({ "kind": "passport", "number": format!("PA{order:06}") });
        let fields = json!({ "area": area, "name": "王小明", "certificate": certificate, "sex": "female", "birth_date": "1960-02-29" });
        let told = self.book(&format!("person-{order}"), "register_person", &fields);
        let person = told.result["person"].as_str().expect("a number").to_owned();
        let mut facts = json!({ "category": category, "assistance": [], "supplements": [] });
        if scheme == "employee" {
            facts["account_option"] = "with_account".into();
            facts["years"] = json!({ "total": 30, "local_paid": 12, "continuous": 8 });
        }
        let fields = json!({ "person": person, "area": area, "scheme": scheme, "from": "2024-01-01", "reason": "新参保", "facts": facts });
        self.book(&format!("enrol-{order}"), "enrol", &fields);
        person
    }

    /// Puts yuan into an account.
    pub fn credit(&self, key: &str, person: &str, amount: &str) {
        if amount == "0.00" {
            return;
        }
        let fields = json!({ "person": person, "sub_account": "current_year", "amount": amount, "period": "2026-05", "source": "bank", "reason": "划入" });
        self.book(key, "credit_account", &fields);
    }

    /// The institution that acts.
    pub fn actor(place: usize) -> Actor {
        Actor { role: Role::Institution, name: PLACES[place].0.to_owned(), areas: Vec::new() }
    }
}

impl Drop for Side {
    fn drop(&mut self) {
        drop(self.office.take());
        if std::thread::panicking() {
            return;
        }
        let mut differences = Vec::new();
        self.home
            .read(&mut |view| {
                differences = audit(view, &mut |_, _| {})?.differences;
                Ok(())
            })
            .expect("an audit");
        assert!(differences.is_empty(), "{differences:?}");
    }
}
