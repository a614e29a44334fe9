//! An office over a real store, with the invented areas.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use gongji_agency::Stop;
use gongji_agency::actor::{Actor, Role};
use gongji_agency::audit::audit;
use gongji_agency::certificate::check_character;
use gongji_agency::command::Command;
use gongji_agency::context::Context;
use gongji_agency::desk::Desk;
use gongji_agency::office::{Answer, Failure, Office, Rules};
use gongji_agency::port::{FixedClock, Store};
use gongji_agency::refusal::Refusal;
use gongji_packs::PackTexts;
use gongji_policy::{Pack, read_packs};
use gongji_store::testing::{Ground, TemporarySqlite, temporary_sqlite};
use serde_json::{Value, json};

/// Two invented areas whose accounts pay, and one for transfers.
pub const HERE: &str = "990301";
pub const THERE: &str = "990303";

/// Noon of 2026-06-15 in Beijing.
pub const NOW: i64 = 1_781_496_000_000;

/// Packs, and the texts that they were read from by name.
type Texts = (&'static [Pack], Vec<(String, String)>);

fn rules() -> Rules {
    static PACKS: OnceLock<Texts> = OnceLock::new();
    let (packs, files) = PACKS.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/agency");
        let texts = PackTexts::from_folder(&root).expect("fixtures");
        let (packs, _) = read_packs(&texts.rules);
        let files = texts.rules.into_iter().map(|text| (text.name, text.text)).collect();
        (&*Vec::leak(packs), files)
    });
    Rules::new(packs, files.clone())
}

/// An office with its store; audited when it closes.
pub struct Desktop {
    office: Option<Office>,
    store: Arc<dyn gongji_store::Home>,
    _ground: TemporarySqlite,
}

pub fn open() -> Desktop {
    let ground = temporary_sqlite().expect("a folder");
    let store = ground.open().expect("a store");
    let as_store: Arc<dyn Store> = store.clone();
    let office = Office::open(as_store, Arc::new(rules()), Arc::new(FixedClock::at(NOW))).expect("an office");
    Desktop { office: Some(office), store, _ground: ground }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        drop(self.office.take());
        if std::thread::panicking() {
            return;
        }
        let mut differences = Vec::new();
        self.store
            .read(&mut |view| {
                differences = audit(view, &mut |_, _| {})?.differences;
                Ok(())
            })
            .expect("an audit");
        assert!(differences.is_empty(), "{differences:?}");
    }
}

pub fn operator() -> Actor {
    Actor::operator("测试")
}

pub fn staff(role: Role, areas: &[&str]) -> Actor {
    let areas = areas.iter().map(|area| (*area).to_owned()).collect();
    Actor { role, name: "张三".to_owned(), areas }
}

pub fn resident(person: &str) -> Actor {
    Actor { role: Role::Resident, name: person.to_owned(), areas: Vec::new() }
}

pub fn hospital(id: &str) -> Actor {
    Actor { role: Role::Institution, name: id.to_owned(), areas: Vec::new() }
}

impl Desktop {
    pub fn office(&self) -> &Office {
        self.office.as_ref().expect("open until it is dropped")
    }

    /// How many records there are.
    pub fn records(&self) -> u64 {
        let mut seq = 0;
        self.store
            .read(&mut |view| {
                seq = view.head()?.seq;
                Ok(())
            })
            .expect("a view");
        seq
    }

