//! A platform with people and institutions, and what is checked of it.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use gongji_agency::actor::Actor;
use gongji_agency::catalogue::{SHIPPED, items_from_csv};
use gongji_agency::certificate::check_character;
use gongji_agency::command::Command;
use gongji_agency::office::{Office, Rules};
use gongji_agency::port::{Store, SystemClock};
use gongji_conformance::{Outcome, PathStyle, Plan, Report, Subjects, Target, conformance};
use gongji_nhsa::Platform;
use gongji_nhsa::gateway::path::{Place, place};
use gongji_packs::PackTexts;
use gongji_policy::read_packs;
use gongji_store::testing::{Ground, TemporarySqlite, temporary_sqlite};
use serde_json::{Value, json};

use crate::server::{Asked, Does, Server};

/// People by what they are there for: area, category.
const PEOPLE: [(&str, &str, &str, u32); 3] = [
    ("employee", "990301", "employed", 1),
    ("retiree", "990301", "retired", 3),
    ("away", "980302", "employed", 5),
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

fn id_card(order: u32) -> String {
    let digits = format!("99030119600229{order:03}");
    let check = check_character(&digits).expect("17 digits");
    format!("{digits}{check}")
}

/// A platform over books of its own.
pub struct World {
    pub platform: Platform,
    _ground: TemporarySqlite,
}

impl World {
    pub fn open() -> World {
        let ground = temporary_sqlite().expect("a folder");
        let store: Arc<dyn Store> = ground.open().expect("a store");
        let office = Office::open(store, rules(), Arc::new(SystemClock)).expect("an office");
        set_out(&office);
        World { platform: Platform::new(office), _ground: ground }
    }

    /// The answer that is right.
    pub fn answers(&self, asked: &Asked) -> Does {
        match place(&asked.path) {
            Some(place) => Does::Answers(200, self.platform.answer_at(place, None, &asked.body)),
            None if asked.path == "/" => Does::Answers(200, String::new()),
            None => Does::Answers(404, json!({ "code": 404, "message": "没有这个地址" }).to_string()),
        }
    }

    /// The answer to a body, wherever it was posted.
    pub fn answer(&self, body: &str) -> String {
        self.platform.answer_at(Place::Any, None, body)
    }
}

fn set_out(office: &Office) {
    let book = |key: &str, kind: &str, fields: Value| {
        let command = Command::read(kind, &fields.to_string()).expect("a command");
        office.book(&Actor::operator("测试"), key, command).expect("booked").result
    };
    let items = items_from_csv("000000", SHIPPED).expect("the catalogue");
    office.book(&Actor::operator("测试"), "items", Command::PutItems(items)).expect("booked");
    for (id, kind) in [("H99030100001", "hospital"), ("P99030100002", "pharmacy")] {
        let facts = json!({ "level": "2", "grade": "A", "facility_type": kind });
        let fields = json!({ "id": id, "name": format!("示例机构{id}"), "area": "990301", "from": "2020-01-01", "facts": facts });
        book(id, "register_institution", fields);
    }
    for (key, area, category, order) in PEOPLE {
        let certificate = json!({ "kind": "id_card", "number": id_card(order) });
        let told = book(
            &format!("{key}-person"),
            "register_person",
            json!({ "area": area, "name": "示例人", "certificate": certificate, "sex": "male", "birth_date": "1960-02-29" }),
        );
        let person = told["person"].as_str().expect("a number");
        let facts = json!({ "category": category, "account_option": "with_account", "assistance": [], "supplements": [],
            "years": { "total": 30, "local_paid": 12, "continuous": 8 } });
        book(
            &format!("{key}-enrol"),
            "enrol",
            json!({ "person": person, "area": area, "scheme": "employee", "from": "2024-01-01", "reason": "新参保", "facts": facts }),
        );
        book(&format!("{key}-open"), "open_account", json!({ "person": person, "area": area }));
        book(
            &format!("{key}-credit"),
            "credit_account",
            json!({ "person": person, "sub_account": "current_year", "amount": "1000.00", "period": "2026-05", "source": "bank", "reason": "划入" }),
        );
    }
}

/// What is checked with.
pub fn subjects() -> Subjects {
    let people: Vec<Value> = PEOPLE
        .iter()
        .map(|(key, _, _, order)| json!({ "key": key, "name": "示例人", "certificate": id_card(*order) }))
        .collect();
    let text = json!({
        "area": "990301",
        "people": people,
        "institutions": [
            { "key": "hospital", "id": "H99030100001", "name": "示例医院" },
            { "key": "pharmacy", "id": "P99030100002", "name": "示例药店" },
        ],
        "items": [
            { "code": "DEMO-D001", "class": "甲", "kind": "药品" },
            { "code": "DEMO-D005", "class": "乙", "kind": "药品" },
            { "code": "DEMO-D012", "class": "丙", "kind": "药品" },
        ],
    });
    Subjects::read(&text.to_string()).expect("subjects")
}

/// Plays everything against a server.
pub fn play(server: &Server, style: PathStyle, only: &[&str]) -> Report {
    let plan = Plan { only: only.iter().map(|name| (*name).to_owned()).collect(), without: Vec::new() };
    let mut target = Target::new(&server.base());
    target.style = style;
    target.timeout = Duration::from_millis(if cfg!(debug_assertions) { 2_000 } else { 500 });
    conformance(target, &subjects(), &plan, &mut |_| {}).expect("somebody answers")
}

/// The ids of checks with an outcome.
pub fn ids(report: &Report, outcome: Outcome) -> Vec<&'static str> {
    report.checks.iter().filter(|check| check.outcome == outcome).map(|check| check.id).collect()
}

/// A report as the tests keep it, without what differs from run to run.
pub fn shown(report: &Report) -> String {
    let lines = report.checks.iter().map(|check| {
        let mut line = format!("{:?} {} {}：{}", check.outcome, check.id, check.group, check.title);
        if !check.found.is_empty() {
            line.push_str(&format!(
                "\n    应为 {}\n    实为 {}（{}）",
                check.expected, check.found, check.number
            ));
        }
        line
    });
    lines.collect::<Vec<_>>().join("\n")
}