    fn asked(&self, actor: &Actor, kind: &str, fields: &Value) -> Result<Answer, Failure> {
        let command = match Command::read(kind, &fields.to_string()) {
            Ok(command) => command,
            Err(refusal) => return Err(Failure::Refused(refusal)),
        };
        static KEYS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let key = format!("K{}", KEYS.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        self.office().book(actor, &key, command)
    }

    /// Books a command as an actor; what was decided, or the settlement's number.
    pub fn by(&self, actor: &Actor, kind: &str, fields: Value) -> Value {
        let answer =
            self.asked(actor, kind, &fields).unwrap_or_else(|failure| panic!("{kind} {fields}: {failure}"));
        match answer.settlement {
            Some(made) => json!({ "id": made.id }),
            None => answer.result,
        }
    }

    /// Books a command.
    pub fn book(&self, kind: &str, fields: Value) -> Value {
        self.by(&operator(), kind, fields)
    }

    /// Asks for a command that must be refused, and checks that nothing was booked.
    pub fn refused_by(&self, actor: &Actor, kind: &str, fields: Value) -> Refusal {
        let before = self.records();
        let refusal = match self.asked(actor, kind, &fields) {
            Err(Failure::Refused(refusal)) => refusal,
            other => panic!("{kind} {fields}: {other:?}"),
        };
        assert_eq!(self.records(), before, "nothing is booked");
        refusal
    }

    /// The code of the refusal of a command.
    pub fn refused(&self, kind: &str, fields: Value) -> String {
        self.refused_by(&operator(), kind, fields).code.to_string()
    }

    /// Looks as an actor.
    pub fn look<T>(
        &self,
        actor: &Actor,
        see: impl FnMut(&mut Desk<'_>, &Context<'_>) -> Result<T, Stop>,
    ) -> Result<T, String> {
        match self.office().look(actor, see) {
            Ok(seen) => Ok(seen),
            Err(Failure::Refused(refusal)) => Err(refusal.code.to_string()),
            Err(other) => panic!("{other}"),
        }
    }

    /// Registers somebody and gives the number.
    pub fn person(&self, name: &str, order: u32) -> String {
        let certificate = json!({ "kind": "id_card", "number": id_card("19800229", order) });
        let answer = self.book(
            "register_person",
            json!({
                "area": HERE, "name": name, "certificate": certificate,
                "sex": if order % 2 == 1 { "male" } else { "female" }, "birth_date": "1980-02-29",
            }),
        );
        answer["person"].as_str().expect("a number").to_owned()
    }

    /// Somebody insured as an employee since 2024, with an account.
    pub fn employee(&self, name: &str, order: u32) -> String {
        let person = self.person(name, order);
        self.book("enrol", enrolment(&person));
        self.book("open_account", json!({ "person": person, "area": HERE }));
        person
    }

    /// A designated hospital.
    pub fn hospital(&self, id: &str, area: &str) {
        self.book(
            "register_institution",
            json!({
                "id": id, "name": format!("示例医院{id}"), "area": area, "from": "2020-01-01",
                "facts": { "level": "2", "facility_type": "hospital" },
            }),
        );
    }

    /// Credits an account with so many yuan.
    pub fn credit(&self, person: &str, sub_account: &str, amount: &str) {
        self.book(
            "credit_account",
            json!({
                "person": person, "sub_account": sub_account, "amount": amount, "period": "2026-05",
                "source": "bank", "reason": "单位缴费划入",
            }),
        );
    }

    /// An outpatient bill of so many yuan within the scope; the settlement.
    pub fn bill(&self, person: &str, institution: &str, date: &str, total: &str) -> Value {
        self.by(
            &hospital(institution),
            "settle_at_once",
            json!({
                "visit": {
                    "person": person, "institution": institution, "care_type": "outpatient", "date": date,
                },
                "charges": { "total": total },
            }),
        )
    }
}

/// Enrolment as an employee since 2024.
pub fn enrolment(person: &str) -> Value {
    json!({
        "person": person, "area": HERE, "scheme": "employee", "from": "2024-01-01",
        "facts": {
            "category": "employed", "account_option": "with_account", "assistance": [], "supplements": [],
            "years": { "total": 20, "local_paid": 12, "continuous": 8 },
        },
        "reason": "新参保",
    })
}

/// An invented id card with a right check character.
pub fn id_card(born: &str, order: u32) -> String {
    let head = format!("990301{born}{order:03}");
    format!("{head}{}", check_character(&head).expect("seventeen digits"))
}
